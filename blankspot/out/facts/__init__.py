"""Plain answers: one page about a village, a partner, a kecamatan or a whole kabupaten, for a head of office before a meeting.

`village`, `partner` and `area` gather the facts as values and say them as a `sheet`; `plain`, `page` and `paper` write a sheet
as text, as HTML and as PDF. Sheets are for the office: they name who owes what by when, and are not made for publication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.out.facts.area import AreaFacts
from blankspot.out.facts.partner import PartnerFacts
from blankspot.out.facts.plain import write_plain
from blankspot.out.facts.village import Facts, Move, gather

if TYPE_CHECKING:
    from blankspot.words import Lang

__all__ = ["AreaFacts", "Facts", "Move", "PartnerFacts", "fact_sheet", "gather", "write_plain"]


def fact_sheet(facts: Facts, *, lang: Lang = "id") -> str:
    """Write the sheet of a village as plain text, at most a page."""
    return write_plain(facts.sheet(lang))

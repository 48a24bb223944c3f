"""The progress card composed: which public facts of a workspace stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot import __version__
from blankspot.out.cards import Card
from blankspot.words import LABELS, Text

if TYPE_CHECKING:
    from blankspot.run.job import Job


def card_of(job: Job) -> Card:
    """Return the card of the workspace's year and day.

    Partners are counted that handled at least one desa of the target list, under whom they count on that day.
    """
    with job.ledger() as ledger:
        progress = ledger.progress(year=job.year, as_of=job.as_of, by="partner")
        named = [group for group in progress.groups if group.key and group.numerator]
        roles = {ledger.partners.group(group.label.id, as_of=job.as_of).role for group in named}
    title = job.config.workspace.title or "Blankspot"
    return Card(
        title=title,
        numerator=progress.numerator,
        denominator=progress.denominator,
        year=progress.year,
        as_of=progress.as_of,
        definition=progress.rule.text,
        source=Text(
            f"Sumber: buku penanganan {title}, diolah dengan blankspot {__version__}",
            f"Source: handling ledger of {title}, made with blankspot {__version__}",
        ),
        partners=len(named),
        roles=tuple(Text(*(text.lower() for text in LABELS["role"][role])) for role in LABELS["role"] if role in roles),
    )

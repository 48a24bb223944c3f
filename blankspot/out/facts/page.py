"""A fact sheet as one self-contained HTML page that prints on one A4 page: no script, no request, nothing from the data as markup.

The sheet is cut as for the PDF (`paper.set_on_a4`), whose letters are at least as wide and lines as high as these.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from blankspot.out.facts.paper import INTERNAL, set_on_a4
from blankspot.out.facts.sheet import Listing, Pairs, Sheet
from blankspot.out.files import atomic
from blankspot.out.palette import SIGNAL_LOOK

if TYPE_CHECKING:
    from jinja2 import Template


def write_html(path: str | Path, sheet: Sheet) -> Path:
    """Write the sheet as one HTML file, whole or not at all."""
    document = html_text(sheet)
    with atomic(path) as temporary:
        temporary.write_text(document, encoding="utf-8")
    return Path(path)


def html_text(sheet: Sheet) -> str:
    """Return the sheet as an HTML document."""
    page, scale = set_on_a4(sheet)
    look = SIGNAL_LOOK.get(page.signal_class)
    return _template().render(sheet=page, look=look, scale=scale, internal=INTERNAL.of(page.lang), kind=_kind)


def _kind(part: Pairs | Listing) -> str:
    return "listing" if isinstance(part, Listing) else "pairs"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("blankspot.out", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("facts.html.j2")

"""A fact sheet as plain text: one page of at most 60 lines and 100 columns, for a terminal, a chat or a mail."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from blankspot.out.facts.sheet import Listing, Pairs, Sheet, fitted

if TYPE_CHECKING:
    from blankspot.words import Lang

LINES: Final = 60
COLUMNS: Final = 100
_LABEL: Final = 20
_INDENT: Final = "  "
_GAP: Final = 2


class _Lines:
    """Measures a sheet in lines."""

    room = float(LINES)

    def frame(self, sheet: Sheet) -> float:
        """Return the lines of all but rows and counts of rows."""
        bare = [part.cut(0) if isinstance(part, Listing) and part.rows else part for part in sheet.parts]
        counted = sum(isinstance(part, Listing) and part.left_out > 0 for part in bare)
        lines = sum(len(_part(part, sheet.lang)) for part in bare)
        return float(len(_head(sheet)) + lines + len(_foot(sheet)) - counted)

    def rows(self, part: Listing, lang: Lang) -> list[float]:
        """Return the lines of each row."""
        del lang
        return [float(len(_row(row, part))) for row in part.rows]

    def more(self) -> float:
        """Return the line that counts rows."""
        return 1.0


def write_plain(sheet: Sheet) -> str:
    """Return the sheet as text; lists are cut so that it keeps within its page."""
    page = fitted(sheet, _Lines())
    lines = [*_head(page), *(line for part in page.parts for line in _part(part, page.lang)), *_foot(page)]
    return "\n".join(line.rstrip() for line in lines[:LINES]).replace("\N{NO-BREAK SPACE}", " ")


def _head(sheet: Sheet) -> list[str]:
    lines = [*_wrapped(sheet.title), "=" * min(len(sheet.title), COLUMNS), *_wrapped(f"{sheet.place} · {sheet.kicker}")]
    lines += ["", *_wrapped(sheet.lead)]
    for figure in sheet.figures:
        lines += _pair(figure.name, figure.value + (f" ({figure.note})" if figure.note else ""))
    return lines


def _foot(sheet: Sheet) -> list[str]:
    return ["", *(line for text in sheet.foot for line in _wrapped(text))]


def _part(part: Pairs | Listing, lang: Lang) -> list[str]:
    lines = ["", *filter(None, [part.title])]
    if isinstance(part, Pairs):
        return lines + [line for name, value in part.rows for line in _pair(name, value)]
    if not part.rows and not part.left_out:
        return [*lines, *_wrapped(part.empty, _INDENT)]
    lines += _row(part.heads, part)
    for row in part.rows:
        lines += _row(row, part)
    return lines + ([_INDENT + part.more(lang)] if part.left_out else [])


def _pair(name: str, value: str) -> list[str]:
    if not name:
        return _wrapped(f"- {value}", "", "  ")
    wide = max(_LABEL, len(name) + 1)
    return textwrap.wrap(
        f"{name:<{wide}}{value or '–'}", COLUMNS, subsequent_indent=" " * _LABEL, drop_whitespace=True
    ) or [name]


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, COLUMNS, initial_indent=first, subsequent_indent=rest or first) or [""]


def _row(cells: tuple[str, ...], part: Listing) -> list[str]:
    room = COLUMNS - len(_INDENT) - _GAP * (len(cells) - 1)
    widths = [max(3, int(room * share)) for share in part.widths]
    wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, widths, strict=True)]
    lines = []
    for at in range(max(map(len, wrapped))):
        told = [
            (f"{lines_of[at] if at < len(lines_of) else '':>{width}}" if column in part.right else
             f"{lines_of[at] if at < len(lines_of) else '':<{width}}")
            for column, (lines_of, width) in enumerate(zip(wrapped, widths, strict=True))
        ]  # fmt: skip
        lines.append(_INDENT + (" " * _GAP).join(told))
    return lines

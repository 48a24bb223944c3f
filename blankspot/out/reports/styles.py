"""How cells of the report's workbook look, and the one way a value becomes a cell: text stays text, figures stay figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.palette import INKS, SIGNAL_LOOK

if TYPE_CHECKING:
    from blankspot.words import Lang

LINE_POINTS: Final = 15  # height of a line of a row
_CELL_MAX: Final = 32_767  # characters, the format's own limit
_ROW_POINTS_MAX: Final = 409
_DAY: Final[dict[Lang, str]] = {"id": "[$-421]d mmmm yyyy", "en": "[$-809]d mmmm yyyy"}
_MARKS: Final = {"overdue": SIGNAL_LOOK["none"].colour, "warning": SIGNAL_LOOK["weak"].colour}
_HEAD: Final[dict[str, Any]] = {
    "bold": True,
    "font_color": "#ffffff",
    "bg_color": INKS.deep,
    "text_wrap": True,
    "border": 1,
    "border_color": INKS.soft,
}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14, "font_color": INKS.deep},
    "chapter": {"bold": True, "font_size": 12, "font_color": INKS.deep},
    "soft": {"font_color": INKS.soft},
    "told": {"font_color": INKS.soft, "text_wrap": True, "indent": 1},
    "head": _HEAD | {"indent": 1},
    "head_figure": _HEAD | {"align": "right"},
    "link": {"font_color": INKS.accent, "underline": 1, "indent": 1},
    "text": {"num_format": "@", "text_wrap": True, "indent": 1},
    "code": {"num_format": "@", "indent": 1},
    "bold": {"bold": True, "num_format": "@", "text_wrap": True, "indent": 1},
    "none": {"align": "right"},
    "number": {"num_format": "#,##0"},
    "rupiah": {"num_format": "#,##0"},
    "percent": {"num_format": "0%"},
    "date": {"align": "left", "indent": 1},
}  # fmt: skip

_UNRULED: Final = ("title", "chapter", "soft", "head", "head_figure")
_RULE: Final = {"bottom": 1, "bottom_color": INKS.line}


class Styles:
    """The formats of one workbook, each made once.

    Args:
        book: The xlsxwriter workbook.
        lang: Language of the months.
        zone: Where the reader's clock is; a spreadsheet's moments carry no zone.
    """

    def __init__(self, book: Any, *, lang: Lang, zone: dt.tzinfo) -> None:
        self._book = book
        self._lang = lang
        self._zone = zone
        self._made: dict[tuple[str, int, str, bool], Any] = {}

    def get(self, name: str, *, decimals: int = 0, mark: str = "", last: bool = False) -> Any:
        """Return a format: its name, decimals of figures, the mark of a row at its first cell, and whether it is the total."""
        key = (name, decimals, mark, last)
        if key not in self._made:
            look = _LOOKS[name] | {"valign": "top"} | ({} if name in _UNRULED else _RULE)
            if name == "date":
                look["num_format"] = _DAY[self._lang]
            elif name in ("number", "rupiah", "percent") and decimals:
                look["num_format"] = look["num_format"].replace("0%", "0.%").replace("##0", "##0.")
                look["num_format"] = look["num_format"].replace(".", "." + "0" * decimals)
            if mark in _MARKS:
                look |= {"left": 5, "left_color": _MARKS[mark]}
            if last:
                look |= {"bold": True, "top": 1}
            self._made[key] = self._book.add_format(look)
        return self._made[key]

    def put(self, sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
        """Write a value: nothing, a figure, a day, or a text that is never read as anything else."""
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, dt.datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None) if value.tzinfo else value
            sheet.write_datetime(row, column, local, style)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, style)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, style)
        else:
            sheet.write_string(row, column, plain(str(value)), style)


def plain(text: str) -> str:
    """Return a text that a cell can hold: half a surrogate pair has no bytes, and a cell ends after 32,767 characters."""
    written = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    return written if len(written) <= _CELL_MAX else f"{written[: _CELL_MAX - 1]}…"


def lines_of(text: str, letters: int) -> int:
    """Return how many lines a text takes in a cell so many letters wide."""
    return sum(max(1, -(-len(line) // max(letters, 1))) for line in text.splitlines() or [""])


def row_points(lines: int) -> int:
    """Return the height of a row of so many lines, as far as the format goes."""
    return min(lines * LINE_POINTS, _ROW_POINTS_MAX)

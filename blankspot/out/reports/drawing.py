"""Drawing with text as SVG: escaped elements, and how much room a text takes.

No library draws our charts, because three kinds of bars and steps need none and a report must stay one file. What a chart
library would know is here: how wide a text will be. The page brings no font, so widths are estimated for the widest of the
usual sans-serif faces; a text that is placed by them never meets its neighbour, it only leaves a little more air.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from markupsafe import Markup

from blankspot.out.palette import INKS

if TYPE_CHECKING:
    from collections.abc import Iterable

_NARROW: Final = frozenset("iljtfrI.,;:'|!()[]- ")
_BROAD: Final = frozenset("mwMW@%—…")
_WIDTHS: Final = (0.38, 0.64, 0.76, 1.0)  # of a narrow, a usual, a capital and a broad letter, in the text's size
_BOLD: Final = 1.12
_BEYOND_LATIN: Final = 0x2E80  # from here on letters are as wide as they are high
LINE: Final = 1.25  # from one line of text to the next, in the text's size


class Box(NamedTuple):
    """A size in the chart's own units, which are CSS pixels at its natural width."""

    width: float
    height: float


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text will be at most, in the units of its size."""
    narrow, usual, capital, broad = _WIDTHS
    total = 0.0
    for letter in text:
        if letter in _NARROW:
            total += narrow
        elif letter in _BROAD or ord(letter) >= _BEYOND_LATIN:
            total += broad
        else:
            total += capital if letter.isupper() else usual
    return total * size * (_BOLD if bold else 1.0)


def wrap(text: str, size: float, width: float, *, lines: int) -> list[str]:
    """Break a text at its blanks so that each line fits; what does not fit into so many lines ends with an ellipsis."""
    broken: list[str] = []
    words = text.split()
    while words and len(broken) < lines:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size) <= width:
            taken += 1
        broken.append(" ".join(words[:taken]))
        words = words[taken:]
    if words:
        broken[-1] = f"{broken[-1]} {words[0]}…"
    return [_cut(line, size, width) for line in broken] or [""]


def _cut(text: str, size: float, width: float) -> str:
    if text_width(text, size) <= width:
        return text
    short = text.rstrip("…")
    while short and text_width(f"{short}…", size) > width:
        short = short[:-1]
    return f"{short.rstrip()}…"


def element(name: str, content: Markup | str = "", **attributes: object) -> Markup:
    """Return an element; attribute names take `_` for `-`, values and plain content are escaped, numbers are kept short."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _short(value))
        for key, value in attributes.items()
        if value is not None
    )
    if not content:
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{}{}>{}</{}>").format(name, written, content, name)


def _short(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def words(
    x: float, y: float, text: str, *, size: float, ink: str = INKS.text, anchor: str = "start", bold: bool = False
) -> Markup:
    """Return one line of text whose baseline starts, ends or is centred at (x, y), on a halo that keeps lines away from it."""
    return element(
        "text", text, x=float(x), y=float(y), font_size=float(size), fill=ink, text_anchor=None if anchor == "start" else anchor,
        font_weight="600" if bold else None, stroke="#fff", stroke_width="3", stroke_linejoin="round", paint_order="stroke",
    )  # fmt: skip


def picture(parts: Iterable[Markup], box: Box, *, name: str, title: str, told: str) -> Markup:
    """Return the whole picture with its title and what it tells, for readers who hear it.

    Args:
        parts: Its elements.
        box: Its size; it scales with the page.
        name: Unique in the page.
        title: Of the chart.
        told: The same in words and figures.
    """
    inside = element("title", title, id=f"{name}-title") + element("desc", told, id=f"{name}-desc")
    return element(
        "svg", inside + Markup("").join(parts), viewBox=f"0 0 {_short(box.width)} {_short(box.height)}", width=box.width,
        height=box.height, role="img", aria_labelledby=f"{name}-title {name}-desc", xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip

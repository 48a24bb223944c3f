"""Letters for pictures drawn with matplotlib: DejaVu Sans, measured once per word, with nothing in a text taken as markup.

The font comes with matplotlib, so the same text has the same width on every machine. Signs that it lacks become a box, and
marks that would turn the direction of reading are left out: both are data, and neither may warn, break or reorder a drawing.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import matplotlib.image as mpl_image
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from blankspot.errors import SourceError
from blankspot.words import Text

_MEASURED_AT: Final = 200  # points of the letters at which words are measured
_SAFE: Final = 1.01  # small letters are set a little wider than large ones
_EVEN_STEPS: Final = 16
_POINTS_PER_INCH: Final = 72
_FRACTIONS: Final = 64  # of a pixel, in which FreeType measures
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # categories of signs that are no letters


def known(text: object, *, bold: bool = False) -> str:
    """Return a text on one line as it can be drawn: a box for each sign that the font lacks, and no hidden marks."""
    letters = _letters(bold=bold)
    shown = "".join(" " if sign.isspace() else sign for sign in str(text))
    kept = (sign for sign in shown if unicodedata.category(sign) not in _HIDDEN)
    return " ".join("".join(sign if sign == " " or _has(letters, sign) else "▯" for sign in kept).split())


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text of `size`, in the unit of `size`, a little more than less: its words and the blanks between."""
    words = text.split(" ")
    blank = _measured("n n", bold=bold) - _measured("nn", bold=bold)
    wide = sum(_measured(word, bold=bold) for word in words) + (len(words) - 1) * blank
    return _SAFE * size / _MEASURED_AT * wide


def broken(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most `room` at its spaces; a word wider than that stands on a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def even(words: list[str], size: float, room: float, *, count: int = 0, bold: bool = False) -> list[str]:
    """Break words into `count` lines (as few as `room` allows, where none is given) whose longest is as short as can be."""
    text = " ".join(words)
    whole = width(text, size, bold=bold)
    count = count or len(broken(text, size, room, bold=bold))
    least = max(whole / count, *(width(word, size, bold=bold) for word in words))
    for step in range(_EVEN_STEPS):
        lines = broken(text, size, least + (whole - least) * (step / (_EVEN_STEPS - 1)) ** 2 + 1e-9, bold=bold)
        if len(lines) <= count:
            return lines
    return [text]


def cut(line: str, size: float, room: float, *, bold: bool = False, more: bool = False) -> str:
    """Shorten a line until it keeps within `room`, and say with an ellipsis that something is left out (always if `more`)."""
    if not more and width(line, size, bold=bold) <= room:
        return line
    while line and width(line + "…", size, bold=bold) > room:
        line = line[: min(len(line) - 1, int(len(line) * 0.97))]
    return line.rstrip() + "…"


@cache
def font(*, bold: bool = False) -> FontProperties:
    """Return the font by its file, whatever else is installed."""
    return FontProperties(fname=str(_file(bold=bold)))


def picture(path: str | Path) -> Any:
    """Return the pixels of a PNG or JPEG.

    Raises:
        SourceError: The file is no picture.
    """
    try:
        return mpl_image.imread(path)
    except (OSError, ValueError, SyntaxError) as error:
        raise SourceError(
            Text(f"{path} tidak terbaca sebagai gambar.", f"{path} cannot be read as a picture."),
            hint=Text("Beri logo sebagai PNG atau JPEG.", "Give the logo as PNG or JPEG."),
        ) from error


@lru_cache(maxsize=2**16)
def _measured(word: str, *, bold: bool) -> float:
    if not word:
        return 0.0
    letters = _letters(bold=bold)
    letters.set_size(_MEASURED_AT, _POINTS_PER_INCH)
    letters.set_text(word, 0.0)
    return float(letters.get_width_height()[0]) / _FRACTIONS


@cache
def _letters(*, bold: bool) -> Any:
    return FT2Font(str(_file(bold=bold)))  # of our own: the drawing sets the size of the shared one


def _has(letters: Any, sign: str) -> bool:
    return bool(letters.get_char_index(ord(sign)))


def _file(*, bold: bool) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")

"""The colours and patterns of the signal classes and the outlines of the handling stages.

People know red, yellow and green; colour-blind readers and grey printers need more, so every class has a pattern too, and
the handling stage lives in the outline and never in the fill.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Pattern = Literal["hatch", "dots", "plain", "crosses"]


class Look(NamedTuple):
    """Fill colour and pattern of a class."""

    colour: str
    pattern: Pattern


SIGNAL_LOOK: Final[dict[str, Look]] = {
    "none": Look("#b3261e", "hatch"),
    "weak": Look("#f2b134", "dots"),
    "served": Look("#2a8f85", "plain"),
    "unknown": Look("#bdbdbd", "crosses"),
}


class Inks(NamedTuple):
    """The inks of a document: text, quieter text, rules, headings, the figure that matters, and its light companion.

    Every text ink keeps the contrast of WCAG AA on white; accent and tint stay apart in a grey print.
    """

    text: str
    soft: str
    line: str
    deep: str
    accent: str
    tint: str


INKS: Final = Inks(text="#1d2730", soft="#56636f", line="#d5dde2", deep="#1f3a4d", accent="#0f5c6e", tint="#cddadf")

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


# How far a fill is mixed with white: what is measured is strongest.
CONFIDENCE_TINT: Final[dict[str, float]] = {
    "measured": 0.0,
    "fused": 0.22,
    "modelled": 0.42,
    "reported": 0.56,
    "indicative": 0.68,
}
Outline = Literal["queued", "underway", "done", "stopped"]
OUTLINE_OF: Final[dict[str, Outline]] = {
    **dict.fromkeys(("identified", "proposed", "verified", "approved", "reopened"), "queued"),
    **dict.fromkeys(("assigned", "construction", "on_air"), "underway"),
    **dict.fromkeys(("handled", "verified_after"), "done"),
    **dict.fromkeys(("rejected", "deferred"), "stopped"),
}


def tinted(colour: str, share: float) -> str:
    """Mix a colour with white: 0 leaves it, 1 is white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)


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

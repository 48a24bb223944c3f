"""Legends of rasters, and rasters as pictures with a palette.

Every colour of a palette is used for one step of values alone (neighbouring steps of one class differ by what no eye sees),
so that the page finds the value under a finger in the picture itself.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.words import Text

COLOURS_MAX: Final = 255
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, kw_only=True)
class Classes:
    """A legend of classes: a value on an edge belongs to the class above it.

    Attributes:
        edges: Where one class ends and the next begins, ascending.
        colours: "#rrggbb" per class, from the lowest up, one more than edges; None is not drawn.
        labels: What each class is called.
        detail: Into how many equal steps a class is divided for the value under the pointer; 1 tells the class alone.
    """

    edges: tuple[float, ...]
    colours: tuple[str | None, ...]
    labels: tuple[Text, ...]
    detail: int = 1


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """A continuous legend from the lowest to the highest value; what lies beyond takes the colour of the end.

    Attributes:
        colours: "#rrggbb", at least two, from low to high, evenly spaced.
        low: Value of the first colour; the lowest of the data if not given.
        high: Value of the last colour; the highest of the data if not given.
        steps: How many colours and values the picture tells apart.
    """

    colours: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    steps: int = 64


class Levels(NamedTuple):
    """Steps of values: where each begins but the first, and colour, value and class of each."""

    edges: NDArray[np.float64]
    colours: list[str | None]
    values: list[float | None]
    classes: list[int]


def fits(legend: Classes | Ramp) -> bool:
    """Tell whether a legend is whole: rising edges, a colour and a name per class, no more steps than a palette holds."""
    colours = [colour for colour in legend.colours if colour is not None]
    if not all(_COLOUR.fullmatch(colour) for colour in colours):
        return False
    if isinstance(legend, Ramp):
        return len(colours) > 1 and None not in legend.colours and 2 <= legend.steps <= COLOURS_MAX  # noqa: PLR2004
    count = len(legend.colours)
    rising = all(low < high for low, high in pairwise(legend.edges))
    whole = count == len(legend.edges) + 1 == len(legend.labels)
    return rising and whole and legend.detail >= 1 and count * legend.detail <= COLOURS_MAX


def levels_of(legend: Classes | Ramp, values: NDArray[np.floating]) -> Levels:
    """Return the steps into which a legend divides values; `np.searchsorted(edges, value, side="right")` finds the step."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    if isinstance(legend, Ramp):
        first = low if legend.low is None else legend.low
        last = high if legend.high is None else legend.high
        last = last if last > first else first + 1.0
        steps = np.linspace(first, last, legend.steps + 1)
        middle = (steps[:-1] + steps[1:]) / 2
        colours: list[str | None] = list(_blend(legend.colours, legend.steps))
        return Levels(steps[1:-1], _distinct(colours), middle.tolist(), [0] * legend.steps)
    edges: list[float] = []
    middles: list[float | None] = []
    ends = [min(low, *legend.edges[:1]), *legend.edges, max(high, *legend.edges[-1:])]
    for at, (bottom, top) in enumerate(pairwise(ends)):
        cuts = np.linspace(bottom, top, legend.detail + 1)
        edges += cuts[int(at == 0) : -1].tolist()
        middles += ((cuts[:-1] + cuts[1:]) / 2).tolist() if legend.detail > 1 else [None]
    colours = [colour for colour in legend.colours for _ in range(legend.detail)]
    classes = [at for at in range(len(legend.colours)) for _ in range(legend.detail)]
    return Levels(np.array(edges), _distinct(colours), middles, classes)


def _blend(colours: tuple[str, ...], steps: int) -> list[str]:
    corners = np.array([_channels(colour) for colour in colours], dtype=float)
    along = np.linspace(0, len(colours) - 1, steps)
    mixed = np.column_stack([np.interp(along, np.arange(len(colours)), corners[:, channel]) for channel in range(3)])
    return [_hex(np.rint(row).astype(np.int64)) for row in mixed]


def _distinct(colours: list[str | None]) -> list[str | None]:
    """Return colours of which no two are the same, each as near as possible to what it was."""
    near = sorted(
        ((r, g, b) for r in range(-7, 8) for g in range(-7, 8) for b in range(-7, 8)),
        key=lambda shift: sum(map(abs, shift)),
    )
    taken: set[str] = set()
    found: list[str | None] = []
    for colour in colours:
        if colour is None:
            found.append(None)
            continue
        start = np.array(_channels(colour))
        choices = (start + shift for shift in near)
        free = next(
            text
            for channels in choices
            if (channels >= 0).all() and (channels <= 255).all() and (text := _hex(channels)) not in taken  # noqa: PLR2004
        )
        taken.add(free)
        found.append(free)
    return found


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(channels: NDArray[Any]) -> str:
    return "#" + "".join(f"{int(channel):02x}" for channel in channels)


def palette_png(at: NDArray[np.uint8], colours: list[str | None]) -> bytes:
    """Return an image of palette places, 0 transparent, as PNG; levels without colour are transparent too."""
    from PIL import Image

    drawn = np.array([0] + [0 if colour is None else place + 1 for place, colour in enumerate(colours)], dtype=np.uint8)
    image = Image.fromarray(drawn[at], mode="P")
    image.putpalette([0, 0, 0] + [channel for colour in colours for channel in _channels(colour or "#000000")])
    written = io.BytesIO()
    image.save(written, format="PNG", optimize=True, transparency=0)
    return written.getvalue()


def full_png(rgba: NDArray[np.uint8]) -> bytes:
    """Return a picture as PNG with a palette of its own."""
    from PIL import Image

    written = io.BytesIO()
    reduced = Image.fromarray(rgba, mode="RGBA").quantize(COLOURS_MAX, method=Image.Quantize.FASTOCTREE)
    reduced.save(written, format="PNG", optimize=True)
    return written.getvalue()

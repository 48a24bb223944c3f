"""The grid and the graticule of a frame: where their lines meet the map's edge, and what is written there.

Round metres of the UTM grid, and round degrees and minutes of longitude and latitude, both at a spacing that leaves room for what
is written. Positions are millimetres from the map's lower left corner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from blankspot.out.sheets.projection import round_length
from blankspot.words import Text, number

if TYPE_CHECKING:
    from blankspot.out.sheets.window import Window
    from blankspot.words import Lang

Side = Literal["bottom", "top", "left", "right"]
_ROUND_MINUTES: Final = (0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800)
_APART_MM: Final = 46.0  # between graticule lines on A3, at least
_SAMPLES: Final = 160


class Tick(NamedTuple):
    """A line that meets the map's edge: on which side, how far along it, and what is written there."""

    side: Side
    at: float
    text: str


class Lines(NamedTuple):
    """Positions of grid lines on the map, and the ticks on its edge."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    ticks: tuple[Tick, ...]
    spacing_m: float


def metric_grid(window: Window, lang: Lang, *, apart_mm: float) -> Lines:
    """Return the grid of round metres, lines at least `apart_mm` apart."""
    step = round_length(apart_mm * window.metres_per_mm * 2)
    eastings, northings = (
        np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
        for low, high in ((window.west, window.east), (window.south, window.north))
    )
    x = tuple(float((value - window.west) / window.metres_per_mm) for value in eastings)
    y = tuple(float((value - window.south) / window.metres_per_mm) for value in northings)
    suffix = (Text("mT", "mE").of(lang), Text("mU", "mN").of(lang))
    ticks = [
        Tick(side, at, f"{number(value, lang=lang)} {suffix[0]}")
        for side in ("bottom", "top")
        for at, value in zip(x, eastings, strict=True)
    ]
    ticks += [
        Tick(side, at, f"{number(value, lang=lang)} {suffix[1]}")
        for side in ("left", "right")
        for at, value in zip(y, northings, strict=True)
    ]
    return Lines(x, y, tuple(ticks), step)


def graticule(window: Window, lang: Lang, *, scale: float) -> tuple[Tick, ...]:
    """Return where round meridians and parallels meet the map's edge."""
    ticks: list[Tick] = []
    step = _step(window, scale)
    for side in ("bottom", "top", "left", "right"):
        along = np.linspace(0, window.width if side in ("bottom", "top") else window.height, _SAMPLES)
        across = {"bottom": 0.0, "top": window.height, "left": 0.0, "right": window.width}[side]
        fixed = np.full_like(along, across)
        x, y = (along, fixed) if side in ("bottom", "top") else (fixed, along)
        lon, lat = window.to_degrees(x, y)
        values = lon if side in ("bottom", "top") else lat
        if not np.isfinite(values).all():
            continue
        for line in np.arange(np.ceil(values.min() * 60 / step), np.floor(values.max() * 60 / step) + 1) * step / 60:
            place = float(np.interp(line, values, along))
            ticks.append(Tick(side, place, degrees_text(float(line), side, lang)))
    return tuple(ticks)


def degrees_text(degrees: float, side: Side, lang: Lang) -> str:
    """Write a longitude or latitude: 107°30′ BT, 8°15′ LS."""
    if side in ("bottom", "top"):
        turned = (degrees + 180) % 360 - 180
        half = Text("BB" if turned < 0 else "BT", "W" if turned < 0 else "E").of(lang)
    else:
        turned = degrees
        half = Text("LS" if turned < 0 else "LU", "S" if turned < 0 else "N").of(lang)
    seconds = round(abs(turned) * 3600)
    text = f"{seconds // 3600}°{seconds % 3600 // 60:02d}′"
    if seconds % 60:
        text += f"{seconds % 60:02d}″"
    return f"{text} {half}" if seconds else text


def _step(window: Window, scale: float) -> float:
    """Return the spacing of the graticule in minutes."""
    middle_lon, middle_lat = window.to_degrees([0, window.width], [window.height / 2] * 2)
    span = abs(middle_lon[1] - middle_lon[0]) * 60 if np.isfinite(middle_lon).all() else 60.0
    del middle_lat
    wanted = span * _APART_MM * scale / window.width
    return next((step for step in _ROUND_MINUTES if step >= wanted), _ROUND_MINUTES[-1])

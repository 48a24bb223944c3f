"""The layers of ground that a workspace has itself: the relief of its terrain, and where its people live."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.out.maps.legends import Classes, Ramp
from blankspot.out.maps.rasters import PIXELS_MAX, Overlay
from blankspot.relief import hillshade, per_km2, summed_to
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.grid import Grid

PEOPLE_PIXEL_M: Final = 100.0  # people are never told for smaller places: a pixel must not be somebody's house
_SHADE: Final = ("#59636b", "#b9c1c4", "#ffffff")
_SHADE_STEPS: Final = 24  # more are not seen under villages, and cost bytes
_SLOPE_LOOKS: Final = 1.5  # heights count half as much again: pixels of 100 m flatten what 30 m would show
_PEOPLE_EDGES: Final = (1.0, 25.0, 100.0, 250.0, 500.0, 1000.0, 2500.0, 5000.0)  # per km²: judgement, hamlet to town
_PEOPLE_COLOURS: Final = (
    None, "#f3ecf7", "#e3d5ee", "#cdb6e0", "#b493cf", "#9a6fbc", "#7f4ea6", "#63338a", "#45206a",
)  # fmt: skip
_PEOPLE_DETAIL: Final = 9


def hillshade_overlay(heights: Grid, *, attribution: str = "", licence: str = "") -> Overlay:
    """Return the relief as an offline ground beneath the villages.

    Args:
        heights: Metres, upright; made coarser first where it has more pixels than a picture may have.
        attribution: Who made the heights.
        licence: Under which licence.

    Raises:
        UsageError: As `relief.hillshade`.
    """
    shade = hillshade(_thinned(heights), exaggeration=_SLOPE_LOOKS)
    lit = shade.values[np.isfinite(shade.values)]
    flat = math.sin(math.radians(45))
    low = min(float(np.quantile(lit, 0.01)), flat - 0.1) if lit.size else 0.0
    return Overlay(
        key="hillshade",
        title=Text("Relief (bayangan lereng)", "Relief (hillshade)"),
        raster=shade,
        legend=Ramp(colours=_SHADE, low=low, high=flat + 0.05, steps=_SHADE_STEPS),
        kind="terrain",
        base=True,
        opacity=1.0,
        tells_value=False,
        note=Text(
            "Disinari dari barat laut, tinggi 45°; hanya latar, bukan ukuran.",
            "Lit from the north-west, 45° high; a background, not a measurement.",
        ),
        attribution=attribution,
        licence=licence,
    )


def population_overlay(people: Grid, *, attribution: str = "", licence: str = "") -> Overlay:
    """Return people per km² in pixels of at least 100 m.

    Args:
        people: People per pixel; NaN is no data.
        attribution: Who made the raster.
        licence: Under which licence.
    """
    ends = _PEOPLE_EDGES
    labels = [
        Text(f"kurang dari {ends[0]:g}", f"less than {ends[0]:g}"),
        *(
            Text(f"{_thousands(low, '.')}–{_thousands(high, '.')}", f"{_thousands(low, ',')}–{_thousands(high, ',')}")
            for low, high in pairwise(ends)
        ),
        Text(f"{_thousands(ends[-1], '.')} atau lebih", f"{_thousands(ends[-1], ',')} or more"),
    ]
    return Overlay(
        key="population",
        title=Text("Kepadatan penduduk", "Population density"),
        raster=per_km2(summed_to(people, PEOPLE_PIXEL_M)),
        legend=Classes(edges=ends, colours=_PEOPLE_COLOURS, labels=tuple(labels), detail=_PEOPLE_DETAIL),
        kind="population",
        unit=Text("jiwa/km²", "people/km²"),
        note=Text(
            "Perkiraan per piksel 100 m atau lebih, bukan letak rumah.",
            "Estimated per pixel of 100 m or more, not where homes are.",
        ),
        attribution=attribution,
        licence=licence,
    )


def _thousands(value: float, sign: str) -> str:
    return f"{value:,.0f}".replace(",", sign)


def _thinned(heights: Grid) -> Grid:
    """Return heights averaged over whole blocks so that about as many pixels are left as a picture may have."""
    rows, columns = heights.shape
    block = math.ceil(math.sqrt(rows * columns / PIXELS_MAX) - 0.25)
    if block < 2:  # noqa: PLR2004 - a block of one pixel is that pixel
        return heights
    cut = heights.values[: rows - rows % block, : columns - columns % block]
    blocks = cut.reshape(cut.shape[0] // block, block, -1, block)
    filled = np.isfinite(blocks)
    sums = np.where(filled, blocks, 0).sum(axis=(1, 3), dtype=np.float64)
    counts = filled.sum(axis=(1, 3))
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return replace(heights, values=means, transform=heights.transform @ type(heights.transform).scale(block))

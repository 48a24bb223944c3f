"""Layers that lie over or under the villages: rasters of any kind as small pictures, and plans as points and areas.

This is the contract of whatever computes such a layer (signal per operator and technology in dBm, people per km²,
hillshade, sites of a plan): it hands over an `Overlay` or a `Plan`, and the map draws it, switches it, explains it in its
legend, keeps it in links and print, and can put it on one side of the divider.

A raster travels as a PNG with a palette of at most 255 colours (`legends`), pixels without data transparent, in Web Mercator
as the map is drawn (`mercator`), so that the browser only has to stretch it. How large a picture may become is limited
twice, in pixels and in bytes; it is made coarser until it fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from blankspot.errors import UsageError
from blankspot.geo import assert_wgs84
from blankspot.out.maps import shapes
from blankspot.out.maps.legends import COLOURS_MAX, Classes, Levels, Ramp, fits, full_png, levels_of, palette_png
from blankspot.out.maps.mercator import Picture, to_mercator
from blankspot.out.maps.payload import clean, text_column
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from blankspot.grid import Grid

PIXELS_MAX: Final = 500_000  # of one picture: a kabupaten 60 km across at 85 m
BYTES_MAX: Final = 150_000  # of one picture
PAGE_BYTES_MAX: Final = 1_100_000  # of all pictures of a page: 1.5 MB as the base64 that a page carries
_COARSER: Final = 0.7  # of the pixels, each time a picture is too large
_PIXELS_MIN: Final = 4_000  # nobody reads a coarser picture; from here on it is as large as it is
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLAN_ROWS_MAX: Final = 5_000
_NO_TEXT: Final = Text("", "")

Kind = Literal["measured", "fused", "modelled", "reported", "population", "terrain", "plan", "other"]
KINDS: Final = ("measured", "fused", "modelled", "reported", "population", "terrain", "plan", "other")


@dataclass(frozen=True, kw_only=True, eq=False)
class Overlay:
    """A raster over or under the villages.

    Attributes:
        key: Identifier in links: small letters, digits and underscores.
        title: What the layer is called.
        raster: Values with their place in any coordinate system (NaN is no data), or a picture.
        legend: Classes or a ramp; none for a picture.
        kind: What it is. Measured, fused, modelled and reported values are said to be so in the legend.
        unit: Unit of the values, "dBm" or "jiwa/km²".
        decimals: Of a value under the pointer.
        group: Layers of one group stand together under this heading.
        base: Whether it is ground that lies beneath the villages and is shaded by them (hillshade); else it takes the
            place of their fill.
        shown: Whether it is on when the page opens.
        opacity: 0 to 1, where the reader's slider begins.
        tells_value: Whether the value under the pointer is told.
        note: One sentence on how the values came about.
        attribution: Who made it.
        licence: Under which licence.
    """

    key: str
    title: Text
    raster: Grid | Picture
    legend: Classes | Ramp | None = None
    kind: Kind = "other"
    unit: Text = _NO_TEXT
    decimals: int = 0
    group: Text = _NO_TEXT
    base: bool = False
    shown: bool = False
    opacity: float = 0.9
    tells_value: bool = True
    note: Text = _NO_TEXT
    attribution: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Points and areas that do not exist yet: sites of a plan, areas they would serve. Drawn dashed, said to be planned.

    Attributes:
        key: As in `Overlay`.
        title: As in `Overlay`.
        frame: Points, lines or polygons in EPSG:4326, in the order in which they are drawn.
        name: Column with the name of each.
        columns: Further columns that a card shows, and what they are called. No other column reaches the page.
        shown: Whether it is on when the page opens.
        note: As in `Overlay`.
    """

    key: str
    title: Text
    frame: gpd.GeoDataFrame
    name: str
    columns: Mapping[str, Text]
    shown: bool = False
    note: Text = _NO_TEXT


def encode_layers(layers: Sequence[Overlay | Plan]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return layers as columns of the page's header and binary parts.

    Raises:
        UsageError: A layer cannot be drawn; the message says which and why.
    """
    keys = [layer.key for layer in layers]
    for layer in layers:
        if not _KEY.fullmatch(layer.key) or keys.count(layer.key) > 1:
            raise _wrong(
                layer,
                Text("kuncinya bukan pengenal yang unik", "its key is no unique identifier"),
                Text("Pakai huruf kecil, angka, dan garis bawah.", "Use small letters, digits and underscores."),
            )
    rasters = [layer for layer in layers if isinstance(layer, Overlay)]
    allowed = min(BYTES_MAX, PAGE_BYTES_MAX // max(len(rasters), 1))
    header: dict[str, Any] = {}
    parts: dict[str, bytes] = {}
    if rasters:
        header["overlays"] = []
        for layer in rasters:
            columns, png = _encode(layer, allowed)
            header["overlays"].append(columns)
            parts[f"overlay.{layer.key}"] = png
    plans = [_plan(layer) for layer in layers if isinstance(layer, Plan)]
    return header | ({"plans": plans} if plans else {}), parts


def _encode(layer: Overlay, bytes_max: int) -> tuple[dict[str, Any], bytes]:
    """Return an overlay as header columns and its PNG, made coarser until it fits."""
    _check(layer)
    values = None if isinstance(layer.raster, Picture) else layer.raster.values
    levels = None if values is None or layer.legend is None else levels_of(layer.legend, values)
    pixels = PIXELS_MAX
    while True:
        try:
            drawn = to_mercator(layer.raster, pixels_max=pixels)
        except UsageError as error:
            raise _wrong(layer, error.what, error.hint) from error
        if levels is None:
            png = full_png(drawn.values)
        else:
            at = np.searchsorted(levels.edges, drawn.values, side="right").astype(np.uint8) + 1
            at[np.isnan(drawn.values)] = 0
            png = palette_png(at, levels.colours)
        pixels = int(drawn.values.shape[0] * drawn.values.shape[1] * _COARSER)
        if len(png) <= bytes_max or pixels < _PIXELS_MIN:
            break
    columns: dict[str, Any] = {
        "key": layer.key,
        "kind": layer.kind,
        "title": _both(layer.title),
        "unit": _both(layer.unit),
        "group": _both(layer.group),
        "note": _both(layer.note),
        "decimals": layer.decimals,
        "base": layer.base,
        "shown": layer.shown,
        "opacity": round(min(max(layer.opacity, 0.0), 1.0), 2),
        "bounds": drawn.bounds,
        "size": [drawn.values.shape[1], drawn.values.shape[0]],
        "attribution": clean(layer.attribution),
        "licence": clean(layer.licence),
        "legend": None if levels is None or layer.legend is None else _legend(layer, layer.legend, levels),
    }
    if levels is not None and layer.tells_value:
        columns["levels"] = {"colours": levels.colours, "values": levels.values, "classes": levels.classes}
    return columns, png


def _check(layer: Overlay) -> None:
    if layer.kind not in KINDS:
        raise _wrong(
            layer,
            Text(f"jenisnya {layer.kind!r} tidak dikenal", f"its kind {layer.kind!r} is not known"),
            Text(f"Pilih: {', '.join(KINDS)}.", f"Choose: {', '.join(KINDS)}."),
        )
    if isinstance(layer.raster, Picture):
        rgba = layer.raster.rgba
        if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8 or not rgba[..., 3].any():  # noqa: PLR2004
            raise _wrong(
                layer,
                Text("gambarnya kosong atau bukan RGBA 8 bit", "its picture is empty or no 8-bit RGBA"),
                Text("Beri larik (baris, kolom, 4) uint8.", "Give an array (rows, columns, 4) of uint8."),
            )
        return
    if layer.raster.values.ndim != 2 or not np.isfinite(layer.raster.values).any():  # noqa: PLR2004 - rows and columns
        raise _wrong(
            layer,
            Text("rasternya tidak memuat satu piksel pun yang berisi", "its raster holds no filled pixel"),
            Text("Lewati lapisan yang kosong.", "Leave out a layer that is empty."),
        )
    if layer.legend is None:
        raise _wrong(
            layer,
            Text("nilainya tidak punya legenda", "its values have no legend"),
            Text("Beri Classes atau Ramp.", "Give Classes or a Ramp."),
        )
    if not fits(layer.legend):
        raise _wrong(
            layer,
            Text(
                "legendanya tidak cocok: batas naik, satu warna #rrggbb dan satu nama per kelas, paling banyak "
                f"{COLOURS_MAX} langkah",
                "its legend does not fit: rising edges, one colour #rrggbb and one name per class, at most "
                f"{COLOURS_MAX} steps",
            ),
            Text(
                "Perbaiki edges, colours, labels, detail, atau steps.", "Mend edges, colours, labels, detail or steps."
            ),
        )


def _wrong(layer: Overlay | Plan, why: Text, hint: Text | None) -> UsageError:
    return UsageError(
        Text(
            f"Lapisan {layer.key!r} tidak dapat digambar: {why.id.rstrip('.')}.",
            f"The layer {layer.key!r} cannot be drawn: {why.en.rstrip('.')}.",
        ),
        hint=hint,
    )


def _legend(layer: Overlay, legend: Classes | Ramp, levels: Levels) -> dict[str, Any]:
    if isinstance(legend, Classes):
        shown = [at for at, colour in enumerate(legend.colours) if colour is not None]
        return {
            "classes": [{"at": at, "colour": legend.colours[at], "label": _both(legend.labels[at])} for at in shown],
            "labels": [_both(label) for label in legend.labels],
        }
    ends = [levels.values[0], levels.values[len(levels.values) // 2], levels.values[-1]]
    told = [
        {lang: number(value, layer.decimals, lang=lang) for lang in ("id", "en")} for value in ends if value is not None
    ]
    return {"ramp": list(legend.colours), "ends": told if layer.tells_value else []}


def _both(text: Text) -> dict[str, str]:
    return {"id": clean(text.id), "en": clean(text.en)}


def _plan(layer: Plan) -> dict[str, Any]:
    frame = layer.frame
    missing = [column for column in (layer.name, *layer.columns) if column not in frame]
    if missing or not hasattr(frame, "crs") or len(frame) > _PLAN_ROWS_MAX:
        raise _wrong(
            layer,
            Text(
                f"bukan GeoDataFrame, lebih dari {_PLAN_ROWS_MAX} baris, atau tanpa kolom {', '.join(missing) or '–'}",
                f"it is no GeoDataFrame, has more than {_PLAN_ROWS_MAX} rows, or lacks {', '.join(missing) or '–'}",
            ),
            None,
        )
    placed = frame[[shape is not None and not shape.is_empty for shape in frame.geometry]]
    if len(placed):
        assert_wgs84(placed)
    return {
        "key": layer.key,
        "title": _both(layer.title),
        "note": _both(layer.note),
        "shown": layer.shown,
        "name": text_column(placed[layer.name]),
        "columns": [
            {"title": _both(title), "cells": text_column(placed[name])} for name, title in layer.columns.items()
        ],
        "shapes": [_shape(shape) for shape in placed.geometry],
    }


def _shape(shape: Any) -> dict[str, Any]:
    """Return a geometry as GeoJSON with coordinates at the page's precision."""
    rounded = shapely.set_precision(shape, shapes.QUANTUM_DEG, mode="pointwise")
    return dict(shapely.geometry.mapping(rounded))

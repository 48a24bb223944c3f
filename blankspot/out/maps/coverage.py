"""Predicted coverage as layers of the map: what each operator reaches, and the best of all.

People ask "is there signal", and the lists ask for 4G; so 4G and newer are one layer per operator (the strongest of them),
with the best of all operators first, and older generations follow as the best of all operators, because calls still go there.
An operator that has nothing newer keeps its newest generation. 5G joins 4G only where both have the same thresholds.

Colours are those of the classes of villages, mixed with white as every prediction is; within what serves, very strong is
deeper than strong. A picture needs no more pixels than it may have: coverage is read tile by tile and averaged over whole
blocks, so that a province never lies in memory. Beyond the villages nothing is drawn: who serves there from the other side of
the border is not in the list of services.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine

from blankspot.coverage import COARSE, METRIC_OF, Lattice, described
from blankspot.grid import Grid
from blankspot.locate import locate
from blankspot.out.maps.legends import Classes
from blankspot.out.maps.rasters import PIXELS_MAX, Overlay
from blankspot.out.palette import SIGNAL_LOOK, tinted
from blankspot.words import LABELS, Text, number

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.coverage import CoverageSource, Key
    from blankspot.settings import Settings, Thresholds

_TILE_PIXELS: Final = 512
_DETAIL: Final = (
    5  # steps per class for the value under the pointer: 2 to 3 dB where it matters, the model errs by more
)
_COLOURS: Final = (
    tinted(SIGNAL_LOOK["none"].colour, 0.62),
    tinted(SIGNAL_LOOK["weak"].colour, 0.42),
    tinted(SIGNAL_LOOK["served"].colour, 0.5),
    tinted(SIGNAL_LOOK["served"].colour, 0.12),
)
_NAMES: Final = (
    Text("Tidak ada sinyal", "No signal"),
    Text("Lemah", "Weak"),
    Text("Kuat", "Strong"),
    Text("Sangat kuat", "Very strong"),
)
_NEWEST_FIRST: Final = ("5G", "4G", "3G", "2G")
_KEY_MAX: Final = 36  # letters, with room for a number behind
_EVERYONE: Final = Text("semua operator", "all operators")
_COARSE_NOTE: Final = Text(
    f"{COARSE.id.capitalize()}: bukit dan lembah tidak ikut dihitung.",
    f"{COARSE.en.capitalize()}: hills and valleys are not counted.",
)
_DOUBTED_NOTE: Final = Text(
    "Sering meleset di desa yang sudah diukur di wilayah ini; jangan dijadikan dasar tanpa pengukuran.",
    "Often wrong in the villages of this area that were measured; do not rest on it without readings.",
)
_DBM: Final = Text("dBm", "dBm")


def coverage_overlays(
    coverage: CoverageSource, villages: gpd.GeoDataFrame, settings: Settings, *, doubted: bool = False
) -> list[Overlay]:
    """Return the layers of a prediction within the villages; one in which nothing is predicted is left out.

    Args:
        coverage: What `predict` returned, or coverage in files; read in windows.
        villages: At least village_code and geometry, EPSG:4326.
        settings: Thresholds of the legend, and the height of the handset.
        doubted: Whether measured villages contradict it too often; its note then says so.
    """
    wanted = _wanted(coverage.keys(), settings)
    if not wanted or not len(villages) or not np.isfinite(villages.total_bounds).all():
        return []
    rasters = _read(coverage, villages, [keys for _, _, keys in wanted])
    overlays: list[Overlay] = []
    for (generation, operator, _), raster in zip(wanted, rasters, strict=True):
        if np.isfinite(raster.values).any():
            key = _key(generation, operator, {overlay.key for overlay in overlays})
            overlays.append(_overlay(coverage, key, generation, operator, raster, settings, doubted=doubted))
    return overlays


def _wanted(keys: tuple[Key, ...], settings: Settings) -> list[tuple[str, str, list[Key]]]:
    """Return generation, operator ("" for the best of all) and layers of every overlay, in the order of the list."""
    generations: dict[str, list[str]] = {}
    for technology in _NEWEST_FIRST:
        if any(key[1] == technology for key in keys):
            newer = next(reversed(generations), "")
            joined = technology == "4G" and newer == "5G" and _edges("4G", settings) == _edges("5G", settings)
            generations.setdefault(newer if joined else technology, []).append(technology)
    wanted: list[tuple[str, str, list[Key]]] = []
    named: set[str] = set()
    for technologies in generations.values():
        those = [key for key in keys if key[1] in technologies]
        operators = list(dict.fromkeys(operator for operator, _ in those))
        own = [
            operator for operator in operators if "4G" in technologies or "5G" in technologies or operator not in named
        ]
        if len(operators) > 1:
            wanted.append((_told(technologies), "", those))
        wanted += [(_told(technologies), operator, [key for key in those if key[0] == operator]) for operator in own]
        named.update(own)
    return wanted


def _told(technologies: list[str]) -> str:
    return "/".join(reversed(technologies))


def _edges(technology: str, settings: Settings) -> Thresholds:
    edges: Thresholds = getattr(settings.signal, METRIC_OF[technology])
    return edges


def _read(coverage: CoverageSource, villages: gpd.GeoDataFrame, pictures: list[list[Key]]) -> list[Grid]:
    """Return the strongest of some layers each, averaged over whole blocks until a picture holds it."""
    west, south, east, north = map(float, villages.total_bounds)
    lattice = Lattice.of(coverage, west, north)
    top, left, rows, columns = lattice.around((west, south, east, north))
    block = max(1, math.ceil(math.sqrt(rows * columns / PIXELS_MAX) - 0.25))
    high, wide = math.ceil(rows / block), math.ceil(columns / block)
    means = np.full((len(pictures), high, wide), np.nan, dtype=np.float32)
    step = max(1, _TILE_PIXELS // block)
    for down in range(0, high, step):
        for across in range(0, wide, step):
            size = min(step, high - down), min(step, wide - across)
            window = top + down * block, left + across * block, size[0] * block, size[1] * block
            part = coverage.window(lattice.bounds(*window))
            levels = {key: _cut(layer.median_dbm, lattice, window) for key, layer in part.layers.items()}
            for at, keys in enumerate(pictures):
                strongest = np.fmax.reduce([levels[key] for key in keys])
                means[at, down : down + size[0], across : across + size[1]] = _mean(strongest, block)
    place = lattice.place(top, left) @ Affine.scale(block)
    rasters = [Grid(values, place, lattice.crs) for values in means]
    means[:, locate(*rasters[0].centres(), villages) < 0] = np.nan
    return rasters


def _cut(grid: Grid, lattice: Lattice, window: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """Return the values of a window, NaN where the grid has none."""
    row, column, rows, columns = window
    first_row, first_column = lattice.begin(grid)
    down, across = first_row - row, first_column - column
    cut = np.full((rows, columns), np.nan, dtype=np.float32)
    high, wide = grid.shape
    ours = np.s_[max(down, 0) : max(down + high, 0), max(across, 0) : max(across + wide, 0)]
    theirs = np.s_[max(-down, 0) : max(rows - down, 0), max(-across, 0) : max(columns - across, 0)]
    cut[ours] = grid.values[theirs]
    return cut


def _mean(levels: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    """Return the mean of what is filled in each block, NaN where nothing is."""
    rows, columns = levels.shape
    blocks = levels.reshape(rows // block, block, columns // block, block)
    filled = np.isfinite(blocks)
    count = filled.sum(axis=(1, 3))
    total = np.where(filled, blocks, 0).sum(axis=(1, 3), dtype=np.float64)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return np.asarray(mean, dtype=np.float32)


def _key(generation: str, operator: str, taken: set[str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", f"signal_{generation}_{operator or 'best'}".casefold()).strip("_")[:_KEY_MAX]
    return next(key for key in (slug, *(f"{slug}_{at}" for at in range(2, len(taken) + 3))) if key not in taken)


def _overlay(
    coverage: CoverageSource,
    key: str,
    generation: str,
    operator: str,
    raster: Grid,
    settings: Settings,
    *,
    doubted: bool,
) -> Overlay:
    who = LABELS["operator"].get(operator, Text(operator, operator)) if operator else _EVERYONE
    mark = Text(" (kasar)", " (coarse)") if coverage.coarse else Text("", "")
    return Overlay(
        key=key,
        title=Text(f"{generation}, {who.id}{mark.id}", f"{generation}, {who.en}{mark.en}"),
        raster=raster,
        legend=_legend(_edges(generation.partition("/")[0], settings)),
        kind="modelled",
        unit=_DBM,
        group=Text(f"Sinyal menurut prediksi{mark.id}", f"Predicted signal{mark.en}"),
        note=_note(coverage, settings, doubted=doubted),
        opacity=0.85,
    )


def _legend(edges: Thresholds) -> Classes:
    ends = (edges.weak_min_dbm, edges.strong_min_dbm, edges.very_strong_min_dbm)
    weak, strong, very_strong = (_level(end) for end in ends)
    spans = (
        Text(f"di bawah {weak.id}", f"below {weak.en}"),
        Text(f"{weak.id} sampai {strong.id}", f"{weak.en} to {strong.en}"),
        Text(f"{strong.id} sampai {very_strong.id}", f"{strong.en} to {very_strong.en}"),
        Text(f"{very_strong.id} ke atas", f"{very_strong.en} and above"),
    )
    labels = tuple(
        Text(f"{name.id}, {span.id}", f"{name.en}, {span.en}") for name, span in zip(_NAMES, spans, strict=True)
    )
    return Classes(edges=ends, colours=_COLOURS, labels=labels, detail=_DETAIL)


def _level(dbm: float) -> Text:
    decimals = 0 if float(dbm).is_integer() else 1
    return Text(*(number(dbm, decimals, lang=lang) for lang in ("id", "en")))


def _note(coverage: CoverageSource, settings: Settings, *, doubted: bool) -> Text:
    name = described(coverage.model, coarse=False)
    height = Text(*(number(settings.receiver.height_m, 1, lang=lang) for lang in ("id", "en")))
    told = Text(
        f"Perkiraan di luar ruangan setinggi {height.id} m menurut daftar layanan saat ini ({name.id}), belum diukur; di satu "
        "titik dapat meleset belasan dB. Tanpa warna: tidak diprediksi.",
        f"Estimated outdoors at {height.en} m from the list of services of today ({name.en}), not measured; at one point it "
        "may be off by more than ten dB. Without colour: not predicted.",
    )
    parts = [
        *([_COARSE_NOTE] if coverage.coarse else []),
        *([_DOUBTED_NOTE] if doubted else []),
        told,
    ]
    return Text(" ".join(part.id for part in parts), " ".join(part.en for part in parts))

"""What is wrong with a raster of heights, found before anything is predicted from it.

Rasters of heights lie in quiet ways: the mark of empty pixels is not declared, heights are feet, the sea is its bed, a tile is
missing. What can only be "no data" is treated so, a stated unit is converted, and everything is told with the file, the value
seen and what to do; nothing is converted on a guess.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from blankspot.errors import SourceError
from blankspot.sources.mosaic import overlap
from blankspot.sources.rasters import SENTINELS, Entry
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from blankspot.settings import TerrainRule
    from blankspot.sources.mosaic import Mosaic, Tile
    from blankspot.terrain import Window

CHUNK: Final = 1024
_SURVEY_MAX_PIXELS: Final = 400e6  # beyond, every n-th chunk is looked at
_MARKS: Final = (*SENTINELS, -32767.0, 32767.0, 9999.0, 99999.0, 65535.0)
_HIGHEST_M: Final = 9000.0  # above Mount Everest
_REPEATED_MIN: Final = 16
_MARK_PREVAILS: Final = 10  # times as often as any other impossible value
_SEABED_MIN_PCT: Final = 1.0
_OVERLAP_PIXELS: Final = 1  # SRTM's tiles share their edge rows


@dataclass(kw_only=True)
class Facts:
    """What was seen in one tile, in metres as the file states its unit.

    Attributes:
        pixels: How many were looked at.
        empty: Of these, declared empty or holding a mark.
        marks: Undeclared marks of emptiness, as stored, and how often.
        odd: Impossible heights that repeat, as stored, and how often.
        deep: Pixels deeper than any land.
        flat: Pixels of 0 m or less.
        low: Lowest height; infinite where there is none.
        high: Highest height.
    """

    pixels: int = 0
    empty: int = 0
    marks: Counter[float] = field(default_factory=Counter)
    odd: Counter[float] = field(default_factory=Counter)
    deep: int = 0
    flat: int = 0
    low: float = np.inf
    high: float = -np.inf

    def constant(self, share_min_pct: float) -> float | None:
        """Return an impossible value so frequent that it can only mean "no data"."""
        ranked = self.odd.most_common(2)
        if not ranked:
            return None
        rest = ranked[1][1] if len(ranked) > 1 else 0
        value, count = ranked[0]
        return value if 100 * count >= share_min_pct * self.pixels and count >= _MARK_PREVAILS * rest else None


def chunks(window: Window, side: int = CHUNK) -> Iterator[Window]:
    """Yield the parts of a window that lie on a lattice of squares counted from the grid's upper left."""
    top, left, rows, columns = window
    pixels = rows * columns
    step = 1 if pixels <= _SURVEY_MAX_PIXELS else int(np.ceil(np.sqrt(pixels / _SURVEY_MAX_PIXELS)))
    for row in range(top // side, -(-(top + rows) // side), step):
        for column in range(left // side, -(-(left + columns) // side), step):
            part = overlap(window, (row * side, column * side, side, side))
            if part is not None:
                yield part


def is_sampled(window: Window) -> bool:
    """Tell whether a window is so large that only every n-th part of it is looked at."""
    return window[2] * window[3] > _SURVEY_MAX_PIXELS


def survey(mosaic: Mosaic, window: Window, rule: TerrainRule) -> tuple[Mosaic, dict[str, Facts]]:
    """Look at what the tiles store in a window.

    Returns:
        The mosaic with every mark that stands for "no data" in it, and what was seen, by name of tile.
    """
    found: dict[str, Facts] = {}
    tiles = []
    for tile in mosaic.tiles:
        marked = replace(tile, marks=known_marks(tile))
        shared = overlap(tile.place, window)
        while shared is not None:
            facts = Facts()
            for part in chunks(shared):
                _look(facts, marked, *mosaic.cells(marked, part), rule)
            found[tile.name] = facts
            constant = facts.constant(rule.mark_share_min_pct)
            if constant is None:
                break
            marked = replace(marked, marks=(*marked.marks, constant))
        tiles.append(marked)
    return replace(mosaic, tiles=tuple(tiles)), found


def known_marks(tile: Tile) -> tuple[float, ...]:
    """Return the stored values that are known marks of emptiness and impossible as heights in the tile's own unit."""
    marks = {*_MARKS}
    dtype = np.dtype(tile.dtype)
    if dtype.kind in "iu" and dtype.itemsize > 1:
        marks |= {float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)} - {0.0}
    metres = {mark: (mark * tile.scale + tile.offset) * tile.unit_m for mark in marks}
    return tuple(sorted(mark for mark in marks if not -450 <= metres[mark] <= _HIGHEST_M))  # noqa: PLR2004 - the Dead Sea


def _look(facts: Facts, tile: Tile, cells: NDArray[Any], empty: NDArray[np.bool_], rule: TerrainRule) -> None:
    facts.pixels += cells.size
    for mark in tile.marks:
        hit = (cells == mark) & ~empty
        count = int(np.count_nonzero(hit))
        if count:
            facts.marks[mark] += count
            empty = empty | hit
    filled = cells[~empty]
    facts.empty += cells.size - filled.size
    if not filled.size:
        return
    metres = (filled * tile.scale + tile.offset) * tile.unit_m
    facts.low, facts.high = min(facts.low, float(metres.min())), max(facts.high, float(metres.max()))
    facts.flat += int(np.count_nonzero(metres <= 0))
    odd = (metres < rule.height_min_m) | (metres > rule.height_max_m)
    if not odd.any():
        return
    facts.deep += int(np.count_nonzero(metres < rule.height_min_m))
    values, counts = np.unique(filled[odd], return_counts=True)
    for value, count in zip(values, counts, strict=True):
        if count >= _REPEATED_MIN:
            facts.odd[float(value)] += int(count)


def refuse_empty(found: dict[str, Facts]) -> None:
    """Raise where no pixel that was looked at holds a height.

    Raises:
        SourceError: So it is; the marks seen are told.
    """
    if any(facts.empty < facts.pixels for facts in found.values()):
        return
    seen = (
        ", ".join(f"{mark:g}" for mark in sorted({mark for facts in found.values() for mark in facts.marks}))
        or "nodata"
    )
    names = listed(list(found))
    raise SourceError(
        Text(
            f"{names} tidak memuat satu ketinggian pun di wilayah ini; semua pikselnya kosong ({seen}).",
            f"{names} holds no height in this area; every pixel is empty ({seen}).",
        ),
        hint=Text(
            "Unduh ulang rasternya (blankspot fetch dem), atau periksa tanda kosongnya dengan gdalinfo.",
            "Download the raster again (blankspot fetch dem), or check its nodata with gdalinfo.",
        ),
    )


def has_seabed(found: dict[str, Facts]) -> bool:
    """Tell whether depths are among the heights, and not only a pit or two that a satellite saw wrongly."""
    return any(100 * facts.deep >= _SEABED_MIN_PCT * max(1, facts.pixels) for facts in found.values())


_NO_TAG: Final = Text(
    "Tanda piksel kosong tidak tercatat; {value} dianggap kosong. Tetapkan nodata dengan gdal_edit bila benar.",
    "No nodata is declared; {value} is taken as no data. Set it with gdal_edit if that is right.",
)
_UNIT: Final = Text(
    "Satuan ketinggian tercatat {value}; dijadikan meter.", "Heights are stated in {value}; they are made metres."
)
_STRANGE_UNIT: Final = Text(
    "Satuan ketinggian '{value}' tidak dikenal; dianggap meter. Catat satuannya (m atau ft) pada rasternya.",
    "The unit of heights '{value}' is not known; metres are assumed. State it (m or ft) in the raster.",
)
_PITS: Final = Text(
    "Ada lubang sedalam {value}, lebih rendah dari daratan mana pun; dipakai apa adanya. Periksa rasternya.",
    "There are pits down to {value}, lower than any land; they are used as they are. Check the raster.",
)
_DOUBTFUL: Final = Text(
    "Ketinggian sampai {value} melebihi puncak tertinggi Indonesia (4.884 m) dan dipakai apa adanya. Bila satuannya kaki, "
    "catat satuan itu pada rasternya (gdal_edit -units ft) atau jadikan meter.",
    "Heights of up to {value} exceed Indonesia's highest peak (4,884 m) and are used as they are. If they are feet, state that "
    "in the raster (gdal_edit -units ft) or make them metres.",
)
_BANDS: Final = Text(
    "Raster berisi {value} kanal; hanya kanal pertama yang dibaca sebagai ketinggian.",
    "The raster has {value} bands; only the first is read as heights.",
)
_OVERLAP: Final = Text(
    "Bertumpang dengan {value}; di sana nilai petak yang lebih dahulu disebut yang dipakai.",
    "Overlaps {value}; there the tile that was named first speaks.",
)
_SKIPPED: Final = Text(
    "Tidak sekisi dengan raster lain dan tidak menyentuh wilayah ini; dilewati.",
    "Of another grid than the other rasters and not in this area; passed over.",
)


def entries(mosaic: Mosaic, found: dict[str, Facts], rule: TerrainRule) -> list[Entry]:
    """Return what is to be said of the files as they are, before voids and sea."""
    said: list[Entry] = []
    for tile in mosaic.tiles:
        facts = found.get(tile.name)
        if facts is None:
            continue
        if facts.marks:
            value = ", ".join(f"{mark:g} ({count}×)" for mark, count in sorted(facts.marks.items()))
            said.append(Entry("repaired", "nodata_undeclared", _NO_TAG, value, tile.name))
        if tile.unit_m != 1.0:
            said.append(Entry("repaired", "unit_converted", _UNIT, tile.unit or f"{tile.unit_m:g} m", tile.name))
        if not tile.unit_known:
            said.append(Entry("noted", "unit_unknown", _STRANGE_UNIT, tile.unit, tile.name))
        if facts.high > rule.height_max_m:
            said.append(Entry("noted", "heights_doubtful", _DOUBTFUL, f"{facts.high:.0f} m", tile.name))
        if facts.deep and not has_seabed({tile.name: facts}):
            said.append(Entry("noted", "pits", _PITS, f"{facts.low:.0f} m ({facts.deep}×)", tile.name))
        if tile.bands > 1:
            said.append(Entry("noted", "several_bands", _BANDS, str(tile.bands), tile.name))
    said += [Entry("noted", "tiles_overlap", _OVERLAP, one, other) for one, other in _overlaps(mosaic.tiles)]
    said += [Entry("noted", "other_grid", _SKIPPED, "", name) for name in mosaic.skipped]
    return said


def _overlaps(tiles: Sequence[Tile]) -> list[tuple[str, str]]:
    """Return pairs of tiles that share more than their edges."""
    pairs = []
    for at, other in enumerate(tiles):
        for one in tiles[:at]:
            shared = overlap(one.place, other.place)
            if shared is not None and min(shared[2:]) > _OVERLAP_PIXELS:
                pairs.append((one.name, other.name))
                break
    return pairs


def listed(names: list[str]) -> str:
    """Return the first names of many, enough to recognise the files."""
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004 - as said

"""The index behind `locate`: a uniform grid over the rings of the villages, made once, asked for any number of points.

Each cell says one of three things: no village is here; one village is the answer for all of it; or "look": then its
record lists, village by village in the order of their codes, the runs of edges that touch the cell and on which side of
each ring the cell's lower left corner lies. A point in such a cell needs only the few edges between that corner and
itself. Villages behind one that covers the whole cell are not listed at all.

A record is a row of 32-bit words: per ring a header −1 − (4·row + 2·is_hole + corner_is_inside), then pairs first, last
edge; then `END`. An edge is named by the place of its first vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.locate.kernels import OUTSIDE, measure, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.locate.rings import Rings

_MARGIN: Final = 2.0**-20  # of a cell: far above the rounding of a cell's bounds, far below anything that costs time
_SIZE_OF_COORDINATE: Final = 2.0**-24  # cells no smaller than this part of the largest coordinate keep the margin exact
_CELLS_MAX: Final = 2**24  # 64 MB; the country gets cells of about 700 m
_CELLS_PER_EDGE: Final = 64
_VISITS_MAX: Final = 2**28  # cells visited while building, all rings together
_EDGE_LENGTHS: Final = 0.5  # a cell's side, in mean edge lengths
_GROWTH: Final = 1.05


@dataclass(frozen=True, eq=False)
class Index:
    """The finished grid; see the module's text for `cells` and `records`.

    Attributes:
        xy: Vertices, as in `Rings`.
        cells: Per cell, rows upwards from the south: a row of the villages, `OUTSIDE`, or −2 − place of its record.
        records: The words of all records.
        frame: West, south, cell size, 1 / cell size, margin; degrees.
        columns: Columns of the grid.
    """

    xy: NDArray[np.float64]
    cells: NDArray[np.int32]
    records: NDArray[np.int32]
    frame: NDArray[np.float64]
    columns: int

    @property
    def nbytes(self) -> int:
        """Size of all arrays in bytes."""
        return self.xy.nbytes + self.cells.nbytes + self.records.nbytes + self.frame.nbytes


def build(rings: Rings) -> Index:
    """Lay the grid over the rings and fill it."""
    if not len(rings.codes):
        nowhere = np.array([OUTSIDE], dtype=np.int32)
        return Index(xy=rings.xy, cells=nowhere, records=nowhere, frame=np.array([0.0, 0.0, 1.0, 1.0, 0.0]), columns=1)
    boxes = np.empty((len(rings.codes), 4))
    length = measure(rings.xy, rings.starts, boxes)
    frame, columns, rows = _grid(boxes, length, edges=len(rings.xy) - len(rings.codes))
    cells, records = sweep(rings.xy, rings.starts, rings.codes, rings.closes, boxes, frame, columns, rows)
    return Index(xy=rings.xy, cells=cells, records=records, frame=frame, columns=columns)


def _grid(boxes: NDArray[np.float64], length: float, *, edges: int) -> tuple[NDArray[np.float64], int, int]:
    """Choose the cells; return the frame, columns and rows.

    Cells follow the length of the edges, so that a cell on a border holds a few of them whatever the scale of the map; they
    are made larger where there would be too many, as with villages far apart.
    """
    south_west, north_east = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    spans = boxes[:, 2:] - boxes[:, :2]
    cells_max = min(_CELLS_MAX, _CELLS_PER_EDGE * edges)
    size = max(
        _EDGE_LENGTHS * length / edges,
        float(np.sqrt((north_east - south_west).prod() / cells_max)),
        _SIZE_OF_COORDINATE * float(np.abs(boxes).max()),
    )
    size = size or 1.0
    while True:
        columns, rows = (int(count) for count in (north_east - south_west) // size + 1)
        if columns * rows <= cells_max and (spans // size + 2).prod(axis=1).sum() <= _VISITS_MAX:
            break
        size *= _GROWTH
    return np.array([*south_west, size, 1.0 / size, _MARGIN * size]), columns, rows

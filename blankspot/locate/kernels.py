"""The compiled loops of `locate`: exact geometry, the sweep that fills the index, and the look-up of points.

All jitted functions stand in this one file, which makes it longer than most, because numba's disk cache notices a change
only in the file of the function it cached. Each entry is compiled lazily and for a single signature: two processes that
fill the cache at the same moment then write the same thing, and whichever wins is right. No function holds Python's
lock, so that threads share the work.

Geometry is decided exactly. An orientation is computed in doubles and trusted only outside its rounding error (the
filter of Shewchuk 1997, "Adaptive Precision Floating-Point Arithmetic", orient2d, stage A); inside it, the determinant is
expanded into sixteen doubles whose sum is exact. A line that meets a vertex is moved by an infinitesimal, never by a
number, so that no corner of the index can fall "on" an edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_Function = TypeVar("_Function", bound="Callable[..., Any]")

OUTSIDE: Final = -1  # in `cells`: no village here; below it: -2 minus the place of the cell's record
END: Final = -(2**31)  # closes a record

TINY: Final = 1e-250  # coordinates nearer to 0 are 0, so that no exact product underflows
HUGE: Final = 1e30  # a ring that goes beyond never matches, so that no exact product overflows
_SCALE: Final = 2.0**400
_SPLITTER: Final = 2.0**27 + 1.0
_FILTER: Final = (3.0 + 16.0 * 2.0**-53) * 2.0**-53
_UNDERFLOW: Final = 1e-290
_TERMS: Final = 16
_SHELVES: Final = 2**13
_BLOCK: Final = 256


def _compiled(function: _Function) -> _Function:
    """Compile on first use and keep the result on disk; without a folder to keep it in, compile once per process."""
    try:
        return cast("_Function", numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:  # numba found no writable cache folder
        return cast("_Function", numba.njit(nogil=True)(function))


def _inner(function: _Function) -> _Function:
    """Compile as a part of the functions that call it."""
    return cast("_Function", numba.njit(nogil=True)(function))


@_inner
def _two_sum(a: float, b: float) -> tuple[float, float]:
    total = a + b
    virtual = total - a
    return total, (a - (total - virtual)) + (b - virtual)


@_inner
def _two_product(a: float, b: float) -> tuple[float, float]:
    product = a * b
    wide_a, wide_b = _SPLITTER * a, _SPLITTER * b
    high_a = wide_a - (wide_a - a)
    high_b = wide_b - (wide_b - b)
    low_a, low_b = a - high_a, b - high_b
    return product, low_a * low_b - (((product - high_a * high_b) - low_a * high_b) - high_a * low_b)


@_inner
def _grow(expansion: NDArray[np.float64], count: int, term: float) -> None:
    """Add a double exactly to a non-overlapping expansion of `count` terms, which becomes one longer."""
    for i in range(count):
        term, expansion[i] = _two_sum(term, expansion[i])
    expansion[count] = term


@_inner
def _exact_turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    left, left_rest = _two_sum(ax * _SCALE, -px * _SCALE)
    up, up_rest = _two_sum(by * _SCALE, -py * _SCALE)
    low, low_rest = _two_sum(ay * _SCALE, -py * _SCALE)
    right, right_rest = _two_sum(bx * _SCALE, -px * _SCALE)
    first = (left_rest, left_rest, left, left, -low_rest, -low_rest, -low, -low)
    second = (up_rest, up, up_rest, up, right_rest, right, right_rest, right)
    expansion = np.empty(_TERMS)
    for i in range(_TERMS // 2):
        product, rest = _two_product(first[i], second[i])
        _grow(expansion, 2 * i, rest)
        _grow(expansion, 2 * i + 1, product)
    for i in range(_TERMS - 1, -1, -1):
        if expansion[i] != 0.0:
            return float(expansion[i])
    return 0.0


@_inner
def _turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Return a number with the exact sign of the turn a → b → p: positive where p lies left of the way from a to b."""
    first = (ax - px) * (by - py)
    second = (ay - py) * (bx - px)
    turn = first - second
    if abs(turn) > _FILTER * (abs(first) + abs(second)) + _UNDERFLOW:
        return turn
    return _exact_turn(ax, ay, bx, by, px, py)


@_inner
def _left(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> bool:
    """Tell whether p, moved right by an infinitesimal and up by a smaller one, lies left of the way from a to b."""
    turn = _turn(ax, ay, bx, by, px, py)
    if turn != 0.0:
        return turn > 0.0
    if by != ay:
        return by < ay
    return bx > ax


@_inner
def _settled(value: float) -> float:
    return 0.0 if abs(value) < TINY else value


@_inner
def _place(value: float, origin: float, per_cell: float, count: int) -> int:
    """Return the column (or row) of a coordinate, held inside the grid."""
    return min(max(int(np.floor((value - origin) * per_cell)), 0), count - 1)


@_inner
def _mark_corners(
    xy: NDArray[np.float64],
    first: int,
    last: int,
    frame: NDArray[np.float64],
    area: tuple[int, int, int, int],
    inside: NDArray[np.uint8],
) -> None:
    """Write for each cell of `area` whether its lower left corner lies inside the ring."""
    west, south, size, per_cell, _ = frame
    column0, row0, columns, rows = area
    inside[: columns * rows] = 0
    for edge in range(first, last):
        ax, ay, bx, by = xy[edge, 0], xy[edge, 1], xy[edge + 1, 0], xy[edge + 1, 1]
        start = _place(min(ay, by), south, per_cell, row0 + rows)
        for row in range(max(start, row0), row0 + rows):
            y = south + row * size
            if y > max(ay, by):
                break
            if (ay > y) == (by > y):
                continue
            x = ax + (y - ay) / (by - ay) * (bx - ax)
            column = max(_place(x, west, per_cell, column0 + columns), column0)
            upward = by > ay
            while column > column0 and _left(ax, ay, bx, by, west + (column - 1) * size, y) != upward:
                column -= 1
            while column < column0 + columns and _left(ax, ay, bx, by, west + column * size, y) == upward:
                column += 1
            if column < column0 + columns:
                inside[(row - row0) * columns + column - column0] ^= 1
    for row in range(rows):
        for cell in range(row * columns + 1, (row + 1) * columns):
            inside[cell] ^= inside[cell - 1]


@_inner
def _room(log: NDArray[np.int32], needed: int) -> NDArray[np.int32]:
    """Return the log with room for at least `needed` entries."""
    if needed <= len(log):
        return log
    longer = np.empty((2 * needed, 2), dtype=np.int32)
    for k in range(len(log)):
        longer[k, 0], longer[k, 1] = log[k, 0], log[k, 1]
    return longer


@_inner
def _enter_edge(
    edge: int, ring_used: int, cell: int, header: int, state: NDArray[np.int32], log: NDArray[np.int32], used: int
) -> int:
    """Log an edge of the ring whose entries start at `ring_used`, as part of a run where it continues one."""
    latest = state[cell]
    if latest >= ring_used and log[latest, 1] == edge - 1:
        log[latest, 1] = edge
        return used
    if latest < ring_used:
        log[used, 0], log[used, 1] = cell, header
        used += 1
    log[used, 0], log[used, 1] = cell, edge
    log[used + 1, 0], log[used + 1, 1] = cell, edge
    state[cell] = used + 1
    return used + 2


@_inner
def _enter_edges(
    xy: NDArray[np.float64],
    first: int,
    last: int,
    code: int,
    frame: NDArray[np.float64],
    shape: tuple[int, int],
    area: tuple[int, int, int, int],
    inside: NDArray[np.uint8],
    state: NDArray[np.int32],
    log: NDArray[np.int32],
    used: int,
) -> tuple[NDArray[np.int32], int]:
    """Log every edge of a ring for each cell it touches, cells widened by the margin."""
    west, south, size, per_cell, margin = frame
    column0, row0, columns, _ = area
    ring_used = used
    for edge in range(first, last):
        ax, ay, bx, by = xy[edge, 0], xy[edge, 1], xy[edge + 1, 0], xy[edge + 1, 1]
        low_x, high_x, low_y, high_y = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        start_row = _place(low_y - margin, south, per_cell, shape[1])
        stop_row = _place(high_y + margin, south, per_cell, shape[1])
        slope = 0.0 if by == ay or start_row == stop_row else (bx - ax) / (by - ay)
        for row in range(start_row, stop_row + 1):
            from_x, to_x = low_x, high_x
            if slope != 0.0:
                one = ax + (max(south + row * size - margin, low_y) - ay) * slope
                two = ax + (min(south + (row + 1) * size + margin, high_y) - ay) * slope
                from_x, to_x = max(min(one, two), low_x), min(max(one, two), high_x)
            start = _place(from_x - margin, west, per_cell, shape[0])
            stop = _place(to_x + margin, west, per_cell, shape[0])
            if used + 3 * (stop - start + 1) > len(log):
                log = _room(log, used + 3 * (stop - start + 1))
            for column in range(start, stop + 1):
                cell = row * shape[0] + column
                if state[cell] >= OUTSIDE:
                    header = -1 - (code | inside[(row - row0) * columns + column - column0])
                    used = _enter_edge(edge, ring_used, cell, header, state, log, used)
    return log, used


@_inner
def _file(log: NDArray[np.int32], state: NDArray[np.int32]) -> NDArray[np.int32]:
    """Sort the log into one record per cell; turns `state` into what the cells say, and returns the records."""
    cursor = np.zeros(len(state), dtype=np.int32)
    for k in range(len(log)):
        cursor[log[k, 0]] += 1
    words = 0
    for cell in range(len(state)):
        count = cursor[cell]
        if count == 1 and state[cell] < OUTSIDE:
            state[cell], cursor[cell] = -2 - state[cell], -1
        elif count == 0:
            state[cell] = OUTSIDE
        else:
            state[cell], cursor[cell] = -2 - words, words
            words += count + 1
    records = np.full(words, END, dtype=np.int32)
    for k in range(len(log)):
        place = cursor[log[k, 0]]
        if place >= 0:
            records[place] = log[k, 1]
            cursor[log[k, 0]] += 1
    return records


@_compiled
def sweep(
    xy: NDArray[np.float64],
    starts: NDArray[np.int64],
    codes: NDArray[np.int32],
    closes: NDArray[np.bool_],
    boxes: NDArray[np.float64],
    frame: NDArray[np.float64],
    columns: int,
    rows: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Enter all rings, in order, into the cells; return what each cell says, and the records, as `Index` has them.

    While it runs, a cell's state is -1, or the place in the log of its latest edge, or -2 minus the village that covers
    all that earlier villages left of it: a cell in that state takes no further entries.

    Args:
        xy: Vertices of all rings, shape (n, 2), degrees; each ring closed.
        starts: Where each ring starts in `xy`, and the end.
        codes: Per ring 4·row of its village, + 2 for a hole.
        closes: Per ring, whether a cell that lies wholly inside it needs no look at later rings.
        boxes: Per ring west, south, east, north.
        frame: West, south, cell size, 1 / size and margin, degrees.
        columns: Columns of the grid.
        rows: Rows of the grid.
    """
    west, south, _, per_cell, margin = frame
    state = np.full(columns * rows, -1, dtype=np.int32)
    log = np.empty((4 * len(xy), 2), dtype=np.int32)
    used = int(np.int64(0))  # a bare 0 would be a type of its own, and everything below be compiled twice
    inside = np.empty(0, dtype=np.uint8)
    for ring in range(len(codes)):
        first, last, ring_used = starts[ring], starts[ring + 1] - 1, used
        column0 = _place(boxes[ring, 0] - margin, west, per_cell, columns)
        row0 = _place(boxes[ring, 1] - margin, south, per_cell, rows)
        wide = _place(boxes[ring, 2] + margin, west, per_cell, columns) - column0 + 1
        high = _place(boxes[ring, 3] + margin, south, per_cell, rows) - row0 + 1
        area = (column0, row0, wide, high)
        if len(inside) < wide * high:
            inside = np.empty(2 * wide * high, dtype=np.uint8)
        _mark_corners(xy, first, last, frame, area, inside)
        log, used = _enter_edges(xy, first, last, codes[ring], frame, (columns, rows), area, inside, state, log, used)
        log = _room(log, used + wide * high)
        for row in range(high):
            for column in range(wide):
                cell = (row0 + row) * columns + column0 + column
                if inside[row * wide + column] and OUTSIDE <= state[cell] < ring_used:
                    log[used, 0], log[used, 1] = cell, -2 - codes[ring]
                    used += 1
                    if closes[ring]:
                        state[cell] = -2 - codes[ring] // 4
    records = _file(log[:used], state)
    return state, records


@_compiled
def measure(xy: NDArray[np.float64], starts: NDArray[np.int64], boxes: NDArray[np.float64]) -> float:
    """Write the box of each ring (west, south, east, north); return the length of all edges, |Δx| + |Δy|.

    Coordinates beside 0 become 0 on the way.
    """
    length = 0.0
    for ring in range(len(starts) - 1):
        first, last = starts[ring], starts[ring + 1] - 1
        x, y = _settled(xy[first, 0]), _settled(xy[first, 1])
        west, south, east, north = x, y, x, y
        for vertex in range(first, last + 1):
            before_x, before_y = x, y
            x, y = _settled(xy[vertex, 0]), _settled(xy[vertex, 1])
            xy[vertex, 0], xy[vertex, 1] = x, y
            length += abs(x - before_x) + abs(y - before_y)
            west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
        boxes[ring, 0], boxes[ring, 1], boxes[ring, 2], boxes[ring, 3] = west, south, east, north
    return length


@_inner
def _sure(turn: float, first: float, second: float) -> bool:
    """Tell whether a turn computed in doubles as first − second has certainly the right sign."""
    return abs(turn) > _FILTER * (abs(first) + abs(second)) + _UNDERFLOW


@_inner
def _side_by_doubles(
    px: float, py: float, x0: float, y0: float, start: int, stop: int, odd: int, xy: NDArray[np.float64]
) -> tuple[int, bool]:
    """Follow the way from corner to point past a run of edges; return whether the end is inside, and whether that is sure.

    Without branches, because nobody can guess on which side of an edge a point will lie, a processor least of all.
    """
    sure = True
    bx, by = xy[start, 0], xy[start, 1]
    for edge in range(start, stop + 1):
        ax, ay = bx, by
        bx, by = xy[edge + 1, 0], xy[edge + 1, 1]
        level, upright = (ay > py) != (by > py), (ax > x0) != (bx > x0)
        point_1, point_2 = (ax - px) * (by - py), (ay - py) * (bx - px)
        elbow_1, elbow_2 = (ax - x0) * (by - py), (ay - py) * (bx - x0)
        corner_1, corner_2 = (ax - x0) * (by - y0), (ay - y0) * (bx - x0)
        point, elbow, corner = point_1 - point_2, elbow_1 - elbow_2, corner_1 - corner_2
        odd ^= (level & ((point > 0.0) != (elbow > 0.0))) ^ (upright & ((elbow > 0.0) != (corner > 0.0)))
        sure &= (
            (ay != py)
            & ((not level) | _sure(point, point_1, point_2))
            & ((not (level | upright)) | _sure(elbow, elbow_1, elbow_2))
            & ((not upright) | _sure(corner, corner_1, corner_2))
        )
    return odd, sure


@_inner
def _side_exactly(
    px: float, py: float, x0: float, y0: float, start: int, stop: int, odd: int, xy: NDArray[np.float64]
) -> tuple[int, bool]:
    """As `_side_by_doubles`, but always right; return whether the end is inside, and whether it lies on an edge."""
    on_edge = False
    for edge in range(start, stop + 1):
        ax, ay, bx, by = xy[edge, 0], xy[edge, 1], xy[edge + 1, 0], xy[edge + 1, 1]
        if ay == py and (ax == px or (by == py and (ax > px) != (bx > px))):
            on_edge = True
        if (ay > py) != (by > py):
            point = _turn(ax, ay, bx, by, px, py)
            on_edge |= point == 0.0
            odd ^= (point > 0.0) != _left(ax, ay, bx, by, x0, py)
        if (ax > x0) != (bx > x0):
            odd ^= _left(ax, ay, bx, by, x0, py) != _left(ax, ay, bx, by, x0, y0)
    return odd, on_edge


@_inner
def _ring_state(
    px: float,
    py: float,
    x0: float,
    y0: float,
    place: int,
    odd: int,
    xy: NDArray[np.float64],
    records: NDArray[np.int32],
) -> tuple[int, int]:
    """Say where a point lies by the runs of edges from `place` on: 0 outside the ring, 1 inside, 2 on it.

    The way from the cell's corner (x0, y0), which is inside where `odd`, goes up to the point's height and then across to
    it; each edge in the way changes sides. Also returns the place behind the runs.
    """
    on_ring = False
    while records[place] >= 0:
        start, stop = records[place], records[place + 1]
        side, sure = _side_by_doubles(px, py, x0, y0, start, stop, odd, xy)
        if not sure:
            side, on_edge = _side_exactly(px, py, x0, y0, start, stop, odd, xy)
            on_ring |= on_edge
        odd = side
        place += 2
    return (2 if on_ring else odd), place


@_inner
def _decide(
    px: float, py: float, x0: float, y0: float, place: int, xy: NDArray[np.float64], records: NDArray[np.int32]
) -> int:
    """Return the first village of a cell's record that holds the point."""
    held = False
    village = OUTSIDE
    while records[place] != END:
        code = -1 - records[place]
        hole = code & 2
        if held and not hole:
            break
        state, place = _ring_state(px, py, x0, y0, place + 1, code & 1, xy, records)
        if hole:
            held = held and state != 1
        else:
            held = state > 0
            village = code >> 2
    return village if held else OUTSIDE


@_inner
def _shelve(out: NDArray[np.int32], words: int) -> NDArray[np.int32]:
    """Return the points whose answer so far is a record, in the order of the records (roughly: by shelves of words).

    Neighbours in this order need the same few edges, which then are still in the processor's cache.
    """
    shift = 0
    while words >> shift >= _SHELVES:
        shift += 1
    ends = np.zeros(_SHELVES + 1, dtype=np.int64)
    for i in range(len(out)):
        if out[i] < OUTSIDE:
            ends[((-2 - out[i]) >> shift) + 1] += 1
    for shelf in range(_SHELVES):
        ends[shelf + 1] += ends[shelf]
    order = np.empty(ends[_SHELVES], dtype=np.int32)
    for i in range(len(out)):
        if out[i] < OUTSIDE:
            shelf = (-2 - out[i]) >> shift
            order[ends[shelf]] = i
            ends[shelf] += 1
    return order


@_compiled
def look_up(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    xy: NDArray[np.float64],
    cells: NDArray[np.int32],
    records: NDArray[np.int32],
    frame: NDArray[np.float64],
    columns: int,
    out: NDArray[np.int32],
) -> None:
    """Write the village of each point, `OUTSIDE` where there is none; arrays as `sweep` and `Index` have them."""
    west, south, size, per_cell, _ = frame
    rows = len(cells) // columns
    east, north = west + columns * size, south + rows * size
    for i in range(len(out)):
        px, py = _settled(lon[i]), _settled(lat[i])
        out[i] = OUTSIDE
        if west <= px <= east and south <= py <= north:
            row, column = _place(py, south, per_cell, rows), _place(px, west, per_cell, columns)
            out[i] = cells[row * columns + column]
    order = _shelve(out, len(records))
    near_x, near_y, near_out = np.empty(_BLOCK), np.empty(_BLOCK), np.empty(_BLOCK, dtype=np.int32)
    for begin in range(0, len(order), _BLOCK):
        block = order[begin : begin + _BLOCK]
        for j in range(len(block)):
            near_x[j], near_y[j], near_out[j] = _settled(lon[block[j]]), _settled(lat[block[j]]), out[block[j]]
        for j in range(len(block)):
            px, py = near_x[j], near_y[j]
            x0 = west + _place(px, west, per_cell, columns) * size
            y0 = south + _place(py, south, per_cell, rows) * size
            out[block[j]] = _decide(px, py, x0, y0, -2 - near_out[j], xy, records)

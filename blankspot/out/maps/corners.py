"""Polygons as the corners they share, in levels of detail.

Every place where a border bends is kept once, however many villages meet there, and carries the coarsest level at which it
still stands. A corner that goes, goes for all its villages, so that shared borders stay shared and no gap or overlap opens
between neighbours; a level is a subset of the finer ones.

Corners go by the area of the triangle they form with their neighbours (Visvalingam and Whyatt, 1993), the smallest first,
until that area passes the square of the level's tolerance. Where three villages meet, a corner always stands, and of every
ring the three that frame it. At the finest level a polygon that was valid stays valid and a village keeps its area within
0.5 %; at the coarser ones, shapes that came to cross themselves get their corners back. Where neighbours do not share their corners, as in layers drawn by several hands, leaving a
corner out of one side would open a seam, so that at the finest level such corners are left as they came; at the coarser ones,
drawn where the tolerance is less than half a pixel, nobody can see it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

CORNERS_MIN: Final = 3
AREA_SHARE_MAX: Final = 0.005
_ROUNDS: Final = 8  # of giving corners back
_PASSES: Final = 12  # of taking corners away per level; what would go later stays one level longer
_SEAM_QUANTA: Final = 100  # how far apart two sides of a seam may lie: 110 m
_MEETING: Final = 3  # villages at a corner that must stand


@dataclass(frozen=True, kw_only=True)
class Corners:
    """Corners, and the rings that go from one to the next.

    Attributes:
        xy: Corners on the grid in the order in which the rings first come to them, shape (n, 2).
        level: Per corner, the coarsest level at which it stands.
        ring: The corners of all rings, one ring after the other, as numbers into `xy`; not closed.
        ring_size: Corners per ring.
        part_rings: Rings per polygon, the outer one first.
        shape_parts: Polygons per shape.
    """

    xy: Ints
    level: NDArray[np.uint8]
    ring: Ints
    ring_size: Ints
    part_rings: Ints
    shape_parts: Ints

    @property
    def ring_shape(self) -> Ints:
        """The shape of every ring."""
        part_shape = np.repeat(np.arange(len(self.shape_parts)), self.shape_parts)
        return np.repeat(part_shape, self.part_rings)

    def walk(self, level: int) -> tuple[Ints, Ints]:
        """Return the corners of all rings that stand at a level, and how many each ring has."""
        stands = self.level[self.ring] >= level
        owner = np.repeat(np.arange(len(self.ring_size)), self.ring_size)
        return self.ring[stands], np.bincount(owner[stands], minlength=len(self.ring_size))

    def polygons(self, level: int, quantum: float) -> NDArray[Any]:
        """Return the shapes at a level as multipolygons in degrees; those without rings are empty."""
        corner, size = self.walk(level)
        begin = np.cumsum(size) - size
        closed = np.insert(corner, begin + size, corner[begin]) if len(corner) else corner
        offsets = [np.concatenate([[0], np.cumsum(n)]) for n in (size + 1, self.part_rings, self.shape_parts)]
        kind = shapely.GeometryType.MULTIPOLYGON
        made: NDArray[Any] = shapely.from_ragged_array(kind, self.xy[closed] * quantum, tuple(offsets))
        return made

    def areas(self, level: int) -> NDArray[np.float64]:
        """Return the area of every shape at a level, in squares of the grid."""
        corner, size = self.walk(level)
        x, y = (self.xy[corner] - self.xy[:1]).astype(float).T
        following = neighbours(size)[1]
        owner = np.repeat(np.arange(len(size)), size)
        of_ring = np.bincount(owner, x * y[following] - x[following] * y, minlength=len(size))
        return np.abs(np.bincount(self.ring_shape, of_ring, minlength=len(self.shape_parts))) / 2


def neighbours(size: Ints) -> tuple[Ints, Ints]:
    """Return for the corners of rings one after the other the one before and the one after in the same ring."""
    total = int(size.sum())
    end = np.cumsum(size)[size > 0]
    begin = end - size[size > 0]
    before, after = np.arange(-1, total - 1), np.arange(1, total + 1)
    before[begin], after[end - 1] = end - 1, begin
    return before, after


def corners_of(geometries: NDArray[Any], quantum: float) -> Corners:
    """Return polygons as corners on the grid, every one of them at the finest level.

    Corners that fall on the one before them are left out, and rings with fewer than three corners too. Outer rings run one
    way, holes the other.
    """
    at, size, part_rings, shape_parts = _rings(geometries, quantum)
    _, first, number = np.unique(at[:, 0] * (1 << 32) + at[:, 1], return_index=True, return_inverse=True)
    order = np.argsort(first)
    renumber = np.empty_like(order)
    renumber[order] = np.arange(len(order))
    return Corners(
        xy=at[first[order]],
        level=np.zeros(len(order), dtype=np.uint8),
        ring=renumber[number],
        ring_size=size,
        part_rings=part_rings,
        shape_parts=shape_parts,
    )


def _rings(geometries: NDArray[Any], quantum: float) -> tuple[Ints, Ints, Ints, Ints]:
    parts, owner = shapely.get_parts(shapely.orient_polygons(geometries), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    degrees, ring = shapely.get_coordinates(rings, return_index=True)
    at = np.rint(degrees / quantum).astype(np.int64)
    new = np.ones(len(ring), dtype=bool)
    new[1:] = (ring[1:] != ring[:-1]) | (at[1:] != at[:-1]).any(axis=1)
    at, ring = at[new], ring[new]
    last = np.flatnonzero(np.diff(ring, append=-1))  # a ring is stored without its closing point
    at, ring = np.delete(at, last, axis=0), np.delete(ring, last)
    size = np.bincount(ring, minlength=len(rings))
    whole = size >= CORNERS_MIN
    outer = np.ones(len(rings), dtype=bool)
    outer[1:] = part[1:] != part[:-1]
    if len(rings):
        whole &= whole[
            np.maximum.accumulate(np.where(outer, np.arange(len(rings)), 0))
        ]  # no hole without its outer ring
    part_rings = np.bincount(part[whole], minlength=len(parts))
    shape_parts = np.bincount(owner[part_rings > 0], minlength=len(geometries))
    return at[whole[ring]], size[whole], part_rings[part_rings > 0], shape_parts


def levelled(given: Corners, tolerances: tuple[float, ...], quantum: float) -> Corners:
    """Leave corners out of the finest level and give the others their level.

    Args:
        given: What `corners_of` returned.
        tolerances: Of each level in degrees, rising.
        quantum: Degrees of one step of the grid.
    """
    pinned = _meeting(given) | _framing(given)
    stands = _thinned(given, np.ones(len(given.xy), dtype=bool), pinned | _branching(given), tolerances[0] / quantum)
    if not stands.all():
        stands |= _seams(given, ~stands, quantum)
        stands = _guarded(given, np.ones_like(stands), stands, quantum, finest=True)
    found, pinned = _without(given, stands), pinned[stands]
    stands = np.ones(len(found.xy), dtype=bool)
    level = np.zeros(len(found.xy), dtype=np.uint8)
    for depth, tolerance in enumerate(tolerances[1:], start=1):
        before = stands
        stands = _guarded(found, before, _thinned(found, before, pinned, tolerance / quantum), quantum, finest=False)
        level[stands] = depth
    return replace(found, level=level)


def _without(given: Corners, stands: Flags) -> Corners:
    """Drop the corners that do not stand."""
    kept, size = replace(given, level=stands.astype(np.uint8)).walk(1)
    number = np.cumsum(stands) - 1
    return replace(given, xy=given.xy[stands], level=given.level[stands], ring=number[kept], ring_size=size)


def _meeting(given: Corners) -> Flags:
    """Tell where three shapes meet."""
    shape = np.repeat(given.ring_shape, given.ring_size)
    pairs = np.sort(given.ring * len(given.shape_parts) + shape)
    once = pairs[np.diff(pairs, prepend=-1) > 0]
    return np.bincount(once // max(len(given.shape_parts), 1), minlength=len(given.xy)) >= _MEETING


def _framing(given: Corners) -> Flags:
    """Tell the westernmost and the easternmost corner of every ring, and the one farthest from the line between them."""
    found = np.zeros(len(given.xy), dtype=bool)
    if not len(given.ring):
        return found
    begin = np.cumsum(given.ring_size) - given.ring_size
    x, y = given.xy[given.ring].astype(float).T
    west, east = (_best(side * x, begin, given.ring_size) for side in (-1, 1))
    ax, ay, bx, by = (np.repeat(axis[end], given.ring_size) for end in (west, east) for axis in (x, y))
    aside = _best(np.abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)), begin, given.ring_size)
    found[given.ring[np.concatenate([west, east, aside])]] = True
    slit = (aside == west) | (aside == east)  # a ring without width keeps what it has
    found[given.ring[np.repeat(slit, given.ring_size)]] = True
    return found


def _best(value: NDArray[np.float64], begin: Ints, size: Ints) -> Ints:
    """Return for groups one after the other the place of the first largest value."""
    largest = np.flatnonzero(value == np.repeat(np.maximum.reduceat(value, begin), size))
    group = np.searchsorted(begin, largest, side="right")
    return largest[np.diff(group, prepend=0) > 0]


def _branching(given: Corners) -> Flags:
    """Tell from which corners borders lead to more than two others: there a shared border ends."""
    before, after = (given.ring[side] for side in neighbours(given.ring_size))
    ends = [extremes(given, other) for other in (before, after)]
    least, most = np.minimum(ends[0][0], ends[1][0]), np.maximum(ends[0][1], ends[1][1])
    found = np.zeros(len(given.xy), dtype=bool)
    for other in (before, after):
        found[given.ring[(other != least[given.ring]) & (other != most[given.ring])]] = True
    return found


def _thinned(given: Corners, stands: Flags, pinned: Flags, tolerance: float) -> Flags:
    """Return which corners stand once triangles smaller than the tolerance's square are gone."""
    stands = stands.copy()
    ring, size = replace(given, level=stands.astype(np.uint8)).walk(1)
    owner = np.repeat(np.arange(len(size)), size)
    x, y = given.xy.T.astype(float)
    for _ in range(_PASSES):
        before, after = (ring[side] for side in neighbours(np.bincount(owner, minlength=len(size))))
        px, py = x[ring], y[ring]
        corner_area = np.abs((px - x[before]) * (y[after] - py) - (x[after] - px) * (py - y[before])) / 2
        area = np.zeros(len(stands))
        np.maximum.at(area, ring, corner_area)  # of all its villages, the one that would lose most
        going = (area < tolerance**2) & stands & ~pinned
        if not going.any():
            break
        stays = np.zeros(len(stands), dtype=bool)
        for other in (before, after):  # of two neighbours only the smaller goes, of equals the first
            waits = (
                going[ring]
                & going[other]
                & ((area[other] < area[ring]) | ((area[other] == area[ring]) & (other < ring)))
            )
            stays[ring[waits]] = True
        stands &= ~going | stays
        left = stands[ring]
        ring, owner = ring[left], owner[left]
    return stands


def _seams(given: Corners, gone: Flags, quantum: float) -> Flags:
    """Return which of the corners that would go lie on a border that another shape has drawn for itself."""
    least, most = extremes(given, np.repeat(given.ring_shape, given.ring_size))
    asked = np.flatnonzero(gone & (least == most))
    seam = np.zeros(len(gone), dtype=bool)
    seam[asked[beside(given, given.xy[asked], least[asked], quantum) >= 0]] = True
    return seam


def extremes(given: Corners, values: Ints) -> tuple[Ints, Ints]:
    """Return for every corner the least and the most of the values that the rings through it have there."""
    least, most = np.full(len(given.xy), np.iinfo(np.int64).max), np.full(len(given.xy), -1)
    np.minimum.at(least, given.ring, values)
    np.maximum.at(most, given.ring, values)
    return least, most


def beside(given: Corners, at: NDArray[Any], own: Ints, quantum: float) -> Ints:
    """Return for places on the grid the shape that lies beside them, not counting their own; −1 where there is none."""
    found_beside = np.full(len(at), -1)
    if len(at):
        tree = shapely.STRtree(given.polygons(0, quantum))
        points = shapely.points(np.asarray(at, dtype=float) * quantum)
        asked, found = tree.query(points, predicate="dwithin", distance=_SEAM_QUANTA * quantum)
        other = found != own[asked]
        found_beside[asked[other]] = found[other]
    return found_beside


def _guarded(given: Corners, before: Flags, stands: Flags, quantum: float, *, finest: bool) -> Flags:
    """Give corners back to shapes that lost their form: to those that cross themselves, and at the finest level an area."""
    was = replace(given, level=before.astype(np.uint8))
    area = was.areas(1)
    asked = np.arange(len(given.shape_parts))
    valid = shapely.is_valid(was.polygons(1, quantum))
    for _ in range(_ROUNDS):
        now = replace(given, level=stands.astype(np.uint8))
        poor = np.zeros(len(given.shape_parts), dtype=bool)
        poor[asked] = valid[asked] & ~shapely.is_valid(now.polygons(1, quantum)[asked])
        if finest:
            poor |= np.abs(now.areas(1) - area) > AREA_SHARE_MAX * area
        if not poor.any():
            return stands
        back = before & _touched(given, poor) & ~stands
        if not back.any():
            return stands
        stands = stands | back
        asked = np.unique(given.ring_shape[_rings_with(given, back)])
    return before if finest else stands


def _rings_with(given: Corners, corners: Flags) -> Ints:
    return np.repeat(np.arange(len(given.ring_size)), given.ring_size)[corners[given.ring]]


def _touched(given: Corners, shapes: Flags) -> Flags:
    """Return which corners belong to some shapes."""
    found = np.zeros(len(given.xy), dtype=bool)
    found[given.ring[np.repeat(shapes[given.ring_shape], given.ring_size)]] = True
    return found

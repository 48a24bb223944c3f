"""The land: mountains, a volcano, valleys and a plain, worn by running water.

Heights come out of a small landscape evolution model (uplift against stream-power erosion, solved implicitly down the
drainage tree: Braun and Willett, Geomorphology 180, 2013), because only water leaves valleys that branch, ridges that
join and a plain that drains. It runs on jittered nodes about 200 m apart, so that rivers do not run in eight directions;
30 m detail is added afterwards.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.demo.fields import Lattice, blur, lattice, resample, rough_field, smooth_field, steepness, stream

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints

_OFFSETS: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
_JITTER: Final = 0.36  # of a cell
_STEPS: Final = 34
_ERUPTION_STEP: Final = 32  # the volcano is young: its cone is gullied, not worn down
_STEP_LENGTH: Final = 0.45
_UPLIFT_M: Final = 115.0  # channel slope in m/km at 1 km² of catchment where the land rises most
_PLAIN_UPLIFT_M: Final = 1.5
_PLAIN_LEVEL_M: Final = 310.0
_EDGE_RISE_M: Final = 420.0
_DETAIL_M: Final = 14.0
_STEEPEST_M: Final = 620.0  # per km; a steeper slope slides


@dataclass(frozen=True)
class Land:
    """The shape of the land and how water leaves it.

    Attributes:
        nodes: Lattice of the drainage nodes, about 200 m.
        x: Easting of each node in metres, shape (rows · columns,).
        y: Northing of each node in metres.
        level: Height of each node in metres.
        receiver: The node each node drains to; itself at the world's edge.
        catchment_km2: What drains through each node.
        fine: Lattice of 30 m.
        heights: Heights on the 30 m lattice, whole metres.
    """

    nodes: Lattice
    x: Floats
    y: Floats
    level: Floats
    receiver: Ints
    catchment_km2: Floats
    fine: Lattice
    heights: Floats


@dataclass(frozen=True)
class _Mesh:
    neighbours: Ints  # (8, n)
    distance_km: Floats  # (8, n), infinite across the edge
    edge: np.ndarray
    cell_km2: float
    bends: Floats  # metres, how much higher water stands after crossing a node of a flat


def shape_land(seed: int, villages: int) -> Land:
    """Return the land of a world."""
    nodes, fine = lattice(villages, 200.0), lattice(villages, 30.0)
    rng = stream(seed, "terrain")
    x, y = (part.ravel() for part in nodes.centres())
    x = x + rng.uniform(-_JITTER, _JITTER, x.size) * nodes.cell_m
    y = y + rng.uniform(-_JITTER, _JITTER, y.size) * nodes.cell_m
    mesh = _mesh(rng, nodes, x, y)
    uplift, hardness, level = _forces(rng, nodes)
    cone = _cone(rng, nodes, uplift)
    level, receiver, area = _evolve(mesh, uplift.ravel(), hardness.ravel(), level.ravel(), cone.ravel())
    heights = _fine_heights(rng, nodes, fine, level.reshape(nodes.shape), area.reshape(nodes.shape))
    return Land(nodes, x, y, level, receiver, area, fine, heights)


def _mesh(rng: np.random.Generator, nodes: Lattice, x: Floats, y: Floats) -> _Mesh:
    rows, columns = nodes.shape
    row, column = (part.ravel() for part in np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"))
    neighbours, distance = [], []
    for down, right in _OFFSETS:
        there = np.clip(row + down, 0, rows - 1) * columns + np.clip(column + right, 0, columns - 1)
        apart = np.hypot(x - x[there], y - y[there]) / 1000
        neighbours.append(there)
        distance.append(np.where(apart > 0, apart, np.inf))
    edge = (row == 0) | (row == rows - 1) | (column == 0) | (column == columns - 1)
    return _Mesh(
        np.array(neighbours), np.array(distance), edge, (nodes.cell_m / 1000) ** 2, rng.uniform(0.002, 0.1, x.size) ** 2
    )


def _forces(rng: np.random.Generator, nodes: Lattice) -> tuple[Floats, Floats, Floats]:
    """Return uplift, hardness of the rock and the level at the start; the plain lies to one side, a basin among hills."""
    rows, columns = nodes.shape
    down, right = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    bearing = rng.uniform(0, 2 * np.pi)
    towards = right * np.cos(bearing) + down * np.sin(bearing)
    across = -right * np.sin(bearing) + down * np.cos(bearing)
    wander = smooth_field(rng, nodes.shape, length=columns / 7)
    basin = np.hypot((towards - 0.42) / 0.75, across / 0.62) + 0.20 * wander
    mountain = 1 / (1 + np.exp(-(basin - 0.70) / 0.075))
    blocks = np.clip(1 + 0.40 * smooth_field(rng, nodes.shape, length=columns / 12), 0.35, 1.9)
    uplift = _PLAIN_UPLIFT_M + _UPLIFT_M * mountain * blocks
    hardness = np.exp(0.30 * smooth_field(rng, nodes.shape, length=columns / 24))
    start = _PLAIN_LEVEL_M + _EDGE_RISE_M * np.clip(0.45 - 0.55 * towards, 0, 1) * mountain
    return uplift, hardness, start + 15 * np.abs(rough_field(rng, nodes.shape, slope=1.6))


def _cone(rng: np.random.Generator, nodes: Lattice, uplift: Floats) -> Floats:
    """Return the volcano's body in metres, raised where the mountains meet the plain's rim."""
    rows, columns = nodes.shape
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    inner = np.minimum(np.minimum(row, rows - 1 - row) / rows, np.minimum(column, columns - 1 - column) / columns)
    broad = blur(uplift, columns / 22)
    rank = (
        np.abs(broad / _UPLIFT_M - 0.6) + 4 * np.clip(0.30 - inner, 0, None) + 0.03 * rng.standard_normal(broad.shape)
    )
    top = np.unravel_index(np.argmin(rank), rank.shape)
    reach = 0.075 * columns
    away = np.hypot(row - top[0], (column - top[1]) * 0.93) / reach
    away = away * np.exp(0.10 * smooth_field(rng, nodes.shape, length=columns / 25))
    height = min(1.0, columns / 200) * 1900
    body = height * np.exp(-away * 1.05) * np.clip(1.15 - away / 4.2, 0, 1)
    crater = np.clip(1 - away / 0.16, 0, 1)
    return np.asarray(np.round(body - 0.10 * height * crater, 3))


def _evolve(mesh: _Mesh, uplift: Floats, hardness: Floats, level: Floats, cone: Floats) -> tuple[Floats, Ints, Floats]:
    receiver, distance = _flood(mesh, level)
    area = np.full(level.size, mesh.cell_km2)
    for step in range(_STEPS):
        if step == _ERUPTION_STEP:
            receiver, distance = _flood(mesh, level + cone)
            level = level + cone
        levels = _by_depth(receiver)
        area = _accumulate(receiver, levels, mesh.cell_km2)
        pull = _STEP_LENGTH / hardness * np.sqrt(area) / distance
        rising = level + np.where(mesh.edge, 0.0, uplift * _STEP_LENGTH)
        level = rising.copy()
        for members in levels[1:]:
            below = level[receiver[members]]
            eroded = (rising[members] + pull[members] * below) / (1 + pull[members])
            level[members] = np.clip(eroded, below + 1e-3, below + _STEEPEST_M * distance[members])
        level = np.round(level, 6)
        receiver, distance = _descend(mesh, level, receiver, distance)
    return level, receiver, _accumulate(receiver, _by_depth(receiver), mesh.cell_km2)


def _flood(mesh: _Mesh, level: Floats) -> tuple[Ints, Floats]:
    """Return a drainage tree over any surface: priority flood from the edge (Barnes et al., 2014).

    Each node adds its own small step, so that water crosses a flat in bends and not in straight lines.
    """
    neighbours, distances = mesh.neighbours.T.tolist(), mesh.distance_km.T.tolist()
    heights = level.tolist()
    bends = mesh.bends.tolist()
    receiver = np.arange(level.size)
    distance = np.ones(level.size)
    seen = mesh.edge.tolist()
    queue = [(heights[node], node) for node in np.flatnonzero(mesh.edge).tolist()]
    heapq.heapify(queue)
    while queue:
        height, node = heapq.heappop(queue)
        for there, apart in zip(neighbours[node], distances[node], strict=True):
            if not seen[there]:
                seen[there] = True
                receiver[there], distance[there] = node, apart
                heapq.heappush(queue, (max(heights[there], height + bends[there]), there))
    return receiver, distance


def _descend(mesh: _Mesh, level: Floats, receiver: Ints, distance: Floats) -> tuple[Ints, Floats]:
    """Return the steepest way down; where there is none (never after a step of erosion) the old way stays."""
    fall = (level - level[mesh.neighbours]) / mesh.distance_km
    best = np.argmax(fall, axis=0)
    nodes = np.arange(level.size)
    downhill = (fall[best, nodes] > 0) & ~mesh.edge
    return (
        np.where(downhill, mesh.neighbours[best, nodes], receiver),
        np.where(downhill, mesh.distance_km[best, nodes], distance),
    )


def _by_depth(receiver: Ints) -> list[Ints]:
    """Return the nodes grouped by their number of steps to the edge, outlets first."""
    depth = (receiver != np.arange(receiver.size)).astype(np.intp)
    jump = receiver
    while True:
        further = depth[jump]
        if not further.any():
            break
        depth = depth + further
        jump = jump[jump]
    order = np.argsort(depth, kind="stable")
    cuts = np.searchsorted(depth[order], np.arange(1, depth.max() + 1))
    return list(np.split(order, cuts))


def _accumulate(receiver: Ints, levels: list[Ints], cell_km2: float) -> Floats:
    area = np.full(receiver.size, cell_km2)
    for members in reversed(levels[1:]):
        np.add.at(area, receiver[members], area[members])
    return area


def _fine_heights(rng: np.random.Generator, nodes: Lattice, fine: Lattice, level: Floats, area: Floats) -> Floats:
    channel = np.clip(
        np.log10(area / nodes.cell_m**2 * 1e6) / 1.5, 0, 1
    )  # slopes are rounded by creep, channels are not
    rounded = level * channel + blur(level, 1.0) * (1 - channel)
    smooth = resample(rounded, nodes, fine)
    steep = resample(np.clip(steepness(rounded, nodes.cell_m) / 0.4, 0.02, 1), nodes, fine)
    detail = rough_field(rng, fine.shape, slope=1.9)
    detail = detail - blur(detail, 9.0)  # only what the nodes could not carry
    return np.asarray(np.round(smooth + _DETAIL_M * steep * detail / detail.std()))

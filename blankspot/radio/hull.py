"""The upper hull of a profile as a stack, and what is asked of it: O(1) amortised to grow, O(log n) to ask.

A horizon is a tangent. Seen from a receiver, the point of the profile that stands highest above the horizontal is the one
at which a line from the receiver touches the upper hull of all points before it. On an Earth of effective radius a the
horizontal bends; with y = h − 500·d²/a (d in km, h in m) it is straight again and lines stay lines, so the tangent is
exact, not an approximation. A hull grows at its near end only, like a stack (Andrew's monotone chain, 1979), and along it
the slopes to a point outside rise to the tangent and fall after it: the search gallops back from the near end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from blankspot.radio.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Hull(NamedTuple):
    """The corners of an upper hull, the nearest last; each with its distance, its height and its number in the profile."""

    d: NDArray[np.float64]
    y: NDArray[np.float64]
    point: NDArray[np.int32]


@compiled
def empty(most: int) -> Hull:
    """Return room for a hull of at most so many corners."""
    return Hull(np.empty(most), np.empty(most), np.empty(most, dtype=np.int32))


@compiled
def grow(hull: Hull, size: int, d: float, y: float, point: int) -> int:
    """Add a point beyond the others to a hull of `size` corners and return the new size."""
    while size >= 2:
        near_d, near_y = hull.d[size - 1], hull.y[size - 1]
        far_d, far_y = hull.d[size - 2], hull.y[size - 2]
        if (near_y - far_y) * (d - far_d) > (y - far_y) * (near_d - far_d):
            break
        size -= 1
    hull.d[size], hull.y[size], hull.point[size] = d, y, point
    return size + 1


@compiled
def tangent(hull: Hull, size: int, d: float, y: float) -> int:
    """Return the corner that stands highest as seen from (d, y), which lies beyond all of them; of equals the nearest."""
    high = low = size - 1
    step = 1
    while low > 0 and _steeper(hull, low, d, y):
        high = low
        low = max(low - step, 0)
        step *= 2
    if low == high:
        return high
    while high - low > 1:
        middle = (low + high) >> 1
        if _steeper(hull, middle, d, y):
            high = middle
        else:
            low = middle
    return high - 1


@compiled
def _steeper(hull: Hull, near: int, d: float, y: float) -> bool:
    """Tell whether the corner before `near` stands higher than it as seen from (d, y)."""
    far = near - 1
    return bool((hull.y[far] - y) * (d - hull.d[near]) > (hull.y[near] - y) * (d - hull.d[far]))


@compiled
def extreme(hull: Hull, size: int, slope: float) -> float:
    """Return the greatest of y − slope·d over all corners."""
    high = low = size - 1
    step = 1
    while low > 0 and _falls(hull, low, slope):
        high = low
        low = max(low - step, 0)
        step *= 2
    while high - low > 1:
        middle = (low + high) >> 1
        if _falls(hull, middle, slope):
            high = middle
        else:
            low = middle
    best = high if low == high else high - 1
    return float(hull.y[best] - slope * hull.d[best])


@compiled
def _falls(hull: Hull, near: int, slope: float) -> bool:
    """Tell whether the corner before `near` reaches further along the direction than it."""
    far = near - 1
    return bool(hull.y[near] - hull.y[far] < slope * (hull.d[near] - hull.d[far]))

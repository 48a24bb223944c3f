"""The upper hull of a profile as a stack, and what is asked of it: O(1) amortised to grow, O(log n) to ask.

A horizon is a tangent. Seen from a receiver, the point of the profile that stands highest above the horizontal is the one
at which a line from the receiver touches the upper hull of all points before it. On an Earth of effective radius a the
horizontal bends; with y = h − 500·d²/a (d in km, h in m) it is straight again and lines stay lines, so the tangent is
exact, not an approximation. A hull grows at its near end only, like a stack (Andrew's monotone chain, 1979), and along it
the slopes to a point outside rise to the tangent and fall after it: the search gallops back from the near end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.radio.compiled import compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@compiled
def grow(stack: NDArray[np.int32], size: int, d: NDArray[np.float64], y: NDArray[np.float64], point: int) -> int:
    """Add a point beyond the others to an upper hull and return the new size.

    Args:
        stack: Points of the hull, the nearest last; shape at least (size + 1,).
        size: How many there are.
        d: Distances of all points, ascending.
        y: Their heights.
        point: The one to add.
    """
    while size >= 2:
        last, before = stack[size - 1], stack[size - 2]
        if (y[last] - y[before]) * (d[point] - d[before]) > (y[point] - y[before]) * (d[last] - d[before]):
            break
        size -= 1
    stack[size] = point
    return size + 1


@compiled
def tangent(
    stack: NDArray[np.int32], size: int, d: NDArray[np.float64], y: NDArray[np.float64], d_r: float, y_r: float
) -> int:
    """Return the point that stands highest as seen from (d_r, y_r), which lies beyond all of them; of equals the nearest."""
    high = size - 1
    step = 1
    low = high
    while low > 0 and _steeper(d, y, stack[low - 1], stack[low], d_r, y_r):
        high = low
        low = max(low - step, 0)
        step *= 2
    if low == high:
        return int(stack[high])
    while high - low > 1:
        middle = (low + high) >> 1
        if _steeper(d, y, stack[middle - 1], stack[middle], d_r, y_r):
            high = middle
        else:
            low = middle
    return int(stack[high - 1])


@compiled
def _steeper(d: NDArray[np.float64], y: NDArray[np.float64], far: int, near: int, d_r: float, y_r: float) -> bool:
    """Tell whether the farther of two points stands higher as seen from (d_r, y_r)."""
    return bool((y[far] - y_r) * (d_r - d[near]) > (y[near] - y_r) * (d_r - d[far]))


@compiled
def extreme(stack: NDArray[np.int32], size: int, d: NDArray[np.float64], y: NDArray[np.float64], slope: float) -> float:
    """Return the greatest of y − slope·d over all points."""
    high = size - 1
    step = 1
    low = high
    while low > 0 and _falls(d, y, stack[low - 1], stack[low], slope):
        high = low
        low = max(low - step, 0)
        step *= 2
    while high - low > 1:
        middle = (low + high) >> 1
        if _falls(d, y, stack[middle - 1], stack[middle], slope):
            high = middle
        else:
            low = middle
    best = stack[high] if low == high else stack[high - 1]
    return float(y[best] - slope * d[best])


@compiled
def _falls(d: NDArray[np.float64], y: NDArray[np.float64], far: int, near: int, slope: float) -> bool:
    """Tell whether the farther of two neighbours of the hull reaches further along the direction than the nearer."""
    return bool(y[near] - y[far] < slope * (d[near] - d[far]))

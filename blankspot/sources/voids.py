"""Holes in heights and wide areas of one height: rules that look only at a pixel's neighbourhood.

Because nothing further away decides, a pixel's value is the same in whichever window it is computed, as long as the window
is read with the margin each rule names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def fill_gaps(values: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Interpolate across gaps of at most `most` pixels; wider ones stay NaN.

    A pixel without a height gets one where the nearest heights left and right in its row, or above and below in its column,
    have no more than `most` empty pixels between them: the straight line between the two; where both are near enough, the
    mean of the two lines, the shorter weighing more. Looks no further than `most` pixels.
    """
    empty = np.isnan(values)
    if most < 1 or not empty.any():
        return values
    across, width = _line(values, most)
    down, height = _line(np.ascontiguousarray(values.T), most)
    down, height = down.T, height.T
    with np.errstate(invalid="ignore"):
        both = (across * height + down * width) / (width + height)
    chosen = np.where(np.isnan(across), down, np.where(np.isnan(down), across, both))
    return np.where(empty, chosen, values).astype(np.float32)


def _line(values: NDArray[np.float32], most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the straight line across each gap of a row, NaN where it is too wide, and the steps from side to side."""
    columns = values.shape[1]
    at = np.arange(columns)
    known = ~np.isnan(values)
    left = np.maximum.accumulate(np.where(known, at, -1), axis=1)
    right = np.minimum.accumulate(np.where(known, at, columns)[:, ::-1], axis=1)[:, ::-1]
    steps = (right - left).astype(np.float64)
    near = (left >= 0) & (right < columns) & (steps - 1 <= most)
    low = np.take_along_axis(values, np.clip(left, 0, None), axis=1).astype(np.float64)
    high = np.take_along_axis(values, np.clip(right, None, columns - 1), axis=1).astype(np.float64)
    part = (at - left) / np.where(near & (steps > 0), steps, 1)
    return np.where(near, low + (high - low) * part, np.nan), np.where(near, steps, 1.0)


def wide_areas(mask: NDArray[np.bool_], side: int) -> NDArray[np.bool_]:
    """Return the pixels that lie in some square of `side` × `side` pixels which is all within the mask.

    What is narrower than the square, such as a river, goes away; nothing is added. Looks no further than `side` - 1 pixels.
    """
    rows, columns = mask.shape
    if side <= 1 or not mask.any():
        return mask
    if min(rows, columns) < side:
        return np.zeros_like(mask)
    whole = _box_sums(mask, side) == side * side
    if not whole.any():
        return np.zeros_like(mask)
    padded = np.pad(whole, side - 1)
    return np.asarray(_box_sums(padded, side) > 0, dtype=bool)


def _box_sums(mask: NDArray[np.bool_], side: int) -> NDArray[np.int32]:
    """Return the number of set pixels in each square, shape (rows - side + 1, columns - side + 1)."""
    sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), dtype=np.int32)
    np.cumsum(np.cumsum(mask, axis=0, dtype=np.int32), axis=1, out=sums[1:, 1:])
    return np.asarray(sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side])

"""What a published model was made for: a value outside is refused by name, never extrapolated without a word.

Values inside become the flat arrays that compiled loops take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_CHECK_UNIT = Text("Periksa nilai dan satuannya.", "Check the value and its unit.")


def require(model: str, *, hint: Text | None = None, **ranges: tuple[ArrayLike, float, float]) -> None:
    """Raise where a value is outside its model's range; NaN is outside of every range.

    Args:
        model: Named in the message, e.g. "Okumura-Hata".
        hint: What to do about it; to check value and unit if not given.
        **ranges: By parameter name its value or values, the smallest and the largest allowed.

    Raises:
        UsageError: Names the parameter, the first value outside and the range.
    """
    for name, (values, low, high) in ranges.items():
        found = numbers(model, name, values)
        outside = ~((found >= low) & (found <= high))
        if outside.any():
            raise refused(model, name, f"{found[outside][0]:g}", f"{low:g} – {high:g}", hint=hint)


def choose(model: str, name: str, value: str, allowed: tuple[str, ...]) -> int:
    """Return the place of a word among those allowed.

    Raises:
        UsageError: It is none of them.
    """
    if value not in allowed:
        raise refused(model, name, repr(value), ", ".join(allowed))
    return allowed.index(value)


def numbers(model: str, name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return values as floats, in their own shape.

    Raises:
        UsageError: They are no numbers.
    """
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise refused(model, name, repr(values), "float") from error


def flat(model: str, **values: ArrayLike) -> tuple[tuple[int, ...], list[NDArray[np.float64]]]:
    """Return the shape that values broadcast to, and each of them as a flat array of its own for compiled loops.

    Raises:
        UsageError: They are no numbers, or their shapes do not go together.
    """
    arrays = [numbers(model, name, value) for name, value in values.items()]
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError as error:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise refused(model, " × ".join(values), shapes, "broadcast") from error
    spread = [array if array.shape == shape else np.broadcast_to(array, shape) for array in arrays]
    return shape, [np.require(array, requirements=("C", "W")).ravel() for array in spread]


def refused(model: str, name: str, value: str, allowed: str, *, hint: Text | None = None) -> UsageError:
    """Return the refusal of a value by a model."""
    return UsageError(
        Text(
            f"{name} = {value} di luar yang diterima {model}: {allowed}.",
            f"{name} = {value} is outside what {model} takes: {allowed}.",
        ),
        hint=hint or _CHECK_UNIT,
    )

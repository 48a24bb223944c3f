"""Logarithm, exponential and arctangent of many numbers at once, so that the processor takes four or eight in a step.

Compiled calls to the C library go number by number; loops of multiplications, divisions and moves of bits do not. Each
function is a textbook series after an exact reduction of its argument, right to a few units in the last place (the tests
compare with the C library), for positive and finite arguments of ordinary size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.radio.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MANTISSA: Final = 0x000FFFFFFFFFFFFF
_ONE: Final = 0x3FF0000000000000
_TWO_52: Final = 0x4330000000000000  # the bits of 2^52: whole numbers below stand in its last bits
_SHIFT: Final = 6755399441055744.0  # 1.5 · 2^52: adding it rounds to a whole number
_BIAS: Final = 1023
_LN2: Final = math.log(2.0)
_LN2_HIGH: Final = 6.93147180369123816490e-01  # its first 32 bits: a whole multiple of it is exact
_LN2_LOW: Final = 1.90821492927058770002e-10
_ROOT2: Final = math.sqrt(2.0)


@compiled
def log_many(x: NDArray[np.float64], n: int, out: NDArray[np.float64], scratch: NDArray[np.float64]) -> None:
    """Write natural logarithms of the first n of x, positive and normal; `out` may be x.

    ln(2^e·m) = e·ln 2 + 2·artanh((m − 1)/(m + 1)) with m from 1/√2 to √2.
    """
    bits, whole = x.view(np.int64), scratch.view(np.int64)
    for i in range(n):
        b = bits[i]
        whole[i] = (b >> 52) | _TWO_52
        out.view(np.int64)[i] = (b & _MANTISSA) | _ONE
    for i in range(n):
        m, e = out[i], scratch[i] - 4503599627370496.0 - _BIAS
        large = m > _ROOT2
        m = 0.5 * m if large else m
        e = e + 1.0 if large else e
        s = (m - 1.0) / (m + 1.0)
        z = s * s
        series = 1.0 / 21.0
        series = series * z + 1.0 / 19.0
        series = series * z + 1.0 / 17.0
        series = series * z + 1.0 / 15.0
        series = series * z + 1.0 / 13.0
        series = series * z + 1.0 / 11.0
        series = series * z + 1.0 / 9.0
        series = series * z + 1.0 / 7.0
        series = series * z + 1.0 / 5.0
        series = series * z + 1.0 / 3.0
        out[i] = e * _LN2 + 2.0 * (s + s * z * series)


@compiled
def exp_many(x: NDArray[np.float64], n: int, out: NDArray[np.float64], scratch: NDArray[np.float64]) -> None:
    """Write exponentials of the first n of x, from −700 to 700; what is below counts as −700. `out` may be x.

    e^x = 2^k·e^r with k whole and |r| at most ln(2)/2.
    """
    whole = scratch.view(np.int64)
    for i in range(n):
        v = max(x[i], -700.0)
        t = v * (1.0 / _LN2) + _SHIFT
        scratch[i] = t
        k = t - _SHIFT
        r = (v - k * _LN2_HIGH) - k * _LN2_LOW
        series = 1.0 / 6227020800.0
        series = series * r + 1.0 / 479001600.0
        series = series * r + 1.0 / 39916800.0
        series = series * r + 1.0 / 3628800.0
        series = series * r + 1.0 / 362880.0
        series = series * r + 1.0 / 40320.0
        series = series * r + 1.0 / 5040.0
        series = series * r + 1.0 / 720.0
        series = series * r + 1.0 / 120.0
        series = series * r + 1.0 / 24.0
        series = series * r + 1.0 / 6.0
        series = series * r + 0.5
        out[i] = 1.0 + (r + r * r * series)
    for i in range(n):
        whole[i] = (whole[i] + _BIAS) << 52
    for i in range(n):
        out[i] *= scratch[i]


@compiled
def atan_many(x: NDArray[np.float64], n: int, out: NDArray[np.float64]) -> None:
    """Write arctangents of the first n of x; `out` may be x.

    atan(x) = 2·atan(x / (1 + √(1 + x²))), twice; the series then begins below tan(π/8).
    """
    for i in range(n):
        a = x[i] / (1.0 + math.sqrt(1.0 + x[i] * x[i]))
        a = a / (1.0 + math.sqrt(1.0 + a * a))
        z = a * a
        series = 1.0 / 37.0
        for k in range(35, 1, -2):
            series = 1.0 / k - z * series
        out[i] = 4.0 * (a - a * z * series)

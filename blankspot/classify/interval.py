"""The Wilson score interval of a share, for equal and for unequal weights.

With unequal weights the number of cells is replaced by Kish's effective number (Σw)² / Σw², which equals the number of
cells where all weigh the same. Sources: Wilson (1927), "Probable inference, the law of succession, and statistical
inference"; Kish (1965), "Survey Sampling", section 8.2.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def wilson(
    share: ArrayLike, n: ArrayLike, *, level_pct: float = 95.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper bound of a share seen in `n` independent trials.

    Args:
        share: Observed shares between 0 and 1.
        n: Number of trials, may be fractional; 0 gives (0, 1), which says nothing.
        level_pct: Two-sided confidence level in percent.

    Returns:
        Lower and upper bounds, between 0 and 1.
    """
    share, n = np.asarray(share, dtype=float), np.asarray(n, dtype=float)
    z2 = NormalDist().inv_cdf(0.5 + level_pct / 200) ** 2
    spread = np.sqrt(z2 * (n * share * (1 - share)) + z2 * z2 / 4)
    middle = n * share + z2 / 2
    low = np.clip((middle - spread) / (n + z2), 0.0, 1.0)
    high = np.clip((middle + spread) / (n + z2), 0.0, 1.0)
    return np.where(share <= 0, 0.0, low), np.where(share >= 1, 1.0, high)


def effective_n(weight_sum: ArrayLike, weight_square_sum: ArrayLike) -> NDArray[np.float64]:
    """Return Kish's effective number of cells from Σw and Σw²; 0 where nothing weighs."""
    total, squares = np.asarray(weight_sum, dtype=float), np.asarray(weight_square_sum, dtype=float)
    effective: NDArray[np.float64] = np.divide(total**2, squares, out=np.zeros_like(total), where=squares > 0)
    return effective

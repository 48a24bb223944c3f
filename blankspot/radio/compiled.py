"""How kernels are compiled: once, kept on disk, free of the interpreter's lock, divisions as the processor does them."""

from __future__ import annotations

from typing import Final

from numba import njit

compiled: Final = njit(cache=True, nogil=True, error_model="numpy")

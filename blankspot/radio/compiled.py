"""How kernels are compiled: once, kept on disk, free of the interpreter's lock, divisions as the processor does them.

Where there is no folder to keep them in, they are compiled once per process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., Any]")


def compiled(function: _Function) -> _Function:
    """Return a function that compiles on its first call; `.py_func` is the plain one."""
    try:
        return cast("_Function", njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:  # numba found no writable folder for its cache
        return cast("_Function", njit(nogil=True, error_model="numpy")(function))

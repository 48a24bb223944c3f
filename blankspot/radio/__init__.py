"""The radio engine: published propagation models over terrain, arrays in and arrays out, one file per model.

Lazy like the package itself: a model is imported, and its kernels compiled or read from their cache, when it is first
asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

MODELS = ("antenna", "entry", "free_space", "fresnel", "hata", "link", "p1812", "profile", "sweep")


def __getattr__(name: str) -> ModuleType:
    if name not in MODELS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return list(MODELS)

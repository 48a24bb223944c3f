"""Kernels are compiled whether or not there is a folder to keep them in."""

from __future__ import annotations

from blankspot.radio.compiled import compiled


def ratio(a: float, b: float) -> float:
    return a / b


def test_a_kernel_keeps_its_plain_function():
    kernel = compiled(ratio)
    assert kernel(1.0, 4.0) == kernel.py_func(1.0, 4.0) == 0.25


def test_divisions_are_the_processors():
    assert compiled(ratio)(1.0, 0.0) == float("inf")


def test_without_a_folder_for_the_cache_it_is_compiled_all_the_same(monkeypatch):
    from numba.core import caching

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    assert compiled(ratio)(1.0, 4.0) == 0.25

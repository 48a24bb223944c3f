"""The worlds these tests look at, each invented once."""

from __future__ import annotations

import pytest

from blankspot.demo import World, invent


@pytest.fixture(scope="session")
def arunika() -> World:
    return invent()


@pytest.fixture(scope="session")
def small() -> World:
    return invent(seed=5, villages=64)

"""Fixtures shared by all tests: where the real data lie, and a browser with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real data, which lives beside the repository and never in it."""
    if not REAL.is_dir():
        pytest.skip("shared data absent: ../shared/real is not beside this clone")
    return REAL

"""A ledger that lives in memory, on the last day of 2022."""

from __future__ import annotations

import pytest
from stories import clock

from blankspot.ledger import Ledger


@pytest.fixture
def ledger():
    with Ledger.open(":memory:", origin="dinas", clock=clock) as opened:
        yield opened

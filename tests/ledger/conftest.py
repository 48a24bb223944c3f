"""Ledgers to test with: one in memory on the last day of 2022, and new ones in every database."""

from __future__ import annotations

import pytest
from postgres import running
from stories import clock

from blankspot.ledger import Ledger


@pytest.fixture
def ledger():
    with Ledger.open(":memory:", origin="dinas", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server, started once per worker."""
    with running() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgres"])
def new_address(request, tmp_path):
    """Return a function that gives addresses of ledgers that have yet to be made, in one of the databases."""
    if request.param == "postgres":
        return request.getfixturevalue("server").new_address
    places = iter(range(100))
    return lambda: str(tmp_path / f"ledger{next(places)}.db")


@pytest.fixture
def address(new_address):
    """The address of a ledger that has yet to be made."""
    return new_address()


@pytest.fixture
def told(address):
    """The address of a ledger that holds the whole story of one village, as the office 'dinas' recorded it."""
    with Ledger.open(address, origin="dinas", clock=clock) as opened:
        from stories import handled

        opened.append(handled())
    return address


@pytest.fixture
def direct(request):
    """Return a function that runs statements on a ledger's database without blankspot, and gives the rows of the last."""
    import sqlite3

    def run(place: str, *statements: str) -> list[tuple]:
        if "://" in place:
            with request.getfixturevalue("server").connect(place) as connection:
                found = [connection.execute(statement) for statement in statements][-1]
                return found.fetchall() if found.description else []
        connection = sqlite3.connect(place, isolation_level=None)
        try:
            return [connection.execute(statement).fetchall() for statement in statements][-1]
        finally:
            connection.close()

    return run

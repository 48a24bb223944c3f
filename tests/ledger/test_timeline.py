"""The past of every village, told in moves: the same as asking the ledger day by day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from blankspot.ledger import Event, Ledger
from blankspot.out.maps.tables import case_table
from blankspot.run import Workspace

A, B = "99.01.01.2001", "99.01.01.2002"


def on(month, day, kind, case=f"{A}:mobile", **fields):
    return Event(kind=kind, happened_on=dt.date(2022, month, day), village_code=case[:13], case_id=case, fields=fields)


def listed(month, day, kind, village=A, **fields):
    return Event(
        kind=kind, happened_on=dt.date(2022, month, day), village_code=village, fields={"year": 2022, **fields}
    )


def told(moves):
    return [(row.on.strftime("%m-%d"), row.village_code, row.stage, row.partner) for row in moves.itertuples()]


def standing_by_state(ledger, villages, day):
    """Return what the map of a day would show of each village: its stage and its partner."""
    columns = case_table(ledger.state(as_of=day), villages).columns
    found = {}
    for row, stage, partner in zip(columns["village"], columns["stage"]["at"], columns["partner"]["at"], strict=True):
        told = (columns["stage"]["words"][stage], "" if partner < 0 else columns["partner"]["words"][partner])
        found.setdefault(villages["village_code"].iloc[row], told)
    return found


def standing_by_timeline(moves, villages, day):
    known = set(villages["village_code"])
    until = moves[moves["on"] <= pd.Timestamp(day)]
    last = {row.village_code: (row.stage, row.partner) for row in until.itertuples() if row.village_code in known}
    return {code: told for code, told in last.items() if told[0]}


@pytest.mark.parametrize(
    "day", ["2020-11-03", "2020-11-04", "2021-05-01", "2021-12-31", "2022-06-30", "2022-11-15", "2022-12-26"]
)
def test_the_moves_add_up_to_the_state_of_any_day(demo_made, day):
    workspace = Workspace(demo_made)
    villages = workspace.frame("villages")
    with workspace.ledger() as ledger:
        moves = ledger.timeline()
        wanted = standing_by_state(ledger, villages, dt.date.fromisoformat(day))
    assert standing_by_timeline(moves, villages, day) == wanted


def test_every_row_is_a_change(demo_made):
    with Workspace(demo_made).ledger() as ledger:
        moves = ledger.timeline()
    assert moves["on"].is_monotonic_increasing
    before = moves.groupby("village_code")[["stage", "partner"]].shift()
    assert not ((moves["stage"] == before["stage"]) & (moves["partner"] == before["partner"])).any()
    assert not moves.duplicated(["village_code", "on"]).any()


def test_an_empty_ledger_has_no_past():
    with Ledger.open(":memory:") as ledger:
        moves = ledger.timeline()
    assert moves.empty
    assert list(moves.columns) == ["village_code", "on", "stage", "partner"]


def clock():
    return dt.datetime(2022, 12, 30, 9, tzinfo=dt.UTC)


@pytest.fixture
def book():
    with Ledger.open(":memory:", clock=clock) as ledger:
        yield ledger


def test_several_moves_on_one_day_count_as_one(book):
    book.append(
        [on(3, 1, "proposed"), on(3, 1, "verified"), on(4, 2, "approved"), on(4, 2, "assigned", partner="BAKTI")]
    )
    assert told(book.timeline()) == [("03-01", A, "verified", ""), ("04-02", A, "assigned", "BAKTI")]


def test_the_case_that_moved_last_speaks_and_internet_points_never_do(book):
    other = f"{A}:mobile:dusun"
    book.append(
        [on(1, 1, "proposed"), on(2, 1, "proposed", other), on(3, 1, "verified"), on(4, 1, "proposed", f"{A}:internet")]
    )
    assert told(book.timeline()) == [("01-01", A, "proposed", ""), ("03-01", A, "verified", "")]


def test_a_listed_village_is_identified_until_somebody_takes_it_up_or_it_leaves_the_list(book):
    book.append(
        [
            listed(1, 5, "target"),
            listed(1, 5, "target", B),
            on(2, 1, "proposed"),
            listed(6, 1, "target_removed", B, reason="Bukan blankspot"),
        ]
    )
    assert told(book.timeline()) == [
        ("01-05", A, "identified", ""),
        ("01-05", B, "identified", ""),
        ("02-01", A, "proposed", ""),
        ("06-01", B, "", ""),
    ]

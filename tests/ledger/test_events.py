"""An event is its content, and its identity is the content's."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import HOSTILE, NOW, VILLAGE, day, event

from blankspot.errors import CodeError, UsageError
from blankspot.ledger import Event
from blankspot.ledger.events import GENESIS, canonical, chain


def test_the_same_content_has_the_same_identity():
    one = Event(
        kind="assigned", village_code=VILLAGE, happened_on=day(3), fields={"partner": "Telkom", "budget_rp": 2e9}
    )
    other = Event(
        kind="assigned",
        village_code=f" {VILLAGE} ",
        happened_on=dt.datetime(2022, 1, 4, 9, 30, tzinfo=dt.UTC),
        case_id=f"{VILLAGE}:mobile",
        fields={
            "budget_rp": np.int64(2_000_000_000),
            "partner": " Telkom",
            "note": "",
            "reason": None,
            "evidence": np.nan,
        },
    )
    assert one == other
    assert one.content_id == other.content_id
    assert len(one.content_id) == 64


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "construction"},
        {"village_code": "32.04.05.2002"},
        {"happened_on": day(4)},
        {"case_id": f"{VILLAGE}:internet"},
        {"fields": {"partner": "telkom"}},
    ],
)
def test_any_other_content_has_another_identity(changed):
    plain = {"kind": "assigned", "village_code": VILLAGE, "happened_on": day(3), "fields": {"partner": "Telkom"}}
    assert Event(**plain).content_id != Event(**{**plain, **changed}).content_id


def test_an_event_does_not_change_with_what_it_was_made_of():
    fields = {"partner": "Telkom"}
    made = Event(kind="assigned", village_code=VILLAGE, happened_on=day(0), fields=fields)
    fields["partner"] = "Indosat"
    assert made.fields["partner"] == "Telkom"
    with pytest.raises(TypeError):
        made.fields["partner"] = "XL"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "finished"},
        {"fields": {"colour": "red"}},
        {"fields": {"year": "2022"}},
        {"fields": {"budget_rp": float("inf")}},
        {"fields": {"partner": 3}},
        {"fields": {"year": True}},
        {"case_id": "32.04.05.2002:mobile"},
        {"case_id": f"{VILLAGE}:radio"},
        {"case_id": f"{VILLAGE}:mobile:"},
        {"case_id": f"{VILLAGE}:mobile:{'x' * 33}"},
        {"happened_on": "2022-01-01"},
        {"happened_on": pd.NaT},
        {"kind": "target", "case_id": f"{VILLAGE}:internet"},
        {"case_id": 5},
        {"fields": [("note", "x")]},
        {"fields": {5: "x", "note": "y"}},
        {"fields": {"note": ["a", "b"]}},
        {"fields": {"note": np.array(["a", "b"])}},
        {"fields": {"due_on": "20221226"}},
        {"fields": {"planned_quarter": "20२२-Q1"}},
    ],
)
def test_what_is_no_event_is_refused(wrong):
    with pytest.raises(UsageError):
        Event(**{"kind": "assigned", "village_code": VILLAGE, "happened_on": day(0), **wrong})


@pytest.mark.parametrize(
    "fields",
    [
        {"budget_rp": 2**53 + 1},
        {"budget_rp": 10**5000},
        {"budget_rp": 1e300},
        {"year": 10**30},
        {"year": -3},
        {"lat": 91},
        {"partner": "Telkom\ud800"},
        {"note": "x" * 10_000_000},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_no_view_or_file_could_hold_never_gets_on_record(fields):
    with pytest.raises(UsageError) as refused:
        Event(kind="assigned", village_code=VILLAGE, happened_on=day(0), fields=fields)
    assert len(str(refused.value)) < 300


def test_a_code_that_is_none_is_refused_with_its_candidates():
    with pytest.raises(CodeError, match=r"32\.04\.05\.2001"):
        Event(kind="identified", village_code="3204052001", happened_on=day(0))


@given(st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None, max_examples=60)
def test_canonical_json_is_ascii_sorted_and_reads_back(key, value):
    written = canonical({key: value, "a": 1})
    assert written.isascii()
    assert json.loads(written) == {key: value, "a": 1}


def test_a_chain_links_each_record_to_the_one_before():
    first = chain(event("identified"), origin="a", seq=1, recorded_at=NOW, prev_hash=GENESIS)
    second = chain(event("proposed", note=HOSTILE), origin="a", seq=2, recorded_at=NOW, prev_hash=first.hash)
    assert second.prev_hash == first.hash != second.hash
    assert second.event == event("proposed", note=HOSTILE)
    elsewhere = chain(event("identified"), origin="b", seq=1, recorded_at=NOW, prev_hash=GENESIS)
    assert elsewhere.content_id == first.content_id
    assert elsewhere.hash != first.hash

"""What a verdict from readings after the handling proves about a case."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import VILLAGE, handled, story

from blankspot.ledger.fold import Case
from blankspot.ledger.verify import OUTCOMES, cases_to_verify, judge_case
from blankspot.settings import load_settings

SETTINGS = load_settings()
CASE = Case(f"{VILLAGE}:mobile", VILLAGE, "handled", dt.date(2022, 8, 1), handled_on=dt.date(2022, 8, 1))


def verdict(signal_class: str, low: float = 0.5, share: float = 0.9, high: float = 0.99, **changes: object):
    given = {
        "village_code": VILLAGE,
        "signal_class": signal_class,
        "confidence": "measured",
        "share_served": share,
        "share_low": low,
        "share_high": high,
        "weight_kind": "area",
        "n_measurements": 31,
        "n_cells": 16,
        "latest_measurement": pd.Timestamp("2022-10-03 20:00", tz="UTC"),
    }
    return given | changes


def judged(found, case: Case = CASE, **changes):
    return judge_case(case, found, sources=["uji.csv"], settings=load_settings(changes) if changes else SETTINGS)


@pytest.mark.parametrize(
    ("found", "outcome", "kind"),
    [
        (verdict("served"), "verified", "verified_after"),
        (verdict("weak", 0.201), "verified", "verified_after"),
        (verdict("weak", 0.2), "inconclusive", None),
        (verdict("weak", 0.0, 0.0, 0.1), "inconclusive", None),
        (verdict("none", 0.0, 0.0, 0.15), "failed", "reopened"),
        (verdict("unknown", 0.45), "inconclusive", None),
        (verdict("served", confidence="indicative", n_measurements=8, n_cells=3), "inconclusive", None),
        (verdict("none", confidence="indicative", n_measurements=8, n_cells=3), "inconclusive", None),
        (verdict("unknown", n_measurements=0), "unmeasured", None),
        (None, "unmeasured", None),
    ],
)
def test_a_verdict_proves_or_contradicts_or_neither(found, outcome, kind):
    told = judged(found)
    assert told.outcome == outcome
    assert (None if told.event is None else told.event.kind) == kind
    assert told.why.id
    assert "{" not in told.why.id + told.why.en


def test_the_event_carries_the_verdict_with_its_figures_day_and_profile():
    event = judged(verdict("served", 0.781, 0.923, 0.9765)).event
    assert event.happened_on == dt.date(2022, 10, 4)  # 3 October 20:00 UTC is the 4th in Jakarta
    assert event.case_id == CASE.case_id
    assert event.fields["signal_class"] == "served"
    assert event.fields["verdict"] == (
        "Terlayani: 92,3 % wilayah terlayani 4G (selang 78,1–97,7 %), 31 titik ukur di 16 sel, terakhir 4 Oktober 2022; "
        f"profil {SETTINGS.profile_label}"
    )
    assert "31 titik ukur di 16 sel" in event.fields["evidence"]
    assert event.fields["document"] == "uji.csv"
    assert "reason" not in event.fields


def test_a_case_that_failed_is_reopened_with_its_reason_only():
    event = judged(verdict("none", 0.0, 0.0, 0.15)).event
    assert event.fields["reason"].startswith("Terukur blankspot sesudah ditangani: Blankspot: 0,0 % wilayah")


def test_the_rule_is_a_setting():
    weak = verdict("weak", 0.35)
    assert judged(weak).outcome == "verified"
    assert judged(weak, verification={"served_lower_min_pct": 40}).outcome == "inconclusive"
    assert "35,0 %, perlu di atas 40 %" in judged(weak, verification={"served_lower_min_pct": 40}).why.id


def test_what_is_recorded_is_in_the_language_of_the_workspace():
    assert judged(verdict("served"), language="en").event.fields["verdict"].startswith("Served: 90.0 % of the area")


def test_a_verified_case_is_only_spoken_of_when_it_is_contradicted():
    verified = CASE._replace(stage="verified_after")
    assert judged(verdict("served"), verified) is None
    assert judged(None, verified) is None
    assert judged(verdict("none", 0.0, 0.0, 0.1), verified).event.kind == "reopened"


def test_many_files_are_named_shortly():
    told = judge_case(CASE, verdict("served"), sources=list("abcde"), settings=SETTINGS)
    assert told.event.fields["document"] == "a; b; c; dan 2 lagi"


def test_only_handled_mobile_cases_are_looked_at(ledger):
    other = "32.04.05.2002"
    ledger.append(handled())
    ledger.append(story("proposed", "verified", "approved", "assigned", "construction", village=other))
    ledger.append(
        story("proposed", "verified", "approved", "assigned", "handled", village=other, case_id=f"{other}:internet")
    )
    assert [case.case_id for case in cases_to_verify(ledger.folded())] == [f"{VILLAGE}:mobile"]


@settings(deadline=None, max_examples=80)
@given(
    name=st.sampled_from(["none", "weak", "served", "unknown"]),
    confidence=st.sampled_from(["measured", "indicative"]),
    low=st.floats(0, 1),
    better=st.floats(0, 1),
)
def test_a_higher_lower_bound_never_proves_less(name, confidence, low, better):
    proven = [
        judged(verdict(name, bound, confidence=confidence)).outcome == "verified" for bound in sorted((low, better))
    ]
    assert proven[0] <= proven[1]
    assert set(OUTCOMES) >= {judged(verdict(name, low, confidence=confidence)).outcome}

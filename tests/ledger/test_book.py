"""The ledger as its users see it."""

from __future__ import annotations

import datetime as dt
import sqlite3
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, VILLAGES, Clock, any_event, clock, day, event, handled, likely_events, story

import blankspot
from blankspot.errors import LedgerError, UsageError
from blankspot.ledger import Ledger
from blankspot.ledger.audit import audit
from blankspot.ledger.fold import fold
from blankspot.ledger.frames import STATE_COLUMNS, state_frame
from blankspot.settings import load_settings
from blankspot.words import Text


def test_the_public_face_has_it():
    assert blankspot.Ledger is Ledger
    assert isinstance(handled()[0], blankspot.Event)


def test_what_is_no_date_no_year_and_no_event_is_refused(ledger):
    ledger.append(handled())
    for view in (ledger.state, ledger.events):
        with pytest.raises(UsageError, match="is not a date"):
            view("2022-12-26")
        with pytest.raises(UsageError, match="is not a date"):
            view(known_on="2022-12-26")
    with pytest.raises(UsageError, match="is not a date"):
        ledger.progress(year=2022, as_of="2022-12-26")
    with pytest.raises(UsageError, match="is no year"):
        ledger.progress(year="2022")
    with pytest.raises(UsageError, match="is no event"):
        ledger.append([{"kind": "identified"}])


def test_a_moment_stands_for_its_day(ledger):
    ledger.append(handled())
    moment = pd.Timestamp(day(3)) + pd.Timedelta(hours=5)
    assert ledger.state(moment).equals(ledger.state(day(3)))
    assert ledger.progress(year=2022, as_of=moment) == ledger.progress(year=2022, as_of=day(3))


def test_a_batch_may_be_given_in_any_order(ledger):
    records = ledger.append(list(reversed(handled())))
    assert [record.kind for record in records] == [one.kind for one in handled()]
    assert ledger.state()["stage"].tolist() == ["handled"]


def test_what_is_on_record_is_passed_over(ledger):
    assert len(ledger.append(handled())) == 8
    assert ledger.append(handled()) == ()
    assert len(ledger.append([*handled(), event("verified_after", 90), event("verified_after", 90)])) == 1


@pytest.mark.parametrize(
    ("before", "new", "said"),
    [
        ([], event("handled", 5), ("requires the stage", "not begun")),
        (story("identified"), event("approved", 5), ("'Verified' or 'Deferred'", "'Identified' since 1 January 2022")),
        (story("identified", "proposed", "verified", "rejected"), event("handled", 50), ("on record: 'Rejected'",)),
        (handled(), event("construction", 90), ("on record: 'Handled'", "'Verified after handling' or 'Reopened'")),
        (handled(), event("verified_after", 60), ("before its last move 'Handled' on 12 March 2022",)),
        ([], event("identified", 365), ("has not come yet",)),
        (handled()[:7], event("handled", 90, evidence=""), ("names no evidence",)),
        ([], event("target", 5, year=None), ("year of the target list is missing",)),
        ([], event("target_removed", 5), ("is not on the target list of 2022",)),
        ([event("target", 5)], event("target", 6, note="again"), ("on the target list of 2022 already",)),
        ([event("target", 5)], event("target_removed", 4), ("is not on the target list of 2022",)),
        ([event("target", 5)], event("target_removed", 6, reason=""), ("names no reason",)),
    ],
)
def test_a_refusal_says_what_was_expected_and_what_was_found(ledger, before, new, said):
    ledger.append(before)
    with pytest.raises(LedgerError) as refused:
        ledger.append(new)
    assert refused.value.exit_code == 5
    for words in said:
        assert words in str(refused.value)
    assert refused.value.say("id") != str(refused.value)
    assert len(ledger.events()) == len(before)


def test_a_batch_is_recorded_whole_or_not_at_all(ledger):
    fine = [event("identified", village=f"32.04.06.2{number:03d}") for number in range(1, 20)]
    with pytest.raises(LedgerError, match="2 of 21 events are refused") as refused:
        ledger.append([*fine, event("handled", 3), event("approved", 4, VILLAGES[1])])
    assert refused.value.say("id").count("mensyaratkan tahap") == 2
    assert ledger.events() == ()


def test_a_new_version_of_a_target_list_names_its_document(ledger):
    ledger.append([event("target", 0, document="SK-1"), event("target", 30, document="SK-2")])
    ledger.append([event("target_removed", 40, reason="salah catat"), event("target", 50, document="SK-3")])
    assert ledger.state()["document"].tolist() == ["SK-3"]
    assert ledger.state(as_of=day(45)).empty


def test_as_of_and_known_on_give_any_past_view():
    now = Clock(dt.datetime(2022, 6, 30, 16, 0, tzinfo=dt.UTC))
    with Ledger.open(":memory:", clock=now) as ledger:
        ledger.append(story("identified", "proposed"))
        now.now = dt.datetime(2022, 7, 1, 16, 59, tzinfo=dt.UTC)  # still 1 July in Jakarta
        ledger.append(story("verified", start=20))
        now.now = dt.datetime(2022, 7, 1, 17, 0, tzinfo=dt.UTC)  # 2 July in Jakarta
        ledger.append(story("approved", start=30))
        stages = [ledger.state(as_of=day(number))["stage"].tolist() for number in (-1, 0, 19, 20, 400)]
        assert stages == [[], ["identified"], ["proposed"], ["verified"], ["approved"]]
        assert len(ledger.events(known_on=dt.date(2022, 6, 29))) == 0
        assert len(ledger.events(known_on=dt.date(2022, 6, 30))) == 2
        assert len(ledger.events(known_on=dt.date(2022, 7, 1))) == 3
        assert len(ledger.events(known_on=dt.date(2022, 7, 2))) == 4
        assert len(ledger.events(known_on=dt.datetime(2022, 7, 1, 16, 59, tzinfo=dt.UTC))) == 3
        assert len(ledger.events(known_on=dt.datetime(2022, 7, 1, 16, 58, tzinfo=dt.UTC))) == 2
        assert ledger.state(as_of=day(5), known_on=dt.date(2022, 7, 2))["stage"].tolist() == ["identified"]


def test_the_day_of_the_present_is_the_zones():
    moment = dt.datetime(2022, 12, 31, 16, 30, tzinfo=dt.UTC)
    for zone, today in (("Asia/Jakarta", dt.date(2022, 12, 31)), ("Asia/Jayapura", dt.date(2023, 1, 1))):
        with Ledger.open(":memory:", clock=lambda: moment, settings=load_settings({"timezone": zone})) as ledger:
            assert ledger.today == today == moment.astimezone(ZoneInfo(zone)).date()


def test_a_clock_set_back_is_told_and_nothing_is_lost():
    now = Clock(NOW)
    with Ledger.open(":memory:", clock=now) as ledger:
        ledger.append(story("identified"))
        now.now = NOW - dt.timedelta(hours=2)
        with pytest.raises(LedgerError, match="clock says 2022-12-31 08:00:00, but the last record was made at"):
            ledger.append(story("proposed", start=5))
        now.now = NOW - dt.timedelta(seconds=2)
        (record,) = ledger.append(story("proposed", start=5))
        assert record.recorded_at == NOW
        assert len(ledger.events()) == 2


def test_the_state_has_one_row_per_case(ledger):
    internet = f"{VILLAGE}:internet"
    ledger.append([event("target", 0, document="SK-1"), event("target", 0, VILLAGES[1], document="SK-1")])
    ledger.append([*story("identified", "proposed"), event("identified", 5, case_id=internet)])
    ledger.append(event("identified", 6, VILLAGES[2], case_id=f"{VILLAGES[2]}:mobile:2", budget_rp=2.5e9))
    state = ledger.state()
    assert dict(state.dtypes.astype(str)) == {
        name: str(pd.Series(dtype=kind).dtype) for name, kind in STATE_COLUMNS.items()
    }
    assert state["case_id"].tolist() == [
        internet,
        f"{VILLAGE}:mobile",
        f"{VILLAGES[1]}:mobile",
        f"{VILLAGES[2]}:mobile:2",
    ]
    assert state["stage"].tolist() == ["identified", "proposed", "identified", "identified"]
    assert state["is_target"].tolist() == [False, True, True, False]
    assert state["year"].fillna(0).tolist() == [0, 2022, 2022, 0]
    assert state["moves"].tolist() == [1, 2, 0, 1]
    assert state["since"].dt.date.tolist() == [day(5), day(10), day(0), day(6)]


def test_the_latest_target_year_shows_unless_one_is_asked_for(ledger):
    ledger.append([event("target", 0, year=2021), event("target", 0, year=2022)])
    assert ledger.state()["year"].tolist() == [2022]
    assert ledger.state(year=2021)["year"].tolist() == [2021]
    assert ledger.state(year=2020).empty


def test_an_empty_ledger(ledger):
    assert ledger.events() == ()
    assert list(ledger.state().columns) == list(STATE_COLUMNS)
    assert ledger.progress(year=2022).text() == "0 dari 0 desa (–) per 31 Desember 2022"
    assert ledger.audit().passed
    assert ledger.append([]) == ()


def test_every_office_has_its_own_chain(tmp_path):
    place = tmp_path / "ledger.db"
    for origin in ("kabupaten", "provinsi", "kabupaten"):
        with Ledger.open(place, origin=origin, clock=clock) as ledger:
            number = len(ledger.events())
            ledger.append(story("identified", "proposed", village=VILLAGES[number // 2]))
    with Ledger.open(place) as ledger:
        assert ledger.origin == "kabupaten"
        assert sorted((record.origin, record.seq) for record in ledger.events()) == [
            *(("kabupaten", seq) for seq in range(1, 5)),
            ("provinsi", 1),
            ("provinsi", 2),
        ]
        found = ledger.audit()
        assert (found.records, found.origins, found.passed) == (6, 2, True)


def test_a_new_ledger_has_an_origin_of_its_own(tmp_path):
    with Ledger.open(tmp_path / "a.db") as one, Ledger.open(tmp_path / "b.db") as other:
        assert one.origin != other.origin
        origin = one.origin
    with Ledger.open(tmp_path / "a.db") as again:
        assert again.origin == origin


@pytest.mark.parametrize(
    ("rewrite", "seq", "said"),
    [
        (lambda records: records[:3] + records[4:], 4, "missing"),
        (lambda records: [*records[:3], records[3]._replace(fields={"note": "x"}), *records[4:]], 4, "content"),
        (lambda records: [*records[:3], records[3]._replace(happened_on=day(33)), *records[4:]], 4, "content"),
        (
            lambda records: [*records[:3], records[3]._replace(recorded_at=NOW - dt.timedelta(1)), *records[4:]],
            4,
            "continue",
        ),
        (lambda records: [records[0]._replace(prev_hash="f" * 64), *records[1:]], 1, "continue"),
        (lambda records: [*records[:5], records[5]._replace(hash="f" * 64), *records[6:]], 6, "continue"),
    ],
)
def test_the_audit_names_the_first_broken_link(ledger, rewrite, seq, said):
    records = list(ledger.append(handled()))
    assert audit(records).passed
    broken = audit(rewrite(records))
    assert not broken.passed
    assert [(one.origin, one.seq) for one in broken.breaks] == [("dinas", seq)]
    assert said in broken.breaks[0].what.en


def test_the_digest_changes_with_every_record_and_with_nothing_else(ledger):
    empty = ledger.digest()
    ledger.append(story("identified"))
    one = ledger.digest()
    ledger.append(story("identified"))
    assert ledger.digest() == one != empty
    ledger.append(story("proposed", start=3))
    assert ledger.digest() != one


@given(st.lists(st.lists(any_event(), max_size=3) | likely_events(), max_size=4))
@settings(deadline=None, max_examples=40)
def test_what_append_accepts_replays_without_conflict_and_what_it_refuses_leaves_nothing(batches):
    with Ledger.open(":memory:", clock=clock) as ledger:
        for batch in batches:
            before = ledger.events()
            try:
                added = ledger.append(batch)
            except LedgerError:
                assert ledger.events() == before
            else:
                assert len(ledger.events()) == len(before) + len(added)
                assert {one.content_id for one in batch} <= {record.content_id for record in ledger.events()}
        records = ledger.events()
        for number in range(0, 60, 7):
            state = fold(record for record in records if record.happened_on <= day(number))
            assert not state.conflicts
            seen = ledger.state(as_of=day(number)).drop(columns="head")  # which names the last move of all
            pd.testing.assert_frame_equal(state_frame(state).drop(columns="head"), seen)
        assert ledger.audit().passed


def test_what_is_committed_stays_told_even_if_no_snapshot_can_be_kept(ledger, monkeypatch):
    def refuse():
        raise LedgerError(Text("Disk penuh.", "The disk is full."))

    monkeypatch.setattr("blankspot.ledger.book._SNAPSHOT_EVERY", 2)
    monkeypatch.setattr(ledger, "snapshot", refuse)
    assert len(ledger.append(story("identified", "proposed", "verified"))) == 3


def test_an_office_whose_clock_runs_ahead_stops_no_other_office(ledger):
    with Ledger.open(":memory:", origin="tetangga", clock=lambda: NOW + dt.timedelta(days=900)) as ahead:
        ahead.append(story("proposed"))
        ledger.merge(ahead)
    (record,) = ledger.append(event("verified", 20))
    assert record.recorded_at == NOW
    assert ledger.state()["stage"].tolist() == ["verified"]


@pytest.mark.parametrize("name", ["a\tb", "a\nb", " a", "x" * 41, "\ud800"])
def test_an_office_has_a_name_that_can_be_written(name):
    with pytest.raises(UsageError, match="cannot be the name of an office"):
        Ledger.open(":memory:", origin=name)


def test_progress_refuses_what_is_no_year_and_no_grouping(ledger):
    for year in (None, 0, -1, 10**9):
        with pytest.raises(UsageError, match="is no year"):
            ledger.progress(year=year, by="quarter")
    with pytest.raises(UsageError, match="The grouping 'kecamatan'"):
        ledger.progress(year=2022, by="kecamatan")


def test_by_the_last_day_that_can_be_written_everything_is_known(ledger):
    ledger.append(story("identified"))
    for last in (dt.date.max, dt.datetime.max.replace(tzinfo=dt.UTC)):
        assert len(ledger.events(known_on=last)) == 1


@pytest.mark.parametrize("fields", ['{"amount_rp": NaN}', '{"amount_rp": {"a": [1]}}', "{}"])
def test_an_audit_names_a_record_whose_content_cannot_be(tmp_path, fields):
    with Ledger.open(tmp_path / "l.db", clock=clock) as ledger:
        ledger.append([*story("proposed"), event("money", 9, amount_rp=5)])
        ledger.snapshot()
    with sqlite3.connect(tmp_path / "l.db") as database:
        database.execute("DROP TRIGGER events_refuse_update")
        database.execute("UPDATE events SET fields = ? WHERE kind = 'money'", (fields,))
    with Ledger.open(tmp_path / "l.db", clock=clock) as ledger:
        assert [(found.seq, "was changed" in found.what.en) for found in ledger.audit().breaks] == [(2, True)]


def test_a_new_ledger_is_called_after_its_office(tmp_path):
    with Ledger.open(tmp_path / "a.db", office="Diskominfo Kab. Arunika (contoh)") as ledger:
        assert ledger.origin.startswith("diskominfo-kab-arunika-contoh-")
        own = ledger.origin
    with Ledger.open(tmp_path / "a.db", office="Nama lain") as ledger:
        assert ledger.origin == own

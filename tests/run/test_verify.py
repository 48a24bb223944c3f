"""Verifying handled desa in hand-made worlds, and in the example."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import worlds
from stories import event, story

import blankspot as bs
from blankspot.ledger import Ledger
from blankspot.run.verify import ROW_COLUMNS, verify, verify_workspace
from blankspot.settings import load_settings

CODES = [f"99.01.01.{2001 + number}" for number in range(3)]
AS_OF = dt.date(2022, 12, 26)
SETTINGS = load_settings()
VILLAGES = worlds.villages(3)
STRONG, NOTHING = [-98.0] * 31, [-121.0] * 31


def moment(month: int, day: int) -> dt.datetime:
    return dt.datetime(2022, month, day, 3, 0, tzinfo=dt.UTC)


def ledger_of(*stories, clock=lambda: dt.datetime(2022, 12, 31, tzinfo=dt.UTC)):
    ledger = Ledger.open(":memory:", origin="dinas", clock=clock)
    for told in stories:
        ledger.append(told)
    return ledger


def done(code: str, number: int = 200, **changes):
    """A desa handled on a day of 2022 by its number; 200 is 20 July."""
    case = changes.pop("case_id", "")
    before = story("proposed", "verified", "approved", "assigned", village=code, case_id=case)
    return [*before, event("handled", number, code, case_id=case)]


def plan(ledger, readings, **options):
    return verify(ledger.folded(AS_OF), VILLAGES, readings, settings=SETTINGS, as_of=AS_OF, **options)


def outcomes(found) -> dict[str, str]:
    return {one.case.case_id: one.outcome for one in found.found}


def test_only_readings_after_the_handling_count():
    before = worlds.drive(NOTHING, at_time=moment(3, 1))
    after = worlds.drive(STRONG, at_time=moment(10, 3))
    with ledger_of(done(CODES[0])) as ledger:
        found = plan(ledger, pd.concat([before, after], ignore_index=True))
        assert outcomes(found) == {f"{CODES[0]}:mobile": "verified"}
        (told,) = found.verified
        assert told.happened_on == dt.date(2022, 10, 3)
        assert (told.fields["signal_class"], told.fields["document"]) == ("served", "uji.csv")
        assert "62 titik ukur di 31 sel" in told.fields["verdict"]
        ledger.append(found.verified)
        again = plan(ledger, pd.concat([before, after], ignore_index=True))
        assert (again.found, again.verified) == ((), ())


def test_readings_of_the_day_itself_and_before_prove_nothing():
    for on in (moment(7, 20), moment(7, 19)):
        with ledger_of(done(CODES[0])) as ledger:
            assert outcomes(plan(ledger, worlds.drive(STRONG, at_time=on))) == {f"{CODES[0]}:mobile": "unmeasured"}


def test_the_day_is_the_reader_s_and_not_utc():
    evening = dt.datetime(2022, 7, 20, 18, 0, tzinfo=dt.UTC)  # 1 in the morning of the 21st in Jakarta
    with ledger_of(done(CODES[0])) as ledger:
        assert plan(ledger, worlds.drive(STRONG, at_time=evening)).verified[0].happened_on == dt.date(2022, 7, 21)


def test_what_is_measured_as_blankspot_is_flagged_and_not_recorded_by_itself():
    with ledger_of(done(CODES[0])) as ledger:
        found = plan(ledger, worlds.drive(NOTHING, at_time=moment(10, 3)))
        assert (found.verified, len(found.failed)) == ((), 1)
        assert "Blankspot: 0,0 %" in found.failed[0].fields["reason"]
        ledger.append(found.failed)
        assert ledger.state()["stage"].tolist() == ["reopened"]
        assert plan(ledger, worlds.drive(NOTHING, at_time=moment(10, 3))).found == ()


def test_a_verified_case_is_flagged_when_later_readings_contradict_it():
    strong, silent = worlds.drive(STRONG, at_time=moment(9, 1)), worlds.drive(NOTHING, at_time=moment(11, 1))
    with ledger_of(done(CODES[0])) as ledger:
        ledger.append(plan(ledger, strong).verified)
        found = plan(ledger, pd.concat([strong, silent], ignore_index=True))
        assert outcomes(found) == {f"{CODES[0]}:mobile": "failed"}
        assert found.failed[0].happened_on == dt.date(2022, 11, 1)


def test_each_desa_is_judged_by_its_own_readings_and_day():
    here = worlds.drive(STRONG, at_time=moment(10, 3))
    lon = worlds.at(60)[0] - worlds.at(20)[0]
    there = here.assign(lon=here["lon"] + lon, measured_at=moment(6, 1))
    with ledger_of(done(CODES[0]), done(CODES[1]), done(CODES[2])) as ledger:
        found = plan(ledger, pd.concat([here, there], ignore_index=True))
    assert outcomes(found) == {
        f"{CODES[0]}:mobile": "verified",
        f"{CODES[1]}:mobile": "unmeasured",
        f"{CODES[2]}:mobile": "unmeasured",
    }
    assert found.counts == {"verified": 1, "failed": 0, "inconclusive": 0, "unmeasured": 2}


def test_several_cases_of_one_desa_count_from_their_own_days():
    second = f"{CODES[0]}:mobile:dusun-2"
    with ledger_of(done(CODES[0], 100), done(CODES[0], 300, case_id=second)) as ledger:
        found = plan(ledger, worlds.drive(STRONG, at_time=moment(7, 1)))
    assert outcomes(found) == {f"{CODES[0]}:mobile": "verified", second: "unmeasured"}


def test_readings_after_the_date_of_the_workspace_and_stale_ones_do_not_count():
    with ledger_of(done(CODES[0])) as ledger:
        late = worlds.drive(STRONG, at_time=moment(12, 28))
        assert plan(ledger, late).counts["unmeasured"] == 1
        old = verify(
            ledger.folded(), VILLAGES, worlds.drive(STRONG, at_time=moment(8, 1)), settings=SETTINGS,
            as_of=dt.date(2024, 1, 1),
        )  # fmt: skip
        assert old.counts["unmeasured"] == 1


def test_few_readings_neither_prove_nor_contradict():
    with ledger_of(done(CODES[0])) as ledger:
        for level in (-98.0, -121.0):
            found = plan(ledger, worlds.drive([level] * 4, at_time=moment(10, 3)))
            assert outcomes(found) == {f"{CODES[0]}:mobile": "inconclusive"}
            assert "8 titik ukur di 4 sel (perlu 20 di 4)" in found.found[0].why.id


def test_the_rows_say_everything_and_nothing_is_changed():
    readings = worlds.drive(STRONG, at_time=moment(10, 3))
    before = readings.copy()
    with ledger_of(done(CODES[0]), done(CODES[1])) as ledger:
        rows = plan(ledger, readings).rows(SETTINGS)
    assert list(rows) == list(ROW_COLUMNS)
    assert rows["outcome"].tolist() == ["verified", "unmeasured"]
    assert rows["share_low"].iloc[0] > 0.6
    pd.testing.assert_frame_equal(readings, before)


def test_nothing_handled_and_nothing_measured_gives_nothing():
    empty = worlds.drive(STRONG).iloc[:0]
    with ledger_of() as ledger:
        assert plan(ledger, empty).found == ()
    with ledger_of(done(CODES[0])) as ledger:
        assert plan(ledger, empty).counts["unmeasured"] == 1


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_example_verifies_what_was_built_in_2021_and_measured_in_2022(demo, lang):
    workspace = bs.Workspace(demo, lang=lang)
    with workspace.ledger() as ledger:
        found = verify_workspace(workspace, ledger)
        classes = workspace.frame("verdicts").set_index("village_code")["signal_class"]
        assert found.counts["verified"] > 0
        assert sum(found.counts.values()) == len(found.found)
        for one in found.verified:
            assert one.fields["signal_class"] in ("served", "weak")
            assert one.happened_on <= workspace.as_of
            assert classes[one.village_code] != "none"
        before = ledger.progress(year=2022, as_of=workspace.as_of).numerator
        assert len(ledger.append(found.verified)) == found.counts["verified"]
        assert verify_workspace(workspace, ledger).verified == ()
        assert ledger.progress(year=2022, as_of=workspace.as_of).numerator == before == 43

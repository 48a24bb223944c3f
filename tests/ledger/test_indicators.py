"""The register of indicators: sheets against the ledger, figures that supersede, and any past view of them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import Clock

from blankspot.ledger import Ledger
from blankspot.ledger.indicator_rows import indicator_key, last_day
from blankspot.ledger.indicators import achievement, indicators_frame, plan_indicators
from blankspot.words import percent

TODAY = dt.date(2022, 12, 31)
START = dt.datetime(2022, 12, 31, 3, 0, tzinfo=dt.UTC)


def sheet(*rows: dict[str, object], **common: object) -> pd.DataFrame:
    first = {"indicator": "OPD terhubung", "unit": "OPD", "year": 2022, "quarter": 4}
    return pd.DataFrame([{**first, **common, **row} for row in rows])


FOUR = sheet(
    {"quarter": 1, "target": 27, "realization": 28},
    {"quarter": 2, "target": 30, "realization": 31},
    {"quarter": 3, "target": 32, "realization": 33},
    {"quarter": 4, "target": 34, "realization": 36},
    as_of="2022-12-26",
)


@pytest.fixture
def clocked():
    clock = Clock(START)
    with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
        yield ledger, clock


def bring(ledger, frame):
    plan = plan_indicators(frame, ledger.effective(), today=ledger.today)
    ledger.append(plan.new_events)
    return plan


def shown(ledger, **view):
    frame = indicators_frame(ledger.effective(**view))
    return dict(zip(frame["period"], frame["realization"], strict=True))


def test_a_sheet_becomes_a_definition_and_a_figure_per_quarter(ledger):
    plan = bring(ledger, FOUR)
    assert [event.kind for event in plan.new_events].count("figure") == 4
    assert (plan.rows_in, plan.rows_new, plan.unchanged, plan.rows_rejected) == (4, 4, 0, 0)
    frame = indicators_frame(ledger.effective())
    assert frame["period"].tolist() == ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]
    last = frame.iloc[-1]
    assert (last["key"], last["indicator"], last["unit"], last["direction"]) == (
        "opd-terhubung",
        "OPD terhubung",
        "OPD",
        "higher",
    )
    assert (last["target"], last["realization"], last["cumulative"]) == (34, 36, True)
    assert last["as_of"] == pd.Timestamp(2022, 12, 26)
    share = achievement(last["target"], last["realization"], last["direction"])
    assert percent(share.numerator, share.denominator) == "105,88 %"


def test_the_same_sheet_again_appends_nothing(ledger):
    bring(ledger, FOUR)
    again = bring(ledger, FOUR.iloc[::-1])
    assert (again.new_events, again.unchanged, again.changed.empty) == ((), 4, True)


def test_a_view_as_of_a_day_shows_the_quarters_that_had_ended(ledger):
    bring(ledger, FOUR)
    assert shown(ledger, as_of=dt.date(2022, 9, 30)) == {"2022-Q1": 28, "2022-Q2": 31, "2022-Q3": 33}
    assert shown(ledger, as_of=dt.date(2022, 12, 25)) == {"2022-Q1": 28, "2022-Q2": 31, "2022-Q3": 33}
    assert len(shown(ledger, as_of=dt.date(2022, 12, 26))) == 4


def test_a_changed_figure_supersedes_and_the_past_stays_visible(clocked):
    ledger, clock = clocked
    bring(ledger, FOUR)
    clock.now += dt.timedelta(days=3)
    plan = bring(ledger, sheet({"realization": "35,5"}, target=34, as_of="2022-12-26"))
    assert plan.changed.to_dict("records") == [
        {"key": "opd-terhubung", "indicator": "OPD terhubung", "period": "2022-Q4", "field": "realization", "old": "36", "new": "35,5"}
    ]  # fmt: skip
    assert shown(ledger)["2022-Q4"] == 35.5
    assert shown(ledger, known_on=START.date())["2022-Q4"] == 36


def test_a_figure_that_goes_back_is_recorded_too(clocked):
    ledger, clock = clocked
    for value in (36, 35, 36):
        clock.now += dt.timedelta(days=1)
        bring(ledger, sheet({"realization": value}, target=34))
        assert shown(ledger)["2022-Q4"] == value
    assert sum(record.kind == "figure" for record in ledger.events()) == 3


def test_what_a_sheet_leaves_out_stays(clocked):
    ledger, clock = clocked
    bring(
        ledger, sheet({"target": 34, "realization": 36, "constraint": "dana", "waiting_rp": 5, "as_of": "2022-12-20"})
    )
    clock.now += dt.timedelta(days=1)
    assert bring(ledger, sheet({"target": 34})).new_events == ()
    bring(ledger, sheet({"realization": 37}))
    row = indicators_frame(ledger.effective()).iloc[0]
    assert (row["target"], row["realization"], row["constraint"], row["waiting_rp"]) == (34, 37, "dana", 5)
    assert pd.isna(row["as_of"])  # nobody said as of when the new figure holds


def test_a_sheet_without_a_row_plans_nothing(ledger):
    plan = plan_indicators(FOUR.iloc[:0], ledger.effective(), today=TODAY)
    assert (plan.new_events, plan.rows_in, plan.rows_rejected) == ((), 0, 0)


def test_a_unit_on_record_need_not_be_told_again(clocked):
    ledger, clock = clocked
    bring(ledger, FOUR)
    clock.now += dt.timedelta(days=1)
    assert bring(ledger, sheet({"realization": 37}, unit=None)).rows_rejected == 0
    assert shown(ledger)["2022-Q4"] == 37


def test_a_changed_definition_holds_from_then_on(clocked):
    ledger, clock = clocked
    bring(ledger, sheet({"realization": 44, "target": 48, "direction": "lower"}, indicator="Waktu henti", unit="jam"))
    clock.now += dt.timedelta(days=1)
    plan = bring(ledger, sheet({"realization": 44, "owner": "Infrastruktur"}, indicator="Waktu henti", unit="menit"))
    assert set(plan.changed["field"]) == {"unit", "owner"}
    row = indicators_frame(ledger.effective()).iloc[0]
    assert (row["unit"], row["owner"], row["direction"]) == ("menit", "Infrastruktur", "lower")
    assert indicators_frame(ledger.effective(known_on=START.date())).iloc[0]["unit"] == "jam"


def test_an_earlier_quarter_brought_in_later_has_its_definition(clocked):
    ledger, clock = clocked
    bring(ledger, FOUR.iloc[3:])
    clock.now += dt.timedelta(days=1)
    bring(ledger, FOUR.iloc[:1])
    early = indicators_frame(ledger.effective(as_of=dt.date(2022, 4, 1))).iloc[0]
    assert (early["indicator"], early["unit"], early["period"]) == ("OPD terhubung", "OPD", "2022-Q1")


def test_a_year_stands_beside_its_quarters(ledger):
    bring(
        ledger,
        sheet(
            {"quarter": None, "target": 2.6, "realization": 2.51},
            {"quarter": 4, "target": 2.6},
            indicator="Indeks",
            unit="indeks",
        ),
    )
    frame = indicators_frame(ledger.effective())
    assert frame["period"].tolist() == ["2022", "2022-Q4"]


def test_figures_of_the_quarter_alone_say_so_until_told_otherwise(clocked):
    ledger, clock = clocked
    bring(ledger, sheet({"realization": 5, "counting": "in_quarter"}))
    assert not indicators_frame(ledger.effective())["cumulative"].any()
    clock.now += dt.timedelta(days=1)
    bring(ledger, sheet({"realization": 6}))
    assert not indicators_frame(ledger.effective())["cumulative"].any()
    bring(ledger, sheet({"realization": 6, "counting": "cumulative"}))
    assert indicators_frame(ledger.effective())["cumulative"].all()


def test_rows_that_contradict_each_other_are_refused(ledger):
    plan = plan_indicators(
        sheet(
            {"realization": 36},
            {"realization": 35},
            {"quarter": 3, "realization": 33},
            {"quarter": 3, "realization": 33},
        ),
        ledger.effective(),
        today=TODAY,
    )
    assert plan.rejects["rule"].tolist() == ["conflicting_rows", "conflicting_rows", "duplicate"]
    assert (plan.rows_in, plan.rows_rejected, plan.rows_new) == (4, 3, 1)


def test_two_indicators_of_one_name_need_a_code_each(ledger):
    plan = bring(ledger, sheet({"realization": 36, "code": "IKU-1"}, {"realization": 35, "code": "IKU-2"}))
    assert plan.rows_rejected == 0
    assert indicators_frame(ledger.effective())["key"].tolist() == ["iku-1", "iku-2"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({"as_of": "2023-01-02"}, "date_in_future"),
        ({"quarter": 5}, "out_of_range"),
        ({"year": None}, "missing_value"),
        ({"indicator": None}, "missing_value"),
        ({"direction": "ke samping"}, "not_a_choice"),
        ({"waiting_rp": -1}, "out_of_range"),
        ({"unit": None}, "unit_missing"),
        ({"target": "banyak"}, "unreadable_number"),
    ],
)
def test_what_cannot_be_is_refused_and_holds_up_nobody(ledger, row, rule):
    plan = bring(ledger, pd.concat([sheet({"realization": 1, **row}), sheet({"realization": 2}, indicator="Lain")]))
    assert plan.rejects["rule"].tolist() == [rule]
    assert indicators_frame(ledger.effective())["indicator"].tolist() == ["Lain"]


def test_a_row_that_defines_otherwise_is_refused(ledger):
    plan = bring(ledger, sheet({"quarter": 1, "realization": 1}, {"quarter": 2, "realization": 2, "unit": "desa"}))
    assert plan.rejects["rule"].tolist() == ["definition_differs"]


def test_an_indicator_without_figures_is_only_defined(ledger):
    plan = bring(ledger, sheet({}))
    assert [event.kind for event in plan.new_events] == ["indicator"]
    assert indicators_frame(ledger.effective()).empty


@pytest.mark.parametrize(
    ("target", "realization", "direction", "expected"),
    [
        (60, 43, "higher", "71,67 %"),
        (34, 36, "higher", "105,88 %"),
        (8, 9, "lower", "87,50 %"),
        (7, 6.5, "lower", "107,14 %"),
        (48, 44, "lower", "108,33 %"),
        (10, 25, "lower", "-50,00 %"),
        (0, 5, "higher", "–"),
        (0, 0, "lower", "–"),
    ],
)
def test_achievement_in_both_directions(target, realization, direction, expected):
    share = achievement(target, realization, direction)
    assert percent(share.numerator, share.denominator) == expected
    assert share.definition.id
    assert share.definition.en


@pytest.mark.parametrize(("target", "realization"), [(None, 1), (1, None), (float("nan"), 1), (1, float("nan"))])
def test_no_achievement_where_one_of_the_two_is_not_known(target, realization):
    assert achievement(target, realization, "higher") is None


@given(st.floats(0.01, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_is_never_worse_where_higher_is_better_and_never_better_where_lower_is(target, less, more):
    less, more = sorted((less, more))
    assert achievement(target, less, "higher").numerator <= achievement(target, more, "higher").numerator
    assert achievement(target, less, "lower").numerator >= achievement(target, more, "lower").numerator


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("OPD terhubung", "opd-terhubung"),
        ("  OPD   Terhubung. ", "opd-terhubung"),
        ("Persentase (%) desa", "persentase-desa"),
        ("Énergi", "energi"),
    ],
)
def test_the_key_of_a_name(name, key):
    assert indicator_key(name) == key


def test_keys_of_long_and_of_foreign_names_tell_them_apart():
    long = "Persentase perangkat daerah yang terhubung dengan jaringan intra pemerintah daerah "
    keys = {indicator_key(long + "A"), indicator_key(long + "B"), indicator_key("指標"), indicator_key("目標")}
    assert len(keys) == 4
    assert all(0 < len(key) <= 96 for key in keys)


@given(st.text(max_size=200))
def test_every_name_has_a_key_that_the_ledger_takes(name):
    from blankspot.ledger import Event

    Event(kind="indicator", happened_on=TODAY, case_id=f"indicator:{indicator_key(name)}")


def test_the_last_day_of_a_period():
    assert [last_day(period).isoformat() for period in ("2022-Q1", "2022-Q4", "2022", "2024-Q2")] == [
        "2022-03-31", "2022-12-31", "2022-12-31", "2024-06-30",
    ]  # fmt: skip


amounts = st.none() | st.integers(0, 50) | st.sampled_from([0.5, 2.875])
figures = st.fixed_dictionaries(
    {
        "indicator": st.sampled_from(["OPD terhubung", "Indeks SPBE"]),
        "quarter": st.sampled_from([None, 1, 2, 3, 4]),
        "target": amounts,
        "realization": amounts,
        "waiting_rp": amounts,
        "counting": st.sampled_from([None, "cumulative", "in_quarter"]),
        "constraint": st.sampled_from([None, "dana", "izin"]),
        "as_of": st.sampled_from([None, "2022-06-30", "2022-12-26"]),
    }
)


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(figures, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_sheets_in_a_row_conserve_rows_and_appending_twice_changes_nothing(sheets):
    clock = Clock(START)
    with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
        for rows in sheets:
            clock.now += dt.timedelta(days=1)
            frame = sheet(*rows)
            plan = bring(ledger, frame)
            assert plan.rows_in == len(frame) == plan.rows_new + plan.unchanged + plan.rows_rejected
            assert len(plan.new_events) == len(plan.origins) == len(plan.names)
            before = ledger.digest()
            assert bring(ledger, frame).new_events == ()
            assert ledger.digest() == before
        assert ledger.audit().passed

"""Achievement, its bands, the quarterly form and the money by unit, with the figures that must come out exactly."""

from __future__ import annotations

import datetime as dt

import offices
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.ledger.indicators import achievement as ledgers_achievement
from blankspot.out.reports.figures import achievement, indicators_of
from blankspot.out.reports.model import Share
from blankspot.out.reports.performance import band, finances, lkjip, quarterly
from blankspot.settings import load_settings

BANDS = load_settings().achievement


def handled(number, on=dt.date(2022, 5, 2), **fields):
    return [offices.target(number), offices.move("handled", number, on, partner="Telkom", **fields)]


def the_sixty():
    """60 villages on the list, 43 of them handled."""
    events = [offices.target(number) for number in range(60)]
    return [*events, *(offices.move("handled", number, dt.date(2022, 5, 2)) for number in range(43))]


def told(*given, period="2022-Q4", events=(), classes=("none",)):
    return offices.data(list(classes), events, indicators=offices.figures(*given), period=period)


class TestAchievement:
    @pytest.mark.parametrize(
        ("target", "realization", "direction", "shown"),
        [
            (60, 43, "higher", "71,67 %"),
            (34, 36, "higher", "105,88 %"),
            (100, 62.5, "higher", "62,50 %"),
            (0, 5, "higher", "–"),
            (0, 0, "higher", "–"),
            (10, 9, "lower", "110,00 %"),
            (10, 10, "lower", "100,00 %"),
            (10, 12, "lower", "80,00 %"),
            (10, 20, "lower", "0,00 %"),
            (10, 30, "lower", "-100,00 %"),
            (0, 3, "lower", "–"),
            (0.3, 0.1, "lower", "166,67 %"),
        ],
    )
    def test_it_is_realisation_of_target_or_its_mirror(self, target, realization, direction, shown):
        assert achievement(target, realization, direction).text() == shown

    def test_it_is_not_known_where_a_part_is_not(self):
        assert achievement(None, 3.0, "higher") is None
        assert achievement(3.0, None, "lower") is None

    @settings(deadline=None, max_examples=100)
    @given(st.floats(0, 1e9), st.floats(0, 1e9), st.sampled_from(["higher", "lower"]))
    def test_it_is_the_ledgers_own(self, target, realization, direction):
        there = ledgers_achievement(target, realization, direction)
        assert tuple(achievement(target, realization, direction)) == tuple(there)[:2]


class TestBand:
    @pytest.mark.parametrize(
        ("share", "word"),
        [
            (Share(9001, 10000), "Sangat tinggi"),
            (Share(90, 100), "Tinggi"),
            (Share(904, 1000), "Sangat tinggi"),
            (Share(75, 100), "Sedang"),
            (Share(43, 60), "Sedang"),
            (Share(65, 100), "Rendah"),
            (Share(50, 100), "Sangat rendah"),
            (Share(0, 100), "Sangat rendah"),
            (Share(-5, 10), "Sangat rendah"),
            (Share(36, 34), "Sangat tinggi"),
        ],
    )
    def test_bands_are_half_open(self, share, word):
        assert band(share, BANDS)[1].id == word

    def test_it_judges_the_share_and_not_what_is_printed(self):
        just_above = Share(90004, 100000)
        assert just_above.text() == "90,00 %"
        assert band(just_above, BANDS)[0] == "very_high"

    def test_no_target_has_no_band(self):
        assert band(Share(3, 0), BANDS) is None

    def test_an_office_changes_edges_and_words(self):
        changes = {"achievement": {"very_high_above_pct": 85, "words": {"very_high": {"id": "Sangat berhasil"}}}}
        assert band(Share(86, 100), load_settings(changes).achievement)[1].id == "Sangat berhasil"


class TestLkjip:
    def test_the_sixty_come_out_exactly(self):
        table = lkjip(offices.data(["none"] * 60, the_sixty()))
        assert offices.said(table)[0][3:8] == ["desa", "60", "43", "71,67 %", "Sedang"]
        assert table.rows[0]["achievement"] == Share(43, 60)
        assert table.rows[0]["achievement"].text(0) == "72 %"

    def test_every_indicator_has_its_line(self):
        table = lkjip(
            told(
                {"key": "opd", "indicator": "OPD terhubung", "unit": "OPD", "goal": "Layanan SPBE", "period": "2022-Q4",
                 "target": 34, "realization": 36, "as_of": "2022-12-20", "source": "Bidang Infrastruktur"},
                {"key": "waktu", "indicator": "Waktu henti", "unit": "jam", "direction": "lower", "period": "2022-Q4",
                 "target": 10, "realization": 12, "as_of": "2022-12-20"},
                {"key": "kosong", "indicator": "Tanpa target", "unit": "unit", "period": "2022-Q4", "target": 0,
                 "realization": 4, "as_of": "2022-12-20"},
                events=handled(0),
            )
        )  # fmt: skip
        assert [line[2:8] for line in offices.said(table)[1:]] == [
            ["OPD terhubung", "OPD", "34", "36", "105,88 %", "Sangat tinggi"],
            ["Waktu henti", "jam", "10", "12", "80,00 %", "Tinggi"],
            ["Tanpa target", "unit", "0", "4", "–", ""],
        ]
        assert [line[0] for line in offices.said(table)] == ["1", "2", "3", "4"]

    def test_the_definition_says_the_formulas_and_the_rule(self):
        text = lkjip(told(events=handled(0))).definition.id
        assert "(2 × target − realisasi) ÷ target" in text
        assert "Sangat tinggi > 90; Tinggi > 75; Sedang > 65; Rendah > 50" in text
        assert "titik internet tidak dihitung" in text

    def test_without_list_and_indicators_it_says_so(self):
        table = lkjip(offices.data(["none"]))
        assert (table.rows, bool(table.empty.id)) == ((), True)

    def test_a_quarter_shows_what_was_reported_by_then(self):
        given = [
            {"period": "2022-Q2", "target": 20, "realization": 18, "as_of": "2022-06-30"},
            {"period": "2022-Q3", "target": 30, "realization": 21, "as_of": "2022-08-31"},
            {"period": "2022-Q4", "target": 40, "as_of": "2022-12-26"},
        ]
        assert offices.cell(lkjip(told(*given, period="2022-Q3")), 0, "achievement") == "70,00 %"
        assert offices.cell(lkjip(told(*given, period="2022-Q3")), 0, "as_of") == "31 Agustus 2022"
        assert offices.cell(lkjip(told(*given, period="2022-Q2")), 0, "achievement") == "90,00 %"
        latest = lkjip(told(*given, period="2022-Q4"))
        assert offices.cell(latest, 0, "as_of") == "31 Agustus 2022", "the fourth quarter reports no realisation yet"

    def test_the_whole_year_is_for_reports_of_a_year(self):
        given = [
            {"period": "2022", "target": 40, "realization": 30, "as_of": "2022-12-26"},
            {"period": "2022-Q3", "target": 30, "realization": 21, "as_of": "2022-09-30"},
        ]
        of_year = offices.data(["none"], indicators=offices.figures(*given))
        assert offices.cell(lkjip(of_year), 0, "achievement") == "75,00 %"
        assert offices.cell(lkjip(told(*given)), 0, "achievement") == "70,00 %"


class TestQuarterly:
    def test_quarters_add_up_to_the_cumulative_figure(self):
        events = [
            *handled(0, dt.date(2021, 12, 20)),
            *handled(1, dt.date(2022, 3, 31)),
            *handled(2, dt.date(2022, 4, 1)),
            *handled(3, dt.date(2022, 12, 26)),
            offices.target(4),
        ]
        row = quarterly(offices.data(["none"] * 5, events)).rows[0]
        parts = [row[f"{name}_k"] for name in ("before", "q1", "q2", "q3", "q4")]
        assert parts == [1, 1, 1, 0, 1]
        assert (sum(parts), row["total_k"], row["target_k"]) == (4, 4, 5)
        assert row["achievement"] == Share(4, 5)

    def test_money_stands_in_the_quarter_it_was_paid(self):
        events = [
            *handled(0, budget_rp=1000),
            offices.on_case("money", 0, dt.date(2021, 12, 1), amount_rp=100),
            offices.on_case("money", 0, dt.date(2022, 2, 1), amount_rp=400),
            offices.on_case("money", 0, dt.date(2022, 11, 1), amount_rp=-50),
        ]
        row = quarterly(offices.data(["none"], events)).rows[0]
        assert [row[f"{name}_rp"] for name in ("target", "before", "q1", "q2", "q3", "q4", "total")] == [
            1000, 100, 400, 0, 0, -50, 450,
        ]  # fmt: skip
        assert row["absorption"] == Share(450, 1000)

    def test_money_that_nobody_recorded_is_not_nothing(self):
        row = quarterly(offices.data(["none"], handled(0))).rows[0]
        assert row.get("q2_rp") is None
        assert row["total_rp"] is None
        assert row["absorption"] is None

    def test_quarters_to_come_stay_empty(self):
        row = quarterly(offices.data(["none"] * 2, [*handled(0), offices.target(1)], period="2022-Q2")).rows[0]
        assert (row["q1_k"], row["q2_k"], row["q3_k"], row["q4_k"]) == (0, 1, None, None)

    def test_a_list_looked_at_later_has_a_column_for_what_came_after_its_year(self):
        late = offices.of_day(dt.date(2023, 2, 1), year=2022)
        now = dt.datetime(2023, 3, 1, tzinfo=dt.UTC)
        events = [*handled(0), *handled(1, dt.date(2023, 1, 10))]
        table = quarterly(
            offices.data(["none"] * 2, ledger=offices.ledger_of(events, now=now), as_of=late.as_of, period=late)
        )
        row = table.rows[0]
        assert (row["q2_k"], row["after_k"], row["total_k"]) == (1, 1, 2)
        assert "after_k" in {column.key for column in table.columns}

    def test_in_quarter_and_cumulative_are_named_as_such(self):
        groups = {column.group.id for column in quarterly(offices.data(["none"], handled(0))).columns if column.group}
        assert {"Dalam TW I 2022", "Dalam TW IV 2022", "Realisasi kumulatif", "Target 2022"} <= groups

    def test_an_indicators_quarters_follow_from_its_cumulative_figures(self):
        table = quarterly(
            told(
                {"period": "2022-Q1", "target": 10, "realization": 8, "realized_rp": 100, "budget_rp": 900},
                {"period": "2022-Q2", "target": 20, "realization": 19, "realized_rp": 350, "budget_rp": 900},
                {"period": "2022-Q4", "target": 40, "realization": 41, "realized_rp": 900, "budget_rp": 900,
                 "owner": "Bidang Aptika"},
            )
        )  # fmt: skip
        row = table.rows[0]
        assert [row.get(f"q{number}_k") for number in (1, 2, 3, 4)] == [8, 11, None, None], "nobody reported the third"
        assert (row["total_k"], row["target_k"], row["achievement"]) == (41, 40, Share(41, 40))
        assert row["absorption"] == Share(900, 900)

    def test_an_indicators_cumulative_figure_follows_from_its_quarters(self):
        each = [{"period": f"2022-Q{n}", "target": 10, "realization": 2 + n, "cumulative": False} for n in (1, 2, 3, 4)]
        row = quarterly(told(*each)).rows[0]
        assert [row[f"q{number}_k"] for number in (1, 2, 3, 4)] == [3, 4, 5, 6]
        assert (row["total_k"], row["target_k"]) == (18, 40)

    @pytest.mark.parametrize("unit", ["%", "Persen", "indeks", "Nilai (0–100)", "Mbps", "per 1.000 penduduk"])
    @pytest.mark.parametrize("cumulative", [True, False])
    def test_ratios_are_not_added_up_but_their_money_is(self, unit, cumulative):
        values, money = (80, 84, None, 81.5), (10, 20, 30, 40)
        spent = [sum(money[: at + 1]) for at in range(4)] if cumulative else money
        rows = [
            {"period": f"2022-Q{at + 1}", "unit": unit, "target": 90, "realization": values[at], "realized_rp": spent[at],
             "budget_rp": 200 if cumulative else 50, "cumulative": cumulative}
            for at in range(4)
        ]  # fmt: skip
        row = quarterly(told(*rows)).rows[0]
        assert [row[f"q{number}_k"] for number in (1, 2, 3, 4)] == [80, 84, None, 81.5]
        assert [row[f"q{number}_rp"] for number in (1, 2, 3, 4)] == list(money)
        assert (row["target_k"], row["total_k"], row["achievement"]) == (90, 81.5, Share(81.5, 90))
        assert (row["target_rp"], row["total_rp"]) == (200, 100)

    def test_a_ratio_shows_the_latest_quarter_that_tells_one(self):
        rows = [{"period": f"2022-Q{n}", "unit": "%", "target": 90, "realization": value, "cumulative": False} for n, value in ((1, 70), (2, 75), (3, None))]  # fmt: skip
        table = lkjip(told(*rows))
        assert offices.cell(table, 0, "realization") == "75"
        assert "tidak dijumlahkan" in table.definition.id
        assert "not added up" in table.definition.en

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.integers(0, 500), min_size=4, max_size=4), st.lists(st.booleans(), min_size=4, max_size=4))
    def test_told_either_way_the_quarters_are_the_same(self, within, cumulative):
        total = [sum(within[: at + 1]) for at in range(4)]
        rows = [
            {"period": f"2022-Q{at + 1}", "realization": total[at] if cumulative[at] else within[at], "cumulative": cumulative[at]}
            for at in range(4)
        ]  # fmt: skip
        (indicator,) = indicators_of(offices.figures(*rows), 2022)
        assert [indicator.figures[number].realization for number in (1, 2, 3, 4)] == total
        assert [indicator.figures[number].within["realization"] for number in (1, 2, 3, 4)] == within


class TestFinances:
    ROWS = (
        {"key": "a", "indicator": "A", "owner": "Aptika", "period": "2022-Q4", "realization": 1, "target": 1,
         "budget_rp": 6_000_000_000, "realized_rp": 4_000_000_000, "waiting_rp": 1_000_000_000},
        {"key": "b", "indicator": "B", "owner": "Infrastruktur", "period": "2022-Q4", "realization": 1, "target": 1,
         "budget_rp": 4_000_000_000, "realized_rp": 2_035_000_000, "waiting_rp": 1_287_000_000},
    )  # fmt: skip

    def test_the_dinas_has_spent_60_35_percent_and_waits_for_22_87(self):
        table = finances(told(*self.ROWS))
        assert offices.total(table, "absorption") == "60,35 %"
        assert offices.total(table, "waiting") == "22,87 %"
        assert table.total["absorption"] == Share(6_035_000_000, 10_000_000_000)

    def test_units_add_up_to_the_dinas(self):
        table = finances(told(*self.ROWS))
        for key in ("indicators", "budget_rp", "realized_rp", "waiting_rp"):
            assert table.total[key] == sum(row[key] for row in table.rows)

    def test_an_indicator_without_a_budget_is_left_out(self):
        assert finances(told({"period": "2022-Q4", "realization": 3, "target": 5})).rows == ()


def test_figures_of_another_year_do_not_count():
    frame = offices.figures({"period": "2021-Q4", "target": 1, "realization": 1})
    assert indicators_of(frame, 2022) == ()
    assert indicators_of(offices.figures().astype({"period": "str"}), 2022) == ()
    assert isinstance(frame, pd.DataFrame)

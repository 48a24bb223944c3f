"""The charts' figures: the curve ends at the figure that is quoted, the funnel narrows, ages fall into their bins."""

from __future__ import annotations

import datetime as dt

import offices
import pytest

from blankspot.out.reports.model import CurvePoint
from blankspot.out.reports.trends import ageing, curve, funnel


def on(month, day):
    return dt.date(2022, month, day)


class TestCurve:
    EVENTS = (
        offices.target(0),
        offices.target(1),
        offices.target(2, on(4, 1)),
        offices.move("handled", 0, on(3, 1)),
        offices.move("handled", 1, on(10, 5)),
        offices.Event(
            kind="target_removed", village_code=offices.code(2), happened_on=on(9, 1),
            fields={"year": 2022, "reason": "keliru"},
        ),
    )  # fmt: skip

    def test_it_steps_where_the_list_or_the_handled_change(self):
        assert curve(offices.data(["none"] * 3, self.EVENTS)).data.points == (
            CurvePoint(on(1, 17), 2, 0),
            CurvePoint(on(3, 1), 2, 1),
            CurvePoint(on(4, 1), 3, 1),
            CurvePoint(on(9, 1), 2, 1),
            CurvePoint(on(10, 5), 2, 2),
            CurvePoint(on(12, 26), 2, 2),
        )

    def test_its_table_tells_quarters_within_and_cumulative(self):
        assert offices.said(curve(offices.data(["none"] * 3, self.EVENTS))) == [
            ["TW I 2022", "31 Maret 2022", "1", "1", "2", "50,00 %"],
            ["TW II 2022", "30 Juni 2022", "0", "1", "3", "33,33 %"],
            ["TW III 2022", "30 September 2022", "0", "1", "2", "50,00 %"],
            ["TW IV 2022", "26 Desember 2022", "1", "2", "2", "100,00 %"],
        ]

    def test_a_new_version_of_an_entry_does_not_lengthen_the_list(self):
        events = [offices.target(0), offices.target(0, on(6, 1), document="SK-2")]
        assert curve(offices.data(["none"], events)).data.points[-1].target == 1

    def test_there_is_none_without_a_list(self):
        chart = curve(offices.data(["none"]))
        assert (chart.data.points, chart.table.rows) == ((), ())


class TestFunnel:
    def test_what_was_reached_narrows_and_starts_with_the_list(self):
        stages = ("identified", "proposed", "verified", "deferred", "assigned", "handled")
        events = [offices.target(number) for number in range(7)]
        events += [offices.move(stage, number, on(6, 1)) for number, stage in enumerate(stages)]
        chart = funnel(offices.data(["none"] * 7, events))
        reached = {bar.key: bar.figure for bar in chart.data.reached}
        assert reached == {
            "identified": 7, "proposed": 5, "verified": 4, "approved": 2, "assigned": 2, "construction": 1, "on_air": 1,
            "handled": 1, "verified_after": 0,
        }  # fmt: skip
        assert sum(bar.figure for bar in chart.data.standing) == 7
        assert {bar.key: bar.figure for bar in chart.data.standing}["deferred"] == 1

    def test_a_reopened_case_counts_from_the_start(self):
        events = [
            offices.target(0),
            offices.move("handled", 0, on(6, 1)),
            offices.move("reopened", 0, on(7, 1), reason="padam"),
        ]
        chart = funnel(offices.data(["none"], events))
        assert [bar.figure for bar in chart.data.reached][:2] == [1, 0]


class TestAgeing:
    @pytest.mark.parametrize(
        ("days", "place"),
        [(0, 0), (30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3), (365, 3), (366, 4), (2000, 4)],
    )
    def test_bins_have_the_edges_they_name(self, days, place):
        since = offices.AS_OF - dt.timedelta(days=days)
        chart = ageing(offices.data(["none"], [offices.target(0, since)]))
        assert [bar.figure for bar in chart.data.bins] == [int(at == place) for at in range(5)]
        assert [bar.label.id for bar in chart.data.bins] == [
            "0–30 hari", "31–90 hari", "91–180 hari", "181–365 hari", "> 365 hari",
        ]  # fmt: skip

    def test_only_what_remains_of_the_list_ages(self):
        events = [
            offices.target(0),
            offices.target(1),
            offices.move("handled", 0, on(6, 1)),
            offices.move("proposed", 2, on(6, 1)),
        ]
        assert offices.total(ageing(offices.data(["none"] * 3, events)).table, "villages") == "1"

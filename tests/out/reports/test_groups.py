"""Who handles how much: every table of the list adds up to the list, in rows and in columns."""

from __future__ import annotations

import datetime as dt

import offices
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.ledger.partners import Partners
from blankspot.out.reports.groups import groups
from blankspot.out.reports.handling import internet_cases, open_villages, stages
from blankspot.out.reports.model import Share

DAY = dt.date(2022, 6, 1)
MONEY_DAY = dt.date(2022, 8, 1)


@pytest.fixture
def mixed():
    """Twelve villages in two kecamatan: Telkomsel 3 of 4, BAKTI 1 of 2, the rest without a partner."""
    events = [offices.target(number) for number in range(12)]
    events += [
        offices.move("handled", number, DAY, partner="PT Telkomsel", funding_source="komersial", budget_rp=100)
        for number in (0, 1, 10)
    ]
    events += [
        offices.move("construction", 2, DAY, partner="Telkomsel", funding_source="komersial", budget_rp=100),
        offices.move("handled", 3, DAY, partner="BAKTI", funding_source="uso_bakti", budget_rp=300),
        offices.move("assigned", 11, DAY, partner="BAKTI", funding_source="uso_bakti"),
        offices.move("rejected", 4, DAY),
        offices.on_case("money", 0, MONEY_DAY, amount_rp=80),
        offices.on_case("money", 3, MONEY_DAY, amount_rp=150, funding_source="apbn"),
    ]
    return offices.data(["none"] * 12, events)


def table(data, key):
    return next(one for one in groups(data) if one.key == key)


def test_partners_count_under_one_name_with_their_role(mixed):
    lines = [line[:6] for line in offices.said(table(mixed, "partners"))]
    assert lines == [
        ["Telkomsel", "Dunia usaha", "4", "3", "75,00 %", "1"],
        ["BAKTI", "Pemerintah", "2", "1", "50,00 %", "1"],
        ["Belum ada mitra", "", "6", "0", "0,00 %", "6"],
        ["Jumlah", "", "12", "4", "33,33 %", "8"],
    ]


def test_roles_are_totals_of_partners(mixed):
    lines = [line[:4] for line in offices.said(table(mixed, "roles"))]
    assert lines == [
        ["Dunia usaha", "4", "3", "75,00 %"],
        ["Pemerintah", "2", "1", "50,00 %"],
        ["Belum ada mitra", "6", "0", "0,00 %"],
        ["Jumlah", "12", "4", "33,33 %"],
    ]


def test_money_follows_the_case_and_funding_what_the_payment_says(mixed):
    partners = table(mixed, "partners")
    assert offices.cell(partners, 0, "budget_rp") == "Rp400"
    assert offices.cell(partners, 0, "realized_rp") == "Rp80"
    assert offices.cell(partners, 0, "absorption") == "20,00 %"
    assert offices.cell(partners, 2, "realized_rp") == "–", "nothing on record is not nothing spent"
    funding = table(mixed, "funding")
    paid = {row["id"]: row["realized_rp"] for row in funding.rows}
    assert paid == {"": None, "komersial": 80, "uso_bakti": None, "apbn": 150}
    assert (funding.total["budget_rp"], funding.total["realized_rp"]) == (700, 230)


def test_districts_stand_by_code_and_regencies_only_where_there_are_several(mixed):
    assert [line[:3] for line in offices.said(table(mixed, "districts"))] == [
        ["Kecamatan 1", "10", "3"],
        ["Kecamatan 2", "2", "1"],
        ["Jumlah", "12", "4"],
    ]
    assert "regencies" not in {one.key for one in groups(mixed)}


def test_several_regencies_have_their_table():
    frame = offices.villages(2)
    codes = ["99.01.01.2001", "99.02.01.2001"]
    frame = frame.assign(village_code=codes, regency=["Kabupaten A", "Kota B"])
    classes = offices.verdicts(["none", "none"]).assign(village_code=codes)
    events = [
        offices.Event(kind="target", village_code=code, happened_on=offices.LISTED, fields={"year": 2022})
        for code in codes
    ]
    data = offices.data(["none", "none"], events, villages=frame, verdicts=classes)
    assert [line[:2] for line in offices.said(table(data, "regencies"))] == [
        ["Kabupaten A", "1"],
        ["Kota B", "1"],
        ["Jumlah", "2"],
    ]


def test_only_stages_that_occur_have_a_column(mixed):
    keys = [column.key for column in table(mixed, "partners").columns]
    assert [key for key in keys if key in ("proposed", "construction", "assigned", "rejected", "identified")] == [
        "identified",
        "rejected",
        "assigned",
        "construction",
    ]


STAGES = (
    "identified",
    "proposed",
    "verified",
    "approved",
    "rejected",
    "deferred",
    "assigned",
    "construction",
    "handled",
)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(
        st.tuples(
            st.sampled_from((*STAGES, "")), st.sampled_from(["", "Telkom", "BAKTI", "Warung"]), st.integers(0, 900)
        ),
        min_size=1,
        max_size=14,
    )
)
def test_rows_and_columns_add_up_to_the_list(cases):
    events = [offices.target(number) for number in range(len(cases))]
    for number, (stage, partner, budget) in enumerate(cases):
        if stage:
            events.append(offices.move(stage, number, DAY, partner=partner, budget_rp=budget))
            events.append(offices.on_case("money", number, MONEY_DAY, amount_rp=budget + 1))
    data = offices.data(["none"] * len(cases), events)
    done = sum(stage == "handled" for stage, _, _ in cases)
    for one in groups(data):
        assert (one.total["target"], one.total["done"]) == (len(cases), done)
        assert one.total["share"] == Share(done, len(cases))
        for row in one.rows:
            assert row["target"] == row["done"] + row["open"]
            assert row["open"] == sum(row.get(stage, 0) for stage in STAGES)
            assert row["share"] == Share(row["done"], row["target"])
        for column in one.columns:
            if column.total:
                known = [row[column.key] for row in one.rows if row[column.key] is not None]
                assert one.total[column.key] == (sum(known) if known else None)


def test_a_merged_partner_counts_under_its_successor_from_its_day_on():
    known = Partners.default()
    old = known.group("XL Axiata", as_of=dt.date(2022, 12, 26)).name
    new = known.group("XL Axiata", as_of=dt.date(2026, 1, 1)).name
    events = [offices.target(0), offices.move("assigned", 0, DAY, partner="XL Axiata")]
    assert offices.cell(table(offices.data(["none"], events), "partners"), 0, "name") == old
    later = offices.of_day(dt.date(2026, 1, 1), year=2022)
    kept = offices.ledger_of(events, now=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    found = offices.data(["none"], ledger=kept, as_of=later.as_of, period=later)
    assert offices.cell(table(found, "partners"), 0, "name") == new
    assert old != new


class TestStages:
    def test_they_stand_in_the_order_of_the_work_and_add_up(self, mixed):
        assert offices.said(stages(mixed)) == [
            ["Teridentifikasi", "5", "41,67 %"],
            ["Ditolak", "1", "8,33 %"],
            ["Ditugaskan", "1", "8,33 %"],
            ["Pembangunan", "1", "8,33 %"],
            ["Tertangani", "4", "33,33 %"],
            ["Jumlah", "12", "100,00 %"],
        ]


class TestOpenVillages:
    def test_the_longest_waiting_come_first_and_what_is_past_its_plan_is_marked(self):
        events = [offices.target(number) for number in range(4)]
        events += [
            offices.move("assigned", 0, dt.date(2022, 11, 1), partner="Telkom", planned_quarter="2022-Q3"),
            offices.move("assigned", 1, dt.date(2022, 10, 1), partner="Telkom", planned_quarter="2022-Q4"),
            offices.move("handled", 2, dt.date(2022, 10, 1)),
        ]
        found = open_villages(offices.data(["none"] * 4, events))
        assert [(row["village_code"], row["days"], row["mark"]) for row in found.rows] == [
            (offices.code(3), 343, None),
            (offices.code(1), 86, None),
            (offices.code(0), 55, "overdue"),
        ]
        assert offices.cell(found, 2, "late") == "Lewat rencana"


class TestRules:
    def test_an_internet_point_does_not_end_a_cellular_blankspot(self):
        events = [offices.target(0), offices.move("handled", 0, DAY, service="internet", intervention_type="vsat")]
        data = offices.data(["none"], events)
        assert table(data, "partners").total["share"] == Share(0, 1)
        assert offices.said(internet_cases(data)) == [["VSAT", "1", "1", "0", "1"], ["Jumlah", "1", "1", "0", ""]]

    def test_a_list_may_ask_for_the_internet_point(self):
        events = [
            offices.about(
                "target_rule", "target:2022", offices.LISTED, year=2022, rule="internet_any", document="SK-2"
            ),
            offices.target(0),
            offices.target(1),
            offices.move("handled", 0, DAY, service="internet", intervention_type="vsat", budget_rp=70),
            offices.move("handled", 1, DAY, budget_rp=900),
        ]
        data = offices.data(["none"] * 2, events)
        assert (data.rule.key, data.rule.document) == ("internet_any", "SK-2")
        assert table(data, "partners").total["share"] == Share(1, 2)
        assert table(data, "partners").total["budget_rp"] == 70, "the mobile case does not count for this list"

    def test_where_all_cases_must_be_handled_the_least_far_speaks_for_the_village(self):
        events = [
            offices.about("target_rule", "target:2022", offices.LISTED, year=2022, rule="mobile_all"),
            offices.target(0),
            offices.move("handled", 0, DAY, partner="Telkom"),
            offices.move("assigned", 0, DAY, label="selatan", partner="BAKTI"),
        ]
        data = offices.data(["none"], events)
        assert offices.said(stages(data))[0] == ["Ditugaskan", "1", "100,00 %"]
        assert offices.cell(table(data, "partners"), 0, "name") == "BAKTI"

    def test_where_the_later_survey_counts_handled_is_open_still(self):
        events = [
            offices.about("target_rule", "target:2022", offices.LISTED, year=2022, rule="mobile_verified"),
            offices.target(0),
            offices.target(1),
            offices.move("handled", 0, DAY),
            offices.move("handled", 1, DAY),
            offices.move("verified_after", 1, dt.date(2022, 7, 1)),
        ]
        row = table(offices.data(["none"] * 2, events), "partners").rows[0]
        assert (row["target"], row["done"], row["open"], row["handled"]) == (2, 1, 1, 1)


def test_without_a_list_the_tables_say_so():
    for one in groups(offices.data(["none"])):
        assert (one.rows, one.total, bool(one.empty.id)) == ((), None, True)

"""Reports of a workspace: any day, as known on any day, the same whenever they are made."""

from __future__ import annotations

import datetime as dt
import shutil

import offices
import pytest

import blankspot as bs
from blankspot.out.reports import assemble, of_day, of_quarter, of_year, to_plain
from blankspot.out.reports.model import Share
from blankspot.run.reporting import report_data

DAY = dt.date(2022, 6, 1)


def progress(document):
    return next(one.figure for one in document.headlines if one.key == "progress")


def ledger_in_two_sittings():
    """On 30 September two villages were on the list and one handled; what is told later happened before."""
    ledger = offices.ledger_of(
        [offices.target(0), offices.target(1), offices.move("handled", 0, DAY)],
        now=dt.datetime(2022, 9, 30, 3, tzinfo=dt.UTC),
    )
    ledger._clock = lambda: offices.NOW
    ledger.append([offices.move("handled", 1, DAY), offices.on_case("money", 1, DAY, amount_rp=5), offices.target(2)])
    return ledger


def test_what_was_recorded_later_is_not_known_before():
    quarter = of_quarter("2022-Q3", data_until=offices.AS_OF)
    kept = ledger_in_two_sittings()
    now = offices.data(["none"] * 3, ledger=kept, period=quarter)
    then = offices.data(["none"] * 3, ledger=kept, period=quarter, known_on=dt.date(2022, 9, 30))
    assert (int(now.standing["done"].sum()), len(now.standing), len(now.money)) == (2, 3, 1)
    assert (int(then.standing["done"].sum()), len(then.standing), len(then.money)) == (1, 2, 0)


def test_a_report_of_the_past_is_the_same_whenever_it_is_made():
    quarter = of_quarter("2022-Q3", data_until=offices.AS_OF)
    first = offices.ledger_of(
        [offices.target(0), offices.target(1), offices.move("handled", 0, DAY)],
        now=dt.datetime(2022, 9, 30, 3, tzinfo=dt.UTC),
    )
    known = {"period": quarter, "known_on": dt.date(2022, 9, 30)}
    made_then = to_plain(assemble(offices.data(["none"] * 3, ledger=first, **known)))
    made_now = to_plain(assemble(offices.data(["none"] * 3, ledger=ledger_in_two_sittings(), **known)))
    assert made_then == made_now


def test_what_happened_after_the_day_does_not_count():
    events = [offices.target(0), offices.move("handled", 0, dt.date(2022, 10, 1)), offices.about("note", "general", dt.date(2022, 10, 2), constraint="x")]  # fmt: skip
    found = offices.data(["none"], events, period="2022-Q3")
    assert progress(assemble(found)) == Share(0, 1)
    assert found.notes.empty


def test_standing_is_the_ledgers_progress():
    rules = ("mobile_any", "mobile_all", "mobile_verified", "internet_any")
    for rule in rules:
        kept = offices.ledger_of(
            [
                offices.about("target_rule", "target:2022", offices.LISTED, year=2022, rule=rule),
                *(offices.target(number) for number in range(5)),
                offices.move("handled", 0, DAY),
                offices.move("handled", 1, DAY),
                offices.move("verified_after", 1, dt.date(2022, 7, 1)),
                offices.move("assigned", 1, DAY, label="b"),
                offices.move("handled", 2, DAY, service="internet", intervention_type="leo"),
                offices.move("rejected", 3, DAY),
            ]
        )
        found = offices.data(["none"] * 5, ledger=kept)
        measured = kept.progress(year=2022, as_of=offices.AS_OF)
        assert (int(found.standing["done"].sum()), len(found.standing)) == (measured.numerator, measured.denominator)
        assert found.rule.text == measured.rule.text


@pytest.fixture(scope="module")
def kabupaten(demo_made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reporting") / "demo"
    shutil.copytree(demo_made, folder)
    return bs.Workspace(folder)


class TestDemo:
    def test_the_year_stands_at_43_of_60(self, kabupaten):
        document = kabupaten.report(of_year(2022, data_until=kabupaten.as_of))
        assert progress(document) == Share(43, 60)
        assert progress(document).text() == "71,67 %"

    def test_each_quarter_agrees_with_the_ledger(self, kabupaten):
        with kabupaten.ledger() as ledger:
            quarters = ledger.progress(year=2022, as_of=kabupaten.as_of, by="quarter").groups
        for group in quarters:
            data = report_data(kabupaten, of_quarter(group.key, data_until=kabupaten.as_of))
            assert (int(data.standing["done"].sum()), len(data.standing)) == (group.numerator, group.denominator)

    def test_tables_of_the_list_agree_with_the_ledgers_groups(self, kabupaten):
        document = kabupaten.report()
        by_key = {table.key: table for table in document.tables()}
        kinds = {"partners": "partner", "districts": "district", "funding": "funding_source"}
        with kabupaten.ledger() as ledger:
            for key, by in kinds.items():
                told = {group.key: (group.numerator, group.denominator) for group in ledger.progress(year=2022, as_of=kabupaten.as_of, by=by).groups}  # fmt: skip
                assert {row["id"]: (row["done"], row["target"]) for row in by_key[key].rows} == told

    def test_villages_are_judged_as_of_the_reports_own_day(self, kabupaten):
        early = report_data(kabupaten, of_day(dt.date(2022, 6, 30)))
        late = report_data(kabupaten, of_day(kabupaten.as_of, year=kabupaten.year))
        assert not early.verdicts.equals(late.verdicts)
        assert late.verdicts.equals(kabupaten.frame("verdicts"))
        latest = early.verdicts["latest_measurement"].dropna().max()
        assert latest.date() <= dt.date(2022, 6, 30)
        assert early.provenance.as_of == dt.date(2022, 6, 30)

    def test_the_same_report_twice_is_the_same_to_the_byte(self, kabupaten, tmp_path):
        quarter = of_quarter("2022-Q3", data_until=kabupaten.as_of)
        known = dt.date(2100, 1, 1)
        made = [
            kabupaten.write_report(kabupaten.report(quarter, known_on=known), tmp_path / name) for name in ("a", "b")
        ]
        for first, second in zip(*made, strict=True):
            assert first.read_bytes() == second.read_bytes(), first.name

    def test_sources_are_noted_once(self, kabupaten):
        kabupaten.report(of_quarter("2022-Q2", data_until=kabupaten.as_of))
        names = [note.name for note in kabupaten.provenance().sources]
        assert len(names) == len(set(names))

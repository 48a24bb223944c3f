"""What changed since the last report, in words."""

from __future__ import annotations

import datetime as dt

import offices

from blankspot.out.reports.changed import changes, changes_summary
from blankspot.words import LABELS

BEFORE = dt.date(2022, 9, 1)
AFTER = dt.date(2022, 11, 1)


def test_each_change_says_what_it_was_and_what_it_is():
    events = [
        offices.target(0),
        offices.move("assigned", 0, BEFORE, partner="Telkom", budget_rp=1000),
        offices.move("handled", 0, AFTER, budget_rp=2_500_000),
        offices.on_case("money", 0, AFTER, amount_rp=1500),
        offices.target(1, AFTER),
    ]
    data = offices.data(["none"] * 2, events, period="2022-Q4")
    told = {(line[0], line[4]): line[5:8] for line in offices.said(changes(data))}
    first = offices.code(0)
    assert told[first, "Tahap"] == ["Ditugaskan", "Tertangani", "1 November 2022"]
    assert told[first, "Anggaran"] == ["Rp1.000", "Rp2.500.000", "1 November 2022"]
    assert told[first, "Tanggal tertangani"] == ["", "1 November 2022", "1 November 2022"]
    assert told[first, "Realisasi keuangan"] == ["", "Rp1.500", "1 November 2022"]
    assert told[offices.code(1), "Masuk daftar target"][1] == "2022"
    assert "30 September 2022" in changes(data).definition.id


def test_the_summary_counts_changes_and_villages():
    events = [offices.target(number) for number in range(2)]
    events += [offices.move("proposed", number, AFTER) for number in range(2)]
    table = changes_summary(offices.data(["none"] * 2, events, period="2022-Q4"))
    assert sum(row["changes"] for row in table.rows) == table.total["changes"]
    assert len(changes(offices.data(["none"] * 2, events, period="2022-Q4")).rows) == table.total["changes"]


def test_what_happened_before_the_last_report_is_no_change():
    events = [offices.target(0), offices.move("assigned", 0, BEFORE)]
    data = offices.data(["none"], events, period="2022-Q4")
    assert (changes(data).rows, changes_summary(data).rows) == ((), ())
    earlier = offices.data(["none"], events, period="2022-Q4", since=dt.date(2022, 8, 1))
    assert "1 Agustus 2022" in changes(earlier).definition.id
    assert len(changes(earlier).rows) > 0


def test_what_was_recorded_late_shows_against_what_the_last_report_knew():
    ledger = offices.ledger_of([offices.target(0)], now=dt.datetime(2022, 9, 30, 3, tzinfo=dt.UTC))
    ledger._clock = lambda: dt.datetime(2022, 10, 20, 3, tzinfo=dt.UTC)
    ledger.append([offices.move("proposed", 0, BEFORE)])
    known = offices.data(["none"], ledger=ledger, period="2022-Q4")
    assert changes(known).rows == ()
    as_it_was = offices.data(["none"], ledger=ledger, period="2022-Q4", since_known_on=dt.date(2022, 9, 30))
    assert [line[4] for line in offices.said(changes(as_it_was))]
    assert offices.said(changes(as_it_was))[0][-1] == "20 Oktober 2022"


def test_what_concerns_no_village_says_what_it_is_about():
    events = [
        offices.about("note", "general", AFTER, constraint="Anggaran perubahan menunggu"),
        offices.on_case("note", 0, AFTER, constraint="Lahan belum bebas"),
    ]
    lines = offices.said(changes(offices.data(["none"], events, period="2022-Q4")))
    told = {line[1]: (line[4], line[6]) for line in lines}
    assert told["Umum"] == ("Catatan", "Anggaran perubahan menunggu")
    assert told["Sukanagara 1"] == ("Catatan", "Lahan belum bebas")


def test_every_change_that_the_ledger_tells_has_a_word():
    later = offices.about(
        "target_rule", "target:2022", dt.date(2022, 12, 1), year=2022, rule="mobile_verified", document="SK-2"
    )
    data = offices.data(["none"], [offices.target(0), later])
    told = changes(data)
    row = next(one for one in told.rows if one["what"] == LABELS["change"]["target_rule"])
    assert row["after"] == LABELS["target_rule"]["mobile_verified"]
    assert row["village_name"].id == "Daftar target 2022"
    counted = changes_summary(data).rows
    assert sum(one["changes"] for one in counted) == len(told.rows)

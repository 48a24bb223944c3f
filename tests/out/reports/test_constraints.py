"""What stands in the way: open and closed, overdue and not, of villages, partners and indicators."""

from __future__ import annotations

import datetime as dt

import offices

from blankspot.ledger import Event
from blankspot.out.reports.constraints import closed_constraints, open_constraints, overdue


def note(subject, on, village="", **fields):
    return Event(kind="note", village_code=village, case_id=subject, happened_on=on, fields=fields)


def closed(of, on):
    about = {"case_id": of.case_id, "village_code": of.village_code}
    return Event(kind="note_closed", happened_on=on, fields={"refers": of.content_id}, **about)


DAY = dt.date(2022, 10, 3)
LATE = note(
    f"{offices.code(0)}:mobile", DAY, offices.code(0), constraint="Lahan belum bebas", follow_up="Rapat dengan camat",
    owner="Kabid Infrastruktur", due_on="2022-12-16",
)  # fmt: skip
SOON = note("partner:xl-axiata", DAY, constraint="Perangkat belum tiba", owner="Telkom", due_on="2022-12-26")
OPEN_ENDED = note("general", DAY, constraint="Anggaran perubahan menunggu")


def report(*events, **rest):
    return offices.data(["none"] * 2, [offices.target(0), offices.move("assigned", 0, DAY), *events], **rest)


def test_the_overdue_come_first_and_are_marked_in_words():
    table = open_constraints(report(SOON, OPEN_ENDED, LATE))
    assert [(line[1], line[2], line[5], line[6]) for line in offices.said(table)] == [
        ("Desa Sukanagara 1 (Kecamatan 1): seluler", "Lahan belum bebas", "16 Desember 2022", "terlambat 10 hari"),
        ("Mitra XL Axiata", "Perangkat belum tiba", "26 Desember 2022", "belum jatuh tempo"),
        ("Umum", "Anggaran perubahan menunggu", "", "tanpa batas waktu"),
    ]
    assert [row["mark"] for row in table.rows] == ["overdue", None, None]
    assert overdue(report(SOON, OPEN_ENDED, LATE)) == 1


def test_a_closed_note_is_open_no_more_and_told_in_its_period():
    data = report(LATE, closed(LATE, dt.date(2022, 11, 2)), period="2022-Q4")
    assert open_constraints(data).rows == ()
    assert [line[-1] for line in offices.said(closed_constraints(data))] == ["2 November 2022"]


def test_it_was_open_before_it_was_closed():
    earlier = offices.of_day(dt.date(2022, 10, 31))
    data = report(LATE, closed(LATE, dt.date(2022, 11, 2)), period=earlier)
    assert len(open_constraints(data).rows) == 1
    assert closed_constraints(data).rows == ()


def test_indicators_report_their_constraints_in_the_same_list():
    figures = offices.figures(
        {"indicator": "Serapan anggaran", "period": "2022-Q4", "target": 1, "realization": 1, "as_of": "2022-12-20",
         "constraint": "Dana bagi hasil belum cair", "follow_up": "Usul pergeseran kas", "responsible": "Sekretariat"},
        {"key": "b", "indicator": "Tanpa kendala", "period": "2022-Q4", "target": 1, "realization": 1},
    )  # fmt: skip
    table = open_constraints(report(indicators=figures))
    assert [line[1:5] for line in offices.said(table)] == [
        ["Indikator: Serapan anggaran", "Dana bagi hasil belum cair", "Usul pergeseran kas", "Sekretariat"]
    ]


def test_without_any_it_says_so():
    data = report()
    assert open_constraints(data).empty.id.startswith("Tidak ada")
    assert closed_constraints(data).rows == ()

"""Planners' lists: one row per village with its stage and the days of its stages."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from stories import VILLAGE, VILLAGES

from blankspot.errors import SourceError
from blankspot.ledger.headings import is_list, kind_of


def planned(ledger, *table_rows, **columns):
    frame = pd.DataFrame(list(table_rows)) if table_rows else pd.DataFrame(columns)
    return ledger.plan_import(frame.astype("str").where(frame.notna()), lang="en")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["Kode desa", "Tgl usulan", "Tgl ditangani", "Status", "Mitra"], True),
        (["Kode desa", "Status"], True),
        (["village_code", "handled_on"], True),
        (["Kode desa", "TANGGAL TERTANGANI (WIB)"], True),
        (["Tanggal", "Kode desa", "Kejadian"], False),
        (["happened_on", "village_code", "event", "status"], False),
        (["Tanggal", "Kode desa"], False),
    ],
)
def test_which_tables_are_lists(columns, expected):
    assert is_list(columns) is expected


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Tertangani", "handled"),
        ("DITUGASKAN", "assigned"),
        ("on air", "on_air"),
        ("Handled", "handled"),
        ("verified_after", "verified_after"),
        ("Masuk target", "target"),
        ("selesai sekali", None),
    ],
)
def test_labels(label, kind):
    assert kind_of(label) == kind


def test_days_per_stage_become_moves(ledger):
    plan = planned(
        ledger,
        {
            "No": "1",
            "Kode desa": VILLAGE,
            "Tahun target": "2022",
            "Tgl target": "17/01/2022",
            "Tgl usulan": "3 Februari 2022",
            "Tgl ditangani": "26/12/2022",
            "Status": "Tertangani",
            "Mitra": "Telkom",
            "Bukti": "BA-7",
            "Keterangan": "lancar",
        },
    )
    assert plan.rejects.empty
    assert [(one.kind, one.happened_on.isoformat(), dict(one.fields)) for one in plan.new_events] == [
        ("target", "2022-01-17", {"year": 2022}),
        ("proposed", "2022-02-03", {}),
        ("handled", "2022-12-26", {"evidence": "BA-7", "note": "lancar", "partner": "Telkom", "skips": True}),
    ]
    ledger.append(plan.new_events)
    assert (
        ledger.progress(year=2022, as_of=dt.date(2022, 12, 26)).text()
        == "1 dari 1 desa (100,00 %) per 26 Desember 2022"
    )


def test_a_list_brought_in_month_after_month_appends_only_what_is_new(ledger):
    march = {"Kode desa": VILLAGE, "Tgl usulan": "2022-02-01", "Tgl penugasan": "2022-03-05", "Mitra": "Telkom"}
    december = march | {"Tgl tertangani": "2022-11-20", "Bukti": "BA-9"}
    first = planned(ledger, march)
    ledger.append(first.new_events)
    second = planned(ledger, december)
    assert [one.kind for one in second.new_events] == ["handled"]
    assert second.unchanged == 2
    ledger.append(second.new_events)
    assert planned(ledger, december).unchanged == 3
    assert ledger.state()["partner"].tolist() == ["Telkom"]


def test_a_status_is_dated_by_its_own_column_or_by_the_day_of_the_row(ledger):
    plan = planned(
        ledger,
        {"Kode desa": VILLAGE, "Status": "Ditugaskan", "Tanggal": "2022-03-01", "Mitra": "XL"},
        {"Kode desa": VILLAGES[1], "Status": "Ditugaskan", "Tanggal": None, "Mitra": "XL"},
        {"Kode desa": VILLAGES[2], "Status": "mungkin", "Tanggal": "2022-03-01", "Mitra": None},
    )
    assert [(one.village_code, one.kind) for one in plan.new_events] == [(VILLAGE, "assigned")]
    assert plan.rejects[["column", "rule"]].to_numpy().tolist() == [
        ["happened_on", "missing_value"],
        ["event", "not_a_choice"],
    ]


def test_a_row_that_contradicts_itself_is_refused_as_a_whole(ledger):
    plan = planned(
        ledger,
        {
            "Kode desa": VILLAGE,
            "Status": "Diusulkan",
            "Tgl usulan": "2022-02-01",
            "Tgl ditangani": "2022-05-01",
            "Bukti": "B",
        },
    )
    assert plan.new_events == ()
    assert plan.rejects["rule"].tolist() == ["status_contradicts_days"]


def test_a_row_without_stage_or_day_and_a_handling_without_evidence(ledger):
    plan = planned(
        ledger,
        {"Kode desa": VILLAGE, "Tgl usulan": None, "Tgl ditangani": None, "Bukti": None},
        {"Kode desa": VILLAGES[1], "Tgl usulan": "2022-02-01", "Tgl ditangani": "2022-03-01", "Bukti": " "},
    )
    assert [one.kind for one in plan.new_events] == ["proposed"]
    assert plan.rejects["rule"].tolist() == ["missing_value", "evidence_missing"]
    assert plan.rows_in == 3


def test_days_in_the_wrong_order_are_refused(ledger):
    plan = planned(ledger, {"Kode desa": VILLAGE, "Tgl usulan": "2022-06-01", "Tgl verifikasi": "2022-05-01"})
    assert [one.kind for one in plan.new_events] == ["verified"]
    assert plan.rejects["rule"].tolist() == ["illegal_move"]


def test_an_internet_point_is_a_case_of_its_own(ledger):
    plan = planned(
        ledger,
        {
            "Kode desa": VILLAGE,
            "Tgl usulan": "2022-02-01",
            "Tgl ditangani": "2022-03-01",
            "Bukti": "B",
            "Jenis penanganan": "VSAT",
        },
    )
    assert {one.case_id for one in plan.new_events} == {f"{VILLAGE}:internet"}


def test_target_lists_alone(ledger):
    plan = planned(
        ledger,
        {"Kode desa": VILLAGE, "Tahun": "2022", "Tgl target": "2022-01-05", "Dokumen": "SK-1"},
        {"Kode desa": VILLAGES[1], "Tahun": None, "Tgl target": "2022-01-05", "Dokumen": "SK-1"},
    )
    assert [dict(one.fields) for one in plan.new_events] == [{"document": "SK-1", "year": 2022}]
    assert plan.rejects["rule"].tolist() == ["year_missing"]


def test_a_list_needs_codes(ledger):
    with pytest.raises(SourceError, match="'Kode desa'"):
        planned(ledger, {"Desa": "Cileunyi", "Tgl usulan": "2022-02-01"})

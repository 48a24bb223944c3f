"""Indicator sheets as offices keep them: two layouts, merged cells, figures in words, and numbers that contradict each other."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import SourceError
from blankspot.schema import TABLES
from blankspot.sources.indicator_cells import counting_of, direction_of, figure_of, period_of, without_contact
from blankspot.sources.indicator_headings import Slot, slot_of
from blankspot.sources.indicators import is_indicator_sheet, read_indicators

LONG = """Sasaran;Indikator Kinerja;Satuan;Arah;Bidang;Tahun;Triwulan;Target;Realisasi;Anggaran (Rp);Realisasi anggaran;Menunggu dana;\
Tanggal data;Kendala;Tindak lanjut;Penanggung jawab
SPBE;OPD terhubung;OPD;naik;TIK;2022;TW I;27;28;2,1 Milyar;640 juta;;;;;
;;;;;;Triwulan 2 2022;30;31;;;;;;;
;;;;;;III/2022;32;33;;;;;;;
;;;;;;2022-Q4;34;36 OPD dari 34 (105,88%);8.000.000.000;Rp4.828.000.000,-;Rp1.829,6 juta;26/12/22;Dana belum cair;Tagih BKAD;Sekretaris Dinas
"""


def write(folder, text, name="indikator.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def book(folder, *rows, name="indikator.xlsx"):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(folder / name)
    return folder / name


def rules(checked, severity=None):
    said = checked.rejects if severity is None else checked.rejects[checked.rejects["severity"] == severity]
    return said["rule"].tolist()


def conserved(checked):
    return checked.rows_in == len(checked.accepted) + (checked.rejects["severity"] == "rejected").sum()


def test_a_row_per_quarter_under_official_headings(tmp_path):
    checked = read_indicators(write(tmp_path, LONG))
    rows = checked.accepted
    assert list(rows.columns) == [*TABLES["indicators"].columns, "source_file", "source_row"]
    assert rows["quarter"].tolist() == [1, 2, 3, 4]
    assert rows["realization"].tolist() == [28, 31, 33, 36]
    assert set(rows["indicator"]) == {"OPD terhubung"}
    assert set(rows["year"]) == {2022}
    assert set(rows["direction"]) == {"higher"}
    last = rows.iloc[-1]
    assert (last["budget_rp"], last["realized_rp"], last["waiting_rp"]) == (8e9, 4.828e9, 1.8296e9)
    assert rows["budget_rp"].iloc[0] == 2.1e9
    assert last["as_of"] == pd.Timestamp(2022, 12, 26)
    assert (last["constraint"], last["follow_up"], last["responsible"]) == (
        "Dana belum cair",
        "Tagih BKAD",
        "Sekretaris Dinas",
    )
    filled = checked.rejects[checked.rejects["rule"] == "filled_down"]
    assert {"indicator", "unit", "direction", "goal"} <= set(filled["column"])
    assert set(filled["row"]) == {3}
    assert rules(checked, "repaired") == ["cell_read"]
    assert "counting_assumed" in rules(checked, "noted")
    assert checked.rejects["source"].eq("indikator.csv").all()


E81 = (
    ["Evaluasi Hasil Renja Dinas Komunikasi dan Informatika Tahun 2022"],
    [
        "No", "Sasaran", "Indikator", "Satuan", "Target Renstra akhir periode", "Target", None, None, None,
        "Realisasi Kinerja Pada Triwulan", *[None] * 7, "Pagu (juta Rp)", "Tingkat capaian (%)", "Kendala", "Penanggung jawab",
    ],
    [None] * 5 + ["TW I", "TW II", "TW III", "TW IV", "I", None, "II", None, "III", None, "IV"],
    [None] * 9 + ["K", "Rp"] * 4,
    list(range(1, 22)),
    [
        1, "SPBE meningkat", "OPD terhubung", "OPD", 99, 27, 30, 32, 34, 28, 640e6, 31, 1905e6, 33, "3,56 Milyar", 36, 4828e6,
        8000, 105.88, "DBH belum cair", "Sekretaris",
    ],
    [2, None, "Indeks SPBE", "indeks", None, None, None, None, 2.6, None, None, None, None, None, None, 2.875, None, None],
    [None, "Jumlah", None, None, None, None, None, None, None, None, 640e6],
    [None, "Kepala Dinas,"],
)  # fmt: skip


def test_quarters_in_columns_under_headings_of_three_lines(tmp_path):
    checked = read_indicators(book(tmp_path, *E81), year=2022)
    rows = checked.accepted.set_index(["indicator", checked.accepted["quarter"].fillna(0)])
    opd = rows.loc["OPD terhubung"]
    assert opd.loc[[1, 2, 3, 4], "target"].tolist() == [27, 30, 32, 34]
    assert opd.loc[[1, 2, 3, 4], "realization"].tolist() == [28, 31, 33, 36]
    assert opd.loc[[1, 2, 3, 4], "realized_rp"].tolist() == [640e6, 1905e6, 3560e6, 4828e6]
    assert opd.loc[0, "budget_rp"] == 8e9
    assert opd["constraint"].dropna().to_dict() == {4: "DBH belum cair"}
    assert rows.loc[("Indeks SPBE", 4), "realization"] == 2.875  # not 2 875
    assert rows.loc[("Indeks SPBE", 4), "goal"] == "SPBE meningkat"
    assert rules(checked, "rejected") == ["total_row", "missing_value"]
    noted = checked.rejects.set_index("rule")
    assert noted.loc["scaled", "value"] == "Pagu (juta Rp)"
    assert "Target Renstra akhir periode" in noted.loc["columns_not_read", "value"]
    assert noted.loc["year_assumed", "value"] == "2022"
    assert conserved(checked)


def test_without_a_year_no_row_is_taken(tmp_path):
    checked = read_indicators(book(tmp_path, *E81))
    assert checked.accepted.empty
    assert conserved(checked)


def test_quarters_in_columns_under_one_line_of_headings(tmp_path):
    text = (
        "Indikator,Satuan,Tahun,Sifat,Target TW I,Target TW II,Realisasi TW I,Realisasi TW II,Anggaran,Realisasi anggaran,Kendala\n"
        "Operator terlatih,orang,2022,dalam triwulan,60,60,52,64,Rp 1 Milyar,690 juta,Honor terlambat\n"
    )
    rows = read_indicators(write(tmp_path, text)).accepted
    assert rows["quarter"].fillna(0).tolist() == [0, 1, 2]
    assert rows["realization"].tolist()[1:] == [52, 64]
    assert set(rows["counting"]) == {"in_quarter"}
    assert rows["budget_rp"].tolist()[0] == 1e9
    assert rows["constraint"].dropna().index.tolist() == [2]  # the latest quarter that tells a realisation


@pytest.mark.parametrize(
    ("heading", "slot"),
    [
        ("Target TW I", Slot("target", 1)),
        ("TW IV Realisasi", Slot("realization", 4)),
        ("Realisasi Triwulan III (Rp)", Slot("realized_rp", 3)),
        ("Realisasi s.d. TW II 2022", Slot("realization", 2, 2022)),
        ("Menunggu dana TW 1", Slot("waiting_rp", 1)),
        ("Anggaran TW I (dalam ribuan rupiah)", Slot("budget_rp", 1, None, 1000)),
        ("Kendala TW III", Slot("constraint", 3)),
        ("Target kinerja dan anggaran Renja tahun berjalan K", Slot("target")),
        ("Target kinerja dan anggaran Renja tahun berjalan Rp", Slot("budget_rp")),
        ("Tingkat capaian (%)", Slot("achievement")),
        ("Target Renstra akhir periode", None),
        ("Realisasi tahun lalu", None),
        ("TW I", None),
        ("Nomor", None),
    ],
)
def test_what_a_heading_says(heading, slot):
    assert slot_of(heading) == slot


def test_a_contradiction_in_a_figure_refuses_the_row_and_in_prose_is_a_remark(tmp_path):
    text = (
        "Indikator;Satuan;Tahun;Triwulan;Target;Realisasi;Kendala;Catatan\n"
        "Titik WiFi;titik;2022;4;29;3 titik atau 6,12 % dari 29;;\n"
        "Titik VSAT;titik;2022;4;29;3;;3 titik atau 6,12 % dari 29\n"
    )
    checked = read_indicators(write(tmp_path, text))
    assert checked.accepted["indicator"].tolist() == ["Titik VSAT"]
    said = checked.rejects[checked.rejects["rule"] == "claim_contradicts"]
    assert said[["row", "column", "severity"]].to_numpy().tolist() == [
        [2, "realization", "rejected"],
        [3, "note", "noted"],
    ]
    for message in said["message"]:
        assert "3/29 = 10,34 %" in message
        assert "3/49 = 6,12 %" in message


@pytest.mark.parametrize(
    ("cell", "unit", "value", "rule"),
    [
        ("1.234", "desa", 1234, ""),
        ("2.875", "indeks", 2.875, ""),
        ("2,875", "indeks", 2.875, ""),
        ("140 ribu", "jiwa", 140_000, ""),
        ("8,9 Milyar", "Rp", 8.9e9, ""),
        ("36 OPD", "OPD", 36, ""),
        ("36 OPD", "", 36, ""),
        ("60,35 %", "%", 60.35, ""),
        ("60,35", "%", 60.35, ""),
        ("71,67 % (43/60)", "%", 71.67, ""),
        ("43 dari 60 desa (71,67 %)", "desa", 43, ""),
        ("43/60", "", 43, ""),
        ("-", "desa", None, ""),
        ("60,35 %", "desa", None, "percent_in_count"),
        ("36 titik", "OPD", None, "other_unit"),
        ("3 titik atau 6,12 % dari 29", "titik", None, "claim_contradicts"),
        ("43/60", "%", None, "unreadable_number"),
        ("banyak", "desa", None, "unreadable_number"),
    ],
)
def test_a_figure_as_it_is_written(cell, unit, value, rule):
    reading = figure_of(cell, unit)
    assert (reading.value, reading.rule) == (value, rule)


def test_a_sentence_in_a_cell_fills_what_its_row_leaves_open(tmp_path):
    text = "Indikator;Tahun;Triwulan;Target;Realisasi\nDesa;2022;4;;43 dari 60 desa (71,67 %)\nDesa;2022;3;50;40 dari 60 desa\n"
    checked = read_indicators(write(tmp_path, text))
    assert checked.accepted[["target", "realization", "unit"]].to_numpy().tolist() == [
        [60, 43, "desa"],
        [50, 40, "desa"],
    ]
    assert {"target_taken", "whole_differs"} <= set(rules(checked, "noted"))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("TW III", (None, 3)),
        ("3", (None, 3)),
        ("III/2022", (2022, 3)),
        ("2022", (2022, None)),
        ("Setahun", (None, None)),
        ("Tahun 2022", (2022, None)),
        ("Maret", None),
        ("3/2022", None),
    ],
)
def test_the_quarter_column(text, period):
    assert period_of(text) == period


def test_a_quarter_that_is_none_or_of_another_year_is_refused(tmp_path):
    text = "Indikator;Tahun;Triwulan;Realisasi\nA;2022;Maret;1\nB;2022;III/2021;1\nC;2022;;1\n"
    checked = read_indicators(write(tmp_path, text))
    assert rules(checked, "rejected") == ["unreadable_quarter", "year_contradicts"]
    assert checked.accepted["quarter"].isna().all()


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("lebih tinggi lebih baik", "higher"),
        ("naik", "higher"),
        ("Positif", "higher"),
        ("semakin tinggi semakin baik", "higher"),
        ("higher", "higher"),
        ("lebih rendah lebih baik", "lower"),
        ("Turun", "lower"),
        ("negatif", "lower"),
        ("makin kecil makin baik", "lower"),
        ("semakin tinggi realisasi semakin rendah kinerja", "semakin tinggi realisasi semakin rendah kinerja"),
        ("entah", "entah"),
    ],
)
def test_the_words_of_a_direction(text, direction):
    assert direction_of(text) == direction


def test_the_words_of_a_counting():
    assert [counting_of(text) for text in ("Kumulatif", "dalam triwulan", "Non-kumulatif", "entah")] == [
        "cumulative", "in_quarter", "in_quarter", "entah",
    ]  # fmt: skip


def test_figures_that_do_not_agree_are_remarks(tmp_path):
    text = (
        "Indikator;Satuan;Tahun;Triwulan;Target;Realisasi;Capaian (%);Anggaran;Realisasi anggaran;Menunggu dana\n"
        "Desa;desa;2022;1;10;9;90,00;100;50;20\n"
        "Desa;desa;2022;2;20;8;50;100;60;50\n"
        "Desa;desa;2022;3;30;;;;;\n"
        "Desa;desa;2022;4;40;;;;;\n"
        "Desa;desa;2022;;60;;;;;\n"
        "Kepuasan;%;2022;1;80;85;106,25;;;\n"
        "Kepuasan;%;2022;2;80;79;98,75;;;\n"
    )
    checked = read_indicators(write(tmp_path, text))
    assert len(checked.accepted) == 7
    said = checked.rejects[
        checked.rejects["rule"].isin(("cumulative_falls", "above_budget", "achievement_differs", "year_target_differs"))
    ]
    found = sorted(zip(said["rule"], said["row"].tolist(), strict=True))
    assert found == [
        ("above_budget", 3),
        ("achievement_differs", 3),
        ("cumulative_falls", 3),
        ("year_target_differs", 6),
    ]
    assert "40,00 %" in said.set_index("rule").loc["achievement_differs", "message"]


def test_an_achievement_where_lower_is_better_is_checked_by_its_own_formula(tmp_path):
    text = (
        "Indikator;Satuan;Arah;Tahun;Triwulan;Target;Realisasi;Capaian\nWaktu henti;jam;turun;2022;4;48;44;108,33 %\n"
    )
    assert "achievement_differs" not in rules(read_indicators(write(tmp_path, text)))


def test_a_contact_does_not_get_past_this_door(tmp_path):
    assert without_contact("hubungi Budi 0812-3456-7890 atau budi@contoh.go.id") == "hubungi Budi atau"
    assert without_contact("kantor (022) 7654321, atau 0812 3456 7890") == "kantor , atau"
    assert without_contact("Rp 8.000.000.000 dari pagu 2022") == "Rp 8.000.000.000 dari pagu 2022"
    text = "Indikator;Tahun;Realisasi;Kendala\nA;2022;1;telepon +62 812 3456 7890\n"
    checked = read_indicators(write(tmp_path, text))
    assert checked.accepted["constraint"].tolist() == ["telepon"]
    assert not checked.rejects.astype("str").apply(lambda column: column.str.contains("3456")).any(axis=None)


def test_which_sheets_are_indicator_sheets():
    assert is_indicator_sheet(["No", "Indikator Kinerja", "Target"])
    assert is_indicator_sheet(["indicator", "quarter"])
    assert not is_indicator_sheet(["Tanggal", "Kode desa", "Kejadian"])
    assert not is_indicator_sheet(["Kode desa", "Status", "Indikator"])


def test_a_sheet_without_indicators_is_refused_with_what_it_has(tmp_path):
    with pytest.raises(SourceError, match="Nama"):
        read_indicators(write(tmp_path, "Nama,Target\nA,1\n"))


def test_columns_are_mapped_and_a_year_may_be_a_constant(tmp_path):
    path = write(tmp_path, "Uraian,Capaian akhir\nOPD terhubung,36\n")
    checked = read_indicators(path, mapping={"indicator": "Uraian", "realization": "Capaian akhir", "year": "=2022"})
    row = checked.accepted.iloc[0]
    assert (row["indicator"], row["realization"], row["year"]) == ("OPD terhubung", 36, 2022)


def test_the_demos_sheet_is_a_whole_quarterly_evaluation(demo_source):
    from blankspot.ledger import Ledger
    from blankspot.ledger.indicators import achievement, indicators_frame, plan_indicators
    from blankspot.words import percent

    checked = read_indicators(demo_source / "data/indikator.csv")
    assert checked.rejects.empty
    with Ledger.open(":memory:", origin="dinas") as ledger:
        ledger.append(plan_indicators(checked.accepted, (), today=ledger.today).new_events)
        frame = indicators_frame(ledger.effective(as_of=dt.date(2022, 12, 26)))
    last = frame[frame["period"] == "2022-Q4"].set_index("indicator")
    opd = achievement(*last.loc["OPD terhubung", ["target", "realization"]], "higher")
    assert percent(opd.numerator, opd.denominator) == "105,88 %"
    spent = achievement(*last.loc["Realisasi anggaran", ["target", "realization"]], "higher")
    assert (spent.numerator, spent.denominator) == (4_828_000_000, 8_000_000_000)
    assert percent(spent.numerator, spent.denominator) == "60,35 %"
    money = frame[["budget_rp", "realized_rp", "waiting_rp"]].where(
        (frame["period"] == "2022-Q4") | ~frame["cumulative"]
    )
    assert money[["budget_rp", "realized_rp"]].sum().tolist() == [8_000_000_000, 4_828_000_000]
    assert percent(last["waiting_rp"].sum(), 8_000_000_000) == "22,87 %"
    assert last.loc["Realisasi anggaran", ["constraint", "follow_up", "responsible"]].notna().all()
    assert "lower" in set(frame["direction"])


cells = st.text("0123456789.,% -/daritkm", max_size=14) | st.sampled_from(
    ["", "TW I", "36", "3 titik atau 6,12 % dari 29", "43/60"]
)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.tuples(cells, cells, cells, cells, cells), min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_every_row_is_accepted_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "indikator.csv"
    names = ["Indikator", "Triwulan", "Target", "Realisasi", "Catatan"]
    pd.DataFrame(rows, columns=names).to_csv(path, index=False, sep=";")
    try:
        checked = read_indicators(path, year=2022)
    except SourceError:
        return
    assert conserved(checked)


def test_a_target_that_is_no_number_beside_a_sentence_is_refused_and_stops_nothing(tmp_path):
    path = tmp_path / "indikator.csv"
    path.write_text(
        "Indikator,Satuan,Triwulan,Target,Realisasi\nA,titik,1,a,0/0\nB,titik,1,4,3 dari 4\n", encoding="utf-8"
    )
    checked = read_indicators(path, year=2022)
    assert checked.accepted["indicator"].tolist() == ["B"]
    assert checked.rows_in == 2

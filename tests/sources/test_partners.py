from __future__ import annotations

import openpyxl
import pandas as pd

from blankspot.ledger.partners import Partners, contacts
from blankspot.out.templates import write_templates
from blankspot.schema import TABLES
from blankspot.sources.partners import read_partners


def _write(tmp_path, *rows: dict[str, str], name: str = "mitra.csv"):
    path = tmp_path / name
    pd.DataFrame(list(rows)).to_csv(path, index=False)
    return path


def _rules(checked) -> dict[tuple[int, str], str]:
    refused = checked.rejects[checked.rejects["severity"] == "rejected"]
    return {(row, column): rule for row, column, rule in refused[["row", "column", "rule"]].itertuples(index=False)}


def test_a_table_is_read_under_everyday_headings_and_words(tmp_path):
    path = _write(
        tmp_path,
        {"Mitra": "Politeknik Arunika", "Unsur": "Perguruan tinggi", "Singkatan": "POLAR", "Sejak": "11 Maret 2019"},
        {"Mitra": "Radio Arunika", "Unsur": "pers", "Singkatan": "", "Sejak": ""},
        {"Mitra": "Karang Taruna", "Unsur": "Masyarakat/komunitas", "Singkatan": "", "Sejak": ""},
    )
    checked = read_partners(path)
    assert list(checked.accepted.columns) == list(TABLES["partners"].columns)
    assert checked.accepted["role"].tolist() == ["academia", "media", "community"]
    assert checked.accepted["since"].iloc[0] == pd.Timestamp(2019, 3, 11)
    assert Partners.from_table(checked.accepted).resolve("Polar").role == "academia"


def test_rows_that_do_not_fit_together_are_refused_with_their_line(tmp_path):
    path = _write(
        tmp_path,
        {"Nama mitra": "A", "Penerus": "B"},
        {"Nama mitra": "B", "Penerus": "A"},
        {"Nama mitra": "C", "Penerus": "Telkomsell"},
        {"Nama mitra": "D", "Nama lain": "Telkomsel"},
        {"Nama mitra": "PT Telkom Indonesia", "Kontak": "Ibu Sari 0811"},
        {"Nama mitra": "Telkom"},
        {"Nama mitra": "E", "Mulai berlaku": "2022-05-01", "Berakhir": "2022-04-01"},
        {"Nama mitra": "F", "Peran": "pentagon"},
        {"Nama mitra": "G", "Nama lain dari": "Tiada"},
        {"Nama mitra": "", "Peran": "Media"},
        {"Nama mitra": "H", "Peran": "Media"},
    )
    checked = read_partners(path, judge=Partners.faults)
    assert _rules(checked) == {
        (2, "successor"): "successors_go_round",
        (3, "successor"): "successors_go_round",
        (4, "successor"): "partner_unknown",
        (5, "aliases"): "name_taken",
        (7, "partner_name"): "partner_twice",
        (8, "until"): "until_before_since",
        (9, "role"): "not_a_choice",
        (10, "alias_of"): "partner_unknown",
        (11, "partner_name"): "missing_value",
    }
    assert checked.rows_in == len(checked.accepted) + checked.rows_rejected
    assert "Mungkin maksudnya Telkomsel?" in " ".join(checked.rejects["message"])
    assert "0811" not in checked.rejects.to_csv()
    assert Partners.from_table(checked.accepted).known("H")


def test_a_name_with_days_of_its_own_may_not_mean_two_partners_on_one_day(tmp_path):
    rows = [
        {"Nama mitra": "A"},
        {"Nama mitra": "B"},
        {"Nama mitra": "AB", "Nama lain dari": "A", "Berakhir": "2021-12-31"},
        {"Nama mitra": "AB", "Nama lain dari": "B", "Mulai berlaku": "2022-01-01"},
        {"Nama mitra": "AB", "Nama lain dari": "B", "Mulai berlaku": "2021-06-01"},
    ]
    assert _rules(read_partners(_write(tmp_path, *rows), judge=Partners.faults)) == {(6, "partner_name"): "name_taken"}


def test_the_template_filled_in_is_read_back_with_its_contact_for_letters(tmp_path):
    write_templates(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "mitra.xlsx")
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for head, value in (("Nama mitra *", "Radio Arunika"), ("Peran", "Media"), ("Kontak", "redaksi, 0811-000")):
        sheet.cell(2, heads.index(head) + 1).value = value
    book.save(tmp_path / "mitra.xlsx")
    read = read_partners(tmp_path / "mitra.xlsx", judge=Partners.faults)
    assert read.rejects.empty
    assert contacts(read.accepted) == {"radio arunika": "redaksi, 0811-000"}


def test_a_contact_that_slipped_out_of_its_column_is_not_repeated_among_the_rejects(tmp_path):
    path = tmp_path / "mitra.csv"
    path.write_text(
        "Nama mitra,Kontak\nRadio Arunika,Jalan Pasar 3,0811-000\nMedia Arunika,Redaksi\n", encoding="utf-8"
    )
    read = read_partners(path, judge=Partners.faults)
    assert _rules(read) == {(2, ""): "too_many_cells"}
    assert "0811" not in read.rejects.to_csv()

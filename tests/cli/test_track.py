"""`blankspot track` from outside: what it prints where, with which exit code, and what it leaves in the ledger."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import worlds
from stories import HOSTILE, VILLAGE, VILLAGES, event, handled, rows

from blankspot.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

TITLES = {
    "happened_on": "Tanggal", "village_code": "Kode desa", "event": "Kejadian", "year": "Tahun target", "partner": "Mitra",
    "evidence": "Bukti", "document": "Dokumen", "note": "Catatan",
}  # fmt: skip


@pytest.fixture
def call(call):
    return lambda *arguments: call("track", *arguments)


@pytest.fixture
def listed(tmp_path) -> Path:
    """A handling list with a target, a handled village, and a village handled out of the blue."""
    path = tmp_path / "daftar.xlsx"
    frame = rows(event("target", 3, document="SK-1"), *handled(), event("handled", 90, VILLAGES[1]))
    frame.rename(columns=TITLES).to_excel(path, index=False)
    return path


@pytest.fixture
def book(tmp_path, listed, call) -> Path:
    """A ledger that has what can be had of the list."""
    path = tmp_path / "ledger.db"
    assert call("import", listed, "--ledger", path, "--apply")[0] == 0
    return path


def test_an_import_is_a_dry_run_unless_applied(call, tmp_path, listed):
    path = tmp_path / "ledger.db"
    code, out, err = call("import", listed, "--ledger", path)
    assert code == 0
    assert not path.exists()
    assert "Tertangani" in out
    assert "mensyaratkan tahap" in out
    assert "10 baris: 9 baru, 0 sudah tercatat, 1 ditolak. Belum ada yang dicatat" in err
    assert "--allow-skips" in err
    code, _, err = call("import", listed, "--ledger", path, "--apply", "--lang", "en")
    assert (code, "9 events were recorded" in err) == (0, True)
    code, _, err = call("import", listed, "--ledger", path, "--apply")
    assert "0 baru, 9 sudah tercatat, 1 ditolak. 0 kejadian dicatat." in err


def test_strict_appends_nothing_if_a_row_is_refused(call, tmp_path, listed):
    path = tmp_path / "ledger.db"
    code, out, err = call("import", listed, "--ledger", path, "--apply", "--strict")
    assert code == 3
    assert "mensyaratkan tahap" in out
    assert "--strict" in err
    with Ledger.open(path) as ledger:
        assert ledger.events() == ()
    assert call("import", listed, "--ledger", path, "--apply", "--strict", "--allow-skips")[0] == 0


def test_an_import_as_json(call, tmp_path, listed):
    code, out, _ = call("import", listed, "--ledger", tmp_path / "ledger.db", "--json")
    plan = json.loads(out)
    assert code == 0
    assert [plan[name] for name in ("rows_in", "unchanged", "rejected", "recorded")] == [10, 0, 1, 0]
    assert plan["new"][0]["event"] == "identified"
    assert plan["rejects"][0]["rule"] == "illegal_move"
    assert plan["rejects"][0]["row"] == 11


def test_a_planners_list_as_csv(call, tmp_path):
    path = tmp_path / "rekap.csv"
    path.write_text(
        "Kode desa;Tgl usulan;Tgl ditangani;Status;Mitra;Bukti\n"
        f"{VILLAGE};01/02/2022;26/12/2022;Tertangani;Telkom;BA-1\n"
        f"{VILLAGES[1]};03/02/2022;;Diusulkan;;\n"
        "32.4.5.1;;;Tertangani;;\n",
        encoding="cp1252",
    )
    code, out, err = call("import", path, "--ledger", tmp_path / "ledger.db", "--apply")
    assert code == 0
    assert "* melompati tahap yang tidak tercatat" in out
    assert "4 baris: 3 baru, 0 sudah tercatat, 1 ditolak. 3 kejadian dicatat." in err


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.unlink(missing_ok=True), "tidak"),
        (lambda path: path.write_text(""), "kosong"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.write_text("Tanggal,Kejadian,Desa\n2022-01-01,identified,X\n"), "Kode desa"),
    ],
)
def test_a_file_that_cannot_be_used(call, tmp_path, make, said):
    path = tmp_path / "daftar.csv"
    make(path)
    code, out, err = call("import", path, "--ledger", tmp_path / "ledger.db")
    assert (code, out) == (3, "")
    assert said in err
    assert "Traceback" not in err


def test_adding_a_move(call, book):
    code, out, err = call("add", VILLAGE, "Terverifikasi pascapenanganan", "--on", "1 Mei 2022", "--ledger", book)
    assert (code, out) == (0, "")
    assert "Tercatat: 32.04.05.2001, Terverifikasi pascapenanganan, 1 Mei 2022." in err
    assert "Sudah tercatat" in call("add", VILLAGE, "verified_after", "--on", "2022-05-01", "--ledger", book)[2]
    code, _, err = call("add", VILLAGE, "construction", "--on", "2022-06-01", "--ledger", book)
    assert code == 5
    assert "yang tercatat: 'Terverifikasi pascapenanganan' sejak 1 Mei 2022" in err
    assert call("add", VILLAGES[2], "target", "--on", "2022-05-01", "--year", 2022, "--ledger", book)[0] == 0
    assert call("add", VILLAGES[2], "identified", "--on", "2022-05-01", "--case", "internet", "--ledger", book)[0] == 0
    assert len(json.loads(call("list", "--ledger", book, "--json")[1])) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("3204052001", "identified", "--on", "2022-01-01"), 3, "32.04.05.2001"),
        ((VILLAGE, "selesai", "--on", "2022-01-01"), 2, "'selesai' tidak dikenal. Pilih: Masuk daftar target,"),
        ((VILLAGE, "identified"), 2, "--on"),
        ((VILLAGE, "identified", "--on", "kemarin"), 2, "bukan tanggal"),
        ((VILLAGE, "identified", "--on", "kemarin", "--lang", "en"), 2, "'kemarin' is no date"),
        ((VILLAGE, "identified", "--on", "2999-01-01"), 5, "belum tiba"),
        ((VILLAGES[1], "handled", "--on", "2022-01-01", "--evidence", "x"), 5, "belum dimulai"),
    ],
)
def test_what_cannot_be_added(call, book, arguments, code, said):
    got, _, err = call("add", *arguments, "--ledger", book)
    assert got == code
    assert said in err
    assert "Traceback" not in err


def test_listing_and_its_filters(call, book):
    call("add", VILLAGES[2], "Teridentifikasi", "--on", "2022-05-01", "--partner", "Desa [red]X", "--ledger", book)
    code, out, err = call("list", "--ledger", book)
    assert code == 0
    assert "Desa [red]X" in out
    assert "2 kasus" in err

    def cases(*filters: str) -> list[str]:
        return [case["village_code"] for case in json.loads(call("list", "--ledger", book, "--json", *filters)[1])]

    assert cases() == [VILLAGE, VILLAGES[2]]
    assert cases("--stage", "handled") == [VILLAGE]
    assert cases("--stage", "handled", "--stage", "identified") == [VILLAGE, VILLAGES[2]]
    assert cases("--partner", "desa  [RED]x") == [VILLAGES[2]]
    assert cases("--district", "32.04.06") == [VILLAGES[2]]
    assert cases("--year", "2022") == [VILLAGE]
    assert cases("--as-of", "2022-02-01") == [VILLAGE]
    assert cases("--known-on", "2000-01-01") == []


def test_a_year_without_a_target_list_says_how_to_make_one(call, book):
    code, out, err = call("progress", "--year", 2031, "--as-of", "2022-12-26", "--ledger", book)
    assert (code, out) == (0, "0 dari 0 desa (–) per 26 Desember 2022\n")
    assert "Belum ada desa dalam daftar target 2031" in err


def test_an_import_names_the_sheets_that_it_leaves_aside(call, tmp_path, listed):
    with pd.ExcelWriter(listed, mode="a", engine="openpyxl") as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="Arsip")
    assert "tidak dibaca: Arsip. Pilih dengan --sheet." in call("import", listed, "--ledger", tmp_path / "x.db")[2]


def test_hostile_text_is_printed_as_text(call, book):
    call("add", VILLAGES[2], "identified", "--on", "2022-05-01", "--evidence", "\x1b[31m" + HOSTILE, "--ledger", book)
    out = call("list", "--ledger", book)[1]
    assert "\x1b" not in out
    assert "\x00" not in out
    case = json.loads(call("list", "--ledger", book, "--json", "--stage", "identified")[1])[0]
    assert case["evidence"] == "\x1b[31m" + HOSTILE


def test_progress(call, book):
    code, out, err = call("progress", "--ledger", book, "--as-of", "26/12/2022", "--year", 2022)
    assert (code, out) == (0, "1 dari 1 desa (100,00 %) per 26 Desember 2022\n")
    assert "Penyebut" in err
    code, out, err = call("progress", "--ledger", book, "--as-of", "2022-12-26", "--lang", "en", "--by", "quarter")
    assert "Each row is as of its own day." in err
    assert out.startswith("1 of 1 desa (100.00 %) as of 26 December 2022\n")
    assert "Q4 2022" in out
    code, out, _ = call("progress", "--ledger", book, "--as-of", "2022-12-26", "--json", "--by", "partner")
    found = json.loads(out)
    assert (found["numerator"], found["denominator"], found["as_of"], found["year"]) == (1, 1, "2022-12-26", 2022)
    assert "Penyebut" in found["definition"]
    assert found["groups"][0]["label"] == "Belum ada mitra"
    assert call("progress", "--ledger", book, "--year", 2019)[1].startswith("0 dari 0 desa (–) per ")


@pytest.mark.parametrize("command", [("list",), ("progress",)])
def test_a_ledger_that_is_not_there_or_none(call, tmp_path, command):
    code, _, err = call(*command, "--ledger", tmp_path / "ledger.db")
    assert (code, "belum ada" in err) == (5, True)
    assert not (tmp_path / "ledger.db").exists()
    (tmp_path / "ledger.db").write_text("bukan basis data" * 100)
    code, _, err = call(*command, "--ledger", tmp_path / "ledger.db")
    assert (code, "bukan berkas buku besar" in err) == (5, True)
    code, _, err = call(*command, "--ledger", "postgresql+psycopg://127.0.0.1:1/x")
    assert (code, "tidak terjangkau" in err) == (5, True)


def test_without_workspace_or_ledger_it_says_what_to_do(call, tmp_path):
    code, _, err = call("list", "-w", tmp_path)
    assert code == 2
    assert "blankspot init" in err


def test_somebody_else_s_move_between_two_imports_is_a_conflict(call, book, tmp_path):
    late = tmp_path / "susulan.csv"
    rows(event("verified_after", 139)).to_csv(late, index=False)
    assert call("add", VILLAGE, "reopened", "--on", "2022-05-01", "--ledger", book)[0] == 0
    code, out, _ = call("import", late, "--ledger", book, "--apply")
    assert code == 0
    assert "yang tercatat: 'Dibuka kembali' sejak 1 Mei 2022" in " ".join(out.split())
    connection = sqlite3.connect(book)
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (10,)
    connection.close()


def test_a_workspace_names_the_ledger_and_knows_its_villages(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji")
    listed = tmp_path / "daftar.csv"
    listed.write_text(worlds.HANDLING + "2022-02-01,99.01.01.2999,identified,,,,\n")
    code, out, _ = call("import", listed, "-w", folder, "--apply", "--json")
    assert code == 0
    assert [reject["rule"] for reject in json.loads(out)["rejects"]] == ["village_unknown"]
    names = {case["village_name"] for case in json.loads(call("list", "-w", folder, "--json")[1])}
    assert names == {"Sukanagara 1", "Sukanagara 2"}
    assert (
        call("progress", "-w", folder, "--as-of", "2022-12-26")[1] == "1 dari 2 desa (50,00 %) per 26 Desember 2022\n"
    )
    assert call("add", "Sukanagara 2", "proposed", "--on", "2022-02-02", "-w", folder)[0] == 0
    assert call("add", "Antah Berantah", "proposed", "--on", "2022-02-02", "-w", folder)[0] == 2


def test_a_list_that_knows_its_desa_by_name_says_how_to_confirm_and_what_was_not_read(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji")
    listed = tmp_path / "rekap.csv"
    listed.write_text("Nama Desa,Status,Tanggal status,PIC\nSuka nagara 1,Teridentifikasi,26/12/22,Budi\n")
    code, out, _ = call("import", listed, "-w", folder)
    assert code == 0
    told = " ".join(out.split())
    assert "Kolom yang tidak dibaca: PIC." in told
    assert "ulangi dengan: --confirm 'Suka nagara 1=99.01.01.2001'." in told
    assert "Kode desa Suka nagara 1 'Suka nagara 1' bukan kode desa." in told
    assert "village_code" not in told
    assert call("import", listed, "-w", folder, "--confirm", "Suka nagara 1=99.01.01.2001", "--apply")[0] == 0


def test_a_partner_nearly_known_is_told_when_a_move_is_added(call, book):
    add = ("add", VILLAGES[1], "identified", "--on", "2022-01-01", "--partner", "Telkomsle", "--ledger", book)
    assert "mungkin maksudnya Telkomsel? Dicatat seperti tertulis" in call(*add)[2]
    assert "mungkin maksudnya" not in call(*add)[2]


def test_the_name_of_a_target_list_gives_its_year(call, book):
    rule = ("add", "target:2023", "target_rule", "--on", "2022-12-20", "--rule", "mobile_all", "--ledger", book)
    assert call(*rule)[0] == 0
    found = json.loads(call("history", "target:2023", "--ledger", book, "--json")[1])
    assert "2023" in json.dumps(found)

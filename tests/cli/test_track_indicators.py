"""Indicator sheets through `track import`."""

from __future__ import annotations

import json

import pytest
import worlds
from click.testing import CliRunner
from stories import HOSTILE

from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Ledger

SHEET = """Indikator;Satuan;Triwulan;Target;Realisasi;Anggaran;Kendala
OPD terhubung;OPD;TW III;32;33;;
OPD terhubung;OPD;TW IV;34;36;8 miliar;dana
"""


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "indikator.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


@pytest.fixture
def call(tmp_path):
    folder = worlds.write_workspace(tmp_path / "kerja")

    def run(*arguments, lang=None):
        asked = ["--lang", lang] if lang else []
        result = CliRunner().invoke(
            app, [*asked, "track", "import", *map(str, arguments), "-w", str(folder)], obj=Session()
        )
        error = result.exception
        told = error.say("id") if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    run.folder = folder
    return run


def test_a_dry_run_shows_the_figures_and_writes_nothing(call, sheet):
    code, out, told = call(sheet)
    assert code == 0
    for word in ("OPD terhubung", "2022-Q4", "36", "Rp8 miliar", "dana", "Tahun tidak disebut; dipakai 2022."):
        assert word in out
    assert "2 baris indikator: 2 baru atau berubah, 0 sudah tercatat, 0 ditolak. Belum ada yang dicatat" in told
    assert not (call.folder / "ledger.db").exists()


def test_what_is_applied_is_on_record_and_a_change_is_shown_cell_by_cell(call, sheet):
    assert "3 kejadian dicatat." in call(sheet, "--apply")[2]
    assert "0 kejadian dicatat." in call(sheet, "--apply")[2]
    sheet.write_text(SHEET.replace("34;36", "34;35"), encoding="utf-8")
    _, out, told = call(sheet, "--apply", lang="en")
    row = next(line for line in out.splitlines() if "realisation" in line)
    assert row.split()[-3:] == ["realisation", "36", "35"]
    assert "1 events were recorded." in told
    with Ledger.open(call.folder / "ledger.db") as ledger:
        assert [record.kind for record in ledger.events()].count("figure") == 3


def test_machines_get_changes_and_remarks(call, sheet):
    call(sheet, "--apply")
    sheet.write_text(SHEET.replace("34;36", "34;31"), encoding="utf-8")
    found = json.loads(call(sheet, "--json")[1])
    assert (found["rows_in"], found["unchanged"], found["rejected"], found["recorded"]) == (2, 1, 0, 0)
    assert [(one["field"], one["old"], one["new"]) for one in found["changes"]] == [("realization", "36", "31")]
    assert found["new"][0]["realization"] == 31
    assert "cumulative_falls" in {one["rule"] for one in found["rejects"]}


def test_strict_records_nothing_where_a_row_is_refused(call, sheet):
    sheet.write_text(SHEET + "Lain;OPD;Maret;1;1;;\n", encoding="utf-8")
    code, _, told = call(sheet, "--apply", "--strict")
    assert (code, "1 baris ditolak" in told) == (3, True)
    assert "3 kejadian dicatat." in call(sheet, "--apply")[2]


def test_a_sheet_of_the_workspace_is_read_by_its_mapping(call):
    path = call.folder / "data" / "evaluasi.csv"
    path.write_text("Uraian,Hasil,Satuan\nOPD terhubung,36,OPD\n", encoding="utf-8")
    toml = call.folder / "blankspot.toml"
    told = toml.read_text(encoding="utf-8")
    source = (
        '[[sources.indicators]]\npath = "data/evaluasi.csv"\ncolumns = {indicator = "Uraian", realization = "Hasil"}\n'
    )
    toml.write_text(told + source, encoding="utf-8")
    code, out, _ = call(path)
    assert (code, "OPD terhubung" in out) == (0, True)


def test_text_from_a_sheet_is_text(call, tmp_path):
    path = tmp_path / "indikator.csv"
    hostile = HOSTILE.replace("\x00", "").replace('"', '""')
    path.write_text(f'Indikator,Satuan,Tahun,Realisasi,Kendala\n"{hostile}",OPD,2022,1,"{hostile}"\n', encoding="utf-8")
    code, out, told = call(path, "--apply")
    assert (code, "2 kejadian dicatat." in told) == (0, True)
    assert "\x1b" not in out

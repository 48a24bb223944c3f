"""`blankspot track export` and the way back: what is written, what an edited workbook says, and what it leaves in the ledger."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest
from stories import HOSTILE, VILLAGE, VILLAGES, event, handled, story

from blankspot.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = {"stage": 7, "since": 8, "partner": 9, "budget_rp": 12, "evidence": 15, "note": 17, "reason": 18}


@pytest.fixture
def call(call):
    return lambda *arguments: call("track", *arguments)


@pytest.fixture
def ledger(tmp_path) -> Path:
    """A ledger with a handled village, one that is assigned, one that is only proposed, and one on the list only."""
    path = tmp_path / "ledger.db"
    with Ledger.open(path, origin="dinas") as opened:
        opened.append(
            [
                *handled(),
                *story("identified", "proposed", "verified", "approved", village=VILLAGES[1]),
                event("assigned", 50, VILLAGES[1], partner="PT Telkom", budget_rp=2_600_000_000, funding_source="csr"),
                *story("identified", "proposed", village=VILLAGES[2]),
                event("target", 1, "32.04.06.2002", year=2023, document="SK-1"),
                event("money", 60, VILLAGES[1], amount_rp=1_000_000, document="SP2D-1"),
                event("note", 61, VILLAGES[1], constraint="Izin belum terbit"),
            ]
        )
    return path


@pytest.fixture
def workbook(tmp_path, ledger, call) -> Path:
    path = tmp_path / "buku.xlsx"
    code, out, err = call("export", path, "--ledger", ledger)
    assert (code, out.strip()) == (0, str(path))
    assert "4 kasus, 1 pembayaran, 1 kendala terbuka" in err
    return path


def edit(path: Path, code: str, **cells: object) -> Path:
    book = openpyxl.load_workbook(path)
    row = next(row for row in book["Penanganan"].iter_rows(min_row=2) if row[0].value in (code, None))
    row[0].value = code
    for name, value in cells.items():
        row[HEADINGS[name] - 1].value = value
    book.save(path)
    return path


def count(ledger: Path) -> int:
    with Ledger.open(ledger) as opened:
        return len(opened.events())


def test_an_untouched_workbook_appends_nothing(call, ledger, workbook):
    before = count(ledger)
    code, out, err = call("import", workbook, "--ledger", ledger, "--apply")
    assert (code, out) == (0, "")
    assert "6 baris: 0 berubah, 6 tetap, 0 ditolak; 0 sel berubah, 0 kejadian baru. 0 kejadian dicatat." in err
    book = openpyxl.load_workbook(workbook)
    book.save(workbook)  # written anew by another program
    assert "0 sel berubah" in call("import", workbook, "--ledger", ledger, "--apply", "--strict")[2]
    assert count(ledger) == before


def test_every_changed_cell_is_shown_before_it_is_recorded(call, ledger, workbook):
    before = count(ledger)
    edit(workbook, VILLAGES[1], stage="Pembangunan", since=dt.datetime(2022, 3, 30), note="tanah siap")  # noqa: DTZ001
    edit(workbook, VILLAGES[2], partner="BAKTI")
    code, out, err = call("import", workbook, "--ledger", ledger)
    assert code == 0
    for shown in ("Ditugaskan", "Pembangunan", "2022-02-20", "2022-03-30", "tanah siap", "BAKTI", "Alasan perubahan"):
        assert shown in out
    assert "1 berubah, 4 tetap, 1 ditolak; 4 sel berubah, 1 kejadian baru. Belum ada yang dicatat" in err
    assert count(ledger) == before
    code, out, _ = call("import", workbook, "--ledger", ledger, "--json")
    plan = json.loads(out)
    assert [plan[name] for name in ("rows_in", "changed", "unchanged", "rejected", "recorded")] == [6, 1, 4, 1, 0]
    assert plan["changes"][1] == {
        "sheet": "Penanganan", "row": 3, "village_code": VILLAGES[1], "village_name": None, "case_id": f"{VILLAGES[1]}:mobile",
        "column": "since", "heading": "Sejak", "before": "2022-02-20", "after": "2022-03-30", "outcome": "new",
    }  # fmt: skip
    assert [(one["event"], one["source_sheet"], one["source_row"]) for one in plan["new"]] == [
        ("construction", "Penanganan", 3)
    ]
    assert [one["rule"] for one in plan["rejects"]] == ["reason_missing"]


def test_what_is_applied_is_there_and_comes_only_once(call, ledger, workbook):
    edit(workbook, VILLAGES[1], stage="Tertangani", since="26/12/2022", evidence="BA-7", budget_rp="2,5 miliar")
    edit(workbook, VILLAGES[2], partner="BAKTI", reason="Belum diisi")
    edit(workbook, "32.04.07.2001", stage="Diusulkan", since="1 Februari 2022")
    code, _, err = call("import", workbook, "--ledger", ledger, "--apply")
    assert (code, "3 berubah, 4 tetap, 0 ditolak" in err, "3 kejadian dicatat" in err) == (0, True, True)
    assert "0 kejadian dicatat" in call("import", workbook, "--ledger", ledger, "--apply")[2]
    with Ledger.open(ledger) as opened:
        state = opened.state().set_index("village_code")
        assert state["stage"].to_dict() == {
            VILLAGE: "handled", VILLAGES[1]: "handled", VILLAGES[2]: "proposed", "32.04.06.2002": "identified",
            "32.04.07.2001": "proposed",
        }  # fmt: skip
        assert (state.loc[VILLAGES[1], "budget_rp"], state.loc[VILLAGES[2], "partner"]) == (2.5e9, "BAKTI")
        assert opened.audit().passed


def test_strict_holds_everything_back(call, ledger, workbook):
    before = count(ledger)
    edit(workbook, VILLAGES[1], stage="Pembangunan", since="2022-03-30")
    edit(workbook, VILLAGES[2], stage="Tertangani", since="2022-03-30", evidence="x")
    code, out, err = call("import", workbook, "--ledger", ledger, "--apply", "--strict")
    assert code == 3
    assert "mensyaratkan tahap" in out
    assert "--allow-skips" in err
    assert count(ledger) == before
    assert call("import", workbook, "--ledger", ledger, "--apply", "--strict", "--allow-skips")[0] == 0
    assert count(ledger) == before + 2


def test_somebody_else_was_there_first(call, ledger, workbook):
    edit(workbook, VILLAGES[1], stage="Pembangunan", since="2022-03-30")
    call("add", VILLAGES[1], "on_air", "--on", "2022-04-11", "--ledger", ledger)
    code, out, _ = call("import", workbook, "--ledger", ledger, "--apply", "--lang", "en")
    assert code == 0
    assert "Meanwhile this case moved to 'On air' as of 11 April 2022, recorded" in out


def test_a_workbook_of_another_ledger(call, tmp_path, ledger, workbook):
    other = tmp_path / "lain.db"
    with Ledger.open(other, origin="tetangga") as opened:
        opened.append(handled())
    code, out, err = call("import", workbook, "--ledger", other, "--apply")
    assert (code, out) == (3, "")
    assert "diekspor dari buku besar lain (asal 'dinas'; buku besar ini 'tetangga')" in err
    code, _, err = call("import", workbook, "--ledger", tmp_path / "belum-ada.db")
    assert (code, "buku besar lain" in err) == (3, True)


def test_all_sheets_are_read_together(call, ledger, workbook):
    code, _, err = call("import", workbook, "--ledger", ledger, "--sheet", "Kendala")
    assert (code, "tanpa --sheet" in err) == (2, True)


def test_a_workbook_that_is_there_may_hold_work(call, ledger, workbook):
    before = workbook.read_bytes()
    code, _, err = call("export", workbook, "--ledger", ledger)
    assert (code, "--overwrite" in err) == (2, True)
    assert workbook.read_bytes() == before
    assert call("export", workbook, "--ledger", ledger, "--overwrite")[0] == 0


@pytest.mark.parametrize(("name", "said"), [("daftar.csv", ".xlsx"), ("daftar", ".xlsx")])
def test_a_name_that_is_no_workbook(call, tmp_path, ledger, name, said):
    code, _, err = call("export", tmp_path / name, "--ledger", ledger)
    assert (code, said in err) == (2, True)


def test_without_a_ledger_there_is_nothing_to_export(call, tmp_path):
    code, _, err = call("export", tmp_path / "b.xlsx", "--ledger", tmp_path / "belum-ada.db")
    assert (code, "belum ada" in err) == (5, True)
    assert not (tmp_path / "belum-ada.db").exists()


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--stage", "handled"], [VILLAGE]),
        (["--stage", "proposed", "--stage", "assigned"], [VILLAGES[1], VILLAGES[2]]),
        (["--partner", "telkom tbk"], [VILLAGES[1]]),
        (["--district", "32.04.06"], [VILLAGES[2], "32.04.06.2002"]),
        (["--year", "2023"], ["32.04.06.2002"]),
        (["--year", "2023", "--stage", "handled"], []),
    ],
)
def test_part_of_the_cases(call, tmp_path, ledger, options, codes):
    path = tmp_path / "bagian.xlsx"
    assert call("export", path, "--ledger", ledger, *options)[0] == 0
    book = openpyxl.load_workbook(path)
    assert [row[0].value for row in book["Penanganan"].iter_rows(min_row=2) if row[0].value] == codes
    assert [row[1].value for row in book["Kendala"].iter_rows(min_row=2) if row[1].value] == [
        code for code in codes if code == VILLAGES[1]
    ]
    assert "0 sel berubah" in call("import", path, "--ledger", ledger)[2]


def test_in_a_workspace_villages_have_names(call, demo_source, tmp_path):
    folder = tmp_path / "demo"
    shutil.copytree(demo_source, folder)
    assert call("import", folder / "data" / "penanganan.csv", "-w", folder, "--apply")[0] == 0
    code, out, _ = call("export", "-w", folder, "--year", "2022", "--lang", "en")
    path = folder / "out" / "penanganan.xlsx"
    assert (code, out.replace("\n", "").strip()) == (0, str(path))
    sheet = openpyxl.load_workbook(path)["Handling"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2, max_col=7) if row[0].value]
    assert len(rows) >= 60
    assert all(name and district for _, name, district, *_ in rows)
    assert "Handled" in {row[6] for row in rows}
    name = rows[0][1]
    book = openpyxl.load_workbook(path)
    below = len(rows) + 2
    for column, value in ((1, f"{name[:2]} {name[2:]}"), (7, "Proposed"), (8, "2022-03-01")):
        book["Handling"].cell(below, column).value = value
    book.save(path)
    code, out, _ = call("import", path, "-w", folder, "--apply", "--lang", "en")
    assert (code, f"{name} ({rows[0][0]}" in out) == (0, True)


def test_hostile_text_is_printed_as_text(call, ledger, workbook):
    edit(workbook, VILLAGES[1], note=f"[red]{HOSTILE}".replace("\x00", "\x9b"), reason="x")
    code, out, _ = call("import", workbook, "--ledger", ledger, "--apply")
    assert (code, "\x9b" in out, "[red]" in out) == (0, False, True)
    assert call("import", workbook, "--ledger", ledger, "--apply")[2].count("0 kejadian dicatat") == 1


def test_a_damaged_memory_is_refused(call, ledger, workbook):
    book = openpyxl.load_workbook(workbook)
    book["_blankspot"]["D3"].value = "|{}|"
    book.save(workbook)
    code, _, err = call("import", workbook, "--ledger", ledger)
    assert (code, "lembar tersembunyi" in err) == (3, True)


def test_a_sheet_by_another_name_is_refused_and_a_deleted_one_told(call, ledger, workbook):
    book = openpyxl.load_workbook(workbook)
    book["Penanganan"].title = "Penanganan TW IV"
    book.save(workbook)
    code, _, err = call("import", workbook, "--ledger", ledger)
    assert (code, "lembar Penanganan tidak ada, tetapi ada lembar Penanganan TW IV" in err) == (3, True)
    del book["Penanganan TW IV"]
    book.save(workbook)
    code, _, err = call("import", workbook, "--ledger", ledger)
    assert (code, "Lembar Penanganan tidak ada lagi" in err) == (0, True)


def test_a_partner_that_is_nearly_known_is_told(call, ledger, workbook):
    edit(workbook, VILLAGES[1], partner="Telkomsle", reason="pindah mitra")
    code, _, err = call("import", workbook, "--ledger", ledger)
    assert code == 0
    assert "mungkin maksudnya Telkomsel" in err

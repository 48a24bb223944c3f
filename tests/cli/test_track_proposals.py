"""`track proposals` from outside."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest
import worlds
from click.testing import CliRunner
from stories import HOSTILE, event

from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Ledger

CODE = "99.01.01.2001"


@pytest.fixture
def workspace(tmp_path):
    """Two desa, one of them called Srirahayu, and a list with a good proposal, one elsewhere, and a name."""
    folder = worlds.write_workspace(
        tmp_path / "kerja", names=["Srirahayu", "Sukamaju"], extra='proposals = "data/usulan.csv"'
    )
    common = {"Tanggal usulan": "2022-02-11", "Jalur": "Musrenbang", "Jenis penanganan": "BTS baru", "Dokumen": "BA-1"}
    lon, lat = worlds.at(20)
    listed = [
        {"Kode desa": CODE, "Pengusul": HOSTILE.replace("\x00", ""), "Bujur": lon, "Lintang": lat},
        {"Kode desa": "99.01.01.2002", "Pengusul": "Desa", "Bujur": lon, "Lintang": lat},
        {"Kode desa": "Sri Rahayu", "Pengusul": "Desa", "Jenis penanganan": "VSAT"},
    ]
    pd.DataFrame([common | one for one in listed]).to_csv(folder / "data" / "usulan.csv", index=False)
    return folder


@pytest.fixture
def call(workspace):
    def run(*arguments):
        result = CliRunner().invoke(
            app, ["track", "proposals", *map(str, arguments), "-w", str(workspace)], obj=Session()
        )
        error = result.exception
        told = error.say("id") if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    return run


def test_it_records_nothing_unless_asked_and_then_only_what_is_in_order(call, workspace):
    code, out, told = call()
    assert code == 0
    assert "Siap diajukan (1)" in out
    assert "Menunggu konfirmasi nama (1)" in out
    assert "Srirahayu (99.01.01.2001" in out
    assert "di desa Srirahayu" in out
    assert "3 usulan: 1 siap diajukan, 1 menunggu konfirmasi nama, 1 ditolak." in told
    assert "1 kejadian menunggu --apply" in told
    assert not (workspace / "ledger.db").exists()
    assert "1 kejadian dicatat" in call("--apply")[2]
    assert "0 kejadian dicatat" in call("--apply")[2]
    with Ledger.open(workspace / "ledger.db") as ledger:
        assert [record.case_id for record in ledger.events()] == [f"{CODE}:mobile"]


def test_a_confirmed_name_is_recorded_under_its_code(call, workspace):
    code, _, told = call("--apply", "--confirm", f"Sri Rahayu={CODE}")
    assert (code, "2 kejadian dicatat" in told) == (0, True)
    with Ledger.open(workspace / "ledger.db") as ledger:
        assert {record.case_id for record in ledger.events()} == {f"{CODE}:mobile", f"{CODE}:internet"}


@pytest.mark.parametrize("given", ["Sri Rahayu", "=99.01.01.2001"])
def test_a_confirmation_names_both_sides(call, given):
    code, _, told = call("--confirm", given)
    assert (code, "NAMA=KODE" in told) == (2, True)


def test_the_ready_ones_go_into_files_as_text_and_numbers(call, tmp_path):
    code, _, told = call("--csv", tmp_path / "siap.csv", "--xlsx", tmp_path / "siap.xlsx")
    assert code == 0
    assert "1 usulan siap diajukan" in told
    written = pd.read_csv(tmp_path / "siap.csv", dtype="str")
    assert written["Kode desa"].tolist() == [CODE]
    assert written["Kecamatan"].tolist() == ["Arunasari"]
    assert written["Jenis usulan"].tolist() == ["BTS baru"]
    assert written["Tanggal usulan"].tolist() == ["2022-02-11"]
    assert float(written["Bujur"].iloc[0]) == pytest.approx(worlds.at(20)[0], abs=1e-6)
    sheet = openpyxl.load_workbook(tmp_path / "siap.xlsx").active
    heads = [cell.value for cell in sheet[1]]
    assert heads == written.columns.tolist()
    cells = dict(zip(heads, sheet[2], strict=True))
    assert cells["Bujur"].number_format == "0.000000"
    assert all(cell.data_type != "f" for cell in sheet[2])


def test_json_says_what_every_proposal_comes_to(call):
    told = json.loads(call("--json")[1])
    assert told["counts"]["rows_in"] == 3
    assert [one["status"] for one in told["proposals"]] == ["ready", "refused", "waiting"]
    assert [one["source_row"] for one in told["proposals"]] == [2, 3, 4]
    assert told["new"][0]["channel"] == "musrenbang"


def test_a_file_beside_the_workspace_is_read_too(call, tmp_path):
    path = tmp_path / "lain.csv"
    pd.DataFrame(
        [
            {
                "Desa": "Sukamaju",
                "Kecamatan": "Arunasari",
                "Tgl usulan": "2022-01-01",
                "Pengusul": "Desa",
                "Jalur": "Desa",
            }
        ]
    ).to_csv(path, index=False)
    told = json.loads(call(path, "--json")[1])
    assert [(one["status"], one["village_code"]) for one in told["proposals"]] == [("incomplete", "99.01.01.2002")]


def test_a_handling_list_waits_for_names_too_and_tells_partners_nearly_known(workspace, tmp_path):
    path = tmp_path / "daftar.csv"
    pd.DataFrame(
        [{"Tanggal": "2022-02-01", "Kode desa": "Sri Rahayu", "Kejadian": "Diusulkan", "Mitra": "Telkomsell"}]
    ).to_csv(path, index=False)

    def bring(*arguments):
        given = ["track", "import", str(path), "-w", str(workspace), *arguments]
        result = CliRunner().invoke(app, given, obj=Session())
        return result.stdout, result.stderr

    assert "Mungkin maksudnya: Srirahayu" in " ".join(bring()[0].split())
    out, told = bring("--confirm", f"Sri Rahayu={CODE}", "--apply")
    assert "mungkin maksudnya Telkomsel?" in " ".join(out.split())
    assert "1 kejadian dicatat" in told
    listed = CliRunner().invoke(app, ["track", "list", "-w", str(workspace), "--json"], obj=Session())
    assert json.loads(listed.stdout)[0]["partner"] == "Telkomsell"


def test_the_list_of_cases_knows_a_partner_by_any_name_and_after_a_merger(workspace):
    with Ledger.open(workspace / "ledger.db") as ledger:
        ledger.append(event("identified", 3, CODE, partner="PT Hutchison 3 Indonesia"))
    for name, count in (("IOH", 1), ("3 (Tri)", 1), ("Indosat", 1), ("Telkomsel", 0)):
        given = ["track", "list", "-w", str(workspace), "--json", "--partner", name]
        assert len(json.loads(CliRunner().invoke(app, given, obj=Session()).stdout)) == count, name


def test_without_any_list_it_says_where_to_name_one(tmp_path):
    folder = worlds.write_workspace(tmp_path / "lain")
    result = CliRunner().invoke(app, ["track", "proposals", "-w", str(folder)], obj=Session())
    assert "Tidak ada daftar usulan" in result.exception.say("id")

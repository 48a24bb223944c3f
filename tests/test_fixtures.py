"""The figures that must come out exactly, each through the door by which it comes in."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
import worlds
from click.testing import CliRunner

from blankspot import wilayah
from blankspot.claims import read_claim
from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Event, Ledger
from blankspot.ledger.indicators import achievement
from blankspot.sources.indicators import read_indicators
from blankspot.values import coerce, read_amount, read_number, read_percent, read_quarter, read_time, without_unit
from blankspot.words import number, percent

CODE = "99.01.01.2001"
CLAIM = "3 titik atau 6,12 % dari 29"


@pytest.fixture
def call(tmp_path):
    """Run `track` in a workspace with two desa, one of them called Srirahayu."""
    folder = worlds.write_workspace(tmp_path / "kerja", names=["Srirahayu", "Sukamaju"])

    def run(*arguments):
        result = CliRunner().invoke(app, ["track", *map(str, arguments), "-w", str(folder)], obj=Session())
        error = result.exception
        told = error.say("id") if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    run.folder = folder
    return run


def on_record(folder):
    with Ledger.open(folder / "ledger.db") as ledger:
        return ledger.events()


class TestArithmetic:
    def test_43_of_60(self):
        assert percent(43, 60) == "71,67 %"
        assert percent(43, 60, 0) == "72 %"

    def test_36_of_34(self):
        share = achievement(34, 36, "higher")
        assert percent(share.numerator, share.denominator) == percent(36, 34) == "105,88 %"

    def test_half_is_rounded_up(self):
        assert number(62.5) == "63"
        assert percent(62.5, 100, 0) == "63 %"

    def test_997_less_492_leaves_505(self):
        listed = [f"32.04.{4 + place // 400:02d}.{2001 + place % 400}" for place in range(997)]
        day = dt.date(2022, 3, 1)
        targets = [Event(kind="target", village_code=code, happened_on=day, fields={"year": 2022}) for code in listed]
        done = {"evidence": "BA-1", "skips": True}
        handled = [Event(kind="handled", village_code=code, happened_on=day, fields=done) for code in listed[:492]]
        with Ledger.open(":memory:", origin="dinas") as ledger:
            ledger.append([*targets, *handled])
            progress = ledger.progress(year=2022, as_of=dt.date(2022, 12, 26))
        assert (progress.numerator, progress.denominator) == (492, 997)
        assert progress.denominator - progress.numerator == 505


class TestReadings:
    @pytest.mark.parametrize(
        ("text", "amount"), [("8,9 Milyar", 8_900_000_000), ("140 ribu", 140_000), ("1.234", 1234)]
    )
    def test_amounts(self, text, amount):
        assert read_amount(text) == amount
        for unit in ("Rp", "jiwa"):
            read, unreadable = coerce(without_unit(pd.Series([text]), unit), "number")
            assert (read.tolist(), unreadable.tolist()) == ([amount], [False])

    def test_a_dot_in_a_coordinate_is_a_decimal_point(self):
        assert read_number("-6.944") == -6.944

    def test_a_percentage(self):
        assert read_percent("60,35 %") == 60.35

    @pytest.mark.parametrize(
        ("text", "day"), [("26/12/22", dt.date(2022, 12, 26)), ("11 Maret 2019", dt.date(2019, 3, 11))]
    )
    def test_days(self, text, day):
        assert read_time(text).date() == day

    @pytest.mark.parametrize("text", ["TW III", "Triwulan 3 2022", "III/2022", "2022-Q3", "Q3 2022"])
    def test_quarters(self, text):
        assert read_quarter(text, year=2022) == "2022-Q3"

    def test_all_of_them_in_one_sheet(self, tmp_path):
        path = tmp_path / "indikator.csv"
        path.write_text(
            "Indikator;Satuan;Tahun;Triwulan;Target;Realisasi;Anggaran;Tanggal data\n"
            "Penduduk terlayani;jiwa;2022;TW III;1.234;140 ribu;8,9 Milyar;26/12/22\n"
            "Kepuasan;%;2019;I/2019;70;60,35 %;;11 Maret 2019\n",
            encoding="utf-8",
        )
        first, second = read_indicators(path).accepted.to_dict("records")
        assert (first["quarter"], first["target"], first["realization"], first["budget_rp"]) == (
            3,
            1234,
            140_000,
            8.9e9,
        )
        assert (second["quarter"], second["realization"]) == (1, 60.35)
        assert [row["as_of"].date() for row in (first, second)] == [dt.date(2022, 12, 26), dt.date(2019, 3, 11)]


class TestTheClaim:
    def test_what_it_should_be_and_what_would_fit(self):
        claim = read_claim(CLAIM)
        assert (claim.numerator, claim.percent, claim.denominator) == (3, 6.12, 29)
        assert "3/29 = 10,34 %" in claim.check().id
        assert "3/49 = 6,12 %" in claim.check().id
        assert percent(3, 29) == "10,34 %"
        assert percent(3, 49) == "6,12 %"

    def test_it_is_flagged_when_an_indicator_sheet_is_imported(self, call, tmp_path):
        path = tmp_path / "indikator.csv"
        path.write_text(
            f"Indikator;Satuan;Tahun;Triwulan;Target;Realisasi\nTitik WiFi;titik;2022;4;29;{CLAIM}\n", encoding="utf-8"
        )
        code, out, told = call("import", path, "--apply")
        assert code == 0
        assert "3/29 = 10,34 %" in out
        assert "3/49 = 6,12 %" in out
        assert "1 ditolak. 0 kejadian dicatat." in told
        assert on_record(call.folder) == ()
        assert call("import", path, "--apply", "--strict")[0] == 3

    def test_it_is_flagged_when_a_handling_list_carries_it(self, call, tmp_path):
        path = tmp_path / "daftar.csv"
        path.write_text(f"Tanggal;Kode desa;Kejadian;Catatan\n2022-02-01;{CODE};Diusulkan;{CLAIM}\n", encoding="utf-8")
        code, out, _ = call("import", path, "--json")
        rejects = json.loads(out)["rejects"]
        assert code == 0
        assert [(one["rule"], one["severity"], one["column"]) for one in rejects] == [
            ("claim_contradicts", "noted", "note")
        ]


class TestSriRahayu:
    @pytest.fixture
    def villages(self):
        return pd.DataFrame({"village_code": [CODE], "village_name": ["Srirahayu"], "district": ["Ciparay"]})

    @pytest.mark.parametrize("district", [None, "Ciparay"])
    def test_it_proposes_and_does_not_decide(self, villages, district):
        match = wilayah.match_village("Sri Rahayu", villages, district=district)
        assert match.code is None
        assert [one.name for one in match.candidates] == ["Srirahayu"]

    def test_a_list_with_the_name_waits_for_confirmation(self, call, tmp_path):
        path = tmp_path / "daftar.csv"
        path.write_text("Tanggal;Kode desa;Kejadian\n2022-02-01;Sri Rahayu;Diusulkan\n", encoding="utf-8")
        code, out, told = call("import", path, "--apply")
        assert code == 0
        assert f"Srirahayu ({CODE}" in out
        assert "1 ditolak. 0 kejadian dicatat." in told
        assert on_record(call.folder) == ()
        call("import", path, "--apply", "--confirm", f"Sri Rahayu={CODE}")
        assert [record.village_code for record in on_record(call.folder)] == [CODE]

    def test_a_single_move_of_that_name_is_refused_with_the_candidate(self, call):
        code, _, told = call("add", "Sri Rahayu", "proposed", "--on", "2022-02-01")
        assert code == 2
        assert CODE in told
        assert "Srirahayu" in told
        assert not (call.folder / "ledger.db").exists()

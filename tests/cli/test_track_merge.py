"""`track merge` from outside."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from stories import VILLAGES, clock, event, handled, story

from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Ledger


@pytest.fixture
def call():
    def run(*arguments):
        result = CliRunner().invoke(app, ["track", "merge", *map(str, arguments)], obj=Session())
        error = result.exception
        told = error.say("id") if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    return run


@pytest.fixture
def offices(tmp_path):
    """The ledgers of a province and of a kabupaten that share nothing yet."""
    paths = tmp_path / "provinsi.db", tmp_path / "kabupaten.db"
    for path, village in zip(paths, VILLAGES, strict=False):
        with Ledger.open(path, clock=clock, origin=path.stem) as ledger:
            ledger.append([event("target", 1, village), *handled(village)])
    return paths


def test_a_kabupaten_s_ledger_comes_into_the_province_s_once(call, offices, tmp_path):
    province, regency = offices
    code, _, told = call(regency, "--ledger", province, "-w", tmp_path, "--dry-run")
    assert (code, "9 catatan akan masuk, 0 sudah ada" in told) == (0, True)
    with Ledger.open(province) as ledger:
        assert len(ledger.events()) == 9
    assert "9 catatan masuk" in call(regency, "--ledger", province, "-w", tmp_path)[2]
    assert "0 catatan masuk, 9 sudah ada" in call(regency, "--ledger", province, "-w", tmp_path)[2]
    with Ledger.open(province) as ledger:
        assert ledger.audit().origins == 2
        assert (
            ledger.progress(year=2022, as_of=clock().date()).text() == "2 dari 2 desa (100,00 %) per 31 Desember 2022"
        )


def test_what_both_moved_apart_is_told(call, offices, tmp_path):
    province, regency = offices
    with Ledger.open(province, clock=clock) as one, Ledger.open(regency, clock=clock) as other:
        one.append(story("identified", "proposed", village=VILLAGES[2]))
        other.append(story("identified", "proposed", village=VILLAGES[2], start=3))
    code, out, told = call(regency, "--ledger", province, "-w", tmp_path, "--json")
    found = json.loads(out)
    assert (code, found["new_records"], found["applied"]) == (0, 11, True)
    assert {one["case_id"] for one in found["conflicts"]} == {f"{VILLAGES[2]}:mobile"}
    assert "1 kasus berbeda catatan" in told


def test_a_ledger_that_is_not_there_is_an_error_and_makes_none(call, offices, tmp_path):
    code, _, told = call(tmp_path / "tiada.db", "--ledger", offices[0], "-w", tmp_path)
    assert code == 5
    assert "belum ada" in told
    assert not (tmp_path / "tiada.db").exists()

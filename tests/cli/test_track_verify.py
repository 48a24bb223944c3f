"""`track verify` from outside."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
import worlds
from click.testing import CliRunner

import blankspot as bs
from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Ledger

CODES = ("99.01.01.2001", "99.01.01.2002")


def _handled_too(code: str) -> str:
    lines = worlds.HANDLING.splitlines()
    return "\n".join(line.replace(CODES[0], code) for line in lines[1:] if CODES[0] in line and "target" not in line)


@pytest.fixture
def workspace(tmp_path):
    """Two handled desa: the first measured as blankspot since, the second as served."""
    silent = worlds.drive([-121.0] * 31)
    strong = worlds.drive([-98.0] * 31)
    strong = strong.assign(lon=strong["lon"] + worlds.at(60)[0] - worlds.at(20)[0])
    handling = worlds.HANDLING + _handled_too(CODES[1]) + "\n"
    folder = worlds.write_workspace(
        tmp_path / "kerja", readings=pd.concat([silent, strong], ignore_index=True), handling=handling
    )
    bs.Workspace(folder).run(until=("handling",))
    return folder


@pytest.fixture
def call(workspace):
    def run(*arguments):
        result = CliRunner().invoke(app, ["track", "verify", *arguments, str(workspace)], obj=Session())
        error = result.exception
        told = error.say("id") if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    return run


def stages(workspace) -> dict[str, str]:
    with Ledger.open(workspace / "ledger.db") as ledger:
        state = ledger.state(dt.date(2022, 12, 26))
    return dict(zip(state["village_code"], state["stage"], strict=True))


def test_it_shows_and_records_nothing_unless_asked(call, workspace):
    code, out, told = call()
    assert code == 0
    assert "Terbukti (1)" in out
    assert "Terukur blankspot lagi (1)" in out
    assert "2 kasus tertangani per 26 Desember 2022" in told
    assert "Belum ada yang dicatat" in told
    assert "dibuka kembali hanya dengan --apply --reopen" in told
    assert set(stages(workspace).values()) == {"handled"}


def test_applied_it_records_the_proven_and_reopens_only_when_told(call, workspace):
    assert "1 kejadian dicatat" in call("--apply")[2]
    assert stages(workspace) == {CODES[0]: "handled", CODES[1]: "verified_after"}
    assert "0 kejadian dicatat" in call("--apply")[2]
    assert "1 kejadian dicatat" in call("--apply", "--reopen")[2]
    assert stages(workspace) == {CODES[0]: "reopened", CODES[1]: "verified_after"}
    assert "0 kejadian dicatat" in call("--apply", "--reopen")[2]


def test_json_has_every_case_and_what_would_be_recorded(call):
    told = json.loads(call("--json")[1])
    assert told["as_of"] == "2022-12-26"
    assert told["counts"] == {"verified": 1, "failed": 1, "inconclusive": 0, "unmeasured": 0, "recorded": 0}
    assert [(one["village_code"], one["outcome"]) for one in told["cases"]] == [
        (CODES[0], "failed"), (CODES[1], "verified"),
    ]  # fmt: skip
    assert told["verified_after"][0]["signal_class"] == "served"
    assert told["reopened"][0]["reason"]


def test_reopening_needs_apply(call):
    code, _, told = call("--reopen")
    assert (code, "--reopen hanya berlaku bersama --apply" in told) == (2, True)


def test_it_needs_a_workspace(tmp_path):
    result = CliRunner().invoke(
        app, ["track", "verify", str(tmp_path), "--ledger", str(tmp_path / "x.db")], obj=Session()
    )
    assert "memerlukan ruang kerja" in result.exception.say("id")

"""`blankspot fetch` tells people what came, from where and under which licence, and keeps a token to itself."""

from __future__ import annotations

import gzip
import subprocess
import sys

import pytest
from click.testing import CliRunner
from fetchserver import running

from blankspot.cli import app
from blankspot.cli.fetch import COMMANDS
from blankspot.cli.fetch.measurements import _quarter
from blankspot.cli.session import Session
from blankspot.out.starter import write_starter

BOUNDS = ("--bounds", "107.4,-7.2,107.6,-7.0")
CELL = "LTE,510,10,1234,5678,0,107.43,-7.07,1000,12,1,1500000000,1700000000,0"


@pytest.fixture
def call(tmp_path, monkeypatch):
    write_starter(tmp_path / "ws", title="Uji", lang="id")
    monkeypatch.setenv("BLANKSPOT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENCELLID_TOKEN", "pk.rahasia")
    with running() as server:
        server.serve("/ocid/downloads", gzip.compress(CELL.encode()))

        def called(*words):
            words = ["fetch", "cells", str(tmp_path / "ws"), *BOUNDS, "--base-url", server.address, *words]
            return CliRunner().invoke(app, words, obj=Session())

        yield called


@pytest.mark.parametrize(
    ("lang", "said"),
    [("id", ("wajib disebut", "Ditambahkan", "bukan letak menara")), ("en", ("must be named", "Added", "not a tower"))],
)
def test_what_came_is_told_on_stderr_and_the_file_on_stdout(call, lang, said):
    result = call("--lang", lang)
    assert result.exit_code == 0, result.output
    assert result.stdout.strip().endswith("data/opencellid.csv")
    assert all(words in result.stderr for words in said)
    assert "rahasia" not in result.output + result.stderr


def test_a_dry_run_does_not_guess_a_size(call, tmp_path):
    result = call("--dry-run")
    assert "1 berkas tanpa ukuran" in result.stdout
    assert "CC BY-SA 4.0" in result.stdout
    assert not (tmp_path / "ws" / "data" / "opencellid.csv").exists()


def test_quiet_says_nothing_but_the_file(call):
    assert call("-q").stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_the_short_help_of_the_table(name):
    command = app.get_command(None, "fetch").get_command(None, name)
    assert command.short_help == COMMANDS[name]


def test_help_loads_nothing_heavy():
    code = (
        "import contextlib, sys\nsys.argv = ['blankspot', 'fetch', '--help']\nfrom blankspot.cli import main\n"
        "with contextlib.redirect_stdout(None), contextlib.suppress(SystemExit):\n    main()\n"
        "print([name for name in ('requests', 'pooch', 'pandas', 'rasterio', 'tomlkit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def test_quarters_are_read_and_the_default_is_published_by_then():
    import datetime as dt

    assert _quarter("2024-Q4", dt.date(2026, 1, 1)) == (2024, 4)
    assert _quarter("2024 T1", dt.date(2026, 1, 1)) == (2024, 1)
    assert _quarter(None, dt.date(2026, 11, 26)) == (2026, 2)
    assert _quarter(None, dt.date(2026, 2, 1)) == (2025, 3)

"""`blankspot map` hands its words to the workspace and prints the path."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from blankspot.cli.map import command
from blankspot.cli.session import Session
from blankspot.errors import UsageError

PLAIN = {
    "paper": "A3",
    "form": "pdf",
    "by": None,
    "area": None,
    "symbols": (),
    "edition": 1,
    "dpi": None,
}


class Recorder:
    """Stands for a workspace and remembers what it was asked."""

    def __init__(self, left_out: tuple[str, ...] = ()) -> None:
        self.asked: list[tuple[str | None, str | None]] = []
        self.sheets: list[tuple[str | None, dict]] = []
        self.left_out = list(left_out)

    def map(self, path: str | None = None, *, basemap: str | None = None) -> Path:
        self.asked.append((path, basemap))
        return Path(path or "out/map.html")

    def sheet(self, path: str | None = None, *, working, **options) -> tuple[list[Path], list[str]]:
        assert callable(working)
        self.sheets.append((path, options))
        return [Path(path or "out/sheet.pdf")], self.left_out


@pytest.fixture
def recorder(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr(Session, "workspace", lambda _self, _folder: recorder)
    return recorder


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], (None, None)),
        (["ws", "-o", "peta.html"], ("peta.html", None)),
        (["ws", "--basemap", "topo"], (None, "topo")),
        (["ws", "--basemap"], (None, "osm")),
    ],
)
def test_words_reach_the_workspace(monkeypatch, words, asked):
    recorder, folders = Recorder(), []
    monkeypatch.setattr(Session, "workspace", lambda _self, folder: folders.append(folder) or recorder)
    result = CliRunner().invoke(command, words, obj=Session())
    assert result.exit_code == 0, result.output
    assert recorder.asked == [asked]
    assert recorder.sheets == []
    assert folders == [words[0] if words else "."]
    assert result.output.strip() == (asked[0] or "out/map.html")


@pytest.mark.parametrize(
    ("words", "path", "options"),
    [
        (["--sheet", "A3"], None, {}),
        (["--sheet", "a1"], None, {"paper": "A1"}),
        (["--sheet", "A1", "--format", "svg"], None, {"paper": "A1", "form": "svg"}),
        (["--sheet", "A3", "-o", "lembar.png", "--dpi", "150"], "lembar.png", {"form": "png", "dpi": 150}),
        (["--sheet", "A3", "--by", "district", "-o", "keluar"], "keluar", {"by": "district"}),
        (["--sheet", "A3", "--by", "district", "-o", "v1.2"], "v1.2", {"by": "district"}),
        (
            [
                "--sheet",
                "A3",
                "--area",
                "kecamatan:Ciparay",
                "--symbols",
                "sites",
                "--symbols",
                "internet",
                "--edition",
                "2",
            ],
            None,
            {"area": "kecamatan:Ciparay", "symbols": ("sites", "internet"), "edition": 2},
        ),
    ],
)
def test_words_of_a_sheet_reach_the_workspace(recorder, words, path, options):
    result = CliRunner().invoke(command, words, obj=Session())
    assert result.exit_code == 0, result.output
    assert recorder.asked == []
    assert recorder.sheets == [(path, PLAIN | options)]
    assert result.output.strip() == (path or "out/sheet.pdf")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--by", "district"], "--by"),
        (["--format", "png"], "--format"),
        (["--area", "x"], "--area"),
        (["--symbols", "sites", "--dpi", "100"], "--symbols, --dpi"),
        (["--edition", "2"], "--edition"),
        (["--sheet", "A3", "--basemap"], "online background"),
        (["--sheet", "A3", "-o", "peta.docx"], "peta.docx"),
        (["--sheet", "A3", "-o", "peta.png", "--format", "pdf"], "peta.png"),
    ],
)
def test_options_that_do_not_go_together_are_refused(recorder, words, named):
    result = CliRunner().invoke(command, words, obj=Session())
    assert isinstance(result.exception, UsageError), result.output
    assert named in str(result.exception)
    assert result.exception.hint is not None
    assert recorder.asked == recorder.sheets == []


@pytest.mark.parametrize(
    "words", [["--sheet", "B5"], ["--sheet", "A3", "--dpi", "5"], ["--sheet", "A3", "--by", "desa"]]
)
def test_values_that_there_are_not_are_refused(recorder, words):
    assert CliRunner().invoke(command, words, obj=Session()).exit_code == 2
    assert recorder.sheets == []


def test_who_has_no_sheet_is_named(monkeypatch):
    monkeypatch.setattr(Session, "workspace", lambda _self, _folder: Recorder(left_out=("Ciparay", "Pacet")))
    result = CliRunner().invoke(command, ["--sheet", "A3", "--by", "district"], obj=Session(chosen_lang="en"))
    assert "Ciparay, Pacet" in result.stderr

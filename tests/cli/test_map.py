"""`blankspot map` hands its words to the workspace and prints the path."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from blankspot.cli.map import command
from blankspot.cli.session import Session


class Recorder:
    """Stands for a workspace and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str | None, str | None]] = []

    def map(self, path: str | None = None, *, basemap: str | None = None) -> Path:
        self.asked.append((path, basemap))
        return Path(path or "out/map.html")


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
    assert folders == [words[0] if words else "."]
    assert result.output.strip() == (asked[0] or "out/map.html")

"""A file is named in blankspot.toml without disturbing what people wrote there."""

from __future__ import annotations

import tomllib

import pytest

from blankspot.errors import SettingsError
from blankspot.out.starter import write_starter
from blankspot.run.entries import name_source

ENTRY = {"path": "data/dem.tif", "licence": 'CC "BY" 4.0'}


def named(path):
    return tomllib.loads(path.read_text())["sources"]


def test_a_new_entry_stands_below_its_heading_and_nothing_else_moves(tmp_path):
    write_starter(tmp_path, title="Uji", lang="id")
    path = tmp_path / "blankspot.toml"
    before = path.read_text().splitlines()
    assert name_source(path, "terrain", ENTRY) == "added"
    after = path.read_text().splitlines()
    at = after.index("[sources]") + 1
    assert after[:at] + after[at + 1 :] == before
    uncommented = path.read_text().replace("# [office]", "[office]", 1)
    assert tomllib.loads(uncommented)["sources"]["terrain"] == ENTRY


@pytest.mark.parametrize(
    "text",
    [
        "", "# kosong\n", '[workspace]\ntitle = "x"', '[[sources.sites]]\npath = "a.xlsx"\n', "[ sources ]  # berkas\n",
        '[workspace]\n[sources]\nsites = "a.xlsx"\n[settings]\nlanguage = "en"\n',
    ],
)  # fmt: skip
def test_any_shape_of_the_file_takes_an_entry_once(tmp_path, text):
    path = tmp_path / "blankspot.toml"
    path.write_text(text)
    assert name_source(path, "terrain", ENTRY) == "added"
    once = path.read_text()
    assert name_source(path, "terrain", ENTRY) == "present"
    assert path.read_text() == once
    held = named(path)["terrain"]
    assert (held[0] if isinstance(held, list) else held) == ENTRY
    assert named(path).get("sites") == tomllib.loads(text).get("sources", {}).get("sites")


def test_a_file_that_cannot_be_edited_safely_is_left(tmp_path):
    path = tmp_path / "blankspot.toml"
    path.write_text('sources = { sites = "a.xlsx" }\n')
    with pytest.raises(SettingsError, match=r"terrain = \{ path"):
        name_source(path, "terrain", ENTRY)
    assert path.read_text() == 'sources = { sites = "a.xlsx" }\n'

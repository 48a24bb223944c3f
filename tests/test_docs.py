"""The documents say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import readme_tables

from blankspot.cli import COMMANDS, app

ROOT = Path(__file__).parents[1]


def test_readme_tables_are_generated_from_the_code():
    readme = readme_tables.README.read_text(encoding="utf-8")
    assert "<!-- commands: generated -->" in readme
    assert "<!-- thresholds: generated -->" in readme
    assert readme_tables.filled(readme) == readme, "run: make docs"


@pytest.mark.parametrize("name", COMMANDS)
def test_short_help_of_the_lazy_table_is_the_commands_own(name):
    command = app.get_command(click.Context(app), name)
    assert command.get_short_help_str(200) == COMMANDS[name]


def test_files_and_folders_named_in_the_documents_exist():
    for page in ("README.md", "CONTRIBUTING.md", "data/boundaries/README.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page} names {target}"


def test_every_make_target_the_documents_name_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"`make (\w+)`", (ROOT / page).read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page} names make {target}"

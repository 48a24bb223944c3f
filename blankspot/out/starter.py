"""A new workspace: `blankspot.toml` with every entry explained, the tables to fill in, and the templates of letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from blankspot.errors import OutputError
from blankspot.out.files import atomic
from blankspot.out.letters.starters import write_starters
from blankspot.out.templates import write_templates
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.words import Lang


def write_starter(folder: str | Path, *, title: str = "", lang: Lang = "id") -> list[Path]:
    """Make a workspace in `folder`; files that are there already are never overwritten.

    Returns:
        The files written.

    Raises:
        OutputError: The folder has a `blankspot.toml` already, or cannot be written.
    """
    folder = Path(folder)
    path = folder / "blankspot.toml"
    if path.exists():
        raise OutputError(
            Text(
                f"{folder} sudah menjadi ruang kerja: {path} ada.", f"{folder} is a workspace already: {path} exists."
            ),
            hint=Text("Pilih folder lain atau sunting berkas itu.", "Choose another folder or edit that file."),
        )
    pages = PackageLoader("blankspot.out", "pages")
    environment = Environment(loader=pages, autoescape=False, undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - TOML, not markup
    text = environment.get_template("blankspot.toml.j2").render(
        title=json.dumps(title, ensure_ascii=False),  # a string of JSON is one of TOML
        say=lambda indonesian, english: Text(indonesian, english).of(lang),
    )
    templates = write_templates(folder / "templates", lang=lang)
    letters = write_starters(folder / "templates", lang=lang)
    (folder / "data").mkdir(exist_ok=True)
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return [path, *templates, *letters]

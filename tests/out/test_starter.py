"""A new workspace."""

from __future__ import annotations

import tomllib

import pytest

from blankspot.out.starter import write_starter


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("title", ["", 'Kabupaten "Uji" \\ 😀', "dua\nbaris\t]"])
def test_the_file_is_toml_whatever_the_title(tmp_path, title, lang):
    path, *templates = write_starter(tmp_path / "baru", title=title, lang=lang)
    text = path.read_text("utf-8")
    assert tomllib.loads(text) == {"workspace": {"title": title, "ledger": "ledger.db"}, "sources": {}}
    assert ("A blankspot workspace" in text) == (lang == "en")
    assert ("Ruang kerja" in text) == (lang == "id")
    names = [template.name for template in templates if template.suffix == ".xlsx"]
    assert [name for name in names if f'"data/{name}"' not in text] == ["titik_ukur.xlsx"]  # named by a pattern


def test_every_entry_can_be_uncommented(tmp_path):
    path, *_ = write_starter(tmp_path / "baru")
    lines = path.read_text("utf-8").splitlines()
    entries = [line.removeprefix("# ") for line in lines if line.startswith("# ") and " = " in line.split("#")[1]]
    told = tomllib.loads("\n".join(line for line in entries if line.split(" = ")[0].isidentifier()))
    assert {"boundaries", "measurements", "handling", "as_of", "path", "columns", "timezone"} <= set(told)

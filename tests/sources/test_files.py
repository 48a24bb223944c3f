from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from blankspot.errors import SourceError
from blankspot.sources.files import members

if TYPE_CHECKING:
    from pathlib import Path

CSV = {".csv"}


def _zip(path: Path, entries: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return path


def _refused(path, suffixes=CSV) -> SourceError:
    with pytest.raises(SourceError) as caught, members(path, suffixes=suffixes):
        pass
    error = caught.value
    assert error.exit_code == 3
    assert error.hint is not None
    assert error.say("id") != error.say("en")
    return error


def test_one_file_is_one_member(tmp_path):
    path = tmp_path / "a.CSV"
    path.write_text("x\n1\n")
    with members(path, suffixes=CSV) as found:
        assert [(one.name, one.path, one.suffix) for one in found] == [("a.CSV", path, ".csv")]


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path):
    paths = [tmp_path / "senin" / "log.csv", tmp_path / "selasa" / "log.csv"]
    for path in paths:
        path.parent.mkdir()
        path.write_text("x\n1\n")
    with members(paths, suffixes=CSV) as found:
        assert [one.name for one in found] == [path.as_posix() for path in paths]


def test_a_zip_gives_its_files_by_name_without_junk_and_leaves_nothing_behind(tmp_path):
    path = _zip(
        tmp_path / "logs.zip",
        {"b/2.csv": "x\n2\n", "1.csv": "x\n1\n", "__MACOSX/._1.csv": "junk", "b/.DS_Store": "junk", "LICENSE": "free"},
    )
    with members(path, suffixes=CSV) as found:
        assert [one.name for one in found] == ["logs.zip/1.csv", "logs.zip/b/2.csv"]
        assert found[1].path.read_text() == "x\n2\n"
    assert not found[1].path.exists()


def test_companions_of_a_shapefile_come_out_beside_it(tmp_path):
    path = _zip(tmp_path / "a.zip", {"x/a.shp": "1", "x/a.dbf": "2", "x/a.prj": "3"})
    with members(path, suffixes={".shp"}) as found:
        assert found[0].path.with_suffix(".dbf").read_text() == "2"


def test_missing_file(tmp_path):
    assert "nope.csv" in str(_refused(tmp_path / "nope.csv"))


def test_folder_instead_of_file(tmp_path):
    assert "is a folder" in str(_refused(tmp_path))


def test_empty_file(tmp_path):
    path = tmp_path / "a.csv"
    path.touch()
    assert "0 bytes" in str(_refused(path))


def test_wrong_extension_names_the_known_ones(tmp_path):
    path = tmp_path / "a.docx"
    path.write_text("x")
    assert ".csv, .zip" in str(_refused(path))


def test_no_path_at_all():
    assert "No file" in str(_refused([]))


def test_truncated_zip(tmp_path):
    whole = _zip(tmp_path / "whole.zip", {"a.csv": "x\n" * 5000})
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:60])
    assert "truncated" in str(_refused(cut))


def test_zip_with_a_damaged_member(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "abc\n" * 5000)
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    assert "damaged" in str(_refused(path))


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/etc/evil.csv", "C:\\evil.csv", "..\\evil.csv"])
def test_zip_with_names_that_lead_outside(tmp_path, name):
    (tmp_path / "in").mkdir()
    path = _zip(tmp_path / "in" / "a.zip", {name: "x\n1\n", "good.csv": "x\n1\n"})
    assert "outside" in str(_refused(path))
    assert not list(tmp_path.rglob("evil.csv"))


def test_zip_without_anything_to_read_says_what_it_holds(tmp_path):
    path = _zip(tmp_path / "a.zip", {"photo.jpg": "x"})
    assert "photo.jpg" in str(_refused(path))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zip_with_one_name_twice(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x\n1\n")
        archive.writestr("a.csv", "x\n2\n")
    assert "more than once" in str(_refused(path))


def test_locked_zip(tmp_path):
    path = _zip(tmp_path / "a.zip", {"a.csv": "x\n1\n"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    assert "password" in str(_refused(path))

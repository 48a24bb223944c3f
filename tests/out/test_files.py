"""A file is written whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from blankspot.errors import OutputError
from blankspot.out.files import atomic


def test_what_stood_there_stays_when_writing_fails(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic(target) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_whole_file_appears_at_once(tmp_path):
    target = tmp_path / "new" / "a.txt"
    with atomic(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert len(list(target.parent.iterdir())) == 1


def test_a_folder_in_the_way_is_an_error_with_a_remedy(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="cannot be written") as caught, atomic(tmp_path / "a.txt"):
        pass
    assert caught.value.exit_code == 3
    assert "izin" in caught.value.say("id")


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(OutputError), atomic(tmp_path / "x" / "a.txt"):
        pass


def test_a_full_disk_leaves_the_old_file(tmp_path):
    target = tmp_path / "a.txt"
    target.write_text("old")

    def fill(temporary):
        temporary.write_text("half")
        raise OSError(28, os.strerror(28))

    with pytest.raises(OutputError, match="No space"), atomic(target) as temporary:
        fill(temporary)
    assert target.read_text() == "old"


def test_the_file_has_ordinary_permissions(tmp_path):
    with atomic(tmp_path / "a.txt") as temporary:
        temporary.write_text("x")
    mode = stat.S_IMODE((tmp_path / "a.txt").stat().st_mode)
    assert mode & stat.S_IRUSR

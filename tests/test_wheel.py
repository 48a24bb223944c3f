"""What the built wheel carries is enough: installed by itself, the command works."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "blankspot").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here <= packed
    assert not any(name.startswith(("tests/", "data/", "notebooks/")) for name in packed)


def test_the_installed_wheel_makes_a_workspace(wheel, tmp_path):
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    environment = {**os.environ, "PYTHONPATH": str(target)}
    script = "import blankspot; print(blankspot.__file__)"
    where = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert where.stdout.strip().startswith(str(target))
    command = [sys.executable, "-m", "blankspot", "init", "baru"]
    subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (tmp_path / "baru" / "blankspot.toml").is_file()

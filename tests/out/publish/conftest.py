"""Packages made once: of the example workspace, and of a hostile one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import openworld
import pytest

import blankspot as bs

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.out.publish.package import Package


@pytest.fixture(scope="session")
def demo_package(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The example workspace as open data in every format."""
    folder = tmp_path_factory.mktemp("open") / "demo"
    shutil.copytree(demo_made, folder)
    return bs.Workspace(folder).export()


@pytest.fixture(scope="session")
def hostile_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A hostile workspace as open data in every format, under a hostile title."""
    import mapworld

    told = {"title": "".join(mapworld.HOSTILE)}
    return openworld.package(tmp_path_factory.mktemp("hostile") / "paket", openworld.hostile_frames(), told=told)


@pytest.fixture(params=["demo", "hostile"])
def any_package(request: pytest.FixtureRequest) -> Package:
    """Either of the two."""
    return request.getfixturevalue(f"{request.param}_package")

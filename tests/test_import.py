"""The public face: small, complete, and free of charge until used."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import blankspot

HEAVY = (
    "pandas",
    "numpy",
    "geopandas",
    "shapely",
    "numba",
    "folium",
    "rasterio",
    "pyogrio",
    "fiona",
    "sqlalchemy",
    "pydantic",
    "click",
    "rich",
)
DESIGN = (
    "read_boundaries", "read_measurements", "read_sites", "locate", "classify", "Ledger", "predict", "radio", "draw_map", "write_map", "Workspace",
)  # fmt: skip


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_blankspot_imports_nothing_heavy():
    assert run(f"import sys, blankspot; print([name for name in {HEAVY!r} if name in sys.modules])") == "[]"


def test_asking_for_help_imports_nothing_heavy():
    heavy = [name for name in HEAVY if name not in ("click", "rich")]
    code = f"""
import contextlib, sys
sys.argv = ["blankspot", "--help"]
from blankspot.cli import main
with contextlib.redirect_stdout(None), contextlib.suppress(SystemExit):
    main()
print([name for name in {heavy!r} if name in sys.modules])
"""
    assert run(code).splitlines()[-1] == "[]"


def test_the_designs_names_are_public():
    assert set(DESIGN) <= set(blankspot.__all__)


@pytest.mark.parametrize("name", blankspot.__all__)
def test_every_public_name_is_there(name):
    assert getattr(blankspot, name) is not None
    assert name in dir(blankspot)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        _ = blankspot.nope


def test_type_checkers_see_the_same_names_in_the_same_modules():
    tree = ast.parse(inspect.getsource(blankspot))
    block = next(
        node for node in tree.body if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    )
    declared = {
        alias.asname: node.module.removeprefix("blankspot").removeprefix(".") or alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert declared == blankspot._HOME
    assert blankspot.__all__ == ["__version__", *sorted(declared)]


@pytest.mark.parametrize("name", ["classify", "locate"])
def test_a_function_is_not_hidden_by_its_module(name):
    module = importlib.import_module(f"blankspot.{name}")
    assert inspect.isfunction(getattr(blankspot, name))
    assert getattr(module, name) is getattr(blankspot, name)
    home = f"from blankspot.{name} import {name} as there; import blankspot as bs; print(bs.{name} is there)"
    assert run(home) == "True"
    assert run(f"import blankspot as bs; bs.Locator; bs.Verdicts; print(callable(bs.{name}))") == "True"


def test_public_functions_say_what_they_do():
    for name in blankspot.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(blankspot, name)), name


def test_the_version_is_that_of_the_package():
    assert importlib.metadata.version("blankspot") == blankspot.__version__


def test_imports_go_down_the_floors():
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter
    root = Path(__file__).parents[1]
    done = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout

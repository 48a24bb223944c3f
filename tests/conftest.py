"""Fixtures shared by all tests: where the real data lie, and a browser with the network off."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# Where a build must not depend on luck, the same examples are tried every time; elsewhere each run tries new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "real"


@pytest.fixture(scope="session")
def real_if_there() -> Path | None:
    """The folder of real data, which lives beside the repository and never in it; None where it is absent."""
    return REAL if REAL.is_dir() else None


@pytest.fixture(scope="session")
def real(real_if_there: Path | None) -> Path:
    """The folder of real data; a test that needs it skips where it is absent."""
    if real_if_there is None:
        pytest.skip("shared data absent: ../shared/real is not beside this clone")
    return real_if_there


@pytest.fixture(scope="session")
def demo_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example workspace of seed 42, written once per worker; copy it before changing anything."""
    from blankspot.demo import invent
    from blankspot.out.workspace import write_demo

    return write_demo(tmp_path_factory.mktemp("world") / "demo", invent(seed=42))


@pytest.fixture(scope="session")
def demo_made(demo_source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example workspace after a run, made once per worker; copy it before changing anything.

    Its coverage is predicted on coarser heights, which takes a twentieth of the time.
    """
    import blankspot as bs
    from blankspot.run.choice import CoverChoice

    folder = tmp_path_factory.mktemp("made") / "demo"
    shutil.copytree(demo_source, folder)
    workspace = bs.Workspace(folder)
    workspace.cover(CoverChoice(resolution_m=150.0))
    workspace.run()
    return folder


@pytest.fixture
def demo(demo_made: Path, tmp_path: Path) -> Path:
    """A copy of the example workspace after a run, to change at will."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_made, folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; each test opens its own context in it."""
    from browser import LAUNCH_ARGUMENTS, find
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        pytest.fail("no Chromium; `make test` installs one")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Any]:
    """Open a file with the network off; any request and any error on the page fails the test."""
    from mapvisit import DESK

    contexts: list[Any] = []
    faults: list[str] = []

    def judge(route: Any) -> None:
        if not route.request.url.startswith(("file:", "data:", "blob:")):
            faults.append(f"request: {route.request.url}")
            route.abort()
        else:
            route.continue_()

    def go(path: Path, *, ready: bool = True, script: str | None = None, **options: Any) -> Any:
        context = browser.new_context(**{**DESK, **options})
        contexts.append(context)
        context.set_offline(True)
        context.route("**/*", judge)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", lambda said: said.type == "error" and faults.append(f"console: {said.text}"))
        page.goto(path.as_uri())
        if ready:
            page.wait_for_selector(".bs[data-ready]")
        return page

    go.faults = faults
    yield go
    for context in contexts:
        context.close()
    assert faults == []

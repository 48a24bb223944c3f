"""Find a Chromium for the browser tests, or install one; `python tests/browser.py` says which.

Order: CHROMIUM in the environment, a Chromium or Chrome on the machine, Debian's package when root on a Debian system,
else Playwright's own download.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def find() -> str | None:
    """Return the path of a Chromium or Chrome on this machine."""
    if chosen := os.environ.get("CHROMIUM"):
        return chosen
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for app in MAC_APPS:
        if Path(app).exists():
            return app
    return _playwright_own()


def _playwright_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str:
    """Install a Chromium and return its path."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
            check=True,
            env=environment,
        )
        how = "installed Debian's packages chromium and fonts-liberation"
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
        how = "downloaded Playwright's Chromium"
    path = find()
    if path is None:
        sys.exit("No Chromium after installing one; set CHROMIUM to the path of a Chromium or Chrome.")
    print(f"browser: {how}")
    return path


def main() -> None:
    print(f"browser: {find() or install()}")


if __name__ == "__main__":
    main()

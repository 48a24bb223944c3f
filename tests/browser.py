"""Find a Chromium and a Firefox for the browser tests, or install them; `python tests/browser.py` says which.

Order: CHROMIUM and FIREFOX in the environment, those on the machine, Debian's packages when root on a Debian system, and
for Chromium Playwright's own download. Where there is no Firefox and none can be installed, its tests skip.
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
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_MAC_APP = "/Applications/Firefox.app/Contents/MacOS/firefox"
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


def find_firefox() -> str | None:
    """Return the path of a Firefox on this machine."""
    if chosen := os.environ.get("FIREFOX"):
        return chosen
    for name in FIREFOX_NAMES:
        if path := shutil.which(name):
            return path
    return FIREFOX_MAC_APP if Path(FIREFOX_MAC_APP).exists() else None


def install() -> str:
    """Install a Chromium and return its path."""
    if _installs_packages():
        _install_packages("chromium", "fonts-liberation")
        how = "installed Debian's packages chromium and fonts-liberation"
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
        how = "downloaded Playwright's Chromium"
    path = find()
    if path is None:
        sys.exit("No Chromium after installing one; set CHROMIUM to the path of a Chromium or Chrome.")
    print(f"browser: {how}")
    return path


def install_firefox() -> str | None:
    """Install Debian's firefox-esr where that can be done, and return its path; None elsewhere."""
    if not _installs_packages():
        return None
    try:
        _install_packages("firefox-esr")
    except subprocess.CalledProcessError:
        return None
    print("browser: installed Debian's package firefox-esr")
    return find_firefox()


def _installs_packages() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_packages(*names: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names], check=True, env=environment)


def main() -> None:
    print(f"browser: {find() or install()}")
    print(f"browser: {find_firefox() or install_firefox() or 'no Firefox here; its tests will skip'}")


if __name__ == "__main__":
    main()

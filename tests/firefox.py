"""Firefox as the browser tests need it: opened on a file, asked over WebDriver BiDi, ended by its own process.

Playwright drives a Firefox build of its own; the page must open in the one that people have. So the few commands of the
W3C's WebDriver BiDi that the tests want are spoken here, as JSON over a WebSocket on loopback.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = re.compile(rb"WebDriver BiDi listening on (ws://127\.0\.0\.1:\d+)")
START_S = 60  # a cold start on a busy machine
EVENTS = ["log.entryAdded", "network.beforeRequestSent"]
# A new profile asks its maker's hosts for updates, add-ons and settings; no test reaches past loopback.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.activity-stream.feeds.system.topsites": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One page in a Firefox, and what it logged and asked for."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._last = 0
        self.errors: list[str] = []
        self.requests: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=EVENTS)
        self.context = self._ask("browsingContext.getTree")["contexts"][0]["context"]

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            said = json.loads(self._socket.recv(timeout=START_S))
            if said.get("type") == "event":
                self._note(said["method"], said["params"])
            elif said.get("id") == self._last:
                if said["type"] == "error":
                    raise RuntimeError(f"{method}: {said['error']}: {said['message']}")
                return said["result"]

    def _note(self, event: str, params: dict[str, Any]) -> None:
        if event == "log.entryAdded" and params["level"] == "error":
            self.errors.append(params["text"])
        elif event == "network.beforeRequestSent" and params.get("context") == self.context:
            self.requests.append(params["request"]["url"])

    def size(self, width: int, height: int) -> None:
        """Give the page a window of this many pixels."""
        self._ask("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def open(self, path: Path) -> None:
        """Open a file and wait until it is loaded."""
        self._ask("browsingContext.navigate", context=self.context, url=path.as_uri(), wait="complete")

    def run(self, function: str, argument: Any = None) -> Any:
        """Return what an async function of the page gives for a JSON value."""
        found = self._ask(
            "script.callFunction",
            functionDeclaration=f"async (a) => JSON.stringify((await ({function})(JSON.parse(a))) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            target={"context": self.context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def click(self, x: float, y: float) -> None:
        """Click at a place in the window, as a mouse does."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "mouse", "actions": moves}]
        self._ask("input.performActions", context=self.context, actions=actions)

    def press(self, keys: str) -> None:
        """Press keys one after the other; special ones are named by WebDriver's code points."""
        pressed = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keys", "actions": pressed}]
        self._ask("input.performActions", context=self.context, actions=actions)


@contextmanager
def open_firefox(program: str, profile: Path) -> Iterator[Firefox]:
    """Start a Firefox without a window and with an empty profile, and end it afterwards."""
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    said = profile / "stderr.txt"
    command = [program, "--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile)]
    environment = {**os.environ, "HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"}
    with (
        said.open("wb") as errors,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=environment) as process,
    ):
        try:
            with connect(_address(said, process) + "/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(said: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        if found := ADDRESS.search(said.read_bytes()):
            return found[1].decode()
        time.sleep(0.1)
    raise RuntimeError(f"Firefox did not start: {said.read_text(errors='replace')[-2000:]}")

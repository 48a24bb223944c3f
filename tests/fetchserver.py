"""A server on loopback that answers as providers do on good and on bad days; each path has a list of moods, the last one stays."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True)
class Mood:
    """How one request is answered."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    cut_at: int | None = None  # bytes after which the connection is dropped
    pause_s: float = 0.0
    etag: str | None = ""  # "" is one made of the body, None is none


def etag_of(body: bytes) -> str:
    return '"' + hashlib.sha256(body).hexdigest() + '"'


@dataclass
class Server:
    """A running server; `seen` holds (method, path with query, headers) of every request."""

    address: str
    moods: dict[str, list[Mood]] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def serve(self, path: str, *moods: Mood | bytes) -> str:
        self.moods[path] = [mood if isinstance(mood, Mood) else Mood(body=mood) for mood in moods]
        return self.address + path

    def gets(self, path: str) -> list[dict[str, str]]:
        return [headers for method, seen, headers in self.seen if method == "GET" and urlsplit(seen).path == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: Server

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, *, body: bool) -> None:
        path = urlsplit(self.path).path
        self.owner.seen.append((self.command, self.path, dict(self.headers)))
        moods = self.owner.moods.get(path)
        if moods is None:
            self._send(Mood(status=404, body=b"none"), body=body)
            return
        at = 0
        if body:
            at = min(self.owner.counts[path], len(moods) - 1)
            self.owner.counts[path] += 1
        self._send(moods[at], body=body)

    def _send(self, mood: Mood, *, body: bool) -> None:
        whole, status, extra = mood.body, mood.status, dict(mood.headers)
        etag = etag_of(whole) if mood.etag == "" else mood.etag
        asked = self.headers.get("Range")
        if asked and mood.ranges and status == 200 and self.headers.get("If-Range") in (None, etag):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(whole):
                status, extra["Content-Range"], whole = 416, f"bytes */{len(whole)}", b""
            else:
                status, extra["Content-Range"] = 206, f"bytes {start}-{len(whole) - 1}/{len(whole)}"
                whole = whole[start:]
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
        for name, value in extra.items():
            self.send_header(name, value)
        if "Content-Length" not in extra:
            self.send_header("Content-Length", str(len(whole)))
        self.end_headers()
        if not body:
            return
        time.sleep(mood.pause_s)
        with contextlib.suppress(OSError):
            self.wfile.write(whole if mood.cut_at is None else whole[: mood.cut_at])
        if mood.cut_at is not None:
            self.close_connection = True


@contextlib.contextmanager
def running(host: str = "127.0.0.1") -> Iterator[Server]:
    server = Server(address="")
    handler = type("Handler", (_Handler,), {"owner": server})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as opened:
        opened.daemon_threads = True
        server.address = f"http://{host}:{opened.server_address[1]}"
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            opened.shutdown()
            thread.join(timeout=5)

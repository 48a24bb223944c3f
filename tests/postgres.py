"""A real PostgreSQL server for the tests: started on loopback, with fsync on, and gone at the end whatever happens.

Binaries: PG_BIN in the environment, the PATH, /usr/lib/postgresql/*/bin, else Debian's package when root on a Debian
system. A server refuses to run as root, so that it runs as `postgres` or `nobody` there.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "office"
GUARDED = "guarded"  # the one role that needs a password
PASSWORD = "s3cret-k4ta-s4ndi"  # noqa: S105 - of a server that lives as long as a test
_HBA = f"""
host all {GUARDED} 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
"""
_PR_SET_PDEATHSIG = 1


def binaries() -> Path:
    """Return the folder of `initdb` and `postgres`, installing them where they are missing."""
    return _find() or _install()


def _find() -> Path | None:
    if chosen := os.environ.get("PG_BIN"):
        return Path(chosen)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    return newest and newest.parent


def _install() -> Path:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit("No PostgreSQL; install one, or set PG_BIN to the folder of its initdb.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "postgresql"]):
        subprocess.run(["apt-get", *command], check=True, env=environment)
    found = _find()
    if found is None:
        sys.exit("No PostgreSQL after installing one; set PG_BIN to the folder of its initdb.")
    return found


class Server:
    """One server on a free port of 127.0.0.1; its data lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = binaries()
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(name for name in ("postgres", "nobody") if _known(name))
            shutil.chown(folder, user)
            self._user = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._schemas = 0
        self._make()

    def address(self, *, user: str = OWNER, password: str = "", database: str = "postgres", schema: str = "") -> str:
        """Return the address of a ledger in this server."""
        secret = f":{password}" if password else ""
        options = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql+psycopg://{user}{secret}@127.0.0.1:{self.port}/{database}{options}"

    def new_address(self) -> str:
        """Return the address of a ledger that has yet to be made, in a schema of its own."""
        self._schemas += 1
        schema = f"ledger_{self._schemas}"
        with self.connect() as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return self.address(schema=schema)

    def connect(self, address: str | None = None) -> psycopg.Connection:
        """Connect without blankspot; what is executed is committed at once."""
        plain = (address or self.address()).replace("+psycopg", "")
        return psycopg.connect(plain, autocommit=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = self._popen(
            "postgres", "-D", str(self.folder / "data"), "-p", str(self.port),
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=60",
            "-c", "lc_messages=C",
        )  # fmt: skip
        deadline = time.monotonic() + 20
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends its sessions, SIGQUIT is a crash."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(how)
            self._process.wait(timeout=20)
            self._process = None

    def _make(self) -> None:
        made = self._popen(
            "initdb", "-D", str(self.folder / "data"), "-U", OWNER, "-A", "trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        if made.wait(timeout=60) != 0:
            sys.exit((self.folder / "log").read_text())
        (self.folder / "data" / "pg_hba.conf").write_text(_HBA)

    def _popen(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._bin / program), *arguments],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_go_with_parent,  # noqa: PLW1509 - the tests start no threads before it
                **self._user,
            )


def _known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _go_with_parent() -> None:
    """Have Linux stop the server when the tests are killed and cannot."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Run a server as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="bspg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder))
        try:
            server.start()
            with server.connect() as connection:
                connection.execute(f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'")
            yield server
        finally:
            server.stop()

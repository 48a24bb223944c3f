"""Digests: what a step was made from, and whether it must be made again.

A step's key is a digest of its name, the code, the settings it uses, the bytes of its source files and the keys of the
steps before it. A step is fresh when its recorded key is the same and its outputs are still the bytes that were written.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from blankspot import __version__
from blankspot.out.files import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE_NAME: Final = "provenance.json"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, of a folder that of its files' names and digests, "" where there is none."""
    if path.is_dir():
        inside = sorted(one for one in path.rglob("*") if one.is_file())
        return text_digest([one.relative_to(path).as_posix(), file_digest(one)] for one in inside)
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def text_digest(parts: Iterable[object]) -> str:
    """Return the SHA-256 of parts written as JSON."""
    return hashlib.sha256(json.dumps(list(parts), sort_keys=True, default=str).encode()).hexdigest()


@cache
def code_digest() -> str:
    """Return the SHA-256 of the package's own files, so that a changed rule makes its outputs anew."""
    root = Path(str(files("blankspot")))
    own = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix not in {".pyc", ".nbc", ".nbi"})
    return text_digest([__version__, *((str(path.relative_to(root)), file_digest(path)) for path in own)])


class Record:
    """What `provenance.json` remembers of the last run, step by step."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self.steps: dict[str, dict[str, Any]] = {}
        self.head: dict[str, Any] = {}
        if self.path.is_file():
            try:
                stored = json.loads(self.path.read_text(encoding="utf-8"))
                self.steps = dict(stored["steps"])
            except (ValueError, KeyError, TypeError, OSError):
                self.steps = {}  # a damaged record only means that everything is made again

    def fresh(self, name: str, key: str) -> bool:
        """Tell whether a step was made from the same inputs and its outputs still stand."""
        step = self.steps.get(name)
        if step is None or step.get("key") != key:
            return False
        folder = self.path.parent
        return all(file_digest(folder / output) == digest for output, digest in step.get("outputs", {}).items())

    def tables(self, name: str) -> dict[str, str]:
        """Return the digests of the tables that a step made."""
        outputs: dict[str, str] = self.steps[name]["outputs"]
        return {output: digest for output, digest in outputs.items() if output.endswith(".parquet")}

    def keep(self, name: str, key: str, outputs: Iterable[str], notes: Mapping[str, Any]) -> None:
        """Remember a step that was just made and write the record."""
        folder = self.path.parent
        digests = {output: file_digest(folder / output) for output in outputs}
        self.steps[name] = {
            "key": key,
            "outputs": {output: digest for output, digest in digests.items() if digest},
            **notes,
        }
        self.write()

    def write(self) -> None:
        """Write the record whole."""
        with atomic(self.path) as temporary:
            temporary.write_text(
                json.dumps({**self.head, "steps": self.steps}, ensure_ascii=False, indent=1, default=str),
                encoding="utf-8",
            )

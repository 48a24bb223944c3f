"""What is known of a fetched file, kept beside it as `NAME.sumber.json`: licence, attribution, address, day, hash, version.

A run takes licence and attribution from there onto every output, as long as the file is still the one that was fetched.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from blankspot.out.files import atomic
from blankspot.run.fresh import file_digest

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Original:
    """A file of the provider that went into it."""

    address: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """Where a file comes from."""

    title: str
    version: str
    licence: str
    licence_url: str
    attribution: str
    fetched_at: str
    sha256: str
    originals: tuple[Original, ...]

    @property
    def credit(self) -> str:
        """What an output must say, e.g. "CC BY 4.0. WorldPop (www.worldpop.org) …"."""
        return f"{self.licence}. {self.attribution}"


def sidecar_path(path: Path) -> Path:
    """Return where the sidecar of a file lies."""
    return path.with_name(path.name + ".sumber.json")


def write_sidecar(path: Path, sidecar: Sidecar) -> Path:
    """Write the sidecar of a file."""
    beside = sidecar_path(path)
    with atomic(beside) as temporary:
        temporary.write_text(json.dumps(asdict(sidecar), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return beside


def read_sidecar(path: Path) -> Sidecar | None:
    """Return what is known of a file; None without a sidecar, or where it speaks of another content of the file."""
    try:
        told = json.loads(sidecar_path(path).read_text(encoding="utf-8"))
        originals = tuple(Original(**one) for one in told.pop("originals"))
        found = Sidecar(originals=originals, **told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if found.sha256 == file_digest(path) else None

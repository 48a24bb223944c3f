"""What an exported workbook remembers about itself, on a sheet that nobody sees: the values as they left, and from where.

A change is what differs from these values, and not what differs from the ledger of today: that is how an edited workbook
tells the planner's change from somebody else's. Kept as JSON in text cells, in pieces that a cell can hold, under a checksum.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.errors import SourceError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from blankspot.ledger.workbook.sheets import CellValue

BASELINE_SHEET: Final = "_blankspot"
BASELINE_COLUMNS: Final = ("what", "place", "part", "json")
FORMAT: Final = 1
_PIECE: Final = 30_000  # characters; a spreadsheet's cell holds 32,767
_ABOUT: Final = "about"


class BaseRow(NamedTuple):
    """A row as it was exported: its cells, and the content_id it stands for (a case's last move, a payment, a note)."""

    cells: Mapping[str, CellValue]
    ref: str


@dataclass(frozen=True, kw_only=True)
class About:
    """Where a workbook comes from.

    Attributes:
        format: Which shape of workbook this is.
        version: The blankspot that made it.
        origin: The office of the ledger.
        digest: The ledger's digest at the export.
        ends: The newest record of each office in that ledger: origin, content_id and hash.
        as_of: ISO day of the state.
        exported_at: ISO moment of the export, UTC.
        titles: Title of each sheet by its key.
        headings: Heading of each column by sheet and key.
    """

    format: int
    version: str
    origin: str
    digest: str
    ends: tuple[tuple[str, str, str], ...]
    as_of: str
    exported_at: str
    titles: Mapping[str, str]
    headings: Mapping[str, Mapping[str, str]]

    @property
    def moment(self) -> dt.datetime:
        """The moment of the export."""
        return dt.datetime.fromisoformat(self.exported_at)


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """Everything the hidden sheet holds: `about`, and the exported rows by sheet and by the row's own key."""

    about: About
    rows: Mapping[str, Mapping[str, BaseRow]]


def baseline_frame(baseline: Baseline) -> pd.DataFrame:
    """Return the baseline as rows of text, columns `BASELINE_COLUMNS`; `read_baseline` is its inverse."""
    texts = [
        (sheet, str(place), _json({"key": key, "cells": dict(row.cells), "ref": row.ref}))
        for sheet, rows in baseline.rows.items()
        for place, (key, row) in enumerate(rows.items())
    ]
    about = asdict(baseline.about) | {"checksum": _checksum(texts)}
    pieces = [
        (what, place, str(part), f"|{text[start : start + _PIECE]}|")  # a cell may lose the spaces at its ends
        for what, place, text in ((_ABOUT, "0", _json(about)), *texts)
        for part, start in enumerate(range(0, len(text), _PIECE))
    ]
    return pd.DataFrame(pieces, columns=list(BASELINE_COLUMNS), dtype="str")


def read_baseline(frame: pd.DataFrame, *, source: str) -> Baseline:
    """Read the hidden sheet of a workbook.

    Args:
        frame: As `sources.tables.read_table` gives it.
        source: The file, for messages.

    Raises:
        SourceError: It is damaged, or made by a newer blankspot.
    """
    try:
        texts = _joined(frame)
        about = json.loads(texts.pop((_ABOUT, "0")))
        if int(about["format"]) > FORMAT:
            raise _newer(source, str(about.get("version", "")))
        if about.pop("checksum") != _checksum((*name, text) for name, text in texts.items()):
            raise _damaged(source)
        rows: dict[str, dict[str, BaseRow]] = {sheet: {} for sheet in about["titles"]}
        for (sheet, _), text in texts.items():
            row = json.loads(text)
            rows[sheet][row["key"]] = BaseRow(row["cells"], row["ref"])
        return Baseline(about=About(**{**about, "ends": tuple(tuple(end) for end in about["ends"])}), rows=rows)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise _damaged(source) from error


def _joined(frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    pieces: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in frame.to_dict("records"):
        name = str(row["what"]), str(row["place"])
        pieces.setdefault(name, []).append((int(row["part"]), str(row["json"]).removeprefix("|").removesuffix("|")))
    return {name: "".join(text for _, text in sorted(parts)) for name, parts in pieces.items()}


def _json(value: Any) -> str:
    """Write JSON in which nothing can be mistaken for a spreadsheet's own escape of a character (`_x000D_`)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.replace("_", "\\u005f")


def _checksum(texts: Iterable[tuple[str, str, str]]) -> str:
    return hashlib.sha256(_json(sorted(texts)).encode()).hexdigest()


def _newer(source: str, version: str) -> SourceError:
    return SourceError(
        Text(
            f"{source} dibuat oleh blankspot yang lebih baru ({version}).",
            f"{source} was made by a newer blankspot ({version}).",
        ),
        hint=Text("Perbarui blankspot, lalu ulangi.", "Update blankspot, then try again."),
    )


def _damaged(source: str) -> SourceError:
    return SourceError(
        Text(
            f"{source}: lembar tersembunyi '{BASELINE_SHEET}' rusak, sehingga perubahan tidak dapat dikenali.",
            f"{source}: the hidden sheet '{BASELINE_SHEET}' is damaged, so that changes cannot be told.",
        ),
        hint=Text(
            "Ekspor ulang dengan 'blankspot track export', lalu pindahkan perubahannya.",
            "Export again with 'blankspot track export' and carry the changes over.",
        ),
    )

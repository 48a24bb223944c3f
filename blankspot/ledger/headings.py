"""How handling lists head their columns and name their stages, in both of the forms that planners keep.

- *Happenings*: one row per move or change of the target list, the columns of the table `handling` (Tanggal, Kode desa,
  Kejadian …).
- *A list*: one row per village with its present stage and the days of its stages (see `lists`). A table is a list if it has
  no column for single happenings ("Kejadian") but days headed by a stage ("Tgl usulan", "Tanggal verifikasi", "Tgl
  ditangani", `handled_on`) or a column "Status" or "Tahap".

Headings and labels are compared without case, spaces, punctuation and what stands in brackets.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.errors import SourceError
from blankspot.ledger.workflow import KIND_LABELS, TARGET, TARGET_REMOVED
from blankspot.schema import TABLES
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ORIGIN_COLUMNS: Final = ("source_file", "source_row")
_DAY: Final = ("tgl", "tanggal", "tanggaldi", "tgldi")
_KIND_WORDS: Final[dict[str, tuple[str, ...]]] = {
    TARGET: ("target", "masuk target", "penetapan target"),
    TARGET_REMOVED: ("keluar target", "dihapus dari target"),
    "identified": ("identifikasi", "diidentifikasi"),
    "proposed": ("usulan", "usul", "pengusulan"),
    "verified": ("verifikasi", "diverifikasi"),
    "approved": ("persetujuan",),
    "rejected": ("penolakan",),
    "deferred": ("penundaan",),
    "assigned": ("penugasan",),
    "construction": ("konstruksi", "dibangun", "mulai pembangunan"),
    "on_air": ("onair",),
    "handled": (
        "ditangani",
        "penanganan",
        "selesai ditangani",
        "sudah tertangani",
        "sudah ditangani",
        "telah ditangani",
    ),
    "verified_after": ("verifikasi pasca", "verifikasi akhir"),
    "reopened": ("pembukaan kembali", "buka kembali"),
}
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "village_code": ("kode", "kode wilayah", "kode kemendagri", "kode desa/kelurahan"),
    "village_name": ("desa", "desa/kelurahan", "nama desa/kelurahan", "kelurahan", "nama kelurahan"),
    "district": ("nama kecamatan", "kec"),
    "year": ("target tahun", "tahun"),
    "partner": ("mitra penanganan", "pelaksana"),
    "intervention_type": ("jenis intervensi",),
    "funding_source": ("pendanaan",),
    "budget_rp": ("nilai anggaran", "pagu"),
    "evidence": ("bukti penanganan",),
    "document": ("nomor dokumen", "dasar"),
    "note": ("keterangan",),
}
_PLACE: Final = ("village_name", "district")  # by which a row may name its desa where it gives no code
_NUMBERING: Final = ("", "no", "nomor", "nourut", "nomorurut")  # headings of columns that only count the rows
_LIST_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "status": ("status", "status penanganan", "tahap", "tahapan", "stage"),
    "status_on": ("tanggal", "tgl", "tanggal status", "tgl status", "per tanggal", "happened on"),
}


def folded(text: str) -> str:
    """Return a heading or label as it is compared."""
    return re.sub(r"[\W_]+", "", re.sub(r"\([^)]*\)", "", text).casefold())


def kind_of(label: str) -> str | None:
    """Return the kind of event a label stands for, in either language or as an identifier; None if it is not known."""
    return _KINDS_BY_LABEL.get(folded(label))


def is_list(columns: Iterable[str]) -> bool:
    """Tell whether a table with these headings is a planner's list, and not one row per happening."""
    found = {folded(name) for name in columns}
    if found & {heading for heading, name in _COLUMNS_BY_HEADING.items() if name == "event"}:
        return False
    return any(heading in _STAGES_BY_HEADING or _LIST_COLUMNS.get(heading) == "status" for heading in found)


def stage_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return which heading of a list holds the day of which kind of event."""
    return _first(columns, _STAGES_BY_HEADING)


def list_columns(columns: Iterable[str]) -> dict[str, str]:
    """Return which heading of a list holds which plain column; `status` and `status_on` are the present stage and its day."""
    return _first(columns, _LIST_COLUMNS)


def unread_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the headings that no reader of handling lists takes anything from, but for those that only count the rows."""
    headings = [str(name) for name in columns]
    readers = (stage_columns, list_columns) if is_list(headings) else (_event_columns,)
    read = {heading for reader in readers for heading in reader(headings).values()}
    idle = {*ORIGIN_COLUMNS, *read}
    return tuple(name for name in headings if name not in idle and folded(name) not in _NUMBERING)


def mapped(frame: pd.DataFrame, mapping: Mapping[str, str]) -> pd.DataFrame:
    """Rename columns by a mapping of our names to theirs; "=text" makes a column with that text in every row.

    Raises:
        SourceError: A column of the mapping is not there.
    """
    renamed = frame.rename(columns={theirs: ours for ours, theirs in mapping.items() if not theirs.startswith("=")})
    for ours, theirs in mapping.items():
        if theirs.startswith("="):
            renamed[ours] = theirs[1:]
        elif theirs not in frame:
            raise _missing(theirs, frame)
    return renamed


def happenings(frame: pd.DataFrame, *, names_known: bool = False) -> pd.DataFrame:
    """Bring a table of happenings under the standard names; other columns are left out.

    Args:
        frame: Columns under the table's own headings.
        names_known: Whether the desa behind a name can be found, so that a column of names will do in place of codes.

    Raises:
        SourceError: Day, desa (code or name) or kind of happening has no column.
    """
    columns = _event_columns(frame.columns)
    for name in ("happened_on", "event"):
        need(name, columns, frame)
    need_village(columns, frame, names_known=names_known)
    standard = pd.DataFrame({ours: frame[theirs] for ours, theirs in columns.items()}, index=frame.index)
    if "village_code" not in standard:
        standard["village_code"] = None
    return standard.assign(**{name: frame[name] for name in ORIGIN_COLUMNS if name in frame})


def need(name: str, columns: Mapping[str, str], frame: pd.DataFrame) -> None:
    """Refuse a table without a column for `name`.

    Raises:
        SourceError: The columns found and the nearest of them are named.
    """
    if name not in columns:
        raise _missing(str(TABLES["handling"].columns[name].title), frame)


def need_village(columns: Mapping[str, str], frame: pd.DataFrame, *, names_known: bool) -> None:
    """Refuse a table that says the desa of its rows neither by code nor, where names are known, by name.

    Raises:
        SourceError: The columns found and the nearest of them are named.
    """
    if not (names_known and "village_name" in columns):
        need("village_code", columns, frame)


def _event_columns(columns: Iterable[str]) -> dict[str, str]:
    return _first(columns, _COLUMNS_BY_HEADING)


def _first(columns: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading in columns:
        name = known.get(folded(str(heading)))
        if name is not None and heading not in ORIGIN_COLUMNS:
            found.setdefault(name, heading)
    return found


def _missing(wanted: str, frame: pd.DataFrame) -> SourceError:
    headings = [str(name) for name in frame.columns if name not in ORIGIN_COLUMNS]
    source = str(frame["source_file"].iloc[0]) if "source_file" in frame and len(frame) else "handling"
    near = difflib.get_close_matches(wanted, headings, n=1)
    listed = ", ".join(headings)
    guess = Text(f" Yang paling mirip: '{near[0]}'.", f" Nearest: '{near[0]}'.") if near else Text("", "")
    return SourceError(
        Text(
            f"{source}: kolom '{wanted}' tidak ada. Kolom yang ada: {listed}.{guess.id}",
            f"{source}: there is no column '{wanted}'. Columns found: {listed}.{guess.en}",
        ),
        hint=Text(
            "Beri judul kolom seperti pada berkas contoh, atau petakan di blankspot.toml.",
            "Head the column as in the template, or map it in blankspot.toml.",
        ),
    )


def _by_heading() -> dict[str, str]:
    columns = TABLES["handling"].columns | {name: TABLES["proposals"].columns[name] for name in _PLACE}
    return {
        folded(word): name
        for name, column in columns.items()
        for word in (*_WORDS.get(name, ()), str(column.title), name)
    }


def _by_stage() -> dict[str, str]:
    headings: dict[str, str] = {}
    for kind, words in _KIND_WORDS.items():
        for word in (*words, KIND_LABELS[kind].id, KIND_LABELS[kind].en, kind):
            headings |= {day + folded(word): kind for day in _DAY}
        headings[folded(f"{kind}_on")] = kind
    return headings


_COLUMNS_BY_HEADING: Final = _by_heading()
_STAGES_BY_HEADING: Final = _by_stage()
_LIST_COLUMNS: Final = {
    **{heading: name for heading, name in _COLUMNS_BY_HEADING.items() if name not in ("event", "happened_on")},
    **{folded(word): name for name, words in _LIST_WORDS.items() for word in words},
}
_KINDS_BY_LABEL: Final = {
    folded(word): kind
    for kind, label in KIND_LABELS.items()
    for word in (kind, label.id, label.en, *_KIND_WORDS.get(kind, ()))
}

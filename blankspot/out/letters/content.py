"""The fields of each kind of letter, as texts ready to stand in it; `guide` documents them.

Every value is one line of plain text: line breaks and control characters are gone, numbers, days and positions are written as
letters write them, and what is not known is "–".
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd

from blankspot.out.letters.attachments import POSITIONS
from blankspot.out.letters.wording import (
    counted,
    day_in_words,
    in_words,
    latitude,
    listed,
    longitude,
    one_line,
    quarter,
    weekday,
)
from blankspot.words import LABELS, Lang, Text, date_text, number, percent, rupiah

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blankspot.out.letters.model import Heading, Meeting, Office

Context = dict[str, Any]
NONE: Final = "–"
_FILES: Final = Text("berkas", "file(s)")
_SERVICES: Final = {"mobile": Text("seluler", "mobile"), "internet": Text("titik internet", "internet point")}
_CONTACTS: Final = (
    ("phone", Text("Telepon", "Phone")),
    ("email", Text("Surel", "E-mail")),
    ("website", Text("Laman", "Website")),
)
_TO_FILL_IN: Final = {
    "name": Text("[nama kantor]", "[name of the office]"),
    "parent": Text("[pemerintah daerah]", "[government]"),
    "address": Text("[alamat kantor]", "[address]"),
    "city": Text("[kota]", "[town]"),
    "head_title": Text("[jabatan]", "[title]"),
    "head_name": Text("[nama kepala]", "[name]"),
}


class Progress(Protocol):
    """What a letter quotes of the progress against a target list."""

    @property
    def numerator(self) -> int: ...  # noqa: D102 - see ledger.progress
    @property
    def denominator(self) -> int: ...  # noqa: D102 - see ledger.progress
    @property
    def year(self) -> int: ...  # noqa: D102 - see ledger.progress
    @property
    def definition(self) -> Text: ...  # noqa: D102 - see ledger.progress

    def text(self, lang: Lang = "id") -> str:
        """Return the line that people quote."""


def common(heading: Heading, progress: Progress, *, as_of: dt.date, profile: str, lang: Lang = "id") -> Context:
    """Return the fields that every kind of letter has.

    Args:
        heading: What the letter says of itself.
        progress: Handled of target as of the day of the letter.
        as_of: The day that the signal classes speak of.
        profile: Name and digest of the thresholds behind them.
        lang: Language of the words that are filled in.
    """
    return {
        "nomor": one_line(heading.number),
        "tanggal": date_text(heading.day, lang=lang),
        "sifat": one_line(heading.nature),
        "lampiran": counted(len(heading.attachments), _FILES, lang),
        "berkas": [one_line(name) for name in heading.attachments],
        "hal": one_line(heading.topic),
        "kepada": [
            {
                "sebutan": one_line(one.name),
                "up": one_line(one.attention),
                "alamat": one_line(one.address),
                "tempat": one_line(one.place),
            }
            for one in heading.recipients
        ],
        "tembusan": [one_line(name) for name in heading.copies],
        **_office(heading.office, lang),
        "progres": {
            "kalimat": progress.text(lang),
            "selesai": number(progress.numerator, lang=lang),
            "target": number(progress.denominator, lang=lang),
            "sisa": number(progress.denominator - progress.numerator, lang=lang),
            "persen": percent(progress.numerator, progress.denominator, lang=lang),
            "tahun": str(progress.year),
            "definisi": progress.definition.of(lang),
        },
        "data": {"tanggal": date_text(as_of, lang=lang), "profil": one_line(profile)},
    }


def request_fields(desa: pd.DataFrame, *, lang: Lang = "id") -> Context:
    """Return the fields of a request: its list of desa, columns as `villages.COLUMNS`."""
    rows = [
        {
            "no": str(at),
            "kode": _said(row["village_code"]),
            "nama": _said(row["village_name"]),
            "jenis": _worded("village_type", row["village_type"], lang),
            "kecamatan": _said(row["district"]),
            "kabupaten": _said(row["regency"]),
            "lintang": latitude(row["lat"], lang),
            "bujur": longitude(row["lon"], lang),
            "titik": POSITIONS[row["position"]].of(lang),
            "penduduk": NONE if pd.isna(row["population"]) else number(row["population"], lang=lang),
            "status": _worded("signal_class", row["signal_class"], lang),
            "alasan": _said(row["reason"]),
            "tahap": _worded("stage", row["stage"], lang),
            "usulan": _said(row["proposal"]),
        }
        for at, row in enumerate(_records(desa), start=1)
    ]
    districts = sorted({row["kecamatan"] for row in rows} - {NONE})
    people = desa["population"].sum(min_count=1)
    return {
        "desa": rows,
        "jumlah_desa": number(len(rows), lang=lang),
        "jumlah_desa_terbilang": in_words(len(rows)),
        "jumlah_kecamatan": number(len(districts), lang=lang),
        "jumlah_penduduk": NONE if pd.isna(people) else number(people, lang=lang),
        "daftar_kecamatan": listed(districts, lang) or NONE,
    }


def invitation_fields(meeting: Meeting, cases: pd.DataFrame, *, lang: Lang = "id") -> Context:
    """Return the fields of an invitation; `cases` are the open ones: village_code, village_name, district, stage, since,
    partner and constraint.
    """  # noqa: D205 - one sentence
    groups: dict[str, list[Context]] = {}
    ordered = _ordered(cases)
    for row, told in zip(ordered, _numbered(_case(row, lang) for row in ordered), strict=True):
        groups.setdefault(_said(row["district"]), []).append(told)
    listing = [{"nama": name, "jumlah": number(len(rows), lang=lang), "kasus": rows} for name, rows in groups.items()]
    return {
        "acara": _meeting(meeting, lang),
        "undangan": [one_line(name) for name in meeting.people],
        "jumlah_kasus": number(len(cases), lang=lang),
        "kecamatan": listing,
    }


def minutes_fields(
    meeting: Meeting,
    *,
    since: dt.date,
    until: dt.date,
    agreed: pd.DataFrame,
    pending: pd.DataFrame,
    actions: pd.DataFrame,
    lang: Lang = "id",
) -> Context:
    """Return the fields of the minutes of a forum.

    Args:
        meeting: The forum.
        since: First day of the period whose decisions are listed.
        until: Its last day.
        agreed: Decisions: village_code, village_name, district, service, kind, decided_on, stage, partner, intervention_type,
            funding_source, budget_rp, planned_quarter.
        pending: The other open cases: as for `invitation_fields`.
        actions: Open notes: about, constraint, follow_up, owner, due_on.
        lang: Language of the words that are filled in.
    """
    decisions = _numbered(_decision(row, lang) for row in _ordered(agreed))
    waiting = _numbered(_case(row, lang) | {"kecamatan": _said(row["district"])} for row in _ordered(pending))
    follow_ups = _numbered(_action(row, lang) for row in _records(actions))
    return {
        "acara": _meeting(meeting, lang),
        "hadir": [one_line(name) for name in meeting.people],
        "periode": {"sejak": date_text(since, lang=lang), "sampai": date_text(until, lang=lang)},
        "disepakati": decisions,
        "jumlah_disepakati": number(len(decisions), lang=lang),
        "belum": waiting,
        "jumlah_belum": number(len(waiting), lang=lang),
        "tindak_lanjut": follow_ups,
        "jumlah_tindak_lanjut": number(len(follow_ups), lang=lang),
    }


def _office(office: Office, lang: Lang) -> Context:
    told = {name: one_line(getattr(office, name)) or text.of(lang) for name, text in _TO_FILL_IN.items()}
    contacts = [
        f"{word.of(lang)} {one_line(getattr(office, name))}" for name, word in _CONTACTS if getattr(office, name)
    ]
    return {
        "kantor": {
            "nama": told["name"],
            "induk": told["parent"],
            "alamat": told["address"],
            "kota": told["city"],
            "kontak": ", ".join(contacts),
        },
        "kepala": {
            "jabatan": told["head_title"],
            "nama": told["head_name"],
            "pangkat": one_line(office.head_rank),
            "nip": one_line(office.head_nip),
        },
    }


def _meeting(meeting: Meeting, lang: Lang) -> Context:
    return {
        "nama": one_line(meeting.name),
        "hari": weekday(meeting.day, lang),
        "tanggal": date_text(meeting.day, lang=lang),
        "tanggal_huruf": day_in_words(meeting.day, lang),
        "waktu": one_line(meeting.time) or NONE,
        "tempat": one_line(meeting.place) or NONE,
        "agenda": [one_line(item) for item in meeting.agenda],
    }


def _case(row: Context, lang: Lang) -> Context:
    return {
        "kode": _said(row["village_code"]),
        "desa": _said(row["village_name"]),
        "tahap": _worded("stage", row["stage"], lang),
        "sejak": _day(row["since"], lang),
        "mitra": _said(row["partner"]),
        "kendala": _said(row["constraint"]),
    }


def _decision(row: Context, lang: Lang) -> Context:
    budget = row["budget_rp"]
    return {
        "kode": _said(row["village_code"]),
        "desa": _said(row["village_name"]),
        "kecamatan": _said(row["district"]),
        "layanan": _SERVICES[row["service"]].of(lang),
        "keputusan": _worded("stage", row["kind"], lang),
        "tanggal": _day(row["decided_on"], lang),
        "tahap": _worded("stage", row["stage"], lang),
        "mitra": _said(row["partner"]),
        "jenis": _worded("intervention_type", row["intervention_type"], lang),
        "dana": _worded("funding_source", row["funding_source"], lang),
        "anggaran": NONE if pd.isna(budget) else rupiah(budget, lang=lang),
        "triwulan": NONE if pd.isna(row["planned_quarter"]) else quarter(one_line(row["planned_quarter"]), lang),
    }


def _action(row: Context, lang: Lang) -> Context:
    return {
        "pokok": _said(row["about"]),
        "kendala": _said(row["constraint"]),
        "uraian": _said(row["follow_up"]),
        "penanggung_jawab": _said(row["owner"]),
        "batas": _day(row["due_on"], lang),
    }


def _ordered(cases: pd.DataFrame) -> list[Context]:
    """Return rows by district and village, those without a district last."""
    ordered = cases.sort_values(["district", "village_name", "village_code"], kind="stable", na_position="last")
    return _records(ordered)


def _records(frame: pd.DataFrame) -> list[Context]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _numbered(rows: Iterable[Context]) -> list[Context]:
    return [{"no": str(at), **row} for at, row in enumerate(rows, start=1)]


def _said(value: object) -> str:
    return NONE if pd.isna(value) else one_line(value) or NONE  # type: ignore[call-overload]  # a cell of a frame


def _worded(kind: str, value: object, lang: Lang) -> str:
    found = LABELS[kind].get(str(value))
    return found.of(lang) if found else _said(value)


def _day(value: Any, lang: Lang) -> str:
    if pd.isna(value):
        return NONE
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    return date_text(day, lang=lang)

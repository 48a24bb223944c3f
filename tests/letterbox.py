"""What the tests of letters share: an office, lists whose texts try to be more than text, and how to read a DOCX."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
from docx import Document

from blankspot.out.letters import Heading, Meeting, Office, Recipient
from blankspot.out.letters.content import common, invitation_fields, minutes_fields, request_fields
from blankspot.words import Lang, Text, percent

if TYPE_CHECKING:
    from blankspot.out.letters import LetterKind

HOSTILE = '{{7*7}} {% for x in y %} <w:p>&amp; </w:t> ${x} =HYPERLINK("x")\x00\x1b[31m\u202e\n\t\a\f z'
SHOWN = '{{7*7}} {% for x in y %} <w:p>&amp; </w:t> ${x} =HYPERLINK("x")'
ON = dt.date(2022, 12, 26)
OFFICE = Office(
    name="Dinas Komunikasi & Informatika",
    parent="Pemerintah Kabupaten Uji",
    address="Jalan Uji 1",
    city="Uji",
    head_title="Kepala Dinas",
    head_name="Nama Kepala",
    head_nip="00000000 000000 0 000",
)
DEFINITION = Text("Pembilang dan penyebut.", "Numerator and denominator.")
MEETING = Meeting(
    name="Forum Uji", day=ON, time="09.00 WIB", place="Aula", agenda=("Capaian", "Kasus"), people=("Telkomsel", "BAKTI")
)


@dataclass(frozen=True)
class Achieved:
    """A progress as letters quote it."""

    numerator: int = 43
    denominator: int = 60
    year: int = 2022
    definition: Text = DEFINITION

    def text(self, lang: Lang = "id") -> str:
        """Return the line that people quote."""
        return f"{self.numerator} dari {self.denominator} desa ({percent(self.numerator, self.denominator, lang=lang)})"


def heading(kind: LetterKind = "request", **said: Any) -> Heading:
    """Return a heading; what is not said is the usual."""
    usual = {
        "number": "500.8/1/Uji/2022", "day": ON, "topic": "Permohonan", "office": OFFICE, "copies": ("Bupati Uji",),
        "recipients": (Recipient(name="Pimpinan Telkomsel", address="Jalan Mitra 2", place="Jakarta"),),
        "attachments": ("a.xlsx", "a.kml"),
    }  # fmt: skip
    return Heading(kind=kind, **(usual | said))


def desa(*names: str, **said: Any) -> pd.DataFrame:
    """Return a list of desa by name."""
    usual = {
        "village_type": "desa", "district": "Arunasari", "regency": "Kabupaten Uji", "lon": 107.74003, "lat": -6.94421,
        "position": "office", "population": 1200.0, "signal_class": "none", "reason": "Blankspot: 0 dari 31 sel.",
        "stage": "approved", "proposal": "BA-1",
    }  # fmt: skip
    rows = [
        {"village_code": f"99.01.01.2{at:03d}", "village_name": name, **usual, **said}
        for at, name in enumerate(names, 1)
    ]
    return pd.DataFrame(rows)


def cases(*names: str, **said: Any) -> pd.DataFrame:
    """Return open cases by the name of their desa."""
    usual = {
        "district": "Arunasari",
        "stage": "deferred",
        "since": pd.Timestamp("2022-03-04"),
        "partner": None,
        "constraint": "Lahan",
    }
    return pd.DataFrame(
        [
            {"village_code": f"99.01.02.2{at:03d}", "village_name": name, **usual, **said}
            for at, name in enumerate(names, 1)
        ],
        columns=["village_code", "village_name", *usual],
    )


def decided(*names: str, **said: Any) -> pd.DataFrame:
    """Return decisions by the name of their desa."""
    usual = {
        "district": "Arunasari", "service": "mobile", "kind": "assigned", "decided_on": pd.Timestamp("2022-10-05"),
        "stage": "assigned", "partner": "Telkomsel", "intervention_type": "bts", "funding_source": "csr",
        "budget_rp": 2.6e9, "planned_quarter": "2023-Q1",
    }  # fmt: skip
    return pd.DataFrame(
        [
            {"village_code": f"99.01.03.2{at:03d}", "village_name": name, **usual, **said}
            for at, name in enumerate(names, 1)
        ],
        columns=["village_code", "village_name", *usual],
    )


def asked(*subjects: str) -> pd.DataFrame:
    """Return follow-ups by their subject."""
    rows = [
        {"about": one, "constraint": None, "follow_up": "Survei ulang", "owner": "Bidang Infrastruktur",
         "due_on": pd.Timestamp("2023-01-31")}
        for one in subjects
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["about", "constraint", "follow_up", "owner", "due_on"])


def fields(kind: LetterKind, name: str = "Sukanagara", *, lang: Lang = "id", **said: Any) -> dict[str, Any]:
    """Return all fields of a letter of a kind; `name` is every text that comes from data."""
    shared = common(heading(kind, **said), Achieved(), as_of=ON, profile="bawaan (1)", lang=lang)
    if kind == "request":
        return shared | request_fields(desa(name, name, district=name, reason=name, proposal=name), lang=lang)
    if kind == "invitation":
        return shared | invitation_fields(MEETING, cases(name, name, partner=name, constraint=name), lang=lang)
    return shared | minutes_fields(
        MEETING, since=dt.date(2022, 9, 1), until=ON, agreed=decided(name, partner=name), pending=cases(name, constraint=name),
        actions=asked(name), lang=lang,
    )  # fmt: skip


def read(document: bytes) -> Any:
    """Open a letter with python-docx."""
    return Document(BytesIO(document))


def words(document: bytes) -> str:
    """Return all words of a letter's body: paragraphs, then the cells of its tables."""
    opened = read(document)
    texts = [paragraph.text for paragraph in opened.paragraphs]
    texts += [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def template(*lines: str) -> bytes:
    """Return a template of an office's own: one paragraph per line."""
    made = Document()
    for line in lines:
        made.add_paragraph(line)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()

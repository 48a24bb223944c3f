"""What a letter is made of, as values: the office that sends it, to whom, under which number, and the meeting it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Final, Literal

from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt

LetterKind = Literal["request", "invitation", "minutes"]
KINDS: Final[dict[LetterKind, Text]] = {
    "request": Text("Surat permohonan", "Request"),
    "invitation": Text("Surat undangan", "Invitation"),
    "minutes": Text("Berita acara", "Minutes"),
}
FILE_STEMS: Final[dict[LetterKind, str]] = {
    "request": "surat_permohonan",
    "invitation": "surat_undangan",
    "minutes": "surat_berita_acara",
}
_UNSAFE: Final = re.compile(r"[^\w.()+-]+")  # a file name has to work on every system
_NAME_MAX: Final = 80


@dataclass(frozen=True, kw_only=True)
class Office:
    """The office that writes, as its letterhead and signature block tell it; all of it is the office's own public data.

    `logo` is a PNG or JPEG in the workspace, for map sheets.
    """

    name: str = ""
    parent: str = ""
    address: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    head_title: str = ""
    head_name: str = ""
    head_rank: str = ""
    head_nip: str = ""
    logo: str = ""

    def missing(self) -> tuple[str, ...]:
        """Return the names of the fields that a letter cannot do without and that are empty."""
        needed = ("name", "parent", "address", "city", "head_title", "head_name")
        return tuple(one.name for one in fields(self) if one.name in needed and not getattr(self, one.name))


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """To whom a letter goes: as it is addressed ("Pimpinan Telkomsel"), the lines of the address, and the place."""

    name: str
    address: str = ""
    place: str = "Tempat"
    attention: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A forum: its day, clock, place, agenda, who takes part, and how it is called."""

    name: str
    day: dt.date
    time: str = ""
    place: str = ""
    agenda: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What every letter says of itself; `as_of` is the day of the data that it quotes."""

    kind: LetterKind
    number: str
    day: dt.date
    topic: str
    office: Office
    recipients: tuple[Recipient, ...] = ()
    copies: tuple[str, ...] = ()
    nature: str = "Biasa"
    attachments: tuple[str, ...] = field(default=())


def file_stem(kind: LetterKind, number: str) -> str:
    """Return the name, without ending, under which a letter and its attachments are kept.

    "500.8/123/Diskominfo/2022" of a request gives "surat_permohonan_500.8-123-Diskominfo-2022".
    """
    plain = _UNSAFE.sub("_", number.replace("/", "-").replace("\\", "-")).strip("._-")[:_NAME_MAX]
    return f"{FILE_STEMS[kind]}_{plain}"

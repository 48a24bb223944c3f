"""Letters composed: which desa, decisions and follow-ups of the workspace a letter carries, its files, and the event it leaves.

Everything is as of the day of the letter, so that the same letter made again later lists the same. Files are made beside
their place and moved there together; the event is recorded last. If anything fails before that, nothing is recorded, and what
was there before still stands.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import BlankspotError, SourceError
from blankspot.ledger.letters import (
    check_number,
    letter_event,
    letter_key,
    number_of_another_year,
    on_record,
)
from blankspot.out.files import refused
from blankspot.out.letters.model import KINDS, Heading, LetterKind, Meeting, Recipient, file_stem
from blankspot.run.letter_lists import Lists, gather_lists
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from blankspot.ledger import Event, Ledger
    from blankspot.run import Workspace
    from blankspot.words import Lang

_NEEDED: Final = ("nomor", "tanggal")  # a letter that shows neither is none
_FORUM: Final = Text("Rapat Koordinasi Penanganan Desa Blankspot", "Coordination meeting on blankspot desa")
_REQUEST: Final = Text("Permohonan penanganan desa blankspot", "Request to handle blankspot desa")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody asks for: which letter, to whom, about which desa.

    Attributes:
        kind: request, invitation or minutes.
        number: The office's number.
        on: The day of the letter.
        to: Partner of a request; who is invited; who was present.
        addressee: How a request is addressed; "Pimpinan <partner>" if empty.
        attention: For whose attention.
        address: Where the addressee is, instead of the contact in the table of partners.
        place: Town of the addressee.
        topic: Subject; of a forum, its name.
        nature: Biasa, Penting, Segera …
        copies: Who gets a copy.
        villages: Only these desa.
        districts: Only these kecamatan, by name or code.
        stages: Only these stages.
        year: The target list; the latest one up to the year of the letter if None.
        meeting_on: Day of the forum; of minutes, the day of the letter if None.
        time: Its clock.
        venue: Its place.
        agenda: Its agenda.
        since: First day of the decisions that minutes list; the day after the last minutes if None.
        template: A template of one's own.
    """

    kind: LetterKind
    number: str
    on: dt.date
    to: tuple[str, ...] = ()
    addressee: str = ""
    attention: str = ""
    address: str = ""
    place: str = ""
    topic: str = ""
    nature: str = "Biasa"
    copies: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    year: int | None = None
    meeting_on: dt.date | None = None
    time: str = ""
    venue: str = ""
    agenda: tuple[str, ...] = ()
    since: dt.date | None = None
    template: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A letter that is ready to be written and recorded.

    Attributes:
        heading: What it says of itself.
        event: What the ledger will say of it.
        recorded: Whether the ledger says so already.
        document: The bytes of the DOCX file.
        lists: The desa, decisions and follow-ups it carries.
        lang: The language of its words.
        remarks: What its writer should know, such as empty fields of the letterhead.
    """

    heading: Heading
    event: Event
    recorded: bool
    document: bytes
    lists: Lists
    lang: Lang
    remarks: tuple[Text, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files: the letter, then its attachments."""
        return (str(self.event.fields["document"]), *self.heading.attachments)


def draft(workspace: Workspace, ledger: Ledger, order: Order) -> Draft:
    """Fill a letter and say what recording it would add; nothing is written.

    Raises:
        UsageError: The number cannot be one, or the letter would list no desa.
        LedgerError: The number was used for another letter, or its day has not come yet.
        SourceError: The template is broken.
    """
    from blankspot.out.letters.render import language_of, render, unused

    check_number(order.number)
    name, template = _template(workspace, order)
    lang = language_of(Path(name))
    lists = gather_lists(workspace, ledger, order, lang=lang)
    stem = _stem(ledger, order)
    heading = _heading(workspace, order, lists, stem=stem, lang=lang)
    event = letter_event(
        order.kind,
        order.number,
        order.on,
        partner="; ".join(lists.recorded),
        villages=lists.codes,
        document=f"{stem}.docx",
        topic=heading.topic,
    )
    recorded = on_record(event, ledger.events(), counting=ledger.effective(), today=ledger.today)
    document = render(template, _context(workspace, order, heading, lists, lang), heading, name=name)
    gaps = unused(template, _NEEDED, name=name)
    return Draft(
        heading=heading,
        event=event,
        recorded=recorded,
        document=document,
        lists=lists,
        lang=lang,
        remarks=(*lists.remarks, *_remarks(order, heading, name, gaps)),
    )


def make(made: Draft, ledger: Ledger, folder: Path) -> list[Path]:
    """Write the files of a letter into `folder` and record it; what is on record already is written again.

    Returns:
        The files, the letter first.

    Raises:
        OutputError: A file cannot be written; nothing was recorded.
        LedgerError: The ledger refuses; files that were not there before are gone again.
    """
    targets = [folder / name for name in made.names]
    with _workshop(folder) as workshop:
        fresh = [path for path in targets if not path.exists()]
        try:
            _write_all(made, workshop)
            for path in targets:
                (workshop / path.name).replace(path)
            ledger.append(made.event)
        except BaseException as error:
            for path in fresh:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError) and not isinstance(error, BlankspotError):
                raise refused(folder, error) from error
            raise
    return targets


@contextlib.contextmanager
def _workshop(folder: Path) -> Any:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".blankspot-", dir=folder))
    except OSError as error:
        raise refused(folder, error) from error
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _write_all(made: Draft, folder: Path) -> None:
    from blankspot.out.files import atomic
    from blankspot.out.letters.attachments import write_geojson, write_kml, write_list

    document, *attached = (folder / name for name in made.names)
    with atomic(document) as temporary:
        temporary.write_bytes(made.document)
    for path in attached:
        if path.suffix == ".xlsx":
            write_list(path, made.lists.desa, made.heading, lang=made.lang)
        elif path.suffix == ".geojson":
            write_geojson(path, made.lists.desa, lang=made.lang)
        else:
            write_kml(path, made.lists.desa, made.heading, lang=made.lang)


def _template(workspace: Workspace, order: Order) -> tuple[str, bytes]:
    """Return the name and the bytes of the template: the one asked for, the office's own, else the built-in one."""
    from blankspot.out.letters.model import FILE_STEMS
    from blankspot.out.letters.starters import starter

    own = workspace.root / "templates" / f"{FILE_STEMS[order.kind]}.docx"
    path = order.template or (own if own.is_file() else None)
    if path is None:
        return f"({KINDS[order.kind].id.lower()}).docx", starter(order.kind)
    try:
        return str(path), path.read_bytes()
    except OSError as error:
        raise SourceError(
            Text(f"Templat {path} tidak dapat dibaca: {error}.", f"The template {path} cannot be read: {error}."),
            hint=Text("Periksa nama dan izinnya.", "Check its name and permissions."),
        ) from error


def _stem(ledger: Ledger, order: Order) -> str:
    """Return the name of the files; a number whose name another letter has taken gets a short mark of its own."""
    stem = file_stem(order.kind, order.number)
    key = letter_key(order.number)
    letters = ledger.letters()
    same = letters[letters["document"].fillna("").str.casefold() == f"{stem}.docx".casefold()]
    if any(letter_key(number) != key for number in same["number"]):
        return f"{stem}-{hashlib.sha256(key.encode()).hexdigest()[:4]}"
    return stem


def _heading(workspace: Workspace, order: Order, lists: Lists, *, stem: str, lang: Lang) -> Heading:
    endings = (".xlsx", ".geojson", ".kml") if order.kind == "request" else (".xlsx",)
    forum = order.topic or _FORUM.of(lang)
    topics = {
        "request": order.topic or _REQUEST.of(lang),
        "invitation": f"{Text('Undangan', 'Invitation').of(lang)} {forum}",
        "minutes": forum,
    }
    return Heading(
        kind=order.kind,
        number=check_number(order.number),
        day=order.on,
        topic=topics[order.kind],
        office=workspace.config.office,
        recipients=_recipients(order, lists, lang),
        copies=order.copies,
        nature=order.nature,
        attachments=tuple(f"{stem}{ending}" for ending in endings),
    )


def _recipients(order: Order, lists: Lists, lang: Lang) -> tuple[Recipient, ...]:
    if order.kind == "minutes":
        return ()
    head = Text("Pimpinan", "The management of").of(lang)
    names = [order.addressee or f"{head} {lists.people[0]}"] if order.kind == "request" else lists.people
    return tuple(
        Recipient(
            name=name,
            address=order.address or lists.contacts.get(person, ""),
            place=order.place or "Tempat",
            attention=order.attention,
        )
        for name, person in zip(names, lists.people, strict=False)
    )


def _context(workspace: Workspace, order: Order, heading: Heading, lists: Lists, lang: Lang) -> dict[str, Any]:
    from blankspot.out.letters.content import common, invitation_fields, minutes_fields, request_fields

    shared = common(heading, lists.progress, as_of=lists.data_on, profile=workspace.settings.profile_label, lang=lang)
    meeting = Meeting(
        name=order.topic or _FORUM.of(lang),
        day=order.meeting_on or order.on,
        time=order.time,
        place=order.venue,
        agenda=order.agenda,
        people=lists.people,
    )
    if order.kind == "request":
        return shared | request_fields(lists.desa, lang=lang)
    if order.kind == "invitation":
        return shared | invitation_fields(meeting, lists.pending, lang=lang)
    return shared | minutes_fields(
        meeting,
        since=lists.since,
        until=order.on,
        agreed=lists.agreed,
        pending=lists.pending,
        actions=lists.actions,
        lang=lang,
    )


def _remarks(order: Order, heading: Heading, template: str, gaps: Sequence[str]) -> list[Text]:
    remarks = []
    missing = heading.office.missing()
    if missing:
        named = ", ".join(missing)
        remarks.append(
            Text(
                f"Kop atau penanda tangan belum lengkap; isi [office] di blankspot.toml: {named}.",
                f"Letterhead or signatory is not complete; fill in [office] in blankspot.toml: {named}.",
            )
        )
    other = number_of_another_year(order.number, order.on)
    if other:
        remarks.append(
            Text(
                f"Nomor surat menyebut tahun {other}, tanggalnya tahun {order.on.year}.",
                f"The number of the letter names the year {other}, its day is of {order.on.year}.",
            )
        )
    if gaps:
        listed = ", ".join(f"{{{{ {name} }}}}" for name in gaps)
        remarks.append(
            Text(f"Templat {template} tidak memuat {listed}.", f"The template {template} never mentions {listed}.")
        )
    return remarks

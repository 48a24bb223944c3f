"""`blankspot track letter`: write a letter or minutes from the ledger, and record number and day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from blankspot.cli.show import find_village
from blankspot.cli.track.place import day, ledger_options, place_of
from blankspot.errors import UsageError
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.cli.session import Session
    from blankspot.out.letters import LetterKind
    from blankspot.run import Workspace
    from blankspot.run.letters import Draft

_KINDS = ("request", "invitation", "minutes")


@click.command()
@click.argument("kind", type=click.Choice(_KINDS))
@ledger_options
@click.option("--number", required=True, help="The office's number of the letter.")
@click.option("--on", type=day, required=True, help="The day of the letter; it speaks of the handling as of this day.")
@click.option("--to", "to", multiple=True, help="The partner asked; invited or present at a forum (repeat).")
@click.option("--addressee", default="", help="How a request is addressed (default: Pimpinan PARTNER).")
@click.option("--attention", default="", help="For whose attention (u.p.).")
@click.option(
    "--address", "street", default="", help="Address of the addressee (default: the contact in the table of partners)."
)
@click.option("--city", "place", default="", help="Town of the addressee (default: Tempat).")
@click.option("--topic", default="", help="Subject; of a forum, its name.")
@click.option("--nature", default="Biasa", help="Biasa, Penting, Segera ...")
@click.option("--copy", "copies", multiple=True, help="Who gets a copy (repeat).")
@click.option("--village", "villages", multiple=True, help="Only this desa, by code or name (repeat).")
@click.option("--district", "districts", multiple=True, help="Only this kecamatan, by name or code (repeat).")
@click.option(
    "--stage", "stages", type=click.Choice(list(LABELS["stage"])), multiple=True, help="Only this stage (repeat)."
)
@click.option("--year", type=click.IntRange(2000, 2100), help="Year of the target list (default: the latest one).")
@click.option("--meeting-on", type=day, help="Day of the forum (minutes: default the day of the letter).")
@click.option("--time", "clock", default="", help="Clock of the forum, such as '09.00 WIB'.")
@click.option("--venue", default="", help="Place of the forum.")
@click.option("--agenda", multiple=True, help="A point of the agenda (repeat).")
@click.option("--since", type=day, help="First day of the decisions in minutes (default: after the last minutes).")
@click.option("--template", type=click.Path(dir_okay=False, path_type=Path), help="A DOCX template of your own.")
@click.option(
    "--out", "out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the files (default: out/surat)."
)
@click.option("--dry-run", is_flag=True, help="Show what would be written and recorded; do neither.")
@click.option("--json", "as_json", is_flag=True, help="Print the files and the event as JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 - a letter says many things
    session: Session,
    kind: str,
    folder: str,
    address: str | None,
    *,
    number: str,
    on: dt.date,
    to: tuple[str, ...],
    addressee: str,
    attention: str,
    street: str,
    place: str,
    topic: str,
    nature: str,
    copies: tuple[str, ...],
    villages: tuple[str, ...],
    districts: tuple[str, ...],
    stages: tuple[str, ...],
    year: int | None,
    meeting_on: dt.date | None,
    clock: str,
    venue: str,
    agenda: tuple[str, ...],
    since: dt.date | None,
    template: Path | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write a letter of KIND as DOCX with its attachments, and record its number and day in the ledger.

    request: to an operator or BAKTI, with the desa that wait for somebody to build. invitation: to a forum, with the open
    cases by kecamatan. minutes: what a forum agreed, what it did not, and who does what by when.
    """
    from blankspot.run.letters import Order, draft, make

    where = place_of(session, folder, address)
    workspace = where.workspace
    if workspace is None:
        raise _no_workspace(folder)
    if kind == "invitation" and meeting_on is None:
        raise _no_day()
    order = Order(
        kind=cast("LetterKind", kind),
        number=number,
        on=on,
        to=to,
        addressee=addressee,
        attention=attention,
        address=street,
        place=place,
        topic=topic,
        nature=nature,
        copies=copies,
        villages=_codes(workspace, villages),
        districts=districts,
        stages=stages,
        year=year,
        meeting_on=meeting_on,
        time=clock,
        venue=venue,
        agenda=agenda,
        since=since,
        template=template,
    )
    target = out or workspace.out / "surat"
    with where.open(create=False) as ledger:
        made = draft(workspace, ledger, order)
        files = [target / name for name in made.names] if dry_run else make(made, ledger, target)
    _report(session, made, files, written=not dry_run, as_json=as_json)


def _report(session: Session, made: Draft, files: list[Path], *, written: bool, as_json: bool) -> None:
    for remark in made.remarks:
        session.tell(remark)
    if as_json:
        session.json(_json(made, files, written=written))
        return
    for path in files:
        session.print(str(path))
    session.tell(_told(made, written=written))


def _codes(workspace: Workspace, asked: tuple[str, ...]) -> tuple[str, ...]:
    if not asked:
        return ()
    villages = workspace.villages()
    if villages is None:
        return asked
    return tuple(find_village(one, villages) for one in asked)


def _json(made: Draft, files: list[Path], *, written: bool) -> dict[str, Any]:
    about = {"written": written, "on_record": made.recorded, "files": [str(path) for path in files]}
    event = {"subject": made.event.case_id, "happened_on": made.event.happened_on, **made.event.fields}
    return about | {"event": event, "content_id": made.event.content_id}


def _told(made: Draft, *, written: bool) -> Text:
    """Say what was recorded, or what would be."""
    heading, count = made.heading, len(made.lists.codes)
    what = Text(
        f"surat nomor {heading.number}, {date_text(heading.day)}, {count} desa",
        f"letter {heading.number}, {date_text(heading.day, lang='en')}, {count} desa",
    )
    if made.recorded and written:
        return Text(
            f"Sudah tercatat sebelumnya: {what.id}. Berkasnya ditulis lagi.",
            f"On record already: {what.en}. Its files were written again.",
        )
    if made.recorded:
        return Text(
            f"Sudah tercatat sebelumnya: {what.id}. Tidak ada yang ditulis.",
            f"On record already: {what.en}. Nothing was written.",
        )
    if written:
        return Text(f"Tercatat: {what.id}.", f"Recorded: {what.en}.")
    return Text(
        f"Akan dicatat: {what.id}. Belum ada yang ditulis.", f"Would be recorded: {what.en}. Nothing was written."
    )


def _no_workspace(folder: str) -> UsageError:
    return UsageError(
        Text(
            f"{folder} bukan ruang kerja; surat memerlukan nama dan letak desa.",
            f"{folder} is no workspace; a letter needs the names and places of desa.",
        ),
        hint=Text("Sebut ruang kerjanya dengan -w FOLDER.", "Name the workspace with -w FOLDER."),
    )


def _no_day() -> UsageError:
    return UsageError(
        Text("Undangan perlu menyebut hari forumnya.", "An invitation has to say the day of the forum."),
        hint=Text("Tambahkan --meeting-on TANGGAL.", "Add --meeting-on DAY."),
    )

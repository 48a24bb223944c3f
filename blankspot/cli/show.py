"""`blankspot show`: the one-page fact sheet of a desa, a kecamatan, a kabupaten or a partner, as text, HTML, PDF or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.out.facts.sheet import Sheet

_FORMATS = ("text", "html", "pdf", "json")
_SUFFIXES = {".html": "html", ".htm": "html", ".pdf": "pdf", ".json": "json", ".txt": "text"}


@click.command(short_help="Print the one-page fact sheet of a desa, kecamatan, kabupaten or partner.")
@click.argument("subject", metavar="VILLAGE|PARTNER|DISTRICT")
@click.option("-w", "--workspace", "folder", default=".", type=click.Path(), help="The workspace (default: here).")
@click.option("--district", help="The kecamatan, where several have a desa of that name.")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="How to write it (default: by --out's ending, else text)."
)
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def command(
    session: Session,
    subject: str,
    folder: str,
    *,
    district: str | None,
    form: str | None,
    path: Path | None,
    as_json: bool,
) -> None:
    """Print what is known about a desa, a kecamatan, a kabupaten or a partner on one page, for a meeting.

    Name it or give its code. A name that means several things is never guessed: the candidates are listed, and the kind in
    front decides, as in 'kecamatan:Ciparay' or 'mitra:Telkomsel'.
    """
    chosen = "json" if as_json else form or _form_of(path)
    if chosen in ("html", "pdf") and path is None:
        raise UsageError(
            Text(f"Format {chosen} perlu nama berkas.", f"The format {chosen} needs a file."),
            hint=Text(f"Tambahkan --out lembar.{chosen}.", f"Add --out sheet.{chosen}."),
        )
    workspace = session.workspace(folder)
    workspace.run(until=("verdicts", "handling", "sites", "records"), working=session.working)
    facts = workspace.facts(subject, district=district)
    if path is not None:
        _write(session, path, chosen, facts)
        session.tell(Text(f"Lembar fakta: {path}", f"Fact sheet: {path}"))
    elif chosen == "json":
        session.json(facts.to_dict())
    else:
        session.print(_plain(facts.sheet(session.lang)))


def _form_of(path: Path | None) -> str:
    """Return the format that a file's ending stands for.

    Raises:
        UsageError: It stands for another one; a text called .docx opens in no program.
    """
    if path is None or not path.suffix:
        return "text"
    try:
        return _SUFFIXES[path.suffix.lower()]
    except KeyError:
        listed = ", ".join(_SUFFIXES)
        raise UsageError(
            Text(
                f"Lembar fakta tidak dapat ditulis sebagai {path.suffix}.",
                f"A fact sheet cannot be written as {path.suffix}.",
            ),
            hint=Text(f"Akhiri namanya dengan salah satu dari: {listed}.", f"End its name with one of: {listed}."),
        ) from None


def find_village(asked: str, villages: pd.DataFrame, *, district: str | None = None) -> str:
    """Return the code of the one village that a code or name means.

    Raises:
        UsageError: None or several; the message names the candidates.
    """
    from blankspot.run.subjects import Finder

    return Finder(villages, {}).find(asked, district=district, kind="village").key


def _plain(sheet: Sheet) -> str:
    from blankspot.out.facts.plain import write_plain

    return write_plain(sheet)


def _write(session: Session, path: Path, form: str, facts: Any) -> None:
    sheet = facts.sheet(session.lang)
    if form == "pdf":
        from blankspot.out.facts.paper import write_pdf

        write_pdf(path, sheet)
    elif form == "html":
        from blankspot.out.facts.page import write_html

        write_html(path, sheet)
    else:
        from blankspot.out.files import atomic

        text = session.as_json(facts.to_dict()) if form == "json" else _plain(sheet)
        with atomic(path) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")

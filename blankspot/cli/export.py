"""`blankspot export`: write open data, say what stays here, and bring a package to a CKAN portal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.errors import UsageError
from blankspot.words import Text, number

if TYPE_CHECKING:
    from blankspot.cli.session import Session
    from blankspot.out.publish.held import Held
    from blankspot.out.publish.package import Package
    from blankspot.out.publish.publication import About
    from blankspot.run import Workspace

FORMATS: Final = ("gpkg", "parquet", "csv", "geojson", "pmtiles", "xlsx", "cog")
TOKEN: Final = "BLANKSPOT_CKAN_TOKEN"  # noqa: S105 - the name of a variable, not what it holds


@click.command(short_help="Write open data: what may leave, with metadata; --ckan uploads it.")
@click.argument("folder", default=".", type=click.Path())
@click.option("-o", "--output", type=click.Path(), help="Target folder (default: out/export in the workspace).")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Only this format; may be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing; list what would leave, and what is held back and why.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--ckan", metavar="URL", help=f"Upload the package to this CKAN portal; the token is read from {TOKEN}.")
@click.option("--organisation", metavar="NAME", help="Organisation on the portal that owns the data set.")
@click.option("--dataset", metavar="NAME", help="Short name of the data set on the portal (default: from its title).")
@click.option(
    "--despite-licences",
    is_flag=True,
    help="Upload although the licence of a source forbids the licence of publication.",
)
@click.pass_obj
def command(
    session: Session,
    /,
    folder: str,
    *,
    output: str | None,
    formats: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **upload: Any,
) -> None:
    """Write what the workspace FOLDER may publish as one package: tables, rasters, and metadata for portals and catalogues.

    Only open columns leave; readings and reports leave in squares that several devices measured. What stays here is listed.
    """
    workspace = session.workspace(folder)
    if dry_run:
        _preview(session, workspace, formats=formats, as_json=as_json)
        return
    if upload["ckan"]:
        _refuse_to_upload(workspace, session, **upload)
    package = workspace.export(output, formats=formats or None, working=session.working)
    told: dict[str, Any] = {}
    if upload["ckan"]:
        told["ckan"] = _upload(session, package, upload["ckan"], upload["organisation"], upload["dataset"])
    if as_json:
        files = [
            {"path": str(package.folder / one.path), "bytes": one.bytes, "sha256": one.sha256} for one in package.files
        ]
        session.json(
            {"folder": str(package.folder), "files": files, **_held_json(session, package.held, package.about), **told}
        )
        return
    for path in package.paths:
        session.print(str(path))
    if told:
        session.print(str(told["ckan"]["url"]))
    _tell_held(session, package.held, package.about)


def _preview(session: Session, workspace: Workspace, *, formats: tuple[str, ...], as_json: bool) -> None:
    selection, about, rasters = workspace.publishable(working=session.working)
    leaves = [
        {"table": table.name, "title": table.title.of(session.lang), "rows": len(table.frame), "fields": table.columns}
        for table in selection.tables
    ]
    leaving = rasters if not formats or "cog" in formats else ()
    rastered = [{"raster": one.name, "kind": one.kind} for one in leaving]
    if as_json:
        session.json({"leaves": leaves, "rasters": rastered, **_held_json(session, selection.held, about)})
        return
    from rich.table import Table

    shown = Table(title=Text("Yang keluar", "What would leave").of(session.lang), title_justify="left")
    for heading in (Text("Berkas", "File"), Text("Baris", "Rows"), Text("Kolom", "Fields")):
        shown.add_column(heading.of(session.lang), justify="right" if heading.en == "Rows" else "left", overflow="fold")
    for one in leaves:
        rows = number(one["rows"], lang=session.lang)  # type: ignore[arg-type]
        shown.add_row(str(one["table"]), rows, ", ".join(one["fields"]))  # type: ignore[arg-type]
    for raster in rastered:
        shown.add_row(f"raster/{raster['raster']}", "", raster["kind"])
    session.print(shown)
    _print_held(session, selection.held)
    _tell_licences(session, about)


def _print_held(session: Session, held: tuple[Held, ...]) -> None:
    from rich.table import Table

    shown = Table(title=Text("Yang ditahan", "What is held back").of(session.lang), title_justify="left")
    for heading in (
        Text("Berkas", "File"),
        Text("Kolom", "Field"),
        Text("Banyaknya", "Count"),
        Text("Alasan", "Reason"),
    ):
        shown.add_column(
            heading.of(session.lang), justify="right" if heading.en == "Count" else "left", overflow="fold"
        )
    for one in held:
        shown.add_row(one.table, one.field or "–", number(one.rows, lang=session.lang), one.reason.of(session.lang))
    session.print(shown)


def _held_json(session: Session, held: tuple[Held, ...], about: About) -> dict[str, Any]:
    lines = [
        {
            "table": one.table,
            "field": one.field,
            "rows": one.rows,
            "rule": one.rule,
            "reason": one.reason.of(session.lang),
        }
        for one in held
    ]
    licences = [
        {"source": one.kind, "licence": one.licence, "forbids": one.forbids, "message": one.text.of(session.lang)}
        for one in about.warnings
    ]
    return {"held": lines, "licences": licences, "licence": about.licence.id}


def _tell_held(session: Session, held: tuple[Held, ...], about: About) -> None:
    session.tell(
        Text(
            "Titik ukur dan laporan warga satu per satu tidak ikut: keduanya dapat menunjuk orang. "
            f"{len(held)} hal ditahan; daftarnya di README.txt paket itu dan dengan --dry-run.",
            "Single measurements and citizen reports stay here: they can point at people. "
            f"{len(held)} things are held back; listed in the package's README.txt and by --dry-run.",
        )
    )
    _tell_licences(session, about)


def _tell_licences(session: Session, about: About) -> None:
    for one in about.warnings:
        session.tell(one.text)
    if about.dropped:
        session.tell(
            Text(
                f"{about.dropped} isian [publication], [office], atau [workspace] memuat data pribadi dan tidak dipakai.",
                f"{about.dropped} entries of [publication], [office] or [workspace] hold personal data and are not used.",
            )
        )


def _refuse_to_upload(
    workspace: Workspace, session: Session, *, ckan: str, despite_licences: bool, **_names: str | None
) -> None:
    """Refuse before anything is written what could not be uploaded or must not be."""
    from blankspot.out.publish.ckan import portal

    portal(ckan)
    if not os.environ.get(TOKEN, "").strip():
        raise UsageError(
            Text(f"Token CKAN tidak ada di {TOKEN}.", f"There is no CKAN token in {TOKEN}."),
            hint=Text(
                f"Buat token di halaman profil portal, lalu: export {TOKEN}=… (jangan ditulis di berkas atau perintah).",
                f"Make one on your profile page of the portal, then: export {TOKEN}=… (not in a file or a command).",
            ),
        )
    _, about, _ = workspace.publishable(working=session.working)
    forbidding = [one for one in about.warnings if one.forbids]
    if forbidding and not despite_licences:
        raise UsageError(
            Text(*(" ".join(one.text.of(lang) for one in forbidding) for lang in ("id", "en"))),
            hint=Text(
                "Ganti [publication] licence, keluarkan sumbernya, atau pakai --despite-licences bila sudah diizinkan.",
                "Change [publication] licence, leave the source out, or use --despite-licences where that is permitted.",
            ),
        )


def _upload(
    session: Session, package: Package, url: str, organisation: str | None, dataset: str | None
) -> dict[str, Any]:
    from blankspot.out.publish.ckan import Ckan, upload

    with session.working(Text("Mengunggah ke portal", "Uploading to the portal")):
        done = upload(Ckan(url, token=os.environ[TOKEN].strip()), package, organisation=organisation, dataset=dataset)
    session.tell(
        Text(
            f"{done.created} berkas dibuat, {done.updated} diperbarui, {done.unchanged} tidak berubah, {done.removed} dihapus di {done.url}",
            f"{done.created} files created, {done.updated} updated, {done.unchanged} unchanged, {done.removed} removed at {done.url}",
        )
    )
    return {
        "url": done.url, "created": done.created, "updated": done.updated, "unchanged": done.unchanged, "removed": done.removed,
    }  # fmt: skip

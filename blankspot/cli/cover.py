"""`blankspot cover`: predict the coverage of every operator over terrain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.words import Text, number

if TYPE_CHECKING:
    from rich.table import Table

    from blankspot.cli.session import Session
    from blankspot.words import Lang

_MODELS = ("p1812", "hata", "free_space")


@click.command(short_help="Predict the coverage of every operator over terrain.")
@click.argument("folder", default=".", type=click.Path())
@click.option("--model", type=click.Choice(_MODELS), help="The propagation model (default: the workspace's, p1812).")
@click.option(
    "--resolution",
    "resolution_m",
    type=click.FloatRange(1, 5000),
    metavar="METRES",
    help="Side of a pixel; a coarser one averages the heights (default: the workspace's, 30).",
)
@click.option("--operator", "operators", multiple=True, help="Only this operator; may be given often.")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Threads (default: all cores).")
@click.option("--force", is_flag=True, help="Predict again although nothing changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_obj
def command(session: Session, /, folder: str, *, jobs: int | None, force: bool, as_json: bool, **chosen: Any) -> None:
    """Predict the coverage of every service of the workspace FOLDER, on the heights that blankspot.toml names as terrain.

    Without heights the prediction is by Okumura-Hata on flat ground, and called coarse ("kasar") wherever it appears. What
    was left out and why is written to out/rejects/coverage.csv. An interrupted prediction goes on where it stopped. The
    options hold for later runs, too, until cover is called without them.
    """
    from blankspot.run.choice import CoverChoice

    workspace = session.workspace(folder)
    summary = workspace.cover(CoverChoice(**chosen), jobs=jobs, force=force, working=session.working)
    if as_json:
        session.json(summary)
        return
    if not summary:
        session.tell(
            Text(
                "Tidak ada layanan untuk diprediksi: blankspot.toml tidak menyebut menara dengan layanan, atau tidak ada "
                "batas desa.",
                "There is no service to predict: blankspot.toml names no sites with services, or no village has a border.",
            )
        )
        return
    session.print(headline(summary, session.lang))
    session.print(_table(summary, session.lang))
    _tell_rest(session, workspace.out, summary, chosen["model"])


def headline(summary: dict[str, Any], lang: Lang) -> str:
    """Return in a line what was predicted, by which model, and that it is coarse where it is."""
    from blankspot.coverage import described

    source = described(summary["model"], coarse=summary["coarse"]).of(lang)
    sites, services, listed = (number(summary[name], lang=lang) for name in ("sites", "services", "services_listed"))
    told = Text(
        f"{services} dari {listed} layanan di {sites} menara", f"{services} of {listed} services on {sites} sites"
    ).of(lang)
    return f"{source[0].upper()}{source[1:]}: {told}."


def _table(summary: dict[str, Any], lang: Lang) -> Table:
    from rich.table import Table

    from blankspot.out.facts.cases import word

    table = Table(box=None, pad_edge=False)
    people = any("share_strong_people" in network for network in summary["networks"])
    table.add_column(Text("Jaringan", "Network").of(lang))
    table.add_column(Text("Layanan", "Services").of(lang), justify="right")
    for name in _SHARES if people else _SHARES[:2]:
        table.add_column(_HEADINGS[name].of(lang), justify="right")
    for network in summary["networks"]:
        shares = (network.get(name) for name in (_SHARES if people else _SHARES[:2]))
        table.add_row(
            f"{word('operator', network['operator'], lang)} {network['technology']}",
            number(network["services"], lang=lang),
            *("–" if share is None else f"{number(100 * share, 1, lang=lang)} %" for share in shares),
        )
    return table


_SHARES = ("share_strong_area", "share_weak_area", "share_strong_people", "share_weak_people")
_HEADINGS = {
    "share_strong_area": Text("Luas: kuat", "Area: strong"),
    "share_weak_area": Text("lemah ke atas", "weak or better"),
    "share_strong_people": Text("Penduduk: kuat", "People: strong"),
    "share_weak_people": Text("lemah ke atas", "weak or better"),
}


def _tell_rest(session: Session, out: Any, summary: dict[str, Any], asked: str | None) -> None:
    """Say what the figures are shares of, and where the rest is told."""
    if summary["coarse"]:
        wanted = asked in (None, "p1812")
        session.tell(
            Text(
                "Kasar: blankspot.toml tidak menyebut raster ketinggian"
                + (", jadi dipakai Okumura-Hata di tanah datar" if wanted else "")
                + ". Ambil dengan: blankspot fetch dem.",
                "Coarse: blankspot.toml names no raster of heights"
                + (", so Okumura-Hata on flat ground is used" if wanted else "")
                + ". Fetch one with: blankspot fetch dem.",
            )
        )
    left = summary["services_listed"] - summary["services"]
    if left:
        listed = out / "rejects" / "coverage.csv"
        session.tell(
            Text(
                f"{number(left)} layanan tidak diprediksi; alasannya di {listed}.",
                f"{number(left, lang='en')} services were not predicted; reasons in {listed}.",
            )
        )
    if summary["share_predicted"] < 1 and summary["networks"]:
        shares = [number(100 * summary["share_predicted"], 1, lang=lang) for lang in ("id", "en")]
        session.tell(
            Text(
                f"Bagian dari luas desa yang diprediksi: {shares[0]} %.",
                f"Share of the villages' area that is predicted: {shares[1]} %.",
            )
        )

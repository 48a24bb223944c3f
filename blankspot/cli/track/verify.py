"""`blankspot track verify`: what readings taken since the handling prove; with `--apply` record it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from blankspot.cli.track.place import ledger_options, place_of
from blankspot.cli.track.printing import event_json, records, table
from blankspot.errors import UsageError
from blankspot.ledger.verify import OUTCOMES
from blankspot.words import LABELS, Text, date_text, number

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.run.verify import VerifyPlan
    from blankspot.words import Lang


@click.command()
@click.argument("where", metavar="[FOLDER]", type=click.Path(), required=False)
@ledger_options
@click.option("--apply", is_flag=True, help="Record what is proven. Without it nothing is written.")
@click.option(
    "--reopen", is_flag=True, help="With --apply: also reopen the cases that are measured as blankspot again."
)
@click.option("--json", "as_json", is_flag=True, help="Print every case with its figures as JSON.")
@click.pass_obj
def command(
    session: Session,
    where: str | None,
    folder: str,
    address: str | None,
    *,
    apply: bool,
    reopen: bool,
    as_json: bool,
) -> None:
    """Verify handled desa by what was measured since: each case by the readings after its own handling alone.

    What is measured as served, or so much better than a blankspot that the interval rules it out, is proposed as verified_after. What is
    measured as blankspot again is flagged; it is reopened only with --apply --reopen.
    """
    from blankspot.run.verify import verify_workspace

    place = place_of(session, where or folder, address)
    if reopen and not apply:
        raise UsageError(
            Text("--reopen hanya berlaku bersama --apply.", "--reopen only goes with --apply."),
            hint=Text(
                "Tanpa keduanya, yang perlu dibuka kembali ditampilkan saja.", "Without both they are only shown."
            ),
        )
    if place.workspace is None:
        raise UsageError(
            Text("Verifikasi memerlukan ruang kerja.", "Verification needs a workspace."),
            hint=Text("Sebutkan foldernya.", "Name its folder."),
        )
    told = Text("Menilai pengukuran sesudah penanganan", "Judging the readings since the handling")
    with session.working(told), place.open(create=True) if apply else place.look() as ledger:
        plan = verify_workspace(place.workspace, ledger)
        chosen = (*plan.verified, *(plan.failed if reopen else ()))
        recorded = len(ledger.append(chosen)) if apply else 0
    rows = plan.rows(place.settings)
    if as_json:
        session.json(_json(plan, rows, recorded))
    else:
        _print(session, rows, place.villages())
    session.say(_summary(plan, recorded, apply=apply, reopen=reopen).of(session.lang))


def _json(plan: VerifyPlan, rows: pd.DataFrame, recorded: int) -> dict[str, Any]:
    return {
        "as_of": plan.as_of,
        "counts": plan.counts | {"recorded": recorded},
        "cases": records(rows),
        "verified_after": [event_json(event) for event in plan.verified],
        "reopened": [event_json(event) for event in plan.failed],
    }


def _print(session: Session, rows: pd.DataFrame, villages: pd.DataFrame | None) -> None:
    """Print the cases that were measured since, each outcome by itself; the others are only counted."""
    lang = session.lang
    names = {} if villages is None else dict(zip(villages["village_code"], villages["village_name"], strict=True))
    heads = (
        Text("Kode desa", "Village code"), Text("Desa", "Village"), Text("Mitra", "Partner"), Text("Ditangani", "Handled"),
        Text("Status", "Class"), Text("Terlayani", "Served"), Text("Titik ukur", "Readings"), Text("Sel", "Cells"),
        Text("Terakhir", "Latest"), Text("Keterangan", "Remark"),
    )  # fmt: skip
    for outcome, title in OUTCOMES.items():
        chosen = [row for row in records(rows) if row["outcome"] == outcome]
        if chosen and outcome != "unmeasured":
            session.print(f"\n{title.of(lang)} ({number(len(chosen), lang=lang)})")
            cells = [(row["village_code"], names.get(row["village_code"], ""), *_cells(row, lang)) for row in chosen]
            session.print(table(heads, cells, lang))


def _cells(row: dict[str, Any], lang: Lang) -> tuple[object, ...]:
    shares = [row[name] for name in ("share_served", "share_low", "share_high")]
    share, low, high = ("–" if one is None else number(one * 100, 1, lang=lang) for one in shares)
    return (
        row["partner"] or "",
        row["handled_on"] or "",
        LABELS["signal_class"][row["signal_class"]].of(lang),
        f"{share} % ({low}–{high} %)",
        row["n_measurements"],
        row["n_cells"],
        row["latest_on"],
        row["why"],
    )


def _summary(plan: VerifyPlan, recorded: int, *, apply: bool, reopen: bool) -> Text:
    listed = {
        lang: ", ".join(
            f"{count} {OUTCOMES[outcome].of(lang).lower()}" for outcome, count in plan.counts.items() if count
        )
        for lang in ("id", "en")
    }
    day = Text(date_text(plan.as_of), date_text(plan.as_of, lang="en"))
    counts = Text(
        f"{len(plan.found)} kasus tertangani per {day.id}: {listed['id'] or 'tidak ada'}.",
        f"{len(plan.found)} handled cases as of {day.en}: {listed['en'] or 'none'}.",
    )
    if apply:
        done = Text(f"{recorded} kejadian dicatat.", f"{recorded} events were recorded.")
    else:
        done = Text("Belum ada yang dicatat; --apply mencatat.", "Nothing was recorded; --apply records it.")
    left = len(plan.failed) if not (apply and reopen) else 0
    flag = Text("", "")
    if left:
        flag = Text(
            f" {left} terukur blankspot lagi; dibuka kembali hanya dengan --apply --reopen.",
            f" {left} are measured as blankspot again; only --apply --reopen reopens them.",
        )
    return Text(f"{counts.id} {done.id}{flag.id}", f"{counts.en} {done.en}{flag.en}")

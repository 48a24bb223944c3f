"""What the commands of `blankspot fetch` share: their options, and planning, asking, fetching and telling."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blankspot.cli.session import Session
    from blankspot.run.fetching import Fetched, Fetcher, Plan
    from blankspot.sources.fetch.catalogue import Order

CACHE: Final = "BLANKSPOT_CACHE"
_OUTCOMES: Final = {
    "added": Text("Ditambahkan di blankspot.toml:", "Added to blankspot.toml:"),
    "present": Text("Sudah disebut di blankspot.toml:", "Named in blankspot.toml already:"),
    "replaced": Text("Menggantikan isian lama di blankspot.toml:", "In the place of the old entry in blankspot.toml:"),
    "kept": Text(
        "blankspot.toml sudah menyebut berkas lain dan dibiarkan; ganti dengan --replace, atau tulis sendiri:",
        "blankspot.toml names another file and was left alone; change it with --replace, or write:",
    ),
}


def read_bounds(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Return the four degrees of W,S,E,N; whether they make an area is judged later."""
    if value is None:
        return None
    try:
        numbers = tuple(float(part) for part in value.replace(";", ",").split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != len("WSEN"):
        raise click.BadParameter(f"'{value}' is not W,S,E,N in degrees, such as 107.2,-7.4,107.9,-6.8", ctx, param)
    return numbers


def common(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command of fetch takes."""
    for option in reversed(
        (
            click.argument("folder", default=".", type=click.Path()),
            click.option(
                "--bounds",
                metavar="W,S,E,N",
                callback=read_bounds,
                help="Area in degrees, instead of the workspace's villages.",
            ),
            click.option("--regency", help="Name or code of the kabupaten or kota."),
            click.option(
                "--dry-run", is_flag=True, help="Say what would be fetched, how large and under which licence."
            ),
            click.option("--yes", is_flag=True, help="Fetch large files too (above fetch.large_mb)."),
            click.option("--refresh", is_flag=True, help="Download again what was downloaded before."),
            click.option("--replace", is_flag=True, help="Replace a file or an entry that is there."),
            click.option(
                "--cache", type=click.Path(), envvar=CACHE, help=f"Folder of downloads (or {CACHE}; default: yours)."
            ),
            click.option("--base-url", help="Address of a mirror of the provider."),
            click.option("--json", "as_json", is_flag=True, help="Print JSON."),
        )
    ):
        function = option(function)
    return function


@contextmanager
def fetcher(session: Session, given: dict[str, Any], provider: str) -> Iterator[Fetcher]:
    """Open the workspace for fetching from a provider, with progress on stderr where it is a terminal."""
    from blankspot.run.fetching import Fetcher

    workspace = session.workspace(given["folder"])
    settings = workspace.settings
    if given["base_url"]:
        base = settings.fetch.base_url.model_copy(update={provider: given["base_url"].rstrip("/")})
        fetch = settings.fetch.model_copy(update={"base_url": base})
        workspace.settings = settings.model_copy(update={"fetch": fetch})
    with _progress(session) as told:
        yield Fetcher(workspace, cache=given["cache"], progress=told)


def carry_out(session: Session, fetcher: Fetcher, order: Order, given: dict[str, Any]) -> None:
    """Plan an order, refuse what is large without leave, fetch it and say what came."""
    plan = fetcher.plan(order)
    if given["dry_run"]:
        _tell_plan(session, plan, as_json=given["as_json"])
        return
    _refuse_large(plan, fetcher.settings.large_mb, allowed=given["yes"])
    session.tell(order.product.caution)
    fetched = fetcher.carry_out(order, refresh=given["refresh"], replace=given["replace"])
    if given["as_json"]:
        session.json(_as_json(fetched))
        return
    _tell_fetched(session, fetched)


def now_environment() -> dict[str, str]:
    """Return the environment, where tokens are."""
    return dict(os.environ)


def _refuse_large(plan: Plan, large_mb: float, *, allowed: bool) -> None:
    from blankspot.run.fetching import BYTES_PER_MB

    size = plan.bytes_to_come / BYTES_PER_MB
    if size > large_mb and not allowed:
        raise UsageError(
            Text(
                f"Unduhannya {size:.0f} MB, lebih dari {large_mb:.0f} MB.",
                f"The download is {size:.0f} MB, more than {large_mb:.0f} MB.",
            ),
            hint=Text(
                "Beri --yes bila itu dikehendaki; lihat rinciannya dengan --dry-run.",
                "Give --yes if that is meant; see the details with --dry-run.",
            ),
        )


def _tell_plan(session: Session, plan: Plan, *, as_json: bool) -> None:
    product = plan.order.product
    if as_json:
        session.json(
            {
                "title": product.title,
                "version": product.version,
                "licence": product.licence,
                "licence_url": product.licence_url,
                "attribution": product.attribution,
                "caution": product.caution.of(session.lang),
                "target": f"data/{plan.order.target}",
                "kind": plan.order.kind,
                "bytes_to_come": plan.bytes_to_come,
                "sizes_unknown": plan.sizes_unknown,
                "files": [vars(item) for item in plan.items],
            }
        )
        return
    session.print(f"{product.title}, {product.version}")
    session.print(f"{Text('Lisensi', 'Licence').of(session.lang)}: {product.licence} ({product.licence_url})")
    session.print(f"{Text('Atribusi', 'Attribution').of(session.lang)}: {product.attribution}")
    session.print(product.caution.of(session.lang))
    for item in plan.items:
        state = _size(item.size, session)
        if item.cached:
            state += Text(", sudah terunduh", ", downloaded already").of(session.lang)
        if item.lacking:
            state = Text("tidak ada (laut)", "none (sea)").of(session.lang)
        session.print(f"  {item.address}  {state}")
    session.print(f"{Text('Akan diunduh', 'To download').of(session.lang)}: {_total(plan, session)}")
    session.print(f"{Text('Menjadi', 'Becomes').of(session.lang)}: data/{plan.order.target}")


def _total(plan: Plan, session: Session) -> str:
    known = _size(plan.bytes_to_come, session)
    if not plan.sizes_unknown:
        return known
    unknown = Text(f"{plan.sizes_unknown} berkas tanpa ukuran", f"{plan.sizes_unknown} files without a size")
    return f"{known} + {unknown.of(session.lang)}" if plan.bytes_to_come else unknown.of(session.lang)


def _size(size: int | None, session: Session) -> str:
    from blankspot.run.fetching import BYTES_PER_MB
    from blankspot.words import number

    if size is None:
        return Text("ukuran tidak diketahui", "size unknown").of(session.lang)
    return f"{number(size / BYTES_PER_MB, 1, lang=session.lang)} MB"


def _tell_fetched(session: Session, fetched: Fetched) -> None:
    session.print(str(fetched.path))
    if fetched.replaced:
        session.tell(Text("Hasil unduhan sebelumnya di situ diganti.", "What was fetched there before was replaced."))
    session.tell(
        Text(
            f"Lisensi {fetched.sidecar.licence}; wajib disebut: {fetched.sidecar.attribution}",
            f"Licence {fetched.sidecar.licence}; must be named: {fetched.sidecar.attribution}",
        )
    )
    if fetched.outcome is not None:
        session.tell(_OUTCOMES[fetched.outcome])
        session.say(f"  {fetched.line}")


def _as_json(fetched: Fetched) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "file": str(fetched.path),
        "replaced": fetched.replaced,
        "counts": fetched.counts,
        "entry": fetched.outcome,
        "line": fetched.line,
        "source": asdict(fetched.sidecar),
    }


@contextmanager
def _progress(session: Session) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a bar per file on stderr; silent where that is no terminal."""
    if session.quiet or not sys.stderr.isatty():
        yield lambda _name, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns: Sequence[Any] = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, Any] = {}

        def told(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(name.rsplit("/", 1)[-1], total=total)
            shown.update(tasks[name], completed=done, total=total)

        yield told

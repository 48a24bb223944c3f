"""Where a `track` command finds its ledger, and the options and values that all of them share.

Without `--ledger` the ledger is the one that the workspace names; with it, a folder that is no workspace will do, but then
nothing knows the desa by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from blankspot.ledger import Ledger
from blankspot.settings import Settings, load_settings
from blankspot.values import read_time
from blankspot.words import Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pandas as pd

    from blankspot.cli.session import Session
    from blankspot.ledger.partners import Partners
    from blankspot.run import Workspace

_WORKSPACE_FILE: Final = "blankspot.toml"


def day(text: str) -> dt.date:
    """Read a day as people write it: 2022-12-26, 26/12/2022, 26 Desember 2022."""
    moment = read_time(text)
    if moment is None:
        told = Text(
            f"'{text}' bukan tanggal; tulis seperti 2022-12-26 atau '26 Desember 2022'.",
            f"'{text}' is no date; write it like 2022-12-26 or '26 Desember 2022'.",
        )
        context = click.get_current_context(silent=True)
        raise click.BadParameter(told.of(context.obj.lang if context else "id"))
    return moment.date()


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the ledger is, and the workspace around it if there is one."""

    address: str
    settings: Settings
    workspace: Workspace | None

    def open(self, *, create: bool) -> Ledger:
        """Open the ledger."""
        config = None if self.workspace is None else self.workspace.config
        office = "" if config is None else config.office.name or config.workspace.title
        return Ledger.open(
            self.address, create=create, settings=self.settings, partners=self._partners(), office=office
        )

    def look(self) -> Ledger:
        """Open the ledger for a look that writes nothing: an empty one in memory where there is none yet."""
        missing = "://" not in self.address and not Path(self.address).exists()
        if not missing:
            return self.open(create=False)
        return Ledger.open(":memory:", settings=self.settings, partners=self._partners())

    def _partners(self) -> Partners | None:
        return None if self.workspace is None else self.workspace.partners()

    def villages(self) -> pd.DataFrame | None:
        """Return the villages of the workspace, None where nothing knows them."""
        return None if self.workspace is None else self.workspace.villages()

    def day(self, asked: dt.date | None) -> dt.date | None:
        """Return the day asked for, else the workspace's; None means today."""
        return asked or (None if self.workspace is None else self.workspace.as_of)


def place_of(session: Session, folder: str, address: str | None) -> Place:
    """Find the ledger that the options mean."""
    if address is not None and not (Path(folder) / _WORKSPACE_FILE).is_file():
        return Place(address=address, settings=load_settings({"language": session.lang}), workspace=None)
    workspace = session.workspace(folder)
    return Place(address=address or workspace.ledger_address, settings=workspace.settings, workspace=workspace)


def ledger_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--workspace` and `--ledger` to a command."""
    function = click.option("--ledger", "address", metavar="ADDRESS", help="Another ledger than the workspace's.")(
        function
    )
    return click.option(
        "-w", "--workspace", "folder", default=".", type=click.Path(), help="The workspace (default: here)."
    )(function)


def with_names(state: pd.DataFrame, villages: pd.DataFrame | None) -> pd.DataFrame:
    """Add village_name and district; empty where nothing knows them."""
    if villages is None:
        return state.assign(village_name=None, district=None)
    known = villages[["village_code", *(name for name in ("village_name", "district") if name in villages)]]
    return state.merge(known, on="village_code", how="left").assign(
        **({} if "district" in known else {"district": None})
    )

"""`blankspot settings`: show the thresholds in force, with units and sources."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from blankspot.cli.session import Session


@click.command(short_help="Show the thresholds in force, with units and sources.")
@click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(),
    help="Show the values in force in this workspace instead of the defaults.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the values as JSON.")
@click.pass_obj
def command(session: Session, folder: str | None, *, as_json: bool) -> None:
    """Show the defaults with units and sources, or the values in force in a workspace with what it changes."""
    from blankspot.settings import changed, load_settings

    settings = load_settings() if folder is None else session.workspace(folder).settings
    if as_json:
        session.json(
            {"profile": settings.profile, "digest": settings.digest, "values": settings.model_dump(mode="json")}
        )
    elif folder is None:
        session.print(files("blankspot").joinpath("defaults.toml").read_text(encoding="utf-8"))
    else:
        session.print(settings.profile_label)
        for name, (default, value) in changed(settings).items():
            session.print(f"{name} = {value}  ({default})")

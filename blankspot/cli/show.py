"""`blankspot show`: print the one-page fact sheet of a desa."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    import geopandas as gpd

    from blankspot.cli.session import Session

_CANDIDATES_MAX = 12
_SUGGESTIONS_MAX = 3


@click.command(short_help="Print the one-page fact sheet of a desa.")
@click.argument("village")
@click.option("-w", "--workspace", "folder", default=".", type=click.Path(), help="The workspace (default: here).")
@click.option("--district", help="The kecamatan, where several have a desa of that name.")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
@click.pass_obj
def command(session: Session, village: str, folder: str, *, district: str | None, as_json: bool) -> None:
    """Print the fact sheet of VILLAGE, a name or a code: class, why, people, operators, nearest site, handling, history."""
    from blankspot.out.facts import fact_sheet

    workspace = session.workspace(folder)
    workspace.run(until=("verdicts", "handling", "sites", "records"), working=session.working)
    facts = workspace.facts(find_village(village, workspace.frame("villages"), district=district))
    if as_json:
        session.json(facts.to_dict())
    else:
        session.print(fact_sheet(facts, lang=session.lang))


def find_village(asked: str, villages: gpd.GeoDataFrame, *, district: str | None = None) -> str:
    """Return the code of the one village that a code or name means.

    Raises:
        UsageError: None or several; the message names the candidates.
    """
    from blankspot.wilayah import candidates, match_village, parent

    if asked in set(villages["village_code"]):
        return asked
    match = match_village(asked, villages, district=district)
    if match.code is not None:
        return match.code
    if match.exact and len(match.candidates) == 1:
        return match.candidates[0].code
    listed = "".join(
        f"\n  {one.code}  {one.name}, kecamatan {one.district or parent(one.code, 'district')}"
        for one in match.candidates[:_CANDIDATES_MAX]
    )
    if match.candidates:
        raise UsageError(
            Text(
                f"'{asked}' dapat berarti beberapa desa:{listed}\n",
                f"'{asked}' may mean one of several desa:{listed}\n",
            ),
            hint=Text(
                "Sebut kodenya; show juga menerima --district KECAMATAN.",
                "Name its code; show takes --district KECAMATAN too.",
            ),
        )
    meant = [code for code in candidates(asked) if code in set(villages["village_code"])]
    names = villages["village_name"].dropna().astype("str")
    near = meant or difflib.get_close_matches(asked.title(), names.str.title().unique(), n=_SUGGESTIONS_MAX)
    if near:
        raise UsageError(
            Text(f"Tidak ada desa '{asked}' di ruang kerja ini.", f"There is no desa '{asked}' in this workspace."),
            hint=Text(f"Mungkin maksudnya: {', '.join(near)}.", f"Perhaps this is meant: {', '.join(near)}."),
        )
    raise UsageError(
        Text(
            f"Tidak ada desa bernama '{asked}' di ruang kerja ini.", f"No desa in this workspace is called '{asked}'."
        ),
        hint=Text("Periksa ejaannya, atau pakai kode desa.", "Check the spelling, or use the code of the desa."),
    )

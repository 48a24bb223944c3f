"""What a letter carries of the workspace: its desa, what was decided, what waits, who does what by when, and whom it goes to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.classify import classify
from blankspot.errors import UsageError
from blankspot.ledger.letters import decisions, last_minutes, open_cases
from blankspot.ledger.partners import contacts
from blankspot.ledger.progress import stand
from blankspot.ledger.workflow import DONE
from blankspot.out.letters.villages import village_list
from blankspot.run.reading import read_people
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from blankspot.ledger import Ledger, Progress
    from blankspot.run import Workspace
    from blankspot.run.letters import Order
    from blankspot.words import Lang

WAITING: Final = ("identified", "proposed", "verified", "approved", "deferred", "reopened")  # nobody builds there yet
_SUBJECTS: Final = {
    "general": Text("Umum", "General"),
    "target": Text("Daftar target {key}", "Target list of {key}"),
    "partner": Text("Mitra {key}", "Partner {key}"),
    "indicator": Text("Indikator {key}", "Indicator {key}"),
    "letter": Text("Surat {key}", "Letter {key}"),
}


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What a letter carries, as of its day.

    Attributes:
        desa: Villages it is about, columns as `out.letters.villages.COLUMNS`.
        pending: Open cases with village_name, district and constraint (of minutes: those without a decision).
        agreed: Decisions of the period, of minutes.
        actions: Open notes with somebody to act: about, constraint, follow_up, owner, due_on.
        since: First day of that period.
        data_on: Day that the signal classes speak of.
        progress: Handled of target.
        people: To whom it goes, who is invited, or who was present.
        recorded: Those of `people` that the ledger remembers: offices and known partners, never persons.
        contacts: Address per person of `people`, for the letter itself and nothing else.
        remarks: What its writer should know.
    """

    desa: pd.DataFrame
    pending: pd.DataFrame
    agreed: pd.DataFrame
    actions: pd.DataFrame
    since: dt.date
    data_on: dt.date
    progress: Progress
    people: tuple[str, ...]
    recorded: tuple[str, ...]
    contacts: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Text, ...] = ()

    @property
    def codes(self) -> list[str]:
        """The villages that the ledger remembers with the letter."""
        return [str(code) for code in self.desa["village_code"]]


def gather_lists(workspace: Workspace, ledger: Ledger, order: Order, *, lang: Lang = "id") -> Lists:
    """Collect what a letter carries, bringing up to date what it needs; the ledger is only read.

    Raises:
        UsageError: A desa or district that the workspace does not know, or a workspace without boundaries.
    """
    workspace.run(until=("verdicts", "records"))
    villages = workspace.frame("villages")
    verdicts, data_on = _verdicts(workspace, order.on)
    year = order.year or _latest_list(ledger, order.on)
    state = ledger.state(order.on, year=year)
    notes = ledger.notes(order.on)
    standing = stand(ledger.folded(order.on), year, ledger.target_rule(year, order.on))
    waiting = _named(open_cases(state, notes, standing=standing), villages)
    since = order.since or _since(ledger, order.on, year)
    agreed = _agreed(ledger, state, villages, since=since, until=order.on)
    actions = _actions(notes, villages, lang)
    if order.kind == "request":
        proven = verdicts["confidence"] != "modelled"  # a prediction alone takes no desa off the list of requests
        served = set(verdicts["village_code"][(verdicts["signal_class"] == "served") & proven])
        codes = _asked(order, villages, waiting, state, served)
    elif order.kind == "invitation":
        waiting = waiting[waiting["village_code"].isin(_within(order, villages))]
        codes = list(waiting["village_code"])
    else:
        waiting = waiting[~waiting["case_id"].isin(agreed["case_id"])]
        noted = notes["village_code"][notes["open"]].dropna()
        codes = [*agreed["village_code"], *waiting["village_code"], *noted]
    people, addresses, remarks = _people(workspace, ledger, order, waiting)
    desa = _desa(workspace, ledger, order.on, codes, state, verdicts)
    return Lists(
        desa=desa,
        pending=waiting,
        agreed=agreed,
        actions=actions,
        since=since,
        data_on=data_on,
        progress=ledger.progress(year=year, as_of=order.on),
        people=people,
        recorded=people if _offices_only(order) else tuple(filter(ledger.partners.known, people)),
        contacts=addresses,
        remarks=(*remarks, *_odd(desa, order)),
    )


def _latest_list(ledger: Ledger, on: dt.date) -> int:
    """Return the year of the latest target list up to the year of a day, that year itself where there is none."""
    listed = ledger.targets(on)
    years = listed["year"][listed["active"] & (listed["year"] <= on.year)]
    return on.year if years.empty else int(years.max())


def _since(ledger: Ledger, on: dt.date, year: int) -> dt.date:
    """Return the day after the last minutes, or the first day of the list's year where there were none."""
    last = last_minutes(ledger.letters(on), on)
    return min(dt.date(year, 1, 1), on) if last is None else last + dt.timedelta(days=1)


def _verdicts(workspace: Workspace, on: dt.date) -> tuple[pd.DataFrame, dt.date]:
    """Return the verdicts as of a day, and the day they speak of: a letter never quotes data of after its own day."""
    if on >= workspace.as_of:
        return workspace.frame("verdicts"), workspace.as_of
    villages = workspace.frame("villages")
    population = read_people(workspace, villages)
    found = classify(
        villages,
        measurements=workspace.frame("measurements"),
        population=None if population is None else population.grid,
        podes=workspace.frame("podes"),
        reports=workspace.frame("reports"),
        settings=workspace.settings,
        as_of=on,
    )
    return found.verdicts, on


def _asked(
    order: Order, villages: gpd.GeoDataFrame, waiting: pd.DataFrame, state: pd.DataFrame, served: set[str]
) -> list[str]:
    """Return the villages of a request, of the parts asked for.

    Those named; else the cases at the stages asked for; else those of the target list that wait for somebody to build and
    that were not found to be served.
    """
    within = _within(order, villages)
    if order.villages:
        named = [code for code in order.villages if code in within]
        if not order.stages and order.year is None:
            return named
        mobile = state[state["service"] == "mobile"]
        fitting = mobile[mobile["stage"].isin(order.stages)] if order.stages else mobile
        fitting = fitting[fitting["is_target"]] if order.year is not None else fitting
        return [code for code in named if code in set(fitting["village_code"])]
    if order.stages:
        chosen = state[(state["service"] == "mobile") & state["stage"].isin(order.stages)]
        chosen = chosen[chosen["is_target"]] if order.year is not None else chosen
    else:
        chosen = waiting[waiting["stage"].isin(WAITING) & ~waiting["village_code"].isin(served)]
    return [code for code in chosen["village_code"] if code in within]


def _within(order: Order, villages: gpd.GeoDataFrame) -> set[str]:
    """Return the villages of the districts asked for, all of them where none was.

    Raises:
        UsageError: A district is none of the workspace's.
    """
    chosen: set[str] = set() if order.districts else set(villages["village_code"])
    districts = villages["district"].astype("str").str.casefold()
    for asked in order.districts:
        hit = (districts == asked.casefold()) | villages["village_code"].str.startswith(f"{asked}.")
        if not hit.any():
            raise UsageError(
                Text(f"Tidak ada kecamatan '{asked}' di ruang kerja ini.", f"No district here is called '{asked}'."),
                hint=Text("Periksa ejaannya, atau pakai kodenya.", "Check the spelling, or use its code."),
            )
        chosen |= set(villages["village_code"][hit])
    return chosen


def _desa(
    workspace: Workspace, ledger: Ledger, on: dt.date, codes: list[str], state: pd.DataFrame, verdicts: pd.DataFrame
) -> pd.DataFrame:
    told = [
        {"village_code": record.village_code, "document": record.fields["document"], "proposed_on": record.happened_on}
        for record in ledger.effective(on)
        if record.kind == "proposed" and record.fields.get("document")
    ]
    listed = workspace.frame("proposals")[["village_code", "document", "proposed_on"]]
    proposals = pd.concat(
        [frame for frame in (listed, pd.DataFrame(told).astype(listed.dtypes) if told else None) if frame is not None]
    )
    return village_list(
        codes,
        workspace.frame("villages"),
        verdicts=verdicts,
        state=state,
        proposals=proposals[proposals["proposed_on"] <= pd.Timestamp(on)],
        facilities=workspace.frame("facilities"),
    )


def _agreed(
    ledger: Ledger, state: pd.DataFrame, villages: gpd.GeoDataFrame, *, since: dt.date, until: dt.date
) -> pd.DataFrame:
    decided = decisions(ledger.effective(until), since=since, until=until)
    about = [
        "case_id", "service", "stage", "partner", "intervention_type", "funding_source", "budget_rp", "planned_quarter",
    ]  # fmt: skip
    return _named(decided.merge(state[about], on="case_id", how="inner"), villages)


def _actions(notes: pd.DataFrame, villages: gpd.GeoDataFrame, lang: Lang) -> pd.DataFrame:
    """Return the open notes that ask somebody for something, the most urgent first."""
    asked = notes[notes["open"] & notes[["follow_up", "owner", "due_on"]].notna().any(axis=1)]
    names = dict(zip(villages["village_code"], villages["village_name"], strict=True))
    about = [_subject(str(case), names, lang) for case in asked["case_id"]]
    return asked.assign(about=about).sort_values(["due_on", "about"], kind="stable", na_position="last")


def _subject(case_id: str, names: Mapping[str, str], lang: Lang) -> str:
    """Return what a note is about, for people: the desa by name and code, or the subject in words."""
    head, _, key = case_id.partition(":")
    if head in _SUBJECTS:
        return _SUBJECTS[head].of(lang).format(key=key)
    return f"{names.get(head, '')} ({head})".strip()


def _named(cases: pd.DataFrame, villages: gpd.GeoDataFrame) -> pd.DataFrame:
    known = villages[["village_code", "village_name", "district"]]
    return cases.merge(pd.DataFrame(known), on="village_code", how="left")


def _offices_only(order: Order) -> bool:
    """Tell whether those named can be no persons: the one partner of a request, and whom an invitation goes to by itself."""
    return order.kind == "request" or (order.kind == "invitation" and not order.to)


def _people(
    workspace: Workspace, ledger: Ledger, order: Order, waiting: pd.DataFrame
) -> tuple[tuple[str, ...], dict[str, str], tuple[Text, ...]]:
    """Return to whom the letter goes, their addresses, and what is odd about them."""
    if order.kind == "minutes":
        return order.to, {}, ()
    if order.kind == "invitation" and not order.to:
        partners = [
            ledger.partners.group(str(name), as_of=order.on).name for name in waiting["partner"].dropna().unique()
        ]
        districts = [f"Camat {name}" for name in sorted(waiting["district"].dropna().unique())]
        return (*sorted(set(partners)), *districts), {}, ()
    if order.kind == "request" and len(order.to) != 1:
        raise UsageError(
            Text("Surat permohonan ditujukan kepada satu mitra.", "A request goes to one partner."),
            hint=Text("Sebut --to satu kali.", "Give --to once."),
        )
    given = _contacts(workspace, ledger)
    people: list[str] = []
    addresses: dict[str, str] = {}
    remarks: list[Text] = []
    for asked in order.to:
        known = ledger.partners.known(asked)
        name = ledger.partners.resolve(asked, on=order.on).name if known else asked
        people.append(name)
        addresses[name] = given.get(ledger.partners.key_of(asked), "")
        remarks += _about_partner(ledger, asked, name, order) if order.kind == "request" else []
    return tuple(people), addresses, tuple(remarks)


def _about_partner(ledger: Ledger, asked: str, name: str, order: Order) -> list[Text]:
    near = ledger.partners.near(asked)
    if near:
        told = ", ".join(near)
        raise UsageError(
            Text(
                f"Mitra '{asked}' belum dikenal; mungkin maksudnya {told}. Surat tidak dibuat.",
                f"Partner '{asked}' is not known; perhaps {told} is meant. No letter was made.",
            ),
            hint=Text(
                "Betulkan --to, atau tambahkan mitra itu ke tabel mitra di blankspot.toml.",
                "Correct --to, or add the partner to the table of partners in blankspot.toml.",
            ),
        )
    group = ledger.partners.group(asked, as_of=order.on).name
    if group != name:
        day = Text(date_text(order.on), date_text(order.on, lang="en"))
        return [Text(f"Per {day.id}, {name} telah menjadi {group}.", f"As of {day.en}, {name} has become {group}.")]
    return []


def _contacts(workspace: Workspace, ledger: Ledger) -> dict[str, str]:
    """Return the contact per partner out of the office's own table; it goes into letters and nowhere else."""
    from blankspot.sources.partners import read_partners

    found: dict[str, str] = {}
    for source in workspace.config.sources.partners:
        checked = read_partners(
            source.files(workspace.root),
            mapping=source.columns or None,
            sheet=source.layer,
            settings=workspace.settings,
        )
        found |= contacts(checked.accepted, ledger.partners)
    return found


def _odd(desa: pd.DataFrame, order: Order) -> list[Text]:
    """Say which desa of a request do not look as if they needed one."""
    if order.kind != "request":
        return []
    done = desa[desa["stage"].isin(DONE) | (desa["signal_class"] == "served")]
    if done.empty:
        return []
    listed = ", ".join(f"{row.village_name} ({row.village_code})" for row in done.head(5).itertuples())
    more = Text(" dan lainnya", " and others") if len(done) > 5 else Text("", "")  # noqa: PLR2004 - as many as shown
    return [
        Text(
            f"{len(done)} desa dalam daftar sudah terlayani atau tertangani: {listed}{more.id}.",
            f"{len(done)} desa of the list are served or handled already: {listed}{more.en}.",
        )
    ]

"""The register of indicators: a sheet's rows against the ledger, and the indicators that are on record as a table.

An indicator is defined once (`indicator`: name, unit, direction, owner, goal, programme) and has one `figure` per quarter or
year. A figure is never rewritten: a sheet that says something else appends a new one, and of all the figures of an indicator
and period the one recorded last holds (see `registers` where ledgers were merged). What stood before can be seen with an
earlier `known_on`. What a sheet leaves out is no difference: the new figure keeps what the one before it said, except whose word
it was and as of when.

A figure happened at the end of its period, or on its as-of day if that was earlier: a view as of 30 September shows the
third quarter, no matter when the sheet was brought in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from blankspot.ledger.events import Event
from blankspot.ledger.indicator_rows import DEFINITION, last_day, review_rows
from blankspot.ledger.registers import SHARED, own_register, registers
from blankspot.words import Lang, Text, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from blankspot.ledger.events import Record, Value
    from blankspot.ledger.registers import Register

FRAME_COLUMNS: Final = {
    "key": "str",
    "indicator": "str",
    "unit": "str",
    "direction": "str",
    "owner": "str",
    "goal": "str",
    "program": "str",
    "period": "str",
    "cumulative": "bool",
    "target": "float64",
    "realization": "float64",
    "budget_rp": "float64",
    "realized_rp": "float64",
    "waiting_rp": "float64",
    "as_of": "datetime64[us]",
    "source": "str",
    "constraint": "str",
    "follow_up": "str",
    "responsible": "str",
    "note": "str",
}
CHANGE_COLUMNS: Final = ("key", "indicator", "period", "field", "old", "new")
_AMOUNTS: Final = ("target", "realization", "budget_rp", "realized_rp", "waiting_rp")
_CARRIED: Final = (*_AMOUNTS, "constraint", "follow_up", "responsible")
_FIGURE: Final = (*_CARRIED, "as_of", "source", "note")
_UNIT_MISSING: Final = Text(
    "Satuan indikator ini belum pernah disebut; isi kolom Satuan.",
    "The unit of this indicator was never told; fill in the unit.",
)
_HIGHER: Final = Text("realisasi ÷ target × 100 %", "realisation ÷ target × 100 %")
_LOWER: Final = Text(
    "(2 × target − realisasi) ÷ target × 100 %, karena makin rendah makin baik",
    "(2 × target − realisation) ÷ target × 100 %, because lower is better",
)


class Achievement(NamedTuple):
    """How far an indicator is: numerator and denominator of the percentage, and how it is defined.

    A denominator of 0 has no percentage; `words.percent` writes "–".
    """

    numerator: float
    denominator: float
    definition: Text


def achievement(target: float | None, realization: float | None, direction: str) -> Achievement | None:
    """Return the capaian of an indicator, None where target or realisation is not known.

    Where higher is better it is R ÷ T, and may exceed 100 %. Where lower is better it is (T − (R − T)) ÷ T = (2T − R) ÷ T, as
    LKjIP tables have it, and as 1 + (1 − R ÷ T) in PermenPANRB 8/2021 for such indicators: what stays below the target by a
    tenth reaches 110 %, what is twice the target 0 %, and what exceeds even that is negative.

    Args:
        target: Target in the indicator's unit.
        realization: What was reached, in the same unit.
        direction: "higher" or "lower" is better.
    """
    if target is None or realization is None or pd.isna(target) or pd.isna(realization):
        return None
    if direction == "lower":
        exact = 2 * Decimal(str(target)) - Decimal(str(realization))
        return Achievement(float(exact), float(target), _LOWER)
    return Achievement(float(realization), float(target), _HIGHER)


@dataclass(frozen=True, kw_only=True)
class IndicatorPlan:
    """What importing an indicator sheet would do; nothing has been done yet.

    Attributes:
        new_events: To append: definitions and figures.
        unchanged: How many rows say nothing new.
        changed: What differs from what is on record, cell by cell; columns `CHANGE_COLUMNS`, values as people read them. The
            period is empty for a change of the definition.
        rejects: Refused rows, columns `check.REJECT_COLUMNS`.
        rows_in: How many rows were looked at: one per indicator and period.
        rows_rejected: How many of them are refused.
        origins: File and row that each new event comes from.
        names: Name of the indicator that each new event is about.
    """

    new_events: tuple[Event, ...]
    unchanged: int
    changed: pd.DataFrame
    rejects: pd.DataFrame
    rows_in: int
    rows_rejected: int
    origins: tuple[tuple[str, int], ...]
    names: tuple[str, ...]

    @property
    def rows_new(self) -> int:
        """How many rows say something new."""
        return self.rows_in - self.unchanged - self.rows_rejected


def plan_indicators(
    frame: pd.DataFrame,
    records: Iterable[Record],
    *,
    today: dt.date,
    origin: str = "",
    lang: Lang = "id",
    zone: ZoneInfo | None = None,
) -> IndicatorPlan:
    """Compare an indicator sheet with what is on record.

    Args:
        frame: One row per indicator and period, columns of the table `indicators`, as `sources.indicators.read_indicators`
            accepts them. `source_file` and `source_row` say where each row comes from.
        records: What is on record, corrections applied, as of any day that is not before what the sheet speaks of.
        today: Figures as of later days are refused.
        origin: The office whose sheet it is, the ledger's own; it counts where merged offices contradict each other.
        lang: Language of the reasons and of the changes.
        zone: Zone of moments that carry none.
    """
    review, keyed = review_rows(frame, today=today, lang=lang, zone=zone)
    held = registers(records)
    known = {subject: own_register(offices, origin) for subject, offices in held.items()}
    review.reject_each(_without_unit(keyed[review.alive], known))
    rows = [_Row.of(row, today) for row in keyed[review.alive].to_dict("records")]
    drafts = [*_definitions(rows, known), *_figures(rows, known)]
    said = {draft.row for draft in drafts}
    checked = review.finish()
    return IndicatorPlan(
        new_events=tuple(draft.event for draft in drafts),
        unchanged=len(rows) - len(said),
        changed=_changes(drafts, lang),
        rejects=checked.rejects,
        rows_in=checked.rows_in,
        rows_rejected=checked.rows_rejected,
        origins=tuple(rows[draft.row].origin for draft in drafts),
        names=tuple(draft.name for draft in drafts),
    )


def indicators_frame(records: Iterable[Record]) -> pd.DataFrame:
    """Return one row per indicator and period, ordered by goal, programme, indicator and period; columns `FRAME_COLUMNS`.

    `period` is "2022-Q3" or "2022"; `cumulative` tells whether its figures count from the start of the year. Money is in rupiah.
    Text that is not known is NaN.

    Args:
        records: Of one view of the ledger (`as_of`, `known_on`), corrections applied.
    """
    rows = [
        _frame_row(subject, office, offices, figure)
        for subject, offices in registers(records).items()
        for office, register in offices.items()
        for period, figure in register.items()
        if period
    ]
    frame = pd.DataFrame(rows, columns=list(FRAME_COLUMNS))
    frame["as_of"] = pd.to_datetime(frame["as_of"]).astype("datetime64[us]")
    ordered = frame.sort_values(["goal", "program", "indicator", "key", "period"], ignore_index=True)
    return ordered.astype(FRAME_COLUMNS)


def _frame_row(subject: str, office: str, offices: Mapping[str, Register], figure: Record) -> dict[str, object]:
    """Return a figure with its definition; where offices keep a register each, the office is part of key and name."""
    key = subject.partition(":")[2]
    defined = offices[office].get("") or next((one[""] for one in offices.values() if "" in one), None)
    told = {"indicator": key, "direction": "higher"} | ({} if defined is None else dict(defined.fields))
    if office != SHARED:
        key, told["indicator"] = f"{key}~{office}", f"{told['indicator']} ({office})"
    return {**told, "cumulative": False, **figure.fields, "key": key}


class _Row(NamedTuple):
    """One accepted row of the sheet."""

    subject: str
    period: str
    happened_on: dt.date
    definition: dict[str, Value]
    figure: dict[str, Value]
    origin: tuple[str, int]

    @classmethod
    def of(cls, row: Mapping[Any, Any], today: dt.date) -> _Row:
        as_of = None if pd.isna(row["as_of"]) else row["as_of"].date()
        figure = {name: row[name] for name in _FIGURE if name != "as_of" and not pd.isna(row[name])}
        if as_of is not None:
            figure["as_of"] = as_of.isoformat()
        if not pd.isna(row["counting"]):
            figure["cumulative"] = row["counting"] == "cumulative"
        last = last_day(row["period"])
        return cls(
            subject=f"indicator:{row['key']}",
            period=row["period"],
            happened_on=min(day for day in (last, as_of, today) if day is not None),
            definition={name: row[name] for name in DEFINITION if not pd.isna(row[name])},
            figure=figure,
            origin=(row["source_file"], int(row["source_row"])),
        )


def _without_unit(keyed: pd.DataFrame, known: Mapping[str, Register]) -> dict[int, tuple[str, str, Text]]:
    """Return the rows of indicators whose unit neither the sheet nor the ledger tells, with why they are refused."""
    told = set(keyed.loc[keyed["unit"].notna(), "key"])
    silent = [key not in told and "" not in known.get(f"indicator:{key}", {}) for key in keyed["key"]]
    return dict.fromkeys(map(int, keyed.index[silent]), ("unit", "unit_missing", _UNIT_MISSING))


class _Draft(NamedTuple):
    """What one row newly says about a definition or a figure: the event, and what it changes of the record before it."""

    row: int
    event: Event
    before: Record | None
    name: str
    changes: tuple[tuple[str, Value | None, Value], ...] = ()


def _definitions(rows: Sequence[_Row], known: Mapping[str, Register]) -> list[_Draft]:
    """Return one draft per indicator whose definition is new, differs, or is needed for an earlier day than on record."""
    firsts: dict[str, int] = {}
    told: dict[str, dict[str, Value]] = {}
    for place, row in enumerate(rows):
        first = firsts.setdefault(row.subject, place)
        if row.happened_on < rows[first].happened_on:
            firsts[row.subject] = place
        told[row.subject] = {**row.definition, **told.get(row.subject, {})}
    drafts = []
    for subject, place in firsts.items():
        day, fields = rows[place].happened_on, {"direction": "higher", **told[subject]}
        before = known.get(subject, {}).get("")
        kept = {} if before is None else {name: before.fields[name] for name in DEFINITION if name in before.fields}
        if before is not None and "direction" not in told[subject]:
            del fields["direction"]
        changes = _differences(fields, kept)
        if before is None or changes or day < before.happened_on:
            refers = {"refers": before.content_id} if before is not None and changes else {}
            event = Event(kind="indicator", happened_on=day, case_id=subject, fields={**kept, **fields, **refers})
            drafts.append(_Draft(place, event, before, str(fields["indicator"]), changes))
    return drafts


def _figures(rows: Sequence[_Row], known: Mapping[str, Register]) -> list[_Draft]:
    """Return one draft per row whose figure is new or differs from the one on record."""
    drafts = []
    for place, row in enumerate(rows):
        if not any(name != "cumulative" for name in row.figure):
            continue  # the row only defines the indicator
        before = known.get(row.subject, {}).get(row.period)
        fields: dict[str, Value] = {"cumulative": True, **row.figure, "period": row.period}
        changes: tuple[tuple[str, Value | None, Value], ...] = ()
        if before is not None:
            fields["cumulative"] = row.figure.get("cumulative", before.fields.get("cumulative", False))
            changes = _differences(fields, {"cumulative": False, **before.fields})
            if not changes:
                continue
            kept = {name: before.fields[name] for name in _CARRIED if name in before.fields}
            fields = {**kept, **fields, "refers": before.content_id}
        event = Event(kind="figure", happened_on=row.happened_on, case_id=row.subject, fields=fields)
        drafts.append(_Draft(place, event, before, str(row.definition["indicator"]), changes))
    return drafts


def _differences(new: Mapping[str, Value], old: Mapping[str, Value]) -> tuple[tuple[str, Value | None, Value], ...]:
    return tuple((name, old.get(name), value) for name, value in new.items() if old.get(name) != value)


def _changes(drafts: Sequence[_Draft], lang: Lang) -> pd.DataFrame:
    rows = []
    for draft in drafts:
        about = (draft.event.case_id.partition(":")[2], draft.name, str(draft.event.fields.get("period", "")))
        if draft.before is not None:
            rows += [(*about, name, _shown(old, lang), _shown(new, lang)) for name, old, new in draft.changes]
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)).astype("str")


def _shown(value: Value | None, lang: Lang) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        words = Text("ya", "yes") if value else Text("tidak", "no")
        return words.of(lang)
    if isinstance(value, str):
        return value
    exact = Decimal(str(value)).normalize().as_tuple().exponent
    return number(value, max(0, -int(exact)), lang=lang)

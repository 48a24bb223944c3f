"""A made-up office for the tests of reports: square villages with a class each, a ledger in memory, and nothing on disk."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from types import SimpleNamespace

import pandas as pd
import worlds

import blankspot as bs
from blankspot.ledger import Event
from blankspot.out.reports import of_day, of_quarter
from blankspot.out.reports.model import Chart
from blankspot.run.reporting import report_data
from blankspot.schema import TABLES

AS_OF = dt.date(2022, 12, 26)
LISTED = dt.date(2022, 1, 17)
NOW = dt.datetime(2022, 12, 27, 3, 0, tzinfo=dt.UTC)
PER_DISTRICT = 10
FIGURES = (
    "key", "indicator", "unit", "direction", "owner", "goal", "program", "period", "cumulative", "target", "realization",
    "budget_rp", "realized_rp", "waiting_rp", "as_of", "source", "constraint", "follow_up", "responsible",
)  # fmt: skip


def code(number: int) -> str:
    """Return the code of a village, counted from 0; ten to a kecamatan, fifty kecamatan to a kabupaten."""
    regency, district = divmod(number // PER_DISTRICT, 50)
    return f"99.{regency + 1:02d}.{district + 1:02d}.2{number % PER_DISTRICT + 1:03d}"


def villages(count: int):
    """Return square villages, ten to a kecamatan, 1.000 people in the first, 2.000 in the second, and so on."""
    frame = worlds.full_villages(count)
    numbers = range(count)
    return frame.assign(
        village_code=[code(number) for number in numbers],
        district=[f"Kecamatan {number // PER_DISTRICT + 1}" for number in numbers],
        population=[1000.0 * (number + 1) for number in numbers],
    )


def verdicts(classes: list[str], no_4g: tuple[int, ...] = ()) -> pd.DataFrame:
    """Return a verdict per village."""
    frame = pd.DataFrame(
        {
            "village_code": [code(number) for number in range(len(classes))],
            "signal_class": classes,
            "partial": False,
            "no_4g": [number in no_4g for number in range(len(classes))],
            "confidence": "measured",
            "weight_kind": "area",
            "n_measurements": 40,
            "n_cells": 20,
            "rule": "measured.test",
            "profile": "uji (0)",
            "reason": [f"Alasan {name}" for name in classes],
        }
    )
    return frame.reindex(columns=list(TABLES["verdicts"].columns))


def empty(table: str) -> pd.DataFrame:
    """Return a declared table without rows."""
    columns = TABLES[table].columns
    kinds = {name: column.dtype.type for name, column in columns.items() if column.dtype is not None}
    return pd.DataFrame(columns=list(columns)).astype(kinds)


def rows(table: str, *given: dict) -> pd.DataFrame:
    """Return rows of a declared table; what is not given is empty."""
    frame = pd.DataFrame(list(given)).reindex(columns=list(TABLES[table].columns))
    kinds = {name: column.dtype.type for name, column in TABLES[table].columns.items() if column.dtype is not None}
    return frame.astype(kinds)


def move(kind: str, number: int, on: dt.date, *, service: str = "mobile", label: str = "", **fields) -> Event:
    """Return a move of a village's case that passes over whatever stages were not recorded."""
    needed = {
        "handled": {"evidence": "BA-1"},
        "rejected": {"reason": "tidak layak"},
        "deferred": {"reason": "menunggu"},
    }
    case_id = ":".join(part for part in (code(number), service, label) if part)
    told = {"skips": True, **needed.get(kind, {}), **fields}
    return Event(kind=kind, village_code=code(number), case_id=case_id, happened_on=on, fields=told)


def target(number: int, on: dt.date = LISTED, year: int = 2022, **fields) -> Event:
    """Return a village's entry on a target list."""
    fields = {"year": year, "document": "SK-1", **fields}
    return Event(kind="target", village_code=code(number), happened_on=on, fields=fields)


def about(kind: str, subject: str, on: dt.date, **fields) -> Event:
    """Return an event that concerns no single village, such as a note on an indicator or a rule of a list."""
    return Event(kind=kind, village_code="", case_id=subject, happened_on=on, fields=fields)


def on_case(kind: str, number: int, on: dt.date, **fields) -> Event:
    """Return an event about a village's mobile case that is no move: money, a note."""
    return Event(kind=kind, village_code=code(number), case_id=f"{code(number)}:mobile", happened_on=on, fields=fields)


def ledger_of(events=(), *, now: dt.datetime = NOW):
    """Return a ledger in memory that recorded all of it at one moment."""
    ledger = bs.Ledger.open(":memory:", origin="uji", clock=lambda: now)
    ledger.append(events)
    return ledger


def office(classes, events=(), *, ledger=None, as_of=AS_OF, settings=None, **tables):
    """Return the workspace as a report sees it; `tables` replace the empty ones."""
    frames = {name: empty(name) for name in ("facilities", "internet_points", "proposals", "evidence")}
    frames |= {"villages": villages(len(classes)), "verdicts": verdicts(classes)} | tables
    kept = ledger or ledger_of(events)
    return SimpleNamespace(
        frame=frames.__getitem__,
        ledger=lambda: nullcontext(kept),
        as_of=as_of,
        year=as_of.year,
        notes=[],
        settings=settings or bs.load_settings(),
        provenance=lambda: bs.Provenance(
            version="0", profile="uji", profile_digest="abc", as_of=as_of, title="Kabupaten Uji"
        ),
    )


def data(classes, events=(), *, period=None, **rest):
    """Return what a report of an office is made from; of the year up to the day unless a period is given."""
    told = {name: rest.pop(name) for name in ("known_on", "since", "since_known_on", "indicators") if name in rest}
    indicators = told.pop("indicators", None)
    until = rest.pop("as_of", AS_OF)
    chosen = of_quarter(period, data_until=until) if isinstance(period, str) else period or of_day(until)
    job = office(classes, events, as_of=chosen.as_of, **rest)
    found = report_data(job, chosen, **told)
    return found if indicators is None else type(found)(**{**vars(found), "indicators": indicators})


def figures(*given: dict) -> pd.DataFrame:
    """Return a register of indicators; cumulative figures, higher is better, unless said."""
    usual = {"key": "i", "indicator": "Indikator", "direction": "higher", "cumulative": True}
    frame = pd.DataFrame([{**usual, **one} for one in given]).reindex(columns=list(FIGURES))
    texts = dict.fromkeys((*FIGURES[:8], *FIGURES[15:]), "str")
    return frame.astype(texts).assign(as_of=pd.to_datetime(frame["as_of"]))


def said(table, *, lang="id"):
    """Return a table as people read it: one list of texts per row, the total last."""
    if isinstance(table, Chart):
        table = table.table
    lines = [*table.rows, *([table.total] if table.total else [])]
    return [[column.say(line.get(column.key), lang=lang) for column in table.columns] for line in lines]


def cell(table, row: int, key: str, *, lang="id"):
    """Return one cell as people read it; row -1 is the last row, "total" is asked for by `total`."""
    column = next(one for one in table.columns if one.key == key)
    return column.say(table.rows[row].get(key), lang=lang)


def total(table, key: str, *, lang="id"):
    """Return one cell of the last line as people read it."""
    column = next(one for one in table.columns if one.key == key)
    return column.say(table.total.get(key), lang=lang)

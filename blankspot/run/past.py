"""The past of a workspace for the map: handling on every day from the ledger, signal judged anew as of the ends of quarters.

Judging a quarter costs as much as judging today, so this is a step of its own that runs only when its inputs change, and
signal is judged for the last three years alone. Before the first reading there is nothing to judge; handling is told from
the first record on. Past quarters are judged by what was measured and reported, not by predicted coverage, which knows the
network of today alone (`predicted`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.maps.history import History, quarter_ends
from blankspot.run.judging import judge_days

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.ledger import Ledger
    from blankspot.run.job import Job

_STOPS_MAX: Final = 40  # ten years of quarters; a slider of more cannot be aimed at on a phone
_JUDGED_MAX: Final = 12  # three years
_TABLES: Final = ("history_moves", "history_classes", "history_progress")
_PROGRESS: Final = {
    "on": "datetime64[us]", "year": "int64", "numerator": "int64", "denominator": "int64", "text_id": "str", "text_en": "str",
}  # fmt: skip


def make_history(job: Job) -> list[str]:
    """Work out how every village stood at the end of each quarter up to the workspace's date."""
    readings = _first_reading(job)
    with job.ledger() as ledger:
        moves = ledger.timeline()
        moves = moves[moves["on"] <= pd.Timestamp(job.as_of)]
        first = min(filter(None, (readings, None if moves.empty else moves["on"].min().date())), default=job.as_of)
        stops = quarter_ends(min(first, job.as_of), job.as_of)[-_STOPS_MAX:]
        progress = _progress(ledger, stops, job.year)
    job.keep("history_moves", moves.reset_index(drop=True))
    past = [stop for stop in stops[:-1] if readings is not None and stop >= readings]
    job.keep("history_classes", _classes(job, past[-_JUDGED_MAX:]))
    job.keep("history_progress", progress)
    return [f"{name}.parquet" for name in _TABLES]


def workspace_history(job: Job) -> History | None:
    """Return the past that the step left; None where there is but one day to look at."""
    moves, classes, progress = (job.frame(name) for name in _TABLES)
    stops = tuple(pd.Timestamp(day).date() for day in progress["on"])
    if len(stops) <= 1:
        return None
    return History(stops=stops, moves=moves, classes=classes, progress=progress)


def _first_reading(job: Job) -> dt.date | None:
    times = job.frame("measurements")["measured_at"].dropna()
    if times.empty:
        return None
    first: dt.date = times.min().tz_convert(job.settings.zone).date()
    return first


def _classes(job: Job, days: list[dt.date]) -> pd.DataFrame:
    columns = ["village_code", "on", "signal_class", "confidence"]
    noted = list(job.notes)
    parts = [
        found.verdicts[["village_code", "signal_class", "confidence"]].assign(on=pd.Timestamp(day))[columns]
        for day, found in judge_days(job, days).items()
    ]
    job.notes[:] = noted  # what is read again here is noted already
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="datetime64[us]" if name == "on" else "str") for name in columns})
    return pd.concat(parts, ignore_index=True)


def _progress(ledger: Ledger, stops: tuple[dt.date, ...], year: int) -> pd.DataFrame:
    """Return the line of progress of each stop: of its own year's list, or of the workspace's where that is still empty."""
    rows = []
    for stop in stops:
        own = ledger.progress(year=min(stop.year, year), as_of=stop)
        found = own if own.denominator else ledger.progress(year=year, as_of=stop)
        texts = found.text("id"), found.text("en")
        rows.append((pd.Timestamp(stop), found.year, found.numerator, found.denominator, *texts))
    return pd.DataFrame(rows, columns=list(_PROGRESS)).astype(_PROGRESS)

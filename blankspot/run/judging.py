"""Classifying a workspace's villages as of a day: its own, or the last day of the period that a report speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.classify import Verdicts, classify
from blankspot.run.predicted import predicted_shares
from blankspot.run.reading import read_people

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from blankspot.run.job import Job


def judge(job: Job, as_of: dt.date) -> Verdicts:
    """Classify every village from the tables that earlier steps made, as of a day."""
    return judge_days(job, [as_of])[as_of]


def judge_days(job: Job, days: Iterable[dt.date]) -> dict[dt.date, Verdicts]:
    """Classify every village as of several days; what they share is read once."""
    villages = job.frame("villages")
    people = read_people(job, villages)
    population = None if people is None else people.grid
    return {
        day: classify(
            villages,
            measurements=job.frame("measurements"),
            coverage=predicted_shares(job, day, villages, population),
            population=population,
            podes=job.frame("podes"),
            reports=job.frame("reports"),
            settings=job.settings,
            as_of=day,
        )
        for day in days
    }

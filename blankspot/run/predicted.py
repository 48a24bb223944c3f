"""The predicted coverage of a workspace, for the steps that use it: verdicts and the map.

A prediction speaks of the network of today: the list of services carries no days on which each went on air. So it judges the
workspace's own day and none before it; a past quarter told by it would show signal of masts that did not stand yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.classify.rules import DOUBTED
from blankspot.out.coverage import MANIFEST, open_coverage
from blankspot.out.maps.coverage import coverage_overlays

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.coverage import CoverageSource
    from blankspot.out.maps import Overlay
    from blankspot.run.job import Job


def workspace_coverage(job: Job) -> CoverageSource | None:
    """Return the coverage that an earlier step predicted; None where there is none, or nothing to predict it from.

    Raises:
        SourceError: Its files are damaged.
    """
    folder = job.out / "coverage"
    return open_coverage(folder) if (folder / MANIFEST).is_file() else None


def coverage_on(job: Job, day: dt.date) -> CoverageSource | None:
    """Return the coverage by which a day is judged: none before the workspace's own."""
    return workspace_coverage(job) if day >= job.as_of else None


def coverage_layers(job: Job) -> list[Overlay]:
    """Return the layers of predicted signal for the map of a workspace."""
    coverage = workspace_coverage(job)
    if coverage is None:
        return []
    doubted = bool((job.frame("verdicts")["rule"] == DOUBTED).any())
    return coverage_overlays(coverage, job.frame("villages"), job.settings, doubted=doubted)

"""The workspace's indicator sheets and its ledger: `run` brings them in, `check` says what of them would be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blankspot.ledger.indicators import plan_indicators
from blankspot.run.reading import leave_rejects, note_source
from blankspot.sources.indicators import read_indicators

if TYPE_CHECKING:
    from blankspot.ledger import Ledger
    from blankspot.run.job import Job


def import_indicators(job: Job, ledger: Ledger) -> list[str]:
    """Append what the indicator sheets say that is not on record yet; the same sheet twice adds nothing.

    Sheets that tell no year are of the workspace's.

    Returns:
        The files written below out/: what was refused or noted; none where the workspace names no sheet.
    """
    rejects: list[pd.DataFrame] = []
    for source in job.config.sources.indicators:
        for path in source.files(job.root):
            checked = read_indicators(
                path, mapping=source.columns or None, sheet=source.layer, year=job.year, settings=job.settings
            )
            plan = plan_indicators(
                checked.accepted,
                ledger.effective(),
                today=ledger.today,
                origin=ledger.origin,
                lang=job.settings.language,
                zone=job.settings.zone,
            )
            ledger.append(plan.new_events)
            rejects += [checked.rejects, plan.rejects]
            refused = checked.rows_rejected + plan.rows_rejected
            note_source(job, path, "indicators", source, (checked.rows_in, checked.rows_in - refused, refused))
    return [leave_rejects(job, "indicators", pd.concat(rejects, ignore_index=True))] if rejects else []

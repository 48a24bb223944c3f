"""What a step is given of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from blankspot.ledger import Ledger, Progress
    from blankspot.run.choice import CoverChoice
    from blankspot.run.config import Config
    from blankspot.settings import Provenance, Settings, SourceNote


class Job(Protocol):
    """What a step is given of the workspace."""

    root: Path
    out: Path
    config: Config
    settings: Settings
    as_of: dt.date
    now: dt.datetime
    year: int
    notes: list[SourceNote]
    told: dict[str, Any]
    advance: Callable[[int, int], None] | None

    @property
    def cover_choice(self) -> CoverChoice:
        """How the planner asked for coverage to be predicted."""

    def frame(self, name: str) -> Any:
        """Return a table made by an earlier step."""

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table to out/ and keep it for later steps."""

    def ledger(self) -> Ledger:
        """Open the workspace's ledger."""

    def ledger_copy(self) -> Ledger:
        """Return a copy of the ledger in memory."""

    def progress(self) -> Progress:
        """Return handled of target for the workspace's year and date."""

    def provenance(self) -> Provenance:
        """Return what every output carries."""

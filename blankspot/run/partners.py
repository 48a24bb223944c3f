"""The partners of a workspace: those known everywhere, and the office's own tables over them.

A table is read where it stands and kept nowhere else, because it holds contacts: reports, maps and exchange files get
`Partners`, which has none; only letters read the contacts of the table again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.ledger.partners import Partners
from blankspot.sources.partners import read_partners

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.check import Checked
    from blankspot.run.config import Config, Source
    from blankspot.settings import Settings


def read_own_partners(config: Config, root: Path, settings: Settings) -> tuple[Partners, list[tuple[Source, Checked]]]:
    """Read the office's tables, each over those before it.

    Returns:
        Who is known, and what came of each source.

    Raises:
        SourceError: A file cannot be used.
    """
    partners = Partners.default()
    read: list[tuple[Source, Checked]] = []
    for source in config.sources.partners:
        checked = read_partners(
            source.files(root),
            mapping=source.columns or None,
            sheet=source.layer,
            judge=lambda frame, base=partners: Partners.faults(frame, base),  # type: ignore[misc]
            settings=settings,
        )
        partners = Partners.from_table(checked.accepted, partners)
        read.append((source, checked))
    return partners, read

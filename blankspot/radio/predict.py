"""Coverage of all services of a workspace over terrain: which sweeps are needed, tile by tile, and who is strongest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from blankspot.coverage import Coverage, Model
    from blankspot.settings import Settings
    from blankspot.terrain import Terrain


def predict(
    services: pd.DataFrame,
    sites: pd.DataFrame,
    terrain: Terrain | None,
    *,
    settings: Settings | None = None,
    model: Model = "p1812",
) -> Coverage:
    """Predict the coverage of services over terrain."""
    raise NotImplementedError

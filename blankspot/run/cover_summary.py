"""What came of a prediction, in numbers: how many services of each network, and how much of area and people they reach.

Shares count medians: at least strong, and at least weak. They are shares of what is predicted inside the villages, and how
much of the villages that is stands beside them. What a village's verdict rests on is finer (`classify.modelled`): there
the spread around the median counts too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from blankspot.classify.pixels import Pixels
from blankspot.coverage import Lattice
from blankspot.run.reading import read_people

if TYPE_CHECKING:
    import geopandas as gpd

    from blankspot.coverage import CoverageSource, Key
    from blankspot.grid import Grid
    from blankspot.out.coverage import StoredCoverage
    from blankspot.run.job import Job
    from blankspot.settings import Settings


def summarise(job: Job, coverage: StoredCoverage) -> dict[str, Any]:
    """Return model, coarse, sites, services, share_predicted, remarks by severity and one entry for each network.

    Each has operator, technology, services, and the shares share_strong_area, share_weak_area and, where the workspace has
    a population raster, share_strong_people and share_weak_people; from 0 to 1, None where nothing is predicted.
    """
    villages = job.frame("villages")
    placed = villages[villages.geometry.notna() & ~villages.geometry.is_empty]
    noted = list(job.notes)
    people = read_people(job, villages)
    job.notes[:] = noted  # the step that read the villages noted it
    services = coverage.services.groupby(["operator", "technology"]).size()
    predicted, area = _reached(coverage, placed, None, job.settings)
    _, inhabited = _reached(coverage, placed, people.grid, job.settings) if people is not None else (0.0, {})
    networks = [
        {
            "operator": key[0],
            "technology": key[1],
            "services": int(services[key]),
            **_named(area, key, "area"),
            **_named(inhabited, key, "people"),
        }
        for key in coverage.keys()  # noqa: SIM118 - no dict
    ]
    return {
        "model": coverage.model,
        "coarse": coverage.coarse,
        "sites": int(coverage.services["site_id"].nunique()),
        "services": len(coverage.services),
        "services_listed": len(job.frame("services")),
        "share_predicted": predicted,
        "networks": networks,
    }


def _named(shares: dict[Key, tuple[float | None, float | None]], key: Key, of: str) -> dict[str, float | None]:
    if key not in shares:
        return {}
    return {f"share_{level}_{of}": share for level, share in zip(("strong", "weak"), shares[key], strict=True)}


def _reached(
    coverage: CoverageSource, villages: gpd.GeoDataFrame, population: Grid | None, settings: Settings
) -> tuple[float, dict[Key, tuple[float | None, float | None]]]:
    """Return the share of the weight that is predicted, and of that the shares at least strong and at least weak."""
    keys = coverage.keys()
    if not keys or villages.empty:
        return 0.0, {}
    west, _, _, north = villages.total_bounds
    lattice = Lattice.of(coverage, west, north)
    pixels = Pixels(lattice, villages, population, settings.prediction.correlation_m)
    weights = pixels.weigh()
    total, sums = 0.0, {key: np.zeros(3) for key in keys}
    for tile in pixels.tiles():
        points = pixels.points(tile, weights)
        if population is not None:
            points = points.where(weights.by_people[points.village])
        total += float(points.weight.sum())
        for key, layer in coverage.window(tile.bounds).layers.items():
            edges = getattr(settings.signal, layer.metric)
            row, column = lattice.begin(layer.median_dbm)
            rows, columns = points.row - row, points.column - column
            height, width = layer.median_dbm.shape
            inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
            levels = np.full(len(rows), np.nan)
            levels[inside] = layer.median_dbm.values[rows[inside], columns[inside]]
            for at, edge in enumerate((-np.inf, edges.strong_min_dbm, edges.weak_min_dbm)):
                sums[key][at] += points.weight[levels >= edge].sum()
    predicted = max(float(sums[key][0]) for key in keys)
    shares = {key: _shares(part) for key, part in sums.items()}
    return (min(1.0, predicted / total) if total else 0.0), shares


def _shares(sums: np.ndarray) -> tuple[float | None, float | None]:
    known, strong, weak = map(float, sums)
    return (strong / known, weak / known) if known else (None, None)

"""The layers of ground on the map of a workspace: people per km² and relief, where it names such rasters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from blankspot.out.maps.ground import hillshade_overlay, population_overlay
from blankspot.run.reading import note_source, read_people
from blankspot.sources.rasters import read_terrain

if TYPE_CHECKING:
    from blankspot.out.maps import Overlay
    from blankspot.run.job import Job


def ground_layers(job: Job) -> list[Overlay]:
    """Return the population and the hillshade of a workspace as overlays; a raster that holds nothing gives none."""
    villages = job.frame("villages")
    layers = []
    noted = list(job.notes)
    people = read_people(job, villages)
    job.notes[:] = noted  # the step that read the villages noted it
    if people is not None and np.isfinite(people.grid.values).any():
        source = job.config.sources.population[0]
        layers.append(population_overlay(people.grid, attribution=source.path[0], licence=source.licence))
    listed = job.config.sources.terrain
    files = [(path, source) for source in listed for path in source.files(job.root)]
    if files:
        heights = read_terrain([path for path, _ in files], villages=villages, crs=listed[0].crs)
        for path, source in files:
            note_source(job, path, "terrain", source)
        if np.isfinite(heights.values).any():
            licence = ", ".join(dict.fromkeys(filter(None, (source.licence for source in listed))))
            layers.append(hillshade_overlay(heights, attribution=listed[0].path[0], licence=licence))
    return layers

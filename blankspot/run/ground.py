"""The layers of ground on the map of a workspace: people per km² and relief, where it names such rasters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.errors import UsageError
from blankspot.run.reading import note_source, read_people
from blankspot.sources.rasters import Entry, remarks_of
from blankspot.sources.terrain import open_terrain
from blankspot.words import Text

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.out.maps import Overlay
    from blankspot.run.config import Source
    from blankspot.run.job import Job
    from blankspot.sources.terrain import Bounds, FileTerrain


def ground_layers(job: Job) -> list[Overlay]:
    """Return the population and the hillshade of a workspace as overlays; a population raster that holds nothing gives none."""
    from blankspot.out.maps.ground import hillshade_overlay, population_overlay  # what opens heights needs no map

    villages = job.frame("villages")
    layers: list[Overlay] = []
    noted = list(job.notes)
    people = read_people(job, villages)
    job.notes[:] = noted  # the step that read the villages noted it
    if people is not None and np.isfinite(people.grid.values).any():
        source = job.config.sources.population[0]
        layers.append(population_overlay(people.grid, attribution=source.path[0], licence=source.licence))
    listed = job.config.sources.terrain
    terrain = open_heights(job, area=tuple(villages.total_bounds), covered=False)
    if terrain is not None:
        licence = ", ".join(dict.fromkeys(filter(None, (source.licence for source in listed))))
        heights = terrain.grid(tuple(villages.total_bounds))
        layers.append(hillshade_overlay(heights, attribution=listed[0].path[0], licence=licence))
    return layers


def open_heights(
    job: Job, *, area: Bounds, resolution_m: float | None = None, covered: bool = True
) -> FileTerrain | None:
    """Open the rasters of heights that a workspace names, and its land cover; None where it names no heights.

    Args:
        job: The workspace; what is read is noted.
        area: West, south, east, north in degrees of what is needed.
        resolution_m: As for `open_terrain`.
        covered: Put the workspace's land cover on top; on a surface model it is left away, and the remarks say so.

    Raises:
        UsageError: The entries of heights declare different surfaces, seas or coordinate systems.
        SourceError: As for `open_terrain`.
    """
    listed = job.config.sources.terrain
    if not listed:
        return None
    declared = {(source.surface, source.sea, source.crs) for source in listed}
    if len(declared) > 1:
        raise UsageError(
            Text(
                "Raster ketinggian di blankspot.toml menyatakan surface, sea, atau crs yang berbeda-beda.",
                "The rasters of heights in blankspot.toml declare different surface, sea or crs.",
            ),
            hint=Text("Nyatakan sama untuk semua sumber terrain.", "Declare the same for every terrain source."),
        )
    files = _noted(job, "terrain", listed)

    def opened(clutter: list[Path] | None) -> FileTerrain:
        return open_terrain(
            files,
            surface=listed[0].surface,
            clutter=clutter,
            crs=listed[0].crs,
            resolution_m=resolution_m,
            sea=listed[0].sea,
            area=area,
            settings=job.settings,
        )

    terrain = opened(None)
    cover = job.config.sources.land_cover if covered else ()
    if not cover:
        return terrain
    if terrain.surface == "dtm":
        return opened(_noted(job, "land_cover", cover))
    names = ", ".join(dict.fromkeys(path for source in cover for path in source.path))
    left = Entry(rule="land_cover_left", value=names, message=_TWICE, severity="noted", name=names)
    remark = remarks_of([left], job.settings.language, table="terrain", column="land_cover")
    terrain.remarks = pd.concat([terrain.remarks, remark], ignore_index=True)
    return terrain


_TWICE: Final = Text(
    "Tutupan lahan {value} tidak dipakai: raster ketinggian ini model permukaan (DSM) yang sudah memuat pohon dan bangunan, "
    'sehingga akan terhitung dua kali. Nyatakan surface = "dtm" bila rasternya ketinggian tanah.',
    "Land cover {value} is not used: these heights are a surface model (DSM) that contains trees and houses already, so it "
    'would count them twice. Declare surface = "dtm" if the raster shows bare ground.',
)


def _noted(job: Job, kind: str, sources: tuple[Source, ...]) -> list[Path]:
    paths = []
    for source in sources:
        for path in source.files(job.root):
            note_source(job, path, kind, source)
            paths.append(path)
    return paths

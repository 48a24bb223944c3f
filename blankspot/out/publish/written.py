"""A file of the package and what the metadata say of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.out.publish.rasters import OpenRaster
    from blankspot.out.publish.selection import OpenTable
    from blankspot.words import Text

MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "pmtiles": "application/vnd.pmtiles",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "cog": "image/tiff; application=geotiff; profile=cloud-optimized",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "xml": "application/xml",
    "txt": "text/plain",
}


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file that was written.

    Attributes:
        path: Below the package's folder, with forward slashes.
        format: A key of `MEDIA_TYPES`.
        title: What it is.
        bytes: Its size.
        sha256: Its digest, in hexadecimal.
        table: The table in it; None where it holds several or none.
        raster: The raster in it.
    """

    path: str
    format: str
    title: Text
    bytes: int
    sha256: str
    table: OpenTable | None = None
    raster: OpenRaster | None = None

    @property
    def media_type(self) -> str:
        """Its registered media type."""
        return MEDIA_TYPES[self.format]


def note(
    root: Path, path: Path, kind: str, title: Text, *, table: OpenTable | None = None, raster: OpenRaster | None = None
) -> Written:
    """Measure a file that stands below `root`."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Written(
        path=path.relative_to(root).as_posix(),
        format=kind,
        title=title,
        bytes=path.stat().st_size,
        sha256=digest,
        table=table,
        raster=raster,
    )

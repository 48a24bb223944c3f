"""Online basemaps a caller may ask for by name; without one a page asks no network for anything."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from blankspot.errors import UsageError
from blankspot.words import Text


class Basemap(NamedTuple):
    """A template of tile addresses, the words its makers ask for, and how far it goes."""

    url: str
    attribution: str
    zoom_max: int

    @property
    def origin(self) -> str:
        """The one host that the page is allowed to ask, for its Content-Security-Policy."""
        address = urlsplit(self.url)
        return f"{address.scheme}://{address.netloc.replace('{s}', '*')}"


BASEMAPS: Final = {
    "osm": Basemap("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors", 19),
    "topo": Basemap("https://{s}.tile.opentopomap.org/{z}/{x}/{y}.png", "© OpenStreetMap contributors, SRTM | OpenTopoMap", 17),
}  # fmt: skip


def find_basemap(name: str) -> Basemap:
    """Return the basemap of that name.

    Raises:
        UsageError: No basemap is called so.
    """
    if name not in BASEMAPS:
        raise UsageError(
            Text(f"Peta dasar {name!r} tidak dikenal.", f"No basemap is called {name!r}."),
            hint=Text(f"Pilih: {', '.join(BASEMAPS)}.", f"Choose: {', '.join(BASEMAPS)}."),
        )
    return BASEMAPS[name]

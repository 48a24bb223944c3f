"""What an order of public data is: a product with its licence, the files it is made of, and how they become one file.

A provider's module turns what the planner asks (an area, a year) into an `Order`. Downloading, putting the file into the
workspace and naming it in `blankspot.toml` are the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from blankspot.errors import UsageError
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Bounds = tuple[float, float, float, float]
FileKind = Literal["tif", "parquet", "zip", "gz", "json"]


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a provider publishes.

    Attributes:
        title: Its name.
        version: Release, year or quarter.
        licence: Its short name.
        licence_url: Where its text is.
        attribution: The words that the licence asks for.
        caution: What it is and what it is not.
    """

    title: str
    version: str
    licence: str
    licence_url: str
    attribution: str
    caution: Text


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file of a provider.

    Attributes:
        url: Its address, without anything secret.
        name: Where it is kept, below the cache folder.
        kind: What it must prove to be when opened.
        size: Bytes, where the provider's listing says so.
        known_hash: "md5:…" or "sha256:…", where the provider's listing says so.
        secret: Query parameters that are sent to the address' own origin only and told to nobody.
        may_lack: Whether 404 means that there is nothing (a tile of sea).
    """

    url: str
    name: str
    kind: FileKind
    size: int | None = None
    known_hash: str | None = None
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)
    may_lack: bool = False


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is fetched and what becomes of it.

    Attributes:
        kind: Kind of source in `blankspot.toml`; None where no step of a run reads it.
        product: What it is.
        assets: The files to download.
        target: Name of the file in the workspace's `data` folder.
        entry: What `blankspot.toml` says of it beside path and licence, e.g. `codes`.
        several: Whether a workspace may name several of this kind.
        write: Makes the file of the downloaded ones (None where there is none) and returns counts to tell.
    """

    kind: str | None
    product: Product
    assets: tuple[Asset, ...]
    target: str
    write: Callable[[Sequence[Path | None], Path], dict[str, int]]
    entry: Mapping[str, Any] = field(default_factory=dict)
    several: bool = False


def check_bounds(bounds: Sequence[float]) -> Bounds:
    """Return west, south, east, north in degrees.

    Raises:
        UsageError: Not four numbers in this order on the globe.
    """
    listed = ", ".join(f"{value:g}" for value in bounds)
    if len(bounds) == len(("w", "s", "e", "n")):
        west, south, east, north = (float(value) for value in bounds)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:  # noqa: PLR2004 - the globe
            return west, south, east, north
    raise UsageError(
        Text(f"Batas '{listed}' bukan barat,selatan,timur,utara.", f"Bounds '{listed}' are not west,south,east,north."),
        hint=Text(
            "Tulis dalam derajat, misalnya --bounds 107.2,-7.4,107.9,-6.8.",
            "Write degrees, e.g. --bounds 107.2,-7.4,107.9,-6.8.",
        ),
    )


def tiles(bounds: Bounds, *, size_deg: int, most: int) -> list[tuple[int, int]]:
    """Return south and west edge (whole degrees) of the square tiles that the bounds touch, from the south-west.

    Raises:
        UsageError: More than `most`.
    """
    west, south, east, north = bounds

    def edges(low: float, high: float) -> range:
        last = int(-(-high // size_deg)) * size_deg  # a border on an edge needs no further tile
        return range(int(low // size_deg) * size_deg, max(last, int(low // size_deg) * size_deg + 1), size_deg)

    found = [(lat, lon) for lat in edges(south, north) for lon in edges(west, east)]
    if len(found) > most:
        raise UsageError(
            Text(f"Wilayahnya menyentuh {len(found)} petak.", f"The area touches {len(found)} tiles."),
            hint=Text(
                f"Perkecil --bounds, atau naikkan fetch.tiles_max (kini {most}).",
                f"Narrow --bounds, or raise fetch.tiles_max (now {most}).",
            ),
        )
    return found


def corner(lat: int, lon: int) -> tuple[str, str]:
    """Return latitude and longitude of a tile's corner as providers write them: "S07", "E107"."""
    return f"{'S' if lat < 0 else 'N'}{abs(lat):02d}", f"{'W' if lon < 0 else 'E'}{abs(lon):03d}"

"""Boundaries with a stated licence per file: geoBoundaries, release gbOpen, without any codes.

Layout (looked up 2026-11): `api/current/gbOpen/IDN/ALL/` lists one object per level that exists (boundaryType, boundaryID,
boundaryYearRepresented, boundaryLicense, boundarySource, buildDate, gjDownloadURL); the GeoJSON lies with Git LFS behind a
redirect. Features have shapeName, shapeID, shapeISO, shapeGroup, shapeType and nothing above them: which levels there are for
Indonesia, and their licences (one from OpenStreetMap under ODbL, one from OCHA under CC BY 3.0 IGO), differ from build to build,
so it is asked and not assumed. Without codes a desa is found by its name only, with a `code_list`; COD-AB is the better start.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import FetchError, UsageError
from blankspot.sources.fetch.addresses import check_address
from blankspot.sources.fetch.archives import regency_named, write_layer
from blankspot.sources.fetch.catalogue import Asset, Order, Product
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds
    from blankspot.sources.fetch.http import Client

_VILLAGE_LEVEL: Final = 4
_REGENCY_LEVEL: Final = 2


def order(client: Client, *, fetch: Fetch, level: int, regency: str | None, bounds: Bounds | None) -> Order:
    """Return the order of one level, cut to a regency (its name) or to what bounds touch.

    Raises:
        FetchError: geoBoundaries does not answer as expected.
        UsageError: That level does not exist for Indonesia.
    """
    listing = f"{fetch.base_url.geoboundaries}/api/current/gbOpen/IDN/ALL/"
    answer = client.json(listing)
    listed = [one for one in (answer if isinstance(answer, list) else [answer]) if isinstance(one, dict)]
    levels = {str(one.get("boundaryType")): one for one in listed if one.get("gjDownloadURL")}
    if not levels:
        raise FetchError(
            Text(
                "geoBoundaries tidak mencantumkan batas Indonesia.", "geoBoundaries lists no boundaries of Indonesia."
            ),
            hint=Text("Coba --from hdx.", "Try --from hdx."),
        )
    if f"ADM{level}" not in levels:
        raise UsageError(
            Text(
                f"geoBoundaries tidak punya ADM{level} untuk Indonesia; yang ada: {', '.join(sorted(levels))}.",
                f"geoBoundaries has no ADM{level} for Indonesia; it has: {', '.join(sorted(levels))}.",
            ),
            hint=Text("Batas desa ada di: --from hdx.", "Boundaries of desa are at: --from hdx."),
        )
    needed = [level] + ([_REGENCY_LEVEL] if regency and level > _REGENCY_LEVEL else [])
    if needed[1:] and f"ADM{_REGENCY_LEVEL}" not in levels:
        raise UsageError(
            Text("Tanpa ADM2, kabupaten tidak dapat dipilih.", "Without ADM2 no regency can be chosen."),
            hint=Text("Pakai --bounds.", "Use --bounds."),
        )
    about = levels[f"ADM{level}"]

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        return _cut([path for path in paths if path is not None], target, level, regency, bounds)

    return Order(
        kind="boundaries" if level == _VILLAGE_LEVEL else None,
        product=_product(about, level),
        assets=tuple(_asset(levels[f"ADM{one}"], one, listing) for one in needed),
        target=f"geoboundaries_adm{level}.gpkg",
        write=write,
    )


def _asset(about: dict[str, Any], level: int, listing: str) -> Asset:
    url = check_address(str(about["gjDownloadURL"]), came_from=listing)
    release = re.sub(r"[^0-9A-Za-z-]", "", str(about.get("boundaryID") or "0"))
    return Asset(url=url, name=f"geoboundaries/{release}-ADM{level}.geojson", kind="json")


def _product(about: dict[str, Any], level: int) -> Product:
    said = {key: " ".join(str(about.get(key) or "").split())[:300] for key in about}
    licence = said.get("boundaryLicense", "") or "?"
    return Product(
        title=f"geoBoundaries gbOpen IDN ADM{level}",
        version=f"{said.get('boundaryID', '?')}, {said.get('boundaryYearRepresented', '?')}",
        licence=licence,
        licence_url=said.get("licenseSource") or "https://www.geoboundaries.org",
        attribution=f"geoBoundaries (www.geoboundaries.org); {said.get('boundarySource', '')}".rstrip("; "),
        caution=Text(
            "Tanpa kode wilayah: desa hanya dikenali dari namanya, dengan code_list.",
            "Without any codes: a desa is recognised by name alone, with a code_list.",
        ),
    )


def _cut(paths: Sequence[Path], target: Path, level: int, regency: str | None, bounds: Bounds | None) -> dict[str, int]:
    import pyogrio

    mask = None
    if regency is not None:
        regencies = pyogrio.read_dataframe(paths[-1])
        row = regency_named(regency, regencies["shapeName"].fillna("").astype("str").tolist())
        mask = regencies.geometry.iloc[row]
    frame = pyogrio.read_dataframe(paths[0], bbox=bounds if mask is None else mask.bounds)
    if mask is not None:
        frame = frame[frame.geometry.representative_point().within(mask)]
    if frame.empty:
        raise FetchError(
            Text(f"Tidak ada wilayah ADM{level} di sana.", f"There is no ADM{level} there."),
            hint=Text("Periksa --regency atau --bounds.", "Check --regency or --bounds."),
        )
    write_layer(frame, target, f"adm{level}")
    return {"areas": len(frame)}

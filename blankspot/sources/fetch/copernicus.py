"""Heights: Copernicus DEM GLO-30, one Cloud-Optimised GeoTIFF per square degree.

Layout (registry of open data on AWS, looked up 2026-11): `NAME/NAME.tif` with NAME such as
`Copernicus_DSM_COG_10_S07_00_E107_00_DEM`, the tile's south-west corner; 3600 × 3600 pixels of one second, float32 metres,
no nodata declared. Tiles of sea alone do not exist (404) and stand for height 0. It is a surface model of 2010–2015: trees
and houses are in it, so no clutter height belongs on top of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from blankspot.sources.fetch.catalogue import Asset, Order, Product, corner, tiles
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds

PRODUCT = Product(
    title="Copernicus DEM GLO-30",
    version="GLO-30 Public",
    licence="Copernicus WorldDEM-30",
    licence_url="https://spacedata.copernicus.eu/documents/20123/121286/CSCDA_ESA_Mission-specific+Annex_31_Oct_22.pdf",
    attribution=(
        "Produced using Copernicus WorldDEM-30 © DLR e.V. 2010–2014 and © Airbus Defence and Space GmbH 2014–2018 provided "
        "under COPERNICUS by the European Union and ESA; all rights reserved"
    ),
    caution=Text(
        "Model permukaan 30 m: pohon dan bangunan termasuk di dalamnya. Petak laut tidak ada dan dianggap 0 m.",
        "A surface model of 30 m: trees and houses are in it. Tiles of sea do not exist and stand for 0 m.",
    ),
)


def order(bounds: Bounds, *, fetch: Fetch) -> Order:
    """Return the order of the heights inside `bounds`."""
    assets = []
    for lat, lon in tiles(bounds, size_deg=1, most=fetch.tiles_max):
        south, west = corner(lat, lon)
        name = f"Copernicus_DSM_COG_10_{south}_00_{west}_00_DEM"
        url = f"{fetch.base_url.copernicus}/{name}/{name}.tif"
        assets.append(Asset(url=url, name=f"copernicus/{name}.tif", kind="tif", may_lack=True))

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        from blankspot.sources.fetch.mosaic import mosaic_land

        return mosaic_land(paths, target, bounds=bounds, fill=0.0, attribution=PRODUCT.attribution, unit="m")

    return Order(kind="terrain", product=PRODUCT, assets=tuple(assets), target="dem_glo30.tif", write=write)

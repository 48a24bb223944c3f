"""Land cover: ESA WorldCover 10 m of 2021, one Cloud-Optimised GeoTIFF per three degrees.

Layout (registry of open data on AWS, looked up 2026-11):
`v200/2021/map/ESA_WorldCover_10m_2021_v200_S09E105_Map.tif`, named after the south-west corner, which is a multiple of three
degrees; 36000 × 36000 bytes of class codes (10 tree cover, 20 shrubland, 30 grassland, 40 cropland, 50 built-up, 60 bare,
70 snow, 80 water, 90 wetland, 95 mangroves, 100 moss), 0 is no data. Tiles of sea alone do not exist. 2020 (v100) was made by
another algorithm and may not be compared with it.
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
    title="ESA WorldCover 10 m",
    version="2021 v200",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution=(
        "© ESA WorldCover project / Contains modified Copernicus Sentinel data (2021) processed by ESA WorldCover consortium"
    ),
    caution=Text(
        "Tutupan lahan dari citra satelit 2021; sekitar seperempat pikselnya keliru kelas.",
        "Land cover from satellite images of 2021; about a quarter of the pixels are of another class in truth.",
    ),
)


def order(bounds: Bounds, *, fetch: Fetch) -> Order:
    """Return the order of the land cover inside `bounds`."""
    assets = []
    for lat, lon in tiles(bounds, size_deg=3, most=fetch.tiles_max):
        name = "ESA_WorldCover_10m_2021_v200_{}{}_Map.tif".format(*corner(lat, lon))
        url = f"{fetch.base_url.worldcover}/v200/2021/map/{name}"
        assets.append(Asset(url=url, name=f"worldcover/{name}", kind="tif", may_lack=True))

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        from blankspot.sources.fetch.mosaic import mosaic_land

        return mosaic_land(paths, target, bounds=bounds, fill=0, attribution=PRODUCT.attribution)

    return Order(kind="land_cover", product=PRODUCT, assets=tuple(assets), target="worldcover_2021.tif", write=write)

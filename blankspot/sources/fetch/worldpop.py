"""People per pixel of about 100 m: WorldPop, one GeoTIFF for the whole country, cut to the area.

Layouts on the file server (looked up 2026-11), below `GIS/Population/`:

- `Global_2015_2030/R2025A/2025/IDN/v1/100m/constrained/idn_pop_2025_CN_100m_R2025A_v1.tif`: 2015–2030, people only where
  buildings were seen; about 170 MB; the release calls itself alpha and may change;
- `Global_2000_2020/2020/IDN/idn_ppp_2020.tif` and `idn_ppp_2020_UNadj.tif`: 2000–2020, unconstrained: people on every pixel
  of land, UNadj scaled to the United Nations' total of the country.

All are models that spread a census over pixels, not counts: a desa's sum may be far from its register.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from blankspot.errors import UsageError
from blankspot.sources.fetch.catalogue import Asset, Order, Product
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds

Layout = Literal["constrained", "unconstrained", "unconstrained-un"]
YEARS: dict[Layout, range] = {
    "constrained": range(2015, 2031),
    "unconstrained": range(2000, 2021),
    "unconstrained-un": range(2000, 2021),
}
PRODUCT = Product(
    title="WorldPop",
    version="",
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    attribution="WorldPop (www.worldpop.org), School of Geography and Environmental Science, University of Southampton",
    caution=Text(
        "Perkiraan model, bukan hasil hitung: jumlah per desa dapat jauh dari data kependudukan.",
        "A model's estimate, not a count: the sum of a desa may be far from its register.",
    ),
)


def order(bounds: Bounds, *, fetch: Fetch, year: int, layout: Layout = "constrained") -> Order:
    """Return the order of the people inside `bounds` in a year.

    Raises:
        UsageError: The layout has no such year.
    """
    years = YEARS[layout]
    if year not in years:
        raise UsageError(
            Text(f"WorldPop {layout} tidak punya tahun {year}.", f"WorldPop {layout} has no year {year}."),
            hint=Text(f"Yang ada: {years[0]} sampai {years[-1]}.", f"There are {years[0]} to {years[-1]}."),
        )
    if layout == "constrained":
        name = f"idn_pop_{year}_CN_100m_R2025A_v1.tif"
        place, release = f"Global_2015_2030/R2025A/{year}/IDN/v1/100m/constrained", "R2025A v1 (alpha)"
    else:
        name = f"idn_ppp_{year}{'_UNadj' if layout.endswith('un') else ''}.tif"
        place, release = f"Global_2000_2020/{year}/IDN", "Global 2000–2020"
    product = replace(PRODUCT, version=f"{year}, {layout}, {release}")
    asset = Asset(url=f"{fetch.base_url.worldpop}/GIS/Population/{place}/{name}", name=f"worldpop/{name}", kind="tif")

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        from blankspot.sources.fetch.mosaic import mosaic

        there = [path for path in paths if path is not None]
        return mosaic(
            there, target, bounds=bounds, tags={"TIFFTAG_COPYRIGHT": product.attribution}, unit="people per pixel"
        )

    return Order(kind="population", product=product, assets=(asset,), target=f"worldpop_{year}.tif", write=write)

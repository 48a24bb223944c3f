"""A STAC item per published raster: where it lies, its bands with nodata, unit and figures, and the digest of its file."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.publish.licences import find

if TYPE_CHECKING:
    from blankspot.out.publish.publication import About
    from blankspot.out.publish.rasters import Band
    from blankspot.out.publish.written import Written

_EXTENSIONS: Final = (
    "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "https://stac-extensions.github.io/raster/v1.1.0/schema.json",
    "https://stac-extensions.github.io/file/v2.1.0/schema.json",
)
_COG: Final = "image/tiff; application=geotiff; profile=cloud-optimized"
_SHA256: Final = "1220"  # a multihash begins with its algorithm and length


def stac_item(about: About, file: Written) -> str:
    """Return the item of a raster as JSON text.

    Args:
        about: What is said of the whole.
        file: A file with a raster; the item stands beside it.
    """
    import pystac

    raster = file.raster
    if raster is None:
        raise TypeError(f"{file.path} holds no raster")
    west, south, east, north = raster.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    licence = find(raster.source.licence) if raster.source.licence else about.licence
    properties: dict[str, Any] = {
        "title": raster.title.of(about.lang),
        "license": licence.id,
        "providers": [{"name": about.publisher, "roles": ["producer", "host"]}],
        "proj:code": f"EPSG:{raster.epsg}" if raster.epsg else None,
        "proj:shape": list(raster.shape),
        "proj:transform": list(raster.transform),
        "blankspot:thresholds": about.profile,
        "blankspot:software": about.software,
    }
    if raster.epsg is None:
        properties["proj:wkt2"] = raster.crs
    item = pystac.Item(
        id=f"{about.slug}-{raster.source.name}",
        geometry={"type": "Polygon", "coordinates": [ring]},
        bbox=[west, south, east, north],
        datetime=dt.datetime(about.as_of.year, about.as_of.month, about.as_of.day, tzinfo=dt.UTC),
        properties=properties,
        stac_extensions=list(_EXTENSIONS),
    )
    name = file.path.rpartition("/")[2]
    extra = {
        "raster:bands": [_band(one) for one in raster.bands],
        "file:size": file.bytes,
        "file:checksum": _SHA256 + file.sha256,
    }
    item.add_asset("data", pystac.Asset(href=f"./{name}", media_type=_COG, roles=["data"], extra_fields=extra))
    return json.dumps(item.to_dict(include_self_link=False), ensure_ascii=False, indent=2) + "\n"


def _band(band: Band) -> dict[str, Any]:
    figures = {"minimum": band.minimum, "maximum": band.maximum, "mean": band.mean, "valid_percent": band.valid_percent}
    stored = {} if (band.scale, band.offset) == (1.0, 0.0) else {"scale": band.scale, "offset": band.offset}
    return {
        "name": band.name,
        "data_type": band.dtype,
        "nodata": band.nodata,
        **stored,
        "unit": band.unit,
        "sampling": "area",
        "statistics": {name: value for name, value in figures.items() if value is not None},
    }

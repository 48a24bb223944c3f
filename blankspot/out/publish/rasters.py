"""Rasters as Cloud-Optimised GeoTIFF: written anew from their pixels, so that nothing of the source's tags comes along.

EXIF, tags of a logger, a scanner or a person's machine stay where they are; only pixels, place, nodata, unit and our own
provenance leave. An explicit nodata value is a must; a raster of counted people loses the pixels in which fewer than
`public.devices_min` live, because a pixel of one household is that household. Counts are told from estimates by being whole
numbers: the fractions of a modelled raster (WorldPop and the like) point at nobody.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import rasterio
import rasterio.errors
import rasterio.shutil

from blankspot.errors import SourceError
from blankspot.out.files import atomic
from blankspot.out.publish.columns import safe_words
from blankspot.words import LANGS, Text

if TYPE_CHECKING:
    from blankspot.out.publish.held import HeldBack
    from blankspot.out.publish.publication import About

_TILE: Final = 512
_FLOAT_NODATA: Final = -99999.0
_WIDER: Final = {"uint8": "int16", "int8": "int16", "uint16": "int32", "int16": "int32"}  # a type with room for nodata
RASTER_TITLES: Final = {
    "population": Text("Penduduk per piksel", "People per pixel"),
    "terrain": Text("Ketinggian medan", "Terrain height"),
    "coverage": Text("Prediksi cakupan sinyal", "Predicted signal coverage"),
    "coverage_sd": Text("Simpangan baku prediksi cakupan sinyal", "Standard deviation of predicted signal coverage"),
}
_COARSE: Final = Text("{title} (kasar, tanpa data ketinggian)", "{title} (coarse, without terrain)")
_UNITS: Final = {"population": "jiwa", "terrain": "m", "coverage": "dBm", "coverage_sd": "dB"}


@dataclass(frozen=True, kw_only=True)
class RasterSource:
    """A raster of the workspace that may leave.

    Attributes:
        path: Where it lies; a zip with one raster in it will do.
        kind: population, terrain, coverage or coverage_sd.
        name: Stem of its published file.
        licence: As the workspace states it; "" where it does not.
        bands: What each band is called in public; numbered after its kind where nothing is given.
        coarse: Predicted without terrain.
    """

    path: Path
    kind: str
    name: str
    licence: str = ""
    bands: tuple[str, ...] = ()
    coarse: bool = False

    @property
    def title(self) -> Text:
        """What it shows."""
        title = RASTER_TITLES[self.kind]
        return Text(*(_COARSE.of(lang).format(title=title.of(lang)) for lang in LANGS)) if self.coarse else title


@dataclass(frozen=True, kw_only=True)
class OpenRaster:
    """A raster as it left."""

    source: RasterSource
    file: str
    title: Text
    crs: str
    epsg: int | None
    transform: tuple[float, ...]
    shape: tuple[int, int]
    bounds: tuple[float, float, float, float]
    bands: tuple[Band, ...]


@dataclass(frozen=True, kw_only=True)
class Band:
    """What STAC says of a band; the figures are in its unit, and None where it holds no value."""

    name: str
    dtype: str
    nodata: float
    scale: float
    offset: float
    unit: str
    minimum: float | None
    maximum: float | None
    mean: float | None
    valid_percent: float


def write_cog(folder: Path, source: RasterSource, about: About, *, devices_min: int, held: HeldBack) -> OpenRaster:
    """Write a raster of the workspace as COG into a folder.

    Raises:
        SourceError: It cannot be read, or does not say where it lies.
        OutputError: It cannot be written.
    """
    target = folder / f"{source.name}.tif"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            opened = rasterio.open(_readable(source.path))
        with opened as raster:
            _refuse_without_place(raster, source)
            return _copy(target, raster, source, about, devices_min, held)
    except (rasterio.errors.RasterioError, rasterio.errors.RasterioIOError) as error:
        raise SourceError(
            Text(
                f"Raster {source.path.name} tidak dapat diterbitkan: {error}.",
                f"Raster {source.path.name} cannot be published: {error}.",
            ),
            hint=Text("Periksa berkasnya dengan gdalinfo.", "Look at the file with gdalinfo."),
        ) from error


def _readable(path: Path) -> str:
    """Return how GDAL is told to open a file, or the one raster inside a zip."""
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return str(path)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
    return f"/vsizip/{path.resolve()}/{names[0]}" if len(names) == 1 else f"/vsizip/{path.resolve()}"


def _refuse_without_place(raster: Any, source: RasterSource) -> None:
    if raster.crs is None:
        raise SourceError(
            Text(
                f"Raster {source.path.name} tidak menyebut CRS-nya.", f"Raster {source.path.name} does not say its CRS."
            ),
            hint=Text(
                "Sertakan .prj atau tetapkan CRS-nya dengan gdal_edit.", "Add its .prj or set it with gdal_edit."
            ),
        )


def _copy(
    target: Path, raster: Any, source: RasterSource, about: About, devices_min: int, held: HeldBack
) -> OpenRaster:
    nodata, dtype = _nodata(raster)
    workshop = Path(tempfile.mkdtemp(prefix=".blankspot-cog-", dir=target.parent))
    try:
        plain = workshop / "plain.tif"
        profile = {
            "driver": "GTiff", "width": raster.width, "height": raster.height, "count": raster.count, "dtype": dtype,
            "crs": raster.crs, "transform": raster.transform, "nodata": nodata, "tiled": True, "BIGTIFF": "IF_SAFER",
        }  # fmt: skip
        few, bands = 0, []
        with rasterio.open(plain, "w", **profile) as copy:
            copy.update_tags(**_tags(source, about))
            copy.scales, copy.offsets = raster.scales, raster.offsets
            for at in range(1, raster.count + 1):
                hidden, band = _copy_band(raster, copy, at, nodata, dtype, source, devices_min)
                few += hidden
                bands.append(band)
        held.add(f"raster/{source.name}", "", few, "few_people", str(devices_min))
        with atomic(target) as temporary:
            rasterio.shutil.copy(
                plain, temporary, driver="COG", compress="DEFLATE", predictor="YES", blocksize=_TILE, overviews="AUTO",
                overview_resampling=_resampling(source), num_threads="1",
            )  # fmt: skip
        return _described(target, raster, source, tuple(bands))
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _nodata(raster: Any) -> tuple[float, str]:
    """Return the nodata value of the copy, which the values cannot hold, and the type that can hold both."""
    dtype = np.result_type(*map(np.dtype, raster.dtypes))
    declared = raster.nodata
    if declared is not None and np.isfinite(declared) and abs(declared) < 1e30:  # noqa: PLR2004 - the ends of types are no marks
        return float(declared), dtype.name
    if dtype.kind == "f":
        return _FLOAT_NODATA, dtype.name
    wider = _WIDER.get(dtype.name, "float64")
    return -32768.0 if wider == "int16" else _FLOAT_NODATA, wider


def _copy_band(
    raster: Any, copy: Any, at: int, nodata: float, dtype: str, source: RasterSource, devices_min: int
) -> tuple[int, Band]:
    """Copy a band block by block and return how many pixels were emptied and what it holds."""
    counted = source.kind == "population" and _is_counted(raster, at)
    scale, offset = float(raster.scales[at - 1]), float(raster.offsets[at - 1])
    hidden, seen, total = 0, 0, 0.0
    low, high = np.inf, -np.inf
    for _, window in copy.block_windows(1):
        values = raster.read(at, window=window)
        filled = (raster.read_masks(at, window=window) > 0) & np.isfinite(values)
        if counted:
            people = values * scale + offset
            few = filled & (people > 0) & (people < devices_min)
            hidden += int(few.sum())
            filled &= ~few
        copy.write(np.where(filled, values, nodata).astype(dtype), at, window=window)
        if filled.any():
            inside = values[filled].astype(np.float64) * scale + offset
            seen, total = seen + inside.size, total + float(inside.sum())
            low, high = min(low, float(inside.min())), max(high, float(inside.max()))
    unit = _UNITS[source.kind]
    copy.set_band_unit(at, unit)
    numbered = source.kind if raster.count == 1 else f"{source.kind}_{at}"
    name = source.bands[at - 1] if source.bands else numbered
    copy.set_band_description(at, name)
    return hidden, Band(
        name=name,
        dtype=dtype,
        nodata=nodata,
        scale=scale,
        offset=offset,
        unit=unit,
        minimum=round(low, 6) if seen else None,
        maximum=round(high, 6) if seen else None,
        mean=round(total / seen, 6) if seen else None,
        valid_percent=round(100 * seen / (raster.width * raster.height), 4),
    )


def _is_counted(raster: Any, at: int) -> bool:
    """Tell whether a band holds whole numbers only: people counted, and not estimated."""
    for _, window in raster.block_windows(at):
        values = raster.read(at, window=window)
        filled = values[(raster.read_masks(at, window=window) > 0) & np.isfinite(values)]
        if (filled != np.rint(filled)).any():
            return False
    return True


def _resampling(source: RasterSource) -> str:
    """Average heights only: a mean of people or of levels would be told of a place where nobody counted or predicted it."""
    return "AVERAGE" if source.kind == "terrain" else "NEAREST"


def _tags(source: RasterSource, about: About) -> dict[str, str]:
    return {
        "TIFFTAG_SOFTWARE": about.software,
        "TIFFTAG_IMAGEDESCRIPTION": source.title.of(about.lang),
        "TIFFTAG_COPYRIGHT": next(iter(safe_words([source.licence])), about.licence.id),
        "AS_OF": about.as_of.isoformat(),
        "PUBLISHER": about.publisher,
        "THRESHOLDS": about.profile,
    }


def _described(target: Path, raster: Any, source: RasterSource, bands: tuple[Band, ...]) -> OpenRaster:
    from rasterio.warp import transform_bounds

    west, south, east, north = transform_bounds(raster.crs, "EPSG:4326", *raster.bounds, densify_pts=21)
    return OpenRaster(
        source=source,
        file=target.name,
        title=source.title,
        crs=raster.crs.to_wkt(),
        epsg=raster.crs.to_epsg(),
        transform=tuple(raster.transform)[:6],
        shape=(raster.height, raster.width),
        bounds=(round(west, 6), round(south, 6), round(east, 6), round(north, 6)),
        bands=bands,
    )

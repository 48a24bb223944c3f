"""What is said of terrain once it is open: what was assumed, filled, missing, taken as sea; all of it in numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from affine import Affine

from blankspot.coverage import pixel_window
from blankspot.errors import SourceError
from blankspot.sources import terrain_faults as faults
from blankspot.sources.mosaic import overlap
from blankspot.sources.rasters import Entry
from blankspot.words import LANGS, Text, number

if TYPE_CHECKING:
    from collections import Counter

    from blankspot.check import Severity
    from blankspot.sources.lattice import Missing
    from blankspot.sources.mosaic import Mosaic
    from blankspot.sources.terrain import Bounds, FileTerrain, Sea
    from blankspot.terrain import Surface, Window
    from blankspot.words import Lang

_FAR_PIXELS: Final = 10_000_000
_CODES_SHOWN: Final = 8
_SURFACE_MODELS: Final = re.compile(
    r"copernicus|glo[-_ ]?30|glo[-_ ]?90|cop[-_]?dem|alos|aw3d|srtm|nasadem|aster|\.hgt|[ns]\d{2,3}[ew]\d{3}",
    re.IGNORECASE,
)
_DECLARED: Final = re.compile(r"\bsurface=(dsm|dtm)\b", re.IGNORECASE)
_ASSUMED: Final = Text(
    "Tidak dinyatakan apakah ketinggian memuat pohon dan bangunan; dianggap model permukaan (DSM){guess}. Nyatakan "
    'surface = "dsm" atau "dtm" pada sumbernya.',
    "It is not declared whether heights contain trees and houses; a surface model (DSM) is assumed{guess}. Declare "
    'surface = "dsm" or "dtm" with the source.',
)
_SEABED: Final = Text(
    "Raster memuat dasar laut (sampai {value}); yang dianggap laut: {policy}.",
    "The raster holds the sea's bed (down to {value}); what counts as sea: {policy}.",
)
_POLICIES: Final[dict[Sea, Text]] = {
    "zero": Text("hamparan tepat 0 m", "wide areas of exactly 0 m"),
    "below_zero": Text("hamparan 0 m ke bawah, dihitung 0 m", "wide areas of 0 m and below, taken as 0 m"),
    "void": Text(
        "hamparan tanpa ketinggian atau tepat 0 m, dihitung 0 m",
        "wide areas without height or of exactly 0 m, taken as 0 m",
    ),
    "none": Text("tidak ada", "nothing"),
}
_SEA: Final = Text("{n} piksel ({share} %) adalah laut: {policy}.", "{n} pixels ({share} %) are sea: {policy}.")
_FILLED: Final = Text(
    "{n} piksel kosong di celah sempit (paling lebar {most} piksel) diisi dengan garis lurus di antara tepinya.",
    "{n} empty pixels in narrow gaps (at most {most} pixels wide) were filled with straight lines between their edges.",
)
_VOID: Final = Text(
    "{n} piksel ({share} %) tidak punya ketinggian dan tidak diprediksi. Lengkapi rasternya; bila itu laut, nyatakan "
    'sea = "void" pada sumbernya.',
    "{n} pixels ({share} %) have no height and are not predicted. Complete the raster; if that is sea, declare "
    'sea = "void" with the source.',
)
_SEA_TILES: Final = Text(
    "{value} petak tidak ada di tepi laut dan dianggap laut (0 m). Bila sebenarnya darat, tambahkan petaknya.",
    "{value} tiles beside the sea are missing and taken as sea (0 m). If they are land, add them.",
)
_GAPS: Final = Text(
    "{value} petak di samping daratan tidak ada; di sana tidak ada data. Tambahkan petaknya.",
    "{value} tiles beside land are missing; there is no data there. Add them.",
)
_PARTLY: Final = Text(
    "Hanya {share} % dari wilayah yang diminta terliput raster; di luarnya tidak diprediksi. Tambahkan raster di "
    "sekitarnya.",
    "Only {share} % of the area asked for is covered; nothing is predicted outside. Add rasters around it.",
)
_SAMPLED: Final = Text(
    "Raster sangat besar; kesalahannya dicari pada sebagian piksel saja. Sebutkan wilayahnya agar diperiksa semua.",
    "The raster is very large; faults were looked for in a part of the pixels. Name the area to have all of them checked.",
)
_CLASSES: Final = Text(
    "Kelas tutupan lahan {value} tidak dikenal; dianggap tanpa tinggi. Isi tingginya di [settings.radio.clutter_m].",
    "Classes {value} of land cover are not known; no height is assumed. Give their heights in [settings.radio.clutter_m].",
)
_BARE: Final = Text(
    "{share} % dari wilayah tidak punya kelas tutupan lahan; di sana tidak ada tinggi tambahan.",
    "{share} % of the area have no class of land cover; no height is added there.",
)


def surface_of(mosaic: Mosaic, declared: Surface | None) -> tuple[Surface, list[Entry]]:
    """Return what heights show: as declared, as a tag of the file says, else a surface model, and that it is assumed."""
    if declared is not None:
        return declared, []
    first = mosaic.tiles[0]
    tagged = _DECLARED.search(first.tags)
    if tagged:
        return ("dsm" if tagged.group(1).lower() == "dsm" else "dtm"), []
    known = _SURFACE_MODELS.search(f"{first.name} {first.tags}")
    guess = (
        Text(f", karena bernama {known.group(0)}", f", because it is called {known.group(0)}")
        if known
        else Text("", "")
    )
    message = Text(*(_ASSUMED.of(lang).replace("{guess}", guess.of(lang)) for lang in LANGS))
    return "dsm", [Entry("noted", "surface_assumed", message, "dsm", first.name)]


def seabed(found: dict[str, faults.Facts], policy: Sea) -> Entry:
    """Return that the raster holds the sea's bed, and what is done about it."""
    name, facts = min(found.items(), key=lambda one: one[1].low)
    message = Text(*(_SEABED.of(lang).replace("{policy}", _POLICIES[policy].of(lang)) for lang in LANGS))
    return Entry("noted" if policy == "zero" else "repaired", "seabed", message, f"{facts.low:.0f} m", name)


def missing_entries(missing: Missing, mosaic: Mosaic, looked: Window) -> list[Entry]:
    """Return how many tiles are missing in a window, at sea and on land."""
    said = []
    for rule, message, cells in (("tiles_at_sea", _SEA_TILES, missing.sea), ("tiles_missing", _GAPS, missing.gaps)):
        reached = sum(overlap(cell, looked) is not None for cell in cells)
        if reached:
            said.append(Entry("noted", rule, message, str(reached), mosaic.tiles[0].name))
    return said


def counted(terrain: FileTerrain, looked: Window, found: dict[str, faults.Facts], missing: Missing) -> list[Entry]:
    """Return what became of voids and sea, in numbers; the files are read again only where there may be any."""
    name = faults.listed(list(found))
    said = [Entry("noted", "sampled", _SAMPLED, "", name)] if faults.is_sampled(looked) else []
    covered = sum(facts.pixels for facts in found.values())
    if (
        not any(facts.empty or facts.flat for facts in found.values())
        and not missing.sea
        and covered >= looked[2] * looked[3]
    ):
        return said
    pixels = wet = void = filled = 0
    for part in faults.chunks(looked):
        values, sea, repaired = terrain.native(part)
        pixels += values.size
        wet += int(np.count_nonzero(sea))
        void += int(np.count_nonzero(np.isnan(values)))
        filled += int(np.count_nonzero(repaired))
    policy = _POLICIES[terrain.policy]
    counts: tuple[tuple[Severity, str, Text, int], ...] = (
        ("repaired", "holes_filled", _FILLED, filled), ("noted", "voids", _VOID, void), ("noted", "sea", _SEA, wet),
    )  # fmt: skip
    for severity, rule, message, count in counts:
        if count:
            told = {lang: _numbers(count, pixels, lang) for lang in LANGS}
            text = Text(
                *(
                    message.of(lang).format(**told[lang], policy=policy.of(lang), most=terrain.hole_max_pixels)
                    for lang in LANGS
                )
            )
            said.append(Entry(severity, rule, text, str(count), name))
    return said


def _numbers(part: float, whole: float, lang: Lang) -> dict[str, str]:
    return {"n": number(part, lang=lang), "share": number(100 * part / whole, 1, lang=lang)}


def uncovered(mosaic: Mosaic, area: Bounds | None, looked: Window) -> list[Entry]:
    """Return that the grid ends inside the area, if it does."""
    if area is None:
        return []
    around = mosaic.transform @ Affine.translation(-_FAR_PIXELS, -_FAR_PIXELS)
    _, _, rows, columns = pixel_window(around, mosaic.crs, (2 * _FAR_PIXELS, 2 * _FAR_PIXELS), area)
    if looked[2:] == (rows, columns):
        return []
    part, whole = looked[2] * looked[3], rows * columns
    message = Text(*(_PARTLY.of(lang).format(**_numbers(part, whole, lang)) for lang in LANGS))
    return [Entry("noted", "area_partly_covered", message, f"{100 * part / whole:.1f} %", mosaic.tiles[0].name)]


def away(mosaic: Mosaic) -> SourceError:
    """Return the refusal of heights of elsewhere."""
    names = faults.listed([tile.name for tile in mosaic.tiles])
    return SourceError(
        Text(f"{names} tidak meliputi wilayah yang diminta.", f"{names} does not cover the area asked for."),
        hint=Text(
            "Pakai raster ketinggian wilayah yang sama (blankspot fetch dem).",
            "Use a raster of heights of the same area (blankspot fetch dem).",
        ),
    )


def classes(strange: Counter[float], empty: int, pixels: int, name: str) -> list[Entry]:
    """Return what is to be said of land cover: classes without a height, and pixels without a class."""
    said = []
    if strange:
        value = ", ".join(f"{code:g} ({count}×)" for code, count in sorted(strange.items())[:_CODES_SHOWN])
        said.append(Entry("noted", "class_unknown", _CLASSES, value, name))
    if empty:
        message = Text(*(_BARE.of(lang).format(**_numbers(empty, pixels, lang)) for lang in LANGS))
        said.append(Entry("noted", "class_missing", message, str(empty), name))
    return said

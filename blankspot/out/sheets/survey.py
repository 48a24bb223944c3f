"""Frames as a survey: geometry projected once for all sheets of a set, and of every village only what a sheet may show.

Columns are named one by one, so that nothing that must not leave the office slips onto paper with a frame that has it. Names
are places and not people; notes, letters, money and reporters are never read.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot import __version__
from blankspot.errors import UsageError
from blankspot.geo import assert_wgs84
from blankspot.out.lettering import known
from blankspot.out.maps.shapes import polygons
from blankspot.out.maps.tables import require
from blankspot.out.palette import CONFIDENCE_TINT, OUTLINE_OF
from blankspot.out.sheets.model import (
    NOT_JUDGED,
    Lines,
    Place,
    Points,
    Share,
    Sheet,
    SourceLine,
    Survey,
    Villages,
    frame_column,
    parent_code,
)
from blankspot.out.sheets.projection import projection_of
from blankspot.out.standing import HANDLED, latest_first
from blankspot.schema import SIGNAL_CLASSES
from blankspot.words import LANGS, Text, is_coarse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from blankspot.out.maps.draw import Achievement
    from blankspot.out.sheets.model import Agency, Symbol
    from blankspot.out.sheets.projection import Projection
    from blankspot.settings import Provenance, Settings
    from blankspot.words import Lang

_SITES: Final = {"active": "site_active", "planned": "site_planned", "inactive": "site_inactive"}


def survey_of(  # noqa: PLR0913 - one argument per table
    villages: gpd.GeoDataFrame,
    *,
    verdicts: pd.DataFrame | None,
    handling: pd.DataFrame | None,
    points: Mapping[Symbol, pd.DataFrame | None],
    lines: Mapping[str, gpd.GeoDataFrame | None],
    progress: Achievement | None,
    shares: Mapping[str, tuple[int, int]],
    provenance: Provenance | None,
    agency: Agency | None,
    logo: Path | None,
    title: str | None,
    edition: int,
    lang: Lang,
    settings: Settings,
) -> Survey:
    """Return what sheets of these tables are made from.

    Raises:
        UsageError: A frame lacks columns or is not in EPSG:4326, or no village has a geometry.
    """
    if lang not in LANGS:
        raise UsageError(
            Text(f"Bahasa {lang!r} tidak tersedia.", f"There is no language {lang!r}."),
            hint=Text(f"Pilih: {', '.join(LANGS)}.", f"Choose: {', '.join(LANGS)}."),
        )
    require(villages, "villages", ("village_code", "village_name", "geometry"))
    if len(villages):
        assert_wgs84(villages)
    degrees = polygons(villages.geometry.to_numpy()) if len(villages) else np.array([], dtype=object)
    if not len(degrees) or all(shape is None for shape in degrees):
        raise nothing_to_draw(len(degrees))
    projection = projection_of(degrees)
    as_of = provenance.as_of if provenance else progress.as_of if progress else None
    told = (
        {} if progress is None else {"": Share(progress.numerator, progress.denominator, progress.year, progress.as_of)}
    )
    if progress is not None:
        told |= {code: Share(*pair, progress.year, progress.as_of) for code, pair in shares.items() if code}
    rows = _villages(villages, projection.shapes(_mended(degrees)), verdicts, handling)
    return Survey(
        villages=rows,
        projection=projection,
        points=tuple(_points(points, projection)),
        lines=tuple(_lines(lines, projection)),
        names=_names(villages),
        shares=told,
        sources=tuple(_sources(provenance)),
        profile=provenance.profile_label if provenance else settings.profile_label,
        version=provenance.version if provenance else __version__,
        as_of=as_of,
        agency=agency,
        logo=logo,
        title=known(title or (provenance.title if provenance else "")),
        edition=edition,
        lang=lang,
    )


def drawable(villages: gpd.GeoDataFrame) -> bool:
    """Tell whether at least one village has a border."""
    return any(shape is not None for shape in polygons(villages.geometry.to_numpy()))


def whole(survey: Survey) -> Sheet:
    """Return the one sheet of everything: the deepest area that all villages lie in."""
    codes = sorted({code for code in survey.villages.code if code}) or [""]
    first, last = codes[0].split("."), codes[-1].split(".")  # what both begin with, all between them do
    depth = 0
    while depth < min(len(first), len(last)) and first[depth] == last[depth]:
        depth += 1
    area = ".".join(first[:depth])
    return Sheet(Place(area, _name(survey, area) or survey.title), np.ones(len(survey.villages.code), dtype=bool))


def part(survey: Survey, code: str) -> Sheet:
    """Return the sheet of one kecamatan, kabupaten or village; what lies around it is drawn faintly.

    Raises:
        UsageError: Nothing of it can be drawn.
    """
    rows = np.array([f"{one}.".startswith(f"{code}.") for one in survey.villages.code], dtype=bool)
    if not (rows & survey.villages.drawn).any():
        raise nothing_to_draw(int(rows.sum()), code)
    return Sheet(Place(code, _name(survey, code) or code), rows)


def _name(survey: Survey, code: str) -> str:
    """Return the name of an area or a village, "" where none is told."""
    at = np.flatnonzero(survey.villages.code == code)
    return str(survey.villages.name[at[0]]) if len(at) else survey.names.get(code, "")


def by_district(survey: Survey) -> tuple[list[Sheet], list[Place]]:
    """Return one sheet per kecamatan in the order of codes, and the kecamatan of which nothing can be drawn."""
    of_district = survey.villages.district
    codes = sorted(set(of_district))
    there = {code: (of_district == code) for code in codes}
    drawn = [code for code in codes if (there[code] & survey.villages.drawn).any()]
    series = tuple(Place(code, survey.names.get(code, code)) for code in drawn)
    sheets = [Sheet(place, there[place.code], at, series) for at, place in enumerate(series, start=1)]
    return sheets, [Place(code, survey.names.get(code, code)) for code in codes if code not in drawn]


def nothing_to_draw(rows: int, code: str = "") -> UsageError:
    """Return the error of a sheet without a single border."""
    where = Text(f" {code}", f" {code}") if code else Text("", "")
    return UsageError(
        Text(
            f"Tidak ada yang dapat digambar pada lembar peta{where.id}: {rows} desa, tidak satu pun memiliki batas.",
            f"There is nothing to draw on the map sheet{where.en}: {rows} villages, none of which has a border.",
        ),
        hint=Text(
            "Periksa [sources] boundaries di blankspot.toml dan baris yang ditolak di out/rejects.",
            "Check [sources] boundaries in blankspot.toml and the rows refused in out/rejects.",
        ),
    )


def _villages(
    frame: gpd.GeoDataFrame, shapes: NDArray[Any], verdicts: pd.DataFrame | None, handling: pd.DataFrame | None
) -> Villages:
    codes = frame_column(frame, "village_code")
    classes, confidences = _verdicts(codes, verdicts)
    stages = _stages(codes, handling)
    done = np.array([stage in HANDLED for stage in stages], dtype=bool)
    districts = np.array([parent_code(code) for code in codes], dtype=object)
    regencies = np.array([parent_code(code) for code in districts], dtype=object)
    return Villages(
        code=codes,
        name=np.array([known(name) for name in frame_column(frame, "village_name")], dtype=object),
        shape=shapes,
        signal_class=classes,
        confidence=confidences,
        outline=np.array([OUTLINE_OF.get(stage, "") for stage in stages], dtype=object),
        open_gap=(classes == "none") & ~done,
        district=districts,
        regency=regencies,
        province=np.array([parent_code(code) for code in regencies], dtype=object),
        judged=verdicts is not None,
        coarse=verdicts is not None and any(map(is_coarse, frame_column(verdicts, "rule"))),
    )


def _verdicts(codes: NDArray[Any], verdicts: pd.DataFrame | None) -> tuple[NDArray[Any], NDArray[Any]]:
    blank = np.full(len(codes), NOT_JUDGED, dtype=object)
    if verdicts is None or verdicts.empty:
        return blank, blank.copy()
    require(verdicts, "verdicts", ("village_code", "signal_class"))
    of_village = frame_column(verdicts, "village_code")
    classes = dict(zip(of_village, frame_column(verdicts, "signal_class"), strict=True))
    confidences = dict(zip(of_village, frame_column(verdicts, "confidence"), strict=True))
    known_classes = [classes.get(code, "") if classes.get(code, "") in SIGNAL_CLASSES else "" for code in codes]
    sure = [confidences.get(code, "") if confidences.get(code, "") in CONFIDENCE_TINT else "" for code in codes]
    return np.array(known_classes, dtype=object), np.array(sure, dtype=object)


def _stages(codes: NDArray[Any], handling: pd.DataFrame | None) -> list[str]:
    """Return the stage at which each village stands, "" where nobody handles it."""
    if handling is None or handling.empty:
        return [""] * len(codes)
    require(handling, "handling", ("village_code", "stage"))
    stages = [""] * len(codes)
    latest = latest_first(handling, list(codes)).drop_duplicates("_row")
    for row, stage in zip(latest["_row"], frame_column(latest, "stage"), strict=True):
        stages[row] = stage
    return stages


def _mended(degrees: NDArray[Any]) -> NDArray[Any]:
    """Return valid polygons: real borders cross themselves, and a plotter's fill would tell another shape than the map's."""
    shapes = degrees.copy()
    faulty = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    for row in np.flatnonzero(faulty):
        try:
            shapes[row] = shapely.make_valid(shapes[row])
        except shapely.errors.GEOSException:
            shapes[row] = shapely.buffer(shapes[row], 0)  # what no repair understands still has an inside
    shapes[faulty] = polygons(shapes[faulty])
    return shapes


def _points(tables: Mapping[Symbol, pd.DataFrame | None], projection: Projection) -> Iterable[Points]:
    for kind, table in tables.items():
        if table is None or table.empty:
            continue
        require(table, kind, ("lon", "lat"))
        symbols = np.full(len(table), {"internet": "internet", "facilities": "facility"}.get(kind, ""), dtype=object)
        if kind == "sites":
            status = frame_column(table, "status")
            guessed = frame_column(table, "position_quality") == "crowdsourced"
            symbols = np.array([_SITES.get(one, "site_active") for one in status], dtype=object)
            symbols[guessed] = "site_crowdsourced"
        lon, lat = (pd.to_numeric(table[name], errors="coerce").to_numpy(float) for name in ("lon", "lat"))
        fine = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) < 90)  # noqa: PLR2004 - a pole
        x, y = projection.forward(lon[fine], lat[fine])
        for symbol in dict.fromkeys(symbols[fine]):
            chosen = (symbols[fine] == symbol) & np.isfinite(x) & np.isfinite(y)
            yield Points(symbol=symbol, x=x[chosen], y=y[chosen])


def _lines(tables: Mapping[str, gpd.GeoDataFrame | None], projection: Projection) -> Iterable[Lines]:
    for kind, table in tables.items():
        if table is None or table.empty:
            continue
        assert_wgs84(table)
        shapes = table.geometry.to_numpy()
        kept = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
        yield Lines(kind=kind, shape=projection.shapes(kept))  # type: ignore[arg-type]  # one of the two the caller names


def _names(frame: pd.DataFrame) -> dict[str, str]:
    """Return the names of kecamatan, kabupaten and provinces by code, as the villages tell them; the first that tells one."""
    found: dict[str, str] = {}
    codes = [parent_code(code) for code in frame_column(frame, "village_code")]
    for column in ("district", "regency", "province"):
        for code, name in zip(codes, frame_column(frame, column), strict=True):
            if code and known(name):
                found.setdefault(code, known(name))
        codes = [parent_code(code) for code in codes]
    return found


def _sources(provenance: Provenance | None) -> Iterable[SourceLine]:
    for source in provenance.sources if provenance else ():
        yield SourceLine(
            name=known(PurePath(source.name).name), licence=known(source.licence), rows=source.rows_accepted
        )

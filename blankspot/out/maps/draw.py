"""Drawing the map: which tables become which layers, and what the panel says.

Layers exist where a table was given. Every village is on the page, whether or not anything is known about it; what is
not known is said so. Longer than most because a map takes one argument per table, twice: to draw it and to write it.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING, Any, Final, Protocol

from blankspot import __version__, corrections
from blankspot.errors import UsageError
from blankspot.geo import assert_wgs84
from blankspot.out.files import atomic
from blankspot.out.maps import seam, shapes, tables
from blankspot.out.maps.basemaps import find_basemap
from blankspot.out.maps.history import history_table
from blankspot.out.maps.page import Page
from blankspot.out.maps.payload import EPOCH, clean, pack
from blankspot.out.maps.rasters import encode_layers
from blankspot.out.maps.texts import label_texts, page_texts
from blankspot.out.standing import HANDLED
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.words import LANGS, Text, date_text, is_coarse, label, number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import folium
    import geopandas as gpd
    import pandas as pd

    from blankspot.out.maps.history import History
    from blankspot.out.maps.rasters import Overlay, Plan
    from blankspot.settings import Provenance, Settings
    from blankspot.words import Lang

_ATTRIBUTION_MAX: Final = 60  # letters; what fits beside the scale on a phone
_TABLE_ROWS_MAX: Final = 2000  # of the table without script; more would cost every reader more than it helps a few


class Achievement(Protocol):
    """Progress against a target, as the ledger gives it."""

    @property
    def numerator(self) -> int: ...  # noqa: D102 - handled villages of the target list
    @property
    def denominator(self) -> int: ...  # noqa: D102 - villages of the target list
    @property
    def as_of(self) -> dt.date: ...  # noqa: D102 - the day it is counted to
    @property
    def year(self) -> int: ...  # noqa: D102 - the year of the target list
    def text(self, lang: Lang) -> str: ...  # noqa: D102 - the whole line


class Desk(Protocol):
    """The office that takes corrections; its own public data."""

    @property
    def name(self) -> str: ...  # noqa: D102 - as it signs
    @property
    def email(self) -> str: ...  # noqa: D102 - "" where it has none


def draw_map(  # noqa: PLR0913 - one argument per table, as the public face fixes it
    villages: gpd.GeoDataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    handling: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    services: pd.DataFrame | None = None,
    measurements: pd.DataFrame | None = None,
    internet_points: pd.DataFrame | None = None,
    facilities: pd.DataFrame | None = None,
    progress: Achievement | None = None,
    provenance: Provenance | None = None,
    title: str | None = None,
    lang: Lang = "id",
    basemap: str | None = None,
    settings: Settings | None = None,
    changes: pd.DataFrame | None = None,
    changed_since: dt.date | None = None,
    overlays: Sequence[Overlay | Plan] = (),
    history: History | None = None,
    correction: Desk | None = None,
) -> folium.Map:
    """Draw the map of villages as a `folium.Map` that shows in a notebook and takes further folium layers.

    Args:
        villages: Table `villages` in EPSG:4326; rows without geometry are listed, not drawn.
        verdicts: Table `verdicts`; villages without a row are shown as not judged.
        handling: State of the ledger, one row per case.
        sites: Table `sites`.
        services: Table `services`, shown with the sites.
        measurements: Table `measurements`; put together per place at the public precision of the settings.
        internet_points: Table `internet_points`.
        facilities: Table `facilities`.
        progress: Achievement against the target list.
        provenance: Who made it, from what, by which rules, as of when.
        title: Heading; else the provenance's, else the regency's name.
        lang: Language of the page.
        basemap: Name of an online basemap ("osm", "topo"); without one the page makes no network request.
        settings: Thresholds of the reading levels and the public precision.
        changes: What changed in the ledger, one row per change as `Ledger.changes` gives it; money and notes are left out.
        changed_since: The day since which it changed; without it nothing is said of changes.
        overlays: Rasters and plans over or under the villages, in the order of the panel; see `rasters`.
        history: How things were at the end of earlier quarters, for the slider and the comparison of two days; see `history`.
        correction: The office that takes corrections; without it the form names nobody.

    Raises:
        UsageError: A frame lacks columns, is not in EPSG:4326, or holds identifiers that are not known; an overlay cannot be drawn.
    """
    settings = settings or load_settings()
    _check(villages, lang)
    cut = seam.find_seam(shapes.polygons(villages.geometry.to_numpy()))
    if cut is not None:
        villages = seam.drawn_villages(villages, cut)
        sites, measurements, internet_points, facilities = (
            seam.drawn_points(frame, cut) for frame in (sites, measurements, internet_points, facilities)
        )
    village_data = tables.village_table(villages, verdicts, settings)
    header: dict[str, Any] = dict(village_data.columns)
    parts = dict(village_data.parts)
    layers = {
        "changes": None if changed_since is None else tables.change_table(changes, handling, villages),
        "cases": None if handling is None or handling.empty else tables.case_table(handling, villages),
        "sites": None if sites is None or sites.empty else tables.site_table(sites, services),
        "measurements": None
        if measurements is None or measurements.empty
        else tables.reading_table(measurements, settings),
        "internet": None
        if internet_points is None or internet_points.empty
        else tables.internet_table(internet_points),
        "facilities": None if facilities is None or facilities.empty else tables.facility_table(facilities),
        "history": None if history is None else history_table(history, villages),
    }
    for name, table in layers.items():
        if table is not None:
            header[name] = table.columns
            parts |= table.parts
    foretold = verdicts is not None and "confidence" in verdicts and bool((verdicts["confidence"] == "modelled").any())
    coarse = verdicts is not None and "rule" in verdicts and any(map(is_coarse, verdicts["rule"]))
    drawn, pictures = encode_layers(overlays)
    header |= drawn
    parts |= pictures
    header |= {
        "lang": lang,
        "texts": {each: page_texts(each, foretold=foretold, coarse=coarse) for each in LANGS},
        "labels": {each: label_texts(each, coarse=coarse) for each in LANGS},
        "quantum": shapes.QUANTUM_DEG,
        "coarser": shapes.COARSER_DEG,
        "correction": _correction(correction, _as_of(provenance, progress)),
        **_calendar(_as_of(provenance, progress), changed_since, settings.ageing.edges_days),
    }
    words = {
        each: _words(header, _heading(villages, title, provenance, each), progress, provenance, settings, each)
        for each in LANGS
    }
    header["shell"] = words
    return Page(
        payload=pack(header, parts),
        shell=_shell(header, progress, provenance, settings, lang) | {"w": words[lang]},
        bounds=_bounds(villages),
        title=words[lang]["title"],
        lang=lang,
        basemap=None if basemap is None else find_basemap(basemap),
    )


def write_map(  # noqa: PLR0913 - as draw_map
    path: str | Path,
    villages: gpd.GeoDataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    handling: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    services: pd.DataFrame | None = None,
    measurements: pd.DataFrame | None = None,
    internet_points: pd.DataFrame | None = None,
    facilities: pd.DataFrame | None = None,
    progress: Achievement | None = None,
    provenance: Provenance | None = None,
    title: str | None = None,
    lang: Lang = "id",
    basemap: str | None = None,
    settings: Settings | None = None,
    changes: pd.DataFrame | None = None,
    changed_since: dt.date | None = None,
    overlays: Sequence[Overlay | Plan] = (),
    history: History | None = None,
    correction: Desk | None = None,
) -> Path:
    """Write the map of `draw_map` as one self-contained HTML file, whole or not at all, and return its path.

    Raises:
        UsageError: As `draw_map`.
        OutputError: The file cannot be written.
    """
    from pathlib import Path

    drawn = draw_map(
        villages,
        verdicts=verdicts,
        handling=handling,
        sites=sites,
        services=services,
        measurements=measurements,
        internet_points=internet_points,
        facilities=facilities,
        progress=progress,
        provenance=provenance,
        title=title,
        lang=lang,
        basemap=basemap,
        settings=settings,
        changes=changes,
        changed_since=changed_since,
        overlays=overlays,
        history=history,
        correction=correction,
    )
    document = drawn.get_root().render()
    with atomic(path) as temporary:
        temporary.write_text(document, encoding="utf-8")
    return Path(path)


def _check(villages: gpd.GeoDataFrame, lang: str) -> None:
    if lang not in LANGS:
        raise UsageError(
            Text(f"Bahasa {lang!r} tidak tersedia.", f"There is no language {lang!r}."),
            hint=Text(f"Pilih: {', '.join(LANGS)}.", f"Choose: {', '.join(LANGS)}."),
        )
    tables.require(villages, "villages", ("village_code", "village_name", "geometry"))
    if not hasattr(villages, "crs"):
        raise UsageError(
            Text("Tabel desa untuk peta harus GeoDataFrame.", "The villages given to the map must be a GeoDataFrame.")
        )
    if len(villages):
        assert_wgs84(villages)
        seam.require_degrees(villages)


def _bounds(villages: gpd.GeoDataFrame) -> tuple[float, float, float, float] | None:
    return shapes.extent_of(shapes.polygons(villages.geometry.to_numpy()))


def _heading(villages: gpd.GeoDataFrame, title: str | None, provenance: Provenance | None, lang: Lang) -> str:
    regencies = {clean(name) for name in villages["regency"]} - {""} if "regency" in villages else set()
    common = regencies.pop() if len(regencies) == 1 else ""
    return clean(title) or clean(provenance.title if provenance else "") or common or page_texts(lang)["untitled"]


def _as_of(provenance: Provenance | None, progress: Achievement | None) -> dt.date | None:
    return provenance.as_of if provenance else progress.as_of if progress else None


def _calendar(as_of: dt.date | None, changed_since: dt.date | None, edges_days: tuple[int, ...]) -> dict[str, Any]:
    """Return the day that the page speaks of, that since which it tells changes, and where the bins of ages end."""
    days = {"as_of": as_of, "changed_since": changed_since}
    numbers: dict[str, Any] = {name: None if day is None else day.toordinal() - EPOCH for name, day in days.items()}
    return numbers | {"age_edges": edges_days}


def _shell(
    header: dict[str, Any],
    progress: Achievement | None,
    provenance: Provenance | None,
    settings: Settings,
    lang: Lang,
) -> dict[str, Any]:
    """Return the values of `page.html.j2` that are no words: what is there and how much of it."""
    villages = header["villages"]
    share = progress.numerator / progress.denominator if progress and progress.denominator else 0.0
    return {
        "lang": lang,
        "t": page_texts(lang),
        "judged": "signal_class" in villages,
        "bar": round(min(max(share, 0.0), 1.0) * 100, 2),
        "empty": not villages["code"]["at"],
        "profile": provenance.profile_label if provenance else settings.profile_label,
        "sources": [clean(source.name) for source in provenance.sources] if provenance else [],
        "layer_names": [name for name in ("internet",) if name in header],
        "version": provenance.version if provenance else __version__,
        "rows": _rows(header, lang)[:_TABLE_ROWS_MAX],
        "rows_cut": max(len(villages["code"]["at"]) - _TABLE_ROWS_MAX, 0),
    }


def _words(
    header: dict[str, Any],
    heading: str,
    progress: Achievement | None,
    provenance: Provenance | None,
    settings: Settings,
    lang: Lang,
) -> dict[str, str]:
    """Return the sentences of the page that carry figures, by name; "" where there is nothing to say.

    They are made for both languages, as the page can be read in either.
    """
    villages, texts, as_of = header["villages"], page_texts(lang), _as_of(provenance, progress)
    classes = _column(villages["signal_class"]) if "signal_class" in villages else []
    unshaped = villages["unshaped"]
    cut = len(villages["code"]["at"]) - _TABLE_ROWS_MAX
    return {
        "title": heading,
        "as_of_day": texts["as_of"].format(day=date_text(as_of, lang=lang)) if as_of else "",
        "data_day": date_text(as_of, lang=lang) if as_of else texts["undated"],
        "attribution": _attribution(provenance, texts),
        "unjudged_count": number(sum(c in ("", "unknown") for c in classes), lang=lang),
        "gap_count": number(_open_gaps(header, classes), lang=lang),
        "unshaped_count": number(unshaped, lang=lang) if unshaped else "",
        "generalised_to": texts["generalised"].format(decimals=settings.public.coordinate_decimals)
        if "measurements" in header
        else "",
        "rows_cut": texts["table_cut"].format(n=number(max(cut, 0), lang=lang)),
        **_changed(header, texts, lang),
        **_progress(progress, texts, lang),
        **_sources(provenance, texts, lang),
    }


def _correction(desk: Desk | None, as_of: dt.date | None) -> dict[str, Any]:
    """Return what the correction form needs: who takes it, which data the map shows, and how a message is written."""
    reports = TABLES["reports"].columns
    return {
        "office": clean(desk.name) if desk else "",
        "email": clean(desk.email) if desk else "",
        "version": corrections.version(as_of),
        "title": corrections.TITLE,
        "end": corrections.END,
        "format": corrections.FORMAT,
        "claims": corrections.CLAIMS,
        "labels": corrections.LABEL_OF,
        "names": corrections.LABEL_NAMES,
        "headings": {name: str(column.title) for name, column in reports.items() if name != "source"},
    }


def _changed(header: dict[str, Any], texts: dict[str, str], lang: Lang) -> dict[str, str]:
    """Return how many villages changed since which day, nothing where nobody asked."""
    if "changes" not in header:
        return {"changed_count": "", "changed_told": ""}
    since = date_text(dt.date.fromordinal(header["changed_since"] + EPOCH), lang=lang)
    villages = number(len(set(header["changes"]["village"])), lang=lang)
    return {"changed_count": villages, "changed_told": texts["changed_since"].format(day=since)}


def _progress(progress: Achievement | None, texts: dict[str, str], lang: Lang) -> dict[str, str]:
    """Split the line for the eye (figure, rest); both together are the line as the ledger words it."""
    if progress is None:
        return dict.fromkeys(("progress_head", "progress_figure", "progress_rest", "progress_definition"), "")
    figure, bracket, rest = progress.text(lang).partition(" (")
    if not progress.denominator:
        figure, bracket, rest = texts["no_list"].format(year=progress.year), "", ""
    definition = getattr(progress, "definition", None)
    return {
        "progress_head": texts["progress"].format(year=progress.year),
        "progress_figure": figure,
        "progress_rest": bracket.strip() + rest,
        "progress_definition": definition.of(lang) if isinstance(definition, Text) else clean(definition),
    }


def _attribution(provenance: Provenance | None, texts: dict[str, str]) -> str:
    """Return whose borders the map shows and under what licence, for its corner; short, as the panel tells the rest."""
    borders = [source for source in provenance.sources if source.kind == "boundaries"] if provenance else []
    named = [" ".join(filter(None, (clean(source.name), clean(source.licence)))) for source in borders]
    told = textwrap.shorten(", ".join(named), width=_ATTRIBUTION_MAX, placeholder=" …")
    return texts["borders_by"].format(source=told) if told else ""


def _sources(provenance: Provenance | None, texts: dict[str, str], lang: Lang) -> dict[str, str]:
    """Return what is said beside each source: how much of it was taken, and its licence."""
    told = {}
    for at, source in enumerate(provenance.sources if provenance else ()):
        counts = texts["rows"].format(
            accepted=number(source.rows_accepted, lang=lang), rows=number(source.rows_in, lang=lang)
        )
        licence = f"{texts['licence']} {clean(source.licence)}" if clean(source.licence) else ""
        told[f"source_{at}"] = " · ".join(filter(None, [counts if source.rows_in else "", licence]))
    return told


def _open_gaps(header: dict[str, Any], classes: list[str]) -> int:
    """Count the blankspot villages whose latest case is not handled, as the layer of remaining gaps draws them."""
    stages: dict[int, str] = {}
    if "cases" in header:
        for village, stage in zip(header["cases"]["village"], _column(header["cases"]["stage"]), strict=True):
            stages.setdefault(village, stage)
    return sum(name == "none" and stages.get(row) not in HANDLED for row, name in enumerate(classes))


def _column(column: dict[str, list[Any]]) -> list[str]:
    return [column["words"][at] if at >= 0 else "" for at in column["at"]]


def _standing(stage: str, since: int | None, as_of: int | None, lang: Lang) -> str:
    """Return a stage with its age: "Ditugaskan, 41 hari di tahap ini"."""
    if not stage:
        return ""
    aged = page_texts(lang)["age"].format(n=number(as_of - since, lang=lang)) if since is not None and as_of else ""
    return ", ".join(filter(None, (label("stage", stage, lang), aged)))


def _rows(header: dict[str, Any], lang: Lang) -> list[dict[str, str]]:
    """Return the villages as rows of the table that is read where the map cannot open."""
    villages, districts, cases = header["villages"], header["districts"], header.get("cases")
    names = dict(zip(_column(districts["code"]), _column(districts["name"]), strict=True))
    count = len(villages["code"]["at"])
    classes = _column(villages["signal_class"]) if "signal_class" in villages else [""] * count
    stages, partners, since = {}, {}, {}
    if cases is not None:
        for village, stage, partner, day in zip(
            reversed(cases["village"]),
            reversed(_column(cases["stage"])),
            reversed(_column(cases["partner"])),
            reversed(cases["since"]),
            strict=True,
        ):
            stages[village], partners[village], since[village] = stage, partner, day
    return [
        {
            "code": code,
            "name": name,
            "district": names.get(district, "") or district,
            "class": label("signal_class", found, lang) if found else page_texts(lang)["not_judged"],
            "handling": _standing(stages.get(row, ""), since.get(row), header["as_of"], lang),
            "partner": partners.get(row, ""),
        }
        for row, (code, name, district, found) in enumerate(
            zip(
                _column(villages["code"]),
                _column(villages["name"]),
                _column(villages["district"]),
                classes,
                strict=True,
            )
        )
    ]

"""QGIS styles (QML) that travel inside a GeoPackage, so that its layers open as the map shows them.

Villages carry the colour and pattern of their class; masts, internet points and facilities a shape each, filled by what is known
about them; measured squares the bands of the thresholds' metric, from dark to light, so that a grey print keeps the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from xml.etree import ElementTree as ET

from blankspot.out.palette import SIGNAL_LOOK, Look
from blankspot.words import LABELS, Lang, Text, label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_VERSION: Final = "3.22.0"
_WHITE: Final = "#ffffff"
_INK: Final = "#1d2730"
_RAMP: Final = ("#e8f1f2", "#b9d3d6", "#7fb0b5", "#458a92", "#155f69")  # light is few


class _Mark(NamedTuple):
    """Shape, fill and outline of a point."""

    shape: str
    colour: str
    outline: str = _WHITE


_STATUS: Final = {
    "active": _Mark("triangle", "#1f3a4d"),
    "planned": _Mark("triangle", _WHITE, "#1f3a4d"),
    "inactive": _Mark("triangle", "#9aa5ac"),
}
_POINT_TYPES: Final = {
    "wifi": _Mark("circle", "#6a4c93"),
    "vsat": _Mark("pentagon", "#6a4c93"),
    "leo": _Mark("star", "#6a4c93"),
    "fiber": _Mark("diamond", "#6a4c93"),
}
_FACILITIES: Final = {
    "kantor_desa": _Mark("square", "#7a5c2e"),
    "sekolah": _Mark("circle", "#3b6ea5"),
    "puskesmas": _Mark("cross_fill", "#b3261e"),
    "pasar": _Mark("diamond", "#8a6d00"),
    "ibadah": _Mark("pentagon", "#4f7d4f"),
    "lainnya": _Mark("circle", "#9aa5ac"),
}
_METRIC_COLOURS: Final = {
    "rsrp_dbm": "#155f69",
    "ss_rsrp_dbm": "#458a92",
    "rscp_dbm": "#7a5c2e",
    "rxlev_dbm": "#a58b5c",
    "no_service": "#b3261e",
    "download_mbps": "#6a4c93",
    "upload_mbps": "#9d86bb",
}
_METRIC_WORDS: Final = {
    "rsrp_dbm": Text("4G, RSRP", "4G, RSRP"),
    "ss_rsrp_dbm": Text("5G, SS-RSRP", "5G, SS-RSRP"),
    "rscp_dbm": Text("3G, RSCP", "3G, RSCP"),
    "rxlev_dbm": Text("2G, RxLev", "2G, RxLev"),
    "no_service": Text("Tanpa layanan", "No service"),
    "download_mbps": Text("Kecepatan unduh", "Download speed"),
    "upload_mbps": Text("Kecepatan unggah", "Upload speed"),
}
_REPORT_EDGES: Final = (3, 5, 10, 20, 50, 1_000_000)


def layer_styles(lang: Lang = "id") -> dict[str, str]:
    """Return the style of every layer that we write, by the layer's name in the workspace and in open data."""
    masts, internet, places = site_style(lang), internet_style(lang), facility_style(lang)
    return {
        "desa": signal_style(lang),
        **dict.fromkeys(("sites", "menara"), masts),
        **dict.fromkeys(("internet_points", "titik_internet"), internet),
        **dict.fromkeys(("facilities", "fasilitas"), places),
        "sel_ukur": cell_style(lang),
        "sel_laporan": report_style(lang),
    }


def signal_style(lang: Lang = "id") -> str:
    """Return the style of the signal classes: colour and pattern per class."""

    def symbol(parent: ET.Element, name: str) -> None:
        _fill_layers(parent, SIGNAL_LOOK[name])

    return _categorised(
        "signal_class", [(name, label("signal_class", name, lang)) for name in SIGNAL_LOOK], "fill", symbol
    )


def site_style(lang: Lang = "id") -> str:
    """Return the style of masts: triangles, full where they work, hollow where they are planned."""
    return _marks("status", _STATUS, "status", 3.4, lang)


def internet_style(lang: Lang = "id") -> str:
    """Return the style of internet points: a shape per kind."""
    return _marks("point_type", _POINT_TYPES, "point_type", 3.0, lang)


def facility_style(lang: Lang = "id") -> str:
    """Return the style of public places: small, a shape and colour per kind."""
    return _marks("facility_type", _FACILITIES, "facility_type", 2.0, lang)


def cell_style(lang: Lang = "id") -> str:
    """Return the style of measured squares: a colour per metric, since levels of different metrics do not compare."""

    def symbol(parent: ET.Element, name: str) -> None:
        _simple_fill(parent, _METRIC_COLOURS[name])

    return _categorised("metric", [(name, words.of(lang)) for name, words in _METRIC_WORDS.items()], "fill", symbol)


def report_style(lang: Lang = "id") -> str:
    """Return the style of squares of reports: the darker, the more."""
    root, renderer = _root("graduatedSymbol", attr="n_reports", graduatedMethod="GraduatedColor")
    ranges, symbols = ET.SubElement(renderer, "ranges"), ET.SubElement(renderer, "symbols")
    words = Text("laporan", "reports").of(lang)
    for at, colour in enumerate(_RAMP):
        low, high = _REPORT_EDGES[at], _REPORT_EDGES[at + 1]
        told = f"≥ {low} {words}" if at == len(_RAMP) - 1 else f"{low}–{high - 1} {words}"
        edges = {"lower": str(low), "upper": str(high - 1), "symbol": str(at), "label": told, "render": "true"}
        ET.SubElement(ranges, "range", edges)
        _simple_fill(_symbol(symbols, "fill", at), colour)
    return ET.tostring(root, encoding="unicode")


def _marks(attribute: str, marks: dict[str, _Mark], words: str, size_mm: float, lang: Lang) -> str:
    def symbol(parent: ET.Element, name: str) -> None:
        mark = marks[name]
        layer = ET.SubElement(parent, "layer", {"class": "SimpleMarker", "enabled": "1", "pass": "0"})
        _options(
            layer,
            name=mark.shape,
            size=f"{size_mm:g}",
            size_unit="MM",
            color=_rgba(mark.colour),
            outline_color=_rgba(mark.outline if mark.colour != _WHITE else _INK),
            outline_width="0.3",
            outline_width_unit="MM",
        )

    return _categorised(attribute, [(name, LABELS[words][name].of(lang)) for name in marks], "marker", symbol)


def _categorised(
    attribute: str, categories: Sequence[tuple[str, str]], kind: str, symbol: Callable[[ET.Element, str], None]
) -> str:
    root, renderer = _root("categorizedSymbol", attr=attribute)
    listed, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for at, (name, told) in enumerate(categories):
        ET.SubElement(listed, "category", {"value": name, "symbol": str(at), "label": told, "render": "true"})
        symbol(_symbol(symbols, kind, at), name)
    return ET.tostring(root, encoding="unicode")


def _root(kind: str, **attributes: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("qgis", {"version": _VERSION, "styleCategories": "Symbology"})
    return root, ET.SubElement(root, "renderer-v2", {"type": kind, "enableorderby": "0", **attributes})


def _symbol(parent: ET.Element, kind: str, at: int) -> ET.Element:
    return ET.SubElement(parent, "symbol", {"type": kind, "name": str(at), "alpha": "1", "clip_to_extent": "1"})


def _simple_fill(symbol: ET.Element, colour: str) -> None:
    fill = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"})
    _options(fill, color=_rgba(colour), outline_color="255,255,255,255", outline_width="0.2", style="solid")


def _fill_layers(symbol: ET.Element, look: Look) -> None:
    _simple_fill(symbol, look.colour)
    ink = _rgba("#5b5b5b" if look.pattern == "crosses" else "#3a0d0a")
    if look.pattern == "hatch":
        lines = ET.SubElement(symbol, "layer", {"class": "LinePatternFill", "enabled": "1", "pass": "0"})
        _options(lines, angle="45", distance="2", distance_unit="MM", color=ink, line_width="0.3")
    elif look.pattern != "plain":
        points = ET.SubElement(symbol, "layer", {"class": "PointPatternFill", "enabled": "1", "pass": "0"})
        spacing = "2" if look.pattern == "dots" else "4"
        _options(points, distance_x=spacing, distance_y=spacing, distance_x_unit="MM", distance_y_unit="MM")
        marker = ET.SubElement(points, "symbol", {"type": "marker", "name": "@pattern", "alpha": "1"})
        mark = ET.SubElement(marker, "layer", {"class": "SimpleMarker", "enabled": "1", "pass": "0"})
        _options(
            mark,
            name="circle" if look.pattern == "dots" else "cross",
            size="0.7" if look.pattern == "dots" else "1.2",
            color=ink,
            outline_color=ink,
        )


def _options(parent: ET.Element, **values: str) -> None:
    option_map = ET.SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        ET.SubElement(option_map, "Option", {"type": "QString", "name": name, "value": value})


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"

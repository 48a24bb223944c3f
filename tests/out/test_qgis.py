"""Styles inside a GeoPackage: every value of the column has a symbol, in the reader's language."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from blankspot.out.qgis import layer_styles, signal_style
from blankspot.schema import METRICS, SIGNAL_CLASSES, TABLES


def choices(table: str, column: str) -> set[str]:
    return set(TABLES[table].columns[column].metadata["choices"])


VALUES = {
    "desa": ("signal_class", set(SIGNAL_CLASSES)),
    "menara": ("status", choices("sites", "status")),
    "titik_internet": ("point_type", choices("internet_points", "point_type")),
    "fasilitas": ("facility_type", choices("facilities", "facility_type")),
    "sel_ukur": ("metric", set(METRICS)),
}


@pytest.mark.parametrize("layer", VALUES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_value_has_a_symbol_and_a_label(layer, lang):
    attribute, values = VALUES[layer]
    renderer = ET.fromstring(layer_styles(lang)[layer]).find("renderer-v2")  # noqa: S314 - our own text
    assert renderer.get("attr") == attribute
    categories = {one.get("value"): one for one in renderer.iter("category")}
    assert set(categories) == values
    symbols = {one.get("name") for one in renderer.find("symbols")}
    assert {one.get("symbol") for one in categories.values()} == symbols
    labels = [one.get("label") for one in categories.values()]
    assert len(set(labels)) == len(labels)


def test_report_squares_are_graded_without_gaps():
    renderer = ET.fromstring(layer_styles()["sel_laporan"]).find("renderer-v2")  # noqa: S314 - our own text
    ranges = [(int(one.get("lower")), int(one.get("upper"))) for one in renderer.iter("range")]
    assert ranges[0][0] == 3
    assert all(upper + 1 == lower for (_, upper), (lower, _) in pairwise(ranges))


def test_style_names_the_classes_in_both_languages():
    assert 'label="Terlayani"' in signal_style("id")
    assert 'label="Served"' in signal_style("en")

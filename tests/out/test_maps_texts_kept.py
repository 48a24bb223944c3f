"""Whatever stands in a text column comes back from the page as it went in, and none of it becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blankspot.out.maps import draw_map
from blankspot.out.maps.payload import clean, unpack
from blankspot.out.maps.tables import _operator

ROWS = (3, 70)  # columns that stay in the header, and columns that become parts of their own
MARKUP = (
    "</script>",
    "</SCRIPT\t>",
    "<!--",
    "-->",
    "<script>",
    "]]>",
    "</title>",
    "<svg onload=x()>",
    '"',
    "'>",
    "&lt;",
    "\x00",
    "\ud800",
)
TEXTS = st.lists(st.one_of(st.text(st.characters(exclude_categories=())), st.sampled_from(MARKUP)), max_size=5).map(
    "".join
)
PLACED = {"lon": 107.01, "lat": -6.99}
# Where a column of the page lies, and from which table and column it came.
COLUMNS = {
    ("villages", "name"): ("villages", "village_name"), ("villages", "type"): ("villages", "village_type"),
    ("cases", "partner"): ("handling", "partner"), ("cases", "evidence"): ("handling", "evidence"),
    ("cases", "intervention_type"): ("handling", "intervention_type"), ("sites", "site_name"): ("sites", "site_name"),
    ("sites", "owner"): ("sites", "owner"), ("sites", "status"): ("sites", "status"),
    ("internet", "provider"): ("internet_points", "provider"), ("internet", "point_name"): ("internet_points", "point_name"),
    ("facilities", "facility_name"): ("facilities", "facility_name"),
}  # fmt: skip


def world(texts, rows):
    """Return the arguments of `draw_map` with a text in every column."""

    def column(shift):
        return pd.Series([texts[(row + shift) % len(texts)] for row in range(rows)], dtype=object)

    west = 107 + 0.1 * (np.arange(rows) % 10)
    south = -7 + 0.1 * (np.arange(rows) // 10)
    codes = [f"99.01.{row + 1:02d}.2001" for row in range(rows)]
    tables = {
        name: pd.DataFrame({wanted: column(at) for at, (table, wanted) in enumerate(COLUMNS.values()) if table == name})
        for name in {table for table, _ in COLUMNS.values()}
    }
    names = {name: column(at) for at, name in enumerate(("district", "regency", "province"))}
    villages = tables.pop("villages").assign(village_code=codes, **names)
    tables["handling"] = tables["handling"].assign(village_code=codes, stage="proposed")
    for name in ("sites", "internet_points", "facilities"):
        tables[name] = tables[name].assign(**PLACED)
    readings = pd.DataFrame(
        {"operator": column(2), "technology": column(3), "metric": "rsrp_dbm", "value": -90.0, **PLACED}
    )
    shapes = shapely.box(west, south, west + 0.1, south + 0.1)
    return gpd.GeoDataFrame(villages, geometry=shapes, crs=4326), tables | {"measurements": readings, "title": texts[0]}


def document(frame, tables):
    return draw_map(frame, **tables).get_root().render()


def words(column):
    return [column["words"][at] if at >= 0 else "" for at in column["at"]]


class Outline(HTMLParser):
    """Counts the elements that a document opens."""

    def __init__(self):
        super().__init__()
        self.opened: dict[str, int] = {}
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.opened[tag] = self.opened.get(tag, 0) + 1
        self.attributes |= {name for name, _ in attrs}


def outline(html):
    read = Outline()
    read.feed(html)
    return read


@pytest.mark.parametrize("rows", ROWS)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=list(MARKUP))
@settings(max_examples=12, deadline=None)
def test_any_text_comes_back_and_none_is_markup(rows, texts):
    frame, tables = world(texts, rows)
    html = document(frame, tables)
    header, _ = unpack(re.search(r'data-bs="payload">([^<]*)</script>', html)[1])
    given = tables | {"villages": frame}
    for (layer, column), (table, name) in COLUMNS.items():
        assert words(header[layer][column]) == [clean(value) for value in given[table][name]], (layer, column)
    assert set(words(header["measurements"]["operator"])) == {
        _operator(value) for value in tables["measurements"]["operator"]
    }
    names = dict(zip(words(header["districts"]["code"]), words(header["districts"]["name"]), strict=True))
    assert [names[code.rpartition(".")[0]] for code in frame["village_code"]] == [
        clean(name) for name in frame["district"]
    ]

    plain = document(*world(["x"], rows))
    assert html.lower().count("</script") == plain.lower().count("</script") == html.count("</script>")
    assert html.lower().count("<script") == plain.lower().count("<script")
    assert html.count("<!--") == plain.count("<!--")
    found, wanted = outline(html), outline(plain)
    assert found.opened == wanted.opened
    assert found.attributes == wanted.attributes
    html.encode("utf-8")

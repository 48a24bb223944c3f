"""What is given to the map may be empty, wrong, hostile or far apart: a correct page in Chromium, or a clear refusal."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import mapworld as world
import numpy as np
import pandas as pd
import pytest
import shapely
from mapvisit import PHONE, scene, spot, switch
from playwright.sync_api import expect

from blankspot.errors import UsageError
from blankspot.out.maps import draw_map, seam, write_map

LONG = "panjang sekali " * 700
NASTY = (
    *world.HOSTILE, "\ud800", "a\udfffb", "\x00", "a\u2028b\u2029c", "\u202e\u202d\u2066\u2067", "</SCRIPT ><!--", "<!--<script>",
    "-->", "]]>", "constructor", "toString", "hasOwnProperty", "valueOf", "e" + "\u0301" * 3000, "=1+1|cmd", "@SUM(A1)", "+1",
    "\t=x", "\r\n", "   ", "\ufeff", "nan", "None", "null", "0", "-1", "*", "-", "any", "none", "$&", "`", "\\", '"', "'",
    "\x01\x1b[31m", "\x7f\x80\x9f", "A" * 10_000,
)  # fmt: skip
ENDS = ("NaN", "undefined", "Infinity", "[object")


def places(*boxes):
    """Return a village of one kind or another per geometry."""
    rows = [
        {
            "village_code": f"99.01.{at % 2 + 1:02d}.2{at + 1:03d}",
            "village_name": f"Desa {at + 1}",
            "geometry": geometry,
        }
        for at, geometry in enumerate(boxes)
    ]
    return gpd.GeoDataFrame(rows, crs=4326)


def square(lon, lat, side=0.05):
    return shapely.box(lon, lat, lon + side, lat + side)


def bounds(page):
    """Return west, east and zoom of what the map shows."""
    return scene(page, "[s.map.getBounds().getWest(), s.map.getBounds().getEast(), s.map.getZoom()]")


def go_through(page):
    """Switch everything on, open every village and every point, and choose every choice."""
    for box in page.locator("input[data-layer]").all():
        box.set_checked(True)
    scene(
        page,
        "await (async () => { for (const row of s.rows.slice(0, 50)) s.view.toVillage(row); await s.layer.settled(); })()",
    )
    scene(
        page,
        "(() => { for (const { id, store } of s.points) for (let row = 0; row < Math.min(40, store.count); row++)"
        " s.view.show({ layer: id, row }, s.map.getCenter()); s.view.close(); })()",
    )
    for field in page.locator("[data-bs=filters] select").all():
        field.evaluate(
            "(e) => { for (const value of [...[...e.options].map((o) => o.value).slice(0, 60), '*'])"
            " { e.value = value; e.dispatchEvent(new Event('change', { bubbles: true })); } }"
        )
    search = page.locator("[data-bs=search]")
    for asked in ("a", "__proto__", "constructor", "=1", ""):
        search.fill(asked)
    page.locator("[data-bs=drawer-open]").click()
    expect(page.locator("[data-bs=drawer]")).to_be_visible()
    text = page.locator("body").inner_text()
    assert [end for end in ENDS if end in text] == []
    assert page.evaluate("window.hacked ?? null") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def spread(table, *columns):
    """Return a table with nasty texts in these columns, as objects: Arrow refuses half a surrogate pair."""
    texts = pd.Series([NASTY[row % len(NASTY)] for row in range(len(table))], dtype=object, index=table.index)
    return table.assign(**dict.fromkeys(columns, texts))


def nasty():
    frame = spread(world.villages(len(NASTY)), "village_name", "village_type", "district", "regency", "province")
    rest = world.tables(frame, readings=400)
    columns = {
        "verdicts": ("reason", "rule", "profile", "weight_kind"),
        "handling": ("partner", "evidence", "intervention_type", "funding_source", "planned_quarter", "reason"),
        "sites": ("site_name", "owner", "status", "position_quality"),
        "services": ("operator", "technology"),
        "measurements": ("operator", "technology", "metric"),
        "internet_points": ("point_name", "provider", "point_type", "status"),
        "facilities": ("facility_name", "facility_type"),
    }
    rest |= {name: spread(rest[name], *asked) for name, asked in columns.items()}
    rest |= {"changes": spread(world.changes(frame), "before", "after"), "changed_since": dt.date(2022, 9, 30)}
    return frame, rest | {"history": world.history(frame), "title": "__proto__"}


def long_texts():
    frame = world.villages().assign(village_name=LONG, district="A" * 10_000, regency=LONG)
    rest = world.tables(frame, readings=50)
    rest["verdicts"] = rest["verdicts"].assign(reason=LONG, profile=LONG)
    rest["handling"] = rest["handling"].assign(partner="B" * 10_000, evidence=LONG)
    rest["sites"] = rest["sites"].assign(site_name=LONG, owner=LONG)
    return frame, rest | {"title": LONG}


def numbers(*values):
    """Return the world with its numbers replaced in turn."""
    frame = world.villages()
    rest = world.tables(frame, readings=60)
    for table in rest.values():
        if isinstance(table, pd.DataFrame):
            for column in table.columns[[kind.kind == "f" for kind in table.dtypes]]:
                table[column] = np.resize(np.array(values, dtype=float), len(table))
    return frame.assign(population=np.resize(np.array(values, dtype=float), len(frame))), rest


def blank():
    frame = world.villages()
    frame = frame.assign(**dict.fromkeys(["village_code", "village_name", "village_type", "district", "regency"], ""))
    return frame, {name: table for name, table in world.tables(frame, readings=60).items() if name != "verdicts"}


def strange_codes():
    codes = (
        "3204052001",
        "32.04",
        "32",
        "32.04.05.2001.007",
        "",
        None,
        "__proto__",
        "..",
        "</script>",
        "\x00",
        "32.04.05.2002",
    )
    frame = world.villages(33)
    return frame.assign(village_code=pd.Series(codes * 3, dtype=object)), {}


WORLDS = {
    "nasty texts": nasty,
    "texts of 10.000 characters": long_texts,
    "numbers without an end": lambda: numbers(np.inf, np.nan, -np.inf),
    "numbers past all measure": lambda: numbers(1e300, -5e18, 1e19),
    "nothing but blanks": blank,
    "strange and doubled codes": strange_codes,
    "one village": lambda: (world.villages().iloc[:1], world.tables(world.villages())),
    "one village without a shape": lambda: (places(None), {}),
    "one village with an empty shape": lambda: (places(shapely.Polygon()), {}),
    "one village smaller than the grid": lambda: (places(square(107, -7, 1e-7)), {}),
    "a village of no area": lambda: (places(shapely.Polygon([(107, -7), (107.1, -7), (107.2, -7)])), {}),
    "Aceh and Papua": lambda: (places(square(95.3, 5.5), square(140.7, -2.5)), {}),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_page_is_whole(visit, tmp_path, name):
    frame, rest = WORLDS[name]()
    go_through(visit(write_map(tmp_path / "map.html", frame, **rest)))


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["script", "no script"])
@pytest.mark.parametrize("rest", [{}, world.tables(world.villages(2))], ids=["no tables", "tables"])
def test_a_map_of_nothing_says_so(visit, tmp_path, options, rest):
    nothing = gpd.GeoDataFrame({"village_code": [], "village_name": []}, geometry=[])
    page = visit(write_map(tmp_path / "map.html", nothing, **rest), ready=not options, **options)
    expect(page.locator("body")).to_contain_text("Tidak ada desa di peta ini.")


def test_whatever_is_no_polygon_is_counted_and_left_out(visit, tmp_path):
    with np.errstate(invalid="ignore"):
        wrong = [
            shapely.Point(107, -7), shapely.LineString([(107, -7), (108, -7)]), shapely.GeometryCollection([shapely.Point(1, 1)]),
            shapely.Polygon([(107, -7), (np.nan, -7), (107.1, -6.9)]), shapely.Polygon([(107, -7), (np.inf, -7), (107.1, -6.9)]),
        ]  # fmt: skip
    bow_tie = shapely.Polygon([(107, -7), (107.1, -6.9), (107.1, -7), (107, -6.9)])
    mixed = shapely.GeometryCollection([shapely.Point(107, -7), square(107.3, -7, 0.1)])
    deep = shapely.GeometryCollection([shapely.MultiPolygon([square(107.5, -7, 0.1), shapely.Polygon()])])
    page = visit(write_map(tmp_path / "map.html", places(*wrong, bow_tie, mixed, deep)))
    expect(page.locator("body")).to_contain_text("5 desa tanpa batas")
    assert scene(page, "s.villages.label.map(Boolean)") == [False] * 5 + [True] * 3
    go_through(page)


class TestTheSeam:
    fiji = (square(177.9, -17), square(179.2, -17), square(-179.9, -17), square(-179.2, -16.9))

    def test_neighbours_across_180_are_neighbours_on_the_map(self, visit, tmp_path):
        points = pd.DataFrame(
            {"site_id": ["a", "b"], "site_name": ["Barat", "Timur"], "lon": [179.5, -179.5], "lat": -16.95}
        )
        page = visit(write_map(tmp_path / "map.html", places(*self.fiji), sites=points))
        west, east, zoom = bounds(page)
        assert 177 < west < 177.9
        assert 180.85 < east < 182
        assert zoom > 8
        switch(page, "sites", on=True)
        for row in range(4):
            at = scene(
                page,
                "s.map.unproject(s.villages.label[a].map((v) => v * 256 * 2 ** s.map.getZoom()), s.map.getZoom())",
                row,
            )
            assert scene(page, "await s.layer.hit(a, 0)", at) == {"layer": "villages", "row": row}
        page.mouse.click(*spot(page, 1, "sites"))
        expect(page.locator(".leaflet-popup-content")).to_contain_text("Timur")

    def test_a_phone_beyond_180_is_found(self, visit, tmp_path):
        path = write_map(tmp_path / "map.html", places(*self.fiji))
        here = {"longitude": -179.88, "latitude": -16.98, "accuracy": 8}
        page = visit(path, permissions=["geolocation"], geolocation=here)
        page.get_by_role("button", name="Lokasi saya").click()
        expect(page.locator(".bs-toast-words")).to_contain_text("Desa 3")
        assert scene(page, "s.position.lng") == -179.88

    def test_a_village_cut_in_two_or_drawn_around_the_globe_is_one(self):
        cut = shapely.MultiPolygon([shapely.box(179.9, -17, 180, -16.9), shapely.box(-180, -17, -179.9, -16.9)])
        around = shapely.Polygon([(179.9, -16.9), (-179.9, -16.9), (-179.9, -16.8), (179.9, -16.8)])
        frame = places(cut, around)
        found = seam.find_seam(frame.geometry.to_numpy())
        drawn = seam.drawn_villages(frame, found).geometry.set_crs(None, allow_override=True)
        assert list(drawn.geom_type) == ["Polygon", "Polygon"]
        assert drawn.area.to_numpy() == pytest.approx([0.02, 0.02])
        assert drawn.total_bounds == pytest.approx([179.9, -17, 180.1, -16.8])

    @pytest.mark.parametrize(
        "boxes",
        [(), (square(107, -7),), (square(95.3, 5.5), square(140.7, -2.5)), (square(-0.03, 51.4), square(107, -7))],
    )
    def test_other_maps_stay_as_they_are(self, boxes):
        assert seam.find_seam(places(*boxes).geometry.to_numpy() if boxes else np.array([], dtype=object)) is None

    def test_what_lies_far_apart_fits_on_a_phone(self, visit, tmp_path):
        page = visit(write_map(tmp_path / "map.html", places(square(-0.03, 51.4), square(107, -7))), **PHONE)
        west, east, _ = bounds(page)
        assert west < -0.03
        assert east > 107.05


class TestRefusals:
    def test_metres_that_are_called_degrees(self):
        with pytest.raises(UsageError, match=r"99\.01\.02\.2002 \(row 2\).*700000, 9\.2e\+06") as refused:
            draw_map(places(square(107, -7), square(700_000, 9_200_000, 1000)))
        assert "to_crs(4326)" in refused.value.hint.en

    def test_a_missing_crs(self):
        with pytest.raises(UsageError, match="EPSG:4326"):
            draw_map(places(square(107, -7)).set_crs(None, allow_override=True))

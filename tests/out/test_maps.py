"""The offline map as a file and as a folium object: what is in it, what may not be, and what is refused."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import folium
import geopandas as gpd
import mapworld as world
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import blankspot
from blankspot.errors import OutputError, UsageError
from blankspot.out.maps import draw_map, shapes, write_map
from blankspot.out.maps.basemaps import BASEMAPS, find_basemap
from blankspot.out.maps.payload import (
    EPOCH,
    clean,
    day_column,
    deltas,
    flag_column,
    number_column,
    pack,
    text_column,
    unpack,
    varints,
)
from blankspot.out.maps.texts import page_texts
from blankspot.settings import load_settings

ASSETS = Path(blankspot.__file__).parent / "out" / "maps" / "assets"


class Parts(HTMLParser):
    """What a browser would find in a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag):
        del tag
        self.inside = ""

    def handle_data(self, data):
        self.texts[self.inside] = self.texts.get(self.inside, "") + data

    def named(self, tag):
        return [attributes for found, attributes in self.tags if found == tag]

    @property
    def policy(self):
        return next(a["content"] for a in self.named("meta") if a.get("http-equiv") == "Content-Security-Policy")


def render(drawn):
    return drawn.get_root().render()


def payload_of(document):
    found = re.search(r'data-bs="payload">([^<]*)</script>', document)
    return unpack(found[1])


def told_in(document):
    """Return what a reader reads of a document, without its tags."""
    return re.sub(r"<[^>]*>", "", document)


def read_varints(data):
    out, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            out.append(value)
            value = shift = 0
    return out


def read_deltas(data):
    steps = [-(code + 1) // 2 if code & 1 else code // 2 for code in read_varints(data)]
    return np.cumsum(steps, dtype=np.int64) if steps else np.array([], dtype=np.int64)


def read_shapes(parts, name):
    """Return the rings of every shape, as the page reads them."""
    rings, sizes = read_varints(parts[f"{name}.rings"]), read_varints(parts[f"{name}.corners"])
    steps = np.column_stack([read_planes(parts[f"{name}.{axis}"]) for axis in ("lon", "lat")])
    corners, at, pen, loops = [], 0, np.zeros(2, dtype=np.int64), []
    goes = iter(read_varints(parts[f"{name}.goes"]))
    for size in sizes:
        loop = []
        for code in (next(goes) for _ in range(size)):
            if code == 0:
                pen = pen + steps[len(corners)]
                at = len(corners)
                corners.append(pen)
            else:
                at += -(code // 2) if (code - 1) & 1 else (code - 1) // 2
                pen = corners[at]
            loop.append(pen)
        loops.append(np.array(loop))
    found, start = [], 0
    for count in rings:
        found.append(loops[start : start + count])
        start += count
    return found


def read_planes(data):
    coded = np.frombuffer(data, dtype=np.uint8).reshape(4, -1).T.copy().view("<u4").ravel().astype(np.int64)
    return (coded >> 1) ^ -(coded & 1)


def encoded(given):
    corners = shapes.levels(shapes.polygons(given))
    return read_shapes(shapes.encode(corners, np.zeros(len(corners.xy), dtype=np.uint8), "v"), "v")


@pytest.fixture(scope="module")
def villages():
    return world.villages()


@pytest.fixture(scope="module")
def full(villages):
    return render(draw_map(villages, **world.tables(villages)))


class TestPayload:
    @given(st.lists(st.integers(0, 2**53)))
    def test_varints_are_read_back(self, values):
        assert read_varints(varints(values)) == values

    @given(st.lists(st.integers(-(2**40), 2**40)))
    @settings(deadline=None)
    def test_deltas_are_read_back(self, values):
        assert read_deltas(deltas(values)).tolist() == values

    @given(st.lists(st.one_of(st.none(), st.text(), st.just(float("nan")), st.just(pd.NA))))
    @settings(deadline=None)
    def test_texts_are_read_back(self, values):
        column = text_column(values)
        read = [column["words"][at] if at >= 0 else "" for at in column["at"]]
        assert read == [clean(value) for value in values]
        assert len(set(column["words"])) == len(column["words"])

    def test_unpack_is_the_inverse_of_pack(self):
        header, parts = {"a": [1, None, "é</script>"]}, {"x": b"\x00\xff", "y": b""}
        assert unpack(pack(header, parts)) == ({"format": 1, **header}, parts)

    @given(
        st.lists(
            st.one_of(st.none(), st.integers(-(2**40), 2**40), st.floats(-1, 1).map(lambda v: round(v, 6))), min_size=64
        )
    )
    @settings(deadline=None)
    def test_long_columns_are_read_back(self, values):
        header = {"t": {"numbers": values, "words": text_column(map(str, values))}}
        assert unpack(pack(header, {}))[0] == {"format": 1, **header}

    def test_the_same_input_gives_the_same_text(self):
        assert pack({"a": 1}, {}) == pack({"a": 1}, {})

    def test_lone_surrogates_become_readable(self):
        assert clean("a\ud800b").encode() == b"a?b"

    def test_numbers_days_and_flags(self):
        assert number_column([1.26, None, np.nan, np.inf, "x", pd.NA], 1) == [1.3, None, None, None, None, None]
        assert number_column(pd.array([3, None], dtype="Int64")) == [3, None]
        assert day_column([pd.Timestamp("1970-01-02"), None, pd.NaT, "kemarin"]) == [1, None, None, None]
        assert flag_column(pd.array([True, False, None], dtype="boolean")) == [1, 0, 0]


class TestShapes:
    @pytest.mark.parametrize("level", range(1 + len(shapes.COARSER_DEG)))
    def test_shared_borders_stay_shared_at_every_level(self, villages, level):
        drawn = shapes.levels(shapes.polygons(villages.geometry.to_numpy())).polygons(level, shapes.QUANTUM_DEG)
        union = shapely.union_all(drawn)
        assert shapely.is_valid(drawn).all()
        assert union.area == pytest.approx(shapely.area(drawn).sum(), rel=1e-9)
        assert shapely.get_num_interior_rings(shapely.get_parts(union)).sum() == 0

    def test_levels_are_subsets(self, villages):
        found = shapes.levels(shapes.polygons(villages.geometry.to_numpy()))
        sizes = [len(found.walk(level)[0]) for level in range(3)]
        assert sizes[0] > sizes[1] >= sizes[2]
        assert all(found.walk(level)[1].min() >= 3 for level in range(3))

    @given(st.integers(0, 2**32 - 1))
    @settings(deadline=None, max_examples=25)
    def test_any_tiling_keeps_its_borders_and_is_read_back(self, seed):
        rng = np.random.default_rng(seed)
        seeds = shapely.MultiPoint(rng.uniform(0, 1, (int(rng.integers(3, 40)), 2)))
        cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(0, 0, 1, 1)))
        tiles = shapely.segmentize(cells, 0.02)
        found = shapes.levels(shapes.polygons(tiles))
        for level in range(3):
            drawn = found.polygons(level, shapes.QUANTUM_DEG)
            assert shapely.union_all(drawn).area == pytest.approx(shapely.area(drawn).sum(), rel=1e-9)
        again = [shapely.Polygon(loops[0] * shapes.QUANTUM_DEG) for loops in encoded(tiles)]
        assert shapely.equals(again, shapely.get_geometry(found.polygons(0, shapes.QUANTUM_DEG), 0)).all()

    def test_areas_stay_within_half_a_percent(self, villages):
        given_ = shapes.polygons(villages.geometry.to_numpy())
        found = shapes.levels(given_)
        after = shapely.area(found.polygons(0, shapes.QUANTUM_DEG))
        assert len(found.ring) < shapely.get_num_coordinates(given_).sum()
        assert np.abs(after / shapely.area(given_) - 1).max() < 0.005

    def test_holes_parts_and_absent_shapes_are_kept_apart(self):
        ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
        two = shapely.MultiPolygon([shapely.box(5, 0, 6, 1), shapely.box(7, 0, 8, 1)])
        mixed = shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(9, 0, 10, 1)])
        given_ = [ring, None, two, shapely.Point(1, 1), shapely.Polygon(), mixed]
        read = encoded(given_)
        assert [len(loops) for loops in read] == [2, 0, 2, 0, 0, 1]
        assert [len(loop) for loop in read[0]] == [4, 4]

    def test_labels_lie_inside(self, villages):
        drawn = shapes.polygons(villages.geometry.to_numpy())
        at = shapes.label_points(drawn)
        assert shapely.contains_xy(drawn, at[:, 0], at[:, 1]).all()

    def test_real_boundaries_keep_their_areas(self, real):
        frame = gpd.read_file(real / "boundaries" / "kemendagri_32.04_kab_bandung.geojson")
        drawn = shapes.levels(shapes.polygons(frame.geometry.to_numpy())).polygons(0, shapes.QUANTUM_DEG)
        assert np.abs(shapely.area(drawn) / shapely.area(frame.geometry.to_numpy()) - 1).max() < 0.005


class TestPage:
    def test_is_a_folium_map(self, villages):
        assert isinstance(draw_map(villages), folium.Map)

    def test_names_nothing_outside_itself(self, full):
        found = Parts(full)
        for tag, attribute in (
            ("script", "src"),
            ("link", "href"),
            ("img", "src"),
            ("iframe", "src"),
            ("source", "src"),
        ):
            for attributes in found.named(tag):
                assert (attributes.get(attribute) or "data:").startswith("data:"), attributes
        styles = found.texts["style"]
        assert "@import" not in styles
        assert all(url.startswith(("data:", '"data:')) for url in re.findall(r"url\(([^)]{0,12})", styles))
        assert "sourceMappingURL" not in full

    def test_policy_forbids_every_request(self, full):
        rules = dict(rule.split(" ", 1) for rule in Parts(full).policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["img-src"] == "data: blob:"
        assert rules["style-src"] == "'unsafe-inline'"
        assert "unsafe" not in rules["script-src"]
        assert "http" not in " ".join(rules.values())

    def test_every_script_is_named_by_its_hash(self, full):
        policy = Parts(full).policy
        codes = [
            code for kind, code in re.findall(r"<script([^>]*)>(.*?)</script>", full, re.DOTALL) if "type" not in kind
        ]
        assert len(codes) == 3
        for code in codes:
            assert base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() in policy

    def test_same_tables_give_the_same_bytes(self, villages, full):
        assert render(draw_map(villages, **world.tables(villages))) == full

    def test_inputs_are_left_alone(self, villages):
        frame, rest = villages.copy(), world.tables(villages)
        before = {name: table.copy() for name, table in rest.items() if isinstance(table, pd.DataFrame)}
        draw_map(frame, **rest)
        pd.testing.assert_frame_equal(frame, villages)
        for name, table in before.items():
            pd.testing.assert_frame_equal(rest[name], table)

    def test_panel_reads_without_a_script(self, full):
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", full[full.index("<body>") :]))
        for phrase in (
            "Kabupaten Uji",
            "43 dari 60 desa (71,67 %) per 26 Desember 2022",
            "Data per 26 Desember 2022",
            "10 desa belum cukup data",
            "bawaan-2026 (1f2e3d4c)",
            "batas.gpkg",
            "40 dari 41 baris diterima",
        ):
            assert phrase in text, phrase

    def test_table_lists_every_village(self, full, villages):
        body = full[full.index("<tbody>") : full.index("</tbody>")]
        assert body.count("<tr>") == len(villages)
        assert all(name in body for name in villages["village_name"])
        assert "Tertangani" in body
        assert "Belum cukup data" in body

    def test_english(self, villages):
        found = render(draw_map(villages, **world.tables(villages), lang="en"))
        assert '<html lang="en">' in found
        assert "43 of 60 villages (71.67 %) as of 26 December 2022" in re.sub(r"<[^>]+>", "", found)
        assert "Saringan" not in found
        assert "Not enough data" in found

    def test_every_text_that_the_scripts_ask_for_exists(self):
        scripts = "".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js"))
        asked = set(re.findall(r"\bt\.(\w+)", scripts)) | set(
            re.findall(r"\bt\.(\w+)", (ASSETS / "page.html.j2").read_text())
        )
        assert asked - {"format"} <= set(page_texts("id"))

    def test_scripts_never_parse_markup(self):
        ours = {path.name: path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js")}
        for name, text in ours.items():
            assert not re.search(
                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text
            ), name
        assert [name for name, text in ours.items() if "DOMParser" in text] == ["folium.js"]

    def test_size_and_time_of_a_kabupaten(self, tmp_path):
        frame = world.villages(280)
        started = time.process_time()
        path = write_map(tmp_path / "map.html", frame, **world.tables(frame, readings=12_000))
        assert path.stat().st_size < 1_500_000
        assert time.process_time() - started < 20  # a guard against a blunder, not a benchmark


class TestFolium:
    def test_shows_in_a_notebook(self, villages):
        shown = draw_map(villages)._repr_html_()
        assert shown.startswith("<iframe srcdoc=")
        assert "Content-Security-Policy" in shown

    def test_takes_further_layers(self, villages):
        drawn = draw_map(villages)
        group = folium.FeatureGroup("Lain").add_to(drawn)
        folium.Marker([-7, 107.6], popup="Halo").add_to(group)
        found = render(drawn)
        assert f"{group.get_name()}.addTo({drawn.get_name()})" in found
        assert "http" not in Parts(found).policy

    def test_opens_only_the_hosts_that_an_added_layer_needs(self, villages):
        drawn = draw_map(villages)
        folium.TileLayer("https://tiles.example.org/{z}/{x}/{y}.png", attr="x").add_to(drawn)
        folium.Marker([-7, 107.6], icon=folium.Icon(color="red")).add_to(drawn)
        rules = dict(rule.split(" ", 1) for rule in Parts(render(drawn)).policy.split("; "))
        assert "https://tiles.example.org" in rules["img-src"]
        assert "https://tiles.example.org" not in rules["script-src"]
        assert "https://cdnjs.cloudflare.com" in rules["script-src"]
        assert "jquery" not in render(drawn)

    def test_link_lists_are_its_own(self, villages):
        before = list(folium.Map.default_js)
        first, second = draw_map(villages), draw_map(villages)
        first.add_js_link("extra", "https://example.org/x.js")
        assert folium.Map.default_js == before
        assert second.default_js == []

    def test_fits_under_a_plain_figure(self, villages):
        from branca.element import Figure

        figure = Figure()
        figure.add_child(draw_map(villages))
        assert "blankspot.open(" in figure.render()

    def test_bounds_are_those_of_the_villages(self, villages):
        west, south, east, north = villages.total_bounds
        assert draw_map(villages).get_bounds() == [[south, west], [north, east]]


class TestSafety:
    def test_hostile_texts_stay_text(self):
        frame, rest = world.hostile()
        found = render(draw_map(frame, **rest))
        tags = Parts(found)
        assert Parts(render(draw_map(world.villages(12)))).named("script").__len__() == len(tags.named("script"))
        assert not tags.named("img")
        assert not [a for _, a in tags.tags if any(name.startswith("on") for name in a)]
        assert "49" not in re.findall(r"<bdi>([^<]*)</bdi>", found)
        header, _ = payload_of(found)
        assert header["villages"]["name"]["words"] == [text.strip() for text in world.HOSTILE]

    def test_title_is_text(self, villages):
        found = render(draw_map(villages, title="</title><script>alert(1)</script>{{ 7*7 }}"))
        assert "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}</title>" in found

    def test_personal_data_do_not_enter(self, villages):
        rest = world.tables(villages)
        rest["measurements"].loc[0, ["lon", "lat"]] = [world.LON_FINE, world.LAT_FINE]
        found = render(draw_map(villages, **rest))
        header, parts = payload_of(found)
        everything = found + str(header)
        for secret in world.SECRETS:
            assert secret not in everything
        assert "880000" not in everything
        lon, lat = read_deltas(parts["measurements.lon"]), read_deltas(parts["measurements.lat"])
        assert (107741, -6947) in set(zip(lon.tolist(), lat.tolist(), strict=True))
        assert header["measurements"]["decimals"] == 3

    def test_of_what_changed_only_what_is_public_enters(self, villages):
        rest = world.tables(villages)
        given = {"changes": world.changes(villages), "changed_since": dt.date(2022, 9, 30)}
        before = given["changes"].copy()
        found = render(draw_map(villages, **rest, **given))
        header, _ = payload_of(found)
        assert header["changes"]["what"]["words"] == ["stage", "handled_on", "planned_quarter", "target_added"]
        assert header["changes"]["village"] == [0, 0, 2, 2]
        assert header["changed_since"] == dt.date(2022, 9, 30).toordinal() - EPOCH
        assert header["as_of"] == dt.date(2022, 12, 26).toordinal() - EPOCH
        assert "900000000" not in str(header) + found
        assert not any(secret in str(header) + found for secret in world.SECRETS)
        pd.testing.assert_frame_equal(given["changes"], before)

    def test_changes_of_internet_points_are_left_out(self, villages):
        rest = world.tables(villages)
        told = world.changes(villages)
        told["case_id"] = ["k0", f"{told['village_code'][1]}:internet", *told["case_id"][2:]]
        rest["handling"]["service"] = ["internet", *["mobile"] * (len(rest["handling"]) - 1)]
        found = render(draw_map(villages, **rest, changes=told, changed_since=dt.date(2022, 9, 30)))
        assert payload_of(found)[0]["changes"]["village"] == [2, 2]

    def test_without_changes_nothing_is_said_of_them(self, villages):
        found = render(draw_map(villages, **world.tables(villages)))
        assert "changes" not in payload_of(found)[0]
        assert 'class="bs-unjudged bs-changed"' not in found
        nothing = world.changes(villages).iloc[:0]
        found = render(draw_map(villages, changes=nothing, changed_since=dt.date(2022, 9, 30)))
        assert "0 desa berubah dalam penanganan seluler sejak 30 September 2022" in told_in(found)

    def test_public_precision_is_a_setting(self, villages):
        coarse = load_settings({"public": {"coordinate_decimals": 2}})
        header, parts = payload_of(render(draw_map(villages, **world.tables(villages), settings=coarse)))
        assert header["measurements"]["decimals"] == 2
        assert abs(read_deltas(parts["measurements.lat"])).max() <= 721


class TestReadings:
    def test_a_place_takes_the_best_of_its_networks(self, villages):
        rows = [
            (107.5, -7.0, "a", "4G", "rsrp_dbm", -120.0),
            (107.5001, -7.0001, "b", "4G", "rsrp_dbm", -90.0),
            (107.6, -7.0, "a", "4G", "rsrp_dbm", -110.0),
            (107.7, -7.0, np.nan, np.nan, "no_service", np.nan),
            (107.7, -7.1, "a", "4G", "download_mbps", 12.0),
            (np.nan, -7.1, "a", "4G", "rsrp_dbm", -80.0),
        ]
        frame = pd.DataFrame(rows, columns=["lon", "lat", "operator", "technology", "metric", "value"])
        table = payload_of(render(draw_map(villages, measurements=frame)))[0]["measurements"]
        assert table["total"] == 5
        assert sorted(zip(table["level"], table["groups"], strict=True)) == [(0, 1), (1, 1), (2, 1), (3, 2)]

    def test_days_are_local(self, villages):
        frame = pd.DataFrame(
            {
                "lon": [107.5],
                "lat": [-7.0],
                "metric": ["rsrp_dbm"],
                "value": [-90.0],
                "measured_at": [pd.Timestamp("2022-10-02 20:00", tz="UTC")],
            }
        )
        table = payload_of(render(draw_map(villages, measurements=frame)))[0]["measurements"]
        assert table["day"] == [(pd.Timestamp("2022-10-03") - pd.Timestamp("1970-01-01")).days]


class TestHandling:
    def test_the_case_that_moved_last_tells_how_a_village_stands(self, villages):
        code = villages["village_code"].iloc[3]
        cases = pd.DataFrame(
            {
                "village_code": [code, code, "11.11.11.2001"],
                "stage": ["handled", "reopened", "handled"],
                "since": [pd.Timestamp("2021-05-01"), pd.Timestamp("2022-05-01"), pd.NaT],
            }
        )
        table = payload_of(render(draw_map(villages, handling=cases)))[0]["cases"]
        assert table["village"] == [3, 3]
        assert [table["stage"]["words"][at] for at in table["stage"]["at"]] == ["reopened", "handled"]

    def test_an_empty_ledger_is_no_layer(self, villages):
        header, _ = payload_of(render(draw_map(villages, handling=pd.DataFrame(columns=["village_code", "stage"]))))
        assert "cases" not in header


class TestLittle:
    def test_nothing_says_so(self):
        found = render(draw_map(world.villages(4).iloc[:0]))
        assert "Tidak ada desa di peta ini." in found

    def test_one_village(self):
        header, parts = payload_of(render(draw_map(world.villages(4).iloc[:1])))
        assert len(read_shapes(parts, "villages")) == 1
        assert len(header["districts"]["code"]["at"]) == 1

    def test_without_verdicts(self, villages):
        found = render(draw_map(villages))
        assert "Status sinyal belum dinilai" in found
        assert "signal_class" not in payload_of(found)[0]["villages"]

    def test_a_village_without_a_verdict_is_counted_as_unknown(self, villages):
        rest = world.tables(villages)
        found = render(draw_map(villages, verdicts=rest["verdicts"].iloc[4:]))
        assert "13 desa belum cukup data" in told_in(found)

    def test_nan_everywhere(self, villages):
        rest = world.tables(villages, readings=20)
        bare = villages.copy()
        bare[["village_type", "district", "regency", "province", "population"]] = np.nan
        bare.loc[:2, "geometry"] = None
        for name, table in list(rest.items()):
            if isinstance(table, pd.DataFrame):
                rest[name] = table.assign(**{column: np.nan for column in table.columns if column != "village_code"})
        found = render(draw_map(bare, **rest))
        header, parts = payload_of(found)
        assert "3 desa tanpa batas" in told_in(found)
        assert header["villages"]["unshaped"] == 3
        assert parts["labels.there"][:4] == b"\0\0\0\1"
        assert "nan" not in {word.lower() for word in header["villages"]["reason"]["id"]}
        assert header["measurements"]["total"] == 0
        assert len(read_shapes(parts, "villages")) == len(villages)

    def test_long_tables_are_cut_for_those_without_a_script(self, villages, monkeypatch):
        monkeypatch.setattr("blankspot.out.maps.draw._TABLE_ROWS_MAX", 7)
        assert "… dan 33 desa lagi." in render(draw_map(villages))


class TestRefusals:
    def test_frames_without_their_columns(self, villages):
        with pytest.raises(UsageError, match="lacks village_code, village_name"):
            draw_map(villages[["geometry"]])
        with pytest.raises(UsageError, match="sites given to the map lacks lon, lat"):
            draw_map(villages, sites=pd.DataFrame({"site_id": ["a"]}))
        with pytest.raises(UsageError, match="handling given to the map lacks stage"):
            draw_map(villages, handling=pd.DataFrame({"village_code": ["a"]}))

    def test_other_coordinate_systems(self, villages):
        with pytest.raises(UsageError, match="EPSG:4326"):
            draw_map(villages.to_crs(32748))
        with pytest.raises(UsageError, match="GeoDataFrame"):
            draw_map(pd.DataFrame(villages))

    def test_unknown_identifiers(self, villages):
        verdicts = world.tables(villages)["verdicts"]
        with pytest.raises(UsageError, match="Unknown signal_class: 'bagus'"):
            draw_map(villages, verdicts=verdicts.assign(signal_class="bagus"))
        with pytest.raises(UsageError, match="Unknown stage"):
            draw_map(
                villages, handling=pd.DataFrame({"village_code": [villages["village_code"].iloc[0]], "stage": ["x"]})
            )

    def test_two_verdicts_for_one_village(self, villages):
        verdicts = world.tables(villages)["verdicts"]
        with pytest.raises(UsageError, match="More than one verdict"):
            draw_map(villages, verdicts=pd.concat([verdicts, verdicts.iloc[:1]]))

    def test_unknown_language_and_basemap(self, villages):
        with pytest.raises(UsageError, match="language"):
            draw_map(villages, lang="jv")
        with pytest.raises(UsageError, match="osm, topo"):
            draw_map(villages, basemap="google")

    def test_an_unwritable_place_keeps_what_stood_there(self, villages, tmp_path):
        (tmp_path / "map.html").mkdir()
        with pytest.raises(OutputError):
            write_map(tmp_path / "map.html", villages)
        assert list(tmp_path.iterdir()) == [tmp_path / "map.html"]


@pytest.mark.parametrize("name", BASEMAPS)
def test_a_basemap_opens_its_own_host_and_no_other(villages, name):
    found = Parts(render(draw_map(villages, basemap=name)))
    rules = dict(rule.split(" ", 1) for rule in found.policy.split("; "))
    assert rules["img-src"] == f"data: blob: {find_basemap(name).origin}"
    assert "http" not in rules["script-src"]

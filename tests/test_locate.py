"""`locate` against shapely, against exact fractions, and against worlds a reader can check in the head."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core import caching

from blankspot.errors import UsageError
from blankspot.locate import Locator, index, kernels, locate
from blankspot.locate.rings import rings_of


def frame(geometries, codes=None) -> gpd.GeoDataFrame:
    codes = [f"{i:02d}" for i in range(len(geometries))] if codes is None else codes
    return gpd.GeoDataFrame({"village_code": codes}, geometry=list(geometries), crs="EPSG:4326")


def oracle(lon, lat, villages: gpd.GeoDataFrame) -> np.ndarray:
    """The plain version: every point against every village, the smallest code of those that hold it."""
    found = np.full(len(lon), -1)
    points = shapely.points(lon, lat)
    for row in villages["village_code"].reset_index(drop=True).sort_values(kind="stable").index[::-1]:
        geometry = villages.geometry.iloc[row]
        found[[geometry is not None and point.intersects(geometry) for point in points]] = row
    return found


def tiling(rng: np.random.Generator, count: int) -> list[shapely.Polygon]:
    seeds = shapely.MultiPoint(rng.uniform([107, -7], [108, -6], (count, 2)))
    return list(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=shapely.box(106.9, -7.1, 108.1, -5.9))))


class TestByHand:
    def test_each_point_gets_the_row_of_its_village(self):
        villages = frame([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
        assert locate([0.5, 1.5, 2.5, 0.5], [0.5, 0.5, 0.5, -0.1], villages).tolist() == [0, 1, -1, -1]

    @pytest.mark.parametrize("codes", [["a", "b"], ["b", "a"]])
    def test_on_a_shared_border_the_smallest_code_answers(self, codes):
        villages = frame([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], codes)
        on_border = locate([1, 1, 1, 1], [0, 0.3, 0.5, 1], villages)
        assert set(on_border.tolist()) == {codes.index("a")}

    def test_where_villages_overlap_the_smallest_code_answers(self):
        villages = frame([shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2)], ["2", "1"])
        assert locate([0.5, 1.5, 1, 4], [0.5, 1.5, 1, 4], villages).tolist() == [0, 1, 1, 0]

    def test_codes_compare_as_text_and_missing_ones_come_last(self):
        box = shapely.box(0, 0, 1, 1)
        assert locate([0.5], [0.5], frame([box, box], ["9", "10"])).tolist() == [1]
        assert locate([0.5], [0.5], frame([box, box], [None, "zz"])).tolist() == [1]
        assert locate([0.5], [0.5], frame([box, box], ["a", "a"])).tolist() == [0]

    def test_the_border_belongs_to_the_village_that_of_a_hole_too(self):
        ring = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
        assert locate([0, 10, 5, 4, 6, 5], [0, 5, 4, 5, 6, 5], frame([ring])).tolist() == [0, 0, 0, 0, 0, -1]

    def test_an_enclave_answers_inside_a_hole_and_its_code_decides_on_the_border(self):
        outer, enclave = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6), shapely.box(4, 4, 6, 6)
        assert locate([5, 4, 1], [5, 5, 1], frame([outer, enclave], ["b", "a"])).tolist() == [1, 1, 0]
        assert locate([5, 4, 1], [5, 5, 1], frame([outer, enclave], ["a", "b"])).tolist() == [1, 0, 0]

    def test_a_village_of_several_parts_is_one_village(self):
        islands = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)])
        nested = shapely.GeometryCollection([shapely.Point(9, 9), islands, shapely.LineString([(8, 8), (9, 9)])])
        for geometry in (islands, nested, shapely.GeometryCollection([nested, shapely.box(7, 0, 8, 1)])):
            assert locate([0.5, 5.5, 3, 9], [0.5, 5.5, 3, 9], frame([geometry])).tolist() == [0, 0, -1, -1]

    def test_villages_without_polygon_hold_nothing(self):
        nothing = [
            None,
            shapely.Polygon(),
            shapely.MultiPolygon(),
            shapely.Point(0.5, 0.5),
            shapely.GeometryCollection(),
        ]
        broken = [shapely.Polygon([(0, 0), (np.inf, 0), (0, 1)]), shapely.Polygon([(0, 0), (1e40, 0), (0, 1)])]
        villages = frame([*nothing, shapely.box(0, 0, 1, 1), *broken])
        assert locate([0.5], [0.5], villages).tolist() == [5]
        assert locate([0.5], [0.5], frame([*nothing, *broken])).tolist() == [-1]
        assert locate([0.5], [0.5], frame([])).tolist() == [-1]

    def test_a_point_that_is_nowhere_lies_nowhere(self):
        nowhere = [np.nan, np.inf, -np.inf, 0.5, 0.5, 1e308, -1e308]
        beside = [0.5, 0.5, 0.5, np.nan, np.inf, 0.5, 0.5]
        assert locate(nowhere, beside, frame([shapely.box(0, 0, 1, 1)])).tolist() == [-1] * 7

    def test_a_bow_tie_is_read_by_the_even_odd_rule(self):
        bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
        twice = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (2, 0), (2, 2), (0, 2), (0, 0)])
        assert locate([0.5, 1.5, 1, 1], [1, 1, 0.5, 1], frame([bow])).tolist() == [0, 0, -1, 0]
        assert locate([1, 3, 2], [1, 3, 2], frame([twice])).tolist() == [-1, 0, 0]

    def test_overlapping_parts_of_one_village_do_not_cancel(self):
        parts = shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
        assert locate([1.5], [1.5], frame([parts])).tolist() == [0]

    def test_overlapping_holes_do_not_cancel(self):
        ring = shapely.Polygon(
            shapely.box(0, 0, 9, 9).exterior, [shapely.box(1, 1, 5, 5).exterior, shapely.box(3, 3, 7, 7).exterior]
        )
        assert locate([4, 2, 8], [4, 2, 8], frame([ring])).tolist() == [-1, -1, 0]


class TestArguments:
    villages = frame([shapely.box(0, 0, 1, 1)])

    def test_the_answer_is_int32_of_the_shape_asked(self):
        assert locate(0.5, 0.5, self.villages).shape == ()
        assert locate([], [], self.villages).shape == (0,)
        answer = locate(np.full((3, 4), 0.5), np.full((3, 4), 0.5), self.villages)
        assert answer.shape == (3, 4)
        assert answer.dtype == np.int32
        assert (answer == 0).all()

    @pytest.mark.parametrize(
        "values",
        [
            pd.Series([0.5, 2.0, np.nan], index=[7, 7, 1]),
            pd.Series([0.5, 2.0, None], dtype="Float64"),
            np.array([0.5, 2.0, np.nan], dtype=np.float32),
            np.array([0.5, 9, 2.0, 9, np.nan, 9])[::2],
            np.array([0.5, 2.0, None], dtype=object),
        ],
    )
    def test_any_array_of_numbers_will_do_and_stays_as_it_was(self, values):
        before = values.copy()
        assert locate(values, values, self.villages).tolist() == [0, -1, -1]
        assert (pd.isna(before) | (before == values)).all()

    def test_villages_stay_as_they_were_and_their_index_does_not_matter(self):
        villages = frame([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)], ["b", "a"]).set_index(pd.Index([5, 5]))
        before = villages.copy(deep=True)
        assert locate([0.5, 2.5], [0.5, 0.5], villages).tolist() == [0, 1]
        assert_geodataframe_equal(villages, before)

    def test_a_column_of_geometry_by_any_name_will_do(self):
        assert locate([0.5], [0.5], self.villages.rename_geometry("batas")).tolist() == [0]

    def test_another_crs_is_refused(self):
        with pytest.raises(UsageError, match="EPSG:4326"):
            locate([0], [0], self.villages.set_crs(32748, allow_override=True))
        with pytest.raises(UsageError, match="EPSG:4326"):
            Locator(gpd.GeoDataFrame({"village_code": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)]))

    def test_villages_without_codes_are_refused(self):
        with pytest.raises(UsageError, match="village_code"):
            Locator(self.villages.rename(columns={"village_code": "kode"}))

    def test_lon_and_lat_of_different_number_are_refused(self):
        with pytest.raises(UsageError, match="differ"):
            locate([0, 1], [0], self.villages)


class TestExact:
    numbers = st.one_of(
        st.integers(-4, 4).map(float),
        st.integers(-40, 40).map(lambda i: i / 10),
        st.floats(-200, 200).map(lambda x: 0.0 if abs(x) < kernels.TINY else x),
        st.floats(-1e-200, 1e-200).filter(lambda x: x == 0 or abs(x) > 1e-240),
    )

    @staticmethod
    def sign(ax, ay, bx, by, px, py) -> int:
        ax, ay, bx, by, px, py = map(Fraction, (ax, ay, bx, by, px, py))
        turn = (ax - px) * (by - py) - (ay - py) * (bx - px)
        return (turn > 0) - (turn < 0)

    @settings(deadline=None, max_examples=300)
    @given(st.tuples(*[numbers] * 6))
    def test_a_turn_has_the_sign_that_fractions_give(self, six):
        assert np.sign(kernels._turn(*six)) == self.sign(*six)

    @settings(deadline=None, max_examples=300)
    @given(st.tuples(*[numbers] * 4), st.floats(0, 1), st.integers(-2, 2), st.integers(-2, 2))
    def test_so_it_has_within_a_rounding_of_the_edge(self, ends, part, steps_x, steps_y):
        ax, ay, bx, by = ends
        px, py = ax + part * (bx - ax), ay + part * (by - ay)
        px, py = px + steps_x * np.spacing(px), py + steps_y * np.spacing(py)
        px, py = (0.0 if abs(value) < kernels.TINY else float(value) for value in (px, py))
        assert np.sign(kernels._turn(ax, ay, bx, by, px, py)) == self.sign(ax, ay, bx, by, px, py)

    def test_a_point_off_the_edge_by_one_rounding_is_off_it(self):
        triangle = frame([shapely.Polygon([(107.1, -6.9), (107.4, -6.6), (107.1, -6.6)])])
        lon = 107.1 + np.arange(1, 2000) * (0.3 / 2000)
        lat = -6.9 + np.arange(1, 2000) * (0.3 / 2000)
        for step in (-1, 0, 1):
            x = lon + step * np.spacing(lon)
            inside = [self.sign(107.1, -6.9, 107.4, -6.6, *point) >= 0 for point in zip(x, lat, strict=True)]
            assert (locate(x, lat, triangle) == 0).tolist() == inside

    def test_every_vertex_and_exact_middle_of_an_edge_is_in_its_village(self):
        rng = np.random.default_rng(3)
        for geometry in tiling(rng, 40):
            xy = shapely.get_coordinates(geometry)
            middle = (xy[1:] + xy[:-1]) / 2
            exact = [self.sign(*a, *b, *m) == 0 for a, b, m in zip(xy[:-1], xy[1:], middle, strict=True)]
            points = np.vstack([xy, middle[exact]])
            assert (locate(points[:, 0], points[:, 1], frame([geometry])) == 0).all()

    def test_coordinates_beside_zero_are_zero(self):
        villages = frame([shapely.box(0, -1, 1, 1), shapely.box(-1, -1, 1e-300, 1)], ["b", "a"])
        assert locate([5e-324, -1e-300, 0.0], [0.0, 5e-324, 0.0], villages).tolist() == [1, 1, 1]
        assert locate([-1e-300], [-1e-300], frame([shapely.box(0, 0, 1, 1)])).tolist() == [0]


lattice = st.integers(-3, 3).map(float)
decimals = st.integers(0, 30).map(lambda i: 107 + i / 10)
corner = st.one_of(st.tuples(lattice, lattice), st.tuples(decimals, decimals))
shapes = st.lists(st.tuples(lattice, lattice), min_size=3, max_size=9).map(shapely.Polygon) | st.lists(
    st.tuples(decimals, decimals), min_size=3, max_size=9
).map(shapely.Polygon)


class TestAgainstShapely:
    @settings(deadline=None, max_examples=150)
    @given(st.lists(shapes, min_size=1, max_size=6), st.randoms(use_true_random=False))
    def test_any_rings_on_a_lattice_with_points_on_vertices_edges_and_between(self, polygons, random):
        codes = [f"{i}" for i in range(len(polygons))]
        random.shuffle(codes)
        villages = frame(polygons, codes)
        xy = shapely.get_coordinates(polygons)
        half = (xy + np.roll(xy, 1, axis=0)) / 2
        lon = np.concatenate([xy[:, 0], half[:, 0], np.repeat(xy[:, 0], 3)])
        lat = np.concatenate([xy[:, 1], half[:, 1], np.resize(np.roll(xy[:, 1], 2), 3 * len(xy))])
        assert locate(lon, lat, villages).tolist() == oracle(lon, lat, villages).tolist()

    @pytest.mark.parametrize("seed", range(4))
    def test_a_random_tiling_with_points_everywhere_and_on_its_borders(self, seed):
        rng = np.random.default_rng(seed)
        geometries = tiling(rng, 60)
        villages = frame(geometries, rng.permutation([f"{i:03d}" for i in range(len(geometries))]))
        xy = shapely.get_coordinates(geometries)
        points = np.vstack([xy, (xy[1:] + xy[:-1]) / 2, rng.uniform([106.8, -7.2], [108.2, -5.8], (800, 2))])
        assert locate(*points.T, villages).tolist() == oracle(*points.T, villages).tolist()

    @pytest.mark.parametrize("seed", range(4))
    def test_overlapping_stars_with_holes_in_several_parts(self, seed):
        rng = np.random.default_rng(seed)
        geometries = []
        for _ in range(25):
            middle, angle = rng.uniform(0, 3, 2), np.sort(rng.uniform(0, 2 * np.pi, 30))
            ray = rng.uniform(0.2, 1, 30)[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
            star = shapely.make_valid(shapely.Polygon(middle + ray))
            hole = shapely.make_valid(shapely.Polygon(middle + 0.3 * ray[::2]))
            geometries.append(shapely.union(star - hole, shapely.box(*(middle + 1.5), *(middle + 1.7))))
        villages = frame(geometries)
        points = np.vstack([shapely.get_coordinates(geometries)[::5], rng.uniform(-1, 5, (600, 2))])
        assert locate(*points.T, villages).tolist() == oracle(*points.T, villages).tolist()


class TestInvariants:
    def world(self):
        rng = np.random.default_rng(11)
        villages = frame([*tiling(rng, 80), shapely.box(107.2, -6.8, 107.9, -6.3)])
        vertices = shapely.get_coordinates(villages.geometry)
        points = np.vstack([vertices, rng.uniform([106.9, -7.1], [108.1, -5.9], (3000, 2))])
        return villages, *points.T.copy(), rng

    def test_the_order_of_the_points_never_matters(self):
        villages, lon, lat, rng = self.world()
        order = rng.permutation(len(lon))
        assert (locate(lon, lat, villages)[order] == locate(lon[order], lat[order], villages)).all()

    def test_the_order_of_the_villages_never_matters(self):
        villages, lon, lat, rng = self.world()
        order = rng.permutation(len(villages))
        shuffled = locate(lon, lat, villages.iloc[order])
        codes = np.append(villages["village_code"].to_numpy(dtype=object), None)
        assert (codes[locate(lon, lat, villages)] == np.append(codes[:-1][order], None)[shuffled]).all()

    def test_batches_give_what_the_whole_gives_on_any_number_of_threads(self, monkeypatch):
        villages, lon, lat, _ = self.world()
        locator = Locator(villages)
        size = locator.nbytes
        whole = locator.locate(lon, lat, threads=1)
        parts = [locator.locate(lon[i : i + 97], lat[i : i + 97]) for i in range(0, len(lon), 97)]
        assert (np.concatenate(parts) == whole).all()
        monkeypatch.setattr(sys.modules["blankspot.locate"], "_BATCH", 500)
        assert (locator.locate(lon, lat, threads=3) == whole).all()
        assert locator.nbytes == size

    def test_a_locator_can_be_sent_to_another_process(self):
        villages, lon, lat, _ = self.world()
        sent = pickle.loads(pickle.dumps(Locator(villages)))  # noqa: S301 - our own bytes
        assert (sent.locate(lon, lat) == locate(lon, lat, villages)).all()

    def test_a_village_twice_answers_once(self):
        villages, lon, lat, _ = self.world()
        twice = pd.concat([villages, villages], ignore_index=True)
        assert (locate(lon, lat, twice) == locate(lon, lat, villages)).all()


class TestScales:
    """Maps whose extent tells nothing about the size of their villages."""

    @pytest.mark.parametrize("size", [1e-13, 1e-9, 1e-5, 1e-2, 1, 50])
    def test_one_village_of_any_size(self, size):
        box = shapely.box(100, -5, 100 + size, -5 + size)
        lon, lat = shapely.get_coordinates(box).T
        villages = frame([box])
        assert (locate(lon, lat, villages) == 0).all()
        assert (locate(np.nextafter(lon, 0), lat, villages) == np.where(lon > 100, 0, -1)).all()

    def test_villages_without_area_are_their_border(self):
        flat = [shapely.Polygon([(0, 0), (2, 2), (4, 4)]), shapely.Polygon([(7, 7), (7, 7), (7, 7)])]
        assert locate([1, 3, 7, 1], [1, 3, 7, 1.5], frame(flat)).tolist() == [0, 0, 1, -1]
        assert locate([7], [7], frame(flat[1:])).tolist() == [0]
        assert locate([0], [0], frame([shapely.Polygon([(0, 0), (0, 0), (0, 0)])])).tolist() == [0]

    def test_villages_far_apart_and_one_that_spans_them_all(self):
        rng = np.random.default_rng(5)
        near = tiling(rng, 30)
        far = [shapely.affinity.translate(geometry, 30, 5) for geometry in near]
        villages = frame([*near, *far, shapely.box(90, -15, 150, 15)])
        points = np.vstack([shapely.get_coordinates(far), rng.uniform([90, -15], [150, 15], (500, 2))])
        points = np.vstack([points, rng.uniform([106.9, -7.1], [108.1, -5.9], (500, 2))])
        assert locate(*points.T, villages).tolist() == oracle(*points.T, villages).tolist()

    def test_a_long_thin_map(self):
        slivers = [shapely.Polygon([(i, 0), (i + 1, 1e-7), (i + 1, 2e-7), (i, 1e-7)]) for i in range(40)]
        rng = np.random.default_rng(6)
        points = np.vstack([shapely.get_coordinates(slivers), rng.uniform(0, [40, 2e-7], (400, 2))])
        assert locate(*points.T, frame(slivers)).tolist() == oracle(*points.T, frame(slivers)).tolist()

    def test_a_limit_on_the_work_of_building_only_makes_cells_larger(self, monkeypatch):
        rng = np.random.default_rng(7)
        villages = frame(tiling(rng, 50))
        points = rng.uniform([106.9, -7.1], [108.1, -5.9], (500, 2))
        fine = Locator(villages)
        monkeypatch.setattr(index, "_VISITS_MAX", 400)
        coarse = Locator(villages)
        assert len(coarse._index.cells) < len(fine._index.cells)
        assert (coarse.locate(*points.T) == fine.locate(*points.T)).all()

    def test_every_ring_is_closed_and_ordered_by_code(self):
        ring = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
        rings = rings_of(frame([shapely.box(0, 0, 1, 1), ring, None], ["c", "a", "b"]))
        assert rings.codes.tolist() == [4 * 1, 4 * 1 + 2, 0]
        assert rings.closes.tolist() == [False, False, True]
        assert (rings.xy[rings.starts[:-1]] == rings.xy[rings.starts[1:] - 1]).all()


class TestCompiled:
    script = textwrap.dedent(
        """
        import sys
        import geopandas as gpd, numpy as np, shapely
        from blankspot.locate import locate
        rng = np.random.default_rng(0)
        rings = [np.cumsum(rng.integers(-2, 3, (7, 2)), axis=0) for _ in range(6)]
        villages = gpd.GeoDataFrame({"village_code": list("fbdace")}, geometry=[shapely.Polygon(r) for r in rings], crs=4326)
        lon, lat = rng.integers(-8, 9, (2, 300)) / 2
        print(locate(lon, lat, villages, threads=1).tolist())
        """
    )

    def run(self, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", self.script],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def test_compiled_and_plain_python_agree(self):
        compiled = self.run()
        assert compiled.count(",") == 299
        assert compiled == self.run(NUMBA_DISABLE_JIT="1")

    def test_without_a_folder_for_the_cache_it_compiles_all_the_same(self, monkeypatch):
        monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])

        def double(x: int) -> int:
            return 2 * x

        assert kernels._compiled(double)(4) == 8

    def test_each_entry_is_compiled_for_one_signature_so_that_processes_can_share_the_cache(self):
        locate([0.5], [0.5], frame([shapely.box(0, 0, 1, 1)]))
        readonly = np.array([0.5])
        readonly.setflags(write=False)
        locate(
            readonly,
            np.array([1], dtype=np.float32),
            frame([shapely.box(0, 0, 1, 1) - shapely.box(0.2, 0.2, 0.3, 0.3)]),
        )
        locate([], [], frame([]))
        assert [len(entry.signatures) for entry in (kernels.measure, kernels.sweep, kernels.look_up)] == [1, 1, 1]


class TestRealVillages:
    def test_a_kabupaten_with_overlaps_agrees_with_shapely_on_every_vertex(self, real):
        villages = gpd.read_file(real / "boundaries/kemendagri_32.04_kab_bandung.geojson").rename(
            columns={"kode": "village_code"}
        )
        xy = shapely.get_coordinates(villages.geometry)[::40]
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=4326)
        assert self.by_sjoin(points, villages).tolist() == locate(*xy.T, villages).tolist()

    def test_the_country_agrees_with_sjoin(self, real):
        villages = gpd.read_parquet(real / "boundaries/national_2025_simplified_without_13_36_53.parquet")
        villages = villages.rename(columns={"kode": "village_code"}).reset_index(drop=True)
        rng = np.random.default_rng(9)
        west, south, east, north = villages.geometry.bounds.dropna().sample(5000, random_state=1).to_numpy().T
        part = rng.random((2, len(west)))
        lon, lat = west + part[0] * (east - west), south + part[1] * (north - south)
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
        assert self.by_sjoin(points, villages).tolist() == locate(lon, lat, villages).tolist()

    def test_repeats_and_invalid_geometries_of_the_country_agree_with_shapely(self, real):
        villages = gpd.read_parquet(real / "boundaries/national_2025_simplified_without_13_36_53.parquet")
        villages = villages.rename(columns={"kode": "village_code"})
        villages = villages[~villages.geometry.is_valid].reset_index(drop=True)
        xy = shapely.get_coordinates(villages.geometry)
        rng = np.random.default_rng(9)
        near = xy[rng.integers(0, len(xy), 4000)] + rng.normal(0, 2e-4, (4000, 2))
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*near.T), crs=4326)
        assert self.by_sjoin(points, villages).tolist() == locate(*near.T, villages).tolist()

    @staticmethod
    def by_sjoin(points: gpd.GeoDataFrame, villages: gpd.GeoDataFrame) -> np.ndarray:
        joined = gpd.sjoin(points, villages[["village_code", "geometry"]], predicate="intersects")
        first = joined.sort_values("village_code", kind="stable").groupby(level=0)["index_right"].first()
        return first.reindex(points.index, fill_value=-1).to_numpy()

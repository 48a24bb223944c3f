"""What stands where on a sheet: everything on the page, nothing over anything else, and lengths true on paper."""

from __future__ import annotations

import geopandas as gpd
import mapworld
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from sheetworld import survey

from blankspot.geo import distance_m
from blankspot.out.sheets.diagrams import Regions
from blankspot.out.sheets.model import Sheet
from blankspot.out.sheets.paper import LISTS, PAPERS, landscape, portrait
from blankspot.out.sheets.sheet import arrange, draw
from blankspot.out.sheets.survey import by_district, part, whole

MM = 1 / 25.4


def stretched(villages: gpd.GeoDataFrame, wide: float, high: float) -> gpd.GeoDataFrame:
    """Return villages with their area made wider or higher around its corner."""
    return villages.assign(
        geometry=villages.geometry.apply(
            lambda one: shapely.transform(one, lambda at: np.array((107.4, -7.2)) + (at - (107.4, -7.2)) * (wide, high))
        )
    )


def planned(frame, paper="A3", choose=whole):
    found = survey(frame)
    return found, arrange(found, choose(found), Regions(found), paper)


def boxes(figure):
    """Return every text of a figure with its box, in millimetres, halos left out."""
    figure.set_dpi(400)  # so fine that letters have their true width
    canvas = FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_gid() != "halo":
            yield text, np.array(text.get_window_extent(renderer).extents) / figure.dpi / MM


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("lists", [*LISTS])
def test_parts_of_a_layout_lie_on_the_paper_and_apart(paper, lists):
    for layout in (landscape(paper, lists=lists), portrait(paper, foot=PAPERS[paper][0] * 0.3, lists=lists)):
        page = shapely.box(0, 0, layout.width, layout.height)
        parts = [layout.map, *layout.columns, *layout.keys]
        shapes = [shapely.box(part.x, part.y, part.right, part.top) for part in parts]
        assert all(shapely.contains(page, shape) for shape in shapes)
        assert not any(shapely.intersects(one, other) for at, one in enumerate(shapes) for other in shapes[at + 1 :])
        assert {layout.width, layout.height} == set(PAPERS[paper])


@pytest.mark.parametrize(
    ("frame", "paper"),
    [
        (mapworld.villages(40), "A3"),
        (mapworld.villages(40), "A1"),
        (mapworld.villages(40), "A4"),
        (mapworld.villages(300), "A3"),
        (mapworld.villages(1), "A3"),
        (stretched(mapworld.villages(40), 0.3, 2.0), "A3"),
        (stretched(mapworld.villages(60), 3.0, 0.5), "A3"),
    ],
)
def test_everything_is_on_the_page_and_blocks_do_not_touch(frame, paper):
    found, plan = planned(frame, paper)
    figure = draw(plan, found)
    assert np.allclose(figure.get_size_inches() / MM, (plan.layout.width, plan.layout.height))
    outer = plan.layout.outer
    for text, box in boxes(figure):
        assert box[0] >= outer.x - 0.5, text
        assert box[1] >= outer.y - 0.5, text
        assert box[2] <= outer.right + 0.5, text
        assert box[3] <= outer.top + 0.5, text
    for column, placed in zip(plan.layout.columns, plan.blocks, strict=True):
        edge = column.top
        for block, top in placed:
            assert top <= edge + 1e-6, block.name
            edge = top - block.height
        assert edge >= column.y - 1e-6


@pytest.mark.parametrize("count", [12, 40, 300])
def test_names_do_not_cover_each_other(count):
    found, plan = planned(mapworld.villages(count))
    figure = draw(plan, found)
    chart = plan.chart
    written = {line for label in chart.labels for line in label.lines or (str(chart.numbers[label.row]),)}
    frame = plan.layout.map
    shown = [
        shapely.box(*box)
        for text, box in boxes(figure)
        if text.get_text() in written and frame.x < box[0] and box[2] < frame.right and frame.y < box[1] < frame.top
    ]
    assert len(shown) >= min(count, 12)
    tree = shapely.STRtree(shown)
    for one, other in zip(*tree.query(shown, predicate="intersects"), strict=True):
        if one != other:
            shared = shapely.intersection(shown[one], shown[other]).area
            assert shared < 0.35 * min(shown[one].area, shown[other].area)  # lines of one label stand close


def test_every_village_is_named_numbered_or_counted():
    found, plan = planned(mapworld.villages(300))
    chart = plan.chart
    assert len(chart.labels) + chart.unlabelled == 300
    numbered = [label.row for label in chart.labels if label.is_number]
    assert sorted(chart.numbers) == sorted(numbered)
    assert sorted(chart.numbers.values()) == list(range(1, len(numbered) + 1))
    written = [text.get_text() for text in draw(plan, found).findobj(Text)]
    for row in numbered:
        assert any(text.startswith(str(found.villages.name[row])) for text in written)


@pytest.mark.parametrize("paper", ["A3", "A1"])
@pytest.mark.parametrize("frame", [mapworld.villages(40), stretched(mapworld.villages(40), 0.3, 2.0)])
def test_lengths_on_paper_are_true_to_the_scale(paper, frame):
    found, plan = planned(frame, paper)
    window = plan.chart.window
    lon, lat = window.to_degrees([10.0, 110.0], [60.0, 60.0])
    true_m = float(distance_m(lon[0], lat[0], lon[1], lat[1])[()])
    assert true_m == pytest.approx(0.1 * window.denominator, rel=0.003)  # 100 mm
    figure = draw(plan, found)
    axes = figure.axes[0]
    low, high = axes.transData.transform([(0, 0), (100, 100)])
    assert np.allclose((high - low) / figure.dpi / MM, 100, atol=1e-6)


def test_the_scale_is_round_and_the_largest_that_fits():
    found, plan = planned(mapworld.villages(40))
    window = plan.chart.window
    digits = str(window.denominator).rstrip("0")
    assert digits in {"1", "125", "15", "175", "2", "25", "3", "35", "4", "5", "6", "75"}
    bounds = shapely.total_bounds([shape for shape in found.villages.shape if shape is not None])
    assert window.west <= bounds[0]
    assert window.east >= bounds[2]
    assert window.south <= bounds[1]
    assert window.north >= bounds[3]


def test_the_sheet_stands_where_that_shows_more():
    _, lying = planned(mapworld.villages(40))
    _, standing = planned(stretched(mapworld.villages(40), 0.3, 2.0))
    assert lying.layout.width > lying.layout.height
    assert standing.layout.width < standing.layout.height


def test_a_larger_paper_shows_the_same_larger():
    _, small = planned(mapworld.villages(40))
    _, large = planned(mapworld.villages(40), "A1")
    assert large.chart.window.denominator < small.chart.window.denominator
    assert large.chart.unlabelled <= small.chart.unlabelled


def test_a_part_shows_its_neighbours_faintly_and_counts_only_itself():
    found = survey(mapworld.villages(40))
    sheet = part(found, "99.01.01")
    plan = arrange(found, sheet, Regions(found), "A3")
    written = " ".join(text.get_text() for text in draw(plan, found).findobj(Text))
    assert "KECAMATAN 1" in written
    assert "KECAMATAN 2" in written
    assert "3 dari 4 desa (75,00 %) per 26 Desember 2022" in written
    assert f"{int(sheet.rows.sum())} 100,00 %" in written


def test_sheets_of_a_set_know_their_number_and_their_neighbours():
    found = survey(mapworld.villages(40))
    sheets, left_out = by_district(found)
    assert [sheet.area.name for sheet in sheets] == [f"Kecamatan {at}" for at in range(1, 5)]
    assert left_out == []
    plan = arrange(found, sheets[1], Regions(found), "A3")
    written = " ".join(text.get_text() for text in draw(plan, found).findobj(Text))
    assert "Lembar 2 dari 4" in written
    assert "(LEMBAR 1)" in written.upper()
    assert "PETUNJUK LETAK PETA" in written


def test_a_district_without_borders_has_no_sheet():
    frame = mapworld.villages(40)
    bare = frame["geometry"].where(frame["district"] != "Kecamatan 2", None)
    sheets, left_out = by_district(survey(frame.assign(geometry=bare)))
    assert len(sheets) == 3
    assert [place.name for place in left_out] == ["Kecamatan 2"]


def test_the_whole_is_the_deepest_area_that_all_lie_in():
    def code(frame):
        return whole(survey(frame)).area.code

    frame = mapworld.villages(12)
    assert code(frame) == "99.01"
    assert code(frame.iloc[[0]]) == frame["village_code"].iloc[0]
    assert code(frame[frame["district"] == "Kecamatan 1"]) == "99.01.01"
    other = frame.assign(village_code=frame["village_code"].str.replace("99.01", "99.02"))
    both = gpd.GeoDataFrame(pd.concat([frame, other]), crs=4326)
    assert code(both) == "99"
    assert isinstance(whole(survey(both)), Sheet)

"""One sheet from end to end: its paper turned to suit the area, its scale, its blocks arranged, and everything drawn.

The sheet lies or stands, whichever shows the area larger. Letters beside the map shrink a little, then sources are cut, until
everything fits; the map never gives way to them. Where names become numbers, lists take a strip of the map's width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from blankspot.errors import UsageError
from blankspot.out.lettering import cut
from blankspot.out.palette import INKS
from blankspot.out.sheets import blocks, diagrams
from blankspot.out.sheets.blocks import Block, Setting
from blankspot.out.sheets.chart import (
    Areas,
    Chart,
    areas_of,
    chart_of,
    draw_chart,
    mark_of,
    with_borders,
    with_fewer_numbers,
)
from blankspot.out.sheets.grid import graticule, metric_grid
from blankspot.out.sheets.looks import GRID
from blankspot.out.sheets.paper import LISTS, MM_PER_POINT, NO_LISTS, PAPERS, Layout, Lists, Rect, landscape, portrait
from blankspot.out.sheets.pen import INK, Pen
from blankspot.out.sheets.window import Window, window_of
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blankspot.out.sheets.grid import Lines, Tick
    from blankspot.out.sheets.model import Sheet, Survey
    from blankspot.out.sheets.paper import Paper

_LETTERS: Final = (1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_SOURCES: Final = (14, 8, 4, 2)
_KEY: Final = 5.4  # points on A3
_KEY_LEADING: Final = 1.32
_KEY_HEAD: Final = 1.5  # lines above a list
_COST_MAX: Final = 1.26  # what lists may cost of the scale
_DIAGRAM: Final = (26.0, 62.0)  # least and most height, millimetres on A3
_FOOT: Final = (0.22, 0.37)  # of the height of a standing sheet
_HEADING: Final = 4.0  # millimetres of a diagram's heading on A3
_BETWEEN: Final = 2.6  # millimetres between blocks on A3
_GRID_APART: Final = 30.0
_TICK: Final = 1.3
_INCH: Final = 25.4


class Plan(NamedTuple):
    """A sheet arranged but not drawn.

    Attributes:
        layout: Where things stand.
        chart: The map.
        grid: Of the map.
        setting: For what the blocks are set.
        blocks: Per column, from top to bottom, with the upper edge of each.
    """

    layout: Layout
    chart: Chart
    grid: Lines
    setting: Setting
    blocks: tuple[tuple[tuple[Block, float], ...], ...]


def arrange(survey: Survey, sheet: Sheet, regions: diagrams.Regions, paper: Paper) -> Plan:
    """Arrange a sheet: choose how the paper lies, its scale, where names stand, and set the blocks.

    Raises:
        UsageError: There is no such paper.
    """
    if paper not in PAPERS:
        raise UsageError(
            Text(f"Ukuran kertas {paper!r} tidak dikenal.", f"There is no paper size {paper!r}."),
            hint=Text(f"Pilih: {', '.join(PAPERS)}.", f"Choose: {', '.join(PAPERS)}."),
        )
    areas = areas_of(survey, _window(survey, sheet, landscape(paper)))
    upright, foot = _turned(survey, sheet, regions, areas, paper)
    plain = layout = _layout(paper, upright=upright, foot=foot)
    chart = _charted(survey, sheet, areas, layout, numbered=True)
    if chart.numbers:
        layout = _with_lists(survey, sheet, chart, paper, upright=upright, foot=foot)
        chart = _charted(survey, sheet, areas, layout, numbered=bool(layout.keys))
    while (over := _key_lines(survey, chart) - _capacity(layout)) > 0:
        chart = with_fewer_numbers(chart, survey, over)
    if layout.keys and not chart.numbers:
        layout, chart = plain, _charted(survey, sheet, areas, plain, numbered=False)
    chart = with_borders(chart, areas)
    grid = metric_grid(chart.window, survey.lang, apart_mm=_GRID_APART * layout.scale)
    setting, placed = _fitted(survey, sheet, chart, regions, layout)
    return Plan(layout, chart, grid, setting, placed)


def draw(plan: Plan, survey: Survey) -> Figure:
    """Draw an arranged sheet as a figure of the paper's true size."""
    layout = plan.layout
    size = layout.width, layout.height
    figure = Figure(figsize=(layout.width / _INCH, layout.height / _INCH), facecolor="#ffffff")
    map_pen = Pen(figure, size, layout.map, order=1)
    draw_chart(map_pen, survey, plan.chart, plan.grid, scale=layout.letters)
    pen = Pen(figure, size, Rect(0, 0, layout.width, layout.height), order=2)
    pen.axes.patch.set_visible(False)
    _frame(pen, plan, survey)
    for column, placed in zip(layout.columns, plan.blocks, strict=True):
        for block, top in placed:
            block.draw(pen, column.x, top)
    _keys(pen, plan, survey)
    return figure


def _turned(survey: Survey, sheet: Sheet, regions: diagrams.Regions, areas: Areas, paper: Paper) -> tuple[bool, float]:
    """Return whether the paper stands, which it does where that shows or would show the area larger, and how high its foot is."""
    lying = landscape(paper)
    first = _window(survey, sheet, lying)
    chart = chart_of(survey, sheet, first, areas, letters=lying.letters, numbered=False, named=False)
    high, _ = PAPERS[paper]
    low, most = (high * share for share in _FOOT)
    trial = portrait(paper, foot=low)
    setting = Setting(trial.columns[0].width, lying.scale, survey)
    heights = [
        sum(block.height for block in column) + _BETWEEN * lying.scale * (len(column) - 1)
        for column in _foot(setting, sheet, chart, regions, _SOURCES[0], _DIAGRAM[0])
    ]
    foot = float(np.clip(2 * (trial.columns[0].x - trial.outer.x) + max(heights) + 1, low, most))
    upright = portrait(paper, foot=foot)
    rounded = [_window(survey, sheet, layout).denominator for layout in (upright, lying)]
    exact = [_window(survey, sheet, layout, rounded=False).denominator for layout in (upright, lying)]
    return (rounded[0], exact[0]) < (rounded[1], exact[1]), foot


def _with_lists(survey: Survey, sheet: Sheet, chart: Chart, paper: Paper, *, upright: bool, foot: float) -> Layout:
    """Return the layout with room for the list of numbers that costs the map least.

    Where lists keep its scale, the smallest that holds all numbers, or else the largest; where none does, the one that
    costs least of it, or none if that is more than a step.
    """
    layouts = [_layout(paper, upright=upright, foot=foot, lists=lists) for lists in LISTS]
    scales = [_window(survey, sheet, layout).denominator for layout in layouts]
    lines = _key_lines(survey, chart)
    same = [layout for layout, scale in zip(layouts, scales, strict=True) if scale == chart.window.denominator]
    if same:
        enough = [layout for layout in same if _capacity(layout) >= lines]
        return min(enough, key=_capacity) if enough else max(same, key=_capacity)
    best = int(np.argmin(scales))
    if scales[best] > _COST_MAX * chart.window.denominator:
        return _layout(paper, upright=upright, foot=foot)
    return layouts[best]


def _layout(paper: Paper, *, upright: bool, foot: float, lists: Lists = NO_LISTS) -> Layout:
    return portrait(paper, foot=foot, lists=lists) if upright else landscape(paper, lists=lists)


def _window(survey: Survey, sheet: Sheet, layout: Layout, *, rounded: bool = True) -> Window:
    shapes = survey.villages.shape[sheet.rows & survey.villages.drawn]
    return window_of(survey.projection, shapes, layout.map.width, layout.map.height, rounded=rounded)


def _charted(survey: Survey, sheet: Sheet, areas: Areas, layout: Layout, *, numbered: bool) -> Chart:
    window = _window(survey, sheet, layout)
    return chart_of(survey, sheet, window, areas, letters=layout.letters, numbered=numbered)


def _fitted(
    survey: Survey, sheet: Sheet, chart: Chart, regions: diagrams.Regions, layout: Layout
) -> tuple[Setting, tuple[tuple[tuple[Block, float], ...], ...]]:
    """Set the blocks with the largest letters and the most sources that fit, and give the diagrams what room is left."""
    room = layout.columns[0].height
    between = _BETWEEN * layout.scale
    arrangement = _column if len(layout.columns) == 1 else _foot
    for sources in _SOURCES:
        for share in _LETTERS:
            setting = Setting(layout.columns[0].width, layout.scale * share, survey)
            columns = arrangement(setting, sheet, chart, regions, sources, _DIAGRAM[0])
            heights = [sum(block.height for block in column) + between * (len(column) - 1) for column in columns]
            if max(heights) <= room:
                return setting, _grown(setting, sheet, chart, regions, layout, sources)
    return setting, _grown(setting, sheet, chart, regions, layout, sources)


def _grown(
    setting: Setting, sheet: Sheet, chart: Chart, regions: diagrams.Regions, layout: Layout, sources: int
) -> tuple[tuple[tuple[Block, float], ...], ...]:
    """Give the diagrams the room that is left in their column, and place every block."""
    arrangement = _column if len(layout.columns) == 1 else _foot
    between = _BETWEEN * layout.scale
    room = layout.columns[0].height
    least, most = _DIAGRAM
    columns = arrangement(setting, sheet, chart, regions, sources, least)
    spare = min(
        room - sum(block.height for block in column) - between * (len(column) - 1)
        for column in columns
        if any(block.name == "diagram" for block in column)
    )
    suits = regions.height_for((setting.width - _BETWEEN * setting.scale) / 2) / setting.scale + _HEADING
    height = max(least, min(least + max(spare, 0) / setting.scale, most, suits))
    columns = arrangement(setting, sheet, chart, regions, sources, height)
    placed = []
    for rect, column in zip(layout.columns, columns, strict=True):
        rest = rect.height - sum(block.height for block in column)
        gap = min(rest / max(len(column) - 1, 1), between * 2.2) if rest > 0 else 0.0
        top, rows = rect.top, []
        for block in column:
            rows.append((block, top))
            top -= block.height + gap
        placed.append(tuple(rows))
    return tuple(placed)


def _column(
    at: Setting, sheet: Sheet, chart: Chart, regions: diagrams.Regions, sources: int, diagram: float
) -> list[list[Block]]:
    """Return the blocks of a lying sheet, in one column."""
    first, second, third = _foot(at, sheet, chart, regions, sources, diagram)
    return [[*first, *second, *third]]


def _foot(
    at: Setting, sheet: Sheet, chart: Chart, regions: diagrams.Regions, sources: int, diagram: float
) -> list[list[Block]]:
    """Return the blocks of a standing sheet, in three columns."""
    return [
        [
            blocks.agency_block(at),
            blocks.title_block(at, sheet),
            blocks.scale_block(at, chart),
            blocks.projection_block(at, chart),
        ],
        [blocks.legend(at, sheet, chart), blocks.figures_block(at, sheet)],
        [
            _diagrams(at, sheet, regions, diagram * at.scale),
            blocks.history_block(at, most=sources),
            blocks.notes_block(at, sheet, chart),
            blocks.edition_block(at, sheet),
        ],
    ]


def _diagrams(at: Setting, sheet: Sheet, regions: diagrams.Regions, height: float) -> Block:
    """Two small maps beside each other: where the area lies, and the index of sheets or the zones of the grid."""
    gap = _BETWEEN * at.scale
    half = at._replace(width=(at.width - gap) / 2)
    left = blocks.diagram_block(
        half, height, lambda pen, rect: diagrams.draw_locator(half, sheet, regions, pen, rect), at.word("locator")
    )
    if sheet.series:
        right = blocks.diagram_block(
            half, height, lambda pen, rect: diagrams.draw_index(half, sheet, regions, pen, rect), at.word("index")
        )
    else:
        right = blocks.diagram_block(
            half,
            height,
            lambda pen, rect: diagrams.draw_zones(half, at.survey, sheet, pen, rect),
            at.word("zone_diagram"),
        )

    def draw_both(pen: Pen, x: float, top: float) -> None:
        left.draw(pen, x, top)
        right.draw(pen, x + half.width + gap, top)

    return Block("diagram", height, draw_both)


def _frame(pen: Pen, plan: Plan, survey: Survey) -> None:
    """Draw the lines around the map and the sheet, the ticks between them, and what is written there."""
    layout, scale = plan.layout, plan.layout.scale
    rect = layout.map
    band = rect.x - layout.outer.x
    pen.box(layout.outer, line=INK, wide=0.5 * scale)
    around = Rect(layout.outer.x, rect.y - band, rect.width + 2 * band, rect.height + 2 * band)
    pen.box(around, line=INK, wide=0.3 * scale)
    pen.box(rect, line=INK, wide=0.35 * scale)
    for tick in plan.grid.ticks:
        _tick(pen, rect, tick, scale, text=2.9, colour=GRID)
    for tick in graticule(plan.chart.window, survey.lang, scale=scale):
        _tick(pen, rect, tick, scale, text=6.3, colour=INK)


def _tick(pen: Pen, rect: Rect, tick: Tick, scale: float, *, text: float, colour: str) -> None:
    """Draw a tick outwards from the map's edge and write beside it; texts stand clear of the corners."""
    level = tick.side in ("bottom", "top")
    length = rect.width if level else rect.height
    size = 4.8
    half = len(tick.text) * size * scale * MM_PER_POINT * 0.3
    edge = {"bottom": rect.y, "top": rect.top, "left": rect.x, "right": rect.right}[tick.side]
    out = -1 if tick.side in ("bottom", "left") else 1
    along = (rect.x if level else rect.y) + tick.at
    start, end = edge, edge + out * _TICK * scale
    ends = [[along, start], [along, end]] if level else [[start, along], [end, along]]
    pen.lines([np.array(ends)], colour, 0.16 * scale)
    if not half < tick.at < length - half:
        return
    place = edge + out * text * scale
    x, y = (along, place) if level else (place, along)
    pen.text(x, y, tick.text, size * scale, colour=colour, across="center", upright="center", turned=0 if level else 90)


def _keys(pen: Pen, plan: Plan, survey: Survey) -> None:
    """Write the lists of what the numbers mean, per kecamatan."""
    if not plan.layout.keys or not plan.chart.numbers:
        return
    size = _KEY * plan.layout.letters
    leading = size * MM_PER_POINT * _KEY_LEADING
    rows = list(_key_rows(survey, plan.chart))
    for at, column in enumerate(plan.layout.keys):
        top = column.top
        if at == 0:
            pen.text(
                column.x,
                top - leading * 0.9,
                plan.setting.word("keys").upper(),
                size * 1.1,
                bold=True,
                colour=INKS.deep,
            )
        top -= leading * _KEY_HEAD
        here = _lines_in(column, leading)
        here -= int(0 < here < len(rows) and not rows[here - 1][0])  # no kecamatan at the foot, away from its desa
        for told, name in rows[:here]:
            indent = column.width * 0.15 if told else 0.0
            if told:
                pen.text(column.x + indent * 0.85, top - leading * 0.8, told, size, across="right", colour=INKS.soft)
            text = cut(name, size * MM_PER_POINT, column.width - indent, bold=not told)
            pen.text(column.x + indent, top - leading * 0.8, text, size, bold=not told)
            top -= leading
        rows = rows[here:]


def _lines_in(column: Rect, leading: float) -> int:
    return max(int(column.height / leading - _KEY_HEAD), 0)


def _key_rows(survey: Survey, chart: Chart) -> Iterator[tuple[str, str]]:
    """Yield number and name of each village that has a number, below the name of its kecamatan where there are several."""
    villages = survey.villages
    by_number = sorted(chart.numbers.items(), key=lambda pair: pair[1])
    headed = len({villages.district[row] for row, _ in by_number}) > 1
    last = None
    for row, told in by_number:
        if headed and villages.district[row] != last:
            last = villages.district[row]
            yield "", survey.names.get(last, last)
        yield number(told, lang=survey.lang), villages.name[row] + mark_of(villages.confidence[row], survey.lang)


def _key_lines(survey: Survey, chart: Chart) -> int:
    return sum(1 for _ in _key_rows(survey, chart))


def _capacity(layout: Layout) -> int:
    """Return how many lines the lists hold, one less in each where a heading may have to move on."""
    leading = _KEY * layout.letters * MM_PER_POINT * _KEY_LEADING
    return sum(max(_lines_in(column, leading) - 1, 0) for column in layout.keys)

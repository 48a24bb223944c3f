"""The map itself: fills with patterns, lines, outlines, borders, symbols and names, in the order in which they lie on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from blankspot.out.lettering import width
from blankspot.out.palette import INKS
from blankspot.out.sheets.labels import LEADING, Label, Placer, Want
from blankspot.out.sheets.looks import (
    BORDERS,
    CONTEXT_FILL,
    CONTEXT_LINE,
    GRID,
    draw_badge,
    draw_border,
    draw_line,
    draw_outline,
    draw_pattern,
    draw_symbol,
    fill_of,
    pattern_ink,
)
from blankspot.out.sheets.paper import MM_PER_POINT
from blankspot.out.sheets.texts import MARKS, WORDS
from blankspot.out.sheets.window import dissolved, simplified

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from blankspot.out.sheets.grid import Lines
    from blankspot.out.sheets.model import Sheet, Survey, Villages
    from blankspot.out.sheets.pen import Pen
    from blankspot.out.sheets.window import Window

_NAME: Final = 6.2  # points on A3
_PLACE: Final = 7.4
_BADGE: Final = 2.7  # millimetres
_HALO: Final = 0.32
_FIRST: Final = ("none", "weak", "", "unknown", "served")  # whose names matter most
_LEVELS: Final = ("district", "regency", "province")
_NUMBER_MM2_MIN: Final = 5.0  # less cannot hold a number
_ROOMY_MM: Final = 15.0  # side of a village that full lines suit
_WEIGHTS: Final = (0.3, 1.0)
_BORDER_WEIGHT_MIN: Final = 0.5
_PATTERN_WEIGHT_MIN: Final = 0.6
_FEW: Final = 45  # villages on a sheet whose names may be large
_LARGE: Final = (1.5, 1.25, 1.0, 0.88)
_POINTS_MAX: Final = 150  # more symbols than this may lie under names
_SYMBOL_MM: Final = 2.8
_INNER_MM: Final = 0.62  # from the border to the middle of an outline
_SAME_MM: Final = 0.15  # lines nearer than this are one
_CROWD: Final = 60  # more names of kecamatan than this leave no room for anything else


Areas = dict[str, dict[str, Any]]


class Chart(NamedTuple):
    """A map laid out but not drawn yet, in millimetres of its window.

    Attributes:
        window: What it shows.
        shape: Villages, None where they are not in the window.
        rows: Which villages the sheet is about and in the window.
        borders: Lines by level, from province down to district.
        labels: Names and numbers of villages.
        places: Names of kecamatan or kabupaten, with what is written.
        numbers: The number of a village's row where one stands for its name.
        unlabelled: How many villages of the sheet have neither.
        weight: How heavy lines and patterns may be: small villages would drown in what suits large ones.
    """

    window: Window
    shape: NDArray[Any]
    rows: NDArray[np.bool_]
    borders: dict[str, Any]
    labels: tuple[Label, ...]
    places: tuple[tuple[Label, bool], ...]
    numbers: dict[int, int]
    unlabelled: int
    weight: float


def chart_of(
    survey: Survey, sheet: Sheet, window: Window, areas: Areas, *, letters: float, numbered: bool, named: bool = True
) -> Chart:
    """Lay the map of a sheet out: what is in the window, and where names stand; borders are added by `with_borders`.

    Args:
        survey: Everything.
        sheet: What it is about.
        window: What is shown.
        areas: What `areas_of` gives for the sheet.
        letters: Scale of the letters against A3.
        numbered: Whether numbers may stand for names.
        named: Whether names are placed at all, which takes most of the time.
    """
    frame = shapely.box(0, 0, window.width, window.height)
    shape = window.shapes(survey.villages.shape)
    near = shapely.intersects(shapely.box(*shapely.bounds(shape).T), frame) & ~shapely.is_missing(shape)
    shape[~near] = None
    shape = simplified(shape)
    rows = sheet.rows & near
    weight = float(np.clip(np.sqrt(np.median(shapely.area(shape[rows]))) / (_ROOMY_MM * letters), *_WEIGHTS))
    chart = Chart(window, shape, rows, dict.fromkeys(_there(areas)), (), (), {}, 0, weight)
    if not named:
        return chart
    placer = Placer((window.width, window.height))
    _keep_symbols_free(survey, window, placer, letters)
    places = _place_names(survey, sheet, placer, _on_paper(areas, window), frame, letters)
    labels, numbers = _village_names(survey, placer, shape, rows, letters, numbered=numbered)
    return chart._replace(places=places, labels=labels, numbers=numbers, unlabelled=int(rows.sum()) - len(labels))


def with_borders(chart: Chart, areas: Areas) -> Chart:
    """Return the map with the lines of its borders."""
    return chart._replace(borders=_borders(_on_paper(areas, chart.window)))


def areas_of(survey: Survey, window: Window) -> Areas:
    """Return kecamatan, kabupaten and provinces in and around a window, dissolved once for all windows of a sheet: metres by level and code."""
    shape = window.shapes(survey.villages.shape)
    around = shapely.box(-window.width, -window.height, 2 * window.width, 2 * window.height)
    near = shapely.intersects(shapely.box(*shapely.bounds(shape).T), around) & ~shapely.is_missing(shape)
    shape[~near] = None
    below, codes_below = simplified(shape)[near], survey.villages.district[near]
    found: Areas = {}
    for level in _LEVELS:
        codes = sorted(set(codes_below))
        if codes == [""]:
            break
        merged = np.array([*(dissolved(below[codes_below == code]) for code in codes), None], dtype=object)[:-1]
        found[level] = dict(zip(codes, window.to_metres(merged), strict=True))
        below, codes_below = merged, np.array([code.rpartition(".")[0] for code in codes], dtype=object)
    return found


def _on_paper(areas: Areas, window: Window) -> Areas:
    frame = shapely.box(0, 0, window.width, window.height)
    found: Areas = {}
    for level, by_code in areas.items():
        moved = window.shapes(np.array([*by_code.values(), None], dtype=object)[:-1])
        found[level] = {
            code: shape for code, shape in zip(by_code, moved, strict=True) if shapely.intersects(shape, frame)
        }
    return {level: by_code for level, by_code in found.items() if by_code}


def draw_chart(pen: Pen, survey: Survey, chart: Chart, grid: Lines, *, scale: float) -> None:
    """Draw the map; `scale` is that of its lines and letters against A3."""
    _draw_grid(pen, chart, grid, scale)
    others = [shape for shape in chart.shape[~chart.rows] if shape is not None]
    pen.areas(others, CONTEXT_FILL, line=CONTEXT_LINE, wide=0.1 * scale)
    _draw_fills(pen, survey, chart, scale)
    for lines in survey.lines:
        shown = shapely.intersection(
            chart.window.shapes(lines.shape), shapely.box(0, 0, chart.window.width, chart.window.height)
        )
        draw_line(
            pen,
            shapely.GeometryCollection(list(shown)),
            lines.kind,
            scale=scale * max(chart.weight, _BORDER_WEIGHT_MIN),
        )
    _draw_outlines(pen, survey, chart, scale)
    for level in reversed([level for level in ("province", "regency", "district") if level in chart.borders]):
        draw_border(pen, chart.borders[level], level, scale=scale * max(chart.weight, _BORDER_WEIGHT_MIN))
    _draw_crosses(pen, grid, scale)
    for points in survey.points:
        x, y = chart.window.x(points.x), chart.window.y(points.y)
        inside = (x > 0) & (y > 0) & (x < chart.window.width) & (y < chart.window.height)
        draw_symbol(pen, points.symbol, x[inside], y[inside], scale=scale)
    _draw_names(pen, chart, scale)


def symbols_shown(survey: Survey, chart: Chart) -> list[str]:
    """Return the symbols and kinds of lines that lie in the window."""
    window = chart.window
    found = []
    for points in survey.points:
        x, y = window.x(points.x), window.y(points.y)
        if ((x > 0) & (y > 0) & (x < window.width) & (y < window.height)).any():
            found.append(points.symbol)
    frame = shapely.box(window.west, window.south, window.east, window.north)
    found += [lines.kind for lines in survey.lines if shapely.intersects(lines.shape, frame).any()]
    return found


def mark_of(confidence: str, lang: Any) -> str:
    """Return the mark of a confidence after a name: " (P)"; nothing for what is measured."""
    return f" ({MARKS[confidence].of(lang)})" if confidence in MARKS else ""


def _there(areas: Areas) -> list[str]:
    """Return the levels that have borders, from province down."""
    return [level for level in reversed(_LEVELS) if level in areas and (level != "province" or len(areas[level]) > 1)]


def _borders(areas: Areas) -> dict[str, Any]:
    """Return the lines of each level that no higher level has already.

    What lies beyond the outer edge is not known, so that edge is drawn as the border of a kabupaten and never as that of a province:
    the border of provinces is drawn where two of them meet.
    """
    there = _there(areas)
    if not there:
        return {}
    outer = shapely.boundary(dissolved(np.array([*areas[there[-1]].values(), None], dtype=object)[:-1]))
    edge_level = "regency" if "regency" in there and len(areas["district"]) > 1 else there[-1]
    found: dict[str, Any] = {}
    higher: Any = outer
    for level in there:
        edges = [shapely.set_precision(shapely.boundary(area), 0.02) for area in areas[level].values()]
        lines = shapely.difference(shapely.union_all(edges), shapely.buffer(higher, _SAME_MM, quad_segs=1))
        higher = shapely.union_all([higher, lines])
        if level == edge_level:
            lines = shapely.union_all([lines, outer])
        if not lines.is_empty:
            found[level] = shapely.line_merge(lines)
    return found


def _place_names(
    survey: Survey, sheet: Sheet, placer: Placer, areas: Areas, frame: Any, letters: float
) -> tuple[tuple[Label, bool], ...]:
    """Place the names of kecamatan (of kabupaten, where kecamatan are too small); outside the sheet with the number of theirs."""
    level = "district" if len(set(survey.villages.district[sheet.rows])) <= _CROWD else "regency"
    own = {"district": survey.villages.district, "regency": survey.villages.regency}[level]
    within = set(own[sheet.rows])
    sheets = {place.code: at for at, place in enumerate(sheet.series, start=1)}
    placed = []
    for code, area in areas.get(level, {}).items():
        name = survey.names.get(code, "")
        if not name or (len(within) == 1 and code in within):
            continue
        text = name.upper()
        if code not in within and code in sheets:
            text += " " + "(" + WORDS["sheet_ref"].of(survey.lang).format(n=sheets[code]) + ")"
        want = Want(-1, shapely.intersection(area, frame), text, _PLACE * letters, bold=True, sizes=(1.0, 0.85, 0.72, 0.62), inside=0.85, number=False, share_max=0.14)  # fmt: skip
        label = placer.place(want)
        if label is not None:
            placed.append((label, code in within))
    return tuple(placed)


def _keep_symbols_free(survey: Survey, window: Window, placer: Placer, letters: float) -> None:
    """Keep names off the symbols, unless there are so many that names would have no place."""
    half = _SYMBOL_MM * letters / 2
    places = [
        (x, y)
        for points in survey.points
        for x, y in zip(window.x(points.x), window.y(points.y), strict=True)
        if 0 < x < window.width and 0 < y < window.height
    ]
    for x, y in places if len(places) <= _POINTS_MAX else ():
        placer.keep_free(x - half, y - half, x + half, y + half)


def _village_names(
    survey: Survey, placer: Placer, shape: NDArray[Any], rows: NDArray[np.bool_], letters: float, *, numbered: bool
) -> tuple[tuple[Label, ...], dict[int, int]]:
    villages = survey.villages
    found: list[Label] = []
    rank = {name: at for at, name in enumerate(_FIRST)}
    size = _NAME * letters
    few = rows.sum() <= _FEW
    areas = np.where(rows, shapely.area(shape), 0.0)
    order = sorted(
        np.flatnonzero(rows).tolist(),
        key=lambda row: (not villages.open_gap[row], rank[str(villages.signal_class[row])], -areas[row]),
    )
    for row in order:
        gap = bool(villages.open_gap[row])
        if areas[row] < _NUMBER_MM2_MIN * letters**2 or not villages.name[row]:
            continue
        text = villages.name[row] + mark_of(villages.confidence[row], survey.lang)
        badge = _BADGE * letters if gap else 0.0
        sizes = _LARGE if few else _LARGE[2:]
        label = placer.place(Want(row, shape[row], text, size, gap, badge, sizes, number=numbered))
        if label is not None:
            found.append(label)
    return tuple(found), _numbers(found, villages)


def with_fewer_numbers(chart: Chart, survey: Survey, fewer: int) -> Chart:
    """Return the map without the last `fewer` of its numbers, which are those that matter least."""
    last = [at for at, label in enumerate(chart.labels) if label.is_number][-fewer:]
    kept = [label for at, label in enumerate(chart.labels) if at not in set(last)]
    gone = len(chart.labels) - len(kept)
    return chart._replace(
        labels=tuple(kept), numbers=_numbers(kept, survey.villages), unlabelled=chart.unlabelled + gone
    )


def _numbers(labels: Iterable[Label], villages: Villages) -> dict[int, int]:
    """Return the number of each row that has one, in the order of kecamatan and name."""
    keyed = sorted(
        (label.row for label in labels if label.is_number),
        key=lambda row: (villages.district[row], villages.name[row], villages.code[row]),
    )
    return {row: at for at, row in enumerate(keyed, start=1)}


def _draw_grid(pen: Pen, chart: Chart, grid: Lines, scale: float) -> None:
    wide, high = chart.window.width, chart.window.height
    lines = [np.array([[x, 0], [x, high]]) for x in grid.x] + [np.array([[0, y], [wide, y]]) for y in grid.y]
    pen.lines(lines, GRID, 0.1 * scale, alpha=0.6)


def _draw_crosses(pen: Pen, grid: Lines, scale: float) -> None:
    """Draw the crossings of the grid over the fills, on which its lines are not drawn."""
    if grid.x and grid.y:
        x, y = np.meshgrid(grid.x, grid.y)
        pen.marks(x.ravel(), y.ravel(), "+", 2.4 * scale, fill="none", line="#ffffff", wide=0.36 * scale)
        pen.marks(x.ravel(), y.ravel(), "+", 2.2 * scale, fill="none", line=GRID, wide=0.16 * scale)


def _draw_fills(pen: Pen, survey: Survey, chart: Chart, scale: float) -> None:
    villages, rows = survey.villages, np.flatnonzero(chart.rows)
    fills = [fill_of(villages.signal_class[row], villages.confidence[row]) for row in rows]
    pen.areas(chart.shape[rows], fills)
    inks: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if villages.signal_class[row]:
            key = villages.signal_class[row], pattern_ink(villages.signal_class[row], villages.confidence[row])
            inks.setdefault(key, []).append(int(row))
    frame = shapely.box(0, 0, chart.window.width, chart.window.height)
    for (signal_class, ink), members in sorted(inks.items()):
        area = shapely.intersection(dissolved(chart.shape[members]), frame)
        draw_pattern(pen, area, signal_class, ink, scale=scale * max(chart.weight, _PATTERN_WEIGHT_MIN))
    line = BORDERS["village"]
    pen.areas(chart.shape[rows], "none", line=line.colour, wide=line.wide * scale)


def _draw_outlines(pen: Pen, survey: Survey, chart: Chart, scale: float) -> None:
    for kind in ("stopped", "queued", "underway", "done"):
        rows = np.flatnonzero(chart.rows & (survey.villages.outline == kind))
        if len(rows):
            inner = shapely.buffer(chart.shape[rows], -_INNER_MM * scale * chart.weight)
            shown = np.where(shapely.is_empty(inner), chart.shape[rows], inner)
            draw_outline(pen, list(shapely.boundary(shown)), kind, scale=scale * chart.weight)


def _draw_names(pen: Pen, chart: Chart, scale: float) -> None:
    for label, own in chart.places:
        _write(pen, label, label.lines, colour=INKS.deep if own else INKS.soft, halo=_HALO * 1.3 * scale)
    for label in chart.labels:
        lines = label.lines or (str(chart.numbers[label.row]),)
        _write(pen, label, lines, colour=INKS.text, halo=_HALO * scale)


def _write(pen: Pen, label: Label, lines: tuple[str, ...], *, colour: str, halo: float) -> None:
    """Write a label in its box, its badge in front."""
    leading = label.size * MM_PER_POINT * LEADING
    middle = label.x + label.badge / 2
    if label.badge:
        widest = max(width(line, label.size * MM_PER_POINT, bold=label.bold) for line in lines)
        draw_badge(pen, middle - widest / 2 - label.badge / 2, label.y, label.badge * 0.92)
    for at, line in enumerate(lines):
        y = label.y + leading * ((len(lines) - 1) / 2 - at)
        pen.text(
            middle,
            y,
            line,
            label.size,
            bold=label.bold,
            colour=colour,
            across="center",
            upright="center_baseline",
            halo=halo,
        )

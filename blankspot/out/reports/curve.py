"""The curve of a report: what the target list promised and what was reached, day by day over whole years.

Both are counts that change on certain days and stay until the next, so both are drawn as steps and never smoothed. The axis
always runs to the end of the year, because the time that is left is part of the message. The last value of each line stands at
its end in words ("43 dari 60"), the two pushed apart where the lines meet.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blankspot.out.palette import INKS
from blankspot.out.reports.drawing import LINE, Box, element, picture, text_width, words
from blankspot.words import Text, date_text, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from blankspot.out.reports.model import CurvePoint, ProgressCurve
    from blankspot.words import Lang

_SIZE: Final = 13.0
_SMALL: Final = 12.0
_AIR: Final = 8.0
_PLOT_SHARE: Final = 0.36  # height of the plot for its width
_PLOT_MIN: Final = 180.0
_LABEL_SHARE: Final = 0.4  # of the width, at most, for the labels at the ends of the lines
_TICKS: Final = 4
_NICE: Final = (1, 2, 5, 10)
_SPANS: Final = (1, 3, 12, 24, 60, 120, 240, 600)  # months between two marks of the axis, the finest that fits is taken
_MONTHS: Final = 12
_QUARTER: Final = 3
_ROMAN: Final = ("I", "II", "III", "IV")
_LOCALES: Final = {"id": "id_ID", "en": "en_GB"}
_TARGET: Final = Text("Target {target}", "Target {target}")
_OF: Final = Text("{done} dari {target}", "{done} of {target}")
_TOLD: Final = Text(
    "Per {day_id}: terealisasi {done} dari target {target} ({share}).",
    "As of {day_en}: {done} of {target} reached ({share}).",
)
_TARGET_LINE: Final[dict[str, Any]] = {"stroke": INKS.text, "stroke_width": 1.5, "stroke_dasharray": "6 4"}
_DONE_LINE: Final[dict[str, Any]] = {"stroke": INKS.accent, "stroke_width": 2.6, "stroke_linejoin": "round"}
_NOTHING: Final = Text("Belum ada target yang tercatat.", "No target is on record yet.")


class _Scale(NamedTuple):
    """Days and counts on the paper: the plot from (left, top) to (right, bottom), a count of `most` at the top."""

    left: float
    right: float
    top: float
    bottom: float
    first: dt.date
    last: dt.date
    most: int

    def x(self, day: dt.date) -> float:
        whole = (self.last - self.first).days
        return self.left + (self.right - self.left) * (day - self.first).days / whole

    def y(self, count: int) -> float:
        return self.bottom - (self.bottom - self.top) * count / self.most


def draw_curve(curve: ProgressCurve, *, name: str, title: str, width: float, lang: Lang) -> Markup:
    """Return the curve as one SVG element.

    Args:
        curve: The steps; without any, a sentence stands in the picture's place.
        name: Identifier of the drawing, unique in the page.
        title: Of the chart.
        width: Natural width in CSS pixels.
        lang: Language of labels, numbers and months.
    """
    points = sorted(curve.points)
    if not points:
        nothing = words(0, _SIZE, _NOTHING.of(lang), size=_SIZE, ink=INKS.soft)
        return picture([nothing], Box(width, 2 * _SIZE), name=name, title=title, told=_NOTHING.of(lang))
    step, most = _ticks(max(max(point.target, point.realization) for point in points))
    marks = [number(count, lang=lang) for count in range(0, most + 1, step)]
    ends = _end_texts(points[-1], lang)
    room = max(text_width(text, _SIZE, bold=True) for text in ends) + 2.5 * _AIR
    beside = room <= _LABEL_SHARE * width
    top = _SIZE + (0.0 if beside else 2 * _SIZE * LINE + _AIR)
    scale = _Scale(
        left=max(text_width(mark, _SMALL) for mark in marks) + _AIR,
        right=width - (room if beside else _AIR),
        top=top,
        bottom=top + max(_PLOT_SHARE * width, _PLOT_MIN),
        first=points[0].day.replace(month=1, day=1),
        last=dt.date(points[-1].day.year + 1, 1, 1),
        most=most,
    )
    days, height = _day_axis(scale, lang)
    labels = _end_labels(points[-1], ends, scale) if beside else _labels_above(ends)
    parts = [*_count_axis(scale, step, marks), *days, *_lines(points, scale), *labels]
    return picture(parts, Box(width, height), name=name, title=title, told=_told(points[-1], lang))


def _end_texts(last: CurvePoint, lang: Lang) -> tuple[str, str, str]:
    """Return what stands at the ends of the lines: the target; the realisation, and its percentage under it."""
    done, target = number(last.realization, lang=lang), number(last.target, lang=lang)
    share = percent(last.realization, last.target, lang=lang)
    return _TARGET.of(lang).format(target=target), _OF.of(lang).format(done=done, target=target), f"({share})"


def _told(last: CurvePoint, lang: Lang) -> str:
    return _TOLD.of(lang).format(
        day_id=date_text(last.day), day_en=date_text(last.day, lang="en"), done=number(last.realization, lang=lang),
        target=number(last.target, lang=lang), share=percent(last.realization, last.target, lang=lang),
    )  # fmt: skip


def _ticks(most: int) -> tuple[int, int]:
    """Return the step between two marks of the count axis, and its end: round numbers that reach the largest count."""
    scale = 1
    while True:
        for nice in _NICE:
            step = nice * scale
            if step * _TICKS >= most:
                return step, max(1, -(-most // step)) * step
        scale *= 10


def _count_axis(scale: _Scale, step: int, marks: Sequence[str]) -> Iterator[Markup]:
    for at, mark in enumerate(marks):
        y = scale.y(at * step)
        ink = INKS.soft if at == 0 else INKS.line
        yield element("path", d=f"M{scale.left:.1f} {y:.1f}H{scale.right:.1f}", stroke=ink)
        yield words(scale.left - _AIR, y + _SMALL * 0.36, mark, size=_SMALL, ink=INKS.soft, anchor="end")


def _day_axis(scale: _Scale, lang: Lang) -> tuple[list[Markup], float]:
    """Return months, quarters or years below the plot, whichever are the finest that fit, and where they end."""
    for months in _SPANS:
        spans = list(_spans(scale, months, lang))
        if all(text_width(told, _SMALL) + 4 <= right - left for left, right, told in spans):
            break
    base = scale.bottom + _AIR + _SMALL
    parts = [*_span_marks(scale, spans, base)]
    if months >= _MONTHS:
        return parts, base + 6
    years = list(_spans(scale, _MONTHS, lang))
    return [*parts, *_span_marks(scale, years, base + _SMALL * LINE, tick=False)], base + _SMALL * LINE + 6


def _span_marks(
    scale: _Scale, spans: Sequence[tuple[float, float, str]], base: float, *, tick: bool = True
) -> Iterator[Markup]:
    for left, right, told in spans:
        yield words((left + right) / 2, base, told, size=_SMALL, ink=INKS.soft, anchor="middle")
        if tick:
            yield element("path", d=f"M{left:.1f} {scale.bottom:.1f}v5", stroke=INKS.soft)


def _spans(scale: _Scale, months: int, lang: Lang) -> Iterator[tuple[float, float, str]]:
    """Yield the periods of so many months from the start of the axis to its end: left, right, and what they are called."""
    from babel.dates import format_date

    start = scale.first
    while start < scale.last:
        after = start.year * _MONTHS + start.month - 1 + months
        end = min(dt.date(after // _MONTHS, after % _MONTHS + 1, 1), scale.last)
        if months == 1:
            told = str(format_date(start, "LLL", locale=_LOCALES[lang]))
        elif months == _QUARTER:
            told = f"{'TW' if lang == 'id' else 'Q'} {_ROMAN[(start.month - 1) // _QUARTER]}"
        else:
            told = str(start.year)
        yield scale.x(start), scale.x(end), told
        start = end


def _lines(points: Sequence[CurvePoint], scale: _Scale) -> Iterator[Markup]:
    """Yield the area under the realisation, the dashed steps of the target, the steps of the realisation, and their ends."""
    first, last = points[0], points[-1]
    done = _steps([(point.day, point.realization) for point in points], scale)
    target = _steps([(point.day, point.target) for point in points], scale)
    end = scale.x(last.day)
    yield element("path", d=f"{done}V{scale.bottom:.1f}H{scale.x(first.day):.1f}Z", fill=INKS.tint, fill_opacity=0.55)
    yield element("path", d=target, fill="none", **_TARGET_LINE)
    yield element("circle", cx=end, cy=scale.y(last.target), r=3.0, fill=INKS.text)
    yield element("path", d=done, fill="none", **_DONE_LINE)
    yield element("circle", cx=end, cy=scale.y(last.realization), r=4.5, fill=INKS.accent)


def _steps(values: Sequence[tuple[dt.date, int]], scale: _Scale) -> str:
    """Return the path of one line; days on which it does not change add nothing to it."""
    path = f"M{scale.x(values[0][0]):.1f} {scale.y(values[0][1]):.1f}"
    for (_, before), (day, count) in pairwise(values):
        if count != before:
            path += f"H{scale.x(day):.1f}V{scale.y(count):.1f}"
    return f"{path}H{scale.x(values[-1][0]):.1f}"


def _end_labels(last: CurvePoint, ends: tuple[str, str, str], scale: _Scale) -> Iterator[Markup]:
    """Yield the labels at the ends of the lines, pushed apart where they would meet, inside the plot."""
    target, done, share = ends
    line = _SIZE * LINE
    heights = {target: line, done: 2 * line}  # the realisation takes two lines
    at = {target: scale.y(last.target), done: scale.y(last.realization)}
    upper, lower = (done, target) if last.realization > last.target else (target, done)
    at[lower] = min(max(at[lower], at[upper] + heights[upper]), scale.bottom - heights[lower] + line / 4)
    at[upper] = max(min(at[upper], at[lower] - heights[upper]), scale.top)
    at[lower] = max(at[lower], at[upper] + heights[upper])
    x = scale.x(last.day) + _AIR * 1.2
    base = _SIZE * 0.36
    yield words(x, at[target] + base, target, size=_SIZE)
    yield words(x, at[done] + base, done, size=_SIZE, ink=INKS.accent, bold=True)
    yield words(x, at[done] + base + line, share, size=_SIZE, ink=INKS.accent)


def _labels_above(ends: tuple[str, str, str]) -> Iterator[Markup]:
    """Yield the labels above the plot, each behind a piece of its line: for numbers too long to stand at the ends."""
    target, done, share = ends
    for at, (told, look) in enumerate(((target, _TARGET_LINE), (f"{done} {share}", _DONE_LINE))):
        y = _SIZE * LINE * (at + 0.6)
        yield element("path", d=f"M0 {y:.1f}h28", **look)
        yield words(36, y + _SIZE * 0.36, told, size=_SIZE, bold=look is _DONE_LINE)

"""The charts of a report as inline SVG: cumulative target against realisation, the funnel by stage, the ages of open cases.

A chart is drawn for a width, because text must not shrink with the screen: the page carries a broad and a narrow drawing and
shows the one that fits. Labels stand at what they name, so there is no legend to match by colour; light and dark carry the
difference where two things share a bar, so that a grey print says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.out.palette import INKS
from blankspot.out.reports.curve import draw_curve
from blankspot.out.reports.drawing import LINE, Box, element, picture, text_width, words, wrap
from blankspot.out.reports.model import Ageing, Funnel, ProgressCurve
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from blankspot.out.reports.model import Chart
    from blankspot.words import Lang

BROAD: Final = 680.0
NARROW: Final = 328.0
_BESIDE_FROM: Final = 480.0  # narrower than this a label stands above its bar
_SIZE: Final = 13.0
_SMALL: Final = 12.0
_BAR: Final = 16.0
_GAP: Final = 13.0
_AIR: Final = 10.0
_LABEL_SHARE: Final = 0.36  # of the width, at most, for the labels beside the bars
_HEAD_WIDTH: Final = 84.0
_SWATCH: Final = 10.0
_FILLS: Final = (INKS.tint, INKS.accent)
_REACHED: Final = Text("pernah mencapai", "ever reached")
_STANDING: Final = Text("kini di sini", "here now")
_NOTHING: Final = Text("Tidak ada yang dihitung.", "Nothing is counted.")


class _Row(NamedTuple):
    """A bar: its label, and one or two counts that share it; None where one is not counted."""

    label: str
    counts: tuple[int | None, ...]


class _Frame(NamedTuple):
    """Where things stand: bars from `left` to `right`, labels `label_width` wide, numbers ending at `columns`."""

    left: float
    right: float
    label_width: float
    columns: tuple[float, ...]
    beside: bool
    longest: int


def draw(chart: Chart, *, name: str, width: float = BROAD, lang: Lang = "id") -> Markup:
    """Return the chart as one SVG element, safe to put into a page.

    Args:
        chart: What is drawn; its texts are escaped.
        name: Identifier of the drawing, unique in the page.
        width: Natural width in CSS pixels; it scales from there.
        lang: Language of labels and numbers.
    """
    title, data = chart.title.of(lang), chart.data
    if isinstance(data, ProgressCurve):
        return draw_curve(data, name=name, title=title, width=width, lang=lang)
    rows, heads = _funnel_rows(data, lang) if isinstance(data, Funnel) else _age_rows(data, lang)
    frame = _frame(rows, heads, width, lang)
    head, top = _head(heads, frame)
    bars, height = _bars(rows, frame, top, lang)
    return picture([*head, *bars], Box(width, height), name=name, title=title, told=_told(rows, heads, lang))


def _funnel_rows(funnel: Funnel, lang: Lang) -> tuple[list[_Row], tuple[str, ...]]:
    """Return one row per stage in the order of the workflow: how many ever reached it and how many stand at it."""
    reached = {bar.key: bar for bar in funnel.reached}
    standing = {bar.key: bar for bar in funnel.standing}
    known = reached | {key: bar for key, bar in standing.items() if key not in reached}
    rows = [
        _Row(
            bar.label.of(lang),
            tuple(counted[key].figure if key in counted else None for counted in (reached, standing)),
        )
        for key, bar in known.items()
    ]
    return rows, (_REACHED.of(lang), _STANDING.of(lang))


def _age_rows(ages: Ageing, lang: Lang) -> tuple[list[_Row], tuple[str, ...]]:
    return [_Row(bar.label.of(lang), (bar.figure,)) for bar in ages.bins], ()


def _frame(rows: Sequence[_Row], heads: Sequence[str], width: float, lang: Lang) -> _Frame:
    counts = [count for row in rows for count in row.counts if count is not None]
    longest = max(counts, default=0)
    digits = max((text_width(_count(count, lang), _SIZE, bold=True) for count in counts), default=0.0)
    column = max(digits, _HEAD_WIDTH) + _AIR
    columns = tuple(width - column * (len(heads) - 1 - at) for at in range(len(heads)))
    right = width - (column * len(heads) + _AIR if heads else digits + _AIR)
    beside = width >= _BESIDE_FROM
    if not beside:
        return _Frame(0.0, width if heads else right, width - column * len(heads), columns, beside, longest)
    widest = max((text_width(row.label, _SIZE) for row in rows), default=0.0)
    labels = min(widest, _LABEL_SHARE * width)
    return _Frame(labels + _AIR, right, labels, columns, beside, longest)


def _head(heads: Sequence[str], frame: _Frame) -> tuple[list[Markup], float]:
    """Return what stands above the columns of numbers, each with the fill of its bars, and where the bars begin."""
    parts: list[Markup] = []
    lines = [wrap(head, _SMALL, _HEAD_WIDTH, lines=2) for head in heads]
    depth = max(map(len, lines), default=0)
    for edge, fill, told in zip(frame.columns, _FILLS, lines, strict=False):
        for at, line in enumerate(told, start=1 + depth - len(told)):
            parts.append(words(edge, at * _SMALL * LINE, line, size=_SMALL, ink=INKS.soft, anchor="end"))
        parts.append(_bar(edge - 3 * _SWATCH, depth * _SMALL * LINE + 6, 3 * _SWATCH, 5.0, fill))
    return parts, depth * _SMALL * LINE + (6 + 5 + _AIR if heads else 0)


def _bars(rows: Sequence[_Row], frame: _Frame, top: float, lang: Lang) -> tuple[list[Markup], float]:
    """Return the rows from `top` down, and where they end."""
    if not rows:
        return [words(0, top + _SIZE, _NOTHING.of(lang), size=_SIZE, ink=INKS.soft)], top + _SIZE * LINE + 4
    parts: list[Markup] = []
    for row in rows:
        label = wrap(row.label, _SIZE, frame.label_width, lines=2)
        depth = len(label) * _SIZE * LINE
        height = max(depth, _BAR) if frame.beside else depth + 6 + _BAR
        bar_top = top + (height - _BAR) / 2 if frame.beside else top + depth + 6
        first = top + (height - depth) / 2 + _SIZE if frame.beside else top + _SIZE
        parts += [words(0, first + at * _SIZE * LINE, line, size=_SIZE, ink=INKS.text) for at, line in enumerate(label)]
        base = bar_top + _BAR / 2 + _SIZE * 0.36 if frame.beside or not frame.columns else first
        parts += [*_bars_of(row, frame, bar_top), *_numbers(row, frame, base, lang)]
        top += height + _GAP
    return parts, top - _GAP + 4


def _bars_of(row: _Row, frame: _Frame, top: float) -> Iterator[Markup]:
    """Yield the bars of a row, the longer behind the shorter, and the line they stand on."""
    fills = _FILLS if len(row.counts) > 1 else _FILLS[1:]
    for count, fill in zip(row.counts, fills, strict=True):
        if count:
            yield _bar(frame.left, top, _length(count, frame), _BAR, fill)
    yield element("path", d=f"M{frame.left:.1f} {top - 2:.1f}v{_BAR + 4:.1f}", stroke=INKS.soft)


def _numbers(row: _Row, frame: _Frame, base: float, lang: Lang) -> Iterator[Markup]:
    """Yield the numbers of a row: in their columns, or at the end of the only bar."""
    if not frame.columns:
        at = frame.left + _length(row.counts[0], frame) + _AIR * 0.6
        yield words(at, base, _count(row.counts[0], lang), size=_SIZE, bold=True)
    for edge, count, bold in zip(frame.columns, row.counts, (False, True), strict=False):
        yield words(edge, base, _count(count, lang), size=_SIZE, anchor="end", bold=bold)


def _length(count: int | None, frame: _Frame) -> float:
    return (frame.right - frame.left) * (count or 0) / max(frame.longest, 1)


def _bar(left: float, top: float, width: float, height: float, fill: str) -> Markup:
    light = fill == INKS.tint
    return element(
        "rect", x=left, y=top, width=width, height=height, fill=fill, stroke=INKS.accent if light else None, stroke_width=0.7 if light else None
    )  # fmt: skip


def _count(count: int | None, lang: Lang) -> str:
    return "–" if count is None else number(count, lang=lang)


def _told(rows: Sequence[_Row], heads: Sequence[str], lang: Lang) -> str:
    """Return the chart in words, for readers who hear it."""
    if not rows:
        return _NOTHING.of(lang)
    if not heads:
        return "; ".join(f"{row.label}: {_count(row.counts[0], lang)}" for row in rows) + "."
    named = [
        ", ".join(f"{_count(count, lang)} {head}" for head, count in zip(heads, row.counts, strict=True))
        for row in rows
    ]
    return "; ".join(f"{row.label}: {counts}" for row, counts in zip(rows, named, strict=True)) + "."

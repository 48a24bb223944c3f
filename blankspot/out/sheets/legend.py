"""The legend: every class with its colour and pattern, and of all else what is on the sheet; drawn as the map is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from blankspot.out.palette import CONFIDENCE_TINT, INKS, SIGNAL_LOOK
from blankspot.out.sheets.chart import symbols_shown
from blankspot.out.sheets.looks import (
    BORDERS,
    CONTEXT_FILL,
    CONTEXT_LINE,
    NOT_JUDGED_FILL,
    OUTLINES,
    draw_badge,
    draw_border,
    draw_line,
    draw_outline,
    draw_pattern,
    draw_symbol,
    fill_of,
    pattern_ink,
)
from blankspot.out.sheets.paper import Rect
from blankspot.out.sheets.texts import COARSE, CONFIDENCES, MARKS
from blankspot.words import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from blankspot.out.sheets.blocks import Setting
    from blankspot.out.sheets.chart import Chart
    from blankspot.out.sheets.model import Sheet
    from blankspot.out.sheets.pen import Pen

    Swatch = Callable[[Pen, Rect], None]

_TEXT: Final = 6.0
_HEAD: Final = 6.2
_TITLE: Final = 7.4
_ROW: Final = 3.9  # millimetres on A3
_SWATCH: Final = (7.6, 3.1)
_AFTER: Final = 1.2


class Entry(NamedTuple):
    """One line of the legend."""

    text: str
    swatch: Swatch


class Section(NamedTuple):
    """Lines under a heading."""

    head: str
    entries: list[Entry]


def legend_block(at: Setting, sheet: Sheet, chart: Chart) -> tuple[float, Callable[[Pen, float, float], None]]:
    """Return the height of the legend in two columns, and how to draw it."""
    sections = [section for section in _sections(at, sheet, chart) if section.entries]
    gap = 3.0 * at.scale
    room = (at.width - gap) / 2
    set_ = [_Set(at, section, room) for section in sections]
    split = min(range(1, len(set_) + 1), key=lambda n: max(_high(set_[:n]), _high(set_[n:])))
    title = at.leading(_TITLE) * 1.12
    height = title + max(_high(set_[:split]), _high(set_[split:]))

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.paragraph(x, top, [at.word("legend").upper()], _TITLE * at.scale, bold=True, colour=INKS.deep)
        for left, part in ((x, set_[:split]), (x + room + gap, set_[split:])):
            low = top - title
            for section in part:
                low = section.draw(pen, left, low)

    return height, draw


class _Set:
    """A section set for a width."""

    def __init__(self, at: Setting, section: Section, room: float) -> None:
        self._at = at
        self._wide, self._high = _SWATCH[0] * at.scale, _SWATCH[1] * at.scale
        self._head = at.lines(section.head, _HEAD, bold=True, room=room)
        text_room = room - self._wide - 1.6 * at.scale
        self._rows = [(at.lines(entry.text, _TEXT, room=text_room), entry.swatch) for entry in section.entries]
        self._after = _AFTER * at.scale

    @property
    def height(self) -> float:
        """What it takes."""
        head = len(self._head) * self._at.leading(_HEAD) + 0.4 * self._at.scale
        return head + sum(self._row(lines) for lines, _ in self._rows) + self._after

    def draw(self, pen: Pen, x: float, top: float) -> float:
        """Draw it and return its lower edge."""
        scale = self._at.scale
        low = pen.paragraph(x, top, self._head, _HEAD * scale, bold=True, colour=INKS.soft) - 0.4 * scale
        for lines, swatch in self._rows:
            high = self._row(lines)
            swatch(pen, Rect(x, low - high / 2 - self._high / 2, self._wide, self._high))
            middle = low - high / 2
            leading = self._at.leading(_TEXT)
            for row, line in enumerate(lines):
                y = middle + leading * ((len(lines) - 1) / 2 - row)
                pen.text(x + self._wide + 1.6 * scale, y, line, _TEXT * scale, upright="center_baseline")
            low -= high
        return low - self._after

    def _row(self, lines: list[str]) -> float:
        return max(_ROW * self._at.scale, len(lines) * self._at.leading(_TEXT) + 0.5 * self._at.scale)


def _high(sections: list[_Set]) -> float:
    return sum(section.height for section in sections)


def _sections(at: Setting, sheet: Sheet, chart: Chart) -> list[Section]:
    survey, rows = at.survey, chart.rows
    villages = survey.villages
    classes: list[Entry] = []
    if villages.judged:
        classes = [Entry(label("signal_class", name, survey.lang), _fill(at, name, "measured")) for name in SIGNAL_LOOK]
    if (villages.signal_class[rows] == "").any():
        classes.append(Entry(at.word("not_judged"), _plain(at, NOT_JUDGED_FILL)))
    judged = villages.signal_class[rows]
    there = [name for name in ("none", "weak", "served") if (judged == name).any()]
    kinds = set(villages.confidence[rows & np.isin(villages.signal_class, there)])
    sure = [
        Entry(_marked(name, survey.lang, coarse=villages.coarse), _tints(at, there, name))
        for name in CONFIDENCE_TINT
        if name in kinds
    ]
    outlines = [
        Entry(at.word(f"outline_{kind}"), _outline(at, kind))
        for kind in OUTLINES
        if (villages.outline[rows] == kind).any()
    ]
    levels = [level for level in BORDERS if level in chart.borders or level == "village"]
    borders = [Entry(at.word(f"border_{level}"), _border(at, level)) for level in levels]
    return [
        Section(at.word("class_head"), classes),
        Section(at.word("confidence_head"), sure),
        Section(at.word("outline_head"), outlines),
        Section(at.word("border_head"), borders),
        Section(at.word("symbol_head"), _symbols(at, sheet, chart)),
    ]


def _symbols(at: Setting, sheet: Sheet, chart: Chart) -> list[Entry]:
    villages = at.survey.villages
    found = []
    if (villages.open_gap & chart.rows).any():
        found.append(Entry(at.word("gap"), lambda pen, box: draw_badge(pen, *_middle(box), 2.9 * at.scale)))
    found += [Entry(at.word(name), _sign(at, name)) for name in symbols_shown(at.survey, chart)]
    if chart.numbers:
        found.append(Entry(at.word("number_key"), _number(at)))
    if any(shape is not None for shape in chart.shape[~sheet.rows]):
        found.append(Entry(at.word("context"), lambda pen, box: pen.box(box, fill=CONTEXT_FILL, line=CONTEXT_LINE, wide=0.1 * at.scale)))  # fmt: skip
    return found


def _marked(confidence: str, lang: Any, *, coarse: bool) -> str:
    told = (COARSE if coarse and confidence == "modelled" else CONFIDENCES[confidence]).of(lang)
    return f"({MARKS[confidence].of(lang)}) {told}" if confidence in MARKS else told


def _fill(at: Setting, signal_class: str, confidence: str) -> Swatch:
    def draw(pen: Pen, box: Rect) -> None:
        shape = shapely.box(box.x, box.y, box.right, box.top)
        pen.box(box, fill=fill_of(signal_class, confidence))
        draw_pattern(pen, shape, signal_class, pattern_ink(signal_class, confidence), scale=at.scale * 0.8)
        pen.box(box, line=BORDERS["village"].colour, wide=BORDERS["village"].wide * at.scale)

    return draw


def _plain(at: Setting, fill: str) -> Swatch:
    return lambda pen, box: pen.box(
        box, fill=fill, line=BORDERS["village"].colour, wide=BORDERS["village"].wide * at.scale
    )


def _tints(at: Setting, classes: list[str], confidence: str) -> Swatch:
    """Draw the fills of a confidence, one class beside the other."""

    def draw(pen: Pen, box: Rect) -> None:
        wide = box.width / max(len(classes), 1)
        for number, name in enumerate(classes):
            _fill(at, name, confidence)(pen, Rect(box.x + number * wide, box.y, wide, box.height))

    return draw


def _outline(at: Setting, kind: str) -> Swatch:
    def draw(pen: Pen, box: Rect) -> None:
        pen.box(box, fill="#e3e9ec")
        inner = box.inset(0.6 * at.scale)
        draw_outline(pen, [shapely.box(inner.x, inner.y, inner.right, inner.top).exterior], kind, scale=at.scale * 0.9)

    return draw


def _border(at: Setting, level: str) -> Swatch:
    def draw(pen: Pen, box: Rect) -> None:
        middle = box.y + box.height / 2
        line = shapely.LineString([(box.x, middle), (box.right, middle)])
        draw_border(pen, line, level, scale=at.scale)

    return draw


def _sign(at: Setting, name: str) -> Swatch:
    def draw(pen: Pen, box: Rect) -> None:
        x, y = _middle(box)
        if name in ("roads", "rivers"):
            draw_line(pen, shapely.LineString([(box.x, y), (box.right, y)]), name, scale=at.scale)
        else:
            draw_symbol(pen, name, [x], [y], scale=at.scale)

    return draw


def _number(at: Setting) -> Swatch:
    def draw(pen: Pen, box: Rect) -> None:
        pen.text(*_middle(box), "12", _TEXT * at.scale, across="center", upright="center_baseline")

    return draw


def _middle(box: Rect) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2

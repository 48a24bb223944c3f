"""The blocks of information beside the map: each knows its height before it is drawn, so that a sheet can be arranged.

Blocks are set for one width of column and one scale of letters. What is long (the sources, villages without borders) is cut with
a word on what is left out; what is asked for by Peraturan Kepala BIG 3/2016 is never cut.

Longer than most because it is a list: one function per block, each read for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from blankspot.out.lettering import broken, cut, even, known, picture, width
from blankspot.out.palette import INKS, SIGNAL_LOOK
from blankspot.out.sheets.chart import symbols_shown
from blankspot.out.sheets.grid import metric_grid
from blankspot.out.sheets.legend import legend_block
from blankspot.out.sheets.paper import MM_PER_POINT, Rect
from blankspot.out.sheets.pen import INK, LEADING
from blankspot.out.sheets.projection import angle_text, round_length
from blankspot.out.sheets.texts import LEVELS, THEME, WORDS
from blankspot.words import date_text, label, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from blankspot.out.sheets.chart import Chart
    from blankspot.out.sheets.model import Sheet, Survey
    from blankspot.out.sheets.pen import Pen

    Draw = Callable[[Pen, float, float], None]

_SMALL, _BODY, _HEAD, _TITLE, _AREA, _SUB = 5.8, 6.4, 7.4, 13.5, 16.0, 7.6  # points on A3
_LINES_OF_SOURCES: Final = 14
_NORTH_EQUALS: Final = 1 / 120  # degrees: half a minute is written as none
_KM: Final = 1000


class Block(NamedTuple):
    """Something with a height (millimetres) that can be drawn with its upper left corner at a place."""

    name: str
    height: float
    draw: Draw


class Setting(NamedTuple):
    """For what blocks are set: a column's width, the scale of its letters and lines, and the language's owner."""

    width: float
    scale: float
    survey: Survey

    def word(self, word: str, /, **values: object) -> str:
        """Return one of the sheet's words."""
        return WORDS[word].of(self.survey.lang).format(**values)

    def lines(self, text: str, size: float, *, bold: bool = False, room: float | None = None) -> list[str]:
        """Break a text for the column; `size` in points of A3."""
        points = size * self.scale * MM_PER_POINT
        room = self.width if room is None else room
        return [cut(line, points, room, bold=bold) for line in broken(known(text, bold=bold), points, room, bold=bold)]

    def leading(self, size: float) -> float:
        """Return how far lines stand apart, millimetres."""
        return size * self.scale * MM_PER_POINT * LEADING


def agency_block(at: Setting) -> Block:
    """Logo, or its empty slot, and who publishes: authority, office, address, contact."""
    agency = at.survey.agency
    slot = 17.0 * at.scale
    gap = 2.5 * at.scale
    room = at.width - slot - gap
    told = [] if agency is None else [
        (agency.parent.upper(), _BODY, False),
        (agency.name.upper(), _HEAD, True),
        (", ".join(filter(None, (agency.address, agency.city))), _SMALL, False),
        (" · ".join(filter(None, (agency.phone, agency.email, agency.website))), _SMALL, False),
    ]  # fmt: skip
    if agency is None or not agency.name:
        told = [(at.word("no_agency"), _BODY, True), (at.word("no_agency_hint"), _SMALL, False)]
    rows = [(at.lines(text, size, bold=bold, room=room), size, bold) for text, size, bold in told if text]
    text_height = sum(len(lines) * at.leading(size) for lines, size, _ in rows)
    height = max(slot, text_height)
    pixels = None if at.survey.logo is None else picture(at.survey.logo)

    def draw(pen: Pen, x: float, top: float) -> None:
        _logo(pen, Rect(x, top - slot, slot, slot), pixels, at)
        low = top - (height - text_height) / 2
        for lines, size, bold in rows:
            low = pen.paragraph(x + slot + gap, low, lines, size * at.scale, bold=bold)

    return Block("agency", height, draw)


def title_block(at: Setting, sheet: Sheet) -> Block:
    """The theme and the area in capitals, what it lies in, and the day."""
    survey = at.survey
    rows = [(THEME.of(survey.lang).upper(), _TITLE, True), (area_name(survey, sheet).upper(), _AREA, True)]
    within = parents_of(survey, sheet)
    if within:
        rows.append((within.upper(), _SUB, False))
    day = survey.as_of
    rows.append((at.word("as_of", day=date_text(day, lang=survey.lang)) if day else at.word("no_day"), _SUB, True))
    fitted = [(*_fitted(at, text, size, bold=bold), bold) for text, size, bold in rows]
    height = sum(len(lines) * at.leading(size) for lines, size, _ in fitted)

    def draw(pen: Pen, x: float, top: float) -> None:
        for lines, size, bold in fitted:
            top = pen.paragraph(x + at.width / 2, top, lines, size * at.scale, bold=bold, across="center", colour=INKS.deep if bold else INK)  # fmt: skip

    return Block("title", height, draw)


def scale_block(at: Setting, chart: Chart) -> Block:
    """The arrow to grid north, the scale as a number, as a sentence and as a bar."""
    window, lang = chart.window, at.survey.lang
    height = 18.0 * at.scale
    bar = round_length(at.width * 0.6 * window.metres_per_mm)
    length = bar / window.metres_per_mm
    told = at.word("scale_told", length=length_text(window.denominator / 100, lang))
    number_line = at.word("scale", n=number(window.denominator, lang=lang))

    def draw(pen: Pen, x: float, top: float) -> None:
        _north(pen, x + 6 * at.scale, top - height, height, at)
        left = x + (at.width - 16 * at.scale - length) / 2 + 14 * at.scale
        middle = left + length / 2
        pen.text(middle, top - 3.4 * at.scale, number_line, 9.5 * at.scale, bold=True, across="center")
        pen.text(middle, top - 6.4 * at.scale, told, _SMALL * at.scale, across="center", colour=INKS.soft)
        _bar(pen, Rect(left, top - 11.4 * at.scale, length, 1.5 * at.scale), bar, at)

    return Block("scale", height, draw)


def projection_block(at: Setting, chart: Chart) -> Block:
    """Projection, grid, datum, and where the arrow points."""
    survey, window = at.survey, chart.window
    projection = survey.projection
    spacing = length_text(metric_grid(window, survey.lang, apart_mm=30 * at.scale).spacing_m, survey.lang)
    texts = [
        at.word("projection", name=projection.name(survey.lang).of(survey.lang)),
        at.word("grid" if projection.is_utm else "grid_plain", length=spacing),
        at.word("datum"),
    ]
    if len(projection.zones) > 1:
        half = "S" if projection.south else "N"
        listed = ", ".join(f"{zone}{half}" for zone in projection.zones[1:])
        texts.append(at.word("zones", zones=listed, own=projection.zone_name))
    angle = projection.true_north_deg((window.west + window.east) / 2, (window.south + window.north) / 2)
    if abs(angle) < _NORTH_EQUALS:
        texts.append(at.word("true_north_same"))
    else:
        side = at.word("east" if angle > 0 else "west")
        texts.append(at.word("true_north", angle=angle_text(angle), side=side))
    return _paragraphs(at, "projection", "", texts)


def figures_block(at: Setting, sheet: Sheet) -> Block:
    """Progress with its two figures, villages per class, and the blankspots that are still open."""
    survey = at.survey
    villages = survey.villages
    classes = villages.signal_class[sheet.rows]
    total = len(classes)
    rows: list[tuple[str, str, str]] = []
    if villages.judged:
        for name in (*SIGNAL_LOOK, ""):
            count = int((classes == name).sum())
            if name or count:
                told = label("signal_class", name, survey.lang) if name else at.word("not_judged")
                rows.append((told, number(count, lang=survey.lang), percent(count, total, lang=survey.lang)))
    rows.append((at.word("total"), number(total, lang=survey.lang), percent(total, total, lang=survey.lang)))
    head = _head_lines(at, at.word("figures"))
    progress = _progress_lines(at, sheet)
    gaps = int(villages.open_gap[sheet.rows].sum())
    leading = at.leading(_BODY)
    height = (
        _head_height(at) + sum(len(lines) * at.leading(size) for lines, size, _ in progress) + (len(rows) + 1) * leading
    )
    if villages.judged:
        height += leading * 1.3

    def draw(pen: Pen, x: float, top: float) -> None:
        top = _draw_head(pen, x, top, head, at)
        for lines, size, bold in progress:
            top = pen.paragraph(x, top, lines, size * at.scale, bold=bold)
        table = [("", at.word("desa"), at.word("share")), *rows]
        for row, cells in enumerate(table):
            _row(pen, x, top - leading * (row + 0.8), cells, at, bold=row == len(table) - 1, soft=row == 0)
        top -= leading * len(table)
        if villages.judged:
            told = at.word("open_gaps")
            _row(
                pen,
                x,
                top - leading * 1.05,
                (told, number(gaps, lang=survey.lang), percent(gaps, total, lang=survey.lang)),
                at,
                bold=True,
            )

    return Block("figures", height, draw)


def history_block(at: Setting, *, most: int = _LINES_OF_SOURCES) -> Block:
    """The sources with rows and licences, and by what and by which rules they were judged; at most `most` sources."""
    survey = at.survey
    texts = []
    for source in survey.sources[:most]:
        rows = at.word("source_rows", n=number(source.rows, lang=survey.lang)) if source.rows else ""
        licence = at.word("licence", licence=source.licence) if source.licence else ""
        told = ", ".join(filter(None, (rows, licence)))
        texts.append(f"{source.name} ({told})" if told else source.name)
    if len(survey.sources) > most:
        texts.append(at.word("sources_more", n=number(len(survey.sources) - most, lang=survey.lang)))
    if not survey.sources:
        texts.append(at.word("no_sources"))
    together = "; ".join(texts) + "."
    return _paragraphs(
        at, "history", at.word("history"),
        [together, at.word("profile", version=survey.version, profile=survey.profile)],
    )  # fmt: skip


def edition_block(at: Setting, sheet: Sheet) -> Block:
    """Code of the area, number of the sheet, edition and year."""
    survey = at.survey
    told = []
    if sheet.area.code:
        told.append(at.word("code", code=sheet.area.code))
    if sheet.series:
        told.append(at.word("sheet_of", n=sheet.number, total=len(sheet.series)))
    if survey.as_of is not None:
        told.append(at.word("edition", edition=survey.edition, year=survey.as_of.year))
    lines = at.lines(" · ".join(told), _BODY, bold=True)

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.paragraph(x, top, lines, _BODY * at.scale, bold=True)

    return Block("edition", len(lines) * at.leading(_BODY), draw)


def notes_block(at: Setting, sheet: Sheet, chart: Chart) -> Block:
    """What a reader must know: borders are indicative, what is not known, and what is not drawn or not named."""
    survey = at.survey
    villages = survey.villages
    texts = [at.word("borders_note")]
    if not villages.judged:
        texts.append(at.word("no_verdicts"))
    elif (villages.signal_class[sheet.rows] == "unknown").any():
        texts.append(at.word("unknown_note"))
    if "internet" in symbols_shown(survey, chart):
        texts.append(at.word("internet_note"))
    missing = np.flatnonzero(sheet.rows & ~villages.drawn)
    if len(missing):
        some = ", ".join(villages.name[row] for row in missing[:_NAMED_MAX]) + (
            " …" if len(missing) > _NAMED_MAX else ""
        )
        texts.append(at.word("unshaped", n=number(len(missing), lang=survey.lang), names=cut(some, 1.0, 90.0)))
    if chart.unlabelled:
        texts.append(at.word("unlabelled", n=number(chart.unlabelled, lang=survey.lang)))
    texts.append(at.word("copyright"))
    return _paragraphs(at, "notes", "", [" ".join(texts)])


_NAMED_MAX: Final = 6


def legend(at: Setting, sheet: Sheet, chart: Chart) -> Block:
    """What everything on the map means."""
    height, draw = legend_block(at, sheet, chart)
    return Block("legend", height, draw)


def diagram_block(at: Setting, height: float, draw_in: Callable[[Pen, Rect], None], title: str) -> Block:
    """A small map under a heading."""
    head = _head_lines(at, title)

    def draw(pen: Pen, x: float, top: float) -> None:
        low = _draw_head(pen, x, top, head, at)
        draw_in(pen, Rect(x, top - height, at.width, height - (top - low) - 0.4 * at.scale))

    return Block("diagram", height, draw)


def area_name(survey: Survey, sheet: Sheet) -> str:
    """Return the name of an area with its level, once: "Kecamatan Ciparay", "Kabupaten Bandung"."""
    return _levelled(survey, sheet.area.code, sheet.area.name or sheet.area.code or survey.title)


def parents_of(survey: Survey, sheet: Sheet) -> str:
    """Return what an area lies in, from near to far."""
    named, code = [], sheet.area.code.rpartition(".")[0]
    while code:
        if survey.names.get(code):
            named.append(_levelled(survey, code, survey.names[code]))
        code = code.rpartition(".")[0]
    if not named and survey.title and survey.title != sheet.area.name:
        named.append(survey.title)
    return ", ".join(named)


def _levelled(survey: Survey, code: str, name: str) -> str:
    depth = code.count(".") + 1 if code else 0
    if depth not in LEVELS or name.casefold().startswith(_PREFIXES):
        return name
    word = LEVELS[depth].of(survey.lang)
    if depth == 2:  # noqa: PLR2004 - digits of a code tell kabupaten and kota apart: kota begin at 71
        word = "Kota" if code[-2:] >= "71" else "Kabupaten"
    elif depth == 4 and code.rpartition(".")[2].startswith("1"):  # noqa: PLR2004 - kelurahan begin with 1
        word = "Kelurahan"
    return f"{word} {name}"


_PREFIXES: Final = (
    "kabupaten ",
    "kab. ",
    "kota ",
    "kecamatan ",
    "kec. ",
    "provinsi ",
    "desa ",
    "kelurahan ",
    "daerah ",
    "dki ",
    "di ",
)


def length_text(metres: float, lang: Any) -> str:
    """Write a length on the ground: 500 m, 1,25 km."""
    if metres < _KM:
        decimals = 0 if float(metres).is_integer() else 1
        return f"{number(metres, decimals, lang=lang)} m"
    kilometres = metres / _KM
    decimals = next(digits for digits in (0, 1, 2, 3) if digits == 3 or abs(kilometres * 10**digits % 1) < 1e-9)  # noqa: PLR2004 - to the metre
    return f"{number(kilometres, decimals, lang=lang)} km"


def _progress_lines(at: Setting, sheet: Sheet) -> list[tuple[list[str], float, bool]]:
    survey = at.survey
    whole = survey.shares.get("")
    if whole is None:
        return []
    everything = bool(sheet.rows.all())
    share = whole if everything else survey.shares.get(sheet.area.code)
    if share is None or not share.denominator:
        return [(at.lines(at.word("no_target", year=whole.year), _BODY), _BODY, False)]
    return [
        (at.lines(at.word("progress", year=share.year), _BODY), _BODY, False),
        (at.lines(share.text(survey.lang), _SUB, bold=True), _SUB, True),
    ]


def _row(
    pen: Pen, x: float, y: float, cells: Sequence[str], at: Setting, *, bold: bool = False, soft: bool = False
) -> None:
    size = _BODY * at.scale
    colour = INKS.soft if soft else INK
    pen.text(x, y, cells[0], size, bold=bold, colour=colour)
    pen.text(x + at.width * 0.78, y, cells[1], size, bold=bold, colour=colour, across="right")
    pen.text(x + at.width, y, cells[2], size, bold=bold, colour=colour, across="right")


def _paragraphs(at: Setting, name: str, title: str, texts: Sequence[str]) -> Block:
    head = _head_lines(at, title) if title else []
    lines = [line for text in texts for line in at.lines(text, _SMALL)]
    height = len(lines) * at.leading(_SMALL) + (_head_height(at) if title else 0)

    def draw(pen: Pen, x: float, top: float) -> None:
        if head:
            top = _draw_head(pen, x, top, head, at)
        pen.paragraph(x, top, lines, _SMALL * at.scale)

    return Block(name, height, draw)


def _head_lines(at: Setting, text: str) -> list[str]:
    return at.lines(text.upper(), _HEAD, bold=True)[:1]


def _head_height(at: Setting) -> float:
    return at.leading(_HEAD) * 1.12


def _draw_head(pen: Pen, x: float, top: float, lines: list[str], at: Setting) -> float:
    pen.paragraph(x, top, lines, _HEAD * at.scale, bold=True, colour=INKS.deep)
    return top - _head_height(at)


def _fitted(at: Setting, text: str, size: float, *, bold: bool) -> tuple[list[str], float]:
    """Return lines and size at which a title takes at most two lines, or, of the smallest letters, what it takes up to three."""
    for count, share in ((1, 1.0), (1, 0.9), (1, 0.8), (2, 1.0), (2, 0.9), (2, 0.8), (2, 0.7), (2, 0.6)):
        points = size * share * at.scale * MM_PER_POINT
        lines = even(known(text, bold=bold).split(" "), points, at.width, bold=bold)
        if len(lines) <= count and all(width(line, points, bold=bold) <= at.width for line in lines):
            return lines, size * share
    kept = lines[:3]
    return [
        cut(line, points, at.width, bold=bold, more=len(lines) > len(kept) and line is kept[-1]) for line in kept
    ], size * share


def _logo(pen: Pen, slot: Rect, pixels: Any, at: Setting) -> None:
    """Draw the logo into its slot, or the slot's frame where there is none."""
    if pixels is None:
        pen.box(slot.inset(0.3 * at.scale), line=INKS.line, wide=0.25 * at.scale)
        pen.text(slot.x + slot.width / 2, slot.y + slot.height / 2, at.word("logo"), _SMALL * at.scale, colour=INKS.soft, across="center", upright="center_baseline")  # fmt: skip
        return
    high, wide = pixels.shape[:2]
    size = min(slot.width / wide, slot.height / high)
    width_mm, height_mm = wide * size, high * size
    pen.image(
        Rect(slot.x + (slot.width - width_mm) / 2, slot.y + (slot.height - height_mm) / 2, width_mm, height_mm), pixels
    )


def _north(pen: Pen, x: float, low: float, height: float, at: Setting) -> None:
    """Draw an arrow to the top of the sheet, half of it dark."""
    tip, foot, half = low + height * 0.72, low + height * 0.04, 2.6 * at.scale
    notch = foot + 3.0 * at.scale
    pen.polygon([(x, tip), (x - half, foot), (x, notch)], fill=INK, line=INK, wide=0.2 * at.scale)
    pen.polygon([(x, tip), (x + half, foot), (x, notch)], fill="#ffffff", line=INK, wide=0.2 * at.scale)
    pen.text(x, tip + 1.0 * at.scale, at.word("north"), 10 * at.scale, bold=True, across="center")


def _bar(pen: Pen, rect: Rect, metres: float, at: Setting) -> None:
    """Draw a bar of `metres`, in four parts or five, with what each end stands for."""
    parts = 5 if str(int(metres)).startswith("5") else 4
    step = rect.width / parts
    for part in range(parts):
        fill = INK if part % 2 == 0 else "#ffffff"
        pen.box(Rect(rect.x + part * step, rect.y, step, rect.height), fill=fill, line=INK, wide=0.15 * at.scale)
    unit = _KM if metres >= _KM else 1
    for part in (0, parts) if parts == 5 else (0, 2, 4):  # noqa: PLR2004 - parts
        value = metres * part / parts / unit
        decimals = 0 if float(value).is_integer() else 1
        told = number(value, decimals, lang=at.survey.lang)
        if part == parts:
            told += " km" if unit == _KM else " m"
        pen.text(rect.x + part * step, rect.y - 3.0 * at.scale, told, _SMALL * at.scale, across="center")

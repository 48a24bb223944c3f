"""The progress as a picture for publication: 1080 by 1080 pixels for a feed, 1920 by 1080 for a screen or a slide.

Only what anybody may know is on it: how many of how many desa, by which rule, as of when, with how many partners and of which
kinds. The percentage stands inside its ring beside the two figures it comes from, never alone. Drawn with
matplotlib's Agg canvas and its own font, so that the same progress gives the same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, Wedge
from matplotlib.transforms import IdentityTransform

from blankspot.out import lettering
from blankspot.out.files import atomic
from blankspot.out.palette import SIGNAL_LOOK
from blankspot.words import Lang, Text, date_text, number, percent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

Size = Literal["1080x1080", "1920x1080"]
_DPI: Final = 100
_PT_PER_PX: Final = 72 / _DPI
INK: Final = "#1b2733"
SOFT: Final = "#4c5965"
DEEP: Final = "#0d4654"
DONE: Final = SIGNAL_LOOK["served"].colour
REST: Final = "#d3dde1"
GROUND: Final = "#ffffff"
_FIRST_DEGREE: Final = 90  # the ring begins at the top
_BEARING: Final = 0.03  # white at the left of a bold figure, as a share of its size
_BELOW: Final = 0.05  # white under a figure on its line
_LETTERS_MIN: Final = 0.45  # how far a text may shrink before words are left out
_LEADING: Final = 1.32
_HAIR: Final = 2.0


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a card says.

    Attributes:
        title: Whose progress it is, e.g. the title of the workspace.
        numerator: Desa handled.
        denominator: Desa on the target list.
        year: Year of the target list.
        as_of: The day.
        definition: By which rule a desa counts as handled.
        source: Where the figures come from.
        partners: How many partners handled them.
        roles: Their parts in the pentahelix, each once.
    """

    title: str
    numerator: int
    denominator: int
    year: int
    as_of: dt.date
    definition: Text
    source: Text
    partners: int = 0
    roles: tuple[Text, ...] = ()


class Layout(NamedTuple):
    """Where things stand, in pixels from the top left.

    `band` is the height of the strip with the title; `of` the top of "dari 60 desa", on which the figure stands; `ring` its
    middle and outer radius; `column` the width beside the ring; `rule` the line above the words, of which the small ones have
    `small` pixels.
    """

    width: int
    height: int
    margin: int
    band: int
    kicker: int
    figure_size: int
    of: int
    of_size: int
    ring: tuple[int, int, int]
    column: int
    rule: int
    small: int


LAYOUTS: Final[dict[Size, Layout]] = {
    "1080x1080": Layout(1080, 1080, 76, 172, 222, 270, 596, 58, (812, 446, 190), 496, 702, 22),
    "1920x1080": Layout(1920, 1080, 112, 164, 214, 300, 606, 74, (1500, 446, 236), 1000, 736, 25),
}


def draw_card(
    path: str | Path, card: Card, *, size: Size = "1080x1080", lang: Lang = "id", logo: Path | None = None
) -> Path:
    """Write the card as a PNG of exactly `size` pixels, whole or not at all.

    Raises:
        SourceError: The logo is no picture.
        OutputError: The file cannot be written.
    """
    canvas = _drawn(card, LAYOUTS[size], lang, logo)
    with atomic(path) as temporary:
        canvas.figure.savefig(temporary, metadata={"Software": None}, facecolor=GROUND)
    return Path(path)


def _drawn(card: Card, at: Layout, lang: Lang, logo: Path | None) -> FigureCanvasAgg:
    figure = Figure(figsize=(at.width / _DPI, at.height / _DPI), dpi=_DPI, facecolor=GROUND)
    canvas = FigureCanvasAgg(figure)
    pen = _Pen(canvas, at)
    pen.box(0, 0, at.width, at.band, DEEP)
    room = float(at.width - 2 * at.margin)
    if logo is not None:
        room -= pen.logo(logo)
    pen.text(card.title, _Spot(at.margin, 24, room, at.band - 48), 42, colour="#ffffff", bold=True, stands="middle")
    kicker = Text("Penanganan desa blankspot", "Handling of blankspot desa")
    pen.text(kicker.of(lang), _Spot(at.margin, at.kicker, at.column, 48), 34, colour=SOFT)
    _progress(pen, card, at, lang)
    pen.box(at.margin, at.rule, at.width - 2 * at.margin, _HAIR, REST)
    _words(pen, card, at, lang)
    return canvas


def _progress(pen: _Pen, card: Card, at: Layout, lang: Lang) -> None:
    """Draw the figure, what it is a part of, and the ring with the share."""
    done, total = (number(value, lang=lang) for value in (card.numerator, card.denominator))
    top = at.kicker + 48
    tall = _Spot(at.margin - at.figure_size * _BEARING, top, at.column, at.of - top + at.figure_size * _BELOW)
    pen.text(done, tall, at.figure_size, colour=DEEP, bold=True, stands="bottom")
    of = Text(f"dari {total} desa", f"of {total} desa").of(lang)
    pen.text(of, _Spot(at.margin, at.of, at.column, at.of_size * _LEADING), at.of_size, bold=True)
    x, y, radius = at.ring
    pen.ring(x, y, radius, min(1.0, card.numerator / card.denominator) if card.denominator else 0.0)
    share = percent(card.numerator, card.denominator, lang=lang)
    inside = _Spot(x, y - radius * 0.22, radius * 1.38, radius * 0.44)
    pen.text(share, inside, radius * 0.32, bold=True, centred=True, stands="middle")


def _words(pen: _Pen, card: Card, at: Layout, lang: Lang) -> None:
    """Write day, list, partners, rule and source under the line."""
    width, small = at.width - 2 * at.margin, at.small
    day = date_text(card.as_of, lang=lang)
    when = Text(
        f"Tertangani per {day} · daftar target {card.year}", f"Handled as of {day} · target list of {card.year}"
    ).of(lang)
    top = pen.text(when, _Spot(at.margin, at.rule + 26, width, small * 2), small * 1.35, bold=True)
    if card.partners:
        top = pen.text(_partners(card, lang), _Spot(at.margin, top + 8, width, small * 3.4), small * 1.2)
    foot = at.height - at.margin + 18
    pen.text(card.source.of(lang), _Spot(at.margin, foot - small * 1.4, width, small * 1.4), small * 0.92, colour=SOFT)
    rest = _Spot(at.margin, top + 12, width, foot - small * 2 - top - 12)
    pen.text(card.definition.of(lang), rest, small, colour=SOFT)


def _partners(card: Card, lang: Lang) -> str:
    count = number(card.partners, lang=lang)
    roles = _and([role.of(lang) for role in card.roles], lang)
    told = Text(
        f"Bersama {count} mitra pentahelix",
        f"With {count} pentahelix {'partner' if card.partners == 1 else 'partners'}",
    )
    return told.of(lang) + (f": {roles}" if roles else "")


def _and(words: Sequence[str], lang: Lang) -> str:
    joint = Text(" dan ", " and ").of(lang)
    return joint.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


class _Spot(NamedTuple):
    """A box for a text, in pixels from the top left."""

    left: float
    top: float
    width: float
    height: float


class _Pen:
    """Draws in pixels from the top left."""

    def __init__(self, canvas: FigureCanvasAgg, layout: Layout) -> None:
        self._figure = canvas.figure
        self._layout = layout

    def box(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a box."""
        corner = (left, self._layout.height - top - height)
        self._figure.add_artist(Rectangle(corner, width, height, color=colour, lw=0, transform=IdentityTransform()))

    def ring(self, x: float, y: float, radius: float, share: float) -> None:
        """Draw a ring, `share` of it done, clockwise from the top."""
        middle = (x, self._layout.height - y)
        thick = radius * 0.2
        for start, end, colour in ((0.0, 360.0, REST), (_FIRST_DEGREE - 360 * share, float(_FIRST_DEGREE), DONE)):
            if start != end:
                self._figure.add_artist(Wedge(middle, radius, start, end, width=thick, color=colour, lw=0, transform=IdentityTransform()))  # fmt: skip

    def logo(self, path: Path) -> float:
        """Put a logo on white at the right of the title's strip and return the width it takes."""
        picture = lettering.picture(path)
        high, room = self._layout.band - 44, self._layout.width * 0.3
        scale = min((high - 16) / picture.shape[0], (room - 16) / picture.shape[1])
        width, height = picture.shape[1] * scale, picture.shape[0] * scale
        left = self._layout.width - self._layout.margin - width - 16
        self.box(left, 22, width + 16, high, "#ffffff")
        low = self._layout.height - self._layout.band / 2 - height / 2
        wide, tall = self._layout.width, self._layout.height
        spot = ((left + 8) / wide, low / tall, width / wide, height / tall)
        axes = self._figure.add_axes(spot)
        axes.imshow(picture, aspect="auto", interpolation="antialiased")
        axes.set_axis_off()
        axes.set_zorder(10)  # above the strip
        return float(width + 16 + 40)

    def text(
        self,
        text: str,
        spot: _Spot,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        centred: bool = False,
        stands: Literal["top", "middle", "bottom"] = "top",
    ) -> float:
        """Write a text that never leaves its spot: broken into lines, then smaller, at last shortened; return its lower edge.

        Args:
            text: What to write; nothing in it is markup or mathematics.
            spot: Where; of a centred text, `left` is its middle.
            size: Height of the letters in pixels, where there is room.
            colour: Colour of the letters.
            bold: Whether they are bold.
            centred: Whether lines are centred.
            stands: Where in the spot it stands if it is less high.
        """
        told, fitting = self._fitted(lettering.known(text, bold=bold), size, spot, bold=bold)
        leading = fitting * _LEADING
        spare = spot.height - leading * len(told)
        top = spot.top + {"top": 0.0, "middle": spare / 2, "bottom": spare}[stands]
        for at, line in enumerate(told):
            self._figure.text(
                spot.left,
                self._layout.height - top - leading * (at + 0.5),
                line,
                fontproperties=lettering.font(bold=bold),
                fontsize=fitting * _PT_PER_PX,
                color=colour,
                ha="center" if centred else "left",
                va="center_baseline",
                parse_math=False,
                transform=IdentityTransform(),
            )
        return float(top + leading * len(told))

    def _fitted(self, text: str, size: float, spot: _Spot, *, bold: bool) -> tuple[list[str], float]:
        """Return the lines of a text and the size of letters at which they keep within the spot."""
        smallest = size * _LETTERS_MIN
        tried = size
        while True:
            room = max(1, int(spot.height / (tried * _LEADING) + 0.01))
            told = lettering.broken(text, tried, spot.width, bold=bold)
            wide = max(lettering.width(line, tried, bold=bold) for line in told) > spot.width
            if len(told) <= room and not wide:
                return told, tried
            if tried <= smallest:
                break
            tried = max(smallest, tried * 0.96)
        kept = told[:room]
        cut = len(told) > room
        last = len(kept) - 1
        return [
            lettering.cut(line, tried, spot.width, bold=bold, more=cut and at == last) for at, line in enumerate(kept)
        ], tried

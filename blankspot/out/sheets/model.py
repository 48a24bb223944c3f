"""What a sheet is made from, as values: the villages with what is known of them, and what is said about the sheet itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol

import numpy as np

from blankspot.words import Text, date_text, number, percent

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from blankspot.out.sheets.projection import Projection
    from blankspot.words import Lang

Symbol = Literal["sites", "internet", "facilities"]
SYMBOLS: Final[tuple[Symbol, ...]] = ("sites", "internet", "facilities")
NOT_JUDGED: Final = ""


class Agency(Protocol):
    """The office that publishes, as `[office]` of a workspace describes it."""

    @property
    def name(self) -> str: ...  # noqa: D102 - Dinas Komunikasi dan Informatika
    @property
    def parent(self) -> str: ...  # noqa: D102 - Pemerintah Kabupaten …
    @property
    def address(self) -> str: ...  # noqa: D102 - street
    @property
    def city(self) -> str: ...  # noqa: D102 - city
    @property
    def phone(self) -> str: ...  # noqa: D102 - phone
    @property
    def email(self) -> str: ...  # noqa: D102 - mail
    @property
    def website(self) -> str: ...  # noqa: D102 - site


class Share(NamedTuple):
    """Handled of the target list of a year as of a day; the percentage is only ever derived."""

    numerator: int
    denominator: int
    year: int
    as_of: dt.date

    def text(self, lang: Lang) -> str:
        """Write the whole line: "43 dari 60 desa (71,67 %) per 26 Desember 2022"."""
        done, total = (number(value, lang=lang) for value in (self.numerator, self.denominator))
        share, day = percent(self.numerator, self.denominator, lang=lang), date_text(self.as_of, lang=lang)
        return Text(
            f"{done} dari {total} desa ({share}) per {day}", f"{done} of {total} desa ({share}) as of {day}"
        ).of(lang)


class Place(NamedTuple):
    """A kecamatan, kabupaten or province: its code and name."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Villages:
    """Villages row by row: geometry in metres of the sheet's projection (None where there is none), and what is known.

    `open_gap` are blankspots that nobody has handled yet, by the latest case of each village; `coarse` tells whether what is
    modelled was predicted without terrain.
    """

    code: NDArray[np.object_]
    name: NDArray[np.object_]
    shape: NDArray[Any]
    signal_class: NDArray[np.object_]
    confidence: NDArray[np.object_]
    outline: NDArray[np.object_]
    open_gap: NDArray[np.bool_]
    district: NDArray[np.object_]
    regency: NDArray[np.object_]
    province: NDArray[np.object_]
    judged: bool
    coarse: bool = False

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Which of them have a geometry."""
        return np.array([shape is not None for shape in self.shape], dtype=bool)


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Points of one symbol, metres of the sheet's projection."""

    symbol: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """Roads or rivers, metres of the sheet's projection."""

    kind: Literal["roads", "rivers"]
    shape: NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """One source as the sheet's history names it."""

    name: str
    licence: str
    rows: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Survey:
    """Everything of one workspace that sheets are made from.

    Attributes:
        villages: All villages.
        projection: In which all geometry is.
        points: Symbols asked for.
        lines: Roads and rivers given.
        names: Names of kecamatan, kabupaten and provinces by code.
        shares: Progress by code of the area; "" is the whole.
        sources: What it was made from.
        profile: Profile of thresholds and its digest.
        version: Of blankspot.
        as_of: The day it speaks of.
        agency: Who publishes.
        logo: A picture for the slot.
        title: Of the workspace.
        edition: How manieth edition of the year.
        lang: Language of the sheet.
    """

    villages: Villages
    projection: Projection
    points: tuple[Points, ...] = ()
    lines: tuple[Lines, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Share] = field(default_factory=dict)
    sources: tuple[SourceLine, ...] = ()
    profile: str = ""
    version: str = ""
    as_of: dt.date | None = None
    agency: Agency | None = None
    logo: Path | None = None
    title: str = ""
    edition: int = 1
    lang: Lang = "id"


class Sheet(NamedTuple):
    """One sheet of a survey: the rows it is about, the area they are, and its place among all sheets.

    `series` lists the areas of all sheets of a set in their order; empty where there is one sheet.
    """

    area: Place
    rows: NDArray[np.bool_]
    number: int = 1
    series: tuple[Place, ...] = ()


def parent_code(code: str) -> str:
    """Return the code above a dotted code: "32.04.05.2001" gives "32.04.05"; "" where there is none."""
    return code.rpartition(".")[0]


def frame_column(frame: pd.DataFrame, name: str) -> NDArray[np.object_]:
    """Return a column as plain texts, "" where empty or absent."""
    if name not in frame:
        return np.full(len(frame), "", dtype=object)
    column = frame[name]
    return np.where(column.isna(), "", column.astype("str")).astype(object)

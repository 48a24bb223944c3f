"""What an indicator sheet may say at all: which indicator and period a row means, and which rows are refused.

Two rows about one indicator and period hold only if they agree: nobody but the owner of the sheet knows which of two figures
is meant. What an indicator is (its unit, its direction, its goal) is told by the first row that tells it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.check import Review
from blankspot.schema import TABLES
from blankspot.words import Lang, Text, date_text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DEFINITION: Final = ("indicator", "unit", "direction", "owner", "goal", "program")
_KEY_LENGTH_MAX: Final = 72
_DIGEST_LENGTH: Final = 12


def review_rows(
    frame: pd.DataFrame, *, today: dt.date, lang: Lang, zone: ZoneInfo | None
) -> tuple[Review, pd.DataFrame]:
    """Judge the rows of an indicator sheet.

    Args:
        frame: Columns of the table `indicators`; `source_file` and `source_row` where known.
        today: Figures as of later days are refused.
        lang: Language of the reasons.
        zone: Zone of moments that carry none.

    Returns:
        The review, and its rows with `key` (the short name of the indicator) and `period` ("2022-Q3" or "2022").
    """
    review = _review(frame, lang)
    review.conform(TABLES["indicators"], zone=zone)
    _check_rows(review, today)
    keyed = _with_keys(review.frame)
    _check_repeats(review, keyed)
    _check_definitions(review, keyed)
    return review, keyed


def indicator_key(name: str) -> str:
    """Return the short name of an indicator inside the ledger, from its code or its name: "OPD terhubung" is `opd-terhubung`.

    Case, accents and punctuation do not matter; what is too long, or has no Latin letter, is told apart by a digest.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))
    if slug and len(slug) <= _KEY_LENGTH_MAX:
        return slug
    digest = hashlib.sha256((slug or " ".join(plain.split())).encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{slug[:_KEY_LENGTH_MAX]}-{digest}".lstrip("-")


def last_day(period: str) -> dt.date:
    """Return the last day of "2022-Q3" or "2022"."""
    year, _, quarter = period.partition("-Q")
    month = 3 * int(quarter) if quarter else 12
    return dt.date(int(year), month, calendar.monthrange(int(year), month)[1])


def _review(frame: pd.DataFrame, lang: Lang) -> Review:
    source = frame["source_file"].fillna("") if "source_file" in frame else ""
    row = frame.get("source_row")
    return Review(
        frame.drop(columns=["source_file", "source_row"], errors="ignore").assign(
            source_file=source, source_row=range(1, len(frame) + 1) if row is None else row
        ),
        table="indicators",
        source=source,
        row=row,
        lang=lang,
    )


def _check_rows(review: Review, today: dt.date) -> None:
    review.reject(
        review.frame["as_of"] > pd.Timestamp(today),
        column="as_of",
        rule="date_in_future",
        message=Text(
            f"Tanggal datanya belum tiba (hari ini {date_text(today)}).",
            f"The as-of day has not come yet (today is {date_text(today, lang='en')}).",
        ),
    )


def _with_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the key of their indicator and the name of their period."""
    named = frame["code"].fillna(frame["indicator"])
    years = frame["year"].astype("str")
    quarters = frame["quarter"].astype("str")
    period = years.where(frame["quarter"].isna(), years + "-Q" + quarters)
    return frame.assign(key=named.map(indicator_key, na_action="ignore"), period=period)


def _check_repeats(review: Review, keyed: pd.DataFrame) -> None:
    """Refuse repeated rows, and every row of an indicator and period that several rows tell differently."""
    content = [name for name in TABLES["indicators"].columns if name not in ("source", "note")]
    alive = keyed[review.alive]
    one_each = alive.drop_duplicates(["key", "period", *content])
    several = one_each.loc[one_each.duplicated(["key", "period"], keep=False), ["key", "period"]].drop_duplicates()
    shared = pd.MultiIndex.from_frame(several)
    review.reject(
        pd.MultiIndex.from_frame(keyed[["key", "period"]]).isin(shared),
        column="indicator",
        rule="conflicting_rows",
        message=Text(
            "Beberapa baris untuk indikator '{value}' pada periode yang sama saling bertentangan; pilih satu, atau beri "
            "kode indikator bila memang dua indikator.",
            "Several rows for the indicator '{value}' in one period contradict; choose one, or give each a code if they are "
            "two indicators.",
        ),
    )
    again = alive.duplicated(["key", "period", *content]).reindex(keyed.index, fill_value=False)
    review.reject(
        again,
        column="indicator",
        rule="duplicate",
        message=Text("Baris yang sama sudah ada ({value}).", "The same row is there already ({value})."),
    )


def _check_definitions(review: Review, keyed: pd.DataFrame) -> None:
    """Refuse the rows that define their indicator otherwise than the first row that tells the same property."""
    for name in DEFINITION[1:]:
        told = keyed[name].where(review.alive)
        first = told.groupby(keyed["key"], dropna=False).transform("first")
        review.reject(
            told.notna() & (told != first),
            column=name,
            rule="definition_differs",
            message=Text(
                f"{TABLES['indicators'].columns[name].title} '{{value}}' berbeda dari baris lain untuk indikator yang sama.",
                f"The {name} '{{value}}' differs from another row of the same indicator.",
            ),
        )

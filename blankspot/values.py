"""Reading numbers, dates and yes/no as Indonesians and machines write them.

One place decides how a text becomes a value, for every table and every door. What cannot be read is empty and said so;
nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

Kind = Literal["text", "code", "number", "integer", "date", "time", "flag", "choice", "geometry"]

DTYPES: dict[Kind, Any] = {
    "text": "str",
    "code": "str",
    "choice": "str",
    "number": "float64",
    "integer": "Int64",
    "date": "datetime64[us]",
    "time": pd.DatetimeTZDtype("us", "UTC"),
    "flag": "boolean",
    "geometry": None,
}


_CONTROLS: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_TRUE: Final = frozenset({"1", "true", "t", "ya", "y", "yes", "benar", "ada", "v", "✓", "x"})
_FALSE: Final = frozenset({"0", "false", "f", "tidak", "n", "no", "salah", "tidak ada", "-"})
_MONTHS: Final = {
    name: month
    for month, names in enumerate(
        (
            "januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may", "juni jun june",
            "juli jul july", "agustus agu ags agt aug august", "september sep sept", "oktober okt oct october",
            "november nov nopember nop", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATE_SHAPES: Final = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[-/.\s](?P<m>\d{1,2})[-/.\s](?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<d>\d{1,2})[-\s](?P<name>[A-Za-z]+)[-\s,]+(?P<y>\d{4}|\d{2})"),
)
_CLOCK: Final = re.compile(
    r"[T_\s,]*(?P<h>\d{1,2})[:.](?P<mi>\d{2})(?:[:.](?P<s>\d{2}(?:\.\d+)?))?\s*(?P<tz>Z|UTC|WIB|WITA|WIT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_LOGGER_SHAPES: Final = (
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}Z", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d{1,6}", "%Y-%m-%d %H:%M:%S.%f"),
    (r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}\.\d{1,6}Z", "%Y-%m-%d %H:%M:%S.%f"),
    (r"\d{4}\.\d{2}\.\d{2}_\d{2}\.\d{2}\.\d{2}", "%Y.%m.%d_%H.%M.%S"),
)
_GROUPED: Final = re.compile(r"[-+]?\d{1,3}(?:(?:\.\d{3}){2,}|(?:,\d{3}){2,})")
_UNITS_OF_WHOLES: Final = ("Rp", "jiwa")
_SCALES: Final = {
    word: scale
    for scale, words in (
        (10**3, "ribu rb thousand"),
        (10**6, "juta jt million"),
        (10**9, "miliar milyar milliar milyard mlr billion"),
        (10**12, "triliun trilyun trillion"),
    )
    for word in words.split()
}
_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_AMOUNT: Final = re.compile(
    rf"(?:(?:Rp|IDR)[.\s]*)?(?P<number>[-+]?\d[\d.,]*?(?: \d{{3}})*(?:,\d+)?)(?:,[-\u2013]+)?\s*(?P<scale>{'|'.join(_SCALES)})?\.?"
    r"(?:\s+rupiah)?",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"(?P<number>[-+\u2212]?\d[\d.,]*)\s*(?:%|persen|percent)", re.IGNORECASE)
_WORDED: Final = rf"[-+]?\d[\d.,]*\s*(?:{'|'.join(_SCALES)})"
_QUARTER_WORD: Final = r"(?:tri\s*wulan|trw|tw|kuartal|quarter|q)[.\s-]*(?:ke\s*-?\s*)?"
_QUARTERS: Final = {
    name: quarter
    for quarter, names in enumerate(
        ("1 i satu pertama", "2 ii dua kedua", "3 iii tiga ketiga", "4 iv empat keempat"), start=1
    )
    for name in names.split()
}
_NTH: Final = "|".join(sorted(_QUARTERS, key=len, reverse=True))
_YEAR: Final = r"(?:(?:tahun|thn|th|ta)[.\s]*)?(?P<year>(?:19|20)\d\d)"
_QUARTER_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_QUARTER_WORD}(?P<nth>{_NTH})(?:[\s/,.-]+{_YEAR})?",
        rf"{_YEAR}[\s/,.-]*{_QUARTER_WORD}(?P<nth>{_NTH})",
        rf"(?P<nth>i|ii|iii|iv)[\s/-]+{_YEAR}",
        rf"{_YEAR}[\s/-]+(?P<nth>i|ii|iii|iv)",
        rf"(?P<nth>{_NTH})",
    )
)
_RATIO_WORDS: Final = (
    r"persen\w*|permil|percent\w*|pct|indeks|index|nilai|value|skor|score|skala|scale|poin|points?|rasio|ratio|rate|rerata|rata|average|"
    r"tingkat|level|predikat|peringkat|rank|kategori|grade|per|[kmg]?bps|dbm?"
)
_RATIO_UNIT: Final = re.compile(
    rf"[%‰²]|\b(?:{_RATIO_WORDS})\b|/\s*(?:\d|km|jam|hour|detik|second|hari|day|bulan|month|tahun|year|kapita|capita|penduduk)",
    re.IGNORECASE,
)
_OFFSET_HOURS: Final = {"Z": 0, "UTC": 0, "WIB": 7, "WITA": 8, "WIT": 9}
_CENTURY: Final = 2000
_YEAR_MIN: Final = 1900  # an earlier one is a slip of the pen
_EXCEL_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's serial day has no zone
_EXCEL_SERIAL: Final = (20_000.0, 80_000.0)  # 1954 to 2119
_EPOCH_MS_MIN: Final = 1e11
_EPOCH_MS_MAX: Final = 2.5e14  # the year 9892; a date ends with the year 9999
_WHOLE_MAX: Final = 2.0**53  # beyond it a float no longer counts by ones


def read_number(text: object) -> float | None:
    """Read a number as Indonesians and machines write it: "-98,5", "1.234,5", " 98.5 "; None where it is none.

    A single dot is a decimal point (coordinates); a comma is a decimal comma, and dots before it are thousands. So are
    several dots, or several commas, each before three digits ("2.600.000.000").
    """
    if isinstance(text, (int, float, np.number)):
        return float(text) if np.isfinite(text) else None
    bare = str(text).strip().replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    if "_" in bare:  # Python would read 1_000
        return None
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", "")
    elif "," in bare:
        bare = bare.replace(",", "") if bare.rfind(".") > bare.rfind(",") else bare.replace(".", "").replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def read_amount(text: object) -> float | None:
    """Read a quantity as reports write it: "1.234" is 1234, "8,9 Milyar" 8.9e9, "140 ribu" 140000, "Rp 750.000,-" 750000.

    Unlike in coordinates (see `read_number`) a dot before three digits groups thousands; a comma before three digits stays a
    decimal comma. "M" alone is not read: it is miliar to one writer and million to another. None where the text is no single
    quantity.
    """
    if isinstance(text, (int, float, np.number)):
        return read_number(text)
    found = _AMOUNT.fullmatch(str(text).strip().replace("\u2212", "-").replace("\u00a0", " "))
    if found is None:
        return None
    bare = found["number"].replace(" ", "")
    value = read_number(bare.replace(".", "") if _THOUSANDS.fullmatch(bare) else bare)
    if value is None or found["scale"] is None:
        return value
    return float(Decimal(str(value)) * _SCALES[found["scale"].lower()])


def read_percent(text: object) -> float | None:
    """Read a percentage, in percent: "60,35 %" and "60,35 persen" are 60.35; None where the text is none or has no sign of it."""
    found = _PERCENT.fullmatch(str(text).strip())
    return None if found is None else read_amount(found["number"])


def is_ratio_unit(unit: str) -> bool:
    """Return whether figures in a unit are levels, which do not add up: "%", "indeks", "Mbps", "per 1.000 penduduk"; not "desa/kelurahan"."""
    return _RATIO_UNIT.search(unit) is not None


def read_quarter(text: object, *, year: int | None = None) -> str | None:
    """Read a quarter: "2022-Q3", "TW III 2022", "Triwulan 3/2022", "III/2022" and "Q3 2022" give "2022-Q3"; None where it is none.

    "3/2022" is none: it may be March as well.

    Args:
        text: As written.
        year: The year of a text that tells none ("TW III", "3"); such a text is no quarter without it.
    """
    bare = " ".join(str(text).split()).removesuffix(".0")
    for shape in _QUARTER_SHAPES:
        found = shape.fullmatch(bare)
        if found:
            told = found.groupdict().get("year") or year
            return None if told is None else f"{told}-Q{_QUARTERS[found['nth'].lower()]}"
    return None


def read_time(text: object, zone: ZoneInfo | None = None) -> dt.datetime | None:
    """Read a date with or without a clock; None where it is none.

    Knows ISO 8601, day-first `26/12/22`, `2019.11.25_15.34.34`, `11 Maret 2019`, a spreadsheet's serial day and epoch
    milliseconds. A clock without a zone is in `zone` (UTC if not given). Two-digit years are of this century.
    """
    if isinstance(text, dt.datetime):
        return text if text.tzinfo else text.replace(tzinfo=zone or dt.UTC)
    if isinstance(text, dt.date):
        return dt.datetime(text.year, text.month, text.day, tzinfo=zone or dt.UTC)
    bare = str(text).strip()
    numeric = read_number(bare) if re.fullmatch(r"[\d.,]+", bare) and bare.count(".") <= 1 else None
    if numeric is not None:
        return _from_serial(numeric, zone)
    for shape in _DATE_SHAPES:
        found = shape.match(bare)
        if found:
            return _assemble(found, bare[found.end() :], zone)
    return None


def _from_serial(value: float, zone: ZoneInfo | None) -> dt.datetime | None:
    if _EPOCH_MS_MIN <= value <= _EPOCH_MS_MAX:
        return dt.datetime.fromtimestamp(value / 1000, tz=dt.UTC)
    if _EXCEL_SERIAL[0] <= value <= _EXCEL_SERIAL[1]:
        moment = _EXCEL_EPOCH + dt.timedelta(seconds=round(value * 86_400))
        return moment.replace(tzinfo=zone or dt.UTC)
    return None


def _assemble(found: re.Match[str], rest: str, zone: ZoneInfo | None) -> dt.datetime | None:
    parts = found.groupdict()
    month = _MONTHS.get(parts["name"].lower()) if "name" in parts else int(parts["m"])
    year = int(parts["y"]) + (_CENTURY if len(parts["y"]) == 2 else 0)  # noqa: PLR2004 - two digits
    clock = _CLOCK.fullmatch(rest.strip()) if rest.strip() else None
    if month is None or year < _YEAR_MIN or (rest.strip() and clock is None):
        return None
    seconds = float(clock["s"] or 0) if clock else 0.0
    try:
        told = _zone(clock["tz"] if clock else None)
        moment = dt.datetime(  # noqa: DTZ001 - the zone follows
            year,
            month,
            int(parts["d"]),
            int(clock["h"]) if clock else 0,
            int(clock["mi"]) if clock else 0,
            int(seconds),
            min(round(seconds % 1 * 1_000_000), 999_999),
        )
    except ValueError:
        return None
    return moment.replace(tzinfo=told or zone or dt.UTC)


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    named = _OFFSET_HOURS.get(text.upper())
    if named is not None:
        return dt.timezone(dt.timedelta(hours=named))
    digits = text[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return dt.timezone(-offset if text[0] == "-" else offset)


def without_unit(values: pd.Series, unit: str) -> pd.Series:
    """Take a column's own unit off numbers that were typed with it: "8 m" in a column of metres gives "8".

    Another unit stays, and with it the number is unreadable. Rupiah may stand before or end in ",-". Rupiah and people have
    no thousandths, so a single dot before three digits groups them ("Rp 750.000" is 750000), and come in thousands, millions
    and more ("8,9 Milyar", "140 ribu jiwa").
    """
    if not unit or pd.api.types.is_numeric_dtype(values.dtype):
        return values
    texts = values.astype("str").str.strip()
    if unit == "Rp":
        texts = texts.str.replace(r"^(?:Rp|IDR)[.\s]*|,[-\u2013]+$", "", regex=True, case=False)
    else:
        scales = rf"(?:\s*(?:{'|'.join(_SCALES)}))?" if unit in _UNITS_OF_WHOLES else ""
        shape = rf"^([-+\u2212]?\d[\d.,]*{scales})\s*{re.escape(unit)}\.?$"
        texts = texts.str.replace(shape, r"\1", regex=True, case=False)
    if unit in _UNITS_OF_WHOLES:
        grouped = texts.str.fullmatch(r"-?\d{1,3}(?:\.\d{3})+").fillna(value=False).astype(bool)
        texts = texts.mask(grouped, texts.str.replace(".", "", regex=False))
        worded = texts.str.fullmatch(_WORDED, case=False).fillna(value=False).astype(bool)
        texts = texts.mask(worded, texts[worded].map(read_amount).map(lambda amount: f"{amount:.15g}"))
    return texts.mask(values.isna())


def coerce(values: pd.Series, kind: Kind, zone: ZoneInfo | None = None) -> tuple[pd.Series, NDArray[np.bool_]]:
    """Turn texts (or typed values) into the dtype of `kind`.

    Returns:
        The typed values, and which entries held something that could not be read (they are empty in the first).
    """
    if kind == "geometry":
        return values, np.zeros(len(values), dtype=bool)
    if kind == "number" and values.dtype == np.float64:
        infinite = np.isinf(values.to_numpy())
        return values.mask(infinite), infinite
    if str(values.dtype) == str(DTYPES[kind]) and kind not in ("text", "code", "choice", "date"):
        return values, np.zeros(len(values), dtype=bool)
    if kind in ("text", "code", "choice"):
        # Control characters would steer a terminal or be refused by a spreadsheet; no name has one.
        stripped = values.astype("str").str.replace(_CONTROLS, "", regex=True).str.strip()
        return stripped.mask(values.isna() | (stripped == "")), np.zeros(len(values), dtype=bool)
    blank = values.isna() | (values.astype("str").str.strip() == "")
    read = _READERS[kind](values.mask(blank), zone)
    return read, (read.isna() & ~blank).to_numpy(dtype=bool)


def _read_numbers(values: pd.Series, _zone: ZoneInfo | None) -> pd.Series:
    quick = pd.to_numeric(values.astype("str"), errors="coerce").astype("float64")
    quick = quick.where(np.isfinite(quick))
    slow = quick.isna() & values.notna()
    read = quick.to_numpy(copy=True)
    read[slow.to_numpy()] = [np.nan if found is None else found for found in map(read_number, values[slow])]
    return pd.Series(read, index=values.index)


def _read_integers(values: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    read = _read_numbers(values, zone)
    return read.where((read == read.round()) & (read.abs() <= _WHOLE_MAX)).astype("Int64")


def _read_times(values: Any, zone: ZoneInfo | None) -> Any:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return values.dt.tz_convert("UTC").dt.as_unit("us")
    if pd.api.types.is_datetime64_dtype(values):
        return (
            values.dt.as_unit("us")
            .dt.tz_localize(zone or dt.UTC, ambiguous=True, nonexistent="shift_forward")
            .dt.tz_convert("UTC")
        )
    quick = _read_loggers_times(values.astype("str"), zone)
    known = {text: read_time(text, zone) for text in values[quick.isna()].dropna().unique()}
    slow = pd.to_datetime(values.map(known, na_action="ignore"), utc=True).dt.as_unit("us")
    return quick.fillna(slow)


def _read_loggers_times(texts: Any, zone: ZoneInfo | None) -> Any:
    """Read the shapes that loggers write by the million, all at once; NaT where the text has another shape."""
    read = pd.Series(pd.NaT, index=texts.index, dtype=DTYPES["time"])
    for shape, form in _LOGGER_SHAPES:
        hit = texts.str.fullmatch(shape).fillna(value=False).astype(bool) & read.isna()
        if hit.any():
            naive = pd.to_datetime(texts[hit].str.replace("T", " ").str.rstrip("Z"), format=form, errors="coerce")
            in_zone = dt.UTC if shape.endswith("Z") else zone or dt.UTC
            naive = naive.where(naive.dt.year >= _YEAR_MIN)
            there = naive.dt.tz_localize(in_zone, ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
            read = read.mask(hit, there.dt.as_unit("us"))
    digits = texts.str.fullmatch(r"\d{13}").fillna(value=False).astype(bool)
    return read.mask(digits, pd.to_datetime(pd.to_numeric(texts[digits]), unit="ms", utc=True).dt.as_unit("us"))


def _read_dates(values: Any, zone: ZoneInfo | None) -> Any:
    if pd.api.types.is_datetime64_dtype(values):
        return values.dt.as_unit("us").dt.normalize()
    known = {text: read_time(text, zone) for text in values.dropna().unique()}
    days = {
        text: None if moment is None else moment.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        for text, moment in known.items()
    }
    return pd.to_datetime(values.map(days, na_action="ignore")).astype("datetime64[us]")


def _read_flags(values: pd.Series, _zone: ZoneInfo | None) -> pd.Series:
    words = values.astype("str").str.strip().str.lower().str.removesuffix(".0")  # a spreadsheet's 1 beside empty cells
    known = dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
    return words.map(known).astype("boolean")


_READERS: Final[dict[str, Callable[[pd.Series, ZoneInfo | None], pd.Series]]] = {
    "number": _read_numbers,
    "integer": _read_integers,
    "time": _read_times,
    "date": _read_dates,
    "flag": _read_flags,
}

"""The data of a page as one compressed text: columns in JSON, coordinates as variable-length integers.

A page carries its data once, as base64 of gzip of: a four-byte length, that many bytes of JSON (the header), and the
binary parts one after the other, found by the offsets in the header. Texts are dictionary-coded per column, so that a
partner named 300 times is stored once; integers are differences of neighbours, zigzag-coded so that small negative steps
stay small, in groups of seven bits. Columns compress far better than rows: 77 thousand villages fit into a few megabytes.
`assets/payload.js` is the reader.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
import struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

FORMAT: Final = 1
EPOCH: Final = dt.date(1970, 1, 1).toordinal()  # the day that days are counted from, in Python's own count
_LENGTH: Final = struct.Struct("<I")


def pack(header: Mapping[str, Any], parts: Mapping[str, bytes]) -> str:
    """Return header and binary parts as base64 text of a gzip stream; the same input gives the same text."""
    offsets, position = {}, 0
    for name, part in parts.items():
        offsets[name] = [position, len(part)]
        position += len(part)
    text = json.dumps(
        {"format": FORMAT, **header, "parts": offsets}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    head = text.encode()
    raw = b"".join([_LENGTH.pack(len(head)), head, *parts.values()])
    return base64.b64encode(gzip.compress(raw, compresslevel=9, mtime=0)).decode("ascii")


def unpack(text: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the header and the binary parts that `pack` put in."""
    raw = gzip.decompress(base64.b64decode(text))
    (length,) = _LENGTH.unpack_from(raw)
    start = _LENGTH.size + length
    header = json.loads(raw[_LENGTH.size : start])
    parts = {name: raw[start + at : start + at + size] for name, (at, size) in header.pop("parts").items()}
    return header, parts


def clean(value: object) -> str:
    """Return a value as text that UTF-8 can carry; "" where there is none."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd").strip()


def text_column(values: Iterable[object]) -> dict[str, list[Any]]:
    """Return texts as `words` (each once, in order of first use) and `at` (its number per row, −1 where empty)."""
    words: dict[str, int] = {}
    at = []
    for value in values:
        text = clean(value)
        at.append(words.setdefault(text, len(words)) if text else -1)
    return {"words": list(words), "at": at}


def number_column(values: Iterable[object], decimals: int = 0) -> list[float | int | None]:
    """Return numbers rounded to `decimals`; None where there is none or it is not finite."""
    read = pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    rounded = [round(float(value), decimals) if np.isfinite(value) else None for value in read]
    return rounded if decimals else [None if value is None else int(value) for value in rounded]


def day_column(values: Iterable[object]) -> list[int | None]:
    """Return dates and times as days since 1970-01-01 of their own clock; None where there is none."""
    days: list[int | None] = []
    for value in values:
        moment = pd.to_datetime(value, errors="coerce") if clean(value) else pd.NaT  # type: ignore[call-overload]
        days.append(None if pd.isna(moment) else moment.toordinal() - EPOCH)
    return days


def flag_column(values: Iterable[object]) -> list[int]:
    """Return yes/no as 1/0; 0 where there is none."""
    return [int(clean(value).lower() in ("true", "1", "1.0")) for value in values]


def deltas(values: ArrayLike) -> bytes:
    """Return integers as variable-length differences from their left neighbour (the first from 0)."""
    plain = np.asarray(values, dtype=np.int64)
    steps = np.diff(plain, prepend=np.int64(0))
    return varints((steps << 1) ^ (steps >> 63))


def varints(values: ArrayLike) -> bytes:
    """Return non-negative integers in groups of seven bits, lowest first; the high bit says that more follow."""
    plain: NDArray[np.uint64] = np.asarray(values).astype(np.uint64)
    sizes = np.ones(plain.size, dtype=np.int64)
    for shift in range(7, 64, 7):
        sizes += (plain >> np.uint64(shift)) > 0
    ends = np.cumsum(sizes)
    out = np.zeros(int(ends[-1]) if plain.size else 0, dtype=np.uint8)
    starts = ends - sizes
    for group in range(int(sizes.max(initial=0))):
        here = sizes > group
        bits = ((plain[here] >> np.uint64(7 * group)) & np.uint64(0x7F)).astype(np.uint8)
        out[starts[here] + group] = bits | np.where(sizes[here] > group + 1, 0x80, 0).astype(np.uint8)
    return out.tobytes()

"""The data of a page as one compressed text: columns and coordinates as variable-length integers, the rest in JSON.

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
_COLUMN_MIN: Final = 64  # rows from which a column is worth a part of its own
_SEPARATOR: Final = "\x00"  # which `clean` lets into no text
_DECIMALS_MAX: Final = 6
_WHOLE_MAX: Final = 2**51


def pack(header: Mapping[str, Any], parts: Mapping[str, bytes]) -> str:
    """Return header and binary parts as base64 text of a gzip stream; the same input gives the same text."""
    columns: dict[str, bytes] = {}
    header = {name: _outsourced(value, name, columns) for name, value in header.items()}
    parts = {**parts, **columns}
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
    return {name: _restored(value, parts) for name, value in header.items()}, parts


def _outsourced(value: Any, name: str, parts: dict[str, bytes]) -> Any:
    """Return a value of the header with its long columns turned into parts, named for where they stood."""
    if isinstance(value, dict):
        if set(value) == {"words", "at"} and len(value["at"]) >= _COLUMN_MIN:
            parts[f"{name}.words"] = _SEPARATOR.join(value["words"]).encode()
            parts[f"{name}.at"] = varints(np.asarray(value["at"]) + 1)
            return {"texts": name}
        return {key: _outsourced(inner, f"{name}.{key}", parts) for key, inner in value.items()}
    if isinstance(value, list) and len(value) >= _COLUMN_MIN and (coded := _numbers(value)) is not None:
        parts[name], decimals = coded
        return {"numbers": name, "decimals": decimals}
    return value


def _restored(value: Any, parts: dict[str, bytes]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"texts"}:
            words = parts.pop(f"{value['texts']}.words").decode()
            at = read_varints(parts.pop(f"{value['texts']}.at")) - 1
            return {"words": words.split(_SEPARATOR) if words else [], "at": at.tolist()}
        if set(value) == {"numbers", "decimals"}:
            return _read_numbers(parts.pop(value["numbers"]), value["decimals"])
        return {key: _restored(inner, parts) for key, inner in value.items()}
    return value


def _numbers(values: list[Any]) -> tuple[bytes, int] | None:
    """Return a list of numbers as whole ones, 0 where there is none, and their decimals; None if it holds anything else."""
    if not all(value is None or type(value) in (int, float) for value in values):
        return None
    given = np.array([np.nan if value is None else value for value in values], dtype=float)
    there = ~np.isnan(given)
    for decimals in range(_DECIMALS_MAX + 1):
        scaled = np.rint(given[there] * 10**decimals)
        if np.abs(scaled).max(initial=0) < _WHOLE_MAX and (scaled / 10**decimals == given[there]).all():
            coded = np.zeros(len(values), dtype=np.int64)
            coded[there] = zigzag(scaled.astype(np.int64)) + 1
            return varints(coded), decimals
    return None


def _read_numbers(data: bytes, decimals: int) -> list[float | int | None]:
    coded = read_varints(data)
    zigzagged = coded - 1
    values = ((zigzagged >> 1) ^ -(zigzagged & 1)).tolist()
    return [
        None if code == 0 else value / 10**decimals if decimals else value
        for code, value in zip(coded.tolist(), values, strict=True)
    ]


def clean(value: object) -> str:
    """Return a value as text that UTF-8 can carry; "" where there is none."""
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value.strip()
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
    return varints(zigzag(steps))


def zigzag(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return whole numbers as non-negative ones: 0, −1, 1, −2 … as 0, 1, 2, 3 …."""
    return (values << 1) ^ (values >> 63)


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


def read_varints(data: bytes) -> NDArray[np.int64]:
    """Return what `varints` wrote."""
    plain = np.frombuffer(data, dtype=np.uint8)
    end = np.flatnonzero(plain < 0x80)  # noqa: PLR2004 - the bit that says that more follow
    begin = np.concatenate([[0], end[:-1] + 1])[: len(end)]
    place = np.arange(len(plain)) - np.repeat(begin, end - begin + 1)
    bits = (plain & 0x7F).astype(np.int64) << (7 * place)
    return np.add.reduceat(bits, begin) if len(end) else np.zeros(0, dtype=np.int64)

"""What one line of the ledger is: an event with its content, and the record that keeps it.

An `Event` is content only: what happened, where and when. Its identity is the SHA-256 of that content in canonical JSON, so
that the same fact brought in twice, or by two offices, is one fact. A `Record` is an event as the ledger holds it: when it
was recorded, by which office (`origin`), under which number, and chained to that office's record before it.

Fields that only some kinds have live in one JSON column. A new kind of event, or a new field, needs no new column, and
does not change the identity of what is already recorded.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pandas as pd

from blankspot import wilayah
from blankspot.errors import UsageError
from blankspot.ledger.workflow import KINDS, STAGES, TARGET_KINDS, TARGET_RULE
from blankspot.schema import FUNDING_SOURCES, INTERVENTION_TYPES
from blankspot.words import Text

Value = str | int | float | bool
SERVICES: Final = ("mobile", "internet")
INTERNET_TYPES: Final = frozenset({"fiber_wifi", "vsat", "leo"})  # they make an internet point, not mobile coverage
GENERAL: Final = "general"
TARGET_RULES: Final = ("mobile_any", "mobile_all", "mobile_verified", "internet_any")
LETTER_KINDS: Final = ("request", "invitation", "minutes")
DIRECTIONS: Final = ("higher", "lower")
_TEXTS: Final = (
    "partner", "intervention_type", "funding_source", "planned_quarter", "evidence", "document", "reason", "note", "channel",
    "proposer", "step", "signal_class", "verdict", "rule", "constraint", "follow_up", "owner", "due_on", "refers", "corrects",
    "corrected_on", "clears", "chosen", "voids", "number", "letter_kind", "villages", "topic", "indicator", "unit",
    "direction", "goal", "program", "period", "as_of", "source", "responsible",
)  # fmt: skip
_AMOUNTS: Final = (
    "budget_rp", "amount_rp", "target", "realization", "realized_rp", "waiting_rp", "lon", "lat",
)  # fmt: skip
FIELDS: Final[dict[str, tuple[type, ...]]] = {
    "year": (int,),
    **dict.fromkeys(_TEXTS, (str,)),
    **dict.fromkeys(_AMOUNTS, (int, float)),
    "cumulative": (bool,),
    "skips": (bool,),
    "withdraws": (bool,),
}
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "rule": TARGET_RULES,
    "letter_kind": LETTER_KINDS,
    "direction": DIRECTIONS,
    "intervention_type": INTERVENTION_TYPES,
    "funding_source": FUNDING_SOURCES,
}
_DAYS: Final = frozenset({"due_on", "corrected_on", "as_of"})
_SHAPES: Final = {
    "planned_quarter": (re.compile(r"20[0-9]{2}-Q[1-4]"), "2022-Q3"),
    "period": (re.compile(r"20[0-9]{2}(-Q[1-4])?"), "2022-Q3"),
}
# What a float holds exactly bounds every number: a view shows amounts as floats, and a record can never be taken back.
_RANGES: Final = {"year": (2000, 2100), "lon": (-180, 180), "lat": (-90, 90)}
_ANY_NUMBER: Final = (-(2**53), 2**53)
_TEXT_MAX: Final = 100_000  # thirty pages; a file brought in by mistake is no note
_LISTED: Final = frozenset({"villages", "voids"})  # codes and numbers of as many as there are
_SHOWN_MAX: Final = 60
# What each kind speaks about: a case of a village, or a subject of its own.
_SUBJECTS: Final = {
    TARGET_RULE: "target",
    "indicator": "indicator",
    "figure": "indicator",
    "letter": "letter",
}
_ANY_SUBJECT: Final = frozenset({"note", "note_closed", "correction"})
_SUBJECT: Final = re.compile(r"general|target:20[0-9]{2}|(partner|indicator|letter):[\w.~&-][\w.~& -]{0,95}")
_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
GENESIS: Final = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a case, to a target list, or to another subject of the ledger.

    Args:
        kind: One of `workflow.KINDS`: a stage, `target`, `money`, `note`, `correction` and so on.
        happened_on: The day it happened; of a correction, the day it was decided.
        village_code: Kemendagri code of the village, with dots; empty for what concerns no single village.
        case_id: The subject. Of a village: `<village_code>:<service>` or `<village_code>:<service>:<label>` with service
            `mobile` or `internet`, its mobile coverage if not given. Else `target:<year>`, `partner:<key>`,
            `indicator:<key>`, `letter:<key>` or `general`.
        fields: What else is known, keys of `FIELDS`; empty ones are left out. Days are ISO text, quarters like "2022-Q3".

    Raises:
        UsageError: An unknown kind or field, a value of the wrong type, a case of another village, a kind about the wrong
            subject.
        CodeError: The village code is none.
    """

    kind: str
    happened_on: dt.date
    village_code: str = ""
    case_id: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UsageError(
                Text(f"Kejadian '{self.kind}' tidak dikenal.", f"The kind of event '{self.kind}' is not known."),
                hint=Text(f"Pilih: {', '.join(KINDS)}.", f"Choose: {', '.join(KINDS)}."),
            )
        code, subject = _about(self.kind, self.village_code, self.case_id)
        object.__setattr__(self, "village_code", code)
        object.__setattr__(self, "happened_on", day_of(self.happened_on))
        object.__setattr__(self, "case_id", subject)
        object.__setattr__(self, "fields", MappingProxyType(_clean(self.fields)))

    def __hash__(self) -> int:
        return hash(self.content_id)

    @property
    def is_target(self) -> bool:
        """Whether it changes a target list and not the stage of a case."""
        return self.kind in TARGET_KINDS

    @property
    def is_move(self) -> bool:
        """Whether it brings a case to a stage."""
        return self.kind in STAGES

    @cached_property
    def content_id(self) -> str:
        """The SHA-256 of the content: the same fact has the same identity everywhere."""
        return content_id(self.kind, self.case_id, self.village_code, self.happened_on, self.fields)

    def skipping(self) -> Event:
        """Return the same event, saying that stages before it passed without being recorded."""
        return replace(self, fields={**self.fields, "skips": True})


class Content(Protocol):
    """What events and records share, and all that the fold looks at."""

    @property
    def kind(self) -> str: ...  # noqa: D102 - see Event
    @property
    def case_id(self) -> str: ...  # noqa: D102 - see Event
    @property
    def village_code(self) -> str: ...  # noqa: D102 - see Event
    @property
    def happened_on(self) -> dt.date: ...  # noqa: D102 - see Event
    @property
    def fields(self) -> Mapping[str, Value]: ...  # noqa: D102 - see Event


class Record(NamedTuple):
    """An event as the ledger holds it; `recorded_at` is UTC, `seq` counts from 1 per origin.

    `follows` is the content_id of the move of the same case that its recorder knew as the last one ("" for a first move, and
    for what is no move): two moves that follow the same one were made without knowing of each other.
    """

    origin: str
    seq: int
    content_id: str
    kind: str
    case_id: str
    village_code: str
    happened_on: dt.date
    recorded_at: dt.datetime
    fields: Mapping[str, Value]
    prev_hash: str
    hash: str
    follows: str = ""

    @property
    def event(self) -> Event:
        """The content alone."""
        return Event(
            kind=self.kind,
            village_code=self.village_code,
            happened_on=self.happened_on,
            case_id=self.case_id,
            fields=self.fields,
        )


def content_id(kind: str, case_id: str, village_code: str, happened_on: dt.date, fields: Mapping[str, Value]) -> str:
    """Return the identity of a content: SHA-256 over its canonical JSON, 64 hexadecimal digits."""
    content = {
        "kind": kind,
        "case_id": case_id,
        "village_code": village_code,
        "happened_on": happened_on.isoformat(),
        "fields": dict(fields),
    }
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(value: object) -> str:
    """Write a value as JSON in the one form that is hashed and stored: sorted keys, no spaces, ASCII only."""
    return _CANONICAL.encode(value)


def chain(
    event: Event, *, origin: str, seq: int, recorded_at: dt.datetime, prev_hash: str, follows: str = ""
) -> Record:
    """Return the record that comes after `prev_hash` in the chain of `origin`; `follows` as in `Record`."""
    identity = event.content_id
    return Record(
        origin=origin,
        seq=seq,
        content_id=identity,
        kind=event.kind,
        case_id=event.case_id,
        village_code=event.village_code,
        happened_on=event.happened_on,
        recorded_at=recorded_at,
        fields=event.fields,
        prev_hash=prev_hash,
        hash=link(prev_hash, origin=origin, seq=seq, recorded_at=recorded_at, identity=identity, follows=follows),
        follows=follows,
    )


def link(prev_hash: str, *, origin: str, seq: int, recorded_at: dt.datetime, identity: str, follows: str = "") -> str:
    """Return the hash of a record: SHA-256 over the hash before it, its envelope and the identity of its content."""
    moment = recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    envelope = [prev_hash, origin, seq, moment, identity, *([follows] if follows else [])]
    return hashlib.sha256(canonical(envelope).encode()).hexdigest()


def day_of(value: Any) -> dt.date:
    """Return the calendar day of a date or a moment.

    Raises:
        UsageError: It is neither, such as a text.
    """
    if not isinstance(value, dt.date) or pd.isna(value):
        raise UsageError(
            Text(f"{value!r} bukan tanggal.", f"{value!r} is not a date."),
            hint=Text("Beri datetime.date.", "Give a datetime.date."),
        )
    return value.date() if isinstance(value, dt.datetime) else value


def _about(kind: str, village: str, given: str) -> tuple[str, str]:
    """Return the village code and the subject of an event of this kind, both checked."""
    if given is None:
        given = ""
    if not isinstance(given, str):
        raise _invalid("case_id", given, "32.04.05.2001:mobile")
    wanted = _SUBJECTS.get(kind)
    if not village and _SUBJECT.fullmatch(given):
        if wanted == given.partition(":")[0] or (wanted is None and kind in _ANY_SUBJECT):
            return "", given
    elif wanted is None:
        code = wilayah.parse(village, level="village").text
        return code, _case_id(given, code, kind)
    raise UsageError(
        Text(
            f"'{given or village}' bukan pokok yang sah untuk kejadian '{kind}'.",
            f"'{given or village}' is no subject for an event of the kind '{kind}'.",
        ),
        hint=Text(
            f"Tulis {wanted}:<nama pendek>, tanpa kode desa."
            if wanted
            else "Sebut kode desa, atau general, target:<tahun>, partner:<kunci>, indicator:<kunci>.",
            f"Write {wanted}:<short name>, without a village code."
            if wanted
            else "Name a village code, or general, target:<year>, partner:<key>, indicator:<key>.",
        ),
    )


def _case_id(given: str, code: str, kind: str) -> str:
    mobile = f"{code}:mobile"
    if not given:
        return mobile
    if not re.fullmatch(rf"{re.escape(code)}:({'|'.join(SERVICES)})(:[\w-]{{1,32}})?", given):
        raise UsageError(
            Text(f"Kasus '{given}' bukan kasus desa {code}.", f"Case '{given}' is not a case of village {code}."),
            hint=Text(
                f"Tulis {mobile} atau {code}:internet; bila ada beberapa, tambahkan titik dua dan nama pendek.",
                f"Write {mobile} or {code}:internet; add a colon and a short label if there are several.",
            ),
        )
    if kind in TARGET_KINDS and given != mobile:
        raise UsageError(
            Text(
                f"Daftar target memuat desa, bukan kasus '{given}'.",
                f"A target list holds villages, not the case '{given}'.",
            )
        )
    return given


def _clean(fields: Mapping[str, object]) -> dict[str, Value]:
    if not isinstance(fields, Mapping):
        raise _invalid("fields", fields, "{'partner': 'Telkom'}")
    clean: dict[str, Value] = {}
    for name in sorted(fields, key=str):
        value: Any = fields[name]
        plain = value.item() if isinstance(value, np.generic) else value
        if not _blank(plain):
            clean[name] = _checked(name, plain)
    return clean


def _blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is False or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _checked(name: str, value: object) -> Value:
    kinds = FIELDS.get(name)
    if kinds is None:
        raise UsageError(
            Text(f"Isian '{name}' tidak dikenal.", f"The field '{name}' is not known."),
            hint=Text(f"Pilih: {', '.join(FIELDS)}.", f"Choose: {', '.join(FIELDS)}."),
        )
    wrong_flag = isinstance(value, bool) and bool not in kinds
    if not isinstance(value, kinds) or wrong_flag or (isinstance(value, float) and not np.isfinite(value)):
        raise _invalid(name, value)
    if isinstance(value, str):
        return _checked_text(name, value.strip())
    least, most = _RANGES.get(name, _ANY_NUMBER)
    if not isinstance(value, bool) and not least <= value <= most:  # type: ignore[operator]  # a number
        raise _invalid(name, value, f"{least} … {most}")
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value  # type: ignore[return-value]  # one of `kinds`


def _checked_text(name: str, text: str) -> str:
    if name in _CHOICES and text not in _CHOICES[name]:
        raise _invalid(name, text, ", ".join(_CHOICES[name]))
    if name in _SHAPES and not _SHAPES[name][0].fullmatch(text):
        raise _invalid(name, text, _SHAPES[name][1])
    if name in _DAYS and not _is_iso_day(text):
        raise _invalid(name, text, "2022-12-26")
    if len(text) > _TEXT_MAX and name not in _LISTED:
        raise _invalid(name, text, f"≤ {_TEXT_MAX}")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half a character, which no file can hold
        raise _invalid(name, text[error.start : error.end], "UTF-8") from None
    return text


def _is_iso_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _invalid(name: str, value: object, allowed: str = "") -> UsageError:
    shown = _shown(value)
    return UsageError(
        Text(f"Nilai {shown} tidak sah untuk '{name}'.", f"The value {shown} is not valid for '{name}'."),
        hint=Text(f"Yang diterima: {allowed}.", f"Accepted: {allowed}.") if allowed else None,
    )


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # a number of thousands of digits
        return "…"
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}…"

"""How accepted events become records: chained to their office's last one, at a moment that never goes back.

And how an office's chain is called, and how a refused batch is told.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING, Final

from blankspot.errors import LedgerError
from blankspot.ledger.effective import effective
from blankspot.ledger.events import GENESIS, chain
from blankspot.ledger.refusals import withdrawn_before
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from blankspot.ledger.events import Event, Record
    from blankspot.ledger.refusals import Refusal

_CLOCK_STEP: Final = dt.timedelta(minutes=1)  # a clock that synchronises itself may step back by less than this
_SHOWN_MAX: Final = 5
_OFFICE_MAX: Final = 32  # characters of an origin; there is room for a fork's mark behind it


def recorded_next(
    events: list[Event], known: list[Record], *, last: Record | None, origin: str, now: dt.datetime, zone: ZoneInfo
) -> tuple[Record, ...]:
    """Return events as the records that follow `last` in the chain of `origin`.

    Args:
        events: In the order to record them.
        known: What is on record about their subjects.
        last: The newest record of the origin, None if it has none.
        origin: The office that records.
        now: What its clock says.
        zone: In which a wrong clock is told.

    Raises:
        LedgerError: The clock says a moment before the office's last record.
    """
    moment = _moment(now.astimezone(dt.UTC), None if last is None else last.recorded_at, known, zone)
    heads = effective(known).heads
    records: list[Record] = []
    for event in events:
        records.append(
            chain(
                event,
                origin=origin,
                seq=last.seq + 1 if last else 1,
                recorded_at=moment,
                prev_hash=last.hash if last else GENESIS,
                follows=heads.get(event.case_id, "") if event.is_move else "",
            )
        )
        last = records[-1]
        if event.is_move or event.kind == "settled":
            heads[event.case_id] = last.content_id
        elif event.kind == "correction" and " " in heads.get(event.case_id, ""):
            heads = effective([*known, *records]).heads  # it may have ended a conflict
    return tuple(records)


def _moment(now: dt.datetime, latest: dt.datetime | None, known: list[Record], zone: ZoneInfo) -> dt.datetime:
    """Return the moment of recording, never before the office's last record, nor just before what these records follow.

    An office whose clock runs far ahead must not keep all others from recording about its cases until that day comes.
    """
    nearly = (one.recorded_at for one in known if one.recorded_at - now <= _CLOCK_STEP)
    now = max(now, max(nearly, default=now))
    if latest is None or now >= latest:
        return now
    if latest - now > _CLOCK_STEP:
        shown, seen = (moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") for moment in (now, latest))
        raise LedgerError(
            Text(
                f"Jam komputer menunjuk {shown}, padahal catatan terakhir dibuat pada {seen}. Tidak ada yang dicatat.",
                f"The computer's clock says {shown}, but the last record was made at {seen}. Nothing was recorded.",
            ),
            hint=Text("Betulkan jam komputer, lalu ulangi.", "Set the clock right, then try again."),
        )
    return latest


def new_origin(office: str) -> str:
    """Return a name that no other ledger has, beginning with the office's where that is known."""
    called = re.sub(r"[^a-z0-9]+", "-", office.casefold()).strip("-")[:_OFFICE_MAX].strip("-")
    return f"{called}-{uuid.uuid4().hex[:6]}" if called else uuid.uuid4().hex[:12]


def refused_repeats(batch: Mapping[str, Event], known: list[Record]) -> list[Refusal]:
    """Return a refusal for each event that is on record but was withdrawn: to pass it over would hide that it does not count."""
    repeated = {record.content_id for record in known} & set(batch)
    if not repeated:
        return []
    return [withdrawn_before(batch[identity]) for identity in sorted(repeated & effective(known).withdrawn)]


def refusal_of(refused: list[Refusal], count: int) -> LedgerError:
    """Return the error for a batch of `count` events of which some are refused."""
    shown = refused[:_SHOWN_MAX]
    if len(refused) == 1 and count == 1:
        return LedgerError(shown[0].what, hint=shown[0].hint)
    more = len(refused) - len(shown)
    listed = Text(*("\n  ".join(f"{one.what.of(lang)} {one.hint.of(lang)}" for one in shown) for lang in ("id", "en")))
    rest = Text(f"\n  … dan {more} lagi", f"\n  … and {more} more") if more else Text("", "")
    return LedgerError(
        Text(
            f"{len(refused)} dari {count} kejadian ditolak; tidak ada yang dicatat:\n  {listed.id}{rest.id}\n",
            f"{len(refused)} of {count} events are refused; nothing was recorded:\n  {listed.en}{rest.en}\n",
        ),
        hint=Text(
            "Betulkan atau keluarkan kejadian itu, lalu ulangi.", "Correct or leave out these events, then try again."
        ),
    )

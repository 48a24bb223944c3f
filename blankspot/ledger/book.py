"""The ledger as its users see it: append events, look at any past view, measure progress, plan an import.

Every view takes two days: `as_of`, up to which things happened, and `known_on`, up to which they were recorded. What is
appended is checked against everything on record while the write lock is held, and either the whole batch is committed or
nothing is. A correction reaches back: a view of a past day shows that day as it is known now, unless `known_on` asks for
what was known then.

Longer than most because it is the one public face of the ledger: a thin method with its docstring for each thing one may ask.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from blankspot.errors import LedgerError, UsageError
from blankspot.ledger.audit import Audit, audit
from blankspot.ledger.changes import Seen, View, changes
from blankspot.ledger.effective import Effective, chronological, distinct, effective
from blankspot.ledger.events import Event, Record, day_of
from blankspot.ledger.fold import State, add_up
from blankspot.ledger.frames import (
    conflicts_frame,
    letters_frame,
    money_frame,
    notes_frame,
    state_frame,
    targets_frame,
)
from blankspot.ledger.imports import ImportPlan, plan_import
from blankspot.ledger.judge import sequence
from blankspot.ledger.merging import Merge, merge
from blankspot.ledger.partners import Partners
from blankspot.ledger.progress import BYS, By, Progress, measure, place_names
from blankspot.ledger.recording import new_origin, recorded_next, refusal_of, refused_repeats
from blankspot.ledger.snapshot import Kept, freeze, latest_day, take, thaw
from blankspot.ledger.store import Store
from blankspot.ledger.targets import TargetRule, rule_of
from blankspot.ledger.timeline import timeline
from blankspot.settings import Settings, load_settings
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    import pandas as pd


_ORIGIN: Final = "origin"
_SNAPSHOT: Final = "state"
_SNAPSHOT_EVERY: Final = 20_000  # records; fewer are added up in a tenth of a second
_NUMBER_MIN: Final = 6
_ORIGIN_NAME: Final = re.compile(r"(?=.{1,40}$)\w[\w.&+~-]*( [\w.&+~-]+)*")


def _system_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Ledger:
    """An append-only ledger of handling; make one with `Ledger.open`."""

    def __init__(
        self, store: Store, *, origin: str, clock: Callable[[], dt.datetime], settings: Settings, partners: Partners
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._counted: tuple[object, Effective] | None = None
        self.origin = origin
        self.partners = partners

    @classmethod
    def open(
        cls,
        address: str | Path,
        *,
        create: bool = True,
        origin: str | None = None,
        clock: Callable[[], dt.datetime] | None = None,
        timeout_s: float = 10.0,
        settings: Settings | None = None,
        partners: Partners | None = None,
        office: str = "",
    ) -> Self:
        """Open the ledger at `address`.

        Args:
            address: A path such as `ledger.db`, `sqlite:///ledger.db`, or `:memory:` for one that is not kept.
            create: Make it where there is none.
            origin: Name of the office that records; each office has its own chain. A new ledger draws a random one if none is
                given and keeps it; an existing one goes on with its own.
            clock: Says the present moment with its zone; the system's if not given.
            timeout_s: How long to wait for another writer, in seconds.
            settings: Their `timezone` decides which day a moment belongs to.
            partners: Says which names mean the same partner; those known everywhere if not given.
            office: What the office is called, so that people know whose the origin of a new ledger is.

        Raises:
            LedgerError: Not a ledger, not writable, locked, or another kind of database.
            UsageError: The name of the office is too long or holds signs that no name has.
        """
        if origin and not _ORIGIN_NAME.fullmatch(origin):
            raise UsageError(
                Text(f"{origin!r} tidak dapat menjadi nama kantor.", f"{origin!r} cannot be the name of an office."),
                hint=Text(
                    "Huruf, angka, titik dan spasi; paling panjang 40.",
                    "Letters, digits, points and blanks; at most 40.",
                ),
            )
        clock = clock or _system_clock
        store = Store(address, timeout_s=timeout_s, create=create)
        try:
            store.prepare(now=clock(), facts={_ORIGIN: origin or new_origin(office)})
            own = origin or store.fact(_ORIGIN) or ""
        except BaseException:
            store.close()
            raise
        return cls(
            store,
            origin=own,
            clock=clock,
            settings=settings or load_settings(),
            partners=partners or Partners.default(),
        )

    def close(self) -> None:
        """Let go of the file; nothing may be asked of the ledger afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def address(self) -> str:
        """Where the ledger is kept."""
        return self._store.place

    @property
    def today(self) -> dt.date:
        """The present day in the settings' time zone."""
        return self._clock().astimezone(self._settings.zone).date()

    def append(self, events: Event | Iterable[Event]) -> tuple[Record, ...]:
        """Record events: all of them, or none.

        The order of the events does not matter; they are recorded in the order in which they happened, corrections and
        settlements before the others. What is on record already, with the same content, is passed over.

        Returns:
            The records that were added; once they are returned they are on the disk.

        Raises:
            LedgerError: A move that the workflow does not allow, a day to come, a handling without evidence, something that was
                recorded before and then withdrawn; or the database refuses. Nothing was recorded.
            UsageError: Something that is no event.
        """
        batch = {event.content_id: event for event in map(_event, [events] if isinstance(events, Event) else events)}
        if not batch:
            return ()
        with self._store.writing(cases=[event.case_id for event in batch.values()], origin=self.origin) as writer:
            known = chronological(writer.cases(event.case_id for event in batch.values()))
            on_record = {record.content_id for record in known}
            fresh = [event for identity, event in batch.items() if identity not in on_record]
            judged = sequence(fresh, known, today=self.today)
            refused = [one.refusal for one in judged if one.refusal is not None]
            refused += refused_repeats(batch, known)
            if refused:
                raise refusal_of(refused, len(batch))
            records = recorded_next(
                [one.event for one in judged],
                known,
                last=writer.last(self.origin),
                origin=self.origin,
                now=self._clock(),
                zone=self._settings.zone,
            )
            writer.add(records)
        if records and records[-1].seq // _SNAPSHOT_EVERY > (records[0].seq - 1) // _SNAPSHOT_EVERY:
            self._snapshot_if_possible()
        return records

    def events(
        self,
        as_of: dt.date | None = None,
        known_on: dt.date | dt.datetime | None = None,
        *,
        village_code: str | None = None,
    ) -> tuple[Record, ...]:
        """Return what is on record, in the order it happened, the same content once.

        Args:
            as_of: Only what happened by this day.
            known_on: Only what was recorded by the end of this day (or by this moment).
            village_code: Only what concerns this village.

        Raises:
            UsageError: `as_of` or `known_on` is no date.
        """
        until = None if as_of is None else day_of(as_of)
        records = distinct(self._store.read(as_of=until, known_until=self._known_until(known_on)))
        return tuple(record for record in records if village_code in (None, record.village_code))

    def find(self, number: str) -> Record:
        """Return the one record whose content_id begins with `number`.

        Raises:
            UsageError: None or several begin so, or fewer than six digits are given.
        """
        asked = number.strip().casefold()
        found = [record for record in self.events() if record.content_id.startswith(asked)]
        if len(found) == 1 and len(asked) >= _NUMBER_MIN:
            return found[0]
        raise UsageError(
            Text(
                f"Nomor catatan '{number}' cocok dengan {len(found)} catatan.",
                f"The record number '{number}' fits {len(found)} records.",
            ),
            hint=Text(
                f"Beri sekurang-kurangnya {_NUMBER_MIN} angka dari 'blankspot track history'.",
                f"Give at least {_NUMBER_MIN} digits as 'blankspot track history' shows them.",
            ),
        )

    def effective(
        self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None
    ) -> tuple[Record, ...]:
        """Return what counts, in the order it happened: corrections and settlements applied, withdrawn records left out.

        Args:
            as_of: Only what happened by this day.
            known_on: Only what was recorded by the end of this day (or by this moment).
        """
        return tuple(self._seen(as_of, known_on).records)

    def folded(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> State:
        """Return the state that the events add up to, as a value."""
        until = None if as_of is None else day_of(as_of)
        kept = self._kept(until) if known_on is None else None
        return add_up(self._seen(until, known_on).found, as_of=until) if kept is None else kept.state()

    def state(
        self,
        as_of: dt.date | None = None,
        known_on: dt.date | dt.datetime | None = None,
        *,
        year: int | None = None,
    ) -> pd.DataFrame:
        """Return one row per case: where it stands, since when, by whom; see `frames.STATE_COLUMNS`.

        Args:
            as_of: Only what happened by this day.
            known_on: Only what was recorded by the end of this day (or by this moment).
            year: `year` and `is_target` speak of this year's target list; of the latest that names the village if not given.
        """
        until = None if as_of is None else day_of(as_of)
        kept = self._kept(until) if known_on is None else None
        return state_frame(self.folded(until, known_on), year=year) if kept is None else kept.frame(year=year)

    def targets(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return one row per entry of every target list; see `frames.TARGET_COLUMNS`."""
        return targets_frame(self.folded(as_of, known_on))

    def target_rule(
        self, year: int, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None
    ) -> TargetRule:
        """Return by which rule a village of a year's list counts as done."""
        until, known_until = None if as_of is None else day_of(as_of), self._known_until(known_on)
        written = [
            record
            for record in self._store.about([f"target:{year}"])
            if known_until is None or record.recorded_at < known_until
        ]
        return rule_of(Seen(effective(distinct(written)), until).records, year)

    def notes(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return one row per note: constraint, follow-up, owner, due day, and whether it is open; see `frames.NOTE_COLUMNS`."""
        return notes_frame(self.effective(as_of, known_on))

    def money(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return one row per amount realised, in rupiah; see `frames.MONEY_COLUMNS`."""
        seen = self._seen(as_of, known_on)
        return money_frame(seen.records, add_up(seen.found, as_of=seen.as_of))

    def letters(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return one row per letter; see `frames.LETTER_COLUMNS`."""
        return letters_frame(self.effective(as_of, known_on))

    def conflicts(self, as_of: dt.date | None = None, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return what waits for a decision after a merge; see `frames.CONFLICT_COLUMNS`."""
        seen = self._seen(as_of, known_on)
        return conflicts_frame(add_up(seen.found, as_of=seen.as_of), seen.found)

    def changes(self, earlier: View, later: View = View()) -> pd.DataFrame:  # noqa: B008 - an immutable value
        """Return what differs between two views of the ledger, one row per change; see `changes.changes`.

        Args:
            earlier: The view to compare with, e.g. `View(as_of=dt.date(2022, 9, 30))`.
            later: The view to explain; everything known now if not given.
        """
        return changes(self._seen(*earlier), self._seen(*later))

    def timeline(self, known_on: dt.date | dt.datetime | None = None) -> pd.DataFrame:
        """Return how every village stood from which day on, over all days; see `timeline.timeline`."""
        return timeline(self._seen(None, known_on).found)

    def progress(
        self,
        *,
        year: int,
        as_of: dt.date | None = None,
        by: By | None = None,
        known_on: dt.date | dt.datetime | None = None,
        villages: pd.DataFrame | None = None,
    ) -> Progress:
        """Measure the progress against the target list of `year` as of a day (today if not given).

        Args:
            year: Year of the target list.
            as_of: The day.
            by: Also per partner, district, regency, funding source, quarter of the year, or year's list.
            known_on: As it was known at the end of this day (or at this moment).
            villages: Names the districts and regencies: a frame with village_code, district and regency.

        Raises:
            UsageError: `year` is no year, `by` no grouping, or a day is no date.
        """
        try:
            dt.date(year, 1, 1).replace(year=year + 1)
        except (TypeError, ValueError, OverflowError):
            told = Text(f"Tahun {year!r} bukan tahun, misalnya 2022.", f"The year {year!r} is no year, such as 2022.")
            raise UsageError(told) from None
        if by is not None and by not in BYS:
            told = Text(f"Pengelompokan {by!r} tidak dikenal.", f"The grouping {by!r} is not known.")
            raise UsageError(told, hint=Text(f"Pilih: {', '.join(BYS)}.", f"Choose: {', '.join(BYS)}."))
        day = self.today if as_of is None else day_of(as_of)
        seen = self._seen(None, known_on) if by == "quarter" else None

        def state_at(when: dt.date) -> State:
            return self.folded(when, known_on) if seen is None else add_up(seen.found, as_of=when)

        return measure(
            state_at,
            year=year,
            as_of=day,
            rule_of=lambda listed: self.target_rule(listed, day, known_on),
            by=by,
            names=place_names(villages),
            partners=self.partners,
        )

    def plan_import(
        self,
        frame: pd.DataFrame,
        *,
        mapping: Mapping[str, str] | None = None,
        villages: pd.DataFrame | None = None,
        allow_skips: bool = False,
        lang: Lang | None = None,
        confirmed: Mapping[str, str] | None = None,
    ) -> ImportPlan:
        """Say what importing a list would append, and which of its rows are refused; see `imports.plan_import`."""
        return plan_import(
            frame,
            self.events(),
            today=self.today,
            mapping=mapping,
            villages=villages,
            allow_skips=allow_skips,
            lang=lang or self._settings.language,
            zone=self._settings.zone,
            partners=self.partners,
            confirmed=confirmed,
            settings=self._settings,
        )

    def merge(self, other: Ledger | str | Path) -> Merge:
        """Take all records of another ledger into this one: all of them, or none; see `merging`.

        Args:
            other: The ledger, or its address; it is only read.

        Raises:
            LedgerError: There is no such ledger, one of its chains is broken, or a database refuses. Nothing was taken in.
        """
        if not isinstance(other, Ledger):
            with Ledger.open(other, create=False, clock=self._clock, settings=self._settings) as opened:
                return self.merge(opened)
        own = {self.origin, self._store.fact(_ORIGIN) or self.origin}
        merged = merge(self._store, other._store, own=own)  # noqa: SLF001 - another ledger's own
        if merged.new_records >= _SNAPSHOT_EVERY:
            self._snapshot_if_possible()
        return merged

    def audit(self) -> Audit:
        """Check every record against its content and its origin's chain, and what was kept of them against a fresh fold."""
        records = self._store.read()
        kept = self._store.snapshot(_SNAPSHOT)
        return audit(records, snapshot=None if kept is None else thaw(kept))

    def snapshot(self) -> None:
        """Keep what everything on record adds up to, so that the next view of today need not add it up again.

        Done by itself whenever many records have come in since the last time.

        Raises:
            LedgerError: The ledger cannot be written.
        """
        content = freeze(take(self._store.read()))
        with self._store.writing() as writer:
            writer.keep(_SNAPSHOT, content)

    def _snapshot_if_possible(self) -> None:
        """Keep a snapshot after a batch that is committed: nobody is told that nothing was recorded because a cache is not."""
        with suppress(LedgerError):
            self.snapshot()

    def _kept(self, as_of: dt.date | None) -> Kept | None:
        """Return what was kept, brought up by what came since; None if a past day is meant, or nothing fits."""
        content = self._store.snapshot(_SNAPSHOT)
        kept = None if content is None else thaw(content)
        since = None if kept is None else self._store.since(kept.covers)
        if kept is None or since is None or (as_of is not None and as_of < max(kept.latest, latest_day(since))):
            return None
        touched = frozenset(record.case_id for record in since) | kept.doubtful
        fresh = add_up(effective(distinct(self._store.about(touched))))
        return Kept(snapshot=kept, touched=touched, fresh=fresh)

    def digest(self) -> str:
        """Return eight hexadecimal digits that change whenever anything is appended."""
        return self._store.digest()

    def _seen(self, as_of: dt.date | None, known_on: dt.date | dt.datetime | None) -> Seen:
        """Return a view; what counts of all that is known is worked out once for as long as nothing is recorded."""
        until = None if as_of is None else day_of(as_of)
        known_until = self._known_until(known_on)
        asked = (tuple(sorted(self._store.ends().items())), known_until)
        counted = self._counted  # another thread may ask for another view meanwhile
        if counted is None or counted[0] != asked:
            self._counted = counted = asked, effective(distinct(self._store.read(known_until=known_until)))
        return Seen(counted[1], until)

    def _known_until(self, known_on: dt.date | dt.datetime | None) -> dt.datetime | None:
        if known_on is None:
            return None
        try:
            if isinstance(known_on, dt.datetime):
                aware = known_on if known_on.tzinfo else known_on.replace(tzinfo=self._settings.zone)
                return aware + dt.timedelta(microseconds=1)
            return dt.datetime.combine(day_of(known_on) + dt.timedelta(days=1), dt.time(), tzinfo=self._settings.zone)
        except OverflowError:
            return None  # the end of all days: everything is known by then


def _event(given: object) -> Event:
    if not isinstance(given, Event):
        raise UsageError(
            Text(f"{type(given).__name__} bukan kejadian.", f"A {type(given).__name__} is no event."),
            hint=Text("Beri blankspot.Event, satu atau beberapa.", "Give a blankspot.Event, one or several."),
        )
    return given

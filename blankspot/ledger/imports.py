"""A handling list against the ledger: what it would append, what it only repeats, and which rows are refused and why.

Rows in = new + unchanged + refused. The order of the rows never matters: events are put into the order in which they happened
before they are judged. A row that says nothing new about a move on record is unchanged, even if it says less than the record
does, so that bringing a list in again appends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot.check import Review, remark_claims
from blankspot.errors import BlankspotError
from blankspot.ledger.effective import effective
from blankspot.ledger.events import FIELDS, INTERNET_TYPES, Event
from blankspot.ledger.fold import Case, cases_after
from blankspot.ledger.headings import folded, happenings, is_list, kind_of, mapped, unread_columns
from blankspot.ledger.judge import sequence
from blankspot.ledger.lists import CONTRADICTION, unfold
from blankspot.ledger.naming import check_codes, name_villages, note_other_names
from blankspot.ledger.partners import Partners
from blankspot.ledger.places import Places, read_positions, review_places
from blankspot.ledger.workflow import TARGET_KINDS
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.words import LABELS, Lang, Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from blankspot.ledger.events import Record, Value

_TABLE: Final = "handling"
_PROSE: Final = ("evidence", "document", "reason", "note")
_MOVE_FIELDS: Final = tuple(name for name in TABLES[_TABLE].columns if name in FIELDS and name != "year")
_TARGET_FIELDS: Final = ("year", "document", "reason", "note")
_PROPOSAL_FIELDS: Final = ("channel", "proposer", "lon", "lat")  # of the kind `proposed` alone
_Key = tuple[str, str, "dt.date", "Value | None"]
Fault = tuple[str, str, Text]


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """What importing a list would do; nothing has been done yet.

    Attributes:
        new_events: To append, in the order in which they happened.
        unchanged: How many rows only repeat what is on record.
        rejects: Refused rows, columns `check.REJECT_COLUMNS`.
        rows_in: How many rows were read; of a list with one row per village, how many moves it holds.
        origins: File and row of each new event.
        unread: Headings of the columns that nothing was taken from.
    """

    new_events: tuple[Event, ...]
    unchanged: int
    rejects: pd.DataFrame
    rows_in: int
    origins: tuple[tuple[str, int], ...]
    unread: tuple[str, ...] = ()

    @property
    def rows_rejected(self) -> int:
        """How many rows are refused."""
        return self.rows_in - self.unchanged - len(self.new_events)


def plan_import(
    frame: pd.DataFrame,
    records: Sequence[Record],
    *,
    today: dt.date,
    mapping: Mapping[str, str] | None = None,
    villages: pd.DataFrame | None = None,
    allow_skips: bool = False,
    lang: Lang = "id",
    zone: ZoneInfo | None = None,
    partners: Partners | None = None,
    confirmed: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> ImportPlan:
    """Compare a list with what is on record.

    Args:
        frame: One row per happening, or a planner's list with one row per village, under its own headings or the names of the
            table `handling` (see `headings`). `source_file` and `source_row` say where each row comes from.
        records: Everything on record, distinct, in chronological order.
        today: Later days are refused.
        mapping: Our column names to the table's; "=text" stands for a constant.
        villages: A frame with village_code; codes that are not in it are refused. Without it only their form is checked. With
            village_name a name in place of a code proposes its candidates, with geometry the positions of proposals are judged.
        allow_skips: Let moves pass over stages that are not on record; each says so in the ledger. A planner's list always may.
        lang: Language of the reasons.
        zone: Zone of moments that carry none.
        partners: Who is known; those known everywhere if not given.
        confirmed: Names of desa that somebody has confirmed, with the code that each means.
        settings: The tolerance at borders; the defaults if not given.

    Raises:
        SourceError: A column that is needed or mapped is not there.
    """
    frame = mapped(frame, mapping or {})
    unread = unread_columns(frame.columns)
    listed = is_list(frame.columns)
    names_known = villages is not None and "village_name" in villages
    frame = (unfold if listed else happenings)(frame, names_known=names_known)
    review = _review(frame, lang)
    _translate(review)
    name_villages(review, villages, confirmed or {})
    _leave_to_proposals(review)
    read_positions(review)
    review.conform(TABLES[_TABLE], zone=zone)
    _check_rows(review, villages, today)
    note_other_names(review, villages)
    remark_claims(review, _PROSE)
    review_places(review, Places(villages, tolerance_m=(settings or load_settings()).proposals.border_tolerance_m))
    _note_partners(review, partners or Partners.default())
    _name_cases(review)
    events, faults = _events(review)
    review.reject_each(faults)
    unchanged, fresh, faults = _compared(events, records)
    review.reject_each(faults)
    places = list(fresh)
    judged = sequence([fresh[place] for place in places], records, today=today, allow_skips=allow_skips or listed)
    refused = {places[one.given]: one.refusal for one in judged if one.refusal is not None}
    review.reject_each({place: (it.column, it.rule, _joined(it.what, it.hint)) for place, it in refused.items()})
    accepted = [one for one in judged if one.refusal is None]
    return ImportPlan(
        new_events=tuple(one.event for one in accepted),
        unchanged=unchanged,
        rejects=review.finish().rejects,
        rows_in=len(review.frame),
        origins=tuple(_origin(frame, places[one.given]) for one in accepted),
        unread=unread,
    )


def _review(frame: pd.DataFrame, lang: Lang) -> Review:
    source = frame["source_file"].fillna("") if "source_file" in frame else ""
    row = frame.get("source_row")
    return Review(
        frame.drop(columns=["source_file", "source_row"], errors="ignore"),
        table=_TABLE,
        source=source,
        row=row,
        lang=lang,
    )


def _origin(frame: pd.DataFrame, place: int) -> tuple[str, int]:
    name = str(frame["source_file"].iloc[place]) if "source_file" in frame else ""
    return name, int(frame["source_row"].iloc[place]) if "source_row" in frame else place + 1


def _translate(review: Review) -> None:
    """Replace readers' labels by identifiers; what is not known stays and is refused by the schema."""
    frame = review.frame
    if "event" in frame:
        known = {label: kind_of(str(label)) or label for label in frame["event"].dropna().unique()}
        frame["event"] = frame["event"].map(known, na_action="ignore")
    for name in ("intervention_type", "funding_source"):
        if name in frame:
            words = {folded(word): key for key, label in LABELS[name].items() for word in (key, label.id, label.en)}
            known = {label: words.get(folded(str(label)), label) for label in frame[name].dropna().unique()}
            frame[name] = frame[name].map(known, na_action="ignore")


def _check_rows(review: Review, villages: pd.DataFrame | None, today: dt.date) -> None:
    frame = review.frame
    if "fault" in frame:
        review.reject(
            frame["fault"] == CONTRADICTION,
            column="event",
            rule=CONTRADICTION,
            message=Text(
                "Statusnya '{value}', tetapi ada tanggal untuk tahap sesudahnya.",
                "The status is '{value}', but a later stage has a day.",
            ),
        )
    check_codes(review, villages)
    review.reject(
        frame["happened_on"] > pd.Timestamp(today),
        column="happened_on",
        rule="date_in_future",
        message=Text(
            f"Tanggalnya belum tiba (hari ini {date_text(today)}).",
            f"The day has not come yet (today is {date_text(today, lang='en')}).",
        ),
    )


def _leave_to_proposals(review: Review) -> None:
    """Take what only a proposal says off all other rows: a list may carry the place of its desa in every row."""
    frame = review.frame
    others = (
        frame["event"].astype("str").ne("proposed") if "event" in frame else pd.Series(data=True, index=frame.index)
    )
    for name in _PROPOSAL_FIELDS:
        if name in frame:
            frame[name] = frame[name].mask(others)


def _note_partners(review: Review, partners: Partners) -> None:
    """Remark on names that are nearly those of a known partner, once per spelling."""
    frame = review.frame[review.alive]
    for name, rows in frame.dropna(subset=["partner"]).groupby("partner", sort=False):
        near = partners.near(str(name))
        if near:
            listed = Text(" atau ".join(near), " or ".join(near))
            message = Text(
                f"Mitra '{{value}}' tidak dikenal ({len(rows)} baris); mungkin maksudnya {listed.id}? Dicatat seperti tertulis.",
                f"The partner '{{value}}' is not known ({len(rows)} rows); perhaps {listed.en} is meant? Recorded as written.",
            )
            review.remark(int(rows.index[0]), column="partner", rule="partner_near", message=message)


def _name_cases(review: Review) -> None:
    """Name the case of rows that leave it open: what is built decides, so that an internet point ends no cellular blankspot.

    A row that does not say what is built goes with the other rows of its village where these all build internet points.
    """
    frame = review.frame
    open_rows = frame["case_id"].isna() & ~frame["event"].isin(TARGET_KINDS) & review.alive
    internet = open_rows & frame["intervention_type"].isin(INTERNET_TYPES)
    mobile = open_rows & frame["intervention_type"].notna() & ~internet
    only = set(frame["village_code"][internet]) - set(frame["village_code"][mobile])
    chosen = internet | (open_rows & ~mobile & frame["village_code"].isin(only))
    frame.loc[chosen, "case_id"] = frame["village_code"][chosen].str.strip() + ":internet"


def _events(review: Review) -> tuple[dict[int, Event], dict[int, Fault]]:
    """Make an event of every row that still stands, by its position; rows that cannot be one have a fault."""
    events: dict[int, Event] = {}
    faults: dict[int, Fault] = {}
    first: dict[str, int] = {}
    rows: list[dict[str, Any]] = review.frame.to_dict("records")  # type: ignore[assignment]  # keys are our columns
    for place, alive in enumerate(review.alive):
        if not alive:
            continue
        try:
            event = _event(rows[place])
        except BlankspotError as error:
            faults[place] = ("case_id", "case_unknown", _joined(error.what, error.hint or Text("", "")))
            continue
        if event.content_id in first:
            faults[place] = ("event", "duplicate_row", _DUPLICATE)
            continue
        first[event.content_id] = place
        events[place] = event
    for place in _less_told(events):
        faults[place] = ("event", "duplicate_row", _DUPLICATE)
        del events[place]
    return events, faults


def _less_told(events: dict[int, Event]) -> list[int]:
    """Return the rows that say of a move only what another row of the file says more fully."""
    alike: dict[_Key, list[int]] = {}
    for place, event in events.items():
        alike.setdefault(_key(event), []).append(place)
    return [
        place
        for places in alike.values()
        for place in places
        if any(events[place].fields.items() < events[other].fields.items() for other in places)
    ]


_DUPLICATE: Final = Text("Baris ini mengulang baris lain dalam berkas.", "This row repeats another row of the file.")


def _event(row: dict[str, Any]) -> Event:
    kind = row["event"]
    fields = {name: row[name] for name in (_TARGET_FIELDS if kind in TARGET_KINDS else _MOVE_FIELDS)}
    if not pd.isna(fields.get("year")):
        fields["year"] = int(fields["year"])
    return Event(
        kind=kind,
        village_code=row["village_code"],
        happened_on=row["happened_on"],
        case_id="" if pd.isna(row["case_id"]) else row["case_id"],
        fields=fields,
    )


def _compared(events: dict[int, Event], records: Sequence[Record]) -> tuple[int, dict[int, Event], dict[int, Fault]]:
    """Set apart what the ledger has: how many rows repeat it, which are new, which differ from it without being new.

    A row may repeat a record as it was written or as it was corrected since. One that repeats a withdrawn record has a fault:
    it would not count.

    Returns:
        The number of unchanged rows, the new events and the faults by position.
    """
    counting = effective(records).records
    standing = {record.content_id for record in counting}
    after = cases_after(records)
    known: dict[_Key, dict[int, Record]] = {}
    for record in (*counting, *records):
        known.setdefault(_key(record), {})[id(record)] = record
    fresh: dict[int, Event] = {}
    faults: dict[int, Fault] = {}
    unchanged = 0
    for place, event in events.items():
        there = list(known.get(_key(event), {}).values())
        differing = [_difference(event, record, after.get(record.content_id)) for record in there]
        repeated = [record for record, found in zip(there, differing, strict=True) if found is None]
        if any(record.content_id in standing for record in repeated):
            unchanged += 1
        elif repeated:
            faults[place] = ("event", "record_withdrawn", _WITHDRAWN)
        elif there and not event.is_target:
            faults[place] = _differs(differing[0] or "note", event, there[0])
        else:
            fresh[place] = event
    return unchanged, fresh, faults


_WITHDRAWN: Final = Text(
    "Kejadian ini pernah dicatat lalu dicabut; agar dihitung lagi, cabut pembetulan yang mencabutnya.",
    "This event was recorded and withdrawn; to let it count again, withdraw the correction that withdrew it.",
)


def _key(event: Event | Record) -> _Key:
    return event.case_id, event.kind, event.happened_on, event.fields.get("year")


def _difference(event: Event, record: Record, case: Case | None) -> str | None:
    """Return the first field in which a row differs from the record or from what its case had told before, None if none does.

    What the row leaves out is no difference.
    """
    told = {} if case is None or event.is_target else case._asdict()
    for name, value in event.fields.items():
        if record.fields.get(name, told.get(name)) != value:
            return name
    return None


def _differs(column: str, event: Event, record: Record) -> Fault:
    seen = record.fields.get(column)
    message = Text(
        f"Langkah ini sudah tercatat untuk kasus {event.case_id} pada hari yang sama dengan {column} "
        f"{'kosong' if seen is None else repr(seen)}; catatan tidak diubah.",
        f"This move of case {event.case_id} is on record for the same day with {column} "
        f"{'empty' if seen is None else repr(seen)}; a record is not changed.",
    )
    return column, "recorded_differently", message


def _joined(what: Text, hint: Text) -> Text:
    return Text(f"{what.id} {hint.id}".strip(), f"{what.en} {hint.en}".strip())

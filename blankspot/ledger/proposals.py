"""Proposals from Musrenbang, desa, kecamatan, residents and portals against the ledger: what to record, and what is ready to send.

Nothing is recorded whose place is in doubt: a position must lie in the desa that it is stated for, and a name in place of a code
waits until somebody confirms which desa is meant. A proposal without a position may be recorded, but is not ready to be
submitted; when its position is filled in later, a correction completes the record.

A desa that is proposed again is linked to the proposal that stands, and not counted twice; one that is on its way, handled
or decided is told so. Rows in = ready + incomplete + linked + under way + decided + waiting + refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.check import Review
from blankspot.ledger.naming import UNCONFIRMED, check_codes, name_villages, note_other_names
from blankspot.ledger.places import Places, read_positions, review_places
from blankspot.ledger.proposal_desk import Answer, Desk, Origin
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.words import LABELS, Lang, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from blankspot.ledger.events import Event, Record

STATUSES: Final[dict[str, Text]] = {
    "ready": Text("Siap diajukan", "Ready to submit"),
    "incomplete": Text("Belum siap diajukan", "Not ready to submit"),
    "linked": Text("Sudah diusulkan, ditautkan", "Proposed already, linked"),
    "under_way": Text("Sudah berjalan atau tertangani", "Under way or handled"),
    "decided": Text("Sudah diputus", "Decided already"),
    "waiting": Text("Menunggu konfirmasi nama", "Waiting for a name to be confirmed"),
    "refused": Text("Ditolak", "Refused"),
}
ROW_COLUMNS: Final = (
    "source_file", "source_row", "status", "recorded", "proposal_id", "proposed_on", "village_code", "village_name", "district",
    "regency", "province", "lon", "lat", "intervention_type", "channel", "proposer", "document", "message", "link",
)  # fmt: skip
SUBMISSION_COLUMNS: Final[dict[str, Text]] = {
    "village_code": Text("Kode desa", "Village code"),
    "village_name": Text("Desa/kelurahan", "Village"),
    "district": Text("Kecamatan", "District"),
    "regency": Text("Kabupaten/kota", "Regency"),
    "province": Text("Provinsi", "Province"),
    "lon": Text("Bujur", "Longitude"),
    "lat": Text("Lintang", "Latitude"),
    "intervention_type": Text("Jenis usulan", "Kind asked for"),
    "proposer": Text("Pengusul", "Proposer"),
    "channel": Text("Jalur", "Channel"),
    "proposed_on": Text("Tanggal usulan", "Day of the proposal"),
    "document": Text("Dokumen", "Document"),
}
_TABLE: Final = "proposals"
_PLACE_NAMES: Final = ("village_name", "district", "regency", "province")


@dataclass(frozen=True, kw_only=True)
class ProposalPlan:
    """What a list of proposals comes to; nothing has been recorded yet.

    Attributes:
        rows: One row per proposal in the order given, columns `ROW_COLUMNS`: its `status` (`STATUSES`), whether it is `recorded`
            already, `message` (why it is not ready, or what to look at), `link` (content_id of the record that it repeats, or
            file and row).
        new_events: To append: `proposed` events, and corrections that complete earlier ones.
        rejects: What was refused, repaired or noted, columns `check.REJECT_COLUMNS`.
        rows_in: How many proposals were given.
    """

    rows: pd.DataFrame
    new_events: tuple[Event, ...]
    rejects: pd.DataFrame
    rows_in: int

    @property
    def counts(self) -> dict[str, int]:
        """How many proposals have each status, all statuses named; they add up to `rows_in`."""
        found = self.rows["status"].value_counts()
        return {status: int(found.get(status, 0)) for status in STATUSES}

    def submission(self, lang: Lang = "id") -> pd.DataFrame:
        """Return the proposals that are ready, in the columns that portals such as BAKTI's ask for (`SUBMISSION_COLUMNS`).

        Kind and channel are written in words of `lang`; coordinates are rounded to six decimals, a tenth of a metre.
        """
        ready = self.rows[self.rows["status"] == "ready"].sort_values("village_code", kind="stable", ignore_index=True)
        told = ready[list(SUBMISSION_COLUMNS)].round({"lon": 6, "lat": 6})
        for name in ("intervention_type", "channel"):
            told[name] = told[name].map({key: word.of(lang) for key, word in LABELS[name].items()})
        return told


def plan_proposals(
    frame: pd.DataFrame,
    villages: pd.DataFrame | None,
    records: Sequence[Record],
    *,
    today: dt.date,
    lang: Lang = "id",
    confirmed: Mapping[str, str] | None = None,
    settings: Settings | None = None,
) -> ProposalPlan:
    """Compare a list of proposals with the borders and with what is on record.

    Args:
        frame: Columns of `schema.TABLES["proposals"]` as texts or typed, optional ones may be absent; `source_file` and
            `source_row` say where each row comes from.
        villages: village_code, names and geometry (EPSG:4326). Without geometry positions are only judged by Indonesia's bounds,
            without villages codes only by their form.
        records: Everything on record, in the order it happened (`Ledger.events()`).
        today: Later days are refused.
        lang: Language of the messages.
        confirmed: Names that somebody has confirmed, with the code that each means.
        settings: The tolerance at borders and the time zone; the defaults if not given.
    """
    settings = settings or load_settings()
    review, origins = _review(frame, lang)
    name_villages(review, villages, confirmed or {})
    check_codes(review, villages)
    read_positions(review)
    review.conform(TABLES[_TABLE], zone=settings.zone)
    note_other_names(review, villages)
    review_places(review, Places(villages, tolerance_m=settings.proposals.border_tolerance_m))
    alive = review.alive
    rows = {place: row for place, row in enumerate(review.frame.to_dict("records")) if alive[place]}
    answers, faults = Desk(records, today, lang).answer(rows, origins)
    review.reject_each(faults)
    rejects = review.finish().rejects
    return ProposalPlan(
        rows=_told(_with_names(review.frame, villages), origins, answers, rejects, lang),
        new_events=tuple(answer.event for answer in answers.values() if answer.event is not None),
        rejects=rejects,
        rows_in=len(review.frame),
    )


def _review(frame: pd.DataFrame, lang: Lang) -> tuple[Review, list[Origin]]:
    """Return the rows as they will be judged, and the file and row of each."""
    rows = frame.reset_index(drop=True)
    count = len(rows)
    for name in TABLES[_TABLE].columns:
        if name not in rows:
            rows[name] = pd.Series([None] * count, dtype="str")
    source = (
        rows["source_file"].fillna("").astype("str") if "source_file" in rows else pd.Series([""] * count, dtype="str")
    )
    number = (
        rows["source_row"].astype("int64") if "source_row" in rows else pd.Series(range(1, count + 1), dtype="int64")
    )
    bare = rows.drop(columns=["source_file", "source_row", "source_surplus"], errors="ignore")
    review = Review(bare, table=_TABLE, source=source, row=number, lang=lang)
    return review, list(zip(source.tolist(), number.tolist(), strict=True))


def _told(
    frame: pd.DataFrame,
    origins: Sequence[Origin],
    answers: Mapping[int, Answer],
    rejects: pd.DataFrame,
    lang: Lang,
) -> pd.DataFrame:
    """Return every proposal with what it comes to."""
    refused: dict[Origin, tuple[str, str]] = {}
    noted: dict[Origin, list[str]] = {}
    for one in rejects.itertuples(index=False):
        origin = (str(one.source), int(one.row))  # type: ignore[arg-type]  # declared as int64
        if one.severity == "rejected":
            refused[origin] = (str(one.rule), str(one.message))
        else:
            noted.setdefault(origin, []).append(str(one.message))
    told: list[tuple[str, bool, str, str]] = []
    for place, origin in enumerate(origins):
        answer = answers.get(place)
        if answer is None:
            rule, message = refused[origin]
            told.append(("waiting" if rule == UNCONFIRMED else "refused", False, message, ""))
        else:
            words = [answer.message.of(lang), *noted.get(origin, ())]
            told.append((answer.status, answer.recorded, " ".join(filter(None, words)), answer.link))
    said = pd.DataFrame(told, columns=["status", "recorded", "message", "link"]).astype(
        {"status": "str", "recorded": "bool", "message": "str", "link": "str"}
    )
    where = pd.DataFrame(origins, columns=["source_file", "source_row"])
    return pd.concat([where, frame.reset_index(drop=True), said], axis=1)[list(ROW_COLUMNS)]


def _with_names(rows: pd.DataFrame, villages: pd.DataFrame | None) -> pd.DataFrame:
    """Give each row the official names of its desa; what the list wrote stays where nothing knows them."""
    known = pd.DataFrame(villages).set_index("village_code") if villages is not None else pd.DataFrame()
    named = rows.copy()
    for name in _PLACE_NAMES:
        written = named[name] if name in named else pd.Series([None] * len(named), index=named.index, dtype="str")
        official = named["village_code"].map(known[name]) if name in known else written
        named[name] = official.astype("str").where(official.notna(), written)
    return named

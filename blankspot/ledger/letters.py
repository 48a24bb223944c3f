"""Letters in the ledger: their numbers, the event that each leaves, and what a letter quotes of the handling.

A number is the office's own and is never rewritten; only what cannot be a number is refused. It stands for one letter: used
again for something else, it is refused, and the message says what it was used for. The same letter made again is on record
already. Numbers that differ only in case or blanks are the same number.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.errors import LedgerError, UsageError
from blankspot.ledger.events import Event
from blankspot.ledger.refusals import in_future
from blankspot.ledger.workflow import DONE
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from blankspot.ledger.events import Record
    from blankspot.ledger.progress import Standing

KINDS: Final[dict[str, Text]] = {
    "request": Text("surat permohonan", "request"),
    "invitation": Text("surat undangan", "invitation"),
    "minutes": Text("berita acara", "minutes"),
}
DECIDED: Final = ("approved", "assigned")
DECISION_COLUMNS: Final = {
    "case_id": "str",
    "village_code": "str",
    "kind": "str",
    "decided_on": "datetime64[us]",
}
_NUMBER_MAX: Final = 80
_KEY_MAX: Final = 96
_NUMBER: Final = re.compile(r"[\w./()\-–:, ]+")
_PLACEHOLDER: Final = re.compile(r"[._…\-–\s]*")
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def check_number(number: str) -> str:
    """Return the number of a letter as it is to be written, which is as it was given, without blanks around it.

    Raises:
        UsageError: It cannot be a number: empty, without a digit, several lines, too long, with signs that no number has, or
            with a part that was left to fill in ("500.8/…/2022").
    """
    bare = number.strip()
    if re.search(r"\d", bare) and any(_PLACEHOLDER.fullmatch(part) for part in bare.split("/")):
        raise UsageError(
            Text(
                f"Nomor surat '{bare}' masih memuat bagian yang kosong.",
                f"The letter number '{bare}' has a part that was left empty.",
            ),
            hint=Text(
                "Isi nomor dari agenda surat keluar.", "Fill in the number from the register of outgoing letters."
            ),
        )
    if not bare or len(bare) > _NUMBER_MAX or not _NUMBER.fullmatch(bare) or not re.search(r"\d", bare):
        raise UsageError(
            Text(f"'{bare}' tidak dapat menjadi nomor surat.", f"'{bare}' cannot be the number of a letter."),
            hint=Text(
                f"Tulis seperti 500.8/123/Diskominfo/2022: huruf, angka, titik, garis miring; paling panjang {_NUMBER_MAX} tanda.",
                f"Write it like 500.8/123/Diskominfo/2022: letters, digits, points, slashes; at most {_NUMBER_MAX} signs.",
            ),
        )
    return bare


def number_of_another_year(number: str, day: dt.date) -> str:
    """Return the year that a number ends with where it is not the letter's own, "" if there is nothing to wonder about."""
    years = _YEAR.findall(number.rpartition("/")[2])
    return "" if not years or str(day.year) in years else str(years[-1])


def letter_key(number: str) -> str:
    """Return the key under which the ledger keeps a number: case and blanks do not count, all else does.

    "500.8/123/Diskominfo/2022" gives "500.8~123~diskominfo~2022"; a sign that a key cannot have becomes "~~" and its code.
    """
    folded = "".join(check_number(number).casefold().split())
    signs = ("~" if sign == "/" else sign if re.fullmatch(r"[\w.-]", sign) else f"~~{ord(sign):x}~" for sign in folded)
    key = "".join(signs)
    if len(key) <= _KEY_MAX:
        return key
    return f"{key[: _KEY_MAX - 17]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def letter_event(
    kind: str,
    number: str,
    on: dt.date,
    *,
    partner: str = "",
    villages: Iterable[str] = (),
    document: str = "",
    topic: str = "",
) -> Event:
    """Return the event that a letter leaves.

    Args:
        kind: request, invitation or minutes.
        number: The office's number.
        on: The day of the letter.
        partner: To whom it goes.
        villages: Codes of the villages it lists; kept once each, in order.
        document: Name of the file.
        topic: What it is about.

    Raises:
        UsageError: The number cannot be one, or no village is listed.
    """
    codes = sorted(set(villages))
    if not codes:
        raise UsageError(
            Text(
                "Surat ini tidak memuat satu desa pun; tidak dibuat.", "This letter would list no desa; it is not made."
            ),
            hint=Text(
                "Longgarkan pilihan desa, tahap, kecamatan, tahun, atau periodenya.",
                "Widen the choice of villages, stages, district, year or period.",
            ),
        )
    fields = {
        "number": check_number(number),
        "letter_kind": kind,
        "partner": partner,
        "villages": " ".join(codes),
        "document": document,
        "topic": topic,
    }
    return Event(kind="letter", happened_on=on, case_id=f"letter:{letter_key(number)}", fields=fields)


def on_record(event: Event, records: Sequence[Record], *, counting: Iterable[Record], today: dt.date) -> bool:
    """Tell whether this very letter is on record already.

    Args:
        event: As `letter_event` gives it.
        records: What is on record, as `Ledger.events` gives it.
        counting: What counts of it, as `Ledger.effective` gives it.
        today: The present day.

    Raises:
        LedgerError: The number was used for another letter, this letter was withdrawn, or its day has not come yet.
    """
    if event.happened_on > today:
        refusal = in_future(event, today)
        raise LedgerError(refusal.what, hint=refusal.hint)
    same = any(record.content_id == event.content_id for record in records)
    used = next((one for one in counting if one.kind == "letter" and one.case_id == event.case_id), None)
    if used is None and not same:
        return False
    if used is None:
        raise LedgerError(
            Text(
                f"Surat nomor {event.fields['number']} pernah dicatat dengan isi yang sama lalu dicabut.",
                f"The letter {event.fields['number']} was recorded with the same content and then withdrawn.",
            ),
            hint=Text("Pakai nomor lain.", "Use another number."),
        )
    if same and used.content_id == event.content_id:
        return True
    raise LedgerError(_already_used(event, used), hint=Text("Pakai nomor lain.", "Use another number."))


def decisions(records: Iterable[Record], *, since: dt.date, until: dt.date) -> pd.DataFrame:
    """Return what was approved or assigned in a period, the last decision per case, columns `DECISION_COLUMNS`.

    A case that was reopened, rejected or put off later in the period is left out: that decision did not stand.

    Args:
        records: What counts, in the order it happened.
        since: First day of the period.
        until: Its last day.
    """
    found: dict[str, dict[str, object]] = {}
    for record in records:
        if not since <= record.happened_on <= until:
            continue
        if record.kind in ("reopened", "rejected", "deferred"):
            found.pop(record.case_id, None)
        elif record.kind in DECIDED:
            about = {"case_id": record.case_id, "village_code": record.village_code}
            found[record.case_id] = {**about, "kind": record.kind, "decided_on": record.happened_on}
    return pd.DataFrame(list(found.values()), columns=list(DECISION_COLUMNS)).astype(DECISION_COLUMNS)


def last_minutes(letters: pd.DataFrame, before: dt.date) -> dt.date | None:
    """Return the day of the last minutes before a day, None if there were none; `letters` as `Ledger.letters` gives them."""
    earlier = letters[(letters["letter_kind"] == "minutes") & (letters["letter_on"] < pd.Timestamp(before))]
    return None if earlier.empty else earlier["letter_on"].max().date()


def open_cases(state: pd.DataFrame, notes: pd.DataFrame, *, standing: Sequence[Standing] = ()) -> pd.DataFrame:
    """Return the cases that wait, with `constraint`: the latest open note's, else the reason of the last decision.

    Args:
        state: As `Ledger.state` gives it.
        notes: As `Ledger.notes` gives them.
        standing: How the villages of a target list stand (`progress.stand`): one case for each that is not done, so that the
            cases are as many as what remains of the list. Without it, every case of mobile coverage that is not handled.
    """
    if standing:
        furthest = {
            f"{one.village_code}:mobile" if one.case is None else one.case.case_id for one in standing if not one.done
        }
        waiting = state[state["case_id"].isin(furthest)]
    else:
        waiting = state[~state["stage"].isin(DONE) & (state["service"] == "mobile")]
    told = notes[notes["open"] & notes["constraint"].notna()].sort_values("noted_on", kind="stable")
    constraints = dict(zip(told["case_id"], told["constraint"], strict=True))
    given = [constraints.get(case, reason) for case, reason in zip(waiting["case_id"], waiting["reason"], strict=True)]
    return waiting.assign(constraint=pd.Series(given, index=waiting.index, dtype="str")).reset_index(drop=True)


def _already_used(event: Event, used: Record) -> Text:
    fields = used.fields
    kind = KINDS[str(fields["letter_kind"])]
    partner = str(fields.get("partner", ""))
    to = Text(f" kepada {partner}", f" to {partner}") if partner else Text("", "")
    count = len(str(fields.get("villages", "")).split())
    topic = str(fields.get("topic", ""))
    about = Text(f" tentang {topic}", f" about {topic}") if topic else Text("", "")
    return Text(
        f"Nomor {event.fields['number']} sudah dipakai untuk {kind.id}{to.id} tanggal {date_text(used.happened_on)}{about.id}, "
        f"dengan {count} desa.",
        f"The number {event.fields['number']} was used for a letter ({kind.en}{to.en}) of "
        f"{date_text(used.happened_on, lang='en')}{about.en}, with {count} desa.",
    )

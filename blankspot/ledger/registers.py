"""Whose indicator a record is about, once ledgers of several offices were merged.

Two offices may call an indicator the same: what is one name in each of their ledgers becomes one subject in the merged one. As
long as their figures agree, or lie in different periods, they are one register: an office that records on two machines sees one
table. Where they name different figures (or units) for one period, and neither was made knowing the other (a sheet that changes a figure names the figure
that it replaces), nobody can say that one of them is an update: each office then keeps a register of its own, and no figure hides
another. Copies of one office's ledger count as that office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from blankspot.ledger.events import Record, Value

Register = dict[str, "Record"]  # the definition under "", the figures under their period
SHARED: Final = ""
_KINDS: Final = ("indicator", "figure")
_COMPARED: Final = ("unit", "direction", "target", "realization", "budget_rp", "realized_rp", "waiting_rp")
_FORK: Final = "~"


def registers(records: Iterable[Record]) -> dict[str, dict[str, Register]]:
    """Return what holds of every indicator, by subject and office; `SHARED` where the offices do not contradict each other.

    Of several records of one office about one period the one recorded last holds.
    """
    about = sorted((record for record in records if record.kind in _KINDS), key=_recorded)
    known = {record.content_id: record for record in about}
    found: dict[str, dict[str, Register]] = {}
    for record in about:
        offices = found.setdefault(record.case_id, {})
        offices.setdefault(_office(record, known), {})[_period(record)] = record
    return {
        subject: offices if _contradict(offices) else {SHARED: _joined(offices)} for subject, offices in found.items()
    }


def own_register(offices: Mapping[str, Register], origin: str) -> Register:
    """Return the register that a sheet of the office `origin` goes on with: the shared one, else its own, which may be empty."""
    return offices.get(SHARED) or offices.get(origin.partition(_FORK)[0], {})


def _office(record: Record, known: Mapping[str, Record]) -> str:
    """Return whose the first record is that this one goes back to, step by step, by what each says it replaces."""
    seen = set()
    while record.content_id not in seen:
        seen.add(record.content_id)
        record = known.get(str(record.fields.get("refers", "")), record)
    return record.origin.partition(_FORK)[0]


def _contradict(offices: Mapping[str, Register]) -> bool:
    """Tell whether two offices name different values for what both of them name."""
    told: dict[tuple[str, str], Value] = {}
    for register in offices.values():
        for period, record in register.items():
            said = ((name, record.fields[name]) for name in _COMPARED if name in record.fields)
            if any(told.setdefault((period, name), value) != value for name, value in said):
                return True
    return False


def _joined(offices: Mapping[str, Register]) -> Register:
    joined: Register = {}
    for record in sorted((one for register in offices.values() for one in register.values()), key=_recorded):
        joined[_period(record)] = record
    return joined


def _period(record: Record) -> str:
    return str(record.fields.get("period", "")) if record.kind == "figure" else ""


def _recorded(record: Record) -> tuple[dt.datetime, int, str]:
    return record.recorded_at, record.seq, record.content_id

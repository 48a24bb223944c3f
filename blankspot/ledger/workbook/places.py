"""Which village and which case a row that was typed by hand means; what does not decide is refused with what it may mean.

A name never decides: "Sri Rahayu" may be Srirahayu, and the planner says so by typing the code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot import wilayah
from blankspot.ledger.events import GENERAL, INTERNET_TYPES
from blankspot.ledger.workbook.verdict import Fault
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from blankspot.ledger.workbook.verdict import Context, Row

_GENERAL_WORDS: Final = frozenset({"umum", GENERAL})
_SHOWN_MAX: Final = 5
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def village_of(row: Row, context: Context) -> str | Fault:
    """Return the code of the village that a new row names, or why it does not decide."""
    written = row.cells["village_code"]
    if written is None or _LETTERS.search(str(written)):
        name = str(written or row.cells["village_name"] or "")
        return _named(name, row, context)
    codes, faults = wilayah.normalise(pd.Series([str(written)]))
    if faults.notna().any():
        shown = wilayah.with_candidates(pd.Series([str(written)])).iloc[0]
        rule = str(faults.iloc[0])
        return Fault("village_code", rule, wilayah.FAULTS[rule].fill(value=shown))
    code = str(codes.iloc[0])
    if context.view.names and code not in context.view.names:
        return Fault(
            "village_code",
            "village_unknown",
            Text(f"Kode desa '{code}' tidak ada dalam data desa.", f"No village has the code '{code}'."),
        )
    return _agreeing(code, row, context)


def _named(name: str, row: Row, context: Context) -> Fault:
    district = row.cells.get("district")
    if not name or context.gazetteer is None:
        told = wilayah.FAULTS["code_missing"]
        return Fault(
            "village_code", "code_missing", Text(f"{told.id} Tulis kode desanya.", f"{told.en} Type the village code.")
        )
    match = context.gazetteer.match(name, district=None if district is None else str(district))
    if not match.candidates and district is not None:
        match = context.gazetteer.match(name)
    if not match.candidates:
        return Fault(
            "village_code",
            "village_unknown",
            Text(
                f"Tidak ada desa bernama '{name}'; tulis kode desanya.",
                f"No village is called '{name}'; type its code.",
            ),
        )
    listed = "; ".join(f"{one.name} ({one.code}, {one.district})" for one in match.candidates[:_SHOWN_MAX])
    return Fault(
        "village_code",
        "name_not_code",
        Text(
            f"Nama '{name}' mungkin berarti {listed}. Bila benar, tulis kodenya di kolom Kode desa.",
            f"The name '{name}' may mean {listed}. If so, type the code under Village code.",
        ),
    )


def _agreeing(code: str, row: Row, context: Context) -> str | Fault:
    """Refuse a code beside which another village is named."""
    named = row.cells.get("village_name")
    known = context.view.names.get(code, ("", ""))[0]
    if named is None or not known or wilayah.fold(str(named)) == wilayah.fold(known):
        return code
    return Fault(
        "village_name",
        "name_differs",
        Text(
            f"Kode {code} adalah desa {known}, bukan '{named}'. Betulkan kode atau namanya.",
            f"Code {code} is the village {known}, not '{named}'. Correct the code or the name.",
        ),
    )


def new_case_of(row: Row, context: Context) -> str | Fault:
    """Return the case that a new row of the handling sheet opens; what is built decides where the row leaves it open."""
    code = village_of(row, context)
    if isinstance(code, Fault):
        return code
    named = "" if row.cells["case_id"] is None else str(row.cells["case_id"])
    if ":" in named:
        return _whole(named, row)
    internet = row.cells["intervention_type"] in INTERNET_TYPES
    return f"{code}:{named or row.cells['service'] or ('internet' if internet else 'mobile')}"


def subject_of(row: Row, context: Context, opened: Collection[str], *, general: bool) -> str | Fault:
    """Return what a payment or a constraint is about.

    Args:
        row: The row.
        context: What it is judged against.
        opened: Cases that other rows of the workbook open.
        general: Whether it may be about no single village.
    """
    named = "" if row.cells["case_id"] is None else str(row.cells["case_id"])
    if general and named and not named[:1].isdigit():
        return GENERAL if named.casefold() in _GENERAL_WORDS else named
    if ":" in named:
        return _whole(named, row)
    code = village_of(row, context)
    if isinstance(code, Fault):
        return code
    cases = sorted({*context.view.begun.get(code, ()), *(case for case in opened if case.startswith(f"{code}:"))})
    if len(cases) > 1:
        return _ambiguous(code, cases)
    return cases[0] if cases else f"{code}:mobile"


def _whole(named: str, row: Row) -> str | Fault:
    """Return a case that is named in full, unless the row names another village."""
    written = row.cells["village_code"]
    if written in (None, named.partition(":")[0]):
        return named
    return Fault(
        "case_id",
        "case_differs",
        Text(f"Kasus '{named}' bukan kasus desa {written}.", f"Case '{named}' is not a case of village {written}."),
    )


def _ambiguous(code: str, cases: list[str]) -> Fault:
    listed = ", ".join(cases)
    return Fault(
        "case_id",
        "case_ambiguous",
        Text(
            f"Desa {code} punya beberapa kasus ({listed}); tulis yang mana di kolom Kasus.",
            f"Village {code} has several cases ({listed}); say which under Case.",
        ),
    )

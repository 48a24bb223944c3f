"""Which desa a row means that gives a name in place of a code, and which codes are none.

A name decides only inside one kecamatan, and only when it is written as the desa is (see `wilayah.match_village`). Anything softer, such
as "Sri Rahayu" for Srirahayu, proposes what may be meant and waits until somebody confirms it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from blankspot import wilayah
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blankspot.check import Review

UNCONFIRMED: Final = "village_name_unconfirmed"
_NAME: Final = re.compile(r"[^\W\d_]{2}")
_DIGITS_OF_A_CODE: Final = 6


def name_villages(review: Review, villages: pd.DataFrame | None, confirmed: Mapping[str, str]) -> None:
    """Find the code of rows that name their desa instead; refuse those whose name does not decide, as `UNCONFIRMED`.

    Args:
        review: `village_code` may hold a name; `village_name` and `district` are read where they are there.
        villages: village_code, village_name and optionally district; without names nothing is done.
        confirmed: Names that somebody has confirmed, with the code that each means.
    """
    if villages is None or "village_name" not in villages:
        return
    frame = review.frame
    if frame["village_code"].isna().all():  # a column that nobody filled in holds no text yet
        frame["village_code"] = frame["village_code"].astype("object")
    asked = frame[[name for name in ("village_code", "village_name", "district") if name in frame]]
    named = {place: row for place, row in enumerate(asked.to_dict("records")) if _name_of(row)}
    if not named:
        return
    gazetteer = wilayah.Gazetteer(pd.DataFrame(villages.drop(columns="geometry", errors="ignore")))
    said = {wilayah.name_key(name): code for name, code in confirmed.items()}
    faults: dict[int, tuple[str, str, Text]] = {}
    for place, row in named.items():
        name = _name_of(row)
        district = None if pd.isna(row.get("district")) else str(row["district"])
        match = gazetteer.match(name, district=district)
        code = said.get(wilayah.name_key(name)) or match.code
        frame.loc[place, "village_code"] = code or name
        if not code:
            faults[place] = ("village_code", UNCONFIRMED, _proposed_names(name, match.candidates))
    review.reject_each(faults)


def _name_of(row: Mapping[Any, Any]) -> str:
    """Return the name by which a row calls its desa where it gives no code, else ""."""
    written = "" if pd.isna(row["village_code"]) else str(row["village_code"]).strip()
    if not written:
        return "" if pd.isna(row.get("village_name")) else str(row["village_name"]).strip()
    is_name = _NAME.search(written) and sum(map(str.isdigit, written)) < _DIGITS_OF_A_CODE
    return written if is_name else ""


def _proposed_names(name: str, candidates: Sequence[wilayah.Candidate]) -> Text:
    if not candidates:
        return Text(
            f"'{name}' bukan kode desa, dan tidak ada desa bernama mirip. Isi kode desanya.",
            f"'{name}' is no village code, and no desa has a name like it. Fill in the code.",
        )
    listed = ", ".join(
        f"{one.name} ({one.code}{f', Kec. {one.district}' if one.district else ''})" for one in candidates
    )
    return Text(
        f"'{name}' bukan kode desa. Mungkin maksudnya: {listed}? Konfirmasikan, atau isi kode desanya.",
        f"'{name}' is no village code. Perhaps it means: {listed}? Confirm it, or fill in the code.",
    )


def check_codes(review: Review, villages: pd.DataFrame | None) -> None:
    """Bring codes to their one form; refuse what is none, with its candidates, and what is not among `villages`."""
    frame = review.frame
    written = frame["village_code"].astype("str").str.strip().where(frame["village_code"].notna())
    codes, faults = wilayah.normalise(written)
    for rule in sorted(faults.dropna().unique()):
        shown = wilayah.with_candidates(written)
        review.reject(faults == rule, column="village_code", rule=rule, message=wilayah.FAULTS[rule], value=shown)
    frame["village_code"] = codes.where(codes.notna(), written)
    if villages is not None:
        message = Text("Kode desa '{value}' tidak ada dalam data desa.", "No village has the code '{value}'.")
        strange = ~codes.isin(villages["village_code"])
        review.reject(strange, column="village_code", rule="village_unknown", message=message)


def note_other_names(review: Review, villages: pd.DataFrame | None) -> None:
    """Remark on rows whose code is one desa and whose name is another: one of the two is wrong."""
    if villages is None or "village_name" not in villages or "village_name" not in review.frame:
        return
    official = dict(zip(villages["village_code"], villages["village_name"], strict=True))
    for place in review.alive.nonzero()[0].tolist():
        code, written = review.frame["village_code"].iloc[place], review.frame["village_name"].iloc[place]
        name = official.get(code)
        if name is None or pd.isna(written) or wilayah.fold(str(written)) == wilayah.fold(str(name)):
            continue
        message = Text(
            f"Kode {code} adalah desa {name}, tetapi tertulis '{{value}}'; periksa mana yang benar.",
            f"The code {code} is {name}, but '{{value}}' is written; check which of the two is right.",
        )
        review.remark(place, column="village_name", rule="name_differs", message=message)

"""Which village a polygon is: reading its code, carrying it along a crosswalk, finding it by name, joining its parts.

The key is a Kemendagri code. Where the caller says that a file carries BPS numbers and gives no crosswalk, the key is
`bps:` and the number, which sorts, prefixes and joins like a code and cannot be taken for one of Kemendagri's. A polygon
without a code is found by name only when name and kecamatan decide; otherwise its reject lists the candidates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from blankspot.sources.coverage_faults import areas_m2
from blankspot.wilayah import (
    BPS_PREFIX,
    FAULTS,
    Gazetteer,
    apply_crosswalk,
    is_pseudo_village,
    name_key,
    normalise,
    village_type,
    with_candidates,
)
from blankspot.words import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blankspot.check import Review
    from blankspot.sources.boundary_dialects import Codes
    from blankspot.wilayah import Match

_SHOWN_MAX: Final = 5
_REMEDIES: Final = {
    "code_undotted": Text(
        " Nyatakan penomorannya: codes = 'bps' atau 'kemendagri_undotted'.",
        " Say which numbering it is: codes = 'bps' or 'kemendagri_undotted'.",
    ),
    "code_bps": Text(" Bila seluruh berkas begitu: codes = 'bps'.", " If the whole file is like this: codes = 'bps'."),
    "code_missing": Text(
        " Dengan code_list, desa dicari lewat nama di dalam kecamatannya.",
        " Given a code_list, villages are looked up by name in their kecamatan.",
    ),
}
_BY_NAME: Final = Text(
    "Kode {new} diambil dari nama di dalam kecamatannya.", "Code {new} found by its name in its kecamatan."
)
_NO_CODE: Final = Text(
    "Tanpa kode, dan nama tidak menentukan satu desa: {value}.",
    "No code, and the name does not decide on one village: {value}.",
)
_PSEUDO: Final = Text(
    "{value} bukan desa: akhiran 888 dan 999 menandai danau atau hutan.",
    "{value} is no village: suffixes 888 and 999 mark a lake or a forest.",
)
_BAD_BPS: Final = Text(
    "Kode BPS '{value}' tidak terbaca, dikosongkan.", "BPS code '{value}' is unreadable and left empty."
)
_SPLIT: Final = Text(
    "{value} mekar menjadi beberapa desa; satu poligon tidak dapat dibagi.",
    "{value} was split into several villages; one polygon cannot be divided.",
)
_UNLISTED: Final = Text(
    "Nomor BPS {value} tidak ada dalam tabel padanan.", "BPS number {value} is not in the crosswalk."
)
_CARRIED: Final = Text(
    "Kode {value} menjadi {new} menurut tabel padanan.", "Code {value} became {new} by the crosswalk."
)
_TWICE: Final = Text(
    "Kode {value} dipakai beberapa poligon dengan nama berbeda.",
    "Code {value} is used by several polygons of different names.",
)
_REPEATED: Final = Text(
    "Poligon desa {value} sama persis dengan baris lain.", "The polygon of {value} repeats another row."
)
_PART: Final = Text(
    "Bagian dari desa {value}; digabung ke baris lain.", "A part of village {value}; joined into another row."
)
_JOINED: Final = Text(
    "Desa {value} digabung dari beberapa poligon.", "Village {value} was joined from several polygons."
)
_TYPE_WORDS: Final = {"desa adat": "desa_adat", "desa_adat": "desa_adat", "desa": "desa", "kelurahan": "kelurahan"}


def judge_codes(review: Review, *, codes: Codes, gazetteer: Gazetteer | None) -> None:
    """Give every row its `village_code` (and `bps_code`), or reject it with the reason."""
    frame = review.frame
    named = frame.get("village_name", pd.Series("", index=frame.index, dtype="str")).fillna("")
    if codes == "bps":
        given = frame["bps_code"] if "bps_code" in frame else frame["village_code"]
        digits, faults = normalise(given, numbering="bps")
        keys = BPS_PREFIX + digits
    else:
        given = frame["village_code"]
        keys, faults = normalise(given, numbering="kemendagri" if codes == "kemendagri_undotted" else None)
    found = _found_by_name(review, faults == "code_missing", gazetteer)
    keys = keys.mask(found.notna(), found)
    faults = faults.mask(found.notna())
    frame["village_code"] = keys.mask(found.notna())
    review.repair(found.notna(), keys, column="village_code", rule="code_from_name", message=_BY_NAME, value=named)
    _reject_faults(review, given, faults, codes, named)
    if "bps_code" in frame or codes == "bps":
        _keep_bps(review, given if codes == "bps" else frame["bps_code"], listed=codes != "bps")
    pseudo = is_pseudo_village(
        frame["bps_code"] if "bps_code" in frame else pd.Series("", index=frame.index, dtype="str")
    )
    shown = frame.get("bps_code", frame["village_code"]) + " " + named
    review.reject(pseudo, column="bps_code", rule="pseudo_village", message=_PSEUDO, value=shown)


def carry_codes(review: Review, crosswalk: pd.DataFrame, *, codes: Codes) -> pd.Series:
    """Carry the keys along a crosswalk; returns which rows it merged with others."""
    frame = review.frame
    bps = codes == "bps"
    old = frame["bps_code"] if bps else frame["village_code"]
    carried = apply_crosswalk(old, crosswalk, numbering="bps" if bps else "kemendagri")
    parts = carried.groupby("row")["new_code"].size().to_numpy()
    review.reject((parts > 1) & review.alive, column="village_code", rule="crosswalk_split", message=_SPLIT, value=old)
    single = carried.drop_duplicates("row").set_index(frame.index)
    if bps:
        unlisted = single["kind"].isna()
        review.reject(unlisted, column="bps_code", rule="crosswalk_unlisted", message=_UNLISTED, value=old)
        frame["village_code"] = single["new_code"].mask(unlisted, frame["village_code"]).astype("str")
    else:
        changed = single["kind"].notna() & (single["new_code"] != old)
        review.repair(changed, single["new_code"], column="village_code", rule="crosswalk", message=_CARRIED)
    return (single["kind"] == "merge").fillna(value=False).astype(bool)


def join_parts(review: Review, *, merged: pd.Series) -> None:
    """Join the polygons of one code into the largest of them; refuse codes whose polygons disagree on the name."""
    frame = review.frame
    alive = review.alive
    groups = frame[alive].groupby("village_code", sort=False).indices
    rows = np.flatnonzero(alive)
    twice, repeated, part, kept = (np.zeros(len(frame), dtype=bool) for _ in range(4))
    shapes = np.asarray(frame["geometry"].to_numpy(), dtype=object).copy()
    for members in (rows[inside] for inside in groups.values() if len(inside) > 1):
        if not merged.iloc[members].any() and len(_names(frame, members)) > 1:
            twice[members] = True
            continue
        order = _speaking_first(frame, members, merged.to_numpy()[members], areas_m2(shapes[members]))
        same = _repeats(shapes[order])
        repeated[order[same]] = True
        part[order[~same][1:]] = True
        if (~same).sum() > 1:
            kept[order[0]] = True
            shapes[order[0]] = shapely.union_all(shapes[order[~same]])
    code = frame["village_code"]
    review.reject(twice, column="village_code", rule="duplicate_code", message=_TWICE)
    review.reject(repeated, column="village_code", rule="duplicate_row", message=_REPEATED)
    review.reject(part, column="geometry", rule="part_of_village", message=_PART, value=code)
    if "village_name" in frame:
        unsure = kept & merged.to_numpy() & _renamed(frame, kept | part)
        frame["village_name"] = frame["village_name"].mask(unsure)
    review.repair(kept, shapes, column="geometry", rule="parts_joined", message=_JOINED, value=code)


def give_types(review: Review) -> None:
    """Set `village_type`: what a Kemendagri code says, else what the file says in known words."""
    told = review.frame.get("village_type", pd.Series(np.nan, index=review.frame.index, dtype="str"))
    known = told.astype("str").str.casefold().str.strip().map(_TYPE_WORDS).astype("str")
    review.frame["village_type"] = village_type(review.frame["village_code"]).fillna(known)


def _reject_faults(review: Review, given: pd.Series, faults: pd.Series, codes: Codes, named: pd.Series) -> None:
    column = "bps_code" if codes == "bps" else "village_code"
    shown = with_candidates(given.where(faults.notna())).fillna(named)
    for rule in sorted(faults.dropna().unique()):
        remedy = _REMEDIES.get(rule, Text("", ""))
        message = Text(FAULTS[rule].id + remedy.id, FAULTS[rule].en + remedy.en)
        review.reject(faults == rule, column=column, rule=rule, message=message, value=shown)


def _found_by_name(review: Review, without: pd.Series, gazetteer: Gazetteer | None) -> pd.Series:
    """Return the codes of rows without one that their names decide; reject those whose names do not."""
    frame = review.frame
    decided: dict[int, str] = {}
    if gazetteer is None or "village_name" not in frame:
        return pd.Series(np.nan, index=frame.index, dtype="str")
    undecided = np.zeros(len(frame), dtype=bool)
    shown = np.full(len(frame), "", dtype=object)
    columns = [
        frame.get(name, pd.Series(np.nan, index=frame.index)) for name in ("village_name", "district", "regency")
    ]
    for at in np.flatnonzero(without.to_numpy(dtype=bool) & review.alive):
        name, district, regency = (None if pd.isna(column.iloc[at]) else str(column.iloc[at]) for column in columns)
        if name is None:
            continue
        match = gazetteer.match(name, district=district, regency=regency)
        if match.code is None:
            undecided[at], shown[at] = True, _shown(name, district, match)
        else:
            decided[int(at)] = match.code
    review.reject(undecided, column="village_code", rule="code_missing", message=_NO_CODE, value=shown)
    return pd.Series(decided, index=frame.index, dtype="str")


def _shown(name: str, district: str | None, match: Match) -> str:
    place = f"{name}, {district}" if district else name
    listed = [f"{one.code} {one.name}{', ' + one.district if one.district else ''}?" for one in match.candidates]
    more = "; …" if len(listed) > _SHOWN_MAX else ""
    return f"{place} ({'; '.join(listed[:_SHOWN_MAX])}{more})" if listed else place


def _keep_bps(review: Review, given: pd.Series, *, listed: bool) -> None:
    digits, _ = normalise(given, numbering="bps")
    review.frame["bps_code"] = given if listed else digits
    if listed:
        unread = given.notna() & digits.isna()
        review.repair(unread, digits, column="bps_code", rule="bps_code_unreadable", message=_BAD_BPS)
        review.frame["bps_code"] = digits


def _speaking_first(
    frame: pd.DataFrame, members: NDArray[np.intp], merged: NDArray[np.bool_], areas: NDArray[np.float64]
) -> NDArray[np.intp]:
    """Return the rows of one code, the one that speaks for it first, whatever the order in the file.

    A row that bore the code before any crosswalk speaks before one merged into it, a named one before one without a name,
    the larger polygon before the smaller.
    """
    told = frame.drop(columns=["geometry", "source_file", "source_row"]).iloc[members]
    unnamed = told["village_name"].isna().to_numpy() if "village_name" in told else np.zeros(len(members), dtype=bool)
    texts = told.astype("str").fillna("").agg("|".join, axis=1).to_numpy()
    return members[np.lexsort((texts, -areas, unnamed, merged))]


def _names(frame: pd.DataFrame, members: NDArray[np.intp]) -> set[str]:
    if "village_name" not in frame:
        return set()
    return {name_key(name) for name in frame["village_name"].iloc[members].dropna()}


def _renamed(frame: pd.DataFrame, joined: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which joined rows had parts of another name, so that none of them is surely the new village's."""
    spoken = frame[joined].dropna(subset=["village_name"])
    several = spoken["village_name"].map(name_key).groupby(spoken["village_code"]).nunique()
    return np.asarray(frame["village_code"].map(several).fillna(0).to_numpy() > 1, dtype=bool)


def _repeats(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which shapes have an equal one before them."""
    plain = shapely.normalize(shapes)
    return np.array([any(plain[at].equals_exact(plain[before]) for before in range(at)) for at in range(len(plain))])

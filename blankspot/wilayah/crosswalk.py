"""Codes change when villages split, merge or move; a crosswalk says how, and this page carries codes along it.

A table that contradicts itself is refused as a whole, because half a crosswalk would lose villages silently. Where one
code becomes several, all of them come back: which part a row belongs to is for the caller to decide from its position.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.errors import CodeError, UsageError
from blankspot.wilayah.codes import normalise
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.wilayah.codes import Numbering

KINDS: Final = ("recode", "split", "merge", "rename", "move", "status_change")
_SHARE_TOLERANCE: Final = 1e-6


def apply_crosswalk(codes: pd.Series, crosswalk: pd.DataFrame, *, numbering: Numbering = "kemendagri") -> pd.DataFrame:
    """Carry codes from one version (or numbering) to another.

    Args:
        codes: Village codes as `normalise` gives them.
        crosswalk: Columns old_code, new_code, kind (one of `KINDS`) and, for splits, optionally share (0–1 of the old
            unit that goes to the new one). Codes it does not list did not change.
        numbering: Numbering of `old_code`; new codes are always Kemendagri's.

    Returns:
        One row per pair of an input row and a new code, in input order: row (position in `codes`), old_code, new_code,
        kind (NaN where unchanged), share (1 unless split; NaN where a split states none). The shares of an input row
        add up to 1 wherever they are known.

    Raises:
        CodeError: The crosswalk contradicts itself: unknown kind, invalid code, a pair twice, several new codes without
            kind split, a split with one part only, shares that do not add up to 1.
    """
    table = _checked_crosswalk(crosswalk, numbering)
    asked = pd.DataFrame({"row": np.arange(len(codes)), "old_code": codes.to_numpy()})
    carried = asked.merge(table, on="old_code", how="left", sort=False).sort_values(["row", "new_code"], kind="stable")
    same = carried["new_code"].isna()
    carried["new_code"] = carried["new_code"].mask(same, carried["old_code"])
    carried["share"] = carried["share"].mask(same | (carried["kind"] != "split"), 1.0)
    return carried[["row", "old_code", "new_code", "kind", "share"]].reset_index(drop=True)


def _checked_crosswalk(crosswalk: pd.DataFrame, numbering: Numbering) -> pd.DataFrame:
    missing = [name for name in ("old_code", "new_code", "kind") if name not in crosswalk.columns]
    if missing:
        raise UsageError(
            Text(
                f"Tabel padanan tanpa kolom {', '.join(missing)}.", f"The crosswalk has no column {', '.join(missing)}."
            ),
            hint=Text("Kolomnya: old_code, new_code, kind, share.", "Its columns: old_code, new_code, kind, share."),
        )
    old, old_faults = normalise(crosswalk["old_code"], numbering=numbering if numbering == "bps" else None)
    new, new_faults = normalise(crosswalk["new_code"])
    share = crosswalk["share"] if "share" in crosswalk.columns else pd.Series(np.nan, index=crosswalk.index)
    table = pd.DataFrame(
        {"old_code": old, "new_code": new, "kind": crosswalk["kind"], "share": share.astype("float64")}
    )
    by_old = table.groupby("old_code")
    parts, splits = by_old["new_code"].transform("size"), table["kind"] == "split"
    total, stated = by_old["share"].transform("sum"), by_old["share"].transform("count")
    faults = {
        "code_malformed": old_faults.notna() | new_faults.notna(),
        "kind": ~table["kind"].isin(KINDS),
        "pair": table.duplicated(["old_code", "new_code"]),
        "several": (parts > 1) & ~splits,
        "part": splits & (parts == 1),
        "share": splits
        & (stated > 0)
        & ((stated < parts) | ((total - 1).abs() > _SHARE_TOLERANCE) | (table["share"] < 0)),
    }
    for what, mask in faults.items():
        if mask.any():
            raise _contradiction(what, crosswalk[mask.to_numpy()].iloc[0])
    return table


def _contradiction(what: str, row: pd.Series) -> CodeError:
    reasons = {
        "code_malformed": Text("kodenya tidak sah", "a code is not valid"),
        "kind": Text(
            f"jenisnya tidak dikenal; pilih: {', '.join(KINDS)}", f"its kind is unknown; choose: {', '.join(KINDS)}"
        ),
        "pair": Text("pasangan ini tertulis dua kali", "this pair is written twice"),
        "several": Text(
            "satu kode menjadi beberapa tanpa jenis split", "one code becomes several without the kind split"
        ),
        "part": Text(
            "pemekaran hanya menyebut satu bagian; sebutkan juga induknya bila tetap ada",
            "a split names one part only; name the parent too if it remains",
        ),
        "share": Text("bagiannya tidak berjumlah 1", "its shares do not add up to 1"),
    }
    pair = f"{row['old_code']} → {row['new_code']} ({row['kind']})"
    return CodeError(
        Text(f"Padanan {pair}: {reasons[what].id}.", f"Crosswalk {pair}: {reasons[what].en}."),
        hint=Text("Perbaiki tabel padanan.", "Correct the crosswalk."),
    )

"""How a village stands in its handling, as maps and map sheets tell it.

A village with several cases stands where the case that moved last stands. Only mobile coverage counts: an internet point
handles no blankspot, however well it works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

HANDLED: Final = frozenset({"handled", "verified_after"})


def latest_first(handling: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the mobile cases of the villages with these codes, village by village, the one that moved last first.

    Args:
        handling: State of the ledger, one row per case; `service` and `since` may be absent.
        codes: The villages, in the order in which their cases are wanted; each code once.

    Returns:
        The rows with a further column `_row`, the place of the village among `codes`.
    """
    row_of = {code: row for row, code in enumerate(codes)}
    at = handling["village_code"].map(lambda code: row_of.get(str(code).strip(), -1)).astype("int64")
    wanted = at >= 0
    if "service" in handling:
        wanted &= (handling["service"] != "internet").fillna(value=True)
    cases = handling[wanted].assign(_row=at[wanted])
    since = cases["since"] if "since" in cases else pd.Series(pd.NaT, index=cases.index)
    cases = cases.assign(_since=pd.to_datetime(since, errors="coerce"))
    return cases.sort_values(["_row", "_since"], ascending=[True, False], na_position="last", kind="stable")

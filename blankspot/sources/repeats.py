"""Rows that say the same twice, and rows that contradict each other under one key.

Of rows that are alike in every respect one stays. Rows that share a key but differ are all refused: nobody but the owner of the
list knows which one holds, and keeping the first would make the answer depend on the order of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.check import Review

_DUPLICATE: Final = Text("Baris yang sama sudah ada ({value}).", "The same row is there already ({value}).")
_CONFLICT: Final = Text(
    "Beberapa baris untuk {value} saling bertentangan; pilih satu.", "Several rows for {value} contradict; choose one."
)


def reject_repeats(review: Review, key: Sequence[str], *, content: Sequence[str]) -> None:
    """Refuse all but one of identical rows, and every row whose key is shared by a different row.

    Args:
        review: The rows.
        key: Columns that name a row; where one is empty the row has no key and is not judged.
        content: Columns that must agree, beside the key.
    """
    frame = review.frame
    keyed = frame[list(key)].notna().all(axis=1).to_numpy()
    rows = frame.loc[keyed & review.alive]
    ordered = rows.sort_values(["source_file", "source_row"], kind="stable")
    later = ordered.index[ordered.duplicated([*key, *content])]
    one_each = ordered.drop(index=later)
    contrary = one_each.index[one_each.duplicated(list(key), keep=False)]
    shared = one_each.loc[contrary, list(key)].drop_duplicates()
    contradicted = rows.index[rows.set_index(list(key)).index.isin(shared.set_index(list(key)).index)]
    for rule, index, message in (
        ("conflicting_rows", contradicted, _CONFLICT),
        ("duplicate", later, _DUPLICATE),
    ):
        mask = np.zeros(len(frame), dtype=bool)
        mask[index] = True
        review.reject(mask, column=key[0], rule=rule, message=message)

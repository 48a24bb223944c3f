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


def reject_identical(review: Review, content: Sequence[str]) -> None:
    """Refuse all but the first (by file and row) of rows that agree in every column of `content`."""
    rows = review.frame.loc[review.alive].sort_values(["source_file", "source_row"], kind="stable")
    mask = np.zeros(len(review.frame), dtype=bool)
    mask[rows.index[rows.duplicated(list(content))]] = True
    review.reject(mask, column=content[0], rule="duplicate", message=_DUPLICATE)


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
    one_each = ordered.drop_duplicates([*key, *content])
    shared = one_each.loc[one_each.duplicated(list(key), keep=False), list(key)].drop_duplicates()
    mask = np.zeros(len(frame), dtype=bool)
    mask[rows.index[rows.set_index(list(key)).index.isin(shared.set_index(list(key)).index)]] = True
    review.reject(mask, column=key[0], rule="conflicting_rows", message=_CONFLICT)
    again = np.zeros(len(frame), dtype=bool)
    again[ordered.index[ordered.duplicated([*key, *content])]] = True
    review.reject(again, column=key[0], rule="duplicate", message=_DUPLICATE)

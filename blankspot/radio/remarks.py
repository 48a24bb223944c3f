"""What the engine leaves out, assumes or doubts, as rows of the table that every door writes its rejects in.

`check` writes the same table when files are read; floors keep the two apart, so the columns stand here once more, and a
test holds them equal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from blankspot.words import Lang

COLUMNS: Final = ("table", "source", "row", "column", "rule", "value", "message", "severity")


class Remarks:
    """Collects remarks in the order they are made.

    Args:
        lang: Language of the messages.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._rows: list[dict[str, object]] = []

    def say(
        self,
        *,
        column: str,
        rule: str,
        message: Text,
        value: object = "",
        severity: Literal["rejected", "repaired", "noted"] = "noted",
        table: str = "services",
        source: str = "",
        row: int = 0,
    ) -> None:
        """Add one remark."""
        said = {"table": table, "source": source, "row": row, "column": column, "rule": rule}
        self._rows.append(said | {"value": shown(value), "message": message.of(self.lang), "severity": severity})

    def of_services(
        self,
        services: pd.DataFrame,
        mask: NDArray[np.bool_],
        *,
        column: str,
        rule: str,
        message: Text | Sequence[Text],
        severity: Literal["rejected", "noted"] = "rejected",
    ) -> None:
        """Add one remark for each service under a mask, named by its site, operator and technology.

        Args:
            services: Rows with site_id, operator, technology; source and source_row where they are known.
            mask: Which of them.
            column: The column that shows the fault.
            rule: Stable English identifier.
            message: One for all, `{value}` being what the column holds, or one for each row under the mask.
            severity: `noted` where it is no fault of the row.
        """
        hit = services[mask]
        texts = [message] * len(hit) if isinstance(message, Text) else message
        for row, text in zip(hit.to_dict("records"), texts, strict=True):
            value = shown(row.get(column))
            who = {name: shown(row.get(name)) or "?" for name in ("site_id", "operator", "technology")}
            name = " ".join(who.values())
            self.say(
                column=column,
                rule=rule,
                message=Text(*(f"{name}: {told.replace('{value}', value)}" for told in text)),
                value=value,
                severity=severity,
                source=shown(row.get("source")),
                row=_whole(row.get("source_row")),
            )

    def frame(self) -> pd.DataFrame:
        """Return the remarks, columns `COLUMNS`."""
        return as_frame(self._rows)


def as_frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Return remarks as a table of the columns and types that all rejects have."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(COLUMNS, "str") | {"row": "int64"})


def shown(value: object) -> str:
    """Write a value as it would be recognised in the source; "" where there is none."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    return f"{value:.10g}" if isinstance(value, (float, np.floating)) else str(value)


def _whole(value: object) -> int:
    return 0 if shown(value) == "" else int(float(shown(value)))

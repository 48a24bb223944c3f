"""Row-by-row judgement: every row that comes in leaves as accepted or as rejected, with its reason.

A reader puts a table into a `Review`, applies its rules in order, and takes a `Checked` out. The first rule that a row
breaks rejects it, so that rows in = rows accepted + rows rejected holds by construction and every rule can be counted. A
repair keeps the row, changes the value and is listed beside the rejects with severity `repaired`. A remark about the
table as a whole (a desa that has no polygon, an overlap that was measured) is listed with severity `noted`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from blankspot.claims import read_claims

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from zoneinfo import ZoneInfo

    import geopandas as gpd
    import pandera.pandas as pa
    from numpy.typing import NDArray

    from blankspot.words import Lang, Text

Severity = Literal["rejected", "repaired", "noted"]
REJECT_COLUMNS = ("table", "source", "row", "column", "rule", "value", "message", "severity")
_VALUE_LENGTH_MAX = 200
_PERCENT = "%|persen|percent"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What a reader returns.

    Attributes:
        accepted: The rows that passed, with the columns of the table's schema.
        rejects: One row per rejected input row, per repair and per remark; columns `REJECT_COLUMNS`. `row` counts as the
            source does: line 1 of a spreadsheet is its header, the first feature of a layer is 1.
        rows_in: How many rows of the main table were read.
        extra: Further tables that came with it, e.g. `extra["services"]` of sites.
        measures: Figures about the table as a whole, units in their names, e.g. `overlap_km2`.
        sources: One row per file: source, rows_in, rows_accepted.
    """

    accepted: Any
    rejects: pd.DataFrame
    rows_in: int
    extra: Mapping[str, pd.DataFrame] = field(default_factory=lambda: MappingProxyType({}))
    measures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    sources: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["source", "rows_in", "rows_accepted"]))

    @property
    def rows_rejected(self) -> int:
        """How many input rows were rejected."""
        return self.rows_in - len(self.accepted)

    def counts(self) -> pd.DataFrame:
        """Return how often each rule spoke: columns table, severity, rule, rows."""
        grouped = self.rejects.groupby(["table", "severity", "rule"], sort=True, dropna=False).size()
        return grouped.rename("rows").reset_index()


class Review:
    """Judge the rows of one table by rules applied in order.

    `frame` holds the current values (repairs show at once) and keeps its rows in input order; a rejected row stays in it
    until `finish`, but no later rule speaks about it.

    Args:
        frame: The rows, already under the schema's column names; an index is not kept.
        table: Name of the table, as in `schema.TABLES`.
        source: File each row came from: one name for all, or one per row.
        row: Number of each row in its source; 1, 2, 3 … if not given.
        lang: Language of the messages.
    """

    def __init__(
        self,
        frame: pd.DataFrame | gpd.GeoDataFrame,
        *,
        table: str,
        source: str | pd.Series = "",
        row: pd.Series | None = None,
        lang: Lang = "id",
    ) -> None:
        self.frame = frame.reset_index(drop=True)
        self.table = table
        self.lang = lang
        count = len(self.frame)
        self._source = (
            np.full(count, source, dtype=object) if isinstance(source, str) else source.to_numpy(dtype=object)
        )
        self._row = np.arange(1, count + 1) if row is None else row.to_numpy(dtype="int64")
        self._alive = np.ones(count, dtype=bool)
        self._entries: list[pd.DataFrame] = []

    @property
    def alive(self) -> NDArray[np.bool_]:
        """Which rows no rule has rejected so far."""
        return self._alive.copy()

    def reject(self, mask: Any, *, column: str, rule: str, message: Text, value: Any = None) -> int:
        """Reject the rows under `mask` that are still alive.

        Args:
            mask: Boolean per row.
            column: The column that shows the fault.
            rule: Stable English identifier of the rule, e.g. "value_out_of_range".
            message: Sentence for the reader; `{value}` is replaced by the value seen.
            value: Values to show instead of the column's current ones, one per row.

        Returns:
            How many rows were rejected.
        """
        hit = self._hit(mask)
        self._enter(hit, column=column, rule=rule, message=message, value=value, severity="rejected")
        self._alive &= ~hit
        return int(hit.sum())

    def reject_each(self, faults: Mapping[int, tuple[str, str, Text]]) -> int:
        """Reject single rows that are still alive, each for its own reason.

        Args:
            faults: Column, rule and sentence for the reader, by position of the row.

        Returns:
            How many rows were rejected.
        """
        hit = [position for position in sorted(faults) if self._alive[position]]
        if not hit:
            return 0
        entry = pd.DataFrame([faults[position][:2] for position in hit], columns=["column", "rule"])
        entry["message"] = [faults[position][2].of(self.lang) for position in hit]
        entry["value"] = [
            _show(self.frame[column].iloc[position]) if column in self.frame else ""
            for position, column in zip(hit, entry["column"], strict=True)
        ]
        origin = {"source": self._source[hit], "row": self._row[hit]}
        self._entries.append(entry.assign(**origin, table=self.table, severity="rejected"))
        self._alive[hit] = False
        return len(hit)

    def repair(self, mask: Any, new: Any, *, column: str, rule: str, message: Text, value: Any = None) -> int:
        """Replace the values of `column` under `mask` by `new` (one per row) and list the old ones.

        `message` may use `{value}` (the old value, or the one of `value` where given) and `{new}`.
        """
        hit = self._hit(mask)
        fresh = pd.Series(new, index=self.frame.index) if np.ndim(new) else pd.Series([new] * len(self.frame))
        self._enter(hit, column=column, rule=rule, message=message, value=value, severity="repaired", new=fresh)
        self.frame.loc[hit, column] = fresh[hit]
        return int(hit.sum())

    def note(
        self, *, column: str, rule: str, message: Text, value: object = "", source: str = "", row: int = 0
    ) -> None:
        """List a remark about the table as a whole, or about one `row` of a source that stays accepted."""
        first = str(self._source[0]) if len(self._source) else ""
        entry: dict[str, object] = {"table": self.table, "source": source or first, "row": row}
        entry |= {"column": column, "rule": rule, "value": _show(value), "severity": "noted"}
        entry["message"] = message.of(self.lang).replace("{value}", _show(value))
        self._entries.append(pd.DataFrame([entry]))

    def remark(self, place: int, *, column: str, rule: str, message: Text) -> None:
        """List a remark about the row at a position, which stays accepted; `message` may use `{value}`."""
        origin = {"source": str(self._source[place]), "row": int(self._row[place])}
        self.note(column=column, rule=rule, message=message, value=self.frame[column].iloc[place], **origin)  # type: ignore[arg-type]

    def conform(self, schema: pa.DataFrameSchema, *, zone: ZoneInfo | None = None) -> None:
        """Coerce every column to the schema and reject the rows that do not fit, one rule per failed check.

        Times without a zone are in `zone`.
        """
        from blankspot.schema import failures

        self.frame, found = failures(self.frame, schema, self._alive, zone=zone)
        for column, rule, rows, message, seen in found:
            mask = np.zeros(len(self.frame), dtype=bool)
            mask[rows] = True
            shown = np.full(len(self.frame), "", dtype=object)
            shown[rows] = seen
            self.reject(mask, column=column, rule=rule, message=message, value=shown)

    def finish(
        self, *, extra: Mapping[str, pd.DataFrame] | None = None, measures: Mapping[str, float] | None = None
    ) -> Checked:
        """Return the accepted rows (fresh index) and everything that was said about the others."""
        empty = pd.DataFrame(columns=list(REJECT_COLUMNS))
        rejects = pd.concat(self._entries, ignore_index=True)[list(REJECT_COLUMNS)] if self._entries else empty
        rejects = rejects.sort_values(["source", "row"], kind="stable", ignore_index=True)
        return Checked(
            accepted=self.frame[self._alive].reset_index(drop=True),
            rejects=rejects.astype(dict.fromkeys(REJECT_COLUMNS, "str") | {"row": "int64"}),
            rows_in=len(self.frame),
            extra=MappingProxyType(dict(extra or {})),
            measures=MappingProxyType(dict(measures or {})),
            sources=self._by_source(),
        )

    def _by_source(self) -> pd.DataFrame:
        rows = pd.DataFrame({"source": self._source, "rows_in": 1, "rows_accepted": self._alive.astype("int64")})
        return rows.groupby("source", sort=False, as_index=False)[["rows_in", "rows_accepted"]].sum()

    def _hit(self, mask: Any) -> NDArray[np.bool_]:
        asked = pd.Series(mask).fillna(value=False).to_numpy(dtype=bool)
        hit: NDArray[np.bool_] = asked & self._alive
        return hit

    def _enter(
        self,
        hit: NDArray[np.bool_],
        *,
        column: str,
        rule: str,
        message: Text,
        value: Any,
        severity: Severity,
        new: pd.Series | None = None,
    ) -> None:
        if not hit.any():
            return
        if value is None:
            value = self.frame[column] if column in self.frame else pd.Series("", index=self.frame.index)
        shown = [_show(seen) for seen in pd.Series(value, index=self.frame.index)[hit]]
        template = message.of(self.lang)
        fresh = [""] * len(shown) if new is None else [_show(item) for item in new[hit]]
        entry = pd.DataFrame({"source": self._source[hit], "row": self._row[hit], "value": shown})
        entry["message"] = [
            template.replace("{value}", old).replace("{new}", now) for old, now in zip(shown, fresh, strict=True)
        ]
        self._entries.append(entry.assign(table=self.table, column=column, rule=rule, severity=severity))


def remark_claims(review: Review, columns: Iterable[str]) -> None:
    """Remark on prose whose own numbers contradict each other ("3 titik atau 6,12 % dari 29"); the rows stay accepted.

    Args:
        review: The rows.
        columns: Columns of free text; those that are not there are passed over.
    """
    for column in columns:
        if column not in review.frame:
            continue
        texts = review.frame[column].astype("str")
        shares = texts.str.contains(_PERCENT, case=False, regex=True).fillna(value=False).to_numpy(dtype=bool)
        for place in np.flatnonzero(shares & review.alive):
            for claim in read_claims(texts.iloc[place]):
                fault = claim.check()
                if fault is not None:
                    review.remark(int(place), column=column, rule="claim_contradicts", message=fault)


def merge_checked(parts: list[Checked]) -> Checked:
    """Join what several readings of one table gave, in the order given; measures are added up."""
    frames = [part.accepted for part in parts]
    names = {name for part in parts for name in part.extra}
    measures: dict[str, float] = {}
    for part in parts:
        for name, value in part.measures.items():
            measures[name] = measures.get(name, 0.0) + value
    return Checked(
        accepted=pd.concat(frames, ignore_index=True),
        rejects=pd.concat([part.rejects for part in parts], ignore_index=True),
        rows_in=sum(part.rows_in for part in parts),
        extra={
            name: pd.concat([part.extra[name] for part in parts if name in part.extra], ignore_index=True)
            for name in sorted(names)
        },
        measures=measures,
        sources=pd.concat([part.sources for part in parts], ignore_index=True),
    )


def _show(value: object) -> str:
    """Write a value as a reader would recognise it in the source; geometry and long text are cut."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    text = str(value)
    return text if len(text) <= _VALUE_LENGTH_MAX else text[: _VALUE_LENGTH_MAX - 1] + "…"

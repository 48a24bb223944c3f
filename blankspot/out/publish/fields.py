"""Columns as metadata speak of them: name, type, unit, range, choices and words in both languages, all out of `schema`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from blankspot.out.publish.columns import CODE, TEXT_RULES
from blankspot.out.tables import headings_of
from blankspot.words import LABELS, Text

if TYPE_CHECKING:
    import pandera.pandas as pa

    from blankspot.words import Lang

_TYPES: Final = {
    "code": "string",
    "text": "string",
    "choice": "string",
    "number": "number",
    "integer": "integer",
    "flag": "boolean",
    "date": "date",
    "time": "yearmonth",
    "geometry": "geojson",
}
TYPE_WORDS: Final = {
    "string": Text("teks", "text"),
    "number": Text("angka", "number"),
    "integer": Text("bilangan bulat", "whole number"),
    "boolean": Text("ya/tidak", "yes/no"),
    "date": Text("tanggal", "date"),
    "yearmonth": Text("tahun dan bulan", "year and month"),
    "geojson": Text("geometri", "geometry"),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A column as the metadata tell it; `low` and `high` are None where there is no bound."""

    name: str
    type: str
    title: Text
    description: Text
    unit: str
    choices: tuple[str, ...]
    low: float | None
    high: float | None
    optional: bool
    is_code: bool
    classification: str
    example: str

    def choice_words(self, lang: Lang) -> tuple[str, ...]:
        """Return the words of its choices, where they have any."""
        words = LABELS.get(self.name, {})
        return tuple(words[one].of(lang) if one in words else one for one in self.choices)


def fields_of(schema: pa.DataFrameSchema, names: list[str] | None = None) -> list[Field]:
    """Return the declared columns of a table, or those named."""
    chosen = list(schema.columns) if names is None else names
    english = headings_of(schema, "en")
    return [_field(name, schema.columns[name], english.get(name, "Geometry")) for name in chosen]


def _field(name: str, column: pa.Column, english: str) -> Field:
    meta = column.metadata
    low, high = meta["range"]
    month = TEXT_RULES.get(name) == "month"
    return Field(
        name=name,
        type="yearmonth" if month else _TYPES[meta["kind"]],
        title=Text(column.title, english),
        description=Text(meta["help_id"], column.description),
        unit=meta["unit"],
        choices=meta["choices"],
        low=low,
        high=high,
        optional=column.nullable,
        is_code=meta["kind"] == "code",
        classification=meta["classification"],
        example=meta["example"],
    )


CODE_PATTERN: Final = f"^(?:{CODE.pattern})$"

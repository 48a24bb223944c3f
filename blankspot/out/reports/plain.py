"""A report as plain values for machines: numbers stay numbers, shares keep numerator and denominator, words are in one language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from blankspot.out.reports.model import ROW_ID, ROW_MARK, Chart, Share, Table
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blankspot.out.reports.model import Cell, Document, Headline, Row
    from blankspot.words import Lang


def to_plain(document: Document, *, lang: Lang = "id") -> dict[str, Any]:
    """Return a report as values that JSON can hold; days are ISO text, percentages are left to the reader to derive."""
    return {
        "title": document.title.of(lang),
        "subtitle": document.subtitle.of(lang),
        "period": document.period.of(lang),
        "as_of": document.as_of.isoformat(),
        "known_on": None if document.known_on is None else document.known_on.isoformat(),
        "notes": [note.of(lang) for note in document.notes],
        "headlines": [_headline(one, lang) for one in document.headlines],
        "sections": [
            {
                "key": section.key,
                "title": section.title.of(lang),
                "tables": [_table(item.table if isinstance(item, Chart) else item, lang) for item in section.items],
            }
            for section in document.sections
        ],
        "profile": document.provenance.profile_label,
        "version": document.provenance.version,
    }


def _headline(headline: Headline, lang: Lang) -> dict[str, Any]:
    return {
        "key": headline.key,
        "label": headline.label.of(lang),
        "figure": _value(headline.figure, lang),
        "unit": "Rp" if headline.kind == "rupiah" else None if headline.unit is None else headline.unit.of(lang),
        "definition": headline.definition.of(lang),
        "as_of": headline.as_of.isoformat(),
    }


def _table(table: Table, lang: Lang) -> dict[str, Any]:
    keys = [*(column.key for column in table.columns), ROW_ID, ROW_MARK]
    return {
        "key": table.key,
        "title": table.title.of(lang),
        "definition": table.definition.of(lang),
        "elsewhere": None if table.elsewhere is None else table.elsewhere.of(lang),
        "as_of": table.as_of.isoformat(),
        "columns": {column.key: column.heading.of(lang) for column in table.columns},
        "rows": [_row(row, keys, lang) for row in table.rows],
        "total": None if table.total is None else _row(table.total, keys, lang),
    }


def _row(row: Row, keys: Iterable[str], lang: Lang) -> dict[str, Any]:
    return {key: _value(row[key], lang) for key in keys if key in row}


def _value(cell: Cell, lang: Lang) -> Any:
    if isinstance(cell, Share):
        return {"numerator": cell.numerator, "denominator": cell.denominator}
    if isinstance(cell, Text):
        return cell.of(lang)
    return cell.isoformat() if isinstance(cell, dt.date) else cell

"""The data dictionary (kamus data): every column of every published table, in words, out of `schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from blankspot.out.publish.fields import TYPE_WORDS, fields_of
from blankspot.words import Text

if TYPE_CHECKING:
    from blankspot.out.publish.fields import Field
    from blankspot.out.publish.selection import Selection
    from blankspot.words import Lang

_HEADINGS = (
    Text("Tabel", "Table"),
    Text("Kolom", "Column"),
    Text("Judul", "Title"),
    Text("Arti", "Meaning"),
    Text("Tipe", "Type"),
    Text("Satuan", "Unit"),
    Text("Rentang", "Range"),
    Text("Pilihan", "Choices"),
    Text("Boleh kosong", "May be empty"),
    Text("Klasifikasi", "Classification"),
    Text("Contoh", "Example"),
)
_YES_NO = (Text("tidak", "no"), Text("ya", "yes"))
_GEOMETRY = Text("Geometri, WGS 84 (EPSG:4326).", "Geometry, WGS 84 (EPSG:4326).")
_GEOMETRY_TITLE = Text("Geometri", "Geometry")


def data_dictionary(selection: Selection, lang: Lang) -> pd.DataFrame:
    """Return one row per column of every table of a selection, headings included in the language asked for."""
    rows: list[tuple[str, ...]] = []
    for table in selection.tables:
        rows += [(table.name, *_told(field, lang)) for field in fields_of(table.schema, table.columns)]
        if table.is_spatial:
            rows.append(
                (
                    table.name, "geometry", _GEOMETRY_TITLE.of(lang), _GEOMETRY.of(lang), TYPE_WORDS["geojson"].of(lang), "", "", "",
                    _YES_NO[1].of(lang), "terbuka", "",
                )
            )  # fmt: skip
    return pd.DataFrame(rows, columns=[heading.of(lang) for heading in _HEADINGS])


def _told(field: Field, lang: Lang) -> tuple[str, ...]:
    low, high = ("" if edge is None else f"{edge:g}" for edge in (field.low, field.high))
    choices = "; ".join(
        f"{one} = {told}" if one != told else one
        for one, told in zip(field.choices, field.choice_words(lang), strict=True)
    )
    return (
        field.name,
        field.title.of(lang),
        field.description.of(lang),
        TYPE_WORDS[field.type].of(lang),
        field.unit,
        f"{low} … {high}" if low or high else "",
        choices,
        _YES_NO[int(field.optional)].of(lang),
        field.classification,
        field.example,
    )

"""`datapackage.json`: Frictionless Data Package 1 with a Table Schema per CSV, words in both languages, sources, hashes and licence.

A constraint is written only where the rows keep it: what the gate emptied may leave a required column with gaps, and a table
with a village outside the boundaries has no foreign key.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from blankspot.out.publish.fields import CODE_PATTERN, fields_of
from blankspot.out.publish.licences import kind_words
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.publish.fields import Field
    from blankspot.out.publish.publication import About
    from blankspot.out.publish.selection import OpenTable
    from blankspot.out.publish.written import Written

_TRUE, _FALSE = ["True", "true", "1"], ["False", "false", "0"]
_KEYS: Final = {"desa": "village_code", "menara": "site_id", "penanganan": "case_id"}
_SOURCE: Final = Text("{kind}: {files} berkas, {rows} baris dipakai", "{kind}: {files} file(s), {rows} rows used")


def data_package(about: About, files: Sequence[Written]) -> str:
    """Return the descriptor of a package as JSON text."""
    villages = next((one.table for one in files if one.table is not None and one.table.name == "desa"), None)
    document: dict[str, Any] = {
        "profile": "data-package",
        "name": about.slug,
        "id": about.base,
        "title": about.title.id,
        "title_en": about.title.en,
        "description": about.description.id,
        "description_en": about.description.en,
        "version": about.as_of.isoformat(),
        "created": f"{about.as_of.isoformat()}T00:00:00Z",
        "keywords": list(about.keywords),
        "licenses": [_licence(about)],
        "contributors": [_contributor(about)],
        "sources": [_source(one) for one in about.sources],
        "temporal": {"name": about.as_of.isoformat()},
        "code_versions": list(about.code_versions),
        "frequency": about.frequency,
        "thresholds": about.profile,
        "software": about.software,
        "resources": [_resource(one, villages) for one in files],
    }
    if about.url:
        document["homepage"] = about.url
    if about.bounds:
        document["spatial"] = {"name": about.area, "bbox": list(about.bounds)}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _licence(about: About) -> dict[str, str]:
    told = {"name": about.licence.id, "title": about.licence.title, "path": about.licence.url}
    return {key: value for key, value in told.items() if value}


def _contributor(about: About) -> dict[str, str]:
    told = {"title": about.publisher, "role": "publisher", "email": about.email, "path": about.url}
    return {key: value for key, value in told.items() if value}


def _source(source: Any) -> dict[str, str]:
    counts = {"files": source.files, "rows": source.rows}
    kind = kind_words(source.kind)
    title, english = _SOURCE.id.format(kind=kind.id, **counts), _SOURCE.en.format(kind=kind.en, **counts)
    return {"title": title, "title_en": english, "licence": source.licence or "-"}


def _resource(file: Written, villages: OpenTable | None) -> dict[str, Any]:
    name = file.path.rpartition("/")[2].replace(".", "-").replace("_", "-").casefold()
    told: dict[str, Any] = {
        "profile": "data-resource",
        "type": "file",  # for readers that would else guess a schema out of a workbook or a form
        "name": name,
        "path": file.path,
        "title": file.title.id,
        "title_en": file.title.en,
        "format": "tif" if file.format == "cog" else file.format,
        "mediatype": file.media_type,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.table is not None:
        told["description"], told["description_en"] = file.table.description.id, file.table.description.en
    if file.format == "csv" and file.table is not None:
        told |= {
            "profile": "tabular-data-resource",
            "encoding": "utf-8-sig",
            "dialect": {"delimiter": ",", "quoteChar": '"'},
        }
        told["schema"] = table_schema(file.table, villages)
    return told


def table_schema(table: OpenTable, villages: OpenTable | None) -> dict[str, Any]:
    """Return the Table Schema of a table: fields with types and constraints, its key, and the village it points at."""
    schema: dict[str, Any] = {
        "fields": [_field(one, table) for one in fields_of(table.schema, table.columns)],
        "missingValues": [""],
    }
    key = _KEYS.get(table.name)
    if key in table.columns and table.frame[key].is_unique and table.frame[key].notna().all():
        schema["primaryKey"] = [key]
    if villages is not None and table.name != "desa" and "village_code" in table.columns:
        known = villages.frame["village_code"]
        if table.frame["village_code"].dropna().isin(known).all():
            reference = {"resource": "desa-csv", "fields": ["village_code"]}
            schema["foreignKeys"] = [{"fields": ["village_code"], "reference": reference}]
    return schema


def _field(field: Field, table: OpenTable) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": field.name,
        "type": field.type,
        "title": field.title.id,
        "title_en": field.title.en,
        "description": field.description.id,
        "description_en": field.description.en,
        "classification": field.classification,
    }
    if field.type == "boolean":
        told |= {"trueValues": _TRUE, "falseValues": _FALSE}
    if field.unit:
        told["unit"] = field.unit
    if field.choices:
        told["labels"] = dict(zip(field.choices, field.choice_words("id"), strict=True))
        told["labels_en"] = dict(zip(field.choices, field.choice_words("en"), strict=True))
    constraints = _constraints(field, table)
    return told | ({"constraints": constraints} if constraints else {})


def _constraints(field: Field, table: OpenTable) -> dict[str, Any]:
    """Return the declared constraints that the rows keep."""
    values = table.frame[field.name]
    kept: dict[str, Any] = {}
    if not field.optional and values.notna().all():
        kept["required"] = True
    if field.choices:
        kept["enum"] = list(field.choices)
    if field.is_code:
        kept["pattern"] = CODE_PATTERN
    if field.low is not None and not (values < field.low).any():
        kept["minimum"] = field.low
    if field.high is not None and not (values > field.high).any():
        kept["maximum"] = field.high
    return kept

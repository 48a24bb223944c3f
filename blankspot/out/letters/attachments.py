"""What goes with a letter for machines: the list of desa as a workbook, their points as GeoJSON and as KML.

An operator loads the points into a planning tool or a phone. The files are named after the letter's number and say nothing
that may not be published: no contact, no note, no text of a report.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pandas as pd

from blankspot.out.files import atomic
from blankspot.out.letters.wording import one_line
from blankspot.out.tables import write_xlsx
from blankspot.words import LABELS, Lang, Text

if TYPE_CHECKING:
    from pathlib import Path

    from blankspot.out.letters.model import Heading

POSITIONS: Final = {
    "office": Text("kantor desa", "village office"),
    "inside": Text("titik di dalam desa", "a point inside the desa"),
}
_HEADINGS: Final = {
    "village_code": Text("Kode desa", "Village code"),
    "village_name": Text("Desa/kelurahan", "Village"),
    "village_type": Text("Jenis", "Kind"),
    "district": Text("Kecamatan", "District"),
    "regency": Text("Kabupaten/kota", "Regency"),
    "lon": Text("Bujur (°)", "Longitude (°)"),
    "lat": Text("Lintang (°)", "Latitude (°)"),
    "position": Text("Letak titik", "What the point is"),
    "population": Text("Penduduk (jiwa)", "People"),
    "signal_class": Text("Status sinyal", "Signal"),
    "reason": Text("Alasan", "Reason"),
    "stage": Text("Tahap penanganan", "Stage"),
    "proposal": Text("Dokumen usulan", "Proposal"),
}
_WORDED: Final = ("village_type", "signal_class", "stage")
_DECIMALS: Final = 5  # of a degree: about a metre
_QUOTES: Final = {
    ord("<"): "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ord(">"): "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}
_KML: Final = "http://www.opengis.net/kml/2.2"


def write_list(path: Path, desa: pd.DataFrame, heading: Heading, *, lang: Lang = "id") -> Path:
    """Write the list of a letter as a workbook: the desa, and a sheet that says which letter it belongs to."""
    about = pd.DataFrame(_about(heading, desa, lang), columns=["item", "value"])
    sheets = {
        Text("Daftar desa", "List of desa").of(lang): (
            _worded(desa, lang),
            {name: text.of(lang) for name, text in _HEADINGS.items()},
        ),
        Text("Keterangan", "About").of(lang): (
            about,
            {"item": Text("Perihal", "Item").of(lang), "value": Text("Isi", "Value").of(lang)},
        ),
    }
    return write_xlsx(path, sheets, lang=lang)


def write_geojson(path: Path, desa: pd.DataFrame, *, lang: Lang = "id") -> Path:
    """Write the points of the list as GeoJSON (RFC 7946: longitude, latitude, WGS 84)."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {name: row[name] for name in _HEADINGS if name not in ("lon", "lat")},
        }
        for row in _rows(desa, lang)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)
    with atomic(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def write_kml(path: Path, desa: pd.DataFrame, heading: Heading, *, lang: Lang = "id") -> Path:
    """Write the points of the list as KML 2.2, one placemark per desa.

    Some viewers take texts for HTML, so angle brackets in them become quotation marks of that shape.
    """
    root = ET.Element("kml", {"xmlns": _KML})
    document = ET.SubElement(root, "Document")
    _tell(document, "name", heading.number)
    for row in _rows(desa, lang):
        mark = ET.SubElement(document, "Placemark")
        _tell(mark, "name", row["village_name"] or row["village_code"])
        data = ET.SubElement(mark, "ExtendedData")
        for name, text in _HEADINGS.items():
            if name not in ("lon", "lat", "village_name") and row[name] is not None:
                _tell(ET.SubElement(data, "Data", {"name": text.of(lang)}), "value", row[name])
        _tell(ET.SubElement(mark, "Point"), "coordinates", f"{row['lon']},{row['lat']}")
    ET.indent(root)
    with atomic(path) as temporary:
        ET.ElementTree(root).write(temporary, encoding="utf-8", xml_declaration=True)
    return path


def _tell(parent: ET.Element, tag: str, value: object) -> None:
    ET.SubElement(parent, tag).text = one_line(value).translate(_QUOTES)


def _worded(desa: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """Return the list in the reader's words, degrees to the metre."""
    words = {
        name: desa[name].map({key: text.of(lang) for key, text in LABELS[name].items()}, na_action="ignore")
        for name in _WORDED
    }
    places = desa["position"].map({key: text.of(lang) for key, text in POSITIONS.items()})
    return desa.assign(**words, position=places, lon=desa["lon"].round(_DECIMALS), lat=desa["lat"].round(_DECIMALS))


def _rows(desa: pd.DataFrame, lang: Lang) -> list[dict[str, Any]]:
    rows = []
    for row in _worded(desa, lang).astype(object).to_dict("records"):
        plain = {str(name): None if pd.isna(value) else value for name, value in row.items()}
        people = plain["population"]
        rows.append(plain | {"population": None if people is None else round(people)})
    return rows


def _about(heading: Heading, desa: pd.DataFrame, lang: Lang) -> list[tuple[str, str]]:
    said = (
        (Text("Lampiran surat nomor", "Attachment to letter"), heading.number),
        (Text("Tanggal", "Date"), heading.day.isoformat()),
        (Text("Hal", "Subject"), heading.topic),
        (Text("Pengirim", "From"), heading.office.name),
        (Text("Jumlah desa", "Number of desa"), str(len(desa))),
        (Text("Koordinat", "Coordinates"), "WGS 84 (EPSG:4326)"),
    )
    return [(item.of(lang), value) for item, value in said]

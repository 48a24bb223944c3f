"""DCAT-AP: catalogue, data set and distributions as RDF, in Turtle and JSON-LD.

Every node has an address (no blank nodes), made from the office's own one or a name that is nowhere, so that the same input gives
the same bytes. The publisher and the contact are an office.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from blankspot.words import LANGS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from rdflib import Graph

    from blankspot.out.publish.publication import About
    from blankspot.out.publish.written import Written
    from blankspot.words import Text

_EU: Final = "http://publications.europa.eu/resource/authority"
_FREQUENCIES: Final = {
    "daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "quarterly": "QUARTERLY", "biannual": "ANNUAL_2",
    "annual": "ANNUAL", "irregular": "IRREG",
}  # fmt: skip
_FILE_TYPES: Final = {
    "csv": "CSV", "parquet": "PARQUET", "geojson": "GEOJSON", "gpkg": "GPKG", "xlsx": "XLSX", "cog": "TIFF", "json": "JSON",
    "xml": "XML", "txt": "TXT", "ttl": "RDF_TURTLE", "jsonld": "JSON_LD",
}  # fmt: skip
_STANDARDS: Final = {
    "csv": "https://specs.frictionlessdata.io/table-schema/",
    "geojson": "https://www.rfc-editor.org/rfc/rfc7946",
    "gpkg": "https://www.geopackage.org/spec/",
    "parquet": "https://geoparquet.org/releases/v1.1.0/",
    "pmtiles": "https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md",
    "cog": "https://docs.ogc.org/is/21-026/21-026.html",
}
_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SPACES: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "adms": "http://www.w3.org/ns/adms#",
    "locn": "http://www.w3.org/ns/locn#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "spdx": "http://spdx.org/rdf/terms#",
}
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"


def dcat_graph(about: About, files: Sequence[Written], *, begins: dt.date) -> Graph:
    """Return the catalogue as a graph.

    Args:
        about: What is said of the whole.
        files: The distributions.
        begins: First day that the data speak of; the last is their as-of day.
    """
    statements = _Statements(about)
    statements.add_dataset()
    statements.add_office()
    statements.add_time(begins)
    statements.add_place()
    for file in files:
        statements.add_distribution(file)
    return statements.graph


class _Statements:
    """The graph while it is written."""

    def __init__(self, about: About) -> None:
        from rdflib import DCTERMS, FOAF, XSD, Graph, Literal, Namespace, URIRef

        self.graph = Graph()
        self._about = about
        self._spaces = {name: Namespace(address) for name, address in _SPACES.items()}
        self._spaces |= {"dct": Namespace(str(DCTERMS)), "foaf": Namespace(str(FOAF)), "xsd": Namespace(str(XSD))}
        for prefix, space in self._spaces.items():
            self.graph.bind(prefix, space, replace=True)
        self._whole = URIRef(about.base)
        self._day = Literal(about.as_of.isoformat(), datatype=XSD.date)

    def _name(self, term: str) -> Any:
        prefix, _, local = term.partition(":")
        return self._spaces[prefix][local]

    def _add(self, node: Any, term: str, value: Any, *, kind: str = "", lang: str | None = None) -> None:
        """State one thing; `kind` is a datatype, "node" for an address, "" for a text."""
        from rdflib import Literal, URIRef

        if kind == "node":
            told: Any = URIRef(str(value))
        elif kind:
            told = Literal(str(value), datatype=self._name(kind))
        else:
            told = value if isinstance(value, Literal) else Literal(str(value), lang=lang)
        self.graph.add((node, self._name(term), told))

    def _say(self, node: Any, term: str, told: Text) -> None:
        for lang in LANGS:
            self._add(node, term, told.of(lang), lang=lang)

    def _type(self, node: Any, term: str) -> None:
        from rdflib import RDF

        self.graph.add((node, RDF.type, self._name(term)))

    def _part(self, name: str) -> Any:
        from rdflib import URIRef

        return URIRef(self._about.address(name))

    def add_dataset(self) -> None:
        """State the catalogue and its data set."""
        about, whole, catalogue = self._about, self._whole, self._part("katalog")
        self._type(catalogue, "dcat:Catalog")
        self._add(catalogue, "dcat:dataset", whole, kind="node")
        self._type(whole, "dcat:Dataset")
        for node in (catalogue, whole):
            self._say(node, "dct:title", about.title)
            self._say(node, "dct:description", about.description)
            self._add(node, "dct:publisher", self._part("penerbit"), kind="node")
            for lang in ("IND", "ENG"):
                self._add(node, "dct:language", f"{_EU}/language/{lang}", kind="node")
            self._add(node, "dct:modified", self._day)
            self._add_licence(node)
        self._add(whole, "dct:identifier", about.base)
        self._add(whole, "dct:issued", self._day)
        self._add(whole, "dcat:version", about.as_of.isoformat())
        self._add(whole, "dct:accrualPeriodicity", f"{_EU}/frequency/{_FREQUENCIES[about.frequency]}", kind="node")
        self._add(whole, "dct:accessRights", f"{_EU}/access-right/PUBLIC", kind="node")
        self._add(whole, "dct:conformsTo", _CRS84, kind="node")
        for theme in ("TECH", "GOVE", "REGI"):
            self._add(whole, "dcat:theme", f"{_EU}/data-theme/{theme}", kind="node")
        for word in about.keywords:
            self._add(whole, "dcat:keyword", word, lang="id")
        for version in about.code_versions:
            self._add(whole, "adms:versionNotes", version, lang="id")

    def add_office(self) -> None:
        """State who publishes and whom to ask: an office both times."""
        office, contact = self._part("penerbit"), self._part("kontak")
        self._type(office, "foaf:Agent")
        self._add(office, "foaf:name", self._about.publisher)
        self._type(contact, "vcard:Organization")
        self._add(contact, "vcard:fn", self._about.publisher)
        if self._about.email:
            self._add(contact, "vcard:hasEmail", f"mailto:{self._about.email}", kind="node")
        self._add(self._whole, "dcat:contactPoint", contact, kind="node")

    def add_time(self, begins: dt.date) -> None:
        """State the days between which the data speak."""
        time = self._part("waktu")
        self._add(self._whole, "dct:temporal", time, kind="node")
        self._type(time, "dct:PeriodOfTime")
        self._add(time, "dcat:startDate", begins.isoformat(), kind="xsd:date")
        self._add(time, "dcat:endDate", self._day)

    def add_place(self) -> None:
        """State where the data lie, if anywhere."""
        if self._about.bounds is None:
            return
        west, south, east, north = self._about.bounds
        place = self._part("wilayah")
        ring = f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        self._add(self._whole, "dct:spatial", place, kind="node")
        self._type(place, "dct:Location")
        self._add(place, "dcat:bbox", ring, kind="gsp:wktLiteral")
        if self._about.area:
            self._add(place, "locn:geographicName", self._about.area, lang="id")

    def add_distribution(self, file: Written) -> None:
        """State one file: its format, size, digest, standard and licence."""
        node, checksum = self._part(file.path), self._part(f"{file.path}#sha256")
        self._add(self._whole, "dcat:distribution", node, kind="node")
        self._type(node, "dcat:Distribution")
        self._say(node, "dct:title", file.title)
        self._add(node, "dcat:accessURL", node, kind="node")
        self._add(node, "dcat:downloadURL", node, kind="node")
        self._add(node, "dcat:mediaType", _MEDIA + file.media_type.partition(";")[0], kind="node")
        if file.format in _FILE_TYPES:
            self._add(node, "dct:format", f"{_EU}/file-type/{_FILE_TYPES[file.format]}", kind="node")
        if file.format in _STANDARDS:
            self._add(node, "dct:conformsTo", _STANDARDS[file.format], kind="node")
        self._add(node, "dcat:byteSize", file.bytes, kind="xsd:nonNegativeInteger")
        self._add(node, "spdx:checksum", checksum, kind="node")
        self._type(checksum, "spdx:Checksum")
        self._add(checksum, "spdx:algorithm", self._name("spdx:checksumAlgorithm_sha256"), kind="node")
        self._add(checksum, "spdx:checksumValue", file.sha256, kind="xsd:hexBinary")
        self._add_licence(node)

    def _add_licence(self, node: Any) -> None:
        from rdflib import URIRef

        licence = self._about.licence
        address = URIRef(licence.url) if licence.url else self._part("lisensi")
        self._add(node, "dct:license", address, kind="node")
        self._type(address, "dct:LicenseDocument")
        self._add(address, "dct:title", licence.title)


def turtle(graph: Graph) -> str:
    """Return a graph as Turtle; the serialiser sorts."""
    return str(graph.serialize(format="turtle"))


def json_ld(graph: Graph) -> str:
    """Return a graph as JSON-LD whose nodes and values stand in a fixed order."""
    context = {prefix: str(space) for prefix, space in graph.namespaces() if prefix in (*_SPACES, "dct", "foaf", "xsd")}
    document = json.loads(graph.serialize(format="json-ld", context=context, auto_compact=False))
    return json.dumps(_sorted(document), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda one: json.dumps(one, sort_keys=True))
    return value

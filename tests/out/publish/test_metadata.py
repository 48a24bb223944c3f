"""DCAT, ISO 19115, the forms of BPS, the dictionary and the README: parsed by others, and true."""

from __future__ import annotations

import csv
import datetime as dt

import mapworld
import openpyxl
import openworld
import pandas as pd
import pytest
from lxml import etree

from blankspot.out.publish.dcat import dcat_graph, json_ld, turtle
from blankspot.out.publish.model import Publication
from blankspot.out.publish.publication import slug_of
from blankspot.out.publish.selection import Material, select

BEGINS = dt.date(2021, 12, 26)


def described(frames=None, **told):
    selection = select(
        Material(frames=frames or openworld.hostile_frames(), bodies=openworld.BODIES), openworld.SETTINGS, profile="x"
    )
    return selection, openworld.about(selection, **told)


def data_files(package):
    return [one for one in package.files if not one.path.startswith("metadata/") and one.format not in ("txt", "json")]


@pytest.mark.filterwarnings("default")
def test_both_syntaxes_of_dcat_say_the_same(any_package):
    from rdflib import Graph
    from rdflib.compare import isomorphic

    first = Graph().parse(any_package.folder / "metadata" / "dcat.ttl", format="turtle")
    second = Graph().parse(any_package.folder / "metadata" / "dcat.jsonld", format="json-ld")
    assert len(first) > 200
    assert isomorphic(first, second)
    assert not [node for node in first.all_nodes() if type(node).__name__ == "BNode"]


@pytest.mark.filterwarnings("default")
def test_dcat_has_what_the_profile_asks_for(any_package):
    from rdflib import DCAT, DCTERMS, RDF, Graph

    graph = Graph().parse(any_package.folder / "metadata" / "dcat.ttl", format="turtle")
    dataset = graph.value(predicate=RDF.type, object=DCAT.Dataset)
    needed = ("title", "description", "publisher", "license", "temporal", "spatial", "accrualPeriodicity", "conformsTo", "issued", "modified", "identifier")  # fmt: skip
    for name in needed:
        assert graph.value(dataset, DCTERMS[name]) is not None, name
    assert graph.value(dataset, DCAT.contactPoint) is not None
    distributions = list(graph.objects(dataset, DCAT.distribution))
    assert len(distributions) == len(data_files(any_package))
    for one in distributions:
        assert graph.value(one, DCAT.accessURL) is not None
        assert graph.value(one, DCTERMS.license) is not None
        assert int(graph.value(one, DCAT.byteSize)) > 0


def test_addresses_begin_with_the_offices_own():
    _, about = described(publication=Publication(url="https://data.uji.example/dataset/sinyal"))
    text = turtle(dcat_graph(about, [], begins=BEGINS))
    assert "https://data.uji.example/dataset/sinyal/penerbit" in text
    assert json_ld(dcat_graph(about, [], begins=BEGINS)) == json_ld(dcat_graph(about, [], begins=BEGINS))
    _, nowhere = described(publication=Publication(url="javascript:alert(1)"))
    assert "javascript" not in turtle(dcat_graph(nowhere, [], begins=BEGINS))


@pytest.mark.filterwarnings("default")
def test_iso_reads_back(any_package):
    from owslib.iso import MD_Metadata

    raw = (any_package.folder / "metadata" / "iso19139.xml").read_bytes()
    record = MD_Metadata(etree.fromstring(raw))
    about = any_package.about
    assert record.identifier == about.base
    found = record.identification[0] if isinstance(record.identification, list) else record.identification
    assert found.title == about.title.id.strip()
    assert found.abstract.startswith(about.description.id)
    assert float(found.bbox.minx) == pytest.approx(about.bounds[0])
    assert record.datestamp.startswith("2022-12-26")
    assert {person.name for person in found.contact} <= {None, ""}
    assert found.contact[0].organization == about.publisher
    links = [link.url for link in record.distribution.online]
    assert len(links) == len(data_files(any_package))


@pytest.mark.parametrize("name", ["ms-keg", "ms-var", "ms-ind"])
def test_the_forms_of_bps_are_filled_or_visibly_blank(any_package, name):
    told = pd.read_csv(
        any_package.folder / "metadata" / f"{name}.csv", encoding="utf-8-sig", dtype="str", keep_default_na=False
    )
    assert len(told) >= 1
    answers = told.drop(columns=["Nomor"], errors="ignore")
    assert (answers != "").all(axis=None)
    assert answers.apply(lambda column: column.str.contains("[diisi wali data]", regex=False)).any(axis=None)
    sheet = openpyxl.load_workbook(any_package.folder / "metadata" / "metadata-statistik.xlsx")[
        name.upper().replace("-", "_")
    ]
    assert sheet.max_row == len(told) + 1


def test_ms_keg_says_what_is_known(demo_package):
    told = pd.read_csv(demo_package.folder / "metadata" / "ms-keg.csv", encoding="utf-8-sig", dtype="str").set_index(
        "Uraian"
    )["Isian"]
    assert told["Instansi penyelenggara"] == "Dinas Komunikasi dan Informatika"
    assert told["Tahun"] == "2022"
    assert told["Cakupan wilayah pengumpulan data"] == "Kabupaten Arunika (contoh)"
    assert told["Frekuensi penyelenggaraan"] == "triwulanan"


def test_the_dictionary_has_every_column_in_both_languages(any_package):
    for lang in ("id", "en"):
        told = pd.read_csv(
            any_package.folder / "metadata" / f"kamus-data.{lang}.csv", encoding="utf-8-sig", keep_default_na=False
        )
        listed = set(zip(told.iloc[:, 0], told.iloc[:, 1], strict=True))
        for path in any_package.folder.glob("*.csv"):
            with path.open(encoding="utf-8-sig") as stream:
                assert {(path.stem, name) for name in next(csv.reader(stream))} <= listed
        assert (told.iloc[:, 3] != "").all()


def test_readme_names_licence_office_day_and_what_stays(any_package):
    text = (any_package.folder / "README.txt").read_text(encoding="utf-8")
    for piece in (
        "Creative Commons Attribution 4.0",
        any_package.about.publisher,
        "26 Desember 2022",
        "26 December 2022",
        "YANG TIDAK IKUT",
        "desa.csv",
    ):
        assert piece in text
    for secret in ("197001011995031001", "Raka", "hp_budi"):
        assert secret not in text


def test_personal_data_in_what_the_office_says_are_left_out():
    publication = Publication(
        title="Data Budi 0812-3456-7890",
        publisher="Budi budi@contoh.example",
        keywords=("sinyal", "0812-3456-7890"),
        email="bukan surel",
    )
    _, about = described(publication=publication)
    assert about.dropped == 3
    assert about.publisher == "diisi wali data"
    assert about.email == ""
    assert "0812" not in about.title.id + " ".join(about.keywords)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Status sinyal, Kab. Ünï", "status-sinyal-kab-uni"), ("📡", "data-blankspot"), ("x" * 200, "x" * 90)],
)
def test_slugs(text, slug):
    assert slug_of(text) == slug


def test_the_area_of_a_single_village(tmp_path):
    selection, about = described(frames={"villages": mapworld.villages(1)})
    assert about.bounds == selection.bounds
    assert about.area

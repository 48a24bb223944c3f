"""Map sheets: true to scale, complete, nothing outside the page or over each other, and the same bytes every time."""

from __future__ import annotations

import mapworld
import pypdf
import pytest

from blankspot.out.letters.model import Office
from blankspot.out.sheets import write_sheet

OFFICE = Office(
    name="Dinas Komunikasi dan Informatika",
    parent="Pemerintah Kabupaten Uji",
    address="Jalan Uji 1",
    city="Uji",
    phone="(022) 123",
    email="dinas@uji.example",
)
TABLES = ("verdicts", "handling", "progress", "provenance")


def world(count: int = 40):
    """Return villages and the arguments of a sheet."""
    villages = mapworld.villages(count)
    tables = mapworld.tables(villages, readings=10)
    return villages, {name: tables[name] for name in TABLES} | {"office": OFFICE}


def text_of(path) -> str:
    """Return everything that a PDF says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A sheet of the invented kabupaten."""
    villages, tables = world()
    return write_sheet(tmp_path_factory.mktemp("sheet") / "sheet.pdf", villages, **tables)


@pytest.mark.parametrize(
    "wanted",
    [
        "PETA STATUS SINYAL",
        "KABUPATEN UJI",
        "PROVINSI UJI",
        "Keadaan per 26 Desember 2022",
        "Skala 1:",
        "Transverse Mercator; UTM zona 48S",
        "WGS 84",
        "SRGI2013",
        "utara grid",
        "43 dari 60 desa (71,67 %) per 26 Desember 2022",
        "Blankspot",
        "Lemah atau sebagian",
        "Terlayani",
        "Belum cukup data",
        "batas.gpkg (40 baris)",
        "blankspot 0.1.0, profil ambang bawaan-2026 (1f2e3d4c)",
        "DINAS KOMUNIKASI DAN INFORMATIKA",
        "Jalan Uji 1, Uji",
        "(022) 123",
        "Kode wilayah 99.01",
        "Edisi 1 – 2022",
        "indikatif",
        "107°",
        "BT",
        "LS",
        "mT",
        "mU",
    ],
)
def test_the_sheet_says(drawn, wanted):
    assert wanted in text_of(drawn)


def test_the_same_data_give_the_same_bytes(drawn, tmp_path):
    villages, tables = world()
    again = write_sheet(tmp_path / "sheet.pdf", villages, **tables)
    assert again.read_bytes() == drawn.read_bytes()

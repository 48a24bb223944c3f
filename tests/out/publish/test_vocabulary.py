"""Names leave only where they are those of bodies, public places or documents."""

from __future__ import annotations

import pytest

from blankspot.out.publish.vocabulary import Vocabulary

KNOWN = Vocabulary.of(
    bodies=["Tower Bersama", "Mitratel", "Telkomsel", "XL Axiata"],
    places=["Sukanagara", "Cileunyi Kulon"],
    added=["Graha Sinyal"],
)
NAMES = ["Budi Santoso", "SITI AMINAH", "budi", "Asep Sunandar Sunarya", "Yohanes Kambu", "I Made Wirawan"]


@pytest.mark.parametrize(
    "text",
    [
        "Tower Bersama", "PT Dayamitra Telekomunikasi Tbk", "Pemerintah Desa Sukanagara", "Dinas Perhubungan", "Politeknik Arunika",
        "Telkomsel, XL Axiata", "mitratel", "Graha Sinyal", "Diskominfo Kabupaten Arunika", "Kecamatan Warnamekar",
    ],
)  # fmt: skip
def test_bodies(text):
    assert KNOWN.is_body(text)


@pytest.mark.parametrize(
    "text",
    [
        *NAMES,
        "Telkomsel, Budi Santoso",
        "Kepala Desa Budi Santoso",
        "Warnet Asep",
        "",
        "Bapak Dinas Budi",
        "Telkomsel Asep/ Budi",
    ],
)
def test_people_are_no_bodies(text):
    assert not KNOWN.is_body(text)


@pytest.mark.parametrize(
    "text",
    ["SDN Melati 3", "Puskesmas Tirtakarya", "Sukanagara 1", "WiFi Balai Cileunyi Kulon", "Titik LEO Sukanagara", "Masjid Al-Ikhlas", "Kantor Desa X"],
)  # fmt: skip
def test_public_places(text):
    assert KNOWN.is_place(text)


@pytest.mark.parametrize(
    "text", [*NAMES, "WiFi Budi", "Rumah Pak Budi", "WiFi rumah Asep", "Pasar Pak Budi", "Sukanagara Budi"]
)
def test_homes_are_no_public_places(text):
    assert not KNOWN.is_place(text)


@pytest.mark.parametrize(
    "text", ["BA-UjiSinyal-2022-031", "SK-Bupati-2022-118", "500.8/123/Diskominfo/2022", "BA-Musrenbang-Sukanagara-2021", "SK 1/2022", "PKS-XII-7"]
)  # fmt: skip
def test_document_numbers(text):
    assert KNOWN.is_reference(text)


@pytest.mark.parametrize("text", [*NAMES, "BA-Budi-Santoso-2022", "BA", "SK 1/2022 a.n. Budi", "x" * 200 + "1"])
def test_names_are_no_document_numbers(text):
    assert not KNOWN.is_reference(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [("ARN064", True), ("16", True), ("U-2021-001", True), ("BUDI-01", False), ("F 01", False), ("Budi", False)],
)
def test_identifiers(text, left):
    assert KNOWN.is_identifier(text) is left

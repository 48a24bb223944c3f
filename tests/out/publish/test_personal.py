"""Personal data have many forms; each is found, also where it hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.out.publish.personal import clean, names_someone, personal

FOUND = {
    "email": ["budi.santoso@contoh.example", "hubungi budi(at)contoh.example", "budi @ contoh . co . id"],
    "phone": [
        "0812-3456-7890", "+62 812 3456 7890", "6281234567890", "(022) 7234567", "WiFi Balai 081234567890", "+1 415 555 2671",
        "０８１２３４５６７８９０", "0812\u200b3456\u200b7890",
    ],
    "identity_number": ["3204051708450001", "32.04.05.170845.0001", "490154203237518", "19700101 199503 1 001", "01.234.567.8-901.000"],
    "device": ["00:1A:2b:3c:4D:5e", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "9774d56d682e549c"],
    "labelled_number": ["IMEI 4901", "NIP. 19700", "HP: 08123", "wa 0812"],
    "address": ["Jl. Melati No. 5", "Kampung Baru RT 03 / RW 05"],
    "position": ["-6.9471234, 107.7412345"],
    "link": ["https://contoh.example/x", "wa.me/62812", "@budisantoso"],
}  # fmt: skip
FREE = [
    "Sukanagara", "Cileunyi Kulon", "Haji Pemanggilan", "SDN Sukanagara 1", "BA-UjiSinyal-2022-031", "SK-Bupati-2022-118",
    "500.8/123/Diskominfo/2022", "Kepmendagri 300.2.2-2138/2025", "32.04.05.2001", "32.04.05.2001:mobile", "PT Dayamitra Telekomunikasi Tbk",
    "Lemah atau sebagian: 2 dari 38 sel terukur terlayani 4G (selang 3,5–37,3 %), 309 titik ukur, terakhir Agustus 2022.",
    "UkurUlang-2021-0076", "BA-UjiSinyal-2021-0142", "Blok 12", "Dusun III", "Kota Baru 2", "Kampung 1000 Pulau",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts])
def test_it_is_found(kind, text):
    assert personal(text) is not None, text
    assert personal(f"awal {text} akhir") is not None


@pytest.mark.parametrize("text", FREE)
def test_names_and_numbers_of_public_things_are_not(text):
    assert personal(text) is None


@pytest.mark.parametrize(
    "text", ["Rumah Pak Budi", "Bapak Asep", "Hj. Siti", "Raka, S.T., M.T.", "warga", "Kepala Desa", "Dr. Soetomo"]
)
def test_titles_speak_of_somebody(text):
    assert names_someone(text)


@given(st.text(max_size=60))
def test_what_leaves_can_be_written_everywhere(text):
    left = clean(text)
    assert left == clean(left)
    assert not any(sign in left for sign in "\x00\u202e\u200b\r\n")
    left.encode("utf-8")


@given(st.integers(0, 10**15 - 1), st.sampled_from(["", " ", "-", "."]))
def test_sixteen_digits_are_an_identity_number_however_they_are_grouped(number, sign):
    digits = f"3{number:015d}"
    assert personal(sign.join(digits[at : at + 4] for at in range(0, 16, 4))) is not None

"""Claims in prose: what is read as one, and what contradicts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.claims import Claim, read_claim, read_claims
from blankspot.words import number, percent


@pytest.mark.parametrize(
    ("text", "part", "whole", "share", "unit"),
    [
        ("43 dari 60 desa (71,67 %)", 43, 60, 71.67, "desa"),
        ("71,67 % (43/60)", 43, 60, 71.67, ""),
        ("43/60", 43, 60, None, ""),
        ("43/60 (71,67%)", 43, 60, 71.67, ""),
        ("36 OPD dari 34 (105,88%)", 36, 34, 105.88, "OPD"),
        ("36 dari 34 OPD", 36, 34, None, "OPD"),
        ("dari target 60 desa, terealisasi 43 (72 %), bersama Telkom secara pentahelix", 43, 60, 72, "desa"),
        ("43 desa tertangani dari 60 (71,67 persen)", 43, 60, 71.67, "desa tertangani"),
        ("43 desa dari target 60 desa atau setara 71,67 persen", 43, 60, 71.67, "desa"),
        ("Realisasi 60,35 % (Rp4.828.000.000 dari Rp8.000.000.000) per Desember", 4.828e9, 8e9, 60.35, ""),
        ("1.234 dari 2.468 desa (50 %)", 1234, 2468, 50, "desa"),
        ("43 out of 60 villages (71.67%)", 43, 60, 71.67, "villages"),
    ],
)
def test_the_orders_in_which_people_write_a_share(text, part, whole, share, unit):
    claim = read_claim(text)
    assert (claim.numerator, claim.denominator, claim.percent, claim.unit) == (part, whole, share, unit)
    assert claim.check() is None


@pytest.mark.parametrize(
    "text",
    [
        "3 titik atau 6,12 % dari 29",
        "3 titik (6,12 %) dari 29 titik",
        "3 dari 29 titik atau 6,12 %",
        "dari 29 titik baru 3 titik (6,12%)",
        "6,12 % (3/29)",
        "Baru terpasang 3 titik atau 6,12 % dari 29 titik yang direncanakan.",
    ],
)
def test_a_percentage_that_does_not_fit_is_told_with_what_would(text):
    fault = read_claim(text).check()
    assert "3/29 = 10,34 %" in fault.id
    assert "3/49 = 6,12 %" in fault.id
    assert "3/29 = 10.34 %" in fault.en


def test_wholes_and_parts_that_fit_a_percentage_as_printed():
    claim = read_claim("43 dari 60 desa (70 %)")
    assert (claim.denominators(), claim.numerators()) == (range(61, 62), range(42, 43))
    assert "43/61 = 70 %; 42/60 = 70 %" in claim.check().id
    assert list(read_claim("5 dari 12 titik (10 %)").denominators()) == [48, 49, 50, 51, 52]
    assert list(read_claim("1 dari 3 (0 %)").denominators()) == []


@pytest.mark.parametrize(
    "text",
    [
        "", None, 43, "43", "26/12/22", "12/2022", "26/12/2022", "Surat 500.8.7/4586 tanggal 3 Mei 2025", "Nomor 12/345 tahun 2022",
        "turun dari 60 desa menjadi 43 desa (72 %)", "naik 5 % dari 2021", "60,35 % dari Rp8 miliar", "dari 12 kecamatan, 5 desa (10 %)",
        "dari Dinas Kominfo", "1/2/3", "50 %", "2022-Q3",
    ],
)  # fmt: skip
def test_what_is_no_share(text):
    assert read_claim(text) is None


@pytest.mark.parametrize(
    "text",
    ["43 dari 60 desa, 5 % di antaranya APBD", "43 dari 60 desa, 5 % dari anggaran", "43 dari 60 desa, 5 % lebih"],
)
def test_a_percentage_of_something_else_is_left_alone(text):
    assert read_claim(text).percent is None


def test_each_sentence_makes_its_own_claims():
    claims = read_claims("Baru 3 titik; sisanya 26 dari 29 titik (89,66 %). Lalu 5 dari 10 (40%)")
    assert [(claim.numerator, claim.denominator) for claim in claims] == [(26, 29), (5, 10)]
    assert [claim.check() is None for claim in claims] == [True, False]


def test_a_number_in_words_may_be_rounded():
    assert read_claim("Rp4,8 miliar dari Rp8 miliar (60,35 %)").check() is None
    assert read_claim("Rp4,828 miliar dari Rp8,0 miliar (60,35 %)").check() is None
    assert read_claim("Rp4,8 miliar dari Rp8,0 miliar (65 %)").check() is not None


def test_nothing_is_a_share_of_nothing():
    assert read_claim("0 dari 0 (0 %)").check() is not None
    assert read_claim("0 dari 5 (0 %)").check() is None


@given(st.integers(0, 2000), st.integers(1, 2000), st.integers(0, 3))
def test_what_we_print_ourselves_is_read_back_and_fits(part, whole, decimals):
    text = f"{number(part)} dari {number(whole)} desa ({percent(part, whole, decimals)})"
    claim = read_claim(text)
    assert (claim.numerator, claim.denominator, claim.decimals) == (part, whole, decimals)
    assert claim.check() is None
    assert claim.numerator in claim.numerators()
    rounded = (Decimal(part) * 100 / whole).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if rounded > Decimal("0.5").scaleb(-decimals):
        assert claim.denominator in claim.denominators()


@settings(max_examples=60)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 100))
def test_a_claim_fits_exactly_where_its_whole_is_among_those_that_fit(part, whole, share):
    claim = Claim(numerator=part, denominator=whole, percent=share)
    fits = claim.check() is None
    assert fits == (part in claim.numerators())
    if share:
        assert fits == (whole in claim.denominators())


@settings(max_examples=200)
@given(st.text("0123456789.,%/() darimtike;", max_size=60))
def test_any_text_is_read_without_complaint(text):
    for claim in read_claims(text):
        claim.check()

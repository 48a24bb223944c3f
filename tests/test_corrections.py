from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.corrections import Answer, Code, correction_code, is_complete, mask, read_code, tidy, write_message

DAY = dt.date(2022, 12, 26)
CODE = "32.04.05.2001-221226-79"
codes = st.from_regex(r"[1-9][0-9]\.[0-9]{2}\.[0-9]{2}\.[123][0-9]{3}", fullmatch=True)


def test_a_code_names_village_and_day():
    assert correction_code("32.04.05.2001", DAY) == CODE
    assert read_code(CODE) == Code("32.04.05.2001", "221226")
    assert correction_code("32.04.05.2001", None).split("-")[1] == "000000"
    assert correction_code("Sukanagara", DAY) == ""


def test_a_bps_number_has_a_code_of_its_own():
    code = correction_code("bps:3204010002", DAY)
    assert read_code(code) == Code("bps:3204010002", "221226")
    assert read_code(code.removeprefix("bps:")) is None


@pytest.mark.parametrize(
    "written",
    [
        "32 04 05 2001 221226 79",
        "320405200122122679",
        "32.04.05.2001–221226–79",
        "32.O4.05.2OO1-22l226-79",
        f"\u200e {CODE} ",
    ],
)
def test_a_code_is_read_however_it_is_typed(written):
    assert read_code(written) == Code("32.04.05.2001", "221226")


@given(codes, st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.data())
def test_a_slip_of_the_pen_is_noticed(village, day, data):
    code = correction_code(village, day)
    assert read_code(code) is not None
    digits = [at for at, sign in enumerate(code) if sign.isdigit()]
    at = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != code[digits[at]]]))
    wrong = code[: digits[at]] + other + code[digits[at] + 1 :]
    assert is_complete(wrong)
    assert read_code(wrong) is None
    plain = [code[place] for place in digits]
    if at and plain[at] != plain[at - 1]:
        plain[at], plain[at - 1] = plain[at - 1], plain[at]
        assert read_code("".join(plain)) is None


def test_a_lost_digit_is_no_slip_but_an_incomplete_code():
    assert not is_complete(CODE[:-1])


@given(st.text(max_size=200))
def test_tidy_has_one_spelling(text):
    assert tidy(tidy(text)) == tidy(text)
    assert tidy(text.replace(" ", "\u00a0\u200b ")) == tidy(text)


def test_no_text_passes_for_another_field():
    answer = Answer(code=CODE, place="Kode koreksi: 1\nTanggal: besok", text="#Selesai ##selesai Desa : X")
    assert answer.place == "Kode koreksi - 1 Tanggal - besok"
    assert "#selesai" not in answer.text.lower()
    assert write_message(answer).lower().count("#selesai") == 1


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("hubungi 0812-3456-7890 ya", "hubungi [dihapus] ya"),
        ("+62 812 3456 7890", "[dihapus]"),
        ("tulis ke budi.s@contoh.co.id", "tulis ke [dihapus]"),
        ("NIK 3204052001900001", "NIK [dihapus]"),
        ("HP.081234567890, WA no.0812-3456-7890", "HP.[dihapus], WA no.[dihapus]"),
        ("(0812) 3456 7890", "[dihapus]"),
        ("+62 (0) 812 3456 7890", "[dihapus]"),
        ("0812 \N{EN DASH} 3456 \N{EN DASH} 7890", "[dihapus]"),
        ("3204 0520 0190 0001", "[dihapus]"),
        ("320405-200190-0001", "[dihapus]"),
        ("-6.081234567890, 107.6081234567", "-6.081234567890, 107.6081234567"),
        ("2019 2020 2021 2022 tanpa sinyal", "2019 2020 2021 2022 tanpa sinyal"),
        ("RSRP 0 -85 -92 -101 -110", "RSRP 0 -85 -92 -101 -110"),
        ("surat 0812/345/2022", "surat 0812/345/2022"),
        ("40 rumah, RSRP -108 dBm, 26-12-2022, 08.00", "40 rumah, RSRP -108 dBm, 26-12-2022, 08.00"),
        (CODE, CODE),
    ],
)
def test_what_tells_a_person_is_masked(text, masked):
    assert mask(text) == masked
    assert mask(mask(text)) == mask(text)

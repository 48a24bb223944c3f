"""Numbers, days and positions in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from blankspot.out.letters.wording import (
    counted,
    day_in_words,
    in_words,
    latitude,
    listed,
    longitude,
    one_line,
    quarter,
)
from blankspot.words import Text


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (12, "dua belas"), (20, "dua puluh"),
        (43, "empat puluh tiga"), (100, "seratus"), (111, "seratus sebelas"), (250, "dua ratus lima puluh"),
        (1000, "seribu"), (1999, "seribu sembilan ratus sembilan puluh sembilan"), (2022, "dua ribu dua puluh dua"),
        (11_000, "sebelas ribu"), (100_000, "seratus ribu"), (1_000_001, "satu juta satu"),
    ],
)  # fmt: skip
def test_numbers_in_words(count, said):
    assert in_words(count) == said


@tried(deadline=None, max_examples=200)
@given(st.integers(0, 999_999_999))
def test_every_number_has_words_of_its_own_and_adds_up(count):
    said = in_words(count)
    assert said == " ".join(said.split())
    assert count < 1000 or in_words(count // 1000 * 1000).split()[0] == said.split()[0]


@pytest.mark.parametrize("count", [-1, 10**9])
def test_beyond_the_range_there_are_no_words(count):
    with pytest.raises(ValueError):
        in_words(count)


def test_counts_days_quarters_and_positions_as_letters_write_them():
    assert counted(1, Text("berkas", "file")) == "1 (satu) berkas"
    assert counted(3, Text("berkas", "files"), "en") == "3 files"
    assert counted(0, Text("berkas", "files")) == "–"
    assert (
        day_in_words(dt.date(2022, 12, 26))
        == "Senin, tanggal dua puluh enam bulan Desember tahun dua ribu dua puluh dua"
    )
    assert day_in_words(dt.date(2022, 12, 26), "en") == "Monday, 26 December 2022"
    assert (quarter("2022-Q3"), quarter("2022-Q3", "en"), quarter("nanti")) == ("TW III 2022", "Q3 2022", "nanti")
    assert (latitude(-6.94421), longitude(107.740034)) == ("6,94421° LS", "107,74003° BT")
    assert (latitude(1.5), longitude(-3.0, "en")) == ("1,50000° LU", "3.00000° W")
    assert [listed(list("ABC"[:n])) for n in range(4)] == ["", "A", "A dan B", "A, B, dan C"]


@tried(deadline=None, max_examples=200)
@given(st.text())
def test_a_text_becomes_one_line_that_xml_can_hold(text):
    line = one_line(text)
    assert line == " ".join(line.split())
    assert all(ord(sign) >= 32 and not 0xD800 <= ord(sign) <= 0xDFFF for sign in line)
    assert one_line(line) == line


def test_what_steers_a_document_is_gone():
    assert one_line("a\nb\tc\a\fd\x00\u202ee\u200bf") == "a b c d ef"

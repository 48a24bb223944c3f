"""A sheet keeps to its page whatever it is told, and counts what it leaves out."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.out.facts.plain import COLUMNS, LINES, _Lines, write_plain
from blankspot.out.facts.sheet import Figure, Listing, Pairs, Sheet, clip, fitted

TEXTS = st.one_of(
    st.text(max_size=30), st.text(alphabet="W ", max_size=900), st.sampled_from(["", "71,67 %", "x" * 500])
)


def listing(rows: list[tuple[str, str]]) -> Listing:
    return Listing(title="Daftar", heads=("Nama", "Angka"), rows=tuple(rows), widths=(0.7, 0.3), right=frozenset({1}))


def sheet(*parts: Pairs | Listing, lead: str = "Kalimat", title: str = "Judul") -> Sheet:
    return Sheet(
        kicker="Lembar fakta",
        title=title,
        place="Tempat",
        lead=lead,
        figures=(Figure("Tertangani", "43", "dari 60"),),
        parts=parts,
        foot=("Definisi",),
        lang="id",
    )


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(st.tuples(TEXTS, TEXTS), max_size=90), max_size=5),
    pairs=st.lists(st.tuples(st.sampled_from(["", "Nama"]), TEXTS), max_size=20),
    lead=TEXTS,
    title=TEXTS,
)
def test_text_keeps_to_its_page(rows, pairs, lead, title):
    whole = sheet(*map(listing, rows), Pairs(title="Fakta", rows=tuple(pairs)), lead=lead, title=title)
    told = write_plain(whole)
    lines = told.split("\n")
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    assert not [sign for sign in told if sign != "\n" and unicodedata.category(sign)[0] == "C"]
    for part, cut in zip(whole.parts, fitted(whole, _Lines()).parts, strict=True):
        if isinstance(cut, Listing):
            assert len(cut.rows) + cut.left_out == len(part.rows)


def test_what_is_left_out_is_counted():
    told = write_plain(sheet(listing([(f"Desa {i}", str(i)) for i in range(200)])))
    shown = sum(line.strip().startswith("Desa ") for line in told.split("\n"))
    assert f"dan {200 - shown} lagi" in told
    assert len(told.split("\n")) == LINES


def test_the_longest_list_loses_first():
    cut = fitted(sheet(listing([("a", "1")] * 3), listing([("b", "2")] * 300)), _Lines())
    assert next(part.left_out for part in cut.parts) == 0


def test_what_fits_is_not_cut():
    whole = sheet(listing([("Desa", "1")] * 5), Pairs(title="", rows=(("Nama", "nilai"),)))
    assert [part.rows for part in fitted(whole, _Lines()).parts] == [part.rows for part in whole.parts]


def test_a_percent_sign_stays_with_its_figure():
    told = write_plain(sheet(lead=("kata " * 19) + "ya 43 %"))
    assert "43 %" in told
    assert not any(line.startswith("%") for line in told.split("\n"))


def test_clip_takes_out_what_steers_a_terminal():
    assert clip("a\x1b[31m\u202eb\nc") == "a [31m b c"
    assert clip("x" * 10, 5) == "xxxx…"


@pytest.mark.parametrize(
    ("value", "is_long"), [("Terverifikasi pascapenanganan", True), ("Belum cukup data", False), ("", False)]
)
def test_a_figure_with_a_long_word_is_set_smaller(value, is_long):
    assert Figure("Penanganan", value).is_long is is_long

"""Labels, numbers and dates as official Indonesian reports write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot import schema, words
from blankspot.words import Text


def test_a_text_speaks_both_languages():
    text = Text("desa {name}", "village {name}")
    assert (text.of("id"), text.of("en")) == ("desa {name}", "village {name}")
    assert text.fill(name="A {b}") == Text("desa A {b}", "village A {b}")


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("signal_class", schema.SIGNAL_CLASSES),
        ("confidence", schema.CONFIDENCES),
        ("village_type", schema.VILLAGE_TYPES),
        ("intervention_type", schema.INTERVENTION_TYPES),
        ("funding_source", schema.FUNDING_SOURCES),
    ],
)
def test_every_choice_has_a_word_in_both_languages(kind, choices):
    for choice in choices:
        assert words.label(kind, choice).strip()
        assert words.label(kind, choice, "en").strip()
    assert set(words.LABELS[kind]) == set(choices)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        (62.5, 0, "63"),
        (0.125, 2, "0.13"),
        (2.675, 2, "2.68"),
        (-62.5, 0, "-63"),
        (1, 2, "1.00"),
        (Decimal("0.5"), 0, "1"),
    ],
)
def test_rounding_is_half_up_on_the_number_as_written(value, decimals, rounded):
    assert str(words.round_half_up(value, decimals)) == rounded


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 3))
def test_rounding_moves_by_half_a_unit_at_most(value, decimals):
    assert abs(words.round_half_up(value, decimals) - value) <= Decimal(5).scaleb(-decimals - 1)


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234.5, 2, "1.234,50", "1,234.50"),
        (0, 0, "0", "0"),
        (-0.4, 0, "0", "0"),
        (-1234, 0, "-1.234", "-1,234"),
        (1e9, 0, "1.000.000.000", "1,000,000,000"),
    ],
)
def test_numbers(value, decimals, indonesian, english):
    assert words.number(value, decimals) == indonesian
    assert words.number(value, decimals, lang="en") == english


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [(43, 60, "71,67 %"), (36, 34, "105,88 %"), (0, 5, "0,00 %"), (0, 0, "–"), (3, 0, "–"), (1, 800, "0,13 %")],
)
def test_a_share_may_exceed_its_target_and_has_none_without_one(numerator, denominator, text):
    assert words.percent(numerator, denominator) == text


def test_dates():
    assert words.date_text(dt.date(2022, 12, 26)) == "26 Desember 2022"
    assert words.date_text(dt.date(2022, 12, 26), lang="en") == "26 December 2022"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (2.6e9, "Rp2,6 miliar"),
        (2e9, "Rp2 miliar"),
        (1e12, "Rp1 triliun"),
        (1_500_000, "Rp1,5 juta"),
        (750_000, "Rp750.000"),
        (999_999, "Rp999.999"),
        (999_949_999, "Rp999,9 juta"),
        (999_950_000, "Rp1 miliar"),
        (999_999_999_999, "Rp1 triliun"),
        (0, "Rp0"),
    ],
)
def test_money(amount, text):
    assert words.rupiah(amount) == text


def test_money_in_english():
    assert words.rupiah(2.6e9, lang="en") == "Rp2.6 billion"
    assert words.rupiah(-2.6e9) == "-Rp2,6 miliar"

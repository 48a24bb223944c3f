"""How a cell reads, and that totals are sums."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.out.reports.model import Column, Share, decimals_of, total_row
from blankspot.words import Text

HEADING = Text("Judul", "Heading")


def column(kind, **rest):
    return Column(key="a", heading=HEADING, kind=kind, **rest)


@pytest.mark.parametrize(
    ("share", "decimals", "shown"),
    [
        (Share(43, 60), 2, "71,67 %"),
        (Share(43, 60), 0, "72 %"),
        (Share(36, 34), 2, "105,88 %"),
        (Share(62.5, 100), 0, "63 %"),
        (Share(1, 8), 0, "13 %"),
        (Share(3, 29), 2, "10,34 %"),
        (Share(3, 49), 2, "6,12 %"),
        (Share(5, 0), 2, "–"),
        (Share(-10, 40), 2, "-25,00 %"),
    ],
)
def test_a_percentage_is_rounded_half_up_and_has_none_of_nothing(share, decimals, shown):
    assert column("percent", decimals=decimals).say(share) == shown


@pytest.mark.parametrize(
    ("kind", "decimals", "cell", "shown"),
    [
        ("number", 0, 62.5, "63"),
        ("number", 0, 1234567, "1.234.567"),
        ("number", None, 62.5, "62,5"),
        ("number", None, 60.0, "60"),
        ("number", None, 1.005, "1,01"),
        ("number", 0, None, "–"),
        ("rupiah", 0, 2600000000, "Rp2.600.000.000"),
        ("rupiah", 0, -1500, "-Rp1.500"),
        ("rupiah", 0, 0, "Rp0"),
        ("date", 0, dt.date(2022, 12, 26), "26 Desember 2022"),
        ("date", 0, None, ""),
        ("code", 0, "32.04.05.2001", "32.04.05.2001"),
        ("text", 0, None, ""),
        ("label", 0, Text("Tertangani", "Handled"), "Tertangani"),
    ],
)
def test_a_cell_is_written_as_its_column_says(kind, decimals, cell, shown):
    assert column(kind, decimals=decimals).say(cell) == shown


def test_cells_read_in_english_too():
    assert column("percent", decimals=2).say(Share(43, 60), lang="en") == "71.67 %"
    assert column("label").say(Text("Tertangani", "Handled"), lang="en") == "Handled"


@pytest.mark.parametrize(("value", "decimals"), [(60, 0), (60.0, 0), (62.5, 1), (0.125, 2), (1e6, 0), (0.1 + 0.2, 1)])
def test_a_number_takes_as_many_decimals_as_it_has(value, decimals):
    assert decimals_of(value) == decimals


def test_a_total_adds_up_figures_and_the_parts_of_shares():
    columns = (
        Column(key="name", heading=HEADING),
        Column(key="n", heading=HEADING, kind="number", total=True),
        Column(key="rest", heading=HEADING, kind="number"),
        Column(key="money", heading=HEADING, kind="rupiah", total=True),
        Column(key="share", heading=HEADING, kind="percent", total=True),
    )
    rows = [
        {"name": "a", "n": 997, "rest": 1, "money": None, "share": Share(1, 4)},
        {"name": "b", "n": -492, "rest": 1, "money": None, "share": Share(2, 8)},
    ]
    assert total_row(columns, rows, {"name": Text("Jumlah", "Total")}) == {
        "name": Text("Jumlah", "Total"),
        "n": 505,
        "rest": "",
        "money": None,
        "share": Share(3, 12),
    }


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999))))
def test_the_total_of_shares_has_the_sum_of_their_parts(pairs):
    only = Column(key="s", heading=HEADING, kind="percent", total=True)
    total = total_row([only], [{"s": Share(*pair)} for pair in pairs], {})["s"]
    assert total == Share(sum(one for one, _ in pairs), sum(of for _, of in pairs))

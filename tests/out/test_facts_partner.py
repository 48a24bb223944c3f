"""The facts of a partner: counted by desa, the oldest open case first, money never without its budget."""

from __future__ import annotations

import factworld as world
import pandas as pd
import pytest

from blankspot.out.facts.cases import Papers
from blankspot.out.facts.partner import gather_partner
from blankspot.out.facts.plain import write_plain

CODES = world.villages(6)["village_code"].tolist()


def partner(*rows, notes=(), **more):
    papers = Papers(notes=pd.DataFrame(list(notes))) if notes else Papers()
    return gather_partner(
        "Telkomsel",
        **{
            "key": "telkomsel",
            "role": "business",
            "known_as": ("Tsel",),
            "cases": world.state(*rows),
            "villages": world.villages(6),
            "papers": papers,
            "as_of": world.AS_OF,
        }
        | more,
    )


@pytest.fixture
def facts():
    return partner(
        world.case(CODES[0], "handled", "2022-11-01", realized_rp=1.5e9, year=2021),
        world.case(CODES[1], "construction", "2022-11-15"),
        world.case(CODES[2], "assigned", "2022-06-01", budget_rp=None),
        world.case(CODES[3], "rejected", "2022-02-01", is_target=False, year=pd.NA),
        world.case(CODES[4], "handled", "2022-05-01", service="internet"),
        notes=[
            world.note(f"{CODES[1]}:mobile"),
            world.note("partner:telkomsel", constraint="Tiang belum tersedia", due_on=pd.NaT),
            world.note(f"{CODES[5]}:mobile", constraint="Bukan urusannya"),
            world.note(f"{CODES[2]}:mobile", constraint="Sudah selesai", open=False),
        ],
    )


def test_desa_are_counted_by_service(facts):
    assert (facts.mobile.assigned, facts.mobile.handled, facts.mobile.still_open) == (4, 1, 2)
    assert (facts.internet.assigned, facts.internet.handled) == (1, 1)
    assert {count.name: (count.assigned, count.handled) for count in facts.by_year} == {
        "2021": (1, 1),
        "2022": (2, 0),
        "": (1, 0),
    }
    assert {count.name: count.assigned for count in facts.by_district} == {"Kecamatan A": 2, "Kecamatan B": 2}


def test_a_desa_with_two_cases_counts_once():
    twice = partner(
        world.case(CODES[0], "reopened", "2022-03-01"),
        world.case(CODES[0], "handled", "2022-04-01", case_id=f"{CODES[0]}:mobile:b"),
    )
    assert (twice.mobile.assigned, twice.mobile.handled, twice.mobile.still_open) == (1, 1, 0)


def test_the_oldest_open_case_comes_first(facts):
    assert facts.oldest_open["village_code"] == CODES[2]
    assert facts.oldest_open["age_days"] == 208
    assert [case["stage"] for case in facts.cases[:2]] == ["assigned", "construction"]


def test_the_sheet_says_it_in_one_sentence(facts):
    told = write_plain(facts.sheet())
    assert "Telkomsel menangani 1 dari 4 desa yang ditugaskan (25,00 %); 2 masih terbuka." in " ".join(told.split())
    for piece in (
        "Sukanagara 3 (Ditugaskan, 208 hari)",
        "badan usaha; juga disebut Tsel",
        "Rp1,5 miliar (dari Rp6 miliar, 25,00 %; 1 kasus tanpa anggaran)",
        "Tiang belum tersedia",
        "41 hari",
    ):
        assert piece in " ".join(told.split()), piece
    (notes, *_) = facts.sheet().parts
    assert notes.rows[0] == (
        "Sukanagara 2",
        "Lahan belum dibebaskan",
        "Surat ke camat",
        "Bidang Infrastruktur",
        "30 Nov 2022 (lewat 26 hari)",
    )
    assert "Bukan urusannya" not in told
    assert "Sudah selesai" not in told


def test_english_and_machines(facts):
    told = " ".join(write_plain(facts.sheet("en")).split())
    assert "Telkomsel has handled 1 of the 4 desa it was given (25.00 %); 2 are still open." in told
    assert facts.sheet("en").parts[0].rows[0][-1] == "30 Nov 2022 (late by 26 days)"
    plain = facts.to_dict()
    assert plain["kind"] == "partner"
    assert plain["mobile"] == {"name": "mobile", "assigned": 4, "handled": 1, "still_open": 2}


def test_a_partner_without_a_case_has_a_sheet_too():
    told = write_plain(partner().sheet())
    assert "0 dari 0 desa yang ditugaskan (–)" in " ".join(told.split())
    assert "Tidak ada." in told

"""The facts of a kecamatan and of a kabupaten: classes that add up, what is open, what nobody asked for."""

from __future__ import annotations

from dataclasses import replace

import factworld as world
import pandas as pd
import pytest

from blankspot.out.facts.area import Achieved, gather_area
from blankspot.out.facts.cases import Papers
from blankspot.out.facts.plain import write_plain
from blankspot.words import Text

VILLAGES = world.villages(8)
CODES = VILLAGES["village_code"].tolist()  # kecamatan A: 0, 2, 4, 6
CLASSES = ["none", "served", "none", "weak", "none", "unknown", "none", "none"]


def area(code="99.01.01", level="district", **verdicts):
    return gather_area(
        code,
        level=level,
        villages=VILLAGES,
        verdicts=pd.DataFrame({"village_code": CODES, "signal_class": CLASSES, "profile": "bawaan (1a2b)"} | verdicts),
        handling=world.state(
            world.case(CODES[0], "handled", "2022-11-01"),
            world.case(CODES[2], "identified", "2022-03-01", partner=None),
            world.case(CODES[3], "assigned", "2022-06-01", partner="BAKTI", conflict=True),
            world.case(CODES[6], "handled", "2022-02-01", service="internet"),
        ),
        papers=Papers(
            proposals=pd.DataFrame(
                {
                    "village_code": [CODES[4], CODES[1]],
                    "proposed_on": pd.to_datetime(["2022-02-01", "2022-03-01"]),
                    "channel": ["musrenbang", "warga"],
                    "village_name": ["ejaan lain", "ejaan lain"],
                }
            ),
            notes=pd.DataFrame([world.note(f"{CODES[3]}:mobile")]),
        ),
        achieved=Achieved(numerator=1, denominator=3, year=2022, definition=Text("Definisi.", "Definition.")),
        targets={"99.01.01": (1, 2), "99.01.02": (0, 1)},
        as_of=world.AS_OF,
    )


def test_classes_add_up_to_the_desa():
    district, regency = area(), area("99.01", "regency")
    assert district.classes == {"none": 4, "weak": 0, "served": 0, "unknown": 0}
    assert regency.classes == {"none": 5, "weak": 1, "served": 1, "unknown": 1}
    assert sum(row["none"] for row in regency.parts) == regency.classes["none"]
    assert [(row["name"], row["handled"], row["target"]) for row in regency.parts] == [
        ("Kecamatan A", 1, 2),
        ("Kecamatan B", 0, 1),
    ]


def test_an_internet_point_and_an_identified_case_do_not_ask_for_coverage():
    assert [row["village_code"] for row in area().unproposed] == [CODES[6], CODES[2]]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_sheet_says_the_figures_with_what_they_are_a_part_of(lang):
    told = " ".join(write_plain(area("99.01", "regency").sheet(lang)).split())
    wanted = {
        "id": (
            "5 dari 8 desa blankspot (62,50 %); 1 belum cukup data. Target 2022: 1 dari 3 desa tertangani (33,33 %).",
            "2: 1 untuk desa yang blankspot, 1 untuk desa yang sudah terlayani, 0 lainnya",
            "Ditugaskan * 1 Jun 2022 208 hari BAKTI",
            "Definisi.",
            "* Dua pihak mencatat langkah yang berbeda",
            "1 / 2 (50,00 %)",
        ),
        "en": ("5 of 8 desa are blankspots (62.50 %)", "208 days", "Definition."),
    }
    for piece in wanted[lang]:
        assert piece in told, piece


def test_a_kecamatan_lists_no_kecamatan():
    told = write_plain(area("99.01.02").sheet())
    assert "Menurut wilayah" not in told
    assert "Kecamatan Kecamatan B (99.01.02)" in told


def test_machines_get_everything():
    told = area().to_dict()
    assert told["kind"] == "district"
    assert told["desa"] == 4
    assert told["achieved"]["definition"] == {"id": "Definisi.", "en": "Definition."}


def test_the_lead_tells_what_is_not_known_and_that_there_is_no_target_list():
    facts = area("99.01", "regency")
    facts = replace(
        facts,
        classes=dict.fromkeys(facts.classes, 0) | {"unknown": 8},
        achieved=replace(facts.achieved, numerator=0, denominator=0),
    )
    told = " ".join(write_plain(facts.sheet()).split())
    assert "0 dari 8 desa blankspot (0,00 %); 8 belum cukup data. Belum ada daftar target 2022." in told


def test_what_a_prediction_alone_judged_is_counted_apart():
    sure = ["modelled" if at in (0, 2) else "measured" for at in range(8)]
    told = area(confidence=sure, rule=[f"{name}.test" for name in sure])
    assert told.to_dict()["by_prediction"] == {"none": 2}
    assert "; 2 menurut prediksi saja" in told.sheet().figures[0].note
    coarse = area(
        confidence=sure, rule=["modelled_coarse.none" if name == "modelled" else "measured.test" for name in sure]
    )
    assert "; 2 menurut prediksi kasar saja" in coarse.sheet().figures[0].note
    assert "prediksi" not in area().sheet().figures[0].note

"""Progress against a target list: numerator, denominator, definition and day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from stories import MAIN_LINE, VILLAGE, VILLAGES, Clock, day, event, handled, story

from blankspot.ledger import Event, Ledger
from blankspot.ledger.partners import partner_key

DECEMBER_26 = dt.date(2022, 12, 26)
SIXTY = [f"32.04.{5 + number // 20:02d}.2{number % 20 + 1:03d}" for number in range(60)]


@pytest.fixture
def sixty(ledger):
    """A target list of 60, of which 43 are handled on 26 December 2022: the last two on the very day."""
    ledger.append([event("target", 10, village, document="SK-1") for village in SIXTY])
    for number, village in enumerate(SIXTY[:43]):
        until = 359 if number >= 41 else 40 + 7 * number
        ledger.append(story(*MAIN_LINE[:4], village=village, step=1))
        ledger.append(event("assigned", 20, village, partner=("Telkom", " TELKOM ", "BAKTI")[number % 3]))
        ledger.append(event("handled", until, village))
    ledger.append(story("identified", "proposed", village=SIXTY[50]))
    return ledger


def test_the_line_that_people_quote(sixty):
    measured = sixty.progress(year=2022, as_of=DECEMBER_26)
    assert (measured.numerator, measured.denominator) == (43, 60)
    assert measured.text() == "43 dari 60 desa (71,67 %) per 26 Desember 2022"
    assert measured.text("en") == "43 of 60 desa (71.67 %) as of 26 December 2022"
    assert "daftar target 2022 per tanggal yang sama" in measured.definition.id
    assert "26 December 2022" in measured.definition.en


def test_the_day_before_two_are_missing(sixty):
    assert (
        sixty.progress(year=2022, as_of=dt.date(2022, 12, 25)).text()
        == "41 dari 60 desa (68,33 %) per 25 Desember 2022"
    )


def test_a_year_without_a_list_has_no_percent(sixty):
    assert sixty.progress(year=2021, as_of=DECEMBER_26).text() == "0 dari 0 desa (–) per 26 Desember 2022"


def test_before_the_list_was_made_there_is_no_target(sixty):
    assert sixty.progress(year=2022, as_of=day(9)).denominator == 0


@pytest.mark.parametrize("name", ["PT Telkomsel", "pt. TELKOMSEL", "Telkomsel, Tbk.", " Telkomsel  (PT)"])
def test_a_legal_form_makes_no_other_partner(name):
    assert partner_key(name) == partner_key("Telkomsel") == "telkomsel"
    assert partner_key("PT") == "pt"


def test_partners_are_grouped_without_regard_to_case_and_spaces(sixty):
    measured = sixty.progress(year=2022, as_of=DECEMBER_26, by="partner")
    assert [(group.key, group.numerator, group.denominator) for group in measured.groups] == [
        ("bakti", 14, 14),
        ("telkom", 29, 29),
        ("", 0, 17),
    ]
    assert measured.groups[-1].label.id == "Belum ada mitra"
    assert sum(group.denominator for group in measured.groups) == measured.denominator
    assert sum(group.numerator for group in measured.groups) == measured.numerator


def test_districts_are_named_by_the_villages(sixty):
    villages = pd.DataFrame({"village_code": SIXTY, "district": ["Cileunyi"] * 20 + ["Cimenyan"] * 20 + [None] * 20})
    measured = sixty.progress(year=2022, as_of=DECEMBER_26, by="district", villages=villages)
    assert [(group.key, group.label.id, group.numerator, group.denominator) for group in measured.groups] == [
        ("32.04.05", "Cileunyi", 20, 20),
        ("32.04.06", "Cimenyan", 20, 20),
        ("32.04.07", "32.04.07", 3, 20),
    ]


def test_quarters_are_cumulative_and_say_what_fell_within(sixty):
    measured = sixty.progress(year=2022, as_of=DECEMBER_26, by="quarter")
    assert [group.label.id for group in measured.groups] == ["TW I 2022", "TW II 2022", "TW III 2022", "TW IV 2022"]
    assert [group.as_of for group in measured.groups] == [
        dt.date(2022, 3, 31),
        dt.date(2022, 6, 30),
        dt.date(2022, 9, 30),
        DECEMBER_26,
    ]
    for group in measured.groups:
        assert (group.numerator, group.denominator) == (
            sixty.progress(year=2022, as_of=group.as_of).numerator,
            60,
        )
    assert [group.in_period for group in measured.groups] == [8, 13, 13, 9]
    assert measured.groups[-1].numerator == sum(group.in_period for group in measured.groups) == 43
    assert [group.key for group in sixty.progress(year=2022, as_of=day(100), by="quarter").groups] == [
        "2022-Q1",
        "2022-Q2",
    ]
    assert sixty.progress(year=2023, as_of=DECEMBER_26, by="quarter").groups == ()


def test_later_days_see_whole_quarters(sixty):
    (*_, last) = sixty.progress(year=2022, as_of=dt.date(2023, 5, 1), by="quarter").groups
    assert last.as_of == dt.date(2022, 12, 31)


def test_reopened_villages_count_no_more_and_verified_ones_do(ledger):
    ledger.append([event("target", 0, village) for village in VILLAGES])
    for village in VILLAGES:
        ledger.append(handled(village))
    ledger.append([event("verified_after", 90), event("reopened", 90, VILLAGES[1])])
    assert ledger.progress(year=2022, as_of=day(89)).numerator == 3
    assert ledger.progress(year=2022, as_of=day(90)).numerator == 2


def test_what_left_the_list_counts_neither_above_nor_below(ledger):
    ledger.append([event("target", 0), event("target", 0, VILLAGES[1]), *handled()])
    ledger.append(event("target_removed", 100, reason="sudah terlayani"))
    assert ledger.progress(year=2022, as_of=day(99)).text().startswith("1 dari 2 desa (50,00 %)")
    assert ledger.progress(year=2022, as_of=day(100)).text().startswith("0 dari 1 desa (0,00 %)")


@pytest.mark.parametrize("kind", ["vsat", "leo", "fiber_wifi"])
def test_an_internet_point_ends_no_cellular_blankspot(ledger, kind):
    ledger.append([event("target", 0), event("target", 0, VILLAGES[1])])
    ledger.append(story(*MAIN_LINE[:8], case_id=f"{VILLAGE}:internet"))
    ledger.append(story(*MAIN_LINE[:4], village=VILLAGES[1]))
    ledger.append([event("assigned", 50, VILLAGES[1], intervention_type=kind), event("handled", 60, VILLAGES[1])])
    assert ledger.progress(year=2022, as_of=day(200)).numerator == 0
    assert set(ledger.state()["service"]) == {"internet", "mobile"}


def test_one_mobile_case_of_several_is_enough(ledger):
    ledger.append([event("target", 0), *story("identified", "proposed")])
    ledger.append(story(*MAIN_LINE[:8], case_id=f"{VILLAGE}:mobile:2"))
    measured = ledger.progress(year=2022, as_of=day(200), by="partner")
    assert (measured.numerator, measured.denominator) == (1, 1)


def test_as_it_was_known_then():
    clock = Clock(dt.datetime(2022, 12, 27, 3, 0, tzinfo=dt.UTC))
    with Ledger.open(":memory:", clock=clock) as ledger:
        ledger.append([event("target", 0), *handled()[:7]])
        clock.now = dt.datetime(2022, 12, 31, 3, 0, tzinfo=dt.UTC)
        ledger.append(handled()[7])
        then = ledger.progress(year=2022, as_of=DECEMBER_26, known_on=dt.date(2022, 12, 28))
        now = ledger.progress(year=2022, as_of=DECEMBER_26)
    assert (then.numerator, now.numerator) == (0, 1)


def test_every_year_s_list_is_measured_by_itself(ledger):
    ledger.append([event("target", 1), event("target", 1, VILLAGES[1]), *handled()])
    ledger.append(event("target", 2, VILLAGES[2], year=2023))
    measured = ledger.progress(year=2022, as_of=day(200), by="year")
    assert [(group.key, group.numerator, group.denominator) for group in measured.groups] == [
        ("2022", 1, 2),
        ("2023", 0, 1),
    ]


def at(case_id, *, start, step=5):
    return [
        event(one.kind, int((one.happened_on - day(0)).days), case_id=case_id)
        for one in handled(start=start, step=step)
    ]


@pytest.mark.parametrize(
    ("rule", "reached"),
    [("mobile_any", [1, 0, 0, 0]), ("mobile_all", [0, 0, 1, 0]), ("mobile_verified", [0, 0, 0, 1])],
)
@pytest.mark.parametrize("late", [f"{VILLAGE}:mobile", f"{VILLAGE}:mobile:2"])
def test_a_village_with_two_cases_is_reached_in_one_quarter_only(ledger, late, rule, reached):
    early = f"{VILLAGE}:mobile:2" if late == f"{VILLAGE}:mobile" else f"{VILLAGE}:mobile"
    written = Event(kind="target_rule", case_id="target:2022", happened_on=day(0), fields={"year": 2022, "rule": rule})
    verified = event("verified_after", 290, case_id=early)
    ledger.append([written, event("target"), *at(early, start=1), *at(late, start=2, step=30), verified])
    assert [group.in_period for group in ledger.progress(year=2022, by="quarter").groups] == reached

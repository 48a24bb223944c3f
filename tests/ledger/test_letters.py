"""Letters in the ledger: numbers, the event that each leaves, and what a letter quotes of the handling."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from stories import VILLAGE, VILLAGES, day, event, handled, story

from blankspot.errors import LedgerError, UsageError
from blankspot.ledger import Event
from blankspot.ledger.letters import (
    check_number,
    decisions,
    last_minutes,
    letter_event,
    letter_key,
    number_of_another_year,
    on_record,
    open_cases,
)
from blankspot.ledger.progress import stand

NUMBER = "500.8/123/Diskominfo/2022"
ON = dt.date(2022, 11, 1)


def letter(number: str = NUMBER, on: dt.date = ON, *, kind: str = "request", **said: object) -> Event:
    told = {"partner": "Telkomsel", "villages": VILLAGES, "document": "a.docx", "topic": "Permohonan"} | said
    return letter_event(kind, number, on, **told)


def recorded(ledger, one: Event) -> bool:
    return on_record(one, ledger.events(), counting=ledger.effective(), today=ledger.today)


@pytest.mark.parametrize(
    "number",
    [
        "500.8/123/Diskominfo/2022",
        "005/1",
        "B-12/KOMINFO/XI/2022",
        "  555 / 45 - Kominfo ",
        "42",
        "S.12/(R)/DK:2, 2022",
    ],
)
def test_a_number_stays_as_it_was_written(number):
    assert check_number(number) == number.strip()


@pytest.mark.parametrize(
    "number",
    ["", "  ", "tanpa angka", "500.8/…/2022", "500.8//2022", "500.8/ /2022", "500.8/.../2022", "/12", "12/", "1\n2",
     "{{7*7}}", "<b>1</b>", "=1+1", "1" * 81],
)  # fmt: skip
def test_what_cannot_be_a_number_is_refused(number):
    with pytest.raises(UsageError):
        check_number(number)


def test_a_year_that_is_not_the_letters_is_told():
    assert number_of_another_year("500.8/1/2021", ON) == "2021"
    assert number_of_another_year("500.8/1/2022", ON) == ""
    assert number_of_another_year("2021/1", ON) == ""  # a serial number, not a year


def test_a_key_can_be_read_and_ignores_case_and_blanks():
    assert letter_key(NUMBER) == "500.8~123~diskominfo~2022"
    assert letter_key("500.8 / 123 / DISKOMINFO/2022") == letter_key(NUMBER)
    assert letter_key("1/23") != letter_key("12/3") != letter_key("1.23")


@tried(deadline=None, max_examples=200)
@given(st.lists(st.text(alphabet="ab12/.-:,()", min_size=1, max_size=80), min_size=2, max_size=2))
def test_two_numbers_have_two_keys(numbers):
    keys = []
    for number in numbers:
        try:
            keys.append((check_number(number).casefold(), letter_key(number)))
        except UsageError:
            return
    (first, first_key), (second, second_key) = keys
    assert (first == second) == (first_key == second_key)
    letter(numbers[0])  # the ledger takes the key


def test_a_letter_leaves_an_event_that_the_ledger_keeps(ledger):
    one = letter()
    assert (one.kind, one.village_code, one.case_id) == ("letter", "", "letter:500.8~123~diskominfo~2022")
    assert one.fields["villages"].split() == sorted(VILLAGES)
    assert not recorded(ledger, one)
    ledger.append(one)
    listed = ledger.letters()
    assert listed[["number", "letter_kind", "partner", "document"]].to_numpy().tolist() == [
        [NUMBER, "request", "Telkomsel", "a.docx"]
    ]
    assert recorded(ledger, one)
    assert ledger.append(one) == ()


def test_the_order_and_repetition_of_villages_do_not_matter():
    assert letter(villages=[*reversed(VILLAGES), VILLAGE]).content_id == letter().content_id


@pytest.mark.parametrize(
    "said",
    [
        {"partner": "Indosat"},
        {"villages": VILLAGES[:1]},
        {"topic": "Lain"},
        {"kind": "minutes"},
        {"on": dt.date(2022, 11, 2)},
    ],
)
def test_a_number_used_for_something_else_is_refused_and_says_for_what(ledger, said):
    ledger.append(letter())
    with pytest.raises(LedgerError) as refused:
        recorded(ledger, letter(**said))
    told = refused.value.say("id")
    for part in (NUMBER, "surat permohonan", "Telkomsel", "1 November 2022", "Permohonan", "3 desa"):
        assert part in told
    with pytest.raises(LedgerError):
        ledger.append(letter(**said))
    assert len(ledger.events()) == 1


def test_a_withdrawn_letter_frees_its_number_for_another_content_only(ledger):
    (record,) = ledger.append(letter())
    withdrawn = {"corrects": record.content_id, "withdraws": True, "reason": "Batal dikirim"}
    ledger.append(Event(kind="correction", happened_on=ON, case_id=record.case_id, fields=withdrawn))
    with pytest.raises(LedgerError, match="withdrawn"):
        recorded(ledger, letter())
    assert not recorded(ledger, letter(partner="Indosat"))


def test_a_letter_of_tomorrow_and_an_empty_list_are_refused(ledger):
    with pytest.raises(LedgerError, match="not come yet"):
        recorded(ledger, letter(on=dt.date(2023, 1, 1)))
    with pytest.raises(UsageError, match="no desa"):
        letter(villages=())


def test_decisions_of_a_period_are_those_that_stood(ledger):
    ledger.append(story("proposed", "verified", "approved", "assigned", village=VILLAGES[0]))
    ledger.append(story("proposed", "verified", "approved", "reopened", village=VILLAGES[1]))
    ledger.append(
        [*story("proposed", "verified", village=VILLAGES[2]), event("deferred", 25, VILLAGES[2], reason="Lahan")]
    )
    found = decisions(ledger.effective(), since=day(0), until=day(60))
    assert found[["village_code", "kind"]].to_numpy().tolist() == [[VILLAGES[0], "assigned"]]
    assert found["decided_on"].iloc[0] == pd.Timestamp(day(30))
    before = decisions(ledger.effective(), since=day(0), until=day(29))
    assert set(before["village_code"]) == {VILLAGES[0], VILLAGES[1]}
    assert decisions(ledger.effective(), since=day(31), until=day(60)).empty


def test_the_last_minutes_are_those_before_the_day(ledger):
    assert last_minutes(ledger.letters(), ON) is None
    ledger.append(
        [letter("BA/1", day(10), kind="minutes"), letter("BA/2", day(20), kind="minutes"), letter("S/3", day(30))]
    )
    assert last_minutes(ledger.letters(), day(20)) == day(10)
    assert last_minutes(ledger.letters(), ON) == day(20)


def test_open_cases_are_as_many_as_what_remains_of_the_list(ledger):
    ledger.append([event("target", 0, village, document="SK-1") for village in VILLAGES])
    ledger.append(handled(VILLAGES[0], start=5, step=5))
    ledger.append(
        event("identified", 50, VILLAGES[0], case_id=f"{VILLAGES[0]}:mobile:2")
    )  # another case of a done village
    ledger.append(
        [*story("proposed", "verified", village=VILLAGES[1]), event("deferred", 40, VILLAGES[1], reason="Lahan")]
    )
    notes = [
        event("note", 60, VILLAGES[2], constraint="Listrik"),
        event("note", 61, VILLAGES[2], constraint="Jalan", follow_up="Perbaiki", owner="PUPR", due_on="2022-09-01"),
    ]
    records = ledger.append(notes)
    standing = stand(ledger.folded(), 2022, ledger.target_rule(2022))
    found = open_cases(ledger.state(), ledger.notes(), standing=standing)
    progress = ledger.progress(year=2022)
    assert len(found) == progress.denominator - progress.numerator == 2
    assert dict(zip(found["village_code"], found["constraint"], strict=True)) == {
        VILLAGES[1]: "Lahan",
        VILLAGES[2]: "Jalan",
    }
    ledger.append(event("note_closed", 70, VILLAGES[2], refers=records[1].content_id))
    closed = open_cases(ledger.state(), ledger.notes(), standing=standing)
    assert closed.set_index("village_code").loc[VILLAGES[2], "constraint"] == "Listrik"
    assert len(open_cases(ledger.state(), ledger.notes())) == 3

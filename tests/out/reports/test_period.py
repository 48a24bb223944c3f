"""Which days a report speaks of, and what they are called."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.out.reports.period import of_day, of_quarter, of_year, quarter_first, quarter_key, quarter_last

LATE = dt.date(2030, 1, 1)


@pytest.mark.parametrize(
    "asked", ["2022-Q4", "2022-q4", "2022Q4", "TW IV 2022", "tw 4 2022", "2022 TW 4", "Triwulan IV 2022", " Q4 2022 "]
)
def test_a_quarter_is_read_as_people_write_it(asked):
    period = of_quarter(asked, data_until=LATE)
    assert (period.first, period.last, period.as_of) == (
        dt.date(2022, 10, 1),
        dt.date(2022, 12, 31),
        dt.date(2022, 12, 31),
    )
    assert (period.key, period.label.id, period.label.en) == ("2022-Q4", "TW IV 2022", "Q4 2022")
    assert (period.year, period.before, period.unfinished) == (2022, dt.date(2022, 9, 30), False)


@pytest.mark.parametrize(
    "asked", ["", "2022", "2022-Q5", "2022-Q0", "TW V 2022", "Q4", "2022-10", "triwulan empat 2022"]
)
def test_what_is_no_quarter_is_refused_with_an_example(asked):
    with pytest.raises(UsageError) as caught:
        of_quarter(asked, data_until=LATE)
    assert "2022-Q4" in caught.value.say("id")


def test_the_first_quarter_follows_the_last_year():
    assert of_quarter("2023-Q1", data_until=LATE).before == dt.date(2022, 12, 31)
    assert of_year(2022, data_until=LATE).before == dt.date(2021, 12, 31)


def test_a_period_ends_where_the_data_end():
    period = of_quarter("2022-Q4", data_until=dt.date(2022, 12, 26))
    assert (period.as_of, period.unfinished, period.last) == (dt.date(2022, 12, 26), True, dt.date(2022, 12, 31))
    assert of_year(2022, data_until=dt.date(2022, 8, 31)).as_of == dt.date(2022, 8, 31)


def test_a_period_that_begins_after_the_data_is_refused():
    with pytest.raises(UsageError, match="1 January 2023"):
        of_quarter("2023-Q1", data_until=dt.date(2022, 12, 26))


def test_a_day_speaks_of_its_year_and_is_compared_with_the_quarter_before():
    period = of_day(dt.date(2022, 12, 26))
    assert (period.first, period.as_of, period.key) == (dt.date(2022, 1, 1), dt.date(2022, 12, 26), "2022-12-26")
    assert period.before == dt.date(2022, 9, 30)
    assert of_day(dt.date(2023, 2, 1), year=2022).year == 2022


@settings(deadline=None, max_examples=100)
@given(st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_every_day_lies_in_exactly_one_quarter(day):
    first, last = quarter_first(day), quarter_last(day)
    assert first <= day <= last
    assert quarter_key(first) == quarter_key(day) == quarter_key(last)
    assert quarter_key(last + dt.timedelta(days=1)) != quarter_key(day)
    assert of_quarter(quarter_key(day), data_until=day).as_of == day

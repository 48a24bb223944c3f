from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.values import coerce, read_number, read_time

ZONES = [None, ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura"), ZoneInfo("Europe/Dublin")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-98,5", -98.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        (" 98.5 ", 98.5),
        ("\u221298", -98.0),
        ("x", None),
        ("", None),
        ("1e400", None),
        ("nan", None),
    ],
)
def test_numbers_as_people_and_machines_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("26/12/22", "2022-12-26T00:00+07:00"),
        ("26 Desember 2022", "2022-12-26T00:00+07:00"),
        ("2019.11.25_15.34.34", "2019-11-25T15:34:34+07:00"),
        ("2022-10-03 09:15", "2022-10-03T09:15+07:00"),
        ("2022-10-03T09:15:00Z", "2022-10-03T09:15+00:00"),
        ("3 Okt 2022 09.15 WITA", "2022-10-03T09:15+08:00"),
        ("44921", "2022-12-26T00:00+07:00"),
        ("1605974544301", "2020-11-21T16:02:24.301+00:00"),
    ],
)
def test_times_as_people_and_loggers_write_them(text, moment):
    assert read_time(text, ZONES[1]) == dt.datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "kemarin",
        "2022-02-30",
        "2022-10-03 25:00:00",
        "9999999999999999",
        "12",
        "2022-10-03 09:00:00 +99:99",
        "31/31/2022",
    ],
)
def test_what_is_no_time_is_empty_and_said_so(text):
    read, unreadable = coerce(pd.Series([text, None], dtype="str"), "time", ZONES[1])
    assert read.isna().all()
    assert unreadable.tolist() == [True, False]


@pytest.mark.parametrize("text", ["1e300", "99999999999999999999", "2.5", "x"])
def test_what_is_no_whole_number_is_empty_and_said_so(text):
    read, unreadable = coerce(pd.Series([text], dtype="str"), "integer")
    assert read.isna().all()
    assert unreadable.all()


SHAPES = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y.%m.%d_%H.%M.%S",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d",
]


DECADES = (dt.datetime(1950, 1, 1), dt.datetime(2099, 1, 1))  # noqa: DTZ001 - clocks without a zone are what is tested


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.datetimes(*DECADES), st.sampled_from(SHAPES)),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(ZONES),
)
def test_many_times_at_once_are_what_each_is_by_itself(moments, zone):
    texts = [moment.strftime(shape) for moment, shape in moments]
    read, unreadable = coerce(pd.Series(texts, dtype="str"), "time", zone)
    assert not unreadable.any()
    for text, found in zip(texts, read, strict=True):
        wanted = read_time(text, zone)
        assert wanted is not None
        assert found.to_pydatetime() == wanted.astimezone(dt.UTC)


@pytest.mark.parametrize("kind", ["text", "number", "integer", "date", "time", "flag"])
def test_blanks_are_empty_and_no_fault(kind):
    read, unreadable = coerce(pd.Series(["", "  ", None], dtype="str"), kind)
    assert read.isna().all()
    assert not unreadable.any()

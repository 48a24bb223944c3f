"""The past as the map carries it: stops, classes in bytes, moves in order, and what is refused."""

from __future__ import annotations

import datetime as dt
import re

import mapworld as world
import numpy as np
import pandas as pd
import pytest

from blankspot.errors import UsageError
from blankspot.out.maps import History, draw_map
from blankspot.out.maps.history import history_table, quarter_ends
from blankspot.out.maps.payload import unpack
from blankspot.schema import CONFIDENCES, SIGNAL_CLASSES


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "ends"),
    [
        ("2022-05-17", "2022-12-26", ["2022-06-30", "2022-09-30", "2022-12-26"]),
        ("2021-10-01", "2022-03-31", ["2021-12-31", "2022-03-31"]),
        ("2022-12-01", "2022-12-26", ["2022-12-26"]),
        ("2022-12-26", "2022-12-26", ["2022-12-26"]),
        ("2023-11-30", "2024-04-01", ["2023-12-31", "2024-03-31", "2024-04-01"]),
    ],
)
def test_stops_are_ends_of_quarters_and_the_day_of_the_map(first, last, ends):
    assert quarter_ends(day(first), day(last)) == tuple(map(day, ends))


def test_what_is_packed_says_the_same():
    villages = world.villages(9)
    past = world.history(villages)
    table = history_table(past, villages)
    assert table.columns["judged"] == [1, 2]
    codes = np.frombuffer(table.parts["history.classes"], dtype=np.uint8).reshape(2, 9)
    kinds = len(CONFIDENCES) + 1
    for place, stop in enumerate(past.stops[1:3]):
        rows = past.classes[past.classes["on"] == pd.Timestamp(stop)]
        for row, (name, sure) in enumerate(zip(rows["signal_class"], rows["confidence"], strict=True)):
            code = int(codes[place, row]) - 1
            assert SIGNAL_CLASSES[code // kinds] == name
            assert CONFIDENCES[code % kinds - 1] == sure


def test_villages_that_are_not_on_the_map_are_left_out():
    villages = world.villages(9)
    header, parts = unpack(
        re.search(
            r'data-bs="payload">([^<]*)<',
            draw_map(villages.iloc[:4], history=world.history(villages)).get_root().render(),
        )[1]
    )
    assert len(header["history"]["stage"]["at"]) == 2 * 4
    assert len(parts["history.classes"]) == 2 * 4


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("moves", lambda frame: frame.assign(stage="<script>")),
        ("moves", lambda frame: frame.drop(columns="partner")),
        ("classes", lambda frame: frame.assign(signal_class="perhaps")),
        ("progress", lambda frame: frame.drop(columns="text_id")),
    ],
)
def test_what_is_not_known_is_refused(name, change):
    villages = world.villages(9)
    past = world.history(villages)
    broken = History(**{**vars(past), name: change(getattr(past, name))})
    with pytest.raises(UsageError):
        draw_map(villages, history=broken)


def test_a_workspace_tells_its_quarters(demo_made):
    document = (demo_made / "out" / "map.html").read_text(encoding="utf-8")
    header, _ = unpack(re.search(r'data-bs="payload">([^<]*)<', document)[1])
    told = header["history"]
    stops = [dt.date(1970, 1, 1) + dt.timedelta(days=stop) for stop in told["stops"]]
    assert stops[0] == day("2020-12-31")
    assert stops[-2:] == [day("2022-09-30"), day("2022-12-26")]
    assert [stops[at] for at in told["judged"]] == [
        *map(day, ("2021-09-30", "2021-12-31", "2022-03-31", "2022-06-30", "2022-09-30"))
    ]
    assert told["progress"][-1]["text"]["id"] == "43 dari 60 desa (71,67 %) per 26 Desember 2022"
    assert told["progress"][-2]["text"]["id"].endswith("per 30 September 2022")

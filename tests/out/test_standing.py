"""How a village stands: its mobile case that moved last, the same on the map and on a map sheet."""

from __future__ import annotations

import datetime as dt

import mapworld
import numpy as np
import pandas as pd
import sheetworld

from blankspot.out.maps import draw_map
from blankspot.out.standing import latest_first

CODES = ["99.01.01.2001", "99.01.01.2002", "99.01.01.2003"]


def state(*rows: tuple[str, str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["village_code", "service", "stage", "since"])
    return frame.assign(since=pd.to_datetime(frame["since"]))


def test_a_village_stands_where_its_mobile_case_moved_last():
    cases = state(
        (CODES[0], "mobile", "deferred", "2022-01-01"),
        (CODES[0], "mobile", "construction", "2022-05-01"),
        (CODES[1], "internet", "handled", "2022-06-01"),
        ("99.09.09.2009", "mobile", "handled", "2022-06-01"),
        (CODES[2], "mobile", "proposed", None),
        (CODES[2], "mobile", "verified", "2021-06-01"),
    )
    found = latest_first(cases, CODES)
    assert [(int(row), stage) for row, stage in zip(found["_row"], found["stage"], strict=True)] == [
        (0, "construction"),
        (0, "deferred"),
        (2, "verified"),
        (2, "proposed"),
    ]


def test_a_state_without_service_and_since_is_taken_as_it_comes():
    cases = state((CODES[1], "mobile", "proposed", None), (CODES[1], "mobile", "handled", None))[
        ["village_code", "stage"]
    ]
    assert list(latest_first(cases, CODES)["stage"]) == ["proposed", "handled"]
    assert latest_first(cases.iloc[:0], CODES).empty


def test_map_and_map_sheet_count_the_same_open_gaps():
    villages = mapworld.villages()
    tables = mapworld.tables(villages, readings=10)
    rng = np.random.default_rng(5)
    codes = list(villages["village_code"])
    handling = state(
        *(
            (codes[at], service, stage, str(dt.date(2022, 1, 1) + dt.timedelta(days=int(day))))
            for at, service, stage, day in zip(
                rng.integers(0, len(codes), 60),
                rng.choice(["mobile", "internet"], 60),
                rng.choice(["handled", "construction", "verified_after", "deferred"], 60),
                rng.integers(0, 300, 60),
                strict=True,
            )
        )
    )
    document = draw_map(villages, verdicts=tables["verdicts"], handling=handling).get_root().render()
    survey = sheetworld.survey(villages, verdicts=tables["verdicts"], handling=handling)
    gaps = int(survey.villages.open_gap.sum())
    assert gaps > 0
    assert f'data-t="gap_count">{gaps}<' in document

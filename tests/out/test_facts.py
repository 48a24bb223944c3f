"""The fact sheet of a village."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import worlds as world

import blankspot as bs
from blankspot.out.facts import fact_sheet, gather


def facts(readings: pd.DataFrame):
    villages = world.full_villages(1)
    found = bs.classify(villages, measurements=readings)
    return gather(
        villages["village_code"].iloc[0],
        villages=villages,
        verdicts=found.verdicts,
        evidence=found.evidence,
        sites=pd.DataFrame(columns=["site_id", "site_name", "owner", "lon", "lat", "status", "position_quality"]),
        internet_points=pd.DataFrame(columns=["village_code", "point_name"]),
        handling=pd.DataFrame(columns=["village_code", "service", "since"]),
        history=[],
        as_of=dt.date(2022, 12, 26),
    )


def test_operators_that_were_silent_are_listed_too():
    silent = world.drive([np.nan] * 30, each=1, metric="no_service", operator="xl")
    told = facts(pd.concat([world.drive([-121.0] * 31), silent]))
    assert [(row["operator"], row["technology"], row["cells"]) for row in told.operators] == [
        ("telkomsel", "4G", 31),
        ("xl", None, 30),
    ]
    assert "Telkomsel 4G 0 % dari 31 sel; XL tanpa layanan di 30 sel" in fact_sheet(told)
    assert "Telkomsel 4G 0 % of 31 cells; XL no service in 30 cells" in fact_sheet(told, lang="en")

"""The fact sheet of a village."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import worlds as world

import blankspot as bs
from blankspot.coverage import described
from blankspot.out.facts import fact_sheet, gather


def facts(readings: pd.DataFrame | None, coverage: pd.DataFrame | None = None):
    villages = world.full_villages(1)
    found = bs.classify(villages, measurements=readings, coverage=coverage)
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


def plain(sheet: str) -> str:
    """Return a sheet without its line breaks."""
    return " ".join(sheet.split())


def predicted(*, coarse: bool) -> pd.DataFrame:
    rows = (
        ("", "", 0.9, 0.95),
        ("telkomsel", "4G", 0.9, 0.95),
        ("telkomsel", "2G", 0.0, 0.99),
        ("indosat", "3G", 0.0, 0.4),
    )
    frame = pd.DataFrame(rows, columns=["operator", "technology", "share_served", "usable"])
    source = described("hata" if coarse else "p1812", coarse=coarse).id
    return frame.assign(
        village_code="99.01.01.2001", kind="modelled", share_weak=frame["usable"] - frame["share_served"], share_none=1 - frame["usable"],
        share_low=0.8, share_high=1.0, n_pixels=900, weight_kind="area", coarse=coarse, source=source,
    )  # fmt: skip


def test_what_a_prediction_gives_each_operator_is_told_apart_from_what_was_measured():
    told = facts(None, predicted(coarse=False))
    sheet = plain(fact_sheet(told))
    assert "prediksi kasar" not in sheet
    assert "Telkomsel 4G 90 % terlayani; Indosat 3G 40 % bersinyal. Sumber: prediksi ITU-R P.1812" in sheet
    assert "Telkomsel 4G 90 % served; Indosat 3G 40 % with signal. Source: prediction by ITU-R P.1812" in plain(
        fact_sheet(told, lang="en")
    )
    assert told.to_dict()["predicted"][0]["share_served"] == 0.9


def test_a_coarse_prediction_is_called_so_on_the_sheet():
    sheet = plain(fact_sheet(facts(None, predicted(coarse=True))))
    assert "prediksi kasar" in sheet
    assert "Sumber: prediksi Okumura-Hata (kasar, tanpa data ketinggian)" in sheet

"""Squares: who measured is counted honestly, and what too few measured stays."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import shapely

from blankspot.out.publish.cells import measurement_cells, report_cells, squares
from blankspot.out.publish.held import HeldBack
from blankspot.settings import load_settings

PUBLIC = load_settings().public
ZONE = ZoneInfo("Asia/Jakarta")


def readings(*who: tuple[str | None, str, str], lon: float = 107.74123, value: float = -100.0) -> pd.DataFrame:
    """One reading per (device, source, day)."""
    return pd.DataFrame(
        {
            "measured_at": pd.to_datetime([f"{day} 20:00" for _, _, day in who], utc=True),
            "lon": lon,
            "lat": -6.94712,
            "operator": "telkomsel",
            "technology": "4G",
            "metric": "rsrp_dbm",
            "value": value,
            "source": [source for _, source, _ in who],
            "contributor": [device for device, _, _ in who],
        }
    )


def gathered(frame: pd.DataFrame) -> pd.DataFrame:
    return measurement_cells(frame, PUBLIC, zone=ZONE, held=HeldBack())


@pytest.mark.parametrize(
    ("who", "leaves"),
    [
        ([("1", "a", "2022-10-01"), ("2", "a", "2022-10-01"), ("3", "a", "2022-10-01")], True),  # three devices in one file
        ([("1", "a", "2022-10-01"), ("1", "b", "2022-10-02"), ("1", "c", "2022-10-03")], False),  # one device in three files
        ([("1", "a", "2022-10-01"), ("2", "a", "2022-10-02")], False),
        ([(None, "a", "2022-10-01"), (None, "b", "2022-10-02"), (None, "c", "2022-10-03")], True),
        ([(None, "a", "2022-10-01"), (None, "b", "2022-10-01"), (None, "c", "2022-10-01")], False),  # files of one day
        ([(None, "hp_2022.10.01.csv", "2022-10-01"), (None, "hp_2022.10.02.csv", "2022-10-02"), (None, "hp_2022.10.03.csv", "2022-10-03")], False),
        ([(None, "a", f"2022-10-{day:02d}") for day in range(1, 29)], False),  # one source on many days
    ],
)  # fmt: skip
def test_devices_are_counted_by_what_is_known(who, leaves):
    assert bool(len(gathered(readings(*who)))) is leaves


def test_a_square_tells_a_month_a_median_and_no_position():
    frame = readings(("1", "a", "2022-09-30"), ("2", "b", "2022-10-01"), ("3", "c", "2022-10-05"))
    frame["value"] = [-90.0, -100.0, -111.26]
    cell = gathered(frame).iloc[0]
    assert (cell["lon"], cell["lat"]) == (107.741, -6.947)
    assert (cell["first_month"], cell["last_month"]) == (
        "2022-10",
        "2022-10",
    )  # 30 September 20:00 UTC is October in Jakarta
    assert (cell["value"], cell["n_readings"]) == (-100.0, 3)
    assert set(gathered(frame).columns) == {
        "lon", "lat", "operator", "technology", "metric", "value", "n_readings", "first_month", "last_month",
    }  # fmt: skip


def test_networks_are_counted_apart():
    frame = readings(("1", "a", "2022-10-01"), ("2", "b", "2022-10-02"), ("3", "c", "2022-10-03"))
    frame.loc[2, "operator"] = "xl"
    assert gathered(frame).empty
    silent = frame.assign(operator=None, technology=None, metric="no_service", value=np.nan)
    assert gathered(silent)["n_readings"].tolist() == [3]


def test_what_stays_is_counted():
    held = HeldBack()
    frame = pd.concat([readings(("1", "a", "2022-10-01")), readings(("2", "a", "2022-10-01"), lon=np.inf)])
    assert measurement_cells(frame, PUBLIC, zone=ZONE, held=held).empty
    told = {line.rule: line.rows for line in held.lines()}
    assert told == {"generalised": 2, "too_few_devices": 1}


def test_reports_need_three_texts_and_three_days():
    frame = pd.DataFrame(
        {
            "reported_on": pd.to_datetime(["2022-08-01", "2022-08-02", "2022-08-03"]),
            "lon": 107.741,
            "lat": -6.947,
            "text": ["tidak ada sinyal", "Tidak ada  sinyal", "lemah sekali"],
        }
    )
    assert report_cells(frame, PUBLIC, HeldBack()).empty  # the first two may be one person
    frame.loc[1, "text"] = "hilang kalau hujan"
    assert report_cells(frame, PUBLIC, HeldBack())["n_reports"].tolist() == [3]
    assert report_cells(frame.assign(reported_on=pd.Timestamp("2022-08-01")), PUBLIC, HeldBack()).empty
    nowhere = HeldBack()
    assert report_cells(frame.assign(lon=np.nan), PUBLIC, nowhere).empty
    assert {line.rule for line in nowhere.lines()} == {"generalised", "without_place"}


def test_a_square_holds_every_reading_that_was_rounded_into_it():
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(95, 141, 500), rng.uniform(-11, 6, 500)
    frame = pd.DataFrame({"lon": lon.round(3), "lat": lat.round(3)})
    boxes = shapely.buffer(squares(frame, PUBLIC), 1e-9)
    assert shapely.contains_xy(boxes, lon, lat).all()

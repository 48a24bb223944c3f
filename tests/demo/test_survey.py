from __future__ import annotations

import numpy as np
import pandas as pd

from blankspot.demo.phones import Sky
from blankspot.demo.signal import Window


def _readings(world, path):
    frame = world.tables[path]
    faulty = world.faults.loc[world.faults["file"] == path, "line"].to_numpy() - 2
    return frame.drop(index=faulty)


def test_thousands_of_readings_of_four_operators_in_two_years(arunika):
    drives = _readings(arunika, "data/ukur/jalan_2022.csv")
    assert len(drives) > 4000
    assert set(drives["operator"]) == {"telkomsel", "indosat", "xl", "smartfren"}
    day = pd.to_datetime(drives["measured_at"])
    assert day.min() >= pd.Timestamp("2021-12-26")
    assert day.max() < pd.Timestamp("2022-12-26")
    earlier = pd.to_datetime(_readings(arunika, "data/ukur/jalan_2021.csv")["measured_at"])
    assert set(earlier.dt.year) == {2021}
    assert set(day.dt.hour) <= set(range(8, 20))


def test_phones_log_every_generation_and_silence(arunika):
    walked = _readings(arunika, "data/ukur/survei_desa_2022.csv")
    assert {"4G", "2G", ""} <= set(walked["Teknologi"])
    silent = walked[walked["Metrik"] == "no_service"]
    assert len(silent) > 100
    assert (silent["Nilai"] == "").all()
    level = pd.to_numeric(walked.loc[walked["Metrik"] == "rsrp_dbm", "Nilai"])
    assert level.between(-140, -48).all()


def test_nobody_drove_in_many_villages(arunika):
    drives = _readings(arunika, "data/ukur/jalan_2022.csv")
    lon, lat = drives["lon"].astype(float), drives["lat"].astype(float)
    from blankspot.locate import locate

    seen = np.unique(locate(lon.to_numpy(), lat.to_numpy(), arunika.villages))
    assert 60 < len(seen) < 200


def test_a_mast_is_heard_from_the_day_it_is_on_air():
    silent = {("xl", "4G"): np.full((3, 3), -160.0)}
    window = Window(("xl", "4G"), 0, 0, np.full((2, 2), -90.0))
    day = np.datetime64("2022-06-01").astype(object)
    sky = Sky(silent, [(day, window)], np.zeros((3, 3), dtype=np.intp))
    days = np.array(["2022-05-31", "2022-06-01", "2022-06-01"], dtype="datetime64[D]")
    assert sky.hear(("xl", "4G"), np.array([0, 0, 8]), days).tolist() == [-160.0, -90.0, -160.0]

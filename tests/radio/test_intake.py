"""What can be predicted is filled in and said; what cannot is left out and said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.check import REJECT_COLUMNS
from blankspot.errors import UsageError
from blankspot.radio import intake, link, remarks
from blankspot.radio.intake import COLUMNS, usable
from blankspot.schema import TABLES
from blankspot.settings import load_settings

ENGLISH = load_settings({"language": "en"})
SITE = {
    "site_id": "A", "site_name": "Alfa", "owner": "Mitratel", "lon": 107.1, "lat": -7.0, "ground_m": 820.0,
    "height_m": 52.0, "status": "active", "position_quality": "surveyed", "source": "Dinas",
}  # fmt: skip
SERVICE = {
    "site_id": "A", "operator": "telkomsel", "technology": "4G", "band_mhz": 1800.0, "eirp_dbm": 58.0, "azimuth_deg": 120.0,
    "beamwidth_deg": 65.0, "tilt_deg": 4.0, "height_m": np.nan, "bandwidth_mhz": 10.0,
}  # fmt: skip


def sites(*changes):
    return pd.DataFrame([SITE | change for change in changes or ({},)])


def services(*changes):
    return pd.DataFrame([SERVICE | change for change in changes or ({},)])


def rules(said):
    return list(zip(said["rule"], said["severity"], strict=True))


def test_remarks_are_written_in_the_table_of_all_rejects():
    assert remarks.COLUMNS == REJECT_COLUMNS
    ready, said = usable(services(), sites())
    assert list(said.columns) == list(REJECT_COLUMNS)
    assert said["row"].dtype == "int64"
    assert list(ready.columns) == list(COLUMNS)


def test_a_whole_service_passes_without_a_word():
    ready, said = usable(services(), sites())
    assert said.empty
    row = ready.iloc[0]
    assert (row.site_name, row.metric, row.height_m, row.ground_m, row.azimuth_deg) == (
        "Alfa",
        "rsrp_dbm",
        52,
        820,
        120,
    )
    assert row.floor_dbm == -115 - 25


def test_the_antenna_height_of_the_service_goes_before_the_masts():
    ready, _ = usable(services({"height_m": 30.0}, {"operator": "xl"}), sites())
    assert ready["height_m"].tolist() == [30, 52]


def test_what_is_not_stated_is_assumed_and_said_once():
    bare = dict.fromkeys(("band_mhz", "eirp_dbm", "azimuth_deg", "beamwidth_deg", "tilt_deg", "bandwidth_mhz"), np.nan)
    given = services(bare, bare | {"technology": "2G"}, bare | {"operator": "xl", "azimuth_deg": 10.0})
    ready, said = usable(given, sites({"height_m": np.nan}), settings=ENGLISH)
    assert ready["band_mhz"].tolist() == [1800, 900, 1800]
    assert ready["bandwidth_mhz"].tolist() == [10, 0.2, 10]
    assert ready["height_m"].tolist() == [42] * 3
    assert ready["beamwidth_deg"].tolist() == [360, 360, 65]
    assert ready["tilt_deg"].tolist() == [0] * 3
    assert ready.drop(columns=["azimuth_deg", "source_row"]).notna().all().all()
    assert set(rules(said)) == {("assumed", "noted")}
    assert said.groupby("column").size().to_dict() == {
        "band_mhz": 2, "bandwidth_mhz": 2, "eirp_dbm": 1, "height_m": 1, "beamwidth_deg": 1, "tilt_deg": 1,
    }  # fmt: skip
    told = said.loc[said["column"] == "eirp_dbm", "message"].item()
    assert "3 services" in told
    assert "58 dBm" in told


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"eirp_dbm": 58_000.0}, "eirp_dbm", ("mW (= 47.6 dBm)", "58.0 dBm", "58,000 dBm is impossible")),
        ({"eirp_dbm": 630.0}, "eirp_dbm", ("W (= 58.0 dBm)",)),
        ({"height_m": 0.0}, "height_m", ("1 to 400 m",)),
        ({"height_m": 500.0}, "height_m", ("500 m", "1 to 400 m")),
        ({"azimuth_deg": 370.0}, "azimuth_deg", ("10° and a full turn",)),
        ({"azimuth_deg": -90.0}, "azimuth_deg", ("270°",)),
        ({"band_mhz": 1.8}, "band_mhz", ("GHz (= 1,800 MHz)",)),
        ({"band_mhz": 1_800_000.0}, "band_mhz", ("kHz (= 1,800 MHz)",)),
        ({"beamwidth_deg": 0.0}, "beamwidth_deg", ("Correct it",)),
        ({"bandwidth_mhz": 20e6}, "bandwidth_mhz", ("Correct it",)),
    ],
)
def test_an_impossible_value_is_rejected_with_what_it_may_have_meant(change, column, words):
    given = services({}, change | {"source": "menara.xlsx", "source_row": 7}).assign(technology=["2G", "4G"])
    ready, said = usable(given, sites(), settings=ENGLISH)
    assert len(ready) == 1
    (row,) = said.to_dict("records")
    assert (row["source"], row["row"], row["column"], row["severity"]) == ("menara.xlsx", 7, column, "rejected")
    assert row["message"].startswith("A telkomsel 4G: ")
    for word in words:
        assert word in row["message"]


def test_a_mast_of_0_or_500_m_takes_its_services_out():
    ready, said = usable(
        services({}, {"site_id": "B"}), sites({"height_m": 0.0}, {"site_id": "B", "height_m": 500.0}), settings=ENGLISH
    )
    assert ready.empty
    assert said["value"].tolist() == ["0", "500"]


def test_a_low_power_is_doubted_and_predicted_as_written():
    ready, said = usable(services({"eirp_dbm": 20.0}), sites(), settings=ENGLISH)
    assert ready["eirp_dbm"].tolist() == [20]
    assert rules(said) == [("eirp_doubtful", "noted")]
    assert "20 W = 43.0 dBm" in said["message"].item()
    assert "20 dBW = 50.0 dBm" in said["message"].item()


@pytest.mark.parametrize(
    ("model", "band", "kept"),
    [
        ("p1812", 6000.0, True),
        ("p1812", 26_000.0, False),
        ("hata", 2300.0, True),
        ("hata", 3500.0, False),
        ("free_space", 26_000.0, True),
    ],
)
def test_a_frequency_outside_the_model_is_rejected(model, band, kept):
    ready, said = usable(services({"band_mhz": band}), sites(), model=model, settings=ENGLISH)
    assert len(ready) == kept
    if not kept:
        assert rules(said) == [("outside_model", "rejected")]
        assert model in said["message"].item()


@pytest.mark.parametrize(
    ("technology", "width", "kept"),
    [
        ("4G", 1.4, True), ("4G", 20.0, True), ("4G", 40.0, False), ("4G", 0.2, False), ("5G", 100.0, True), ("5G", 3.0, False),
        ("3G", 3.84, True), ("2G", 0.2, True),
    ],
)  # fmt: skip
def test_a_width_that_no_carrier_has_is_rejected_before_its_level_is_asked(technology, width, kept):
    given = services({"technology": technology, "bandwidth_mhz": width, "band_mhz": 900.0})
    ready, said = usable(given, sites(), settings=ENGLISH)
    assert len(ready) == kept
    if kept:
        link.reference_share_db(technology, width, pilot_share_db=10)
    else:
        assert rules(said) == [("no_such_carrier", "rejected")]
        assert f"no {technology} carrier of {width:g} MHz" in said["message"].item()


def test_sites_that_are_not_there_or_not_on_air_are_left_out():
    listed = sites({}, {"site_id": "B", "status": "planned"}, {"site_id": "C", "status": "inactive"})
    given = services({"site_id": "A"}, {"site_id": "B"}, {"site_id": "C"}, {"site_id": "Z"})
    ready, said = usable(given, listed)
    assert ready["site_id"].tolist() == ["A"]
    assert sorted(rules(said)) == [("site_inactive", "noted"), ("site_planned", "noted"), ("site_unknown", "rejected")]


def test_a_site_that_is_listed_twice_is_ambiguous_only_where_it_differs():
    assert len(usable(services(), sites({}, {"source": "lain"}))[0]) == 1
    ready, said = usable(services(), sites({}, {"lon": 108.0}))
    assert ready.empty
    assert rules(said) == [("site_ambiguous", "rejected")]


@pytest.mark.parametrize("place", [{"lon": np.nan}, {"lat": 95.0}])
def test_a_site_without_a_place_is_rejected(place):
    _, said = usable(services(), sites(place))
    assert rules(said) == [("site_without_position", "rejected")]


def test_crowdsourced_cells_are_left_out_unless_told_and_counted():
    listed = sites(*({"site_id": f"C{n}", "position_quality": "crowdsourced"} for n in range(5)))
    given = services(*({"site_id": f"C{n}"} for n in range(5)))
    ready, said = usable(given, listed, settings=ENGLISH)
    assert ready.empty
    assert said[["rule", "value"]].to_numpy().tolist() == [["site_crowdsourced", "5"]]
    assert len(usable(given, listed, crowdsourced=True)[0]) == 5


def test_the_very_same_service_counts_once_and_sectors_stay():
    given = services({}, {}, {"azimuth_deg": 240.0}, {"azimuth_deg": np.nan, "beamwidth_deg": np.nan})
    ready, said = usable(given, sites())
    assert len(ready) == 3
    assert rules(said) == [("duplicate", "noted")]


def test_unknown_technologies_and_nameless_operators_are_rejected():
    ready, said = usable(services({"technology": "6G"}, {"operator": np.nan}, {"technology": None}), sites())
    assert ready.empty
    assert said["rule"].tolist() == ["technology_unknown", "technology_unknown", "missing_value"]


def test_only_the_operators_asked_for():
    given = services({}, {"operator": "xl"})
    assert usable(given, sites(), operators=["xl"])[0]["operator"].tolist() == ["xl"]
    with pytest.raises(UsageError, match="smartfren"):
        usable(given, sites(), operators=["smartfren"])


def test_tables_without_their_columns_are_refused():
    with pytest.raises(UsageError, match="technology"):
        usable(services().drop(columns="technology"), sites())
    with pytest.raises(UsageError, match="lon"):
        usable(services(), sites().drop(columns="lon"))


def test_nothing_gives_nothing():
    ready, said = usable(services().iloc[:0], sites().iloc[:0])
    assert (len(ready), len(said)) == (0, 0)
    assert list(ready.columns) == list(COLUMNS)


def test_inputs_are_not_changed():
    given, listed = services({"eirp_dbm": np.nan}), sites({"height_m": np.nan})
    before = given.copy(), listed.copy()
    usable(given, listed)
    pd.testing.assert_frame_equal(given, before[0])
    pd.testing.assert_frame_equal(listed, before[1])


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "site_id": st.sampled_from(["A", "B", "C", "Z"]),
                "operator": st.sampled_from(["telkomsel", "xl", None]),
                "technology": st.sampled_from(["2G", "4G", "6G"]),
                "band_mhz": st.sampled_from([900.0, 1.8, 28_000.0, np.nan]),
                "eirp_dbm": st.sampled_from([58.0, 58_000.0, 10.0, np.nan]),
                "azimuth_deg": st.sampled_from([0.0, 370.0, np.nan]),
                "height_m": st.sampled_from([0.0, 30.0, np.nan]),
            }
        ),
        max_size=12,
    )
)
def test_every_service_is_predicted_or_said_to_be_left_out(rows):
    listed = sites({}, {"site_id": "B", "status": "planned"}, {"site_id": "C", "height_m": np.nan})
    given = services(*rows).iloc[: len(rows)].assign(source_row=range(2, len(rows) + 2), source="a.csv")
    ready, said = usable(given, listed)
    left = said[(said["row"] > 0) & (said["rule"] != "eirp_doubtful")]
    assert sorted([*ready["source_row"].astype(int), *left["row"]]) == list(given["source_row"])
    filled = ready.drop(columns=["azimuth_deg", "ground_m"])
    assert filled.notna().all().all()


def test_hata_is_extended_only_with_a_word():
    ready, said = usable(
        services({}, {"band_mhz": 2300.0}, {"band_mhz": 2300.0, "operator": "xl"}), sites(), model="hata"
    )
    assert len(ready) == 3
    assert said[["rule", "value"]].to_numpy().tolist() == [["hata_extended", "2300"]]


def test_the_ranges_are_those_of_the_models():
    from blankspot.radio import hata

    assert tuple(1000 * edge for edge in hata.EXTENDED["f_ghz"]) == intake.MODEL_RANGE_MHZ["hata"]
    assert tuple(1000 * edge for edge in hata.RANGES["f_ghz"]) == intake.HATA_PUBLISHED_MHZ


def test_columns_of_the_schema_are_judged():
    numbers = {name for name, column in TABLES["services"].columns.items() if column.metadata["kind"] == "number"}
    assert set(intake.JUDGED) == numbers

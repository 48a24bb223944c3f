from __future__ import annotations

import datetime as dt
import zipfile
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from blankspot.errors import SourceError
from blankspot.schema import TABLES
from blankspot.settings import load_settings
from blankspot.sources.measurements import read_measurements

HEAD = "measured_at,lon,lat,accuracy_m,operator,technology,metric,value"
GOOD = "2022-10-03 09:15:00,107.5,-6.9,8,Telkomsel,4G,rsrp_dbm,-98"


def _write(tmp_path, *rows: str, head: str = HEAD, name: str = "ukur.csv"):
    path = tmp_path / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def _counts(checked) -> dict[str, int]:
    counts = checked.counts()
    return dict(zip(counts["rule"], counts["rows"], strict=True))


def _rule(tmp_path, row: str, **options) -> tuple[str, str]:
    """Return the rule and the column that refuse one row beside a good one."""
    checked = read_measurements(_write(tmp_path, GOOD, row), **options)
    assert checked.rows_in == 2
    assert len(checked.accepted) == 1
    rejected = checked.rejects[checked.rejects["severity"] == "rejected"]
    assert rejected["row"].tolist() == [3]
    assert rejected["source"].tolist() == ["ukur.csv"]
    assert rejected["message"].iloc[0]
    return rejected["rule"].iloc[0], rejected["column"].iloc[0]


def test_a_good_row_comes_out_typed(tmp_path):
    checked = read_measurements(_write(tmp_path, GOOD))
    assert list(checked.accepted.columns) == list(TABLES["measurements"].columns)
    row = checked.accepted.iloc[0]
    assert row["measured_at"] == pd.Timestamp("2022-10-03 02:15:00", tz="UTC")
    assert (row["lon"], row["lat"], row["accuracy_m"], row["value"]) == (107.5, -6.9, 8.0, -98.0)
    assert (row["operator"], row["technology"], row["metric"]) == ("telkomsel", "4G", "rsrp_dbm")
    assert (row["source"], row["source_row"]) == ("ukur.csv", 2)
    assert checked.rejects.empty


def test_cells_may_carry_the_unit_of_their_column(tmp_path):
    checked = read_measurements(
        _write(
            tmp_path,
            GOOD.replace(",8,", ",8 m,").replace("-98", "-98.5 dBm"),
            "2022-10-03 09:16:00,107.5,-6.9,8,Telkomsel,4G,download_mbps,12 Mbps",
            "2022-10-03 09:17:00,107.5,-6.9,8,Telkomsel,4G,download_mbps,12 dBm",
        )
    )
    assert checked.accepted["value"].tolist() == [-98.5, 12.0]
    assert checked.accepted["accuracy_m"].tolist() == [8.0, 8.0]
    assert checked.rejects[["row", "rule", "value"]].to_numpy().tolist() == [[4, "unreadable_number", "12 dBm"]]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,-", "sentinel_value", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,-200", "sentinel_value", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,2147483647", "sentinel_value", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,", "missing_value", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,kuat", "unreadable_number", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,-20", "impossible_rsrp_dbm", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,5G,ss_rsrp_dbm,-157", "impossible_ss_rsrp_dbm", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,3G,rscp_dbm,-10", "impossible_rscp_dbm", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,2G,rxlev_dbm,-111", "impossible_rxlev_dbm", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,download_mbps,-1", "impossible_download_mbps", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,upload_mbps,99999", "impossible_upload_mbps", "value"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,,-98", "missing_metric", "metric"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,dBm,-98", "not_a_choice", "metric"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,6G,rsrp_dbm,-98", "not_a_choice", "technology"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,2G,rsrp_dbm,-98", "metric_not_of_technology", "metric"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,,4G,rsrp_dbm,-98", "missing_operator", "operator"),
        ("kemarin,107.5,-6.9,8,x,4G,rsrp_dbm,-98", "unreadable_time", "measured_at"),
        ("-,107.5,-6.9,8,x,4G,rsrp_dbm,-98", "missing_value", "measured_at"),
        ("2022-10-03 09:15:01,,-6.9,8,x,4G,rsrp_dbm,-98", "position_missing", "lon"),
        ("2022-10-03 09:15:01,-,-,8,x,4G,rsrp_dbm,-98", "position_missing", "lon"),
        ("2022-10-03 09:15:01,0,0.0,8,x,4G,rsrp_dbm,-98", "position_zero", "lon"),
        ("2022-10-03 09:15:01,timur,-6.9,8,x,4G,rsrp_dbm,-98", "unreadable_number", "lon"),
        ("2022-10-03 09:15:01,207.5,-6.9,8,x,4G,rsrp_dbm,-98", "out_of_range", "lon"),
        ("2022-10-03 09:15:01,107.5,-6.9,100.5,x,4G,rsrp_dbm,-98", "accuracy_too_coarse", "accuracy_m"),
        ("2022-10-03 09:15:01,107.5,-6.9,8,x,4G,rsrp_dbm,-98,surplus", "too_many_cells", ""),
        (GOOD, "duplicate", "value"),
    ],
)
def test_each_fault_has_its_own_rule(tmp_path, row, rule, column):
    assert _rule(tmp_path, row) == (rule, column)


def test_the_future_is_judged_only_against_a_given_now(tmp_path):
    later = "2022-10-04 00:00:00,107.5,-6.9,8,x,4G,rsrp_dbm,-98"
    assert len(read_measurements(_write(tmp_path, GOOD, later)).accepted) == 2
    now = dt.datetime(2022, 10, 3, 23, 44, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert _rule(tmp_path, later, now=now) == ("time_in_future", "measured_at")
    assert _rule(tmp_path, later, now=now.replace(tzinfo=None)) == ("time_in_future", "measured_at")
    tolerated = now + dt.timedelta(minutes=1)
    assert len(read_measurements(_write(tmp_path, GOOD, later), now=tolerated).accepted) == 2


AREAS = [
    (107.0, -7.0, 108.0, -6.5),
    gpd.GeoDataFrame(
        {"village_code": ["99.01.01.2001", "99.01.01.2002"]},
        geometry=[box(107, -7, 107.5, -6.5), box(107.5, -7, 108, -6.5)],
        crs="EPSG:4326",
    ),
]


@pytest.mark.parametrize("area", AREAS, ids=["bounds", "villages"])
def test_outside_is_outside_and_a_border_is_inside(tmp_path, area):
    assert _rule(tmp_path, "2022-10-03 09:15:01,106.99,-6.9,8,x,4G,rsrp_dbm,-98", area=area) == ("outside_area", "lon")
    border = "2022-10-03 09:15:01,107.0,-6.9,8,x,4G,rsrp_dbm,-98"
    assert len(read_measurements(_write(tmp_path, GOOD, border), area=area).accepted) == 2


def test_swapped_positions_are_put_right_and_listed(tmp_path):
    checked = read_measurements(_write(tmp_path, "2022-10-03 09:15:00,-6.9,107.5,8,Telkomsel,4G,rsrp_dbm,-98"))
    assert checked.accepted[["lon", "lat"]].to_numpy().tolist() == [[107.5, -6.9]]
    repair = checked.rejects.iloc[0]
    assert (repair["rule"], repair["severity"], repair["value"]) == ("swapped_lon_lat", "repaired", "-6.9")


def test_a_place_outside_indonesia_is_never_taken_for_swapped(tmp_path):
    checked = read_measurements(_write(tmp_path, "2022-10-03 09:15:00,-8.38,51.93,8,x,4G,rsrp_dbm,-98"))
    assert checked.accepted[["lon", "lat"]].to_numpy().tolist() == [[-8.38, 51.93]]


def test_no_service_needs_neither_value_nor_operator(tmp_path):
    checked = read_measurements(_write(tmp_path, "2022-10-03 09:15:00,107.5,-6.9,8,,,no_service,-200"))
    assert checked.accepted["metric"].tolist() == ["no_service"]
    assert checked.accepted["value"].isna().all()


def test_technology_follows_from_the_metric(tmp_path):
    checked = read_measurements(_write(tmp_path, "2022-10-03 09:15:00,107.5,-6.9,8,xl,,RSCP (dBm),-98"))
    assert checked.accepted[["metric", "technology"]].to_numpy().tolist() == [["rscp_dbm", "3G"]]


@pytest.mark.parametrize(
    ("written", "operator"),
    [
        ("PT. Telekomunikasi Selular, Tbk", "telkomsel"),
        ("51010", "telkomsel"),
        ("510-01", "indosat"),
        ("IM3", "indosat"),
        ("XL Axiata", "xl"),
        ("Warung Net", "warung net"),
    ],
)
def test_operators_fold_and_strangers_stay_in_lower_case(tmp_path, written, operator):
    row = f'2022-10-03 09:15:00,107.5,-6.9,8,"{written}",4G,rsrp_dbm,-98'
    checked = read_measurements(_write(tmp_path, row))
    assert checked.accepted["operator"].tolist() == [operator]
    assert ("unknown_operator" in _counts(checked)) == (operator == "warung net")


def test_of_repeated_readings_the_most_accurate_stays_wherever_it_stands(tmp_path):
    coarse, fine = GOOD.replace(",8,", ",50,"), GOOD.replace(",8,", ",5,")
    for rows in ((coarse, fine, GOOD), (GOOD, coarse, fine)):
        checked = read_measurements(_write(tmp_path, *rows))
        assert checked.accepted["accuracy_m"].tolist() == [5.0]
        assert _counts(checked) == {"duplicate": 2}


def test_a_reading_of_another_operator_or_time_is_no_duplicate(tmp_path):
    other = GOOD.replace("Telkomsel", "XL"), GOOD.replace("09:15:00", "09:15:01")
    assert len(read_measurements(_write(tmp_path, GOOD, *other)).accepted) == 3


def test_indonesian_headings_numbers_and_dates(tmp_path):
    head = "Waktu ukur *;Bujur (°) *;Lintang (°) *;Akurasi (m);Operator;Teknologi;Metrik *;Nilai;Di dalam ruangan"
    path = _write(tmp_path, "3 Oktober 2022 09.15;107,5;-6,9;8,5;Telkomsel;LTE;rsrp_dbm;-98,5;ya", head=head)
    row = read_measurements(path).accepted.iloc[0]
    assert (row["lon"], row["lat"], row["accuracy_m"], row["value"], row["technology"]) == (
        107.5,
        -6.9,
        8.5,
        -98.5,
        "4G",
    )
    assert bool(row["indoor"])


def test_the_zone_of_the_settings_holds_for_bare_clocks_only(tmp_path):
    rows = GOOD, GOOD.replace("2022-10-03 09:15:00", "2022-10-03T09:15:00Z")
    checked = read_measurements(_write(tmp_path, *rows), settings=load_settings({"timezone": "Asia/Jayapura"}))
    assert checked.accepted["measured_at"].dt.hour.tolist() == [0, 9]


def test_messages_speak_the_language_of_the_settings(tmp_path):
    path = _write(tmp_path, "2022-10-03 09:15:00,107.5,-6.9,8,x,4G,rsrp_dbm,-")
    assert "tidak ada bacaan" in read_measurements(path).rejects["message"].iloc[-1]
    english = read_measurements(path, settings=load_settings({"language": "en"}))
    assert "no reading" in english.rejects["message"].iloc[-1]


def test_a_mapping_names_columns_and_constants(tmp_path):
    path = _write(tmp_path, "2022-10-03 09:15:00;107,5;-6,9;-98", head="JAM;X COORD;Y COORD;KUAT")
    mapping = {
        "measured_at": "JAM",
        "lon": "X COORD",
        "lat": "Y COORD",
        "value": "KUAT",
        "metric": "=rsrp_dbm",
        "operator": "=xl",
    }
    row = read_measurements(path, mapping=mapping).accepted.iloc[0]
    assert (row["lon"], row["value"], row["operator"], row["technology"]) == (107.5, -98.0, "xl", "4G")


def test_a_value_column_without_any_metric_is_refused(tmp_path):
    path = _write(tmp_path, "2022-10-03 09:15:00,107.5,-6.9,-98", head="waktu,lon,lat,nilai")
    with pytest.raises(SourceError, match="metric"):
        read_measurements(path)


def test_one_column_per_metric_gives_one_reading_per_filled_cell(tmp_path):
    rows = (
        "2022-10-03 09:15:00,107.5,-6.9,xl,-98,12.5",
        "2022-10-03 09:16:00,107.5,-6.9,xl,,3",
        "2022-10-03 09:17:00,107.5,-6.9,xl,,",
    )
    path = _write(tmp_path, *rows, head="waktu,lon,lat,operator,RSRP,Download (Mbps)")
    checked = read_measurements(path)
    assert checked.rows_in == 4
    assert checked.accepted[["metric", "value", "source_row"]].to_numpy().tolist() == [
        ["rsrp_dbm", -98.0, 2],
        ["download_mbps", 12.5, 2],
        ["download_mbps", 3.0, 3],
    ]
    assert _counts(checked) == {"missing_metric": 1}


def test_speed_in_an_unnamed_unit_is_not_taken(tmp_path):
    path = _write(tmp_path, "2022-10-03 09:15:00,107.5,-6.9,xl,9000", head="waktu,lon,lat,operator,Download (kbps)")
    with pytest.raises(SourceError, match="metric"):
        read_measurements(path)


def test_the_source_of_ones_own_table_is_kept(tmp_path):
    path = _write(tmp_path, GOOD + ",Dinas Kominfo", GOOD.replace("-98", "-97") + ",", head=HEAD + ",Sumber")
    assert read_measurements(path).accepted["source"].tolist() == ["Dinas Kominfo", "ukur.csv"]


G_HEAD = "Timestamp\tLongitude\tLatitude\tSpeed\tOperatorname\tOperator\tNetworkTech\tNetworkMode\tLevel\tQual\tDL_bitrate\tAccuracy"


def _gnet(mode: str, level: str = "-90", second: int = 1) -> str:
    return f"2022.10.03_09.15.{second:02d}\t107.5\t-6.9\t0\t-\t51010\t-\t{mode}\t{level}\t-10\t900\t5"


@pytest.mark.parametrize(
    ("mode", "metric", "technology"),
    [
        ("LTE", "rsrp_dbm", "4G"), ("LTE+", "rsrp_dbm", "4G"), ("LTE-A", "rsrp_dbm", "4G"), ("4G", "rsrp_dbm", "4G"),
        ("5G", "ss_rsrp_dbm", "5G"), ("NR", "ss_rsrp_dbm", "5G"), ("5G NSA", "ss_rsrp_dbm", "5G"),
        ("UMTS", "rscp_dbm", "3G"), ("HSPA", "rscp_dbm", "3G"), ("HSPA+", "rscp_dbm", "3G"), ("HSDPA", "rscp_dbm", "3G"),
        ("HSUPA", "rscp_dbm", "3G"), ("GSM", "rxlev_dbm", "2G"), ("EDGE", "rxlev_dbm", "2G"), ("GPRS", "rxlev_dbm", "2G"),
    ],
)  # fmt: skip
def test_the_metric_of_a_g_nettrack_row_follows_its_mode(tmp_path, mode, metric, technology):
    checked = read_measurements(_write(tmp_path, _gnet(mode), head=G_HEAD, name="log.txt"))
    row = checked.accepted.iloc[0]
    assert (row["metric"], row["technology"], row["operator"], row["accuracy_m"]) == (
        metric,
        technology,
        "telkomsel",
        5.0,
    )
    assert row["measured_at"] == pd.Timestamp("2022-10-03 02:15:01", tz="UTC")


def test_a_g_nettrack_row_without_a_mode_is_refused_and_one_without_service_kept(tmp_path):
    path = _write(tmp_path, _gnet("-"), _gnet("No service", "-", 2), head=G_HEAD, name="log.txt")
    checked = read_measurements(path)
    assert checked.accepted["metric"].tolist() == ["no_service"]
    assert _counts(checked) == {"missing_metric": 1}


def test_opencellid_exports_name_the_operator_by_codes(tmp_path):
    head = "mcc,mnc,lac,cellid,lon,lat,signal,measured_at,rating,speed,direction,act"
    path = _write(
        tmp_path,
        "510,1,29100,83,107.5,-6.9,-88,1605974544301,21.3,0,0,LTE+",
        "510,1,29100,83,107.5,-6.9,31,1605974544302,21.3,0,0,GSM",
        head=head,
    )
    checked = read_measurements(path)
    row = checked.accepted.iloc[0]
    assert (row["operator"], row["metric"], row["accuracy_m"]) == ("indosat", "rsrp_dbm", 21.3)
    assert row["measured_at"] == pd.Timestamp("2020-11-21 16:02:24.301", tz="UTC")
    assert _counts(checked) == {"impossible_rxlev_dbm": 1}


def test_a_constant_overrides_a_dialect(tmp_path):
    path = _write(tmp_path, _gnet("LTE"), head=G_HEAD, name="log.txt")
    assert read_measurements(path, mapping={"operator": "=XL"}).accepted["operator"].tolist() == ["xl"]
    with pytest.raises(SourceError, match="Akurat"):
        read_measurements(path, mapping={"accuracy_m": "Akurat"})


def test_every_format_gives_the_same(tmp_path):
    csv_path = _write(tmp_path, GOOD, GOOD.replace("-98", "-110").replace("09:15:00", "09:16:00"))
    wanted = read_measurements(csv_path).accepted
    table = pd.read_csv(csv_path)
    table.to_excel(tmp_path / "ukur.xlsx", index=False)
    typed = table.assign(measured_at=pd.to_datetime(table["measured_at"]))
    typed.to_parquet(tmp_path / "ukur.parquet")
    points = gpd.GeoDataFrame(
        typed.drop(columns=["lon", "lat"]),
        geometry=[Point(*pair) for pair in zip(table["lon"], table["lat"], strict=True)],
        crs=4326,
    )
    points.to_file(tmp_path / "ukur.gpkg")
    with zipfile.ZipFile(tmp_path / "ukur.zip", "w") as archive:
        archive.write(csv_path, "a/ukur.csv")
    for name in ("ukur.xlsx", "ukur.parquet", "ukur.gpkg", "ukur.zip"):
        found = read_measurements(tmp_path / name).accepted
        columns = [column for column in wanted if column not in ("source", "source_row")]
        pd.testing.assert_frame_equal(found[columns], wanted[columns])
    assert found["source"].tolist() == ["ukur.zip/a/ukur.csv"] * 2


MESS = st.sampled_from(
    [
        "",
        "-",
        "-200",
        "2147483647",
        "x",
        "0",
        "107.5",
        "-6.9",
        "-98",
        "3G",
        "rsrp_dbm",
        "no_service",
        "Telkomsel",
        "2022-10-03 09:15:00",
        "=1+1",
        '"',
        "ü",
    ]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(MESS, min_size=8, max_size=8), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_rows_are_conserved_and_their_order_never_matters(tmp_path_factory, mess, random):
    folder = tmp_path_factory.mktemp("mess")
    filled = [row for row in mess if any(row)]
    rows = [GOOD.split(","), *(filled or [["x"] * 8])]
    checked = _read_rows(folder / "a.csv", rows)
    assert checked.rows_in == len(rows)
    assert len(checked.accepted) + (checked.rejects["severity"] == "rejected").sum() == len(rows)
    assert checked.rejects[checked.rejects["severity"] == "rejected"]["row"].is_unique
    random.shuffle(rows)
    again = _read_rows(folder / "b.csv", rows)
    assert _values(again.accepted) == _values(checked.accepted)


def _read_rows(path, rows):
    pd.DataFrame(rows, columns=HEAD.split(",")).to_csv(path, index=False)
    return read_measurements(path)


def _values(frame) -> list[str]:
    return sorted(map(str, frame.drop(columns=["source", "source_row"]).replace({np.nan: None}).to_numpy().tolist()))


def test_real_g_nettrack_logs(real):
    checked = read_measurements(real / "measurements" / "ucc_dev_download.zip")
    assert checked.rows_in == 43_208
    assert len(checked.accepted) == 40_352
    assert _counts(checked) == {"duplicate": 2_853, "sentinel_value": 3, "unknown_operator": 1}
    assert checked.accepted["metric"].value_counts().to_dict() == {
        "ss_rsrp_dbm": 27_690,
        "rsrp_dbm": 8_527,
        "rscp_dbm": 4_135,
    }
    assert checked.accepted["source"].nunique() == 21


def test_real_network_cell_info_walks(real):
    paths = sorted((real / "measurements" / "walksignal_ottawa").glob("*.csv"))
    checked = read_measurements(paths, now=dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    assert (len(paths), checked.rows_in, len(checked.accepted)) == (18, 2_621, 2_615)
    assert _counts(checked) == {"accuracy_too_coarse": 5, "duplicate": 1, "unknown_operator": 1}
    assert set(checked.accepted["operator"]) == {"302-720"}
    assert checked.accepted["measured_at"].min() == pd.Timestamp("2020-08-30 14:14:12", tz="UTC")

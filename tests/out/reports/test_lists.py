"""The two lists for Bina Bangda."""

from __future__ import annotations

import datetime as dt

import offices
import pandas as pd
import pytest

from blankspot.out.reports import lists


def facility(number, kind="sekolah", has=None, lon=107.5, lat=-6.9, name="SDN 1"):
    return {
        "facility_name": name, "facility_type": kind, "village_code": offices.code(number), "lon": lon, "lat": lat,
        "has_internet": has,
    }  # fmt: skip


def point(number, status="active", lon=107.5, lat=-6.9, since=None, kind="wifi"):
    return {
        "point_name": "WiFi Balai", "point_type": kind, "provider": "BAKTI", "village_code": offices.code(number),
        "lon": lon, "lat": lat, "status": status, "since": since,
    }  # fmt: skip


def places(facilities, points):
    return offices.data(
        ["none"] * 3, facilities=offices.rows("facilities", *facilities), internet_points=offices.rows("internet_points", *points)
    )  # fmt: skip


class TestWithout4g:
    CLASSES = ("none", "weak", "weak", "served", "unknown")

    @pytest.fixture
    def report(self):
        evidence = pd.DataFrame(
            [
                (offices.code(1), "telkomsel", "3G", "measured", "share_none", 0.2),
                (offices.code(1), "xl", "2G", "measured", "share_none", 0.0),
                (offices.code(1), "indosat", None, "measured", "share_none", 1.0),
                (offices.code(0), "telkomsel", "4G", "measured", "share_none", 1.0),
            ],
            columns=["village_code", "operator", "technology", "kind", "statistic", "value"],
        )
        events = [offices.target(0), offices.move("assigned", 0, dt.date(2022, 6, 1), partner="BAKTI")]
        classes = offices.verdicts(list(self.CLASSES), no_4g=(1, 4))
        villages = offices.villages(5).assign(office_point=["POINT (107.74 -6.944)", None, None, None, None])
        return offices.data(list(self.CLASSES), events, verdicts=classes, evidence=evidence, villages=villages)

    def test_blankspot_and_2g_or_3g_alone_are_listed_and_no_data_is_not(self, report):
        table = lists.without_4g(report)
        assert [row["village_code"] for row in table.rows] == [offices.code(0), offices.code(1)]
        assert offices.total(table, "population") == "3.000"

    def test_a_line_says_where_who_hears_and_who_handles(self, report):
        first, second = offices.said(lists.without_4g(report))[:2]
        assert first == [
            "1", "Provinsi Uji", "Kabupaten Uji", "Kecamatan 1", "Sukanagara 1", offices.code(0), "107,74000", "-6,94400", "1.000",
            "Blankspot", "", "Ditugaskan", "BAKTI",
        ]  # fmt: skip
        assert second[9:] == ["Lemah atau sebagian", "Telkomsel 3G, XL 2G", "", ""]

    def test_without_an_office_the_position_is_inside_the_village(self, report):
        row = lists.without_4g(report).rows[1]
        shape = report.villages.geometry.iloc[1]
        west, south, east, north = shape.bounds
        assert west < row["lon"] < east
        assert south < row["lat"] < north

    def test_the_summary_tells_of_how_many(self, report):
        assert offices.said(lists.without_4g_summary(report)) == [
            ["Kabupaten Uji", "1", "1", "2", "1", "5", "40,00 %"],
            ["Jumlah", "1", "1", "2", "1", "5", "40,00 %"],
        ]


class TestFacilities:
    def test_the_places_own_word_comes_first(self):
        table = lists.facilities_summary(
            places([facility(0, has=True), facility(0, has=False), facility(0, kind="pasar")], [point(0, lon=108.5)])
        )
        assert offices.said(table) == [
            ["Sekolah", "1", "1", "0", "2", "50,00 %"],
            ["Pasar", "0", "0", "1", "1", "0,00 %"],
            ["Jumlah", "1", "1", "1", "3", "33,33 %"],
        ]

    def test_an_active_point_beside_a_place_that_says_nothing_serves_it(self):
        near, far = facility(0, name="Dekat"), facility(0, lat=-6.902, name="Jauh")
        table = lists.facilities(places([near, far], [point(0)]))
        told = {row["facility_name"]: row["id"] for row in table.rows}
        assert told == {"Dekat": "yes", "Jauh": "not_known"}
        line = next(line for line in offices.said(table) if line[1] == "Dekat")
        assert line[-3:] == ["Ada internet", "WiFi", "BAKTI"]

    @pytest.mark.parametrize("status", ["planned", "inactive"])
    def test_a_point_that_does_not_work_serves_nobody(self, status):
        assert lists.facilities(places([facility(0)], [point(0, status=status)])).rows[0]["id"] == "not_known"

    def test_a_point_of_another_village_serves_nobody_here(self):
        assert lists.facilities(places([facility(0)], [point(1)])).rows[0]["id"] == "not_known"

    def test_a_place_without_internet_shows_no_connection(self):
        line = offices.said(lists.facilities(places([facility(0, has=False)], [point(0)])))[0]
        assert line[-3:] == ["Tanpa internet", "", ""]

    def test_rows_add_up(self):
        table = lists.facilities_summary(
            places([facility(n % 3, kind=kind, has=has) for n, (kind, has) in enumerate(
                [("sekolah", True), ("sekolah", None), ("puskesmas", False), ("kantor_desa", True), ("ibadah", None)]
            )], [])
        )  # fmt: skip
        for row in table.rows:
            assert row["yes"] + row["no"] + row["not_known"] == row["places"]
        assert table.total["places"] == 5

    def test_without_lists_it_says_so(self):
        assert lists.facilities(offices.data(["none"])).empty.id == "Belum ada daftar fasilitas publik."


class TestInternetPoints:
    def test_they_are_counted_by_kind_and_status_apart_from_mobile_coverage(self):
        points = [point(0), point(0), point(1, kind="vsat", status="planned"), point(2, status=None)]
        table = lists.internet_points(places([], points))
        assert offices.said(table) == [
            ["WiFi", "3", "0", "0", "3", "2"],
            ["VSAT", "0", "1", "0", "1", "0"],
            ["Jumlah", "3", "1", "0", "4", ""],
        ]
        assert "tidak mengakhiri blankspot seluler" in table.definition.id

    def test_a_point_that_begins_later_is_not_there_yet(self):
        data = places([], [point(0, since=pd.Timestamp("2023-01-01")), point(1, since=pd.Timestamp("2022-01-01"))])
        assert len(lists.internet_point_list(data).rows) == 1

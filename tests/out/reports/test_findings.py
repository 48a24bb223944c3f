"""Proposals against findings: four meetings, and no data counted apart."""

from __future__ import annotations

import datetime as dt

import offices
import pytest

from blankspot.out.reports.findings import finding_lists, matrix

CLASSES = ["none", "none", "weak", "served", "unknown", "unknown"]


def proposal(number, on="2022-02-11", channel="musrenbang"):
    return {"village_code": offices.code(number), "proposed_on": pd_day(on), "proposer": "Pemdes", "channel": channel}


def pd_day(text):
    return dt.datetime.fromisoformat(text)


@pytest.fixture
def report():
    table = offices.rows("proposals", proposal(0), proposal(0, "2022-05-01", "desa"), proposal(3), proposal(4))
    events = [offices.move("proposed", 2, dt.date(2022, 3, 1), channel="warga", proposer="RT 01")]
    return offices.data(CLASSES, events, proposals=table)


def listed(report, key):
    return [row["village_code"] for row in next(one for one in finding_lists(report) if one.key == key).rows]


def test_the_matrix_counts_every_village_once(report):
    assert offices.said(matrix(report)) == [
        ["Blankspot", "1", "1", "2", "50,00 %"],
        ["Lemah atau sebagian", "1", "0", "1", "100,00 %"],
        ["Terlayani", "1", "0", "1", "100,00 %"],
        ["Belum cukup data", "1", "1", "2", "50,00 %"],
        ["Jumlah", "4", "2", "6", "66,67 %"],
    ]


def test_each_meeting_has_its_list(report):
    assert listed(report, "proposed_none") == [offices.code(0)]
    assert listed(report, "proposed_weak") == [offices.code(2)]
    assert listed(report, "proposed_served") == [offices.code(3)]
    assert listed(report, "never_proposed") == [offices.code(1)]
    assert listed(report, "proposed_unknown") == [offices.code(4)]


def test_a_village_says_how_often_how_and_when_it_was_proposed(report):
    table = finding_lists(report)[0]
    assert [offices.cell(table, 0, key) for key in ("proposals", "proposed_on", "channel")] == [
        "2", "1 Mei 2022", "Pemerintah desa, Musrenbang",
    ]  # fmt: skip


def test_the_ledgers_proposals_count_and_the_same_one_counts_once():
    table = offices.rows("proposals", proposal(0))
    events = [offices.move("proposed", 0, dt.date(2022, 2, 11), channel="musrenbang")]
    found = finding_lists(offices.data(["none"], events, proposals=table))[0]
    assert offices.cell(found, 0, "proposals") == "1"


def test_a_proposal_to_come_is_none_yet():
    table = offices.rows("proposals", proposal(0, "2022-12-27"))
    assert matrix(offices.data(["none"], proposals=table)).rows[0]["proposed"] == 0

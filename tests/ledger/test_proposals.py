"""Proposals are judged by borders and by what is on record before anything is recorded."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, clock, event, story

from blankspot.ledger import Ledger
from blankspot.ledger.proposals import ROW_COLUMNS, STATUSES, SUBMISSION_COLUMNS, plan_proposals
from blankspot.settings import load_settings

TODAY = NOW.date()
VILLAGES = worlds.villages(4).assign(
    village_name=["Srirahayu", "Sukamaju", "Sukamaju", "Cileunyi Kulon"], district="Arunika", regency="Kab. Arunika"
)
CODES = VILLAGES["village_code"].tolist()


def row(number: int = 0, /, **changes: object) -> dict[str, object]:
    lon, lat = worlds.at(40 * number + 20)
    given = {
        "proposal_id": f"U-{number}",
        "proposed_on": "2022-02-11",
        "village_code": CODES[number],
        "proposer": "Pemerintah Desa",
        "channel": "musrenbang",
        "intervention_type": "bts",
        "lon": str(lon),
        "lat": str(lat),
        "document": "BA-1",
    }
    return {name: value for name, value in (given | changes).items() if value is not None}


def plan(*rows: dict[str, object], records=(), villages=VILLAGES, **options):
    frame = pd.DataFrame(list(rows), dtype="str").where(lambda cells: cells != "nan")
    return plan_proposals(frame, villages, records, today=TODAY, **options)


def statuses(made) -> list[str]:
    return made.rows["status"].tolist()


@pytest.fixture
def apply(ledger):
    def run(*rows: dict[str, object], **options):
        made = plan(*rows, records=ledger.events(), **options)
        ledger.append(made.new_events)
        return made

    return run


def test_a_proposal_with_its_place_in_its_desa_is_recorded_and_ready(apply, ledger):
    made = apply(row())
    assert statuses(made) == ["ready"]
    (recorded,) = ledger.events()
    lon, lat = worlds.at(20)
    assert recorded.kind == "proposed"
    assert recorded.case_id == f"{CODES[0]}:mobile"
    assert recorded.fields["channel"] == "musrenbang"
    assert recorded.fields["proposer"] == "Pemerintah Desa"
    assert (recorded.fields["lon"], recorded.fields["lat"]) == pytest.approx((lon, lat))
    assert list(made.submission()) == list(SUBMISSION_COLUMNS)
    assert made.submission()["village_name"].tolist() == ["Srirahayu"]
    assert made.submission()["intervention_type"].tolist() == ["BTS baru"]
    assert made.submission("en")["intervention_type"].tolist() == ["New base station"]


def test_an_internet_point_is_a_case_of_its_own(apply, ledger):
    apply(row(), row(intervention_type="vsat"))
    assert {record.case_id for record in ledger.events()} == {f"{CODES[0]}:mobile", f"{CODES[0]}:internet"}


def test_without_a_place_it_is_recorded_and_told_not_ready(apply, ledger):
    made = apply(row(lon=None, lat=None), row(1, lon="-", lat=""))
    assert statuses(made) == ["incomplete", "incomplete"]
    assert made.rows["message"].iloc[0] == "Belum siap diajukan: belum ada koordinat."
    assert len(ledger.events()) == 2
    assert made.submission().empty


def test_the_same_list_again_appends_nothing_and_stays_ready(apply, ledger):
    first = apply(row(), row(1, lon=None, lat=None))
    again = apply(row(), row(1, lon=None, lat=None))
    assert statuses(again) == statuses(first) == ["ready", "incomplete"]
    assert again.rows["recorded"].tolist() == [True, True]
    assert again.new_events == ()
    assert len(ledger.events()) == 2


def test_a_place_filled_in_later_completes_the_record(apply, ledger):
    apply(row(lon=None, lat=None))
    made = apply(row())
    assert statuses(made) == ["ready"]
    assert [record.kind for record in ledger.events()] == ["proposed", "correction"]
    (counting,) = [record for record in ledger.effective() if record.kind == "proposed"]
    assert counting.fields["lon"] == pytest.approx(worlds.at(20)[0])
    assert apply(row()).new_events == ()
    assert statuses(apply(row(lon=None, lat=None))) == ["ready"]


def test_swapped_coordinates_are_put_right_and_told(apply, ledger):
    lon, lat = worlds.at(20)
    made = apply(row(lon=str(lat), lat=str(lon)))
    assert statuses(made) == ["ready"]
    assert "tertukar" in made.rows["message"].iloc[0]
    assert ledger.events()[0].fields["lon"] == pytest.approx(lon)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"lon": "12.5", "lat": "41.9"}, "outside_indonesia"),
        ({"lon": "0", "lat": "0"}, "outside_indonesia"),
        ({"lat": None}, "position_half"),
        ({"lon": "107o5"}, "coordinate_unreadable"),
        ({"village_code": "99.01.01.2999"}, "village_unknown"),
        ({"village_code": "9901012001"}, "code_undotted"),
        ({"village_code": None}, "code_missing"),
        ({"proposed_on": "2023-01-01"}, "date_in_future"),
        ({"channel": "wasap"}, "not_a_choice"),
        ({"proposer": None}, "missing_value"),
    ],
)
def test_what_cannot_be_right_is_refused_and_not_recorded(changes, rule):
    made = plan(row(**changes), row(1))
    assert statuses(made) == ["refused", "ready"]
    assert made.rejects["rule"].tolist() == [rule]
    assert [event.village_code for event in made.new_events] == [CODES[1]]


def test_a_place_in_another_desa_names_it_and_how_far(apply):
    lon, lat = worlds.at(44)  # four and a half cells into the second village
    made = apply(row(lon=str(lon), lat=str(lat)))
    assert statuses(made) == ["refused"]
    assert made.rejects["rule"].tolist() == ["outside_village"]
    message = made.rows["message"].iloc[0]
    assert f"di desa Sukamaju ({CODES[1]})" in message
    assert "1,1 km dari batas desa Srirahayu" in message
    english = plan(row(lon=str(lon), lat=str(lat)), lang="en").rows["message"].iloc[0]
    assert "1.1 km from the border" in english


def test_a_place_outside_every_desa_says_so():
    lon, lat = worlds.at(-60)
    assert "di luar semua desa" in plan(row(lon=str(lon), lat=str(lat))).rows["message"].iloc[0]


def test_near_the_border_is_accepted_and_told_and_the_tolerance_is_a_setting():
    lon, lat = worlds.at(40)  # 125 m into the second village
    near = row(lon=str(lon), lat=str(lat))
    made = plan(near)
    assert statuses(made) == ["ready"]
    assert "125 m di luar batas" in made.rows["message"].iloc[0]
    strict = load_settings({"proposals": {"border_tolerance_m": 100}})
    assert statuses(plan(near, settings=strict)) == ["refused"]


def test_a_desa_proposed_twice_in_a_year_is_linked_and_not_doubled(apply, ledger):
    made = apply(row(), row(proposed_on="2022-03-01", channel="warga", proposer="Forum Warga"))
    assert statuses(made) == ["ready", "linked"]
    assert made.rows["link"].iloc[1] == "1"
    assert len(ledger.events()) == 1
    later = apply(row(proposed_on="2022-05-01", channel="kecamatan", proposer="Kecamatan"))
    assert statuses(later) == ["linked"]
    assert later.rows["link"].iloc[0] == ledger.events()[0].content_id
    assert "sejak 11 Februari 2022 (Pemerintah Desa)" in later.rows["message"].iloc[0]


def test_the_earliest_of_a_list_is_the_proposal_whatever_the_order(apply):
    made = apply(row(proposed_on="2022-03-01"), row(proposed_on="2022-02-01"))
    assert statuses(made) == ["linked", "ready"]


def test_a_proposal_written_twice_is_ready_once_whether_recorded_or_not(apply):
    rows = (row(lon=None, lat=None), row(), row())
    assert statuses(apply(*rows)) == ["linked", "ready", "linked"]
    assert statuses(apply(*rows)) == ["linked", "ready", "linked"]


def test_a_desa_on_its_way_or_handled_or_decided_is_told(apply, ledger):
    ledger.append(story("proposed", "verified", "approved", village=CODES[0]))
    ledger.append(story("proposed", "verified", "rejected", village=CODES[1]))
    ledger.append(story("proposed", "verified", "approved", "assigned", "handled", village=CODES[2]))
    made = apply(*(row(number, proposed_on="2022-09-01") for number in range(4)))
    assert statuses(made) == ["under_way", "decided", "under_way", "ready"]
    assert "Sudah berjalan: Disetujui sejak 21 Januari 2022." in made.rows["message"].iloc[0]
    assert "Buka kembali" in made.rows["message"].iloc[1]
    assert "Sudah tertangani" in made.rows["message"].iloc[2]


def test_a_reopened_case_may_be_proposed_again(apply, ledger):
    ledger.append(story("proposed", "verified", "approved", "assigned", "handled", "reopened", village=CODES[0]))
    assert statuses(apply(row(proposed_on="2022-09-01"))) == ["ready"]


def test_before_the_case_was_identified_it_is_refused_by_the_ledger(apply, ledger):
    ledger.append(event("identified", 200, CODES[0]))
    assert statuses(apply(row())) == ["refused"]


def test_a_withdrawn_proposal_does_not_come_back(apply, ledger):
    apply(row())
    (record,) = ledger.events()
    ledger.append(event("correction", 300, CODES[0], corrects=record.content_id, withdraws=True, reason="salah desa"))
    made = apply(row())
    assert made.new_events == ()
    assert statuses(made) == ["refused"]


def test_sri_rahayu_proposes_srirahayu_and_waits_for_confirmation(apply, ledger):
    made = apply(row(village_code="Sri Rahayu"))
    assert statuses(made) == ["waiting"]
    assert f"Srirahayu ({CODES[0]}, Kec. Arunika)" in made.rows["message"].iloc[0]
    assert ledger.events() == ()
    confirmed = apply(row(village_code="Sri Rahayu"), confirmed={"SRI RAHAYU": CODES[0]})
    assert statuses(confirmed) == ["ready"]
    assert ledger.events()[0].village_code == CODES[0]


def test_a_name_decides_only_inside_its_kecamatan_and_when_it_is_one():
    named = row(village_code=None, village_name="Cileunyi Kulon", district="Arunika", lon=None, lat=None)
    assert plan(named).rows["village_code"].tolist() == [CODES[3]]
    assert statuses(plan({**named, "district": None})) == ["waiting"]
    twice = plan({**named, "village_name": "Sukamaju"})
    assert statuses(twice) == ["waiting"]
    assert CODES[1] in twice.rows["message"].iloc[0]
    assert CODES[2] in twice.rows["message"].iloc[0]


def test_a_name_that_is_not_that_of_its_code_is_told():
    made = plan(row(village_name="Sukamaju"), row(1, village_name="SUKA MAJU"))
    assert made.rejects["rule"].tolist() == ["name_differs"]
    assert "Kode 99.01.01.2001 adalah desa Srirahayu" in made.rows["message"].iloc[0]


def test_without_borders_only_codes_and_bounds_are_judged():
    made = plan(row(), row(1, lon="2.3", lat="48.8"), villages=None)
    assert statuses(made) == ["ready", "refused"]
    plain = pd.DataFrame(VILLAGES.drop(columns="geometry"))
    assert statuses(plan(row(), villages=plain)) == ["ready"]


def test_hostile_text_stays_text():
    made = plan(row(proposer='=HYPERLINK("x")', document="{value}"))
    assert made.submission()["proposer"].tolist() == ['=HYPERLINK("x")']
    assert statuses(made) == ["ready"]


def test_the_list_given_is_not_changed():
    frame = pd.DataFrame([row(village_code="Sri Rahayu")], dtype="str")
    before = frame.copy()
    plan_proposals(frame, VILLAGES, (), today=TODAY)
    pd.testing.assert_frame_equal(frame, before)


ROWS = st.builds(
    row,
    st.integers(0, 3),
    proposed_on=st.sampled_from(["2021-02-01", "2022-02-01", "2022-06-01", "2024-01-01", "kapan"]),
    village_code=st.sampled_from([*CODES, "Sri Rahayu", "99.01.01.2999", ""]),
    intervention_type=st.sampled_from(["bts", "vsat", ""]),
    lon=st.sampled_from(["", "107.5", str(worlds.at(20)[0]), str(worlds.at(60)[0])]),
    lat=st.sampled_from(["", "-6.9", str(worlds.at(20)[1])]),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(ROWS, max_size=6))
def test_every_proposal_comes_to_one_thing_and_applying_twice_is_applying_once(rows):
    frame = pd.DataFrame(rows, columns=list(row()), dtype="str")
    with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
        made = plan_proposals(frame, VILLAGES, ledger.events(), today=TODAY)
        assert list(made.rows) == list(ROW_COLUMNS)
        assert sum(made.counts.values()) == made.rows_in == len(made.rows) == len(rows)
        assert set(made.rows["status"]) <= set(STATUSES)
        ledger.append(made.new_events)
        count = len(ledger.events())
        again = plan_proposals(frame, VILLAGES, ledger.events(), today=TODAY)
        assert again.new_events == ()
        ledger.append(again.new_events)
        assert len(ledger.events()) == count
        assert again.rows["status"].tolist() == made.rows["status"].tolist()
        assert made.submission().astype("str").equals(again.submission().astype("str"))


def test_the_days_are_those_of_the_list():
    assert plan(row(proposed_on="11 Maret 2019")).rows["proposed_on"].iloc[0].date() == dt.date(2019, 3, 11)

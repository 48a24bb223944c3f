"""Lists of happenings against the ledger: rows in = new + unchanged + refused."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import HOSTILE, MAIN_LINE, VILLAGE, VILLAGES, clock, day, event, handled, likely_events, rows, story

from blankspot.errors import SourceError
from blankspot.ledger import Ledger


def rules(plan):
    return plan.rejects["rule"].tolist()


def conserved(plan):
    return (
        plan.rows_in
        == len(plan.new_events) + plan.unchanged + plan.rows_rejected
        == len(plan.new_events) + (plan.unchanged + len(plan.rejects))
    )


def test_a_whole_story_and_the_same_again(ledger):
    listed = rows(event("target", 3, document="SK-1"), *handled())
    plan = ledger.plan_import(listed)
    assert set(plan.new_events) == {event("target", 3, document="SK-1"), *handled()}
    assert plan.rejects.empty
    assert ledger.events() == ()
    ledger.append(plan.new_events)
    again = ledger.plan_import(listed)
    assert (again.new_events, again.unchanged, again.rows_rejected) == ((), 9, 0)


def test_headings_and_labels_are_read_in_indonesian(ledger):
    listed = pd.DataFrame(
        {
            "TANGGAL": ["11 Maret 2022", "26/12/22"],
            "Kode Desa": [VILLAGE, VILLAGE],
            "Kejadian": ["Teridentifikasi", "diusulkan"],
            "Mitra": [None, "Telkom"],
            "Jenis penanganan": ["BTS baru", "bts"],
            "Sumber dana": ["Dana Desa", "APBD kabupaten/kota"],
            "Anggaran (Rp)": ["2.600.000.000,00", ""],
            "Nama desa": ["Cileunyi", "Cileunyi"],
        }
    )
    plan = ledger.plan_import(listed)
    assert plan.rejects.empty
    assert [(one.kind, one.happened_on) for one in plan.new_events] == [
        ("identified", dt.date(2022, 3, 11)),
        ("proposed", dt.date(2022, 12, 26)),
    ]
    assert plan.new_events[0].fields == {
        "intervention_type": "bts",
        "funding_source": "dana_desa",
        "budget_rp": 2_600_000_000,
    }


def test_columns_can_be_mapped_and_set(ledger):
    listed = pd.DataFrame({"wktu": ["2022-03-01"], "kd": [VILLAGE], "apa": ["identified"]})
    plan = ledger.plan_import(
        listed, mapping={"happened_on": "wktu", "village_code": "kd", "event": "apa", "partner": "=Telkom"}
    )
    assert plan.new_events[0].fields == {"partner": "Telkom"}
    with pytest.raises(SourceError, match=r"'waktu'.*Nearest: 'wktu'"):
        ledger.plan_import(listed, mapping={"happened_on": "waktu"})


def test_a_list_without_a_needed_column_is_refused_as_a_whole(ledger):
    with pytest.raises(SourceError, match=r"'Kode desa'.*Tanggal, Kode dsa, Kejadian.*Nearest: 'Kode dsa'"):
        ledger.plan_import(pd.DataFrame({"Tanggal": ["x"], "Kode dsa": ["x"], "Kejadian": ["x"]}))


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (rows(event("identified")).assign(village_code="3204052001"), "code_undotted", "village_code"),
        (rows(event("identified")).assign(village_code="53.1"), "code_float_damaged", "village_code"),
        (rows(event("identified")).assign(village_code="32.04.99.2001"), "village_unknown", "village_code"),
        (rows(event("identified")).assign(village_code=None), "missing_value", "village_code"),
        (rows(event("identified")).assign(event="selesai sekali"), "not_a_choice", "event"),
        (rows(event("identified")).assign(event=None), "missing_value", "event"),
        (rows(event("identified")).assign(happened_on="31 Februari 2022"), "unreadable_date", "happened_on"),
        (rows(event("identified")).assign(happened_on=None), "missing_value", "happened_on"),
        (rows(event("identified")).assign(happened_on="2023-01-01"), "date_in_future", "happened_on"),
        (rows(event("identified")).assign(intervention_type="balon"), "not_a_choice", "intervention_type"),
        (rows(event("identified")).assign(budget_rp="-5"), "out_of_range", "budget_rp"),
        (rows(event("identified")).assign(case_id="32.04.05.2002:mobile"), "case_unknown", "case_id"),
        (rows(event("target")).assign(year=None), "year_missing", "year"),
        (rows(event("target_removed")), "not_a_target", "event"),
        (rows(event("assigned", 30)), "illegal_move", "event"),
        (rows(event("identified", 5)), "date_before_previous", "happened_on"),
        (rows(event("handled", 60)).assign(evidence=" "), "evidence_missing", "evidence"),
    ],
)
def test_every_fault_is_a_rule_of_its_own(ledger, row, rule, column):
    villages = pd.DataFrame({"village_code": [VILLAGE, *VILLAGES]})
    if rule in ("illegal_move", "date_before_previous"):
        ledger.append(story("identified", "proposed", "verified", "rejected"))
        row = row.assign(event="reopened") if rule == "date_before_previous" else row
    if rule == "evidence_missing":
        ledger.append(handled()[:5])
    plan = ledger.plan_import(row, villages=villages, lang="en")
    assert [(one.rule, one.column, one.severity) for one in plan.rejects.itertuples()] == [(rule, column, "rejected")]
    assert plan.new_events == ()
    assert len(plan.rejects["message"].iloc[0]) > 20
    assert conserved(plan)


def test_a_refusal_names_the_stage_the_case_was_in(ledger):
    ledger.append(story("identified", "proposed", "verified", "rejected"))
    message = ledger.plan_import(rows(event("handled", 50)), lang="id").rejects["message"].iloc[0]
    assert "yang tercatat: 'Ditolak' sejak 31 Januari 2022" in message
    assert "'Dibuka kembali'" in message


def test_one_refused_row_does_not_hold_up_the_others_but_what_follows_it(ledger):
    listed = rows(*handled(), *story("identified", village=VILLAGES[1]))
    listed.loc[3, "happened_on"] = "entah"
    plan = ledger.plan_import(listed)
    assert [one.kind for one in plan.new_events] == ["identified", "identified", "proposed", "verified"]
    assert rules(plan) == ["unreadable_date", *["illegal_move"] * 4]
    assert plan.rejects["row"].tolist() == [4, 5, 6, 7, 8]
    assert conserved(plan)


def test_rows_that_repeat_each_other_count_once(ledger):
    listed = pd.concat([rows(event("identified")), rows(event("identified"))])
    plan = ledger.plan_import(listed)
    assert len(plan.new_events) == 1
    assert rules(plan) == ["duplicate_row"]


def test_a_row_that_says_less_than_the_record_is_unchanged_and_one_that_differs_is_refused(ledger):
    ledger.append([*handled()[:4], event("assigned", 40, partner="Telkom", document="PKS-1")])
    assert ledger.plan_import(rows(event("assigned", 40, partner="Telkom"))).unchanged == 1
    plan = ledger.plan_import(rows(event("assigned", 40, partner="Indosat")), lang="en")
    assert rules(plan) == ["recorded_differently"]
    assert "'Telkom'" in plan.rejects["message"].iloc[0]


def test_skipping_is_refused_unless_allowed_and_then_marked(ledger):
    listed = rows(*story("proposed", "handled"))
    assert rules(ledger.plan_import(listed)) == ["illegal_move"]
    plan = ledger.plan_import(listed, allow_skips=True)
    assert [dict(one.fields) for one in plan.new_events] == [{}, {"evidence": "BA-1", "skips": True}]
    ledger.append(plan.new_events)
    assert ledger.plan_import(listed).unchanged == 2
    assert rules(ledger.plan_import(rows(event("construction", 50)), allow_skips=True)) == ["illegal_move"]


def test_what_is_built_decides_the_case(ledger):
    internet = rows(*handled()).assign(intervention_type=[None] * 4 + ["vsat"] + [None] * 3)
    both = pd.concat(
        [
            rows(*handled(VILLAGES[1])).assign(intervention_type="leo"),
            rows(*story("identified", "proposed", village=VILLAGES[1], start=3)),
            rows(*story("verified", village=VILLAGES[1], start=40)).assign(intervention_type="bts"),
        ]
    )
    plan = ledger.plan_import(pd.concat([internet, both, rows(event("target"), event("target", 0, VILLAGES[1]))]))
    assert plan.rejects.empty
    ledger.append(plan.new_events)
    state = ledger.state().set_index("case_id")
    assert state["stage"].to_dict() == {
        f"{VILLAGE}:internet": "handled",
        f"{VILLAGE}:mobile": "identified",
        f"{VILLAGES[1]}:internet": "handled",
        f"{VILLAGES[1]}:mobile": "verified",
    }
    assert ledger.progress(year=2022).numerator == 0


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_that_says_less_than_another_of_the_file_repeats_it(ledger, turned):
    listed = [event("target"), event("target", document="SK-1")]
    plan = ledger.plan_import(rows(*(listed[::-1] if turned else listed)))
    assert (len(plan.new_events), rules(plan)) == (1, ["duplicate_row"])
    assert plan.new_events[0].fields["document"] == "SK-1"
    ledger.append(plan.new_events)
    again = ledger.plan_import(rows(*listed))
    assert (again.new_events, again.unchanged, rules(again)) == ((), 1, ["duplicate_row"])


def test_hostile_text_is_carried_as_text(ledger):
    listed = rows(event("identified", note=HOSTILE)).assign(source_file=HOSTILE, source_row=7)
    plan = ledger.plan_import(listed)
    carried = HOSTILE.replace("\x00", "").strip()
    assert plan.new_events[0].fields["note"] == carried
    assert plan.origins == ((HOSTILE, 7),)
    refused = ledger.plan_import(listed.assign(event=HOSTILE)).rejects
    assert carried in refused["message"].iloc[0]
    assert refused[["source", "row"]].to_numpy().tolist() == [[HOSTILE, 7]]


def test_the_frame_is_not_changed_and_an_empty_one_plans_nothing(ledger):
    listed = rows(*handled())
    copy = listed.copy(deep=True)
    ledger.plan_import(listed)
    pd.testing.assert_frame_equal(listed, copy)
    plan = ledger.plan_import(listed.iloc[:0])
    assert (plan.rows_in, plan.new_events, len(plan.rejects)) == (0, (), 0)


@given(likely_events(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_the_order_of_the_rows_never_matters_and_a_second_import_appends_nothing(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)
    with Ledger.open(":memory:", clock=clock) as ledger:
        ledger.append(story(*MAIN_LINE[:3], step=2))
        plan, other = ledger.plan_import(rows(*events)), ledger.plan_import(rows(*shuffled))
        assert conserved(plan)
        assert set(plan.new_events) == set(other.new_events)
        assert sorted(rules(plan)) == sorted(rules(other))
        ledger.append(other.new_events)
        again = ledger.plan_import(rows(*events))
        assert again.new_events == ()
        assert again.unchanged == plan.unchanged + len(plan.new_events)
        assert again.rows_rejected == plan.rows_rejected
        assert not ledger.folded().conflicts


def test_the_day_of_today_is_not_in_the_future(ledger):
    assert ledger.plan_import(rows(event("identified", 364))).rejects.empty
    assert day(364) == ledger.today


LIST = pd.DataFrame(
    {
        "Kode desa": ["99.01.01.2001", "99.01.01.2002", "99.01.01.2003"],
        "Tgl usulan": ["2022-02-01"] * 3,
        "Tgl ditangani": ["", "2022-08-01", ""],
        "Bukti": ["", "BA-1", ""],
        "Pengusul": ["Desa"] * 3,
        "Jalur": ["Musrenbang"] * 3,
    }
)


def _placed(*columns: int) -> pd.DataFrame:
    lon, lat = zip(*map(worlds.at, columns), strict=True)
    return LIST.assign(Bujur=[f"{x:.6f}" for x in lon], Lintang=[f"{y:.6f}" for y in lat])


def test_the_place_of_a_proposal_in_a_list_must_lie_in_its_desa(ledger):
    plan = ledger.plan_import(_placed(20, 60, 20), villages=worlds.villages(3))
    proposed = {one.village_code: one for one in plan.new_events if one.kind == "proposed"}
    assert sorted(proposed) == ["99.01.01.2001", "99.01.01.2002"]
    assert proposed["99.01.01.2001"].fields["lon"] == pytest.approx(worlds.at(20)[0], abs=1e-5)
    assert proposed["99.01.01.2001"].fields["channel"] == "musrenbang"
    handling = next(one for one in plan.new_events if one.kind == "handled")
    assert not {"lon", "lat", "channel", "proposer"} & set(handling.fields)
    assert rules(plan) == ["outside_village"]
    assert "di desa Desa 1 (99.01.01.2001)" in plan.rejects["message"].iloc[0]
    assert plan.rows_rejected == 1


def test_a_list_without_borders_takes_the_places_as_they_are(ledger):
    plan = ledger.plan_import(_placed(20, 60, 20))
    assert rules(plan) == []
    assert len(plan.new_events) == 4


def test_swapped_places_are_put_right_and_told_beside_the_counts(ledger):
    listed = _placed(20, 60, 100)
    plan = ledger.plan_import(
        listed.rename(columns={"Bujur": "Lintang", "Lintang": "Bujur"}), villages=worlds.villages(3)
    )
    assert plan.rejects["severity"].unique().tolist() == ["repaired"]
    assert (len(plan.new_events), plan.rows_rejected) == (4, 0)
    ledger.append(plan.new_events)
    assert ledger.plan_import(listed, villages=worlds.villages(3)).new_events == ()


def test_a_name_in_place_of_a_code_waits_for_confirmation(ledger):
    villages = worlds.villages(3).assign(village_name=["Srirahayu", "Sukamaju", "Cileunyi"])
    listed = rows(event("identified", village="99.01.01.2001")).assign(village_code="Sri Rahayu")
    plan = ledger.plan_import(listed, villages=villages)
    assert rules(plan) == ["village_name_unconfirmed"]
    assert "Srirahayu (99.01.01.2001" in plan.rejects["message"].iloc[0]
    confirmed = ledger.plan_import(listed, villages=villages, confirmed={"Sri Rahayu": "99.01.01.2001"})
    assert [one.village_code for one in confirmed.new_events] == ["99.01.01.2001"]


def test_a_partner_that_is_nearly_a_known_one_is_recorded_as_written_and_told(ledger):
    listed = rows(event("identified", partner="Telkomsell"), event("proposed", 1, partner="Telkomsell"))
    plan = ledger.plan_import(listed)
    assert rules(plan) == ["partner_near"]
    assert plan.rejects["severity"].tolist() == ["noted"]
    assert "mungkin maksudnya Telkomsel?" in plan.rejects["message"].iloc[0]
    assert [one.fields["partner"] for one in plan.new_events] == ["Telkomsell", "Telkomsell"]
    assert plan.rows_rejected == 0
    assert rules(ledger.plan_import(rows(event("identified", partner="Pemerintah Desa")))) == []


NAMED = pd.DataFrame(
    {"village_code": ["32.04.05.2001", "32.04.05.2002"], "village_name": ["Srirahayu", "Mulya"], "district": "Ciparay"}
)


def named_list(**more):
    """A list that knows its desa by name alone, as most of those that go around in an office do."""
    rows = {"Nama Desa": ["Mulya", "Sri Rahayu"], "Kecamatan": "Ciparay", "Status": "Teridentifikasi"}
    return pd.DataFrame(rows | {"Tanggal status": "26/12/22"} | more)


def test_a_column_of_names_will_do_in_place_of_codes(ledger):
    plan = ledger.plan_import(named_list(), villages=NAMED, lang="en")
    assert [event.village_code for event in plan.new_events] == ["32.04.05.2002"]
    waits = plan.rejects.iloc[0]
    assert (waits["rule"], waits["value"]) == ("village_name_unconfirmed", "Sri Rahayu")
    plan = ledger.plan_import(named_list(), villages=NAMED, confirmed={"Sri Rahayu": "32.04.05.2001"}, lang="en")
    assert len(plan.new_events) == 2


def test_a_code_and_a_name_that_are_not_of_one_desa_are_told(ledger):
    frame = named_list(**{"Kode desa": ["32.04.05.2002", "32.04.05.2002"]}).iloc[1:].reset_index(drop=True)
    plan = ledger.plan_import(frame, villages=NAMED, lang="en")
    assert len(plan.new_events) == 1
    assert rules(plan) == ["name_differs"]


def test_columns_that_nothing_is_taken_from_are_told(ledger):
    frame = named_list(**{"No": ["1", "2"], "Nomor BA": "BA-1"})
    assert ledger.plan_import(frame, villages=NAMED).unread == ("Nomor BA",)


def test_a_row_that_repeats_a_withdrawn_record_is_told(ledger):
    records = ledger.append(handled())
    withdrawn = {"corrects": records[-1].content_id, "reason": "salah desa", "withdraws": True}
    ledger.append(event("correction", 100, **withdrawn))
    plan = ledger.plan_import(rows(*handled()))
    assert (plan.unchanged, plan.rows_rejected) == (7, 1)
    assert plan.rejects["rule"].tolist() == ["record_withdrawn"]

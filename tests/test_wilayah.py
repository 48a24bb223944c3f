"""Codes are read or refused with their candidates; names decide only inside a kecamatan; crosswalks lose nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot import wilayah
from blankspot.errors import CodeError, UsageError

PARTS = st.integers(1, 99).map("{:02d}".format)
PROVINCES = st.integers(11, 99).map(str)
VILLAGES = st.tuples(st.sampled_from("123"), st.integers(1, 999)).map(lambda pair: f"{pair[0]}{pair[1]:03d}")
VILLAGE_CODES = st.tuples(PROVINCES, PARTS, PARTS, VILLAGES).map(".".join)
ANY_CODE = st.one_of(
    PROVINCES,
    st.tuples(PROVINCES, PARTS).map(".".join),
    st.tuples(PROVINCES, PARTS, PARTS).map(".".join),
    VILLAGE_CODES,
)

CODE_LIST = pd.DataFrame(
    [
        ("32", "Jawa Barat"),
        ("32.04", "Kabupaten Bandung"),
        ("32.73", "Kota Bandung"),
        ("32.04.10", "Margaasih"),
        ("32.04.25", "Cicalengka"),
        ("32.04.34", "Solokanjeruk"),
        ("32.73.06", "Cicendo"),
        ("32.04.06", "Cicendo"),
        ("32.04.10.2001", "Margaasih"),
        ("32.04.25.2006", "Margaasih"),
        ("32.04.25.2001", "Srirahayu"),
        ("32.04.25.2002", "Kebo I"),
        ("32.04.25.1003", "Panipahan"),
        ("32.04.25.2003", "Panipahan"),
        ("32.04.34.2003", "Cibodas"),
        ("32.04.06.2001", "Arjuna"),
        ("32.73.06.1002", "Arjuna"),
    ],
    columns=["code", "name"],
)


@pytest.mark.parametrize(
    ("text", "level", "parents", "village_type"),
    [
        ("32", "province", (), None),
        ("32.04", "regency", ("32",), None),
        ("32.04.05", "district", ("32", "32.04"), None),
        ("32.04.05.2001", "village", ("32", "32.04", "32.04.05"), "desa"),
        ("32.73.01.1001", "village", ("32", "32.73", "32.73.01"), "kelurahan"),
        ("91.03.12.3018", "village", ("91", "91.03", "91.03.12"), "desa_adat"),
    ],
)
def test_a_code_tells_level_parents_and_type(text, level, parents, village_type):
    code = wilayah.parse(f" {text} ")
    assert (code.text, code.level, code.parents, code.village_type) == (text, level, parents, village_type)
    assert str(code) == text


@pytest.mark.parametrize(
    ("text", "rule", "candidates"),
    [
        ("53.1", "code_float_damaged", ("53.10", "53.01")),
        ("11,1", "code_float_damaged", ("11.10", "11.01")),
        ("3204052001", "code_undotted", ("32.04.05.2001", "bps:3204052001")),
        ("3204280003", "code_undotted", ("bps:3204280003",)),
        ("3204052001.0", "code_float_damaged", ("32.04.05.2001", "bps:3204052001")),
        ("3.2E+09", "code_float_damaged", ()),
        ("320405", "code_undotted", ("32.04.05",)),
        ("id3204010002", "code_bps", ("bps:3204010002",)),
        ("bps:3204010002", "code_bps", ("bps:3204010002",)),
        ("11.01.40001", "code_island", ()),
        ("11.01.00.40001", "code_island", ()),
        ("32.04.05.4001", "code_island", ()),
        ("32-04-05-2001", "code_malformed", ("32.04.05.2001",)),
        ("32.04.05.2001.", "code_malformed", ("32.04.05.2001",)),
        ("32.04.05.5001", "code_malformed", ()),
        ("32.00.05.2001", "code_malformed", ()),
        ("32.04.05.2000", "code_malformed", ()),
        ("٣٢.٠٤", "code_malformed", ()),
        ("Cileunyi", "code_malformed", ()),
        ("", "code_missing", ()),
    ],
)
def test_what_is_no_code_is_refused_with_its_candidates(text, rule, candidates):
    with pytest.raises(CodeError) as caught:
        wilayah.parse(text)
    assert caught.value.what == wilayah.FAULTS[rule].fill(value=text)
    assert set(wilayah.candidates(text)) == set(candidates)
    assert all(one in caught.value.say("id") and one in caught.value.say("en") for one in candidates)


def test_a_code_of_another_level_is_refused():
    with pytest.raises(CodeError, match="not of the level"):
        wilayah.parse("32.04", level="village")


@given(ANY_CODE)
@settings(deadline=None, max_examples=200)
def test_a_code_reads_back_as_itself(text):
    code = wilayah.parse(text)
    assert wilayah.parse(code.text) == code
    assert all(wilayah.parse(above).level == level for above, level in zip(code.parents, wilayah.LEVELS, strict=False))
    assert all(wilayah.parent(text, wilayah.parse(above).level) == above for above in code.parents)


@given(st.lists(st.one_of(VILLAGE_CODES, st.text(max_size=14), st.none(), st.floats(0, 1e10)), max_size=30))
@settings(deadline=None, max_examples=150)
def test_a_column_gives_a_code_or_a_fault_for_every_row_and_agrees_with_parse(texts):
    codes, faults = wilayah.normalise(pd.Series(texts, dtype=object, index=range(5, 5 + len(texts))))
    assert (codes.isna() == faults.notna()).all()
    assert set(faults.dropna()) <= set(wilayah.FAULTS)
    assert codes.index.tolist() == list(range(5, 5 + len(texts)))
    for text, code in zip(texts, codes, strict=True):
        if pd.notna(code):
            assert wilayah.parse(str(text), level="village").text == code


@given(VILLAGE_CODES)
@settings(deadline=None, max_examples=100)
def test_undotted_digits_are_read_only_when_the_caller_says_whose_they_are(code):
    digits = pd.Series([code.replace(".", "")])
    assert wilayah.normalise(digits)[1].tolist() == ["code_undotted"]
    assert wilayah.normalise(digits, numbering="kemendagri")[0].tolist() == [code]
    assert wilayah.normalise(digits, numbering="bps")[0].tolist() == digits.tolist()


def test_bps_numbers_are_read_in_their_spellings_and_nothing_else_is():
    texts = pd.Series(
        ["3204010002", "id3204010002", "ID3204010002", "32.04.010.002", "3204010002.0", "32.04.05.2001", None]
    )
    codes, faults = wilayah.normalise(texts, numbering="bps")
    assert codes.dropna().tolist() == ["3204010002"] * 5
    assert faults.iloc[5:].tolist() == ["code_not_bps", "code_missing"]
    assert wilayah.is_pseudo_village(pd.Series(["3204100888", "3204100999", "3204100001"])).tolist() == [
        True,
        True,
        False,
    ]


def test_levels_other_than_the_village_are_read_too():
    codes, faults = wilayah.normalise(pd.Series(["53.10", "53.1", "32.04.05"]), level="regency")
    assert codes.iloc[0] == "53.10"
    assert faults.iloc[1:].tolist() == ["code_float_damaged", "code_wrong_level"]


def test_parents_and_types_of_a_column():
    codes = pd.Series(["32.04.05.2001", "bps:3204010002", np.nan, "32.73.01.1001"])
    assert wilayah.parents(codes, "district").fillna("").tolist() == ["32.04.05", "bps:3204010", "", "32.73.01"]
    assert wilayah.village_type(codes).fillna("").tolist() == ["desa", "", "", "kelurahan"]
    assert wilayah.parent("bps:3204010002", "regency") == "bps:3204"
    with pytest.raises(CodeError):
        wilayah.parent("32.04", "district")


def test_rejects_show_the_candidates_beside_the_value():
    shown = wilayah.with_candidates(pd.Series(["53.1", "x"]))
    assert shown.tolist() == ["53.1 (53.10? 53.01?)", "x"]


def test_an_ambiguous_name_lists_its_candidates_and_decides_nothing():
    match = wilayah.match_village("Margaasih", CODE_LIST)
    assert match.code is None
    assert match.exact
    assert [one.code for one in match.candidates] == ["32.04.10.2001", "32.04.25.2006"]
    assert [one.district for one in match.candidates] == ["Margaasih", "Cicalengka"]


def test_a_name_decides_only_inside_a_kecamatan():
    assert wilayah.match_village("srirahayu", CODE_LIST).code is None
    assert wilayah.match_village(" margaasih ", CODE_LIST, district="32.04.25").code == "32.04.25.2006"
    assert wilayah.match_village("MARGAASIH", CODE_LIST, district="Kecamatan Margaasih").code == "32.04.10.2001"
    assert wilayah.match_village("Cileunyi", CODE_LIST, district="32.04.25").code is None


@pytest.mark.parametrize(
    ("name", "code"), [("Sri Rahayu", "32.04.25.2001"), ("Kebo Satu", "32.04.25.2002"), ("kebo 1", "32.04.25.2002")]
)
def test_a_spelling_fold_proposes_and_does_not_decide(name, code):
    match = wilayah.match_village(name, CODE_LIST, district="32.04.25")
    assert match.code is None
    assert not match.exact
    assert [one.code for one in match.candidates] == [code]


def test_a_near_name_is_proposed_inside_the_kecamatan_only():
    assert [one.name for one in wilayah.match_village("Srirahaju", CODE_LIST, district="32.04.25").candidates] == [
        "Srirahayu"
    ]
    assert wilayah.match_village("Srirahaju", CODE_LIST).candidates == ()


def test_a_name_twice_in_one_kecamatan_needs_the_type():
    assert wilayah.match_village("Panipahan", CODE_LIST, district="Cicalengka").code is None
    match = wilayah.match_village("Panipahan", CODE_LIST, district="Cicalengka", village_type="kelurahan")
    assert match.code == "32.04.25.1003"


def test_a_kecamatan_name_in_two_kabupaten_needs_the_kabupaten():
    assert wilayah.match_village("Arjuna", CODE_LIST, district="Cicendo").code is None
    assert (
        wilayah.match_village("Arjuna", CODE_LIST, district="Cicendo", regency="Kota Bandung").code == "32.73.06.1002"
    )
    assert wilayah.match_village("Arjuna", CODE_LIST, district="Cicendo", regency="32.04").code == "32.04.06.2001"
    assert wilayah.match_village("Arjuna", CODE_LIST, district="Cicendo", regency="Bandung").code is None


def test_a_folded_kecamatan_narrows_the_candidates_and_does_not_decide():
    match = wilayah.match_village("Cibodas", CODE_LIST, district="Solokan Jeruk")
    assert match.code is None
    assert [one.code for one in match.candidates] == ["32.04.34.2003"]


def test_a_table_of_villages_serves_as_a_code_list():
    villages = pd.DataFrame({"village_code": ["bps:3204010002"], "village_name": ["Ciwidey"], "district": ["Ciwidey"]})
    assert wilayah.match_village("Ciwidey", villages, district="Ciwidey").code == "bps:3204010002"


@given(st.lists(st.sampled_from(CODE_LIST["name"].tolist()), min_size=1), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=50)
def test_the_order_of_the_code_list_does_not_matter(names, random):
    order = list(range(len(CODE_LIST)))
    random.shuffle(order)
    shuffled = CODE_LIST.iloc[order]
    for name in names:
        assert wilayah.match_village(name, CODE_LIST) == wilayah.match_village(name, shuffled)


CROSSWALK = pd.DataFrame(
    [
        ("32.04.05.2001", "32.04.05.2001", "split", 0.6),
        ("32.04.05.2001", "32.04.05.2010", "split", 0.4),
        ("32.04.05.2002", "32.04.05.2011", "merge", np.nan),
        ("32.04.05.2003", "32.04.05.2011", "merge", np.nan),
        ("32.04.05.2004", "32.04.05.1004", "status_change", np.nan),
        ("32.04.05.2005", "32.04.06.2001", "move", np.nan),
    ],
    columns=["old_code", "new_code", "kind", "share"],
)


def test_a_crosswalk_carries_one_to_many_and_many_to_one():
    codes = pd.Series(["32.04.05.2003", "32.04.05.2001", "32.04.05.2009", "32.04.05.2002"], index=[9, 8, 7, 6])
    carried = wilayah.apply_crosswalk(codes, CROSSWALK)
    assert carried["row"].tolist() == [0, 1, 1, 2, 3]
    assert carried["new_code"].tolist() == [
        "32.04.05.2011", "32.04.05.2001", "32.04.05.2010", "32.04.05.2009", "32.04.05.2011",
    ]  # fmt: skip
    assert carried["kind"].fillna("-").tolist() == ["merge", "split", "split", "-", "merge"]
    assert carried["share"].tolist() == [1.0, 0.6, 0.4, 1.0, 1.0]


@given(st.lists(st.sampled_from([*CROSSWALK["old_code"], "32.04.07.2001"]), max_size=20))
@settings(deadline=None, max_examples=60)
def test_a_crosswalk_conserves_rows_and_shares(codes):
    carried = wilayah.apply_crosswalk(pd.Series(codes, dtype="str"), CROSSWALK)
    assert carried["row"].drop_duplicates().tolist() == list(range(len(codes)))
    assert carried.groupby("row")["share"].sum().round(9).eq(1).all()


def test_a_split_without_shares_states_none():
    bare = CROSSWALK.drop(columns="share")
    carried = wilayah.apply_crosswalk(pd.Series(["32.04.05.2001", "32.04.05.2005"]), bare)
    assert carried["share"].isna().tolist() == [True, True, False]


def test_a_crosswalk_from_bps_numbers():
    table = pd.DataFrame({"old_code": ["3204280003"], "new_code": ["32.04.05.2001"], "kind": ["recode"]})
    assert wilayah.apply_crosswalk(pd.Series(["3204280003"]), table, numbering="bps")["new_code"].tolist() == [
        "32.04.05.2001"
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("32.04.05.2001", "32.04.05.2002", "guess", 1)], "kind is unknown"),
        ([("3204052001", "32.04.05.2002", "recode", 1)], "not valid"),
        ([("32.04.05.2001", "32.04.05.2002", "recode", 1)] * 2, "twice"),
        ([("32.04.05.2001", f"32.04.05.200{n}", "recode", 1) for n in (2, 3)], "without the kind split"),
        ([("32.04.05.2001", "32.04.05.2002", "split", 1)], "one part only"),
        ([("32.04.05.2001", f"32.04.05.200{n}", "split", 0.6) for n in (2, 3)], "add up"),
    ],
)
def test_a_crosswalk_that_contradicts_itself_is_refused(rows, says):
    table = pd.DataFrame(rows, columns=["old_code", "new_code", "kind", "share"])
    with pytest.raises(CodeError, match=says):
        wilayah.apply_crosswalk(pd.Series(["32.04.05.2001"]), table)


def test_a_crosswalk_without_its_columns_is_refused():
    with pytest.raises(UsageError, match="kind"):
        wilayah.apply_crosswalk(pd.Series(["32.04.05.2001"]), CROSSWALK.drop(columns="kind"))


def test_inputs_are_not_changed():
    codes, table = pd.Series(["3204052001", None]), CROSSWALK.copy()
    wilayah.normalise(codes, numbering="kemendagri")
    wilayah.apply_crosswalk(pd.Series(["32.04.05.2001"]), table)
    assert codes.tolist()[0] == "3204052001"
    pd.testing.assert_frame_equal(table, CROSSWALK)


def test_the_official_list_of_2025(real):
    lists = {
        name: pd.read_csv(next((real / "codes").glob(f"*_{name}.csv")), dtype="str")
        for name in ("districts", "villages")
    }
    codes, faults = wilayah.normalise(lists["villages"]["code"])
    assert (codes == lists["villages"]["code"]).all()
    assert faults.isna().all()
    assert wilayah.village_type(codes).value_counts().to_dict() == {"desa": 75252, "kelurahan": 8496, "desa_adat": 14}
    undotted = lists["villages"]["code"].str.replace(".", "")
    assert (wilayah.normalise(undotted)[1] == "code_undotted").all()
    assert (wilayah.normalise(undotted, numbering="kemendagri")[0] == codes).all()
    bandung = lists["villages"][lists["villages"]["code"].str.startswith("32.04.")]
    match = wilayah.match_village("Margaasih", pd.concat([bandung, lists["districts"]]))
    assert [(one.code, one.district) for one in match.candidates] == [
        ("32.04.10.2001", "Margaasih"), ("32.04.25.2006", "Cicalengka"),
    ]  # fmt: skip
    assert match.code is None

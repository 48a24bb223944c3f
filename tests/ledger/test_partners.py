"""Who a name means, on which day, and under whom it counts."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import UsageError
from blankspot.ledger.partners import ROLES, Alias, Partner, Partners, contacts, partner_key
from blankspot.words import LABELS

PARTNERS = Partners.default()
COLUMNS = ["partner_name", "role", "aliases", "alias_of", "since", "until", "successor", "contact", "note"]


def table(*rows: dict[str, object]) -> pd.DataFrame:
    frame = pd.DataFrame([{"partner_name": row.pop("name"), **row} for row in rows], columns=COLUMNS)
    return frame.assign(since=pd.to_datetime(frame["since"]), until=pd.to_datetime(frame["until"]))


@pytest.mark.parametrize(
    ("written", "on", "under"),
    [
        ("PT. XL Axiata Tbk", dt.date(2025, 4, 15), "XL Axiata"),
        ("PT. XL Axiata Tbk", dt.date(2025, 4, 16), "XLSMART"),
        ("smartfren", dt.date(2025, 4, 15), "Smartfren"),
        ("smartfren", dt.date(2025, 4, 16), "XLSMART"),
        ("Indosat Ooredoo", dt.date(2022, 1, 3), "Indosat"),
        ("Indosat Ooredoo", dt.date(2022, 1, 4), "Indosat Ooredoo Hutchison"),
        ("3 (Tri)", dt.date(2021, 12, 31), "Tri"),
        ("H3I", dt.date(2022, 12, 26), "Indosat Ooredoo Hutchison"),
        ("BP3TI", dt.date(2017, 1, 1), "BP3TI"),
        ("BP3TI", dt.date(2022, 1, 1), "BAKTI"),
        ("Axis", dt.date(2014, 4, 7), "Axis"),
        ("Axis", dt.date(2020, 1, 1), "XL Axiata"),
        ("Axis", dt.date(2026, 1, 1), "XLSMART"),
        ("Net Satu Indonesia", dt.date(2024, 1, 1), "Net1"),
        ("PT Telkom Indonesia (Persero) Tbk", dt.date(2022, 1, 1), "Telkom"),
        ("PT Telekomunikasi Selular", dt.date(2022, 1, 1), "Telkomsel"),
        ("IndiHome", dt.date(2023, 6, 30), "Telkom"),
        ("IndiHome", dt.date(2023, 7, 1), "Telkomsel"),
    ],
)
def test_a_name_counts_under_the_partner_of_the_day(written, on, under):
    assert PARTNERS.group(written, as_of=on).name == under


def test_a_name_that_nobody_knows_is_a_partner_of_its_own():
    assert PARTNERS.resolve("CV. Sinyal  Jaya") == Partner(key="sinyal jaya", name="CV. Sinyal Jaya")
    assert not PARTNERS.known("CV. Sinyal Jaya")
    assert PARTNERS.group("CV. Sinyal Jaya", as_of=dt.date(2026, 1, 1)).key == partner_key("PT Sinyal Jaya")


def test_the_kominfo_of_a_kabupaten_is_not_the_ministry():
    assert not PARTNERS.known("Kominfo")
    assert PARTNERS.near("Diskominfo") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Telkomsell", "Telkomsel"),
        ("Telkom Sel", "Telkomsel"),
        ("XL Axiatta", "XL Axiata"),
        ("Smart fren", "Smartfren"),
    ],
)
def test_a_misspelling_proposes_the_known_partner_and_decides_nothing(written, meant):
    assert PARTNERS.near(written)[0] == meant
    assert PARTNERS.resolve(written).role == ""


def test_names_that_are_known_or_empty_or_far_propose_nothing():
    assert [PARTNERS.near(name) for name in ("Telkom", "PT TELKOMSEL", "", "Pemerintah Desa Sukamaju")] == [[]] * 4


def test_every_known_partner_has_a_role_and_a_word_for_it():
    assert {partner.role for partner in PARTNERS} <= set(ROLES)
    assert set(LABELS["role"]) == set(ROLES)
    assert len(PARTNERS) == len({partner.key for partner in PARTNERS})
    assert all(partner.key == partner_key(partner.name) for partner in PARTNERS)


def test_a_table_adds_partners_and_says_more_about_known_ones():
    made = Partners.from_table(
        table(
            {"name": "Politeknik Arunika", "role": "academia", "aliases": "Poltek Arunika; POLAR"},
            {"name": "PT Telekomunikasi Selular", "contact": "Ibu Sari, 0811", "aliases": "Tsel Arunika"},
        )
    )
    assert made.resolve("polar").name == "Politeknik Arunika"
    assert made.resolve("TSEL ARUNIKA") == PARTNERS.resolve("Telkomsel")
    assert made.aliases("politeknik arunika") == ("Poltek Arunika", "POLAR")
    assert made.aliases("nobody") == ()


def test_a_name_may_mean_somebody_else_from_a_day_on():
    made = Partners.from_table(
        table(
            {"name": "Menara Arunika", "role": "business"},
            {"name": "Menara Baru", "role": "business"},
            {"name": "MA", "alias_of": "Menara Arunika", "until": "2021-12-31"},
            {"name": "MA", "alias_of": "Menara Baru", "since": "2022-01-01"},
        )
    )
    assert made.resolve("MA", on=dt.date(2021, 12, 31)).name == "Menara Arunika"
    assert made.resolve("MA", on=dt.date(2022, 1, 1)).name == "Menara Baru"
    assert made.resolve("ma").name == "Menara Baru"


def test_a_merger_in_a_table_goes_on_to_the_known_ones():
    made = Partners.from_table(
        table({"name": "Selindo", "role": "business", "until": "2013-12-31", "successor": "PT Axis Telekom Indonesia"})
    )
    days = [dt.date(2013, 12, 31), dt.date(2014, 1, 1), dt.date(2015, 1, 1), dt.date(2025, 4, 16)]
    assert [made.group("Selindo", as_of=day).name for day in days] == ["Selindo", "Axis", "XL Axiata", "XLSMART"]


def test_successors_that_go_round_are_refused_by_name():
    rows = table({"name": "A", "successor": "B"}, {"name": "B", "successor": "C"}, {"name": "C", "successor": "A"})
    with pytest.raises(UsageError, match="A → B → C → A") as told:
        Partners.from_table(rows)
    assert "Penerus mitra berputar" in told.value.say("id")


def test_a_circle_through_the_known_ones_is_refused_too():
    with pytest.raises(UsageError, match="XLSMART"):
        Partners.from_table(table({"name": "XLSMART", "successor": "XL Axiata"}))


def test_a_successor_that_nobody_is_refused():
    with pytest.raises(UsageError, match="'Nobody'"):
        Partners.from_table(table({"name": "A", "successor": "Nobody"}))


def test_contacts_are_handed_out_for_letters_only():
    rows = table({"name": "PT Telkomsel", "contact": "Ibu Sari, 0811-000"}, {"name": "Media Arunika"})
    assert contacts(rows) == {"telkomsel": "Ibu Sari, 0811-000"}
    assert contacts(rows.drop(columns="contact")) == {}
    made = Partners.from_table(rows)
    assert "0811" not in repr([*made, *(made.aliases(partner.key) for partner in made)])


def test_the_table_is_not_changed():
    rows = table({"name": "PT Telkomsel", "aliases": "Tsel Kota"})
    before = rows.copy()
    Partners.from_table(rows)
    pd.testing.assert_frame_equal(rows, before)
    assert not PARTNERS.known("Tsel Kota")


DAYS = st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2023, 1, 1)))


@settings(deadline=None, max_examples=60)
@given(ends=st.lists(DAYS, min_size=4, max_size=4), as_of=st.dates(dt.date(2019, 1, 1), dt.date(2024, 1, 1)))
def test_grouping_ends_and_what_it_gives_counts_under_itself(ends, as_of):
    names = "ABCDE"
    chain = [
        Partner(key=name.lower(), name=name, until=end, successor=names[place + 1].lower())
        for place, (name, end) in enumerate(zip(names, ends, strict=False))
    ]
    made = Partners([*chain, Partner(key="e", name="E")], {"a": [Alias("Alpha")]})
    found = made.group("Alpha", as_of=as_of)
    assert made.group(found.name, as_of=as_of) == found


@settings(deadline=None, max_examples=60)
@given(st.text("abz 3-.,()", min_size=1, max_size=30).filter(lambda name: any(map(str.isalnum, name))))
def test_the_legal_form_and_the_case_never_matter(name):
    assert partner_key(f"PT. {name.upper()}  (Persero) Tbk") == partner_key(name)

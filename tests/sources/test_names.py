from __future__ import annotations

import pandas as pd
import pytest

from blankspot.settings import load_settings
from blankspot.sources.names import fold_names, generation, name_key, network_code

OWNERS = load_settings().aliases.owner


def _fold(*names: str | None) -> list[str]:
    return fold_names(pd.Series(names, dtype="str"), OWNERS)[0].fillna("").tolist()


@pytest.mark.parametrize(
    "written",
    [
        "MITRATEL", "PT. DAYAMITRA TELEKOMUNIKASI", "PT. DAYA MITRA TELEKOMUNIKASI", "pt dayamitra  telekomunikasi tbk",
        "PT. DAYAMITRA TELEKOMUNIKASI ( TELKOM )", "PT. DAYAMITRA TELEKOMUNIKASI ( TELKOMSEL RESELLER )", "PT. DAYA MITRA",
    ],
)  # fmt: skip
def test_one_owner_in_many_spellings(written):
    assert _fold(written) == ["Mitratel"]


def test_strangers_stay_as_written_but_alike():
    assert _fold("PT. SARANA  INTI PERSADA", "Sarana Inti Persada", "PT. SARANA INTI PERSADA", None) == [
        "PT. SARANA INTI PERSADA", "PT. SARANA INTI PERSADA", "PT. SARANA INTI PERSADA", "",
    ]  # fmt: skip


def test_a_name_of_nothing_but_legal_forms_keeps_itself():
    assert name_key("PT.") == "pt"


def test_generations_and_strangers():
    read = generation(pd.Series(["LTE+", "4G/LTE", "hspa+", "5G (NSA)", "EDGE", "6G", None], dtype="str"))
    assert read.fillna("").tolist() == ["4G", "4G", "3G", "5G", "2G", "6G", ""]


def test_network_codes_have_two_digits_at_least():
    codes = network_code(pd.Series(["510", "510", "302", None]), pd.Series(["1", "10", "720", "1"]))
    assert codes.fillna("").tolist() == ["510-01", "510-10", "302-720", ""]

"""What a question is about is found by code, by name or by kind, and never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import factworld as world
import pytest

from blankspot.errors import UsageError
from blankspot.run.subjects import Finder, Subject

if TYPE_CHECKING:
    import pandas as pd

TELKOMSEL = Subject("partner", "telkomsel", "Telkomsel")


def places() -> pd.DataFrame:
    frame = world.villages(5)
    frame["village_name"] = ["Ciparay", "Sukanagara", "Sri Rahayu", "Sukanagara", "Kota Baru"]
    frame["district"] = ["Ciparay", "Majalaya", "Ciparay", "Majalaya", "Ciparay"]
    frame["regency"] = "Kabupaten Bandung"
    frame["province"] = "Jawa Barat"
    return frame


@pytest.fixture(scope="module")
def finder():
    return Finder(
        places(), {"Telkomsel": TELKOMSEL, "Tsel": TELKOMSEL, "Majalaya": Subject("partner", "m", "Majalaya")}
    )


@pytest.mark.parametrize(
    ("asked", "kind", "key"),
    [
        ("99.01.01.2001", "village", "99.01.01.2001"),
        ("99.01.02", "district", "99.01.02"),
        ("99.01", "regency", "99.01"),
        ("99", "province", "99"),
        ("desa:ciparay", "village", "99.01.01.2001"),
        ("Desa Ciparay", "village", "99.01.01.2001"),
        ("kecamatan:Ciparay", "district", "99.01.01"),
        ("Kecamatan  CIPARAY", "district", "99.01.01"),
        ("Kec. Ciparay", "district", "99.01.01"),
        ("kec.Ciparay", "district", "99.01.01"),
        ("Kabupaten Bandung", "regency", "99.01"),
        ("Kab. Bandung", "regency", "99.01"),
        ("Bandung", "regency", "99.01"),
        ("provinsi:jawa barat", "province", "99"),
        ("mitra:tsel", "partner", "telkomsel"),
        ("TELKOMSEL", "partner", "telkomsel"),
        ("mitra:Majalaya", "partner", "m"),
        ("Kota Baru", "village", "99.01.01.2005"),
        ("kecamatan:99.01.02", "district", "99.01.02"),
    ],
)
def test_found(finder, asked, kind, key):
    found = finder.find(asked)
    assert (found.kind, found.key) == (kind, key)


def test_a_name_of_several_things_lists_them_with_their_kinds(finder):
    with pytest.raises(UsageError) as refused:
        finder.find("Ciparay")
    told = refused.value.say("id")
    assert "desa  99.01.01.2001  Ciparay, kecamatan Ciparay" in told
    assert "kecamatan  99.01.01  Ciparay, Kabupaten Bandung" in told
    assert "mitra:Nama" in told
    with pytest.raises(UsageError, match="partner  Majalaya"):
        finder.find("Majalaya")
    with pytest.raises(UsageError, match=r"99\.01\.02\.2002[\s\S]*99\.01\.02\.2004"):
        finder.find("Sukanagara", district="Majalaya")


def test_a_kecamatan_narrows_to_its_desa(finder):
    assert finder.find("Ciparay", district="Ciparay").key == "99.01.01.2001"
    assert finder.find("Ciparay", kind="village").key == "99.01.01.2001"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Srirahayu", "99.01.01.2003"),
        ("desa:Srirahayu", "99.01.01.2003"),
        ("Cipary", "Ciparay"),
        ("Telkomsl", "Telkomsel"),
        ("9901012001", "99.01.01.2001"),
        ("mitra:Ciparay", "Periksa ejaannya"),
        ("Antah Berantah", "Periksa ejaannya"),
        ("99.02", "Periksa ejaannya"),
        ("", "Periksa ejaannya"),
    ],
)
def test_what_is_not_there_is_refused_with_what_may_be_meant(finder, asked, meant):
    with pytest.raises(UsageError) as refused:
        finder.find(asked)
    assert meant in refused.value.say("id")


def test_places_without_names_are_found_by_code():
    bare = places()[["village_code", "village_name"]]
    found = Finder(bare, {}).find("99.01.02")
    assert (found.kind, found.name) == ("district", "99.01.02")
    assert Finder(bare, {}).find("Sri Rahayu").place == "99.01.01"


def test_a_longer_name_that_begins_as_asked_is_proposed_first():
    partners = {f"{kind} Bandung": Subject("partner", kind, f"{kind} Bandung") for kind in ("Tik", "Tel", "Rtik")}
    finder = Finder(places().assign(regency="Kabupaten Bandung (contoh)"), partners)
    with pytest.raises(UsageError) as caught:
        finder.find("Kabupaten Bandung")
    assert "Mungkin maksudnya: Kabupaten Bandung (contoh)," in str(caught.value.hint)

"""Code lists of one or several files, of any heading, and refused as a whole where they contradict themselves."""

from __future__ import annotations

import pandas as pd
import pytest

from blankspot.errors import SourceError
from blankspot.sources.code_lists import expected_codes, read_code_list, villages_of

LISTED = pd.DataFrame(
    {
        "code": ["32", "32.04", "32.04.05", "32.04.05.2001"],
        "name": ["Jawa Barat", "Kabupaten Bandung", "Cileunyi", "Cileunyi Kulon"],
    }
)


def test_villages_get_the_names_of_the_units_above():
    village = villages_of(read_code_list(LISTED)).iloc[0]
    assert village.tolist() == ["32.04.05.2001", "Cileunyi Kulon", "Cileunyi", "Kabupaten Bandung", "Jawa Barat"]


def test_codes_stay_text_from_a_file(tmp_path):
    frame = pd.DataFrame({"kode": ["53.10", "11"], "nama": ["Manggarai", "Aceh"], "lainnya": [1, 2]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert read_code_list(tmp_path / "a.csv")["code"].tolist() == ["53.10", "11"]


def test_the_sql_form_of_a_code_list(tmp_path):
    (tmp_path / "wilayah.sql").write_text(
        "INSERT INTO wilayah (kode, nama) VALUES ('32','Jawa Barat'),('32.04','Kab. Bandung');", encoding="utf-8"
    )
    assert read_code_list(tmp_path / "wilayah.sql").to_numpy().tolist() == [
        ["32", "Jawa Barat"],
        ["32.04", "Kab. Bandung"],
    ]


def test_bps_digits_become_keys_only_when_the_caller_says_so():
    numbers = pd.DataFrame({"code": ["32", "3204", "3204280", "3204280003"], "name": list("abcd")})
    listed = read_code_list(numbers, codes="bps")
    assert listed["code"].iloc[-1] == "bps:3204280003"
    assert villages_of(listed).iloc[0, 1:].tolist() == ["d", "c", "b", "a"]
    assert read_code_list(numbers)["code"].tolist() == numbers["code"].tolist()


def test_one_code_under_two_names_is_refused():
    twice = pd.concat([LISTED, LISTED.assign(name="Lain").tail(1)])
    with pytest.raises(SourceError, match=r"32\.04\.05\.2001"):
        read_code_list(twice)
    assert len(read_code_list(pd.concat([LISTED, LISTED]))) == 4


def test_a_list_without_its_columns_is_refused():
    with pytest.raises(SourceError, match="kodepos"):
        read_code_list(pd.DataFrame({"kodepos": ["1"], "nama": ["x"]}))


def test_expected_codes_of_any_shape():
    assert expected_codes(LISTED) == expected_codes(LISTED["code"]) == expected_codes(LISTED["code"].tolist())

from __future__ import annotations

import numpy as np
import pytest

from blankspot.demo.names import ALWAYS, name_districts, name_villages


@pytest.mark.parametrize("count", [10, 280, 1500])
def test_names_are_unique_within_a_kecamatan_and_one_is_sukanagara(count):
    district = np.arange(count) // 9
    names = name_villages(np.random.default_rng(1), district, always=count // 2)
    assert names.count(ALWAYS) == 1
    assert names[count // 2] == ALWAYS
    assert len(set(zip(district.tolist(), names, strict=True))) == count
    assert all(name.isascii() and name[0].isupper() for name in names)


def test_some_names_occur_twice_in_the_kabupaten():
    names = name_villages(np.random.default_rng(2), np.arange(280) // 9, always=0)
    assert len(set(names)) < 275


def test_kecamatan_are_named_after_their_capital_and_differ():
    found = name_districts(["Ciawi", "Ciawi", "Pasirawi", ALWAYS], np.array([0, 1, 2, 3]))
    assert found[0] == "Ciawi"
    assert found[2] == "Pasirawi"
    assert len(set(found)) == 4

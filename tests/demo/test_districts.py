from __future__ import annotations

from blankspot.demo.districts import bps_codes


def test_no_village_is_numbered_as_a_lake_or_a_forest():
    codes = [f"99.01.{district:02d}.{2000 + number}" for district in range(1, 61) for number in range(1, 34)]
    numbers = bps_codes(codes[::-1])[::-1]
    assert len(set(numbers)) == len(codes)
    assert all(number.startswith(f"99010{code[6:8]}") for number, code in zip(numbers, codes, strict=True))
    assert not [number for number in numbers if number.endswith(("888", "999", "000"))]

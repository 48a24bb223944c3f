from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.sources.coordinates import read_coordinates

LON, LAT = 98.98409, 3.47233


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("LU. 98.98409-3.47233", (LON, LAT)),
        ("LU. 98. 98409-3. 47233", (LON, LAT)),
        ("LU.98. 98409 03.47233", (LON, LAT)),
        ("LU. 98.98409 – 3.47233", (LON, LAT)),
        ("LS 98.98409-3.47233", (LON, -LAT)),
        ("98.98409 3.47233", (LON, LAT)),
        ("3.47233, 98.98409", (LON, LAT)),
        ("-3.47233, 98.98409", (LON, -LAT)),
        ("98.98409,-3.47233", (LON, -LAT)),
        ("98.98409 -3.47233", (LON, -LAT)),
        ("-3.47233-98.98409", (LON, -LAT)),
        ("98,98409 -3,47233", (LON, -LAT)),
        ("98.98409 BT 3.47233 LU", (LON, LAT)),
        ("Lintang: 3.47233 Bujur: 98.98409", (LON, LAT)),
        ("107.61-6.91", (107.61, -6.91)),
    ],
)
def test_what_means_one_thing_is_read(text, position):
    assert read_coordinates(text).positions == (position,)


@pytest.mark.parametrize("text", ["98.98409-3.47233", "98. 98409 - 03.47233", "98,98409-3,47233"])
def test_a_dash_without_a_label_leaves_the_hemisphere_open(text):
    assert read_coordinates(text).positions == ((LON, LAT), (LON, -LAT))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("LU.", "coordinate_unreadable"),
        ("LU. 3.47233", "coordinate_unreadable"),
        ("LU. 98.98406.15 3.37673", "coordinate_unreadable"),
        ("LU.98. 95040 0335181", "coordinate_unreadable"),
        ("dekat pasar 98.98 3.47", "coordinate_unreadable"),
        ("LU 98.98 LS 3.47", "coordinate_unreadable"),
        ("98.98409 3.47233 12.5", "coordinate_unreadable"),
        ("98.984093.47233", "coordinate_unreadable"),
        ("98.85771-33.2459", "coordinate_not_in_indonesia"),
        ("LU. 89.12726-03.48955", "coordinate_not_in_indonesia"),
        ("", "coordinate_unreadable"),
    ],
)
def test_what_does_not_is_refused_with_its_fault(text, fault):
    assert read_coordinates(text) == ((), fault)


def test_degrees_minutes_seconds():
    ((lon, lat),) = read_coordinates("6°54'36\" LS 107°36'0\" BT").positions
    assert (lon, lat) == pytest.approx((107.6, -6.91))


@settings(deadline=None, max_examples=200)
@given(st.floats(95, 141), st.floats(-11, 6), st.sampled_from([", ", ";", ",", " "]), st.booleans())
def test_two_plain_numbers_are_read_as_written(lon, lat, separator, swapped):
    lon, lat = round(lon, 5), round(lat, 5)
    pair = (lat, lon) if swapped else (lon, lat)
    ((found_lon, found_lat),) = read_coordinates(separator.join(f"{one:.5f}" for one in pair)).positions
    assert (found_lon, found_lat) == (lon, lat)

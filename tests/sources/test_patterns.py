"""Pattern files as makers write them, and as they should not."""

from __future__ import annotations

import math
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blankspot.errors import SourceError
from blankspot.radio import antenna
from blankspot.sources.patterns import read_pattern, read_patterns

HEADER = "NAME 80010682_0947_X_CO\nFREQUENCY 947\nGAIN 15.35 dBd\nTILT ELECTRICAL 4\nCOMMENT 65 deg\n"


def attenuation(angle: float) -> float:
    return round(12.5 * (1 - math.cos(math.radians(angle))), 2)


def rows(steps=360, shift=0.0, form="{:g} {:g}", value=attenuation):
    angles = [step * 360 / steps for step in range(steps)]
    return "\n".join(form.format(angle, value(angle - shift)) for angle in angles)


def file(header=HEADER, horizontal=None, vertical=None, count=360):
    horizontal = rows(count) if horizontal is None else horizontal
    vertical = rows(count, shift=4) if vertical is None else vertical
    return f"{header}HORIZONTAL {count}\n{horizontal}\nVERTICAL {count}\n{vertical}\n"


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, name="a.msi"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_pattern(path)

    return write_and_read


def test_a_file_as_makers_write_it(read):
    found = read(file())
    assert found.name == "80010682_0947_X_CO"
    assert found.gain_dbi == pytest.approx(17.5)
    assert (found.f_mhz, found.tilt_deg) == (947, 4)
    assert found.horizontal_db.shape == found.vertical_db.shape == (360,)
    assert found.horizontal_db[0] == 0
    assert found.horizontal_db[90] == pytest.approx(-12.5)
    assert found.vertical_db[[4, 94]] == pytest.approx([0, -12.5])


def test_the_pattern_points_where_it_says(read):
    one = antenna.tabulated(read(file()), 200)
    assert antenna.gain_db(one, [200, 290, 110], -4) == pytest.approx([0, -12.5, -12.5])
    assert antenna.gain_db(one, 200, 86) == pytest.approx(-12.5)


@pytest.mark.parametrize(
    ("written", "dbi"),
    [
        ("GAIN 17.5 dBi", 17.5),
        ("GAIN 17,5 dBi", 17.5),
        ("GAIN 17.5dBi", 17.5),
        ("GAIN 15.35", 17.5),
        ("Gain\t15.35 (dBd)", 17.5),
        ("GAIN", None),
        ("COMMENT none", None),
    ],
)
def test_gain_is_in_dbd_unless_it_says_dbi(read, written, dbi):
    assert read(file(f"NAME a\n{written}\n")).gain_dbi == (dbi if dbi is None else pytest.approx(dbi))


@pytest.mark.parametrize(
    ("written", "tilt"),
    [
        ("TILT ELECTRICAL", None),
        ("TILT 6", 6),
        ("ELECTRICAL_TILT 2\nTILT ELECTRICAL", 2),
        ("TILT MECHANICAL 3", None),
        ("TILT", None),
    ],
)
def test_tilt_is_the_electrical_one(read, written, tilt):
    assert read(file(f"NAME a\n{written}\n")).tilt_deg == tilt


@pytest.mark.parametrize(
    ("written", "f_mhz"),
    [("FREQUENCY 1.8 GHz", 1800), ("FREQUENCY 1710-1880", 1710), ("FREQUENCY MHz", None), ("FREQUENCY 0", None)],
)
def test_frequency_is_in_megahertz(read, written, f_mhz):
    assert read(file(f"NAME a\n{written}\n")).f_mhz == f_mhz


@pytest.mark.parametrize(
    "text",
    [
        file().replace("\n", "\r\n"),
        "\ufeff" + file(),
        file(horizontal=rows(form="{:.2f}\t{:.2f}")),
        file(horizontal=rows(form=" {:g}   -{:g} ")),
        file(horizontal=rows(form="{:g} {:g}").replace(".", ",")),
        file(horizontal="\n".join(f"{angle} {attenuation(angle)}" for angle in range(-180, 180))),
        file(horizontal="\n".join(reversed(rows().splitlines()))),
        file().replace("HORIZONTAL 360", "horizontal 360"),
        file().replace("HORIZONTAL 360", "HORIZONTAL"),
        file(HEADER.replace("NAME ", "")),
        file() + "\n\n",
        file(horizontal=rows() + "\n360 0").replace("HORIZONTAL 360", "HORIZONTAL 361"),
        file().encode("utf-16"),
    ],
    ids=["crlf", "bom", "tab", "minus", "comma", "from -180", "backwards", "lower", "no count", "no key", "blank", "361", "utf-16"],
)  # fmt: skip
def test_other_ways_to_write_the_same_are_read_the_same(read, text):
    found, plain = read(text), read(file(), "plain.pln")
    assert np.allclose(found.horizontal_db, plain.horizontal_db)
    assert np.allclose(found.vertical_db, plain.vertical_db)
    assert found.name.startswith("80010682")


@pytest.mark.parametrize("steps", [72, 360, 720, 3600])
def test_other_steps_keep_their_resolution(read, steps):
    found = read(file(count=steps))
    assert found.horizontal_db.size == steps
    assert found.horizontal_db[steps // 4] == pytest.approx(-12.5)


def test_uneven_steps_are_brought_to_whole_degrees(read):
    angles = sorted({*range(0, 360, 5), *range(10), *range(350, 360)})
    uneven = "\n".join(f"{angle} {attenuation(angle)}" for angle in angles)
    found = read(file(horizontal=uneven).replace("HORIZONTAL 360", f"HORIZONTAL {len(angles)}"))
    assert found.horizontal_db.size == 360
    assert np.allclose(found.horizontal_db, [-attenuation(angle) for angle in range(360)], atol=0.02)


def test_a_cut_is_measured_from_its_own_maximum(read):
    """The horizontal cut of a tilted antenna may pass beside the main beam; what the tilt costs is in the other cut."""
    found = read(file(horizontal=rows(value=lambda angle: attenuation(angle) + 8)))
    assert found.horizontal_db.max() == 0
    assert read(file(horizontal=rows(value=lambda angle: attenuation(angle) - 0.2)), "b.msi").horizontal_db.max() == 0


def test_a_zip_of_many_is_read_by_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("900/a.msi", file())
        archive.writestr("1800/b.pln", file().replace("947", "1805"))
        archive.writestr("datasheet.pdf", b"%PDF")
    found = read_patterns(tmp_path / "all.zip")
    assert {name: pattern.f_mhz for name, pattern in found.items()} == {
        "all.zip/1800/b.pln": 1805,
        "all.zip/900/a.msi": 947,
    }
    with pytest.raises(SourceError, match="holds 2 antenna patterns"):
        read_pattern(tmp_path / "all.zip")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER, "no cut HORIZONTAL"),
        (f"{HEADER}HORIZONTAL 360\n{rows()}\n", "no cut VERTICAL"),
        (file()[: file().index("315 ", 4000)], "line 367: VERTICAL tells of 360 rows and has"),
        (file(horizontal=rows(359)), "line 6: HORIZONTAL tells of 360 rows and has 359"),
        (file(horizontal=rows().replace("90 12.5\n", "90 12.5\n91 3\n").replace("\n92 12.94", "")), "angle 91 two values"),
        (file(horizontal=rows(30), count=360).replace("HORIZONTAL 360", "HORIZONTAL 30"), "leaves out 12 degrees after"),
        (file(horizontal=rows().replace("\n90 12.5\n", "\n90 abc\n")), "line 97: '90 abc'"),
        (file(horizontal=rows().replace("\n90 12.5\n", "\n90\n")), "line 97: '90'"),
        (file(horizontal=rows(value=lambda angle: 20 - attenuation(angle) * 2)), "gains or attenuations"),
        (file() + "HORIZONTAL 360\n", "HORIZONTAL occurs twice"),
        (f"{HEADER}HORIZONTAL 0\nVERTICAL 360\n{rows()}", "HORIZONTAL has no rows"),
        (b"\x89PNG\x00\x01", "binary"),
    ],
    ids=range(12),
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(read, text, told):
    with pytest.raises(SourceError) as caught:
        read(text)
    assert told in str(caught.value)
    assert "a.msi" in caught.value.say("id")


@pytest.mark.parametrize("name", ["none.msi", "a.txt"])
def test_what_is_no_pattern_file_is_refused(tmp_path, name):
    (tmp_path / "a.txt").write_text(file())
    with pytest.raises(SourceError):
        read_pattern(tmp_path / name)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: (HEADER + text).encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("any") / "a.msi"
    path.write_bytes(raw)
    with pytest.raises(SourceError):
        read_pattern(path)

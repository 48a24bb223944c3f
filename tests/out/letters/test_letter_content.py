"""The fields of letters: what they say, and that every one is documented."""

from __future__ import annotations

from typing import Any

import pytest
from letterbox import HOSTILE, MEETING, ON, SHOWN, Achieved, asked, cases, decided, desa, fields, heading

from blankspot.out.letters import KINDS, Office
from blankspot.out.letters.content import common, invitation_fields, minutes_fields, request_fields
from blankspot.out.letters.guide import field_names, guide_text


def names(value: Any, prefix: str = "") -> set[str]:
    """Return the dotted names of all fields, entries of lists as `name[]`."""
    if isinstance(value, dict):
        return {name for key, below in value.items() for name in names(below, f"{prefix}.{key}" if prefix else key)}
    if isinstance(value, list):
        return {name for below in value for name in names(below, f"{prefix}[]")}
    return {prefix}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_guide_names_exactly_the_fields_that_there_are(kind, lang):
    assert names(fields(kind, lang=lang)) == set(field_names(kind))
    assert all(f"  {name} " in guide_text(lang) for name in field_names(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_one_line_of_plain_text(kind):
    def check(value: Any) -> None:
        if isinstance(value, dict):
            for below in value.values():
                check(below)
        elif isinstance(value, list):
            for below in value:
                check(below)
        else:
            assert type(value) is str
            assert value.isprintable()

    check(fields(kind, HOSTILE, number="1/2", topic=HOSTILE, copies=(HOSTILE,), nature=HOSTILE, attachments=(HOSTILE,)))


def test_a_list_of_desa_is_told_as_letters_tell_it():
    told = request_fields(desa("Suka", "Maju", population=1200.0))
    assert (told["jumlah_desa"], told["jumlah_desa_terbilang"], told["jumlah_kecamatan"]) == ("2", "dua", "1")
    assert (told["jumlah_penduduk"], told["daftar_kecamatan"]) == ("2.400", "Arunasari")
    first = told["desa"][0]
    assert (first["no"], first["lintang"], first["bujur"], first["titik"]) == (
        "1",
        "6,94421° LS",
        "107,74003° BT",
        "kantor desa",
    )
    assert (first["status"], first["tahap"], first["penduduk"]) == ("Blankspot", "Disetujui", "1.200")


def test_what_is_not_known_is_a_dash():
    bare = desa(
        "X",
        population=None,
        signal_class=None,
        reason=None,
        stage=None,
        proposal=None,
        district=None,
        village_type=None,
    )
    told = request_fields(bare)
    assert {
        told["desa"][0][name] for name in ("penduduk", "status", "alasan", "tahap", "usulan", "kecamatan", "jenis")
    } == {"–"}
    assert (told["jumlah_penduduk"], told["daftar_kecamatan"], told["jumlah_kecamatan"]) == ("–", "–", "0")


def test_open_cases_are_grouped_by_district_and_counted_through():
    frame = cases("B", "A", "C")
    frame["district"] = ["Y", "X", None]
    told = invitation_fields(MEETING, frame)
    assert [(group["nama"], group["jumlah"], [row["no"] for row in group["kasus"]]) for group in told["kecamatan"]] == [
        ("X", "1", ["1"]), ("Y", "1", ["2"]), ("–", "1", ["3"]),
    ]  # fmt: skip
    assert told["jumlah_kasus"] == "3"
    assert told["kecamatan"][0]["kasus"][0]["sejak"] == "4 Maret 2022"


def test_minutes_say_what_was_agreed_what_waits_and_who_does_what_by_when():
    told = minutes_fields(
        MEETING, since=ON, until=ON, agreed=decided("Suka"), pending=cases("Maju"), actions=asked("Umum")
    )
    agreed = told["disepakati"][0]
    assert [agreed[name] for name in ("keputusan", "tanggal", "mitra", "jenis", "dana", "anggaran", "triwulan", "layanan")] == [
        "Ditugaskan", "5 Oktober 2022", "Telkomsel", "BTS baru", "CSR/TJSL", "Rp2,6 miliar", "TW I 2023", "seluler",
    ]  # fmt: skip
    assert told["belum"][0] == {
        "no": "1", "kode": "99.01.02.2001", "desa": "Maju", "tahap": "Ditunda", "sejak": "4 Maret 2022", "mitra": "–",
        "kendala": "Lahan", "kecamatan": "Arunasari",
    }  # fmt: skip
    action = told["tindak_lanjut"][0]
    assert [action[name] for name in ("pokok", "uraian", "penanggung_jawab", "batas", "kendala")] == [
        "Umum", "Survei ulang", "Bidang Infrastruktur", "31 Januari 2023", "–",
    ]  # fmt: skip


def test_minutes_of_nothing():
    told = minutes_fields(MEETING, since=ON, until=ON, agreed=decided(), pending=cases(), actions=asked())
    assert (told["disepakati"], told["belum"], told["tindak_lanjut"]) == ([], [], [])
    assert (told["jumlah_disepakati"], told["jumlah_belum"], told["jumlah_tindak_lanjut"]) == ("0", "0", "0")


def test_a_percentage_never_travels_alone_and_target_0_has_none():
    told = common(heading(), Achieved(), as_of=ON, profile="p")["progres"]
    assert told["kalimat"].startswith("43 dari 60 desa (71,67 %)")
    assert (told["selesai"], told["target"], told["sisa"], told["persen"]) == ("43", "60", "17", "71,67 %")
    assert common(heading(), Achieved(0, 0), as_of=ON, profile="p")["progres"]["persen"] == "–"


def test_an_office_without_data_is_shown_as_blanks_to_fill_in():
    told = common(heading(office=Office()), Achieved(), as_of=ON, profile="p")
    assert told["kantor"]["nama"] == "[nama kantor]"
    assert told["kepala"]["nama"] == "[nama kepala]"
    assert (told["kantor"]["kontak"], told["kepala"]["nip"]) == ("", "")
    assert Office().missing() == ("name", "parent", "address", "city", "head_title", "head_name")


def test_hostile_texts_are_shown_as_they_are_without_what_steers():
    told = request_fields(desa(HOSTILE))["desa"][0]["nama"]
    assert told.startswith(SHOWN)
    assert "\x1b" not in told
    assert "\u202e" not in told

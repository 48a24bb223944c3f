"""Filling templates: the ones to begin with, an office's own, and broken ones."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from letterbox import HOSTILE, SHOWN, desa, fields, heading, read, template, words

from blankspot.errors import OutputError, SourceError
from blankspot.out.letters import KINDS
from blankspot.out.letters.content import request_fields
from blankspot.out.letters.model import file_stem
from blankspot.out.letters.render import dated, language_of, render, unused
from blankspot.out.letters.starters import GUIDE_NAME, starter, write_starters


def filled(kind: str, name: str = "Sukanagara", **said) -> bytes:
    return render(starter(kind), fields(kind, name, **said), heading(kind, **said), name="t.docx")


@pytest.mark.parametrize("kind", KINDS)
def test_a_starter_becomes_a_letter_without_any_mark_left(kind):
    told = words(filled(kind))
    for mark in ("{{", "}}", "{%", "%}"):
        assert mark not in told
    assert "500.8/1/Uji/2022" in told
    assert "26 Desember 2022" in told or "26 Desember" in told
    assert "DINAS KOMUNIKASI & INFORMATIKA" in told
    assert "Nama Kepala" in told
    assert "43 dari 60 desa (71,67 %)" in told


def test_a_request_says_whom_it_asks_for_what():
    told = words(filled("request"))
    for part in (
        "Yth. Pimpinan Telkomsel", "Jalan Mitra 2", "di Jakarta", "Sifat", "Biasa", "2 (dua) berkas", "2 (dua) desa/kelurahan",
        "2.400 jiwa", "Tembusan:", "1.\tBupati Uji", "6,94421° LS", "107,74003° BT", "99.01.01.2001", "99.01.01.2002",
        "Lampiran Surat Kepala Dinas", "a.kml",
    ):  # fmt: skip
        assert part in told, part
    assert "Tembusan" not in words(filled("request", copies=()))


def test_an_invitation_to_one_and_to_many():
    many = words(filled("invitation"))
    assert "daftar undangan pada Lampiran I" in many
    assert "1.\tTelkomsel" in many
    assert "Lampiran II" in many
    one = render(
        starter("invitation"), fields("invitation") | {"undangan": ["Telkomsel"]}, heading("invitation"), name="t.docx"
    )
    assert "Yth. Pimpinan Telkomsel" in words(one)
    assert "Lampiran I" not in words(one)
    assert "Senin, 26 Desember 2022" in many
    assert "Kecamatan Arunasari (2 kasus)" in many


def test_minutes_with_nobody_present_leave_room_for_names():
    context = fields("minutes")
    present = render(starter("minutes"), context, heading("minutes"), name="t.docx")
    nobody = render(starter("minutes"), context | {"hadir": []}, heading("minutes"), name="t.docx")
    assert len(read(present).tables[-2].rows) == 3
    assert len(read(nobody).tables[-2].rows) == 7
    nothing = context | {"disepakati": [], "belum": [], "tindak_lanjut": []}
    told = words(render(starter("minutes"), nothing, heading("minutes"), name="t.docx"))
    for part in (
        "Tidak ada keputusan baru",
        "Tidak ada kasus lain yang terbuka",
        "Tidak ada tindak lanjut yang terbuka",
    ):
        assert part in told


@pytest.mark.parametrize("kind", KINDS)
def test_tables_repeat_their_header_and_tear_no_row(kind):
    ruled = [table for table in read(filled(kind)).tables if table.style.name == "Table Grid"]
    assert ruled
    for table in ruled:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows[1:])


def test_a_letter_is_a4_with_margins():
    first, annex = read(filled("request")).sections
    assert (round(first.page_width.cm, 1), round(first.page_height.cm, 1), round(first.left_margin.cm, 1)) == (
        21.0,
        29.7,
        2.5,
    )
    assert (round(annex.page_width.cm, 1), round(annex.page_height.cm, 1)) == (29.7, 21.0)


@pytest.mark.parametrize("kind", KINDS)
def test_text_from_data_is_text(kind):
    document = filled(kind, HOSTILE)
    told = words(document)
    assert SHOWN in told
    assert "49" not in told.replace("4900", "")
    plain, hostile = read(filled(kind, "x")), read(document)
    assert len(plain.paragraphs) == len(hostile.paragraphs)
    assert [len(table.rows) for table in plain.tables] == [len(table.rows) for table in hostile.tables]


@tried(deadline=None, max_examples=15)
@given(st.text(min_size=1, max_size=60).filter(lambda text: all(not 0xD800 <= ord(sign) <= 0xDFFF for sign in text)))
def test_any_name_arrives_as_it_is(name):
    from blankspot.out.letters.wording import one_line

    context = fields("request") | request_fields(desa(name))
    document = render(template("{{ nomor }}|{{ desa[0].nama }}|"), context, heading(), name="t.docx")
    shown = one_line(name) or "–"
    for mark, plain in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
        shown = shown.replace(mark, plain)  # docxtpl's own way to write a mark; it stays text
    assert words(document) == f"500.8/1/Uji/2022|{shown}|"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_letter_has_the_same_bytes_whenever_it_is_made(kind):
    first = filled(kind)
    assert first == filled(kind)
    properties = read(first).core_properties
    assert properties.created.date() == properties.modified.date() == dt.date(2022, 12, 26)
    assert "500.8/1/Uji/2022" in properties.title
    with zipfile.ZipFile(BytesIO(first)) as bundle:
        assert {entry.date_time[:3] for entry in bundle.infolist()} == {(2022, 12, 26)}
    assert filled(kind, topic=HOSTILE).startswith(b"PK")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ nomer }}", ("{{ nomer }}", "nomor")),
        ("{{ kepala.nma }}", ("{{ kepala.nma }}", "kepala.nama")),
        ("{% for d in desa %}{{ d.kodee }}{% endfor %}", ("{{ d.kodee }}", "desa[].kode")),
        ("{{ desa[0].nama.bukan }}", ("bukan",)),
        ("{{ undangan }}", ("{{ undangan }}",)),
    ],
)
def test_a_misspelt_field_names_template_tag_and_the_fields_that_exist(line, said):
    with pytest.raises(SourceError) as refused:
        render(template("{{ nomor }}", line), fields("request"), heading(), name="kop/surat.docx")
    told = refused.value.say("id")
    for part in ("kop/surat.docx", "progres.kalimat", *said):
        assert part in told
    assert "kop/surat.docx" in refused.value.say("en")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ nomor", "nomor"),
        ("{% for d in desa %}{{ d.kode }}", "for"),
        ("{% if nomor %}x", "if"),
        ("{% endfor %}", "endfor"),
        ("{{ nomor | tanpa_filter }}", "tanpa_filter"),
        ("{{ desa.0. }}", "desa.0."),
        ("{% include 'rahasia.txt' %}", "loader"),
        ("{{ nomor + 1 }}", "nomor"),
        ("{{ 1 // 0 }}", "zero"),
        ("{{ range(99999999)|list }}", "ange"),
    ],
)
def test_a_broken_mark_is_told_with_its_template(line, said):
    with pytest.raises(SourceError) as refused:
        render(template("Surat", line), fields("request"), heading(), name="rusak.docx")
    assert "rusak.docx" in refused.value.say("id")
    assert said in refused.value.say("id")


@pytest.mark.parametrize(
    "line",
    [
        "{{ desa[0].nama|safe }}",
        "{% autoescape false %}{{ desa[0].nama }}{% endautoescape %}",
        "{% filter safe %}{{ desa[0].nama }}{% endfilter %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ desa.append(1) }}",
    ],
)
def test_a_template_can_neither_make_markup_of_data_nor_run_code(line):
    with pytest.raises(SourceError):
        render(template(line), fields("request", "<w:p/>"), heading(), name="t.docx")


def test_a_file_that_is_no_docx_is_refused_by_name():
    for broken in (b"", b"PK", b"bukan", starter("request")[:5000]):
        with pytest.raises(SourceError, match="surat_saya"):
            render(broken, fields("request"), heading(), name="surat_saya.docx")


def test_marks_in_headers_are_filled_and_checked():
    made = read(template("{{ nomor }}"))
    made.sections[0].header.paragraphs[0].text = "{{ kantor.nama }}"
    stream = BytesIO()
    made.save(stream)
    document = read(render(stream.getvalue(), fields("request"), heading(), name="t.docx"))
    assert document.sections[0].header.paragraphs[0].text == "Dinas Komunikasi & Informatika"
    made.sections[0].header.paragraphs[0].text = "{{ kantor.namaa }}"
    stream = BytesIO()
    made.save(stream)
    with pytest.raises(SourceError, match="namaa"):
        render(stream.getvalue(), fields("request"), heading(), name="t.docx")


def test_a_template_that_shows_no_number_is_noticed():
    assert unused(template("{{ tanggal }}"), ("nomor", "tanggal"), name="t.docx") == ("nomor",)
    for kind in ("request", "invitation", "minutes"):
        assert unused(starter(kind), ("nomor", "tanggal"), name="t.docx") == ()


def test_a_template_in_english_is_filled_in_english():
    assert language_of(Path("x/surat_permohonan.EN.docx")) == "en"
    assert language_of(Path("surat.docx")) == language_of(None) == "id"
    document = render(
        template("{{ tanggal }}, {{ desa[0].lintang }}"), fields("request", lang="en"), heading(), name="t"
    )
    assert words(document) == "26 December 2022, 6.94421° S"


def test_starters_are_written_once_and_an_edited_one_is_left_alone(tmp_path):
    written = write_starters(tmp_path)
    assert sorted(path.name for path in written) == sorted(
        [GUIDE_NAME, "surat_permohonan.docx", "surat_undangan.docx", "surat_berita_acara.docx"]
    )
    edited = tmp_path / "surat_undangan.docx"
    edited.write_bytes(template("{{ nomor }}"))
    (tmp_path / "surat_permohonan.docx").unlink()
    before = edited.read_bytes()
    assert [path.name for path in write_starters(tmp_path)] == ["surat_permohonan.docx"]
    assert edited.read_bytes() == before
    assert (tmp_path / "surat_permohonan.docx").read_bytes() == dated(starter("request"))
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(OutputError):
        write_starters(tmp_path / "berkas")


def test_file_names_work_everywhere():
    assert file_stem("request", "500.8/123/Diskominfo/2022") == "surat_permohonan_500.8-123-Diskominfo-2022"
    assert file_stem("minutes", "../../etc: 1") == "surat_berita_acara_etc_1"
    assert len(file_stem("invitation", "9" * 80)) < 110

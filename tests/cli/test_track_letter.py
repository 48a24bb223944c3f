"""`blankspot track letter` from outside: the files it leaves, what the ledger remembers, and what it refuses."""

from __future__ import annotations

import json
import shutil
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
import worlds
from docx import Document
from letterbox import template, words

from blankspot.cli import main
from blankspot.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "500.8/123/Diskominfo/2022"
NAMES = ["Sukanagara 1", "{{7*7}} <w:p> & {% x %}", "Sukanagara 3"]
REQUEST = ("request", "--to", "Telkomsel", "--number", NUMBER, "--on", "2022-11-01")
INVITATION = ("invitation", "--number", "005/9/2022", "--on", "2022-11-01", "--meeting-on", "2022-11-14")
MINUTES = ("minutes", "--number", "BA/7/2022", "--on", "2022-12-26")
OFFICE = """
[office]
name = "Dinas Kominfo"
parent = "Pemerintah Kabupaten Uji"
address = "Jalan Uji 1"
city = "Kota Uji"
head_title = "Kepala Dinas"
head_name = "Nama Kepala"
head_nip = 123
"""
HANDLING = (
    worlds.HANDLING
    + """2022-01-10,99.01.01.2003,target,2022,,,SK 1/2022
2022-02-01,99.01.01.2003,proposed,,,,U-3/2022
2022-03-01,99.01.01.2003,verified,,,,
2022-10-01,99.01.01.2003,approved,,,,
2022-10-05,99.01.01.2003,assigned,,Telkom,,
2022-03-01,99.01.01.2002,proposed,,,,
"""
)


@pytest.fixture
def call(call):
    return lambda *arguments: call("track", "letter", *arguments)


@pytest.fixture(scope="module")
def office_made(tmp_path_factory) -> Path:
    """A workspace of three desa after a run: one handled, one proposed whose name is hostile, one assigned to Telkom."""
    import blankspot as bs

    folder = worlds.write_workspace(
        tmp_path_factory.mktemp("office") / "uji", names=NAMES, handling=HANDLING, extra=OFFICE
    )
    bs.Workspace(folder).run(until=("verdicts", "records", "handling"))
    return folder


@pytest.fixture
def office(office_made, tmp_path) -> Path:
    """A copy of it, to change at will."""
    return shutil.copytree(office_made, tmp_path / "uji")


def letters(folder: Path) -> list[dict[str, str]]:
    with Ledger.open(folder / "ledger.db") as ledger:
        return ledger.letters().astype("str").to_dict("records")


def track(*arguments: object) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["track", *(str(argument) for argument in arguments)])
    assert not ended.value.code


def test_a_request_leaves_its_files_and_its_number(call, office):
    code, out, err = call(*REQUEST, "-w", office)
    assert (code, err.count("Tercatat: surat nomor 500.8/123/Diskominfo/2022, 1 November 2022, 1 desa.")) == (0, 1)
    stem = "surat_permohonan_500.8-123-Diskominfo-2022"
    files = [office / "out" / "surat" / f"{stem}{ending}" for ending in (".docx", ".xlsx", ".geojson", ".kml")]
    assert out.split() == [str(path) for path in files]
    assert sorted((office / "out" / "surat").iterdir()) == sorted(files)
    told = words(files[0].read_bytes())
    for part in (
        NUMBER,
        "1 November 2022",
        "Pimpinan Telkomsel",
        NAMES[1],
        "PEMERINTAH KABUPATEN UJI",
        "NIP 123",
        "1 dari 3 desa (33,33 %)",
    ):
        assert part in told
    (letter,) = letters(office)
    assert letter["villages"] == "99.01.01.2002"
    assert (letter["number"], letter["letter_kind"], letter["partner"], letter["document"], letter["letter_on"]) == (
        NUMBER, "request", "Telkomsel", f"{stem}.docx", "2022-11-01",
    )  # fmt: skip
    points = json.loads(files[2].read_text("utf-8"))["features"]
    assert [point["properties"]["village_name"] for point in points] == [NAMES[1]]
    sheet = openpyxl.load_workbook(files[1])["Daftar desa"]
    assert sheet["B2"].value == NAMES[1]


def test_the_same_letter_again_is_on_record_and_its_bytes_are_the_same(call, office):
    assert call(*REQUEST, "-w", office)[0] == 0
    folder = office / "out" / "surat"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "Sudah tercatat sebelumnya" in err) == (0, True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert len(letters(office)) == 1


def test_a_number_stands_for_one_letter(call, office):
    assert call(*REQUEST, "-w", office)[0] == 0
    folder = office / "out" / "surat"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for other in (
        (*REQUEST[:2], "Indosat", *REQUEST[3:]),
        (*REQUEST, "--topic", "Lain"),
        (*REQUEST[:-1], "2022-11-02"),
        (*REQUEST[:4], NUMBER.upper().replace("/", " / "), *REQUEST[5:]),
    ):
        code, out, err = call(*other, "-w", office)
        assert (code, out) == (5, "")
        assert "sudah dipakai untuk surat permohonan kepada Telkomsel tanggal 1 November 2022" in err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert len(letters(office)) == 1


def test_two_numbers_of_one_file_name_get_files_of_their_own(call, office):
    assert call(*REQUEST[:4], "1/2-3", *REQUEST[5:], "-w", office)[0] == 0
    for _ in range(2):
        assert call(*REQUEST[:4], "1-2/3", *REQUEST[5:], "-w", office)[0] == 0
    assert call(*REQUEST[:4], "1/2-3", *REQUEST[5:], "-w", office)[0] == 0
    assert len({letter["document"] for letter in letters(office)}) == 2
    assert len(list((office / "out" / "surat").glob("*.docx"))) == 2


def test_a_dry_run_writes_and_records_nothing(call, office):
    code, out, err = call(*REQUEST, "-w", office, "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["written"], told["on_record"], len(told["files"])) == (0, False, False, 4)
    assert told["event"]["villages"] == "99.01.01.2002"
    assert told["event"]["subject"] == "letter:500.8~123~diskominfo~2022"
    assert not (office / "out" / "surat").exists()
    assert letters(office) == []
    assert "Akan dicatat" in call(*REQUEST, "-w", office, "--dry-run")[2]
    assert "Would be recorded" in call(*REQUEST, "-w", office, "--dry-run", "--lang", "en")[2]
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "villages"),
    [
        ((), "99.01.01.2002"),
        (("--village", "Sukanagara 3"), "99.01.01.2003"),
        (("--village", "99.01.01.2001", "--village", "99.01.01.2003"), "99.01.01.2001 99.01.01.2003"),
        (("--stage", "assigned"), "99.01.01.2003"),
        (("--stage", "assigned", "--stage", "proposed", "--district", "arunasari"), "99.01.01.2002 99.01.01.2003"),
        (("--stage", "handled", "--year", "2022"), "99.01.01.2001"),
        (("--district", "99.01.01"), "99.01.01.2002"),
        (("--village", "Sukanagara 3", "--stage", "assigned"), "99.01.01.2003"),
    ],
)
def test_which_desa_a_request_lists(call, office_made, arguments, villages):
    code, out, _ = call(*REQUEST, "-w", office_made, "--dry-run", "--json", *arguments)
    assert (code, json.loads(out)["event"]["villages"]) == (0, villages)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*REQUEST, "--stage", "rejected"), 2, "tidak memuat satu desa pun"),
        ((*REQUEST, "--village", "Sukanagara 1", "--stage", "assigned"), 2, "tidak memuat satu desa pun"),
        ((*REQUEST, "--village", "Antah"), 2, "Antah"),
        ((*REQUEST, "--district", "Antah"), 2, "Antah"),
        ((*REQUEST[:4], "500.8/…/2022", *REQUEST[5:]), 2, "bagian yang kosong"),
        ((*REQUEST[:4], "tanpa angka", *REQUEST[5:]), 2, "tidak dapat menjadi nomor surat"),
        ((*REQUEST[:-1], "2999-11-01"), 5, "belum tiba"),
        ((*REQUEST[:-1], "kemarin"), 2, "bukan tanggal"),
        (("request", *REQUEST[3:]), 2, "satu mitra"),
        ((*REQUEST, "--to", "BAKTI"), 2, "satu mitra"),
        (INVITATION[:5], 2, "hari forumnya"),
        ((*REQUEST, "--template", "tidak_ada.docx"), 3, "tidak_ada.docx"),
    ],
)
def test_what_is_refused_leaves_nothing(call, office, arguments, code, said):
    got, out, err = call(*arguments, "-w", office)
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err
    assert not (office / "out" / "surat").exists()
    assert letters(office) == []


def test_an_invitation_goes_to_those_who_have_open_cases(call, office):
    code, out, _ = call(*INVITATION, "--time", "09.00 WIB", "--venue", "Aula", "--agenda", "Capaian", "-w", office)
    assert code == 0
    document = (office / "out" / "surat" / "surat_undangan_005-9-2022.docx").read_bytes()
    told = words(document)
    for part in (
        "1.\tTelkom\n",
        "2.\tCamat Arunasari",
        "Senin, 14 November 2022",
        "09.00 WIB",
        "Kecamatan Arunasari (2 kasus)",
        NAMES[1],
    ):
        assert part in told, part
    assert len(out.split()) == 2
    (letter,) = letters(office)
    assert (letter["partner"], letter["villages"]) == ("Telkom; Camat Arunasari", "99.01.01.2002 99.01.01.2003")


def test_minutes_agree_with_the_progress_and_begin_after_the_last_ones(call, office):
    track("add", "99.01.01.2002", "note", "--on", "2022-11-15", "-w", office, "--constraint", "Lahan <adat>",
          "--follow-up", "Musyawarah", "--owner", "Camat", "--due-on", "2023-01-31")  # fmt: skip
    code, _, err = call(*MINUTES, "-w", office, "--to", "Telkom", "--venue", "Aula")
    assert (code, err.splitlines()[-1]) == (0, "Tercatat: surat nomor BA/7/2022, 26 Desember 2022, 3 desa.")
    told = words((office / "out" / "surat" / "surat_berita_acara_BA-7-2022.docx").read_bytes())
    for part in (
        "1 dari 3 desa (33,33 %) per 26 Desember 2022", "Sisa 2 desa", "Keputusan dari 1 Januari 2022", "Ditugaskan", "Lahan <adat>",
        "Musyawarah", "31 Januari 2023", "Camat", "Senin, tanggal dua puluh enam bulan Desember", f"{NAMES[1]}\n99.01.01.2002",
    ):  # fmt: skip
        assert part in told, part
    code, out, _ = call("minutes", "--number", "BA/8/2022", "--on", "2022-12-27", "-w", office)
    assert code == 0
    later = words(next((office / "out" / "surat").glob("*BA-8-2022.docx")).read_bytes())
    assert "Tidak ada keputusan baru dari 27 Desember 2022 sampai dengan 27 Desember 2022" in later
    assert len(out.split()) == 2
    assert (
        call(*MINUTES, "-w", office, "--to", "Telkom", "--venue", "Aula")[0] == 0
    )  # the same again, although later ones exist


def test_persons_who_were_present_are_in_the_minutes_and_not_in_the_ledger(call, office):
    code, out, err = call(*MINUTES, "-w", office, "--to", "Bapak Camat Rahasia", "--to", "Telkom", "--json")
    assert (code, json.loads(out)["event"]["partner"], err) == (0, "Telkom", "")
    assert "1.\tBapak Camat Rahasia" in words(
        (office / "out" / "surat" / "surat_berita_acara_BA-7-2022.docx").read_bytes()
    )
    assert "Rahasia" not in str(letters(office))


def test_a_letter_is_in_the_history_of_its_desa(call, office, capsys):
    assert call(*REQUEST, "-w", office)[0] == 0
    track("history", "99.01.01.2002", "-w", office, "--json")
    kinds = [record["event"] for record in json.loads(capsys.readouterr().out)]
    assert kinds.count("letter") == 1
    track("history", "99.01.01.2003", "-w", office, "--json")
    assert "letter" not in [record["event"] for record in json.loads(capsys.readouterr().out)]


def test_a_letter_of_the_past_tells_the_past(call, office):
    code, out, _ = call(*REQUEST[:-1], "2022-09-30", "-w", office, "--json")
    assert (code, json.loads(out)["event"]["villages"]) == (0, "99.01.01.2002 99.01.01.2003")
    told = words(next((office / "out" / "surat").glob("*.docx")).read_bytes())
    assert "data per 30 September 2022" in told
    assert "Belum cukup data" in told  # the readings are of October


def test_an_edited_template_of_the_workspace_is_used(call, office):
    folder = office / "templates"
    folder.mkdir()
    (folder / "surat_permohonan.docx").write_bytes(
        template("Kop baru", "{{ nomor }} {{ tanggal }} {{ jumlah_desa }} desa")
    )
    assert call(*REQUEST, "-w", office)[0] == 0
    made = next((office / "out" / "surat").glob("*.docx")).read_bytes()
    assert words(made) == f"Kop baru\n{NUMBER} 1 November 2022 1 desa"
    (folder / "lain.en.docx").write_bytes(template("{{ nomor }}"))
    code, _, err = call(*REQUEST[:4], "2/2021", *REQUEST[5:], "-w", office, "--template", folder / "lain.en.docx")
    assert code == 0
    assert "tidak memuat {{ tanggal }}" in err
    assert "menyebut tahun 2021" in err


def test_a_broken_template_records_nothing(call, office):
    folder = office / "templates"
    folder.mkdir()
    (folder / "surat_permohonan.docx").write_bytes(template("{{ nomer }}"))
    code, out, err = call(*REQUEST, "-w", office)
    assert (code, out) == (3, "")
    for part in ("surat_permohonan.docx", "{{ nomer }}", "desa[].kode"):
        assert part in err
    assert letters(office) == []
    assert not (office / "out" / "surat").exists()


def test_nothing_is_recorded_if_a_file_cannot_be_written(call, office, monkeypatch):
    (office / "out" / "surat").write_text("berkas, bukan folder")
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "tidak dapat ditulis" in err) == (3, True)
    assert letters(office) == []
    (office / "out" / "surat").unlink()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("blankspot.out.letters.attachments.write_kml", full)
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "tidak dapat ditulis" in err) == (3, True)
    assert letters(office) == []
    assert list((office / "out" / "surat").iterdir()) == []


def test_files_are_gone_again_if_the_ledger_refuses(call, office, monkeypatch):
    from blankspot.errors import LedgerError
    from blankspot.words import Text

    def locked(*_: object) -> None:
        raise LedgerError(Text("Buku besar terkunci.", "The ledger is locked."))

    monkeypatch.setattr(Ledger, "append", locked)
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "terkunci" in err) == (5, True)
    assert list((office / "out" / "surat").iterdir()) == []


def test_a_contact_goes_into_the_letter_and_nowhere_else(call, office, tmp_path):
    private = "Ibu Rahasia, 0812-0000-0000"
    (office / "data" / "mitra.csv").write_text(f'partner_name,contact\nTelkomsel,"{private}"\n', encoding="utf-8")
    toml = office / "blankspot.toml"
    toml.write_text(
        toml.read_text("utf-8").replace("[sources]", '[sources]\npartners = "data/mitra.csv"'), encoding="utf-8"
    )
    code, out, err = call(*REQUEST, "-w", office, "--json", "--out", tmp_path / "surat")
    assert code == 0
    document, *attached = sorted((tmp_path / "surat").iterdir())
    assert private in words(document.read_bytes())
    assert private not in out + err
    for path in attached:
        content = path.read_bytes()
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(BytesIO(content))
            content = str([list(sheet.iter_rows(values_only=True)) for sheet in book]).encode()
        assert b"Rahasia" not in content
        assert b"0812" not in content
    with Ledger.open(office / "ledger.db") as ledger:
        assert "Rahasia" not in str(ledger.events())
    code, _, _ = call(*REQUEST[:4], "3/2022", *REQUEST[5:], "-w", office, "--address", "Jalan Lain 9")
    told = words((office / "out" / "surat" / "surat_permohonan_3-2022.docx").read_bytes())
    assert (code, "Jalan Lain 9" in told, private in told) == (0, True, False)


def test_what_its_writer_should_know_is_told(call, office_made):
    err = call(*REQUEST, "-w", office_made, "--dry-run", "--village", "Sukanagara 1")[2]
    assert "1 desa dalam daftar sudah terlayani atau tertangani: Sukanagara 1" in err
    err = call(
        "request", "--to", "XL Axiata", "--number", "9/2022", "--on", "2022-11-01", "-w", office_made, "--dry-run"
    )[2]
    assert "telah menjadi" not in err
    code, _, err = call("request", "--to", "Telkomsell", "--number", "9/2022", "--on", "2022-11-01", "-w", office_made)
    assert code == 2  # a misspelt addressee uses up no number
    assert "mungkin maksudnya Telkomsel" in err


def test_a_letter_needs_a_workspace_and_its_ledger(call, tmp_path, office):
    code, _, err = call(*REQUEST, "-w", tmp_path)
    assert (code, "blankspot init" in err) == (2, True)
    shutil.copy(office / "ledger.db", tmp_path / "lain.db")
    code, _, err = call(*REQUEST, "-w", tmp_path, "--ledger", tmp_path / "lain.db")
    assert (code, "bukan ruang kerja" in err) == (2, True)
    (office / "ledger.db").unlink()
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "belum ada" in err) == (5, True)


def test_without_an_office_the_letterhead_has_blanks_and_says_so(call, office):
    toml = office / "blankspot.toml"
    toml.write_text(toml.read_text("utf-8").partition("[office]")[0], encoding="utf-8")
    code, _, err = call(*REQUEST, "-w", office)
    assert code == 0
    assert "isi [office] di blankspot.toml: name, parent, address, city, head_title, head_name" in err
    assert "[NAMA KANTOR]" in words(next((office / "out" / "surat").glob("*.docx")).read_bytes())


def test_an_office_with_an_unknown_field_is_refused(call, office):
    toml = office / "blankspot.toml"
    toml.write_text(toml.read_text("utf-8").replace("head_nip", "nip"), encoding="utf-8")
    code, _, err = call(*REQUEST, "-w", office)
    assert (code, "office.nip" in err) == (2, True)


def test_the_letter_of_the_example_reports_43_of_60(call, demo):
    code, out, _ = call("minutes", "--number", "BA/1/2022", "--on", "2022-12-26", "--since", "2022-09-01", "-w", demo)
    assert code == 0
    document = Document(out.split()[0])
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "43 dari 60 desa (71,67 %) per 26 Desember 2022. Sisa 17 desa." in told
    agreed, pending = (table for table in document.tables if table.rows[0].cells[1].text == "Desa/kelurahan")
    now = [row.cells[3].text for row in agreed.rows[1:]]
    assert len(pending.rows) - 1 + sum("Tertangani" not in text and "Terverifikasi" not in text for text in now) == 17

"""`blankspot show` answers about a desa, a partner, a kecamatan and a kabupaten, in four forms, from one ledger."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING

import pytest
import worlds

import blankspot as bs
from blankspot.ledger import Event

if TYPE_CHECKING:
    from pathlib import Path

CODE, SECOND = "99.01.01.2001", "99.01.01.2002"


def record(ledger, kind: str, day: str, *, code: str = "", subject: str = "", **fields: object) -> str:
    event = Event(kind=kind, village_code=code, case_id=subject, happened_on=dt.date.fromisoformat(day), fields=fields)
    (added,) = ledger.append(event)
    return added.content_id


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A workspace of three desa: the first handled, the second given to Indosat under an old name, the third untouched."""
    names = ["Arunasari", "Sukanagara", "Margaasih"]
    folder = worlds.write_workspace(
        tmp_path_factory.mktemp("show") / "uji",
        names=names,
        handling=worlds.HANDLING.replace("BA-17/2022", "BA-71/2022"),
    )
    workspace = bs.Workspace(folder)
    workspace.run(until=("import",))
    with workspace.ledger() as ledger:
        handled = next(one.content_id for one in ledger.events(village_code=CODE) if one.kind == "handled")
        record(
            ledger, "correction", "2022-08-20", code=CODE, corrects=handled, reason="Salah ketik", evidence="BA-17/2022"
        )
        record(ledger, "money", "2022-09-01", code=CODE, amount_rp=900e6, funding_source="komersial", document="SP2D-9")
        record(
            ledger, "letter", "2022-04-20", subject="letter:555-1", number="555/1/Diskominfo", letter_kind="request",
            partner="Telkomsel", villages=f"{CODE} {SECOND}", topic="Permohonan BTS",
        )  # fmt: skip
        for kind, day in (("proposed", "2022-02-01"), ("verified", "2022-03-01"), ("approved", "2022-04-01")):
            record(ledger, kind, day, code=SECOND)
        record(
            ledger, "assigned", "2022-11-15", code=SECOND, partner="Indosat Ooredoo", budget_rp=2_600_000_000,
            planned_quarter="2022-Q4", intervention_type="bts",
        )  # fmt: skip
        record(
            ledger, "note", "2022-12-01", code=SECOND, constraint="Lahan sengketa", follow_up="Mediasi camat",
            owner="Bidang TIK", due_on="2022-12-20",
        )  # fmt: skip
    return folder


def test_a_village_tells_its_history_with_what_was_put_right(call, made):
    code, out, _ = call("show", CODE, "-w", made)
    assert code == 0
    told = " ".join(out.split())
    for piece in (
        "Tertangani (sejak 1 Agustus 2022, 147 hari di tahap ini)",
        "Bukti BA-17/2022",
        "20 Agu 2022 Pembetulan Tertangani; BA-17/2022; Salah ketik",
        "1 Agu 2022 Tertangani Telkomsel; BA-71/2022; telah dibetulkan",
        "Realisasi keuangan",
        "Rp900 juta",
        "555/1/Diskominfo",
        "Langkah berikut Ukur ulang",
        "Pengukuran setelah penanganan belum menunjukkan desa ini terlayani.",
    ):
        assert piece in told, piece


def test_a_village_tells_what_is_open_and_for_how_long(call, made):
    told = " ".join(call("show", "Sukanagara", "-w", made)[1].split())
    for piece in (
        "Ditugaskan: sejak 15 November 2022, 41 hari di tahap ini.",
        "Lahan sengketa; tindak lanjut: Mediasi camat; oleh Bidang TIK; paling lambat 20 Desember 2022 (lewat 6 hari)",
        "Langkah berikut Pembangunan, atau langsung mengudara.",
        "Rencana TW IV 2022",
        "Anggaran Rp2,6 miliar",
    ):
        assert piece in told, piece
    untouched = " ".join(call("show", "Margaasih", "-w", made)[1].split())
    assert "Bukti sinyal belum cukup untuk menilai." in untouched
    assert "Langkah berikut Ukur sinyalnya, lalu nilai." in untouched


def test_a_partner_counts_under_every_name_it_had(call, made):
    by_alias, by_group = (
        call("show", "Indosat Ooredoo", "-w", made),
        call("show", "Indosat Ooredoo Hutchison", "-w", made),
    )
    assert by_alias == by_group
    told = " ".join(by_alias[1].split())
    assert "Indosat Ooredoo Hutchison menangani 0 dari 1 desa yang ditugaskan (0,00 %); 1 masih terbuka." in told
    assert "juga disebut" in told
    assert "Sukanagara Lahan sengketa Mediasi camat Bidang TIK 20 Des 2022" in told
    telkomsel = json.loads(call("show", "mitra:telkomsel", "-w", made, "--json")[1])
    assert telkomsel["mobile"] == {"name": "mobile", "assigned": 1, "handled": 1, "still_open": 0}
    assert telkomsel["realized_rp"] == 900e6
    assert [letter["number"] for letter in telkomsel["letters"]] == ["555/1/Diskominfo"]


def test_an_area_by_code_and_by_name(call, made):
    code, _, err = call("show", "Arunasari", "-w", made)
    assert code == 2
    assert f"desa  {CODE}  Arunasari" in err
    assert "kecamatan  99.01.01  Arunasari, Kabupaten Uji" in err
    by_name, by_code = call("show", "kecamatan:Arunasari", "-w", made), call("show", "99.01.01", "-w", made)
    assert by_name == by_code
    told = " ".join(by_name[1].split())
    assert (
        "1 dari 3 desa blankspot (33,33 %); 2 belum cukup data. Target 2022: 1 dari 2 desa tertangani (50,00 %)."
        in told
    )
    assert "Sukanagara Ditugaskan 15 Nov 2022 41 hari Indosat Ooredoo" in told
    regency = " ".join(call("show", "Kabupaten Uji", "-w", made, "--lang", "en")[1].split())
    assert "Target 2022: 1 of 2 desa handled (50.00 %)" in regency
    assert call("show", "Arunasari", "--district", "Arunasari", "-w", made)[0] == 0


@pytest.mark.parametrize("asked", [CODE, "mitra:Telkomsel", "99.01.01", "99.01"])
def test_one_page_in_every_form(call, made, tmp_path, asked):
    out = call("show", asked, "-w", made)[1].rstrip("\n").split("\n")
    assert len(out) <= 60
    assert max(map(len, out)) <= 100
    for name in ("a.pdf", "a.html", "a.txt", "a.json"):
        code, said, err = call("show", asked, "-w", made, "--out", tmp_path / name)
        assert (code, said) == (0, "")
        assert name in err
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "a.pdf").read_bytes())) == 1
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").rstrip("\n").split("\n") == out
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["as_of"] == "2022-12-26"


def test_the_form_can_be_said(call, made, tmp_path):
    target = tmp_path / "lembar"
    assert call("show", CODE, "-w", made, "--format", "html", "--out", target)[0] == 0
    assert "<h1>" in target.read_text(encoding="utf-8")
    assert json.loads(call("show", CODE, "-w", made, "--format", "json")[1])["kind"] == "village"
    code, _, err = call("show", CODE, "-w", made, "--format", "pdf")
    assert code == 2
    assert "--out lembar.pdf" in err


def test_contacts_of_people_are_on_no_sheet(call, made, tmp_path):
    folder = tmp_path / "uji"
    worlds.write_workspace(folder, handling=worlds.HANDLING, extra='partners = "data/mitra.csv"')
    (folder / "data" / "mitra.csv").write_text(
        "partner_name,role,contact\nTelkomsel,business,Budi 0812-3456-7890\n", encoding="utf-8"
    )
    for form in ("text", "json"):
        code, out, err = call("show", "mitra:Telkomsel", "-w", folder, "--format", form)
        assert code == 0, err
        assert "0812" not in out
        assert "Budi" not in out


def test_an_ending_that_no_sheet_has_is_refused(call, made, tmp_path):
    code, _, err = call("show", CODE, "-w", made, "--out", tmp_path / "lembar.docx")
    assert (code, "sebagai .docx" in err, ".pdf" in err) == (2, True, True)
    assert not (tmp_path / "lembar.docx").exists()
    assert call("show", CODE, "-w", made, "--out", tmp_path / "lembar")[0] == 0

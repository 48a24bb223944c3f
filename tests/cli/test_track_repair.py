"""`track history`, `correct`, `conflicts`, `settle`, `changes`, `audit`, and `add` of what is no move."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner
from stories import VILLAGE, VILLAGES, clock, day, event, handled, story

from blankspot.cli import app
from blankspot.cli.session import Session
from blankspot.ledger import Ledger


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "ledger.db"
    with Ledger.open(path, clock=clock, origin="dinas") as ledger:
        ledger.append([event("target", 1), *handled()[:4], event("assigned", 40, partner="Telkom")])
    return path


@pytest.fixture
def call(book):
    def run(*arguments, lang="id"):
        given = ["track", *map(str, arguments), "--ledger", str(book), "-w", str(book.parent), "--lang", lang]
        result = CliRunner().invoke(app, given, obj=Session())
        error = result.exception
        told = error.say(lang) if hasattr(error, "say") else result.stderr
        return getattr(error, "exit_code", result.exit_code), result.stdout, told

    return run


def number(call, kind):
    return next(one["content_id"] for one in json.loads(call("history", VILLAGE, "--json")[1]) if one["event"] == kind)


def test_a_record_is_corrected_by_its_number_and_stays_readable(call):
    code, _, told = call(
        "correct", number(call, "assigned")[:8], "--set", "partner=Telkomsel", "--reason", "salah mitra"
    )
    assert (code, "Dibetulkan" in told) == (0, True)
    assert json.loads(call("list", "--json")[1])[0]["partner"] == "Telkomsel"
    _, out, _ = call("history", VILLAGE)
    assert "Mitra: Telkom " in out.replace(";", " ")
    assert "Mitra: Telkomsel" in out
    assert "Pembetulan" in out


def test_a_field_may_be_called_as_the_templates_call_it(call):
    done = call(
        "correct", number(call, "assigned"), "--set", "Mitra=BAKTI", "--clear", "Catatan", "--reason", "salah mitra"
    )
    assert done[0] == 0
    assert json.loads(call("list", "--json")[1])[0]["partner"] == "BAKTI"
    code, _, told = call("correct", number(call, "assigned"), "--set", "Warna=biru", "--reason", "x")
    assert (code, "partner (Mitra)" in told) == (2, True)


def test_a_withdrawn_record_is_marked(call):
    assert call("correct", number(call, "assigned"), "--withdraw", "--reason", "salah desa")[0] == 0
    assert "(dicabut)" in call("history", VILLAGE)[1]
    assert json.loads(call("list", "--json")[1])[0]["stage"] == "approved"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("correct", "zzzzzz", "--reason", "x", "--withdraw"), 2, "cocok dengan 0 catatan"),
        (("correct", "ab", "--reason", "x", "--withdraw"), 2, "cocok dengan"),
        (("settle", "zzzzzz", "--reason", "x"), 2, "cocok dengan 0"),
        (("add", "general", "money", "--on", "2022-03-01", "--amount-rp", "5 juta"), 2, "bukan pokok yang sah"),
        (("add", VILLAGE, "poem", "--on", "2022-03-01"), 2, ""),
        (("add", VILLAGE, "money", "--on", "2022-03-01", "--amount-rp", "banyak"), 2, ""),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(call, arguments, code, said):
    found, _, told = call(*arguments)
    assert found == code
    assert said in told


def test_money_and_notes_are_added_with_amounts_as_people_write_them(call):
    assert (
        call("add", VILLAGE, "money", "--on", "2022-03-01", "--amount-rp", "1,5 miliar", "--document", "SP2D")[0] == 0
    )
    assert json.loads(call("list", "--json")[1])[0]["realized_rp"] == 1_500_000_000
    note = ("add", "general", "note", "--on", "2022-03-01", "--constraint", "Izin lahan", "--owner", "Bidang TIK")
    assert call(*note, "--due-on", "1 Juni 2022")[0] == 0
    noted = json.loads(call("history", "general", "--json")[1])[0]
    assert noted["fields"]["due_on"] == "2022-06-01"
    assert call("add", "general", "note_closed", "--on", "2022-04-01", "--refers", noted["content_id"][:10])[0] == 0
    assert (
        call("add", "target:2022", "target_rule", "--on", "2022-01-05", "--year", 2022, "--rule", "mobile_all")[0] == 0
    )


def test_the_changes_since_a_meeting(call):
    code, out, told = call("changes", "--since", "2022-02-01", "--until", "2022-12-31")
    assert code == 0
    assert "Ditugaskan" in out
    assert "Disetujui" in out
    assert "perubahan antara 1 Februari 2022 dan 31 Desember 2022" in told
    changed = json.loads(call("changes", "--since", "2022-02-01", "--until", "2022-12-31", "--json")[1])
    assert {"what": "partner", "after": "Telkom"}.items() <= next(c for c in changed if c["what"] == "partner").items()


def test_two_offices_in_conflict_are_listed_and_settled(call, book, tmp_path):
    other = tmp_path / "kecamatan.db"
    with Ledger.open(book, clock=clock) as ledger, Ledger.open(other, clock=clock, origin="kecamatan") as copy:
        copy.merge(ledger)
        ledger.append(event("on_air", 60))
        copy.append(event("reopened", 61, reason="tower batal"))
        ledger.merge(copy)
    listed = json.loads(call("conflicts", "--json")[1])
    assert {one["kind"] for one in listed} == {"on_air", "reopened"}
    assert "(berbeda catatan)" in call("list")[1]
    code, _, told = call("add", VILLAGE, "handled", "--on", "2022-03-30", "--evidence", "BA-1")
    assert (code, "belum diselesaikan" in told) == (5, True)
    chosen = next(one["content_id"] for one in listed if one["kind"] == "on_air")
    assert call("settle", chosen[:12], "--reason", "rapat 5 Maret")[0] == 0
    assert json.loads(call("conflicts", "--json")[1]) == []
    assert call("add", VILLAGE, "handled", "--on", "2022-03-30", "--evidence", "BA-1")[0] == 0


def test_the_audit_names_the_first_broken_link(call, book):
    code, _, told = call("audit")
    assert (code, "Semua rantai utuh" in told) == (0, True)
    with sqlite3.connect(book) as connection:
        connection.execute("DROP TRIGGER events_refuse_update")
        connection.execute("UPDATE events SET fields = '{\"partner\":\"X\"}' WHERE kind = 'assigned'")
    connection.close()
    code, _, told = call("audit")
    assert code == 5
    assert "dinas, 6" in told


def test_progress_by_funding_and_regency(call):
    for by in ("funding_source", "regency", "partner", "district", "quarter"):
        code, out, _ = call("progress", "--year", 2022, "--as-of", day(300), "--by", by)
        assert (code, "0 dari 1 desa" in out) == (0, True)


def test_records_of_other_villages_are_not_in_a_history(call, book):
    with Ledger.open(book, clock=clock) as ledger:
        ledger.append(story("identified", village=VILLAGES[1]))
    assert {one["village_code"] for one in json.loads(call("history", VILLAGE, "--json")[1])} == {VILLAGE}

"""The workbook round trip: an untouched one says nothing, every edit is told, and what was typed is what is recorded."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import HOSTILE, MAIN_LINE, NOW, VILLAGE, VILLAGES, Clock, clock, day, event, handled, likely_events, story

from blankspot.errors import LedgerError, SourceError
from blankspot.ledger import Event, Ledger
from blankspot.ledger.workbook import SHEETS, export, plan_workbook, read_baseline
from blankspot.ledger.workbook.sheets import CASES, read_cell, shown, tidy
from blankspot.ledger.workflow import NEXT

JAKARTA = ZoneInfo("Asia/Jakarta")
PLACES = pd.DataFrame(
    {
        "village_code": [*VILLAGES, "32.04.06.2002"],
        "village_name": ["Cileunyi Kulon", "Cileunyi Wetan", "Srirahayu", "Sukamaju"],
        "district": ["Cileunyi", "Cileunyi", "Cikancung", "Cikancung"],
    }
)
VOIDED = ("partner", "intervention_type", "funding_source", "budget_rp", "planned_quarter", "evidence", "handled_on")


class Book:
    """An exported workbook as the import reads it, to edit by case or by row."""

    def __init__(self, ledger, **options):
        made = export(ledger, now=NOW, version="0.1.0", villages=PLACES, **options)
        self.exported = made
        lang = options.get("lang", "id")
        self.tables = {
            sheet.key: pd.DataFrame(
                {
                    column.heading.of(lang): [
                        _text(column, value, lang) for value in made.frames[sheet.key][column.key]
                    ]
                    for column in sheet.columns
                },
                dtype="str",
            ).assign(source_row=lambda frame: range(2, len(frame) + 2))
            for sheet in made.sheets
        }
        self.lang = lang
        self.baseline = read_baseline(made.baseline, source="buku.xlsx")

    def edit(self, row, sheet="cases", /, **cells):
        table = self.tables[sheet]
        declared = next(one for one in SHEETS if one.key == sheet)
        at = row if isinstance(row, int) else table.index[table["Kasus" if self.lang == "id" else "Case"] == row][0]
        for key, value in cells.items():
            table.loc[at, declared.column(key).heading.of(self.lang)] = value
        return self

    def add(self, sheet="cases", /, **cells):
        table = self.tables[sheet]
        row = dict.fromkeys(table.columns) | {"source_row": int(table["source_row"].max() if len(table) else 1) + 1}
        self.tables[sheet] = pd.concat([table, pd.DataFrame([row])], ignore_index=True).astype(table.dtypes.to_dict())
        return self.edit(len(table), sheet, **cells)

    def plan(self, ledger, **options):
        return plan_workbook(
            self.tables, self.baseline, ledger, source="buku.xlsx", villages=PLACES, zone=JAKARTA, **options
        )


def _text(column, value, lang):
    """Write a value as a spreadsheet would show it to the reader."""
    if value is None or pd.isna(value):
        return None
    if column.kind == "money":
        return repr(value)
    return next((words.of(lang) for name, words in column.choices if name == value), str(value))


def _cells(ledger):
    frame = export(ledger, now=NOW, version="0.1.0", villages=PLACES).frames["cases"]
    return {row["case_id"]: row for row in frame.to_dict("records")}


def _refusals(plan):
    refused = plan.rejects[plan.rejects["severity"] == "rejected"]
    return list(zip(refused["column"], refused["rule"], strict=True))


@pytest.fixture
def told(ledger):
    """Three villages: one handled, one assigned with money and a constraint, one only on the target list."""
    ledger.append(
        [
            *handled(),
            *story(*("identified", "proposed", "verified", "approved"), village=VILLAGES[1]),
            event(
                "assigned",
                50,
                VILLAGES[1],
                partner="Telkom",
                budget_rp=2_600_000_000,
                funding_source="csr",
                document="PKS-1",
            ),
            event("target", 1, VILLAGES[2], document="SK-1"),
            event("money", 60, VILLAGES[1], amount_rp=1_000_000, document="SP2D-1"),
            event("note", 61, VILLAGES[1], constraint="Izin belum terbit", follow_up="Rapat", owner="Bidang TIK"),
        ]
    )
    return ledger


CASE = [f"{code}:mobile" for code in VILLAGES]


class TestUntouched:
    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_says_nothing(self, told, lang):
        book = Book(told, lang=lang)
        plan = book.plan(told, lang=lang)
        assert (plan.rows_in, plan.unchanged, plan.rows_new, plan.rows_rejected) == (5, 5, 0, 0)
        assert plan.changes.empty
        assert plan.rejects.empty

    @settings(max_examples=20, deadline=None)
    @given(likely_events(), st.text(max_size=40), st.floats(0, 1e13))
    def test_whatever_is_on_record(self, events, text, amount):
        with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
            for one in events:
                try:
                    fields = {**one.fields, "note": text, "budget_rp": amount} if one.is_move else one.fields
                    ledger.append(
                        Event(kind=one.kind, happened_on=one.happened_on, village_code=one.village_code, fields=fields)
                    )
                except LedgerError:
                    continue
            plan = Book(ledger).plan(ledger)
        assert plan.changes.empty
        assert plan.rejects.empty
        assert plan.new_events == ()

    def test_hostile_text(self, ledger):
        ledger.append(event("identified", note=HOSTILE, partner="=1+1", document="_x000D_ a\tb"))
        assert Book(ledger).plan(ledger).changes.empty

    def test_sorted_rows(self, told):
        book = Book(told)
        book.tables["cases"] = book.tables["cases"].iloc[::-1].reset_index(drop=True)
        assert book.plan(told).changes.empty

    def test_further_columns_and_empty_rows_do_not_matter(self, told):
        book = Book(told)
        book.tables["cases"]["Catatan saya"] = "x"
        book.add("cases").add("money")
        plan = book.plan(told)
        assert (plan.changes.empty, plan.rows_in) == (True, 5)


class TestMoves:
    def test_a_new_stage_with_its_day_takes_the_rest_of_the_row_along(self, told):
        book = Book(told).edit(
            CASE[1], stage="Pembangunan", since="2022-03-30", note="tanah siap", budget_rp="2,5 miliar"
        )
        plan = book.plan(told)
        assert _refusals(plan) == []
        (new,) = plan.new_events
        assert (new.kind, new.happened_on, new.case_id) == ("construction", dt.date(2022, 3, 30), CASE[1])
        assert dict(new.fields) == {"note": "tanah siap", "budget_rp": 2_500_000_000}
        assert plan.changes[["heading", "before", "after"]].to_numpy().tolist() == [
            ["Tahap", "Ditugaskan", "Pembangunan"],
            ["Sejak", "2022-02-20", "2022-03-30"],
            ["Anggaran (Rp)", "2.600.000.000", "2.500.000.000"],
            ["Catatan", "", "tanah siap"],
        ]
        assert set(plan.changes["outcome"]) == {"new"}
        assert plan.changes["row"].tolist() == [3] * 4
        assert plan.origins == (("Penanganan", 3),)

    @pytest.mark.parametrize("since", ["2022-02-20", None])
    def test_without_its_day_is_ambiguous(self, told, since):
        plan = Book(told).edit(CASE[1], stage="Pembangunan", since=since).plan(told)
        assert _refusals(plan) == [("Sejak", "day_missing")]
        assert plan.new_events == ()

    def test_an_illegal_move_is_refused_in_the_ledgers_words(self, told):
        plan = Book(told).edit(CASE[1], stage="Terverifikasi pascapenanganan", since="2022-04-01").plan(told)
        assert _refusals(plan) == [("Tahap", "illegal_move")]
        assert "mensyaratkan tahap" in plan.rejects["message"].iloc[0]

    @pytest.mark.parametrize(
        ("since", "rule"), [("2023-01-05", "date_in_future"), ("2022-01-05", "date_before_previous")]
    )
    def test_a_day_that_cannot_be(self, told, since, rule):
        plan = Book(told).edit(CASE[1], stage="Pembangunan", since=since).plan(told)
        assert _refusals(plan) == [("Sejak", rule)]

    def test_handled_by_its_own_day(self, told):
        book = Book(told).edit(CASE[1], stage="tertangani", handled_on="26/12/2022", evidence="BA-9")
        (new,) = book.plan(told).new_events
        assert (new.kind, new.happened_on, new.fields["evidence"]) == ("handled", dt.date(2022, 12, 26), "BA-9")

    def test_handled_without_evidence(self, told):
        plan = Book(told).edit(CASE[1], stage="Tertangani", since="2022-12-26").plan(told)
        assert _refusals(plan) == [("Bukti", "evidence_missing")]

    def test_two_days_for_one_handling_contradict(self, told):
        book = Book(told).edit(
            CASE[1], stage="Tertangani", since="2022-12-01", handled_on="2022-12-26", evidence="BA-9"
        )
        assert _refusals(book.plan(told)) == [("Tanggal tertangani", "days_contradict")]

    def test_handled_and_verified_in_one_row(self, told):
        book = Book(told).edit(
            CASE[1], stage="Terverifikasi pascapenanganan", since="2022-12-20", handled_on="2022-12-01", evidence="BA-9"
        )
        plan = book.plan(told)
        assert [(one.kind, one.happened_on.day) for one in plan.new_events] == [("handled", 1), ("verified_after", 20)]
        told.append(plan.new_events)
        assert book.plan(told).new_events == ()

    def test_the_first_move_of_a_target_village(self, told):
        book = Book(told).edit(CASE[2], stage="Diusulkan", since="2022-03-01", change_reason="Musrenbang")
        (new,) = book.plan(told).new_events
        assert (new.kind, new.case_id, dict(new.fields)) == ("proposed", CASE[2], {"reason": "Musrenbang"})

    def test_an_emptied_cell_beside_a_new_stage_is_a_correction_too(self, told):
        cells = {"stage": "Pembangunan", "since": "2022-03-30", "partner": None}
        assert _refusals(Book(told).edit(CASE[1], **cells).plan(told)) == [("Alasan perubahan", "reason_missing")]
        book = Book(told).edit(CASE[1], **cells, change_reason="Mitra mundur")
        plan = book.plan(told)
        assert {one.kind for one in plan.new_events} == {"construction", "correction"}
        told.append(plan.new_events)
        assert pd.isna(_cells(told)[CASE[1]]["partner"])
        assert book.plan(told).new_events == ()

    def test_reopening_voids_what_it_empties(self, told):
        book = Book(told).edit(
            CASE[0],
            stage="Dibuka kembali",
            since="2022-12-01",
            evidence=None,
            handled_on=None,
            change_reason="Sinyal hilang",
        )
        (new,) = book.plan(told).new_events
        assert (new.kind, dict(new.fields)) == ("reopened", {"reason": "Sinyal hilang"})

    def test_skipping_stages_has_to_be_allowed(self, told):
        book = Book(told).edit(CASE[2], stage="Disetujui", since="2022-06-01")
        assert _refusals(book.plan(told)) == [("Tahap", "illegal_move")]
        (new,) = book.plan(told, allow_skips=True).new_events
        assert new.fields["skips"] is True


class TestCorrections:
    def test_names_the_record_that_set_the_value(self, told):
        book = Book(told).edit(CASE[1], budget_rp="2.700.000.000", partner="Telkomsel", change_reason="Salah ketik")
        (new,) = book.plan(told).new_events
        assigned = next(one for one in told.events() if one.kind == "assigned" and one.case_id == CASE[1])
        assert (new.kind, new.happened_on) == ("correction", told.today)
        assert dict(new.fields) == {
            "corrects": assigned.content_id, "budget_rp": 2_700_000_000, "partner": "Telkomsel", "reason": "Salah ketik",
        }  # fmt: skip

    def test_without_a_reason_is_ambiguous(self, told):
        assert _refusals(Book(told).edit(CASE[1], partner="X").plan(told)) == [("Alasan perubahan", "reason_missing")]

    def test_an_emptied_cell_clears_every_record_that_says_it(self, told):
        told.append(event("construction", 90, VILLAGES[1], partner="Telkom"))
        book = Book(told).edit(CASE[1], partner=None, change_reason="Belum ada mitra")
        plan = book.plan(told)
        assert [one.fields["clears"] for one in plan.new_events] == ["partner", "partner"]
        told.append(plan.new_events)
        assert pd.isna(_cells(told)[CASE[1]]["partner"])
        assert book.plan(told).new_events == ()

    def test_the_day_of_the_stage(self, told):
        book = Book(told).edit(CASE[1], since="2022-02-25", change_reason="Tanggal SK")
        (new,) = book.plan(told).new_events
        assert new.fields["corrected_on"] == "2022-02-25"
        told.append(new)
        assert _cells(told)[CASE[1]]["since"] == "2022-02-25"
        assert book.plan(told).new_events == ()

    @pytest.mark.parametrize("column", ["since", "handled_on"])
    def test_the_day_of_handling_by_either_column(self, told, column):
        book = Book(told).edit(CASE[0], **{column: "2022-03-20"}, change_reason="BA")
        told.append(book.plan(told).new_events)
        now = _cells(told)[CASE[0]]
        assert (now["since"], now["handled_on"]) == ("2022-03-20", "2022-03-20")

    def test_a_day_that_would_break_what_is_on_record(self, told):
        plan = Book(told).edit(CASE[1], since="2022-01-02", change_reason="?").plan(told)
        assert _refusals(plan) == [("Tahap", "contradicts_record")] or plan.rows_rejected == 1

    @pytest.mark.parametrize("cells", [{"since": None}, {"handled_on": "2022-05-05"}, {"stage": None}])
    def test_what_cannot_be_corrected(self, told, cells):
        assert Book(told).edit(CASE[1], **cells, change_reason="x").plan(told).rows_rejected == 1

    def test_a_handling_keeps_its_evidence(self, told):
        plan = Book(told).edit(CASE[0], evidence=None, change_reason="x").plan(told)
        assert (plan.rows_rejected, plan.new_events) == (1, ())

    def test_a_case_that_has_not_begun(self, told):
        plan = Book(told).edit(CASE[2], partner="Telkom", change_reason="x").plan(told)
        assert _refusals(plan) == [("Mitra", "case_not_begun")]

    def test_a_reason_alone_is_told(self, told):
        plan = Book(told).edit(CASE[1], change_reason="lupa").plan(told)
        assert (plan.unchanged, plan.rejects["rule"].tolist()) == (5, ["reason_without_change"])


class TestMeanwhile:
    def test_somebody_else_moved_the_case(self, told):
        book = (
            Book(told)
            .edit(CASE[1], stage="Pembangunan", since="2022-03-30")
            .edit(CASE[0], note="rapi", change_reason="x")
        )
        told.append(event("on_air", 100, VILLAGES[1]))
        plan = book.plan(told)
        assert _refusals(plan) == [("Tahap", "moved_meanwhile")]
        message = plan.rejects["message"].iloc[0]
        assert "'Mengudara' per 11 April 2022" in message
        assert "31 Desember 2022 pukul 10.00 oleh 'dinas'" in message
        assert [one.case_id for one in plan.new_events] == [CASE[0]]  # the other row goes on

    def test_the_same_change_made_by_both_is_no_change(self, told):
        book = Book(told).edit(CASE[1], stage="Pembangunan", since="2022-03-30")
        told.append(event("construction", 88, VILLAGES[1]))
        plan = book.plan(told)
        assert (plan.new_events, plan.rows_rejected, plan.unchanged) == ((), 0, 5)
        assert set(plan.changes["outcome"]) == {"unchanged"}

    def test_somebody_else_corrected_the_same_cell(self, told):
        book = Book(told).edit(CASE[1], partner="Indosat", change_reason="x")
        other = Book(told).edit(CASE[1], partner="Telkomsel", change_reason="y")
        told.append(other.plan(told).new_events)
        assert _refusals(book.plan(told)) == [("Mitra", "corrected_meanwhile")]
        assert "'Telkomsel'" in book.plan(told).rejects["message"].iloc[0]

    def test_somebody_else_corrected_another_cell(self, told):
        book = Book(told).edit(CASE[1], partner="Indosat", change_reason="x")
        told.append(Book(told).edit(CASE[1], document="PKS-2", change_reason="y").plan(told).new_events)
        told.append(book.plan(told).new_events)
        now = _cells(told)[CASE[1]]
        assert (now["partner"], now["document"]) == ("Indosat", "PKS-2")

    def test_a_village_that_left_the_target_list(self, told):
        book = Book(told).edit(CASE[2], stage="Diusulkan", since="2022-06-01")
        told.append(event("target_removed", 20, VILLAGES[2], reason="Sudah ada sinyal"))
        assert _refusals(book.plan(told)) == [("Kasus", "case_gone")]

    def test_what_was_imported_and_went_on_since_is_on_record(self, told):
        book = Book(told).edit(CASE[1], stage="Pembangunan", since="2022-03-30")
        told.append(book.plan(told).new_events)
        told.append(event("on_air", 120, VILLAGES[1]))
        plan = book.plan(told)
        assert (plan.new_events, plan.rows_rejected) == ((), 0)


class TestRows:
    @pytest.mark.parametrize(
        ("key", "value"),
        [("village_code", VILLAGES[2]), ("village_name", "Lain"), ("service", "Titik internet"), ("year", "2023")],
    )
    def test_a_locked_column_that_changed(self, told, key, value):
        plan = Book(told).edit(CASE[1], **{key: value}).plan(told)
        assert [rule for _, rule in _refusals(plan)] == ["locked_column_changed"]
        assert plan.changes["column"].tolist() == [key]

    def test_a_name_over_a_code_proposes_the_village(self, told):
        plan = Book(told).edit(CASE[1], village_code="Sri Rahayu").plan(told)
        assert "Srirahayu (32.04.06.2001, Cikancung)" in plan.rejects["message"].iloc[0]

    def test_another_case_in_the_key_is_no_silent_move(self, told):
        plan = Book(told).edit(1, case_id=CASE[0], note="x").plan(told)
        assert plan.new_events == ()
        assert [rule for _, rule in _refusals(plan)] == ["locked_column_changed"]
        assert "row_deleted" in set(plan.rejects["rule"])

    def test_a_deleted_row_deletes_nothing_and_is_told(self, told):
        book = Book(told)
        book.tables["cases"] = book.tables["cases"].iloc[1:]
        plan = book.plan(told)
        assert (plan.new_events, plan.rows_rejected) == ((), 0)
        assert plan.rejects[["rule", "value", "severity"]].to_numpy().tolist() == [["row_deleted", CASE[0], "noted"]]

    def test_a_deleted_sheet_deletes_nothing_and_is_told(self, told):
        book = Book(told)
        del book.tables["notes"]
        assert book.plan(told).rejects["rule"].tolist() == ["sheet_deleted"]

    def test_a_deleted_column_is_refused(self, told):
        book = Book(told)
        book.tables["cases"] = book.tables["cases"].drop(columns="Mitra")
        with pytest.raises(SourceError, match="gone"):
            book.plan(told)

    def test_a_doubled_row(self, told):
        book = Book(told).edit(CASE[1], note="satu", change_reason="x")
        twice = book.tables["cases"].iloc[[1]].assign(source_row=9)
        book.tables["cases"] = pd.concat([book.tables["cases"], twice], ignore_index=True)
        plan = book.plan(told)
        assert (len(plan.new_events), _refusals(plan)) == (1, [("Kode desa", "duplicate_row")])
        book.edit(3, note="dua")
        plan = book.plan(told)
        assert (plan.new_events, [rule for _, rule in _refusals(plan)]) == ((), ["duplicate_row"] * 2)

    def test_a_new_village(self, told):
        book = Book(told).add(
            village_code="32.04.06.2002", stage="Diusulkan", since="1 Maret 2022", intervention_type="VSAT"
        )
        plan = book.plan(told)
        (new,) = plan.new_events
        assert (new.case_id, new.kind) == ("32.04.06.2002:internet", "proposed")
        told.append(new)
        assert book.plan(told).new_events == ()
        assert book.plan(told).rows_rejected == 0

    def test_a_second_case_of_a_village(self, told):
        cells = {"village_code": VILLAGE, "stage": "Teridentifikasi", "since": "2022-03-01"}
        (new,) = Book(told).add(**cells, service="Titik internet").plan(told).new_events
        assert new.case_id == f"{VILLAGE}:internet"
        (new,) = Book(told).add(**cells, case_id=f"{VILLAGE}:mobile:2").plan(told).new_events
        assert new.case_id == f"{VILLAGE}:mobile:2"
        assert [rule for _, rule in _refusals(Book(told).add(**cells).plan(told))] == ["case_exists"]

    @pytest.mark.parametrize(
        ("cells", "rule"),
        [
            ({"village_code": "Sri Rahayu"}, "name_not_code"),
            ({"village_name": "Sri Rahayu", "district": "Cikancung"}, "name_not_code"),
            ({"village_name": "Srirahayu", "district": "Cikancung"}, "name_not_code"),  # never silently, however sure
            ({"village_name": "Antah Berantah"}, "village_unknown"),
            ({"village_code": "32.04.5"}, "code_incomplete"),
            ({"village_code": "32.04.09.2009"}, "village_unknown"),
            ({"village_code": "32.04.06.2002", "village_name": "Cileunyi"}, "name_differs"),
            ({"village_code": "32.04.06.2002", "year": "2022"}, "target_list_elsewhere"),
            ({"village_code": "32.04.06.2002", "stage": None}, "stage_missing"),
            ({"village_code": "32.04.06.2002", "since": None}, "day_missing"),
            ({"village_code": "32.04.06.2002", "case_id": "32.04.05.2001:mobile:x"}, "case_differs"),
            ({"village_code": "32.04.06.2002", "case_id": "seluler"}, "case_unknown"),
            ({"note": "hanya catatan"}, "code_missing"),
        ],
    )
    def test_a_new_row_that_does_not_decide(self, told, cells, rule):
        plan = Book(told).add(**({"stage": "Diusulkan", "since": "2022-03-01"} | cells)).plan(told)
        assert plan.new_events == ()
        assert [found for _, found in _refusals(plan)] == [rule] or rule == "code_incomplete"

    def test_a_name_proposes_the_village_with_its_code(self, told):
        plan = Book(told).add(village_code="Sri Rahayu", stage="Diusulkan", since="2022-03-01").plan(told)
        assert "Srirahayu (32.04.06.2001, Cikancung)" in plan.rejects["message"].iloc[0]

    @pytest.mark.parametrize(
        ("key", "value"),
        [("since", "12/2022"), ("stage", "Selesai dong"), ("budget_rp", "banyak"), ("budget_rp", "1,5 M"), ("since", "31/02/2022"),
         ("planned_quarter", "TW V 2022"), ("funding_source", "uang saku"), ("partner", "#REF!"), ("since", "Desember 2022")],
    )  # fmt: skip
    def test_a_cell_that_cannot_be_read(self, told, key, value):
        plan = Book(told).edit(CASE[1], **{key: value}, change_reason="x").plan(told)
        assert _refusals(plan) == [(CASES.column(key).heading.id, "unreadable_cell")]
        assert plan.rejects["value"].tolist() == [value]
        assert plan.changes.loc[plan.changes["column"] == key, "after"].tolist() == [value]

    @pytest.mark.parametrize(
        ("key", "value", "meant"),
        [("budget_rp", "Rp 1,5 miliar", 1_500_000_000), ("planned_quarter", "triwulan iii 2022", "2022-Q3"),
         ("funding_source", "State budget (APBN)", "apbn"), ("intervention_type", "bts", "bts")],
    )  # fmt: skip
    def test_words_as_people_write_them(self, told, key, value, meant):
        (new,) = Book(told).edit(CASE[1], **{key: value}, change_reason="x").plan(told).new_events
        assert new.fields[key] == meant


class TestMoneyAndConstraints:
    def test_new_payments_and_constraints(self, told):
        book = Book(told)
        book.add(
            "money", village_code=VILLAGES[1], paid_on="2022-12-01", amount_rp="250 juta", funding_source="CSR/TJSL"
        )
        book.add("money", case_id=CASE[1], paid_on="2022-12-02", amount_rp="-1000000", document="Kembali")
        book.add("notes", village_code=VILLAGES[1], noted_on="2022-12-01", constraint="Listrik", due_on="31/01/2023")
        book.add("notes", case_id="umum", noted_on="2022-12-01", constraint="Anggaran")
        plan = book.plan(told)
        assert _refusals(plan) == []
        assert sorted((one.kind, one.case_id) for one in plan.new_events) == [
            ("money", CASE[1]), ("money", CASE[1]), ("note", CASE[1]), ("note", "general"),
        ]  # fmt: skip
        told.append(plan.new_events)
        assert told.state().set_index("case_id").loc[CASE[1], "realized_rp"] == 250_000_000
        again = book.plan(told)
        assert (again.new_events, again.rows_rejected) == ((), 0)

    def test_a_constraint_is_closed(self, told):
        book = Book(told).edit(0, "notes", closed_on="2022-12-20", closing_note="Terbit")
        (new,) = book.plan(told).new_events
        assert (new.kind, new.fields["note"]) == ("note_closed", "Terbit")
        told.append(new)
        assert not told.notes()["open"].any()
        assert book.plan(told).new_events == ()
        later = Book.plan(book.edit(0, "notes", closed_on="2022-12-21"), told)
        assert _refusals(later) == [("Tanggal selesai", "closed_meanwhile")]

    @pytest.mark.parametrize(
        ("sheet", "cells", "rule"),
        [("money", {"amount_rp": "5"}, "read_only_row"), ("notes", {"constraint": "lain"}, "read_only_row"),
         ("notes", {"closing_note": "beres"}, "day_missing"), ("notes", {"closed_on": "2022-01-01"}, "date_before_previous"),
         ("notes", {"closed_on": "ya"}, "unreadable_cell")],
    )  # fmt: skip
    def test_rows_on_record(self, told, sheet, cells, rule):
        plan = Book(told).edit(0, sheet, **cells).plan(told)
        assert ([found for _, found in _refusals(plan)], plan.new_events) == ([rule], ())

    @pytest.mark.parametrize(
        ("sheet", "cells", "rule"),
        [("money", {"paid_on": "2022-12-01"}, "amount_missing"), ("money", {"amount_rp": "1000"}, "day_missing"),
         ("money", {"paid_on": "2022-12-01", "amount_rp": "0"}, "amount_missing"),
         ("money", {"paid_on": "2022-12-01", "amount_rp": "1", "entry": "99"}, "entry_unknown"),
         ("money", {"paid_on": "2022-12-01", "amount_rp": "1", "case_id": CASE[0]}, "case_differs"),
         ("money", {"paid_on": "2022-12-01", "amount_rp": "1", "village_code": VILLAGES[2]}, "case_not_begun"),
         ("notes", {"noted_on": "2022-12-01"}, "constraint_missing"), ("notes", {"constraint": "x"}, "day_missing"),
         ("notes", {"constraint": "x", "noted_on": "2022-12-01", "closed_on": "2022-12-02"}, "closing_too_early")],
    )  # fmt: skip
    def test_new_rows_that_do_not_say_enough(self, told, sheet, cells, rule):
        plan = Book(told).add(sheet, **({"village_code": VILLAGES[1]} | cells)).plan(told)
        assert ([found for _, found in _refusals(plan)], plan.new_events) == ([rule], ())

    def test_several_cases_of_a_village(self, told):
        told.append(event("identified", 5, VILLAGES[1], case_id=f"{VILLAGES[1]}:internet"))
        book = Book(told).add("money", village_code=VILLAGES[1], paid_on="2022-12-01", amount_rp="1000")
        assert _refusals(book.plan(told)) == [("Kasus", "case_ambiguous")]

    def test_a_payment_for_a_case_that_the_same_workbook_opens(self, told):
        book = Book(told).add(
            village_code="32.04.06.2002", stage="Diusulkan", since="2022-03-01", service="Titik internet"
        )
        book.add("money", village_code="32.04.06.2002", paid_on="2022-12-01", amount_rp="1000")
        assert [one.kind for one in book.plan(told).new_events] == ["proposed", "money"]
        book.edit(3, stage="Tertangani", evidence="x")
        assert book.plan(told).new_events == ()  # the case is refused, and what rests on it with it

    def test_the_same_payment_twice(self, told):
        book = Book(told)
        for _ in range(2):
            book.add("money", village_code=VILLAGES[1], paid_on="2022-12-01", amount_rp="1000")
        plan = book.plan(told)
        assert (len(plan.new_events), [rule for _, rule in _refusals(plan)]) == (1, ["duplicate_row"])


class TestHome:
    def test_another_ledger(self, told):
        book = Book(told)
        with Ledger.open(":memory:", origin="tetangga", clock=clock) as other:
            other.append([one.event for one in told.events()])
            with pytest.raises(SourceError) as refused:
                book.plan(other)
        assert "buku besar lain (asal 'dinas'; buku besar ini 'tetangga')" in refused.value.say("id")

    def test_a_ledger_that_lost_its_records(self, told):
        book = Book(told)
        with Ledger.open(":memory:", origin="dinas", clock=clock) as older:
            older.append(handled())
            with pytest.raises(SourceError, match="not known here"):
                book.plan(older)

    def test_a_newer_workbook(self, told):
        frame = Book(told).exported.baseline
        newer = frame.assign(json=frame["json"].str.replace('"format":1', '"format":2'))
        with pytest.raises(SourceError, match="newer blankspot"):
            read_baseline(newer, source="buku.xlsx")

    def test_a_damaged_memory(self, told):
        frame = Book(told).exported.baseline
        for damaged in (
            frame.iloc[:-1],
            frame.iloc[1:],
            frame.assign(json="{"),
            frame.assign(json=frame["json"].str.replace("Telkom", "X")),
        ):
            with pytest.raises(SourceError, match="damaged"):
                read_baseline(damaged, source="buku.xlsx")

    def test_a_long_memory_fits_into_cells(self, ledger):
        ledger.append(event("identified", note="panjang " * 6000))
        book = Book(ledger)
        assert book.exported.baseline["json"].str.len().max() <= 32_000
        assert book.plan(ledger).changes.empty

    def test_part_of_the_cases(self, told):
        book = Book(told, cases=[CASE[0]])
        assert {key: len(table) for key, table in book.tables.items()} == {"cases": 1, "money": 0, "notes": 0}
        plan = book.add(village_code=VILLAGES[1], stage="Pembangunan", since="2022-03-30").plan(told)
        assert [rule for _, rule in _refusals(plan)] == ["case_exists"]


def test_what_a_cell_shows_is_read_back():
    for sheet in SHEETS:
        for column in sheet.columns:
            for name, words in column.choices:
                assert {read_cell(column, text)[0] for text in (name, *words)} == {name}
    assert shown(CASES.column("planned_quarter"), "2022-Q3", "id") == "TW III 2022"
    assert tidy("a\x00b\r\n\ud800c ") == "ab\nc"


FREE_TEXT = (
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=12)
    .map(str.strip)
    .filter(lambda text: not text.startswith("#"))
)
CHOICES = {
    name: st.sampled_from([choice for choice, _ in CASES.column(name).choices])
    for name in ("stage", "intervention_type", "funding_source")
}
DAYS = st.integers(0, 364).map(lambda number: day(number).isoformat())
DETAILS = {
    "partner": st.none() | FREE_TEXT,
    "intervention_type": st.none() | CHOICES["intervention_type"],
    "funding_source": st.none() | CHOICES["funding_source"],
    "budget_rp": st.none() | st.integers(0, 10**12).map(str),
    "planned_quarter": st.none() | st.sampled_from(["2022-Q1", "2023-Q4"]),
    "document": st.none() | FREE_TEXT,
    "note": st.none() | FREE_TEXT,
}
REASON = st.just("sebab")
ONWARD = st.fixed_dictionaries({"onward": st.integers(1, 9), "change_reason": REASON}, optional=DETAILS)
CORRECTED = st.fixed_dictionaries({"change_reason": REASON}, optional=DETAILS | {"evidence": FREE_TEXT, "since": DAYS})
ANYTHING = st.fixed_dictionaries(
    {},
    optional=DETAILS
    | {
        "stage": CHOICES["stage"],
        "since": DAYS,
        "handled_on": st.none() | DAYS,
        "evidence": st.none() | FREE_TEXT,
        "change_reason": REASON,
    },
)
PAST = st.lists(
    st.builds(
        lambda upto, village, partner: [
            event(kind, 12 * place, village, **({"partner": partner, "budget_rp": 5e8} if kind in ("assigned", "reopened") else {}))
            for place, kind in enumerate([*MAIN_LINE, "reopened", "proposed", "verified"][:upto])
        ],
        st.integers(1, 12), st.sampled_from(VILLAGES), st.sampled_from(["Telkom", "BAKTI"]),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PAST, st.lists(st.tuples(st.integers(0, 5), ONWARD | CORRECTED | ANYTHING), min_size=1, max_size=4))
def test_what_was_typed_is_what_is_recorded(past, edits):
    now = Clock(NOW)
    with Ledger.open(":memory:", origin="dinas", clock=now) as ledger:
        for one in (one for line in past for one in line):
            try:
                ledger.append(one)
            except LedgerError:
                continue
        book = Book(ledger)
        rows = len(book.tables["cases"])
        if not rows:
            return
        before = _cells(ledger)
        for at, cells in edits:
            book.edit(at % rows, **_legal(before[book.tables["cases"]["Kasus"].iloc[at % rows]], **cells))
        plan = book.plan(ledger)
        assert plan.rows_in == plan.rows_new + plan.unchanged + plan.rows_rejected
        now.now += dt.timedelta(hours=1)
        assert len(ledger.append(plan.new_events)) == len(plan.new_events)  # the ledger takes what the plan promises
        after = _cells(ledger)
        accepted = {book.tables["cases"]["Kasus"].iloc[row - 2] for _, row in plan.origins}
        for case_id, cells in after.items():
            row = book.tables["cases"].set_index("Kasus").loc[case_id]
            for column in CASES.columns:
                if column.key == "change_reason" or column.locked:
                    continue
                typed, _ = read_cell(column, row.get(column.heading.id, case_id))
                held = None if pd.isna(cells[column.key]) else cells[column.key]
                if case_id not in accepted:
                    was = before[case_id][column.key]
                    assert held == (None if pd.isna(was) else was)
                elif not _follows(column.key, row, cells):
                    assert held == typed, (case_id, column.key)
        again = book.plan(ledger)
        assert again.new_events == ()
        assert again.rows_rejected == plan.rows_rejected


def _legal(was, *, onward=None, **cells):
    """Turn "one stage onward" into a stage and day that the workflow allows, so that many edits are accepted."""
    if onward is None:
        return cells
    following = NEXT[was["stage"]]
    since = dt.date.fromisoformat(was["since"]) + dt.timedelta(days=onward)
    return {"evidence": "BA", "change_reason": "sebab"} | cells | {
        "stage": following[onward % len(following)], "since": since.isoformat()
    }  # fmt: skip


def _follows(key, row, cells):
    """Tell whether a cell follows from another one, so that leaving it as it was says nothing."""
    if cells["stage"] == "reopened" and key in VOIDED:
        return True
    return cells["stage"] == "handled" and key in ("since", "handled_on")

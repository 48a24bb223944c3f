from __future__ import annotations

import zipfile

import openpyxl
import pytest

from blankspot.out.templates import TEMPLATES, choice_words, heading, write_templates
from blankspot.schema import INSTRUCTION_SHEETS, TABLES
from blankspot.sources.files import Member
from blankspot.sources.formats import sheet_names
from blankspot.sources.indicators import read_indicators
from blankspot.sources.measurements import read_measurements
from blankspot.sources.records import (
    read_facilities,
    read_internet_points,
    read_podes,
    read_proposals,
    read_reports,
)
from blankspot.sources.sites import read_sites
from blankspot.sources.tables import read_table, to_schema

READERS = {
    "titik_ukur.xlsx": read_measurements,
    "menara.xlsx": read_sites,
    "podes.xlsx": read_podes,
    "laporan_warga.xlsx": read_reports,
    "fasilitas_publik.xlsx": read_facilities,
    "titik_internet.xlsx": read_internet_points,
    "usulan.xlsx": read_proposals,
    "indikator.xlsx": read_indicators,
}


def _columns(schema):
    return [
        name
        for name, column in schema.columns.items()
        if column.metadata["kind"] != "geometry" and name != "source_row"
    ]


def _fill(path, lang="id"):
    """Type the example row of every sheet, choosing the drop-downs' words, as a planner would."""
    book = openpyxl.load_workbook(path)
    for sheet, table in zip(book.worksheets, TEMPLATES[path.name], strict=False):
        schema = TABLES[table]
        for at, name in enumerate(_columns(schema), start=1):
            assert sheet.cell(1, at).value == heading(schema, name, lang)
            meta = schema.columns[name].metadata
            words = choice_words(name, meta["choices"], lang)
            example = meta["example"]
            sheet.cell(2, at).value = (
                words[meta["choices"].index(example)] if example in meta["choices"] else example or None
            )
    book.save(path)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_template_filled_in_is_read_back(tmp_path, lang):
    written = write_templates(tmp_path, lang=lang)
    assert [path.name for path in written] == list(TEMPLATES)
    for path in written:
        _fill(path, lang)
    for name, reader in READERS.items():
        checked = reader(tmp_path / name)
        assert len(checked.accepted) == 1, (name, checked.rejects["message"].tolist())
        assert (checked.rejects["severity"] == "rejected").sum() == 0
        schema = TABLES[TEMPLATES[name][0]]
        for column in _columns(schema):
            meta = schema.columns[column].metadata
            if meta["choices"] and meta["example"]:
                assert checked.accepted[column].tolist() == [meta["example"]]
    sites = read_sites(tmp_path / "menara.xlsx")
    assert sites.extra["services"]["site_id"].tolist() == ["ARN001"]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_handling_list_has_the_columns_of_the_ledger(tmp_path, lang):
    write_templates(tmp_path, lang=lang)
    _fill(tmp_path / "penanganan.xlsx", lang)
    read = to_schema(read_table(tmp_path / "penanganan.xlsx"), TABLES["handling"])
    assert [name for name in read.columns if not name.startswith("source_")] == list(TABLES["handling"].columns)
    assert read["happened_on"].tolist() == ["2022-11-14"]


def test_an_unfilled_template_says_that_it_is_empty(tmp_path):
    write_templates(tmp_path)
    with pytest.raises(ValueError, match="single row"):
        read_podes(tmp_path / "podes.xlsx")


def test_a_template_that_exists_is_left_alone(tmp_path):
    (tmp_path / "podes.xlsx").write_text("filled in")
    written = write_templates(tmp_path)
    assert len(written) == len(TEMPLATES) - 1
    assert (tmp_path / "podes.xlsx").read_text() == "filled in"
    assert write_templates(tmp_path) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_codes_are_text_headings_frozen_and_choices_listed(tmp_path, name):
    write_templates(tmp_path)
    book = openpyxl.load_workbook(tmp_path / name)
    assert tuple(book.sheetnames[-2:]) == INSTRUCTION_SHEETS
    for sheet, table in zip(book.worksheets, TEMPLATES[name], strict=False):
        schema = TABLES[table]
        assert sheet.title == schema.title
        assert sheet.freeze_panes == "A2"
        assert sheet.max_row == 1
        checked = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for at, column in enumerate(_columns(schema), start=1):
            letter = openpyxl.utils.get_column_letter(at)
            meta = schema.columns[column].metadata
            style = next(one for one in sheet.column_dimensions.values() if one.min <= at <= one.max)
            if meta["kind"] in ("code", "text"):
                assert style.number_format == "@"
            rule = checked.get(f"{letter}2")
            if meta["choices"] or meta["kind"] == "flag":
                assert rule.type == "list"
                assert rule.formula1.startswith("Pilihan!")
            elif meta["kind"] in ("date", "time"):
                assert rule.type == "date"
            elif meta["kind"] in ("number", "integer"):
                assert rule.type in ("decimal", "whole")
            assert style.width >= 12


def test_every_column_has_an_instruction(tmp_path):
    write_templates(tmp_path)
    for name, tables in TEMPLATES.items():
        rows = list(openpyxl.load_workbook(tmp_path / name)["Petunjuk"].iter_rows(values_only=True))
        told = {(row[0], row[1]): row for row in rows}
        for table in tables:
            schema = TABLES[table]
            for column in _columns(schema):
                row = told[schema.title, heading(schema, column)]
                assert row[4]
                assert bool(row[2]) == (not schema.columns[column].nullable)


def test_the_same_template_has_the_same_bytes(tmp_path):
    for folder in ("a", "b"):
        write_templates(tmp_path / folder)
    for name in TEMPLATES:
        one, two = (zipfile.ZipFile(tmp_path / folder / name) for folder in ("a", "b"))
        with one, two:
            assert {entry: one.read(entry) for entry in one.namelist()} == {
                entry: two.read(entry) for entry in two.namelist()
            }


def test_instructions_are_no_data(tmp_path):
    write_templates(tmp_path)
    path = tmp_path / "menara.xlsx"
    assert sheet_names(Member(name="x", path=path, suffix=".xlsx")) == ["Menara", "Layanan menara"]

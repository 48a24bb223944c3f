"""The whole report: what stands in front, that everything has a definition and a day, and that languages and machines agree."""

from __future__ import annotations

import datetime as dt
import json

import offices
import pytest

from blankspot.out.reports import assemble, of_day, to_plain, write_html, write_workbook
from blankspot.out.reports.model import Chart, Share, Table

DAY = dt.date(2022, 6, 1)


def sixty(**rest):
    events = [offices.target(number) for number in range(60)]
    events += [offices.move("handled", number, DAY, partner="Telkom", budget_rp=10) for number in range(43)]
    events += [offices.on_case("money", 0, DAY, amount_rp=43)]
    return offices.data(["none"] * 30 + ["unknown"] * 30, events, **rest)


def tables(document):
    return document.tables()


def headline(document, key):
    return next(one for one in document.headlines if one.key == key)


def test_the_headline_is_43_of_60():
    document = assemble(sixty())
    assert headline(document, "progress").figure == Share(43, 60)
    assert headline(document, "progress").figure.text() == "71,67 %"
    assert headline(document, "progress").figure.text(0) == "72 %"
    assert headline(document, "remaining").figure == 17
    assert headline(document, "unknown").figure == Share(30, 60)
    assert headline(document, "money").figure == Share(43, 430)


def test_997_less_492_leaves_505():
    events = [offices.target(number) for number in range(997)]
    events += [offices.move("handled", number, DAY) for number in range(492)]
    document = assemble(offices.data(["none"] * 3, events))
    assert headline(document, "remaining").figure == 505
    assert "997 − 492" in headline(document, "remaining").definition.id
    for key in ("partners", "roles", "regencies", "districts", "funding"):
        total = next(table for table in tables(document) if table.key == key).total
        assert (total["target"], total["done"], total["open"]) == (997, 492, 505)


def test_everything_has_its_definition_and_its_day():
    document = assemble(sixty())
    for headline_ in document.headlines:
        assert headline_.definition.id
        assert headline_.definition.en
        assert headline_.as_of == offices.AS_OF
    for section in document.sections:
        assert section.lead.id
        for item in section.items:
            assert item.definition.id
            assert item.definition.en
            assert item.as_of == offices.AS_OF
            table = item.table if isinstance(item, Chart) else item
            assert isinstance(table, Table)
            assert table.empty.id
            assert table.title.id != table.title.en or table.title.id in ("", "Podes")


def test_every_cell_belongs_to_a_column_of_its_kind():
    for table in tables(assemble(sixty())):
        keys = [column.key for column in table.columns]
        assert len(keys) == len(set(keys)), table.key
        for row in table.rows:
            for column in table.columns:
                cell = row.get(column.key)
                shown = column.say(cell)
                assert "nan" not in shown.lower().split(), (table.key, column.key)
                assert column.kind != "percent" or cell is None or isinstance(cell, Share), (table.key, column.key)


def test_keys_of_tables_are_unique_so_that_a_reader_finds_them():
    keys = [table.key for table in tables(assemble(sixty()))]
    assert len(keys) == len(set(keys))


def test_what_a_reader_had_before_is_still_there():
    keys = {table.key for table in tables(assemble(sixty()))}
    assert {"classes", "class_districts", "stages", "gaps", "villages", "village_details", "cases", "evidence"} <= keys
    assert assemble(sixty()).provenance.title == "Kabupaten Uji"


def test_a_period_that_has_not_ended_is_said():
    notes = assemble(sixty(period="2022-Q4")).notes
    assert "TW IV 2022 berakhir 31 Desember 2022; datanya baru sampai 26 Desember 2022." in [note.id for note in notes]
    assert not any("berakhir" in note.id for note in assemble(sixty(period="2022-Q3")).notes)


def test_the_rule_of_the_list_is_said_with_its_document():
    rule = offices.about(
        "target_rule", "target:2022", offices.LISTED, year=2022, rule="mobile_verified", document="SK-7"
    )
    document = assemble(offices.data(["none"], [offices.target(0), rule]))
    assert any("(SK-7)" in note.id and "terverifikasi pascapenanganan" in note.id for note in document.notes)
    assert all("None" not in note.id for note in document.notes)


def test_in_the_period_and_cumulative_are_two_figures():
    document = assemble(sixty(period="2022-Q4"))
    assert (headline(document, "within").figure, headline(document, "progress").figure.numerator) == (0, 43)
    assert headline(assemble(sixty(period="2022-Q2")), "within").figure == 43


def test_conflicts_are_listed_where_there_are_any():
    assert "conflicts" not in {table.key for table in tables(assemble(sixty()))}
    one, other = (offices.bs.Ledger.open(":memory:", origin=name, clock=lambda: offices.NOW) for name in ("a", "b"))
    one.append([offices.target(0), offices.move("assigned", 0, DAY, partner="Telkom")])
    other.append([offices.move("assigned", 0, DAY, partner="BAKTI")])
    one.merge(other)
    document = assemble(offices.data(["none"], ledger=one))
    table = next(table for table in tables(document) if table.key == "conflicts")
    assert table.rows
    assert any("belum diputuskan" in note.id for note in document.notes)


def test_machines_get_numerators_and_denominators():
    plain = to_plain(assemble(sixty()))
    assert json.loads(json.dumps(plain)) == plain
    assert plain["headlines"][0]["figure"] == {"numerator": 43, "denominator": 60}
    partners = next(one for section in plain["sections"] for one in section["tables"] if one["key"] == "partners")
    assert partners["total"]["share"] == {"numerator": 43, "denominator": 60}
    assert to_plain(assemble(sixty()), lang="en")["sections"][0]["title"] == "Summary"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_page_and_workbook_take_it(tmp_path, lang):
    document = assemble(sixty())
    assert "43" in write_html(tmp_path / "r.html", document, lang=lang).read_text(encoding="utf-8")
    assert write_workbook(tmp_path / "r.xlsx", document, lang=lang).stat().st_size > 0


def test_an_office_with_nothing_yet_still_has_a_report(tmp_path):
    document = assemble(offices.data(["unknown"], period=of_day(offices.AS_OF)))
    assert [one.key for one in document.headlines] == ["blankspot", "unknown"]
    write_html(tmp_path / "r.html", document)
    write_workbook(tmp_path / "r.xlsx", document)

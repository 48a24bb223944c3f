from __future__ import annotations

import csv
import io
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from blankspot.errors import SourceError
from blankspot.schema import TABLES
from blankspot.sources.delimited import read_delimited
from blankspot.sources.records import read_podes
from blankspot.sources.tables import fold_heading, read_table, read_tables, recognise, to_schema

PODES = TABLES["podes"]


def _file(tmp_path, data: bytes | str, name: str = "a.csv"):
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings_are_found_out(tmp_path, delimiter, encoding):
    text = f"kode{delimiter}nama\r\n32.10{delimiter}Café\r\n007{delimiter}\r\n"
    frame = read_table(_file(tmp_path, text.encode(encoding)))
    assert frame["kode"].tolist() == ["32.10", "007"]
    assert frame["nama"].iloc[0] == "Café"
    assert pd.isna(frame["nama"].iloc[1])
    assert frame["source_row"].tolist() == [2, 3]
    assert frame["source_file"].tolist() == ["a.csv", "a.csv"]


def test_mixed_encodings_are_refused_with_the_line(tmp_path):
    data = "nama\nCafé\n".encode() + "Café\n".encode("cp1252")
    with pytest.raises(SourceError, match="line 3"):
        read_table(_file(tmp_path, data))


def test_binary_is_not_text(tmp_path):
    with pytest.raises(SourceError, match="not text"):
        read_table(_file(tmp_path, b"a,b\n\x00\x01,2\n"))


def test_a_workbook_called_csv_is_refused(tmp_path):
    with pytest.raises(SourceError, match="Excel"):
        read_table(_file(tmp_path, b"PK\x03\x04rest"))


def test_a_csv_called_xlsx_is_refused(tmp_path):
    with pytest.raises(SourceError, match=r"a\.xlsx cannot be read"):
        read_table(_file(tmp_path, "a,b\n1,2\n", "a.xlsx"))


@pytest.mark.parametrize("name", ["a.parquet", "a.gpkg", "a.geojson"])
def test_text_under_other_endings_is_refused(tmp_path, name):
    with pytest.raises(SourceError, match="cannot be read"):
        read_table(_file(tmp_path, "a,b\n1,2\n", name))


def test_headings_without_rows_are_refused(tmp_path):
    with pytest.raises(SourceError, match="single row"):
        read_table(_file(tmp_path, "a,b\n"))


def test_one_empty_file_among_others_is_named_and_left_aside(tmp_path):
    tables, empty = read_tables(
        [_file(tmp_path, "a,b\n1,2\n"), _file(tmp_path, "a,b\n", "b.csv"), _file(tmp_path, "x\n1\n", "c.csv")]
    )
    assert len(tables) == 2
    assert empty == ["b.csv"]


def test_lines_are_counted_as_an_editor_does(tmp_path):
    frame = read_table(_file(tmp_path, 'a,b\n1,"two\nlines"\n\n2,x\n'))
    assert frame["source_row"].tolist() == [2, 5]
    assert frame["b"].tolist() == ["two\nlines", "x"]


def test_old_macintosh_line_ends(tmp_path):
    assert read_table(_file(tmp_path, "a,b\r1,2\r3,4\r"))["b"].tolist() == ["2", "4"]


def test_rows_longer_than_the_headings_are_marked(tmp_path):
    frame = read_table(_file(tmp_path, "a,b\n1,2\n3,4,5,6\n7,8,\n"))
    assert frame["source_surplus"].fillna("").tolist() == ["", "5|6", ""]
    assert frame["b"].tolist() == ["2", "4", "8"]


def test_long_rows_far_down_are_found_too(tmp_path):
    rows = "".join(f"{i},x\n" for i in range(100))
    frame = read_table(_file(tmp_path, "a,b\n" + rows + "9,x,extra\n"))
    assert frame["source_surplus"].notna().sum() == 1
    assert frame["source_row"].iloc[-1] == 102


def test_an_unclosed_quotation_mark_is_refused_with_its_line(tmp_path):
    with pytest.raises(SourceError, match="line 3"):
        read_table(_file(tmp_path, 'a,b\n1,2\n3,"x\n4,5\n'))


def test_a_quotation_mark_that_swallows_the_file_is_refused(tmp_path):
    rows = "".join(f"{i},x\n" for i in range(200))
    with pytest.raises(SourceError, match="line 2"):
        read_table(_file(tmp_path, 'a,b\n1,"x\n' + rows + '2,y"\n'))


def test_quotation_marks_inside_a_cell_do_no_harm(tmp_path):
    assert read_table(_file(tmp_path, 'a,b\n1,DSN "A" III\n'))["b"].tolist() == ['DSN "A" III']


def test_titles_above_the_headings_are_passed_over(tmp_path):
    frame = read_table(_file(tmp_path, "DATA MENARA 2022,,\n\nnama,lon,lat\nA,107.1,-6.9\n"))
    assert frame["nama"].tolist() == ["A"]
    assert frame["source_row"].tolist() == [4]


def test_repeated_and_missing_headings_get_names_of_their_own(tmp_path):
    frame = read_table(_file(tmp_path, "a,a,,b\n1,2,3,4\n"))
    assert list(frame.columns)[:4] == ["a", "a (2)", "column_3", "b"]


def test_formula_text_stays_text(tmp_path):
    frame = read_table(_file(tmp_path, 'a,b\n=1+1,"=HYPERLINK(""x"")"\n'))
    assert frame.loc[0, ["a", "b"]].tolist() == ["=1+1", '=HYPERLINK("x")']


def _book(tmp_path, rows, title="Data", extra=()):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name in extra:
        book.create_sheet(name).append(["petunjuk", "x"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_spreadsheet_cells_are_the_texts_people_see(tmp_path):
    path = _book(
        tmp_path,
        [
            ["kode", "angka", "waktu", "ya", "rumus"],
            ["32.10", 2.5, pd.Timestamp("2022-12-26 09:30"), True, "=1+1"],
            [None] * 5,
            [7, 3.0, None, None, None],
        ],
    )
    frame = read_table(path)
    assert frame.iloc[0, :5].tolist() == ["32.10", "2.5", "2022-12-26 09:30:00", "True", "=1+1"]
    assert frame.iloc[1, :2].tolist() == ["7", "3"]
    assert frame["source_row"].tolist() == [2, 4]


def test_damaged_workbooks_are_refused(tmp_path):
    path = _book(tmp_path, [["a", "b"], [1, 2]])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="cannot be read"):
        read_table(path)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive, zipfile.ZipFile(path, "w") as broken:
        for name in archive.namelist():
            data = archive.read(name)
            broken.writestr(name, data[: len(data) // 2] if name.endswith("sheet1.xml") else data)
    with pytest.raises(SourceError, match="cannot be read"):
        read_table(path)


def test_instruction_sheets_are_not_data(tmp_path):
    path = _book(tmp_path, [["a", "b"], [1, 2]], extra=["Petunjuk", "Pilihan"])
    book = openpyxl.load_workbook(path)
    book.move_sheet("Petunjuk", -1)
    book.save(path)
    assert read_table(path)["a"].tolist() == ["1"]
    assert read_table(path, sheet="DATA")["a"].tolist() == ["1"]
    with pytest.raises(SourceError, match="it has: Petunjuk, Data, Pilihan"):
        read_table(path, sheet="Lain")


def test_a_workbook_of_several_sheets_says_which_were_not_read(tmp_path):
    path = _book(tmp_path, [["REKAP"]], title="Rekap", extra=["Kec. A", "Kec. B"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Sheet4").append([" "])
    book.save(path)
    with pytest.raises(SourceError) as caught:
        read_table(path)
    assert 'lembar lain: Kec. A, Kec. B. Sebutkan lembarnya, misalnya sheet = "Kec. A"' in caught.value.say("id")
    assert read_table(path, sheet="Kec. B", empty_ok=True).attrs["unread_sheets"] == ()


def test_unread_sheets_are_named_beside_missing_columns_and_in_the_remarks(tmp_path):
    path = _book(tmp_path, [["Kode desa", "Tahun", "Sinyal"], ["32.04.05.2001", 2021, "Kuat"]], extra=["Arsip"])
    frame = read_table(path)
    with pytest.raises(SourceError, match='Name the sheet, such as sheet = "Arsip"'):
        to_schema(frame, TABLES["proposals"])
    noted = read_podes(path).rejects
    assert noted[["rule", "value", "severity"]].to_numpy().tolist() == [["sheets_not_read", "Arsip", "noted"]]
    with pytest.raises(SourceError, match="single row"):
        read_podes(path, sheet="Arsip")


def test_cells_of_spaces_are_empty(tmp_path):
    path = _book(tmp_path, [["a", "b"], [1, 2], [" ", None], ["\u00a0", "  "]])
    assert len(read_table(path)) == 1
    for text in ("a,b\n1,2\n , \n\u00a0,\n", 'a,b\n1,"x\ny"\n , \n'):
        assert len(read_table(_file(tmp_path, text))) == 1


def test_parquet_and_layers_give_texts_and_points(tmp_path):
    frame = gpd.GeoDataFrame(
        {"kode": ["32.10", None], "n": [1.0, 2.5], "hari": pd.to_datetime(["2022-12-26", None], utc=True)},
        geometry=[Point(107.5, -6.9), None],
        crs="EPSG:4326",
    )
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_crs(32748).to_file(tmp_path / "a.gpkg")
    for name in ("a.parquet", "a.gpkg"):
        read = read_table(tmp_path / name)
        assert read["kode"].fillna("").tolist() == ["32.10", ""]
        assert read["n"].tolist() == ["1", "2.5"]
        assert float(read["lon"].iloc[0]) == pytest.approx(107.5, abs=1e-6)
        assert pd.isna(read["lat"].iloc[1])
        assert read["hari"].iloc[0].startswith("2022-12-26T00:00:00")
        assert read["source_row"].tolist() == [1, 2]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_layer_without_crs_is_refused(tmp_path):
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)]).to_file(tmp_path / "a.shp")
    with pytest.raises(SourceError, match="coordinate system"):
        read_table(tmp_path / "a.shp")


def test_a_layer_without_features_is_refused(tmp_path):
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)], crs=4326).iloc[:0].to_file(tmp_path / "a.gpkg")
    with pytest.raises(SourceError, match="single row"):
        read_table(tmp_path / "a.gpkg")


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.lists(
            st.text(
                st.characters(
                    codec="utf-8",
                    exclude_characters="\ufeff",
                    exclude_categories=["Cs", "Cc"],
                    include_characters="\n\t\x07\x1b",
                ),
                max_size=6,
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=30,
    )
)
def test_what_a_csv_writer_wrote_is_read_back(rows):
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["aa", "bb", "cc"], *rows])
    frame, lines = read_delimited(buffer.getvalue().encode(), "x")
    bare = [["" if cell.isspace() else cell for cell in row] for row in rows]
    kept = [row for row in bare if any(row)]
    assert frame.iloc[1:].fillna("").to_numpy().tolist() == kept
    assert len(lines) == len(kept) + 1


def test_headings_are_recognised_by_name_heading_and_alias(tmp_path):
    frame = read_table(_file(tmp_path, "Kode Desa *,TAHUN,Sinyal HP,lain\n32.04.05.2001,2021,weak,x\n"))
    read = to_schema(frame, PODES, aliases={"signal": ("sinyal hp",)})
    assert list(read.columns) == ["village_code", "year", "signal", "source_file", "source_row"]


def test_our_own_name_wins_over_a_likeness(tmp_path):
    found = ["Tahun", "year", "kode desa", "signal"]
    assert recognise(found, PODES)["year"] == "year"


def test_mapping_and_constants(tmp_path):
    frame = read_table(_file(tmp_path, "k,s\n32.04.05.2001,weak\n"))
    read = to_schema(frame, PODES, mapping={"village_code": "k", "signal": "s", "year": "=2021"})
    assert read["year"].tolist() == ["2021"]


def test_a_missing_column_names_what_was_found_and_what_is_near(tmp_path):
    frame = read_table(_file(tmp_path, "kode_dessa,tahun,kekuatan sinyal\n32.04.05.2001,2021,weak\n"))
    with pytest.raises(SourceError) as caught:
        to_schema(frame, PODES)
    assert "village_code (Kode desa)" in str(caught.value)
    assert "kode_dessa, tahun, kekuatan sinyal" in str(caught.value)
    assert "erhaps 'kode_dessa' is village_code" in str(caught.value)
    assert "ungkin 'kode_dessa'" in caught.value.say("id")


@pytest.mark.parametrize("mapping", [{"year": "Tahun data"}, {"yeaar": "tahun"}])
def test_a_wrong_mapping_is_refused(tmp_path, mapping):
    frame = read_table(_file(tmp_path, "kode desa,tahun,signal\n32.04.05.2001,2021,weak\n"))
    with pytest.raises(SourceError, match=r"tahun|year"):
        to_schema(frame, PODES, mapping=mapping)


def test_headings_fold_without_unit_star_and_case():
    assert fold_heading("Akurasi (m) *") == fold_heading("AKURASI") == "akurasi"
    assert fold_heading("(m)") == "m"

"""The page says what the document says, in either language, whole or with the sheet that has the rest, and text stays text."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import documents
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import OutputError
from blankspot.out.reports.html import css_text, write_html
from blankspot.out.reports.layout import chapters, counted_beside, fit
from blankspot.out.reports.model import Section, Share
from blankspot.words import Text

NBSP = "\N{NO-BREAK SPACE}"


class Page(HTMLParser):
    """What a page is made of: tags with attributes, headings in order, ids, and every table as rows of texts."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.headings, self.ids, self.tables, self.text = [], [], [], [], ""
        self._open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.headings += [[tag, ""]] if re.fullmatch("h[1-6]", tag) else []
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        self._open.append(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" in self._open:
            return
        self.text += data
        if self.headings and self.headings[-1][0] in self._open:
            self.headings[-1][1] += data
        if self._open and self._open[-1] in ("td", "th", "small"):
            self.tables[-1][-1][-1] += ("|" if self._open[-1] == "small" else "") + data


def one(*items, **rest):
    return documents.calm(Section(key="s", title=Text("Bab", "Chapter"), lead=Text("", ""), items=items), **rest)


@pytest.fixture
def read(tmp_path):
    def write_and_read(document, **options):
        return Page(write_html(tmp_path / "r.html", document, **options).read_text(encoding="utf-8"))

    return write_and_read


def test_holds_no_script_asks_for_nothing_and_says_its_language(read):
    page = read(documents.calm())
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "input"}
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert dict(page.tags)["html"] == {"lang": "id"}
    assert dict(read(documents.calm(), lang="en").tags)["html"] == {"lang": "en"}
    outside = [
        attrs for _, attrs in page.tags if any("//" in (value or "") for key, value in attrs.items() if key != "xmlns")
    ]
    assert outside == []


def test_headings_descend_one_by_one_and_every_link_has_its_place(read):
    page = read(documents.calm())
    levels = [int(tag[1]) for tag, _ in page.headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(page.ids) == len(set(page.ids))
    links = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert links <= {f"#{name}" for name in page.ids}
    assert {f"#{name}" for name in page.ids if re.fullmatch(r"(tabel-\d+-\d+|bab-\d+|isi|sumber)", name)} <= links
    titles = [" ".join(text.split()) for _, text in page.headings]
    assert titles[0] == "Laporan penanganan desa blankspot"
    assert titles[2:5] == [
        "1 Capaian terhadap target",
        "1.1 Target dan realisasi kumulatif",
        "1.2 Capaian menurut mitra",
    ]


def test_tables_have_captions_scopes_and_a_row_name(read):
    page = read(documents.calm())
    assert sum(tag == "caption" for tag, _ in page.tags) == len(page.tables)
    assert all(attrs.get("scope") in ("row", "col", "colgroup") for tag, attrs in page.tags if tag == "th")
    regions = [attrs for _, attrs in page.tags if attrs.get("role") == "region"]
    assert all(attrs["tabindex"] == "0" and attrs["aria-labelledby"] in page.ids for attrs in regions)


def test_every_figure_stands_with_its_day_and_definition(read):
    page = read(documents.calm())
    for said in (
        "43 dari 60", "71,67", "36 dari 34", "105,88", "505 desa", "Rp2,6 miliar", "Rp2.600.000.000", "Data per 26 Desember 2022",
        "tercatat sampai dengan 31 Desember 2022", "Triwulan IV belum berakhir pada tanggal data.", "bawaan-2026 (1f2e3d4c)",
    ):  # fmt: skip
        assert said in " ".join(page.text.replace(NBSP, " ").split())
    assert page.text.count("Desa dalam daftar target 2022 menurut statusnya pada hari itu.") == 4 + 7
    english = " ".join(read(documents.calm(), lang="en").text.replace(NBSP, " ").split())
    assert "43 of 60 desa 71.67 %" in english
    assert "Data as of 26 December 2022" in english


def test_percent_shows_its_parts_beside_or_beneath(read):
    page = read(one(documents.partners()))
    rows = page.tables[0]
    assert rows[0] == ["Mitra", "Target", "Realisasi", "Capaian", "Penyerapan"]
    assert rows[1] == ["Telkomsel", "30", "24", f"80,00{NBSP}%", f"2,35{NBSP}%|61.000.000 / 2.600.000.000"]
    assert rows[4] == ["Belum ada mitra", "0", "0", "–", f"0,00{NBSP}%|0 / 2.600.000.000"]
    assert rows[5] == ["Jumlah", "60", "43", f"71,67{NBSP}%", f"0,97{NBSP}%|101.000.000 / 10.400.000.000"]


def test_parts_count_as_beside_only_where_every_row_has_them():
    table = documents.partners()
    assert counted_beside(table) == {"share"}
    changed = replace(table, rows=({**table.rows[0], "share": Share(24, 31)}, *table.rows[1:]))
    assert counted_beside(changed) == frozenset()
    assert counted_beside(replace(table, rows=(), total=None)) == frozenset()


def test_columns_that_share_a_heading_stand_under_it(read):
    heads = read(one(documents.e81())).tables[0][:2]
    assert heads[0][4:6] == ["Target tahun 2022", "Realisasi TW I"]
    assert heads[1] == ["K", "Rp"] * 7
    assert read(one(documents.e81())).tables[0][2][5] == "12.345.678.900", "the head says Rp already"


def test_empty_table_says_so_in_words(read):
    page = read(one(documents.table("none", title=Text("Titik layanan", "Points"))))
    assert "Tidak ada baris." in page.text
    assert len(page.tables) == 1, "only the files read"


def test_long_list_says_where_all_of_it_is(read, tmp_path):
    document = one(documents.villages(5_000), documents.villages(70, key="short"))
    page = read(document)
    assert len(page.tables[0]) == 1 + 300
    assert len(page.tables[1]) == 1 + 70
    sheet = chapters(document, lang="id")[0].places[0].sheet
    text = " ".join(page.text.split())
    assert f"300 dari 5.000 baris; selengkapnya pada buku kerja (XLSX), lembar {sheet}" in text
    printed = sum(tag == "tr" and "rest" not in attrs.get("class", "") for tag, attrs in page.tags)
    assert printed < 150
    assert (tmp_path / "r.html").stat().st_size < 1_000_000
    whole = read(document, rows_shown=10_000, lines_printed=10_000)
    assert len(whole.tables[0]) == 1 + 5_000
    assert (tmp_path / "r.html").stat().st_size < 3_000_000
    assert "buku kerja" not in whole.text


def test_list_for_the_workbook_only_is_named(read):
    page = read(one(documents.villages(7, in_page=False)))
    assert "Daftar ini (7 baris) ada pada buku kerja (XLSX), lembar 1.1 Desa blankspot 4G." in " ".join(
        page.text.split()
    )
    assert len(page.tables) == 1


def test_class_of_signal_has_its_pattern_only_where_it_is_named(read):
    page = read(one(documents.villages(4)))
    assert sum(attrs.get("class") == "look" for _, attrs in page.tags) == 4
    rows = [{**row, "status": None} for row in documents.villages(4).rows]
    page = read(one(replace(documents.villages(4), rows=tuple(rows))))
    assert not any(attrs.get("class") == "look" for _, attrs in page.tags)


def test_marked_rows_are_marked(read):
    rows = [{"name": "a", "mark": "overdue"}, {"name": "b", "mark": "warning"}, {"name": "c", "mark": '"><b>'}]
    classes = [attrs.get("class") for tag, attrs in read(one(documents.table(rows=rows))).tags if tag == "tr"]
    assert classes[1:4] == ["overdue", "warning", None]


def test_hostile_text_is_text(read, tmp_path):
    page = read(documents.hostile())
    for text in documents.HOSTILE:
        assert text in page.text
    raw = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in raw
    assert "<img" not in raw
    assert raw.count("</style>") == 1
    styles = raw.partition("<style>")[2].partition("</style>")[0]
    assert "{{" not in styles
    assert "tebal" in styles, "the running head of the print"


@given(st.text(max_size=60))
def test_text_inside_a_css_string_never_ends_it(text):
    escaped = css_text(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9]|\\[0-9a-f]{1,6} )*", escaped)
    back = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), escaped)
    assert back == text


@settings(deadline=None, max_examples=40)
@given(texts=st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_any_text_can_be_written(texts, tmp_path_factory):
    rows = [{"name": text} for text in texts]
    path = write_html(tmp_path_factory.mktemp("any") / "r.html", one(documents.table(rows=rows), title=texts[0]))
    assert path.stat().st_size


def test_wide_form_lies_across_and_narrow_table_stands_upright():
    assert fit(documents.e81(), lang="id").across
    assert not fit(documents.partners(), lang="id").across
    assert fit(documents.villages(50), lang="id").size_pt >= 7.5
    assert fit(documents.partners(), across=True, lang="id").across


def test_chapter_turns_the_paper_once(read):
    page = read(one(documents.partners(), documents.e81(), documents.ages()))
    chapter = [attrs["class"] for tag, attrs in page.tags if tag == "section"]
    assert chapter == ["chapter across", "chapter"]


def test_sheet_names_are_short_unique_and_allowed():
    titles = ["Desa/kelurahan: [daftar] *?\\ " + "sangat panjang " * 4, "desa", "DESA", "", "'kutip'", "😀" * 40]
    tables = [documents.table(f"t{at}", title=Text(title, title)) for at, title in enumerate(titles)]
    names = [place.sheet for chapter in chapters(one(*tables), lang="id") for place in chapter.places]
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name.encode("utf-16-le")) // 2 <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert names[1:4] == ["1.2 desa", "1.3 DESA", "1.4"]


def test_a_folder_in_the_way_is_refused(tmp_path):
    with pytest.raises(OutputError):
        write_html(tmp_path, documents.calm())


def test_figures_without_known_day_or_headlines(read):
    document = replace(documents.calm(), known_on=None, notes=(), headlines=(), as_of=dt.date(2024, 2, 29))
    text = " ".join(read(document).text.split())
    assert "Data per 29 Februari 2024" in text
    assert "tercatat sampai" not in text


def test_headline_keeps_the_decimals_of_its_parts(read):
    headline = replace(documents.headlines()[0], figure=Share(2.5, 4))
    assert "2,5 dari 4" in read(replace(documents.calm(), headlines=(headline,))).text


@pytest.mark.parametrize(
    ("lang", "short", "full"),
    [
        ("id", "Rp4,8 miliar dari Rp8 miliar", "Selengkapnya Rp4.828.000.000 dari Rp8.000.000.000."),
        ("en", "Rp4.8 billion of Rp8 billion", "In full Rp4,828,000,000 of Rp8,000,000,000."),
    ],
)
def test_money_is_said_short_and_stands_in_full_below(read, lang, short, full):
    headline = replace(documents.headlines()[0], figure=Share(4_828_000_000, 8_000_000_000), kind="rupiah", unit=None)
    text = read(replace(documents.calm(), headlines=(headline,)), lang=lang).text.replace("\N{NO-BREAK SPACE}", " ")
    assert short in text
    assert full in text
    assert ("60,35 %" if lang == "id" else "60.35 %") in text


def test_a_chart_of_nothing_says_so_instead_of_drawing_it(read):
    items = (documents.funnel([], []), documents.ages((0, 0, 0, 0, 0)), documents.curve([]))
    page = read(documents.calm(Section(key="s", title=Text("Bab", "Chapter"), lead=Text("", ""), items=items)))
    assert page.text.count("Tidak ada baris.") == 3
    assert not any(tag == "figure" for tag, _ in page.tags)

"""The report in a browser: no request, no script, no overflow, an A4 print without a cut row, hostile text shown as text."""

from __future__ import annotations

import re

import documents
import pytest
from pypdf import PdfReader

import blankspot as bs
from blankspot.out.reports import of_quarter
from blankspot.out.reports.html import write_html
from blankspot.out.reports.model import Section
from blankspot.words import LANGS, Text

SIZES = ((360, 800), (1280, 900))
A4_PT = (595, 842)
PAGES_MAX = 25


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    made = {"calm": documents.calm(), "hostile": documents.hostile(), "long": documents.long(1_000)}
    return {name: write_html(folder / f"{name}.html", document) for name, document in made.items()}


@pytest.fixture
def visit(browser):
    contexts = []

    def open_page(path, size=SIZES[1]):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


def pdf_pages(page, path):
    """Print the page; return the size in points and the text of every sheet."""
    page.pdf(path=str(path), prefer_css_page_size=True)
    sheets = PdfReader(path).pages
    sizes = [(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets]
    texts = [sheet.extract_text() for sheet in sheets]
    return sizes, texts


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["calm", "hostile", "long"])
def test_opens_without_complaint_request_or_overflow(name, size, written, visit):
    page = visit(written[name], size)
    assert page.complaints == []
    assert page.requests == [written[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    hanging = page.evaluate(
        """() => [...document.querySelectorAll('main *, header *')].filter((one) => !one.closest('.scroll, .hidden, svg')
          && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((one) => one.outerHTML.slice(0, 90))"""
    )
    assert hanging == []


def test_hostile_text_is_shown_and_runs_nothing(written, visit):
    page = visit(written["hostile"])
    assert page.evaluate("window.bad") is None
    assert page.locator("script, img").count() == 0
    body = page.locator("body").inner_text()
    for text in documents.HOSTILE:
        assert text in body
    assert page.title().startswith(documents.HOSTILE[4])
    assert page.locator("body").is_visible()


def test_wide_table_scrolls_in_its_box_and_keeps_its_row_names(written, visit):
    page = visit(written["calm"], SIZES[0])
    box = page.locator(".item:has(#tabel-2-1) > .scroll")
    assert box.evaluate("(one) => one.scrollWidth > one.clientWidth")
    box.evaluate("(one) => { one.scrollLeft = 600; }")
    name, edge = box.evaluate(
        "(one) => [one.querySelector('tbody th').getBoundingClientRect().left, one.getBoundingClientRect().left]"
    )
    assert edge - 1 <= name <= edge + 2
    width = box.evaluate("(one) => one.querySelector('tbody th').getBoundingClientRect().width")
    assert width <= 0.6 * SIZES[0][0], "most of the screen is for the figures"


def test_headings_of_a_long_list_stay_in_sight(written, visit):
    page = visit(written["long"])
    box = page.locator(".tall .scroll").first
    box.evaluate("(one) => { one.scrollTop = 3000; }")
    top, edge = box.evaluate(
        "(one) => [one.querySelector('thead').getBoundingClientRect().top, one.getBoundingClientRect().top]"
    )
    assert abs(top - edge) <= 1


def test_the_drawing_fits_the_screen(written, visit):
    for size, shown, hidden in ((SIZES[0], ".narrow", ".broad"), (SIZES[1], ".broad", ".narrow")):
        page = visit(written["calm"], size)
        assert page.locator(f"{shown} svg").first.is_visible()
        assert not page.locator(f"{hidden} svg").first.is_visible()
        smallest = page.evaluate(
            "(kind) => Math.min(...[...document.querySelectorAll(kind + ' svg text')].map((text) => parseFloat(text.getAttribute('font-size')) * text.closest('svg').getBoundingClientRect().width / text.closest('svg').viewBox.baseVal.width))",
            shown,
        )
        assert smallest >= 11, "text of a chart can be read"


def test_keyboard_reaches_the_content_first_and_tables_after(written, visit):
    page = visit(written["calm"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "isi"


def test_text_has_the_contrast_of_wcag_aa(written, visit):
    low = visit(written["calm"]).evaluate(
        """() => {
          const light = (rgb) => { const [r, g, b] = rgb.match(/[\\d.]+/g).map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          return [...document.querySelectorAll('main *, header *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .map((one) => [one.textContent.slice(0, 30), 1.05 / (light(one.closest('svg') ? getComputedStyle(one).fill : getComputedStyle(one).color) + 0.05)])
            .filter(([, contrast]) => contrast < 4.5);
        }"""
    )
    assert low == []


def test_prints_on_a4_with_the_form_across(written, visit, tmp_path):
    sizes, texts = pdf_pages(visit(written["calm"]), tmp_path / "calm.pdf")
    assert set(sizes) == {A4_PT, A4_PT[::-1]}
    assert sizes[0] == A4_PT
    assert len(sizes) <= 12
    across = [text for size, text in zip(sizes, texts, strict=True) if size == A4_PT[::-1]]
    assert "Formulir E.81" in across[0]
    assert "Halaman 2 / " in texts[1]
    assert "Kabupaten Bandung" in texts[1].splitlines()[0]
    for title in ("1 Capaian terhadap target", "2 Evaluasi triwulanan", "3 Kasus yang masih terbuka"):
        bodies = [
            re.split(r"Halaman \d+ / \d+Data per 26 Desember 2022 ", re.sub(r"\s+", " ", text))[-1] for text in texts
        ]
        assert any(body.startswith(title) for body in bodies), "a chapter begins a page"


def counted(tables):
    """Return a report of tables of so many rows each, whose cells say table and row: T3R11."""
    items = [
        documents.table(f"t{at}", rows=[{"name": f"T{at}R{row}Z"} for row in range(1, rows + 1)])
        for at, rows in enumerate(tables)
    ]
    return documents.calm(Section(key="s", title=Text("Tabel", "Tables"), lead=Text("", ""), items=tuple(items)))


def test_short_tables_are_not_parted_and_long_ones_not_by_less_than_four_rows(visit, tmp_path):
    rows = (9, 12, 15, 3, 40, 15, 7, 50, 14, 46, 1, 15, 33, 11, 52, 15)
    _, texts = pdf_pages(visit(write_html(tmp_path / "r.html", counted(rows))), tmp_path / "r.pdf")
    for at, count in enumerate(rows):
        pieces = [len(re.findall(rf"T{at}R\d+Z", text)) for text in texts]
        pieces = [piece for piece in pieces if piece]
        assert sum(pieces) == count
        assert len(pieces) == 1 if count <= 15 else min(pieces) >= 4
        page = next(text for text in texts if f"T{at}R1Z" in text)
        assert f"Tabel t{at}\n" in page, "the title stands with the first rows"
        headed = [text for text in texts if f"T{at}R" in text]
        assert all("Nama" in text for text in headed), "the headings stand on each page of a list"


def test_prose_that_is_not_printed_is_said_to_be_in_the_workbook(visit, tmp_path):
    columns = (documents.column("name", "Nama", "Name"), documents.column("why", "Alasan", "Why", on_paper=False))
    item = documents.table("t", columns=columns, rows=[{"name": "Sukamaju", "why": "Alasan yang panjang"}])
    section = Section(key="s", title=Text("Daftar", "List"), lead=Text("", ""), items=(item,))
    page = visit(write_html(tmp_path / "r.html", documents.calm(section)))
    assert "Alasan yang panjang" in page.locator("tbody").first.inner_text()
    assert "pada buku kerja" not in page.locator("caption").first.inner_text()
    page.emulate_media(media="print")
    assert "Alasan yang panjang" not in page.locator("tbody").first.inner_text()
    assert "Kolom Alasan ada pada buku kerja (XLSX), lembar 1.1 Tabel t" in page.locator("caption").first.inner_text()


@pytest.mark.parametrize("name", ["calm", "hostile", "long"])
def test_no_table_is_wider_than_its_paper(name, written, visit):
    page = visit(written[name], (1280, 900))
    page.emulate_media(media="print")
    for kind, width_px in ((".chapter:not(.across)", 184 / 25.4 * 96), (".chapter.across", 271 / 25.4 * 96)):
        page.set_viewport_size({"width": int(width_px), "height": 900})
        wide = page.evaluate(
            """([kind, room]) => [...document.querySelectorAll(kind + ' table, ' + kind + ' svg')].map((one) => [one.closest('.item').querySelector('h3').textContent, one.getBoundingClientRect().width])
              .filter(([, width]) => width > room + 1)""",
            [kind, width_px],
        )
        assert wide == []


def test_printing_a_list_of_five_thousand_takes_few_pages(browser, visit, tmp_path):
    made = write_html(tmp_path / "r.html", documents.calm(Section(key="s", title=Text("Daftar", "List"), lead=Text("", ""), items=(documents.villages(5_000),))))  # fmt: skip
    sizes, texts = pdf_pages(visit(made), tmp_path / "r.pdf")
    assert len(sizes) <= 6
    assert "baris; selengkapnya pada buku kerja" in "".join(texts)


def test_paper_and_screen_say_apart_how_much_they_show(written, visit):
    page = visit(written["long"])
    assert "300 dari 1.000 baris" in page.locator("caption").first.inner_text()
    page.emulate_media(media="print")
    printed = page.locator("tbody").first.locator("tr:visible").count()
    assert f"{printed} dari 1.000 baris" in page.locator("caption").first.inner_text()


def test_figures_of_a_curve_are_printed_under_it(written, visit):
    page = visit(written["calm"])
    assert (
        not page.locator("#tabel-1-1")
        .locator("xpath=ancestor::*[contains(@class,'item')]")
        .locator("td")
        .first.is_visible()
    )
    page.emulate_media(media="print")
    cell = page.locator(".item details td").first
    assert cell.bounding_box()["height"] > 0


@pytest.fixture(scope="module")
def example(demo_made, tmp_path_factory):
    document = bs.Workspace(demo_made).report()
    return {
        lang: write_html(tmp_path_factory.mktemp("example") / f"{lang}.html", document, lang=lang) for lang in LANGS
    }


@pytest.mark.parametrize("lang", LANGS)
def test_front_page_of_a_quarter_holds_all_up_to_the_contents(lang, demo_made, visit, tmp_path):
    workspace = bs.Workspace(demo_made)
    document = workspace.report(of_quarter("2022-Q4", data_until=workspace.as_of))
    sizes, texts = pdf_pages(visit(write_html(tmp_path / "q.html", document, lang=lang)), tmp_path / "q.pdf")
    assert len(sizes) <= PAGES_MAX
    assert_front_page(texts, lang)


def assert_front_page(texts, lang):
    """Everything up to the last line of the contents stands on the first page, and the first chapter begins the second."""
    last, first = ("Sumber data dan ketentuan", "Ringkasan") if lang == "id" else ("Sources and rules", "Summary")
    assert last in texts[0]
    assert re.search(rf"^\s*1\s+{first}\s*$", texts[1], flags=re.MULTILINE)


@pytest.mark.parametrize("lang", LANGS)
def test_example_opens_on_a_phone_and_prints_in_few_pages(lang, example, visit, tmp_path):
    page = visit(example[lang], SIZES[0])
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") == SIZES[0][0]
    assert example[lang].stat().st_size < 1_000_000
    assert ("43 dari 60" if lang == "id" else "43 of 60") in page.locator(".headlines").inner_text()
    sizes, texts = pdf_pages(page, tmp_path / "example.pdf")
    assert len(sizes) <= PAGES_MAX
    assert_front_page(texts, lang)
    assert set(sizes) == {A4_PT, A4_PT[::-1]}

"""Map sheets: true to scale, complete, nothing outside the page or over each other, and the same bytes every time."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from importlib.resources import files

import geopandas as gpd
import mapworld
import matplotlib as mpl
import matplotlib.image
import numpy as np
import pypdf
import pytest
import shapely
import sheetworld

from blankspot.errors import SourceError, UsageError
from blankspot.out.letters.model import Office
from blankspot.out.palette import CONFIDENCE_TINT, OUTLINE_OF, SIGNAL_LOOK
from blankspot.out.sheets import write_district_sheets, write_sheet
from blankspot.out.sheets.legend import _marked
from blankspot.out.sheets.looks import fill_of, pattern_ink

OFFICE = Office(
    name="Dinas Komunikasi dan Informatika",
    parent="Pemerintah Kabupaten Uji",
    address="Jalan Uji 1",
    city="Uji",
    phone="(022) 123",
    email="dinas@uji.example",
)
TABLES = ("verdicts", "handling", "progress", "provenance")


def world(count: int = 40):
    """Return villages and the arguments of a sheet."""
    villages = mapworld.villages(count)
    tables = mapworld.tables(villages, readings=10)
    return villages, {name: tables[name] for name in TABLES} | {"office": OFFICE}


def text_of(path) -> str:
    """Return everything that a PDF says, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A sheet of the invented kabupaten."""
    villages, tables = world()
    return write_sheet(tmp_path_factory.mktemp("sheet") / "sheet.pdf", villages, **tables)


@pytest.mark.parametrize(
    "wanted",
    [
        "PETA STATUS SINYAL",
        "KABUPATEN UJI",
        "PROVINSI UJI",
        "Keadaan per 26 Desember 2022",
        "Skala 1:",
        "Transverse Mercator; UTM zona 48S",
        "WGS 84",
        "SRGI2013",
        "utara grid",
        "43 dari 60 desa (71,67 %) per 26 Desember 2022",
        "Blankspot",
        "Lemah atau sebagian",
        "Terlayani",
        "Belum cukup data",
        "batas.gpkg (40 baris)",
        "blankspot 0.1.0, profil ambang bawaan-2026 (1f2e3d4c)",
        "DINAS KOMUNIKASI DAN INFORMATIKA",
        "Jalan Uji 1, Uji",
        "(022) 123",
        "Kode wilayah 99.01",
        "Edisi 1 – 2022",
        "indikatif",
        "107°",
        "BT",
        "LS",
        "mT",
        "mU",
    ],
)
def test_the_sheet_says(drawn, wanted):
    assert wanted in text_of(drawn)


def test_every_page_has_its_true_size_and_says_what_it_is(drawn):
    reader = pypdf.PdfReader(drawn)
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (420, 297)
    assert reader.metadata.title == "Peta status sinyal seluler desa, Kabupaten Uji, Provinsi Uji"
    assert reader.metadata.author == "Dinas Komunikasi dan Informatika"
    assert reader.metadata.creation_date.date() == dt.date(2022, 12, 26)
    fonts = reader.pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        below = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        assert "/FontFile2" in below["/FontDescriptor"], "a font is not embedded"


def test_titles_stand_in_capitals(drawn):
    said = text_of(drawn)
    for part in ("PETA STATUS SINYAL SELULER DESA", "KABUPATEN UJI", "KETERANGAN", "RIWAYAT DATA"):
        assert part in said


def test_english(tmp_path):
    villages, tables = world(12)
    said = text_of(write_sheet(tmp_path / "a.pdf", villages, **tables, lang="en"))
    for part in ("MAP OF MOBILE SIGNAL", "Scale 1:", "43 of 60 desa (71.67 %) as of 26 December 2022", "LEGEND", "mE", "mN", "Weak or partial", "grid north"):  # fmt: skip
        assert part in said


@pytest.mark.parametrize("form", ["pdf", "png", "svg"])
def test_the_same_data_give_the_same_bytes_in_every_form(tmp_path, form):
    villages, tables = world(12)
    first, again = (write_sheet(tmp_path / f"{at}.{form}", villages, **tables, dpi=80).read_bytes() for at in range(2))
    assert first == again
    assert list(tmp_path.glob(".blankspot*")) == []


@pytest.mark.parametrize("form", ["pdf", "svg"])
def test_hostile_names_are_names(tmp_path, form):
    villages, tables = mapworld.hostile()
    kept = {name: tables[name] for name in (*TABLES, "title", "sites", "internet_points", "facilities")}
    path = write_sheet(tmp_path / f"a.{form}", villages, **kept)
    if form == "pdf":
        said = text_of(path)
        assert "${window.hacked=1}" in said
        assert "▯ Desa" in said
        assert "\u202e" not in said
    else:
        assert "<script" not in path.read_text(encoding="utf-8")
    for secret in mapworld.SECRETS:
        assert secret.encode() not in path.read_bytes()


def test_a_dollar_is_a_dollar(tmp_path):
    villages, tables = world(12)
    villages["village_name"] = "$x^2$ \\frac{a}{b} $"
    said = text_of(write_sheet(tmp_path / "a.pdf", villages, **tables))
    assert "$x^2$" in said


def test_a_readers_own_style_changes_nothing(drawn, tmp_path):
    villages, tables = world()
    with mpl.rc_context({"text.usetex": False, "lines.linewidth": 9, "pdf.fonttype": 3, "savefig.bbox": "tight"}):
        again = write_sheet(tmp_path / "sheet.pdf", villages, **tables)
    assert again.read_bytes() == drawn.read_bytes()


def test_nothing_judged_is_said(tmp_path):
    villages, _ = world(12)
    said = text_of(write_sheet(tmp_path / "a.pdf", villages))
    assert "Status sinyal belum dinilai" in said
    assert "Belum dinilai" in said
    assert "Tanggal data tidak dinyatakan" in said
    assert "Sumber tidak dinyatakan" in said


def test_villages_without_a_border_are_named(tmp_path):
    villages, tables = world(12)
    villages.loc[0, "geometry"] = None
    said = text_of(write_sheet(tmp_path / "a.pdf", villages, **tables))
    assert "1 desa tanpa batas tidak tergambar: Desa Uji 1" in said
    assert "Jumlah 12 100,00 %" in said


@pytest.mark.parametrize("villages", [mapworld.villages(12).iloc[:0], mapworld.villages(12).assign(geometry=None)])
def test_nothing_to_draw_is_refused(tmp_path, villages):
    frame = gpd.GeoDataFrame(villages, geometry="geometry", crs=4326)
    with pytest.raises(UsageError, match="nothing to draw"):
        write_sheet(tmp_path / "a.pdf", frame)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"paper": "B5"}, "B5"),
        ({"form": "gif"}, "gif"),
        ({"lang": "fr"}, "fr"),
        ({"dpi": 5}, "5 dpi"),
        ({"area": "99.01.77"}, "99.01.77"),
    ],
)
def test_options_that_there_are_not(tmp_path, options, named):
    villages, _ = world(12)
    with pytest.raises(UsageError, match=named):
        write_sheet(tmp_path / "a.pdf", villages, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_logo_fills_its_slot(tmp_path):
    villages, tables = world(12)
    matplotlib.image.imsave(tmp_path / "logo.png", np.full((20, 40, 3), [1.0, 0.0, 1.0]))
    plain, marked = (
        matplotlib.image.imread(write_sheet(tmp_path / f"{at}.png", villages, **tables, logo=logo, dpi=60))
        for at, logo in enumerate((None, tmp_path / "logo.png"))
    )
    magenta = (np.abs(marked[..., :3] - (1, 0, 1)) < 0.02).all(axis=2)
    assert magenta.any()
    assert (~magenta[:, : int(plain.shape[1] * 0.7)]).all()
    (tmp_path / "logo.png").write_text("bukan gambar")
    with pytest.raises(SourceError):
        write_sheet(tmp_path / "c.pdf", villages, **tables, logo=tmp_path / "logo.png")


def test_a_sheet_across_the_180th_meridian_and_one_wider_than_a_zone(tmp_path):
    villages, tables = world(12)

    def moved(by):
        return villages.geometry.apply(
            lambda one: shapely.transform(one, lambda at: np.column_stack([at[:, 0] + by, at[:, 1]]))
        )

    east = moved(72.4)
    over = east.apply(lambda one: one.bounds[0] > 180)
    within = over | east.apply(lambda one: one.bounds[2] < 180)
    turned = moved(72.4 - 360).where(over, east).where(within, None)
    said = text_of(write_sheet(tmp_path / "a.pdf", villages.assign(geometry=turned), **tables))
    assert "UTM zona" in said
    assert "BB" in said
    far = moved(25.0).where(villages.index % 2 == 0, villages.geometry)
    said = text_of(write_sheet(tmp_path / "b.pdf", villages.assign(geometry=far), **tables))
    assert "Mercator, skala benar pada" in said


def test_sheets_by_district_and_all_of_them_in_one_file(tmp_path):
    written, left_out = write_district_sheets(
        tmp_path, sheetworld.survey(mapworld.villages(24)), working=lambda _text: contextlib.nullcontext()
    )
    assert [path.name for path in written] == [
        "99.01_kabupaten-uji.pdf",
        *(f"99.01.{at:02d}_kecamatan-{at}.pdf" for at in range(1, 5)),
        "99.01_kabupaten-uji_semua.pdf",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)
    assert left_out == []
    assert len(pypdf.PdfReader(written[-1]).pages) == 5
    assert "Lembar 3 dari 4" in text_of(written[3])


def test_an_interrupted_set_leaves_no_half_file(tmp_path, monkeypatch):
    calls = []

    @contextlib.contextmanager
    def working(text):
        calls.append(text)
        if len(calls) == 4:
            raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        write_district_sheets(tmp_path, sheetworld.survey(mapworld.villages(12)), working=working)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["99.01.01_kecamatan-1.pdf", "99.01.02_kecamatan-2.pdf", "99.01_kabupaten-uji.pdf"]
    for name in left:
        assert len(pypdf.PdfReader(tmp_path / name).pages) == 1


def test_classes_can_be_told_apart_without_colour():
    def grey(colour):
        return sum(weight * int(colour[at : at + 2], 16) for at, weight in ((1, 0.299), (3, 0.587), (5, 0.114)))

    for confidence in CONFIDENCE_TINT:
        for name, look in SIGNAL_LOOK.items():
            if look.pattern != "plain":
                difference = abs(grey(fill_of(name, confidence)) - grey(pattern_ink(name, confidence)))
                assert difference >= 55, (name, confidence)
    patterns = [look.pattern for look in SIGNAL_LOOK.values()]
    assert len(set(patterns)) == len(patterns)


def test_paper_and_screen_agree():
    script = (files("blankspot") / "out/maps/assets/style.js").read_text(encoding="utf-8")
    tints = re.search(r"const TINT = \{(.*?)\}", script)[1]
    assert {name: float(value) for name, value in re.findall(r"(\w+): ([\d.]+)", tints)} == CONFIDENCE_TINT
    outlines = re.search(r"const OUTLINE_OF = \{(.*?)\n\};", script, re.DOTALL)[1]
    assert dict(re.findall(r'(\w+): "(\w+)"', outlines)) == OUTLINE_OF


def test_the_same_data_give_the_same_bytes(drawn, tmp_path):
    villages, tables = world()
    again = write_sheet(tmp_path / "sheet.pdf", villages, **tables)
    assert again.read_bytes() == drawn.read_bytes()


def test_the_legend_calls_a_coarse_prediction_coarse():
    verdicts = mapworld.tables(mapworld.villages(9), readings=10)["verdicts"].assign(confidence="modelled")
    for rule, coarse in (("modelled.none", False), ("modelled_coarse.none", True)):
        survey = sheetworld.survey(mapworld.villages(9), verdicts=verdicts.assign(rule=rule))
        assert survey.villages.coarse is coarse
    told = _marked("modelled", "id", coarse=True)
    assert told == "(P) prediksi kasar, tanpa data ketinggian"
    assert _marked("modelled", "id", coarse=False) == "(P) prediksi model"

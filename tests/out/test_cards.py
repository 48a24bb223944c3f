"""The progress cards: exact pixels, the same bytes every time, nothing clipped, the figures beside the percentage."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.errors import OutputError, SourceError
from blankspot.out.cards import DEEP, DONE, INK, LAYOUTS, REST, SOFT, Card, draw_card
from blankspot.words import Text

RULE = Text(
    "Desa dihitung tertangani bila sekurang-kurangnya satu kasus selulernya tertangani.",
    "A desa counts as handled when at least one mobile case of it is handled.",
)
CARD = Card(
    title="Kabupaten Uji",
    numerator=43,
    denominator=60,
    year=2022,
    as_of=dt.date(2022, 12, 26),
    definition=RULE,
    source=Text("Sumber: buku penanganan", "Source: handling ledger"),
    partners=8,
    roles=(Text("pemerintah", "government"), Text("badan usaha", "business")),
)
LONG = "Pemerintah Kabupaten Pangkajene dan Kepulauan, Dinas Komunikasi, Informatika, Persandian dan Statistik " * 2


def pixels(path):
    return np.rint(matplotlib.image.imread(path)[..., :3] * 255).astype(int)


def told(path, monkeypatch, card, **options):
    """Draw a card and return every text that was written on it."""
    from matplotlib.figure import Figure

    said = []
    monkeypatch.setattr(Figure, "text", lambda *at, **_: said.append(at[3]))
    draw_card(path, card, **options)
    return said


@pytest.mark.parametrize("size", LAYOUTS)
def test_exact_pixels_and_the_same_bytes(tmp_path, size):
    first = draw_card(tmp_path / "a.png", CARD, size=size).read_bytes()
    again = draw_card(tmp_path / "b.png", CARD, size=size).read_bytes()
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    assert "x".join(map(str, struct.unpack(">II", first[16:24]))) == size
    assert b"Software" not in first


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("id", ["Kabupaten Uji", "43", "dari 60 desa", "71,67 %", "Tertangani per 26 Desember 2022 · daftar target 2022", "Bersama 8 mitra pentahelix: pemerintah dan badan usaha", "Sumber: buku penanganan"]),
        ("en", ["Kabupaten Uji", "43", "of 60 desa", "71.67 %", "Handled as of 26 December 2022 · target list of 2022", "With 8 pentahelix partners: government and business", "Source: handling ledger"]),
    ],
)  # fmt: skip
def test_the_percentage_never_stands_alone(tmp_path, monkeypatch, lang, wanted):
    said = told(tmp_path / "a.png", monkeypatch, CARD, lang=lang)
    assert [text for text in wanted if text not in said] == []
    assert RULE.of(lang) in " ".join(said)


@pytest.mark.parametrize(
    ("done", "target", "share"), [(0, 0, "–"), (0, 12, "0,00 %"), (36, 34, "105,88 %"), (3456, 7890, "43,80 %")]
)
def test_any_figures(tmp_path, monkeypatch, done, target, share):
    said = told(tmp_path / "a.png", monkeypatch, replace(CARD, numerator=done, denominator=target))
    assert share in said
    assert f"dari {target:,} desa".replace(",", ".") in said


@pytest.mark.parametrize("size", LAYOUTS)
@settings(deadline=None, max_examples=8)
@given(
    title=st.one_of(st.just(LONG), st.text(max_size=60), st.just("X" * 300)),
    done=st.integers(0, 99_999),
    target=st.integers(0, 99_999),
)
def test_margins_stay_free(tmp_path_factory, size, title, done, target):
    card = replace(
        CARD, title=title, numerator=done, denominator=target, definition=Text(LONG, LONG), roles=(RULE,) * 5
    )
    image = pixels(draw_card(tmp_path_factory.mktemp("card") / "a.png", card, size=size))
    at = LAYOUTS[size]
    edge = at.margin - 16
    below = image[at.band :]
    assert (below[:, :edge] == 255).all()
    assert (below[:, -edge:] == 255).all()
    assert (below[-40:] == 255).all()
    band = image[: at.band]
    assert (band[:, :edge] == band[0, 0]).all()
    assert (band[:, -edge:] == band[0, 0]).all()
    assert (band[:8] == band[0, 0]).all()
    assert (band[-8:] == band[0, 0]).all()


def test_a_long_title_is_told_whole(tmp_path, monkeypatch):
    said = told(tmp_path / "a.png", monkeypatch, replace(CARD, title=LONG.strip()))
    assert LONG.strip() in " ".join(said)


def test_texts_are_texts(tmp_path, monkeypatch):
    said = told(tmp_path / "a.png", monkeypatch, replace(CARD, title="$x^2$ \\frac{1}{2} 📡 <b>"))
    assert "$x^2$ \\frac{1}{2} ▯ <b>" in said
    draw_card(tmp_path / "b.png", replace(CARD, title="$x^2$ \\frac{1}{2} 📡 <b>"))


def test_colours_can_be_told_apart():
    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert min(contrast(colour, "#ffffff") for colour in (INK, SOFT, DEEP)) >= 4.5
    assert contrast(DONE, "#ffffff") >= 3
    assert contrast(DONE, REST) >= 2.5


def test_a_logo_stands_in_the_band(tmp_path):
    logo = tmp_path / "logo.png"
    matplotlib.image.imsave(logo, np.full((50, 100, 3), [1.0, 0.0, 0.0]))
    plain, marked = (pixels(draw_card(tmp_path / f"{at}.png", CARD, logo=one)) for at, one in enumerate((None, logo)))
    red = (marked == [255, 0, 0]).all(axis=2)
    assert red.any()
    assert red.nonzero()[0].max() < LAYOUTS["1080x1080"].band
    assert (plain[200:] == marked[200:]).all()


def test_what_is_no_picture_is_refused(tmp_path):
    (tmp_path / "logo.png").write_text("bukan gambar")
    with pytest.raises(SourceError):
        draw_card(tmp_path / "a.png", CARD, logo=tmp_path / "logo.png")
    with pytest.raises(SourceError):
        draw_card(tmp_path / "a.png", CARD, logo=tmp_path / "tidak_ada.png")
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(OutputError):
        draw_card(tmp_path / "berkas" / "a.png", CARD)

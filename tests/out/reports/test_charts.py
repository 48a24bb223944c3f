"""Charts say the right numbers, escape their texts, and never let two texts meet, whatever the counts and labels."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import documents
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.out.reports.charts import BROAD, NARROW, draw
from blankspot.out.reports.drawing import text_width, wrap
from blankspot.out.reports.model import Bar, CurvePoint
from blankspot.words import Text

LONG = "Menunggu persetujuan pemanfaatan tanah kas desa dari bupati sesudah rekomendasi camat dan badan permusyawaratan desa"
WORD = "Takterputussamasekali" * 4
DAY = dt.date(2022, 1, 1)


def bars(*pairs):
    return [Bar(str(at), Text(name, name), count) for at, (name, count) in enumerate(pairs)]


def points(*given_points):
    return [CurvePoint(dt.date.fromisoformat(day), target, done) for day, target, done in given_points]


CASES = {
    "curve": documents.curve(),
    "one point": documents.curve(points(("2022-03-05", 60, 0))),
    "no point": documents.curve([]),
    "more than the target": documents.curve(points(("2022-01-01", 34, 0), ("2022-12-31", 34, 36))),
    "one less than the target": documents.curve(points(("2022-01-01", 60, 0), ("2022-12-26", 60, 59))),
    "nothing": documents.curve(points(("2022-01-01", 0, 0), ("2022-12-26", 0, 0))),
    "huge": documents.curve(points(("2022-01-01", 0, 0), ("2022-12-26", 83_762_000, 12_345_678))),
    "ten years": documents.curve(points(("2012-05-01", 100, 0), ("2022-12-26", 900, 450))),
    "in August": documents.curve(points(("2022-01-01", 40, 0), ("2022-02-10", 60, 4), ("2022-08-31", 62, 36))),
    "funnel": documents.funnel(),
    "no stage": documents.funnel([], []),
    "zero": documents.funnel(bars((LONG, 0), ("Pendek", 0)), bars((LONG, 0))),
    "long": documents.funnel(bars((LONG, 83_762_123), (WORD, 1), ("", 5)), bars((LONG, 3))),
    "ages": documents.ages(),
    "no case": documents.ages((0, 0, 0, 0, 0)),
    "many cases": documents.ages((123_456_789, 1, 0, 5, 1)),
    "hostile": documents.funnel(bars(*((text, at) for at, text in enumerate(documents.HOSTILE)))),
}


def parse(drawn):
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def texts(drawn):
    return ["".join(found.itertext()) for found in parse(drawn).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("width", [BROAD, NARROW])
@pytest.mark.parametrize("name", CASES)
def test_is_one_well_formed_picture_with_a_title_and_the_same_in_words(name, width):
    root = parse(draw(CASES[name], name="bagan-1", width=width))
    named = {found.get("id"): found.text for found in root if found.get("id")}
    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == list(named) == ["bagan-1-title", "bagan-1-desc"]
    assert named["bagan-1-title"] == CASES[name].title.id
    assert named["bagan-1-desc"].endswith(".")
    assert root.get("viewBox").split()[2] == f"{width:.0f}"


def test_curve_says_how_many_of_how_many_at_its_end():
    assert {"Target 60", "43 dari 60", "(71,67 %)", "TW I"} - set(texts(draw(CASES["curve"], name="a"))) == {"TW I"}
    assert {"Target 60", "43 of 60", "(71.67 %)", "Q IV"} <= set(
        texts(draw(CASES["curve"], name="a", width=NARROW, lang="en"))
    )
    assert {"Jan", "Agu", "Des", "2022"} <= set(texts(draw(CASES["curve"], name="a")))
    assert "Per 26 Desember 2022: terealisasi 43 dari target 60 (71,67 %)." in draw(CASES["curve"], name="a")
    assert {"36 dari 34", "(105,88 %)"} <= set(texts(draw(CASES["more than the target"], name="a")))
    assert "(–)" in texts(draw(CASES["nothing"], name="a"))
    assert "12.345.678 dari 83.762.000 (14,74 %)" in texts(draw(CASES["huge"], name="a", width=NARROW))
    assert texts(draw(CASES["no point"], name="a")) == ["Belum ada target yang tercatat."]


def test_funnel_keeps_the_order_of_the_workflow_and_both_counts():
    shown = texts(draw(CASES["funnel"], name="a"))
    labels = ["Teridentifikasi", "Diusulkan", "Terverifikasi", "Disetujui", "Ditugaskan", "Pembangunan", "Mengudara", "Tertangani"]  # fmt: skip
    assert [text for text in shown if text in labels] == labels
    assert shown[shown.index("Tertangani") + 1 :][:2] == ["43", "12"]
    assert "Tertangani: 43 pernah mencapai, 12 kini di sini" in draw(CASES["funnel"], name="a")
    assert "–" in texts(draw(CASES["zero"], name="a")), "what is not counted is not zero"


def test_bars_are_as_long_as_their_counts():
    drawn = parse(draw(CASES["ages"], name="a"))
    widths = [float(bar.get("width")) for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert len(widths) == 4, "nothing is drawn for 0"
    assert [round(width / widths[1], 3) for width in widths] == [round(count / 7, 3) for count in (4, 7, 5, 1)]


def test_text_from_data_is_text():
    drawn = draw(CASES["hostile"], name="a")
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert parse(drawn).find(".//{http://www.w3.org/2000/svg}b") is None


@pytest.mark.parametrize("font", ["Liberation Sans", "DejaVu Sans"])
@pytest.mark.parametrize("width", [BROAD, NARROW])
def test_no_two_texts_meet_and_none_leaves_the_picture(width, font, browser):
    page = browser.new_context(viewport={"width": 800, "height": 600}).new_page()
    drawn = "".join(f"<div>{draw(chart, name=f'c{at}', width=width)}</div>" for at, chart in enumerate(CASES.values()))
    page.set_content(f"<body style='font-family:{font}'>{drawn}</body>")
    found = page.evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap((svg, at) => {
          const frame = svg.getBoundingClientRect();
          const boxes = [...svg.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
          const out = boxes.filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 4 || b.bottom > frame.bottom + 4);
          const met = boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([, q]) =>
            Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3).map(([b]) => [a, b]));
          return [...out.map(([text]) => [at, 'outside', text]), ...met.map((pair) => [at, 'met', ...pair])];
        })"""
    )
    assert found == []


@settings(deadline=None, max_examples=60)
@given(
    counts=st.lists(
        st.tuples(st.integers(0, 4000), st.integers(0, 10**9), st.integers(0, 10**9)),
        max_size=6,
        unique_by=lambda at: at[0],
    ),
    width=st.sampled_from([BROAD, NARROW]),
)
def test_every_curve_can_be_drawn_inside_its_picture(counts, width):
    given_points = [CurvePoint(DAY + dt.timedelta(days=day), target, done) for day, target, done in counts]
    root = parse(draw(documents.curve(given_points), name="a", width=width))
    _, _, right, bottom = (float(edge) for edge in root.get("viewBox").split())
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.get("cx")) <= right
        assert 0 <= float(circle.get("cy")) <= bottom
    ends = {text.text: float(text.get("y")) for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert all(0 < y < bottom for y in ends.values())


@given(st.text(max_size=80), st.floats(30, 400), st.integers(1, 3))
def test_wrapped_lines_fit(text, width, lines):
    wrapped = wrap(text, 13, width, lines=lines)
    assert 1 <= len(wrapped) <= lines
    assert all(text_width(line, 13) <= width for line in wrapped)
    if not any(line.endswith("…") for line in wrapped):
        assert " ".join(wrapped).split() == text.split()

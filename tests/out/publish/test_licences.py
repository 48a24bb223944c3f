"""Licences as offices write them, and what they ask of what is made from them."""

from __future__ import annotations

import pytest

from blankspot.out.publish.licences import LICENCES, find, judge, kind_words
from blankspot.run.config import Sources


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CC BY 4.0", "CC-BY-4.0"), ("cc-by-4.0", "CC-BY-4.0"), ("Creative Commons Attribution", "CC-BY-4.0"), ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("OpenCelliD, CC BY-SA 4.0", "CC-BY-SA-4.0"), ("ODbL", "ODbL-1.0"), ("OpenStreetMap contributors", "ODbL-1.0"), ("MIT", "MIT"),
        ("CC BY-NC-SA 3.0", "CC-BY-NC-SA-4.0"), ("CC BY-NC", "CC-BY-NC-4.0"), ("CC0", "CC0-1.0"), ("CC BY-IGO", "CC-BY-3.0-IGO"),
        ("izin tertulis Bupati", "other"), ("GPL-3", "GPL-3.0-only"), ("CC-BY-ND", "CC-BY-ND-4.0"),
    ],
)  # fmt: skip
def test_licences_are_recognised(text, found):
    assert find(text).id == found


@pytest.mark.parametrize("name", LICENCES)
def test_every_licence_is_found_by_its_own_name(name):
    assert find(name) is LICENCES[name]


@pytest.mark.parametrize(
    ("source", "published", "forbids"),
    [
        ("ODbL", "CC-BY-4.0", True), ("CC BY-SA 4.0", "CC-BY-4.0", True), ("ODbL", "ODbL-1.0", False), ("CC BY-NC", "CC-BY-4.0", True),
        ("CC BY 4.0", "CC-BY-4.0", False), ("MIT", "CC-BY-4.0", False), ("CC BY-SA", "CC-BY-SA-4.0", False), ("izin {0} tertulis", "CC-BY-4.0", False),
    ],
)  # fmt: skip
def test_share_alike_and_closed_sources_forbid(source, published, forbids):
    assert any(one.forbids for one in judge(LICENCES[published], [("sites", source)])) is forbids


def test_unstated_licences_are_one_line():
    found = judge(LICENCES["CC-BY-4.0"], [("sites", ""), ("reports", " "), ("sites", "")])
    assert [one.forbids for one in found] == [False]
    assert "menara, laporan warga" in found[0].text.id


@pytest.mark.parametrize("kind", list(Sources.model_fields))
def test_every_kind_of_source_has_an_indonesian_name(kind):
    assert kind_words(kind).id != kind or kind == "podes"

"""`blankspot card` draws the workspace's progress."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from click.testing import CliRunner

from blankspot.cli.card import command
from blankspot.cli.session import Session
from blankspot.run import Workspace
from blankspot.run.cards import card_of


def test_both_sizes_stand_in_the_workspace(demo):
    result = CliRunner().invoke(command, [str(demo)], obj=Session())
    assert result.exit_code == 0, result.output
    for width, height in ((1080, 1080), (1920, 1080)):
        png = (demo / "out" / f"card-{width}x{height}.png").read_bytes()
        assert struct.unpack(">II", png[16:24]) == (width, height)


def test_what_stands_on_it(demo_made):
    card = card_of(Workspace(demo_made))
    assert (card.numerator, card.denominator, card.year, card.as_of.isoformat()) == (43, 60, 2022, "2022-12-26")
    assert card.partners == 8
    assert {role.id for role in card.roles} == {"pemerintah", "badan usaha"}
    assert "Kabupaten Arunika" in card.title
    assert "cakupan seluler" in card.definition.id


def test_one_file_needs_one_size(demo_made, tmp_path):
    runner, target = CliRunner(), tmp_path / "kartu.png"
    refused = runner.invoke(command, [str(demo_made), "--out", str(target)], obj=Session())
    assert "1080x1080" in str(refused.exception)
    made = runner.invoke(command, [str(demo_made), "--size", "1920x1080", "--out", str(target)], obj=Session())
    assert made.exit_code == 0, made.output
    assert target.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("size", ["800x600", "besar"])
def test_other_sizes_are_usage_errors(demo_made, size):
    assert CliRunner().invoke(command, [str(demo_made), "--size", size], obj=Session()).exit_code == 2


def test_without_a_target_list_there_is_nothing_to_publish(demo_made, tmp_path, monkeypatch):
    empty = replace(card_of(Workspace(demo_made)), numerator=0, denominator=0)
    monkeypatch.setattr(Workspace, "card", lambda _: empty)
    target = tmp_path / "kartu.png"
    asked = [str(demo_made), "--size", "1920x1080", "--out", str(target)]
    assert "no desa on the target list of 2022" in str(CliRunner().invoke(command, asked, obj=Session()).exception)
    assert not target.exists()

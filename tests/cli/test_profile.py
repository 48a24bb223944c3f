"""`blankspot profile` from outside: what it prints and draws, and what it refuses with a remedy."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import worlds
from PIL import Image
from radioworld import SITES, write_radio_workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    sites = pd.concat(
        [SITES, SITES.iloc[[0]].assign(site_id="M3", site_name="Rencana", status="planned", lon=SITES["lon"][0] + 0.01)]
    )
    return write_radio_workspace(tmp_path_factory.mktemp("profile") / "uji", sites=sites)  # fmt: skip


def place(column: int) -> str:
    lon, lat = worlds.at(column)
    return f"{lon:.6f},{lat:.6f}"


def test_behind_the_ridge(call, made):
    code, out, _ = call("profile", "M1", place(60), "-w", made)
    assert code == 0
    for told in (
        "garis pandang terhalang",
        "Difraksi delta-Bullington",
        "Hamburan troposfer",
        "EIRP ke arah utama",
        "RSRP",
    ):
        assert told in out
    assert "\x1b" not in out


def test_before_the_ridge_in_english(call, made):
    code, out, _ = call("--lang", "en", "profile", "bukit satu", place(14), "-w", made, "--operator", "TSEL")
    assert code == 0
    assert "clear line of sight" in out
    assert "Indosat" not in out


def test_json_adds_up(call, made):
    told = json.loads(call("profile", "M1", "99.01.01.2002", "-w", made, "--json")[1])
    assert told["site"]["site_id"] == "M1"
    assert {one["operator"] for one in told["services"]} == {"telkomsel", "indosat"}
    for one in told["services"]:
        budget = dict(one["budget"])
        level = budget.pop("level_dbm")
        budget.pop("receiver_height_m")
        assert sum(budget.values()) == pytest.approx(level)
        assert one["p1812"]["lb_db"] == pytest.approx(one["loss_db"])
    steps = [b - a for a, b in zip(told["profile"]["d_km"], told["profile"]["d_km"][1:], strict=False)]
    assert max(steps) == pytest.approx(min(steps), abs=2e-5)
    assert max(steps) == pytest.approx(0.1, abs=0.01)
    assert max(told["profile"]["h_m"]) == pytest.approx(400)


def test_a_higher_receiver_hears_more(call, made):
    low, high = (
        json.loads(call("profile", "M1", place(30), "-w", made, "--height", height, "--json")[1])
        for height in (1.5, 30)
    )
    assert high["services"][0]["loss_db"] < low["services"][0]["loss_db"]


@pytest.mark.parametrize("model", ["hata", "free_space"])
def test_other_models(call, made, model):
    code, out, _ = call("profile", "M1", place(30), "-w", made, "--model", model)
    assert code == 0
    assert "P.1812 (dB)" not in out


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("column", [14, 60])
def test_the_picture(call, made, tmp_path, lang, column):
    target = tmp_path / "profil.png"
    assert call("--lang", lang, "profile", "M1", place(column), "-w", made, "--png", target)[0] == 0
    with Image.open(target) as picture:
        assert picture.size == (1540, 792)
        assert len(picture.convert("RGB").getcolors(1_000_000)) > 100


def test_a_site_without_service_gets_the_defaults(call, made):
    code, out, err = call("profile", "Rencana", place(20), "-w", made)
    assert code == 0
    assert "andaian" in err
    assert "4G" in out


def test_what_cannot_be_drawn_is_refused_with_a_remedy(call, made):
    for arguments, told in (
        (("M9", place(20)), "Tidak ada menara 'M9'"),
        (("bukit", place(20)), "M2"),
        (("M1", "Atlantis"), "Atlantis"),
        (("M1", place(10)), "tempat yang sama"),
        (("M1", "-6.9,107.6"), "bujur dahulu"),
        (("M1", "95.3,5.5"), "di luar jangkauan"),
        (("M1", f"{worlds.at(10)[0] + 0.3:.5f},{worlds.at(10)[1]:.5f}"), "di luar raster ketinggian"),
        (("M1", place(20), "--technology", "5G"), "tidak punya layanan yang diminta"),
        (("M1", place(20), "--band", "700"), "Layanannya:"),
    ):
        code, out, err = call("profile", *arguments, "-w", made)
        assert (code, out) == (2, ""), arguments
        assert told in err, arguments


def test_without_heights_it_says_how_to_get_them(call, tmp_path):
    folder = write_radio_workspace(tmp_path / "uji", terrain=False)
    code, _, err = call("profile", "M1", place(20), "-w", folder)
    assert code == 2
    assert "blankspot fetch dem" in err


def test_an_unwritable_picture_is_an_error_of_one_line(call, made):
    code, _, err = call("profile", "M1", place(20), "-w", made, "--png", "/proc/tidak/ada.png")
    assert code
    assert err.startswith("Galat")

"""`blankspot cover` from outside: what it prints and refuses."""

from __future__ import annotations

import json

import pytest
import worlds
from radioworld import write_radio_workspace

from blankspot.cli import main


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = write_radio_workspace(tmp_path_factory.mktemp("cover") / "uji")
    with pytest.raises(SystemExit) as ended:
        main(["cover", str(folder)])
    assert not ended.value.code
    return folder


def test_the_summary_names_model_networks_and_shares(call, made):
    code, out, err = call("cover", made)
    assert code == 0
    assert out.startswith("Prediksi ITU-R P.1812: 3 dari 3 layanan di 2 menara.")
    assert "Telkomsel 4G" in out
    assert "\x1b" not in out + err
    assert "kasar" not in out.lower()


def test_json_is_for_machines(call, made):
    code, out, _ = call("cover", made, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["model"], told["coarse"], len(told["networks"])) == ("p1812", False, 3)


def test_without_heights_it_is_called_coarse_in_both_languages(call, tmp_path):
    folder = write_radio_workspace(tmp_path / "uji", terrain=False, extra="[settings.radio]\nresolution_m = 250")
    code, out, err = call("cover", folder)
    assert (code, out.count("kasar")) == (0, 1)
    assert "blankspot fetch dem" in err
    assert "coarse, without terrain" in call("--lang", "en", "cover", folder)[1]


def test_a_workspace_without_services_says_so_and_is_no_error(call, tmp_path):
    code, out, err = call("cover", worlds.write_workspace(tmp_path / "uji"))
    assert (code, out) == (0, "")
    assert "Tidak ada layanan" in err
    assert json.loads(call("cover", tmp_path / "uji", "--json")[1]) == {}


def test_wrong_options_are_usage_errors(call, made):
    assert call("cover", made, "--model", "itm")[0] == 2
    assert call("cover", made, "--resolution", "0")[0] == 2
    code, _, err = call("cover", made, "--operator", "antariksa")
    assert code == 2
    assert "telkomsel" in err

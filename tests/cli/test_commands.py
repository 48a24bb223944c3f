"""The commands from outside: what they print where, and with which exit code they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import worlds

from blankspot.cli import main


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    folder = worlds.write_workspace(tmp_path_factory.mktemp("cli") / "uji", handling=worlds.HANDLING)
    with pytest.raises(SystemExit) as ended:
        main(["run", str(folder)])
    assert not ended.value.code
    return folder


def test_help_loads_nothing_heavy():
    script = (
        "import sys; from blankspot.cli import app; app.main(['--help'], standalone_mode=False); "
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'pandas', 'numpy', 'geopandas', 'numba', 'folium', 'rich'}))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_a_usage_error(call):
    code, _, err = call("terbang")
    assert code == 2
    assert "No such command" in err


def test_run_prints_counts_progress_and_map(call, made):
    code, out, err = call("run", made)
    assert code == 0
    assert "Tidak ada yang berubah" in err
    assert [line.split() for line in out.splitlines()[:5]] == [
        ["Blankspot", "1"], ["Lemah", "atau", "sebagian", "0"], ["Terlayani", "0"], ["Belum", "cukup", "data", "1"], ["Jumlah", "desa", "2"],
    ]  # fmt: skip
    assert "1 dari 2 desa (50,00 %) per 26 Desember 2022" in out
    assert str(made / "out" / "map.html") in out


def test_run_as_json_in_english(call, made):
    code, out, _ = call("run", made, "--json", "--lang", "en")
    told = json.loads(out)
    assert code == 0
    assert told["counts"] == {"none": 1, "weak": 0, "served": 0, "unknown": 1}
    assert told["progress"]["numerator"] == 1


def test_a_folder_without_workspace(call, tmp_path):
    code, out, err = call("run", tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith("Galat: ")
    assert "blankspot init" in err
    assert call("--lang", "en", "run", tmp_path)[2].startswith("Error: ")


def test_every_fault_of_the_settings_at_once(call, tmp_path):
    worlds.write_workspace(tmp_path / "uji", extra="[settings.evidence]\ncell_size_m = -1\nreadings_mn = 3\n")
    code, _, err = call("run", tmp_path / "uji")
    assert code == 2
    assert "cell_size_m" in err
    assert "readings_mn" in err


def test_broken_toml_names_the_line(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji")
    (folder / "blankspot.toml").write_text('[workspace]\ntitle = "x\n', encoding="utf-8")
    code, _, err = call("run", folder)
    assert code == 2
    assert "line 2" in err


def test_run_says_how_many_rows_were_refused_and_where(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji")
    path = folder / "data" / "ukur.csv"
    path.write_text(path.read_text() + path.read_text().splitlines()[1].replace("rsrp_dbm", "") + "\n")
    code, out, err = call("run", folder)
    assert code == 0
    assert err.startswith(f"1 baris sumber ditolak; alasannya di {folder / 'out' / 'rejects'}")
    assert out.splitlines()[-1].startswith("Peta: ")
    assert call("run", folder, "-q")[2] == ""
    _, out, _ = call("check", folder)
    assert "Titik ukur" in out
    assert "tidak dapat diartikan" in out


def test_check_counts_every_rule(call, made):
    code, out, _ = call("check", made)
    assert code == 0
    assert "data/ukur.csv" in out
    told = json.loads(call("check", made, "--json")[1])
    for source in told["sources"]:
        assert source["rows_in"] == source["accepted"] + source["rejected"]


def test_classify_prints_counts_and_json(call, made):
    assert "Blankspot" in call("classify", made)[1]
    verdicts = json.loads(call("classify", made, "--json")[1])
    assert verdicts[0]["signal_class"] == "none"
    assert verdicts[0]["reason"].startswith("Blankspot: 0 dari 31 sel")


def test_show_by_name_and_by_code(call, made):
    by_name, by_code = call("show", "sukanagara 1", "-w", made), call("show", "99.01.01.2001", "-w", made)
    assert by_name == by_code
    for piece in (
        "Sukanagara 1",
        "99.01.01.2001",
        "Arunasari",
        "0 dari 31 sel",
        "Tertangani",
        "Telkomsel",
        "BA-17/2022",
        "1 Agustus 2022",
    ):
        assert piece in by_name[1]
    told = json.loads(call("show", "99.01.01.2001", "-w", made, "--json")[1])
    assert told["case"]["stage"] == "handled"


def test_show_lists_candidates_and_never_guesses(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji", names=["Margaasih", "Margaasih", "Sri Rahayu"])
    code, _, err = call("show", "Margaasih", "-w", folder)
    assert code == 2
    assert "99.01.01.2001" in err
    assert "99.01.01.2002" in err
    code, _, err = call("show", "Srirahayu", "-w", folder)
    assert code == 2
    assert "99.01.01.2003" in err
    assert call("show", "Tidak Ada", "-w", folder)[0] == 2
    assert "Mungkin maksudnya: Margaasih." in call("show", "margasih", "-w", folder)[2]
    assert "Mungkin maksudnya: 99.01.01.2003." in call("show", "9901012003", "-w", folder)[2]


def test_settings_show_units_and_changes(call, tmp_path):
    assert "cell_size_m = 250.0" in call("settings")[1]
    folder = worlds.write_workspace(tmp_path / "uji", extra="[settings.evidence]\ncell_size_m = 500.0\n")
    out = call("settings", "-w", folder)[1]
    assert "evidence.cell_size_m = 500.0" in out
    assert json.loads(call("settings", "--json")[1])["values"]["evidence"]["readings_min"] == 20


def test_an_unwritable_output(call, made, tmp_path):
    (tmp_path / "x").write_text("a file")
    code, _, err = call("export", made, "-o", tmp_path / "x" / "y")
    assert code == 3
    assert "Traceback" not in err


def test_init_makes_a_workspace_once(call, tmp_path):
    code, out, _ = call("init", tmp_path / "baru", "--title", 'Kabupaten "Uji"')
    assert code == 0
    assert (tmp_path / "baru" / "blankspot.toml").is_file()
    assert len([line for line in out.splitlines() if line.endswith(".xlsx")]) >= 7
    assert call("init", tmp_path / "baru")[0] == 3
    assert call("run", tmp_path / "baru")[0] == 2  # no boundaries named yet


def _truncated_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n" * 500)
    path.write_bytes(path.read_bytes()[:100])


def _escaping_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.csv", "measured_at,lon\n")


BAD_FILES = {
    "kosong.csv": lambda path: path.write_text(""),
    "hanya_judul.csv": lambda path: path.write_text("measured_at,lon,lat,metric,value\n"),
    "salah.exe": lambda path: path.write_bytes(b"MZ"),
    "terpotong.zip": _truncated_zip,
    "keluar.zip": _escaping_zip,
    "tanpa_kolom.csv": lambda path: path.write_text("waktu,bujr,lat,nilai\n2022-10-03,107,-6,-98\n"),
    "campur.csv": lambda path: path.write_bytes(b"measured_at,lon,lat,metric,value,source\n2022-10-03,107,-6,rsrp_dbm,-98,\xc3\xa9\n2022-10-03,107,-6,rsrp_dbm,-98,\xe9\xe9\n"),
    "folder.csv": lambda path: path.mkdir(),
    "tidak_ada.csv": Path.exists,
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_clear_message(call, tmp_path, name):
    folder = worlds.write_workspace(tmp_path / "uji")
    BAD_FILES[name](folder / "data" / name)
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text().replace("data/ukur.csv", f"data/{name}"))
    code, out, err = call("run", folder)
    assert (code, out) == (3, "")
    assert err.startswith("Galat: ")
    assert name in err
    assert "Traceback" not in err
    left = [path.name for path in folder.rglob("*") if path.name.startswith(".blankspot-")]
    assert left == []
    assert not (folder / "out" / "map.html").exists()


def test_a_missing_column_names_what_was_found_and_the_nearest(call, tmp_path):
    folder = worlds.write_workspace(tmp_path / "uji")
    BAD_FILES["tanpa_kolom.csv"](folder / "data" / "ukur.csv")
    err = call("run", folder)[2]
    assert "bujr" in err
    assert "lon" in err or "Bujur" in err


def test_a_traceback_only_with_debug(tmp_path):
    command = [sys.executable, "-m", "blankspot", "run", str(tmp_path)]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    debug = subprocess.run([*command, "--debug"], capture_output=True, text=True, check=False)
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debug.stderr
    assert plain.returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell):
    command = [sys.executable, "-c", "from blankspot.cli import main; main()"]
    environment = {**os.environ, "_BLANKSPOT_COMPLETE": f"{shell}_source"}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "_BLANKSPOT_COMPLETE" in told.stdout

"""Real boundaries and real cells through the whole house: silence is not evidence."""

from __future__ import annotations

import blankspot as bs

TOML = """
[workspace]
title = "Kabupaten Bandung"
as_of = 2026-06-30
[sources]
boundaries = "{real}/boundaries/kemendagri_32.04_kab_bandung.geojson"
code_list = "{real}/codes/idn-area-data_4.0.1_villages.csv"
sites = "{real}/towers/opencellid_510_dev_westjava.csv"
"""


def test_cells_without_measurements_give_280_unknown_and_no_blankspot(real, tmp_path):
    (tmp_path / "blankspot.toml").write_text(TOML.format(real=real.resolve().as_posix()), encoding="utf-8")
    workspace = bs.Workspace(tmp_path)
    result = workspace.run()
    assert result.counts == {"none": 0, "weak": 0, "served": 0, "unknown": 280}
    assert set(workspace.frame("sites")["position_quality"]) == {"crowdsourced"}
    assert set(workspace.frame("verdicts")["rule"]) == {"unknown.no_data"}
    assert (tmp_path / "out" / "map.html").stat().st_size < 1_500_000

"""Indicator sheets in a workspace: `run` brings them in once, `check` says what would be refused."""

from __future__ import annotations

import pandas as pd
import pytest
import worlds

import blankspot as bs
from blankspot.ledger.indicators import indicators_frame

SHEET = """Indikator;Satuan;Triwulan;Target;Realisasi
OPD terhubung;OPD;TW III;32;33
OPD terhubung;OPD;TW IV;34;36
Titik WiFi;titik;TW IV;29;3 titik atau 6,12 % dari 29
"""


@pytest.fixture
def folder(tmp_path):
    made = worlds.write_workspace(tmp_path / "kerja", extra='indicators = "data/indikator.csv"')
    (made / "data" / "indikator.csv").write_text(SHEET, encoding="utf-8")
    return made


def on_record(folder):
    with bs.Workspace(folder).ledger() as ledger:
        return ledger.events(), indicators_frame(ledger.effective())


def test_run_brings_the_sheet_in_once_and_what_changed_when_it_changes(folder):
    bs.Workspace(folder).run(until=("handling",))
    events, frame = on_record(folder)
    assert frame["realization"].tolist() == [33, 36]
    rejects = pd.read_csv(folder / "out" / "rejects" / "indicators.csv", dtype="str")
    assert "claim_contradicts" in set(rejects["rule"])
    note = next(one for one in bs.Workspace(folder).provenance().sources if one.kind == "indicators")
    assert (note.rows_in, note.rows_accepted, note.rows_rejected) == (3, 2, 1)
    assert "import" in bs.Workspace(folder).run(until=("handling",)).fresh
    bs.Workspace(folder).run(until=("handling",), force=True)
    assert on_record(folder)[0] == events
    (folder / "data" / "indikator.csv").write_text(SHEET.replace("34;36", "34;37"), encoding="utf-8")
    bs.Workspace(folder).run(until=("handling",))
    again, frame = on_record(folder)
    assert len(again) == len(events) + 1
    assert frame["realization"].tolist() == [33, 37]


def test_check_judges_the_sheet_and_records_nothing(folder):
    workspace = bs.Workspace(folder)
    counts = workspace.check()
    assert "claim_contradicts" in set(counts[counts["table"] == "indicators"]["rule"])
    assert [one.rows_in for one in workspace.checked_sources() if one.kind == "indicators"] == [3]
    assert on_record(folder)[0] == ()

"""A workspace is brought up to date, and only what changed is made again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3

import geopandas as gpd
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
import worlds

import blankspot as bs
from blankspot.errors import LedgerError, SourceError, UsageError
from blankspot.ledger import Event
from blankspot.run.config import read_config

ALL = (
    "villages", "measurements", "sites", "records", "cover", "verdicts", "import", "handling", "exchange", "report", "history",
    "map", "lines", "sheet", "open_data",
)  # fmt: skip
NOW = dt.datetime(2023, 1, 15, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def folder(tmp_path):
    return worlds.write_workspace(tmp_path / "uji", handling=worlds.HANDLING)


def test_a_first_run_makes_everything_and_a_second_nothing(folder):
    first, second = bs.Workspace(folder).run(), bs.Workspace(folder).run()
    assert (first.made, first.fresh) == (ALL, ())
    assert (second.made, second.fresh) == ((), ALL)
    assert first.counts == second.counts == {"none": 1, "weak": 0, "served": 0, "unknown": 1}
    assert first.progress.text("id") == second.progress.text("id") == "1 dari 2 desa (50,00 %) per 26 Desember 2022"


def test_the_outputs_named_by_the_design_are_there(folder):
    bs.Workspace(folder).run()
    names = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*") if path.is_file()}
    assert names >= {
        "villages.parquet", "verdicts.parquet", "evidence.parquet", "blankspot.gpkg", "map.html", "sheet.pdf", "report.xlsx", "report.html",
        "rejects/boundaries.csv", "rejects/measurements.csv", "rejects/handling.csv", "provenance.json",
    }  # fmt: skip


def test_a_changed_source_makes_only_what_rests_on_it(folder):
    bs.Workspace(folder).run()
    readings = worlds.drive([-98.0] * 31)
    worlds.local_times(worlds.spaced(readings)).to_csv(folder / "data" / "ukur.csv", index=False)
    result = bs.Workspace(folder).run()
    assert result.made == ("measurements", "verdicts", "exchange", "report", "history", "map", "sheet", "open_data")
    assert result.counts["served"] == 1


def test_a_changed_threshold_makes_everything_that_uses_settings(folder):
    bs.Workspace(folder).run()
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text() + '[settings]\nprofile = "lain"\n[settings.evidence]\nreadings_min = 100\n')
    result = bs.Workspace(folder).run()
    assert "verdicts" in result.made
    assert bs.Workspace(folder).frame("verdicts")["rule"][0] == "indicative.none"


def test_a_sheet_is_drawn_anew_when_the_office_or_its_logo_changes(folder):
    bs.Workspace(folder).run()
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text() + '[office]\nname = "Diskominfo"\nlogo = "logo.png"\n')
    matplotlib.image.imsave(folder / "logo.png", np.zeros((8, 8, 3)))
    assert bs.Workspace(folder).run().made == ("sheet", "open_data")
    matplotlib.image.imsave(folder / "logo.png", np.ones((8, 8, 3)))
    assert bs.Workspace(folder).run().made == ("sheet",)
    assert bs.Workspace(folder).run().made == ()


def test_a_lost_or_edited_output_is_made_again(folder):
    bs.Workspace(folder).run()
    (folder / "out" / "map.html").unlink()
    (folder / "out" / "report.html").write_text("edited")
    assert bs.Workspace(folder).run().made == ("report", "map")


def test_a_new_event_in_the_ledger_moves_state_report_and_map(folder):
    bs.Workspace(folder, now=NOW).run()
    with bs.Workspace(folder, now=NOW).ledger() as ledger:
        ledger.append(
            Event(
                kind="reopened",
                village_code="99.01.01.2001",
                happened_on=dt.date(2022, 11, 1),
                fields={"reason": "padam"},
            )
        )
    result = bs.Workspace(folder).run()
    assert {"handling", "report", "map"} <= set(result.made)
    assert result.progress.numerator == 0


def test_the_handling_list_is_imported_once(folder):
    bs.Workspace(folder).run()
    bs.Workspace(folder).run(force=True)
    with bs.Workspace(folder).ledger() as ledger:
        assert len(ledger.events()) == len(worlds.HANDLING.splitlines()) - 1


def test_another_day_is_another_verdict_but_the_same_sources(folder):
    bs.Workspace(folder).run()
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text().replace("2022-12-26", "2022-07-15"))
    result = bs.Workspace(folder).run()
    assert "measurements" not in result.made
    assert result.counts["unknown"] == 2
    assert result.progress.text("id") == "0 dari 2 desa (0,00 %) per 15 Juli 2022"


def test_force_gives_the_same_verdicts_map_sheet_and_report(folder):
    def digests():
        names = ("verdicts.parquet", "evidence.parquet", "map.html", "sheet.pdf", "report.html", "handling.parquet")
        return {name: hashlib.sha256((folder / "out" / name).read_bytes()).hexdigest() for name in names}

    bs.Workspace(folder).run()
    before = digests()
    bs.Workspace(folder).run(force=True)
    assert digests() == before


def test_provenance_names_every_source_with_its_rows(folder):
    bs.Workspace(folder).run()
    stored = json.loads((folder / "out" / "provenance.json").read_text())
    notes = {note["name"]: note for step in stored["steps"].values() for note in step["sources"]}
    assert set(notes) == {"data/desa.gpkg", "data/ukur.csv", "data/penanganan.csv"}
    assert notes["data/ukur.csv"]["rows_in"] == notes["data/ukur.csv"]["rows_accepted"] == 62
    assert notes["data/ukur.csv"]["sha256"] == hashlib.sha256((folder / "data" / "ukur.csv").read_bytes()).hexdigest()
    assert stored["profile_digest"] == bs.load_settings().digest


def test_a_damaged_record_only_costs_time(folder):
    bs.Workspace(folder).run()
    (folder / "out" / "provenance.json").write_text("{")
    assert bs.Workspace(folder).run().made == ALL


def test_steps_before_a_bad_file_stay_whole(folder):
    bs.Workspace(folder).run()
    before = (folder / "out" / "map.html").read_bytes()
    (folder / "data" / "ukur.csv").write_text("")
    with pytest.raises(SourceError, match=r"ukur\.csv"):
        bs.Workspace(folder).run()
    assert (folder / "out" / "map.html").read_bytes() == before


def test_bad_rows_are_products(folder):
    path = folder / "data" / "ukur.csv"
    good = path.read_text().splitlines()
    path.write_text("\n".join([*good, good[1].replace("-121.0", "-999"), good[1].replace("rsrp_dbm", "")]) + "\n")
    bs.Workspace(folder).run()
    rejects = pd.read_csv(folder / "out" / "rejects" / "measurements.csv", encoding="utf-8-sig")
    assert sorted(rejects["row"]) == [64, 65]
    assert set(rejects["severity"]) == {"rejected"}
    assert rejects["message"].notna().all()


def test_check_judges_the_handling_list_and_records_nothing(folder):
    path = folder / "data" / "penanganan.csv"
    path.write_text(path.read_text().rstrip("\n") + "\n" + "x," * path.read_text().split("\n")[0].count(",") + "\n")
    workspace = bs.Workspace(folder, now=NOW)
    counts = workspace.check()
    note = next(note for note in workspace.checked_sources() if note.kind == "handling")
    assert note.rows_rejected == counts.loc[counts["table"] == "handling", "rows"].sum() == 1
    assert counts["example"].notna().all()
    assert not (folder / "ledger.db").exists()
    result = bs.Workspace(folder, now=NOW).run()
    again = bs.Workspace(folder, now=NOW)
    again.check()
    assert next(note for note in again.checked_sources() if note.kind == "handling") == note
    assert again.run().made == ()
    assert result.progress.numerator == 1


def test_without_a_date_the_day_is_the_clocks(folder):
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text().replace("as_of = 2022-12-26\nyear = 2022\n", ""))
    workspace = bs.Workspace(folder, now=dt.datetime(2022, 12, 30, 20, 0, tzinfo=dt.UTC))  # the 31st in Jakarta
    assert (workspace.as_of, workspace.year) == (dt.date(2022, 12, 31), 2022)


def test_a_workspace_without_boundaries_says_what_to_do(tmp_path):
    (tmp_path / "blankspot.toml").write_text('[workspace]\ntitle = "x"\n')
    with pytest.raises(UsageError, match="boundaries"):
        bs.Workspace(tmp_path).run()


def test_boundaries_of_which_no_row_stands_are_one_clear_error(folder):
    path = folder / "data" / "desa.gpkg"
    villages = gpd.read_file(path)
    villages.assign(village_code="9901012001").to_file(path)
    with pytest.raises(SourceError, match=r"None of 2 rows .* code_undotted, such as desa\.gpkg row 1") as caught:
        bs.Workspace(folder).run()
    assert caught.value.exit_code == 3
    listed = pd.read_csv(folder / "out" / "rejects" / "boundaries.csv")
    assert listed["rule"].tolist() == ["code_undotted"] * 2
    assert not (folder / "out" / "villages.parquet").exists()


def test_a_source_may_name_its_sheet(tmp_path):
    toml = '[sources]\nmeasurements = [{path = "a.xlsx", sheet = "Data"}, {path = "b.gpkg", layer = "titik"}]\n'
    (tmp_path / "blankspot.toml").write_text(toml)
    assert [source.layer for source in read_config(tmp_path).sources.measurements] == ["Data", "titik"]


def test_a_pattern_without_files_is_an_error(folder):
    toml = folder / "blankspot.toml"
    toml.write_text(toml.read_text().replace("data/ukur.csv", "data/*.parquet"))
    with pytest.raises(SourceError, match=r"data/\*\.parquet"):
        bs.Workspace(folder).run()


def test_columns_may_be_matched_and_fixed_in_the_toml(folder):
    frame = pd.read_csv(folder / "data" / "ukur.csv").drop(
        columns=["metric", "operator", "technology", "indoor", "source"]
    )
    frame.rename(columns={"measured_at": "Kapan", "value": "Kuat"}).to_csv(folder / "data" / "lain.csv", index=False)
    toml = folder / "blankspot.toml"
    columns = '{ measured_at = "Kapan", value = "Kuat", metric = "=rsrp_dbm", operator = "=Tsel" }'
    toml.write_text(
        toml.read_text().replace(
            'measurements = "data/ukur.csv"', f'measurements = {{ path = "data/lain.csv", columns = {columns} }}'
        )
    )
    assert bs.Workspace(folder).run().counts["none"] == 1
    assert set(bs.Workspace(folder).frame("measurements")["operator"]) == {"telkomsel"}


def test_sources_may_be_one_many_or_patterns(tmp_path):
    (tmp_path / "blankspot.toml").write_text(
        '[sources]\nboundaries = "a.gpkg"\nmeasurements = ["b.csv", { path = ["c.csv", "d/*.csv"] }]\n'
    )
    found = read_config(tmp_path).sources
    assert [source.path for source in found.measurements] == [("b.csv",), ("c.csv", "d/*.csv")]


def test_a_locked_ledger_is_one_clear_error(folder, monkeypatch):
    workspace = bs.Workspace(folder)
    workspace.run()
    (folder / "data" / "penanganan.csv").write_text(worlds.HANDLING + "2022-02-01,99.01.01.2002,proposed,,,,\n")
    holder = sqlite3.connect(folder / "ledger.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    original = bs.Ledger.open
    monkeypatch.setattr(bs.Ledger, "open", lambda address, **options: original(address, timeout_s=0.2, **options))
    try:
        with pytest.raises(LedgerError) as caught:
            bs.Workspace(folder).run()
        assert caught.value.exit_code == 5
    finally:
        holder.rollback()
        holder.close()


def test_a_copy_of_the_ledger_holds_corrections_and_conflicts_as_they_are(folder):
    village, day = "32.04.06.2001", dt.date(2022, 5, 1)

    def event(kind, on=day, **fields):
        return Event(kind=kind, village_code=village, happened_on=on, fields=fields)

    workspace = bs.Workspace(folder, now=NOW)
    with workspace.ledger() as ledger, bs.Ledger.open(":memory:", clock=lambda: NOW) as other:
        proposed, _ = ledger.append([event("proposed"), event("verified")])
        ledger.append(event("correction", corrects=proposed.content_id, reason="keliru", channel="musrenbang"))
        other.merge(ledger)
        ledger.append(event("approved", document="SK-1"))
        other.append(event("approved", document="SK-2"))
        ledger.merge(other)
        with workspace.ledger_copy() as copy:
            assert copy.state().equals(ledger.state())
            assert copy.conflicts()["content_id"].tolist() == ledger.conflicts()["content_id"].tolist()

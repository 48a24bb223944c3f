"""The tables as declared, and every fault that a table can have."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from blankspot import schema
from blankspot.values import DTYPES

COLUMNS = [(table, name) for table, declared in schema.TABLES.items() for name in declared.columns]
MADE = ("verdicts", "evidence")  # nobody fills these in
DESIGN = {
    "villages": "village_code village_name village_type district regency province code_version bps_code population office_point geometry",
    "measurements": "measured_at lon lat accuracy_m operator technology metric value indoor source source_row",
    "sites": "site_id site_name owner lon lat ground_m height_m status position_quality",
    "services": "site_id operator technology band_mhz eirp_dbm azimuth_deg beamwidth_deg tilt_deg height_m bandwidth_mhz",
    "verdicts": (
        "village_code signal_class confidence share_served share_weak share_none share_low share_high weight_kind "
        "n_measurements n_cells latest_measurement rule profile reason partial no_4g"
    ),
    "evidence": "village_code operator technology kind statistic value low high n source",
}


@pytest.mark.parametrize("table", DESIGN)
def test_the_designs_columns_are_there(table):
    assert set(DESIGN[table].split()) <= set(schema.TABLES[table].columns)


def test_the_tables_without_a_list_in_the_design_are_there_too():
    assert {"facilities", "internet_points", "proposals", "reports", "podes"} <= set(schema.TABLES)


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_each_column_says_what_a_person_needs_to_fill_it_in(table, name):
    column = schema.TABLES[table].columns[name]
    assert column.title.strip()
    assert column.description.endswith(".")
    assert column.metadata["help_id"].strip()
    assert column.metadata["kind"] in DTYPES
    assert column.metadata["classification"] in ("terbuka", "terbatas", "dikecualikan")
    low, high = column.metadata["range"]
    assert low is None or high is None or low < high


@pytest.mark.parametrize("table", schema.TABLES)
def test_headings_name_one_column_each(table):
    headings = [column.title.casefold() for column in schema.TABLES[table].columns.values()]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("table", [table for table in schema.TABLES if table not in MADE])
def test_the_examples_of_a_table_make_a_valid_row(table):
    declared = schema.TABLES[table]
    row = {name: column.metadata["example"] for name, column in declared.columns.items() if column.metadata["example"]}
    frame, found = schema.failures(pd.DataFrame([row]), declared, np.array([True]))
    assert not found
    assert len(frame) == 1


@pytest.mark.parametrize("table", schema.TABLES)
@pytest.mark.parametrize("rows", [0, 3])
def test_empty_rows_miss_every_required_column_and_nothing_else(table, rows):
    declared = schema.TABLES[table]
    required = [name for name in schema.required_columns(declared) if name != "geometry"]
    frame, found = schema.failures(pd.DataFrame(index=range(rows)), declared, np.ones(rows, dtype=bool))
    assert list(frame.columns) == list(declared.columns)
    assert {name for name, *_ in found} == (set(required) if rows else set())
    for _, rule, positions, message, seen in found:
        assert rule == "missing_value"
        assert positions.tolist() == [0, 1, 2]
        assert len(seen) == 3
        assert message.id
        assert message.en


class TestFailures:
    frame = pd.DataFrame(
        {
            "ekstra": ["a", "b", "c", "d"],
            "lon": ["107,6", "x", "200", ""],
            "lat": ["-6.9"] * 4,
            "measured_at": ["2022-10-03 10:00", "kemarin", "2022-10-03", "2022-10-03"],
            "operator": ["telkomsel"] * 4,
            "technology": ["4G", "4G", "6G", "4G"],
            "metric": ["rsrp_dbm"] * 4,
            "value": ["-98"] * 4,
        }
    )

    def found(self, alive=(True,) * 4) -> dict[tuple[str, str], list[int]]:
        _, found = schema.failures(self.frame, schema.TABLES["measurements"], np.array(alive))
        return {(name, rule): rows.tolist() for name, rule, rows, _, _ in found}

    def test_every_fault_is_found_with_its_rows(self):
        assert self.found() == {
            ("lon", "unreadable_number"): [1],
            ("measured_at", "unreadable_time"): [1],
            ("lon", "missing_value"): [1, 3],
            ("lon", "out_of_range"): [2],
            ("measured_at", "missing_value"): [1],
            ("technology", "not_a_choice"): [2],
        }

    def test_a_planner_reads_headings_and_words_not_identifiers(self):
        frame = pd.DataFrame({"site_id": ["A"], "lon": ["x"], "lat": ["-6,9"], "status": ["rusak"]})
        frame = frame.assign(position_quality="Disurvei", height_m="52 m")
        _, found = schema.failures(frame, schema.TABLES["sites"], np.array([True]))
        said = {(column, rule): message for column, rule, _, message, _ in found}
        assert said["lon", "unreadable_number"].id.startswith("'{value}' di kolom Bujur tidak terbaca sebagai angka;")
        assert said["status", "not_a_choice"].id.endswith("kolom Status; pilih: Aktif, Rencana, Tidak aktif.")
        assert said["status", "not_a_choice"].en.endswith("choose: Active, Planned, Inactive.")
        assert not any(column == "height_m" for column, _ in said)

    def test_dead_rows_are_not_judged(self):
        assert self.found((True, False, False, False)) == {}

    def test_columns_come_typed_in_the_declared_order_with_others_behind_and_the_input_stays(self):
        before = self.frame.copy()
        frame, _ = schema.failures(self.frame, schema.TABLES["measurements"], np.ones(4, dtype=bool))
        declared = schema.TABLES["measurements"].columns
        assert list(frame.columns) == [*declared, "ekstra"]
        for name in declared:
            assert str(frame[name].dtype) == str(DTYPES[schema.kind_of(schema.TABLES["measurements"], name)])
        pd.testing.assert_frame_equal(self.frame, before)

    def test_the_message_names_the_column_the_choices_and_the_range(self):
        _, found = schema.failures(self.frame, schema.TABLES["measurements"], np.ones(4, dtype=bool))
        messages = {rule: message for _, rule, _, message, _ in found}
        assert "2G, 3G, 4G, 5G" in messages["not_a_choice"].id
        assert "-180 … 180" in messages["out_of_range"].en
        assert "{value}" in messages["unreadable_time"].id
        assert "waktu" in messages["unreadable_time"].id


def test_words_of_a_drop_down_are_known_in_both_languages():
    words = pd.Series(["Desa Adat", "kelurahan", "KELURAHAN", "dusun", None])
    known = schema.identify(words, "village_type", schema.VILLAGE_TYPES)
    assert known.tolist()[:4] == ["desa_adat", "kelurahan", "kelurahan", "dusun"]

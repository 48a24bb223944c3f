"""Defaults with their sources, changes laid over them, and every fault in one message."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import ValidationError

from blankspot.errors import SettingsError
from blankspot.settings import Provenance, Settings, SourceNote, changed, load_settings

DEFAULTS = files("blankspot").joinpath("defaults.toml").read_text(encoding="utf-8")
UNITS = (
    "_n_units",
    "_units_per_km",
    "_mhz",
    "_deg",
    "_pixels",
    "_seconds",
    "_mb",
    "attempts",
    "tiles_max",
    "_dbm",
    "_db",
    "_pct",
    "_points",
    "_m",
    "_km",
    "_km2",
    "_days",
    "_minutes",
    "_min",
    "_max",
    "_cells",
    "_decimals",
    "_per_km2",
)


def leaves(values: Mapping, path: tuple[str, ...] = ()):
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


class TestDefaults:
    def test_every_threshold_says_where_it_comes_from(self):
        section, bare = "", []
        for line in DEFAULTS.splitlines():
            if found := re.match(r"\[(.+?)\]", line):
                section = found[1]
            elif found := re.match(r'"?[\w .]+"?\s*=', line):
                comment = line.partition("#")[2].strip()
                if not section.startswith("aliases") and not comment:
                    bare.append(f"{section}: {line}")
        assert not bare

    def test_every_number_is_in_a_key_that_names_its_unit_or_what_it_counts(self):
        for path, value in leaves(tomllib.loads(DEFAULTS)):
            if isinstance(value, (int, float)) and path[:2] != ("intake", "range"):
                key_or_its_table = path[-2:]  # a table may name the unit of all its keys: band_mhz.4G, clutter_m.10
                assert any(part.endswith(UNITS) for part in key_or_its_table), ".".join(path)

    def test_the_file_and_the_model_hold_the_same_keys(self):
        assert dict(leaves(load_settings().model_dump(mode="json"))) == dict(leaves(tomllib.loads(DEFAULTS)))

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("signal.rsrp_dbm.very_strong_min_dbm", -90),
            ("signal.rsrp_dbm.strong_min_dbm", -105),
            ("signal.rsrp_dbm.weak_min_dbm", -115),
            ("signal.ss_rsrp_dbm.strong_min_dbm", -105),
            ("signal.rscp_dbm.very_strong_min_dbm", -85),
            ("signal.rscp_dbm.strong_min_dbm", -95),
            ("signal.rscp_dbm.weak_min_dbm", -105),
            ("signal.rxlev_dbm.very_strong_min_dbm", -75),
            ("signal.rxlev_dbm.strong_min_dbm", -85),
            ("signal.rxlev_dbm.weak_min_dbm", -95),
            ("village.none_share_max_pct", 5),
            ("village.none_upper_max_pct", 20),
            ("village.served_share_min_pct", 80),
            ("village.served_lower_min_pct", 60),
            ("village.weak_width_max_points", 40),
            ("evidence.cell_size_m", 250),
            ("evidence.readings_min", 20),
            ("evidence.cells_min", 4),
            ("evidence.indicative_readings_min", 5),
            ("evidence.validity_days", 365),
            ("evidence.interval_level_pct", 95),
            ("receiver.indoor_margin_db", 15),
            ("public.coordinate_decimals", 3),
        ],
    )
    def test_the_designs_thresholds(self, path, value):
        found = load_settings()
        for name in path.split("."):
            found = getattr(found, name)
        assert found == value

    def test_no_spelling_belongs_to_two_operators(self):
        spellings = [spelling for names in load_settings().aliases.operator.values() for spelling in names]
        assert len(spellings) == len(set(spellings))


class TestChanges:
    def test_only_what_is_named_changes(self):
        settings = load_settings({"evidence": {"cell_size_m": 500}})
        assert settings.evidence.cell_size_m == 500
        assert settings.evidence.readings_min == load_settings().evidence.readings_min
        assert changed(settings) == {"evidence.cell_size_m": (250.0, 500.0)}
        assert changed(load_settings()) == {}

    def test_changes_stay_as_they_were_and_do_not_leak_into_the_defaults(self):
        changes = {"evidence": {"cell_size_m": 500}, "aliases": {"operator": {"baru": ["b"]}}}
        before = {"evidence": {"cell_size_m": 500}, "aliases": {"operator": {"baru": ["b"]}}}
        first = load_settings(changes)
        assert changes == before
        assert "telkomsel" in first.aliases.operator
        assert "baru" not in load_settings().aliases.operator

    def test_settings_are_frozen(self):
        with pytest.raises(ValidationError, match="frozen"):
            load_settings().evidence.cell_size_m = 1

    def test_every_fault_is_listed_at_once_with_its_value_and_its_place(self):
        with pytest.raises(SettingsError) as caught:
            load_settings(
                {
                    "evidence": {"cell_size_m": -1, "cells_min": "four"},
                    "village": {"none_share_max_pct": 101},
                    "signal": {"rsrp_dbm": {"strong_min_dbm": -80}},
                    "timezone": "Asia/Bandung",
                    "language": "su",
                    "sinyal": 1,
                },
                where="blankspot.toml",
            )
        message = str(caught.value)
        for part in (
            "blankspot.toml", "evidence.cell_size_m", "-1", "evidence.cells_min", "four", "village.none_share_max_pct",
            "signal.rsrp_dbm", "descend", "timezone", "Asia/Makassar", "language", "su", "sinyal", "7 setting(s)",
        ):  # fmt: skip
            assert part in message
        assert "7 pengaturan" in caught.value.say("id")
        assert caught.value.exit_code == 2

    @pytest.mark.parametrize(
        "changes",
        [
            {"village": {"none_share_max_pct": 90}},
            {"evidence": 3},
            {"evidence": {"cell_size_m": float("nan")}},
            {"evidence": {"cell_size_m": float("inf")}},
            {"intake": {"range": {"rsrp_dbm": {"min": -30, "max": -150}}}},
            {"signal": {"rsrp_dbm": {"weak_min_dbm": float("nan")}}},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changes):
        with pytest.raises(SettingsError):
            load_settings(changes)


class TestDigest:
    def test_the_digest_is_eight_hexadecimal_digits_and_stable(self):
        assert re.fullmatch(r"[0-9a-f]{8}", load_settings().digest)
        assert load_settings().digest == Settings.model_validate(tomllib.loads(DEFAULTS)).digest
        assert load_settings().profile_label == f"bawaan-2026 ({load_settings().digest})"

    @hypothesis_settings(deadline=None, max_examples=30)
    @given(st.floats(1, 10_000).filter(lambda size: size != 250))
    def test_it_changes_with_any_value_and_only_then(self, size):
        one, two = (load_settings({"evidence": {"cell_size_m": size}}) for _ in range(2))
        assert one.digest == two.digest
        assert one.digest != load_settings().digest

    def test_the_zone_is_the_one_named(self):
        east = load_settings({"timezone": "Asia/Jayapura"}).zone
        assert dt.datetime(2022, 12, 26, tzinfo=east).utcoffset() == dt.timedelta(hours=9)


def test_provenance_prints_its_profile():
    note = SourceNote(name="a.csv", kind="measurements", sha256="0" * 64, rows_in=3, rows_accepted=2, rows_rejected=1)
    provenance = Provenance(
        version="0.1.0", profile="p", profile_digest="1f2e3d4c", as_of=dt.date(2022, 12, 26), sources=(note,)
    )
    assert provenance.profile_label == "p (1f2e3d4c)"


def test_the_language_is_no_rule_but_every_threshold_is():
    assert load_settings({"language": "en"}).digest == load_settings().digest
    assert load_settings({"evidence": {"cell_size_m": 251.0}}).digest != load_settings().digest

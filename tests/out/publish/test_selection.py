"""One gate: what of a workspace's tables leaves, and what is said about the rest."""

from __future__ import annotations

import mapworld
import numpy as np
import pandas as pd
import pytest
import worlds

import blankspot as bs
from blankspot.out.publish.columns import TEXT_RULES, coarse_sentence
from blankspot.out.publish.held import held_frame
from blankspot.out.publish.selection import Material, desa_schema, select
from blankspot.schema import OPEN_TABLES, TABLES
from blankspot.settings import load_settings

SETTINGS = load_settings()
PROFILE = "bawaan-2026 (1f2e3d4c)"


def chosen(frames, **given):
    return select(Material(frames=frames, **given), SETTINGS, profile=PROFILE)


def test_every_open_column_of_free_text_has_a_rule():
    published = ("evidence", "sites", "services", "internet_points", "facilities", "podes", "proposals")
    schemas = [desa_schema(), *(TABLES[name] for name in published), *OPEN_TABLES.values()]
    loose = {
        name
        for schema in schemas
        for name, column in schema.columns.items()
        if column.metadata["kind"] == "text"
        and column.metadata["classification"] == "terbuka"
        and name not in TEXT_RULES
    }
    assert loose == set()


def test_a_column_nobody_decided_about_stays():
    frame = mapworld.villages(4).assign(kepala_desa="Budi Santoso", luas_km2=3.0)
    selection = chosen({"villages": frame})
    assert not {"kepala_desa", "luas_km2"} & set(selection.table("desa").frame.columns)
    assert {(line.field, line.rule) for line in selection.held} >= {
        ("kepala_desa", "undeclared"),
        ("luas_km2", "undeclared"),
    }


def test_no_verdicts_and_empty_tables():
    frame = mapworld.villages(3)
    empty = {
        name: pd.DataFrame(columns=list(TABLES[name].columns))
        for name in ("sites", "measurements", "reports", "evidence")
    }
    selection = chosen({"villages": frame, **empty})
    assert [table.name for table in selection.tables] == ["desa"]
    assert len(selection.table("desa").frame) == 3


def test_villages_without_geometry_leave_as_rows():
    frame = mapworld.villages(3)
    frame.loc[1, "geometry"] = None
    selection = chosen({"villages": frame})
    assert len(selection.table("desa").frame) == 3
    assert ("geometry", "no_geometry", 1) in {(line.field, line.rule, line.rows) for line in selection.held}
    frame["geometry"] = None
    assert chosen({"villages": frame.set_crs(4326, allow_override=True)}).bounds is None


def test_a_row_whose_code_is_none_does_not_leave():
    frame = mapworld.villages(3)
    frame.loc[0, "village_code"] = "0812-3456-7890"
    selection = chosen({"villages": frame})
    assert len(selection.table("desa").frame) == 2
    assert ("village_code", "not_a_code") in {(line.field, line.rule) for line in selection.held}


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("47 titik ukur, terakhir 3 Oktober 2022.", "47 titik ukur, terakhir Oktober 2022."),
        ("47 readings, latest 3 October 2022.", "47 readings, latest October 2022."),
        ("2 laporan warga dari 2 tempat", "kurang dari 3 laporan warga dari 2 tempat"),
        ("1 citizen reports", "fewer than 3 citizen reports"),
        ("12 laporan warga", "12 laporan warga"),
    ],
)
def test_sentences_are_made_coarse(sentence, left):
    assert coarse_sentence(sentence, 3) == left


@pytest.mark.parametrize("lang", ["id", "en"])
def test_our_own_sentences_leave(lang):
    settings = load_settings({"language": lang})
    village = worlds.full_villages(3)
    readings = pd.concat([worlds.drive([-121.0] * 31), worlds.drive([-80.0] * 40).assign(operator="xl")])
    reports = pd.DataFrame(
        {
            "village_code": village["village_code"].iloc[1],
            "reported_on": pd.to_datetime(["2022-08-01"] * 2),
            "lon": np.nan,
            "lat": np.nan,
        }
    )
    podes = pd.DataFrame(
        {
            "village_code": village["village_code"].iloc[[2]],
            "year": 2021,
            "signal": "weak",
            "technology": "4G",
            "operators": 1,
        }
    )
    found = bs.classify(
        village,
        measurements=readings,
        reports=reports,
        podes=podes,
        as_of=pd.Timestamp("2022-12-26").date(),
        settings=settings,
    )
    selection = select(
        Material(frames={"villages": village, "verdicts": found.verdicts}), settings, profile=settings.profile_label
    )
    assert selection.table("desa").frame["reason"].notna().all()
    assert not [line for line in selection.held if line.field in ("reason", "rule", "profile")]


def test_a_mast_without_a_number_of_its_own_gets_one_in_every_table():
    frames = mapworld.tables(mapworld.villages(3))
    sites = frames["sites"].assign(site_id=["Budi Santoso", "S1", "S2"])
    services = frames["services"].assign(site_id=["S1", "Budi Santoso", "Budi Santoso"])
    selection = chosen({"villages": mapworld.villages(3), "sites": sites, "services": services})
    named = selection.table("menara").frame["site_id"].tolist()
    assert selection.table("layanan").frame["site_id"].tolist() == ["S1", named[0], named[0]]
    assert "Budi" not in named[0]


def test_the_list_of_what_stays_names_no_value():
    frame, rest = mapworld.hostile()
    frames = {"villages": frame, "cases": rest["handling"]} | {
        name: rest[name] for name in ("verdicts", "sites", "services", "measurements", "internet_points", "facilities")
    }
    selection = chosen(frames, stays={"ledger": 7})
    told = held_frame(selection.held, "id").to_csv() + held_frame(selection.held, "en").to_csv()
    for secret in (*mapworld.SECRETS, *mapworld.HOSTILE[:4], "Budi"):
        assert secret not in told
    assert "buku besar" in told
    assert (held_frame(selection.held, "id")["rows"] > 0).all()


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_sentences_of_a_prediction_leave_whole(coarse, lang):
    settings = load_settings({"language": lang, "prediction": {"checked_villages_min": 1}})
    village = worlds.full_villages(4)
    shares = [(0.0, 0.0, 0.1), (1.0, 1.0, 1.0), (0.5, 0.1, 0.9), (1.0, 1.0, 1.0)]
    foretold = pd.DataFrame(shares, columns=["share_served", "share_low", "share_high"]).assign(
        village_code=village["village_code"],
        kind="modelled",
        share_weak=0.0,
        n_pixels=900,
        weight_kind="area",
        coarse=coarse,
    )
    foretold["share_none"] = 1 - foretold["share_served"]
    silent = pd.DataFrame([worlds.reading(worlds.SIDE + at, -130.0) for at in range(25)])
    found = bs.classify(village, measurements=silent, coverage=foretold, settings=settings)
    assert {
        "unknown.modelled_doubted",
        f"unknown.modelled{'_coarse' * coarse}",
        f"modelled{'_coarse' * coarse}.none",
    } < set(found.verdicts["rule"])
    selection = select(
        Material(frames={"villages": village, "verdicts": found.verdicts}), settings, profile=settings.profile_label
    )
    assert selection.table("desa").frame["reason"].notna().all()
    assert not [line for line in selection.held if line.field in ("reason", "rule", "profile")]

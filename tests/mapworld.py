"""An invented kabupaten for the tests of the map: villages that tile, verdicts, handling, points, and hostile texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from blankspot.ledger.progress import progress_text
from blankspot.out.maps import History
from blankspot.settings import Provenance, SourceNote

HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "${window.hacked=1}",
    "`+(window.hacked=1)+`",
    "\\u003cscript\\u003e\\",
    "{{ 7*7 }}{% raw %}",
    "\u202eterbalik\u200f \u2066x",
    "📡 Desa 🏔️",
    "\"><svg/onload=window.hacked=1>'",
    "javascript:window.hacked=1//--><!--]]>",
    "=HYPERLINK(1)&amp;&lt;",
    "__proto__",
)
SECRETS = ("IMEI-490154203237518", "0812-RAHASIA", "CATATAN-RAHASIA", "PONSEL-BUDI")
LAT_FINE, LON_FINE = -6.9471234, 107.7412345


@dataclass(frozen=True)
class Achievement:
    """Progress as the ledger tells it."""

    numerator: int = 43
    denominator: int = 60
    as_of: dt.date = dt.date(2022, 12, 26)
    year: int = 2022

    def text(self, lang: str) -> str:
        if lang == "id":
            return "43 dari 60 desa (71,67 %) per 26 Desember 2022"
        return "43 of 60 villages (71.67 %) as of 26 December 2022"


def villages(count: int = 40) -> gpd.GeoDataFrame:
    """Return villages with wavy borders that tile an area of 0.4 by 0.3 degrees, in four kecamatan from west to east."""
    rng = np.random.default_rng(7)
    area = shapely.box(107.4, -7.2, 107.8, -6.9)
    seeds = shapely.MultiPoint(rng.uniform((107.4, -7.2), (107.8, -6.9), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=area, ordered=True))
    tiles = shapely.segmentize(shapely.intersection(cells, area), 0.0008)
    wavy = shapely.transform(tiles, lambda at: _waves(np.round(at, 7)))
    east = shapely.get_x(shapely.centroid(wavy))
    district = np.minimum(((east - 107.4) / 0.1).astype(int), 3) + 1
    return gpd.GeoDataFrame(
        {
            "village_code": [f"99.01.{d:02d}.2{row + 1:03d}" for row, d in enumerate(district)],
            "village_name": [f"Desa Uji {row + 1}" for row in range(count)],
            "village_type": "desa",
            "district": [f"Kecamatan {d}" for d in district],
            "regency": "Kabupaten Uji",
            "province": "Provinsi Uji",
            "population": 1000.0 + np.arange(count),
        },
        geometry=wavy,
        crs=4326,
    )


def _waves(at: np.ndarray) -> np.ndarray:
    return at + 0.0006 * np.column_stack([np.sin(at[:, 1] * 900), np.cos(at[:, 0] * 900)])


def tables(frame: gpd.GeoDataFrame, *, readings: int = 3000) -> dict[str, Any]:
    """Return every other argument of `draw_map`; classes, confidences and stages go round in turn."""
    rng = np.random.default_rng(11)
    n = len(frame)
    turn = np.arange(n)
    classes = np.array(["none", "weak", "served", "unknown"])[turn % 4]
    share = np.array([0.02, 0.45, 0.92, np.nan])[turn % 4]
    middle = shapely.get_coordinates(shapely.point_on_surface(frame.geometry.to_numpy()))
    verdicts = pd.DataFrame(
        {
            "village_code": frame["village_code"].to_numpy(),
            "signal_class": classes,
            "partial": pd.array(turn % 5 == 0, dtype="boolean"),
            "no_4g": pd.array(turn % 7 == 0, dtype="boolean"),
            "confidence": np.array(["measured", "measured", "modelled", "reported", "indicative"])[turn % 5],
            "share_served": share,
            "share_weak": (1 - share) / 4,
            "share_none": (1 - share) * 3 / 4,
            "share_low": share * 0.7,
            "share_high": np.minimum(1, share + 0.11),
            "weight_kind": "population",
            "n_measurements": pd.array(turn + 5, dtype="Int64"),
            "n_cells": pd.array(turn % 30 + 1, dtype="Int64"),
            "latest_measurement": pd.Timestamp("2022-10-03 20:15", tz="UTC"),
            "rule": "measured_none",
            "profile": "bawaan-2026 (1f2e3d4c)",
            "reason": "Blankspot: 0 dari 31 sel terukur terlayani 4G (batas atas 11,0 %), 47 titik ukur, terakhir 3 Oktober 2022.",
        }
    )
    stages = np.array(["handled", "proposed", "construction", "rejected"])
    cased = np.flatnonzero(turn % 2 == 0)
    handling = pd.DataFrame(
        {
            "case_id": [f"k{i}" for i in range(len(cased))],
            "village_code": frame["village_code"].to_numpy()[cased],
            "year": pd.array([2022] * len(cased), dtype="Int64"),
            "is_target": True,
            "stage": stages[np.arange(len(cased)) % 4],
            "since": pd.Timestamp("2022-11-14"),
            "partner": np.array(["Telkomsel", "BAKTI"])[np.arange(len(cased)) % 2],
            "intervention_type": "bts",
            "funding_source": "uso_bakti",
            "budget_rp": 2.6e9,
            "handled_on": pd.Timestamp("2022-11-14"),
            "evidence": "BA-UjiSinyal-2022-031",
            "document": "SK-118",
            "note": "CATATAN-RAHASIA",
        }
    )
    pick = rng.integers(0, max(n, 1), readings) if n else np.array([], dtype=int)
    measurements = pd.DataFrame(
        {
            "measured_at": pd.Timestamp("2022-10-03 02:15", tz="UTC"),
            "lon": middle[pick, 0] + rng.normal(0, 0.004, len(pick)),
            "lat": middle[pick, 1] + rng.normal(0, 0.004, len(pick)),
            "operator": np.array(["telkomsel", "indosat"])[np.arange(len(pick)) % 2],
            "technology": "4G",
            "metric": "rsrp_dbm",
            "value": rng.normal(-104, 9, len(pick)).round(1),
            "source": "PONSEL-BUDI",
            "source_row": np.arange(len(pick)) + 880_000,
            "device_id": "IMEI-490154203237518",
            "phone": "0812-RAHASIA",
        }
    )
    some = middle[: min(n, 12)]
    sites = pd.DataFrame(
        {
            "site_id": [f"S{i}" for i in range(len(some))],
            "site_name": [f"Menara {i}" for i in range(len(some))],
            "owner": "Mitratel",
            "lon": some[:, 0],
            "lat": some[:, 1],
            "height_m": 52.0,
            "status": np.array(["active", "planned", "inactive"])[np.arange(len(some)) % 3],
            "position_quality": np.array(["surveyed", "crowdsourced"])[np.arange(len(some)) % 2],
        }
    )
    services = pd.DataFrame(
        {"site_id": sites["site_id"], "operator": "telkomsel", "technology": "4G", "band_mhz": 1800.0}
    )
    internet = pd.DataFrame(
        {
            "point_name": "WiFi Balai",
            "point_type": "wifi",
            "provider": "BAKTI",
            "lon": some[:, 0] + 0.002,
            "lat": some[:, 1],
        }
    )
    facilities = pd.DataFrame(
        {
            "facility_name": "SDN 1",
            "facility_type": "sekolah",
            "lon": some[:, 0],
            "lat": some[:, 1] + 0.002,
            "has_internet": True,
        }
    )
    return {
        "verdicts": verdicts,
        "handling": handling,
        "sites": sites,
        "services": services,
        "measurements": measurements,
        "internet_points": internet,
        "facilities": facilities,
        "progress": Achievement(),
        "provenance": Provenance(
            version="0.1.0",
            profile="bawaan-2026",
            profile_digest="1f2e3d4c",
            as_of=dt.date(2022, 12, 26),
            sources=(SourceNote(name="batas.gpkg", kind="boundaries", sha256="0", rows_in=41, rows_accepted=40),),
        ),
    }


def history(frame: gpd.GeoDataFrame) -> History:
    """Return a past of four stops: handling since the first, classes at the second and third, one step worse than now."""
    stops = tuple(dt.date.fromisoformat(text) for text in ("2022-03-31", "2022-06-30", "2022-09-30", "2022-12-26"))
    codes, turn = frame["village_code"].to_numpy(), np.arange(len(frame))
    earlier = np.array(["none", "none", "weak", "unknown"])[turn % 4]
    asked = pd.DataFrame({"village_code": codes, "on": pd.Timestamp("2022-02-01"), "stage": "proposed", "partner": ""})
    later = np.array(["assigned", "verified"])[turn % 2]
    moved = asked.assign(on=pd.Timestamp("2022-07-15"), stage=later, partner=np.array(["Telkomsel", ""])[turn % 2])
    classes = [
        pd.DataFrame(
            {"village_code": codes, "on": pd.Timestamp(stop), "signal_class": earlier, "confidence": "measured"}
        )
        for stop in stops[1:3]
    ]
    lines = [(stop, 2022, done, 60) for stop, done in zip(stops, (1, 10, 23, 43), strict=True)]
    progress = pd.DataFrame(lines, columns=["on", "year", "numerator", "denominator"])
    said = [
        progress_text(row.numerator, row.denominator, row.on, lang)
        for lang in ("id", "en")
        for row in progress.itertuples()
    ]
    progress = progress.assign(on=pd.to_datetime(progress["on"]), text_id=said[:4], text_en=said[4:])
    return History(stops=stops, moves=pd.concat([asked, moved]), classes=pd.concat(classes), progress=progress)


def changes(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what changed: the first village was handled, the third was put on the list, the office paid and noted something."""
    code = frame["village_code"].tolist()
    rows = [
        (code[0], "stage", "construction", "handled", "2022-11-14"),
        (code[0], "handled_on", None, "2022-11-14", "2022-11-14"),
        (code[2], "target_added", None, "2022", "2022-10-05"),
        (code[2], "planned_quarter", "2022-Q3", "2022-Q4", "2022-10-06"),
        (code[4], "money", None, "900000000", "2022-10-07"),
        (code[6], "note", None, "CATATAN-RAHASIA", "2022-10-08"),
        (code[8] + "0", "stage", "proposed", "verified", "2022-10-09"),
    ]
    told = pd.DataFrame(rows, columns=["village_code", "what", "before", "after", "happened_on"])
    return told.assign(case_id=told["village_code"] + ":mobile", happened_on=pd.to_datetime(told["happened_on"]))


def hostile() -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Return a world whose every text column carries texts that would run, break or reverse a careless page."""
    frame = villages(len(HOSTILE))
    frame["village_name"] = list(HOSTILE)
    frame["district"] = [HOSTILE[int(code[6:8])] for code in frame["village_code"]]
    frame["regency"] = HOSTILE[0]
    rest = tables(frame, readings=60)

    def spread(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
        texts = [HOSTILE[row % len(HOSTILE)] for row in range(len(table))]
        return table.assign(**dict.fromkeys(columns, texts))

    rest["verdicts"] = spread(rest["verdicts"], "reason", "rule", "profile", "weight_kind").assign(signal_class="none")
    rest["handling"] = spread(rest["handling"], "partner", "evidence", "intervention_type", "funding_source")
    rest["sites"] = spread(rest["sites"], "site_name", "owner", "status", "position_quality")
    rest["services"] = spread(rest["services"], "operator", "technology")
    rest["measurements"] = spread(rest["measurements"], "operator", "technology")
    rest["internet_points"] = spread(rest["internet_points"], "point_name", "provider", "point_type")
    rest["facilities"] = spread(rest["facilities"], "facility_name", "facility_type")
    told = spread(changes(frame), "before", "after").assign(village_code=frame["village_code"].iloc[0])
    return frame, rest | {"title": "".join(HOSTILE), "changes": told, "changed_since": dt.date(2022, 9, 30)}

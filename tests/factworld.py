"""Frames of a ledger for the tests of the fact sheets: a few cases that a reader can count, and a crowd that overflows a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

AS_OF = dt.date(2022, 12, 26)
HOSTILE = "<script>alert(1)</script> & <b>tebal</b> {{ 7*7 }} ${x} \u202eterbalik\x1b[31m \N{SATELLITE ANTENNA}"


def case(code: str, stage: str, since: str, **more: Any) -> dict[str, Any]:
    """Return one row of the state; `service` and `case_id` of mobile coverage unless said."""
    service = more.pop("service", "mobile")
    return {
        "case_id": f"{code}:{service}", "village_code": code, "service": service, "year": 2022, "is_target": True,
        "stage": stage, "since": pd.Timestamp(since), "partner": "Telkomsel", "budget_rp": 1.5e9, "realized_rp": None,
        "planned_quarter": None, "handled_on": pd.Timestamp(since) if stage == "handled" else pd.NaT, "conflict": False,
        "intervention_type": "bts", "funding_source": "komersial", "evidence": None, "reason": None,
    } | more  # fmt: skip


def state(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return rows as the state."""
    columns = list(case("99.01.01.2001", "assigned", "2022-01-01"))
    frame = pd.DataFrame(list(rows), columns=columns)
    return frame.astype({"since": "datetime64[us]", "handled_on": "datetime64[us]", "budget_rp": "float64", "realized_rp": "float64", "year": "Int64"})  # fmt: skip


def note(case_id: str, **more: Any) -> dict[str, Any]:
    """Return one open note."""
    return {
        "note_id": f"n-{case_id}-{len(more)}", "case_id": case_id, "village_code": case_id.split(":", maxsplit=1)[0],
        "noted_on": pd.Timestamp("2022-10-01"), "constraint": "Lahan belum dibebaskan", "follow_up": "Surat ke camat",
        "owner": "Bidang Infrastruktur", "due_on": pd.Timestamp("2022-11-30"), "note": None, "closed_on": pd.NaT, "open": True,
    } | more  # fmt: skip


def villages(count: int = 4, *, name: str = "Sukanagara") -> pd.DataFrame:
    """Return villages of two kecamatan in turn."""
    turn = range(count)
    return pd.DataFrame(
        {
            "village_code": [f"99.01.{i % 2 + 1:02d}.{2001 + i}" for i in turn],
            "village_name": [f"{name} {i + 1}" for i in turn],
            "district": [f"Kecamatan {'AB'[i % 2]}" for i in turn],
            "regency": "Kabupaten Uji",
            "province": "Provinsi Uji",
            "population": [1000.0 * (i + 1) for i in turn],
        }
    )


def crowd(
    count: int = 1200, *, name: str = "Nagari Sungai Landai Hilir Barat Daya"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return many villages with long names and one case for each."""
    frame = villages(count, name=name)
    frame["district"] = [f"Kecamatan Tanjung Selatan Nomor {i % 90}" for i in range(count)]
    stages = ("assigned", "verified_after", "construction", "handled", "deferred")
    rows = [
        case(code, stages[i % 5], "2022-03-01", partner=f"PT Mitra Telekomunikasi Nusantara Sejahtera {i % 7}", planned_quarter="2022-Q4", conflict=i % 3 == 0)
        for i, code in enumerate(frame["village_code"])
    ]  # fmt: skip
    return frame, state(*rows)

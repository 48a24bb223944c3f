"""The tower records that offices keep: a tidy register, and a survey sheet with every way to write a coordinate wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import degrees, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from blankspot.demo.fields import Ints
    from blankspot.demo.settle import Ground

_SHEET_SHARE: Final = 0.16
_SHEET_MIN: Final = 14
_DATED: Final = 0.8  # of the lines say when the mast was built
_SPELLINGS: Final = {
    "Mitratel": ("PT. DAYAMITRA TELEKOMUNIKASI", "MITRATEL", "PT DAYAMITRA TELEKOMUNIKASI TBK"),
    "Protelindo": ("PT. PROTELINDO", "PROFESIONAL TELEKOMUNIKASI INDONESIA, PT"),
    "Tower Bersama": ("PT. TOWER BERSAMA GROUP", "TBG"),
    "Telkomsel": ("PT. TELKOMSEL", "TELKOMSEL", "Telekomunikasi Selular"),
    "Indosat": ("PT. INDOSAT TBK", "INDOSAT OOREDOO"),
    "Solusi Tunas Pratama": ("PT. SOLUSI TUNAS PRATAMA", "STP"),
    "Centratama": ("PT. CENTRATAMA TELEKOMUNIKASI INDONESIA",),
}


def _both(lon: float, lat: float) -> tuple[str, str, str]:
    return f"{lat:.6f}", f"{lon:.6f}", f"{lon:.5f}, {lat:.5f}"


# How the sheet writes a position: latitude, longitude, and the surveyor's own cell.
_WRITTEN: Final[dict[str, Callable[[float, float], tuple[str, str, str]]]] = {
    "tidy": _both,
    "glued": lambda lon, lat: ("", "", f"{lon:.5f}{lat:.5f}"),
    "labelled_south": lambda lon, lat: ("", "", f"LS. {-lat:.5f} BT. {lon:.5f}"),
    "labelled_lu_for_longitude": lambda lon, lat: ("", "", f"LU. {lon:.5f}-{-lat:.5f}"),
    "spaces_inside": lambda lon, lat: (
        "",
        "",
        f"{int(lon)}. {f'{lon:.5f}'.split('.')[1]} - {int(-lat)}. {f'{lat:.5f}'.split('.')[1]}",
    ),
    "hemisphere_wrong": lambda lon, lat: (f"{-lat:.6f}", f"{lon:.6f}", ""),
    "lost_point": lambda lon, lat: ("", "", f"{lon:.5f}-{-lat:.5f}".replace(".", "", 1)),
    "no_coordinates": lambda _lon, _lat: ("", "", ""),
    "swapped": lambda lon, lat: (f"{lon:.6f}", f"{lat:.6f}", ""),
}
_HEIGHTS: Final = ("{:.0f} M", "{:.0f}  M", "{:.0f}M", "{:.0f} m", "5O M")


def number_sites(sites: pd.DataFrame, ground: Ground, labels: pd.DataFrame, village: np.ndarray) -> pd.DataFrame:
    """Return the sites in the columns of the sites table, typed; names follow the village.

    Args:
        sites: cell, height_m, owner, status.
        ground: Heights.
        labels: village_name per village.
        village: Village of each site, −1 where it stands outside.
    """
    row, column = np.divmod(sites["cell"].to_numpy(), ground.cells.columns)
    lon, lat = degrees(*ground.cells.place(row, column))
    frame = pd.DataFrame(
        {
            "site_id": [f"ARN{number:03d}" for number in range(1, len(sites) + 1)],
            "site_name": labels["village_name"].to_numpy()[np.clip(village, 0, None)],
            "owner": sites["owner"].to_numpy(),
            "lon": np.round(lon, 6),
            "lat": np.round(lat, 6),
            "ground_m": np.round(ground.height[row, column]),
            "height_m": sites["height_m"].to_numpy(),
            "status": sites["status"].to_numpy(),
            "position_quality": "surveyed",
            "source": "Diskominfo 2022",
        }
    )
    nth = frame.groupby("site_name").cumcount() + 1
    return frame.assign(site_name=frame["site_name"] + " " + nth.astype("str"))


def survey_sheet(
    seed: int, sites: pd.DataFrame, active: Ints, labels: pd.DataFrame, village: Ints
) -> tuple[pd.DataFrame, Ints, pd.DataFrame]:
    """Return some masts as a surveyor's sheet holds them, which sites these are, and the faults: line, fault.

    Args:
        seed: Seed of the world.
        sites: The sites table.
        active: Positions of the working ones.
        labels: village_name and district per village.
        village: Village of each site.
    """
    rng = stream(seed, "sheet")
    wanted = max(_SHEET_MIN, round(_SHEET_SHARE * len(active)))
    chosen = np.sort(rng.permutation(active)[: min(wanted, max(1, len(active) // 2))])
    ways = list(_WRITTEN)
    rows: list[dict[str, str]] = []
    faults: list[str] = []
    for order, index in enumerate(np.resize(chosen, wanted).tolist()):  # few masts were visited twice
        way = ways[order] if order < len(ways) else str(rng.choice(ways, p=[0.44] + [0.07] * (len(ways) - 1)))
        tall = _HEIGHTS[-1] if order == len(ways) else str(rng.choice(_HEIGHTS[:-1], p=[0.7, 0.1, 0.1, 0.1]))
        home = labels.iloc[max(0, int(village[index]))]
        rows.append(_sheet_row(rng, sites.iloc[index], home, order=order, way=way, tall=tall))
        faults.append(way if order != len(ways) else f"{way}+letter_o_for_zero")
    rows.append(rows[0])
    faults.append("duplicate")
    listed = pd.DataFrame({"line": np.arange(len(rows)) + 2, "fault": faults})
    return pd.DataFrame(rows), chosen, listed[listed["fault"] != "tidy"].reset_index(drop=True)


def _sheet_row(
    rng: np.random.Generator, site: pd.Series, home: pd.Series, *, order: int, way: str, tall: str
) -> dict[str, str]:
    """Return one line of the sheet: the mast as the office knows it, and again as the surveyor saw it."""
    latitude, longitude, written = _WRITTEN[way](float(site["lon"]), float(site["lat"]))
    spelt = _SPELLINGS.get(str(site["owner"]), (str(site["owner"]).upper(),))
    owner = spelt[int(rng.integers(len(spelt)))]
    code = f"ARN-{int(rng.integers(1000, 9999))}-{order:02d}"
    desa, kecamatan = str(home["village_name"]).upper(), str(home["district"]).upper()
    return {
        "id": str(order + 1),
        "provider_id": str(1 + len(owner) % 9),
        "nama_provider": owner,
        "nama_menara": code,
        "alamat": "-",
        "latitude": latitude,
        "longitude": longitude,
        "sheet_provider": owner,
        "sheet_site_id": code,
        "sheet_site_name": str(site["site_name"]).upper(),
        "sheet_alamat": f"KP. {desa} RT {int(rng.integers(1, 9)):02d}, DESA {desa}, KEC. {kecamatan}",
        "sheet_koordinat": written,
        "sheet_tinggi_tower": tall.format(float(site["height_m"])),
        "sheet_jenis_tower": str(rng.choice(["SST", "SST", "GUY MAST", "MONOPOLE"])),
        "sheet_kondisi_fisik": str(rng.choice(["BAIK", "BAIK", "KURANG BAIK"])),
        "sheet_tahun_bangun": str(rng.integers(2004, 2021)) if rng.random() < _DATED else "",
    }

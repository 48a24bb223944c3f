"""What offices and people say and own: perception of signal, complaints, public places, internet points, requests.

Perception is not the truth: some villages say better or worse than it is, and not every kecamatan sent its form. Complaints
come from where signal is poor and people are many.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import degrees, stream

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.settle import Ground

_PODES_SENT: Final = 0.42
_PERCEIVED: Final = {
    "none": (0.72, 0.22, 0.05, 0.01),
    "weak": (0.10, 0.66, 0.20, 0.04),
    "served": (0.01, 0.08, 0.52, 0.39),
}
_SIGNALS: Final = ("none", "weak", "strong", "very_strong")
_COMPLAINTS: Final = (
    "Sinyal hilang sejak pagi di sekitar {place}",
    "Tidak bisa telepon di {place}, harus naik ke bukit",
    "Internet sangat lambat kalau hujan, kampung {place}",
    "Anak sekolah susah ikut ujian daring di {place}",
    "Mohon dibangun menara, {place} belum ada sinyal",
    "Sinyal hanya ada di pinggir jalan besar, di {place} tidak ada",
)
_SOURCES: Final = ("SP4N-LAPOR", "WhatsApp Diskominfo", "Kantor Kecamatan")
_CHANNELS: Final = ("musrenbang", "desa", "kecamatan", "warga", "bakti")
_SCHOOLS: Final = ("SDN", "SMPN", "MI")


class Registry:
    """Villages by number with what the tables say of them; gives positions to things.

    Attributes:
        code, name, kind, district: Per village.
    """

    def __init__(
        self, ground: Ground, region: Ints, hamlets: list[list[int]], people: Floats, *, labels: pd.DataFrame
    ) -> None:
        self._ground = ground
        self._region = region
        self._hamlets = hamlets
        self._people = people
        self.code = labels["village_code"].tolist()
        self.name = labels["village_name"].tolist()
        self.kind = labels["village_type"].tolist()
        self.district = labels["district"].tolist()

    def spot(self, rng: np.random.Generator, village: int, *, centre: bool = False) -> tuple[str, str]:
        """Return longitude and latitude as texts of a place in a hamlet of the village."""
        cells = self._hamlets[village]
        cell = cells[0] if centre else cells[int(rng.integers(len(cells)))]
        return self._text(rng, cell)

    def home(self, rng: np.random.Generator, village: int) -> tuple[str, str]:
        """Return longitude and latitude as texts of a place where people of the village live."""
        members = np.flatnonzero(self._region == village)
        weight = np.nan_to_num(self._people.ravel()[members]) + 1e-6
        return self._text(rng, int(rng.choice(members, p=weight / weight.sum())))

    def _text(self, rng: np.random.Generator, cell: int) -> tuple[str, str]:
        row, column = np.divmod(cell, self._ground.cells.columns)
        x, y = self._ground.cells.place(row + rng.uniform(-0.3, 0.3), column + rng.uniform(-0.3, 0.3))
        lon, lat = degrees(x, y)
        return f"{float(lon):.6f}", f"{float(lat):.6f}"


def ask_officials(seed: int, registry: Registry, classes: list[str], district: Ints) -> pd.DataFrame:
    """Return the perception of signal of the villages whose kecamatan sent the form, as texts."""
    rng = stream(seed, "podes")
    count = int(district.max()) + 1
    sent = rng.permutation(count) < max(1, round(_PODES_SENT * count))
    rows = []
    for village, truth in enumerate(classes):
        said = str(rng.choice(_SIGNALS, p=_PERCEIVED[truth]))
        technology = "" if said == "none" else str(rng.choice(["4G", "3G", "2G"], p=[0.93, 0.03, 0.04]))
        operators = 0 if said == "none" else int(np.clip(rng.poisson(_SIGNALS.index(said)), 1, 4))
        if sent[district[village]]:
            rows.append((registry.code[village], "2021", said, technology, str(operators), "Podes contoh 2021"))
    return pd.DataFrame(rows, columns=["village_code", "year", "signal", "technology", "operators", "source"])


def complain(seed: int, registry: Registry, lacking: Floats, people: Floats) -> pd.DataFrame:
    """Return citizens' reports of 2021 and 2022 as texts, more where many people lack signal."""
    rng = stream(seed, "reports")
    weight = (0.03 + lacking) * np.sqrt(people)
    count = round(0.75 * len(people)) + 12
    rows = []
    for number, village in enumerate(rng.choice(len(people), size=count, p=weight / weight.sum()).tolist(), start=1):
        day = dt.date(2021, 3, 1) + dt.timedelta(days=int(rng.integers(0, 660)))
        lon, lat = registry.home(rng, village) if rng.random() < 0.6 else ("", "")  # noqa: PLR2004 - most say where
        code = registry.code[village] if not lon or rng.random() < 0.5 else ""  # noqa: PLR2004 - some name the desa too
        operator = str(rng.choice(["telkomsel", "telkomsel", "indosat", "xl", "smartfren", ""]))
        text = str(rng.choice(_COMPLAINTS)).format(place=registry.name[village])
        rows.append((f"L-{number:04d}", day.isoformat(), code, lon, lat, operator, text, str(rng.choice(_SOURCES))))
    columns = ["report_id", "reported_on", "village_code", "lon", "lat", "operator", "text", "source"]
    return pd.DataFrame(rows, columns=columns).sort_values("reported_on", kind="stable", ignore_index=True)


def list_facilities(seed: int, registry: Registry, classes: list[str], capitals: Ints) -> pd.DataFrame:
    """Return public places as texts: an office and schools in every village, more in the kecamatan's capital."""
    rng = stream(seed, "facilities")
    rows: list[tuple[str, ...]] = []
    for village, name in enumerate(registry.name):
        office = "Kantor Kelurahan" if registry.kind[village] == "kelurahan" else "Kantor Desa"
        places = [(f"{office} {name}", "kantor_desa")]
        places += [
            (f"{_SCHOOLS[int(rng.integers(3))]} {name} {number}", "sekolah")
            for number in range(1, 2 + int(rng.integers(2)))
        ]
        if village in capitals:
            places += [(f"Puskesmas {name}", "puskesmas"), (f"Pasar {name}", "pasar")]
        elif rng.random() < 0.2:  # noqa: PLR2004 - one in five
            places.append((f"Masjid Jami {name}", "ibadah"))
        online = {"served": 0.8, "weak": 0.45, "none": 0.12}[classes[village]]
        for title, kind in places:
            lon, lat = registry.spot(rng, village, centre=kind == "kantor_desa")
            internet = "ya" if rng.random() < online else "tidak"
            rows.append(
                (f"F{len(rows) + 1:04d}", title, kind, registry.code[village], lon, lat, internet, "Dinas terkait")
            )
    columns = ["facility_id", "facility_name", "facility_type", "village_code", "lon", "lat", "has_internet", "source"]
    return pd.DataFrame(rows, columns=columns)


def list_internet_points(seed: int, registry: Registry, moves: pd.DataFrame) -> pd.DataFrame:
    """Return internet points as texts: those that handling brought, and WiFi of the Dinas elsewhere."""
    rng = stream(seed, "internet")
    brought = moves[(moves["service"] == "internet") & (moves["event"] == "on_air")]
    points = [
        (village, {"fiber_wifi": "fiber", "vsat": "vsat", "leo": "leo"}[kind], partner, day)
        for village, kind, partner, day in zip(
            brought["village"], brought["intervention_type"], brought["partner"], brought["happened_on"], strict=True
        )
    ]
    for village in rng.permutation(len(registry.code))[: round(0.16 * len(registry.code)) + 1].tolist():
        kind = str(rng.choice(["wifi", "wifi", "fiber", "vsat"]))
        day = dt.date(2020, 6, 1) + dt.timedelta(days=int(rng.integers(0, 900)))
        points.append((village, kind, str(rng.choice(["Diskominfo", "BAKTI", "Telkom"])), day.isoformat()))
    titles = {"wifi": "WiFi Balai", "fiber": "Titik Serat Optik", "vsat": "VSAT", "leo": "Titik LEO"}
    rows = []
    for number, (village, kind, provider, day) in enumerate(points, start=1):
        lon, lat = registry.spot(rng, village, centre=True)
        status = "active" if rng.random() < 0.9 else "inactive"  # noqa: PLR2004 - one in ten is down
        title = f"{titles[kind]} {registry.name[village]}"
        rows.append(
            (f"W{number:03d}", title, kind, provider, registry.code[village], lon, lat, status, day, "Diskominfo")
        )
    columns = [
        "point_id",
        "point_name",
        "point_type",
        "provider",
        "village_code",
        "lon",
        "lat",
        "status",
        "since",
        "source",
    ]
    return pd.DataFrame(rows, columns=columns)


def propose(seed: int, registry: Registry, lacking: Floats, targets: list[int]) -> pd.DataFrame:
    """Return requests for handling as texts: most of the target list, and villages that want more than they lack."""
    rng = stream(seed, "proposals")
    others = [village for village in range(len(lacking)) if village not in set(targets)]
    wish = np.array([0.05 + lacking[village] for village in others])
    size = min(len(others), round(0.5 * len(targets)) + 1)
    more = rng.choice(others, size=size, replace=False, p=wish / wish.sum()).tolist() if others else []
    asking = [village for village in targets if rng.random() < 0.8] + more  # noqa: PLR2004 - most were asked for
    rows = []
    for number, village in enumerate(asking, start=1):
        day = dt.date(2021, 1, 18) + dt.timedelta(days=int(rng.integers(0, 420)))
        channel = str(rng.choice(_CHANNELS, p=[0.5, 0.2, 0.12, 0.1, 0.08]))
        office = "Pemerintah Kelurahan" if registry.kind[village] == "kelurahan" else "Pemerintah Desa"
        proposer = (
            f"Kecamatan {registry.district[village]}"
            if channel == "kecamatan"
            else f"{office} {registry.name[village]}"
        )
        lon, lat = registry.spot(rng, village) if rng.random() < 0.4 else ("", "")  # noqa: PLR2004 - some with a place
        rows.append(
            {
                "proposal_id": f"U-{day.year}-{number:03d}",
                "proposed_on": day.isoformat(),
                "village_code": registry.code[village],
                "proposer": proposer,
                "channel": channel,
                "intervention_type": str(rng.choice(["bts", "bts", "repeater", "fiber_wifi", "vsat"])),
                "lon": lon,
                "lat": lat,
                "document": f"BA-{channel.capitalize()}-{day.year}",
            }
        )
    return pd.DataFrame(rows)

"""The path from a site to a village or a place: what is meant by both, and which services are looked at."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import shapely
from pyproj import Geod

from blankspot.errors import UsageError
from blankspot.radio.intake import usable
from blankspot.radio.profile import path_between, received
from blankspot.run.ground import open_heights
from blankspot.run.subjects import Finder
from blankspot.sources.names import fold_names, name_key
from blankspot.words import Text, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.coverage import Model
    from blankspot.radio.profile import Path, Received
    from blankspot.run.job import Job

_PAIR: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*")
_SHOWN_MAX: Final = 8
_LON_MAX: Final = 180.0
_LAT_MAX: Final = 90.0
_MARGIN_DEG: Final = 0.01  # heights are opened a little beyond both ends


@dataclass(frozen=True, kw_only=True, eq=False)
class SiteProfile:
    """A path and what the site's services deliver at its end.

    Attributes:
        site: Row of `sites`.
        place: What the far end is called.
        end: Its longitude and latitude.
        path: The terrain between.
        links: One for each service, the strongest first.
        model: By which loss is predicted.
        handset_m: Height of the receiver.
        invented: The site has no service; one with the defaults stands for it.
        remarks: What was assumed or left out, columns of `check.REJECT_COLUMNS`.
    """

    site: dict[str, Any]
    place: str
    end: tuple[float, float]
    path: Path
    links: tuple[Received, ...]
    model: Model
    handset_m: float
    invented: bool
    remarks: pd.DataFrame


def profile_of(
    job: Job,
    site: str,
    place: str,
    *,
    district: str | None = None,
    operators: Sequence[str] = (),
    technology: str | None = None,
    band_mhz: float | None = None,
    handset_m: float | None = None,
    model: Model | None = None,
) -> SiteProfile:
    """Return the path from a site to a village or a place; the steps `sites` and `villages` must have run.

    Args:
        job: The workspace.
        site: Its ID or name.
        place: Code or name of a village, or "LON,LAT".
        district: The kecamatan, where several have a desa of that name.
        operators: Only services of these.
        technology: Only services of this one.
        band_mhz: Only services on this band.
        handset_m: Height of the receiver; that of the settings if not given.
        model: `radio.model` if not given.

    Raises:
        UsageError: The site or the place means nothing here or several things, no service is left, the place is out of
            reach, an end has no height, or the workspace names no heights.
    """
    found = find_site(site, job.frame("sites"))
    name, end = _place(place, job.frame("villages"), district)
    start = (float(found["lon"]), float(found["lat"]))
    _refuse_far(start, end, job.settings.radio.radius_max_km)
    chosen = model or job.settings.radio.model
    ready, remarks, invented = _services(job, found, chosen, operators, technology, band_mhz)
    box = (
        min(start[0], end[0]) - _MARGIN_DEG, min(start[1], end[1]) - _MARGIN_DEG,
        max(start[0], end[0]) + _MARGIN_DEG, max(start[1], end[1]) + _MARGIN_DEG,
    )  # fmt: skip
    terrain = open_heights(job, area=box)
    if terrain is None:
        raise UsageError(
            Text(
                "Profil memerlukan ketinggian, dan blankspot.toml tidak menyebut terrain.",
                "A profile needs heights, and blankspot.toml names no terrain.",
            ),
            hint=Text("Ambil dengan: blankspot fetch dem.", "Fetch them with: blankspot fetch dem."),
        )
    path = path_between(terrain, start, end, settings=job.settings)
    height = handset_m or job.settings.receiver.height_m
    links = [
        received(path, row, settings=job.settings, model=chosen, handset_m=height) for row in ready.to_dict("records")
    ]
    return SiteProfile(
        site=found,
        place=name,
        end=end,
        path=path,
        links=tuple(sorted(links, key=lambda one: -one.budget.level_dbm)),
        model=chosen,
        handset_m=height,
        invented=invented,
        remarks=remarks,
    )


def find_site(asked: str, sites: pd.DataFrame) -> dict[str, Any]:
    """Return the one site that an ID or a name means: exactly, else without case and signs, else by a part of it.

    Raises:
        UsageError: None or several; the message names the candidates.
    """
    if sites.empty:
        raise UsageError(
            Text("Ruang kerja ini tidak menyebut menara.", "This workspace names no sites."),
            hint=Text("Isi sites di blankspot.toml.", "Fill in sites in blankspot.toml."),
        )
    ids, names = sites["site_id"].astype("str"), sites["site_name"].astype("str").fillna("")
    key = name_key(asked)
    keys = [ids.map(name_key), names.map(name_key)]
    tries = [ids == asked, names == asked, keys[0] == key, keys[1] == key]
    tries += [one.str.contains(key, regex=False) for one in keys] if key else []
    for hit in tries:
        rows = sites[hit.to_numpy(dtype=bool)]
        if len(rows) == 1:
            return {str(column): value for column, value in rows.iloc[0].items()}
        if len(rows):
            raise _several(asked, rows)
    listed = dict.fromkeys([*ids, *filter(None, names)])
    near = difflib.get_close_matches(asked.casefold(), {one.casefold(): one for one in listed}, n=3, cutoff=0.5)
    meant = ", ".join(one for one in listed if one.casefold() in near)
    raise UsageError(
        Text(f"Tidak ada menara '{asked}' di ruang kerja ini.", f"There is no site '{asked}' in this workspace."),
        hint=Text(f"Mungkin maksudnya: {meant}.", f"Perhaps this is meant: {meant}.")
        if meant
        else Text("Pakai ID atau nama dari daftar menara.", "Use an ID or a name of the list of sites."),
    )


def _several(asked: str, rows: pd.DataFrame) -> UsageError:
    shown = rows.head(_SHOWN_MAX)
    lines = "".join(f"\n  {one.site_id}  {one.site_name}" for one in shown.itertuples())
    more = "" if len(rows) <= _SHOWN_MAX else f"\n  … ({len(rows)})"
    return UsageError(
        Text(
            f"'{asked}' cocok dengan beberapa menara:{lines}{more}\n", f"'{asked}' fits several sites:{lines}{more}\n"
        ),
        hint=Text("Sebut ID-nya.", "Name its ID."),
    )


def _place(asked: str, villages: pd.DataFrame, district: str | None) -> tuple[str, tuple[float, float]]:
    pair = _PAIR.fullmatch(asked)
    if pair:
        lon, lat = float(pair[1]), float(pair[2])
        if abs(lon) > _LON_MAX or abs(lat) > _LAT_MAX:
            raise UsageError(
                Text(f"{asked} bukan bujur,lintang dalam derajat.", f"{asked} is no longitude,latitude in degrees."),
                hint=Text("Tulis bujur dahulu: 107.61,-6.91.", "Write the longitude first: 107.61,-6.91."),
            )
        return f"{lon:.5f}, {lat:.5f}", (lon, lat)
    subject = Finder(villages, {}).find(asked, district=district, kind="village")
    row = villages[villages["village_code"] == subject.key].iloc[0]
    office = row.get("office_point")
    point = shapely.from_wkt(office, on_invalid="ignore") if isinstance(office, str) else None
    if point is None or point.geom_type != "Point" or point.is_empty:
        point = None if row.geometry is None or row.geometry.is_empty else row.geometry.representative_point()
    if point is None:
        raise UsageError(
            Text(f"Desa {subject.name} tidak punya batas maupun titik kantor.", f"Desa {subject.name} has neither a border nor an office point."),
            hint=Text("Sebut tempatnya sebagai BUJUR,LINTANG.", "Name the place as LON,LAT."),
        )  # fmt: skip
    return f"{subject.name} ({subject.key})", (float(shapely.get_x(point)), float(shapely.get_y(point)))


def _refuse_far(start: tuple[float, float], end: tuple[float, float], most_km: float) -> None:
    length_km = Geod(ellps="WGS84").inv(*start, *end)[2] / 1e3
    if length_km <= most_km:
        return
    told, most = ({lang: number(km, 1, lang=lang) for lang in ("id", "en")} for km in (length_km, most_km))
    raise UsageError(
        Text(
            f"Tempat itu {told['id']} km dari menara, di luar jangkauan prediksi ({most['id']} km).",
            f"That place is {told['en']} km from the site, beyond the reach of predictions ({most['en']} km).",
        ),
        hint=Text(
            "Periksa urutan bujur,lintang; jangkauannya radio.radius_max_km di [settings].",
            "Check the order longitude,latitude; the reach is radio.radius_max_km in [settings].",
        ),
    )


def _services(
    job: Job,
    site: dict[str, Any],
    model: Model,
    operators: Sequence[str],
    technology: str | None,
    band_mhz: float | None,
) -> tuple[pd.DataFrame, pd.DataFrame, bool]:
    """Return the services to look at, ready, what was assumed, and whether one had to be invented.

    A site that is planned or known from the crowd is looked at as if it were on air: a profile asks what would be.
    """
    services = job.frame("services")
    mine = services[services["site_id"] == site["site_id"]]
    invented = mine.empty
    if invented:
        mine = pd.DataFrame(
            {"site_id": [site["site_id"]], "operator": list(operators[:1]) or ["–"], "technology": [technology or "4G"],
             "band_mhz": [band_mhz], "eirp_dbm": [None]}
        ).astype({"band_mhz": "float64", "eirp_dbm": "float64"})  # fmt: skip
    sites = pd.DataFrame([{**site, "status": "active", "position_quality": "surveyed"}])
    ready, remarks = usable(mine, sites, model=model, settings=job.settings)
    kept = ready
    if operators and not invented:
        named, known = fold_names(pd.Series(list(operators)), job.settings.aliases.operator)
        kept = kept[kept["operator"].str.casefold().isin(named.where(known, named).str.casefold())]
    if technology:
        kept = kept[kept["technology"] == technology]
    if band_mhz is not None:
        kept = kept[(kept["band_mhz"] - band_mhz).abs() < 0.5]  # noqa: PLR2004 - half a megahertz of rounding
    if kept.empty:
        raise _nothing_left(site, ready, remarks)
    return kept.reset_index(drop=True), remarks, invented


def _nothing_left(site: dict[str, Any], ready: pd.DataFrame, remarks: pd.DataFrame) -> UsageError:
    listed = ", ".join(
        dict.fromkeys(f"{one.operator} {one.technology} {one.band_mhz:g} MHz" for one in ready.itertuples())
    )
    refused = remarks[remarks["severity"] == "rejected"]["message"]
    hint = (
        Text(f"Layanannya: {listed}.", f"Its services: {listed}.")
        if listed
        else Text(*([str(refused.iloc[0])] * 2))
        if len(refused)
        else Text("Periksa daftar layanannya.", "Check the list of services.")
    )
    name = site["site_id"]
    return UsageError(
        Text(f"Menara {name} tidak punya layanan yang diminta.", f"Site {name} has no service as asked for."), hint=hint
    )

"""The two lists that Bina Bangda's letter 500.8.7/4586 asks of regions, each with its summary.

One: areas without 4G. A village belongs there when it is blankspot, or when only 2G or 3G was found in it; villages without enough data
are counted apart and not listed. Two: places of public service with and without internet. A facility whose own record says nothing
takes what an active internet point of its village within `facilities.point_near_max_m` says; the connection is that point's.
Internet points are listed too, beside the facilities: they say nothing about mobile coverage.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.geo import distance_m
from blankspot.out.reports.cells import NUMBER, POSITION, VILLAGE, rows_of
from blankspot.out.reports.model import Column, Row, Share, Table, total_row
from blankspot.out.reports.texts import NONE, TOTAL, UNKNOWN, WORDS
from blankspot.out.reports.villages import by_prediction
from blankspot.words import LABELS, Text, date_text, number

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

_PLACE: Final = (
    Column(key="province", heading=Text("Provinsi", "Province")),
    Column(key="regency", heading=Text("Kabupaten/kota", "Kabupaten/kota")),
    Column(key="district", heading=Text("Kecamatan", "Kecamatan")),
    Column(key="village_name", heading=Text("Desa/kelurahan", "Village")),
    Column(key="village_code", heading=Text("Kode desa", "Village code"), kind="code"),
)
_INTERNET: Final = {
    "yes": Text("Ada internet", "With internet"),
    "no": Text("Tanpa internet", "Without internet"),
    "not_known": UNKNOWN,
}
_NO_FACILITIES: Final = Text("Belum ada daftar fasilitas publik.", "There is no list of public facilities yet.")


def _placed(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of a place; a province or regency that is the same in every row is not printed."""
    return tuple(
        replace(column, on_paper=len(frame[column.key].unique()) > 1)
        if column.key in ("province", "regency")
        else column
        for column in _PLACE
    )


def without_4g(data: ReportData) -> Table:
    """Return the villages without 4G: place, codes, position, residents, class, operators heard, handling, partner."""
    found = _without_4g(data).sort_values(["province", "regency", "district", "village_code"], kind="stable")
    found = found.merge(_heard(data.evidence), on="village_code", how="left")
    columns = (
        NUMBER,
        *_placed(found),
        *POSITION,
        Column(key="population", heading=Text("Penduduk", "Residents"), kind="number", total=True),
        Column(key="signal_class", heading=Text("Status sinyal", "Signal"), kind="label"),
        Column(key="heard", heading=Text("Operator terukur", "Operators measured")),
        Column(key="stage", heading=Text("Status penanganan", "Handling"), kind="label"),
        Column(key="partner", heading=Text("Mitra", "Partner")),
    )
    rows = rows_of(found, columns, row_id="signal_class")
    foretold = by_prediction(found)
    return Table(
        key="without_4g",
        title=Text("Daftar wilayah tanpa 4G (blankspot 4G)", "Areas without 4G (blankspot 4G)"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Daftar pertama menurut surat Ditjen Bina Bangda 500.8.7/4586. Desa yang berstatus blankspot, atau hanya menerima 2G/3G, per "
            f"{date_text(data.as_of)}. Koordinat: kantor desa bila diketahui, selain itu titik di dalam desa (WGS 84). Desa yang belum "
            f"cukup data tidak dimasukkan; jumlahnya ada di ringkasan.{foretold.id}",
            f"The first list of letter 500.8.7/4586. Villages that are blankspot, or receive 2G/3G only, as of "
            f"{date_text(data.as_of, lang='en')}. Position: the village office where known, else a point inside the village (WGS 84). "
            f"Villages without enough data are not listed; the summary counts them.{foretold.en}",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"village_name": TOTAL}) if rows else None,
    )


def _without_4g(data: ReportData) -> pd.DataFrame:
    villages = data.village_classes
    only_older = villages["no_4g"].astype("boolean").fillna(value=False).astype(bool)
    return villages[(villages["signal_class"] == "none") | (only_older & (villages["signal_class"] != "unknown"))]


def _heard(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the networks that were measured in each village with any share of service, such as "Telkomsel 2G, XL 3G"."""
    told = evidence[
        (evidence["statistic"] == "share_none")
        & (evidence["kind"] == "measured")
        & evidence["operator"].notna()
        & evidence["technology"].notna()
        & (evidence["value"] < 1)
    ]
    names = LABELS["operator"]
    network = told["operator"].map(lambda key: names[key].id if key in names else key) + " " + told["technology"]
    listed = (
        told.assign(heard=network)[["village_code", "heard"]].drop_duplicates().sort_values(["village_code", "heard"])
    )
    return listed.groupby("village_code")["heard"].agg(", ".join).reset_index()


def without_4g_summary(data: ReportData) -> Table:
    """Return by regency how many villages are without 4G, of how many, and how many have not enough data."""
    villages = data.located(data.village_classes)
    lacking = villages["village_code"].isin(_without_4g(data)["village_code"])
    blank = villages["signal_class"] == "none"
    unknown = villages["signal_class"] == "unknown"
    counted = pd.DataFrame(
        {
            "villages": villages.groupby("regency_code").size(),
            "none": blank.groupby(villages["regency_code"]).sum(),
            "older": (lacking & ~blank).groupby(villages["regency_code"]).sum(),
            "unknown": unknown.groupby(villages["regency_code"]).sum(),
        }
    )
    names = villages.dropna(subset=["regency"]).drop_duplicates("regency_code").set_index("regency_code")["regency"]
    rows: tuple[Row, ...] = tuple(
        {
            "id": str(code),
            "regency": str(names.get(code, code)),
            "none": int(row["none"]),
            "older": int(row["older"]),
            "lacking": int(row["none"] + row["older"]),
            "unknown": int(row["unknown"]),
            "villages": int(row["villages"]),
            "share": Share(int(row["none"] + row["older"]), int(row["villages"])),
        }
        for code, row in counted.iterrows()
    )
    columns = (
        Column(key="regency", heading=Text("Kabupaten/kota", "Kabupaten/kota")),
        Column(key="none", heading=Text("Blankspot", "Blankspot"), kind="number", total=True),
        Column(key="older", heading=Text("Hanya 2G/3G", "2G/3G only"), kind="number", total=True),
        Column(key="lacking", heading=Text("Tanpa 4G", "Without 4G"), kind="number", total=True),
        Column(key="unknown", heading=Text("Belum cukup data", "Not enough data"), kind="number", total=True),
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number", total=True),
        Column(key="share", heading=Text("Tanpa 4G %", "Without 4G %"), kind="percent", decimals=2, total=True),
    )
    return Table(
        key="without_4g_summary",
        title=Text("Ringkasan wilayah tanpa 4G", "Summary of areas without 4G"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Persen: desa tanpa 4G dari semua desa kabupaten/kota itu, termasuk yang belum cukup data, per {date_text(data.as_of)}.",
            f"Percent: villages without 4G of all villages of the regency, those without enough data included, as of "
            f"{date_text(data.as_of, lang='en')}.",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"regency": TOTAL}),
    )


def facilities(data: ReportData) -> Table:
    """Return the places of public service, with and without internet, position and connection."""
    found = _connected(data).sort_values(["internet", "district", "village_code", "facility_type"], kind="stable")
    columns = (
        NUMBER,
        Column(key="facility_name", heading=Text("Nama tempat", "Name")),
        Column(key="facility_type", heading=Text("Jenis", "Kind"), kind="label"),
        *_placed(found),
        *POSITION,
        Column(key="internet_word", heading=Text("Internet", "Internet"), kind="label"),
        Column(key="point_type", heading=Text("Sambungan", "Connection"), kind="label"),
        Column(key="provider", heading=Text("Penyedia", "Provider")),
    )
    return Table(
        key="facilities",
        title=Text("Daftar titik layanan publik dan internetnya", "Public-service points and their internet"),
        columns=columns,
        rows=rows_of(found, columns, row_id="internet"),
        definition=_facility_definition(data),
        empty=_NO_FACILITIES,
        as_of=data.as_of,
    )


def facilities_summary(data: ReportData) -> Table:
    """Return by kind how many places have internet, have none, or are not known."""
    found = _connected(data)
    counted = _crossed(found["facility_type"], found["internet"], list(_INTERNET))
    rows: tuple[Row, ...] = tuple(
        {
            "id": kind,
            "facility_type": words,
            **counted[kind],
            "places": sum(counted[kind].values()),
            "share": Share(counted[kind]["yes"], sum(counted[kind].values())),
        }
        for kind, words in WORDS["facility_type"].items()
        if kind in counted
    )
    columns = (
        Column(key="facility_type", heading=Text("Jenis", "Kind"), kind="label"),
        *(Column(key=name, heading=words, kind="number", total=True) for name, words in _INTERNET.items()),
        Column(key="places", heading=Text("Tempat", "Places"), kind="number", total=True),
        Column(key="share", heading=Text("Ada internet %", "With internet %"), kind="percent", decimals=2, total=True),
    )
    return Table(
        key="facilities_summary",
        title=Text("Ringkasan titik layanan publik", "Summary of public-service points"),
        columns=columns,
        rows=rows,
        definition=_facility_definition(data),
        empty=_NO_FACILITIES,
        as_of=data.as_of,
        total=total_row(columns, rows, {"facility_type": TOTAL}) if rows else None,
    )


def _facility_definition(data: ReportData) -> Text:
    near = data.settings.facilities.point_near_max_m
    return Text(
        f"Daftar kedua menurut surat Ditjen Bina Bangda 500.8.7/4586, per {date_text(data.as_of)}. Ada atau tidaknya internet menurut "
        f"catatan tempat itu; bila kosong, ada bila titik internet aktif di desa yang sama berjarak paling jauh {number(near)} m. "
        "Sambungan dan penyedia: dari titik internet terdekat dalam jarak itu. Persen: tempat dengan internet dari semua tempat jenis itu, "
        "termasuk yang belum diketahui.",
        f"The second list of letter 500.8.7/4586, as of {date_text(data.as_of, lang='en')}. Internet as the place's own record says; where "
        f"that is empty, there is internet if an active internet point of the village lies within {number(near, lang='en')} m. Connection "
        "and provider: of the nearest internet point within that distance. Percent: places with internet of all places of the kind, those "
        "not known included.",
    )


def _connected(data: ReportData) -> pd.DataFrame:
    """Return the facilities with what is known of their internet, and the active point that serves them, if any."""
    own = data.facilities.reset_index(drop=True)
    active = data.internet_points[~data.internet_points["status"].isin(["planned", "inactive"])]
    near = _nearest(own, active, data.settings.facilities.point_near_max_m)
    known = own["has_internet"].astype("boolean")
    has = known.fillna(near["point_type"].notna())
    state = np.where(known.isna() & ~has.astype(bool), "not_known", np.where(has.astype(bool), "yes", "no"))
    served = near.where(pd.Series(state == "yes", index=near.index), axis=0)
    located = data.located(own.assign(internet=state, point_type=served["point_type"], provider=served["provider"]))
    located["internet_word"] = pd.Series(
        [_INTERNET[key] for key in located["internet"]], index=located.index, dtype=object
    )
    return located


def _nearest(facilities: pd.DataFrame, points: pd.DataFrame, near_m: float) -> pd.DataFrame:
    """Return kind and provider of the nearest point of the same village within `near_m`, row for row of `facilities`."""
    pairs = facilities[["village_code", "lon", "lat"]].dropna().rename_axis("facility").reset_index()
    pairs = pairs.merge(points, on="village_code", suffixes=("", "_point"))
    pairs["metres"] = distance_m(pairs["lon"], pairs["lat"], pairs["lon_point"], pairs["lat_point"])
    close = pairs[pairs["metres"] <= near_m].sort_values(["metres", "point_name"], kind="stable")
    chosen = close.drop_duplicates("facility").set_index("facility")
    return chosen[["point_type", "provider"]].reindex(facilities.index)


def internet_points(data: ReportData) -> Table:
    """Return the internet points by kind: active, planned, inactive, and villages that have one."""
    points = data.internet_points
    state = points["status"].fillna("active")
    counted = _crossed(points["point_type"], state, list(LABELS["status"]))
    villages = points[state == "active"].groupby("point_type")["village_code"].nunique()
    rows: tuple[Row, ...] = tuple(
        {
            "id": kind,
            "point_type": words,
            **counted[kind],
            "points": sum(counted[kind].values()),
            "villages": int(villages[kind]) if kind in villages else 0,
        }
        for kind, words in LABELS["point_type"].items()
        if kind in counted
    )
    columns = (
        Column(key="point_type", heading=Text("Jenis titik", "Kind"), kind="label"),
        *(Column(key=name, heading=words, kind="number", total=True) for name, words in LABELS["status"].items()),
        Column(key="points", heading=Text("Titik", "Points"), kind="number", total=True),
        Column(key="villages", heading=Text("Desa dengan titik aktif", "Villages with an active one"), kind="number"),
    )
    return Table(
        key="internet_points",
        title=Text("Titik layanan internet", "Internet points"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Titik dalam daftar titik internet per {date_text(data.as_of)}; tanpa keterangan status dihitung aktif. Titik internet tidak "
            "mengakhiri blankspot seluler. Desa tidak dijumlahkan karena satu desa dapat memiliki beberapa jenis.",
            f"Points on the list of internet points as of {date_text(data.as_of, lang='en')}; without a status they count as active. An "
            "internet point does not end a cellular blankspot. Villages are not added up, for one may have several kinds.",
        ),
        empty=Text("Belum ada daftar titik internet.", "There is no list of internet points yet."),
        as_of=data.as_of,
        total=total_row(columns, rows, {"point_type": TOTAL}) if rows else None,
    )


def _crossed(kinds: pd.Series, states: pd.Series, columns: list[str]) -> dict[str, dict[str, int]]:
    """Count rows by kind and state; every state has its place."""
    crossed = pd.crosstab(kinds, states).reindex(columns=columns, fill_value=0)
    return {str(kind): {name: int(row[name]) for name in columns} for kind, row in crossed.iterrows()}


def internet_point_list(data: ReportData) -> Table:
    """Return every internet point with its place, position, provider and status; for the workbook."""
    points = data.located(data.internet_points).sort_values(["village_code", "point_name"], kind="stable")
    columns = (
        NUMBER,
        Column(key="point_name", heading=Text("Nama titik", "Name")),
        Column(key="point_type", heading=Text("Jenis", "Kind"), kind="label"),
        Column(key="provider", heading=Text("Penyedia", "Provider")),
        *VILLAGE,
        *POSITION,
        Column(key="status", heading=Text("Status", "Status"), kind="label"),
        Column(key="since", heading=Text("Sejak", "Since"), kind="date"),
    )
    return Table(
        key="internet_point_list",
        title=Text("Daftar titik internet", "List of internet points"),
        columns=columns,
        rows=rows_of(points, columns),
        definition=Text(
            f"Titik yang sudah ada atau direncanakan per {date_text(data.as_of)}.",
            f"Points in place or planned as of {date_text(data.as_of, lang='en')}.",
        ),
        empty=NONE,
        as_of=data.as_of,
        in_page=False,
    )

"""Boundaries of desa: OCHA's COD-AB on HDX, which are BPS's of April 2020.

Layout (looked up 2026-11): CKAN's `api/3/action/package_show?id=cod-ab-idn` lists `idn_admin_boundaries.gdb.zip` (some 220 MB),
`….geojson.zip` (440 MB) and `….shp.zip` (475 MB), each with the layers `idn_admin0` … `idn_admin4` of the whole country (38
columns such as `adm4_name`, `adm4_pcode`); earlier releases say `idn_admbnda_adm4_bps_20200401` and `ADM4_EN`, `ADM4_PCODE`.
A P-code is "ID" and the digits of BPS; it is never a Kemendagri code without dots, so the file is read with codes = "bps".
81.912 polygons, lakes and forests among them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import FetchError
from blankspot.sources.fetch.addresses import check_address, safe_name
from blankspot.sources.fetch.archives import column_of, layer_of, regency_named, write_layer
from blankspot.sources.fetch.catalogue import Asset, Order, Product
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blankspot.settings import Fetch
    from blankspot.sources.fetch.catalogue import Bounds
    from blankspot.sources.fetch.http import Client

_ENDINGS: Final = (
    ".gdb.zip",
    ".gpkg.zip",
    ".geojson.zip",
    ".shp.zip",
    "gdb.zip",
    "geojson.zip",
    "shp.zip",
)  # smallest first
_LICENCES: Final = {"cc-by-igo": "CC BY 3.0 IGO", "cc-by": "CC BY 4.0"}
P_CODE: Final = re.compile(r"ID([0-9]{4})", re.IGNORECASE)
PRODUCT = Product(
    title="Indonesia - Subnational Administrative Boundaries (COD-AB)",
    version="",
    licence="CC BY 3.0 IGO",
    licence_url="https://creativecommons.org/licenses/by/3.0/igo/",
    attribution="Badan Pusat Statistik (BPS), OCHA; via Humanitarian Data Exchange (HDX)",
    caution=Text(
        "Batas BPS 2020 bernomor BPS, bukan Kemendagri; sesudahnya ada pemekaran, dan batasnya bukan batas yang ditegaskan.",
        "BPS's borders of 2020 under BPS's numbers, not Kemendagri's; desa were split since, and the borders are not legal ones.",
    ),
)


def order(client: Client, *, fetch: Fetch, regency: str | None, bounds: Bounds | None) -> Order:
    """Return the order of the desa of a regency (its name, or its P-code "ID3204") or of those that bounds touch.

    Raises:
        FetchError: HDX does not answer, or lists no archive that can be read.
    """
    listing = f"{fetch.base_url.hdx}/api/3/action/package_show?id=cod-ab-idn"
    package = _package(client.json(listing))
    resource = _resource(package)
    url = check_address(str(resource["url"]), came_from=listing)
    released = str(resource.get("last_modified") or package.get("last_modified") or "")[:10]
    name = safe_name(url.split("?", maxsplit=1)[0].rsplit("/", 1)[-1])
    folder = re.sub(r"[^0-9-]", "", released) or "0"
    digest = str(resource.get("hash") or "").lower()
    asset = Asset(
        url=url,
        name=f"hdx/{folder}/{name}",
        kind="zip",
        size=int(resource["size"]) if str(resource.get("size") or "").isdigit() else None,
        known_hash=f"md5:{digest}" if re.fullmatch(r"[0-9a-f]{32}", digest) else None,
    )
    licence = str(package.get("license_id") or "")
    product = replace(
        PRODUCT, version=f"COD-AB {released or '?'}", licence=_LICENCES.get(licence, licence or PRODUCT.licence)
    )

    def write(paths: Sequence[Path | None], target: Path) -> dict[str, int]:
        path = paths[0]
        assert path is not None  # noqa: S101 - it may not lack
        return _cut(path, target, regency, bounds)

    return Order(
        kind="boundaries",
        product=product,
        assets=(asset,),
        target="desa_hdx.gpkg",
        entry={"codes": "bps"},
        write=write,
    )


def _package(answer: Any) -> dict[str, Any]:
    found = answer.get("result") if isinstance(answer, dict) and answer.get("success") else None
    if not isinstance(found, dict):
        raise _no_archive()
    return found


def _resource(package: dict[str, Any]) -> dict[str, Any]:
    listed = [
        one for one in package.get("resources") or [] if isinstance(one, dict) and isinstance(one.get("url"), str)
    ]
    for ending in _ENDINGS:
        for one in listed:
            if one["url"].split("?", maxsplit=1)[0].lower().endswith(ending):
                return one
    raise _no_archive()


def _no_archive() -> FetchError:
    return FetchError(
        Text("HDX tidak mencantumkan arsip batas cod-ab-idn.", "HDX lists no archive of boundaries for cod-ab-idn."),
        hint=Text(
            "Lihat data.humdata.org/dataset/cod-ab-idn; berkas yang diunduh sendiri dapat disebut di blankspot.toml.",
            "See data.humdata.org/dataset/cod-ab-idn; a file you download yourself can be named in blankspot.toml.",
        ),
    )


def _cut(archive: Path, target: Path, regency: str | None, bounds: Bounds | None) -> dict[str, int]:
    import pyogrio

    path, layer = layer_of(archive, 4)
    where = None
    if regency is not None:
        where = f"\"{column_of(path, layer, 'adm2_pcode')}\" = '{_p_code(archive, regency)}'"
    frame = pyogrio.read_dataframe(path, layer=layer, where=where, bbox=bounds)
    if frame.empty:
        raise FetchError(
            Text("Tidak ada desa COD-AB di wilayah itu.", "COD-AB has no desa in that area."),
            hint=Text("Periksa --regency atau --bounds.", "Check --regency or --bounds."),
        )
    write_layer(frame, target, "desa")
    return {"villages": len(frame)}


def _p_code(archive: Path, regency: str) -> str:
    """Return the P-code of a regency given by P-code or name."""
    import pyogrio

    given = P_CODE.fullmatch(regency.strip())
    if given:
        return f"ID{given[1]}"
    path, layer = layer_of(archive, 2)
    name = column_of(path, layer, "adm2_name", "ADM2_EN", "ADM2_ID")
    code = column_of(path, layer, "adm2_pcode")
    listed = pyogrio.read_dataframe(path, layer=layer, columns=[name, code], read_geometry=False)
    found = str(listed[code].iloc[regency_named(regency, listed[name].fillna("").astype("str").tolist())])
    checked = P_CODE.fullmatch(found)
    if checked is None:
        raise FetchError(Text(f"P-code {found!r} di COD-AB tidak sah.", f"P-code {found!r} in COD-AB is not valid."))
    return f"ID{checked[1]}"

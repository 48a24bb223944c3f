"""`blankspot profile`: print and draw the path from a site to a desa or a place, term by term."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot.words import LABELS, Text, number

if TYPE_CHECKING:
    from rich.table import Table

    from blankspot.cli.session import Session
    from blankspot.radio.profile import Received
    from blankspot.run.profiling import SiteProfile
    from blankspot.words import Lang

_MODELS: Final = ("p1812", "hata", "free_space")
_TERMS: Final = {
    "lbfs_db": Text("Ruang bebas", "Free space"),
    "lb0p_db": Text("Ruang bebas dan lintas jamak", "Free space and multipath"),
    "lbulla50_db": Text("Bullington, permukaan nyata", "Bullington, actual surface"),
    "lbulls50_db": Text("Bullington, permukaan halus", "Bullington, smooth surface"),
    "ldsph50_db": Text("Bumi bulat", "Spherical earth"),
    "ld50_db": Text("Difraksi delta-Bullington", "Delta-Bullington diffraction"),
    "lbd_db": Text("Ruang bebas dan difraksi", "Free space and diffraction"),
    "lba_db": Text("Saluran dan pantulan lapisan", "Ducting and layer reflection"),
    "lbs_db": Text("Hamburan troposfer", "Troposcatter"),
    "lb_db": Text("Redaman lintasan", "Basic transmission loss"),
}


@click.command(
    short_help="Print and draw the path from a site to a desa or a place.",
    context_settings={"ignore_unknown_options": True},  # a longitude may be negative
)
@click.argument("site")
@click.argument("place", metavar="VILLAGE|LON,LAT")
@click.option("-w", "--workspace", "folder", default=".", type=click.Path(), help="The workspace (default: here).")
@click.option("--district", help="The kecamatan, where several have a desa of that name.")
@click.option("--operator", "operators", multiple=True, help="Only services of this operator; may be given often.")
@click.option("--technology", type=click.Choice(["2G", "3G", "4G", "5G"]), help="Only services of this technology.")
@click.option("--band", "band_mhz", type=float, metavar="MHZ", help="Only services on this band.")
@click.option(
    "--height",
    "handset_m",
    type=click.FloatRange(1, 3000),
    metavar="METRES",
    help="Height of the receiver above ground (default: the workspace's, 1.5).",
)
@click.option("--model", type=click.Choice(_MODELS), help="The propagation model (default: the workspace's, p1812).")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Draw the profile into this file.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_obj
def command(
    session: Session, /, site: str, place: str, *, folder: str, png: Path | None, as_json: bool, **asked: Any
) -> None:
    """Print the terrain profile from SITE to a village or a place: Fresnel zone, losses by term, budget and received level.

    SITE is the ID or the name of a site; the place is a village by code or name (its office, else a point inside it), or a
    longitude and a latitude in degrees.
    """
    workspace = session.workspace(folder)
    found = workspace.profile(site, place, working=session.working, **asked)
    if png is not None:
        _draw(png, found, session.lang)
        session.tell(Text(f"Gambar profil: {png}", f"Picture of the profile: {png}"))
    if as_json:
        session.json(to_dict(found))
        return
    _print(session, found)


def _print(session: Session, found: SiteProfile) -> None:
    lang = session.lang
    session.print(_heading(found, lang))
    session.print(_path_line(found, lang))
    session.print(_sight_lines(found, lang))
    bands = _bands(found)
    if found.model == "p1812":
        session.print("")
        session.print(_losses(bands, lang))
    session.print("")
    session.print(_services(found, lang))
    session.print("")
    session.print(_budget(found.links[0], lang))
    if found.invented:
        session.tell(
            Text(
                "Menara ini tidak punya layanan; dihitung satu layanan andaian dengan nilai bawaan.",
                "This site has no service; one with the defaults is assumed.",
            )
        )
    for message in found.remarks["message"]:
        session.say(str(message))


def _heading(found: SiteProfile, lang: Lang) -> str:
    name = _site_name(found)
    return Text(f"Profil lintasan: {name} → {found.place}", f"Path profile: {name} → {found.place}").of(lang)


def _site_name(found: SiteProfile) -> str:
    code, name = str(found.site["site_id"]), found.site.get("site_name")
    return f"{name} ({code})" if isinstance(name, str) and name and name != code else code


def _path_line(found: SiteProfile, lang: Lang) -> str:
    path = found.path
    km, bearing = number(path.d_km[-1], 2, lang=lang), number(path.bearing_deg, 0, lang=lang)
    low, high = number(path.h_m.min(), lang=lang), number(path.h_m.max(), lang=lang)
    step = number(path.d_km[1] * 1e3, lang=lang)
    told = Text(
        f"{km} km, arah {bearing}°, tanah {low} sampai {high} m, {len(path.d_km)} titik tiap {step} m",
        f"{km} km, bearing {bearing}°, ground {low} to {high} m, {len(path.d_km)} points every {step} m",
    ).of(lang)
    if path.filled:
        told += Text(
            f"; {path.filled} titik tanpa ketinggian diisi dari titik sebelumnya",
            f"; {path.filled} points without height take that of the point before",
        ).of(lang)
    return told


def _sight_lines(found: SiteProfile, lang: Lang) -> str:
    lines = []
    for link in _bands(found):
        clear = link.clearance
        share = number(100 * float(clear.fraction[clear.worst]), 0, lang=lang)
        where = number(clear.d_km[clear.worst], 2, lang=lang)
        metres = number(clear.clearance_m[clear.worst], 1, lang=lang)
        sight = (
            Text("garis pandang bebas", "clear line of sight")
            if clear.line_of_sight
            else Text("garis pandang terhalang", "line of sight blocked")
        )
        enough = (
            Text("60 % zona Fresnel bebas", "60 % of the Fresnel zone is free")
            if clear.sixty_percent_free
            else Text("60 % zona Fresnel tidak bebas", "60 % of the Fresnel zone is not free")
        )
        worst = Text(
            f"paling sempit {share} % ({metres} m) pada km {where}", f"least {share} % ({metres} m) at km {where}"
        )
        lines.append(f"{_band_name(link, lang)}: {sight.of(lang)}; {enough.of(lang)}; {worst.of(lang)}")
    return "\n".join(lines)


def _bands(found: SiteProfile) -> list[Received]:
    """Return the first service of each band and antenna height; the path is the same for all others of it."""
    first = {(link.service["band_mhz"], link.service["height_m"]): link for link in reversed(found.links)}
    return [first[key] for key in sorted(first)]


def _band_name(link: Received, lang: Lang) -> str:
    height = float(link.service["height_m"])
    told = number(height, 0 if height.is_integer() else 1, lang=lang)
    return f"{number(link.service['band_mhz'], lang=lang)} MHz, {told} m"


def _losses(bands: list[Received], lang: Lang) -> Table:
    table = _table(Text("Redaman ITU-R P.1812 (dB)", "Losses of ITU-R P.1812 (dB)").of(lang))
    for link in bands:
        table.add_column(_band_name(link, lang), justify="right")
    for name, label in _TERMS.items():
        values = (number(getattr(link.loss, name), 1, lang=lang) for link in bands)
        table.add_row(f"{label.of(lang)} ({name.removesuffix('_db')})", *values)
    return table


def _services(found: SiteProfile, lang: Lang) -> Table:
    from blankspot.out.facts.cases import word

    table = _table(Text("Layanan", "Service").of(lang))
    for heading in ("MHz", Text("Redaman", "Loss").of(lang), Text("Antena", "Antenna").of(lang)):
        table.add_column(heading, justify="right")
    table.add_column(Text("Level diterima", "Received level").of(lang), justify="right")
    table.add_column("")
    for link in found.links:
        row = link.service
        metric = _metric(str(row["metric"]))
        table.add_row(
            f"{word('operator', str(row['operator']), lang)} {row['technology']}",
            number(row["band_mhz"], lang=lang),
            f"{number(link.loss_db, 1, lang=lang)} dB",
            f"{number(link.budget.antenna_db, 1, lang=lang)} dB",
            f"{metric} {number(link.budget.level_dbm, 1, lang=lang)} dBm",
            LABELS["signal"][link.level].of(lang),
        )
    return table


def _budget(link: Received, lang: Lang) -> Table:
    from blankspot.out.facts.cases import word

    name = f"{word('operator', str(link.service['operator']), lang)} {link.service['technology']}"
    table = _table(Text(f"Anggaran tautan {name}", f"Link budget of {name}").of(lang))
    table.add_column("", justify="right")
    for term in link.budget.terms():
        table.add_row(term.label.of(lang), f"{number(term.value, 1, lang=lang)} {term.unit}")
    return table


def _table(first: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    return table


def _metric(name: str) -> str:
    known = {"rsrp_dbm": "RSRP", "ss_rsrp_dbm": "SS-RSRP", "rscp_dbm": "RSCP", "rxlev_dbm": "RxLev"}
    return known[name]


def _draw(png: Path, found: SiteProfile, lang: Lang) -> None:
    from blankspot.coverage import described
    from blankspot.out.facts.cases import word
    from blankspot.out.profiles import draw_profile
    from blankspot.radio.p1812 import SEA

    link = found.links[0]
    row = link.service
    level = f"{_metric(str(row['metric']))} {number(link.budget.level_dbm, 1, lang=lang)} dBm"
    parts = [
        f"{word('operator', str(row['operator']), lang)} {row['technology']} {number(row['band_mhz'], lang=lang)} MHz",
        f"{number(found.path.d_km[-1], 2, lang=lang)} km",
        f"{Text('redaman', 'loss').of(lang)} {number(link.loss_db, 1, lang=lang)} dB",
        f"{level} ({LABELS['signal'][link.level].of(lang).lower()})",
    ]
    k = number(link.clearance.k, 2, lang=lang)
    source = described(found.model, coarse=False).of(lang)
    note = Text(f"{source}; jari-jari bumi efektif k = {k}", f"{source}; effective earth radius k = {k}").of(lang)
    heights = (float(row["height_m"]), found.handset_m)
    names = (str(found.site.get("site_name") or found.site["site_id"]), found.place)
    draw_profile(
        png,
        link.clearance,
        title=_heading(found, lang),
        subtitle="  ·  ".join(parts),
        ends=(
            f"{names[0]}, {number(heights[0], 0, lang=lang)} m",
            f"{names[1]}, {number(heights[1], 1, lang=lang)} m",
        ),
        antennas_m=heights,
        sea=found.path.zone == SEA,
        note=note[0].upper() + note[1:],
        lang=lang,
    )


def _plain(value: Any) -> Any:
    """Return what JSON can say of a cell: nothing where it is empty."""
    import pandas as pd

    return None if pd.isna(value) else value


def to_dict(found: SiteProfile) -> dict[str, Any]:
    """Return everything as plain values."""
    from dataclasses import asdict

    path = found.path
    return {
        "site": {name: _plain(value) for name, value in found.site.items()},
        "place": found.place,
        "lon": found.end[0],
        "lat": found.end[1],
        "model": found.model,
        "receiver_height_m": found.handset_m,
        "distance_km": float(path.d_km[-1]),
        "bearing_deg": path.bearing_deg,
        "points_filled": path.filled,
        "assumed_service": found.invented,
        "profile": {
            "d_km": path.d_km.round(5).tolist(),
            "h_m": path.h_m.round(2).tolist(),
            "clutter_m": path.clutter_m.round(2).tolist(),
            "zone": path.zone.tolist(),
        },
        "services": [
            {
                **{str(name): _plain(value) for name, value in link.service.items()},
                "loss_db": link.loss_db,
                "budget": {term.name: term.value for term in link.budget.terms()},
                "level": link.level,
                "fresnel": {
                    "k": link.clearance.k,
                    "line_of_sight": link.clearance.line_of_sight,
                    "sixty_percent_free": link.clearance.sixty_percent_free,
                    "worst_fraction": float(link.clearance.fraction[link.clearance.worst]),
                    "worst_clearance_m": float(link.clearance.clearance_m[link.clearance.worst]),
                    "worst_d_km": float(link.clearance.d_km[link.clearance.worst]),
                },
                "p1812": None if link.loss is None else asdict(link.loss),
            }
            for link in found.links
        ],
        "remarks": found.remarks["message"].tolist(),
    }

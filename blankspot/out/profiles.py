"""The path from a site to a place as a picture: ground on a curved earth, what stands on it, the line of sight and its zone.

The earth is drawn with its effective radius, so that rays are straight lines. The first Fresnel zone is that of the service
drawn; where the ground cuts the line, both horizons and the point of Bullington's equivalent edge are marked, else the
place where the zone is least free.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from blankspot.out import lettering
from blankspot.out.files import atomic
from blankspot.out.palette import INKS, SIGNAL_LOOK
from blankspot.words import Text, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from blankspot.radio.fresnel import Clearance
    from blankspot.words import Lang

_SIZE_IN: Final = (14.0, 7.2)
_DPI: Final = 110
_GROUND: Final = "#cfc4ae"
_GROUND_EDGE: Final = "#6f6350"
_CLUTTER: Final = "#7fa37b"
_SEA: Final = "#9dbfd2"
_ZONE: Final = "#f2b134"
_BLOCKED: Final = SIGNAL_LOOK["none"].colour
_ROOM_TOP: Final = 0.16  # of the height, free above everything
_ROOM_FOOT: Final = 0.08
_SPAN_MIN_M: Final = 60.0
_SHARE_TOLD_MAX: Final = 99.99
_APART: Final = 0.02  # of the path: horizons nearer than this are one
_NEAR_END: Final = 0.15
_AWAY: Final = 0.025
_WHOLE_FROM_KM: Final = (10.0, 2.0, 0.2, 0.0)  # lengths from which ticks need no decimal, one, two, three
_BEHIND: Final = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
_HORIZONS: Final = (
    Text("cakrawala menara", "horizon of the site"), Text("cakrawala penerima", "horizon of the receiver"),
)  # fmt: skip


def draw_profile(
    path: str | Path,
    clearance: Clearance,
    *,
    title: str,
    subtitle: str,
    ends: tuple[str, str],
    antennas_m: tuple[float, float],
    sea: NDArray[np.bool_] | None = None,
    note: str = "",
    lang: Lang = "id",
) -> Path:
    """Write the picture of a path as PNG, whole or not at all.

    Args:
        path: The file.
        clearance: Ground, bulge, line and zone, from `radio.fresnel.clearance`.
        title: What the picture shows.
        subtitle: In which service, and what arrives.
        ends: What the two ends are called.
        antennas_m: Heights above ground at the two ends.
        sea: Which points are sea.
        note: A line at the foot, such as the source of the heights.
        lang: Language of the labels.

    Raises:
        OutputError: The file cannot be written.
    """
    figure = Figure(figsize=_SIZE_IN, dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.065, 0.125, 0.915, 0.71))
    top, foot = _limits(clearance)
    _draw_ground(axes, clearance, foot, sea, lang)
    _draw_zone(axes, clearance, lang)
    _draw_marks(axes, clearance, (foot, top), lang)
    _draw_ends(axes, clearance, ends, antennas_m, top)
    _dress(axes, clearance, (foot, top), lang)
    for text, y, size, weight, ink in (
        (title, 0.955, 16, "bold", INKS.text), (subtitle, 0.905, 11.5, "normal", INKS.soft), (note, 0.022, 8.5, "normal", INKS.soft),
    ):  # fmt: skip
        figure.text(0.065, y, lettering.known(text), size=size, weight=weight, color=ink, va="center", parse_math=False)
    with atomic(Path(path)) as temporary:
        figure.savefig(temporary, metadata={"Software": None})
    return Path(path)


def _limits(clearance: Clearance) -> tuple[float, float]:
    """Return the top and the foot of the picture; Bullington's edge is in it unless it would flatten everything else."""
    high = max(float((clearance.ray_m + clearance.radius_m).max()), float(clearance.surface_m.max()))
    low = float((clearance.ground_m + clearance.bulge_m).min())
    span = max(high - low, _SPAN_MIN_M)
    if not clearance.line_of_sight:
        _, _, edge = horizons(clearance)
        high = edge[1] if high < edge[1] <= high + span else high
        span = max(high - low, _SPAN_MIN_M)
    return high + _ROOM_TOP * span, low - _ROOM_FOOT * span


def _draw_ground(axes: Axes, clearance: Clearance, foot: float, sea: NDArray[np.bool_] | None, lang: Lang) -> None:
    d_km, earth = clearance.d_km, clearance.ground_m + clearance.bulge_m
    base = np.minimum(foot + clearance.bulge_m, earth)
    if (clearance.surface_m > earth).any():
        label = Text("tutupan lahan", "clutter").of(lang)
        axes.fill_between(d_km, earth, clearance.surface_m, color=_CLUTTER, linewidth=0, label=label, zorder=2)
    axes.fill_between(d_km, base, earth, color=_GROUND, linewidth=0, label=Text("tanah", "ground").of(lang), zorder=2)
    axes.fill_between(d_km, foot, base, color="#e9e4d8", linewidth=0, zorder=2)
    axes.plot(d_km, earth, color=_GROUND_EDGE, linewidth=1.1, zorder=3)
    bulge = Text("lengkung bumi efektif", "effective curvature of the earth").of(lang)
    axes.plot(d_km, base, color=_GROUND_EDGE, linewidth=0.8, linestyle=(0, (2, 2)), label=bulge, zorder=3)
    if sea is not None and sea.any():
        label = Text("laut", "sea").of(lang)
        axes.fill_between(d_km, base, earth, where=sea, color=_SEA, linewidth=0, label=label, zorder=2.5)


def _draw_zone(axes: Axes, clearance: Clearance, lang: Lang) -> None:
    d_km, ray, radius = clearance.d_km, clearance.ray_m, clearance.radius_m
    zone = Text("zona Fresnel pertama", "first Fresnel zone").of(lang)
    axes.fill_between(d_km, ray - radius, ray + radius, color=_ZONE, alpha=0.22, linewidth=0, label=zone, zorder=4)
    for sign in (-1, 1):
        axes.plot(d_km, ray + sign * radius, color=_ZONE, linewidth=0.9, zorder=5)
    inner = Text("60 % zona Fresnel", "60 % of the zone").of(lang)
    axes.plot(d_km, ray - 0.6 * radius, color="#a86f00", linewidth=1.0, linestyle=(0, (4, 3)), label=inner, zorder=5)
    clear = clearance.line_of_sight
    sight = Text(
        "garis pandang" if clear else "garis pandang (terhalang)",
        "line of sight" if clear else "line of sight (blocked)",
    )
    axes.plot(d_km, ray, color=SIGNAL_LOOK["served"].colour if clear else _BLOCKED, linewidth=1.6, label=sight.of(lang), zorder=6)  # fmt: skip


def _draw_marks(axes: Axes, clearance: Clearance, limits: tuple[float, float], lang: Lang) -> None:
    """Mark the horizons and Bullington's edge of a blocked path, or where a clear one is least free."""
    d_km, surface = clearance.d_km, clearance.surface_m
    if clearance.line_of_sight:
        at = clearance.worst
        share = number(100 * min(float(clearance.fraction[at]), _SHARE_TOLD_MAX), 0, lang=lang)
        told = Text(f"paling sempit: {share} % radius bebas", f"narrowest: {share} % of the radius free").of(lang)
        axes.plot(d_km[at], surface[at], marker="v", color=INKS.accent, markersize=7, zorder=8)
        _label(axes, clearance, (d_km[at], surface[at]), told, limits, below=True)
        return
    first, last, edge = horizons(clearance)
    for end in (0, -1):
        ray = [clearance.ray_m[end], edge[1]]
        axes.plot([d_km[end], edge[0]], ray, color=_BLOCKED, linewidth=0.9, linestyle=":", zorder=6)
    both = Text("cakrawala keduanya", "horizon of both")
    apart = abs(d_km[first] - d_km[last]) > _APART * d_km[-1]
    named = ((first, _HORIZONS[0]), (last, _HORIZONS[1])) if apart else ((first, both),)
    for at, text in named:
        axes.plot(d_km[at], surface[at], marker="^", color=INKS.deep, markersize=7, zorder=7)
        _label(axes, clearance, (d_km[at], surface[at]), text.of(lang), limits, below=True)
    name = Text("titik Bullington", "Bullington point").of(lang)
    if edge[1] < limits[1]:
        axes.plot(*edge, marker="D", color=_BLOCKED, markersize=6, zorder=8)
        _label(axes, clearance, edge, name, limits, below=False)
    else:
        told = f"↑ {name}: {number(edge[0], 1, lang=lang)} km, {number(edge[1], lang=lang)} m"
        _label(axes, clearance, (edge[0], limits[1]), told, limits, below=True)


def horizons(clearance: Clearance) -> tuple[int, int, tuple[float, float]]:
    """Return where both horizons of a blocked path lie in its arrays, and distance (km) and height (m) of Bullington's edge."""
    d, surface, ray = clearance.d_km, clearance.surface_m, clearance.ray_m
    up = (surface[1:-1] - ray[0]) / d[1:-1]
    down = (surface[1:-1] - ray[-1]) / (d[-1] - d[1:-1])
    first, last = int(up.argmax()) + 1, int(down.argmax()) + 1
    rise, fall = float(up.max()), float(down.max())
    at = (
        float(np.clip((ray[-1] - ray[0] + fall * d[-1]) / (rise + fall), d[1], d[-2]))
        if rise + fall > 0
        else float(d[first])
    )
    return first, last, (at, float(ray[0] + rise * at))


def _label(
    axes: Axes, clearance: Clearance, place: tuple[float, float], text: str, limits: tuple[float, float], *, below: bool
) -> None:
    """Write beside a place, towards the middle where it is near an end."""
    share = place[0] / float(clearance.d_km[-1])
    align = "left" if share < _NEAR_END else "right" if share > 1 - _NEAR_END else "center"
    away = (limits[1] - limits[0]) * (-_AWAY if below else _AWAY)
    axes.text(
        place[0], place[1] + away, text, ha=align, va="top" if below else "bottom", size=9.5, color=INKS.text, zorder=9,
        bbox=_BEHIND,
    )  # fmt: skip


def _draw_ends(
    axes: Axes, clearance: Clearance, ends: tuple[str, str], antennas_m: tuple[float, float], top: float
) -> None:
    """Draw both antennas, their names at the top of the picture, where no other word stands."""
    for at, name, height, align in ((0, ends[0], antennas_m[0], "left"), (-1, ends[1], antennas_m[1], "right")):
        x, tip = clearance.d_km[at], clearance.ray_m[at]
        axes.plot([x, x], [tip, top], color=INKS.soft, linewidth=0.7, linestyle=(0, (1, 3)), zorder=5)
        axes.plot(
            [x, x], [tip - height, tip], color=INKS.deep, linewidth=3.0, solid_capstyle="butt", zorder=7, clip_on=False
        )
        axes.plot(x, tip, marker="o", color=INKS.deep, markersize=6, zorder=8, clip_on=False)
        axes.annotate(
            lettering.known(name), (x, top), ha=align, va="top", size=10, weight="bold", color=INKS.deep, zorder=9,
            parse_math=False, bbox=_BEHIND,
        )  # fmt: skip


def _dress(axes: Axes, clearance: Clearance, limits: tuple[float, float], lang: Lang) -> None:
    margin = 0.012 * clearance.d_km[-1]
    axes.set_xlim(-margin, clearance.d_km[-1] + margin)
    axes.set_ylim(*limits)
    axes.set_xlabel(Text("Jarak dari menara (km)", "Distance from the site (km)").of(lang), color=INKS.soft)
    axes.set_ylabel(Text("Tinggi (m)", "Height (m)").of(lang), color=INKS.soft)
    places = next(at for at, least_km in enumerate(_WHOLE_FROM_KM) if clearance.d_km[-1] >= least_km)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, places, lang=lang)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, lang=lang)))
    axes.tick_params(colors=INKS.soft)
    axes.grid(visible=True, color=INKS.line, linewidth=0.6, zorder=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(INKS.line)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=7, frameon=False, fontsize=9, handlelength=1.8)

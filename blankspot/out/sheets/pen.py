"""Drawing in millimetres: a thin layer over matplotlib that knows lines, boxes, polygons and texts, and no markup.

Every text is drawn with `parse_math=False`, so that a `$` in a name is a `$`. A halo is drawn as an outline of its own below the
letters, and the letters stay letters: a PDF can be searched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke

from blankspot.out import lettering
from blankspot.out.palette import INKS
from blankspot.out.sheets.paper import MM_PER_POINT, Rect

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

INK: Final = INKS.text
LEADING: Final = 1.3
Dash = tuple[float, ...]


class Pen:
    """Draws on one rectangle of a figure, in millimetres from its lower left corner."""

    def __init__(self, figure: Figure, sheet: tuple[float, float], rect: Rect, *, order: float = 0.0) -> None:
        wide, high = sheet
        self.axes: Axes = figure.add_axes((rect.x / wide, rect.y / high, rect.width / wide, rect.height / high))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, rect.width)
        self.axes.set_ylim(0, rect.height)
        self.axes.set_zorder(order)
        self._step = 0.0

    def box(self, rect: Rect, *, fill: str | None = None, line: str | None = None, wide: float = 0.0) -> None:
        """Draw a box; `wide` is the width of its line in millimetres."""
        shape = Rectangle((rect.x, rect.y), rect.width, rect.height, fill=fill is not None, facecolor=fill or "none", edgecolor=line or "none", linewidth=wide / MM_PER_POINT if line else 0, joinstyle="miter")  # fmt: skip
        self.axes.add_patch(self._next(shape))

    def polygon(
        self, corners: Sequence[tuple[float, float]], *, fill: str, line: str = "none", wide: float = 0.0
    ) -> None:
        """Draw a polygon."""
        shape = Polygon(corners, closed=True, facecolor=fill, edgecolor=line, linewidth=wide / MM_PER_POINT, joinstyle="round")  # fmt: skip
        self.axes.add_patch(self._next(shape))

    def lines(
        self, pieces: Iterable[NDArray[np.float64]], colour: str, wide: float, *, dash: Dash = (), alpha: float = 1.0
    ) -> None:
        """Draw lines; `dash` gives lengths of line and gap in millimetres."""
        pieces = list(pieces)
        if pieces:
            style: Any = (0, tuple(part / wide for part in dash)) if dash else "solid"
            drawn = LineCollection(pieces, colors=colour, linewidths=wide / MM_PER_POINT, linestyles=[style], alpha=alpha, capstyle="butt" if dash else "round", joinstyle="round")  # fmt: skip
            self.axes.add_collection(self._next(drawn), autolim=False)

    def areas(self, shapes: Iterable[Any], fill: Sequence[str] | str, *, line: str = "none", wide: float = 0.0) -> None:
        """Fill polygons."""
        outlines = [outline for shape in shapes if (outline := outline_of(shape)) is not None]
        if outlines:
            drawn = PathCollection(outlines, facecolors=fill, edgecolors=line, linewidths=wide / MM_PER_POINT)
            self.axes.add_collection(self._next(drawn), autolim=False)

    def marks(
        self, x: Any, y: Any, sign: Any, size: float, *, fill: str, line: str = "none", wide: float = 0.0
    ) -> None:
        """Put a sign at every place; `size` is its height in millimetres."""
        edge = wide / MM_PER_POINT
        drawn = Line2D(x, y, linestyle="none", marker=sign, markersize=size / MM_PER_POINT, markerfacecolor=fill, markeredgecolor=line, markeredgewidth=edge)  # fmt: skip
        self.axes.add_line(self._next(drawn))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        across: Literal["left", "center", "right"] = "left",
        upright: Literal["baseline", "center_baseline", "top", "bottom", "center"] = "baseline",
        turned: float = 0.0,
        halo: float = 0.0,
    ) -> None:
        """Write one line; `size` in points, `halo` the width of the white around it in millimetres."""
        shown: dict[str, Any] = {
            "fontproperties": lettering.font(bold=bold), "fontsize": size, "ha": across, "va": upright, "rotation": turned,
            "rotation_mode": "anchor" if turned else None, "parse_math": False, "clip_on": False,
        }  # fmt: skip
        if halo:
            behind = self.axes.text(x, y, text, **shown, color="#ffffff")
            behind.set_path_effects(
                [Stroke(linewidth=2 * halo / MM_PER_POINT, foreground="#ffffff", joinstyle="round")]
            )
            behind.set_gid("halo")
            self._next(behind)
        self._next(self.axes.text(x, y, text, **shown, color=colour))

    def paragraph(
        self, x: float, top: float, lines: Sequence[str], size: float, *, bold: bool = False, colour: str = INK,
        across: Literal["left", "center", "right"] = "left",
    ) -> float:  # fmt: skip
        """Write lines below each other, the first below `top`; return the lower edge."""
        leading = size * MM_PER_POINT * LEADING
        for at, line in enumerate(lines):
            self.text(x, top - leading * (at + 0.78), line, size, bold=bold, colour=colour, across=across)
        return top - leading * len(lines)

    def image(self, rect: Rect, pixels: Any) -> None:
        """Put a picture into a box."""
        limits = self.axes.get_xlim(), self.axes.get_ylim()
        drawn = self.axes.imshow(pixels, extent=(rect.x, rect.right, rect.y, rect.top), aspect="auto")
        self.axes.set_xlim(limits[0])
        self.axes.set_ylim(limits[1])
        self._next(drawn)

    def _next(self, artist: Any) -> Any:
        """Let later artists lie on earlier ones, whatever their kind."""
        self._step += 1
        artist.set_zorder(self._step)
        return artist


def outline_of(shape: Any) -> Outline | None:
    """Return a polygon or several as one outline with its holes."""
    if shape is None or shape.is_empty:
        return None
    corners, codes = [], []
    for part in shapely.get_parts(shapely.get_parts(shapely.orient_polygons(shape))):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            at = shapely.get_coordinates(ring)
            corners.append(at)
            code = np.full(len(at), Outline.LINETO, dtype=Outline.code_type)
            code[0], code[-1] = Outline.MOVETO, Outline.CLOSEPOLY
            codes.append(code)
    return Outline(np.vstack(corners), np.concatenate(codes)) if corners else None


def pieces_of(shape: Any) -> list[NDArray[np.float64]]:
    """Return every line of a geometry as corners."""
    if shape is None or shape.is_empty:
        return []
    parts = shapely.get_parts(shapely.get_parts(shape))
    kinds = shapely.get_type_id(parts)
    lines = parts[(kinds == 1) | (kinds == 2)]  # noqa: PLR2004 - GEOS's numbers of lines and rings
    return [shapely.get_coordinates(line) for line in lines if not line.is_empty]

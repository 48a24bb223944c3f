"""How large a pixel is on the ground."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pyproj import CRS

if TYPE_CHECKING:
    from affine import Affine

_DEGREE_M: Final = 6_371_008.8 * math.pi / 180  # mean radius, IUGG 1980


def pixel_m(crs: str, transform: Affine, shape: tuple[int, int] = (0, 0)) -> float:
    """Return the side of a pixel in metres: the root of width times height, degrees measured at the grid's middle."""
    system = CRS.from_user_input(crs)
    if not system.is_geographic:
        unit_m = float(system.axis_info[0].unit_conversion_factor)
        return unit_m * math.sqrt(abs(transform.a * transform.e))
    _, lat = transform @ (0, shape[0] / 2)
    return _DEGREE_M * math.sqrt(abs(transform.a * transform.e) * max(math.cos(math.radians(lat)), 1e-6))

"""The invented kabupaten of the map's tests as a survey for map sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mapworld

from blankspot.out.sheets.survey import survey_of
from blankspot.settings import load_settings

if TYPE_CHECKING:
    import geopandas as gpd


def survey(villages: gpd.GeoDataFrame, **changes):
    tables = mapworld.tables(villages[~villages.geometry.isna()], readings=10)
    given = {
        "verdicts": tables["verdicts"],
        "handling": tables["handling"],
        "points": {"sites": tables["sites"], "internet": tables["internet_points"], "facilities": tables["facilities"]},
        "lines": {},
        "progress": tables["progress"],
        "shares": {"99.01.01": (3, 4)},
        "provenance": tables["provenance"],
        "agency": None,
        "logo": None,
        "title": None,
        "edition": 1,
        "lang": "id",
        "settings": load_settings(),
    }
    return survey_of(villages, **given | changes)

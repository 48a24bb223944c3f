"""Map sheets for print, arranged after Peraturan Kepala BIG 3/2016 (Spesifikasi Teknis Penyajian Peta Desa).

Its Lampiran D asks of a sheet: title, scale as number and bar, sheet number, name of the area, north, edition and year, index of
sheets, location diagram, projection with grid and datum, logo with the office's name, address and contact, copyright, legend, and
sources with history. `survey` turns frames into values, `sheet` arranges one sheet, `chart` lays its map out, `write` makes files.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from blankspot.errors import UsageError
from blankspot.out.sheets.diagrams import Regions
from blankspot.out.sheets.model import SYMBOLS
from blankspot.out.sheets.paper import PAPERS
from blankspot.out.sheets.survey import by_district, drawable, part, survey_of, whole
from blankspot.out.sheets.write import DPI, FORMS, check_dpi, pages, write_figure
from blankspot.settings import load_settings
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    import geopandas as gpd
    import pandas as pd

    from blankspot.out.maps.draw import Achievement
    from blankspot.out.sheets.model import Agency, Sheet, Survey
    from blankspot.out.sheets.paper import Paper
    from blankspot.out.sheets.write import Form
    from blankspot.settings import Provenance, Settings
    from blankspot.words import Lang

__all__ = [
    "DPI",
    "FORMS",
    "PAPERS",
    "SYMBOLS",
    "drawable",
    "write_district_sheets",
    "write_sheet",
    "write_survey_sheet",
]

_NAME_MAX: Final = 60


def write_sheet(  # noqa: PLR0913 - one argument per table, as write_map
    path: str | Path,
    villages: gpd.GeoDataFrame,
    *,
    verdicts: pd.DataFrame | None = None,
    handling: pd.DataFrame | None = None,
    sites: pd.DataFrame | None = None,
    internet_points: pd.DataFrame | None = None,
    facilities: pd.DataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    rivers: gpd.GeoDataFrame | None = None,
    progress: Achievement | None = None,
    shares: Mapping[str, tuple[int, int]] | None = None,
    provenance: Provenance | None = None,
    office: Agency | None = None,
    logo: str | Path | None = None,
    title: str | None = None,
    area: str | None = None,
    edition: int = 1,
    paper: Paper = "A3",
    form: Form | None = None,
    dpi: int = DPI,
    lang: Lang = "id",
    settings: Settings | None = None,
) -> Path:
    """Write one map sheet for print, whole or not at all, and return its path.

    The sheet lies or stands as suits the area, and its scale is the largest round one at which the area fits: at 1:50.000 one
    centimetre of the paper is 500 m of the UTM zone that it is drawn in. The same data give the same bytes.

    Args:
        path: The file.
        villages: Table `villages` in EPSG:4326; rows without geometry are counted and named, not drawn.
        verdicts: Table `verdicts`; villages without a row are shown as not judged.
        handling: State of the ledger, one row per case.
        sites: Table `sites`, drawn as symbols, as are the next two.
        internet_points: Table `internet_points`.
        facilities: Table `facilities`.
        roads: Lines in EPSG:4326.
        rivers: Lines in EPSG:4326.
        progress: Achievement against the target list, of all villages.
        shares: Handled and target villages by code of kecamatan or kabupaten, for a sheet of a part.
        provenance: From what, by which rules, as of when.
        office: Who publishes; `[office]` of a workspace.
        logo: PNG or JPEG for the slot beside the office; the slot stays empty without.
        title: Of the whole, where the villages do not name their kabupaten.
        area: Code of the kecamatan, kabupaten or village that the sheet is about; everything if not given.
        edition: How manieth edition of the year.
        paper: Size of ISO 216.
        form: "pdf", "png" or "svg"; by the file's ending if not given.
        dpi: Pixels per inch of a PNG.
        lang: Language of the sheet.
        settings: Names the profile of thresholds where no provenance does.

    Raises:
        UsageError: A frame lacks columns or is not in EPSG:4326, nothing has a geometry, or an option makes no sense.
        SourceError: The logo is no picture.
        OutputError: The file cannot be written.
    """
    path = Path(path)
    form = _checked(path, form, paper, dpi)
    survey = survey_of(
        villages,
        verdicts=verdicts,
        handling=handling,
        points={"sites": sites, "internet": internet_points, "facilities": facilities},
        lines={"rivers": rivers, "roads": roads},
        progress=progress,
        shares=shares or {},
        provenance=provenance,
        agency=office,
        logo=None if logo is None else Path(logo),
        title=title,
        edition=edition,
        lang=lang,
        settings=settings or load_settings(),
    )
    return write_survey_sheet(path, survey, area=area, paper=paper, form=form, dpi=dpi)


def write_survey_sheet(
    path: Path,
    survey: Survey,
    *,
    area: str | None = None,
    paper: Paper = "A3",
    form: Form | None = None,
    dpi: int = DPI,
) -> Path:
    """Write the sheet of a survey, or of one area of it, and return its path; see `write_sheet`."""
    form = _checked(path, form, paper, dpi)
    sheet = whole(survey) if area is None else part(survey, area)
    write_figure(path, survey, sheet, Regions(survey), paper=paper, form=form, dpi=dpi)
    return path


def write_district_sheets(
    folder: str | Path,
    survey: Survey,
    *,
    paper: Paper = "A3",
    form: Form = "pdf",
    dpi: int = DPI,
    working: Callable[[Text], AbstractContextManager[object]],
) -> tuple[list[Path], list[str]]:
    """Write one sheet per kecamatan into a folder, each whole or not at all, and return the files and whom none could be drawn of.

    PDF sheets are also put into one file, behind a sheet of the whole, so that all can be printed at once.

    Args:
        folder: Made if need be.
        survey: What the sheets are made from.
        paper: Size of ISO 216.
        form: "pdf", "png" or "svg".
        dpi: Pixels per inch of a PNG.
        working: Called with what is being drawn; its context lasts as long as that.
    """
    folder = Path(folder)
    check_dpi(dpi)
    regions = Regions(survey)
    sheets, left_out = by_district(survey)
    everything = whole(survey)
    written: list[Path] = []
    all_in_one = folder / f"{_stem(everything)}_semua.pdf"

    def one(sheet: Sheet, at: int) -> None:
        with working(_drawing(sheet, at, len(sheets))):
            path = folder / f"{_stem(sheet)}.{form}"
            write_figure(path, survey, sheet, regions, paper=paper, form=form, dpi=dpi, into=document)
            written.append(path)

    if form == "pdf" and len(sheets) > 1:
        with pages(all_in_one, survey, everything) as document:
            one(everything._replace(series=sheets[0].series, number=0), 0)
            for at, sheet in enumerate(sheets, start=1):
                one(sheet, at)
        written.append(all_in_one)
    else:
        document = None
        for at, sheet in enumerate(sheets, start=1):
            one(sheet, at)
    return written, [place.name for place in left_out]


def _drawing(sheet: Sheet, at: int, total: int) -> Text:
    name = sheet.area.name or sheet.area.code
    return Text(f"Menggambar lembar {at} dari {total}: {name}", f"Drawing sheet {at} of {total}: {name}")


def _stem(sheet: Sheet) -> str:
    """Return the name of a sheet's file: its code and its name in plain letters, which works on every system."""
    plain = unicodedata.normalize("NFKD", sheet.area.name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_NAME_MAX].strip("-")
    code = re.sub(r"[^A-Za-z0-9.]+", "-", sheet.area.code).strip(".-")
    return "_".join(filter(None, (code, slug))) or "peta"


def _checked(path: Path, form: Form | None, paper: str, dpi: int) -> Form:
    """Return the form of a file.

    Raises:
        UsageError: Something is not one of what there is.
    """
    chosen = form or path.suffix.lower().removeprefix(".")
    for what, value, allowed in (
        (Text("Format", "The format"), chosen, FORMS),
        (Text("Kertas", "The paper"), paper, PAPERS),
    ):
        if value not in allowed:
            listed = ", ".join(allowed)
            raise UsageError(
                Text(
                    f"{what.id} {value!r} tidak tersedia untuk lembar peta.",
                    f"{what.en} {value!r} is not there for map sheets.",
                ),
                hint=Text(f"Pilih: {listed}.", f"Choose: {listed}."),
            )
    check_dpi(dpi)
    return chosen  # type: ignore[return-value]  # it is one of them

"""The package as a folder: written beside its place and renamed when it is whole, so that nobody ever reads half of one.

A folder that holds anything but a package of ours is never replaced. Every byte follows from the input: dates are those of the
data, and no clock, machine or user is written anywhere.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from blankspot.errors import OutputError
from blankspot.out.files import atomic, refused
from blankspot.out.publish.bps import ms_ind, ms_keg, ms_var
from blankspot.out.publish.datapackage import data_package
from blankspot.out.publish.dictionary import data_dictionary
from blankspot.out.publish.files import TABLE_FORMATS, write_tables
from blankspot.out.publish.held import Held, HeldBack
from blankspot.out.publish.rasters import RasterSource, write_cog
from blankspot.out.publish.readme import licence_text, readme
from blankspot.out.publish.written import Written, note
from blankspot.out.tables import write_csv, write_xlsx
from blankspot.words import LANGS, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from blankspot.out.publish.publication import About
    from blankspot.out.publish.selection import Selection
    from blankspot.settings import Settings

FORMATS: Final = (*TABLE_FORMATS, "cog")
DESCRIPTOR: Final = "datapackage.json"
_TITLES: Final = {
    "README.txt": Text("Baca dahulu", "Read first"),
    "LICENSE.txt": Text("Lisensi", "Licence"),
    "dcat.ttl": Text("Metadata DCAT (Turtle)", "DCAT metadata (Turtle)"),
    "dcat.jsonld": Text("Metadata DCAT (JSON-LD)", "DCAT metadata (JSON-LD)"),
    "iso19139.xml": Text("Metadata ISO 19115", "ISO 19115 metadata"),
    "ms-keg.csv": Text("Metadata kegiatan statistik (MS-Keg)", "Metadata of the activity (MS-Keg)"),
    "ms-var.csv": Text("Metadata variabel statistik (MS-Var)", "Metadata of the variables (MS-Var)"),
    "ms-ind.csv": Text("Metadata indikator statistik (MS-Ind)", "Metadata of the indicators (MS-Ind)"),
    "metadata-statistik.xlsx": Text("MS-Keg, MS-Var, dan MS-Ind", "MS-Keg, MS-Var and MS-Ind"),
    "kamus-data.id.csv": Text("Kamus data", "Data dictionary in Indonesian"),
    "kamus-data.en.csv": Text("Kamus data dalam bahasa Inggris", "Data dictionary"),
}
_STAC: Final = Text("Butir STAC: {name}", "STAC item: {name}")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that was written.

    Attributes:
        folder: Where it stands.
        files: Everything in it but the descriptor.
        held: What stayed here.
        about: What its metadata say.
    """

    folder: Path
    files: tuple[Written, ...]
    held: tuple[Held, ...]
    about: About

    @property
    def paths(self) -> list[Path]:
        """Every file in it, the descriptor first."""
        return [self.folder / DESCRIPTOR, *(self.folder / file.path for file in self.files)]


def write_package(
    folder: Path,
    selection: Selection,
    about: About,
    settings: Settings,
    *,
    rasters: Iterable[RasterSource] = (),
    formats: Iterable[str] = FORMATS,
) -> Package:
    """Write a package whole or not at all.

    Args:
        folder: Where; a package that stands there is replaced.
        selection: What leaves.
        about: What is said of it.
        settings: How fine squares are, the validity of readings, the zone of the reader.
        rasters: Rasters that may leave, written where `formats` has "cog".
        formats: Of `FORMATS`.

    Raises:
        OutputError: The folder holds something else, or the disk refuses.
        SourceError: A raster cannot be read.
    """
    folder = Path(folder)
    _refuse_if_other(folder)
    workshop = _workshop(folder)
    try:
        made = workshop / "made"
        made.mkdir()
        held = HeldBack()
        files = _data(made, selection, about, settings, tuple(rasters), tuple(formats), held)
        everything = (*selection.held, *held.lines())
        files += _metadata(made, selection, about, settings, files)
        files += _texts(made, about, settings, files, everything)
        _write(made / DESCRIPTOR, data_package(about, files))
        _put(made, folder, workshop / "old")
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise refused(folder, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return Package(folder=folder, files=tuple(files), held=everything, about=about)


def _refuse_if_other(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise refused(folder, FileExistsError(17, "File exists"))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / DESCRIPTOR).is_file():
        raise OutputError(
            Text(
                f"{folder} berisi sesuatu yang bukan paket data terbuka, sehingga tidak ditimpa.",
                f"{folder} holds something that is no open data package, so it is not replaced.",
            ),
            hint=Text("Pilih folder baru atau kosongkan dahulu.", "Choose a new folder or empty it first."),
        )


def _workshop(folder: Path) -> Path:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".blankspot-open-", dir=folder.parent))
    except OSError as error:
        raise refused(folder, error) from error


def _put(made: Path, folder: Path, aside: Path) -> None:
    """Rename the made folder into place; what stood there comes back if that fails."""
    if folder.exists():
        folder.rename(aside)
    try:
        made.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    folder.chmod(0o755)  # a folder made for oneself alone would be unreadable for the web server


def _data(
    made: Path,
    selection: Selection,
    about: About,
    settings: Settings,
    rasters: Sequence[RasterSource],
    formats: Sequence[str],
    held: HeldBack,
) -> list[Written]:
    files: list[Written] = []
    for kind in FORMATS:
        if kind in formats and kind != "cog":
            files += write_tables(made, selection, about, settings, kind)
    if "cog" in formats:
        for source in rasters:
            place = made / "raster"
            place.mkdir(exist_ok=True)
            raster = write_cog(place, source, about, devices_min=settings.public.devices_min, held=held)
            files.append(note(made, place / raster.file, "cog", raster.title, raster=raster))
    return files


def _metadata(
    made: Path, selection: Selection, about: About, settings: Settings, files: Sequence[Written]
) -> list[Written]:
    from blankspot.out.publish.dcat import dcat_graph, json_ld, turtle
    from blankspot.out.publish.iso import iso_record
    from blankspot.out.publish.stac import stac_item

    place = made / "metadata"
    place.mkdir()
    begins = about.as_of - dt.timedelta(days=settings.evidence.validity_days)
    graph = dcat_graph(about, files, begins=begins)
    texts = {
        "dcat.ttl": turtle(graph),
        "dcat.jsonld": json_ld(graph),
        "iso19139.xml": iso_record(about, files, begins=begins),
    }
    written = []
    for name, text in texts.items():
        _write(place / name, text)
        written.append(note(made, place / name, name.rpartition(".")[2], _TITLES[name]))
    written += _forms(made, place, selection, about, settings)
    for file in files:
        if file.raster is not None:
            path = (made / file.path).with_suffix(".stac.json")
            _write(path, stac_item(about, file))
            written.append(note(made, path, "json", _STAC.fill(name=file.raster.source.name)))
    return written


def _forms(made: Path, place: Path, selection: Selection, about: About, settings: Settings) -> list[Written]:
    forms: dict[str, pd.DataFrame] = {
        "ms-keg": ms_keg(about, selection, settings),
        "ms-var": ms_var(selection),
        "ms-ind": ms_ind(selection, settings),
    }
    sheets = {
        name.upper().replace("-", "_"): (frame, {column: column for column in frame.columns})
        for name, frame in forms.items()
    }
    book = write_xlsx(place / "metadata-statistik.xlsx", sheets)
    written = [note(made, book, "xlsx", _TITLES[book.name])]
    for lang in LANGS:
        forms[f"kamus-data.{lang}"] = data_dictionary(selection, lang)
    for name, frame in forms.items():
        path = write_csv(place / f"{name}.csv", frame)
        written.append(note(made, path, "csv", _TITLES[path.name]))
    return written


def _texts(
    made: Path, about: About, settings: Settings, files: Sequence[Written], held: Sequence[Held]
) -> list[Written]:
    texts = {"LICENSE.txt": licence_text(about), "README.txt": readme(about, files, held, settings.public)}
    for name, text in texts.items():
        _write(made / name, text)
    return [note(made, made / name, "txt", _TITLES[name]) for name in texts]


def _write(path: Path, text: str) -> None:
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")

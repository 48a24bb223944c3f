"""`blankspot.toml`: what a workspace is made of, checked as a whole before anything runs."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic resolves it at run time
import tomllib
from collections.abc import Mapping  # noqa: TC003 - pydantic resolves it at run time
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

from blankspot.errors import SettingsError, SourceError, UsageError
from blankspot.out.letters.model import Office
from blankspot.out.publish.model import Publication
from blankspot.words import LANGS, Text

FILE_NAME: Final = "blankspot.toml"
_TILE_SUFFIXES: Final = frozenset({".asc", ".bil", ".dem", ".hgt", ".img", ".tif", ".tiff", ".vrt", ".zip"})


class Source(BaseModel):
    """One or several files of one kind that are read the same way.

    A workbook's sheet is its layer, and may be written `sheet`. What `surface` and `sea` of heights mean says
    `sources.terrain.open_terrain`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: tuple[str, ...] = Field(min_length=1)
    layer: str | None = Field(default=None, validation_alias=AliasChoices("layer", "sheet"))
    codes: Literal["kemendagri", "kemendagri_undotted", "bps"] = "kemendagri"
    crs: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    licence: str = ""
    surface: Literal["dsm", "dtm"] | None = None
    sea: Literal["zero", "below_zero", "void", "none"] | None = None

    @field_validator("path", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    def files(self, root: Path) -> list[Path]:
        """Return the files meant, patterns and folders of raster tiles expanded in sorted order.

        Raises:
            SourceError: A pattern matches nothing.
        """
        found: list[Path] = []
        for text in self.path:
            matches = (
                sorted(root.glob(text))
                if any(sign in text for sign in "*?[") and not Path(text).is_absolute()
                else [root / text]
            )
            if not matches:
                raise SourceError(
                    Text(f"Tidak ada berkas yang cocok dengan {text} di {root}.", f"No file matches {text} in {root}."),
                    hint=Text("Periksa [sources] di blankspot.toml.", "Check [sources] in blankspot.toml."),
                )
            for path in matches:
                found.extend(_rasters_in(path) or [path])
        return found


def _rasters_in(path: Path) -> list[Path]:
    """Return the rasters and zips in a folder of tiles, in order of their names; a folder that is a format has an ending."""
    if path.suffix or not path.is_dir():
        return []
    return sorted(
        one for one in path.rglob("*") if one.suffix.lower() in _TILE_SUFFIXES and not one.name.startswith(".")
    )


class Sources(BaseModel):
    """The inputs by kind; only the boundaries are a must for verdicts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    boundaries: tuple[Source, ...] = ()
    code_list: tuple[Source, ...] = ()
    crosswalk: tuple[Source, ...] = ()
    measurements: tuple[Source, ...] = ()
    sites: tuple[Source, ...] = ()
    podes: tuple[Source, ...] = ()
    reports: tuple[Source, ...] = ()
    facilities: tuple[Source, ...] = ()
    internet_points: tuple[Source, ...] = ()
    proposals: tuple[Source, ...] = ()
    population: tuple[Source, ...] = ()
    terrain: tuple[Source, ...] = ()
    land_cover: tuple[Source, ...] = ()
    speed_tiles: tuple[Source, ...] = ()
    roads: tuple[Source, ...] = ()
    rivers: tuple[Source, ...] = ()
    handling: tuple[Source, ...] = ()
    indicators: tuple[Source, ...] = ()
    partners: tuple[Source, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _many(cls, value: Any) -> Any:
        listed = value if isinstance(value, (list, tuple)) else [value]
        return tuple({"path": entry} if isinstance(entry, str) else entry for entry in listed)


class Header(BaseModel):
    """What the workspace is called and which day it speaks of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    as_of: dt.date | None = None
    year: int | None = Field(default=None, ge=2000, le=2100)
    ledger: str = "ledger.db"


class Config(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workspace: Header = Field(default_factory=Header)
    sources: Sources = Field(default_factory=Sources)
    office: Office = Field(default_factory=Office)
    publication: Publication = Field(default_factory=Publication)
    settings: Mapping[str, Any] = Field(default_factory=dict)

    @field_validator("office", mode="before")
    @classmethod
    def _digits(cls, value: Any) -> Any:
        """Take the numbers of an office, which TOML reads as such without quotes, as the text that they are."""
        if not isinstance(value, dict):
            return value
        plain = {name for name in ("head_nip", "phone") if type(value.get(name)) is int}
        return {name: str(given) if name in plain else given for name, given in value.items()}


def read_config(root: Path) -> Config:
    """Read and check the `blankspot.toml` of a folder.

    Raises:
        UsageError: The folder is no workspace.
        SettingsError: The file is no TOML, or has unknown keys or wrong values; all of them in one message.
    """
    path = root / FILE_NAME
    if not path.is_file():
        raise UsageError(
            Text(
                f"{root} bukan ruang kerja: {FILE_NAME} tidak ada di dalamnya.",
                f"{root} is no workspace: it has no {FILE_NAME}.",
            ),
            hint=Text(
                f"Buat dengan: blankspot init {root}, atau coba contoh dengan: blankspot demo FOLDER.",
                f"Make one with: blankspot init {root}, or try the example with: blankspot demo FOLDER.",
            ),
        )
    try:
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            Text(f"{path} tidak terbaca sebagai TOML: {error}.", f"{path} cannot be read as TOML: {error}."),
            hint=Text("Periksa tanda kutip dan baris yang disebut.", "Check the quotes and the line named."),
        ) from error
    except ValidationError as error:
        faults = [_fault(dict(one)) for one in error.errors()]
        listed = Text(*("\n  ".join(fault.of(lang) for fault in faults) for lang in LANGS))
        raise SettingsError(
            Text(
                f"{len(faults)} isian di {path} salah:\n  {listed.id}\n",
                f"{len(faults)} entries in {path} are wrong:\n  {listed.en}\n",
            ),
            hint=Text(
                "Bandingkan dengan blankspot.toml dari: blankspot init FOLDER.",
                "Compare with the blankspot.toml of: blankspot init FOLDER.",
            ),
        ) from error


_FAULTS: Final = {
    "extra_forbidden": "isian ini tidak dikenal",
    "unexpected_keyword_argument": "isian ini tidak dikenal",
    "missing": "isian ini wajib",
    "string_type": "harus teks dalam tanda kutip",
    "literal_error": "bukan salah satu pilihan yang sah",
    "date_type": "harus tanggal seperti 2022-12-26",
    "date_from_datetime_parsing": "harus tanggal seperti 2022-12-26",
    "date_parsing": "harus tanggal seperti 2022-12-26",
    "int_type": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "greater_than_equal": "terlalu kecil",
    "less_than_equal": "terlalu besar",
    "too_short": "tidak boleh kosong",
}


def _fault(fault: dict[str, Any]) -> Text:
    """Say where an entry is wrong and why; the reason is the checker's own where we have no words for it."""
    where, reason = ".".join(map(str, fault["loc"])), str(fault["msg"])
    return Text(f"{where}: {_FAULTS.get(fault['type'], reason)}", f"{where}: {reason}")

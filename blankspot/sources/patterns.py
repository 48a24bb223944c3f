"""Pattern files of antennas in the Planet format (`.msi`, `.pln`), as every maker publishes them.

A header of keys (`NAME`, `GAIN 15.4 dBd`, `TILT ELECTRICAL` …), then two cuts, `HORIZONTAL 360` and `VERTICAL 360`, each
with an angle and an attenuation in dB a line: horizontal angles clockwise from the main direction, vertical ones from the
horizon downwards. A gain without a unit is in dBd, as the format has it. What files in the wild do differently and still
says the same is read: gains below 0 for attenuations above it, a decimal comma, a closing row at 360 degrees, angles from
-180 to 179, steps of half a degree, a name without its key. A cut that is short of rows, leaves a gap or says two things
of one angle is refused with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.errors import SourceError
from blankspot.radio.antenna import Pattern
from blankspot.sources.files import members, unreadable
from blankspot.values import read_number
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from blankspot.sources.files import Member

SUFFIXES: Final = (".msi", ".pln")
DIPOLE_DBI: Final = 2.15  # gain of a half-wave dipole, to which dBd refers
_CUTS: Final = ("HORIZONTAL", "VERTICAL")
_KEYS: Final = (*_CUTS, "NAME", "MAKE", "FREQUENCY", "GAIN", "TILT", "COMMENT", "POLARIZATION", "H_WIDTH", "V_WIDTH", "FRONT_TO_BACK")  # fmt: skip
_NUMBER: Final = r"[-+\u2212]?\d*[.,]?\d+(?:e[-+]?\d+)?"
_ROW: Final = re.compile(rf"({_NUMBER})[\s;]+({_NUMBER})", re.IGNORECASE)
_KEY: Final = re.compile(r"([A-Za-z_]+)\b[\s:=]*(.*)")
_QUANTITY: Final = re.compile(rf"({_NUMBER})\s*\(?\s*([a-z]*)", re.IGNORECASE)
_GAP_MAX_DEG: Final = 10.0
_ABOVE_NOMINAL_DB: Final = 3.0  # a cut may rise a little above the gain in the header
_RESAMPLED: Final = 360


@dataclass(kw_only=True)
class _Cut:
    """Rows of one cut as they stand in the file."""

    line: int
    told: int | None
    angles: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


def read_pattern(path: str | Path) -> Pattern:
    """Read one antenna's pattern.

    Args:
        path: A `.msi` or `.pln` file, or a zip that holds one of them.

    Raises:
        SourceError: The file cannot be used, see the module, or holds several patterns.
    """
    patterns = read_patterns(path)
    if len(patterns) > 1:
        raise SourceError(
            Text(f"{path} berisi {len(patterns)} pola antena.", f"{path} holds {len(patterns)} antenna patterns."),
            hint=Text("Sebutkan satu berkas.", "Name one file."),
        )
    return next(iter(patterns.values()))


def read_patterns(path: str | Path | Sequence[str | Path]) -> dict[str, Pattern]:
    """Read the patterns of one or several files, or of a zip of them, by name of file.

    Raises:
        SourceError: A file cannot be used, see the module.
    """
    with members(path, suffixes=SUFFIXES) as found:
        return {member.name: _read(member) for member in found}


def _read(member: Member) -> Pattern:
    header: dict[str, str] = {}
    first = ""
    cuts: dict[str, _Cut] = {}
    cut: _Cut | None = None
    for number, raw in enumerate(_text(member).splitlines(), start=1):
        line = raw.strip()
        row, key = _ROW.match(line), _KEY.match(line)
        if not line:
            continue
        first = first or line
        if key and key[1].upper() in _CUTS:
            cut = _opened(member, number, key, cuts)
        elif cut is not None and row:
            cut.angles.append(_number(member, number, row[1]))
            cut.values.append(_number(member, number, row[2]))
        elif key and cut is None:
            header.setdefault(key[1].upper(), key[2].strip())
        elif cut is not None and (key is None or len(cut.angles) < (cut.told or 0)):
            raise _wrong(
                member, number, Text(f"'{line}' bukan sudut dan redaman", f"'{line}' is no angle and attenuation")
            )
    horizontal, vertical = (_evenly(member, name, cuts.get(name)) for name in _CUTS)
    gain, unit = _quantity(header, "GAIN")
    return Pattern(
        name=header.get("NAME") or (member.name if first.split()[0].upper() in _KEYS else first),
        horizontal_db=horizontal,
        vertical_db=vertical,
        gain_dbi=None if gain is None else gain + (0.0 if unit.lower() == "dbi" else DIPOLE_DBI),
        f_mhz=_megahertz(header),
        tilt_deg=_tilt(header),
    )


def _text(member: Member) -> str:
    try:
        raw = member.path.read_bytes()
    except OSError as error:
        raise unreadable(member.name, error) from error
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    if b"\x00" in raw:
        raise unreadable(member.name, ValueError("binary"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _opened(member: Member, number: int, key: re.Match[str], cuts: dict[str, _Cut]) -> _Cut:
    name = key[1].upper()
    if name in cuts:
        raise _wrong(member, number, Text(f"{name} ada dua kali", f"{name} occurs twice"))
    told = read_number(key[2])
    cuts[name] = _Cut(line=number, told=None if told is None else int(told))
    return cuts[name]


def _number(member: Member, number: int, text: str) -> float:
    value = read_number(text)
    if value is None:
        raise _wrong(member, number, Text(f"'{text}' bukan angka", f"'{text}' is no number"))
    return value


def _evenly(member: Member, name: str, cut: _Cut | None) -> NDArray[np.float64]:
    """Return a cut as gains relative to its maximum, evenly spaced around the circle from 0."""
    if cut is None:
        raise _wrong(member, None, Text(f"irisan {name} tidak ada", f"there is no cut {name}"))
    if cut.told is not None and cut.told != len(cut.angles):
        raise _wrong(
            member,
            cut.line,
            Text(
                f"{name} menyebut {cut.told} baris, yang ada {len(cut.angles)}",
                f"{name} tells of {cut.told} rows and has {len(cut.angles)}",
            ),
        )
    angles, values = _circle(member, name, cut)
    gaps = np.diff(angles, append=angles[0] + 360.0)
    if gaps.max() > _GAP_MAX_DEG:
        at = angles[int(gaps.argmax())]
        raise _wrong(
            member,
            cut.line,
            Text(
                f"{name} tidak memuat {gaps.max():g} derajat sesudah {at:g}",
                f"{name} leaves out {gaps.max():g} degrees after {at:g}",
            ),
        )
    lost = _attenuations(member, name, cut.line, values)
    if angles[0] != 0 or not np.allclose(gaps, gaps[0], atol=1e-6):
        lost = np.interp(np.arange(_RESAMPLED) * 360.0 / _RESAMPLED, angles, lost, period=360.0)
    return np.asarray(lost.min() - lost, dtype=np.float64)


def _circle(member: Member, name: str, cut: _Cut) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return angles from 0 upwards, each once, with their values."""
    written: dict[float, float] = {}
    for angle, value in zip(cut.angles, cut.values, strict=True):
        turned = round(angle % 360.0, 6) % 360.0
        if written.setdefault(turned, value) != value:
            raise _wrong(
                member,
                cut.line,
                Text(
                    f"{name} memberi sudut {angle:g} dua nilai: {written[turned]:g} dan {value:g}",
                    f"{name} gives angle {angle:g} two values: {written[turned]:g} and {value:g}",
                ),
            )
    if not written:
        raise _wrong(member, cut.line, Text(f"{name} tidak berisi baris", f"{name} has no rows"))
    angles = np.array(sorted(written))
    return angles, np.array([written[angle] for angle in angles])


def _attenuations(member: Member, name: str, line: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if values.max() <= 0:
        return -values
    if values.min() < -_ABOVE_NOMINAL_DB:
        raise _wrong(
            member,
            line,
            Text(
                f"{name} memuat nilai {values.min():g} dan {values.max():g}: penguatan atau redaman",
                f"{name} holds values of {values.min():g} and {values.max():g}: gains or attenuations",
            ),
        )
    return values


def _quantity(header: dict[str, str], key: str) -> tuple[float | None, str]:
    found = _QUANTITY.search(header.get(key, ""))
    return (read_number(found[1]), found[2]) if found else (None, "")


def _megahertz(header: dict[str, str]) -> float | None:
    value, unit = _quantity(header, "FREQUENCY")
    if value is None or value <= 0:
        return None
    return value * {"ghz": 1e3, "khz": 1e-3}.get(unit.lower(), 1.0)


def _tilt(header: dict[str, str]) -> float | None:
    """Return the electrical tilt; `TILT ELECTRICAL` alone says that there is one and not how much."""
    for key in ("ELECTRICAL_TILT", "TILT"):
        value, _ = _quantity(header, key)
        if value is not None and "MECH" not in header[key].upper():
            return value
    return None


def _wrong(member: Member, line: int | None, why: Text) -> SourceError:
    where = Text(member.name, member.name)
    if line is not None:
        where = Text(f"{member.name}, baris {line}", f"{member.name}, line {line}")
    return SourceError(
        Text(f"Pola antena {where.id}: {why.id}.", f"Antenna pattern {where.en}: {why.en}."),
        hint=Text(
            "Unduh lagi berkas .msi atau .pln dari pembuat antena.",
            "Download the .msi or .pln file from the antenna's maker again.",
        ),
    )

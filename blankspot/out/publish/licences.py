"""Licences: what a source's licence asks of what is made from it, and whether that goes with the licence of publication.

Offices write licences in many ways; `find` reads the usual ones. What it does not know is not judged, and that is said. This is no
legal advice: it is the question that has to be asked before publication, asked by the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence.

    Attributes:
        id: SPDX identifier, or "other" for a text that is not known.
        title: Its name, or the text as given.
        url: Where its text stands; "" where that is not known.
        share_alike: Whether what is made from it must carry the same licence.
        closed: Whether it forbids what open data allow (commercial use, changes).
    """

    id: str
    title: str
    url: str = ""
    share_alike: bool = False
    closed: bool = False


_CC: Final = "https://creativecommons.org"
LICENCES: Final[dict[str, Licence]] = {
    one.id: one
    for one in (
        Licence(id="CC0-1.0", title="Creative Commons Zero 1.0", url=f"{_CC}/publicdomain/zero/1.0/"),
        Licence(id="CC-BY-4.0", title="Creative Commons Attribution 4.0", url=f"{_CC}/licenses/by/4.0/"),
        Licence(
            id="CC-BY-SA-4.0",
            title="Creative Commons Attribution-ShareAlike 4.0",
            url=f"{_CC}/licenses/by-sa/4.0/",
            share_alike=True,
        ),
        Licence(
            id="CC-BY-NC-4.0",
            title="Creative Commons Attribution-NonCommercial 4.0",
            url=f"{_CC}/licenses/by-nc/4.0/",
            closed=True,
        ),
        Licence(
            id="CC-BY-NC-SA-4.0",
            title="Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
            url=f"{_CC}/licenses/by-nc-sa/4.0/",
            share_alike=True,
            closed=True,
        ),
        Licence(
            id="CC-BY-ND-4.0",
            title="Creative Commons Attribution-NoDerivatives 4.0",
            url=f"{_CC}/licenses/by-nd/4.0/",
            closed=True,
        ),
        Licence(id="CC-BY-3.0-IGO", title="Creative Commons Attribution 3.0 IGO", url=f"{_CC}/licenses/by/3.0/igo/"),
        Licence(
            id="ODC-BY-1.0",
            title="Open Data Commons Attribution 1.0",
            url="https://opendatacommons.org/licenses/by/1-0/",
        ),
        Licence(
            id="ODbL-1.0",
            title="Open Data Commons Open Database License 1.0",
            url="https://opendatacommons.org/licenses/odbl/1-0/",
            share_alike=True,
        ),
        Licence(
            id="PDDL-1.0",
            title="Open Data Commons Public Domain Dedication",
            url="https://opendatacommons.org/licenses/pddl/1-0/",
        ),
        Licence(id="MIT", title="MIT License", url="https://opensource.org/license/mit"),
        Licence(id="Apache-2.0", title="Apache License 2.0", url="https://www.apache.org/licenses/LICENSE-2.0"),
        Licence(
            id="GPL-3.0-only",
            title="GNU General Public License 3",
            url="https://www.gnu.org/licenses/gpl-3.0.html",
            share_alike=True,
        ),
    )
}
# The first that fits is taken, so that the narrower form stands before the wider one.
_SPELLINGS: Final = (
    (r"cc.?0|creative commons zero|public domain dedication", "CC0-1.0"),
    (r"by.?nc.?sa|noncommercial.?share.?alike", "CC-BY-NC-SA-4.0"),
    (r"by.?nc|non.?commercial|non.?komersial", "CC-BY-NC-4.0"),
    (r"by.?nd|no.?derivatives", "CC-BY-ND-4.0"),
    (r"odbl|open database licen|open.?street.?map|\bosm\b", "ODbL-1.0"),
    (r"by.?sa|share.?alike", "CC-BY-SA-4.0"),
    (r"pddl", "PDDL-1.0"),
    (r"odc.?by", "ODC-BY-1.0"),
    (r"by.?(?:3\.0.?)?igo", "CC-BY-3.0-IGO"),
    (r"\bcc.?by\b|attribution", "CC-BY-4.0"),
    (r"\bgpl\b|\bgpl.?[v\d]|general public licen", "GPL-3.0-only"),
    (r"apache", "Apache-2.0"),
    (r"\bmit\b", "MIT"),
)


_KINDS: Final = {
    "boundaries": Text("batas desa", "boundaries"),
    "code_list": Text("daftar kode", "code list"),
    "crosswalk": Text("padanan kode", "crosswalk"),
    "measurements": Text("titik ukur", "measurements"),
    "sites": Text("menara", "masts"),
    "podes": Text("Podes", "Podes"),
    "reports": Text("laporan warga", "citizens' reports"),
    "facilities": Text("fasilitas publik", "facilities"),
    "internet_points": Text("titik internet", "internet points"),
    "proposals": Text("usulan", "proposals"),
    "population": Text("raster penduduk", "population raster"),
    "terrain": Text("raster ketinggian", "terrain raster"),
    "land_cover": Text("raster tutupan lahan", "land cover raster"),
    "speed_tiles": Text("petak uji kecepatan", "speed test tiles"),
    "roads": Text("jalan", "roads"),
    "rivers": Text("sungai", "rivers"),
    "handling": Text("daftar penanganan", "handling list"),
    "indicators": Text("indikator", "indicators"),
    "partners": Text("mitra", "partners"),
}


def kind_words(kind: str) -> Text:
    """Return what people call a kind of source."""
    return _KINDS.get(kind, Text(kind, kind))


@dataclass(frozen=True, kw_only=True)
class Warned:
    """What has to be settled before publication, and whether it forbids it as things stand."""

    kind: str
    licence: str
    text: Text
    forbids: bool


def find(text: str) -> Licence:
    """Return the licence that a text speaks of; one with the id "other" where none is recognised."""
    plain = " ".join(text.split())
    for known in LICENCES.values():
        if plain.casefold() == known.id.casefold():
            return known
    bare = plain.casefold().replace("_", "-")
    for pattern, name in _SPELLINGS:
        if re.search(pattern, bare):
            return LICENCES[name]
    return Licence(id="other", title=plain)


def judge(published: Licence, sources: Iterable[tuple[str, str]]) -> tuple[Warned, ...]:
    """Compare the licence of publication with those of the sources.

    Args:
        published: Under which licence it is to be published.
        sources: What each source is, and its licence as the workspace says it; "" where it says none.
    """
    found: list[Warned] = []
    unstated: list[str] = []
    for kind, text in dict.fromkeys(sources):
        source = find(text)
        told = {"licence": source.title, "published": published.title}
        if not text.strip():
            unstated.append(kind)
        elif source.id == "other":
            found.append(Warned(kind=kind, licence=source.title, text=_about(_UNKNOWN, [kind], told), forbids=False))
        elif source.closed:
            found.append(Warned(kind=kind, licence=source.id, text=_about(_CLOSED, [kind], told), forbids=True))
        elif source.share_alike and source.id != published.id:
            found.append(Warned(kind=kind, licence=source.id, text=_about(_ALIKE, [kind], told), forbids=True))
    if unstated:
        found.append(Warned(kind=", ".join(unstated), licence="", text=_about(_UNSTATED, unstated, {}), forbids=False))
    return tuple(found)


def _about(message: Text, kinds: list[str], told: dict[str, str]) -> Text:
    """Fill a message about kinds of source; a licence's text may hold braces, so that nothing is filled twice."""
    words = [kind_words(kind) for kind in kinds]
    return Text(
        message.id.format(kind=", ".join(one.id for one in words), **told),
        message.en.format(kind=", ".join(one.en for one in words), **told),
    )


_UNSTATED: Final = Text(
    "Lisensi sumber ini tidak disebut: {kind}. Isi licence pada sumbernya di blankspot.toml.",
    "The licence of these sources is not stated: {kind}. Give licence with the source in blankspot.toml.",
)
_UNKNOWN: Final = Text(
    "Lisensi sumber {kind} ({licence}) tidak dikenali; periksa sendiri apakah boleh diterbitkan ulang.",
    "The licence of the source {kind} ({licence}) is not recognised; check yourself whether it may be published again.",
)
_CLOSED: Final = Text(
    "Sumber {kind} berlisensi {licence}, yang melarang pemakaian yang diizinkan {published}.",
    "The source {kind} is under {licence}, which forbids uses that {published} allows.",
)
_ALIKE: Final = Text(
    "Sumber {kind} berlisensi {licence}: turunannya harus berlisensi sama, bukan {published}.",
    "The source {kind} is under {licence}: what is made from it must carry the same licence, not {published}.",
)

"""Who publishes what under which licence, settled once for all metadata: `[publication]` of `blankspot.toml`, and the office.

Contact is an office and never a person: the head's name and number, which letters carry, are not read here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from blankspot.out.publish.columns import safe_words
from blankspot.out.publish.licences import Licence, Warned, find, judge
from blankspot.out.publish.personal import clean
from blankspot.words import Lang, Text

if TYPE_CHECKING:
    import datetime as dt

    from blankspot.out.letters.model import Office
    from blankspot.out.publish.model import Frequency, Publication
    from blankspot.settings import Provenance

FREQUENCIES: Final[dict[Frequency, Text]] = {
    "daily": Text("harian", "daily"),
    "weekly": Text("mingguan", "weekly"),
    "monthly": Text("bulanan", "monthly"),
    "quarterly": Text("triwulanan", "quarterly"),
    "biannual": Text("semesteran", "twice a year"),
    "annual": Text("tahunan", "annual"),
    "irregular": Text("tidak tentu", "irregular"),
}
FILL_IN: Final = Text("diisi wali data", "to be filled in by the data steward")
_TITLE: Final = Text("Status sinyal seluler desa", "Mobile signal of villages")
_DESCRIPTION: Final = Text(
    "Status sinyal seluler setiap desa dengan buktinya, penanganannya, dan capaian terhadap target, per {day}. "
    "Desa yang belum cukup datanya ditandai demikian dan bukan berarti tanpa sinyal. "
    "Data pribadi, titik ukur, dan laporan satu per satu tidak termasuk.",
    "The mobile signal of every village with its evidence, its handling, and the achievement against the target, as of {day}. "
    "A village without enough data is marked so; it does not mean no signal. "
    "Personal data, single readings and single reports are not included.",
)
_KEYWORDS: Final = ("blankspot", "sinyal seluler", "telekomunikasi", "desa", "cakupan 4G", "Satu Data Indonesia")
_SLUG_MAX: Final = 90  # CKAN allows 100
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, kw_only=True)
class SourceUse:
    """What of a kind went in: its kind, how many files, how many rows were taken, and under which licence; never a file's name."""

    kind: str
    files: int
    rows: int
    licence: str


@dataclass(frozen=True, kw_only=True)
class About:
    """Everything that the metadata say of the whole, settled once.

    Attributes:
        title: Title in both languages (the office's own title is the same in both).
        description: As the title.
        publisher: The body, or the sentence that the data steward fills it in.
        email: "" where none is given.
        url: "" where none is given.
        slug: Short name in addresses.
        licence: Under which it is published.
        keywords: Under which it is found.
        frequency: How often it is brought up to date.
        as_of: The day of the data; no clock is read.
        code_versions: Editions of the village codes.
        area: What it covers, by name.
        bounds: West, south, east, north; None where nothing has a place.
        profile: Label of the thresholds.
        software: Name and version.
        sources: What went in.
        warnings: What has to be settled about licences.
        dropped: How many of the office's own texts were left out because they hold personal data.
    """

    title: Text
    description: Text
    publisher: str
    email: str
    url: str
    slug: str
    licence: Licence
    keywords: tuple[str, ...]
    frequency: Frequency
    as_of: dt.date
    code_versions: tuple[str, ...]
    area: str
    bounds: tuple[float, float, float, float] | None
    profile: str
    software: str
    sources: tuple[SourceUse, ...]
    warnings: tuple[Warned, ...]
    dropped: int = 0
    lang: Lang = "id"

    @property
    def base(self) -> str:
        """Address from which identifiers are made: the office's own, else a name that is nowhere."""
        return self.url.rstrip("/") if self.url else f"urn:blankspot:{self.slug}"

    def address(self, part: str) -> str:
        """Return the identifier of a part of the whole."""
        return f"{self.base}/{part}" if self.url else f"{self.base}:{part.replace('/', ':')}"


def describe(
    publication: Publication,
    office: Office,
    provenance: Provenance,
    *,
    bounds: tuple[float, float, float, float] | None = None,
    code_versions: tuple[str, ...] = (),
    area: str = "",
    lang: Lang = "id",
) -> About:
    """Settle what the metadata say; texts of the office that hold personal data are left out."""
    licence = find(publication.licence)
    sources = _sources(provenance)
    given = [publication.title or provenance.title, publication.description, publication.publisher or office.name]
    title, description, publisher = (next(iter(safe_words([text])), "") for text in given)
    keywords = safe_words([*_KEYWORDS, *publication.keywords])
    if not publication.title and title:
        told = Text(f"{_TITLE.id}, {title}", f"{_TITLE.en}, {title}")
    else:
        told = Text(title, title) if title else _TITLE
    day = provenance.as_of.isoformat()
    email = publication.email or office.email
    return About(
        title=told,
        description=Text(description, description) if description else _DESCRIPTION.fill(day=day),
        publisher=publisher or FILL_IN.of(lang),
        email=email if _EMAIL.fullmatch(email) else "",
        url=publication.url if re.match(r"https?://[^\s<>\"{}|\\^`]+$", publication.url) else "",
        slug=slug_of(publication.identifier or told.id),
        licence=replace(licence, title=next(iter(safe_words([licence.title])), "?")),
        keywords=tuple(dict.fromkeys(keywords)),
        frequency=publication.frequency,
        as_of=provenance.as_of,
        code_versions=code_versions,
        area=area or title,
        bounds=bounds,
        profile=clean(provenance.profile_label),
        software=f"blankspot {provenance.version}",
        sources=sources,
        warnings=judge(licence, [(one.kind, one.licence) for one in sources]),
        dropped=sum(bool(text) for text in given)
        - sum(map(bool, (title, description, publisher)))
        + len([*_KEYWORDS, *publication.keywords])
        - len(keywords),
        lang=lang,
    )


def _sources(provenance: Provenance) -> tuple[SourceUse, ...]:
    found: dict[tuple[str, str], list[int]] = {}
    for note in provenance.sources:
        licence = next(iter(safe_words([note.licence])), "")
        counts = found.setdefault((note.kind, licence), [0, 0])
        counts[0] += 1
        counts[1] += note.rows_accepted
    return tuple(
        SourceUse(kind=kind, files=files, rows=rows, licence=licence)
        for (kind, licence), (files, rows) in sorted(found.items())
    )


def slug_of(text: str) -> str:
    """Return a text as the short name of an address: lower case, a–z, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_MAX].strip("-") or "data-blankspot"

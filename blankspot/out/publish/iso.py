"""ISO 19115 as ISO 19139 XML, through pygeometa's metadata control file.

Its template escapes most values but not all; those it does not (identifier, licence, place, addresses) are escaped here, and a test
parses the record of a hostile workspace back. `individualname` stays empty: the contact is an office.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from blankspot.geo import EAST, NORTH, SOUTH, WEST
from blankspot.out.publish.files import TABLE_FORMATS
from blankspot.out.publish.licences import kind_words

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from blankspot.out.publish.publication import About
    from blankspot.out.publish.written import Written

_FREQUENCIES: Final = {
    "daily": "daily", "weekly": "weekly", "monthly": "monthly", "quarterly": "quarterly", "biannual": "biannually",
    "annual": "annually", "irregular": "irregular",
}  # fmt: skip
_LANGUAGES: Final = {"id": "ind", "en": "eng"}


def iso_record(about: About, files: Sequence[Written], *, begins: dt.date) -> str:
    """Return the record of the whole package as XML.

    Args:
        about: What is said of the whole.
        files: What can be fetched.
        begins: First day that the data speak of.
    """
    from pygeometa.schemas.iso19139 import ISO19139OutputSchema

    xml: str = ISO19139OutputSchema().write(control_file(about, files, begins=begins))
    return xml.rstrip() + "\n"


def control_file(about: About, files: Sequence[Written], *, begins: dt.date) -> dict[str, Any]:
    """Return pygeometa's control file of the package."""
    lang, day = about.lang, about.as_of.isoformat()
    language = _LANGUAGES[lang]
    bounds = about.bounds or (
        WEST,
        SOUTH,
        EAST,
        NORTH,
    )  # an extent is a must: that of the country, where nothing has a place
    versions = "; ".join(about.code_versions)
    abstract = about.description.of(lang) + (f" ({versions})" if versions else "")
    return {
        "mcf": {"version": 1.0},
        "metadata": {
            "identifier": escape(about.base),
            "language": language,
            "charset": "utf8",
            "hierarchylevel": "dataset",
            "datestamp": day,
            "dataseturi": about.base,
        },
        "spatial": {"datatype": "vector", "geomtype": "surface"},
        "identification": {
            "language": language,
            "charset": "utf8",
            "title": about.title.of(lang),
            "edition": day,
            "abstract": abstract,
            "dates": {"publication": day, "revision": day},
            "status": "onGoing",
            "maintenancefrequency": _FREQUENCIES[about.frequency],
            "keywords": {"default": {"keywords": list(about.keywords), "keywords_type": "theme"}},
            "topiccategory": ["utilitiesCommunication", "society"],
            "extents": {
                "spatial": [{"bbox": list(bounds), "crs": 4326}],
                "temporal": [{"begin": begins.isoformat(), "end": day}],
            },
            "rights": about.licence.title,
            "accessconstraints": "license",
            "license": {"name": escape(about.licence.title), "url": escape(about.licence.url)},
            "url": about.url,
        },
        "contact": {role: _contact(about) for role in ("pointOfContact", "publisher")},
        "distribution": {f"file{at}": _link(about, file) for at, file in enumerate(files)},
        "dataquality": {"scope": {"level": "dataset"}, "lineage": {"statement": lineage(about)}},
    }


def lineage(about: About) -> str:
    """Return what the data were made from, by which program and thresholds."""
    counted = "; ".join(f"{kind_words(one.kind).of(about.lang)}: {one.files}" for one in about.sources)
    return f"{about.software}, {about.profile}; {counted}"


def _contact(about: About) -> dict[str, Any]:
    told = {"organization": about.publisher, "email": about.email, "url": about.url, "country": "Indonesia"}
    return {key: value for key, value in told.items() if value}


def _link(about: About, file: Written) -> dict[str, Any]:
    function = "download" if file.format in (*TABLE_FORMATS, "cog") else "information"
    return {
        "url": escape(about.address(file.path)),
        "type": "WWW:LINK",
        "rel": "item",
        "name": escape(file.path),
        "description": escape(file.title.of(about.lang)),
        "function": function,
    }

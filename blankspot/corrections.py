"""Corrections: the code that a village carries on the map, and the message with which a participant reports an error.

The code names the village and the day of the data that the participant looked at, and ends in two check digits by ISO/IEC
7064, MOD 97-10 (the system of bank accounts), so that a slip of the pen on paper is noticed: any single wrong digit, any two
digits swapped. It is read with whatever signs and spaces a phone or a clerk puts between the digits.

The message is plain text of one labelled line per field, made to survive what messengers and mail programs do to text:
forwarding marks, quoting, wrapped lines, curly quotes, dashes that grow, spaces that do not break, other capitals. `tidy` brings
a text to the one spelling that all of these lead back to, so that reading a message gives what was written. The map's script
(`out/maps/assets/correct.js`) writes the same messages; the tests read what it wrote.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from blankspot.words import LABELS

if TYPE_CHECKING:
    import datetime as dt

TITLE: Final = "KOREKSI PETA BLANKSPOT"
END: Final = "#selesai"
FORMAT: Final = "blankspot-koreksi"  # of the JSON that the map's form saves
CLAIMS: Final = tuple(LABELS["claim"])
# Free texts come last, and what a reader may write at length is the very last.
LABEL_OF: Final[dict[str, str]] = {
    "correction_code": "Kode koreksi",
    "report_id": "Nomor",
    "village_name": "Desa",
    "claim": "Sinyal",
    "operator": "Operator",
    "reported_on": "Tanggal",
    "position": "Koordinat",
    "attachment": "Nama berkas",
    "place": "Tempat",
    "text": "Keterangan",
}
_OTHER_LABELS: Final = {"kode": "correction_code", "isi": "text", "berkas": "attachment", "lokasi": "place"}
_FIELD_OF: Final = {label.casefold(): name for name, label in LABEL_OF.items()} | _OTHER_LABELS
LABEL_NAMES: Final = tuple(sorted(_FIELD_OF, key=len, reverse=True))  # a longer one holds a shorter one
_LABELS: Final = "|".join(map(re.escape, LABEL_NAMES)).replace(r"\ ", r"\s+")
LABEL_LINE: Final = re.compile(rf"[\W_]*(?P<label>{_LABELS})[*_\s]*[:=][*_]*(?P<value>.*)", re.IGNORECASE | re.DOTALL)
_LABEL_INSIDE: Final = re.compile(rf"\b({_LABELS})[*_\s]*[:=]\s*", re.IGNORECASE)
_INVISIBLE: Final = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]|[\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_DASHES: Final = re.compile("[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        "\u2026": "...",
    }
)
_CODE: Final = re.compile(r"(?P<bps>bps)?(?P<village>[0-9]{10})(?P<day>[0-9]{6})(?P<check>[0-9]{2})", re.IGNORECASE)
_VILLAGE: Final = re.compile(r"(?P<bps>bps:)?(?P<digits>[0-9]{10}|[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4})")
_NO_DAY: Final = "000000"
_MASK: Final = "[dihapus]"
_PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|(?<!\d)(?<!\d\.)(?:\+\s?62|62|0)[\s.-]?8(?:[\s.-]?\d){7,11}(?!\d)"  # a mobile number
    r"|(?<!\d)(?<!\d\.)\(?(?:\+?\s?62[\s.-]?(?:\(0\))?[\s.-]?\(?|0)8\d{1,2}\)?"  # one in groups, with its prefix in brackets
    r"[\s.\-\u2010-\u2015]{0,3}\d{3,4}[\s.\-\u2010-\u2015]{0,3}\d{2,5}(?!\d)"
    r"|(?<!\d)(?<!\d\.)[1-9]\d{15}(?!\d)"  # a number of 16 digits: NIK, family card
    r"|(?<!\d)(?<!\d\.)(?!20)[1-9]\d{3}(?:[\s.-]\d{4}){3}(?!\d)"  # one in fours; no province is 20, years begin so
    r"|(?<!\d)(?<!\d\.)[1-9]\d{5}[\s.-]\d{6}[\s.-]\d{4}(?!\d)"  # one as it is made up: place, birthday, number
)


class Code(NamedTuple):
    """What a correction code says: the village, and the day of the data as YYMMDD ("000000" where the map had none)."""

    village_code: str
    version: str


def correction_code(village_code: str, as_of: dt.date | None) -> str:
    """Return the code of a village on a map of a day, such as `32.04.05.2001-221226-79`; "" where its key is no code."""
    found = _VILLAGE.fullmatch(village_code)
    if found is None:
        return ""
    day = version(as_of)
    digits = re.sub(r"\D", "", found["digits"]) + day
    return f"{village_code}-{day}-{_check(digits, bps=bool(found['bps']))}"


def version(as_of: dt.date | None) -> str:
    """Return the part of a code that names the data: YYMMDD."""
    return f"{as_of:%y%m%d}" if as_of else _NO_DAY


def read_code(text: str) -> Code | None:
    """Return what a code says, None where its digits are not 18 or do not agree with its check digits."""
    found = _CODE.fullmatch(_bare(text))
    if found is None or _check(found["village"] + found["day"], bps=bool(found["bps"])) != found["check"]:
        return None
    digits = found["village"]
    if found["bps"]:
        return Code(f"bps:{digits}", found["day"])
    return Code(".".join((digits[:2], digits[2:4], digits[4:6], digits[6:])), found["day"])


def field_of(label: str) -> str:
    """Return the field that a label of a message names."""
    return _FIELD_OF[" ".join(label.casefold().split())]


def is_complete(text: str) -> bool:
    """Tell whether a code has as many digits as it must have, so that a wrong one is a wrong digit and no missing one."""
    return _CODE.fullmatch(_bare(text)) is not None


def _bare(text: str) -> str:
    """Return a code without the signs between its digits; the letters O, I and l stand for the digits they look like."""
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text))
    return plain.translate(str.maketrans("OoIl", "0011"))


def _check(digits: str, *, bps: bool) -> str:
    """Return the two check digits (ISO/IEC 7064, MOD 97-10); a BPS number counts with a 1 before it."""
    return f"{98 - int(('1' if bps else '') + digits + '00') % 97:02d}"


def visible(text: str) -> str:
    """Return a text without the signs that nobody sees: marks of direction, joiners, controls."""
    return _INVISIBLE.sub("", text)


def tidy(text: str) -> str:
    """Return the one spelling of a text that messengers cannot take from it: plain spaces, quotes and dashes, nothing unseen.

    Words that begin a line of a message lose their colon, and the sign that ends one its mark, so that no text can pass for
    another field. Idempotent.
    """
    plain = visible(unicodedata.normalize("NFC", text)).translate(_SIGNS)
    plain = " ".join(_DASHES.sub("-", plain).split())
    plain = re.sub(re.escape(END), END[1:], re.sub(r"#(?=#)", "", plain), flags=re.IGNORECASE)
    return " ".join(_LABEL_INSIDE.sub(r"\1 - ", plain).split())


def mask(text: str) -> str:
    """Replace e-mail addresses, mobile numbers and numbers of 16 digits, which tell who a person is."""
    return _PERSONAL.sub(_MASK, text)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One participant's correction; every text is brought to its tidy spelling.

    Attributes:
        code: Correction code as printed on the map.
        reported_on: Day on which it was so.
        claim: What the participant says of the signal, one of `CLAIMS`, or "".
        number: Name of this answer, so that one sent twice counts once.
        village_name: For people's eyes; the code decides.
        operator: Network it is said of.
        position: Latitude and longitude as text, or "".
        attachment: Name of a file that goes with it.
        place: Where in the village.
        text: What else is to be said.
    """

    code: str
    reported_on: dt.date | None = None
    claim: str = ""
    number: str = ""
    village_name: str = ""
    operator: str = ""
    position: str = ""
    attachment: str = ""
    place: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        for name in ("code", "number", "village_name", "operator", "position", "attachment", "place", "text"):
            object.__setattr__(self, name, tidy(getattr(self, name)))

    def fields(self) -> dict[str, str]:
        """Return what is filled in, as texts under the names of the table `reports`."""
        filled = {
            "correction_code": self.code,
            "report_id": self.number,
            "village_name": self.village_name,
            "claim": LABELS["claim"][self.claim].id if self.claim else "",
            "operator": self.operator,
            "reported_on": self.reported_on.isoformat() if self.reported_on else "",
            "position": self.position,
            "attachment": self.attachment,
            "place": self.place,
            "text": self.text,
        }
        return {name: value for name, value in filled.items() if value}


def write_message(answer: Answer) -> str:
    """Return an answer as the text of a message."""
    lines = [f"{LABEL_OF[name]}: {value}" for name, value in answer.fields().items()]
    return "\n".join((TITLE, *lines, END)) + "\n"

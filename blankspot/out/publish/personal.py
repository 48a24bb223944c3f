"""What in a text points at a person: e-mail, telephone, identity and device numbers, addresses, positions, links, and titles.

Patterns find what has a form. A bare name has none, which is why `vocabulary` lets only known words through where a name could
stand. Texts are compared after Unicode compatibility folding and without invisible characters, so that a full-width digit or
a zero-width space hides nothing. The law is UU 27/2022 on personal data, article 4.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from blankspot.words import Text

_SEP: Final = r"[\s.\-()]"
_WORDS: Final = "imei|imsi|nik|no ?kk|ktp|npwp|nip|hp|no ?hp|telp?|tlp|telepon|phone|whatsapp|wa|cp|kontak|contact|hubungi|e-?mail|surel|serial"
_PATTERNS: Final = {
    "email": re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\s*(?:\.|\(dot\))\s*[\w-]+)+", re.IGNORECASE),
    "phone": re.compile(
        rf"(?<!\d)(?:\+?62|0){_SEP}*8(?:{_SEP}*\d){{7,12}}(?!\d)"  # mobile
        r"|(?<!\d)\(?0[2-9]\d{1,2}\)?[\s-]+\d{5,8}(?!\d)"  # fixed line with its area code
        rf"|\+\d(?:{_SEP}*\d){{7,14}}"  # abroad
    ),
    "identity_number": re.compile(r"(?<!\d)\d(?:[\s.\-]?\d){13,19}(?!\d)"),  # NIK, KK 16; NPWP, IMSI, IMEI 15; NIP 18
    "device": re.compile(
        r"(?<![0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f])"  # MAC
        r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])(?=[0-9a-f]*\d)[0-9a-f]{16,}(?![0-9a-f])",
        re.IGNORECASE,
    ),
    "labelled_number": re.compile(rf"\b(?:{_WORDS})\b[\s.:#=\-]*\+?\w*\d{{3,}}", re.IGNORECASE),
    "address": re.compile(
        r"\b(?:jl|jln|jalan|gg|gang)\b\.?\s.*\b(?:no|nomor|rt|rw|blok)\b\.?\s*\d|\brt\b[\s.]*\d+\s*[/,]?\s*\brw\b",
        re.IGNORECASE,
    ),
    "position": re.compile(r"-?\d{1,3}[.,]\d{4,}\s*[,;/ ]\s*-?\d{1,3}[.,]\d{4,}"),
    "link": re.compile(r"https?://|www\.|\b(?:wa|t)\.me/|(?<!\w)@\w{3,}", re.IGNORECASE),
}
_TITLES: Final = re.compile(
    r"\b(?:bapak|bpk|bp|ibu|pak|bu|sdr|sdri|saudara|saudari|tuan|nyonya|ny|tn|mas|mbak|kang|ust|ustadz?|kiai|kyai|haji|hajjah|hj|"
    r"alm|almarhum|atas nama|a\.n|an\.|keluarga|rumah|warga|kepala|kades|camat|lurah|ketua|sekretaris|bendahara|mr|mrs|ms)\b"
    r"|,\s*(?:s|m|a)\.\s?[a-z]|\b(?:dr|drs|dra|ir)\.\s",
    re.IGNORECASE,
)
KINDS: Final = {
    "email": Text("alamat surel", "an e-mail address"),
    "phone": Text("nomor telepon", "a telephone number"),
    "identity_number": Text("nomor identitas atau perangkat", "an identity or device number"),
    "device": Text("tanda pengenal perangkat", "a device identifier"),
    "labelled_number": Text("nomor pribadi", "a personal number"),
    "address": Text("alamat", "a street address"),
    "position": Text("koordinat", "a position"),
    "link": Text("tautan atau nama akun", "a link or an account"),
}


def folded(text: str) -> str:
    """Return a text as it is compared: compatibility forms folded, invisible and control characters gone."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in ("Cf", "Cc")
    )


def clean(text: str) -> str:
    """Return a text as it leaves: without controls and without signs that turn the direction of reading."""
    spaced = re.sub(r"[\t\r\n\x0b\x0c\u2028\u2029]+", " ", text)
    kept = (
        sign
        for sign in spaced
        if unicodedata.category(sign) not in ("Cf", "Cc", "Cs", "Co") and sign not in "\ufffe\uffff"
    )
    return "".join(kept).strip()


def personal(text: str) -> str | None:
    """Return the first kind of personal data found in a text, a key of `KINDS`, or None."""
    plain = folded(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(plain)), None)


def names_someone(text: str) -> bool:
    """Tell whether a text speaks of a person by title, function or degree."""
    return _TITLES.search(folded(text)) is not None

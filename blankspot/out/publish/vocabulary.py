"""Which names and numbers may leave: those of bodies, public places and documents, told by words that are known.

A person's name has no form by which it is found, so the question is put the other way round: where a name could stand, a text
leaves only if what it consists of is known. Bodies are known by name (partners, operators, owners of masts) or by a word
that only a body has ("PT", "Dinas", "Politeknik"); public places by their kind ("SDN", "Puskesmas"); documents by their kind
and number. What an office adds under `[publication] known_words` is known too.

Longer than most because a third of it is words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from blankspot.out.publish.personal import folded, names_someone

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMERAL: Final = re.compile(r"[ivxlc]{1,6}")
_LISTED: Final = re.compile(r"\s*(?:[,;/&+]|\bdan\b|\band\b)\s*")
_REFERENCE_MAX: Final = 80
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/_-]{0,39}")
_IDENTIFIER_LETTERS_MAX: Final = 3  # shorter than most names
BODY_WORDS: Final = frozenset(
    [
        "pt",
        "cv",
        "tbk",
        "persero",
        "ud",
        "dinas",
        "badan",
        "balai",
        "kantor",
        "kementerian",
        "direktorat",
        "ditjen",
        "sekretariat",
        "bagian",
        "bidang",
        "seksi",
        "pemerintah",
        "pemprov",
        "pemkab",
        "pemkot",
        "pemdes",
        "pemda",
        "pemerintahan",
        "bupati",
        "gubernur",
        "walikota",
        "diskominfo",
        "kominfo",
        "komdigi",
        "dishub",
        "disdik",
        "dinkes",
        "bappeda",
        "bappelitbangda",
        "bpkad",
        "bpbd",
        "bps",
        "bakti",
        "bumdes",
        "bumn",
        "bumd",
        "bumdesma",
        "koperasi",
        "yayasan",
        "universitas",
        "politeknik",
        "institut",
        "sekolah",
        "akademi",
        "lembaga",
        "perusahaan",
        "asosiasi",
        "apjii",
        "mastel",
        "telkom",
        "telkomsel",
        "indosat",
        "xl",
        "smartfren",
        "xlsmart",
        "icon",
        "desa",
        "kelurahan",
        "kecamatan",
        "kabupaten",
        "kota",
        "provinsi",
        "nagari",
        "gampong",
        "dprd",
        "rri",
        "tvri",
        "polres",
        "polsek",
        "kodim",
        "koramil",
        "puskesmas",
        "rsud",
        "komunitas",
        "relawan",
        "karang",
        "posyandu",
        "pkk",
    ]
)
PLACE_KINDS: Final = frozenset(
    [
        "sd",
        "sdn",
        "sdit",
        "smp",
        "smpn",
        "smpit",
        "sma",
        "sman",
        "smk",
        "smkn",
        "mi",
        "min",
        "mis",
        "mts",
        "mtsn",
        "ma",
        "man",
        "slb",
        "slbn",
        "paud",
        "tk",
        "ra",
        "kb",
        "pondok",
        "pesantren",
        "madrasah",
        "sekolah",
        "universitas",
        "politeknik",
        "akademi",
        "kampus",
        "perpustakaan",
        "puskesmas",
        "pustu",
        "poskesdes",
        "polindes",
        "posyandu",
        "rsud",
        "klinik",
        "kantor",
        "balai",
        "gedung",
        "aula",
        "pendopo",
        "pasar",
        "terminal",
        "pelabuhan",
        "dermaga",
        "stasiun",
        "bandara",
        "lapangan",
        "alun",
        "masjid",
        "musala",
        "mushola",
        "musholla",
        "langgar",
        "gereja",
        "kapel",
        "pura",
        "vihara",
        "kelenteng",
        "wihara",
        "makam",
        "taman",
        "museum",
        "polsek",
        "polres",
        "koramil",
        "kodim",
        "pos",
        "bumdes",
        "koperasi",
    ]
)
_PLACE_FILLERS: Final = frozenset(
    [
        "wifi",
        "wi",
        "fi",
        "vsat",
        "titik",
        "leo",
        "starlink",
        "internet",
        "hotspot",
        "menara",
        "tower",
        "bts",
        "site",
        "repeater",
        "serat",
        "optik",
        "fiber",
        "fo",
        "desa",
        "kelurahan",
        "kecamatan",
        "kabupaten",
        "kota",
        "dusun",
        "kampung",
        "blok",
        "timur",
        "barat",
        "utara",
        "selatan",
        "tengah",
        "atas",
        "bawah",
        "baru",
        "lama",
        "induk",
        "kulon",
        "wetan",
        "kidul",
        "lor",
        "tonggoh",
        "hilir",
        "mudik",
        "negeri",
        "swasta",
        "umum",
        "pembantu",
        "rakyat",
        "adat",
        "dan",
        "di",
        "the",
        "of",
    ]
)
DOCUMENT_WORDS: Final = frozenset(
    [
        "ba",
        "bast",
        "sk",
        "skep",
        "pks",
        "mou",
        "nd",
        "spk",
        "spmk",
        "spt",
        "sp",
        "kontrak",
        "surat",
        "keputusan",
        "perjanjian",
        "nota",
        "dinas",
        "berita",
        "acara",
        "laporan",
        "lhp",
        "lap",
        "dokumen",
        "dok",
        "perbup",
        "pergub",
        "perwal",
        "perda",
        "perdes",
        "permen",
        "kepmen",
        "kepmendagri",
        "permendagri",
        "keppres",
        "perpres",
        "peraturan",
        "instruksi",
        "edaran",
        "se",
        "rkpd",
        "rpjmd",
        "dpa",
        "rka",
        "bupati",
        "gubernur",
        "walikota",
        "wali",
        "camat",
        "kades",
        "lurah",
        "sekda",
        "kabupaten",
        "kota",
        "provinsi",
        "kecamatan",
        "kelurahan",
        "desa",
        "diskominfo",
        "kominfo",
        "komdigi",
        "bakti",
        "bappeda",
        "bps",
        "kemendagri",
        "musrenbang",
        "rakor",
        "forum",
        "rapat",
        "uji",
        "sinyal",
        "ukur",
        "ulang",
        "verifikasi",
        "lapangan",
        "drive",
        "test",
        "survei",
        "monev",
        "serah",
        "terima",
        "penanganan",
        "pembangunan",
        "target",
        "daftar",
        "usulan",
        "warga",
        "lainnya",
        "tahun",
        "no",
        "nomor",
        "tw",
        "triwulan",
        "rev",
        "revisi",
        "edisi",
        "versi",
        "kode",
        "tidak",
        "dipakai",
        "contoh",
        "podes",
        "menteri",
        "dalam",
        "negeri",
        "agt",
    ]
) | {"idn", "area", "data", "osm", "big"}
_MONTHS: Final = frozenset(["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"])


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case; "UjiSinyal" are two, numbers are none."""
    return [word.casefold() for word in _PART.findall(_CAMEL.sub(" ", folded(text)))]


def _name_key(name: str) -> str:
    return "".join(filter(str.isalnum, folded(name).casefold()))


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """What is known here.

    Attributes:
        bodies: Keys of the names of known bodies.
        words: Words known besides the fixed lists: of places in the area, and those the office added.
    """

    bodies: frozenset[str] = frozenset()
    words: frozenset[str] = field(default=frozenset())

    @classmethod
    def of(cls, *, bodies: Iterable[str] = (), places: Iterable[str] = (), added: Iterable[str] = ()) -> Self:
        """Gather a vocabulary from names of bodies, names of places in the area, and words that the office added."""
        words = {word for text in (*places, *added) for word in words_of(text)}
        return cls(bodies=frozenset(filter(None, map(_name_key, (*bodies, *added)))), words=frozenset(words))

    def is_body(self, text: str) -> bool:
        """Tell whether a text names a body, or several separated by commas."""
        parts = [part for part in _LISTED.split(text) if part]
        return bool(parts) and (_name_key(text) in self.bodies or all(map(self._one_body, parts)))

    def _one_body(self, text: str) -> bool:
        if _name_key(text) in self.bodies:
            return True
        words = words_of(text)
        if not any(word in BODY_WORDS for word in words):
            return False
        return not names_someone(text) or self._all_known(words, BODY_WORDS)

    def is_place(self, text: str) -> bool:
        """Tell whether a text names a public place: by its kind in front, or by nothing but known words."""
        words = words_of(text)
        if not words or names_someone(text):
            return False
        return words[0] in PLACE_KINDS or self._all_known(words, PLACE_KINDS | _PLACE_FILLERS | BODY_WORDS)

    def is_reference(self, text: str) -> bool:
        """Tell whether a text is the number of a document: of known words, with a digit in it."""
        if len(text) > _REFERENCE_MAX or not any(sign.isdigit() for sign in text):
            return False
        return self._all_known(words_of(text), DOCUMENT_WORDS | BODY_WORDS | _MONTHS)

    def is_identifier(self, text: str) -> bool:
        """Tell whether a text is the number of a thing: one token with a digit, and no word in it long enough for a name."""
        if not _IDENTIFIER.fullmatch(text) or not any(sign.isdigit() for sign in text):
            return False
        words = [word for word in words_of(text) if len(word) > _IDENTIFIER_LETTERS_MAX]
        return self._all_known(words, BODY_WORDS | PLACE_KINDS | _PLACE_FILLERS)

    def _all_known(self, words: Iterable[str], known: frozenset[str]) -> bool:
        return all(word in known or word in self.words or _NUMERAL.fullmatch(word) for word in words)

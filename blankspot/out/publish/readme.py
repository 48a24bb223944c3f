"""README.txt and LICENSE.txt of the package, in Indonesian and then in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.out.publish.licences import kind_words
from blankspot.out.publish.publication import FREQUENCIES
from blankspot.words import LANGS, Lang, Text, date_text, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blankspot.out.publish.held import Held
    from blankspot.out.publish.publication import About
    from blankspot.out.publish.written import Written
    from blankspot.settings import Public

_HEADS: Final = {
    "what": Text("ISI", "CONTENTS"),
    "facts": Text("KETERANGAN", "FACTS"),
    "private": Text("PELINDUNGAN ORANG", "HOW PEOPLE ARE PROTECTED"),
    "held": Text("YANG TIDAK IKUT", "WHAT IS HELD BACK"),
    "licence": Text("LISENSI DAN SUMBER", "LICENCE AND SOURCES"),
}
_FACTS: Final = (
    ("publisher", Text("Penerbit", "Publisher")),
    ("email", Text("Pertanyaan ke", "Questions to")),
    ("as_of", Text("Tanggal data", "As of")),
    ("area", Text("Wilayah", "Area")),
    ("codes", Text("Versi kode wilayah", "Edition of the codes")),
    ("profile", Text("Profil ambang", "Thresholds")),
    ("frequency", Text("Pemutakhiran", "Brought up to date")),
    ("software", Text("Dibuat dengan", "Made with")),
)
_PRIVATE: Final = Text(
    "Hanya kolom terbuka yang keluar (UU 14/2008). Titik ukur dan laporan warga keluar sebagai petak {cell}, hanya bila paling "
    "sedikit {k} perangkat (atau pelapor) ada di dalamnya, dengan bulan dan tanpa jam. Banyaknya perangkat dihitung dari tanda "
    "perangkat; tanpa tanda itu dipakai batas bawah: berkas yang namanya hanya berbeda angka dihitung satu, dan tidak lebih dari "
    "banyaknya hari. Angka tingkat desa menggambarkan jaringan di wilayah berpenduduk ribuan, bukan orang; laporan yang kurang "
    "dari {k} tidak disebut jumlahnya. Teks bebas hanya keluar bila terdiri atas nama lembaga, tempat umum, atau nomor dokumen "
    "yang dikenal (UU 27/2022).",
    "Only open columns leave (UU 14/2008). Readings and citizens' reports leave as squares of {cell}, only where at least {k} "
    "devices (or reporters) are in one, with the month and without the hour. Devices are counted by their mark; without one a "
    "lower bound is taken: files whose names differ only in digits count as one, and there are never more than there are days. "
    "Figures of a village describe the network of an area with thousands of people, not a person; fewer than {k} reports are "
    "not counted out. Free text leaves only where it consists of names of known bodies, public places or document numbers "
    "(UU 27/2022).",
)
_ROWS: Final = Text("baris", "rows")
_ATTRIBUTION: Final = Text(
    "Sebutkan sumber: {publisher}, {title}, {day}.", "Attribute as: {publisher}, {title}, {day}."
)
_NO_LICENCE: Final = Text("lisensi tidak disebut", "licence not stated")
_FILES: Final = Text("{kind}: {files} berkas, {licence}", "{kind}: {files} file(s), {licence}")
_WARNED: Final = Text("PERIKSA SEBELUM MENERBITKAN", "CHECK BEFORE PUBLISHING")
_WIDTH: Final = 100


def readme(about: About, files: Sequence[Written], held: Sequence[Held], public: Public) -> str:
    """Return the text of README.txt."""
    order: tuple[Lang, ...] = (about.lang, *(lang for lang in LANGS if lang != about.lang))
    return "\n\n\n".join(_in(lang, about, files, held, public) for lang in order) + "\n"


def licence_text(about: About) -> str:
    """Return the text of LICENSE.txt: the licence by name and address, how to attribute, and the sources' licences."""
    lines = [f"{about.licence.title} ({about.licence.id})", about.licence.url, ""]
    for lang in LANGS:
        lines += [_attribution(about, lang), *_sources(about, lang), ""]
    return "\n".join(lines)


def _in(lang: Lang, about: About, files: Sequence[Written], held: Sequence[Held], public: Public) -> str:
    values = {
        "publisher": about.publisher,
        "email": about.email,
        "as_of": date_text(about.as_of, lang=lang),
        "area": about.area,
        "codes": "; ".join(about.code_versions),
        "profile": about.profile,
        "frequency": FREQUENCIES[about.frequency].of(lang),
        "software": about.software,
    }
    cell = f"{10.0**-public.coordinate_decimals:g}°"
    facts = [f"{words.of(lang)}: {values[name]}" for name, words in _FACTS if values[name]]
    listed = [f"{one.path}  {one.title.of(lang)} ({_size(one.bytes, lang)})" for one in files]
    stays = [
        f"- {one.table}{'.' + one.field if one.field else ''}: {number(one.rows, lang=lang)} {_ROWS.of(lang)}, {one.reason.of(lang)}"
        for one in held
    ]
    title = about.title.of(lang)
    parts = [
        f"{title}\n{'=' * min(len(title), _WIDTH)}\n\n{about.description.of(lang)}",
        _part("facts", lang, facts),
        _part("what", lang, listed),
        _part("private", lang, [_PRIVATE.fill(cell=cell, k=public.devices_min).of(lang)]),
        _part("held", lang, stays),
        _part(
            "licence", lang, [about.licence.title, about.licence.url, _attribution(about, lang), *_sources(about, lang)]
        ),
    ]
    return "\n\n".join(filter(None, parts))


def _part(key: str, lang: Lang, lines: Sequence[str]) -> str:
    return "\n".join([_HEADS[key].of(lang), *filter(None, lines)]) if lines else ""


def _attribution(about: About, lang: Lang) -> str:
    day = date_text(about.as_of, lang=lang)
    return (
        _ATTRIBUTION.of(lang)
        .replace("{publisher}", about.publisher)
        .replace("{title}", about.title.of(lang))
        .replace("{day}", day)
    )


def _sources(about: About, lang: Lang) -> list[str]:
    told = [
        _FILES.of(lang)
        .replace("{kind}", kind_words(one.kind).of(lang))
        .replace("{files}", str(one.files))
        .replace("{licence}", one.licence or _NO_LICENCE.of(lang))
        for one in about.sources
    ]
    warned = [f"! {one.text.of(lang)}" for one in about.warnings if one.licence]
    return [f"- {line}" for line in told] + ([_WARNED.of(lang), *warned] if warned else [])


def _size(count: int, lang: Lang) -> str:
    return f"{number(count / 1000, 1, lang=lang)} kB"

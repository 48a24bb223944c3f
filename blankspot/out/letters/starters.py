"""The templates to begin with, one per kind of letter, in the form that Indonesian offices use.

They are made by this code and not kept as files, so that every word of them can be read and reviewed here. An office edits the
copy in its own folder; a copy that is there is never overwritten.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from blankspot.out.files import atomic
from blankspot.out.letters.blocks import BODY, addressee, annex, chapter, copies, opening, points, progress, turn_page
from blankspot.out.letters.guide import guide_text
from blankspot.out.letters.model import FILE_STEMS, KINDS
from blankspot.out.letters.paper import (
    CENTRE,
    JUSTIFIED,
    group_row,
    letterhead,
    mark,
    new_paper,
    new_sheet,
    plain_table,
    ruled_table,
    signature,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as Paper

    from blankspot.out.letters.model import LetterKind
    from blankspot.words import Lang

GUIDE_NAME: Final = "BACA_surat.txt"
_BLANK_LINES: Final = 6  # of the attendance list, where nobody was named


def starter(kind: LetterKind) -> bytes:
    """Return the template of a kind of letter as the bytes of a DOCX file."""
    paper = new_paper(KINDS[kind].id)
    _MAKERS[kind](paper)
    made = BytesIO()
    paper.save(made)
    return made.getvalue()


def write_starters(folder: str | Path, *, lang: Lang = "id") -> list[Path]:
    """Write the templates and their guide into `folder`; files that are there already are left alone.

    Returns:
        The files written.

    Raises:
        OutputError: A file cannot be written.
    """
    from blankspot.out.letters.render import dated

    written = []
    for kind, stem in FILE_STEMS.items():
        path = Path(folder) / f"{stem}.docx"
        if not path.exists():
            with atomic(path) as temporary:
                temporary.write_bytes(dated(starter(kind)))
            written.append(path)
    guide = Path(folder) / GUIDE_NAME
    if not guide.exists():
        with atomic(guide) as temporary:
            temporary.write_text(guide_text(lang), encoding="utf-8")
        written.append(guide)
    return written


def _request(paper: Paper) -> None:
    letterhead(paper)
    opening(paper)
    addressee(paper)
    write(paper, "Dengan hormat,", before=12, after=BODY)
    write(
        paper,
        "Dalam rangka pemerataan layanan telekomunikasi seluler, bersama ini kami sampaikan daftar {{ jumlah_desa }} "
        "({{ jumlah_desa_terbilang }}) desa/kelurahan di {{ jumlah_kecamatan }} kecamatan"
        "{% if jumlah_penduduk != '–' %} dengan jumlah penduduk {{ jumlah_penduduk }} jiwa{% endif %} yang kami mohonkan "
        "penanganan cakupan sinyalnya, sebagaimana tercantum dalam Lampiran. Status sinyal dalam daftar tersebut "
        "berdasarkan data per {{ data.tanggal }}.",
        align=JUSTIFIED,
        after=BODY,
    )
    progress(paper)
    write(paper, "Sehubungan dengan hal tersebut, kami mohon kesediaan Saudara untuk:", after=2, together=True)
    points(
        paper,
        (
            "melakukan survei dan verifikasi lapangan pada titik koordinat dalam Lampiran;",
            "menyampaikan rencana pembangunan atau penguatan jaringan beserta jadwalnya untuk setiap desa; dan",
            "menunjuk narahubung untuk berkoordinasi dengan {{ kantor.nama }}.",
        ),
    )
    mark(paper, "{%p if berkas %}")
    write(paper, "Daftar dan titik koordinat kami sertakan pula sebagai berkas elektronik:", before=BODY, together=True)
    mark(paper, "{%p for nama in berkas %}")
    write(paper, "–\t{{ nama }}", indent=0.5, hanging=0.8, size=10)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p endif %}")
    write(paper, "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.", before=BODY)
    signature(paper)
    copies(paper)
    _request_annex(paper)


def _request_annex(paper: Paper) -> None:
    new_sheet(paper, landscape=True)
    annex(paper, "Lampiran", "Daftar desa/kelurahan yang dimohonkan penanganannya", indent=17)
    ruled_table(
        paper,
        ("No.", "Kode desa", "Desa/kelurahan", "Kecamatan", "Koordinat", "Penduduk (jiwa)", "Status sinyal dan alasan", "Dokumen usulan"),
        (
            ("{%tr for d in desa %}", *[""] * 7),
            (
                "{{ d.no }}", "{{ d.kode }}", "{{ d.nama }}", "{{ d.kecamatan }}", "{{ d.lintang }}\n{{ d.bujur }}\n({{ d.titik }})",
                "{{ d.penduduk }}", "{% if d.alasan == '–' %}{{ d.status }}{% else %}{{ d.alasan }}{% endif %}", "{{ d.usulan }}",
            ),
            ("{%tr endfor %}", *[""] * 7),
        ),
        (1.1, 2.7, 3.2, 2.9, 3.6, 2.0, 6.7, 3.5),
        centred=(0, 1, 5),
    )  # fmt: skip
    write(
        paper,
        "Koordinat dalam WGS 84. Status sinyal per {{ data.tanggal }}, profil ambang {{ data.profil }}.",
        size=9,
        before=4,
    )


def _invitation(paper: Paper) -> None:
    letterhead(paper)
    opening(paper)
    mark(paper, "{%p if undangan|length == 1 %}")
    addressee(paper)
    mark(paper, "{%p else %}")
    write(paper, "Yth. (daftar undangan pada Lampiran I)", before=12)
    write(paper, "di Tempat")
    mark(paper, "{%p endif %}")
    write(paper, "Dengan hormat,", before=12, after=BODY)
    write(
        paper,
        "Dalam rangka koordinasi penanganan desa blankspot dan pemerataan layanan telekomunikasi, dengan ini kami mengundang "
        "Saudara untuk hadir pada:",
        align=JUSTIFIED,
        after=4,
    )
    _meeting(paper)
    write(paper, "", size=4)
    progress(paper)
    write(
        paper,
        "Sebagai bahan pembahasan, {{ jumlah_kasus }} kasus yang masih terbuka kami sampaikan menurut kecamatan dalam "
        "Lampiran{% if undangan|length == 1 %}{% else %} II{% endif %}. Mohon Saudara menyiapkan perkembangan, kendala, dan "
        "rencana tindak lanjut untuk kasus yang menjadi tanggung jawab Saudara.",
        align=JUSTIFIED,
        after=BODY,
    )
    write(
        paper,
        "Demikian undangan ini kami sampaikan. Atas kehadiran Saudara, kami ucapkan terima kasih.",
        align=JUSTIFIED,
    )
    signature(paper)
    copies(paper)
    _invitation_annexes(paper)


def _meeting(paper: Paper) -> None:
    plain_table(
        paper,
        (
            ("Hari, tanggal", ":", "{{ acara.hari }}, {{ acara.tanggal }}"),
            ("Waktu", ":", "{{ acara.waktu }}"),
            ("Tempat", ":", "{{ acara.tempat }}"),
            ("Acara", ":", "{{ acara.nama }}"),
        ),
        (3.2, 0.5, 11.3),
    )
    mark(paper, "{%p if acara.agenda %}")
    write(paper, "Agenda:", before=BODY, after=2, together=True)
    mark(paper, "{%p for butir in acara.agenda %}")
    write(paper, "{{ loop.index }}.\t{{ butir }}", indent=0.5, hanging=0.8)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p endif %}")


def _invitation_annexes(paper: Paper) -> None:
    mark(paper, "{%p if undangan|length == 1 %}")
    mark(paper, "{%p else %}")
    turn_page(paper)
    annex(paper, "Lampiran I", "Daftar undangan", indent=8.5)
    mark(paper, "{%p for nama in undangan %}")
    write(paper, "{{ loop.index }}.\t{{ nama }}", hanging=1.0, after=2)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p endif %}")
    new_sheet(paper)
    annex(
        paper,
        "Lampiran{% if undangan|length == 1 %}{% else %} II{% endif %}",
        "Kasus terbuka menurut kecamatan",
        indent=8.5,
    )
    table = ruled_table(
        paper,
        ("No.", "Kode desa", "Desa/kelurahan", "Tahap", "Mitra", "Kendala"),
        (
            ("{%tr for k in kecamatan %}", *[""] * 5),
            ("Kecamatan {{ k.nama }} ({{ k.jumlah }} kasus)", *[""] * 5),
            ("{%tr for d in k.kasus %}", *[""] * 5),
            ("{{ d.no }}", "{{ d.kode }}", "{{ d.desa }}", "{{ d.tahap }}\n{{ d.sejak }}", "{{ d.mitra }}", "{{ d.kendala }}"),
            ("{%tr endfor %}", *[""] * 5),
            ("{%tr endfor %}", *[""] * 5),
        ),
        (1.0, 2.5, 3.0, 3.1, 2.8, 3.6),
        centred=(0, 1),
    )  # fmt: skip
    group_row(table, 2)


def _minutes(paper: Paper) -> None:
    letterhead(paper)
    write(paper, "BERITA ACARA", align=CENTRE, size=13, bold=True, before=6)
    write(paper, "{{ acara.nama|upper }}", align=CENTRE, bold=True)
    write(paper, "Nomor: {{ nomor }}", align=CENTRE, after=12)
    write(
        paper,
        "Pada hari ini, {{ acara.tanggal_huruf }}{% if acara.tempat != '–' %}, bertempat di {{ acara.tempat }}{% endif %}, telah "
        "dilaksanakan {{ acara.nama }}{% if hadir %} yang dihadiri oleh:{% else %} yang dihadiri oleh para pihak pada daftar "
        "hadir di akhir berita acara ini.{% endif %}",
        align=JUSTIFIED,
        after=2,
    )
    mark(paper, "{%p for nama in hadir %}")
    write(paper, "{{ loop.index }}.\t{{ nama }}", indent=0.5, hanging=0.8)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p if acara.agenda %}")
    write(paper, "Pokok bahasan:", before=BODY, after=2, together=True)
    mark(paper, "{%p for butir in acara.agenda %}")
    write(paper, "{{ loop.index }}.\t{{ butir }}", indent=0.5, hanging=0.8)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p endif %}")
    _achieved(paper)
    _agreed(paper)
    _pending(paper)
    _follow_up(paper)
    chapter(paper, "E. Penutup")
    write(
        paper,
        "Demikian berita acara ini dibuat dengan sebenarnya untuk dilaksanakan oleh para pihak sesuai tugas masing-masing.",
        align=JUSTIFIED,
        after=BODY,
    )
    _attendance(paper)
    signature(paper, place_and_day=True)
    copies(paper)


def _achieved(paper: Paper) -> None:
    chapter(paper, "A. Capaian")
    mark(paper, "{%p if progres.target == '0' %}")
    write(paper, "Belum ada desa dalam daftar target tahun {{ progres.tahun }}.")
    mark(paper, "{%p else %}")
    write(paper, "{{ progres.kalimat }}. Sisa {{ progres.sisa }} desa.", bold=True, after=2)
    write(paper, "{{ progres.definisi }}", size=9, align=JUSTIFIED)
    mark(paper, "{%p endif %}")


def _agreed(paper: Paper) -> None:
    chapter(paper, "B. Yang disepakati")
    mark(paper, "{%p if disepakati %}")
    write(
        paper,
        "Keputusan dari {{ periode.sejak }} sampai dengan {{ periode.sampai }}: {{ jumlah_disepakati }} kasus.",
        after=4,
        together=True,
    )
    ruled_table(
        paper,
        ("No.", "Desa/kelurahan", "Kecamatan", "Keputusan", "Mitra", "Penanganan dan sumber dana", "Rencana"),
        (
            ("{%tr for d in disepakati %}", *[""] * 6),
            (
                "{{ d.no }}", "{{ d.desa }}\n{{ d.kode }}", "{{ d.kecamatan }}", "{{ d.keputusan }}\n{{ d.tanggal }}{% if d.tahap != d.keputusan %} (kini: {{ d.tahap }}){% endif %}", "{{ d.mitra }}",
                "{{ d.jenis }} ({{ d.layanan }})\n{{ d.dana }}", "{{ d.triwulan }}",
            ),
            ("{%tr endfor %}", *[""] * 6),
        ),
        (0.9, 2.6, 2.5, 3.1, 2.2, 2.9, 1.8),
        centred=(0, 6),
    )  # fmt: skip
    mark(paper, "{%p else %}")
    write(paper, "Tidak ada keputusan baru dari {{ periode.sejak }} sampai dengan {{ periode.sampai }}.")
    mark(paper, "{%p endif %}")


def _pending(paper: Paper) -> None:
    chapter(paper, "C. Yang belum disepakati atau belum selesai")
    mark(paper, "{%p if belum %}")
    write(paper, "Kasus lain yang masih terbuka: {{ jumlah_belum }}.", after=4, together=True)
    ruled_table(
        paper,
        ("No.", "Desa/kelurahan", "Kecamatan", "Tahap", "Mitra", "Kendala"),
        (
            ("{%tr for d in belum %}", *[""] * 5),
            (
                "{{ d.no }}", "{{ d.desa }}\n{{ d.kode }}", "{{ d.kecamatan }}", "{{ d.tahap }}\n{{ d.sejak }}", "{{ d.mitra }}",
                "{{ d.kendala }}",
            ),
            ("{%tr endfor %}", *[""] * 5),
        ),
        (0.9, 2.7, 2.5, 3.1, 2.5, 4.3),
        centred=(0,),
    )  # fmt: skip
    mark(paper, "{%p else %}")
    write(paper, "Tidak ada kasus lain yang terbuka.")
    mark(paper, "{%p endif %}")


def _follow_up(paper: Paper) -> None:
    chapter(paper, "D. Tindak lanjut")
    mark(paper, "{%p if tindak_lanjut %}")
    ruled_table(
        paper,
        ("No.", "Desa atau pokok", "Kendala", "Tindak lanjut", "Penanggung jawab", "Batas waktu"),
        (
            ("{%tr for t in tindak_lanjut %}", *[""] * 5),
            (
                "{{ t.no }}", "{{ t.pokok }}", "{{ t.kendala }}", "{{ t.uraian }}", "{{ t.penanggung_jawab }}",
                "{{ t.batas }}",
            ),
            ("{%tr endfor %}", *[""] * 5),
        ),
        (0.9, 3.0, 3.3, 3.6, 2.6, 2.6),
        centred=(0,),
    )  # fmt: skip
    mark(paper, "{%p else %}")
    write(paper, "Tidak ada tindak lanjut yang terbuka.")
    mark(paper, "{%p endif %}")


def _attendance(paper: Paper) -> None:
    blank = ("\n", "", "", "")
    ruled_table(
        paper,
        ("No.", "Instansi atau lembaga", "Nama", "Tanda tangan"),
        (
            ("{%tr for nama in hadir %}", "", "", ""),
            ("{{ loop.index }}\n", "{{ nama }}", "", ""),
            ("{%tr endfor %}", "", "", ""),
            ("{%tr if not hadir %}", "", "", ""),
            *[blank] * _BLANK_LINES,
            ("{%tr endif %}", "", "", ""),
        ),
        (1.0, 6.0, 5.0, 4.0),
        centred=(0,),
        size=10,
        together=True,
    )


_MAKERS: Final[dict[LetterKind, Callable[[Paper], None]]] = {
    "request": _request,
    "invitation": _invitation,
    "minutes": _minutes,
}

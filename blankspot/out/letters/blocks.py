"""The blocks that official letters share: opening, addressee, progress, copies, the head of an annex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.out.letters.paper import CENTRE, JUSTIFIED, RIGHT, mark, plain_table, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document as Paper

BODY: Final = 6.0  # points after a paragraph of the body


def opening(paper: Paper) -> None:
    """Add number, urgency, annexes and subject on the left, place and day on the right."""
    table = plain_table(
        paper,
        (
            ("Nomor", ":", "{{ nomor }}", "{{ kantor.kota }}, {{ tanggal }}"),
            ("Sifat", ":", "{{ sifat }}", ""),
            ("Lampiran", ":", "{{ lampiran }}", ""),
            ("Hal", ":", "{{ hal }}", ""),
        ),
        (2.1, 0.4, 7.7, 5.8),
    )
    table.rows[0].cells[3].paragraphs[0].alignment = RIGHT


def addressee(paper: Paper) -> None:
    """Add to whom the letter goes, each with attention, address and place."""
    mark(paper, "{%p for k in kepada %}")
    write(paper, "Yth. {{ k.sebutan }}", before=12)
    mark(paper, "{%p if k.up %}")
    write(paper, "u.p. {{ k.up }}")
    mark(paper, "{%p endif %}")
    mark(paper, "{%p if k.alamat %}")
    write(paper, "{{ k.alamat }}")
    mark(paper, "{%p endif %}")
    write(paper, "di {{ k.tempat }}")
    mark(paper, "{%p endfor %}")


def progress(paper: Paper) -> None:
    """Add the sentence about the progress against the target list, where there is one."""
    mark(paper, "{%p if progres.target != '0' %}")
    write(
        paper,
        "Capaian penanganan terhadap daftar target tahun {{ progres.tahun }} adalah {{ progres.kalimat }}, sehingga masih "
        "tersisa {{ progres.sisa }} desa.",
        align=JUSTIFIED,
        after=BODY,
    )
    mark(paper, "{%p endif %}")


def points(paper: Paper, points: Sequence[str]) -> None:
    """Add numbered points."""
    for at, text in enumerate(points, start=1):
        write(paper, f"{at}.\t{text}", indent=0.5, hanging=0.8)


def copies(paper: Paper) -> None:
    """Add who gets a copy, where anybody does."""
    mark(paper, "{%p if tembusan %}")
    write(paper, "Tembusan:", size=10, before=12, together=True)
    mark(paper, "{%p for t in tembusan %}")
    write(paper, "{{ loop.index }}.\t{{ t }}", size=10, hanging=0.8)
    mark(paper, "{%p endfor %}")
    mark(paper, "{%p endif %}")


def annex(paper: Paper, name: str, title: str, *, indent: float) -> None:
    """Add the head of an annex: which letter it belongs to on the right, then its title."""
    for line in (f"{name} Surat {{{{ kepala.jabatan }}}}", "Nomor: {{ nomor }}", "Tanggal: {{ tanggal }}"):
        write(paper, line, size=9, indent=indent)
    write(paper, title.upper(), align=CENTRE, bold=True, before=10, after=8)


def chapter(paper: Paper, title: str) -> None:
    """Add the heading of a part of the minutes."""
    write(paper, title, bold=True, before=10, after=3, together=True)


def turn_page(paper: Paper) -> None:
    """Begin a new page of the same kind."""
    write(paper, "", size=2).paragraph_format.page_break_before = True

"""The order in which a report tells things: what a head of office asks first, then what a meeting goes through, then the lists.

Everything a reader must know before the figures (a period that the data do not reach the end of, the rule of the target list, conflicts
that nobody has settled) stands at the front as notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.out.reports import (
    changed,
    constraints,
    findings,
    groups,
    handling,
    headlines,
    lists,
    performance,
    trends,
    villages,
)
from blankspot.out.reports.cells import rows_of
from blankspot.out.reports.model import Column, Document, Section, Table
from blankspot.out.reports.texts import NONE
from blankspot.words import LABELS, Text, date_text

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

_NO_LIST: Final = Text("Belum ada daftar target {year}.", "There is no target list of {year} yet.")


def assemble(data: ReportData) -> Document:
    """Return the whole report of a period.

    Args:
        data: Everything it is made from.
    """
    title = data.provenance.title
    return Document(
        title=Text(title, title),
        subtitle=Text(
            "Laporan status sinyal desa dan penanganannya", "Report on the mobile signal of villages and its handling"
        ),
        period=data.period.label,
        as_of=data.as_of,
        known_on=data.known_on,
        notes=_notes(data),
        headlines=headlines.headlines(data),
        sections=(
            _summary(data),
            _performance(data),
            _handling(data),
            _constraints(data),
            _changes(data),
            _findings(data),
            _bina_bangda(data),
            _villages(data),
        ),
        provenance=data.provenance,
    )


def _notes(data: ReportData) -> tuple[Text, ...]:
    notes = []
    if data.period.unfinished:
        notes.append(
            Text(
                f"{data.period.label.id} berakhir {date_text(data.period.last)}; datanya baru sampai {date_text(data.as_of)}.",
                f"{data.period.label.en} ends on {date_text(data.period.last, lang='en')}; the data reach up to "
                f"{date_text(data.as_of, lang='en')}.",
            )
        )
    if data.known_on is not None:
        notes.append(
            Text(
                f"Buku besar menurut catatan sampai {date_text(data.known_on)}; berkas sumber tidak menyimpan tanggal pencatatan dan "
                "dipakai seperti adanya.",
                f"The ledger as recorded up to {date_text(data.known_on, lang='en')}; source files keep no day of recording and are "
                "used as they are.",
            )
        )
    document = f" ({data.rule.document})" if data.rule.document else ""
    notes.append(
        Text(
            f"Aturan daftar target {data.year}{document}: {data.rule.text.id}",
            f"Rule of the target list of {data.year}{document}: {data.rule.text.en}",
        )
    )
    if len(data.conflicts):
        count = data.conflicts["case_id"].nunique()
        notes.append(
            Text(
                f"{count} kasus tercatat berbeda oleh beberapa kantor dan belum diputuskan; lihat daftar konflik.",
                f"{count} cases were recorded differently by several offices and are not settled yet; see the list of conflicts.",
            )
        )
    return tuple(notes)


def _summary(data: ReportData) -> Section:
    return Section(
        key="summary",
        title=Text("Ringkasan", "Summary"),
        lead=Text(
            "Status sinyal menjawab di mana layanan kurang; tahap menjawab sampai mana penanganannya. Keduanya hal yang berbeda.",
            "The signal status says where service is missing; the stage says how far its handling is. They are two things.",
        ),
        items=(villages.classes(data), handling.stages(data), villages.class_districts(data)),
    )


def _performance(data: ReportData) -> Section:
    lead = Text(
        "Angka kumulatif sejak awal tahun, kecuali yang disebut “dalam TW”.",
        "Figures are cumulative from the start of the year unless called “within” a quarter.",
    )
    return Section(
        key="performance",
        title=Text("Capaian kinerja", "Performance"),
        lead=lead if len(data.standing) else _NO_LIST.fill(year=data.year),
        items=(
            performance.lkjip(data),
            performance.quarterly(data),
            performance.finances(data),
            trends.curve(data),
        ),
    )


def _handling(data: ReportData) -> Section:
    return Section(
        key="handling",
        title=Text("Penanganan", "Handling"),
        lead=data.rule.text,
        items=(
            *groups.groups(data),
            trends.funnel(data),
            trends.ageing(data),
            handling.open_villages(data),
            handling.internet_cases(data),
            *([_conflicts(data)] if len(data.conflicts) else []),
        ),
    )


def _conflicts(data: ReportData) -> Table:
    found = data.located(data.conflicts)
    found["why"] = [Text(*pair) for pair in zip(found["why_id"], found["why_en"], strict=True)]
    found["move"] = found["kind"].map(LABELS["event"])
    columns = (
        Column(key="village_code", heading=Text("Kode desa", "Village code"), kind="code"),
        Column(key="village_name", heading=Text("Nama desa", "Village name")),
        Column(key="move", heading=Text("Kejadian", "Event"), kind="label"),
        Column(key="happened_on", heading=Text("Tanggal", "Day"), kind="date"),
        Column(key="origin", heading=Text("Kantor pencatat", "Recorded by")),
        Column(key="why", heading=Text("Sebab", "Why"), kind="label"),
    )
    return Table(
        key="conflicts",
        title=Text("Konflik catatan yang belum diputuskan", "Conflicts not settled yet"),
        columns=columns,
        rows=rows_of(found, columns),
        definition=Text(
            f"Catatan di buku besar per {date_text(data.as_of)} yang tidak cocok satu sama lain, misalnya setelah penggabungan.",
            f"Records of the ledger as of {date_text(data.as_of, lang='en')} that do not fit together, such as after a merge.",
        ),
        empty=NONE,
        as_of=data.as_of,
    )


def _constraints(data: ReportData) -> Section:
    return Section(
        key="constraints",
        title=Text("Kendala dan tindak lanjut", "Constraints and follow-up"),
        lead=Text(
            "Kendala, tindak lanjut, penanggung jawab, dan batas waktunya; yang lewat batas waktu lebih dahulu.",
            "Constraints, follow-ups, who is responsible and by when; the overdue ones first.",
        ),
        items=(constraints.open_constraints(data), constraints.closed_constraints(data)),
    )


def _changes(data: ReportData) -> Section:
    return Section(
        key="changes",
        title=Text("Yang berubah", "What changed"),
        lead=Text(
            f"Sejak {date_text(data.since)}, tanggal laporan sebelumnya.",
            f"Since {date_text(data.since, lang='en')}, the day of the last report.",
        ),
        items=(changed.changes_summary(data), changed.changes(data)),
    )


def _findings(data: ReportData) -> Section:
    return Section(
        key="findings",
        title=Text("Usulan dan temuan", "Proposals and findings"),
        lead=Text(
            "Usulan dari Musrenbang, desa, kecamatan, dan warga dipertemukan dengan hasil pengukuran.",
            "Proposals of Musrenbang, villages, kecamatan and residents against what was found.",
        ),
        items=(findings.matrix(data), *findings.finding_lists(data)),
    )


def _bina_bangda(data: ReportData) -> Section:
    return Section(
        key="bina_bangda",
        title=Text("Daftar untuk Ditjen Bina Bangda", "Lists for Ditjen Bina Bangda"),
        lead=Text(
            "Dua daftar yang diminta surat 500.8.7/4586: wilayah tanpa 4G, dan titik layanan publik dengan dan tanpa internet.",
            "The two lists that letter 500.8.7/4586 asks for: areas without 4G, and public-service points with and without internet.",
        ),
        items=(
            lists.without_4g_summary(data),
            lists.without_4g(data),
            lists.facilities_summary(data),
            lists.facilities(data),
            lists.internet_points(data),
            lists.internet_point_list(data),
        ),
    )


def _villages(data: ReportData) -> Section:
    return Section(
        key="villages",
        title=Text("Desa dan buktinya", "Villages and their evidence"),
        lead=Text("Belum cukup data bukan berarti tanpa sinyal.", "Not enough data does not mean no signal."),
        items=(
            villages.gaps(data),
            villages.every_village(data),
            villages.village_details(data),
            villages.cases(data),
            villages.evidence(data),
        ),
    )

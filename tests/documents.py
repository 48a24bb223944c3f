"""Reports made up for the tests of how a report looks: a calm one, an empty one, a hostile one, a long one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from blankspot.out.reports.model import (
    Ageing,
    Bar,
    Chart,
    Column,
    CurvePoint,
    Document,
    Funnel,
    Headline,
    ProgressCurve,
    Section,
    Share,
    Table,
)
from blankspot.settings import Provenance, SourceNote
from blankspot.words import LABELS, Text

AS_OF = dt.date(2022, 12, 26)
HOSTILE = (
    "<script>window.bad = 1</script>",
    '"><img src=x onerror=window.bad=1>',
    "{{7*7}}",
    "${window.bad = 1}",
    "</style></title></svg><b>tebal",
    "a\\b `c` 'd'",
    "\u202ekanan ke kiri",
    "😀 desa 漢字",
    '=HYPERLINK("http://contoh.invalid")',
    "+62|cmd",
    "@SUM(A1)",
    "-2+3",
    "http://contoh.invalid/a?b=1&c=2",
    "\\0000a0 } body { display: none",
)
_COUNTED = Text("Desa dalam daftar target 2022 menurut statusnya pada hari itu.", "Target desa of 2022 by their stage.")
_EMPTY = Text("Tidak ada baris.", "There are no rows.")
STAGES = ("identified", "proposed", "verified", "approved", "assigned", "construction", "on_air", "handled", "verified_after")  # fmt: skip
_NUMBERS = (280, 96, 81, 66, 60, 57, 49, 43, 31)
_STANDING = (184, 15, 15, 6, 3, 8, 6, 12, 31)


def table(key="t", *, columns=None, rows=(), title=None, **rest):
    told = {"definition": _COUNTED, "empty": _EMPTY, "as_of": AS_OF}
    return Table(
        key=key, title=title or Text(f"Tabel {key}", f"Table {key}"), columns=columns or (Column(key="name", heading=Text("Nama", "Name")),),
        rows=tuple(rows), **(told | rest),
    )  # fmt: skip


def column(key, indonesian, english, kind="text", **rest):
    return Column(key=key, heading=Text(indonesian, english), kind=kind, **rest)


def curve(points=None, *, title=None):
    if points is None:
        days = [AS_OF - dt.timedelta(days=step) for step in range(359, -1, -1)]
        points = [CurvePoint(day, 60 if day.month > 2 else 55, round(43 * at / 359) // 4 * 4 if at < 359 else 43) for at, day in enumerate(days)]  # fmt: skip
    data = ProgressCurve(points=tuple(points))
    heads = (column("day", "Tanggal", "Day", "date"), column("target", "Target", "Target", "number"), column("done", "Realisasi", "Realisation", "number"))  # fmt: skip
    rows = [{"day": point.day, "target": point.target, "done": point.realization} for point in points if point.day.day == 26]  # fmt: skip
    return chart("curve", data, title or Text("Target dan realisasi kumulatif", "Cumulative target and realisation"), heads, rows)  # fmt: skip


def funnel(reached=None, standing=None):
    if reached is None:
        reached = [Bar(name, LABELS["stage"][name], count) for name, count in zip(STAGES, _NUMBERS, strict=True)]
        standing = [Bar(name, LABELS["stage"][name], count) for name, count in zip(STAGES, _STANDING, strict=True)]
    standing = standing or []
    heads = (column("stage", "Tahap", "Stage", "label"), column("reached", "Pernah mencapai", "Ever reached", "number"), column("now", "Kini di sini", "Now here", "number"))  # fmt: skip
    now = {bar.key: bar.figure for bar in standing}
    rows = [{"stage": bar.label, "reached": bar.figure, "now": now.get(bar.key, 0)} for bar in reached]
    return chart("funnel", Funnel(reached=tuple(reached), standing=tuple(standing)), Text("Penyaringan menurut tahap", "Funnel by stage"), heads, rows)  # fmt: skip


def ages(counts=(4, 7, 0, 5, 1)):
    names = ("0–30 hari", "31–90 hari", "91–180 hari", "181–365 hari", "lebih dari 365 hari")
    bins = tuple(Bar(str(at), Text(name, name.replace("hari", "days")), count) for at, (name, count) in enumerate(zip(names, counts, strict=True)))  # fmt: skip
    heads = (column("bin", "Lama", "Age", "label"), column("count", "Kasus", "Cases", "number"))
    rows = [{"bin": bar.label, "count": bar.figure} for bar in bins]
    return chart("ages", Ageing(bins=bins), Text("Umur kasus terbuka", "Ages of open cases"), heads, rows)


def chart(key, data, title, columns, rows):
    return Chart(key=key, title=title, definition=_COUNTED, as_of=AS_OF, data=data, table=table(f"{key}_table", title=title, columns=columns, rows=rows))  # fmt: skip


def partners():
    columns = (
        column("partner", "Mitra", "Partner"),
        column("target", "Target", "Target", "number", total=True),
        column("done", "Realisasi", "Realised", "number", total=True),
        column("share", "Capaian", "Achievement", "percent", decimals=2, total=True),
        column("paid", "Penyerapan", "Absorbed", "percent", decimals=2, total=True),
    )
    given = [("Telkomsel", 30, 24, 61), ("BAKTI Kominfo", 20, 15, 40), ("Dinas Kominfo Kabupaten Bandung", 10, 4, 0), ("Belum ada mitra", 0, 0, 0)]  # fmt: skip
    rows = [{"partner": name, "target": target, "done": done, "share": Share(done, target), "paid": Share(paid * 1_000_000, 2_600_000_000)} for name, target, done, paid in given]  # fmt: skip
    total = {"partner": Text("Jumlah", "Total"), "target": 60, "done": 43, "share": Share(43, 60), "paid": Share(101_000_000, 10_400_000_000)}  # fmt: skip
    return table("partners", title=Text("Capaian menurut mitra", "Achievement by partner"), columns=columns, rows=rows, total=total)  # fmt: skip


def e81():
    """Return a table in the shape of Formulir E.81, as wide as they come."""
    columns = [
        column("no", "No", "No", "number"),
        column("goal", "Sasaran", "Goal"),
        column("indicator", "Program/kegiatan dan indikator kinerja", "Programme and indicator"),
        column("unit", "Satuan", "Unit"),
    ]
    groups = [Text("Target tahun 2022", "Target of 2022"), *(Text(f"Realisasi TW {roman}", f"Realised Q {roman}") for roman in ("I", "II", "III", "IV")), Text("Kumulatif s.d. TW IV", "Cumulative to Q IV")]  # fmt: skip
    for at, group in enumerate(groups):
        columns += [
            column(f"k{at}", "K", "K", "number", decimals=2, group=group),
            column(f"rp{at}", "Rp", "Rp", "rupiah", group=group, total=True),
        ]
    share = Text("Capaian s.d. TW IV", "Achievement to Q IV")
    columns += [column("ck", "K", "K", "percent", decimals=2, group=share), column("crp", "Rp", "Rp", "percent", decimals=2, group=share), column("owner", "Penanggung jawab", "Owner")]  # fmt: skip
    rows = []
    for at in range(1, 13):
        row = {"no": at, "goal": "Meningkatnya ketersediaan jaringan telekomunikasi di seluruh desa", "unit": "desa",
               "indicator": f"Jumlah desa blankspot yang tertangani bersama mitra secara pentahelix, tahap {at}", "owner": "Bidang Aplikasi Informatika"}  # fmt: skip
        for group in range(6):
            row |= {f"k{group}": 60.0 - 9 * group, f"rp{group}": 12_345_678_900 + at * 1_000_000 * group}
        rows.append(row | {"ck": Share(43, 60), "crp": Share(12_350_678_900, 12_345_678_900)})
    return table("e81", title=Text("Evaluasi hasil pelaksanaan renja (Formulir E.81)", "Evaluation of the work plan (form E.81)"), columns=tuple(columns), rows=rows)  # fmt: skip


def villages(count, *, names=("Sukamaju",), key="villages", **rest):
    """Return a list of desa of any length."""
    columns = (
        column("code", "Kode desa", "Village code", "code"),
        column("name", "Nama desa", "Village name"),
        column("district", "Kecamatan", "Kecamatan"),
        column("status", "Status sinyal", "Signal", "label"),
        column("people", "Penduduk", "People", "number", total=True),
        column("share", "Bagian terlayani", "Share served", "percent", decimals=1),
        column("budget", "Anggaran (Rp)", "Budget (Rp)", "rupiah"),
        column("day", "Tertangani pada", "Handled on", "date"),
        column("reason", "Alasan", "Reason"),
    )
    classes = tuple(LABELS["signal_class"])
    rows = [
        {"code": f"32.04.{at // 100 % 90 + 1:02d}.{2001 + at % 100}", "name": names[at % len(names)], "district": f"Kecamatan {at // 10 % 31 + 1}",
         "id": classes[at % 4], "mark": "overdue" if at % 7 == 3 else None, "status": LABELS["signal_class"][classes[at % 4]], "people": None if at % 11 == 5 else 1200 + at,
         "share": Share(at % 17, 17), "budget": 1_250_000_000 if at % 3 else None, "day": dt.date(2022, 3, 1) + dt.timedelta(days=at % 250) if at % 2 else None,
         "reason": f"Terukur tanpa layanan di {at % 17} dari 17 sel; batas atas 18,4 % pada profil bawaan."}
        for at in range(count)
    ]  # fmt: skip
    return table(key, title=Text("Desa blankspot 4G", "Desa without 4G"), columns=columns, rows=rows, **rest)


def provenance(title="Kabupaten Bandung"):
    sources = (
        SourceNote(name="data/desa.gpkg", kind="boundaries", sha256="ab" * 32, rows_in=281, rows_accepted=280, rows_rejected=1, licence="CC BY 4.0"),
        SourceNote(name="data/drive-test-maret-2022-kecamatan-pangalengan-dan-sekitarnya.csv", kind="measurements", sha256="cd" * 32, rows_in=7_214, rows_accepted=7_000, rows_rejected=214),
    )  # fmt: skip
    return Provenance(version="0.1.0", profile="bawaan-2026", profile_digest="1f2e3d4c", as_of=AS_OF, title=title, sources=sources)  # fmt: skip


def calm(*sections, title="Kabupaten Bandung", long=60):
    """Return a report as an office makes one; with sections, one of these."""
    made = sections or (
        Section(key="progress", title=Text("Capaian terhadap target", "Progress against the target"), lead=Text("Satu desa dihitung tertangani bila cakupan selulernya tertangani.", "A desa counts once its coverage is handled."), items=(curve(), partners())),
        Section(key="quarter", title=Text("Evaluasi triwulanan", "Quarterly evaluation"), lead=Text("Kinerja (K) dan anggaran (Rp) menurut triwulan.", "Performance and budget by quarter."), items=(e81(),)),
        Section(key="cases", title=Text("Kasus yang masih terbuka", "Cases still open"), lead=Text("", ""), items=(funnel(), ages())),
        Section(key="lists", title=Text("Daftar yang diminta", "The lists asked for"), lead=Text("Dua daftar.", "Two lists."), items=(villages(long), table("none", title=Text("Titik layanan publik", "Public-service points")))),
    )  # fmt: skip
    return Document(
        title=Text(title, title),
        subtitle=Text("Laporan penanganan desa blankspot", "Report on desa without signal"),
        period=Text("Triwulan IV 2022", "Quarter IV 2022"),
        as_of=AS_OF,
        known_on=dt.date(2022, 12, 31),
        notes=(
            Text("Triwulan IV belum berakhir pada tanggal data.", "Quarter IV has not ended on the day of the data."),
        ),
        headlines=headlines(),
        sections=tuple(made),
        provenance=provenance(title),
    )


def headlines():
    told = {"definition": _COUNTED, "as_of": AS_OF}
    return (
        Headline(key="progress", figure=Share(43, 60), label=Text("Desa target yang tertangani", "Target desa handled"), unit=Text("desa", "desa"), **told),
        Headline(key="opd", figure=Share(36, 34), label=Text("OPD terhubung", "Offices connected"), unit=Text("OPD", "offices"), **told),
        Headline(key="open", figure=505, label=Text("Desa blankspot yang belum tertangani", "Desa still open"), unit=Text("desa", "desa"), decimals=0, **told),
        Headline(key="money", figure=2_600_000_000, label=Text("Realisasi anggaran", "Budget spent"), kind="rupiah", **told),
    )  # fmt: skip


def hostile():
    """Return a report in which every text that comes from data is hostile."""
    rows = [{"name": text, "code": text, "note": text * 3, "count": 1} for text in HOSTILE]
    columns = (column("name", "Nama", "Name"), column("code", "Kode", "Code", "code"), column("note", "Catatan", "Note"), column("count", "Jumlah", "Count", "number"))  # fmt: skip
    bars = [Bar(str(at), Text(text, text), at) for at, text in enumerate(HOSTILE)]
    sections = [
        Section(key=f"s{at}", title=Text(text, text), lead=Text(text, text), items=(table(f"h{at}", title=Text(text, text), columns=columns, rows=rows, definition=Text(text, text)),))
        for at, text in enumerate(HOSTILE[:5])
    ]  # fmt: skip
    drawn = Section(key="drawn", title=Text("Bagan", "Charts"), lead=Text("", ""), items=(funnel(bars, bars), curve(title=Text(HOSTILE[4], HOSTILE[4]))))  # fmt: skip
    made = calm(*sections, drawn, title=HOSTILE[4])
    text = Text(HOSTILE[0], HOSTILE[0])
    return replace(made, subtitle=text, period=Text(HOSTILE[-1], HOSTILE[-1]), notes=(text,), headlines=(replace(made.headlines[0], label=text, unit=text),))  # fmt: skip


def long(rows=5_000):
    """Return the report of a province: three lists of so many desa."""
    items = tuple(villages(rows, key=f"list{at}", names=("Sukamaju", "Cikawao", "Margahayu Selatan")) for at in range(3))  # fmt: skip
    return calm(Section(key="lists", title=Text("Daftar", "Lists"), lead=Text("", ""), items=items))

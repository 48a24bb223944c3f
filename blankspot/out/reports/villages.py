"""The villages themselves: classes and their counts, by district, blankspot still open, every village with its reason, and the evidence.

What is not enough data is counted as such everywhere, and has no degree of certainty.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.out.reports.cells import VILLAGE, rows_of
from blankspot.out.reports.data import DONE_STAGES
from blankspot.out.reports.model import Column, Row, Share, Table, total_row
from blankspot.out.reports.texts import NONE, SERVICES, TOTAL, YES_NO
from blankspot.out.tables import headings_of
from blankspot.schema import SIGNAL_CLASSES, TABLES
from blankspot.words import LABELS, Text, date_text, is_coarse, number

if TYPE_CHECKING:
    from blankspot.out.reports.data import ReportData

EVIDENCE_ROWS_MAX: Final = 20_000
_PERCENT: Final = "0–1"
_STAGE: Final = (
    Column(key="stage", heading=Text("Tahap penanganan", "Handling stage"), kind="label"),
    Column(key="partner", heading=Text("Mitra", "Partner")),
    Column(key="handled_on", heading=Text("Tanggal tertangani", "Handled on"), kind="date"),
)
_CLASS: Final = Column(key="signal_class", heading=Text("Status sinyal", "Signal"), kind="label")
_CONFIDENCE: Final = Column(key="confidence", heading=Text("Keyakinan", "Confidence"), kind="label")
_PEOPLE: Final = Column(key="population", heading=Text("Penduduk", "Residents"), kind="number", total=True)
_REASON: Final = Column(key="reason", heading=Text("Alasan", "Reason"))
_LABELLED: Final = frozenset({"village_type", "weight_kind", "partial", "no_4g"})
_ASKED_FIRST: Final = (*VILLAGE, _CLASS, _CONFIDENCE, *_STAGE, _PEOPLE, _REASON)


def _whole(people: float | None) -> int | None:
    return None if people is None or pd.isna(people) else int(people)


def classes(data: ReportData) -> Table:
    """Return how many villages are of each class, with residents where they are known."""
    villages = data.village_classes
    foretold = by_prediction(villages)
    counted = villages["signal_class"].value_counts()
    people = villages.groupby("signal_class")["population"].sum(min_count=1)  # no figure at all is not zero
    total = len(villages)
    rows: tuple[Row, ...] = tuple(
        {
            "id": name,
            "signal_class": LABELS["signal_class"][name],
            "villages": int(counted.get(name, 0)),
            "share": Share(int(counted.get(name, 0)), total),
            "population": _whole(people.get(name)),
        }
        for name in SIGNAL_CLASSES
    )
    columns = (
        _CLASS,
        Column(key="villages", heading=Text("Desa", "Villages"), kind="number", total=True),
        Column(key="share", heading=Text("%", "%"), kind="percent", decimals=2),
        _PEOPLE,
    )
    return Table(
        key="classes",
        title=Text("Status sinyal desa", "Signal status of villages"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Satu status per desa per {date_text(data.as_of)}, menurut profil ambang {data.provenance.profile_label}. Persen: dari semua "
            f"desa. Belum cukup data bukan berarti tanpa sinyal. Penduduk: hanya desa yang jumlah penduduknya diketahui.{foretold.id}",
            f"One status per village as of {date_text(data.as_of, lang='en')}, by the threshold profile {data.provenance.profile_label}. "
            "Percent: of all villages. Not enough data does not mean no signal. Residents: only of villages where they are "
            f"known.{foretold.en}",
        ),
        empty=NONE,
        as_of=data.as_of,
        total={**total_row(columns, rows, {"signal_class": TOTAL}), "share": Share(total, total)},
    )


def class_districts(data: ReportData) -> Table:
    """Return one row per kecamatan with a column per class."""
    villages = data.located(data.village_classes)
    counted = pd.crosstab(villages["district_code"], villages["signal_class"])
    counted = counted.reindex(columns=list(SIGNAL_CLASSES), fill_value=0)
    names = villages.dropna(subset=["district"]).drop_duplicates("district_code").set_index("district_code")["district"]
    rows: tuple[Row, ...] = tuple(
        {
            "id": str(code),
            "district": str(names.get(code, code)),
            **{name: int(row[name]) for name in SIGNAL_CLASSES},
            "villages": int(row.sum()),
        }
        for code, row in counted.iterrows()
    )
    columns = (
        Column(key="district", heading=Text("Kecamatan", "Kecamatan")),
        *(Column(key=name, heading=LABELS["signal_class"][name], kind="number", total=True) for name in SIGNAL_CLASSES),
        Column(key="villages", heading=Text("Jumlah", "Total"), kind="number", total=True),
    )
    return Table(
        key="class_districts",
        title=Text("Status sinyal menurut kecamatan", "Signal status by kecamatan"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Banyaknya desa menurut status sinyal per {date_text(data.as_of)}.",
            f"Villages by signal status as of {date_text(data.as_of, lang='en')}.",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"district": TOTAL}),
    )


def gaps(data: ReportData) -> Table:
    """Return the blankspot villages whose mobile coverage is not handled, on a target list or not."""
    villages = data.village_classes
    found = villages[(villages["signal_class"] == "none") & ~villages["stage"].isin(DONE_STAGES)]
    columns = (*VILLAGE, _PEOPLE, *_STAGE[:2], replace(_REASON, on_paper=False))
    rows = rows_of(_certain(found), columns, row_id="signal_class")
    unknown = int((villages["signal_class"] == "unknown").sum())
    foretold = by_prediction(found)
    return Table(
        key="gaps",
        title=Text("Blankspot yang belum tertangani", "Blankspot villages still open"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Desa berstatus blankspot per {date_text(data.as_of)} yang kasus selulernya belum tertangani, dalam daftar target atau tidak."
            f"{foretold.id}",
            f"Villages that are blankspot as of {date_text(data.as_of, lang='en')} and whose mobile case is not handled, on a target "
            f"list or not.{foretold.en}",
        ),
        empty=Text(
            f"Tidak ada yang terbukti; {unknown} desa belum cukup data.",
            f"None is proven; {unknown} villages have not enough data.",
        )
        if unknown
        else NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"village_name": TOTAL}) if rows else None,
    )


def every_village(data: ReportData) -> Table:
    """Return every village with its class, its handling, and why."""
    beside = (replace(column, on_paper=False) for column in (_CONFIDENCE, *_STAGE[:2]))
    columns = (*VILLAGE, _CLASS, *beside, _REASON)
    return Table(
        key="villages",
        title=Text("Semua desa dengan alasannya", "Every village with its reason"),
        columns=columns,
        rows=rows_of(_certain(data.village_classes), columns, row_id="signal_class"),
        definition=_village_definition(data),
        empty=NONE,
        as_of=data.as_of,
    )


def village_details(data: ReportData) -> Table:
    """Return every village with all that is known of it and of its verdict; for the workbook."""
    english = headings_of(TABLES["villages"], "en") | headings_of(TABLES["verdicts"], "en")
    indonesian = headings_of(TABLES["villages"]) | headings_of(TABLES["verdicts"])
    first = {column.key for column in _ASKED_FIRST} | {"office_point"}
    rest = (_declared(name, Text(told, english[name])) for name, told in indonesian.items() if name not in first)
    columns = (*_ASKED_FIRST, *rest)
    whole = pd.DataFrame(data.villages.drop(columns=["geometry", "office_point"], errors="ignore"))
    extra = [name for name in whole if name not in data.village_classes]
    found = data.village_classes.merge(whole[["village_code", *extra]], on="village_code", how="left")
    for name in ("partial", "no_4g"):
        flags = found[name].astype("boolean")
        found[name] = pd.Series([None if pd.isna(flag) else YES_NO[bool(flag)] for flag in flags], dtype=object)
    return Table(
        key="village_details",
        title=Text("Rincian setiap desa", "Details of every village"),
        columns=columns,
        rows=rows_of(_certain(found), columns, row_id="signal_class"),
        definition=_village_definition(data),
        empty=NONE,
        as_of=data.as_of,
        in_page=False,
    )


def _village_definition(data: ReportData) -> Text:
    return Text(
        f"Per {date_text(data.as_of)}. Belum cukup data bukan berarti tanpa sinyal. Tahap dan mitra: kasus seluler yang paling maju.",
        f"As of {date_text(data.as_of, lang='en')}. Not enough data does not mean no signal. Stage and partner: of the mobile case that "
        "stands furthest.",
    )


def _certain(villages: pd.DataFrame) -> pd.DataFrame:
    """Leave the certainty empty of what is not known, and call a prediction without terrain coarse."""
    told = villages["confidence"].mask(villages["rule"].map(is_coarse), "modelled_coarse")
    return villages.assign(confidence=told.where(villages["signal_class"] != "unknown"))


def by_prediction(villages: pd.DataFrame) -> Text:
    """Return a sentence on how many of some villages a prediction alone judged, "" where there is none."""
    told = (villages["confidence"] == "modelled") & (villages["signal_class"] != "unknown")
    if not told.any():
        return Text("", "")
    coarse = villages["rule"][told].map(is_coarse).any()
    kind = Text(" kasar, tanpa data ketinggian", " coarse, without terrain, and") if coarse else Text("", "")
    count = int(told.sum())
    return Text(
        f" {number(count)} di antaranya menurut prediksi saja{',' if coarse else ''}{kind.id}, belum diukur.",
        f" {number(count, lang='en')} of them by prediction alone,{kind.en} not measured.",
    )


def _declared(name: str, heading: Text) -> Column:
    """Return a column of a declared table as a report shows it; shares between 0 and 1 keep two decimals."""
    column = TABLES["villages"].columns.get(name) or TABLES["verdicts"].columns[name]
    kind = column.metadata["kind"]
    if name in _LABELLED:
        return Column(key=name, heading=heading, kind="label")
    if kind in ("number", "integer"):
        share = column.metadata["unit"] == _PERCENT
        return Column(key=name, heading=heading, kind="number", decimals=4 if share else None)
    return Column(key=name, heading=heading, kind={"code": "code", "date": "date", "time": "date"}.get(kind, "text"))  # type: ignore[arg-type]


def cases(data: ReportData) -> Table:
    """Return every case of the ledger, mobile and internet, as it stands; for the workbook."""
    found = data.located(data.cases).sort_values("case_id", kind="stable")
    found["service"] = found["service"].map(SERVICES)
    columns = (
        *VILLAGE,
        Column(key="service", heading=Text("Layanan", "Service"), kind="label"),
        Column(key="year", heading=Text("Tahun target", "Target year"), kind="code"),
        Column(key="stage", heading=Text("Tahap", "Stage"), kind="label"),
        Column(key="since", heading=Text("Sejak", "Since"), kind="date"),
        Column(key="partner", heading=Text("Mitra", "Partner")),
        Column(key="intervention_type", heading=Text("Jenis penanganan", "Kind of handling"), kind="label"),
        Column(key="funding_source", heading=Text("Sumber dana", "Funding"), kind="label"),
        Column(key="budget_rp", heading=Text("Anggaran", "Budget"), kind="rupiah", total=True),
        Column(key="realized_rp", heading=Text("Realisasi keuangan", "Money realised"), kind="rupiah", total=True),
        Column(key="planned_quarter", heading=Text("Rencana", "Planned"), kind="code"),
        Column(key="handled_on", heading=Text("Tanggal tertangani", "Handled on"), kind="date"),
        Column(key="evidence", heading=Text("Bukti", "Evidence")),
        Column(key="document", heading=Text("Dokumen", "Document")),
        Column(key="reason", heading=Text("Alasan", "Reason")),
        Column(key="case_id", heading=Text("Kasus", "Case"), kind="code"),
    )
    found["year"] = found["year"].astype("Int64").astype("str")
    rows = rows_of(found, columns)
    return Table(
        key="cases",
        title=Text("Semua kasus di buku besar", "Every case of the ledger"),
        columns=columns,
        rows=rows,
        definition=Text(
            f"Satu baris per kasus per {date_text(data.as_of)}; satu desa dapat memiliki beberapa kasus.",
            f"One row per case as of {date_text(data.as_of, lang='en')}; a village may have several.",
        ),
        empty=NONE,
        as_of=data.as_of,
        total=total_row(columns, rows, {"village_name": TOTAL}) if rows else None,
        in_page=False,
    )


def evidence(data: ReportData) -> Table:
    """Return the figures behind the verdicts; for the workbook, and up to `EVIDENCE_ROWS_MAX` of them.

    A province has more than a hundred thousand: they take a spreadsheet minutes to open, and nobody reads them there.
    """
    count = len(data.evidence)
    whole = count <= EVIDENCE_ROWS_MAX
    columns = (
        *VILLAGE[:2],
        Column(key="operator", heading=Text("Operator", "Operator"), kind="label"),
        Column(key="technology", heading=Text("Teknologi", "Technology")),
        Column(key="kind", heading=Text("Jenis bukti", "Kind of evidence"), kind="label"),
        Column(key="statistic", heading=Text("Statistik", "Statistic"), kind="label"),
        Column(key="value", heading=Text("Nilai", "Value"), kind="number", decimals=4),
        Column(key="low", heading=Text("Batas bawah", "Lower bound"), kind="number", decimals=4),
        Column(key="high", heading=Text("Batas atas", "Upper bound"), kind="number", decimals=4),
        Column(key="n", heading=Text("n", "n"), kind="number"),
        Column(key="source", heading=Text("Sumber", "Source")),
    )
    return Table(
        key="evidence",
        title=Text("Bukti di balik status", "The evidence behind the classes"),
        columns=columns,
        rows=rows_of(data.located(data.evidence), columns) if whole else (),
        definition=Text(
            "Bagian antara 0 dan 1; satuan lain ada pada nama statistiknya. n: banyaknya sel, titik ukur, atau laporan.",
            "Shares are between 0 and 1; other units stand in the statistic's name. n: cells, readings or reports it rests on.",
        ),
        empty=NONE,
        as_of=data.as_of,
        in_page=False,
        elsewhere=None if whole else _evidence_elsewhere(count),
    )


def _evidence_elsewhere(count: int) -> Text:
    most = EVIDENCE_ROWS_MAX
    return Text(
        f"Buktinya {number(count)} baris, lebih dari {number(most)} yang dimuat buku kerja. Semuanya, menurut tanggal ruang kerja, ada "
        "dalam berkas out/evidence.parquet; perintah blankspot export menulisnya sebagai CSV atau GeoPackage.",
        f"The evidence has {number(count, lang='en')} rows, more than the {number(most, lang='en')} that the workbook takes. All of "
        "them, as of the workspace's date, are in the file out/evidence.parquet; the command blankspot export writes them as CSV or "
        "GeoPackage.",
    )

"""The few figures that people quote, each with what is counted, of what, as of when; one that nothing is known of is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from blankspot.out.reports import constraints, performance
from blankspot.out.reports.model import Headline, Share
from blankspot.out.reports.villages import by_prediction
from blankspot.words import Text, date_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blankspot.out.reports.data import ReportData

_VILLAGES: Final = Text("desa", "villages")


def headlines(data: ReportData) -> tuple[Headline, ...]:
    """Return the figures that stand at the front of a report."""
    return (*_of_list(data), *_of_signal(data), *_of_money(data), *_of_constraints(data))


def _of_list(data: ReportData) -> Iterator[Headline]:
    done, total = int(data.standing["done"].sum()), len(data.standing)
    if not total:
        return
    first = data.period.first
    listed = Text(f"desa dalam daftar target {data.year}", f"villages on the target list of {data.year}")
    yield Headline(
        key="progress",
        figure=Share(done, total),
        label=Text("Desa target tertangani (kumulatif)", "Target villages handled (cumulative)"),
        definition=Text(
            f"Pembilang: {listed.id} yang tertangani. Penyebut: {listed.id}.",
            f"Numerator: {listed.en} that are handled. Denominator: {listed.en}.",
        ),
        as_of=data.as_of,
        unit=_VILLAGES,
    )
    yield Headline(
        key="remaining",
        figure=total - done,
        label=Text("Sisa target", "Remaining"),
        definition=Text(
            f"Banyaknya {listed.id} yang belum tertangani ({total} − {done}).",
            f"Number of {listed.en} that are not handled ({total} − {done}).",
        ),
        as_of=data.as_of,
        unit=_VILLAGES,
        decimals=0,
    )
    yield Headline(
        key="within",
        figure=_within(data),
        label=_within_label(data),
        definition=Text(
            f"Banyaknya {listed.id} yang tertangani dengan tanggal tertangani sejak {date_text(first)}.",
            f"Number of {listed.en} that are handled, on a day since {date_text(first, lang='en')}.",
        ),
        as_of=data.as_of,
        unit=_VILLAGES,
        decimals=0,
    )


def _within_label(data: ReportData) -> Text:
    period = data.period
    if period.kind == "day":
        first = period.first
        return Text(f"Tertangani sejak {date_text(first)}", f"Handled since {date_text(first, lang='en')}")
    return Text(f"Tertangani dalam {period.label.id}", f"Handled within {period.label.en}")


def _within(data: ReportData) -> int:
    done = data.standing[data.standing["done"]]
    days = done["handled_on"].fillna(done["since"]).dt.date
    return int((days >= data.period.first).sum())


def _of_signal(data: ReportData) -> Iterator[Headline]:
    counted = data.verdicts["signal_class"].value_counts()
    total = len(data.verdicts)
    unknown = int(counted.get("unknown", 0))
    foretold = by_prediction(data.verdicts[data.verdicts["signal_class"] == "none"])
    yield Headline(
        key="blankspot",
        figure=Share(int(counted.get("none", 0)), total),
        label=Text("Desa blankspot", "Blankspot villages"),
        definition=Text(
            f"Pembilang: desa berstatus blankspot.{foretold.id} Penyebut: semua desa, termasuk yang belum cukup data.",
            f"Numerator: villages that are blankspot.{foretold.en} Denominator: all villages, those without enough data included.",
        ),
        as_of=data.as_of,
        unit=_VILLAGES,
    )
    yield Headline(
        key="unknown",
        figure=Share(unknown, total),
        label=Text("Desa yang belum cukup data", "Villages without enough data"),
        definition=Text(
            "Pembilang: desa yang belum cukup data; bukan berarti tanpa sinyal. Penyebut: semua desa.",
            "Numerator: villages without enough data; that does not mean no signal. Denominator: all villages.",
        ),
        as_of=data.as_of,
        unit=_VILLAGES,
    )


def _of_money(data: ReportData) -> Iterator[Headline]:
    budget, paid = data.listed_cases["budget_rp"].sum(), data.listed_money["amount_rp"]
    if budget and len(paid):
        yield Headline(
            key="money",
            figure=Share(float(paid.sum()), float(budget)),
            label=Text("Realisasi keuangan desa target", "Money realised for target villages"),
            definition=Text(
                "Pembilang: realisasi keuangan kumulatif. Penyebut: anggaran. Keduanya untuk kasus desa dalam daftar target.",
                "Numerator: money realised, cumulative. Denominator: budget. Both of the cases of listed villages.",
            ),
            as_of=data.as_of,
            kind="rupiah",
        )
    total = performance.finances(data).total or {}
    told = (
        ("absorption", Text("Realisasi anggaran bidang", "Budget realised"), Text("realisasi", "money realised")),
        (
            "waiting",
            Text("Menunggu dana", "Waiting for funds"),
            Text("anggaran yang menunggu dana", "budget waiting for funds"),
        ),
    )
    for key, label, part in told:
        share = total.get(key)
        if isinstance(share, Share):
            yield Headline(
                key=key,
                figure=share,
                label=label,
                definition=Text(
                    f"Pembilang: {part.id}, kumulatif. Penyebut: anggaran. Semua indikator yang menyebut anggaran.",
                    f"Numerator: {part.en}, cumulative. Denominator: budget. All indicators that name a budget.",
                ),
                as_of=data.as_of,
                kind="rupiah",
            )


def _of_constraints(data: ReportData) -> Iterator[Headline]:
    opened = int(data.notes["open"].sum())
    if opened:
        yield Headline(
            key="constraints",
            figure=Share(constraints.overdue(data), opened),
            label=Text("Tindak lanjut terlambat", "Follow-ups overdue"),
            definition=Text(
                "Pembilang: catatan terbuka yang lewat batas waktunya. Penyebut: semua catatan terbuka.",
                "Numerator: open notes past their deadline. Denominator: all open notes.",
            ),
            as_of=data.as_of,
            unit=Text("catatan", "notes"),
        )

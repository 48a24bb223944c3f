"""The sheet of a village: how its facts are said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.coverage import source_text
from blankspot.out.facts.cases import (
    NO_CASE,
    SERVICES,
    as_day,
    day_text,
    quarter_text,
    short_day,
    stage_text,
    standing_text,
    word,
)
from blankspot.out.facts.listings import letter_listing
from blankspot.out.facts.sheet import Figure, Listing, Pairs, Sheet
from blankspot.words import LABELS, Lang, Text, confidence_text, date_text, label, number, percent, rupiah

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blankspot.out.facts.village import Facts, Move

_NOT_MEASURED: Final = Text("belum diukur", "not measured")
_FLAGS: Final = {
    "partial": Text("tidak semua operator", "not every operator"),
    "no_4g": Text("tanpa 4G", "no 4G"),
}
_STATES: Final = {
    "corrected": Text("telah dibetulkan", "since corrected"),
    "withdrawn": Text("telah ditarik", "since withdrawn"),
    "conflict": Text("belum diselesaikan", "not settled"),
}
_HISTORY_WIDTHS: Final = (0.15, 0.3, 0.55)


def sheet_of(facts: Facts, lang: Lang) -> Sheet:
    """Return the one-page sheet of a village in a language."""
    village, verdict = facts.village, facts.verdict
    kind = label("village_type", village["village_type"], lang) if village.get("village_type") else "desa"
    place = ", ".join(str(village[name]) for name in ("district", "regency", "province") if village.get(name))
    return Sheet(
        kicker=Text("Lembar fakta per {day}", "Fact sheet as of {day}")
        .fill(day=date_text(facts.as_of, lang=lang))
        .of(lang),
        title=f"{kind[0].upper()}{kind[1:]} {village['village_name']} ({village['village_code']})",
        place=place or "–",
        lead=str(verdict["reason"] or ""),
        figures=_figures(facts, lang),
        parts=tuple(part for part in _parts(facts, lang) if part.rows),
        foot=(f"{Text('Profil ambang', 'Threshold profile').of(lang)} {verdict['profile']}",),
        lang=lang,
        signal_class=verdict["signal_class"],
    )


def _figures(facts: Facts, lang: Lang) -> tuple[Figure, ...]:
    people = facts.village.get("population")
    case = facts.case or {}
    return (
        Figure(Text("Status sinyal", "Signal").of(lang), *_class_words(facts.verdict, lang)),
        Figure(
            Text("Penanganan", "Handling").of(lang),
            stage_text(case.get("stage"), lang),
            standing_text(case.get("since"), facts.as_of, lang),
        ),
        Figure(Text("Mitra", "Partner").of(lang), case.get("partner") or "–"),
        Figure(Text("Penduduk", "People").of(lang), "–" if people is None else number(people, lang=lang)),
    )


def _class_words(verdict: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    signal = label("signal_class", verdict["signal_class"], lang)
    if verdict["signal_class"] == "unknown":
        return signal, ""
    told = [
        confidence_text(verdict["confidence"], verdict["rule"]).of(lang),
        *(text.of(lang) for name, text in _FLAGS.items() if verdict[name]),
    ]
    return signal, ", ".join(told)


def _parts(facts: Facts, lang: Lang) -> list[Pairs | Listing]:
    step = facts.next_step
    todo = [("", text.of(lang)) for text in facts.waiting]
    if step is not None:
        todo.append((Text("Langkah berikut", "Next step").of(lang), step.of(lang)))
    return [
        Pairs(title=Text("Sinyal dan tempat", "Signal and place").of(lang), rows=_place_rows(facts, lang)),
        Pairs(title=Text("Penanganan", "Handling").of(lang), rows=_case_rows(facts, lang)),
        Pairs(title=Text("Yang masih terbuka", "What is open").of(lang), rows=tuple(todo)),
        _history(facts, lang),
        _paid(facts, lang),
        letter_listing(facts.letters, lang),
    ]


def _place_rows(facts: Facts, lang: Lang) -> tuple[tuple[str, str], ...]:
    operators = "; ".join(_operator_line(row, lang) for row in facts.operators) or _NOT_MEASURED.of(lang)
    verdict = facts.verdict
    rows = [(Text("Operator", "Operators").of(lang), operators)]
    if facts.predicted:
        told = _predicted_line(facts.predicted, lang)
        rows.append((Text("Menurut prediksi", "By prediction").of(lang), told))
    if verdict.get("latest_measurement"):
        rows.append(
            (Text("Ukur terakhir", "Last measured").of(lang), day_text(as_day(verdict["latest_measurement"]), lang))
        )
    rows += [
        (Text("Menara terdekat", "Nearest site").of(lang), _site_line(facts.nearest_site, lang)),
        (Text("Titik internet", "Internet points").of(lang), ", ".join(facts.internet_points) or "–"),
    ]
    if facts.proposals:
        told = "; ".join(
            f"{day_text(as_day(row.get('proposed_on')), lang)}, {row.get('proposer') or word('channel', row.get('channel'), lang)}"
            for row in facts.proposals
        )
        rows.append((Text("Usulan", "Proposals").of(lang), told))
    return tuple(rows)


def _case_rows(facts: Facts, lang: Lang) -> tuple[tuple[str, str], ...]:
    case = facts.case
    if case is None:
        rows = [(Text("Seluler", "Mobile").of(lang), NO_CASE.of(lang))]
    else:
        target = str(case["year"]) if case.get("is_target") and case.get("year") else "–"
        rows = [(Text("Target tahun", "Target year").of(lang), target)]
        rows += _known_rows(case, lang)
        rows.append((Text("Anggaran", "Budget").of(lang), _money_text(case, lang)))
    for other in facts.other_cases:
        told = f"{stage_text(other.get('stage'), lang)}, {day_text(other.get('since'), lang)}"
        name = SERVICES[other["service"]].of(lang)
        rows.append((name[0].upper() + name[1:], f"{told}, {other['partner']}" if other.get("partner") else told))
    return tuple(rows)


def _known_rows(case: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    told = (
        (Text("Jenis", "Kind"), case.get("intervention_type") and word("intervention_type", case["intervention_type"], lang)),
        (Text("Sumber dana", "Funding"), case.get("funding_source") and word("funding_source", case["funding_source"], lang)),
        (Text("Rencana", "Planned"), case.get("planned_quarter") and quarter_text(case["planned_quarter"], lang)),
        (Text("Tertangani", "Handled on"), case.get("handled_on") and day_text(case["handled_on"], lang)),
        (Text("Bukti", "Evidence"), case.get("evidence")),
        (Text("Alasan keputusan", "Reason decided"), case.get("reason")),
    )  # fmt: skip
    return [(name.of(lang), str(value)) for name, value in told if value]


def _money_text(case: Mapping[str, Any], lang: Lang) -> str:
    budget, realised = case.get("budget_rp"), case.get("realized_rp")
    if budget is None and not realised:
        return "–"
    total = (
        Text("anggaran belum dicatat", "no budget on record").of(lang) if budget is None else rupiah(budget, lang=lang)
    )
    if realised is None:
        return total
    share = f" ({percent(realised, budget, lang=lang)})" if budget else ""
    return Text(
        f"{total}; realisasi {rupiah(realised)}{share}", f"{total}; realised {rupiah(realised, lang='en')}{share}"
    ).of(lang)


def _history(facts: Facts, lang: Lang) -> Listing:
    return Listing(
        title=Text("Riwayat, terbaru di atas", "History, the latest first").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Kejadian", "Event"), Text("Keterangan", "Details"))
        ),
        rows=tuple(_move_row(move, lang) for move in reversed(facts.history)),
        widths=_HISTORY_WIDTHS,
    )


def _move_row(move: Move, lang: Lang) -> tuple[str, str, str]:
    known = move.said or LABELS["event"].get(move.kind)
    told = known.of(lang) if known else move.kind
    amount = "" if move.amount_rp is None else rupiah(move.amount_rp, lang=lang)
    right = "" if move.puts_right is None else move.puts_right.of(lang)
    rest = [part for part in (right, amount, move.partner, move.evidence, move.told) if part]
    if move.state:
        rest.append(_STATES[move.state].of(lang))
    return short_day(move.day, lang), told, "; ".join(rest)


def _paid(facts: Facts, lang: Lang) -> Listing:
    return Listing(
        title=Text("Realisasi keuangan", "Money realised").of(lang),
        heads=tuple(
            text.of(lang) for text in (Text("Tanggal", "Day"), Text("Jumlah", "Amount"), Text("Sumber, dokumen", "Source, document"))
        ),
        rows=tuple(
            (
                short_day(as_day(row["paid_on"]), lang),
                rupiah(row["amount_rp"], lang=lang),
                ", ".join(
                    filter(None, (row["funding_source"] and word("funding_source", row["funding_source"], lang), row["document"]))
                ),
            )
            for row in reversed(facts.money)
        ),
        widths=_HISTORY_WIDTHS,
    )  # fmt: skip


def _operator_line(row: Mapping[str, Any], lang: Lang) -> str:
    name = word("operator", row["operator"], lang)
    if row["technology"] is None:
        silent = Text(f"tanpa layanan di {row['cells']} sel", f"no service in {row['cells']} cells").of(lang)
        return f"{name} {silent}"
    share = f"{number(row['share_served'] * 100, 0, lang=lang)} %"
    told = Text(f"{share} dari {row['cells']} sel", f"{share} of {row['cells']} cells").of(lang)
    return f"{name} {row['technology']} {told}"


def _predicted_line(rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Say what a prediction gives 4G and newer, and older generations of operators that have nothing newer."""
    newest = {row["operator"] for row in rows if row["technology"] in ("4G", "5G")}
    told = []
    for row in rows:
        served = row["technology"] in ("4G", "5G")
        if not served and row["operator"] in newest:
            continue
        share = number(row["share_served" if served else "share_usable"] * 100, 0, lang=lang)
        words = Text(f"{share} % terlayani", f"{share} % served") if served else Text(f"{share} % bersinyal", f"{share} % with signal")  # fmt: skip
        told.append(f"{word('operator', row['operator'], lang)} {row['technology']} {words.of(lang)}")
    source = source_text(rows[0]["source"], lang)
    return f"{'; '.join(told)}. {Text('Sumber', 'Source').of(lang)}: {source}"


def _site_line(site: Mapping[str, Any] | None, lang: Lang) -> str:
    if site is None:
        return "–"
    name = site["site_name"] or site["site_id"]
    owner = f", {site['owner']}" if site["owner"] else ""
    return f"{name}{owner}, {number(site['distance_km'], 1, lang=lang)} km"

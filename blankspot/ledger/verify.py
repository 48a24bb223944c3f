"""Whether readings taken after the handling prove it: the rule, and the event that records what they show.

A handled case is verified when its desa, judged by nothing but readings taken after the handling, is measured as served, or as weak with
so large a share of served cells that the interval itself rules out a blankspot (`verification.served_lower_min_pct`). It is flagged
for reopening when it is measured as a blankspot; that is only ever proposed. Anything less than a measured verdict proves neither. A
case that was verified before is looked at again with the readings since, and only flagged if they contradict it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from blankspot.ledger.events import Event
from blankspot.ledger.workflow import DONE
from blankspot.words import LABELS, Lang, Text, date_text, number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from blankspot.ledger.fold import Case, State
    from blankspot.settings import Settings

Outcome = Literal["verified", "failed", "inconclusive", "unmeasured"]
OUTCOMES: Final[dict[str, Text]] = {
    "verified": Text("Terbukti", "Proven"),
    "failed": Text("Terukur blankspot lagi", "Measured as blankspot again"),
    "inconclusive": Text("Belum terbukti", "Not proven yet"),
    "unmeasured": Text("Belum diukur sejak ditangani", "Not measured since it was handled"),
}
_SHARES: Final = ("share_served", "share_low", "share_high")
_SOURCES_SHOWN: Final = 3
_WHY: Final = {
    "served": Text("Terlayani menurut pengukuran sesudah penanganan.", "Served by the readings since the handling."),
    "better": Text(
        "Lebih baik dari blankspot: batas bawah bagian terlayani {low} % di atas {least} %.",
        "Better than blankspot: the lower bound of the served share, {low} %, is above {least} %.",
    ),
    "none": Text(
        "Blankspot menurut pengukuran sesudah penanganan; usulkan dibuka kembali dengan --reopen.",
        "Blankspot by the readings since the handling; reopen it with --reopen.",
    ),
    "weak": Text(
        "Lemah: batas bawah bagian terlayani {low} %, perlu di atas {least} %.",
        "Weak: the lower bound of the served share is {low} %, above {least} % is needed.",
    ),
    "few": Text(
        "Ukuran belum cukup: {readings} titik ukur di {cells} sel (perlu {readings_min} di {cells_min}).",
        "Too few readings: {readings} in {cells} cells ({readings_min} in {cells_min} are needed).",
    ),
    "wide": Text("Selangnya terlalu lebar untuk diputuskan.", "The interval is too wide to decide."),
    "unmeasured": Text("Tidak ada titik ukur sesudahnya yang berlaku.", "There is no valid reading since."),
}
_REOPENED: Final = Text("Terukur blankspot sesudah ditangani", "Measured as blankspot after it was handled")


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What the readings since its handling say about one case.

    Attributes:
        case: Where the case stands.
        outcome: One of `OUTCOMES`.
        why: One sentence for people.
        signal_class: Class by these readings alone; "" where there are none.
        shares: share_served, share_low, share_high (0–1, NaN where not known) and, as counts, n_measurements and n_cells.
        latest_on: Day of the latest reading used.
        verdict: Class, share with its interval, readings, cells, day and profile, as the event says them.
        event: What to record: `verified_after`, or `reopened` where it failed; None otherwise.
    """

    case: Case
    outcome: Outcome
    why: Text
    signal_class: str = ""
    shares: Mapping[str, float] | None = None
    latest_on: dt.date | None = None
    verdict: str = ""
    event: Event | None = None


def cases_to_verify(state: State) -> list[Case]:
    """Return the handled cases of mobile coverage, by case_id; those in conflict wait until that is settled."""
    return [
        case
        for case_id, case in sorted(state.cases.items())
        if case.stage in DONE and case.service == "mobile" and case_id not in state.branches
    ]


def judge_case(
    case: Case, verdict: Mapping[Any, Any] | None, *, sources: Sequence[str], settings: Settings
) -> Verification | None:
    """Judge one case by the verdict that readings since its last move give.

    Args:
        case: A handled or verified case.
        verdict: Its desa's row of `schema.TABLES["verdicts"]`; None where it has no such reading.
        sources: Files that the readings came from.
        settings: The rule, the profile that is named, and the language of what is recorded.

    Returns:
        The verification; None where a case that is verified already is not contradicted.
    """
    if verdict is None or not verdict["n_measurements"]:
        silent = Verification(case=case, outcome="unmeasured", why=_WHY["unmeasured"])
        return silent if case.stage == "handled" else None
    outcome, why = _outcome(verdict, settings)
    if case.stage != "handled" and outcome != "failed":
        return None
    latest = pd.Timestamp(verdict["latest_measurement"]).tz_convert(settings.zone).date()
    text = verdict_text(verdict, latest, settings)
    return Verification(
        case=case,
        outcome=outcome,
        why=why,
        signal_class=str(verdict["signal_class"]),
        shares={name: float(verdict[name]) for name in (*_SHARES, "n_measurements", "n_cells")},
        latest_on=latest,
        verdict=text,
        event=_event(case, outcome, verdict, latest, text, sources, settings.language),
    )


def verdict_text(verdict: Mapping[Any, Any], latest: dt.date, settings: Settings) -> str:
    """Write a verdict as an event keeps it: class, share with interval, readings, cells, latest day, profile."""
    base = {"population": Text("penduduk", "of people"), "area": Text("wilayah", "of the area")}
    lang = settings.language
    share, low, high = (_percent(verdict[name], lang) for name in _SHARES)
    name = LABELS["signal_class"][str(verdict["signal_class"])].of(lang)
    readings, cells = number(verdict["n_measurements"], lang=lang), number(verdict["n_cells"], lang=lang)
    told = Text(
        f"{name}: {share} % {base[verdict['weight_kind']].id} terlayani 4G (selang {low}–{high} %), {readings} titik ukur di "
        f"{cells} sel, terakhir {date_text(latest)}; profil {settings.profile_label}",
        f"{name}: {share} % {base[verdict['weight_kind']].en} served by 4G (interval {low}–{high} %), {readings} readings in "
        f"{cells} cells, latest {date_text(latest, lang='en')}; profile {settings.profile_label}",
    )
    return told.of(lang)


def _outcome(verdict: Mapping[Any, Any], settings: Settings) -> tuple[Outcome, Text]:
    """Return what a verdict proves, and why."""
    least = settings.verification.served_lower_min_pct
    found, low = str(verdict["signal_class"]), float(verdict["share_low"]) * 100
    if verdict["confidence"] != "measured" or found == "unknown":
        enough = settings.evidence
        few = verdict["n_measurements"] < enough.readings_min or verdict["n_cells"] < enough.cells_min
        told = _WHY["few" if few else "wide"].fill(
            readings=verdict["n_measurements"],
            cells=verdict["n_cells"],
            readings_min=enough.readings_min,
            cells_min=enough.cells_min,
        )
        return "inconclusive", told
    if found == "none":
        return "failed", _WHY["none"]
    if found == "served":
        return "verified", _WHY["served"]
    key = "better" if low > least else "weak"
    shown = Text(
        *(_WHY[key].of(lang).format(low=number(low, 1, lang=lang), least=f"{least:g}") for lang in ("id", "en"))
    )
    return ("verified" if key == "better" else "inconclusive"), shown


def _event(
    case: Case,
    outcome: Outcome,
    verdict: Mapping[Any, Any],
    latest: dt.date,
    text: str,
    sources: Sequence[str],
    lang: Lang,
) -> Event | None:
    if outcome not in ("verified", "failed"):
        return None
    readings, cells = number(verdict["n_measurements"], lang=lang), number(verdict["n_cells"], lang=lang)
    evidence = Text(
        f"Pengukuran sesudah penanganan sampai {date_text(latest)}: {readings} titik ukur di {cells} sel",
        f"Readings since the handling up to {date_text(latest, lang='en')}: {readings} in {cells} cells",
    )
    fields = {
        "signal_class": str(verdict["signal_class"]),
        "verdict": text,
        "evidence": evidence.of(lang),
        "document": _listed(sources, lang),
        "reason": f"{_REOPENED.of(lang)}: {text}" if outcome == "failed" else "",
    }
    return Event(
        kind="verified_after" if outcome == "verified" else "reopened",
        village_code=case.village_code,
        case_id=case.case_id,
        happened_on=latest,
        fields=fields,
    )


def _listed(sources: Sequence[str], lang: Lang) -> str:
    shown = "; ".join(sources[:_SOURCES_SHOWN])
    more = len(sources) - _SOURCES_SHOWN
    return shown + (Text(f"; dan {more} lagi", f"; and {more} more").of(lang) if more > 0 else "")


def _percent(share: object, lang: Lang) -> str:
    return "–" if pd.isna(share) else number(float(share) * 100, 1, lang=lang)  # type: ignore[call-overload, arg-type]

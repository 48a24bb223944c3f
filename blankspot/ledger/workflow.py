"""The workflow of a case: which stage may follow which, and why a move is refused.

One table holds every legal move, so that "may this follow that?" is never decided anywhere else:

    start ─→ identified ─→ proposed ─→ verified ─→ approved ─→ assigned ─→ construction ─→ on_air ─→ handled ─→ verified_after
      └──────────────────────↑             ├─→ rejected              └──────────┴─→ on_air / handled directly
                                           └─→ deferred ─→ approved | rejected

- A case starts when somebody notices it (`identified`) or asks for it (`proposed`).
- Nothing is handled without a decision: between `verified` and `assigned` there is no way around `approved`.
- Construction steps are the only ones that may be passed over without saying so: a VSAT is not built, and an existing
  tower that is switched to 4G is handled the day it is assigned.
- Everything that was decided or built can be `reopened`; a reopened case is judged afresh, from `proposed` or `verified` on.
- A list that an office kept before it had this ledger often has no dates for the stages in between. An event that says so
  itself (its field `skips` is true) may jump forward along the main line. The statement stays in the ledger for everyone
  to see. It never reaches backwards, and never past `rejected` or out of a finished case without `reopened`.

Beside the moves stand events that change no stage: money, notes, letters, indicators, the rule of a target list, and what
puts the record itself right, corrections and the settling of conflicts.
"""

from __future__ import annotations

from typing import Final

from blankspot.words import LABELS, Lang, Text

STAGES: Final = tuple(LABELS["stage"])
TARGET: Final = "target"
TARGET_REMOVED: Final = "target_removed"
TARGET_KINDS: Final = (TARGET, TARGET_REMOVED)
TARGET_RULE: Final = "target_rule"
BESIDE_KINDS: Final = (
    TARGET_RULE, "indicator", "figure", "money", "note", "note_closed", "letter", "correction", "settled",
)  # fmt: skip
KINDS: Final = (*TARGET_KINDS, *STAGES, *BESIDE_KINDS)
DONE: Final = frozenset({"handled", "verified_after"})

NEXT: Final[dict[str | None, tuple[str, ...]]] = {
    None: ("identified", "proposed"),
    "identified": ("proposed",),
    "proposed": ("verified",),
    "verified": ("approved", "rejected", "deferred"),
    "approved": ("assigned", "reopened"),
    "rejected": ("reopened",),
    "deferred": ("approved", "rejected", "reopened"),
    "assigned": ("construction", "on_air", "handled", "reopened"),
    "construction": ("on_air", "handled", "reopened"),
    "on_air": ("handled", "reopened"),
    "handled": ("verified_after", "reopened"),
    "verified_after": ("reopened",),
    "reopened": ("proposed", "verified"),
}
_MAIN_LINE: Final = (
    "identified", "proposed", "verified", "approved", "assigned", "construction", "on_air", "handled", "verified_after",
)  # fmt: skip
_SIDE_STEPS: Final = {"rejected": "approved", "deferred": "approved"}
_JUMP_FROM: Final[dict[str | None, int]] = {
    None: -1,
    "reopened": _MAIN_LINE.index("identified"),
    "deferred": _MAIN_LINE.index("verified"),
    **{stage: place for place, stage in enumerate(_MAIN_LINE) if stage not in DONE},
}
_RANK: Final = {kind: rank for rank, kind in enumerate(KINDS)}
KIND_LABELS: Final[dict[str, Text]] = {
    TARGET: Text("Masuk daftar target", "Put on the target list"),
    TARGET_REMOVED: Text("Keluar dari daftar target", "Taken off the target list"),
    **LABELS["stage"],
    TARGET_RULE: Text("Aturan daftar target", "Rule of the target list"),
    "indicator": Text("Indikator", "Indicator"),
    "figure": Text("Angka indikator", "Figure of an indicator"),
    "money": Text("Realisasi keuangan", "Money realised"),
    "note": Text("Catatan", "Note"),
    "note_closed": Text("Catatan selesai", "Note closed"),
    "letter": Text("Surat", "Letter"),
    "correction": Text("Pembetulan", "Correction"),
    "settled": Text("Penyelesaian perbedaan", "Conflict settled"),
}


def rank(kind: str) -> int:
    """Return the place of a kind of event in the order of the work; it orders what happened on one day."""
    return _RANK[kind]


def may_follow(stage: str | None, move: str, *, skips: bool = False) -> bool:
    """Tell whether a case in `stage` (None: not begun) may make `move`.

    Args:
        stage: The stage the case is in.
        move: The stage it is to reach.
        skips: The event itself says that stages in between passed without being recorded.
    """
    if move in NEXT[stage]:
        return True
    if not skips or stage not in _JUMP_FROM:
        return False
    landing = _SIDE_STEPS.get(move, move)
    return landing in _MAIN_LINE and _MAIN_LINE.index(landing) > _JUMP_FROM[stage]


def may_precede(move: str) -> tuple[str | None, ...]:
    """Return the stages from which `move` is legal without skipping; None stands for a case that has not begun."""
    return tuple(stage for stage, following in NEXT.items() if move in following)


def stage_name(stage: str | None, lang: Lang) -> str:
    """Return the reader's word for a stage, quoted; a case that has not begun has one too."""
    if stage is None:
        return "belum dimulai" if lang == "id" else "not begun"
    return f"'{KIND_LABELS[stage].of(lang)}'"


def stage_names(stages: tuple[str | None, ...], lang: Lang) -> str:
    """Return several stages as a reader lists them."""
    return (" atau " if lang == "id" else " or ").join(stage_name(stage, lang) for stage in stages)

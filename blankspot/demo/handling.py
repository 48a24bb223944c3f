"""Two years of handling: target lists, moves from stage to stage, and what was built where.

For 2022 the list names 60 desa, of which 43 are handled on 26 December 2022: the report that the whole program is about.
A world of fewer than 60 desa keeps the proportions: a list of 60 in 280, and 43 handled in 60 (rounded).
The rest waits, was put off, refused, is under construction, or was handled and reopened.

An internet point never ends a cellular blankspot, so handling by fibre, VSAT or satellite concerns villages that are on no
list, and is told apart by its kind.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from blankspot.demo.fields import stream

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints

AS_OF: Final = dt.date(2022, 12, 26)
YEAR: Final = 2022
TARGETS: Final = 60
HANDLED: Final = 43
_USUAL_VILLAGES: Final = 280
_EARLIER: Final = 0.55  # the list of 2021 against that of 2022
_PUT_OFF: Final = 0.12  # of the handled, before they were approved
_CARRIED: Final = 0.27  # of the list of 2021 that goes on in 2022
_CHAIN: Final = (
    "identified", "proposed", "verified", "approved", "assigned", "construction", "on_air", "handled", "verified_after",
)  # fmt: skip
_OPEN: Final = (
    "deferred", "construction", "rejected", "assigned", "reopened", "deferred", "construction", "approved", "verified",
    "deferred", "construction", "rejected", "reopened", "proposed", "assigned", "deferred", "construction",
)  # fmt: skip
_MOBILE: Final = (
    ("Telkomsel", "bts", "komersial", 1650e6, "telkomsel"),
    ("BAKTI", "bts", "uso_bakti", 2450e6, "telkomsel"),
    ("Indosat Ooredoo Hutchison", "bts", "komersial", 1500e6, "indosat"),
    ("XL Axiata", "ran_sharing", "komersial", 420e6, "xl"),
    ("Telkom", "bts", "csr", 1300e6, "telkomsel"),
    ("Diskominfo Kabupaten Arunika", "repeater", "apbd_kab", 185e6, "telkomsel"),
    ("Pemerintah Desa", "repeater", "dana_desa", 95e6, "telkomsel"),
    ("Smartfren", "ran_sharing", "komersial", 380e6, "smartfren"),
)
_MOBILE_WEIGHTS: Final = (0.27, 0.2, 0.13, 0.1, 0.1, 0.1, 0.06, 0.04)
_INTERNET: Final = (
    ("Telkom", "fiber_wifi", "did", 120e6),
    ("BAKTI", "vsat", "uso_bakti", 240e6),
    ("Diskominfo Kabupaten Arunika", "fiber_wifi", "apbd_prov", 90e6),
    ("Politeknik Arunika", "leo", "csr", 60e6),
    ("Pemerintah Desa", "vsat", "add", 75e6),
)
_REASONS: Final = {
    "deferred": (
        "Menunggu alokasi anggaran perubahan",
        "Lahan belum bebas",
        "Akses jalan belum dapat dilalui alat berat",
    ),
    "rejected": ("Jumlah penduduk tidak memenuhi syarat kelayakan", "Lokasi di dalam kawasan hutan lindung"),
    "reopened": ("Perangkat padam sejak longsor", "Warga melaporkan sinyal hilang kembali"),
}
_DECREES: Final = {2021: "SK Bupati 555/Kep.104-Diskominfo/2021", 2022: "SK Bupati 555/Kep.018-Diskominfo/2022"}
_LISTED_ON: Final = {2021: dt.date(2021, 2, 8), 2022: dt.date(2022, 1, 17)}
COLUMNS: Final = (
    "happened_on", "village_code", "case_id", "event", "year", "partner", "intervention_type", "funding_source", "budget_rp", "evidence",
    "document", "reason", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """Something that was built: the village's number, kind and operator, since when it is on air, and whether it still is."""

    village: int
    kind: str
    operator: str
    on_air: dt.date
    verified_on: dt.date | None


@dataclass(frozen=True)
class History:
    """Two years of handling.

    Attributes:
        moves: Columns `COLUMNS` as texts, but `village` (its number) and `service` ("mobile" or "internet") in place of
            village_code and case_id; in order of time.
        projects: What was built for mobile coverage and is on air.
        targets: Villages on the list of 2022.
        open: Those of them that are not handled.
    """

    moves: pd.DataFrame
    projects: list[Project]
    targets: list[int]
    open: list[int]


def target_counts(villages: int) -> tuple[int, int]:
    """Return how many villages the list of 2022 names and how many of them are handled on 26 December 2022."""
    if villages >= TARGETS:
        return TARGETS, HANDLED
    targets = max(1, round(villages * TARGETS / _USUAL_VILLAGES))
    return targets, round(targets * HANDLED / TARGETS)


def tell_history(seed: int, need: Floats, people: Floats, nearness: Floats) -> History:
    """Invent the two years.

    Args:
        seed: Seed of the world.
        need: How much each village lacks signal, 0 to 1; lists are drawn from the top, with some errors.
        people: Residents per village.
        nearness: Which villages a program goes to together, deviation 1 and alike among neighbours; the rest stays untouched.
    """
    rng = stream(seed, "handling")
    targets, handled = target_counts(len(need))
    merit = need + 0.22 * nearness + 0.06 * rng.standard_normal(len(need)) + 0.05 * np.log(people / people.mean())
    ranked = np.argsort(-merit, kind="stable")
    carried = min(round(_CARRIED * _EARLIER * targets), targets - handled)
    earlier = min(round(_EARLIER * targets), len(need) - targets + carried)
    done_earlier = ranked[: earlier - carried]
    listed = ranked[earlier - carried : earlier - carried + targets]
    listed = rng.permutation(listed)
    teller = _Teller(rng)
    for village in rng.permutation(done_earlier).tolist():
        teller.handle(village, 2021, dt.date(2020, 11, 2), dt.date(2021, 5, 3), dt.date(2021, 12, 17))
    waiting = listed[handled:]
    for order, village in enumerate(listed[:handled].tolist()):
        teller.handle_this_year(village, order, handled)
    for order, village in enumerate(waiting.tolist()):
        teller.leave_open(village, _OPEN[order % len(_OPEN)], late=order >= carried)
    others = np.setdiff1d(ranked[earlier - carried + targets :][: max(2, targets // 2)], listed)
    if others.size:
        teller.strike(int(others[0]))
    for village in rng.permutation(others[1:])[: targets // 4].tolist():
        teller.connect(village)
    return History(teller.told(), teller.projects, listed.tolist(), waiting.tolist())


class _Teller:
    """Writes moves down; each public method tells one village's story."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.rows: list[dict[str, object]] = []
        self.projects: list[Project] = []

    def told(self) -> pd.DataFrame:
        """Return all moves in order of time."""
        return pd.DataFrame(self.rows).sort_values("happened_on", kind="stable", ignore_index=True)

    def handle(self, village: int, year: int, start: dt.date, soonest: dt.date, latest: dt.date) -> None:
        """Tell a case that was handled between two days; half of those with time left are verified afterwards."""
        self._list(village, year)
        done = self._between(soonest, latest)
        offer = self._offer()
        verify = done + dt.timedelta(days=int(self.rng.integers(20, 60)))
        verified = self.rng.random() < 0.5 and verify <= dt.date(year, 12, 20)  # noqa: PLR2004 - every other
        days = [*self._days(start, done, len(_CHAIN) - 1), *([verify] if verified else [])]
        put_off = self.rng.random() < _PUT_OFF
        for stage, day in zip(_CHAIN, days, strict=False):
            if stage == "approved" and put_off:
                self._write(village, year, "deferred", days[2] + (day - days[2]) // 2)
            self._write(village, year, stage, day, offer)
        self.projects.append(Project(village, offer[1], offer[4], days[6], verify if verified else None))

    def handle_this_year(self, village: int, order: int, handled: int) -> None:
        """Tell one of the handled of 2022; the last two on the very day, one in fifteen after it was reopened once."""
        if order >= handled - 2:
            self.handle(village, YEAR, dt.date(2021, 11, 1), AS_OF, AS_OF)
        elif order % 15 == 7:  # noqa: PLR2004 - one in fifteen
            self._handle_twice(village)
        else:
            self.handle(village, YEAR, dt.date(2021, 9, 6), dt.date(2022, 4, 18), dt.date(2022, 12, 20))

    def leave_open(self, village: int, stage: str, *, late: bool) -> None:
        """Tell a case of 2022 that is not handled; those carried over have been on the list of 2021."""
        if not late:
            self._list(village, 2021)
        self._list(village, YEAR)
        start = dt.date(2021, 10, 4) if late else dt.date(2021, 1, 11)
        offer = self._offer()
        before = {"deferred": "verified", "rejected": "verified", "reopened": "handled"}.get(stage, stage)
        chain = _CHAIN[: _CHAIN.index(before) + 1]
        days = self._days(start, self._between(dt.date(2022, 6, 1), dt.date(2022, 10, 14)), len(chain))
        for step, day in zip(chain, days, strict=True):
            self._write(village, YEAR, step, day, offer)
        if stage != before:
            self._write(village, YEAR, stage, days[-1] + dt.timedelta(days=int(self.rng.integers(12, 65))), offer)

    def strike(self, village: int) -> None:
        """Tell a village that was listed for 2022 by mistake and taken off."""
        self._list(village, YEAR)
        self._row(
            village, YEAR, "target_removed", dt.date(2022, 6, 20),
            document="BA Forum Blankspot 2022-06", reason="Hasil uji lapangan: sudah terlayani 4G",
        )  # fmt: skip

    def connect(self, village: int) -> None:
        """Tell a village without signal that got an internet point."""
        partner, kind, fund, price = _INTERNET[int(self.rng.integers(len(_INTERNET)))]
        offer = (partner, kind, fund, price, "")
        days = self._days(
            dt.date(2021, 3, 1), self._between(dt.date(2021, 9, 1), dt.date(2022, 11, 25)), len(_CHAIN) - 1
        )
        for stage, day in zip(_CHAIN, days, strict=False):
            self._write(village, day.year, stage, day, offer, service="internet")

    def _handle_twice(self, village: int) -> None:
        self._list(village, YEAR)
        offer = self._offer()
        first = self._days(
            dt.date(2021, 9, 6), self._between(dt.date(2022, 3, 14), dt.date(2022, 5, 20)), len(_CHAIN) - 1
        )
        for stage, day in zip(_CHAIN, first, strict=False):
            self._write(village, YEAR, stage, day, offer)
        fail = first[-1] + dt.timedelta(days=int(self.rng.integers(30, 60)))
        self._write(village, YEAR, "reopened", fail, offer)
        again = self._days(fail + dt.timedelta(days=3), self._between(dt.date(2022, 9, 5), dt.date(2022, 12, 9)), 6)
        for stage, day in zip(
            ("verified", "approved", "assigned", "construction", "on_air", "handled"), again, strict=True
        ):
            self._write(village, YEAR, stage, day, offer)
        self.projects.append(Project(village, offer[1], offer[4], again[4], None))

    def _list(self, village: int, year: int) -> None:
        self._row(village, year, "target", _LISTED_ON[year], document=_DECREES[year])

    def _offer(self) -> tuple[str, str, str, float, str]:
        return _MOBILE[int(self.rng.choice(len(_MOBILE), p=_MOBILE_WEIGHTS))]

    def _write(
        self,
        village: int,
        year: int,
        stage: str,
        day: dt.date,
        offer: tuple[str, str, str, float, str] | None = None,
        *,
        service: str = "mobile",
    ) -> None:
        """Write one move; who builds and for how much is known from the assignment on."""
        number = f"{len(self.rows) + 1:04d}"
        known = offer is not None and stage in (
            "assigned",
            "construction",
            "on_air",
            "handled",
            "verified_after",
            "reopened",
        )
        partner, kind, fund, price, _ = offer or ("", "", "", 0.0, "")
        fields: dict[str, object] = {"service": service}
        if known:
            fields |= {"partner": partner, "intervention_type": kind, "funding_source": fund}
        if stage == "assigned":
            fields["budget_rp"] = str(round(price * float(self.rng.uniform(0.85, 1.15)) / 1e6) * 1_000_000)
            fields["document"] = f"PKS-{day.year}-{number}"
        if stage in ("handled", "verified_after"):
            fields["evidence"] = (
                f"BA-UjiSinyal-{day.year}-{number}" if stage == "handled" else f"UkurUlang-{day.year}-{number}"
            )
        if stage in ("approved", "verified"):
            fields["document"] = (
                f"BA-Forum-{day.year}-{day.month:02d}" if stage == "approved" else f"BA-Verifikasi-{day.year}-{number}"
            )
        if stage in _REASONS:
            fields["reason"] = str(self.rng.choice(_REASONS[stage]))
        self._row(village, year, stage, day, **fields)

    def _row(self, village: int, year: int, event: str, day: dt.date, **fields: object) -> None:
        blank = dict.fromkeys(("service", *COLUMNS), "") | {"service": "mobile"}
        del blank["village_code"], blank["case_id"]
        told = {"happened_on": day.isoformat(), "event": event, "year": str(year)}
        self.rows.append({"village": village} | blank | told | fields)

    def _between(self, first: dt.date, last: dt.date) -> dt.date:
        return first + dt.timedelta(days=int(self.rng.integers((last - first).days + 1)))

    def _days(self, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
        """Return `count` days, each later than the one before, the last one given; the last stages crowd at the end."""
        span = (last - first).days
        cuts = (
            np.sort(self.rng.choice(np.arange(1, span), size=count - 1, replace=False))
            if count > 1
            else np.empty(0, int)
        )
        days = [first + dt.timedelta(days=int(cut)) for cut in cuts] + [last]
        if any(a >= b for a, b in pairwise(days)):
            raise AssertionError(days)  # drawn without replacement
        return days


def handled_count(moves: pd.DataFrame, villages: Ints | list[int]) -> int:
    """Return how many of the villages end as handled or verified, counted in the plainest way."""
    last = moves[~moves["event"].isin(["target", "target_removed"])].groupby("village")["event"].last()
    return int(last.reindex(list(villages)).isin(["handled", "verified_after"]).sum())

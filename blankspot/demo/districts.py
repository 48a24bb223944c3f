"""Kecamatan and codes: neighbouring villages around a capital, numbered from north to south.

Every kecamatan hangs together over its villages' borders. Around the town lie a few kelurahan (1xxx); the rest are desa
(2xxx), and in a large world one far-off village is a desa adat (3xxx), so that all three kinds occur.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from blankspot.demo.fields import Floats, Ints
    from blankspot.demo.settle import Ground, Places

REGENCY_CODE: Final = "99.01"
_VILLAGES_PER_DISTRICT: Final = 9.3
_DISTRICTS_MAX: Final = 60
_ROUNDS: Final = 4
_TOWN_SHARE: Final = 0.03
_ADAT_MIN: Final = 30
_BPS_NUMBERS: Final = 880  # below 888 and 999, which mark lakes and forests in the numbering of BPS
_FIRST: Final = {"kelurahan": 1001, "desa": 2001, "desa_adat": 3001}


def border_pairs(region: Ints) -> Ints:
    """Return the pairs of villages that share a border, shape (m, 2)."""
    a = np.concatenate([region[:, :-1].ravel(), region[:-1].ravel()])
    b = np.concatenate([region[:, 1:].ravel(), region[1:].ravel()])
    meet = (a != b) & (a >= 0) & (b >= 0)
    pairs = np.sort(np.column_stack([a[meet], b[meet]]), axis=1)
    return np.unique(pairs, axis=0)


def group_villages(ground: Ground, places: Places, region: Ints) -> tuple[Ints, Ints]:
    """Return the kecamatan (0, 1, …) of each village and the capital village of each kecamatan; number 0 is the town's."""
    count = places.count
    wanted = int(np.clip(round(count / _VILLAGES_PER_DISTRICT), 1, _DISTRICTS_MAX))
    position = np.column_stack(np.unravel_index(places.seeds[:count], ground.cells.shape)).astype(float)
    around: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for a, b in border_pairs(region).tolist():
        apart = float(np.hypot(*(position[a] - position[b])))
        around[a].append((b, apart))
        around[b].append((a, apart))
    capitals = [0]
    far = np.full(count, np.inf)
    while len(capitals) < wanted:
        far = np.minimum(far, np.hypot(*(position - position[capitals[-1]]).T))
        capitals.append(int(np.argmax(far)))
    for _ in range(_ROUNDS):
        district = _nearest(around, capitals)
        capitals = [0, *(_middle(position, np.flatnonzero(district == number)) for number in range(1, wanted))]
    return _nearest(around, capitals), np.array(capitals)


def _nearest(around: list[list[tuple[int, float]]], capitals: list[int]) -> Ints:
    best = np.full(len(around), np.inf)
    district = np.zeros(len(around), dtype=np.intp)
    queue = []
    for number, capital in enumerate(capitals):
        best[capital], district[capital] = 0.0, number
        queue.append((0.0, capital))
    heapq.heapify(queue)
    while queue:
        spent, village = heapq.heappop(queue)
        if spent > best[village]:
            continue
        for there, apart in around[village]:
            if spent + apart < best[there]:
                best[there], district[there] = spent + apart, district[village]
                heapq.heappush(queue, (spent + apart, there))
    return district


def _middle(position: Floats, members: Ints) -> int:
    spread = np.hypot(*(position[members][:, None] - position[members][None]).transpose(2, 0, 1)).sum(axis=1)
    return int(members[np.argmin(spread)])


def village_kinds(rng: np.random.Generator, people: Floats, district: Ints, away: Floats) -> list[str]:
    """Return desa, kelurahan or desa_adat for each village.

    Args:
        rng: Chooses the desa adat.
        people: Residents.
        district: Kecamatan of each village.
        away: Distance from the town in metres.
    """
    count = len(people)
    kinds = np.full(count, "desa", dtype=object)
    central = np.flatnonzero(district == 0)
    urban = central[np.argsort(away[central], kind="stable")][: max(1, round(_TOWN_SHARE * count))]
    kinds[urban] = "kelurahan"
    if count >= _ADAT_MIN:
        remote = np.flatnonzero((away > np.quantile(away, 0.75)) & (people < np.median(people)))
        if remote.size:
            kinds[int(rng.choice(remote))] = "desa_adat"
    return [str(kind) for kind in kinds]


def village_codes(position: Floats, district: Ints, capitals: Ints, kinds: list[str]) -> tuple[list[str], list[str]]:
    """Return the code of each kecamatan and of each village.

    Args:
        position: Row and column of each village, shape (n, 2).
        district: Kecamatan of each village.
        capitals: Capital village of each kecamatan.
        kinds: desa, kelurahan or desa_adat of each village.
    """
    order = np.lexsort((position[capitals, 1], position[capitals, 0] // 40))
    districts = np.empty(len(capitals), dtype=object)
    for number, which in enumerate(order, start=1):
        districts[which] = f"{REGENCY_CODE}.{number:02d}"
    used: dict[tuple[int, str], int] = {}
    codes = np.empty(len(kinds), dtype=object)
    for village in np.lexsort((position[:, 1], position[:, 0], district)).tolist():
        key = (int(district[village]), kinds[village])
        number = used.get(key, _FIRST[kinds[village]])
        used[key] = number + 1
        codes[village] = f"{districts[district[village]]}.{number}"
    return [str(code) for code in districts], [str(code) for code in codes]


def bps_codes(codes: list[str]) -> list[str]:
    """Return an invented number of ten digits for each village code: kecamatan, then a running number."""
    order = {code: rank for rank, code in enumerate(sorted(codes))}
    return [f"99010{code[6:8]}{order[code] % _BPS_NUMBERS + 1:03d}" for code in codes]

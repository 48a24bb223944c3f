"""Several processes that write one ledger at the same time: `python writers.py ADDRESS WRITERS APPENDS [ORIGIN …]`.

The parent imports everything once and forks, so that the writers meet each other at once. Each writer records its own events
one by one and, at every tenth, also tries to record one that all of them have in common. Prints a JSON object: how long it
took, the longest that one append had to wait, and what went wrong.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from threading import BrokenBarrierError

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from stories import clock, event

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger

SHARED_EVERY = 10
START_S = 60


def write(address: str, origin: str | None, number: int, appends: int, barrier, told) -> None:
    longest, faults = 0.0, []
    try:
        longest = _write(address, origin, number, appends, barrier, faults)
    except BaseException as error:  # noqa: BLE001 - told to the parent, which waits for every writer
        faults.append(repr(error))
        barrier.abort()
    told.put({"longest": longest, "faults": faults})


def _write(address: str, origin: str | None, number: int, appends: int, barrier, faults: list[str]) -> float:
    longest = 0.0
    with Ledger.open(address, origin=origin, clock=clock) as ledger:
        barrier.wait(START_S)
        for turn in range(appends):
            batch = [event("identified", village=village(10 + number, turn))]
            if turn % SHARED_EVERY == 0:
                batch.append(event("identified", village=village(50, turn)))
            start = time.perf_counter()
            try:
                ledger.append(batch)
            except LedgerError as error:
                faults.append(str(error))
            longest = max(longest, time.perf_counter() - start)
    return longest


def village(regency: int, turn: int) -> str:
    return f"32.{regency}.{turn // 900 + 1:02d}.2{turn % 900 + 1:03d}"


def main(address: str, writers: str, appends: str, *origins: str) -> None:
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(int(writers) + 1), context.SimpleQueue()
    named = islice(cycle(origins or [None]), int(writers))
    children = [
        context.Process(target=write, args=(address, origin, number, int(appends), barrier, told))
        for number, origin in enumerate(named)
    ]
    for child in children:
        child.start()
    with contextlib.suppress(BrokenBarrierError):
        barrier.wait(START_S)
    start = time.perf_counter()
    reports = [told.get() for _ in children]
    seconds = time.perf_counter() - start
    for child in children:
        child.join()
    faults = [fault for report in reports for fault in report["faults"]]
    print(json.dumps({"seconds": seconds, "longest": max(one["longest"] for one in reports), "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])

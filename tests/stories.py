"""Stories of handling for the ledger's tests: what happened to a village, step by step, and Hypothesis strategies for any story."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import strategies as st

from blankspot.ledger import Event
from blankspot.ledger.workflow import STAGES, TARGET_KINDS

VILLAGE = "32.04.05.2001"
VILLAGES = (VILLAGE, "32.04.05.2002", "32.04.06.2001")
MAIN_LINE = (
    "identified", "proposed", "verified", "approved", "assigned", "construction", "on_air", "handled", "verified_after",
)  # fmt: skip
NOW = dt.datetime(2022, 12, 31, 3, 0, tzinfo=dt.UTC)
HOSTILE = '</script><b>=HYPERLINK("x")\'; DROP TABLE events; -- ${x} `\\ \u202e🛰 \x00'


def clock() -> dt.datetime:
    """Return the last day of 2022, which is the present in these tests."""
    return NOW


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        """Return what it is set to."""
        return self.now


def day(number: int) -> dt.date:
    """Return a day of 2022 by its number, 0 to 364."""
    return dt.date(2022, 1, 1) + dt.timedelta(days=number)


def event(kind: str, on: int = 0, village: str = VILLAGE, *, case_id: str = "", **fields: object) -> Event:
    """Return an event on a day of 2022; handling gets its evidence, a target its year, a refusal its reason."""
    needed = {
        "handled": {"evidence": "BA-1"},
        "target": {"year": 2022},
        "target_removed": {"year": 2022, "reason": "keliru"},
        "rejected": {"reason": "tidak layak"},
        "deferred": {"reason": "menunggu anggaran"},
    }.get(kind, {})
    return Event(kind=kind, village_code=village, happened_on=day(on), case_id=case_id, fields={**needed, **fields})


def story(*kinds: str, village: str = VILLAGE, start: int = 0, step: int = 10, case_id: str = "") -> list[Event]:
    """Return one event per kind, `step` days apart."""
    return [event(kind, start + step * place, village, case_id=case_id) for place, kind in enumerate(kinds)]


def handled(village: str = VILLAGE, *, start: int = 0, step: int = 10) -> list[Event]:
    """Return the whole story of a village up to its handling."""
    return story(*MAIN_LINE[:8], village=village, start=start, step=step)


def rows(*events: Event, **columns: object) -> pd.DataFrame:
    """Return events as the rows of a handling list."""
    listed = [
        {"happened_on": one.happened_on.isoformat(), "village_code": one.village_code, "event": one.kind, **one.fields}
        for one in events
    ]
    names = ["happened_on", "village_code", "event", "year", "partner", "evidence", "document", "reason", "note"]
    return pd.DataFrame(listed, columns=names).astype("str").where(lambda frame: frame != "nan").assign(**columns)


def any_event() -> st.SearchStrategy[Event]:
    """Draw any event of a few villages in a few weeks: most sequences of them are nonsense."""
    return st.builds(
        event,
        st.sampled_from([*TARGET_KINDS, *STAGES, *STAGES]),
        st.integers(0, 20),
        st.sampled_from(VILLAGES[:2]),
        document=st.sampled_from(["", "SK-1", "SK-2"]),
    )


def likely_events() -> st.SearchStrategy[list[Event]]:
    """Draw events of which many follow each other legally: main lines with repetitions, gaps and strangers."""
    line = st.builds(
        lambda village, upto, start, step: story(*MAIN_LINE[:upto], village=village, start=start, step=step),
        st.sampled_from(VILLAGES),
        st.integers(1, 9),
        st.integers(0, 20),
        st.integers(0, 5),
    )
    return st.builds(
        lambda lines, strangers: [*(one for line in lines for one in line), *strangers],
        st.lists(line, max_size=2),
        st.lists(any_event(), max_size=6),
    )

"""The append-only ledger of handling: events in, state and progress as of any date out.

workflow  which stage may follow which          events    what one line of the ledger is
targets   annual target lists                   fold      events to state, and the one judgement of what may come next
frames    the state as a table                  progress  done against the list, as of a day
lists     planners' lists, unfolded to moves    imports   a list against the ledger
store     SQLite through SQLAlchemy Core        audit     the chains
book      `Ledger`, which brings them together
"""

from __future__ import annotations

from blankspot.ledger.book import Ledger
from blankspot.ledger.events import Event, Record
from blankspot.ledger.imports import ImportPlan
from blankspot.ledger.progress import Group, Progress

__all__ = ["Event", "Group", "ImportPlan", "Ledger", "Progress", "Record"]

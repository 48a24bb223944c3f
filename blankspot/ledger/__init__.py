"""The append-only ledger of handling: events in, state and progress as of any date out.

workflow   which stage may follow which          events     what one line of the ledger is
effective  corrections and settlements applied   fold       what counts, to state
judge      what may be recorded next             refusals   why not, in words
targets    annual target lists and their rules   progress   done against the list, as of a day
frames     state and registers as tables         changes    what differs between two views
partners   which names mean the same partner     imports    a list against the ledger (headings, lists)
store      the database                          audit      the chains
book       `Ledger`, which brings them together
"""

from __future__ import annotations

from blankspot.ledger.book import Ledger
from blankspot.ledger.changes import View
from blankspot.ledger.events import Event, Record
from blankspot.ledger.imports import ImportPlan
from blankspot.ledger.progress import Group, Progress

__all__ = ["Event", "Group", "ImportPlan", "Ledger", "Progress", "Record", "View"]

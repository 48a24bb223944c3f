"""`blankspot track`: the handling of desa in the append-only ledger; each command below it is a module of this package.

The commands only parse, call `blankspot.ledger` and print.
"""

from __future__ import annotations

from typing import Final

import click

from blankspot.cli import LazyGroup

COMMANDS: Final = {
    "import": "Show what a list or workbook would append to the ledger, and append it.",
    "export": "Write the handling as a workbook to edit and bring back.",
    "add": "Record one event.",
    "list": "List the cases.",
    "progress": "Say how many desa of a target list are handled.",
    "proposals": "Say which proposals are ready to submit, and which are not and why.",
    "verify": "Verify handled desa by what was measured since.",
    "letter": "Write a request, an invitation or minutes from the ledger.",
    "changes": "List what changed between two days.",
    "history": "List everything on record about a desa or another subject.",
    "correct": "Correct a record by another one that names it.",
    "merge": "Take another office's ledger in.",
    "conflicts": "List what waits for a decision after ledgers were merged.",
    "settle": "Say which of several moves in conflict stands.",
    "audit": "Check that nobody rewrote history.",
}


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="blankspot.cli.track",
    modules={"import": "import_", "list": "list_"},
    short_help="Track the handling of desa in the append-only ledger.",
)
def command() -> None:
    """Track the handling of desa: bring in lists, add events, list cases, measure progress, put the record right.

    The ledger is append-only: what is recorded is never changed or deleted, a correction is a record of its own. Moves are
    checked against the workflow

    identified, proposed, verified, approved | rejected | deferred, assigned, construction, on_air, handled, verified_after

    of which only construction and on_air may be passed over, and every decision or result can be reopened.
    """

"""`blankspot track`: the handling of desa in the append-only ledger; each command below it is a module of this package.

The commands only parse, call `blankspot.ledger` and print.
"""

from __future__ import annotations

import click

from blankspot.cli.track import (
    add,
    audit,
    changes,
    conflicts,
    correct,
    export,
    history,
    import_,
    letter,
    list_,
    progress,
    settle,
)


@click.group(
    short_help="Track the handling of desa in the append-only ledger.",
    commands={
        "import": import_.command,
        "export": export.command,
        "add": add.command,
        "list": list_.command,
        "progress": progress.command,
        "letter": letter.command,
        "history": history.command,
        "changes": changes.command,
        "correct": correct.command,
        "conflicts": conflicts.command,
        "settle": settle.command,
        "audit": audit.command,
    },
)
def command() -> None:
    """Track the handling of desa: bring in lists, add events, list cases, measure progress, put the record right.

    The ledger is append-only: what is recorded is never changed or deleted, a correction is a record of its own. Moves are checked against the workflow

    identified, proposed, verified, approved | rejected | deferred, assigned, construction, on_air, handled, verified_after

    of which only construction and on_air may be passed over, and every decision or result can be reopened.
    """

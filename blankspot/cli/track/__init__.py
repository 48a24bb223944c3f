"""`blankspot track`: the handling of desa in the append-only ledger; each command below it is a module of this package.

The commands only parse, call `blankspot.ledger` and print.
"""

from __future__ import annotations

import click

from blankspot.cli.track import add, import_, list_, progress


@click.group(
    short_help="Track the handling of desa in the append-only ledger.",
    commands={
        "import": import_.command,
        "add": add.command,
        "list": list_.command,
        "progress": progress.command,
    },
)
def command() -> None:
    """Track the handling of desa: bring in lists, add moves, list cases, measure progress.

    The ledger is append-only: what is recorded is never changed or deleted. Moves are checked against the workflow

    identified, proposed, verified, approved | rejected | deferred, assigned, construction, on_air, handled, verified_after

    of which only construction and on_air may be passed over, and every decision or result can be reopened.
    """

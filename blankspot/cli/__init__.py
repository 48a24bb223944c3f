"""The command line: parse, call, print. Each command lives in a module of its own name and is loaded when it is called."""

from __future__ import annotations


def main() -> None:
    """Run the `blankspot` command."""

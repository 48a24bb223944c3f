"""`python -m blankspot` is the same as the `blankspot` command."""

from blankspot.cli import main

main()

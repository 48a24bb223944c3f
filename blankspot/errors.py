"""The errors of blankspot: one root with a remedy and an exit code, one child per stage, each also a builtin.

A message says what, where, the value seen and what to do, in both languages: `str(error)` is English for tracebacks and
notebooks, `error.say("id")` is what the planner reads at the command line. Bad rows are never errors; they are products
(see `check`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from blankspot.words import Lang, Text


class BlankspotError(Exception):
    """The root of every error that blankspot raises on purpose.

    Args:
        what: What happened, where and with which value, in both languages.
        hint: What the reader can do about it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: Text, *, hint: Text | None = None) -> None:
        super().__init__(what.en if hint is None else f"{what.en} {hint.en}")
        self.what = what
        self.hint = hint

    def say(self, lang: Lang = "id") -> str:
        """Return the whole message, remedy included, in `lang`."""
        parts = [self.what] if self.hint is None else [self.what, self.hint]
        return " ".join(part.of(lang) for part in parts)


class UsageError(BlankspotError, ValueError):
    """An argument or a combination of arguments makes no sense."""

    exit_code = 2


class SettingsError(BlankspotError, ValueError):
    """`blankspot.toml` or a settings argument is wrong; every fault is listed at once."""

    exit_code = 2


class CodeError(BlankspotError, ValueError):
    """A text is not an administrative code, or does not say which code it is."""

    exit_code = 3


class SourceError(BlankspotError, ValueError):
    """An input file as a whole cannot be used (missing, empty, damaged, without a required column)."""

    exit_code = 3


class OutputError(BlankspotError, OSError):
    """An output cannot be written; what stood there before still stands."""

    exit_code = 3


class FetchError(BlankspotError, ConnectionError):
    """Public data cannot be had: no network, no such file, a server or a file that cannot be trusted."""

    exit_code = 3


class PortalError(BlankspotError, OSError):
    """A portal refuses what is brought to it, does not answer, or answers what is no CKAN."""

    exit_code = 3


class PlanError(BlankspotError, ValueError):
    """No plan satisfies the budget and the conditions."""

    exit_code = 4


class LedgerError(BlankspotError, RuntimeError):
    """The ledger refuses: a conflict, a forbidden move, a lock that does not open."""

    exit_code = 5

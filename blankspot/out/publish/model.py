"""What `[publication]` of `blankspot.toml` may say; apart from the rest, because reading a configuration loads nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Frequency = Literal["daily", "weekly", "monthly", "quarterly", "biannual", "annual", "irregular"]


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What `[publication]` may say; what it leaves empty comes from the office and the workspace.

    Attributes:
        title: Title of the data set.
        description: What it is; a sentence of our own if empty.
        publisher: The body that publishes.
        email: Mailbox of the office for questions, not a person's.
        url: Address of the data set or the portal; identifiers begin with it.
        licence: SPDX identifier or name.
        keywords: Further words under which it is found.
        frequency: How often it is brought up to date.
        identifier: Short name in addresses; made of the title if empty.
        known_words: Names and words that may leave although the program does not know them.
    """

    title: str = ""
    description: str = ""
    publisher: str = ""
    email: str = ""
    url: str = ""
    licence: str = "CC-BY-4.0"
    keywords: tuple[str, ...] = ()
    frequency: Frequency = "quarterly"
    identifier: str = ""
    known_words: tuple[str, ...] = ()

"""What messengers, mail programs and people do to a message on its way; used by tests of corrections."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn


def _curly(text: str) -> str:
    return text.replace("'", "\u2019").replace('"', "\u201c").replace("...", "\u2026").replace("-", "\u2013")


def _wrapped(text: str) -> str:
    return "\n".join(
        part
        for line in text.split("\n")
        for part in (textwrap.wrap(line, 40, break_long_words=False, break_on_hyphens=False) or [""])
    )


def _bold(text: str) -> str:
    return "\n".join(f"*{line.replace(': ', ':* ', 1)}" if ": " in line else line for line in text.split("\n"))


def _loud(text: str) -> str:
    return "\n".join(
        f"{head.upper()}{sign}{rest}" for head, sign, rest in (line.partition(":") for line in text.split("\n"))
    )


CHANGES: dict[str, Callable[[str], str]] = {
    "curly signs": _curly,
    "spaces that do not break": lambda text: text.replace(" ", "\u00a0"),
    "marks of direction": lambda text: "\u200e" + text.replace("\n", "\u200f\n"),
    "wrapped lines": _wrapped,
    "doubled lines": lambda text: text.replace("\n", "\n\n"),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "quoted": lambda text: "".join(f"> {line}\n" for line in text.splitlines()),
    "quoted twice": lambda text: "".join(f">> {line}\n" for line in text.splitlines()),
    "bold labels": _bold,
    "capitals": _loud,
    "wide spaces": lambda text: text.replace(" ", "  "),
    "colons apart": lambda text: "\n".join(line.replace(": ", " : ", 1) for line in text.split("\n")),
    "one line": lambda text: text.replace("\n", " ") + "\n",
}
AROUND = (
    "",
    "Assalamualaikum, mohon dicek ya pak: desa kami\n\n",
    "[26/12/22 10.15.33] ~\u00a0Budi Santoso: ",
    "26/12/2022, 10.15 - +62 812-3456-7890: ",
    "---------- Forwarded message ---------\nFrom: Siti <siti@contoh.id>\nDate: Sen, 26 Des 2022 10.15\nSubject: koreksi\n\n",
    "Diteruskan\n",
)


@st.composite
def mangled(draw: DrawFn, message: str) -> str:
    """Draw what one to three changes and something before and after make of a message."""
    drawn = draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3, unique=True))
    for name in sorted(drawn, key=lambda name: name.startswith("quoted")):  # who quotes leaves the lines as they came
        message = CHANGES[name](message)
    return draw(st.sampled_from(AROUND)) + message + draw(st.sampled_from(("", "\nterima kasih\n", "\n--\nBudi\n")))

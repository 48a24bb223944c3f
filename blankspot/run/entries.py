"""Naming a file in `blankspot.toml` without disturbing what people wrote there: comments, order and spacing stay.

An entry that stands there is never replaced without being asked to. The new text is checked as a whole before it is written.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, Literal

import tomlkit
from tomlkit.items import AoT, Array, InlineTable

from blankspot.errors import SettingsError
from blankspot.out.files import atomic
from blankspot.run.config import Config
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_HEADING: Final = re.compile(r"^[ \t]*\[[ \t]*sources[ \t]*\][ \t]*(#.*)?$", re.MULTILINE)
Outcome = Literal["added", "present", "kept", "replaced"]


def name_source(
    path: Path, kind: str, entry: Mapping[str, Any], *, several: bool = False, replace: bool = False
) -> Outcome:
    """Name a file under `[sources]`.

    Args:
        path: The `blankspot.toml`.
        kind: Kind of source.
        entry: `path` and what else is to be said of it.
        several: Whether it may stand beside others of its kind.
        replace: Put it in the place of what stands there.

    Returns:
        "added"; "present" where this path is named already; "kept" where another entry was left; "replaced".

    Raises:
        SettingsError: The file would not be valid afterwards; it is left as it was.
    """
    text = path.read_text(encoding="utf-8-sig")
    document: Any = tomlkit.parse(text)
    sources = document.get("sources", {})
    held = sources.get(kind)
    if held is None:
        _write(path, _with_line(text, kind, entry), kind, entry)
        return "added"
    if entry["path"] in _paths(held.unwrap()):
        return "present"
    outcome: Outcome = "added"
    if replace:
        sources[kind] = _inline(entry)
        outcome = "replaced"
    elif several:
        _append(sources, kind, held, entry)
        outcome = "added"
    else:
        return "kept"
    _write(path, tomlkit.dumps(document), kind, entry)
    return outcome


def as_line(kind: str, entry: Mapping[str, Any]) -> str:
    """Return the line that names a file, as it is written below `[sources]`."""
    inside = ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items())
    return f"{kind} = {{ {inside} }}"


def _with_line(text: str, kind: str, entry: Mapping[str, Any]) -> str:
    """Put a new line right below `[sources]`: further down, people keep tables of other names as comments.

    Where there is no such heading the entry gets a heading of its own at the end.
    """
    heading = _HEADING.search(text)
    if heading is not None:
        return f"{text[: heading.end()]}\n{as_line(kind, entry)}{text[heading.end() :]}"
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()]
    return "\n".join([text.rstrip("\n"), "", f"[[sources.{kind}]]", *lines, ""])


def _append(sources: Any, kind: str, held: Any, entry: Mapping[str, Any]) -> None:
    if isinstance(held, AoT):
        table = tomlkit.table()
        table.update(entry)
        held.append(table)
    elif isinstance(held, Array):
        held.append(_inline(entry))
    else:
        both = tomlkit.array()
        both.extend([held.unwrap() if not isinstance(held, InlineTable) else held, _inline(entry)])
        sources[kind] = both


def _inline(entry: Mapping[str, Any]) -> InlineTable:
    table = tomlkit.inline_table()
    table.update(entry)
    return table


def _paths(held: Any) -> set[str]:
    listed = held if isinstance(held, list) else [held]
    found: set[str] = set()
    for one in listed:
        given = one.get("path", ()) if isinstance(one, dict) else one
        found |= {given} if isinstance(given, str) else set(given)
    return found


def _write(path: Path, text: str, kind: str, entry: Mapping[str, Any]) -> None:
    try:
        told = tomllib.loads(text)
        Config.model_validate(told)
        whole = entry["path"] in _paths(told["sources"][kind])
    except (ValueError, KeyError):
        whole = False
    if not whole:
        raise SettingsError(
            Text(f"{path} tidak dapat disunting dengan aman.", f"{path} cannot be edited safely."),
            hint=Text(
                f"Tambahkan sendiri di bawah [sources]: {as_line(kind, entry)}",
                f"Add this yourself below [sources]: {as_line(kind, entry)}",
            ),
        )
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")

"""The generated parts of the README: the table of commands and the table of thresholds.

`python tests/readme_tables.py` writes them between their markers; a test holds them equal to the code.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import click

from blankspot.cli import COMMANDS, LazyGroup, app
from blankspot.words import LANGS

README = Path(__file__).parents[1] / "README.md"
SKIPPED = ("aliases",)


def commands_table() -> str:
    """Return one row per command and subcommand, with its usage and its short help."""
    rows = ["| command | what it does |", "| --- | --- |"]
    context = click.Context(app, info_name="blankspot")
    for name in COMMANDS:
        command = app.get_command(context, name)
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, LazyGroup):
            for sub, told in command.table.items():
                rows.append(_row(f"{name} {sub}", command.get_command(below, sub), below, told))
        else:
            rows.append(_row(name, command, context, command.get_short_help_str(200)))
    return "\n".join(rows)


def _row(name: str, command: click.Command, context: click.Context, told: str) -> str:
    arguments = [
        parameter.make_metavar(context) for parameter in command.params if isinstance(parameter, click.Argument)
    ]
    usage = " ".join(["blankspot", name, *arguments]).replace("|", r"\|")  # a bar would begin another cell
    return f"| `{usage}` | {told} |"


def thresholds_table() -> str:
    """Return one row per value of defaults.toml: name, value, source."""
    text = files("blankspot").joinpath("defaults.toml").read_text(encoding="utf-8")
    values = _flat(tomllib.loads(text))
    rows = ["| setting | default | why |", "| --- | --- | --- |"]
    section = ""
    for line in text.splitlines():
        if head := re.match(r"\[([\w.]+)\]", line):
            section = head[1]
        elif (entry := re.match(r"(\w+)\s*=\s*.*?#\s*(.*)$", line)) and not section.startswith(SKIPPED):
            name = f"{section}.{entry[1]}" if section else entry[1]
            words = (values.get(f"{name}.{lang}") for lang in LANGS)
            shown = values[name] if name in values else ", ".join(map(str, words))
            rows.append(f"| `{name}` | {shown} | {entry[2]} |")
    return "\n".join(rows)


def _flat(values: dict[str, object], prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return flat


def filled(readme: str) -> str:
    """Return the README with its generated parts made anew."""
    for name, made in (("commands", commands_table()), ("thresholds", thresholds_table())):
        pattern = re.compile(rf"(<!-- {name}: generated -->\n).*?(<!-- {name}: end -->)", re.DOTALL)
        readme = pattern.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", readme)
    return readme


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")

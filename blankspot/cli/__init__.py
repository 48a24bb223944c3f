"""The command line: parse, call, print. Each command lives in a module of its own name and is loaded when it is called.

The short help of every command stands here, so that `blankspot --help` loads none of them (a test holds both equal).
Data for machines go to stdout, everything else to stderr. An error is one message; a traceback only with `--debug`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from blankspot import __version__
from blankspot.cli.session import Session
from blankspot.errors import BlankspotError

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS: Final = {
    "init": "Make a workspace with blankspot.toml and templates to fill in.",
    "demo": "Write an example workspace with an invented kabupaten.",
    "fetch": "Fetch public data into a workspace, where there is a network.",
    "check": "Read the sources and list what is accepted, repaired and refused.",
    "cover": "Predict the coverage of every operator over terrain.",
    "profile": "Print and draw the path from a site to a desa or a place.",
    "classify": "Classify every desa with its evidence.",
    "track": "Track the handling of desa in the append-only ledger.",
    "map": "Draw the offline map, or map sheets for print.",
    "report": "Write the report of a quarter, a year, or up to a day.",
    "export": "Write open data: what may leave, with metadata; --ckan uploads it.",
    "run": "Bring everything in a workspace up to date.",
    "show": "Print the one-page fact sheet of a desa, kecamatan, kabupaten or partner.",
    "card": "Draw the progress as a picture for publication.",
    "settings": "Show the thresholds in force, with units and sources.",
}
EXIT_UNEXPECTED: Final = 1
EXIT_INTERRUPTED: Final = 130


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is called.

    Args:
        table: Name and short help of each command, in the order of the work.
        package: Package in which each command has a module with a `command`.
        modules: Names of modules that are not called as their command, because Python has the word.
        attributes: What `click.Group` takes.
    """

    def __init__(
        self, *, table: dict[str, str], package: str, modules: dict[str, str] | None = None, **attributes: Any
    ) -> None:
        super().__init__(**attributes)
        self.table = table
        self._package = package
        self._modules = modules or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return its `command`."""
        del ctx
        if cmd_name not in self.table:
            return None
        module = self._modules.get(cmd_name, cmd_name)
        command: click.Command = import_module(f"{self._package}.{module}").command
        return with_common_options(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value is not None and value is not False:
            ctx.ensure_object(Session).remember(name, value)

    return callback


def common_options() -> list[click.Option]:
    """Return fresh copies of the options that every command takes, before or after its name."""
    return [
        click.Option(
            ["--lang"],
            type=click.Choice(["id", "en"]),
            is_eager=True,  # what is wrong with another option is said in this language
            expose_value=False,
            callback=_remember("lang"),
            help="Language of what people read (default: the workspace's, else id).",
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            expose_value=False,
            callback=_remember("verbose"),
            help="Say more on stderr.",
        ),
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_remember("quiet"),
            help="Say only errors on stderr.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_remember("debug"),
            help="Show a traceback with an error.",
        ),
    ]


def with_common_options(command: click.Command) -> click.Command:
    """Add the common options to a command and to the commands below it, once."""
    if not any(parameter.name == "lang" for parameter in command.params):
        command.params.extend(common_options())
    return command


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="blankspot.cli",
    params=common_options(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="blankspot")
@click.pass_context
def app(ctx: click.Context) -> None:
    """Find desa without mobile signal, with evidence, and track how they are handled."""
    ctx.ensure_object(Session)


def main(arguments: list[str] | None = None) -> None:
    """Run the `blankspot` command and exit with its code."""
    session = Session()
    try:
        code = app.main(arguments, prog_name="blankspot", standalone_mode=False, obj=session)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(EXIT_INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except BlankspotError as error:
        session.fail(error.say(session.lang))
        if session.debug:
            raise
        sys.exit(error.exit_code)
    except Exception as error:
        session.unexpected(error)
        if session.debug:
            raise
        sys.exit(EXIT_UNEXPECTED)
    sys.exit(code if isinstance(code, int) else 0)

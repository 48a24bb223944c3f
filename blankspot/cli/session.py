"""What every command is given: the language, the two output streams, and the workspace on demand."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from blankspot.words import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console, RenderableType

    from blankspot.run import Workspace


@dataclass
class Session:
    """The state of one call of the command line."""

    chosen_lang: Lang | None = None
    verbose: bool = False
    quiet: bool = False
    debug: bool = False
    _workspace_lang: Lang = field(default="id", repr=False)

    @property
    def lang(self) -> Lang:
        """The language asked for, else the workspace's, else Indonesian."""
        return self.chosen_lang or self._workspace_lang

    def remember(self, name: str, value: Any) -> None:
        """Take over one of the common options."""
        setattr(self, "chosen_lang" if name == "lang" else name, value)

    def workspace(self, folder: str | Path) -> Workspace:
        """Open the workspace in `folder`; its language becomes the session's unless one was asked for."""
        from blankspot.run import Workspace

        workspace = Workspace(folder, lang=self.chosen_lang)
        self._workspace_lang = workspace.settings.language
        return workspace

    def tell(self, text: Text) -> None:
        """Say a sentence on stderr unless quiet."""
        self.say(text.of(self.lang))

    def say(self, text: str) -> None:
        """Write a line to stderr unless quiet."""
        if not self.quiet:
            click.echo(text, err=True)

    def fail(self, text: str) -> None:
        """Write an error to stderr."""
        click.echo(f"{'Galat' if self.lang == 'id' else 'Error'}: {text}", err=True)

    def unexpected(self, error: Exception) -> None:
        """Report a fault of the program itself in one line."""
        told = Text(
            f"Kesalahan program yang tidak terduga ({type(error).__name__}: {error}). Jalankan lagi dengan --debug untuk rincian.",
            f"Unexpected fault of the program ({type(error).__name__}: {error}). Run again with --debug for details.",
        )
        self.fail(told.of(self.lang))

    def print(self, renderable: RenderableType) -> None:
        """Write text or a rich table to stdout; plain where stdout is no terminal."""
        console = self._console(stderr=False)
        console.print(renderable, soft_wrap=isinstance(renderable, str), markup=False, highlight=False)

    def json(self, value: Any) -> None:
        """Write one JSON document to stdout."""
        click.echo(self.as_json(value))

    def as_json(self, value: Any) -> str:
        """Return a value as one JSON document."""
        return json.dumps(value, ensure_ascii=False, indent=2, default=str)

    @contextmanager
    def working(self, text: Text) -> Iterator[Callable[[int, int], None] | None]:
        """Show a spinner on stderr while the block runs; silent where stderr is no terminal.

        Yields:
            A function that is told how much is done and of how much: the spinner then has a bar, a count and the time left.
            None where nothing is shown.
        """
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeRemainingColumn,
        )

        said = (SpinnerColumn(), TextColumn("{task.description}"))
        counted = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*said, console=self._console(stderr=True), transient=True) as progress:
            task = progress.add_task(text.of(self.lang), total=None)

            def advance(done: int, total: int) -> None:
                progress.columns = (*said, *counted)
                progress.update(task, completed=done, total=total)

            yield advance

    def _console(self, *, stderr: bool) -> Console:
        from rich.console import Console

        stream = sys.stderr if stderr else sys.stdout
        return Console(file=stream, width=None if stream.isatty() else 200, soft_wrap=False)

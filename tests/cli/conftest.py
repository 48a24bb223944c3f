"""What tests of the commands share."""

from __future__ import annotations

import pytest

from blankspot.cli import main


@pytest.fixture
def call(capsys):
    """Run a command in this process and return its exit code, stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run

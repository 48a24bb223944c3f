"""One tree of errors: a remedy and an exit code each, and each also a builtin."""

from __future__ import annotations

import pytest

from blankspot import errors
from blankspot.words import Text

TREE = {
    errors.UsageError: (ValueError, 2),
    errors.SettingsError: (ValueError, 2),
    errors.CodeError: (ValueError, 3),
    errors.SourceError: (ValueError, 3),
    errors.OutputError: (OSError, 3),
    errors.FetchError: (ConnectionError, 3),
    errors.PortalError: (OSError, 3),
    errors.PlanError: (ValueError, 4),
    errors.LedgerError: (RuntimeError, 5),
}


def test_the_tree_is_complete():
    assert set(errors.BlankspotError.__subclasses__()) == set(TREE)


@pytest.mark.parametrize("kind", TREE)
def test_each_error_is_ours_and_a_builtin_and_has_its_exit_code(kind):
    builtin, exit_code = TREE[kind]
    error = kind(Text("rusak", "broken"), hint=Text("perbaiki.", "mend it."))
    assert isinstance(error, errors.BlankspotError)
    assert isinstance(error, builtin)
    assert error.exit_code == exit_code


@pytest.mark.parametrize("kind", TREE)
def test_the_message_carries_the_remedy_in_both_languages(kind):
    error = kind(Text("Berkas rusak.", "The file is broken."), hint=Text("Perbaiki.", "Mend it."))
    assert str(error) == "The file is broken. Mend it."
    assert error.say() == "Berkas rusak. Perbaiki."
    assert error.say("en") == str(error)
    assert kind(Text("Rusak.", "Broken.")).say() == "Rusak."

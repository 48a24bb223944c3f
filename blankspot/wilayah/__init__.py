"""Administrative codes and names: what a text says, what it cannot say, and what it might have meant.

`codes` reads Kemendagri codes and refuses what is ambiguous or damaged, naming the candidates; `crosswalk` carries codes
from one version to another; `names` matches names inside a kecamatan and never guesses.
"""

from __future__ import annotations

from blankspot.wilayah.codes import (
    BPS_PREFIX,
    FAULTS,
    LEVELS,
    Code,
    Level,
    Numbering,
    candidates,
    is_pseudo_village,
    normalise,
    parent,
    parents,
    parse,
    village_type,
    with_candidates,
)
from blankspot.wilayah.crosswalk import KINDS, apply_crosswalk
from blankspot.wilayah.names import Candidate, Gazetteer, Match, fold, match_village, name_key

__all__ = [
    "BPS_PREFIX",
    "FAULTS",
    "KINDS",
    "LEVELS",
    "Candidate",
    "Code",
    "Gazetteer",
    "Level",
    "Match",
    "Numbering",
    "apply_crosswalk",
    "candidates",
    "fold",
    "is_pseudo_village",
    "match_village",
    "name_key",
    "normalise",
    "parent",
    "parents",
    "parse",
    "village_type",
    "with_candidates",
]

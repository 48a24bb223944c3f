"""Evidence-backed verdicts, handling ledger and offline maps of desa without mobile signal.

The public face is small and lazy (PEP 562): a name is imported from its module when it is first asked for, so that
`import blankspot` costs nothing and `blankspot --help` answers at once. Where a function and its module share a name
(`classify`, `locate`), the public name is the function, whichever was imported first.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "BlankspotError": "errors",
    "Checked": "check",
    "Coverage": "coverage",
    "Event": "ledger",
    "Grid": "grid",
    "Ledger": "ledger",
    "Locator": "locate",
    "Provenance": "settings",
    "Settings": "settings",
    "Verdicts": "classify",
    "View": "ledger",
    "Workspace": "run",
    "classify": "classify",
    "draw_map": "out.maps",
    "load_settings": "settings",
    "locate": "locate",
    "open_coverage": "out.coverage",
    "open_terrain": "sources.terrain",
    "predict": "radio.predict",
    "radio": "radio",
    "read_boundaries": "sources.boundaries",
    "read_facilities": "sources.records",
    "read_internet_points": "sources.records",
    "read_measurements": "sources.measurements",
    "read_pattern": "sources.patterns",
    "read_podes": "sources.records",
    "read_population": "sources.rasters",
    "read_proposals": "sources.records",
    "read_reports": "sources.records",
    "read_sites": "sources.sites",
    "write_map": "out.maps",
    "write_sheet": "out.sheets",
}

__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604 - the face is computed from the one table above

if TYPE_CHECKING:
    from blankspot import radio as radio
    from blankspot.check import Checked as Checked
    from blankspot.classify import Verdicts as Verdicts
    from blankspot.classify import classify as classify
    from blankspot.coverage import Coverage as Coverage
    from blankspot.errors import BlankspotError as BlankspotError
    from blankspot.grid import Grid as Grid
    from blankspot.ledger import Event as Event
    from blankspot.ledger import Ledger as Ledger
    from blankspot.ledger import View as View
    from blankspot.locate import Locator as Locator
    from blankspot.locate import locate as locate
    from blankspot.out.coverage import open_coverage as open_coverage
    from blankspot.out.maps import draw_map as draw_map
    from blankspot.out.maps import write_map as write_map
    from blankspot.out.sheets import write_sheet as write_sheet
    from blankspot.radio.predict import predict as predict
    from blankspot.run import Workspace as Workspace
    from blankspot.settings import Provenance as Provenance
    from blankspot.settings import Settings as Settings
    from blankspot.settings import load_settings as load_settings
    from blankspot.sources.boundaries import read_boundaries as read_boundaries
    from blankspot.sources.measurements import read_measurements as read_measurements
    from blankspot.sources.patterns import read_pattern as read_pattern
    from blankspot.sources.rasters import read_population as read_population
    from blankspot.sources.records import read_facilities as read_facilities
    from blankspot.sources.records import read_internet_points as read_internet_points
    from blankspot.sources.records import read_podes as read_podes
    from blankspot.sources.records import read_proposals as read_proposals
    from blankspot.sources.records import read_reports as read_reports
    from blankspot.sources.sites import read_sites as read_sites
    from blankspot.sources.terrain import open_terrain as open_terrain


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{_HOME[name]}")
    value = getattr(home, name, home)  # `radio` is a package of models, public as it is
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _Face(ModuleType):
    """The package, which a submodule may not hide a public function of the same name in."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Face

"""How a planner asked for coverage to be predicted: what `blankspot cover` was told, kept in the record of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blankspot.coverage import Model
    from blankspot.settings import Settings


@dataclass(frozen=True, kw_only=True)
class CoverChoice:
    """What goes before `blankspot.toml` when coverage is predicted.

    Attributes:
        model: Instead of `radio.model`.
        resolution_m: Instead of `radio.resolution_m`.
        operators: Only these, as written; all if empty.
    """

    model: Model | None = None
    resolution_m: float | None = None
    operators: tuple[str, ...] = ()

    @classmethod
    def recorded(cls, told: Mapping[str, Any] | None) -> CoverChoice:
        """Return the choice that a record holds; none where it holds none."""
        told = told or {}
        return cls(
            model=told.get("model"),
            resolution_m=told.get("resolution_m"),
            operators=tuple(told.get("operators", ())),
        )

    def applied(self, settings: Settings) -> Settings:
        """Return settings by which this choice predicts."""
        changes = {"model": self.model, "resolution_m": self.resolution_m}
        given = {name: value for name, value in changes.items() if value is not None}
        return settings.model_copy(update={"radio": settings.radio.model_copy(update=given)}) if given else settings

    def words(self) -> str:
        """Return the choice as the options of `blankspot cover`; "" where there is none."""
        told = [
            *([f"--model {self.model}"] if self.model else []),
            *([f"--resolution {self.resolution_m:g}"] if self.resolution_m else []),
            *(f"--operator {name}" for name in self.operators),
        ]
        return " ".join(told)

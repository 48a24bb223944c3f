"""A workspace: a folder with `blankspot.toml`, brought up to date step by step.

This is the one place that knows the order of steps. A step runs when its inputs, its settings or the code changed, or its
outputs are gone; else it is left alone. What was made from what stands in `out/provenance.json` and on every output.

Longer than most because it is the one public face of a workspace: a thin method with its docstring for each thing one may ask.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from blankspot import __version__
from blankspot.run.choice import CoverChoice
from blankspot.run.config import Config, read_config
from blankspot.run.fresh import Record, code_digest, file_digest, text_digest
from blankspot.run.order import COVERAGE_SUMMARY, READING, STEPS, with_needs
from blankspot.settings import Provenance, Settings, SourceNote, load_settings
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from contextlib import AbstractContextManager

    import geopandas as gpd
    import pandas as pd

    from blankspot.coverage import Model
    from blankspot.ledger import Ledger, Progress
    from blankspot.ledger.partners import Partners
    from blankspot.out.cards import Card
    from blankspot.out.facts import AreaFacts, Facts, PartnerFacts
    from blankspot.out.publish.package import Package
    from blankspot.out.publish.publication import About
    from blankspot.out.publish.rasters import RasterSource
    from blankspot.out.publish.selection import Selection
    from blankspot.out.reports import Document, Period
    from blankspot.out.sheets.model import Symbol
    from blankspot.out.sheets.paper import Paper
    from blankspot.out.sheets.write import Form
    from blankspot.run.order import Step
    from blankspot.run.profiling import SiteProfile
    from blankspot.words import Lang

    Working = Callable[[Text], AbstractContextManager[Callable[[int, int], None] | None]]


_CHECKING_RADIO: Final = Text("Memeriksa ketinggian dan layanan", "Checking heights and services")
_JUDGED_BY_CHECK: Final = ("handling", "partners", "indicators")


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a run did.

    Attributes:
        made: Names of the steps that ran.
        fresh: Names of the steps that were left alone.
        counts: Villages per class (empty when no verdicts were asked for).
        progress: Handled of target as of the date (None when it was not asked for).
        out: Folder of the outputs.
    """

    made: tuple[str, ...]
    fresh: tuple[str, ...]
    counts: dict[str, int]
    progress: Progress | None
    out: Path


class Workspace:
    """A folder with `blankspot.toml`.

    Args:
        path: The folder.
        lang: Language of what people read, instead of the workspace's own.
        now: The moment of the run; the system's clock if not given. The as-of date of a workspace that names none is its
            day in the workspace's time zone.

    Raises:
        UsageError: The folder is no workspace.
        SettingsError: Its `blankspot.toml` is wrong.
    """

    def __init__(self, path: str | Path = ".", *, lang: Lang | None = None, now: dt.datetime | None = None) -> None:
        self.root = Path(path)
        self.config: Config = read_config(self.root)
        changes = dict(self.config.settings) | ({"language": lang} if lang else {})
        self.settings: Settings = load_settings(changes, where=str(self.root / "blankspot.toml"))
        self.out = self.root / "out"
        self._now = now
        self.now = now or dt.datetime.now(tz=self.settings.zone)
        self.as_of = self.config.workspace.as_of or self.now.astimezone(self.settings.zone).date()
        self.year = self.config.workspace.year or self.as_of.year
        self.notes: list[SourceNote] = []
        self.told: dict[str, Any] = {}
        self.advance: Callable[[int, int], None] | None = None
        self._chosen: CoverChoice | None = None
        self._frames: dict[str, Any] = {}
        self._partners: Partners | None = None
        self._record = Record(self.out)

    @property
    def ledger_address(self) -> str:
        """Where the ledger is: a database address as given, or a file inside the folder."""
        address = self.config.workspace.ledger
        return address if "://" in address else str(self.root / address)

    def ledger(self) -> Ledger:
        """Open the workspace's ledger; use it in a `with` block."""
        from blankspot.ledger import Ledger

        clock = None if self._now is None else lambda: self.now
        office = self.config.office.name or self.config.workspace.title
        return Ledger.open(
            self.ledger_address, clock=clock, settings=self.settings, partners=self.partners(), office=office
        )

    def ledger_copy(self) -> Ledger:
        """Return a copy of the ledger in memory, empty where there is none yet; what is done to it is not kept."""
        from functools import partial

        from blankspot.ledger import Ledger

        clock = None if self._now is None else lambda: self.now
        opened = partial(Ledger.open, ":memory:", clock=clock, settings=self.settings, partners=self.partners())
        if "://" not in self.ledger_address and not Path(self.ledger_address).exists():
            return opened()
        with self.ledger() as ledger:
            copy = opened(origin=ledger.origin)
            copy.merge(ledger)  # and not appended anew: corrections, conflicts and settlements come over as they are
        return copy

    def partners(self) -> Partners:
        """Return who is known here: the partners known everywhere, and the office's own tables over them."""
        if self._partners is None and self.config.sources.partners:
            from blankspot.run.partners import read_own_partners

            self._partners, _ = read_own_partners(self.config, self.root, self.settings)
        elif self._partners is None:
            from blankspot.ledger.partners import Partners

            self._partners = Partners.default()
        return self._partners

    def run(
        self,
        *,
        until: Iterable[str] | None = None,
        force: bool = False,
        working: Working | None = None,
    ) -> RunResult:
        """Bring the outputs up to date.

        Args:
            until: Only these steps and what they need; all if not given. Names as in `run.order.STEPS`.
            force: Make everything again.
            working: Called with the title of each step that runs; its context lasts as long as the step, and may give a
                function that is told how much of it is done, and of how much.

        Returns:
            What was done, with the counts and the progress.

        Raises:
            BlankspotError: A source, a setting, the ledger or an output refuses; earlier steps' outputs stand whole.
        """
        asked = {step.name for step in STEPS} if until is None else with_needs(until)
        keys: dict[str, str] = {}
        made, fresh = [], []
        self._record.head = self._head()
        for step in STEPS:
            if step.name not in asked:
                continue
            keys[step.name] = self._key(step, keys)
            if not force and self._record.fresh(step.name, keys[step.name]):
                fresh.append(step.name)
                continue
            with nullcontext() if working is None else working(step.title) as advance:
                self.advance = advance
                self._make(step, keys)
            made.append(step.name)
        counts = self._counts() if "verdicts" in asked else {}
        progress = self.progress() if "handling" in asked else None
        return RunResult(made=tuple(made), fresh=tuple(fresh), counts=counts, progress=progress, out=self.out)

    @property
    def cover_choice(self) -> CoverChoice:
        """How coverage is predicted beside `blankspot.toml`: as `cover` was told last, until it is told otherwise."""
        return self._chosen or CoverChoice.recorded(self._record.steps.get("cover", {}).get("chosen"))

    def cover(
        self,
        choice: CoverChoice | None = None,
        *,
        jobs: int | None = None,
        force: bool = False,
        working: Working | None = None,
    ) -> dict[str, Any]:
        """Predict the coverage of the services, bringing up to date what it needs.

        Args:
            choice: What goes before `blankspot.toml`, also for later runs; nothing if not given.
            jobs: Threads; all cores if not given.
            force: Predict again although nothing changed.
            working: As for `run`.

        Returns:
            What was predicted, as `run.cover_summary.summarise` gives it; empty where there is nothing to predict.

        Raises:
            UsageError: The choice names an operator that has no service here, or heights are declared in contradiction.
            SourceError: Heights or land cover cannot be used.
        """
        self._chosen = choice or CoverChoice()
        self.told["jobs"] = jobs
        if force:
            self._record.steps.pop("cover", None)
        self.run(until=("cover",), working=working)
        return self.coverage_summary()

    def coverage_summary(self) -> dict[str, Any]:
        """Return what came of the last prediction; empty where there is no coverage."""
        path = self.out / COVERAGE_SUMMARY
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def check(self, *, working: Working | None = None) -> pd.DataFrame:
        """Read every source and return what each rule repaired, refused or noted.

        Handling lists are judged as `run` would, against a copy of the ledger; nothing is recorded. Heights are opened, and
        services judged, as a prediction would; nothing is predicted.

        Returns:
            One row per table, severity and rule: how many rows, and the first message as an example.
        """
        import pandas as pd

        from blankspot.run.covering import preview_cover
        from blankspot.run.steps import preview_import

        self.run(until=READING, working=working)
        lists = self.config.sources.handling
        self.notes = []
        if lists or self.config.sources.partners or self.config.sources.indicators:
            preview_import(self)
        self.told["previewed"] = tuple(self.notes)
        with nullcontext() if working is None else working(_CHECKING_RADIO):
            radio = preview_cover(self)
        rejects = sorted((self.out / "rejects").glob("*.csv"))
        old = {"coverage"} if lists else {"coverage", "handling"}
        tables = [pd.read_csv(path, dtype="str") for path in rejects if path.stem not in old]
        columns = ["table", "severity", "rule", "message"]
        joined = pd.concat([*tables, radio], ignore_index=True)
        grouped = joined.groupby(columns[:3], dropna=False)["message"]
        return grouped.agg(rows="size", example="first").reset_index()

    def checked_sources(self) -> tuple[SourceNote, ...]:
        """Return the files that `check` read, each with its rows in, accepted and rejected."""
        read = tuple(note for note in self.provenance().sources if note.kind not in _JUDGED_BY_CHECK)
        return (*read, *self.told.get("previewed", ()))

    def frame(self, name: str) -> Any:
        """Return a table that a step made, from memory or from `out/`.

        Raises:
            FileNotFoundError: The step has not run yet.
        """
        if name not in self._frames:
            from blankspot.run.kept import read_table

            self._frames[name] = read_table(self.out / f"{name}.parquet")
        return self._frames[name]

    def keep(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table to `out/` and keep it for later steps."""
        from blankspot.run.kept import write_table

        write_table(self.out / f"{name}.parquet", frame)
        self._frames[name] = frame

    def export(
        self,
        folder: str | Path | None = None,
        *,
        formats: Iterable[str] | None = None,
        working: Working | None = None,
    ) -> Package:
        """Write what may be published as a package of open data, bringing up to date what it needs.

        Args:
            folder: Where; `out/export` in the workspace if not given. A package that stands there is replaced whole.
            formats: Of `out.publish.package.FORMATS`; all if not given.
            working: As for `run`.

        Raises:
            OutputError: The folder holds something else, or cannot be written.
        """
        from blankspot.out.publish.package import FORMATS
        from blankspot.run.publishing import publish

        self.run(until=("verdicts", "handling", "sites", "records"), working=working)
        target = Path(folder) if folder else self.out / "export"
        return publish(self, target, formats=FORMATS if formats is None else tuple(formats))

    def publishable(self, *, working: Working | None = None) -> tuple[Selection, About, tuple[RasterSource, ...]]:
        """Return what `export` would write and what it would hold back, without writing it."""
        from blankspot.run.publishing import gather

        self.run(until=("verdicts", "handling", "sites", "records"), working=working)
        return gather(self)

    def map(self, path: str | Path | None = None, *, basemap: str | None = None) -> Path:
        """Draw the map to any file, bringing up to date what it needs; `basemap` adds an online background."""
        from blankspot.run.steps import draw_workspace_map

        self.run(until=("verdicts", "handling", "history", "sites", "records"))
        target = Path(path) if path else self.out / "map.html"
        draw_workspace_map(self, target, basemap=basemap)
        return target

    def sheet(
        self,
        path: str | Path | None = None,
        *,
        paper: Paper = "A3",
        form: Form = "pdf",
        by: Literal["district"] | None = None,
        area: str | None = None,
        symbols: Collection[Symbol] = (),
        edition: int = 1,
        dpi: int | None = None,
        working: Working | None = None,
    ) -> tuple[list[Path], list[str]]:
        """Write map sheets for print, bringing up to date what they need.

        Args:
            path: The file, or with `by` the folder; in `out/` if not given.
            paper: "A0" to "A4".
            form: "pdf", "png" or "svg".
            by: "district" for one sheet per kecamatan, and all of them in one file where they are PDF.
            area: Only this kecamatan, kabupaten or desa, by code or name, as `facts` takes it.
            symbols: What is drawn as symbols: "sites", "internet", "facilities".
            edition: How manieth edition of the year.
            dpi: Pixels per inch of a PNG.
            working: Called with what is being done; its context lasts as long as that.

        Returns:
            The files, and the kecamatan of which nothing could be drawn.

        Raises:
            UsageError: The options make no sense together, the area means nothing here, or nothing has a border.
        """
        from blankspot.out.sheets import DPI
        from blankspot.run.sheets import NEEDS, write_sheets

        self.run(until=NEEDS, working=working)
        target = None if path is None else Path(path)
        return write_sheets(
            self,
            target,
            paper=paper,
            form=form,
            by=by,
            area=area,
            symbols=symbols,
            edition=edition,
            dpi=DPI if dpi is None else dpi,
            working=working,
        )

    def report(
        self,
        period: Period | None = None,
        *,
        known_on: dt.date | None = None,
        since: dt.date | None = None,
        since_known_on: dt.date | None = None,
    ) -> Document:
        """Return what the report of a period says, bringing up to date what it needs.

        Args:
            period: The days it speaks of, see `out.reports.of_quarter`; the year up to the workspace's date if not given.
            known_on: Only records made by the end of this day count; all if not given.
            since: Changes are told from this day on; the last day of the period before if not given.
            since_known_on: The state changes are told from is as it was known on this day; as `known_on` if not given.
        """
        from blankspot.out.reports import assemble, of_day
        from blankspot.run.reporting import report_data

        self.run(until=("verdicts", "handling", "records"))
        asked = period or of_day(self.as_of, year=self.year)
        return assemble(report_data(self, asked, known_on=known_on, since=since, since_known_on=since_known_on))

    def write_report(self, document: Document, folder: Path, *, name: str = "report") -> list[Path]:
        """Write a report into a folder as a workbook and a page, and return both files."""
        from blankspot.run.reporting import write_files

        return write_files(self, document, name, folder)

    def facts(self, asked: str, *, district: str | None = None) -> Facts | PartnerFacts | AreaFacts:
        """Return what is known about a desa, a kecamatan, a kabupaten or a partner; the steps must have run.

        Args:
            asked: Its code or its name, with the kind in front if need be ("kecamatan:Ciparay").
            district: The kecamatan of a desa, where several have one of that name.

        Raises:
            UsageError: It means nothing here, or several things.
        """
        from blankspot.run.facts import facts_of, find_subject

        return facts_of(self, find_subject(self, asked, district=district))

    def profile(
        self,
        site: str,
        place: str,
        *,
        district: str | None = None,
        operators: Collection[str] = (),
        technology: str | None = None,
        band_mhz: float | None = None,
        handset_m: float | None = None,
        model: Model | None = None,
        working: Working | None = None,
    ) -> SiteProfile:
        """Return the path from a site to a village or a place, and what each service delivers there.

        Args:
            site: ID or name of a site.
            place: Code or name of a village, or "LON,LAT".
            district: The kecamatan, where several have a desa of that name.
            operators: Only services of these.
            technology: Only services of this one.
            band_mhz: Only services on this band.
            handset_m: Height of the receiver; that of the settings if not given.
            model: `radio.model` if not given.
            working: As for `run`.

        Raises:
            UsageError: See `run.profiling.profile_of`.
        """
        from blankspot.run.profiling import profile_of

        self.run(until=("villages", "sites"), working=working)
        asked = {"technology": technology, "band_mhz": band_mhz, "handset_m": handset_m, "model": model}
        return profile_of(self, site, place, district=district, operators=tuple(operators), **asked)  # type: ignore[arg-type]

    def card(self) -> Card:
        """Return what the progress card says for the workspace's year and date."""
        from blankspot.run.cards import card_of

        return card_of(self)

    def villages(self) -> gpd.GeoDataFrame | None:
        """Return the villages, read or brought up to date; None where the workspace names no boundaries."""
        if not self.config.sources.boundaries:
            return None
        self.run(until=("villages",))
        return self.frame("villages")

    def progress(self) -> Progress:
        """Return handled of target for the workspace's year and date."""
        if "progress" not in self.told:
            with self.ledger() as ledger:
                self.told["progress"] = ledger.progress(year=self.year, as_of=self.as_of)
        found: Progress = self.told["progress"]
        return found

    def provenance(self) -> Provenance:
        """Return who made an output, from what, by which rules, as of when."""
        recorded = [
            SourceNote(**note)
            for name, step in self._record.steps.items()
            if name != "verdicts"
            for note in step.get("sources", ())
        ]
        return Provenance(
            version=__version__,
            profile=self.settings.profile,
            profile_digest=self.settings.digest,
            as_of=self.as_of,
            title=self.config.workspace.title,
            sources=tuple(dict.fromkeys(recorded)),  # the map opens heights again
        )

    def _make(self, step: Step, keys: dict[str, str]) -> None:
        self.notes = []
        outputs = getattr(import_module(f"blankspot.run.{step.home}"), f"make_{step.name}")(self)
        if step.ledger:
            self.told.pop("progress", None)
            keys[step.name] = self._key(step, keys)
        notes: dict[str, Any] = {"sources": [vars(note) for note in self.notes]}
        if step.name == "verdicts":
            notes["counts"] = self.told["counts"]
        if step.name == "cover":
            notes["chosen"] = vars(self.cover_choice)
            notes["coverage"] = {name: self.told.get("coverage", {}).get(name) for name in ("model", "coarse")}
        self._record.keep(step.name, keys[step.name], outputs, notes)

    def _key(self, step: Step, keys: dict[str, str]) -> str:
        parts: list[object] = [step.name, code_digest(), self.settings.digest]
        if step.by_content:
            parts.append([self._record.tables(need) for need in step.needs])
        else:
            parts.extend([self.settings.language, [keys[need] for need in step.needs]])
        for kind in step.sources:
            for source in getattr(self.config.sources, kind):
                parts.append(source.model_dump(mode="json"))
                parts.extend([path.name, file_digest(path)] for path in source.files(self.root))
        if step.name == "cover":
            parts.append(vars(self.cover_choice))
        if step.dated:
            parts.extend([self.as_of, self.year, self.config.workspace.title])
        if step.ledger:
            parts.append(self._ledger_digest())
        if step.publication:
            parts.extend([vars(self.config.publication), self.config.office.name, self.config.office.email])
        if step.office:
            logo = self.config.office.logo
            parts.extend([vars(self.config.office), file_digest(self.root / logo) if logo else ""])
        return text_digest(parts)

    def _ledger_digest(self) -> str:
        with self.ledger() as ledger:
            return ledger.digest()

    def _counts(self) -> dict[str, int]:
        return dict(self._record.steps["verdicts"]["counts"])

    def _head(self) -> dict[str, Any]:
        return {
            "version": __version__,
            "title": self.config.workspace.title,
            "as_of": self.as_of.isoformat(),
            "profile": self.settings.profile,
            "profile_digest": self.settings.digest,
        }

"""Map sheets composed: which tables, which views of the ledger, and whose name stand on them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from blankspot.errors import UsageError
from blankspot.out.sheets import DPI, SYMBOLS, write_district_sheets, write_survey_sheet
from blankspot.out.sheets.survey import survey_of
from blankspot.run.subjects import Finder
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from pathlib import Path

    from blankspot.out.sheets.model import Survey, Symbol
    from blankspot.out.sheets.paper import Paper
    from blankspot.out.sheets.write import Form
    from blankspot.run.job import Job

NEEDS: Final = ("verdicts", "handling", "sites", "records", "lines")
_TABLES: Final[dict[Symbol, str]] = {"sites": "sites", "internet": "internet_points", "facilities": "facilities"}


def write_sheets(
    job: Job,
    path: Path | None = None,
    *,
    paper: Paper = "A3",
    form: Form = "pdf",
    by: str | None = None,
    area: str | None = None,
    symbols: Collection[Symbol] = (),
    edition: int = 1,
    dpi: int = DPI,
    working: Callable[[Text], AbstractContextManager[object]] | None = None,
) -> tuple[list[Path], list[str]]:
    """Write the sheets of a workspace; the steps that they need must have run.

    Returns:
        The files, and the kecamatan of which nothing could be drawn.

    Raises:
        UsageError: The options make no sense together, the area means nothing here, or nothing has a border.
    """
    _check(by, area, symbols)
    survey = workspace_survey(job, symbols=symbols, edition=edition)
    if by == "district":
        folder = path or job.out / "sheets"
        return write_district_sheets(
            folder, survey, paper=paper, form=form, dpi=dpi, working=working or (lambda _text: nullcontext())
        )
    code = None if area is None else Finder(job.frame("villages"), {}).find(area).key
    name = "sheet" if code is None else f"sheet-{code}"
    target = path or job.out / f"{name}{'' if paper == 'A3' else f'-{paper}'}.{form}"
    return [write_survey_sheet(target, survey, area=code, paper=paper, form=form, dpi=dpi)], []


def workspace_survey(job: Job, *, symbols: Collection[Symbol] = (), edition: int = 1) -> Survey:
    """Return what the sheets of a workspace are made from."""
    office = job.config.office
    progress = job.progress()
    return survey_of(
        job.frame("villages"),
        verdicts=job.frame("verdicts"),
        handling=job.frame("handling"),
        points={kind: job.frame(_TABLES[kind]) for kind in SYMBOLS if kind in symbols},
        lines={"rivers": job.frame("rivers"), "roads": job.frame("roads")},
        progress=progress if progress.denominator else None,
        shares=_shares(job),
        provenance=job.provenance(),
        agency=office,
        logo=job.root / office.logo if office.logo else None,
        title=job.config.workspace.title or None,
        edition=edition,
        lang=job.settings.language,
        settings=job.settings,
    )


def _shares(job: Job) -> dict[str, tuple[int, int]]:
    """Return handled and target villages of every kecamatan, kabupaten and province, by code."""
    with job.ledger() as ledger:
        progress = ledger.progress(year=job.year, as_of=job.as_of, by="district")
    found: dict[str, tuple[int, int]] = {}
    for group in progress.groups:
        code = group.key
        while code:
            done, total = found.get(code, (0, 0))
            found[code] = (done + group.numerator, total + group.denominator)
            code = code.rpartition(".")[0]
    return found


def _check(by: str | None, area: str | None, symbols: Collection[Any]) -> None:
    if by not in (None, "district"):
        raise UsageError(
            Text(f"Lembar peta per {by!r} tidak ada.", f"There are no map sheets by {by!r}."),
            hint=Text("Pilih: district.", "Choose: district."),
        )
    if by is not None and area is not None:
        raise UsageError(
            Text("Lembar per kecamatan mencakup semua wilayah.", "Sheets by district are of every area."),
            hint=Text(
                "Pilih salah satu: per kecamatan atau satu wilayah.", "Choose one of both: by district, or one area."
            ),
        )
    unknown = [name for name in symbols if name not in SYMBOLS]
    if unknown:
        raise UsageError(
            Text(f"Simbol {', '.join(unknown)} tidak dikenal.", f"There is no symbol {', '.join(unknown)}."),
            hint=Text(f"Pilih: {', '.join(SYMBOLS)}.", f"Choose: {', '.join(SYMBOLS)}."),
        )

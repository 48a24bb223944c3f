"""The order of steps: what each reads, and which steps it rests on.

Kept apart from the work itself (`run.steps`), so that finding out that nothing changed loads no heavy library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

RECORDS: Final = ("podes", "reports", "facilities", "internet_points", "proposals")
READING: Final = ("villages", "measurements", "sites", "records")
COVERAGE_SUMMARY: Final = "coverage/summary.json"  # below out/
JUDGED_BY: Final = (*READING, "cover")


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Attributes:
        name: Identifier; the function `make_<name>` makes it.
        title: What it does, for the progress line.
        sources: Kinds of source whose files it reads.
        needs: Steps whose results it uses.
        dated: Whether its result depends on the as-of date.
        ledger: Whether its result depends on what is in the ledger.
        office: Whether the office and its logo stand on it.
        publication: Whether who publishes it, and under which licence, stands in it.
        by_content: Whether it is made again only when the tables of the steps it needs changed, and not for another language:
            for what takes hours.
        home: Module of `run` that makes it, so that a step loads only what it needs.
    """

    name: str
    title: Text
    sources: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    dated: bool = False
    ledger: bool = False
    office: bool = False
    publication: bool = False
    by_content: bool = False
    home: str = "steps"


STEPS: Final = (
    Step(
        "villages",
        Text("Membaca batas desa", "Reading boundaries"),
        sources=("boundaries", "code_list", "crosswalk", "population"),
        home="reading",
    ),
    Step(
        "measurements",
        Text("Membaca titik ukur", "Reading measurements"),
        sources=("measurements",),
        needs=("villages",),
        home="reading",
    ),
    Step("sites", Text("Membaca menara", "Reading sites"), sources=("sites",), needs=("villages",), home="reading"),
    Step(
        "records",
        Text("Membaca Podes, laporan, dan usulan", "Reading PODES, reports and proposals"),
        sources=RECORDS,
        needs=("villages",),
        home="reading",
    ),
    Step(
        "cover",
        Text("Memprediksi cakupan", "Predicting coverage"),
        sources=("terrain", "land_cover"),
        needs=("villages", "sites"),
        by_content=True,
        home="covering",
    ),
    Step(
        "verdicts",
        Text("Mengklasifikasi desa", "Classifying villages"),
        sources=("population",),
        needs=JUDGED_BY,
        dated=True,
    ),
    Step(
        "import",
        Text("Mencatat daftar penanganan dan indikator", "Recording the handling list and the indicators"),
        sources=("handling", "partners", "indicators"),
        needs=("villages",),
        ledger=True,
    ),
    Step("handling", Text("Menghitung kemajuan", "Counting progress"), needs=("import",), dated=True, ledger=True),
    Step("exchange", Text("Menulis GeoPackage", "Writing the GeoPackage"), needs=("verdicts", "sites", "records")),
    Step(
        "report",
        Text("Menulis laporan", "Writing the report"),
        needs=("verdicts", "handling", "records"),
        dated=True,
        ledger=True,
    ),
    Step(
        "history",
        Text("Menyusun riwayat per triwulan", "Working out the past, quarter by quarter"),
        sources=("population",),
        needs=("verdicts", "handling"),
        dated=True,
        ledger=True,
        home="past",
    ),
    Step(
        "map",
        Text("Menggambar peta", "Drawing the map"),
        sources=("population", "terrain"),
        needs=("verdicts", "handling", "history", "sites", "records"),
    ),
    Step(
        "lines",
        Text("Membaca jalan dan sungai", "Reading roads and rivers"),
        sources=("roads", "rivers"),
        home="reading",
    ),
    Step(
        "sheet",
        Text("Menggambar lembar peta cetak", "Drawing the map sheet for print"),
        needs=("verdicts", "handling", "lines"),
        dated=True,
        office=True,
    ),
    Step(
        "open_data",
        Text("Menyiapkan data terbuka", "Preparing open data"),
        sources=("population", "terrain"),
        needs=("verdicts", "handling", "sites", "records"),
        dated=True,
        ledger=True,
        publication=True,
    ),
)


def with_needs(asked: Iterable[str]) -> set[str]:
    """Return the steps asked for and every step below them."""
    by_name = {step.name: step for step in STEPS}
    wanted, found = list(asked), set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted.extend(by_name[name].needs)
    return found

"""The report of a province against writing the same lists with pandas and openpyxl.

Five thousand desa with 25 rows of evidence each, and a ledger of eight years and 32,000 events: a list of 900 desa a year, each of
them proposed, assigned to a partner, built, and mostly handled and paid for, with a note now and then; 24 indicators by quarter.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import numpy as np
import offices
import pandas as pd
import pytest

from blankspot.out.reports import assemble, of_year, write_html, write_workbook
from blankspot.run.reporting import report_data
from blankspot.schema import SIGNAL_CLASSES

if TYPE_CHECKING:
    from blankspot.ledger import Event

VILLAGES = 5_000
YEARS = range(2015, 2023)
LISTED = 900
EVIDENCE = 25
PROPOSALS = 4_000
INDICATORS = 24
PARTNERS = ("Telkomsel", "Indosat", "XL Axiata", "BAKTI", "Telkom", "Dinas Kominfo")
FUNDING = ("apbn", "apbd_prov", "apbd_kab", "csr", "komersial")
NOW = dt.datetime(2022, 12, 27, 3, 0, tzinfo=dt.UTC)


def case(number: int, year: int) -> list[Event]:
    """Return what happened to a village of a year's list: four to six events."""
    start = dt.date(year, 1, 17) + dt.timedelta(days=number % 200)
    told = {"partner": PARTNERS[number % 6], "funding_source": FUNDING[number % 5], "budget_rp": 1_500_000_000}
    moves = [
        offices.target(number, dt.date(year, 1, 17), year),
        offices.move("proposed", number, start, label=str(year)),
        offices.move("assigned", number, start + dt.timedelta(days=30), label=str(year), **told),
        offices.move("construction", number, start + dt.timedelta(days=60), label=str(year)),
    ]
    if number % 4:
        moves.append(offices.move("handled", number, start + dt.timedelta(days=120), label=str(year)))
    return moves


def others(number: int, year: int) -> list[Event]:
    """Return a note on every fifth case."""
    noted = dt.date(year, 11, 1)
    about = {"constraint": "Akses jalan terputus", "follow_up": "Koordinasi dengan PUPR", "due_on": f"{year}-12-15"}
    return [offices.on_case("note", number, noted, **about)] if number % 5 == 0 else []


def evidence() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = VILLAGES * EVIDENCE
    made = {
        "village_code": np.repeat([offices.code(number) for number in range(VILLAGES)], EVIDENCE),
        "operator": rng.choice(["telkomsel", "indosat", "xl"], rows),
        "technology": rng.choice(["2G", "3G", "4G"], rows),
        "kind": "measured",
        "statistic": rng.choice(["share_served", "share_weak", "share_none", "median_rsrp_dbm"], rows),
        "value": rng.random(rows),
        "low": rng.random(rows),
        "high": rng.random(rows),
        "n": rng.integers(1, 400, rows),
        "source": "jalan_2022.csv",
    }
    return pd.DataFrame(made).reindex(columns=list(offices.empty("evidence"))).astype(offices.empty("evidence").dtypes)


def figures() -> pd.DataFrame:
    return offices.figures(
        *(
            {"key": f"i{number}", "indicator": f"Indikator {number}", "unit": "%" if number % 3 else "desa", "owner": f"Bidang {number % 5}",
             "period": f"2022-Q{quarter}", "target": 100, "realization": 20 * quarter, "budget_rp": 1e9, "realized_rp": 2e8 * quarter}
            for number in range(INDICATORS)
            for quarter in (1, 2, 3, 4)
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def province():
    rng = np.random.default_rng(5)
    classes = list(rng.choice(SIGNAL_CLASSES, VILLAGES))
    listed = {year: rng.choice(VILLAGES, LISTED, replace=False).tolist() for year in YEARS}
    events = [one for year, numbers in listed.items() for number in numbers for one in case(number, year)]
    events += [one for year, numbers in listed.items() for number in numbers for one in others(number, year)]
    asked = [
        {"village_code": offices.code(int(number)), "proposed_on": pd.Timestamp(2021, 3, 1), "channel": "musrenbang"}
        for number in rng.choice(VILLAGES, PROPOSALS, replace=False)
    ]
    tables = {"evidence": evidence(), "proposals": offices.rows("proposals", *asked)}
    ledger = offices.ledger_of(events, now=NOW)
    return offices.office(classes, ledger=ledger, **tables), len(events)


def peer(document, path) -> float:
    """Write the same lists with pandas and openpyxl; return the seconds."""
    start = time.perf_counter()
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for at, table in enumerate(document.tables()):
            rows = [[column.say(row.get(column.key)) for column in table.columns] for row in table.rows]
            frame = pd.DataFrame(rows, columns=[column.heading.id for column in table.columns])
            frame.to_excel(book, sheet_name=f"Lembar {at}", index=False)
    return time.perf_counter() - start


def test_bench_report_of_a_province(benchmark, province, tmp_path):
    job, events = province
    period = of_year(2022, data_until=offices.AS_OF)
    seconds: dict[str, tuple[float, float]] = {}
    made = {}

    def timed(name, make):
        start, cpu = time.perf_counter(), time.process_time()
        made[name] = make()
        seconds[name] = (round(time.perf_counter() - start, 2), round(time.process_time() - cpu, 2))

    def report():
        timed("data", lambda: report_data(job, period))
        found = made["data"]
        told = type(found)(**{**{name: getattr(found, name) for name in found.__dataclass_fields__}, "indicators": figures()})  # fmt: skip
        timed("tables", lambda: assemble(told))
        timed("html", lambda: write_html(tmp_path / "r.html", made["tables"]))
        timed("xlsx", lambda: write_workbook(tmp_path / "r.xlsx", made["tables"]))

    benchmark.pedantic(report, rounds=1, iterations=1)
    benchmark.extra_info["events"] = events
    benchmark.extra_info["rows"] = sum(len(table.rows) for table in made["tables"].tables())
    benchmark.extra_info["seconds wall, cpu"] = dict(seconds)
    benchmark.extra_info["seconds openpyxl"] = round(peer(made["tables"], tmp_path / "peer.xlsx"), 2)
    assert (tmp_path / "r.xlsx").stat().st_size > 0

"""The files an office would have of the world: clean rows as they should be, and the faults that real files have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from blankspot.demo import civic, handling, indicators, logs, masts, mess, partners

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from blankspot.demo.fields import Ints

_OWN_2021: Final = "data/ukur/jalan_2021.csv"
_OWN_2022: Final = "data/ukur/jalan_2022.csv"
_VILLAGES_2021: Final = "data/ukur/survei_desa_2021.csv"
_VILLAGES_2022: Final = "data/ukur/survei_desa_2022.csv"
_LOG: Final = "data/ukur/gnettrack_telkomsel_2022.csv"
_BUNDLE: Final = "data/ukur/ukur_ulang.zip"
SHEET: Final = "data/menara_survei_lapangan.csv"
PODES: Final = "data/podes.csv"
REPORTS: Final = "data/laporan_warga.csv"
FACILITIES: Final = "data/fasilitas.csv"
INTERNET: Final = "data/titik_internet.csv"
PROPOSALS: Final = "data/usulan.csv"
HANDLING: Final = "data/penanganan.csv"
INDICATORS: Final = "data/indikator.csv"
PARTNERS: Final = "data/mitra.csv"


class Desk:
    """Collects tables of texts by the path of their file, zips by path and member, and which lines are faulty."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.tables: dict[str, pd.DataFrame] = {}
        self.bundles: dict[str, dict[str, pd.DataFrame]] = {}
        self.faults: list[pd.DataFrame] = []

    def file_readings(self, readings: pd.DataFrame) -> None:
        """File the readings: drives and village surveys in one's own template, part of them as logs of an app."""
        campaign = {name: rows.reset_index(drop=True) for name, rows in readings.groupby("campaign")}
        none = readings.iloc[:0]
        self._soiled(_OWN_2021, logs.own_table(campaign.get("jalan_2021", none), "Uji jalan 2021"), mess.MEASURED)
        self._soiled(_OWN_2022, logs.own_table(campaign.get("jalan_2022", none), "Uji jalan 2022"), mess.MEASURED)
        self.tables[_VILLAGES_2021] = logs.own_table(campaign.get("survei_2021", none), "Survei desa 2021")
        walked = campaign.get("survei_2022", none)
        parted = logs.split_logs(self.seed, walked, np.unique(walked["village"]))
        own = logs.own_table(parted[~parted["logged"]], "Survei desa 2022")
        self._soiled(_VILLAGES_2022, own, mess.MEASURED)
        if _VILLAGES_2022 in self.tables:
            self.tables[_VILLAGES_2022] = logs.in_indonesian(self.tables[_VILLAGES_2022])
        self._soiled(_LOG, logs.nettrack_table(self.seed, _LOG, parted[parted["logged"]]), mess.LOGGED)
        self._bundle(campaign.get("ukur_ulang", none))
        for path in [path for path, frame in self.tables.items() if frame.empty]:
            del self.tables[path]

    def _bundle(self, readings: pd.DataFrame) -> None:
        """File the second visits as a zip: a log per operator, and the last villages as an export with network codes."""
        villages = np.unique(readings["village"])
        exported = readings["village"].isin(villages[-max(1, len(villages) // 4) :])
        members = {}
        for operator, rows in readings[~exported].groupby("operator"):
            name = f"ukur_ulang/{operator}_{rows['measured_at'].iloc[0]:%Y.%m.%d_%H.%M.%S}.csv"
            members[name] = logs.nettrack_table(self.seed, name, rows)
        if exported.any():
            name = "ukur_ulang/ekspor_cell_info.csv"
            members[name] = logs.cell_info_table(self.seed, name, readings[exported])
        filled = {name: frame for name, frame in members.items() if len(frame)}
        if filled:
            self.bundles[_BUNDLE] = filled

    def file_masts(self, sites: pd.DataFrame, labels: pd.DataFrame, village: Ints) -> np.ndarray:
        """File the survey sheet; return which sites stay in the register."""
        active = np.flatnonzero((sites["status"] == "active").to_numpy())
        sheet, chosen, listed = masts.survey_sheet(self.seed, sites, active, labels, village)
        self.tables[SHEET] = sheet
        self.faults.append(listed.assign(file=SHEET))
        kept = np.ones(len(sites), dtype=bool)
        kept[chosen] = False
        return kept

    def file_records(
        self,
        registry: civic.Registry,
        classes: list[str],
        district: Ints,
        capitals: Ints,
        lacking: np.ndarray,
        residents: Ints,
        history: handling.History,
    ) -> None:
        """File what people said and own, and the handling list."""
        seed = self.seed
        self._soiled(PODES, civic.ask_officials(seed, registry, classes, district), mess.CODED, each=2)
        self._soiled(REPORTS, civic.complain(seed, registry, lacking, residents.astype(float)), mess.REPORTED, each=2)
        self._soiled(FACILITIES, civic.list_facilities(seed, registry, classes, capitals), mess.PLACED, each=2)
        self._soiled(INTERNET, civic.list_internet_points(seed, registry, history.moves), mess.PLACED, each=1)
        self._soiled(PROPOSALS, civic.propose(seed, registry, lacking, history.targets), mess.CODED, each=1)
        moves = history.moves
        code = np.array(registry.code, dtype=object)[moves["village"].to_numpy()]
        case = np.where(moves["service"] == "internet", [f"{text}:internet" for text in code], "")
        listed = moves.assign(village_code=code, case_id=case)[list(handling.COLUMNS)]
        self._soiled(HANDLING, listed, mess.LISTED, each=1)
        self.tables[INDICATORS] = indicators.indicators()
        self.tables[PARTNERS] = partners.list_partners()

    def _soiled(
        self, path: str, frame: pd.DataFrame, faults: dict[str, Callable[[mess.Row], mess.Row]], *, each: int = 4
    ) -> None:
        if frame.empty:
            return
        self.tables[path], listed = mess.soil(self.seed, path, frame, faults, each=each)
        self.faults.append(listed)

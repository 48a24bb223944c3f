"""The reader's words of a report: headings that several tables share, and the words for identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from blankspot.words import COARSE_PREDICTION, LABELS, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

TOTAL: Final = Text("Jumlah", "Total")
NO_PARTNER: Final = Text("Belum ada mitra", "No partner yet")
UNKNOWN: Final = Text("Belum diketahui", "Not known")
NONE: Final = Text("Tidak ada.", "None.")
SERVICES: Final = {"mobile": Text("Seluler", "Mobile"), "internet": Text("Titik internet", "Internet point")}
ROLES: Final = {
    "government": Text("Pemerintah", "Government"),
    "academia": Text("Akademisi", "Academia"),
    "business": Text("Dunia usaha", "Business"),
    "community": Text("Komunitas", "Community"),
    "media": Text("Media", "Media"),
    "not_known": Text("Unsur belum diketahui", "Role not known"),
}
KINDS: Final = {
    "boundaries": Text("Batas desa", "Boundaries"),
    "code_list": Text("Daftar kode", "Code list"),
    "measurements": Text("Titik ukur", "Readings"),
    "sites": Text("Menara", "Towers"),
    "podes": Text("Podes", "Podes"),
    "reports": Text("Laporan warga", "Citizen reports"),
    "facilities": Text("Fasilitas publik", "Public facilities"),
    "internet_points": Text("Titik layanan internet", "Internet points"),
    "proposals": Text("Usulan", "Proposals"),
    "population": Text("Penduduk", "Population"),
    "handling": Text("Penanganan", "Handling"),
    "indicators": Text("Indikator", "Indicators"),
    "partners": Text("Mitra", "Partners"),
}
STATISTICS: Final = {
    "share_served": Text("Bagian terlayani", "Share served"),
    "share_weak": Text("Bagian lemah", "Share weak"),
    "share_none": Text("Bagian tanpa sinyal", "Share without signal"),
    "share_predicted": Text("Bagian yang diprediksi", "Share predicted"),
    "effective_cells": Text("Jumlah sel efektif", "Effective number of cells"),
    "no_service_readings": Text("Titik ukur tanpa layanan", "Readings without service"),
    "podes_signal_0_to_3": Text("Sinyal menurut Podes (0–3)", "Signal by Podes (0–3)"),
    "complaints": Text("Laporan warga", "Citizen reports"),
    "median_rsrp_dbm": Text("Median RSRP (dBm)", "Median RSRP (dBm)"),
    "median_ss_rsrp_dbm": Text("Median SS-RSRP (dBm)", "Median SS-RSRP (dBm)"),
    "median_rscp_dbm": Text("Median RSCP (dBm)", "Median RSCP (dBm)"),
    "median_rxlev_dbm": Text("Median RxLev (dBm)", "Median RxLev (dBm)"),
    "median_download_mbps": Text("Median unduh (Mbps)", "Median download (Mbps)"),
    "median_upload_mbps": Text("Median unggah (Mbps)", "Median upload (Mbps)"),
}
YES_NO: Final = {True: Text("Ya", "Yes"), False: Text("Tidak", "No")}
WORDS: Final[Mapping[str, Mapping[Any, Text]]] = {
    **{
        name: LABELS[name]
        for name in (
            "signal_class", "stage", "village_type", "intervention_type", "funding_source", "status",
            "facility_type", "point_type", "channel", "operator", "target_rule",
        )
    },
    "confidence": {**LABELS["confidence"], "modelled_coarse": COARSE_PREDICTION},
    "service": SERVICES,
    "role": ROLES,
    "weight_kind": {"population": Text("penduduk", "residents"), "area": Text("luas wilayah", "area")},
    "kind": {**KINDS, **LABELS["confidence"]},
    "statistic": STATISTICS,
    "partial": YES_NO,
    "no_4g": YES_NO,
    "is_target": YES_NO,
}  # fmt: skip

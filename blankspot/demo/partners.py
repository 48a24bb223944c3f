"""The partners of the kabupaten that are not known everywhere, as the office keeps them; every name and contact is invented."""

from __future__ import annotations

from typing import Final

import pandas as pd

_COLUMNS: Final = (
    "Nama mitra", "Peran", "Nama lain", "Nama lain dari", "Mulai berlaku", "Berakhir", "Penerus", "Kontak", "Catatan",
)  # fmt: skip
_ROWS: Final = (
    {
        "Nama mitra": "Diskominfo Kabupaten Arunika",
        "Peran": "Pemerintah",
        "Nama lain": "Dinas Kominfo Arunika; Kominfo Arunika",
        "Kontak": "Sekretariat, Jalan Merdeka 1, Arunika",
    },
    {"Nama mitra": "Pemerintah Desa", "Peran": "Pemerintah", "Nama lain": "Pemdes; Pemerintah Kelurahan"},
    {
        "Nama mitra": "Politeknik Arunika",
        "Peran": "Akademisi",
        "Nama lain": "Poltek Arunika; POLAR",
        "Mulai berlaku": "2019-03-11",
        "Kontak": "Unit kerja sama, Jalan Kampus 2, Arunika",
    },
    {
        "Nama mitra": "Akademi Teknik Arunika",
        "Peran": "Akademisi",
        "Berakhir": "2019-03-10",
        "Penerus": "Politeknik Arunika",
        "Catatan": "Menjadi politeknik",
    },
    {"Nama mitra": "Relawan TIK Arunika", "Peran": "Masyarakat/komunitas", "Nama lain": "RTIK Arunika"},
    {"Nama mitra": "Radio Suara Arunika", "Peran": "Media", "Kontak": "Redaksi, Jalan Pasar 3, Arunika"},
    {"Nama mitra": "Telkomsel", "Kontak": "Kantor layanan Arunika, Jalan Merdeka 12"},
    {"Nama mitra": "BAKTI", "Kontak": "Divisi Infrastruktur, Jakarta"},
    {"Nama mitra": "Witel Arunika", "Nama lain dari": "Telkom"},
)


def list_partners() -> pd.DataFrame:
    """Return the office's table of partners as texts, under the headings of its template."""
    return pd.DataFrame(list(_ROWS), columns=list(_COLUMNS)).fillna("")

"""An office's own table of partners: names, days, role, successor, and the contact that letters need.

The rows are judged one by one here; whether names and successors fit together, and with the partners known everywhere, only the
ledger knows, so the caller hands that judgement in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from blankspot.check import Checked, Review
from blankspot.schema import TABLES
from blankspot.settings import Settings, load_settings
from blankspot.sources.tables import note_empty, note_unread, read_tables, to_schema
from blankspot.words import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_ALIASES: Final = {
    "partner_name": ("nama", "mitra", "lembaga", "perusahaan", "nama lembaga"),
    "role": ("unsur", "pentahelix", "unsur pentahelix", "jenis mitra"),
    "aliases": ("alias", "singkatan", "sebutan lain"),
    "since": ("sejak", "berlaku sejak", "tanggal mulai"),
    "until": ("sampai", "berlaku sampai", "tanggal berakhir"),
    "successor": ("diteruskan oleh", "bergabung ke", "menjadi"),
    "contact": ("kontak person", "narahubung", "contact person"),
}
_ROLE_WORDS: Final = {
    "government": ("pemerintah daerah", "pemda", "pemerintah pusat", "instansi pemerintah", "dinas"),
    "academia": ("akademik", "perguruan tinggi", "universitas", "kampus", "politeknik"),
    "business": ("usaha", "dunia usaha", "bisnis", "swasta", "perusahaan", "bumn", "bumd", "operator"),
    "community": ("masyarakat", "komunitas", "warga", "lsm"),
    "media": ("pers", "media massa"),
}
_SHIFTED: Final = Text(
    "Baris ini berisi lebih banyak sel daripada judul kolom.", "This row has more cells than there are headings."
)
_WORDS: Final = {word: role for role, words in _ROLE_WORDS.items() for word in words}


def read_partners(
    path: str | Path | Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    judge: Callable[[pd.DataFrame], Mapping[int, tuple[str, str, Text]]] | None = None,
    settings: Settings | None = None,
) -> Checked:
    """Read a table of partners (`schema.TABLES["partners"]`).

    Args:
        path: CSV, XLSX, Parquet, a zip of these, or several.
        mapping: Our column to theirs, or to "=constant".
        sheet: Sheet of a workbook; the first with data if not given.
        judge: Given the rows that stand by themselves, returns column, rule and reason of those that do not fit together, by
            position (`ledger.partners.Partners.faults`).
        settings: Time zone and language; the defaults if not given.

    Raises:
        SourceError: A file as a whole cannot be used.
    """
    settings = settings or load_settings()
    schema = TABLES["partners"]
    tables, empty = read_tables(path, sheet=sheet)
    frame = pd.concat(
        [to_schema(table, schema, mapping=mapping, aliases=_ALIASES) for table in tables], ignore_index=True
    )
    review = Review(
        frame, table="partners", source=frame["source_file"], row=frame["source_row"], lang=settings.language
    )
    note_empty(review, empty)
    note_unread(review, tables)
    if "source_surplus" in review.frame:
        shifted = review.frame["source_surplus"].notna()
        nothing = pd.Series("", index=review.frame.index)  # what was shifted may be a contact
        review.reject(shifted, column="", rule="too_many_cells", message=_SHIFTED, value=nothing)
    if "role" in review.frame:
        said = review.frame["role"]
        known = {text: _WORDS.get(str(text).strip().casefold(), text) for text in said.dropna().unique()}
        review.frame["role"] = said.replace(known)
    review.conform(schema, zone=settings.zone)
    if judge is not None:
        standing = review.alive.nonzero()[0]
        found = judge(review.frame.loc[standing, list(schema.columns)].reset_index(drop=True))
        review.reject_each({int(standing[place]): fault for place, fault in found.items()})
    review.frame = review.frame[list(schema.columns)]
    return review.finish()

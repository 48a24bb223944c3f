from __future__ import annotations

import datetime as dt

from blankspot.demo.handling import AS_OF
from blankspot.demo.partners import list_partners
from blankspot.ledger.partners import Partners
from blankspot.sources.partners import read_partners


def test_the_office_s_partners_are_read_without_a_remark(tmp_path):
    list_partners().to_csv(tmp_path / "mitra.csv", index=False)
    read = read_partners(tmp_path / "mitra.csv", judge=Partners.faults)
    assert read.rejects.empty
    partners = Partners.from_table(read.accepted)
    assert {partner.role for partner in partners} == {"government", "academia", "business", "community", "media"}
    assert partners.resolve("Witel Arunika").name == "Telkom"
    days = (dt.date(2018, 5, 1), AS_OF)
    assert [partners.group("Akademi Teknik Arunika", as_of=day).name for day in days] == [
        "Akademi Teknik Arunika", "Politeknik Arunika",
    ]  # fmt: skip

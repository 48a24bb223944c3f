"""The office's own partners in a workspace: what they change, and where their contacts do not go."""

from __future__ import annotations

import zipfile

import pandas as pd
import worlds

import blankspot as bs
from blankspot.demo.partners import list_partners

OWN = """Nama mitra,Nama lain,Penerus,Kontak
Seluler Nusa Raya,Telkomsel Arunika; Selnusa,Telkomsel,rahasia-0811
Berputar,,Berputar,rahasia-0812
"""


def _workspace(folder, handling=worlds.HANDLING):
    made = worlds.write_workspace(folder, handling=handling, extra='partners = "data/mitra.csv"')
    (made / "data" / "mitra.csv").write_text(OWN, encoding="utf-8")
    return made


def test_reports_group_by_the_office_s_own_names_and_rejects_are_left(tmp_path):
    handling = worlds.HANDLING.replace("handled,,Telkomsel", "handled,,Selnusa")
    workspace = bs.Workspace(_workspace(tmp_path / "kerja", handling))
    workspace.run(until=("handling",))
    with workspace.ledger() as ledger:
        groups = ledger.progress(year=2022, as_of=workspace.as_of, by="partner").groups
    assert [(group.label.id, group.numerator) for group in groups if group.key] == [("Telkomsel", 1)]
    rejects = pd.read_csv(workspace.out / "rejects" / "partners.csv")
    assert rejects["rule"].tolist() == ["successors_go_round"]
    notes = {note.name: note for note in workspace.provenance().sources if note.kind == "partners"}
    assert (notes["data/mitra.csv"].rows_in, notes["data/mitra.csv"].rows_rejected) == (2, 1)


def test_a_changed_table_brings_the_outputs_up_to_date(tmp_path):
    folder = _workspace(tmp_path / "kerja")
    bs.Workspace(folder).run(until=("handling",))
    assert bs.Workspace(folder).run(until=("handling",)).made == ()
    (folder / "data" / "mitra.csv").write_text(OWN.replace("Berputar,,Berputar", "Media Uji,,"), encoding="utf-8")
    assert "import" in bs.Workspace(folder).run(until=("handling",)).made


def test_a_check_judges_the_table_and_a_workspace_without_one_knows_the_known(tmp_path):
    rules = bs.Workspace(_workspace(tmp_path / "kerja")).check()
    assert ("partners", "successors_go_round") in set(zip(rules["table"], rules["rule"], strict=True))
    assert bs.Workspace(worlds.write_workspace(tmp_path / "lain")).partners().known("XLSMART")


def test_no_output_of_the_example_carries_a_contact(demo_made):
    contacts = [text.encode() for text in list_partners()["Kontak"] if text]
    assert contacts
    for path in (demo_made / "out").rglob("*"):
        if path.is_dir():
            continue
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        assert not any(contact in part for contact in contacts for part in parts), path

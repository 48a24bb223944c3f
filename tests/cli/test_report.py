"""`blankspot report`: a quarter, a year or a day, as files or as JSON."""

from __future__ import annotations

import json

import pytest

from blankspot.cli import main


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main(["report", *map(str, arguments)])
    out, err = capsys.readouterr()
    return stopped.value.code, out, err


def test_a_quarter_is_written_as_workbook_and_page(demo, tmp_path, capsys):
    code, out, err = run(capsys, demo, "--quarter", "2022-Q4", "--out", tmp_path / "rapat")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "rapat").iterdir()) == [
        "report-2022-Q4.html",
        "report-2022-Q4.xlsx",
    ]
    assert out.splitlines() == [str(tmp_path / "rapat" / f"report-2022-Q4.{kind}") for kind in ("xlsx", "html")]
    assert "datanya baru sampai 26 Desember 2022" in err
    page = (tmp_path / "rapat" / "report-2022-Q4.html").read_text(encoding="utf-8")
    assert "TW IV 2022" in page
    assert "71,67" in page


def test_json_tells_the_figures_and_writes_nothing(demo, capsys):
    before = sorted(path.name for path in (demo / "out").iterdir())
    code, out, _ = run(capsys, demo, "--year", "2022", "--json", "--lang", "en")
    told = json.loads(out)
    assert code == 0
    assert (told["as_of"], told["period"]) == ("2022-12-26", "Year 2022")
    assert told["headlines"][0]["figure"] == {"numerator": 43, "denominator": 60}
    assert sorted(path.name for path in (demo / "out").iterdir()) == before


def test_what_was_known_is_in_the_name_and_in_the_report(demo, tmp_path, capsys):
    code, _, _ = run(capsys, demo, "--as-of", "2022-09-30", "--known-on", "2022-10-05", "--out", tmp_path)
    assert code == 0
    page = (tmp_path / "report-2022-09-30-known-2022-10-05.html").read_text(encoding="utf-8")
    assert "tercatat sampai dengan 5 Oktober 2022" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--quarter", "2022-Q5"), "2022-Q4"),
        (("--quarter", "2023-Q1"), "1 Januari 2023"),
        (("--quarter", "2022-Q4", "--year", "2022"), "Pilih salah satu"),
        (("--quarter", "2022-Q3", "--since", "2022-10-01"), "tanggal laporan sebelumnya"),
        (("--as-of", "kemarin"), "kemarin"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_written(demo, capsys, arguments, told):
    code, out, err = run(capsys, demo, *arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_changes_are_told_since_the_day_asked_for(demo, capsys):
    _, out, _ = run(capsys, demo, "--quarter", "2022-Q4", "--since", "2022-11-30", "--json")
    changes = next(
        one for section in json.loads(out)["sections"] for one in section["tables"] if one["key"] == "changes"
    )
    assert "30 November 2022" in changes["definition"]
    assert changes["rows"]
    assert all(row["happened_on"] > "2022-11-30" for row in changes["rows"])

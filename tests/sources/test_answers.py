"""Corrections come back as messages, as saved forms and in filled tables; what was written is read, what is wrong is refused."""

from __future__ import annotations

import datetime as dt
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mangling import CHANGES, mangled
from shapely.geometry import box

from blankspot.corrections import CLAIMS, Answer, correction_code, mask, tidy, write_message
from blankspot.out.templates import write_templates
from blankspot.schema import TABLES
from blankspot.sources.records import read_reports

DAY = dt.date(2022, 12, 26)
NOW = dt.datetime(2022, 12, 31, 9, tzinfo=dt.UTC)
CODES = ["32.04.05.2001", "32.04.05.2002"]
VILLAGES = gpd.GeoDataFrame(
    {"village_code": CODES}, geometry=[box(107, -7, 107.5, -6), box(107.5, -7, 108, -6)], crs=4326
)
CODE = correction_code(CODES[0], DAY)
PLAIN = Answer(
    code=CODE,
    reported_on=dt.date(2022, 12, 20),
    claim="none",
    number="7F3K2M",
    village_name="Sukanagara",
    operator="telkomsel",
    attachment="IMG_2041.jpg",
    place="Dusun Cikole, belakang balai",
    text="Sinyal hilang sejak Oktober; di jalan raya masih ada.",
)


def rules(checked):
    refused = checked.rejects[checked.rejects["severity"] == "rejected"]
    return refused["rule"].tolist()


def read(tmp_path, text, *, name="jawaban.txt", **options):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    checked = read_reports(path, villages=VILLAGES, **{"now": NOW, **options})
    assert checked.rows_in == len(checked.accepted) + len(rules(checked))
    return checked


def told(row):
    """Return a row of `reports` as the answer that it came from."""
    text = {name: "" if pd.isna(row[name]) else row[name] for name in row.index if name not in ("lon", "lat")}
    return {
        "code": text["correction_code"],
        "reported_on": row["reported_on"].date(),
        "claim": text["claim"],
        "number": text["report_id"],
        "operator": text["operator"],
        "attachment": text["attachment"],
        "place": text["place"],
        "text": text["text"],
    }


def wanted(answer):
    return {name: getattr(answer, name) for name in told_names}


told_names = ("code", "reported_on", "claim", "number", "operator", "attachment", "place", "text")
words = (
    st.text(st.characters(exclude_categories=("Cs", "Co", "Cn"), max_codepoint=0x2FFF), max_size=80).map(tidy).map(mask)
)
answers = st.builds(
    Answer,
    code=st.sampled_from(CODES).map(lambda code: correction_code(code, DAY)),
    reported_on=st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
    claim=st.sampled_from(CLAIMS),
    number=st.from_regex(r"[A-HJ-NP-Z][2-9A-HJ-NP-Z]{5}", fullmatch=True),
    village_name=st.sampled_from(["Sukanagara", "Desa Tanggal", "Kode Rahayu"]),
    operator=st.sampled_from(["", "telkomsel", "indosat", "xl"]),
    attachment=st.sampled_from(["", "IMG_2041.jpg", "log (2).csv"]),
    place=st.lists(st.sampled_from(["Dusun", "Cikole", "RT", "02/03", ">", "500", "m", "dari", "balai", "-", "'atas'", '"Pasir"', "Isi", ":", "Tempat:", "Selesai"]), max_size=12).map(" ".join),
    text=st.one_of(
        st.lists(st.sampled_from(["tidak", "ada", "sinyal", "Tanggal:", "kode:", "#selesai", ">", "*", "-", "...", '"baik"', "4G", "Desa", "Nomor", ":", "x"]), max_size=40).map(" ".join),
        words.map(lambda text: text.strip("*_ '=+-@#N/A")),
    ),
)  # fmt: skip


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_what_was_written_is_read_through_every_change(tmp_path, change):
    checked = read(tmp_path, CHANGES[change](write_message(PLAIN)))
    assert [told(row) for _, row in checked.accepted.iterrows()] == [wanted(PLAIN)]
    assert checked.accepted["village_code"].tolist() == [CODES[0]]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(answers, min_size=1, max_size=4, unique_by=lambda answer: answer.number), st.data())
def test_what_was_written_is_read_through_any_changes(tmp_path, given_answers, data):
    text = "\n".join(data.draw(mangled(write_message(answer))) for answer in given_answers)
    checked = read(tmp_path, text)
    assert checked.rows_in == len(given_answers)
    back = [{**told(row), "text": tidy(told(row)["text"]).strip("*_ ")} for _, row in checked.accepted.iterrows()]
    shown = [{**wanted(a), "text": a.text.strip("*_ "), "place": a.place.strip("*_ ")} for a in given_answers]
    assert back == shown
    assert "7890" not in checked.accepted.to_csv()


def test_a_chat_with_talk_between(tmp_path):
    second = Answer(code=correction_code(CODES[1], DAY), reported_on=DAY, claim="served", number="K2K2K2")
    chat = (
        "[26/12/22 10.15.33] Budi Santoso: Selamat pagi, kode: rahasia ya\n"
        f"[26/12/22 10.16.02] Budi Santoso: {write_message(PLAIN)}"
        "[26/12/22 10.17.40] Siti 0812-3456-7890: Terima kasih, pak\n"
        f"[26/12/22 10.19.00] Siti: {write_message(second)}"
        f"[26/12/22 11.00.00] Budi: Diteruskan\n{write_message(PLAIN)}"
    )
    checked = read(tmp_path, chat)
    assert checked.accepted["claim"].tolist() == ["none", "served"]
    assert rules(checked) == ["duplicate"]
    assert "lines_outside" in checked.rejects["rule"].tolist()
    everything = checked.accepted.to_csv() + checked.rejects.to_csv()
    assert not [word for word in ("Budi", "Siti", "7890", "rahasia") if word in everything]


def test_a_message_that_lost_its_end(tmp_path):
    cut = write_message(PLAIN).replace("#selesai\n", "") + "\nmakasih pak, Budi\n"
    checked = read(tmp_path, cut)
    assert [told(row) for _, row in checked.accepted.iterrows()] == [wanted(PLAIN)]


def test_a_message_typed_from_paper(tmp_path):
    typed = (
        f"kode : {CODE.replace('-', ' ')}\nTempat: Cikole\ntanggal: 20 Desember 2022\nsinyal: tidak ada\nisi: hilang\n"
    )
    checked = read(tmp_path, typed)
    assert checked.accepted["village_code"].tolist() == [CODES[0]]
    assert checked.accepted["claim"].tolist() == ["none"]
    assert checked.accepted["reported_on"].tolist() == [pd.Timestamp("2022-12-20")]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"code": CODE[:-1] + "8"}, "correction_code_checksum"),
        ({"code": CODE[:-2]}, "correction_code_incomplete"),
        ({"code": "32.04.05.20"}, "correction_code_incomplete"),
        ({"code": correction_code("32.04.05.2003", DAY)}, "unknown_village"),
        ({"reported_on": dt.date(2023, 1, 2)}, "future_date"),
        ({"reported_on": None}, "missing_value"),
        ({"claim": "", "text": ""}, "no_content"),
        ({"position": "entah di mana"}, "unreadable_number"),
        ({"position": "-6.5, 109.2"}, "outside_area"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(tmp_path, change, rule):
    fields = {name: getattr(PLAIN, name) for name in ("code", "reported_on", "claim", "number", "text", "position")}
    checked = read(tmp_path, write_message(Answer(**{**fields, **change})))
    assert rules(checked) == [rule]
    assert checked.accepted.empty
    assert checked.rejects["row"].tolist()[-1] == 1


def test_a_message_without_a_code_is_refused_and_not_dropped(tmp_path):
    lines = [line for line in write_message(PLAIN).splitlines() if not line.startswith("Kode")]
    checked = read(tmp_path, "\n".join(lines))
    assert rules(checked) == ["correction_code_missing"]


def test_the_code_decides_and_must_agree_with_the_village(tmp_path):
    row = {"Tanggal laporan": "2022-12-20", "Kode koreksi": CODE, "Kode desa": CODES[1], "Pernyataan": "Ada sinyal"}
    checked = read(tmp_path, pd.DataFrame([row, row | {"Kode desa": ""}]).to_csv(index=False), name="a.csv")
    assert rules(checked) == ["correction_code_conflict"]
    assert checked.accepted[["village_code", "claim"]].to_numpy().tolist() == [[CODES[0], "served"]]


def test_a_position_goes_with_the_answer(tmp_path):
    answer = Answer(code=CODE, reported_on=DAY, claim="none", position="-6.51234, 107.2")
    row = read(tmp_path, write_message(answer)).accepted.iloc[0]
    assert (row["lon"], row["lat"]) == (107.2, -6.51234)


def test_a_saved_form(tmp_path):
    saved = {"format": "blankspot-koreksi", "answers": [PLAIN.fields(), PLAIN.fields() | {"report_id": "B2B2B2"}, 5]}
    checked = read(tmp_path, "\ufeff" + json.dumps(saved), name="koreksi.json")
    assert len(checked.accepted) == 2
    assert checked.rows_in == 3
    assert told(checked.accepted.iloc[0]) == wanted(PLAIN)


def test_a_filled_template_may_give_the_code_alone(tmp_path):
    write_templates(tmp_path / "t")
    path = tmp_path / "t" / "laporan_warga.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for name, value in {"correction_code": CODE, "reported_on": "2022-12-20", "claim": "Sinyal lemah"}.items():
        at = next(
            i for i, text in enumerate(headings) if str(text).startswith(str(TABLES["reports"].columns[name].title))
        )
        sheet.cell(2, at + 1).value = value
    book.save(path)
    checked = read_reports(path, villages=VILLAGES, now=NOW)
    assert checked.accepted[["village_code", "claim"]].to_numpy().tolist() == [[CODES[0], "weak"]]


def test_personal_data_in_a_remark_do_not_pass(tmp_path):
    answer = Answer(code=CODE, reported_on=DAY, claim="none", text="hubungi Pak RT 0812-3456-7890 atau rt@contoh.id")
    checked = read(tmp_path, write_message(answer))
    assert checked.accepted["text"].tolist() == ["hubungi Pak RT [dihapus] atau [dihapus]"]
    assert "7890" not in checked.rejects.to_csv()
    assert TABLES["reports"].columns["text"].metadata["classification"] == "dikecualikan"
    assert TABLES["reports"].columns["place"].metadata["classification"] == "terbatas"


def test_an_ordinary_text_table_stays_one(tmp_path):
    table = "no laporan;tanggal;kode desa;isi\nL-1;2022-08-19;32.04.05.2001;sinyal hilang\n"
    checked = read(tmp_path, table, name="laporan.txt")
    assert checked.accepted["text"].tolist() == ["sinyal hilang"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_messages_in_the_encodings_of_phones_and_notepads(tmp_path, encoding):
    checked = read(tmp_path, CHANGES["curly signs"](write_message(PLAIN)).encode(encoding))
    assert told(checked.accepted.iloc[0]) == wanted(PLAIN)

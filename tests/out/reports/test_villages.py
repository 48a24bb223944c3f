"""The villages themselves, and that what is not enough data stays so."""

from __future__ import annotations

import datetime as dt

import offices

from blankspot.out.reports import villages

CLASSES = ["none", "none", "weak", "unknown"]


def test_classes_and_districts_add_up_to_the_villages():
    data = offices.data([*CLASSES, *["served"] * 8])
    table = villages.classes(data)
    assert [line[:3] for line in offices.said(table)] == [
        ["Blankspot", "2", "16,67 %"],
        ["Lemah atau sebagian", "1", "8,33 %"],
        ["Terlayani", "8", "66,67 %"],
        ["Belum cukup data", "1", "8,33 %"],
        ["Jumlah", "12", "100,00 %"],
    ]
    assert offices.said(villages.class_districts(data)) == [
        ["Kecamatan 1", "2", "1", "6", "1", "10"],
        ["Kecamatan 2", "0", "0", "2", "0", "2"],
        ["Jumlah", "2", "1", "8", "1", "12"],
    ]


def test_a_handled_blankspot_is_no_gap():
    events = [offices.move("handled", 0, dt.date(2022, 6, 1)), offices.move("assigned", 1, dt.date(2022, 6, 1))]
    assert [row["village_code"] for row in villages.gaps(offices.data(CLASSES, events)).rows] == [offices.code(1)]


def test_an_internet_point_fills_no_gap():
    events = [offices.move("handled", 0, dt.date(2022, 6, 1), service="internet", intervention_type="vsat")]
    assert len(villages.gaps(offices.data(CLASSES, events)).rows) == 2


def test_no_gaps_does_not_hide_what_is_unknown():
    assert "1 desa belum cukup data" in villages.gaps(offices.data(["served", "unknown"])).empty.id


def test_not_enough_data_has_no_degree_of_certainty():
    for build in (villages.every_village, villages.village_details):
        table = build(offices.data(CLASSES))
        assert [row["confidence"] is None for row in table.rows] == [False, False, False, True]


def test_the_case_that_stands_furthest_speaks_for_the_village():
    events = [
        offices.move("handled", 0, dt.date(2022, 6, 1)),
        offices.move("proposed", 0, dt.date(2022, 9, 1), label="selatan"),
    ]
    assert offices.cell(villages.every_village(offices.data(CLASSES, events)), 0, "stage") == "Tertangani"


def test_details_say_yes_and_no_and_keep_codes_as_text():
    table = villages.village_details(offices.data(CLASSES, verdicts=offices.verdicts(CLASSES, no_4g=(0,))))
    assert [offices.cell(table, row, "no_4g") for row in range(2)] == ["Ya", "Tidak"]
    assert not table.in_page
    assert next(column for column in table.columns if column.key == "village_code").kind == "code"


def test_every_case_of_the_ledger_is_listed():
    events = [
        offices.target(0),
        offices.move("assigned", 0, dt.date(2022, 6, 1), budget_rp=100),
        offices.move("handled", 1, dt.date(2022, 6, 1), service="internet", intervention_type="leo"),
    ]
    table = villages.cases(offices.data(CLASSES, events))
    assert [(offices.cell(table, row, "service"), offices.cell(table, row, "year")) for row in range(2)] == [
        ("Seluler", "2022"),
        ("Titik internet", ""),
    ]


def test_evidence_of_a_province_stays_in_its_own_file():
    most = villages.EVIDENCE_ROWS_MAX
    rows = [{"village_code": offices.code(0), "statistic": "share_none", "value": 0.5} for _ in range(most + 1)]
    whole = villages.evidence(offices.data(CLASSES, evidence=offices.rows("evidence", *rows[:-1])))
    assert (len(whole.rows), whole.elsewhere) == (most, None)
    left_out = villages.evidence(offices.data(CLASSES, evidence=offices.rows("evidence", *rows)))
    assert left_out.rows == ()
    assert "20.001 baris" in left_out.elsewhere.id
    assert "out/evidence.parquet" in left_out.elsewhere.id
    assert "20,001 rows" in left_out.elsewhere.en


def predicted(rule):
    found = offices.verdicts(CLASSES)
    return found.assign(
        confidence=found["confidence"].where(found.index > 1, "modelled"),
        rule=found["rule"].where(found.index > 1, rule),
    )


def test_villages_that_a_prediction_alone_judged_are_counted_in_words():
    data = offices.data(CLASSES, verdicts=predicted("modelled.none"))
    for build in (villages.classes, villages.gaps):
        assert "2 di antaranya menurut prediksi saja, belum diukur." in build(data).definition.id
        assert "2 of them by prediction alone, not measured." in build(data).definition.en
    assert offices.cell(villages.every_village(data), 0, "confidence") == "prediksi"
    assert "prediksi" not in villages.classes(offices.data(CLASSES)).definition.id


def test_a_coarse_prediction_is_called_so():
    data = offices.data(CLASSES, verdicts=predicted("modelled_coarse.none"))
    assert (
        "2 di antaranya menurut prediksi saja, kasar, tanpa data ketinggian, belum diukur."
        in villages.gaps(data).definition.id
    )
    assert offices.cell(villages.every_village(data), 0, "confidence") == "prediksi kasar"
    assert offices.cell(villages.every_village(data), 2, "confidence") != "prediksi kasar"

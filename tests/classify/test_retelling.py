"""A reason taken apart and told in the other language: the sentences of both languages must meet."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blankspot.classify.retelling import retell
from blankspot.classify.sentences import SENTENCES, reasons
from blankspot.settings import load_settings
from blankspot.words import date_text, number

EPOCH = dt.date(1970, 1, 1).toordinal()
RULES = (
    "measured.none", "measured.weak", "measured.served", "indicative.none", "indicative.weak", "modelled.served",
    "modelled.unknown", "modelled_coarse.none", "fused.weak", "unknown.modelled", "unknown.modelled_coarse", "unknown.modelled_doubted", "unknown.fused",
    "reported.podes_none", "reported.podes_served", "reported.complaints",
    "unknown.no_data", "unknown.few_readings", "unknown.wide_interval", "unknown.reports_only",
)  # fmt: skip


def written(told, lang):
    """Fill a retold sentence as the page does."""

    def slot(found):
        figure = told.figures[int(found[1])]
        if found[2] == "d":
            return date_text(dt.date.fromordinal(figure + EPOCH), lang=lang)
        decimals = int(found[3])
        return number(figure / 10**decimals, decimals, lang=lang)

    return re.sub(r"\{(\d+)([dn])(\d?)\}", slot, told.sentence.of(lang))


shares = st.one_of(st.floats(0, 1), st.just(float("nan")))
days = st.dates(dt.date(2000, 1, 1), dt.date(2035, 12, 31)).map(pd.Timestamp)


@st.composite
def figures(draw):
    rule = draw(st.sampled_from(RULES))
    named = rule.rpartition(".")[2].rpartition("_")[2]
    signal_class = "unknown" if rule.startswith("unknown") else named if named in ("none", "weak", "served") else "weak"
    cells = draw(st.integers(1, 12_000))
    return {
        "rule": rule,
        "signal_class": signal_class,
        "n_cells": cells,
        "modelled_coarse": draw(st.booleans()),
        "modelled_said": draw(st.sampled_from(["none", "served"])),
        "modelled_missed": draw(st.integers(0, 300)),
        "modelled_checked": draw(st.integers(0, 70_000)),
        "served_cells": draw(st.integers(0, cells)),
        "by_people": draw(st.booleans()),
        "no_4g": draw(st.booleans()),
        "weight_kind": draw(st.sampled_from(["population", "area"])),
        "n_measurements": draw(st.integers(0, 2_000_000)),
        "latest_day": draw(st.one_of(days, st.just(pd.NaT))),
        "latest_report": draw(days),
        "report_places": draw(st.integers(0, 40)),
        "n_reports": draw(st.integers(0, 3000)),
        "podes_signal": draw(st.sampled_from(["none", "weak", "strong", "very_strong"])),
        "podes_technology": draw(st.sampled_from([None, "4G", "2G"])),
        "podes_year": draw(st.sampled_from([2018, 2021, 2024])),
        **{f"share_{name}": draw(shares) for name in ("served", "weak", "low", "high")},
    }


@settings(max_examples=300, deadline=None)
@given(figures())
def test_every_reason_is_told_in_both_languages(row):
    frame = pd.DataFrame([row])
    told = {lang: reasons(frame, load_settings({"language": lang})).iloc[0] for lang in ("id", "en")}
    for source in told.values():
        retold = retell(source)
        assert retold is not None, source
        assert {lang: written(retold, lang) for lang in told} == told


def test_every_sentence_of_the_rules_is_tried_here():
    assert {rule if rule in SENTENCES else rule.partition("_")[0] if "podes" in rule else rule.partition(".")[0] for rule in RULES} - {"reported"} <= set(SENTENCES)  # fmt: skip
    assert set(SENTENCES) <= {*RULES, *(rule.partition(".")[0] for rule in RULES), "reported.podes"}


@pytest.mark.parametrize(
    "foreign",
    ["", "Kepala desa bilang tidak ada sinyal.", "{0n0} dari {1n0}", "Blankspot: {0n0}", "</script>", "Blankspot: 12,34,5 sel.",
     "Blankspot: 1 dari 2 sel terukur terlayani 4G (batas atas 3,0 %), 4 titik ukur, terakhir 31 Februari 2022. Lihat catatan."],
)  # fmt: skip
def test_what_is_no_sentence_of_ours_is_not_retold(foreign):
    assert retell(foreign) is None

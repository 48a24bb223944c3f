"""Texts as people and machines write them, and what is made of them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from blankspot import values

JAKARTA = ZoneInfo("Asia/Jakarta")
EARLIEST, LATEST = (dt.datetime(year, 1, 1) for year in (1901, 2099))  # noqa: DTZ001 - the texts carry no zone


def when(*parts: int, hours: float = 0) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.timezone(dt.timedelta(hours=hours)))


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("98.5", 98.5),
            (" 98,5 ", 98.5),
            ("-98,5", -98.5),
            ("\u221298.5", -98.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1 234,5", 1234.5),
            ("1\u00a0234", 1234),
            ("1.234", 1.234),  # a single dot is a decimal point: coordinates
            ("2.600.000.000", 2.6e9),
            ("1,234,567", 1_234_567),
            ("-1.234.567", -1_234_567),
            ("1e3", 1000),
            ("+5", 5),
            (7, 7),
            (np.float32(0.5), 0.5),
        ],
    )
    def test_what_is_a_number(self, text, number):
        assert values.read_number(text) == number

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "-",
            "5O M",
            "1,2,3",
            "12.34.567",
            "1_000",
            "0x10",
            "nan",
            "inf",
            "1e400",
            "98.9-3.4",
            "٫",
            None,
            np.nan,
            np.inf,
        ],
    )
    def test_what_is_none(self, text):
        assert values.read_number(text) is None

    @given(st.floats(-1e9, 1e9).map(lambda x: round(x, 4)))
    def test_a_number_written_the_indonesian_way_is_read_back(self, number):
        indonesian = f"{number:,.4f}".translate(str.maketrans(",.", ".,"))
        assert values.read_number(indonesian) == number
        assert values.read_number(repr(number)) == number

    @settings(deadline=None)
    @given(st.lists(st.text("0123456789.,-+e_ ", max_size=12) | st.floats(allow_nan=False).map(str)))
    def test_a_column_reads_as_its_cells_do(self, texts):
        read, unreadable = values.coerce(pd.Series(texts, dtype=object), "number")
        expected = [values.read_number(text) for text in texts]
        assert [None if np.isnan(number) else number for number in read] == expected
        blank = [not text.strip() for text in texts]
        assert unreadable.tolist() == [e is None and not b for e, b in zip(expected, blank, strict=True)]

    def test_infinity_in_a_typed_column_is_unreadable(self):
        read, unreadable = values.coerce(pd.Series([1.0, np.inf, np.nan]), "number")
        assert read.isna().tolist() == [False, True, True]
        assert unreadable.tolist() == [False, True, False]

    @pytest.mark.parametrize(
        ("text", "unit", "bare"),
        [
            ("8 m", "m", "8"),
            ("52M", "m", "52"),
            ("-98,5 dBm", "dBm", "-98,5"),
            ("1.800 MHz", "MHz", "1.800"),
            ("8 km", "m", "8 km"),
            ("m", "m", "m"),
            ("Rp 2.600.000.000", "Rp", "2600000000"),
            ("Rp. 750.000,-", "Rp", "750000"),
            ("IDR 1.500,50", "Rp", "1.500,50"),
            ("750.000", "Rp", "750000"),
            ("12.500 jiwa", "jiwa", "12500"),
            ("12.500", "m", "12.500"),
            ("8 m", "", "8 m"),
        ],
    )
    def test_a_columns_own_unit_comes_off_and_no_other(self, text, unit, bare):
        assert values.without_unit(pd.Series([text, None]), unit).tolist() == [bare, np.nan]

    def test_numbers_have_no_unit_to_take_off(self):
        assert values.without_unit(pd.Series([8.5]), "m").tolist() == [8.5]

    def test_whole_numbers(self):
        read, unreadable = values.coerce(pd.Series(["12", "12,0", "12,5", "1e300", "x", "", None]), "integer")
        assert read.tolist() == [12, 12, *[pd.NA] * 5]
        assert unreadable.tolist() == [False, False, True, True, True, False, False]
        assert read.dtype == "Int64"
        assert values.coerce(pd.Series([1.0, np.nan]), "integer")[0].tolist() == [1, pd.NA]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2022-12-26", when(2022, 12, 26, hours=7)),
            ("26/12/22", when(2022, 12, 26, hours=7)),
            ("26-12-2022 23.59", when(2022, 12, 26, 23, 59, hours=7)),
            ("2.1.2023", when(2023, 1, 2, hours=7)),
            ("11 Maret 2019", when(2019, 3, 11, hours=7)),
            ("26-Des-22", when(2022, 12, 26, hours=7)),
            ("1 Agt 2022, 07:30", when(2022, 8, 1, 7, 30, hours=7)),
            ("2019.11.25_15.34.34", when(2019, 11, 25, 15, 34, 34, hours=7)),
            ("2022-12-26T10:00:00Z", when(2022, 12, 26, 10)),
            ("2022-12-26T10:00:00+07:00", when(2022, 12, 26, 10, hours=7)),
            ("2022-12-26 10:00:00+0930", when(2022, 12, 26, 10, hours=9.5)),
            ("2022-12-26 10:00:00-03", when(2022, 12, 26, 10, hours=-3)),
            ("2022-12-26 10:00 WIT", when(2022, 12, 26, 10, hours=9)),
            ("2022-12-26 10:00:00.25", when(2022, 12, 26, 10, 0, 0, 250_000, hours=7)),
            ("2022-12-26 10:00:00.9999999", when(2022, 12, 26, 10, 0, 0, 999_999, hours=7)),
            ("44921", when(2022, 12, 26, hours=7)),
            ("44921.5", when(2022, 12, 26, 12, hours=7)),
            ("1574669674000", when(2019, 11, 25, 8, 14, 34)),
            (dt.date(2022, 12, 26), when(2022, 12, 26, hours=7)),
            (when(2022, 12, 26, hours=9), when(2022, 12, 26, hours=9)),
        ],
    )
    def test_what_is_a_time(self, text, moment):
        assert values.read_time(text, JAKARTA) == moment

    @pytest.mark.parametrize(
        "text",
        [
            "", "besok", "2022-02-30", "12/26/2022", "26 Foo 2022", "2022-12-26 24:00", "2022-12-26 10", "26/12/202", "0022-12-26",
            "0001-01-01", "3.5", "12", "20221226", "99999999999999999999", "2022-12-26T10:00:00+99:00", "2022-12-26 10:00 XYZ",
        ],
    )  # fmt: skip
    def test_what_is_none(self, text):
        assert values.read_time(text, JAKARTA) is None

    def test_without_a_zone_a_time_is_in_utc(self):
        assert values.read_time("2022-12-26 10:00") == when(2022, 12, 26, 10)

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(
            st.datetimes(EARLIEST, LATEST).flatmap(
                lambda moment: st.sampled_from(
                    [
                        moment.isoformat(" "),
                        moment.isoformat() + "Z",
                        moment.replace(microsecond=0).isoformat(),
                        moment.strftime("%Y.%m.%d_%H.%M.%S"),
                        moment.strftime("%d/%m/%Y %H:%M"),
                        moment.strftime("%d-%m-%y"),
                        "tidak tahu",
                        "",
                    ]
                )
            ),
            min_size=1,
        )
    )
    def test_a_column_reads_as_its_cells_do(self, texts):
        zone = ZoneInfo("Asia/Makassar")
        read, unreadable = values.coerce(pd.Series(texts, dtype=object), "time", zone)
        expected = [values.read_time(text, zone) for text in texts]
        assert [None if pd.isna(moment) else moment.to_pydatetime() for moment in read] == expected
        assert unreadable.tolist() == [text == "tidak tahu" for text in texts]
        assert str(read.dtype) == "datetime64[us, UTC]"

    def test_typed_times_keep_their_moment(self):
        naive = pd.Series(pd.to_datetime(["2022-12-26 10:00"]))
        assert values.coerce(naive, "time", JAKARTA)[0].item() == when(2022, 12, 26, 10, hours=7)
        aware = naive.dt.tz_localize("Asia/Jayapura")
        assert values.coerce(aware, "time", JAKARTA)[0].item() == when(2022, 12, 26, 10, hours=9)

    def test_a_date_has_no_clock(self):
        texts = pd.Series(["2022-12-26 23:59", "26 Desember 2022", "x"])
        read, unreadable = values.coerce(texts, "date", JAKARTA)
        assert read.tolist()[:2] == [pd.Timestamp(2022, 12, 26)] * 2
        assert unreadable.tolist() == [False, False, True]
        typed = pd.Series(pd.to_datetime(["2022-12-26 23:59"])).dt.as_unit("us")
        assert values.coerce(typed, "date")[0].item() == pd.Timestamp(2022, 12, 26)


class TestTextsAndFlags:
    def test_yes_and_no(self):
        read, unreadable = values.coerce(pd.Series(["Ya", "tidak", " ADA ", "0", "1.0", "mungkin", None]), "flag")
        assert read.tolist() == [True, False, True, False, True, pd.NA, pd.NA]
        assert unreadable.tolist() == [False] * 5 + [True, False]
        assert values.coerce(pd.Series([1.0, 0.0, np.nan]), "flag")[0].tolist() == [True, False, pd.NA]
        assert values.coerce(pd.Series([True, False]), "flag")[0].tolist() == [True, False]

    @pytest.mark.parametrize("kind", ["text", "code", "choice"])
    def test_text_stays_text_without_its_margins(self, kind):
        read, unreadable = values.coerce(pd.Series([" 11.10 ", "", "  ", None, "53.1"], dtype=object), kind)
        assert read.dropna().tolist() == ["11.10", "53.1"]
        assert read.isna().tolist() == [False, True, True, True, False]
        assert not unreadable.any()

    @pytest.mark.parametrize("kind", [kind for kind in values.DTYPES if kind != "geometry"])
    @pytest.mark.parametrize("column", [[], [None, np.nan], ["x"], [1.5], [True], [pd.NaT]])
    def test_any_column_becomes_its_type_and_stays_as_it_was(self, kind, column):
        given_values = pd.Series(column, dtype=object)
        before = given_values.copy()
        read, unreadable = values.coerce(given_values, kind, JAKARTA)
        assert str(read.dtype) == str(values.DTYPES[kind])
        assert len(read) == len(unreadable) == len(column)
        assert not (unreadable & read.notna()).any()
        pd.testing.assert_series_equal(given_values, before)


def test_control_characters_leave_a_text_and_everything_else_stays():
    typed, unreadable = values.coerce(
        pd.Series(["\x1b[31mDesa\x07", "a\tb", "\u202ekanan", "😀", "\x00"], dtype="str"), "text"
    )
    assert typed.tolist()[:4] == ["[31mDesa", "a\tb", "\u202ekanan", "😀"]
    assert typed.isna().tolist() == [False, False, False, False, True]
    assert not unreadable.any()


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("8,9 Milyar", 8.9e9),
            ("8.9 Milyar", 8.9e9),
            ("Rp1,5 miliar", 1.5e9),
            ("Rp2,6 triliun", 2.6e12),
            ("140 ribu", 140_000),
            ("1.5 juta rupiah", 1.5e6),
            ("1.234", 1234),  # rupiah and people have no thousandths
            ("1.234 juta", 1234e6),
            ("0.125", 0.125),
            ("2,875", 2.875),
            ("12.5", 12.5),
            ("12 345", 12_345),
            ("Rp 2.600.000.000,-", 2.6e9),
            ("-1.000.000", -1e6),
            ("\u22121.000.000", -1e6),
            ("Rp1.234,50", 1234.5),
            (2_600_000_000, 2.6e9),
            (2.875, 2.875),
        ],
    )
    def test_what_is_an_amount(self, text, amount):
        assert values.read_amount(text) == amount

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Rp",
            "banyak",
            "1,5 M",
            "1,5 miliar lebih",
            "5 dolar",
            "60,35 %",
            "1 2",
            "1,2,3",
            "12.345.67",
            float("nan"),
            None,
        ],
    )
    def test_what_is_none(self, text):
        assert values.read_amount(text) is None

    @given(st.integers(-(10**12), 10**12), st.sampled_from([("ribu", 3), ("juta", 6), ("Milyar", 9)]))
    def test_what_is_written_in_words_is_read_to_the_last_digit(self, thousandths, scale):
        word, zeros = scale
        assume(abs(thousandths) * 10 ** (zeros - 3) <= 2**53)  # beyond it a float no longer counts by ones
        text = f"{thousandths / 1000:,.3f}".translate(str.maketrans(",.", ".,"))
        assert values.read_amount(f"{text} {word}") == thousandths * 10 ** (zeros - 3)

    @pytest.mark.parametrize(
        ("text", "percent"),
        [
            ("60,35 %", 60.35),
            ("60.35%", 60.35),
            ("105,88 persen", 105.88),
            ("1.234 %", 1234),
            ("60,35", None),
            ("%", None),
        ],
    )
    def test_a_percentage_has_its_sign(self, text, percent):
        assert values.read_percent(text) == percent

    def test_money_and_people_may_be_written_in_words(self):
        texts = pd.Series(["8,9 Milyar", "Rp 8,9 Milyar", "1,5 jt", "banyak", None])
        assert values.without_unit(texts, "Rp").tolist() == ["8900000000", "8900000000", "1500000", "banyak", np.nan]
        assert values.without_unit(pd.Series(["140 ribu jiwa", "140 ribu"]), "jiwa").tolist() == ["140000", "140000"]
        assert values.without_unit(pd.Series(["140 ribu m", "140 ribu"]), "m").tolist() == ["140 ribu m", "140 ribu"]


class TestQuarters:
    @pytest.mark.parametrize(
        "text",
        [
            "2022-Q3", "TW III 2022", "Triwulan 3/2022", "Triwulan 3 2022", "tw iii tahun 2022", "III/2022", "2022 TW III", "2022Q3",
            "Q3 2022", "TW.3 2022", "Triwulan ke-3 TA. 2022", "Triwulan Ketiga 2022", "2022/III",
        ],
    )  # fmt: skip
    def test_what_is_a_quarter(self, text):
        assert values.read_quarter(text) == "2022-Q3"
        assert values.read_quarter(text, year=2021) == "2022-Q3"

    @pytest.mark.parametrize("text", ["TW III", "tw.3", "Triwulan 3", "III", "3", 3, 3.0, "Q3", "Kuartal ketiga"])
    def test_a_quarter_without_its_year_needs_one(self, text):
        assert values.read_quarter(text) is None
        assert values.read_quarter(text, year=2022) == "2022-Q3"

    @pytest.mark.parametrize(
        "text",
        ["", "TW V 2022", "2022", "20223", "32022", "TW 0 2022", "3/2022", "Maret 2022", "5", None, "TW III 1822"],
    )
    def test_what_is_none(self, text):
        assert values.read_quarter(text, year=2022) is None


@pytest.mark.parametrize(
    "unit",
    ["%", "Persen", "persentase", "Indeks", "Nilai (0–100)", "skor", "rasio", "Mbps", "dBm", "per 1.000 penduduk", "orang/km²", "km/jam", "Rata-rata"],
)  # fmt: skip
def test_ratio_units_do_not_add_up(unit):
    assert values.is_ratio_unit(unit)


@pytest.mark.parametrize("unit", ["desa", "Desa/Kelurahan", "dokumen/laporan", "OPD", "Rp", "jam", "orang", "", "perangkat daerah", "unit"])  # fmt: skip
def test_counts_add_up(unit):
    assert not values.is_ratio_unit(unit)

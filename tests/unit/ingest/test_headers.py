"""What headers of hospital files say: days, units, codes, the first dose; and what they do not say."""

from dataclasses import replace

import pandas as pd
import pytest

from caseseries.ingest.dates import read_date
from caseseries.ingest.draft.headers import read_bare_days, read_header
from caseseries.ingest.draft.shapes import look_at
from caseseries.ingest.draft.vocabulary import load_words
from caseseries.ingest.units import normalise

WORDS = replace(load_words(), drugs=frozenset({"romiplostim", "rhtpo", "eltrombopag", "nplate"}))


def column(header):
    meaning = read_header(header, WORDS).meaning
    return meaning.column if meaning else ""


@pytest.mark.parametrize(
    ("header", "days"),
    [
        ("PLT day 7", (7, "days")),
        ("Thrombo T14 (G/l)", (14, "days")),
        ("Plaq. semana 2", (2, "weeks")),
        ("用药后7天PLT", (7, "days")),
        ("治疗后2周血小板", (2, "weeks")),
        ("PLT 3 months after treatment", (3, "months")),
        ("Platelet count wk 4", (4, "weeks")),
    ],
)
def test_the_day_of_a_count(header, days):
    read = read_header(header, WORDS)
    assert (read.days, read.meaning.column) == (days, "counts.count")


@pytest.mark.parametrize(
    "header",
    [
        "PLT day -7",  # before the first dose
        "PLT D–3",
        "-7d PLT",
        "PLT wk 2-3",  # a range
        "3月PLT",  # March, or the third month
        "PLT day 14 postpartum",  # counted from something else
        "停药后7天PLT",
        "MPV day 7",  # something else was measured
        "PLT day 7 cycle 2",
    ],
)
def test_a_day_that_may_mean_something_else_is_not_taken(header):
    read = read_header(header, WORDS)
    assert read.days is None or read.meaning is None


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Date of first romiplostim dose", "FIRST_DOSE"),
        ("rhTPO开始时间", "FIRST_DOSE"),
        ("Fecha inicio eltrombopag", "FIRST_DOSE"),
        ("Th.-Beginn", "FIRST_DOSE"),
        ("Date commenced", "FIRST_DOSE"),
        ("Start of IVIG", ""),  # given beside the drug of the series
        ("Date of last romiplostim dose", "exposures.last_day"),
        ("N° caso", "episodes.episode_id"),
        ("Sex (M/F)", "episodes.sex"),
        ("Response (CR/PR/NR)", "episodes.reported_response"),
        ("Response (week 4)", ""),
        ("Untersuchungstag", "counts.day"),
        ("分娩孕周", ""),  # the week of delivery is not that of the first dose
        ("Max dose (mcg/kg)", ""),
    ],
)
def test_the_column_that_a_header_means(header, meant):
    assert column(header) == meant


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Thrombozyten/nl", "/nL"),
        ("PLT×10⁹/L", "10^9/L"),
        ("Plaq. basal (mil/mm3)", "10^3/mm3"),
        ("Plt x10^9/L", "10^9/L"),
        ("Wt, kg", "kg"),
        ("PLT (10^9 per L)", "10^9/L"),
    ],
)
def test_the_unit_that_a_header_states(header, unit):
    assert read_header(header, WORDS).unit == unit


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("10*6/mL", "10^9/L"),
        ("Mrd/l", "10^9/L"),
        ("billion per liter", "10^9/L"),
        ("×10⁹·L⁻¹", "10^9/L"),
        ("10^9/Litre", "10^9/L"),
        ("Tausend/µl", "10^3/uL"),
        ("thousand per microliter", "10^3/uL"),
        ("K/mm³", "K/uL"),
        ("lakhs/cumm", "10^5/uL"),
        ("10*5/uL", "10^5/uL"),
        ("g/dl", "g/dL"),
        ("µg/l", "ug/L"),
        ("mcg/L", "ug/L"),
        ("ng/ml", "ng/mL"),
        ("mmol/l", "mmol/L"),
        ("Copies/ml", "copies/mL"),
        ("g/l", "g/L"),  # gram, and not giga
        ("G/l", "G/L"),
        ("T/µl", "T/uL"),  # tera, or thousand: not known
        ("/mL", "/mL"),  # not known
    ],
)
def test_units_of_counts_as_other_hands_write_them(written, unit):
    assert normalise(written) == unit


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("Gender (1=F, 2=M)", {"1": "F", "2": "M"}),
        ("性别（0=女，1=男）", {"0": "女", "1": "男"}),
        ("Ansprechen 0: kein, 1: PR, 2: CR", {"0": "kein", "1": "PR", "2": "CR"}),
        ("Response (IWG 2009)", {}),
    ],
)
def test_codes_that_a_header_explains(header, codes):
    assert read_header(header, WORDS).codes == codes


@pytest.mark.parametrize(
    ("header", "timed"),
    [("Last visit", False), ("Last visit (months)", True), ("Death day", True), ("LBDY", True), ("抢救治疗", False)],
)
def test_a_number_is_a_time_only_under_a_header_that_speaks_of_one(header, timed):
    assert read_header(header, WORDS).timed == timed


def test_a_header_that_is_nothing_but_a_day():
    assert read_bare_days("Day 7", WORDS) == (7, "days")
    assert read_bare_days("Wk 4", WORDS) == (4, "weeks")
    assert read_bare_days("Day -7", WORDS) is None
    assert read_bare_days("WBC day 7", WORDS) is None


def test_numbers_by_which_a_sheet_keeps_dates_are_dates_in_a_sheet_alone():
    cells = pd.Series(["43894", "43901", "12"])
    assert look_at(cells, frozenset(), in_sheet=True).serials == 2
    assert look_at(cells, frozenset()).serials == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019‐03‐04", "2019-03-04"),
        ("2019–03–04", "2019-03-04"),
        ("15-ene-2019", "2019-01-15"),
        ("2 abr. 2019", "2019-04-02"),
        ("20-dic-2018", "2018-12-20"),
        ("4 Mär 2020", "2020-03-04"),
        ("4th of March 2020", "2020-03-04"),
        ("2019年 7月 2号", "2019-07-02"),
        ("25.3.2020 10:30 Uhr", "2020-03-25"),
    ],
)
def test_dates_as_other_hands_write_them(text, day):
    assert str(read_date(text, None).day) == day

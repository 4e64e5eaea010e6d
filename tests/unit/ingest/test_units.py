"""Units of source columns: exact conversion, bounds kept, wrong declarations named."""

import pandas as pd
import pytest

from caseseries.ingest.units import accepted, convert, doubt_unit, normalise
from unit.ingest.mapped_cohorts import make_cohort, rows, told


@pytest.mark.parametrize(
    ("text", "contract", "unit", "converted"),
    [
        ("45000", "10^9/L", "/uL", "45"),
        ("<5000", "10^9/L", "/mm3", "<5"),
        (">1000000", "10^9/L", "/uL", ">1000"),
        ("12300", "10^9/L", "/uL", "12.3"),
        ("45", "10^9/L", "10^3/uL", "45"),
        ("7", "10^9/L", "/uL", "0.007"),
        ("150", "kg", "lb", "68.0389"),
        ("3100", "kg", "g", "3.1"),
        ("30+4", "weeks", "weeks+days", "30.5714"),
        ("30/4", "weeks", "weeks+days", "30.5714"),
        ("30w4d", "weeks", "weeks+days", "30.5714"),
        ("30 4/7", "weeks", "weeks+days", "30.5714"),
        ("30⁺⁴", "weeks", "weeks+days", "30.5714"),
        ("30 weeks 4 days", "weeks", "weeks+days", "30.5714"),
        ("30 wk", "weeks", "weeks+days", "30"),
        ("30", "weeks", "weeks+days", "30"),
        ("214", "weeks", "days", "30.5714"),
        ("18", "years", "months", "1.5"),
        ("2", "days", "weeks", "14"),
    ],
)
def test_convert(text, contract, unit, converted):
    assert convert(text, contract, unit) == converted


@pytest.mark.parametrize(
    ("text", "contract", "unit"),
    [
        ("low", "10^9/L", "/uL"),
        ("30+7", "weeks", "weeks+days"),
        ("30.5", "weeks", "weeks+days"),
        ("", "kg", "lb"),
        ("NaN", "kg", "lb"),
        ("Infinity", "kg", "lb"),
    ],
)
def test_what_is_no_number_is_left_to_the_contract(text, contract, unit):
    assert convert(text, contract, unit) is None


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("x10^9/l", "10^9/L"),
        ("10*9/L", "10^9/L"),
        ("10x9/L", "10^9/L"),
        ("10(9)/L", "10^9/L"),
        ("× 10 9/L", "10^9/L"),
        ("1E9/L", "10^9/L"),
        ("E9/L", "10^9/L"),
        ("10^9 cells/L", "10^9/L"),
        ("Zellen/µl", "/uL"),
        ("células/mm3", "/mm3"),
        ("Thr/nl", "/nL"),
        ("×10⁹/L", "10^9/L"),
        ("10*3/uL", "10^3/uL"),
        ("10³/µl", "10^3/uL"),
        ("/μL", "/uL"),
        ("/mm³", "/mm3"),
        ("ug/kg", "mcg/kg"),
        ("µg/kg", "mcg/kg"),
        ("IU/kg", "U/kg"),
        ("lbs", "lb"),
    ],
)
def test_spellings(written, unit):
    assert normalise(written) == unit


@pytest.mark.parametrize(
    ("values", "contract", "unit", "likely"),
    [
        (["45000", "12000", "<5000"], "10^9/L", "10^9/L", "/uL"),
        (["0.045", "0.012", "0.15"], "10^9/L", "/uL", "10^9/L"),
        (["150", "140", "165"], "kg", "kg", "lb"),
        (["62000", "70000"], "kg", "kg", "g"),
        (["214", "230"], "weeks", "weeks", "days"),
        (["4.4", "4.9"], "weeks", "days", ""),
    ],
)
def test_a_wrong_unit_is_refused_with_the_likely_one(values, contract, unit, likely):
    rule = doubt_unit(pd.Series(values), contract, unit)
    if not likely:
        assert rule == ""
        return
    assert rule.startswith(f"the values cannot be in {unit}")
    assert likely in rule


def test_right_units_are_not_doubted():
    assert doubt_unit(pd.Series(["45", "<5", ""]), "10^9/L", "10^9/L") == ""
    assert doubt_unit(pd.Series(["", ""]), "kg", "kg") == ""
    assert "weeks+days" in accepted("weeks")


def test_counts_whose_unit_is_empty_are_told(tmp_path):
    keys = """\
mapping:
  sources:
    - {table: episodes, file: cases.csv, columns: {episode_id: ID}}
    - {table: counts, file: labs.csv, columns: {episode_id: ID, day: Day, count: Result, unit: Unit}}
"""
    labs = "ID,Day,Result,Unit\nE1,0,8,G/L\nE1,7,45000,/uL\nE1,14,500,\nE1,21,,\n"
    made = make_cohort(tmp_path, keys, cases_csv="ID\nE1\n", labs_csv=labs)
    assert rows(made, "counts", "day", "count") == [[0, "8"], [7, "45"], [14, "500"]]
    assert [line for line in told(made, "warning") if "without a unit" in line] == [
        "labs.csv, unit (from Unit): counts without a unit there are taken in that of their analyte: 1"
    ]

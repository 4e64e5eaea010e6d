"""Dates as people write them: read, refused as ambiguous, refused as partial, or completed by a named rule."""

from datetime import date

import pytest

from caseseries.ingest import dates
from caseseries.ingest.dates import read_date, read_serial

MARCH = date(2020, 3, 4)
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of the date numbers of a workbook of the 1900 system."""


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-04",
        "2020/3/4",
        "2020.03.04",
        "2020-03-04 13:45",
        "2020-03-04T13:45:10Z",
        "4 March 2020",
        "04 Mar 2020",
        "4. März 2020",
        "4-Mar-2020",
        "March 4, 2020",
        "Mar 4th, 2020",
        "2020年3月4日",
        "20200304",
        "04-MAR-2020 13:45",
        "4/Mar/2020",
        "March 4, 2020, 1:45 PM",
        "2020-03-04 1:45 p.m.",
        "2020年3月4日 13:45",
        "2020-03-04 23:59:59 UTC",
        "2020-03-04T23:30:00-05:00",
    ],
)
def test_plain_dates_need_no_order(text):
    assert read_date(text, None).day == MARCH


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("day-month-year", "04/03/2020", MARCH),
        ("day-month-year", "4.3.2020", MARCH),
        ("month-day-year", "03/04/2020", MARCH),
        (None, "25/03/2020", date(2020, 3, 25)),
        (None, "03/25/2020", date(2020, 3, 25)),
        (None, "03/03/2020", date(2020, 3, 3)),
    ],
)
def test_order(order, text, day):
    assert read_date(text, order).day == day


@pytest.mark.parametrize(
    ("order", "text", "rule"),
    [
        (None, "03/04/2020", dates.AMBIGUOUS),
        ("day-month-year", "03/25/2020", dates.ORDER),
        ("month-day-year", "25/03/2020", dates.ORDER),
        ("year-month-day", "04/03/2020", dates.ORDER),
        ("day-month-year", "04/03/20", dates.TWO_DIGITS),
        ("day-month-year", "04.03.20 12:30", dates.TWO_DIGITS),
        (None, "4-Mar-20", dates.TWO_DIGITS),
        (None, "2021-02-29", dates.REFUSED),
        (None, "20201304", dates.REFUSED),
        (None, "8-9 March 2020", dates.REFUSED),
        (None, "2020-03-04 at noon", dates.REFUSED),
        (None, "2020-03", dates.PARTIAL),
        (None, "03/2020", dates.PARTIAL),
        (None, "March 2020", dates.PARTIAL),
        (None, "2020", dates.YEAR_ONLY),
        (None, "2020-02-30", dates.REFUSED),
        (None, "2020-13-01", dates.REFUSED),
        (None, "soon", dates.REFUSED),
        (None, "43894", dates.REFUSED),
    ],
)
def test_refused(order, text, rule):
    reading = read_date(text, order)
    assert (reading.day, reading.rule) == (None, rule)


def test_a_month_follows_the_declared_rule_and_says_so():
    middle = read_date("2020-03", None, "middle-of-month")
    assert (middle.day, middle.completed) == (date(2020, 3, 15), True)
    assert read_date("March 2020", None, "first-of-month").day == date(2020, 3, 1)
    assert read_date("2020", None, "middle-of-month").rule == dates.YEAR_ONLY
    assert not read_date("2020-03-04", None, "middle-of-month").completed


def test_numbers_of_a_sheet():
    assert read_serial(43894, EXCEL_EPOCH).day == MARCH
    assert read_serial(43894.75, EXCEL_EPOCH).day == MARCH
    assert read_serial(0, EXCEL_EPOCH).rule == dates.REFUSED
    assert read_serial(43894 - 1462, date(1904, 1, 1)).day == MARCH


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 de marzo de 2020", date(2020, 3, 4)),
        ("1er octobre 2020", date(2020, 10, 1)),
        ("12 diciembre 2020", date(2020, 12, 12)),
        ("3 de setiembre del 2020", date(2020, 9, 3)),
        ("5 août 2020", date(2020, 8, 5)),
    ],
)
def test_months_in_spanish_and_french(text, day):
    assert read_date(text, None).day == day


def test_a_chinese_month_without_a_day():
    assert read_date("2020年3月", None).rule == dates.PARTIAL
    assert read_date("2020年3月", None, "first-of-month").day == date(2020, 3, 1)

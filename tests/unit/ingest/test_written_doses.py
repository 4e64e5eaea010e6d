"""Doses as wards write them come in by a declared pattern: from CSV, one column a visit, and workbooks."""

import openpyxl
import pytest

from caseseries.ingest.written_doses import pattern_of
from unit.ingest.mapped_cohorts import make_cohort, rows, told

CASES = "mapping:\n  sources:\n    - {table: episodes, file: p.csv, columns: {episode_id: id}}\n"
DOSES = """\
    - table: exposures
      file: FILE
      columns: {episode_id: id, drug: {value: a}, first_day: from, last_day: to, dose: {from: x, written: [HOW]}}
"""
COLUMNS = ("first_day", "last_day", "dose", "dose_unit")


def cohort(folder, how, *cells, file="l.csv"):
    keys = CASES + DOSES.replace("HOW", ", ".join(f"'{one}'" for one in how)).replace("FILE", file)
    lines = [["id", "from", "to", "x"], *(["E1", *cell] for cell in cells)]
    if file == "l.csv":
        return make_cohort(
            folder,
            keys,
            p_csv="id\nE1\n",
            l_csv="".join(";".join(map(str, line)) + "\n" for line in lines).replace(";", ","),
        )
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    return make_cohort(folder, keys, p_csv="id\nE1\n", l_xlsx=book)


@pytest.mark.parametrize("file", ["l.csv", "l.xlsx"])
@pytest.mark.parametrize(
    ("how", "cell", "made"),
    [
        ("{dose}{unit} {rhythm}", (0, 13, "15000U qd"), [[0, 13, 15000, "U"]]),
        ("{dose} {unit} {rhythm}", (0, 13, "15000 IE tgl."), [[0, 13, 15000, "U"]]),
        ("{dose}{unit} {rhythm}", (0, 4, "15000U 隔日一次"), [[day, day, 15000, "U"] for day in (0, 2, 4)]),
        ("{dose}{unit} {rhythm}", (0, 14, "3 mcg/kg weekly"), [[day, day, 3, "mcg/kg"] for day in (0, 7, 14)]),
        ("{dose}{unit} {rhythm}", (0, "", "3mcg/kg qw"), [[0, None, 3, "mcg/kg"]]),
        ("{dose}{unit} {rhythm}", (0, 6, "25 mg bid"), [[0, 6, 50, "mg"]]),
        ("{dose}→{dose} {unit}/{rhythm}", (0, 27, "1→3 mcg/kg/周"), [[0, None, 1, "mcg/kg"], [None, 27, 3, "mcg/kg"]]),
        ("{dose}{unit}→{dose}{unit}", (0, 27, "25mg -> 50mg"), [[0, None, 25, "mg"], [None, 27, 50, "mg"]]),
        (
            "{dose}→{dose}→{dose}{unit}",
            (0, 27, "1→2→3µg/kg"),
            [[0, None, 1, "mcg/kg"], [None, None, 2, "mcg/kg"], [None, 27, 3, "mcg/kg"]],
        ),
    ],
)
def test_a_dose_is_taken_apart(tmp_path, file, how, cell, made):
    folder = cohort(tmp_path, [how], cell, file=file)
    assert rows(folder, "exposures", *COLUMNS) == made


def test_the_first_pattern_that_fits_is_taken_and_nothing_is_guessed(tmp_path):
    folder = cohort(
        tmp_path, ["{dose}{unit}", "{dose}{unit} {rhythm}"], (0, 6, "25mg"), (7, 9, "50mg qd"), (10, 11, "1 tab")
    )
    (found,) = told(folder)
    assert found.startswith("l.csv, line 4, case E1, dose (from x): the dose is not written as the mapping says")
    folder = cohort(tmp_path, ["{dose}{unit}", "{dose}{unit} {rhythm}"], (0, 6, "25mg"), (7, 9, "50mg qd"))
    assert [row[2] for row in rows(folder, "exposures", *COLUMNS)] == [25, 50]


def test_what_was_done_is_told_once_for_each_kind(tmp_path):
    cells = [(0, 27, "1→3mcg/kg"), (30, 40, "25mg→50mg"), (50, 64, "3mcg/kg qw")]
    folder = cohort(tmp_path, ["{dose}→{dose}{unit}", "{dose}{unit}→{dose}{unit}", "{dose}{unit} {rhythm}"], *cells)
    found = [line for line in told(folder, "warning") if "dose (from x)" in line]
    assert sorted(line.rpartition(": ")[2] for line in found) == ["1 rows", "2 rows"]


WIDE = """\
    - table: exposures
      file: w.csv
      columns: {episode_id: id, drug: {value: a}}
      wide: {into: dose, HOW, columns: {w1: {first_day: 0, last_day: 6}, w2: {first_day: 7}}}
"""


@pytest.mark.parametrize(
    ("how", "cells", "made"),
    [
        ("written: '{dose}{unit}→{dose}{unit}'", "25mg→50mg,", [[0, None, 25, "mg"], [None, 6, 50, "mg"]]),
        ("written: '{dose}{unit}', strip: ['*']", "25mg*,50 mg", [[0, 6, 25, "mg"], [7, None, 50, "mg"]]),
        ("unit: mg", "25,50mg", [[0, 6, 25, "mg"], [7, None, 50, "mg"]]),
    ],
)
def test_doses_with_one_column_a_visit(tmp_path, how, cells, made):
    folder = make_cohort(tmp_path, CASES + WIDE.replace("HOW", how), p_csv="id\nE1\n", w_csv=f"id,w1,w2\nE1,{cells}\n")
    assert rows(folder, "exposures", *COLUMNS) == made


@pytest.mark.parametrize(
    "how",
    ["{unit}", "{dose}{unit}{unit}", "{dose}→{dose}→{dose}{unit}{unit}", "{dose}{tablets}", "{dose} {rhythm}{rhythm}"],
)
def test_a_pattern_that_means_nothing_is_refused(tmp_path, how):
    (found,) = told(cohort(tmp_path, [how], (0, 1, "25mg")))
    assert "a dose is written by {dose}, {unit}" in found


def test_a_pattern_is_for_doses(tmp_path):
    keys = CASES.replace("columns: {", "columns: {weight_kg: {from: kg, written: '{dose}{unit}'}, ")
    (found,) = told(make_cohort(tmp_path, keys, p_csv="id,kg\nE1,62\n"))
    assert "it is for the column dose" in found


@pytest.mark.parametrize(
    ("cell", "pattern"),
    [
        ("15000U qd", "{dose}{unit} {rhythm}"),
        ("1→3 mcg/kg/周", "{dose}→{dose}{unit}/{rhythm}"),
        ("25mg→50mg", "{dose}{unit}→{dose}{unit}"),
        ("50 mg", "{dose}{unit}"),
        ("300IE/kg tgl.", "{dose}{unit} {rhythm}"),
        ("2 tablets", ""),
        ("", ""),
        ("2020-03-04", ""),
    ],
)
def test_the_pattern_of_a_cell(cell, pattern):
    assert pattern_of(cell) == pattern

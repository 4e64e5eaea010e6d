"""Sheets in which each case is a column come in like others, and faults name the column of the case."""

import openpyxl
import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

ROWS = [["item", "E1", "E2", "E3"], ["age", "31", "28", ""], ["PLT d0", "9", "<5", ""], ["PLT d7", "45", "12", ""]]
KEYS = """\
mapping:
  sources:
    - {{table: episodes, file: {file}, transpose: true, columns: {{episode_id: item, age_years: age}}}}
    - table: counts
      file: {file}
      transpose: true
      columns: {{episode_id: item}}
      wide: {{into: count, columns: {{PLT d0: {{day: 0}}, PLT d7: {{day: 7}}}}}}
"""


def book(cells):
    made = openpyxl.Workbook()
    for row in cells:
        made.active.append(row)
    return made


def text(cells):
    return "".join(",".join(row) + "\n" for row in cells)


@pytest.mark.parametrize(("file", "make"), [("labs_csv", text), ("labs_xlsx", book)])
def test_cases_in_columns(tmp_path, file, make):
    cohort = make_cohort(tmp_path, KEYS.format(file=file.replace("_", ".")), **{file: make(ROWS)})
    assert rows(cohort, "episodes", "episode_id", "age_years", "source_row") == [["E1", 31, 2], ["E2", 28, 3]]
    assert rows(cohort, "counts", "episode_id", "day", "count") == [
        ["E1", 0, "9"],
        ["E1", 7, "45"],
        ["E2", 0, "<5"],
        ["E2", 7, "12"],
    ]


def test_a_fault_names_the_place_of_its_column(tmp_path):
    cells = [row if row[0] != "age" else ["age", "31", "old", ""] for row in ROWS]
    (found,) = told(make_cohort(tmp_path, KEYS.format(file="labs.csv"), labs_csv=text(cells)))
    assert found.startswith("labs.csv, columns as rows, line 3, case E2, age_years (from age): ")


def test_a_variable_that_stands_twice_is_refused(tmp_path):
    found = told(make_cohort(tmp_path, KEYS.format(file="labs.csv"), labs_csv=text([*ROWS, ["age", "1", "2", "3"]])))
    assert "labs.csv, columns as rows, line 1: the name of column 5 stands twice in the header" in found

"""Rows that are no case are refused, and a case that is written in two ways is told."""

import openpyxl
import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

MAPPING = """\
mapping:
  sources:
    - {table: episodes, file: cases.csv, columns: {episode_id: LABEL, age_years: Age}}
"""
PLAIN, MADE = "ID", "{from: ID, number_as: E}"


def cohort(folder, label, *lines):
    return make_cohort(folder, MAPPING.replace("LABEL", label), cases_csv="ID,Age\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize("label", [PLAIN, MADE])
@pytest.mark.parametrize("word", ["Mean", "Median (range)", "Mittelwert", "Mean ± SD", "合计", "Total"])
def test_a_row_of_sums_is_no_case(tmp_path, label, word):
    found = told(cohort(tmp_path, label, "E1,31", "E2,40", f"{word},35"))
    assert [line for line in found if "line 4" in line and "called a sum, a mean or the like" in line] == found[:1]


@pytest.mark.parametrize("label", [PLAIN, MADE])
def test_headers_that_stand_again_are_no_case(tmp_path, label):
    found = told(cohort(tmp_path, label, "E1,31", "id,", "E2,40"))
    assert len(found) == 1
    assert "line 3" in found[0] and "holds the headers once more" in found[0]


def test_a_row_that_is_named_under_leave_out_is_not_told(tmp_path):
    keys = MAPPING.replace("LABEL", MADE).replace("columns:", "leave_out: {ID: [Mean, ID]}, columns:")
    made = make_cohort(tmp_path, keys, cases_csv="ID,Age\nE1,31\nID,Age\nE2,40\nMean,35\n")
    assert rows(made, "episodes", "episode_id", "age_years") == [["E01", 31.0], ["E02", 40.0]]


def test_a_letter_n_alone_is_a_label(tmp_path):
    assert rows(cohort(tmp_path, PLAIN, "M,31", "N,40"), "episodes", "episode_id") == [["M"], ["N"]]


def test_two_tables_below_each_other_in_a_sheet_are_told(tmp_path):
    book = openpyxl.Workbook()
    for row in (["ID", "Age"], ["E1", 31], ["E2", 40], [], ["ID", "Day"], ["E1", 7]):
        book.active.append(row)
    made = make_cohort(tmp_path, MAPPING.replace("LABEL", PLAIN).replace("cases.csv", "cases.xlsx"), cases_xlsx=book)
    assert any("line 5" in line and "end this one with last_row" in line for line in told(made))


def test_one_case_written_in_several_ways_is_told(tmp_path):
    cases = ["A1,31", "a1,31", "A 1,31", "A-01,31", "B1,40"]
    plain = told(cohort(tmp_path / "plain", PLAIN, *cases), "warning")
    lines = sorted(line.split(",")[1] for line in plain if "leading zeros alone" in line)
    assert lines == [" line 3", " line 4", " line 5"]
    (made,) = [line for line in told(cohort(tmp_path / "made", MADE, *cases), "warning") if "leading zeros" in line]
    assert made.endswith("write it in one way: lines 3 to 5")


def test_courses_of_two_people_are_not_one_case(tmp_path):
    lines = ["1-11,31", "11-1,31", "111,40"]
    for place, label in enumerate((PLAIN, MADE)):
        assert not [one for one in told(cohort(tmp_path / str(place), label, *lines), "warning") if "zeros" in one]


@pytest.mark.parametrize("label", [PLAIN, MADE])
def test_variables_are_no_cases(tmp_path, label):
    found = told(cohort(tmp_path, label, "Sex,1", "Baseline PLT,12", "Weight,31"))
    assert [line for line in found if "called like a variable; if each case is a column" in line] == found[:3]


def test_one_label_that_is_a_word_for_a_variable_is_a_label(tmp_path):
    assert rows(cohort(tmp_path, MADE, "Age,31", "Iris,40"), "episodes", "age_years") == [[31.0], [40.0]]


@pytest.mark.parametrize(("person", "line"), [("Person", "line 3"), ("{from: Person, number_as: P}", "lines 3")])
def test_one_person_written_in_several_ways_is_told(tmp_path, person, line):
    keys = MAPPING.replace("LABEL", f"ID, patient_id: {person}")
    file = "ID,Person,Age\nE1,P1,31\nE2,p-1,31\nE3,P2,40\nE4,P2,40\n"
    found = told(make_cohort(tmp_path, keys, cases_csv=file), "warning")
    assert [line in one for one in found if "leading zeros alone" in one] == [True]


@pytest.mark.parametrize("label", [PLAIN, MADE])
@pytest.mark.parametrize("title", ["Responders", "Platelet counts", "after transfusion"])
def test_a_title_between_the_rows_is_no_case(tmp_path, label, title):
    keys = MAPPING.replace("LABEL", label)
    file = f"ID,Age,Sex\nE1,31,female\n{title},,\nE2,40,male\nE3,,\n"
    found = told(make_cohort(tmp_path, keys, cases_csv=file))
    assert [line.partition(": ")[0] for line in found if "a title or a remark alone" in line] == [
        "cases.csv, line 3, ID"
    ]
    chosen = keys.replace("columns:", "where: {Sex: filled}, columns:")
    assert len(rows(make_cohort(tmp_path / "chosen", chosen, cases_csv=file), "episodes", "episode_id")) == 2

"""Courses of one person that a mapping takes for one case are told: their counts must not run together."""

import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

FILE = """\
Patient,Course,Start,Before,Day 7
P1,1,2020-03-04,8,110
P1,2,2021-03-04,12,40
P2,1,2020-02-29,9,10
"""
MAPPING = """\
mapping:
  sources:
    - {table: episodes, file: visits.csv, first_dose: Start, columns: {episode_id: LABEL, patient_id: Patient}}
    - table: counts
      file: visits.csv
      columns: {episode_id: LABEL}
      wide: {into: count, columns: {Before: {day: 0}, Day 7: {day: 7}}}
"""


def cohort(folder, label, file=FILE):
    return make_cohort(folder, MAPPING.replace("LABEL", label), visits_csv=file)


def test_counts_of_two_courses_do_not_run_together(tmp_path):
    found = told(cohort(tmp_path, "Patient"))
    assert [line.partition(": ")[0] for line in found] == [
        "visits.csv, line 3, case P1, count (from Before)",
        "visits.csv, line 3, case P1, count (from Day 7)",
    ]
    assert all("[Patient, Course]" in line for line in found)


def test_several_first_doses_of_one_case_are_told(tmp_path):
    (one,) = [line for line in told(cohort(tmp_path, "Patient"), "warning") if "several dates of first dose" in line]
    assert one.startswith("visits.csv, line 3, case P1, Start: ")


def test_courses_with_labels_of_their_own_come_in(tmp_path):
    made = cohort(tmp_path, "[Patient, Course]")
    assert rows(made, "counts", "episode_id", "day", "count") == [
        ["P1-1", 0, "8"],
        ["P1-1", 7, "110"],
        ["P1-2", 0, "12"],
        ["P1-2", 7, "40"],
        ["P2-1", 0, "9"],
        ["P2-1", 7, "10"],
    ]
    assert not [line for line in told(made, "warning") if "several dates" in line]


@pytest.mark.parametrize(
    "file",
    [
        "Patient,Course,Start,Before,Day 7\nP1,1,2020-03-04,8,\nP1,1,2020-03-04,,110\n",  # a row a visit
        "Patient,Course,Start,Before,Day 7\nP1,1,2020-03-04,8,\nP1,2,2020-03-04,8,110\n",  # the same count again
    ],
)
def test_rows_that_complete_each_other_come_in(tmp_path, file):
    assert rows(cohort(tmp_path, "Patient", file), "counts", "day", "count") == [[0, "8"], [7, "110"]]


def test_a_visit_whose_date_is_missing_is_told(tmp_path):
    keys = """\
mapping:
  sources:
    - {table: episodes, file: visits.csv, first_dose: Start, columns: {episode_id: ID}}
    - table: counts
      file: visits.csv
      columns: {episode_id: ID}
      wide:
        into: count
        columns: {PLT 1: {day: {from: Date 1, date: true}}, PLT 2: {day: {from: Date 2, date: true}}, Best: {}}
"""
    file = "ID,Start,Date 1,PLT 1,Date 2,PLT 2,Best\nE1,2020-03-04,2020-03-04,8,,45,90\nE2,2020-03-04,,,,12,\n"
    found = told(make_cohort(tmp_path, keys, visits_csv=file), "warning")
    assert [line for line in found if "come in without a day" in line] == [
        "visits.csv, day: counts come in without a day: 2"
    ]


DOSES = "ID,Drug,From,Role\nE1,romiplostim,0,\nE1,Nplate,7,\nE1,eltrombopag,14,ROLE\nE1,prednisone,-7,\n"


@pytest.mark.parametrize(("role", "expected"), [("", ["doses.csv, line 4, case E1, role"]), ("rescue", [])])
def test_another_drug_without_a_role_is_told(tmp_path, role, expected):
    keys = """\
drug: romiplostim
mapping:
  sources:
    - {table: episodes, file: cases.csv, columns: {episode_id: ID}}
    - {table: exposures, file: doses.csv, columns: {episode_id: ID, drug: Drug, first_day: From, role: Role}}
"""
    made = make_cohort(tmp_path, keys, cases_csv="ID\nE1\n", doses_csv=DOSES.replace("ROLE", role))
    found = [line for line in told(made, "warning") if "has no role" in line]
    assert [line.partition(" (from")[0] for line in found] == expected

"""The noun for the people of a cohort: what cohort.yaml says, never what its prose lets one guess."""

import shutil
from pathlib import Path

import pytest

from caseseries.ingest.folder import examine
from caseseries.model.cohort import Cohort
from caseseries.model.layout import Layout
from caseseries.words.nouns import PEOPLE, people_of
from unit.some_cohort import FIELDS as SOME

FIELDS = SOME | {
    "provenance": "synthetic",
    "disclosure": {"profile": "synthetic", "basis": "no person stands behind any row"},
}
GOOD = Path(__file__).resolve().parents[2] / "messages" / "ingest" / "good-cohort"
EPISODES = "episode_id,sex,pregnant,age_years\nE1,{}\n"


def cohort(population="p", **more):
    return Cohort.model_validate(FIELDS | {"population": population} | more)


@pytest.mark.parametrize(
    "population",
    [
        "adults, none of them pregnant",
        "newborns of mothers with immune thrombocytopenia",
        "children of women with lupus",
        "patients with breast cancer",
        "pregnant patients were excluded",
        "pregnant women",
    ],
)
def test_the_population_says_nothing_of_the_noun(population):
    assert people_of([cohort(population)]) is PEOPLE["patient"]


def test_people_of_several_cohorts_are_patients_unless_all_are_of_one_kind():
    women, men, others = cohort(people="woman"), cohort(people="man"), cohort()
    assert people_of([women, women]) is PEOPLE["woman"]
    assert people_of([women, men]) is people_of([women, others]) is PEOPLE["patient"]


@pytest.mark.parametrize(
    ("people", "row", "column"),
    [
        ("woman", "male,,30", "sex"),
        ("man", "female,,30", "sex"),
        ("man", ",yes,30", "pregnant"),
        ("child", "male,,18", "age_years"),
        ("newborn", "female,,1", "age_years"),
        ("newborn", "female,yes,", "pregnant"),
        ("woman", "female,yes,30", None),
        ("woman", ",,", None),
        ("man", "male,,30", None),
        ("child", "male,,17.9", None),
        ("newborn", "female,,0.05", None),
        ("patient", "male,,30", None),
    ],
)
def test_a_noun_that_does_not_fit_a_case_is_a_finding(tmp_path, people, row, column):
    folder = tmp_path / "good-cohort"
    shutil.copytree(GOOD, folder, ignore=shutil.ignore_patterns("*.csv"))
    text = (folder / "cohort.yaml").read_text(encoding="utf-8").partition("grouped_by")[0]
    (folder / "cohort.yaml").write_text(f"{text}people: {people}\n", encoding="utf-8")
    (folder / "episodes.csv").write_text(EPISODES.format(row), encoding="utf-8")
    errors = [finding for finding in examine(folder, Layout()).findings if finding.severity == "error"]
    assert [(finding.case, finding.column) for finding in errors] == ([("E1", column)] if column else [])

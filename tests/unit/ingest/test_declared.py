"""Groups and categories that would tell who somebody is."""

import numpy as np
import pandas as pd
import pytest

from caseseries.ingest.declared import Levels
from caseseries.ingest.source import SourceTable
from caseseries.model.cohort import Cohort
from unit.ingest.mapped_cohorts import make_cohort, told


def check_levels(cohort, tables):
    levels = Levels(cohort)
    levels.add(tables)
    return levels.tell()


def cohort(profile="restricted", **more):
    about = {"id": "mine", "title": "Mine", "citation": "None.", "design": "case series", "population": "adults"}
    disclosure = {"profile": profile, "basis": "Summaries alone may leave."}
    about |= {"provenance": "registry", "licence": "none", "source_definition": "not_stated"}
    return Cohort(**about, disclosure=disclosure, covariates=[{"name": "room", "label": "Room"}], **more)


def episodes(rooms):
    texts = pd.DataFrame({"episode_id": [f"E{i}" for i in range(len(rooms))], "room": rooms}, dtype=object)
    return {"episodes": SourceTable("episodes", texts, np.arange(2, len(rooms) + 2), ((0, "mine/episodes.csv"),))}


def places(found):
    return [finding.column for finding in found]


@pytest.mark.parametrize(
    ("rooms", "refused"),
    [
        ([f"r{i}" for i in range(12)], True),
        ([f"r{i}" for i in range(7)] + ["hall"] * 4, True),
        ([f"r{i}" for i in range(7)] + [""] * 20, True),
        (["a", "b"] * 6, False),
        (["a", "b", "c", "d", "e"], False),
        (["a", "b", "c", "d", "e", "f"] * 2, False),
    ],
)
def test_a_category_with_a_value_for_each_case_is_refused_of_a_restricted_cohort(rooms, refused):
    assert places(check_levels(cohort(), episodes(rooms))) == ["room"] * refused
    assert places(check_levels(cohort("published"), episodes(rooms))) == []
    assert places(check_levels(cohort("published", grouped_by="room"), episodes(rooms))) == ["grouped_by"] * refused


@pytest.mark.parametrize("column", ["episode_id", "patient_id"])
def test_nobody_is_grouped_by_a_label_of_a_case_or_a_person(column):
    found = check_levels(cohort("published", grouped_by=column, predictor=column), episodes(["a", "b"]))
    assert places(found) == ["grouped_by", "predictor"]


BORN = """\
mapping:
  sources:
    - table: episodes
      file: cases.csv
      columns: {episode_id: ID, age_years: Age, pregnant: Pregnant}
    - table: counts
      file: cases.csv
      columns: {episode_id: ID, day: {value: "0"}, timepoint: {value: birth}, count: Cord, analyte: {value: ANALYTE}}
"""


@pytest.mark.parametrize(
    ("line", "analyte", "day_zero", "refused"),
    [
        ("E1,,yes,150", "platelets", "first_dose", True),
        ("E1,31,,150", "platelets", "first_dose", True),
        ("E1,0,,150", "platelets", "first_dose", False),
        ("E1,,,150", "platelets", "first_dose", False),
        ("E1,31,yes,150", "newborn platelets", "first_dose", False),
        ("E1,31,yes,150", "platelets", "birth", False),
    ],
)
def test_a_count_of_a_newborn_is_none_of_the_mother(tmp_path, line, analyte, day_zero, refused):
    keys = f"day_zero: {day_zero}\n{BORN.replace('ANALYTE', analyte)}"
    found = told(make_cohort(tmp_path, keys, cases_csv=f"ID,Age,Pregnant,Cord\n{line}\n"))
    assert [one for one in found if "of a newborn and would stand among those of the mother" in one] == found[
        : int(refused)
    ]

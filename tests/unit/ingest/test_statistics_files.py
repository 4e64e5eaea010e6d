"""Stata, SPSS and SAS transport files come in as they are, with their labels, dates and missing values."""

import datetime

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from caseseries.ingest.statistics_file import read_labels
from unit.ingest.mapped_cohorts import make_cohort, rows, told

MAPPING = """\
mapping:
  sources:
    - table: episodes
      file: data.{ending}
      first_dose: start
      columns: {{episode_id: id, sex: {{from: sex, values: {{Frau: female, Mann: male, "1": female, "2": male}}}}}}
    - table: counts
      file: data.{ending}
      columns: {{episode_id: id, day: {{from: day, date: true}}, count: {{from: plt, unit: 10^9/L}}}}
"""

DATA = pd.DataFrame(
    {
        "id": [1.0, 2.0],
        "sex": [1.0, 2.0],
        "start": [datetime.date(2020, 3, 4), datetime.date(2020, 3, 5)],
        "day": [datetime.date(2020, 3, 11), datetime.date(2020, 3, 12)],
        "plt": [45.0, np.nan],
    }
)
LABELS = ["case", "Geschlecht", "first dose", "date", "platelets"]
SEXES = {"sex": {1.0: "Frau", 2.0: "Mann"}}


def write(ending, path):
    if ending == "dta":
        pyreadstat.write_dta(DATA, path, column_labels=LABELS, variable_value_labels={"sex": {1: "Frau", 2: "Mann"}})
    elif ending == "sav":
        pyreadstat.write_sav(
            DATA.fillna({"plt": -99}),
            path,
            column_labels=LABELS,
            variable_value_labels=SEXES,
            missing_ranges={"plt": [-99]},
        )
    else:
        pyreadstat.write_xport(DATA, path, column_labels=LABELS)


@pytest.mark.parametrize("ending", ["dta", "sav", "xpt"])
def test_comes_in(tmp_path, ending):
    cohort = make_cohort(tmp_path, MAPPING.format(ending=ending))
    write(ending, cohort / f"data.{ending}")
    assert rows(cohort, "episodes", "episode_id", "sex") == [["1", "female"], ["2", "male"]]
    assert rows(cohort, "counts", "episode_id", "day", "count", "source_row") == [["1", 7, "45", 1]]
    assert read_labels(cohort / f"data.{ending}")["sex"] == "Geschlecht"


@pytest.mark.parametrize("ending", ["dta", "sav", "xpt", "sas7bdat"])
def test_half_a_file_is_refused(tmp_path, ending):
    cohort = make_cohort(tmp_path, MAPPING.format(ending=ending), **{f"data_{ending}": "no such file " * 20})
    assert told(cohort)[0].startswith(f"data.{ending}: the file cannot be read as one that ends in .{ending}")

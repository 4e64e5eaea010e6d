"""Methods that no shipped cohort asks for have a second opinion too."""

import json
from contextlib import chdir

import pandas as pd

from caseseries.cli import main
from caseseries.model import methods as m
from caseseries.model.conventions import Conventions
from caseseries.model.records import Records, empty_table
from caseseries.recompute.harm_of_counts import baselines, lowest_by_day
from unit.made_series import make

SETTINGS = json.dumps({"cohorts": ["clinic-1"], "pools": [], "definitions": ["as_reported", "plt50_any"]})
ASKED = {m.KAPLAN_MEIER_QUANTILE, m.KAPLAN_MEIER_AREA, m.FIRTH_LOGISTIC, m.FIRTH_COX}


def test_of_a_series_in_which_nothing_competes_and_a_predictor_is_declared(tmp_path):
    make(tmp_path, {"north": 9, "south": 9}, "published")
    about = tmp_path / "data" / "clinic-1" / "cohort.yaml"
    about.write_text(about.read_text() + "predictor: site\n")
    with chdir(tmp_path):
        assert main(["definitions", "write"]) == 0
        for verb in ("ingest", "classify", "estimate"):
            assert main([verb, "clinic-1"]) == 0
        assert main(["recompute", "--settings", SETTINGS]) == 0
    found = pd.read_csv(tmp_path / "results" / "restricted" / "recomputed.csv")
    assert set(found["method"]) >= ASKED
    assert set(found.loc[found["method"].isin(ASKED), "agrees"]) <= {"yes", "known difference"}


def test_platelets_before_the_drug_in_a_cohort_of_another_analyte():
    """The last count that is called baseline, else the latest of the week before the first dose."""
    tables = {table: empty_table(table) for table in ("episodes", "counts", "events")}
    tables["episodes"] = pd.DataFrame({"episode_id": ["a", "b", "c"]})
    rows = [("a", -9, "baseline", 12), ("a", -3, "", 30), ("b", -20, "", 8), ("b", -2, "", 14), ("c", -8, "", 9)]
    counts = pd.DataFrame(rows, columns=["episode_id", "day", "timepoint", "lo"])
    counts = counts.assign(hi=counts["lo"], lo_open=False, hi_open=False, flag="", analyte="platelets", source_row=2)
    records = Records("c", tables | {"counts": counts}, Conventions(analyte="haemoglobin"))
    found = baselines(records, lowest_by_day(records))["lo"]
    assert found.isna().tolist() == [False, False, True]
    assert found.dropna().tolist() == [12, 14]

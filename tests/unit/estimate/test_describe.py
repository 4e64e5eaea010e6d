"""Table 1: missing shown, intervals kept, groups apart."""

import pandas as pd
import pytest

from caseseries.estimate.by_block import told_elsewhere
from caseseries.estimate.describe import describe, leave_out_told
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records, empty_table, type_table
from unit.some_cohort import FIELDS


def table(rows, aggregates=(), **more):
    """Table 1 of the given episodes and aggregates."""
    tables = {"episodes": empty_table("episodes"), "aggregates": empty_table("aggregates")}
    if rows:
        tables["episodes"] = type_table("episodes", pd.DataFrame(rows, dtype=str))
    if aggregates:
        tables["aggregates"] = type_table("aggregates", pd.DataFrame(aggregates, dtype=str))
    return describe(Cohort.model_validate(FIELDS | more), Records("some-2020", tables))


def value(frame, variable, statistic, group="all", level=""):
    """One cell."""
    chosen = frame[
        (frame["variable"] == variable)
        & (frame["statistic"] == statistic)
        & (frame["group"] == group)
        & (frame["level"] == level)
    ]
    (row,) = chosen.itertuples()
    return row


def test_unrecorded_variable_is_a_row_with_everybody_missing():
    row = value(table([{"episode_id": "E1"}, {"episode_id": "E2"}]), "age_years", "median")
    assert (row.n, row.missing) == (0, 2)
    assert pd.isna(row.value)


def test_numbers_have_median_quartiles_and_range_of_the_known():
    frame = table([{"episode_id": f"E{age}", "age_years": age} for age in ("20", "30", "40", "")])
    found = [value(frame, "age_years", name).value for name in ("minimum", "q1", "median", "q3", "maximum")]
    assert found == [20, 25, 30, 35, 40]
    assert value(frame, "age_years", "median").missing == 1


def test_categories_count_among_the_known():
    frame = table(
        [
            {"episode_id": f"E{number}", "itp_phase": phase}
            for number, phase in enumerate(["chronic", "chronic", "persistent", ""])
        ]
    )
    row = value(frame, "itp_phase", "count", level="chronic")
    assert (row.value, row.n, row.missing) == (2, 3, 1)


def test_baseline_below_a_limit_is_kept_as_an_interval_where_it_matters():
    frame = table([{"episode_id": f"E{number}", "baseline": count} for number, count in enumerate(["<5", "10", "20"])])
    assert value(frame, "baseline", "median").value == 10
    assert value(frame, "baseline", "minimum_from").value == 0
    assert value(frame, "baseline", "minimum_to").value == 5


def test_episodes_and_people_are_counted_apart():
    frame = table([{"episode_id": "1a", "patient_id": "1"}, {"episode_id": "1b", "patient_id": "1"}])
    assert value(frame, "episodes", "count").value == 2
    assert value(frame, "patients", "count").value == 1


def test_cohort_without_rows_has_the_size_of_its_groups_and_what_is_printed():
    frame = table(
        [],
        [
            {"group": "rhTPO", "outcome": "response", "events": "17", "n": "33", "origin": "printed"},
            {
                "group": "rhTPO",
                "outcome": "platelets_before_delivery",
                "n": "33",
                "value": "42",
                "lower": "21.5",
                "upper": "67.5",
                "unit": "10^9/L",
                "origin": "printed",
            },
        ],
    )
    assert value(frame, "episodes", "count", group="rhTPO").value == 33
    assert value(frame, "platelets_before_delivery", "printed_value", group="rhTPO").value == 42


def test_the_size_of_a_group_known_from_counts_has_those_that_could_not_be_evaluated():
    line = {"group": "all", "outcome": "response", "origin": "estimates"}
    frame = table(
        [],
        aggregates=[
            line | {"definition": "as_reported", "events": "3", "n": "10", "not_evaluable": ""},
            line | {"definition": "iwg2009_confirmed", "events": "2", "n": "8", "not_evaluable": "4"},
        ],
    )
    assert value(frame, "episodes", "count").value == 12


def test_words_with_one_label_are_counted_together():
    """Made-up rows: two spellings of one mode of delivery."""
    modes = ["LSCS", "CS", "CS", "NVD", "LSCS", "CS", ""]
    rows = [{"episode_id": f"E{number}", "mode": mode} for number, mode in enumerate(modes)]
    levels = {"LSCS": "caesarean", "CS": "caesarean", "NVD": "vaginal"}
    frame = table(rows, covariates=[{"name": "mode", "label": "Mode of delivery", "levels": levels}])
    found = frame[frame["variable"] == "mode"]
    assert found[["level", "value", "n", "missing"]].to_numpy().tolist() == [
        ["caesarean", 5.0, 6, 1],
        ["vaginal", 1.0, 6, 1],
    ]


@pytest.mark.parametrize(
    ("count", "dose", "told"),
    [
        ({"day": "0", "count": "8"}, {"role": "study"}, {"baseline", "drug"}),
        ({"day": "-3", "count": "8"}, {}, {"baseline", "drug"}),
        ({"timepoint": "baseline", "count": "8"}, {"role": "rescue"}, {"baseline"}),
        ({"timepoint": "before_treatment", "count": "8"}, {"role": "concomitant"}, set()),
        ({"day": "7", "count": "8"}, {"role": "study"}, {"drug"}),
        ({"day": "0", "count": "8", "analyte": "haemoglobin"}, {"role": "study"}, {"drug"}),
    ],
)
def test_what_counts_and_doses_tell_is_not_called_unrecorded(count, dose, told):
    cohort = Cohort.model_validate(FIELDS)
    rows = {"counts": {"analyte": "platelets"} | count, "exposures": {"drug": "romiplostim"} | dose}
    tables = {
        name: type_table(name, pd.DataFrame([{"episode_id": "E1"} | row], dtype=str)) for name, row in rows.items()
    }
    elsewhere = told_elsewhere(cohort, Records("some-2020", tables))
    assert elsewhere == told
    empty = table([{"episode_id": "E1"}, {"episode_id": "E2"}])
    kept = set(leave_out_told(empty, elsewhere)["variable"])
    assert set(empty["variable"]) - kept == told
    known = table([{"episode_id": "E1", "baseline": "9", "drug": "romiplostim"}])
    assert leave_out_told(known, elsewhere).equals(known)

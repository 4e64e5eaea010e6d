"""Fixtures of the tests of tables and figures."""

import pytest

from unit.render.toy_cohorts import FOUR, make_cohort, make_records, make_responses, make_times, write_project


@pytest.fixture
def four(tmp_path):
    """Write a project of four women; returns a function of the cohort's keys."""

    def write(**keys):
        cohort = make_cohort(**keys)
        responses = make_responses(["CR", "R", "NR", "NE"], days=[7, 9, None, None])
        times = make_times([7, 9, 12, 21], ["response", "response", "delivery", "censored"])
        rates = [("as_reported", "all", 2, 3, 1), ("plt50_any", "all", 0, 0, 4)]
        records = make_records(4, **FOUR)
        return cohort, write_project(tmp_path / cohort.id, cohort, records, responses, times, rates)

    return write

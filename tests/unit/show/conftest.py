"""Fixtures of the tests of tables and figures."""

from functools import cache

import pytest

from caseseries.show.show import show_cohort
from unit.show.toy_cohorts import FOUR, make_cohort, make_records, make_responses, make_times, write_project


def write_four(folder, **keys):
    """A project of four women with courses, counts, a competing event and one case that is not evaluable."""
    cohort = make_cohort(**keys)
    responses = make_responses(["CR", "R", "NR", "NE"], days=[7, 9, None, None])
    times = make_times([7, 9, 12, 21], ["response", "response", "delivery", "censored"])
    rates = [("as_reported", "all", 2, 3, 1), ("plt30_any", "all", 1, 3, 1), ("plt50_any", "all", 0, 0, 4)]
    return cohort, write_project(folder, cohort, make_records(4, **FOUR), responses, times, rates)


@pytest.fixture
def four(tmp_path):
    """A fresh project of four women, not rendered: (cohort, layout)."""
    return write_four(tmp_path / "four")


@pytest.fixture(scope="session")
def rendered(tmp_path_factory):
    """Function of a profile: the project of four women, rendered once: (cohort, layout)."""

    @cache
    def render(profile):
        provenance = "synthetic" if profile == "synthetic" else "transcribed"
        cohort, layout = write_four(tmp_path_factory.mktemp(profile), profile=profile, provenance=provenance)
        show_cohort(cohort, layout.as_told(), {})
        show_cohort(cohort, layout, {})
        return cohort, layout

    return render

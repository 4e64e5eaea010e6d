"""The stage on a made-up restricted series, from its tables to the release: what leaves, what does not, and why."""

import pandas as pd
import pytest

from caseseries.model.layout import Layout
from caseseries.model.results import read_table
from unit.made_series import disclosed

THRESHOLD = 10


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return disclosed(tmp_path_factory.mktemp("large"), {"north": 70, "south": 50})


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return disclosed(tmp_path_factory.mktemp("small"), {"north": 5, "south": 4})


def rates(layout):
    estimates = read_table(layout.estimates("clinic-1"))
    return estimates[estimates["statistic"] == "response_rate"]


def test_a_rate_of_enough_people_leaves_as_it_was_estimated(large):
    mine = rates(large)
    of_all = mine[(mine["group"] == "all") & (mine["definition"] == "plt50_any")]
    assert set(zip(of_all["events"], of_all["n"], strict=True)) == {(80, 120)}
    in_full = read_table(Layout(large.data, large.config, large.results).estimates("clinic-1"))
    columns = [name for name in mine.columns if name != "cohort"]
    both = pd.concat([mine[columns], in_full[columns]])
    assert both.duplicated().sum() == len(mine)


def test_groups_of_enough_people_leave_with_their_contrast(large):
    mine = rates(large)
    assert mine["group"].nunique() == 3
    assert (read_table(large.estimates("clinic-1"))["statistic"] == "rate_difference").any()


def test_no_count_below_the_threshold_leaves(large):
    estimates = read_table(large.estimates("clinic-1"))
    counts = pd.concat([estimates["events"], estimates["n"], estimates["n"] - estimates["events"]]).dropna()
    assert not ((counts > 0) & (counts < THRESHOLD)).any()


def test_a_curve_leaves_in_blocks_of_enough_people(large):
    estimates = read_table(large.estimates("clinic-1"))
    steps = estimates[(estimates["statistic"] == "cumulative_incidence") & (estimates["group"] == "all")]
    assert len(steps) >= 2
    for _, curve in steps.groupby(["definition", "cause"]):
        step = curve.sort_values("time")["events"].diff().dropna()
        assert not ((step > 0) & (step < THRESHOLD)).any()


def test_what_was_kept_back_is_named_with_its_reason(large):
    withheld = read_table(large.withheld("clinic-1"))
    assert "agreement" in set(withheld["kind"])
    assert (withheld["threshold"] == THRESHOLD).all()
    assert withheld["reason"].str.len().gt(10).all()


def test_of_fewer_people_than_the_threshold_nothing_leaves(small):
    for table in ("estimates", "description", "spread", "agreement", "choices", "audit", "flow"):
        assert not len(read_table(getattr(small, table)("clinic-1"))), table
    assert read_table(small.withheld("clinic-1"))["kind"].tolist() == ["cohort"]

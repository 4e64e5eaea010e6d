"""The flow of cases through the audit."""

from pathlib import Path

import pandas as pd

from caseseries.audit.counts import flow_counts
from caseseries.model.cohort import load_cohort
from caseseries.model.records import empty_table
from caseseries.model.results import ELIGIBILITY

ROOT = Path(__file__).parents[3]


def test_a_cohort_of_printed_counts_has_a_flow_of_nobody():
    """No episode, so no verdict either."""
    flow = flow_counts(
        load_cohort(ROOT / "data" / "kong-2017"), empty_table("episodes"), pd.DataFrame(columns=list(ELIGIBILITY)), {}
    )
    assert flow[["step", "n"]].to_numpy().tolist() == [["recorded", 0], ["first_episodes", 0]]

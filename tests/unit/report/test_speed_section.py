"""What the report says of times that are known only as intervals between visits. All values are made up."""

import pandas as pd
import pytest

from caseseries.model.results import ESTIMATES
from caseseries.report.speed_section import by_visits
from unit.report.test_response_section import sent


@pytest.mark.parametrize(
    ("shares", "median", "day"),
    [
        ([(1, 0.1), (3, 0.7), (5, 1.0)], 10, "by day 3"),
        ([(1, 0.1), (3, 0.7), (5, 1.0)], float("nan"), "by day 3"),
        ([(1, 0.1), (3, 0.7), (5, 1.0)], 3, ""),
        ([(1, 0.1), (3, 0.4)], 10, ""),
        ([], 10, ""),
    ],
)
def test_the_day_by_which_half_had_it_by_visits_is_said_where_it_is_sooner(tmp_path, shares, median, day):
    same = {"definition": "as_reported_recovery", "group": "all", "analysis": "sensitivity", "cause": "recovery"}
    rows = [same | {"statistic": "interval_incidence", "time": time, "estimate": share} for time, share in shares]
    found, _ = sent(tmp_path, [])
    found = type(found)(**(vars(found) | {"estimates": pd.DataFrame(rows).reindex(columns=list(ESTIMATES))}))
    text = by_visits(found, pd.Series(same | {"estimate": median}))
    assert (day in text) if day else text == ""

"""How many definitions somebody can be evaluated under, and why nobody can under the others."""

import pandas as pd

from caseseries.estimate.definition_counts import count_definitions
from caseseries.model.results import ESTIMATES, NOT_EVALUABLE_BECAUSE, RESPONSES

REASONS = {"second": ["baseline_unknown", "no_dated_count"], "third": ["baseline_unknown"], "fourth": []}
COUNTED = [("evaluable", "", 1, 4), ("not evaluable", "baseline_unknown", 2, 4), ("not evaluable", "", 1, 4)]


def classes(**by_definition) -> pd.DataFrame:
    rows = [
        {"definition": name, "response_class": one, "episode_id": f"e{place}"}
        for name, found in by_definition.items()
        for place, one in enumerate(found)
    ]
    return pd.DataFrame(rows).reindex(columns=list(RESPONSES))


def test_each_definition_is_counted_once_by_its_commonest_reason():
    responses = classes(first=["R", "NE"], second=["NE", ""], third=["NE"], fourth=["NE"], as_reported=["R"])
    why = [
        {"statistic": NOT_EVALUABLE_BECAUSE, "definition": name, "cause": cause}
        for name, causes in REASONS.items()
        for cause in causes
    ]
    counted = count_definitions(responses, pd.DataFrame(why).reindex(columns=list(ESTIMATES)), [])
    assert list(counted.itertuples(index=False, name=None)) == COUNTED


def test_where_nothing_was_applied_nothing_is_counted():
    assert count_definitions(classes(as_reported=["R"]), pd.DataFrame(columns=list(ESTIMATES)), []).empty

"""The first episode of a person: told by a column where one tells, never silently by the order of the rows."""

import numpy as np
import pandas as pd
import pytest

from caseseries.model.order import first_episodes, untold_order

TWO = {"episode_id": ["E1", "E2", "E3", "E4"], "patient_id": ["P1", "P1", "P2", "P2"]}


def first(frame):
    """Labels of the first episodes, whatever the order of the rows; made-up persons."""
    return sorted(frame.loc[first_episodes(frame), "episode_id"])


@pytest.mark.parametrize(
    "told",
    [
        {"episode_order": [2.0, 1.0, 1.0, 2.0]},
        {"age_years": [32.0, 31.0, 40.0, 41.0]},
        {"age_years": [31.0, 31.0, 40.0, 41.0], "prior_lines": [3.0, 2.0, 2.0, 2.0]},
        {"episode_order": [2.0, 1.0, np.nan, 2.0], "age_years": [30.0, 31.0, 40.0, 41.0]},
    ],
)
def test_a_column_that_tells_the_order_decides(told):
    frame = pd.DataFrame(TWO | told)
    assert first(frame) == first(frame.iloc[::-1]) == first(frame.iloc[[2, 0, 3, 1]]) == ["E2", "E3"]
    assert not untold_order(frame).any()


def test_where_no_column_tells_the_rows_decide_and_it_is_known():
    frame = pd.DataFrame(TWO | {"age_years": [31.0, 31.0, 40.0, 41.0]})
    assert first(frame) == ["E1", "E3"]
    assert frame.loc[untold_order(frame), "episode_id"].tolist() == ["E1", "E2"]


def test_one_episode_a_person_is_the_first():
    frame = pd.DataFrame({"episode_id": ["E1", "E2"], "patient_id": ["P1", "P2"]})
    assert first(frame) == ["E1", "E2"]
    assert not untold_order(frame).any()
    assert first_episodes(frame.iloc[:0]).empty

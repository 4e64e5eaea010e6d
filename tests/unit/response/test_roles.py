"""Parts in the rate of complete response, at the edges of their rules."""

import numpy as np
import pandas as pd
import pytest

from caseseries.response.roles import complete_parts_of

LABELS, RESPONSES = ["CR", "R"], ["CR", "R", "responded"]


def parts(*cases):
    """Parts of cases (class, decided class, provisional class)."""
    rows = pd.DataFrame(cases, columns=["response_class", "decided_class", "provisional_class"])
    return complete_parts_of(rows.assign(decidable="both"), RESPONSES, "CR", LABELS)


@pytest.mark.parametrize(("untold", "events"), [(1, 2), (2, 2), (3, 0)])
def test_a_rate_stands_until_of_more_than_half_of_the_responses_the_kind_is_not_told(untold, events):
    told, without_kind, failed = ("CR", "CR", ""), ("responded", "responded", ""), ("NR", "NR", "")
    found = parts(told, told, *[without_kind] * untold, failed)
    assert found.event.sum() == events
    assert found.non_event.sum() == (1 if events else 0)
    assert found.possibly.sum() == untold


def test_who_at_best_had_a_lesser_response_cannot_have_had_a_complete_one():
    found = parts(("NE", "NE", "R"), ("NE", "NE", "CR"), ("NE", "NE", ""), ("CR", "CR", ""), ("NR", "NR", ""))
    assert found.possibly.tolist() == [False, True, True, False, False]


def test_parts_are_masks_whatever_the_rows_are_named_by():
    found = parts(("NE", "NE", ""), ("responded", "responded", ""))
    assert all(isinstance(mask, np.ndarray) for mask in vars(found).values())


def test_whose_counts_show_a_complete_response_is_told_of_those_who_are_not_evaluable_alone():
    found = parts(("NE", "CR", "CR"), ("NE", "NE", ""), ("CR", "CR", "CR"), ("NR", "NR", ""))
    assert found.surely.tolist() == [True, False, False, False]
    assert found.unknown.tolist() == [True, True, False, False]


def test_a_class_above_the_complete_response_leaves_it_possible():
    rows = pd.DataFrame(
        {
            "response_class": ["NE", "NE", "NR"],
            "decided_class": ["NE", "NE", "NR"],
            "provisional_class": ["sCR", "R", ""],
        }
    )
    found = complete_parts_of(rows.assign(decidable="both"), ["sCR", "CR", "R"], "CR", ["sCR", "CR", "R"])
    assert found.possibly.tolist() == [True, False, False]

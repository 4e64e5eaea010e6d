"""Groups: one for each label, and never everybody or the missing by their name."""

import pandas as pd
import pytest

from caseseries.model.cohort import Cohort
from caseseries.model.groups import ALL, NOT_A_START, NOT_RECORDED, compared_groups, contrast_of, groups_of
from unit.some_cohort import FIELDS as SOME

FIELDS = SOME | {"grouped_by": "arm"}


def sizes(values, levels=None):
    covariates = [{"name": "arm", "label": "Arm", "levels": levels or {}}]
    cohort = Cohort.model_validate(FIELDS | {"covariates": covariates})
    episodes = pd.DataFrame({"arm": values})
    return {key: len(members) for key, members in groups_of(cohort, episodes)}, compared_groups(cohort, episodes)


def test_two_words_with_one_label_are_one_group():
    found, compared = sizes(["s1", "s2", "lo", "s1"], {"s1": "standard", "s2": "standard", "lo": "low"})
    assert found == {ALL: 4, "standard": 3, "low": 1}
    assert [key for key, _ in compared] == ["standard", "low"]


@pytest.mark.parametrize("word", ["all", "All", "not recorded", "“all”"])
def test_a_word_that_results_use_is_neither_everybody_nor_missing(word):
    found, compared = sizes([word, "none", "", word])
    assert found == {ALL: 4, f"“{word}”": 2, "none": 1, NOT_RECORDED: 1}
    assert {key: len(members) for key, members in compared} == {f"“{word}”": 2, "none": 1}
    labelled, _ = sizes(["a", "b", ""], {"a": word, "b": "none"})
    assert labelled == {ALL: 3, f"“{word}”": 1, "none": 1, NOT_RECORDED: 1}


def test_a_word_in_quotation_marks_keeps_its_place():
    assert list(sizes(["none", "all", "zero"])[0]) == [ALL, "“all”", "none", "zero"]


def test_what_joins_names_may_stand_in_a_label():
    found, _ = sizes(["x", "y", "z"], {"x": "ALL (B / T)", "y": "AML: low - risk", "z": "a against b"})
    assert list(found) == [ALL, "ALL (B / T)", "AML: low - risk", "a against b"]
    assert contrast_of(["ALL (B / T)", "AML: low - risk"]) == "ALL (B / T) against AML: low - risk"


def test_episodes_that_are_no_treatment_starts_stand_apart():
    """Made-up rows: who was on the drug already is no part of everybody, and is compared with nobody."""
    frame = pd.DataFrame({"arm": ["a", "a", "b", "b", "c"], "before": ["no", "yes", "no", "no", "yes"]})
    apart = {"not_a_start": {"before": ["yes"]}, "covariates": [{"name": "before", "label": "Before"}]}
    cohort = Cohort.model_validate(FIELDS | apart | {"grouped_by": "arm"})
    found = {key: len(members) for key, members in groups_of(cohort, frame)}
    assert found == {ALL: 3, "a": 1, "b": 2, "c": 1, NOT_A_START: 1}
    assert [key for key, _ in compared_groups(cohort, frame)] == ["a", "b"]
    alone = Cohort.model_validate(FIELDS | apart | {"grouped_by": None})
    assert {key: len(members) for key, members in groups_of(alone, frame)} == {ALL: 3, NOT_A_START: 2}


def test_a_column_of_numbers_makes_groups_too():
    found, _ = sizes([2.0, float("nan"), 2.0])
    assert found == {ALL: 3, "2": 2, NOT_RECORDED: 1}

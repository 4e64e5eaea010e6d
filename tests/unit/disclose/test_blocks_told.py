"""Curves of a restricted cohort: which blocks of time are told, of whom."""

import numpy as np
import pandas as pd
import pytest

from caseseries.disclose.curves import told_times
from caseseries.disclose.grouped_time import block_ends
from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.model.records import Records
from unit.some_cohort import restricted_cohort

K = 10
RULE = "plt50_any"


CAUSES = ("response", "death", "censored")


def people_of(days, sites=None, cause="response"):
    """A person a day of the list, all made up."""
    labels = [f"E{place}" for place in range(len(days))]
    times = pd.DataFrame({"episode_id": labels, "definition": RULE, "time": days, "cause": cause})
    episodes = pd.DataFrame({"episode_id": labels, "patient_id": labels, "site": sites or "north"})
    about = {"grouped_by": "site", "covariates": [{"name": "site", "label": "Site"}]} if sites else {}
    return People(restricted_cohort(**about), Records("site", {"episodes": episodes}), pd.DataFrame(), times)


def told(people, before=()):
    """Days of the curve that is told, and whether by group; `before` are people, the first so many, told already."""
    shown = Shown(people.number, K)
    assert shown.tell(np.arange(people.number) < number for number in before)
    times, by_group = told_times([RULE], list(people.groups), people, shown)
    return sorted(set(times["time"])), by_group


@pytest.mark.parametrize(
    ("days", "blocks"),
    [
        ([7.0] * 20 + [14.0] * 20, [7, 14]),
        ([7.0] * 10 + [14.0] * 10, [7, 14]),
        ([7.0] * 11 + [14.0] * 9, []),  # one block, which says no more than the rate does
        ([7.0] * 20 + [14.0] * 19 + [np.nan], []),  # known only within an interval
    ],
)
def test_a_curve_of_two_blocks_is_told_and_one_of_fewer_is_not(days, blocks):
    assert told(people_of(days)) == (blocks, set())


def test_by_group_where_each_has_enough_and_else_for_everybody_alone():
    sites = ["north"] * 30 + ["south"] * 30
    assert told(people_of([7.0] * 10 + [14.0] * 20 + [7.0] * 30, sites)) == ([7, 14], {RULE})
    assert told(people_of([7.0] * 5 + [14.0] * 25 + [7.0] * 25 + [14.0] * 5, sites)) == ([7, 14], set())


@pytest.mark.parametrize(("blocks", "left"), [(4, [2, 4]), (5, [2, 4, 5])])
def test_blocks_beside_which_few_people_would_follow_are_run_together(blocks, left):
    people = people_of(np.repeat(np.arange(1.0, blocks + 1), 20))
    assert told(people)[0] == list(range(1, blocks + 1))
    assert told(people, before=[25])[0] == left  # the first block has twenty of these 25


def by_day_and_cause(*first):
    """Twenty people of each day and cause, those named first in front."""
    rest = [(day, cause) for day in (1.0, 2.0, 3.0) for cause in CAUSES if (day, cause) not in first]
    days, causes = zip(*[one for one in (*first, *rest) for _ in range(20)], strict=True)
    return people_of(list(days), cause=list(causes))


@pytest.mark.parametrize(
    ("first", "before", "left"),
    [
        ([(2.0, "response"), (3.0, "death")], 30, [1, 2, 3]),
        ([(2.0, "response"), (3.0, "death")], 25, [2, 3]),  # those who responded on day 2 are 20 of the 25
        ([(1.0, "response"), (2.0, "response"), (3.0, "death")], 45, []),  # and by day 2, 40 of the 45
        ([(1.0, "response"), (2.0, "response"), (3.0, "response"), (3.0, "death")], 65, []),  # and at the end 60 of 65
        ([(3.0, "death"), (3.0, "response"), (3.0, "censored")], 65, []),  # still at risk after day 2
    ],
)
def test_of_each_cause_neither_a_block_nor_those_by_then_nor_those_at_risk_leave_few_people(first, before, left):
    assert told(by_day_and_cause(*first), before=[before])[0] == left


def test_blocks_that_nothing_makes_safe_are_not_told():
    assert told(people_of([7.0] * 20 + [14.0] * 20), before=[25]) == ([], set())


def test_what_is_left_at_the_end_joins_as_many_blocks_as_it_needs():
    day = np.repeat([3.0, 7.0, 14.0, 20.0], [10, 10, 10, 5])
    kind = np.repeat([0, 1, 0, 1], [10, 10, 10, 5])
    assert block_ends(day, kind, np.zeros(35, dtype=int), 10).tolist() == [3, 20]


def test_of_printed_counts_people_are_those_with_a_time():
    people = people_of([7.0] * 20)
    bare = People(people.cohort, Records("site", {"episodes": people.episodes.iloc[:0]}), pd.DataFrame(), people.times)
    assert bare.number == 20

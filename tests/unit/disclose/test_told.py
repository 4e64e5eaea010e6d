"""Curves, quantiles and whole cohorts told so that nobody can be told apart."""

import numpy as np
import pandas as pd
import pytest

from caseseries.disclose.flow import told_flow
from caseseries.disclose.grouped_time import block_ends, in_blocks
from caseseries.disclose.people import People
from caseseries.disclose.quantiles import rounded_quantile
from caseseries.disclose.shown import Shown
from caseseries.model.records import Records
from unit.some_cohort import some_cohort


@pytest.mark.parametrize("seed", range(20))
def test_every_block_of_time_holds_none_or_enough_of_each_kind_and_group(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 200))
    day, kind, group = rng.integers(1, 60, n).astype(float), rng.integers(0, 3, n), rng.integers(0, 2, n)
    ends = block_ends(day, kind, group, 5)
    if not ends.size:
        return
    assert ends[-1] == day.max()
    moved = in_blocks(day, ends)
    assert (moved >= day).all()
    for end in ends:
        for cell in np.bincount((kind * 2 + group)[moved == end], minlength=6):
            assert cell == 0 or cell >= 5


def test_blocks_are_as_short_as_they_may_be():
    day = np.repeat([3.0, 7.0, 14.0], 5)
    kind = group = np.zeros(15, dtype=int)
    assert block_ends(day, kind, group, 5).tolist() == [3, 7, 14]
    assert block_ends(day, kind, group, 6).tolist() == [14]
    assert block_ends(day[:4], kind[:4], group[:4], 5).tolist() == []


def test_a_quantile_is_rounded_until_it_is_the_value_of_enough_people():
    values = np.array([20.0, 21, 22, 23, 24, 31, 32, 33, 34, 35])
    for threshold in (2, 4):
        found = rounded_quantile(values, 0.5, threshold)
        assert any((np.floor(values / step + 0.5) * step == found).sum() >= threshold for step in (5, 10, 20))
    assert np.isnan(rounded_quantile(values, 0.5, 11))
    assert np.isnan(rounded_quantile(np.full(12, 7.0), 0.5, 10))
    assert np.isnan(rounded_quantile(np.array([1.0, 20]), 0.5, 2))  # no step within their range joins them
    assert rounded_quantile(np.arange(6.0), 0.5, 3) == 5  # a step as wide as all of them does


@pytest.mark.parametrize(
    ("within", "outside", "left", "leaves"),
    [(20, 20, 12, True), (49, 3, 0, False), (0, 52, 0, False), (52, 0, 0, False), (0, 0, 52, True), (26, 0, 26, True)],
)
def test_the_flow_tells_of_no_few_people_and_of_nobody_what_all_share(within, outside, left, leaves):
    ends = np.cumsum([0, within, outside, left])
    named = [(step, a, b) for step, a, b in zip(("within", "outside", "open"), ends, ends[1:], strict=False)]
    assert len(flow_of(52, [], named)) == (len(named) + 2) * leaves


@pytest.mark.parametrize(("told_before", "leaves"), [(20, True), (25, False), (14, False)])
def test_the_flow_is_told_beside_what_is_told_already(told_before, leaves):
    """Who is known to respond only within the label: five of 25 less 20 would follow."""
    named = [("within", 0, 20), ("outside", 20, 40), ("open", 40, 52)]
    assert bool(len(flow_of(52, [np.arange(52) < told_before], named))) is leaves


def test_the_flow_does_not_say_how_many_episodes_were_further_ones_of_the_same_people():
    told = flow_of(40, [], [("within", 0, 20), ("outside", 20, 40)], further=3)
    assert told.to_dict("records") == [
        {"step": "first_episodes", "of": "", "n": 40},
        {"step": "within", "of": "first_episodes", "n": 20},
        {"step": "outside", "of": "first_episodes", "n": 20},
    ]


def flow_of(people, told, named, further=0):
    """What is told of a flow of so many people, each step from one person to another, beside what is told already."""
    shown = Shown(people, 10)
    assert shown.tell(told)
    place = np.arange(people + further)
    first = place < people
    steps = [("recorded", "", place >= 0), ("further_episodes", "recorded", ~first)][: 2 if further else 1]
    steps.append(("first_episodes", "recorded", first))
    steps += [(step, "first_episodes", (place >= start) & (place < end)) for step, start, end in named]
    flow = pd.DataFrame([(step, of, int(mask.sum())) for step, of, mask in steps], columns=["step", "of", "n"])
    episodes = pd.DataFrame(
        {"episode_id": [f"E{one}" for one in place], "patient_id": [f"P{one}" for one in place % people]}
    )
    somebody = People(some_cohort(), Records("some-2020", {"episodes": episodes}), pd.DataFrame(), pd.DataFrame())
    return told_flow(flow, [(step, of, pd.Series(mask)) for step, of, mask in steps], somebody, shown)

"""Curves, quantiles and whole cohorts told so that nobody can be told apart."""

import numpy as np
import pandas as pd
import pytest

from caseseries.disclose.cohort import flow_may_leave
from caseseries.disclose.grouped_time import block_ends, in_blocks
from caseseries.disclose.quantiles import rounded_quantile
from caseseries.disclose.shown import Shown


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


@pytest.mark.parametrize(
    ("within", "outside", "left", "leaves"),
    [(20, 20, 12, True), (49, 3, 0, False), (0, 52, 0, False), (52, 0, 0, False), (0, 0, 52, True), (26, 0, 26, True)],
)
def test_the_flow_tells_of_no_few_people_and_of_nobody_what_all_share(within, outside, left, leaves):
    steps = {"recorded": 52, "further_episodes": 0, "first_episodes": 52}
    steps |= {"within": within, "outside": outside, "open": left}
    assert flow_may_leave(pd.DataFrame(steps.items(), columns=["step", "n"]), Shown(52, 10)) is leaves

"""Of a large cohort some episodes are shown one by one: so many, evenly spaced, whatever came of them."""

from itertools import pairwise

import pandas as pd
import pytest

from caseseries.model.records import Records, empty_table
from caseseries.model.sample import MOST_SHOWN, records_of, sample
from caseseries.words.nouns import say_sample


@pytest.mark.parametrize("total", [0, 1, MOST_SHOWN])
def test_a_small_cohort_is_shown_whole(total):
    episodes = [f"E{number}" for number in range(total)]
    assert sample(episodes) == episodes
    assert say_sample(total, total) == ""


@pytest.mark.parametrize("total", [MOST_SHOWN + 1, 1_000, 12_345])
def test_of_a_large_cohort_so_many_are_shown_evenly_spaced(total):
    shown = [int(episode) for episode in sample(map(str, range(total)))]
    steps = {later - earlier for earlier, later in pairwise(shown)}
    assert len(shown) == MOST_SHOWN
    assert steps <= {total // MOST_SHOWN, total // MOST_SHOWN + 1}
    assert shown[0] == 0 and shown[-1] >= total - total // MOST_SHOWN - 1


def test_an_episode_with_several_rows_counts_once():
    assert sample(["A", "B", "A"]) == ["A", "B"]


def test_the_bound_is_said():
    assert say_sample(200, 10_000) == ("Shown: 200 of 10000 episodes, evenly spaced in the order of the records.")


def test_every_table_of_the_records_is_bounded():
    episodes, counts = empty_table("episodes"), empty_table("counts")
    episodes = pd.concat([episodes, pd.DataFrame({"episode_id": ["A", "B"]})], ignore_index=True)
    counts = pd.concat([counts, pd.DataFrame({"episode_id": ["A", "B", "B"]})], ignore_index=True)
    few = records_of(Records("some", {"episodes": episodes, "counts": counts}), ["B"])
    assert list(few["episodes"]["episode_id"]) == ["B"]
    assert list(few["counts"].index) == [0, 1]

"""Response rates of a restricted cohort: whom the rate and its bounds count, and which rates of groups are told."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from caseseries.disclose.people import People
from caseseries.disclose.rates import tell_rates
from caseseries.disclose.shown import Shown
from caseseries.model.records import Records
from caseseries.model.result_columns import DECIDABLE
from unit.some_cohort import restricted_cohort

RULE = SimpleNamespace(id="some_rule", responses=["R"], measure=None, complete=None)


def people_of(*parts):
    """So many people of each (site, class, class but for what was not recorded), all made up."""
    rows = [part for number, *part in parts for _ in range(number)]
    labels = [f"E{place}" for place in range(len(rows))]
    responses = pd.DataFrame(rows, columns=["site", "response_class", "decided_class"])
    responses = responses.assign(episode_id=labels, definition=RULE.id, decidable=DECIDABLE[0])
    episodes = responses[["episode_id", "site"]].assign(patient_id=labels)
    cohort = restricted_cohort(grouped_by="site", covariates=[{"name": "site", "label": "Site"}])
    return People(cohort, Records("site", {"episodes": episodes}), responses, pd.DataFrame())


def test_bounds_count_those_who_surely_and_those_who_possibly_responded():
    people = people_of(
        (40, "a", "R", "R"), (20, "a", "NR", "NR"), (15, "a", "NE", "R"), (12, "a", "NE", "NE"), (13, "a", "NE", "NR")
    )
    counted = {name: int(np.count_nonzero(mask)) for name, mask in people.roles(RULE).items()}
    assert counted["in the worst case"] == 55
    assert counted["in the best case"] == 67
    assert (counted["event"], counted["in n"], counted["not_evaluable"]) == (40, 60, 40)


@pytest.mark.parametrize(("few", "told"), [(5, False), (15, True)])
def test_a_rate_of_a_group_is_told_with_those_of_the_others_where_nobody_is_one_of_few(few, told):
    others = [(30, site, *[word] * 2) for site in ("a", "b", "c") for word in ("R", "NR")][1:]
    people = people_of((few, "a", "R", "R"), *others)
    groups = list(people.groups)
    rates = tell_rates([RULE], groups, people, Shown(people.number, 10))
    assert rates == ({("response_rate", RULE.id, group) for group in groups} if told else set())

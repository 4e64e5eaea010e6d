"""Which response rates of a restricted cohort may be told, of all and of groups, under which definitions."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL

RESPONSE = ("response_rate", "response_rate_best_case", "response_rate_worst_case")
COMPLETE = ("complete_response_rate", "complete_response_rate_best_case", "complete_response_rate_worst_case")
Told = set[tuple[str, str, str]]


def tell_rates(definitions: Iterable[Definition], groups: Iterable[str], people: People, shown: Shown) -> Told:
    """(statistic, definition, group) of each rate that may be told; those that may are counted as told in `shown`.

    Nobody, or everybody, is as telling as one person where a group is known: such a rate is not told. The groups of a
    definition are told together or not at all: the last one would follow from the others.
    """
    told: Told = set()
    groups = list(groups)
    for definition in definitions:
        if definition.measure is not None:
            continue
        kinds = [("response_rate", people.roles(definition))]
        if definition.complete is not None:
            kinds.append(("complete_response_rate", people.complete(definition)))
        for statistic, roles in kinds:
            masks = [role & people.group(group) for group in groups for role in roles.values()]
            if _spread(roles, groups, people) and shown.tell(mask for mask in masks if mask.any()):
                told |= {(statistic, definition.id, group) for group in groups}
    return told


def _spread(roles: dict[str, np.ndarray], groups: list[str], people: People) -> bool:
    """Whether somebody in each group had the event and somebody did not."""
    return all(
        (roles["event"] & people.group(group)).any() and (roles["non_event"] & people.group(group)).any()
        for group in groups
    )


def told_rates(estimates: pd.DataFrame, told: Told) -> pd.DataFrame:
    """The rows of estimates.csv whose rates may be told."""
    statistic = estimates["statistic"].map(
        {name: RESPONSE[0] for name in RESPONSE} | {name: COMPLETE[0] for name in COMPLETE}
    )
    keys = zip(statistic, estimates["definition"], estimates["group"], strict=True)
    primary = estimates["analysis"] == "primary"
    return estimates[primary & pd.Series([key in told for key in keys], index=estimates.index)]


def told_contrasts(estimates: pd.DataFrame, told: Told, groups: Iterable[str]) -> pd.DataFrame:
    """Differences and tests of rates under the definitions whose rates are told for every group."""
    groups = list(groups)
    definitions = {
        definition
        for statistic, definition, group in told
        if group != ALL and statistic == RESPONSE[0] and all((statistic, definition, one) in told for one in groups)
    }
    of_rates = (estimates["contrast"] != "") & (estimates["cause"] == "") & (estimates["group"] == ALL)
    return estimates[of_rates & estimates["definition"].isin(definitions) & estimates["statistic"].isin(OF_RATES)]


OF_RATES = ("rate_difference", "p_value", "groups_compared")
"""Statistics that compare the rates of groups and tell nothing that the rates do not."""

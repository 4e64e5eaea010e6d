"""Whom the rate counts by class and the curve does not by time, and the other way round.

Both may be right: a class can be of another week than a time, the class stays the source's where delivery or rescue
came before the reported response, and a response whose day nobody wrote down has a class alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, first_of
from caseseries.model.numbering import Numbering, by_definition, numbering_of
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.response.roles import judged

BY_CLASS, BY_TIME = "responders_by_class_alone", "responders_by_time_alone"
NO_DAY = "no_day"
"""What stands in `cause` for a responder of whom no day is known."""
NOT_FOLLOWED = "failures_without_time"


def failures_of(responses: pd.DataFrame, definitions: list[Definition]) -> dict[str, pd.Series]:
    """Ids of the episodes that are known not to have responded, by definition."""
    found = {}
    of_definition = by_definition(responses)
    for definition in definitions:
        if definition.responses and definition.id in of_definition:
            rows = of_definition[definition.id]
            event, unknown = judged(rows, definition.responses)
            found[definition.id] = rows["episode_id"][~event & ~unknown].reset_index(drop=True)
    return found


def of_both(times: pd.DataFrame, failures: dict[str, pd.Series]) -> pd.DataFrame:
    """Times of the definitions that can compare people: not of those that no failure has, though some failed."""
    numbering = Numbering(pd.Index(times["episode_id"].unique()))
    seen = {name: numbering.marked(here["episode_id"]) for name, here in by_definition(times).items()}
    failed = {name: numbering.of(ids) for name, ids in failures.items() if len(ids) and name in seen}
    alone = [name for name, numbers in failed.items() if not seen[name][numbers].any()]
    return times[~times["definition"].isin(alone)] if alone else times


def compare_rate_and_curve(
    cohort: Cohort, records: Records, responses: pd.DataFrame, times: pd.DataFrame, definitions: list[Definition]
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) that count whom rate and curve of everybody do not share.

    Returns
    -------
    For each definition whose response is timed in somebody: `responders_by_class_alone`, `cause` being what the curve
    has of them (what came first, `censored`, or `no_day`), and `responders_by_time_alone`, `cause` being what the rate
    has of them (`non_event`, `not_evaluable`), and `failures_without_time`, those known not to have responded of whom
    nobody wrote how long they were followed. No row where there is nobody, nor of cases that were selected.
    """
    episodes = records["episodes"]
    if cohort.selected or not len(episodes):
        return pd.DataFrame()
    numbering = numbering_of(records).part(first_of(cohort, records).everybody)
    timed_of = by_definition(times[["episode_id", "definition", "cause"]])
    classed_of = by_definition(responses[["episode_id", "definition", "response_class", "decidable"]])
    rows = []
    for definition in definitions:
        here = timed_of.get(definition.id)
        if here is None or event_of(definition.id) != "response" or not here["cause"].isin(["response"]).any():
            continue
        own = numbering.in_order(classed_of.get(definition.id, responses.iloc[:0]))
        common = {"group": ALL, "definition": definition.id, "analysis": "primary", "method": m.COUNT, "n": len(own)}
        counted = count_apart(*judged(own, definition.responses), numbering.in_order(here)["cause"])
        rows += [
            common | {"statistic": statistic, "cause": cause, "events": number, "estimate": number}
            for statistic, cause, number in counted
        ]
    return pd.DataFrame(rows)


def count_apart(responds: np.ndarray, unknown: np.ndarray, causes: pd.Series) -> list[tuple[str, str, int]]:
    """Statistic, `cause` and number of those whom rate and curve do not share, where there is anybody.

    Parameters
    ----------
    responds, unknown : who responded by class, and who is not evaluable.
    causes : what the curve has of each, missing where it has nothing.
    """
    timed, no_day, failed = (causes == "response").to_numpy(), causes.isna().to_numpy(), ~responds & ~unknown
    by_cause = causes[responds & ~timed].value_counts()
    found = [
        *((BY_CLASS, str(cause), number) for cause, number in by_cause.items()),
        (BY_CLASS, NO_DAY, np.count_nonzero(responds & no_day)),
        (BY_TIME, "non_event", np.count_nonzero(timed & failed)),
        (BY_TIME, "not_evaluable", np.count_nonzero(timed & unknown)),
    ]
    found = [*sorted(found), (NOT_FOLLOWED, "non_event", np.count_nonzero(failed & no_day))]
    return [(statistic, cause, int(number)) for statistic, cause, number in found if number]

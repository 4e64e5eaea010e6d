"""Whom the rate counts by class and the curve does not by time, and the other way round.

Both may be right: a class can be of another week than a time, the class stays the source's where delivery or rescue
came before the reported response, and a response whose day nobody wrote down has a class alone.
"""

from __future__ import annotations

import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, groups_of, primary_episodes
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.response.roles import roles_of

BY_CLASS, BY_TIME = "responders_by_class_alone", "responders_by_time_alone"
NO_DAY = "no_day"
"""What stands in `cause` for a responder of whom no day is known."""
NOT_FOLLOWED = "failures_without_time"


def failures_of(responses: pd.DataFrame, definitions: list[Definition]) -> dict[str, set[str]]:
    """Episodes that are known not to have responded, by definition."""
    found = {}
    by_definition = dict(list(responses.groupby("definition", sort=False)))
    for definition in definitions:
        if definition.responses and definition.id in by_definition:
            rows = by_definition[definition.id]
            failed = (roles_of(rows, definition.responses) == "non_event").to_numpy()
            found[definition.id] = set(rows["episode_id"].to_numpy()[failed])
    return found


def of_both(times: pd.DataFrame, failures: dict[str, set[str]]) -> pd.DataFrame:
    """Times of the definitions that can compare people: not of those that no failure has, though some failed."""
    seen = {name: set(here["episode_id"]) for name, here in times.groupby("definition", sort=False)}
    alone = [name for name, failed in failures.items() if failed and not failed & seen.get(name, failed)]
    return times[~times["definition"].isin(alone)]


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
    everybody = dict(groups_of(cohort, episodes[primary_episodes(cohort, episodes)]))[ALL]["episode_id"]
    first = {name: here.set_index("episode_id")["cause"] for name, here in times.groupby("definition", sort=False)}
    rows = []
    for definition in definitions:
        causes = first.get(definition.id)
        if causes is None or event_of(definition.id) != "response" or not causes.isin(["response"]).any():
            continue
        own = responses[responses["definition"] == definition.id].set_index("episode_id").reindex(everybody)
        roles, causes = roles_of(own, definition.responses), causes.reindex(everybody).fillna(NO_DAY)
        responds, timed = (roles == "event").to_numpy(), (causes == "response").to_numpy()
        common = {"group": ALL, "definition": definition.id, "analysis": "primary", "method": m.COUNT}
        for statistic, of in ((BY_CLASS, causes[responds & ~timed]), (BY_TIME, roles[timed & ~responds])):
            counted = of.value_counts().sort_index()
            rows += [
                common | {"statistic": statistic, "cause": name, "events": number, "estimate": number, "n": len(own)}
                for name, number in counted.items()
            ]
        if number := int(((roles == "non_event") & (causes == NO_DAY)).sum()):
            counts = {"events": number, "estimate": number, "n": len(own)}
            rows.append(common | counts | {"statistic": NOT_FOLLOWED, "cause": "non_event"})
    return pd.DataFrame(rows)

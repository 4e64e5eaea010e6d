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


def compare_rate_and_curve(
    cohort: Cohort, records: Records, responses: pd.DataFrame, times: pd.DataFrame, definitions: list[Definition]
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) that count whom rate and curve of everybody do not share.

    Returns
    -------
    For each definition whose response is timed in somebody: `responders_by_class_alone`, `cause` being what the curve
    has of them (what came first, `censored`, or `no_day`), and `responders_by_time_alone`, `cause` being what the rate
    has of them (`non_event`, `not_evaluable`). No row where there is nobody, nor of cases that were selected.
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
    return pd.DataFrame(rows)

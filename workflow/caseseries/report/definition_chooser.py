"""A definition is chosen, and its rate, its times, its curve and its classes are seen: every choice stands ready."""

from __future__ import annotations

import pandas as pd

from caseseries.model.applicable import in_order
from caseseries.model.groups import ALL
from caseseries.model.results import number_key
from caseseries.report.case_files import case_anchors
from caseseries.report.page import Block, Chooser, Classes, Curve, Option, Paragraph
from caseseries.report.speed_section import median_sentence
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.rates import base_groups, rate_frame, rates_in_order
from caseseries.words.intervals import rate
from caseseries.words.nouns import people_of
from caseseries.words.response import say_bounds, say_response

CASES_LISTED = 60
"""More cases than this, and their classes stand in the table of cases alone."""

ORDER = ("CR", "R", "yes", "NR", "no", "NE")
"""Classes in the order in which they are listed; others follow."""


def definition_chooser(leading: str, found: CohortResults, study: Study) -> list[Block]:
    """A part for each definition that can be evaluated, the leading one first; nothing where there is one alone."""
    rates = found.rates
    rates = rates[(rates["n"] > 0) & (rates["group"] == (base_groups(found.estimates) or [ALL])[0])]
    if rates["definition"].nunique() < 2:
        return []
    ordered = rates_in_order(rates, [one.id for one in in_order(study.catalogue.values(), found.leads)])
    options = []
    for definition in dict.fromkeys([leading, *ordered["definition"]]):
        row = chosen(rates, definition=definition).iloc[0]
        options.append(Option(study.label(definition), blocks_of(row, found)))
    return [Chooser("Rate, curve and classes under each definition", options)]


def blocks_of(row: pd.Series, found: CohortResults) -> list[Block]:
    """What is known under one definition."""
    definition, noun = row["definition"], people_of([found.cohort])
    said = [
        say_response(
            row["events"],
            row["n"],
            row["lower"],
            row["upper"],
            level=row["level"],
            noun=noun,
            not_evaluable=row["not_evaluable"],
        )
    ]
    if row["not_evaluable"]:
        said.append(say_bounds(row["worst"], row["best"], row["n"] + row["not_evaluable"], row["not_evaluable"]))
    complete = chosen(rate_frame(found.estimates, "complete_response_rate"), definition=definition, group=row["group"])
    for one in complete[complete["n"] > 0].head(1).itertuples():
        said.append(f"Complete response: {rate(one.events, one.n, one.lower, one.upper, level=one.level)}.")
    medians = found.rows("median_time", definition=definition, analysis="primary", group=ALL)
    said += [median_sentence(found, line) for _, line in medians.head(1).iterrows()]
    key = number_key({"statistic": "response_rate"} | row.to_dict())
    return [Paragraph(" ".join(said), key=key), *curve(definition, found), *classes(definition, found)]


def curve(definition: str, found: CohortResults) -> list[Block]:
    """The cumulative incidence of response with its band, from day 0 to the last day on which it is known."""
    same = {"definition": definition, "analysis": "primary", "group": ALL, "cause": "response"}
    steps = found.rows("cumulative_incidence", **same).sort_values("time")
    if found.cohort.selected or steps["n"].max() < 2 or not steps["events"].sum():
        return []
    return [Curve(list(steps[["time", "estimate", "lower", "upper"]].itertuples(index=False, name=None)))]


def classes(definition: str, found: CohortResults) -> list[Block]:
    """Which cases have which class, each leading to its case."""
    rows = found.responses[found.responses["definition"] == definition]
    if not 0 < len(rows) <= CASES_LISTED:
        return []
    anchors = case_anchors(found)
    of_class = {
        name: [(episode, anchors.get(episode, "")) for episode in same["episode_id"]]
        for name, same in rows[rows["response_class"] != ""].groupby("response_class", sort=False)
    }
    ordered = sorted(of_class, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return [Classes([(name, of_class[name]) for name in ordered])]

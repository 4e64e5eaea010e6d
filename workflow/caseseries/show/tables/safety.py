"""Outcomes other than response, harm first, with groups side by side; and adverse events of single cases."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.results import ADVERSE_EVENT_RATES
from caseseries.show.rates import level_of, rate_frame
from caseseries.show.save import Table
from caseseries.words import format as fmt
from caseseries.words.labels import ordered_groups
from caseseries.words.sentences import outcome_words

HARMS = ("adverse", "death", "thromb", "haemorrhage", "bleed", "impairment", " in newborns", " in mothers")
"""Words that mark an outcome as harm, the ones to be read first in front."""


def harm_rank(cause: str) -> int:
    """Place of an outcome in the order of reading; responses come last."""
    words = outcome_words(cause)
    place = next((place for place, mark in enumerate(HARMS) if mark in words), len(HARMS))
    return place + 1 if "response" in words else place


def outcome_table(estimates: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """Outcomes that were counted, harm first; a column a group where they were counted in several.

    None where nothing was counted.
    """
    rates = rate_frame(estimates, "outcome_rate")
    rates = rates[rates["n"] > 0]
    if rates.empty:
        return None
    causes = sorted(dict.fromkeys(rates["cause"]), key=harm_rank)
    groups = ordered_groups(rates["group"])
    level = level_of(rates)
    if len(groups) == 1:
        header = ["Outcome", "Cases/n", "Rate", f"{level} interval, Wilson", f"{level} interval, Clopper-Pearson"]
        who = "" if groups == [ALL] else f" in {groups[0]}"
        caption = f"Outcomes other than response{who}, with the number observed."
    else:
        header = ["Outcome", *("All" if group == ALL else group for group in groups)]
        caption = (
            "Outcomes other than response: cases of those observed and percent, with the "
            f"{level} interval (Clopper-Pearson). “–”: not counted in this group."
        )
    rows = [_row(rates[rates["cause"] == cause], cause, groups) for cause in causes]
    return Table("safety", "safety", "Outcomes and safety", caption, header, rows, 40, synthetic=synthetic)


def _row(rates: pd.DataFrame, cause: str, groups: list[str]) -> list[str]:
    words = outcome_words(cause)
    name = words[0].upper() + words[1:]
    if len(groups) == 1:
        rate = rates.iloc[0]
        return [
            name,
            fmt.fraction(rate["events"], rate["n"]),
            fmt.percent(rate["estimate"], rate["n"]),
            fmt.percent_interval(rate["lower"], rate["upper"], rate["n"]),
            fmt.percent_interval(rate["exact_lower"], rate["exact_upper"], rate["n"]),
        ]
    by_group = {rate.group: rate for rate in rates.itertuples()}
    return [name, *(_cell(by_group.get(group)) for group in groups)]


def _cell(rate: object | None) -> str:
    if rate is None:
        return fmt.NOTHING
    interval = fmt.percent_interval(rate.exact_lower, rate.exact_upper, rate.n)
    return f"{fmt.fraction(rate.events, rate.n)}, {fmt.percent(rate.estimate, rate.n)}\n({interval})"


def adverse_event_table(estimates: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """Adverse events by term and who had it: episodes with at least one; None where none is recorded.

    Cases that were selected, as case reports are, have no share: silence on harm is not its absence.
    """
    subjects = {statistic: subject for subject, statistic in ADVERSE_EVENT_RATES.items()}
    counted = estimates[estimates["statistic"].isin(subjects) & (estimates["cause"] != "")]
    counted = counted.drop_duplicates(["statistic", "cause"])
    if counted.empty:
        return None
    shared = counted["estimate"].notna().all()
    header, caption = ["Event", "In whom", "Episodes/n", "Percent"], "Episodes with at least one such event."
    if not shared:
        header = ["Event", "In whom", "Episodes"]
        caption = (
            "Episodes with at least one such event; no share, because the cases were selected and one whose "
            "source is silent on harm is not one without."
        )
    rows = [
        [
            line.cause,
            subjects[line.statistic] or fmt.NOTHING,
            *(
                [fmt.fraction(line.events, line.n), fmt.percent(line.estimate, line.n)]
                if shared
                else [fmt.number(line.events)]
            ),
        ]
        for line in counted.itertuples()
    ]
    return Table("adverse_events", "safety", "Adverse events", caption, header, rows, 41, 2, synthetic=synthetic)

"""What may leave of one restricted cohort: its results, told so that nobody can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from caseseries.disclose.aggregates import told_aggregates
from caseseries.disclose.curves import told_times
from caseseries.disclose.description import of_first_episodes, told_description
from caseseries.disclose.flow import told_flow
from caseseries.disclose.harm import tell_harms, told_harms
from caseseries.disclose.people import People
from caseseries.disclose.rates import tell_rates, told_contrasts, told_rates
from caseseries.disclose.rounding import rounded, rounded_curves, rounded_description, rounded_rates
from caseseries.disclose.shown import Shown
from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.curves import estimate_curves
from caseseries.estimate.harms import Outcome
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL
from caseseries.model.results import HARM_RATES, WITHHELD
from caseseries.sensitivity.spread import spread_table


@dataclass(frozen=True)
class Results:
    """The results of a cohort, table by table as `model.results` has them."""

    estimates: pd.DataFrame
    description: pd.DataFrame
    spread: pd.DataFrame
    agreement: pd.DataFrame
    choices: pd.DataFrame
    multiverse: pd.DataFrame
    audit: pd.DataFrame
    audit_choices: pd.DataFrame
    flow: pd.DataFrame


REASONS = {
    "cohort": "fewer people than the threshold",
    "groups": "a group, or the rest without it, is of fewer people than the threshold",
    "rates": "a part is of fewer people than the threshold, nobody or everybody, or follows from what is told",
    "curves": "no blocks of time hold enough people for each step",
    "description": "a level is of fewer people than the threshold, or a value is one person's",
    "agreement": "pairs of definitions tell of the few people on whom they differ",
    "choices": "settings tell of the few people whom they move",
    "audit": "verdicts tell of few people",
    "safety": "a part is of fewer people than the threshold, nobody or everybody, or follows from what is told",
    "flow": "a step is of fewer people than the threshold, or of everybody",
}
"""Why something is withheld, by its kind."""


def told_results(
    results: Results,
    people: People,
    definitions: list[Definition],
    main: str,
    level: float,
    outcomes: Sequence[Outcome] = (),
    steps: Sequence[tuple[str, str, pd.Series]] = (),
) -> tuple[Results, pd.DataFrame]:
    """What may leave, and what may not (`results.WITHHELD`).

    The most wanted comes first, since what is told narrows what may be told beside it: the rate under the main
    definition, its curve, Table 1, then the other definitions, harm (`outcomes`) and the flow (`steps`).
    """
    shown = Shown(people.number, people.cohort.disclosure.threshold)
    withheld: dict[str, int] = {}
    if shown.small(people.number):
        return _nothing(results), _withheld(people, {"cohort": 1})
    leading, others = ([one for one in definitions if (one.id == main) == first] for first in (True, False))
    groups = list(people.groups)
    if groups and not shown.tell(people.groups.values()):
        groups, withheld["groups"] = [], len(groups)
    told = tell_rates(leading, [ALL], people, shown)
    told |= tell_rates(leading, groups, people, shown) if groups and told else set()
    drawn = results.estimates.loc[results.estimates["time"].notna(), "definition"]
    timed = sorted(set(people.times["definition"]) & set(drawn), key=lambda one: (one != main, one))
    wanted = [one for one in timed if one == main or one.startswith("as_reported_")]
    times, by_group = told_times(wanted, groups, people, shown)
    description = told_description(of_first_episodes(results.description, people), groups, people, shown)
    told |= tell_rates(others, [ALL], people, shown)
    told |= tell_rates(others, groups, people, shown) if groups else set()
    harms = tell_harms(outcomes, [ALL], people, shown)
    harms |= tell_harms(outcomes, groups, people, shown) if groups else set()
    parts = _told_estimates(results.estimates, told, harms, groups, people, level)
    parts += _told_curves(times, by_group, people, level)
    estimates = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    estimates = estimates.reindex(columns=results.estimates.columns).assign(cohort=people.cohort.id)
    spread = spread_table(people.cohort.id, estimates, definitions)
    withheld |= {
        "rates": results.estimates["definition"].nunique() - estimates["definition"].nunique(),
        "curves": len(set(people.times["definition"]) - set(estimates.loc[estimates["time"].notna(), "definition"])),
        "description": results.description["variable"].nunique() - description["variable"].nunique(),
        "agreement": len(results.agreement),
        "choices": len(results.choices) + len(results.multiverse),
        "audit": len(results.audit),
        "safety": _harms_in(results.estimates) - _harms_in(estimates),
    }
    flow = told_flow(results.flow, steps, people, shown)
    withheld["flow"] = len(results.flow) - len(flow)
    if base := people.cohort.disclosure.rounding:
        description, flow = rounded_description(description, base), flow.assign(n=rounded(flow["n"], base))
    kept = Results(
        estimates,
        description,
        spread,
        results.agreement.iloc[:0],
        results.choices.iloc[:0],
        results.multiverse.iloc[:0],
        results.audit.iloc[:0],
        results.audit_choices.iloc[:0],
        flow,
    )
    return kept, _withheld(people, withheld)


def _told_estimates(
    estimates: pd.DataFrame, told: set, harms: set, groups: list[str], people: People, level: float
) -> list[pd.DataFrame]:
    """Rates that are told, and what compares them."""
    aggregates = told_aggregates(estimates, people.cohort.disclosure.threshold)
    rates, harm = told_rates(estimates, told), told_harms(estimates, harms)
    base = people.cohort.disclosure.rounding
    if base is None:
        return [rates, aggregates, told_contrasts(estimates, told, groups), harm]
    rates, aggregates, harm = (rounded_rates(part, base) for part in (rates, aggregates, harm))
    contrasts = contrast_groups(people.cohort, people.records, rates, people.times.iloc[:0], level)
    return [rates, aggregates, contrasts, harm]


def _told_curves(times: pd.DataFrame, by_group: set[str], people: People, level: float) -> Iterator[pd.DataFrame]:
    """Curves and tests made again from the blocks of time; those of groups where the groups may be told."""
    if people.cohort.disclosure.rounding:
        yield from rounded_curves(times, by_group, people, level)
        return
    alone = people.cohort.model_copy(update={"grouped_by": None})
    grouped = times["definition"].isin(by_group)
    for cohort, these in ((people.cohort, times[grouped]), (alone, times[~grouped])):
        if len(these):
            curves = estimate_curves(cohort, people.records, these, level)
            yield curves[curves["statistic"] != "later_events"]  # of few, and counted in the records themselves
            yield contrast_groups(cohort, people.records, pd.DataFrame(), these, level)


def _harms_in(estimates: pd.DataFrame) -> int:
    """Number of rates of harm of which anything is known."""
    rows = estimates[estimates["statistic"].isin(HARM_RATES) & ((estimates["n"] > 0) | (estimates["events"] > 0))]
    return len(rows)


def _nothing(results: Results) -> Results:
    return Results(**{name: frame.iloc[:0] for name, frame in vars(results).items()})


def _withheld(people: People, counts: dict[str, int]) -> pd.DataFrame:
    rows = [
        {
            "cohort": people.cohort.id,
            "kind": kind,
            "threshold": people.cohort.disclosure.threshold,
            "reason": REASONS[kind],
        }
        for kind, count in counts.items()
        if count > 0
    ]
    return pd.DataFrame(rows, columns=list(WITHHELD))

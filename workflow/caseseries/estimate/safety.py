"""Safety of a cohort as rows of estimates.csv: how often each harm happened among those of whom it could be known.

What happened to somebody outside enters the bounds: the best case has as few events as the record allows, the worst as
many. Cases that were selected have counts and no share: one whose source is silent on harm is not one without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pandas as pd

from caseseries.estimate.exposure import Exposures, exposure_rows, exposures_of, first_by_group
from caseseries.estimate.harms import Outcome, adverse_event_outcomes, bleeding_outcomes, treatment_outcomes
from caseseries.estimate.platelet_harms import platelet_outcomes
from caseseries.estimate.rates import rate_rows
from caseseries.estimators.incidence_rate import poisson_rate
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug
from caseseries.model.groups import ALL
from caseseries.model.records import Records
from caseseries.model.results import CASE_SETS
from caseseries.model.safety import Vocabulary
from caseseries.model.sample import MOST_SHOWN, MOST_TRIED
from caseseries.response import truth
from caseseries.response.series import Evidence

SELECTED = "no share: the cases were selected, and silence on harm is not its absence"
NOT_RECORDED = "of nobody was it recorded whether it happened"
DAYS_A_WEEK = 7
PER_WEEKS = 100


def estimate_safety(
    cohort: Cohort, records: Records, drugs: dict[str, Drug], vocabulary: Vocabulary, level: float
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) on adverse events, other harms and exposure, by group.

    Of the first episode of each person; empty for a cohort without rows of episodes.
    """
    return safety_and_cases(cohort, records, drugs, vocabulary, level)[0]


def safety_and_cases(
    cohort: Cohort,
    records: Records,
    drugs: dict[str, Drug],
    vocabulary: Vocabulary,
    level: float,
    exposures: Exposures | None = None,
    of_blocks: Iterable[Outcome] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`estimate_safety`, and rows of case_sets.csv: who had each harm, who had not, of whom it is not known.

    Of a large cohort only small sets are named case by case, as in `rates.estimate_rates`.

    Parameters
    ----------
    exposures, of_blocks : what each episode got, and `outcomes_of_block`, where they are made already.
    """
    sets = [pd.DataFrame(columns=list(CASE_SETS))]
    if records["episodes"].empty:
        return pd.DataFrame(), sets[0]
    exposures = exposures_of(cohort, records, drugs) if exposures is None else exposures
    ids = records["episodes"]["episode_id"].to_numpy(object)
    groups = first_by_group(cohort, records)
    rows = number_of_events(records)
    for outcome in outcomes_of(cohort, records, drugs, vocabulary, exposures, of_blocks):
        for group, members in groups:
            mine = members[outcome.looked_at[members]]
            if not len(mine):
                continue
            case_set = f"{outcome.statistic}:{outcome.cause}:{group}"
            common = {"group": group, "definition": "", "analysis": "primary", "cause": outcome.cause}
            found = outcome_rows(outcome, mine, exposures, level, selected=bool(cohort.selected))
            rows += [common | {"case_set": case_set} | row for row in found]
            if found and (len(ids) <= MOST_TRIED or len(mine) <= MOST_SHOWN):
                roles = roles_in(outcome, mine, selected=bool(cohort.selected))
                sets.append(pd.DataFrame({"case_set": case_set, "role": roles, "episode_id": ids[mine]}))
    if cohort.counts_from_dose:
        rows += exposure_rows(groups, records, exposures)
    return pd.DataFrame(rows), pd.concat(sets, ignore_index=True)


def roles_in(outcome: Outcome, mine: np.ndarray, *, selected: bool) -> np.ndarray:
    """What each of some episodes is to the rate of a harm; among selected cases those with it are counted alone."""
    had = outcome.happened[mine] == truth.TRUE
    if selected:
        return np.where(had, "event", "not_evaluable")
    return np.where(~outcome.in_rate[mine], "not_evaluable", np.where(had, "event", "non_event"))


def outcomes_of(
    cohort: Cohort,
    records: Records,
    drugs: dict[str, Drug],
    vocabulary: Vocabulary,
    exposures: Exposures | None = None,
    of_blocks: Iterable[Outcome] | None = None,
) -> list[Outcome]:
    """Every outcome of a cohort that is looked at; parameters as of `safety_and_cases`."""
    if of_blocks is None:
        of_blocks = outcomes_of_block(cohort, records, drugs, exposures or exposures_of(cohort, records, drugs))
    return [*adverse_event_outcomes(cohort, records, drugs, vocabulary), *of_blocks]


def outcomes_of_block(
    cohort: Cohort,
    records: Records,
    drugs: dict[str, Drug],
    exposures: Exposures,
    evidence_for: Callable[[str], Evidence] | None = None,
) -> Iterator[Outcome]:
    """The outcomes that are the same in number whatever the rows: all but adverse events, which have names.

    Parameters
    ----------
    evidence_for : the evidence of the records for an analyte, where it was made already.
    """
    yield from platelet_outcomes(cohort, records, exposures, evidence_for)
    yield from bleeding_outcomes(records)
    yield from treatment_outcomes(records, drugs)


def number_of_events(records: Records) -> list[dict]:
    """How many adverse events are on record; one that is entered twice, alike in every cell, is one."""
    events = records["adverse_events"].drop(columns="source_row").drop_duplicates()
    if events.empty:
        return []
    once = records["episodes"]["patient_id"].is_unique
    about = {"group": ALL, "definition": "", "analysis": "primary" if once else "all_episodes", "method": m.COUNT}
    counts = {"estimate": len(events), "events": len(events), "n": len(records["episodes"]), "not_evaluable": 0}
    return [about | {"statistic": "adverse_events"} | counts]


def outcome_rows(
    outcome: Outcome, mine: np.ndarray, exposures: Exposures, level: float, *, selected: bool
) -> list[dict]:
    """Rate among those in n, its bounds where some are not, and the rate by time on the drug where that is known.

    Parameters
    ----------
    mine : numbers of the episodes that are looked at.
    """
    statistic, happened = outcome.statistic, outcome.happened[mine]
    had = int((happened == truth.TRUE).sum())
    if selected:
        row = {"statistic": statistic, "events": had, "n": len(mine), "not_evaluable": 0, "method": m.COUNT}
        return [row | {"note": SELECTED}] if had else []
    inside = mine[outcome.in_rate[mine]]
    events = int((outcome.happened[inside] == truth.TRUE).sum())
    outside = len(mine) - len(inside)
    rows = rate_rows(statistic, events, len(inside), outside, level, (m.EXACT,), NOT_RECORDED)
    if outside:
        most = had + int((happened == truth.UNKNOWN).sum())
        rows += rate_rows(f"{statistic}_best_case", had, len(mine), 0, level, (m.EXACT,))
        rows += rate_rows(f"{statistic}_worst_case", most, len(mine), 0, level, (m.EXACT,))
    days = exposures.days[inside]
    if outcome.timed and len(inside) and not np.isnan(days).any():
        rows.append(by_time(statistic, events, int(days.sum()), level) | {"n": len(inside), "not_evaluable": outside})
    return rows


def by_time(statistic: str, events: int, days: int, level: float) -> dict:
    """Episodes with the event per 100 weeks on the drug, all of them summed."""
    weeks = days / DAYS_A_WEEK / PER_WEEKS
    rate, lower, upper = poisson_rate(events, weeks, level)
    limits = {"estimate": rate, "lower": lower, "upper": upper, "level": level}
    return {"statistic": f"{statistic}_per_100_weeks", "events": events, "method": m.POISSON} | limits

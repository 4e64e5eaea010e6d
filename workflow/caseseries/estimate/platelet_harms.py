"""Harms that are read from platelet counts: too high, low after the drug was stopped, low at delivery or in newborns.

Counts after a platelet transfusion are left out, and of several on one day the lowest is taken, as for doses. The
worked cases S05 to S08 of tests/spec/audit_vectors.yaml show the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

from caseseries.estimate.exposure import Exposure
from caseseries.estimate.harms import Judged, Outcome
from caseseries.model.cohort import Cohort
from caseseries.model.quantity import UNKNOWN, Interval, Truth, either, exceeds, parse_interval, reaches
from caseseries.model.records import Records
from caseseries.response.day_counts import DayCount, baselines_of, daily_counts
from caseseries.response.evidence import episode_ids, evidence_of

OVERSHOOT = (400, 1000)
BELOW_BASELINE = float("inf")
"""No figure: any count below baseline."""
REBOUND = (10, 20, BELOW_BASELINE)
REBOUND_DAYS = 28
"""Days after the last dose in which a low count is a rebound."""
NEWBORN = (50, 100, 150)
"""Severe, moderate or worse, any thrombocytopenia of the newborn."""
DELIVERY = (50, 70, 80)
"""Counts that are asked for before delivery or an epidural; which is for what says docs/definitions.md."""
DELIVERY_DAYS = 7
NEWBORN_COUNT = "neonatal_platelets"
"""The covariate that holds the newborn's count."""


@dataclass(frozen=True)
class Counted:
    """The counts of one episode in order of days, and its baseline."""

    counts: list[DayCount]
    baseline: Interval


def counts_by_episode(records: Records) -> dict[str, Counted]:
    """Counts by which harms are judged, for every episode."""
    evidence = evidence_of(records)
    daily, baselines = daily_counts(evidence, "dropped"), baselines_of(records, evidence)
    return {
        episode: Counted(daily.get(number, []), baselines[episode])
        for number, episode in enumerate(episode_ids(records))
    }


def platelet_outcomes(cohort: Cohort, records: Records, exposures: dict[str, Exposure]) -> Iterator[Outcome]:
    """Every harm that is read from counts; without a first dose on day 0 only those that need none."""
    counted = counts_by_episode(records)
    episodes = list(records["episodes"]["episode_id"])
    if cohort.counts_from_dose:
        yield from overshoot(episodes, counted)
        yield from rebound(records, exposures, counted)
    yield from newborn(cohort, records)
    yield from before_delivery(records, counted)


def overshoot(episodes: list[str], counted: dict[str, Counted]) -> Iterator[Outcome]:
    """A count above a figure after the day of the first dose."""
    for figure in OVERSHOOT:
        found = {}
        for episode in episodes:
            later = [exceeds(one.value, figure) for one in counted[episode].counts if one.day >= 1]
            found[episode] = Judged(bool(later), either(later) if later else None)
        yield Outcome("overshoot_rate", f">{figure}", found)


def rebound(records: Records, exposures: dict[str, Exposure], counted: dict[str, Counted]) -> Iterator[Outcome]:
    """A count below a figure and below baseline in the four weeks after the drug was stopped.

    10 is the headline; 20 and any count below baseline are the other choices.
    """
    events = records["events"]
    told = events[events["kind"] == "stop_drug"].groupby("episode_id")["day"].min().to_dict()
    stops = {episode: told.get(episode, one.last) for episode, one in exposures.items()}
    for figure in REBOUND:
        found = {}
        for episode, stop in stops.items():
            if stop is None:
                continue
            again = min((day for day in exposures[episode].given if day > stop), default=stop + REBOUND_DAYS + 1)
            last = min(stop + REBOUND_DAYS, again - 1)
            of = counted[episode]
            low = [fell(one.value, of.baseline, figure) for one in of.counts if stop < one.day <= last]
            known = not isnan(of.baseline.lo)
            found[episode] = Judged(bool(low) and known, either(low) if low else None)
        yield Outcome("rebound_rate", "<baseline" if figure == BELOW_BASELINE else f"<{figure}", found)


def fell(value: Interval, baseline: Interval, figure: float) -> Truth:
    """Whether a count is below a figure and below baseline."""
    return negated(either([reaches(value, figure), negated(below(value, baseline))]))


def below(value: Interval, other: Interval) -> Truth:
    """Whether a count is below another; NaN ends are unknown."""
    if value.hi < other.lo or (value.hi == other.lo and (value.hi_open or other.lo_open)):
        return True
    return False if value.lo >= other.hi else None


def newborn(cohort: Cohort, records: Records) -> Iterator[Outcome]:
    """A newborn's count below a figure, of pregnancies; known where the cohort declares the column and fills it."""
    episodes = records["episodes"]
    pregnant = episodes[episodes["pregnant"] == "yes"]
    declared = NEWBORN_COUNT in {covariate.name for covariate in cohort.covariates}
    written = pregnant[NEWBORN_COUNT] if declared and NEWBORN_COUNT in pregnant else [""] * len(pregnant)
    values = {
        episode: parse_interval(value) or UNKNOWN
        for episode, value in zip(pregnant["episode_id"], written, strict=True)
    }
    for figure in NEWBORN:
        low = {episode: negated(reaches(value, figure)) for episode, value in values.items()}
        found = {episode: Judged(values[episode] is not UNKNOWN, truth) for episode, truth in low.items()}
        yield Outcome("neonatal_thrombocytopenia_rate", f"<{figure}", found)


def before_delivery(records: Records, counted: dict[str, Counted]) -> Iterator[Outcome]:
    """Whether the last count of the week before delivery reaches a figure."""
    events = records["events"]
    days = events[events["kind"] == "delivery"].groupby("episode_id", sort=False)["day"].min().to_dict()
    for figure in DELIVERY:
        found = {}
        for episode, day in days.items():
            week = [one for one in counted[episode].counts if day - DELIVERY_DAYS <= one.day <= day]
            found[episode] = Judged(bool(week), reaches(week[-1].value, figure) if week else None)
        yield Outcome("delivery_count_rate", f">={figure}", found)


def negated(truth: Truth) -> Truth:
    """Kleene's NOT."""
    return None if truth is None else not truth

"""Harms that are read from platelet counts: too high, low after the drug was stopped, low at delivery or in newborns.

Counts after a platelet transfusion are left out, and of several on one day the lowest is taken, as for doses. The
worked cases S05 to S08 of tests/spec/audit_vectors.yaml show the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.estimate.exposure import Exposures
from caseseries.estimate.harms import Outcome, number_of
from caseseries.model.analytes import PLATELETS
from caseseries.model.cohort import Cohort
from caseseries.model.quantity import interval_columns
from caseseries.model.records import Records
from caseseries.response import truth
from caseseries.response.admit import derive_baseline
from caseseries.response.day_counts import lowest_of_days
from caseseries.response.evidence import evidence_of
from caseseries.response.predicates import above, at_least, at_least_limit
from caseseries.response.series import Counts, Evidence, Values

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
    """The counts by which harms are judged, and baselines; `episodes` is the number of rows of episodes.csv, which
    come before the episodes that only outcomes name.
    """

    counts: Counts
    baseline: Values
    episodes: int

    def either(self, found: np.ndarray, where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each episode whether it has a count where `where` holds, and whether `found` is true of any of them."""
        here = self.counts.take(where)
        return here.present[: self.episodes], here.greatest(found[where], truth.UNKNOWN)[: self.episodes]

    def spread(self, values: np.ndarray) -> np.ndarray:
        """For each count the value of its episode; NaN for one that episodes.csv does not have."""
        further = np.full(self.counts.size - self.episodes, np.nan)
        return self.counts.spread(np.append(values, further))


def counted_of(records: Records, evidence: Evidence) -> Counted:
    """Counts by which harms are judged."""
    counts, baseline = lowest_of_days(evidence, "dropped"), derive_baseline(evidence, "last7")
    return Counted(counts, baseline, len(records["episodes"]))


def platelet_outcomes(
    cohort: Cohort, records: Records, exposures: Exposures, evidence_for: Callable[[str], Evidence] | None = None
) -> Iterator[Outcome]:
    """Every harm that is read from counts; without a first dose on day 0 only those that need none.

    Parameters
    ----------
    evidence_for : the evidence of the records for an analyte, where it was made already.
    """
    counted = counted_of(records, evidence_for(PLATELETS) if evidence_for else evidence_of(records))
    if cohort.counts_from_dose:
        yield from overshoot(counted)
        yield from rebound(records, exposures, counted)
    yield from newborn(cohort, records)
    yield from before_delivery(records, counted)


def overshoot(counted: Counted) -> Iterator[Outcome]:
    """A count above a figure after the day of the first dose."""
    for figure in OVERSHOOT:
        seen, happened = counted.either(above(counted.counts, figure), counted.counts.day >= 1)
        yield Outcome("overshoot_rate", f">{figure}", np.ones(counted.episodes, bool), seen, happened)


def rebound(records: Records, exposures: Exposures, counted: Counted) -> Iterator[Outcome]:
    """A count below a figure and below baseline in the four weeks after the drug was stopped.

    10 is the headline; 20 and any count below baseline are the other choices.
    """
    told, day = first_day_of(records, "stop_drug")
    stop = np.where(told, day, exposures.last)
    again = stop + REBOUND_DAYS + 1
    later = exposures.given_on > stop[exposures.given_to]
    np.minimum.at(again, exposures.given_to[later], exposures.given_on[later])
    last = np.minimum(stop + REBOUND_DAYS, again - 1)
    counts = counted.counts
    where = (counts.day > counted.spread(stop)) & (counts.day <= counted.spread(last))
    known = counted.baseline.known[: counted.episodes]
    for figure in REBOUND:
        fell = truth.negate(truth.either(at_least(counts, figure), at_least_limit(counts, counted.baseline)))
        seen, happened = counted.either(fell, where)
        cause = "<baseline" if figure == BELOW_BASELINE else f"<{figure}"
        yield Outcome("rebound_rate", cause, told | ~np.isnan(stop), seen & known, happened)


def first_day_of(records: Records, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Of each episode whether it has an event of a kind, and the day of the first that has one."""
    events = records["events"]
    events = events[events["kind"] == kind]
    number, days = number_of(events, records), events["day"].to_numpy(float)
    has, first = np.zeros(len(records["episodes"]), bool), np.full(len(records["episodes"]), np.nan)
    has[number[number >= 0]] = True
    np.fmin.at(first, number[number >= 0], days[number >= 0])
    return has, first


def newborn(cohort: Cohort, records: Records) -> Iterator[Outcome]:
    """A newborn's count below a figure, of pregnancies; known where the cohort declares the column and fills it."""
    episodes = records["episodes"]
    pregnant = (episodes["pregnant"] == "yes").to_numpy()
    declared = NEWBORN_COUNT in {covariate.name for covariate in cohort.covariates}
    filled = declared and NEWBORN_COUNT in episodes
    written = episodes[NEWBORN_COUNT] if filled else pd.Series("", index=episodes.index, dtype=str)
    value = {name: column.to_numpy() for name, column in interval_columns(written).items()}
    known = ~np.isnan(value["lo"])
    for figure in NEWBORN:
        above_it = value["lo"] >= figure
        below_it = (value["hi"] < figure) | ((value["hi"] == figure) & value["hi_open"])
        yield Outcome(
            "neonatal_thrombocytopenia_rate", f"<{figure}", pregnant, known, truth.from_bounds(below_it, above_it)
        )


def before_delivery(records: Records, counted: Counted) -> Iterator[Outcome]:
    """Whether the last count of the week before delivery reaches a figure."""
    delivered, day = first_day_of(records, "delivery")
    counts, of_counts = counted.counts, counted.spread(day)
    week = counts.take((counts.day >= of_counts - DELIVERY_DAYS) & (counts.day <= of_counts))
    last = week.take(week.ends)
    for figure in DELIVERY:
        happened = last.greatest(at_least(last, figure), truth.UNKNOWN)[: counted.episodes]
        yield Outcome("delivery_count_rate", f">={figure}", delivered, last.present[: counted.episodes], happened)

"""Harms that platelet counts show, counted a second time from the records by plain pandas.

The rules are those of the worked cases of tests/spec/audit_vectors.yaml (S05 to S08). The days on which an episode got
its drug are taken as `exposure` has them; they are computed again there.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.exposure import Exposures
from caseseries.model.analytes import PLATELETS
from caseseries.model.cohort import Cohort
from caseseries.model.quantity import interval_columns
from caseseries.model.records import Records
from caseseries.recompute.harm import Harm, Harms, numbers_of

ENDS = ["lo", "hi", "lo_open", "hi_open"]
WEEK, REBOUND_DAYS = 7, 28
NEWBORN_COUNT = "neonatal_platelets"


def harms_of_counts(cohort: Cohort, records: Records, exposures: Exposures) -> Harms:
    """Counts too high, low after the drug, low in newborns, high enough for delivery."""
    counts = lowest_by_day(records)
    if cohort.counts_from_dose:
        yield from overshoot(records, counts)
        yield from rebound(records, counts, exposures)
    yield from newborns(cohort, records)
    yield from before_delivery(records, counts)


def lowest_by_day(records: Records) -> pd.DataFrame:
    """The lowest platelet count of each episode (by number) and day, without the week after a platelet transfusion."""
    counts = _numbered(records, "counts")
    counts = counts[(counts["analyte"] == PLATELETS) & counts["lo"].notna() & counts["day"].notna()]
    events = _numbered(records, "events")
    kinds = {kind: records.conventions.kind_for(kind, PLATELETS) for kind in events["kind"].unique()}
    given = events.loc[events["kind"].map(kinds) == "platelet_transfusion", ["number", "day"]].dropna()
    taken = counts[["number", "day", "flag"]].reset_index()
    beside = taken.merge(given.rename(columns={"day": "given"}), on="number")
    since = beside["day"] - beside["given"]
    shown = beside[since.between(0, WEEK) & ~((since == 0) & (beside["flag"] == "pre_event"))]
    counts = counts.drop(index=shown["index"].unique())
    counts = counts[["number", "day", *ENDS]]
    several = counts.duplicated(["number", "day"], keep=False)
    parts = [counts[~several], _lowest(counts[several])] if several.any() else [counts]
    return pd.concat([part for part in parts if len(part)] or parts[:1]).sort_values(
        ["number", "day"], ignore_index=True
    )


def _lowest(counts: pd.DataFrame) -> pd.DataFrame:
    """One count for each episode and day: the lowest of those there are."""
    days = counts.groupby(["number", "day"])
    lowest = days[["lo", "hi"]].transform("min")
    counts = counts.assign(
        lo_open=counts["lo_open"].astype(bool) | (counts["lo"] > lowest["lo"]),
        hi_open=counts["hi_open"].astype(bool) & (counts["hi"] == lowest["hi"]),
    )
    days = counts.groupby(["number", "day"])
    return days.agg({"lo": "min", "hi": "min", "lo_open": "all", "hi_open": "any"}).reset_index()


def _numbered(records: Records, table: str) -> pd.DataFrame:
    """Rows of the episodes of episodes.csv with the episode's number."""
    numbers = numbers_of(records[table]["episode_id"], records)
    rows = records[table].assign(number=numbers)
    return rows if (numbers >= 0).all() else rows[numbers >= 0]


def at_least(values: pd.DataFrame, figure: float | pd.Series) -> pd.Series:
    """Whether each interval is at least a figure, NA where it may be or not."""
    below = (values["hi"] < figure) | ((values["hi"] == figure) & values["hi_open"].astype(bool))
    return _known(values["lo"] >= figure, below)


def above(values: pd.DataFrame, figure: float) -> pd.Series:
    """Whether each interval lies above a figure, NA where it may or not."""
    over = (values["lo"] > figure) | ((values["lo"] == figure) & values["lo_open"].astype(bool))
    return _known(over, values["hi"] <= figure)


def _known(true: pd.Series, false: pd.Series) -> pd.Series:
    return true.astype("boolean").mask(~true & ~false, pd.NA)


def _judged(records: Records, counts: pd.DataFrame, truths: pd.Series, looked_for: pd.Series | None = None) -> Harm:
    """The harm of episodes of which any count is judged true; one without a count is not evaluable."""
    index = records["episodes"].index
    found = truths.groupby(counts["number"].to_numpy()).any(skipna=False).reindex(range(len(index)))
    recorded = pd.Series(np.isin(np.arange(len(index)), counts["number"]), index)
    everybody = pd.Series(True, index) if looked_for is None else looked_for
    return Harm(everybody, recorded, pd.Series(found.astype("boolean").array, index))


def overshoot(records: Records, counts: pd.DataFrame) -> Harms:
    """A count above a figure from day 1 on."""
    later = counts[counts["day"] >= 1]
    for figure in (400, 1000):
        yield ("overshoot_rate", f">{figure}"), _judged(records, later, above(later, figure))


def rebound(records: Records, counts: pd.DataFrame, exposures: Exposures) -> Harms:
    """A count below a figure and below baseline in the four weeks after the drug was stopped and before it was given
    again.
    """
    told, day = _first(records, "stop_drug")
    stop = day.where(told, pd.Series(exposures.last, day.index))
    doses = pd.DataFrame({"number": exposures.given_to, "day": exposures.given_on})
    doses = doses[doses["day"] > doses["number"].map(stop)]
    again = doses.groupby("number")["day"].min().reindex(stop.index) - 1
    until = pd.concat([stop + REBOUND_DAYS, again], axis=1).min(axis=1)
    number = counts["number"]
    window = counts[(counts["day"] > number.map(stop)) & (counts["day"] <= number.map(until))]
    baseline = baselines(records, counts)
    own = baseline.loc[window["number"]].set_index(window.index)
    strictly = (window["hi"] == own["lo"]) & (window["hi_open"].astype(bool) | own["lo_open"].astype(bool))
    below = _known((window["hi"] < own["lo"]) | strictly, window["lo"] >= own["hi"])
    for cause, figure in (("<10", 10), ("<20", 20), ("<baseline", None)):
        fell = below if figure is None else below & ~at_least(window, figure)
        found = _judged(records, window, fell)
        known = pd.Series(baseline["lo"].notna().to_numpy(), found.recorded.index)
        looked_for = pd.Series((told | stop.notna()).to_numpy(), found.recorded.index)
        yield ("rebound_rate", cause), Harm(looked_for, found.recorded & known, found.happened)


def baselines(records: Records, counts: pd.DataFrame) -> pd.DataFrame:
    """Baseline platelets by number: as recorded, else the latest count of the week before the first dose."""
    episodes = records["episodes"]
    if records.conventions.analyte == PLATELETS:
        found = episodes[[f"baseline_{end}" for end in ENDS]].set_axis(ENDS, axis=1).reset_index(drop=True)
    else:
        called = _numbered(records, "counts").query("timepoint == 'baseline'")
        called = called[(called["analyte"] == PLATELETS) & called["lo"].notna()]
        called = called.sort_values(["day", "source_row"], na_position="first").drop_duplicates("number", keep="last")
        found = called.set_index("number")[ENDS].reindex(range(len(episodes)))
    week = counts[counts["day"].between(-WEEK, 0)].sort_values("day").drop_duplicates("number", keep="last")
    return found.astype(object).where(found["lo"].notna(), week.set_index("number")[ENDS]).infer_objects()


def _first(records: Records, kind: str) -> tuple[pd.Series, pd.Series]:
    """By number whether an episode has an event of a kind, and the first day of one."""
    events = _numbered(records, "events")
    first = events[events["kind"] == kind].groupby("number")["day"].min()
    everybody = range(len(records["episodes"]))
    return pd.Series(pd.Index(everybody).isin(first.index), everybody), first.reindex(everybody)


def newborns(cohort: Cohort, records: Records) -> Harms:
    """A newborn's count below a figure."""
    episodes = records["episodes"]
    declared = NEWBORN_COUNT in episodes and NEWBORN_COUNT in {covariate.name for covariate in cohort.covariates}
    written = episodes[NEWBORN_COUNT] if declared else pd.Series("", episodes.index, dtype=str)
    values = pd.DataFrame(interval_columns(written)).set_index(episodes.index)
    for figure in (50, 100, 150):
        low = ~at_least(values, figure)
        harm = Harm(episodes["pregnant"] == "yes", values["lo"].notna(), low)
        yield ("neonatal_thrombocytopenia_rate", f"<{figure}"), harm


def before_delivery(records: Records, counts: pd.DataFrame) -> Harms:
    """Whether the last count of the week before delivery reaches a figure."""
    delivered, day = _first(records, "delivery")
    on = counts["number"].map(day)
    week = counts[(counts["day"] >= on - WEEK) & (counts["day"] <= on)]
    last = week.sort_values("day").drop_duplicates("number", keep="last")
    looked_for = pd.Series(delivered.to_numpy(), records["episodes"].index)
    for figure in (50, 70, 80):
        yield ("delivery_count_rate", f">={figure}"), _judged(records, last, at_least(last, figure), looked_for)

"""The second opinion on one row of estimates.csv, by its statistic and method."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from statistics import median
from typing import TypeAlias

import numpy as np
import pandas as pd

from caseseries.estimate.predictor import predictor_values
from caseseries.model import methods as m
from caseseries.model.groups import compared_groups
from caseseries.model.results import event_of
from caseseries.recompute import curves, harm, proportions
from caseseries.recompute.opinion import NAN, Opinion
from caseseries.recompute.people import People, coded

Row: TypeAlias = pd.Series
ALONE = {
    m.BOOTSTRAP: "random draws; GEE stands beside it and is computed again",
    m.COUNT: "a count, no estimate",
    m.LATER: "a count, no estimate",
    m.BOUND: "a count over a count",
    m.PROPORTIONALITY: "made by lifelines and held to R in the tests; statsmodels' residuals take ties another way",
    "": "nothing was estimated",
}
"""Methods without a second opinion, and why."""


def opinion_on(row: Row, people: People) -> Opinion | None:
    """What another package makes of a row; None for methods in `ALONE`.

    Raises
    ------
    KeyError : a method that is neither known here nor in `ALONE`.
    """
    if row["method"] in ALONE:
        return None
    if row["method"] in m.RATE_INTERVALS:
        return _rate(row, people)
    return BY_METHOD[row["method"]](row, people)


def _rate(row: Row, people: People) -> Opinion:
    events, n = int(row["events"]), int(row["n"])
    if row["analysis"] == "primary" and row["statistic"] == "response_rate":
        events, n = _counted(people, row["definition"], row["group"])
    return proportions.rate(events, n, m.RATE_INTERVALS[row["method"]], float(row["level"]))


def _counted(people: People, definition: str, group: str) -> tuple[int, int]:
    """Responders and evaluable cases, counted from the classes."""
    classes = people.classes(definition, people.members(group)).fillna("NE")
    evaluable = classes[classes != "NE"]
    return int(evaluable.isin(people.definition(definition).responses).sum()), len(evaluable)


def _gee(row: Row, people: People) -> Opinion:
    members = people.members(row["group"], "all_episodes")
    classes = people.classes(row["definition"], members).fillna("NE").to_numpy()
    known = classes != "NE"
    event = np.isin(classes[known], people.definition(row["definition"]).responses).astype(float)
    rate = float(event.mean()) if event.size else NAN
    if pd.isna(row["lower"]):
        return Opinion("statsmodels", rate)
    person, _ = pd.factorize(members["patient_id"].to_numpy()[known])
    return proportions.gee(event, person, float(row["level"]))


def _median_and_range(row: Row, people: People) -> Opinion:
    if row["statistic"] in harm.EXPOSURES:
        values = harm.measured(row, people)
    elif row["statistic"] == "time_of_events":
        here = people.courses(row["definition"], row["group"])
        values = here.loc[here["cause"] == row["cause"], "time"]
    else:
        of_definition = people.responses[people.responses["definition"] == row["definition"]].set_index("episode_id")
        members = people.members(row["group"], row["analysis"])
        values = of_definition["value"].reindex(members["episode_id"]).dropna()
    known = [float(value) for value in values]
    return Opinion("Python", median(known), lower=min(known), upper=max(known))


def _course(row: Row, people: People) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    here = people.courses(row["definition"], row["group"])
    codes, names = coded(here["cause"], event_of(row["definition"]))
    return here["time"].to_numpy(float), codes, names


def _survival(row: Row, people: People) -> Opinion:
    curve = _curve_of(people, row["definition"], row["group"], float(row["level"]))[0]
    return curve.get(float(row["time"]), Opinion("lifelines", 1.0, 0.0))


def _incidence(row: Row, people: People) -> Opinion:
    here = people.courses(row["definition"], row["group"])
    if here["time"].isna().any():
        return _by_visit(row, people)
    _, curve, names = _curve_of(people, row["definition"], row["group"], float(row["level"]))
    return curve.get((names[row["cause"]], float(row["time"])), Opinion("statsmodels", 0.0, 0.0))


@lru_cache(maxsize=256)
def _cached(key: tuple, level: float) -> tuple[dict, dict]:
    time, codes = (np.array(part) for part in key)
    return curves.kaplan_meier(time, (codes == 1).astype(int), level), curves.incidence(time, codes, level)


def _curve_of(people: People, definition: str, group: str, level: float) -> tuple[dict, dict, dict[str, int]]:
    here = people.courses(definition, group)
    codes, names = coded(here["cause"], event_of(definition))
    survival, incidence = _cached((tuple(here["time"]), tuple(codes.tolist())), level)
    return survival, incidence, names


def _by_visit(row: Row, people: People) -> Opinion:
    here = people.courses(row["definition"], row["group"])
    happened = (here["cause"] == row["cause"]).to_numpy()
    time = here["time"].to_numpy(float)
    left = np.where(here["left"].notna(), here["left"], time).astype(float)
    right = np.where(happened, np.where(here["right"].notna(), here["right"], time), np.inf)
    left = np.where(happened | here["time"].isna(), left, time)
    return curves.interval_incidence(left, right, [float(row["time"])])[float(row["time"])]


def _median_time(row: Row, people: People) -> Opinion:
    time, codes, _ = _course(row, people)
    if row["method"] == m.KAPLAN_MEIER_QUANTILE:
        return curves.median(time, (codes == 1).astype(int), float(row["level"]))
    return curves.median_of_incidence(_curve_of(people, row["definition"], row["group"], float(row["level"]))[1])


def _follow_up(row: Row, people: People) -> Opinion:
    time, codes, _ = _course(row, people)
    return curves.median(time, (codes == 0).astype(int), float(row["level"]))


def _area(row: Row, people: People) -> Opinion:
    time, codes, _ = _course(row, people)
    if row["method"] == m.KAPLAN_MEIER_AREA:
        return curves.restricted_mean(time, (codes == 1).astype(int), float(row["time"]))
    level = float(row["level"])
    return curves.time_after_event(_curve_of(people, row["definition"], row["group"], level)[1], float(row["time"]))


def _test_of_times(row: Row, people: People) -> Opinion:
    here = people.grouped(row["definition"])
    codes, _ = coded(here["cause"], event_of(row["definition"]))
    time, group = here["time"].to_numpy(float), pd.factorize(here["group"])[0]
    if row["method"] == m.GRAY:
        return curves.gray(time, codes, group)
    return curves.log_rank(time, (codes == 1).astype(int), group)


def _two_rates(row: Row, people: People) -> Opinion:
    members = compared_groups(people.cohort, people.members("all"))
    counts = [count for key, _ in members for count in _counted(people, row["definition"], key)]
    if row["method"] == m.FISHER:
        return proportions.fisher(*counts)
    return proportions.rate_difference(*counts, float(row["level"]))


def _regression(row: Row, people: People) -> Opinion:
    from caseseries.recompute import regressions

    values = predictor_values(people.cohort, people.members("all"))
    level = float(row["level"])
    if row["method"] == m.FIRTH_LOGISTIC:
        classes = people.classes(row["definition"], people.members("all")).fillna("NE")
        used = ((classes != "NE") & values.notna()).to_numpy()
        event = classes.isin(people.definition(row["definition"]).responses).to_numpy(float)[used]
        found = regressions.firth_logistic(event, _design(values[used]), level)
    else:
        here = people.courses(row["definition"], "all")
        predictor = here["episode_id"].map(values)
        used = (here["time"].notna() & predictor.notna()).to_numpy()
        codes, _ = coded(here["cause"], event_of(row["definition"]))
        time = here["time"].to_numpy(float)[used]
        found = regressions.firth_cox(time, (codes == 1).astype(int)[used], _design(predictor[used]), level)
    nearest = np.argmin([abs(np.log(one.estimate) - np.log(row["estimate"])) for one in found])
    return found[nearest]


def _design(values: pd.Series) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(float)[:, None]
    return pd.get_dummies(values, drop_first=True, dtype=float).to_numpy()


BY_METHOD: dict[str, Callable[[Row, People], Opinion]] = {
    m.GEE: _gee,
    m.MEDIAN_AND_RANGE: _median_and_range,
    m.POISSON: harm.by_time,
    m.KAPLAN_MEIER: _survival,
    m.AALEN_JOHANSEN: _incidence,
    m.TURNBULL: _by_visit,
    m.KAPLAN_MEIER_QUANTILE: _median_time,
    m.INCIDENCE_QUANTILE: _median_time,
    m.REVERSE_KAPLAN_MEIER: _follow_up,
    m.KAPLAN_MEIER_AREA: _area,
    m.AALEN_JOHANSEN_AREA: _area,
    m.GRAY: _test_of_times,
    m.LOG_RANK: _test_of_times,
    m.NEWCOMBE: _two_rates,
    m.FISHER: _two_rates,
    m.FIRTH_LOGISTIC: _regression,
    m.FIRTH_COX: _regression,
}

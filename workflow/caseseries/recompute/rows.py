"""The second opinion on one row of estimates.csv, by its statistic and method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from caseseries.estimate.predictor import predictor_values
from caseseries.model import methods as m
from caseseries.model.groups import ALL
from caseseries.model.results import event_of
from caseseries.recompute import curves, exposure, proportions
from caseseries.recompute.opinion import NAN, Opinion
from caseseries.recompute.people import People, coded
from caseseries.recompute.recount import NOT_EVALUABLE, Recount, complete_responders, responders

Row: TypeAlias = Mapping[str, Any]
ALONE = {
    m.BOOTSTRAP: "random draws; GEE stands beside it and is computed again",
    m.COUNT: "a count, no estimate",
    m.LATER: "a count, no estimate",
    m.PROPORTIONALITY: "made by lifelines and held to R in the tests; statsmodels' residuals take ties another way",
    "": "nothing was estimated",
}
"""Methods without a second opinion, and why."""
OF_CLASSES: dict[str, Callable[[People, str, np.ndarray], Recount]] = {
    "response_rate": responders,
    "complete_response_rate": complete_responders,
}
FROM_CASES = ("primary", "all_episodes")
BEST, WORST = "_best_case", "_worst_case"


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
    return proportions.rate(*_counted(row, people), m.RATE_INTERVALS[row["method"]], float(row["level"]))


def _bound(row: Row, people: People) -> Opinion:
    events, n = _counted(row, people)
    return Opinion("pandas", events / n)


def _counted(row: Row, people: People) -> tuple[int, int]:
    """Events and n, counted again from the records or the classes; as they stand where the source prints them.

    The best case of a response has the most events, that of a harm the fewest.
    """
    statistic, bound = _bound_of(row["statistic"])
    harmed = people.harmed(statistic, row["cause"], row["group"]) if row["analysis"] == "primary" else None
    if harmed is not None:
        found = harmed
    elif row["analysis"] in FROM_CASES and statistic in OF_CLASSES:
        key = ("counted", statistic, row["definition"], row["group"], row["analysis"])
        if key not in people.made:
            members = people.members(row["group"], row["analysis"])
            people.made[key] = OF_CLASSES[statistic](people, row["definition"], members)
        found = people.made[key]
    else:
        return int(row["events"]), int(row["n"])
    if not bound:
        return found.events, found.n
    return found.least if (bound == BEST) == (harmed is not None) else found.most, found.everybody


def _bound_of(statistic: str) -> tuple[str, str]:
    """A statistic without the name of a bound, and that name, "" for the rate itself."""
    bound = next((bound for bound in (BEST, WORST) if statistic.endswith(bound)), "")
    return statistic.removesuffix(bound), bound


def _gee(row: Row, people: People) -> Opinion:
    members = people.members(row["group"], "all_episodes")
    classes = people.classes(row["definition"], members)
    known = (classes != NOT_EVALUABLE).to_numpy()
    event = classes[known].isin(people.definition(row["definition"]).responses).to_numpy(float)
    rate = float(event.mean()) if event.size else NAN
    if pd.isna(row["lower"]):
        return Opinion("statsmodels", rate)
    person, _ = pd.factorize(people.persons[members[known]])
    return proportions.gee(event, person, float(row["level"]))


def _median_and_range(row: Row, people: People) -> Opinion:
    if row["statistic"] in exposure.EXPOSURES:
        values = exposure.measured(row, people)
    elif row["statistic"] == "time_of_events":
        here = people.courses(row["definition"], row["group"])
        values = here.loc[here["cause"] == row["cause"], "time"].to_numpy(float)
    else:
        values = people.values(row["definition"], people.members(row["group"], row["analysis"])).dropna().to_numpy()
    known = np.sort(values).tolist()
    return Opinion("Python", median(known), lower=known[0], upper=known[-1])


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


def _curve_of(people: People, definition: str, group: str, level: float) -> tuple[dict, dict, dict[str, int]]:
    key = ("curve", definition, group, level)
    if key not in people.made:
        here = people.courses(definition, group)
        codes, names = coded(here["cause"], event_of(definition))
        time = here["time"].to_numpy(float)
        survival = curves.kaplan_meier(time, (codes == 1).astype(int), level)
        people.made[key] = survival, curves.incidence(time, codes, level), names
    return people.made[key]


def _by_visit(row: Row, people: People) -> Opinion:
    key = ("visits", row["definition"], row["group"], row["cause"])
    if key not in people.made:
        people.made[key] = curves.interval_survival(*_visits(row, people))
    return curves.interval_incidence(people.made[key], float(row["time"]))


def _visits(row: Row, people: People) -> tuple[np.ndarray, np.ndarray]:
    here = people.courses(row["definition"], row["group"])
    happened = (here["cause"] == row["cause"]).to_numpy()
    time = here["time"].to_numpy(float)
    left = np.where(here["left"].notna(), here["left"], time).astype(float)
    right = np.where(happened, np.where(here["right"].notna(), here["right"], time), np.inf)
    left = np.where(happened | here["time"].isna(), left, time)
    return left, right


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
    found = [responders(people, row["definition"], people.members(key)) for key in people.compared]
    counts = [count for one in found for count in (one.events, one.n)]
    if row["method"] == m.FISHER:
        return proportions.fisher(*counts)
    return proportions.rate_difference(*counts, float(row["level"]))


def _regression(row: Row, people: People) -> Opinion:
    from caseseries.recompute import regressions

    members = people.members(ALL)
    values = predictor_values(people.cohort, people.episodes.iloc[members])
    level = float(row["level"])
    if row["method"] == m.FIRTH_LOGISTIC:
        classes = people.classes(row["definition"], members)
        used = (classes != NOT_EVALUABLE).to_numpy() & values.notna().to_numpy()
        event = classes.isin(people.definition(row["definition"]).responses).to_numpy(float)[used]
        found = regressions.firth_logistic(event, _design(values[used]), level)
    else:
        here = people.courses(row["definition"], ALL)
        predictor = values.reindex(people.ids[here["number"].to_numpy()]).set_axis(here.index)
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
    m.BOUND: _bound,
    m.MEDIAN_AND_RANGE: _median_and_range,
    m.POISSON: exposure.by_time,
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

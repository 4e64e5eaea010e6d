"""Comparisons of groups: log-rank, Gray, Fisher and Boschloo tests, refused in words where the data are too few.

A handful of people seldom can answer whether groups differ. Every function here first asks whether any outcome could
have been conclusive; if not, it returns a result without numbers whose `refused` says why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import Arguments, counted, merge_ties, positions
from caseseries.estimators.gray import gray_score
from caseseries.estimators.proportion import check_counts

SMALLEST_GROUP = 5
"""Log-rank and Gray's test are refused where a group has fewer subjects than this ..."""

FEWEST_EVENTS = 10
"""... or fewer events than this occurred in all: their chi-squared approximation says nothing there."""

ALIKE = "not compared: a group was never at risk beside another when an event could tell them apart"
"""Also where everybody had the event at once: the variance of the score is then 0."""

ENDED = "not compared: the common incidence had reached 1 while groups were still at risk beside each other"
"""The variance of Gray's score divides by what is left of the common incidence."""

CONCLUSIVE = 0.05
"""Fisher's and Boschloo's tests are refused where not even the most extreme table could have a p-value below this."""


@dataclass(frozen=True)
class Comparison:
    """A test of equality between groups, or the reason why it was not made.

    `refused` is empty where the test was made; otherwise it says why not, and the numbers are nan.
    """

    statistic: float
    df: int
    p_value: float
    method: str
    refused: str = ""


def log_rank(
    time: ArrayLike, event: ArrayLike, group: ArrayLike, strata: ArrayLike | None = None, rho: float = 0
) -> Comparison:
    """Log-rank test, or Fleming and Harrington's with weight S(t-)^rho, stratified if wanted.

    Harrington and Fleming (1982, Biometrika), as `survival::survdiff`; computed by statsmodels.

    Parameters
    ----------
    time, event : as `kaplan_meier`.
    group, strata : a label for each subject; none missing.
    rho : 0 log-rank, 1 weight on early differences (Peto and Prentice).

    Returns
    -------
    Comparison; refused where a group has fewer than 5 subjects, there are fewer than 10 events, or no event tells
    the groups apart.

    Raises
    ------
    ValueError : as `kaplan_meier`; missing labels.

    Examples
    --------
    >>> days = [3, 5, 7, 9, 11, 13, 6, 10, 14, 18, 22, 26]
    >>> found = log_rank(days, [1] * 11 + [0], ["a"] * 6 + ["b"] * 6)
    >>> round(found.statistic, 3), found.df, round(found.p_value, 4)
    (5.008, 1, 0.0252)
    """
    times, events, groups, stratum = _check(time, "event", event, group, strata, largest=1)
    method = "log-rank" if rho == 0 else f"Fleming-Harrington, rho = {rho:g}"
    method += ", stratified" if strata is not None else ""
    refused = _too_few(groups, int(events.sum()), "")
    return _refuse(method, refused) if refused else log_rank_statistic(times, events, groups, stratum, rho, method)


def log_rank_statistic(
    time: np.ndarray, event: np.ndarray, group: np.ndarray, strata: np.ndarray, rho: float, method: str = "log-rank"
) -> Comparison:
    """The test of `log_rank` on checked arrays of any size; ties in time equal but for rounding are merged."""
    from statsmodels.duration.survfunc import survdiff

    (time,) = merge_ties([time])
    if not _told_apart(time, event, group, strata):
        return _refuse(method, ALIKE)
    options = {} if rho == 0 else {"weight_type": "fh", "fh_p": rho}
    with np.errstate(divide="ignore"):  # it takes the logarithm of a curve that has reached 0
        statistic, p_value = survdiff(time, event, group, strata=strata if strata.any() else None, **options)
    return Comparison(float(statistic), int(group.max()), float(p_value), method)


def gray_test(
    time: ArrayLike,
    cause: ArrayLike,
    group: ArrayLike,
    *,
    of_interest: int = 1,
    strata: ArrayLike | None = None,
    rho: float = 0,
) -> Comparison:
    """Gray's test that the cumulative incidence of the cause `of_interest` is equal in all groups.

    Gray (1988, Ann Stat), as `cmprsk::cuminc`. `of_interest` and what follows must be named.

    Returns
    -------
    Comparison; refused where a group has fewer than 5 subjects, there are fewer than 10 events of interest, or none
    tells the groups apart.

    Raises
    ------
    ValueError : as `cumulative_incidence`; missing labels.

    Examples
    --------
    >>> days = [3, 5, 7, 9, 11, 13, 6, 10, 14, 18, 22, 26]
    >>> found = gray_test(days, [1] * 7 + [2] + [1] * 4, ["a"] * 6 + ["b"] * 6)
    >>> round(found.statistic, 3), found.df, round(found.p_value, 4)
    (6.863, 1, 0.0088)
    """
    times, causes, groups, stratum = _check(time, "cause", cause, group, strata, largest=None)
    method = f"Gray's test, cause {of_interest}" + ("" if rho == 0 else f", rho = {rho:g}")
    method += ", stratified" if strata is not None else ""
    refused = _too_few(groups, int((causes == of_interest).sum()), " of interest")
    if refused:
        return _refuse(method, refused)
    return gray_statistic(times, causes, groups, stratum, of_interest, rho, method)


def gray_statistic(
    time: np.ndarray,
    cause: np.ndarray,
    group: np.ndarray,
    strata: np.ndarray,
    of_interest: int,
    rho: float,
    method: str = "Gray's test",
) -> Comparison:
    """The test of `gray_test` on checked arrays of any size."""
    (time,) = merge_ties([time])
    status = np.where(cause == of_interest, 1, np.where(cause > 0, 2, 0))
    groups = int(group.max()) + 1
    parts = [
        gray_score(time[strata == stratum], status[strata == stratum], group[strata == stratum], groups, rho)
        for stratum in np.unique(strata)
    ]
    score = np.sum([part.score for part in parts], axis=0)
    variance = np.sum([part.variance for part in parts], axis=0)
    df = groups - 1
    if not np.isfinite(variance).all():
        return _refuse(method, ENDED)
    if np.linalg.matrix_rank(variance[:df, :df]) < df:
        return _refuse(method, ALIKE)
    statistic = float(score[:df] @ np.linalg.solve(variance[:df, :df], score[:df]))
    return Comparison(statistic, df, float(special.chdtrc(df, statistic)), method)


def fisher(events_1: int, n_1: int, events_2: int, n_2: int) -> Comparison:
    """Fisher's exact test of two rates, two-sided (sum of tables no more probable); statistic: the odds ratio.

    The odds ratio is the conditional maximum-likelihood one, as `stats::fisher.test`. Refused where no table with the
    same totals could reach p < 0.05.

    Examples
    --------
    >>> round(fisher(7, 10, 3, 10).p_value, 4)
    0.1789
    """
    table = _table(events_1, n_1, events_2, n_2)
    method = "Fisher's exact test, two-sided by probability"
    total, (m, n) = int(table[:, 0].sum()), table.sum(axis=1)
    attainable = [
        _fisher_p(np.array([[a, m - a], [total - a, n - total + a]]))
        for a in {max(0, total - int(n)), min(int(m), total)}
    ]
    if min(attainable) >= CONCLUSIVE:
        return _refuse(method, _cannot_conclude(m, n, f" and {counted(total, 'event')} in all"))
    return fisher_statistic(table, method)


def fisher_statistic(table: np.ndarray, method: str = "Fisher's exact test") -> Comparison:
    """The test of `fisher` on a 2 x 2 table (rows: groups; columns: events, non-events) of any size."""
    degenerate = not (table.sum(axis=0).all() and table.sum(axis=1).all())
    ratio = float("nan") if degenerate else _conditional_odds_ratio(table)
    return Comparison(ratio, 1, _fisher_p(table), method)


def boschloo(events_1: int, n_1: int, events_2: int, n_2: int) -> Comparison:
    """Boschloo's exact unconditional test of two rates: twice the smaller one-sided p-value, at most 1.

    Boschloo (1970, Stat Neerl); statistic: the difference of the rates. Computed by scipy with 128 points.
    Refused where not even all against none could reach p < 0.05.

    Examples
    --------
    >>> round(boschloo(7, 10, 3, 10).p_value, 4)
    0.1153
    """
    table = _table(events_1, n_1, events_2, n_2)
    method = "Boschloo's exact test, two-sided by twice the smaller tail"
    m, n = table.sum(axis=1)
    if min(m, n) == 0 or boschloo_statistic(np.array([[m, 0], [0, n]])).p_value >= CONCLUSIVE:
        return _refuse(method, _cannot_conclude(m, n, ""))
    return boschloo_statistic(table, method)


def boschloo_statistic(table: np.ndarray, method: str = "Boschloo's exact test") -> Comparison:
    """The test of `boschloo` on a 2 x 2 table (rows: groups; columns: events, non-events) of any size."""
    from scipy.stats import boschloo_exact

    difference = float(table[0, 0] / table[0].sum() - table[1, 0] / table[1].sum())
    if not table.sum(axis=0).all():  # nobody or everybody: the test is not defined, and the groups are alike
        return Comparison(difference, 1, 1.0, method)
    # scipy's groups are columns
    p_value = min(1.0, float(boschloo_exact(table.T.astype(int), alternative="two-sided", n=128).pvalue))
    return Comparison(difference, 1, p_value, method)


def _check(
    time: ArrayLike, name: str, event: ArrayLike, group: ArrayLike, strata: ArrayLike | None, largest: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    given = Arguments()
    times, events = given.times("time", time), given.codes(name, event, largest=largest)
    groups = _labels(given, "group", group)
    stratum = np.zeros(times.size, dtype=np.int64) if strata is None else _labels(given, "strata", strata)
    given.done()
    return times, events, groups, stratum


def _labels(given: Arguments, name: str, values: ArrayLike) -> np.ndarray:
    codes = np.asarray(pd.factorize(pd.Series(values), sort=True)[0])
    given.lengths[name] = codes.size
    given.require(not (codes < 0).any(), f"{name}: {positions(codes < 0)} missing (for example: romiplostim)")
    return codes


def _told_apart(time: np.ndarray, event: np.ndarray, group: np.ndarray, strata: np.ndarray) -> bool:
    """Whether events link all groups: at one that not everybody at risk has, those at risk are compared.

    Then and only then the variance of the log-rank score has full rank.
    """
    linked = np.arange(int(group.max()) + 1)
    for stratum in np.unique(strata):
        here = strata == stratum
        times, cell = np.unique(time[here], return_inverse=True)
        shape = (linked.size, times.size)
        left = np.zeros(shape, dtype=np.int64)
        np.add.at(left, (group[here], cell), 1)
        risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
        events = np.bincount(cell, weights=event[here], minlength=times.size)
        for present in np.unique(risk[:, (events > 0) & (events < risk.sum(axis=0))] > 0, axis=1).T:
            linked[np.isin(linked, linked[present])] = linked[present].min()
    return bool((linked == linked[0]).all())


def _too_few(group: np.ndarray, events: int, which: str) -> str:
    sizes = np.bincount(group)
    if sizes.size < 2:
        return "not compared: there is one group only"
    if sizes.min() < SMALLEST_GROUP:
        smallest = counted(int(sizes.min()), "subject")
        return f"not compared: the smallest group has {smallest}, fewer than {SMALLEST_GROUP}"
    if events < FEWEST_EVENTS:
        return f"not compared: {counted(events, 'event')}{which} in all, fewer than {FEWEST_EVENTS}"
    return ""


def _cannot_conclude(m: int, n: int, and_events: str) -> str:
    return f"not compared: with {m} and {n} subjects{and_events}, no result could reach p < {CONCLUSIVE:g}"


def _refuse(method: str, reason: str) -> Comparison:
    return Comparison(float("nan"), 0, float("nan"), method, reason)


def _table(events_1: int, n_1: int, events_2: int, n_2: int) -> np.ndarray:
    x, n = check_counts([events_1, events_2], [n_1, n_2])
    return np.column_stack((x, n - x)).astype(np.int64)


def _hypergeometric(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Events of the first group in each table with the same totals, and the logarithm of its probability.

    Written out because importing scipy.stats takes a quarter of the stage that needs it.
    """
    m, n = (int(row) for row in table.sum(axis=1))
    total = int(table[:, 0].sum())
    events = np.arange(max(0, total - n), min(m, total) + 1)

    def log_choose(of: int, some: np.ndarray) -> np.ndarray:
        ways: np.ndarray = special.gammaln(of + 1) - special.gammaln(some + 1) - special.gammaln(of - some + 1)
        return ways

    chance = log_choose(m, events) + log_choose(n, total - events)
    return events, chance - special.logsumexp(chance)


def _fisher_p(table: np.ndarray) -> float:
    """Sum over the tables that are no likelier than this one, but for rounding (as `stats::fisher.test`)."""
    events, chance = _hypergeometric(table)
    own = chance[events == table[0, 0]]
    return min(1.0, float(np.exp(chance[chance <= own + 1e-7]).sum()))


def _conditional_odds_ratio(table: np.ndarray) -> float:
    """Odds ratio that makes the events of the first group their own mean, all totals given; by bisection of its log."""
    events, chance = _hypergeometric(table)
    seen = table[0, 0]
    if seen in (events[0], events[-1]):
        return 0.0 if seen == events[0] else float("inf")
    low, high = -50.0, 50.0
    for _ in range(200):
        middle = (low + high) / 2
        weight = special.softmax(chance + events * middle)
        low, high = (middle, high) if weight @ events < seen else (low, middle)
    return float(np.exp((low + high) / 2))

"""Pooled rates again: the same models fitted by scipy's quadrature and optimisers instead of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import integrate, optimize, special, stats

from caseseries.model import methods as m
from caseseries.recompute import proportions
from caseseries.recompute.earlier import by_sums
from caseseries.recompute.opinion import Opinion

REACH, POINTS = 10.0, 4001
"""Standard deviations of the intercept over which the likelihood is integrated, and points of Simpson's rule."""


def random_intercept(events: np.ndarray, n: np.ndarray, level: float) -> tuple[Opinion, Opinion]:
    """Rate and between-cohort variance of the random-intercept logistic model by maximum likelihood.

    The likelihood of each cohort is integrated by Simpson's rule on a fine grid, not by Gauss-Hermite points.
    """

    at = np.linspace(-REACH, REACH, POINTS)
    weight = stats.norm.pdf(at)

    def minus(parameters: np.ndarray) -> float:
        mu, tau = parameters[0], abs(parameters[1])
        density = stats.binom.pmf(events[:, None], n[:, None], special.expit(mu + tau * at)) * weight
        return -float(np.log(integrate.simpson(density, x=at)).sum())

    start = special.logit((events.sum() + 0.5) / (n.sum() + 1))
    found = optimize.minimize(
        minus, np.array([start, 0.7]), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-11}
    )
    mu, tau = float(found.x[0]), abs(float(found.x[1]))
    if tau < 1e-4:
        tau = 0.0
    error = _std_error(minus, mu, tau)
    half = stats.t.ppf((1 + level) / 2, n.size - 1) * error
    rate, lower, upper = (float(special.expit(value)) for value in (mu, mu - half, mu + half))
    return (Opinion("scipy", rate, error, lower, upper, tolerance=2e-4), Opinion("scipy", tau**2, tolerance=1e-3))


def _std_error(minus: Callable[[np.ndarray], float], mu: float, tau: float) -> float:
    """From the information by central differences; where tau is 0 it is that of mu alone."""
    step = 1e-3
    if tau == 0:

        def beside(by: float) -> float:
            return minus(np.array([mu + by, 0.0]))

        curvature = (beside(step) - 2 * beside(0.0) + beside(-step)) / step**2
        return float(1 / np.sqrt(curvature))
    information = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            total = 0.0
            for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                point = np.array([mu, tau])
                point[i] += a * step
                point[j] += b * step
                total += a * b * minus(point)
            information[i, j] = total / (4 * step**2)
    return float(np.sqrt(np.linalg.inv(information)[0, 0]))


def inverse_variance(events: np.ndarray, n: np.ndarray, level: float) -> tuple[Opinion, Opinion]:
    """Rate and tau2 on logits by REML (scipy's bounded search), Hartung-Knapp with a factor of at least 1."""
    values, variances = _logits(events, n)

    def minus(tau2: float) -> float:
        weight = 1 / (variances + tau2)
        mu = np.average(values, weights=weight)
        return float((np.log(variances + tau2).sum() + np.log(weight.sum()) + (weight * (values - mu) ** 2).sum()) / 2)

    widest = 100 * float(np.var(values)) + 10
    tau2 = float(optimize.minimize_scalar(minus, bounds=(0, widest), method="bounded", options={"xatol": 1e-10}).x)
    if minus(0.0) <= minus(tau2):
        tau2 = 0.0
    weight = 1 / (variances + tau2)
    mu = float(np.average(values, weights=weight))
    factor = max(1.0, float((weight * (values - mu) ** 2).sum() / (n.size - 1)))
    error = float(np.sqrt(factor / weight.sum()))
    half = stats.t.ppf((1 + level) / 2, n.size - 1) * error
    rate, lower, upper = (float(special.expit(value)) for value in (mu, mu - half, mu + half))
    return Opinion("scipy", rate, error, lower, upper, tolerance=1e-5), Opinion("scipy", tau2, tolerance=1e-4)


def _logits(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits of rates and their variances, with a half added to both counts of full and empty cohorts."""
    add = np.where((events == 0) | (events == n), 0.5, 0.0)
    yes, no = events + add, n - events + add
    return np.log(yes / no), 1 / yes + 1 / no


def pooled_rows(pooled: pd.DataFrame, level: float) -> Iterator[tuple[pd.Series, Opinion]]:
    """Rows of pooled estimates with the second fit of each."""
    for pool, rows in pooled[pooled["cohort"] == "pooled"].groupby("group", sort=False):
        told = pooled[(pooled["analysis"] == "member") & (pooled["case_set"] == pool)]
        members = told[told["statistic"] == "response_rate"].drop_duplicates(["cohort", "group"])
        events, n = members["events"].to_numpy(int), members["n"].to_numpy(int)
        for method, fit in FITS.items():
            chosen = rows[(rows["method"] == method) & (rows["analysis"] != "leave_out") & rows["estimate"].notna()]
            if len(chosen) and len(members) > 1:
                rate, spread = fit(events, n, level)
                for _, row in chosen.iterrows():
                    yield row, spread if row["statistic"] == "tau2" else rate
                spreads = rows[rows["analysis"] == chosen["analysis"].iloc[0]]
                yield from _spread_rows(spreads, rate, spread.estimate, _logits(events, n)[1], level)
                if method == m.INVERSE_VARIANCE:
                    yield from _weights(told[told["statistic"] == "weight"], spread.estimate, events, n)
        yield from _left_out(rows[rows["analysis"] == "leave_out"], events, n, level)
        for _, row in told[told["method"].isin(m.RATE_INTERVALS)].iterrows():
            yield row, proportions.rate(int(row["events"]), int(row["n"]), m.RATE_INTERVALS[row["method"]], level)
        for method, test in TESTS.items():
            chosen = rows[rows["method"] == method]
            if len(chosen):
                q, p = test(events, n)
                for _, row in chosen.iterrows():
                    yield row, p if row["statistic"] == "q_p_value" else q
        yield from new_series_rows(rows[rows["method"] == m.EARLIER], members, level)


def _left_out(
    rows: pd.DataFrame, events: np.ndarray, n: np.ndarray, level: float
) -> Iterator[tuple[pd.Series, Opinion]]:
    """Fits without one member after the other, in their order."""
    for place, (_, row) in enumerate(rows.iterrows()):
        if row["method"] == m.RANDOM_INTERCEPT:
            yield row, random_intercept(np.delete(events, place), np.delete(n, place), level)[0]


def _spread_rows(
    rows: pd.DataFrame, rate: Opinion, tau2: float, variances: np.ndarray, level: float
) -> Iterator[tuple[pd.Series, Opinion]]:
    """Where the rate of a new cohort lies (Higgins, Thompson and Spiegelhalter 2009), and how much of the variance is
    between cohorts (Higgins and Thompson 2002).
    """
    k, inverse = variances.size, 1 / variances
    for _, row in rows.iterrows():
        if row["method"] == m.PREDICTION:
            half = stats.t.ppf((1 + level) / 2, k - 2) * np.sqrt(tau2 + rate.std_error**2)
            ends = special.expit(special.logit(rate.estimate) + np.array([-half, half]))
            yield row, Opinion("scipy", rate.estimate, lower=float(ends[0]), upper=float(ends[1]), tolerance=1e-3)
        elif row["method"] == m.TYPICAL_VARIANCE:
            within = (k - 1) * inverse.sum() / (inverse.sum() ** 2 - (inverse**2).sum())
            yield row, Opinion("scipy", float(tau2 / (tau2 + within)), tolerance=1e-3)


def new_series_rows(rows: pd.DataFrame, members: pd.DataFrame, level: float) -> Iterator[tuple[pd.Series, Opinion]]:
    """Rows on the new series of a pool with sums over the members of other cohorts."""
    if rows.empty:
        return
    others = members[members["cohort"] != rows["contrast"].iloc[0]]
    counts = others["events"].to_numpy(int), others["n"].to_numpy(int)
    found = by_sums(*counts, int(rows["events"].iloc[0]), int(rows["n"].iloc[0]), level)
    for _, row in rows.iterrows():
        if row["statistic"] in found:
            yield row, found[row["statistic"]]


def _weights(rows: pd.DataFrame, tau2: float, events: np.ndarray, n: np.ndarray) -> Iterator[tuple[pd.Series, Opinion]]:
    """Share of each member in the mean of logits by inverse variance."""
    weight = 1 / (_logits(events, n)[1] + tau2)
    for (_, row), share in zip(rows.iterrows(), weight / weight.sum(), strict=True):
        yield row, Opinion("scipy", float(share), tolerance=1e-4)


def likelihood_ratio(events: np.ndarray, n: np.ndarray) -> tuple[Opinion, Opinion]:
    """Likelihood ratio of the table of responders and others by cohort, and its p-value."""
    found = stats.chi2_contingency(np.array([events, n - events]), correction=False, lambda_="log-likelihood")
    return Opinion("scipy", float(found.statistic)), Opinion("scipy", float(found.pvalue))


def cochran(events: np.ndarray, n: np.ndarray) -> tuple[Opinion, Opinion]:
    """Cochran's Q of the logits, and its p-value."""
    from statsmodels.stats.meta_analysis import combine_effects

    q = float(combine_effects(*_logits(events, n), method_re="dl").q)
    return Opinion("statsmodels", q), Opinion("statsmodels", float(stats.chi2.sf(q, n.size - 1)))


TESTS = {m.LIKELIHOOD_RATIO: likelihood_ratio, m.COCHRAN: cochran}
FITS = {m.RANDOM_INTERCEPT: random_intercept, m.INVERSE_VARIANCE: inverse_variance}

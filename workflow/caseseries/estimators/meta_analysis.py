"""One response rate from several cohorts: a random-intercept logistic model, with inverse variance as sensitivity.

No Python package fits this model with quadrature where a cohort has no or only responders (docs/numerics.md). What
cannot be estimated is said in words in `note`, never filled with a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import check_level
from caseseries.estimators.proportion import check_counts, clopper_pearson

POINTS = 49
"""Gauss-Hermite points a cohort. Where cohorts are full or empty, one point (Laplace) is off by 7 % in tau2."""

SPREADS = np.array([0.0, 0.1, 0.3, 0.6, 1.0, 1.7, 3.0, 6.0, 12.0])
"""Values of tau among which the maximum is first sought."""

WIDEST_SPREAD = 5.0
"""Beyond this tau no rate is given: nearly all cohorts would have everybody or nobody respond, and the quadrature is no
longer exact to five digits."""

CLOSE = 1e-3
"""The root of the slope is sought this close, as a fraction, to the maximum that the search finds."""

ON_LOGITS = ", limits and standard error on the logit scale"
GLMM = f"random-intercept logistic model, {POINTS}-point adaptive Gauss-Hermite quadrature, t with k - 1 df{ON_LOGITS}"
INVERSE_VARIANCE = f"inverse variance on logits, REML, Hartung-Knapp with factor at least 1, t with k - 1 df{ON_LOGITS}"
I2_RULE = "tau2 / (tau2 + typical variance within cohorts), Higgins and Thompson 2002"
PREDICTION_RULE = "t with k - 2 df, Higgins, Thompson and Spiegelhalter 2009"


@dataclass(frozen=True)
class Pooled:
    """A pooled rate (fractions of 1) with its interval; nan where it does not exist, and `note` says why.

    `mu`, `std_error` and `tau2` are on the logit scale; `i2` is a fraction, by `i2_rule`. The prediction interval,
    by `prediction_rule`, is where the rate of a new cohort lies. `q` is chi-squared on `cohorts` - 1 degrees of freedom
    where all cohorts have one rate, with its `q_p_value`. `weights` are the share of each cohort in `mu`, () in a model
    whose mean is no weighted one.
    """

    estimate: float
    lower: float
    upper: float
    mu: float
    std_error: float
    tau2: float
    i2: float
    prediction_lower: float
    prediction_upper: float
    method: str
    cohorts: int
    level: float
    i2_rule: str = I2_RULE
    prediction_rule: str = PREDICTION_RULE
    note: str = ""
    q: float = float("nan")
    q_p_value: float = float("nan")
    weights: tuple[float, ...] = ()


@dataclass(frozen=True)
class RandomEffects:
    """Result of `random_effects`: mean, its standard errors without and with Hartung-Knapp, spread tau2."""

    mu: float
    std_error: float
    hartung_knapp: float
    tau2: float


def pool_proportions(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> Pooled:
    """Pooled response rate by a random-intercept logistic model (maximum likelihood, adaptive quadrature).

    events_i is binomial(n_i, expit(mu + b_i)), b_i normal(0, tau2); the rate is expit(mu), that of a cohort in the
    middle of the distribution (Stijnen, Hamza and Ozdemir 2010, Stat Med). Limits by t with k - 1 df on the
    logit scale; prediction interval mu +- t(k - 2) sqrt(tau2 + se^2) from three cohorts up. `q` is twice the
    log-likelihood by which a rate for each cohort fits better than one for all (Q_LRT of metafor's `rma.glmm`).

    One cohort, cohorts without any responder or without any non-responder, only full and empty ones, or a spread
    beyond `WIDEST_SPREAD` are not modelled: the rate of the sum with its Clopper-Pearson interval is given and
    `note` says so.

    Parameters
    ----------
    events, n : whole numbers, one value each per cohort, 0 <= events <= n, n at least 1. Cohorts that may share
        patients must not stand together.
    level : confidence level.

    Raises
    ------
    ValueError : counts as above not met, no cohort.

    Examples
    --------
    >>> pooled = pool_proportions([2, 23, 10], [4, 31, 13])
    >>> round(pooled.estimate, 3), round(pooled.lower, 3), round(pooled.upper, 3)
    (0.729, 0.4, 0.916)
    """
    x, m = _check(events, n, level)
    words = _not_estimable(x, m)
    if words:
        return _exact_sum(x, m, level, words)
    mu, tau = _fit(x, m)
    if tau > WIDEST_SPREAD:
        words = f"cohorts lie too far apart to pool (tau above {WIDEST_SPREAD:g} on the logit scale)"
        return _exact_sum(x, m, level, words)
    information = -_hessian(x, m, mu, tau)
    std_error = float(np.sqrt(np.linalg.inv(information)[0, 0])) if tau > 0 else float(information[0, 0] ** -0.5)
    _, variances = logits(x, m)
    note = "" if tau > 0 else "cohorts differ no more than by chance (tau2 = 0)"
    return _with_q(replace(_result(mu, std_error, tau**2, variances, level, GLMM), note=note), likelihood_ratio(x, m))


def inverse_variance(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> Pooled:
    """Sensitivity analysis: pooled logit by inverse variance, REML, with the safeguarded Hartung-Knapp interval.

    1/2 is added to both counts of cohorts with no or only responders, which draws them to the middle and can hide
    that cohorts differ. The Hartung-Knapp factor is not let below 1 (Roever, Knapp and Friede 2015, BMC Med Res
    Methodol). `q` is Cochran's (1954, Biometrics), by weights without tau2. Edge cases as `pool_proportions`.

    Examples
    --------
    >>> pooled = inverse_variance([2, 23, 10], [4, 31, 13])
    >>> round(pooled.estimate, 3), round(pooled.lower, 3), round(pooled.upper, 3)
    (0.727, 0.393, 0.916)
    """
    x, m = _check(events, n, level)
    words = _not_estimable(x, m)
    if words:
        return _exact_sum(x, m, level, words)
    values, variances = logits(x, m)
    found = random_effects(values, variances)
    weights = 1 / (variances + found.tau2)
    result = _result(found.mu, found.hartung_knapp, found.tau2, variances, level, INVERSE_VARIANCE)
    shares = tuple(float(share) for share in weights / weights.sum())
    return _with_q(replace(result, weights=shares), cochran_q(values, variances))


def leave_one_out(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> list[Pooled]:
    """The pooled rate without each cohort in turn, in the order of the cohorts; at least two cohorts needed.

    Examples
    --------
    >>> [round(pooled.estimate, 3) for pooled in leave_one_out([2, 23, 10], [4, 31, 13])]
    [0.75, 0.706, 0.714]
    """
    x, m = _check(events, n, level)
    if x.size < 2:
        raise ValueError(
            "events and n: leaving one cohort out needs at least two (for example: events [2, 5], n [4, 9])"
        )
    return [pool_proportions(np.delete(x, i), np.delete(m, i), level) for i in range(x.size)]


def logits(events: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logit of each rate and its variance 1/x + 1/(n - x); 1/2 added to both counts where one of them is 0."""
    add = np.where((events == 0) | (events == n), 0.5, 0.0)
    yes, no = events + add, n - events + add
    return np.log(yes / no), 1 / yes + 1 / no


def random_effects(values: np.ndarray, variances: np.ndarray) -> RandomEffects:
    """Random-effects mean of estimates with known variances: REML tau2, plain and Hartung-Knapp standard errors.

    Viechtbauer (2005, J Educ Behav Stat). At least two estimates.
    """

    def weigh(tau2: float) -> tuple[np.ndarray, float]:
        w = 1 / (variances + tau2)
        return w, float(np.sum(w * values) / np.sum(w))

    def likelihood(tau2: float) -> float:
        w, mu = weigh(tau2)
        return float(0.5 * (np.sum(np.log(w)) - np.log(np.sum(w)) - np.sum(w * (values - mu) ** 2)))

    def slope(tau2: float) -> float:
        w, mu = weigh(tau2)
        return float(np.sum(w**2 * (values - mu) ** 2) - np.sum(w) + np.sum(w**2) / np.sum(w))

    grid = np.concatenate(([0.0], np.var(values, ddof=1) * np.geomspace(1e-4, 10, 25)))
    tau2 = _maximum(likelihood, slope, grid)
    w, mu = weigh(tau2)
    std_error = float(np.sum(w) ** -0.5)
    factor = float(np.sqrt(np.sum(w * (values - mu) ** 2) / (values.size - 1)))
    return RandomEffects(mu, std_error, std_error * max(1.0, factor), tau2)


def cochran_q(values: np.ndarray, variances: np.ndarray) -> float:
    """Squared distances of estimates from their mean, all weighted by inverse variance: sum(w (y - mean)^2)."""
    w = 1 / variances
    return float(np.sum(w * (values - np.sum(w * values) / np.sum(w)) ** 2))


def likelihood_ratio(events: np.ndarray, n: np.ndarray) -> float:
    """Deviance of one rate for all cohorts: 2 sum(observed log(observed / expected)) of responders and the others."""
    rate = events.sum() / n.sum()
    parts = special.xlogy(events, events / (n * rate)) + special.xlogy(n - events, (n - events) / (n * (1 - rate)))
    return max(0.0, float(2 * parts.sum()))


def _with_q(pooled: Pooled, q: float) -> Pooled:
    return replace(pooled, q=q, q_p_value=float(special.chdtrc(pooled.cohorts - 1, q)))


def _check(events: ArrayLike, n: ArrayLike, level: float) -> tuple[np.ndarray, np.ndarray]:
    x, m = check_counts(events, n)
    check_level(level)
    if x.size == 0 or (m == 0).any():
        raise ValueError(
            "n: at least one cohort, each with an evaluable case, is needed (for example: events [2], n [4])"
        )
    return x, m


def _not_estimable(x: np.ndarray, n: np.ndarray) -> str:
    if x.size == 1:
        return "one cohort: nothing to pool"
    if x.sum() == 0:
        return "no responder in any cohort: no model can be fitted"
    if (x == n).all():
        return "responders only in every cohort: no model can be fitted"
    if ((x == 0) | (x == n)).all():
        return "every cohort has responders only or none: the spread has no limit and no model can be fitted"
    return ""


def _exact_sum(x: np.ndarray, n: np.ndarray, level: float, words: str) -> Pooled:
    total = clopper_pearson(int(x.sum()), int(n.sum()), level)
    method = f"Clopper-Pearson of the sum, {total.events}/{total.n}"
    unknown = (float("nan"),) * 6
    return Pooled(total.estimate, total.lower, total.upper, *unknown, method, x.size, level, note=words)


def _result(mu: float, std_error: float, tau2: float, variances: np.ndarray, level: float, method: str) -> Pooled:
    k = variances.size
    half = float(special.stdtrit(k - 1, (1 + level) / 2)) * std_error
    prediction = (float("nan"), float("nan"))
    if k >= 3:
        reach = float(special.stdtrit(k - 2, (1 + level) / 2)) * np.sqrt(tau2 + std_error**2)
        prediction = (float(special.expit(mu - reach)), float(special.expit(mu + reach)))
    w = 1 / variances
    typical = (k - 1) * np.sum(w) / (np.sum(w) ** 2 - np.sum(w**2))
    rate, lower, upper = (float(special.expit(v)) for v in (mu, mu - half, mu + half))
    return Pooled(
        rate, lower, upper, mu, std_error, tau2, float(tau2 / (tau2 + typical)), *prediction, method, k, level
    )


def _fit(x: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """Maximum-likelihood mu and tau; tau may be 0."""
    mu = float(special.logit((x.sum() + 0.5) / (n.sum() + 1)))

    def profile(tau: float) -> float:
        nonlocal mu  # the best mu changes little from one tau to the next
        mu = _best_mu(x, n, tau, mu)
        return _likelihood(x, n, mu, tau)[0]

    def slope(tau: float) -> float:
        nonlocal mu
        mu = _best_mu(x, n, tau, mu)
        if tau == 0:  # by tau2, since the slope by tau is always 0 here
            p = special.expit(mu)
            return float(np.sum((x - n * p) ** 2 - n * p * (1 - p)))
        return float(_likelihood(x, n, mu, tau)[1][1])

    tau = _maximum(profile, slope, SPREADS)
    return _best_mu(x, n, tau, mu), tau


def _maximum(value: Callable[[float], float], slope: Callable[[float], float], grid: np.ndarray) -> float:
    """Where a function of one non-negative number is largest: best of a grid, narrowed, then the root of its slope."""
    from scipy.optimize import brentq, minimize_scalar

    values = [value(float(g)) for g in grid]
    points = [float(g) for g in grid]
    while int(np.argmax(values)) == len(points) - 1:  # ends: not every cohort is full or empty
        points.append(2 * points[-1])
        values.append(value(points[-1]))
    best = int(np.argmax(values))
    if best == 0 and slope(0.0) <= 0:
        return 0.0
    low, high = points[max(best - 1, 0)], points[best + 1]
    found = float(minimize_scalar(lambda t: -value(t), bounds=(low, high), method="bounded").x)
    near, far = found * (1 - CLOSE), found * (1 + CLOSE)
    if slope(near) > 0 > slope(far):
        found = float(brentq(slope, near, far, xtol=1e-12, rtol=1e-13))
    return found if value(found) > values[0] else 0.0


def _best_mu(x: np.ndarray, n: np.ndarray, tau: float, start: float) -> float:
    """The mu with the largest likelihood for a given tau; the likelihood is log-concave in mu (Newton)."""
    mu = start
    for _ in range(100):
        _, gradient, curvature = _likelihood(x, n, mu, tau)
        step = float(np.clip(gradient[0] / -curvature, -1, 1))
        mu += step
        if abs(step) < 1e-8:  # the next step would be its square
            break
    return mu


def _likelihood(x: np.ndarray, n: np.ndarray, mu: float, tau: float) -> tuple[float, np.ndarray, float]:
    """Log-likelihood (binomial constants left out), its gradient by (mu, tau) and its second derivative by mu.

    Adaptive Gauss-Hermite quadrature over the standardised intercept u = b / tau, centred at the mode of each
    cohort's integrand and scaled by its curvature (Pinheiro and Bates 1995, J Comput Graph Stat).
    """
    if tau == 0:
        p = special.expit(mu)
        value = np.sum(x * mu - n * np.logaddexp(0, mu))
        return float(value), np.array([np.sum(x - n * p), 0.0]), float(-np.sum(n) * p * (1 - p))
    mode, last, longest = np.zeros_like(x), np.zeros_like(x), np.full_like(x, 2.0)
    for _ in range(100):
        p = special.expit(mu + tau * mode)
        curvature = n * tau**2 * p * (1 - p) + 1
        step = (tau * (x - n * p) - mode) / curvature
        longest = np.where(step * last < 0, longest / 2, longest)  # or it could swing to and fro for ever
        last = np.clip(step, -longest, longest)
        mode = mode + last
        if np.abs(last).max() < 1e-6:  # the next step would be its square
            break
    scale = curvature**-0.5
    u = mode[:, None] + np.sqrt(2) * scale[:, None] * NODES
    eta = mu + tau * u
    logs = x[:, None] * eta - n[:, None] * np.logaddexp(0, eta) - u**2 / 2 + LOG_WEIGHTS
    top = logs.max(axis=1, keepdims=True)
    weights = np.exp(logs - top)
    totals = weights.sum(axis=1, keepdims=True)
    value = np.sum(np.log(totals) + top) + np.sum(np.log(scale)) - x.size * 0.5 * np.log(np.pi)
    weights /= totals
    p = special.expit(eta)
    residual = x[:, None] - n[:, None] * p
    mean = np.sum(weights * residual, axis=1)
    spread = np.sum(weights * residual**2, axis=1) - mean**2 - np.sum(weights * n[:, None] * p * (1 - p), axis=1)
    return float(value), np.array([mean.sum(), np.sum(weights * residual * u)]), float(spread.sum())


def _hessian(x: np.ndarray, n: np.ndarray, mu: float, tau: float) -> np.ndarray:
    """Second derivatives of the log-likelihood by (mu, tau): central differences of the gradient."""
    h = 1e-4
    by_mu = (_likelihood(x, n, mu + h, tau)[1] - _likelihood(x, n, mu - h, tau)[1]) / (2 * h)
    step = min(h, tau / 2) if tau > 0 else h
    by_tau = (_likelihood(x, n, mu, tau + step)[1] - _likelihood(x, n, mu, abs(tau - step))[1]) / (2 * step)
    return np.array([[by_mu[0], by_tau[0]], [by_mu[1], by_tau[1]]])


NODES, _weights = np.polynomial.hermite.hermgauss(POINTS)
LOG_WEIGHTS = np.log(_weights) + NODES**2

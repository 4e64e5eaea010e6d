"""Rates again: statsmodels and scipy on the same counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import optimize, stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from caseseries.recompute.opinion import Opinion

STATSMODELS = {"clopper_pearson": "beta"}
"""Our names of intervals, and those of `statsmodels.stats.proportion.proportion_confint` where they differ."""

FAR = 15

MOST_FITTED = 5_000
"""Most persons whose GEE is fitted person by person."""

GRID = 4001
"""Points at which Blaker's acceptability is first looked at; the step where it crosses alpha is then halved."""


@lru_cache(maxsize=4096)
def rate(events: int, n: int, method: str, level: float) -> Opinion:
    """A rate with its interval by `method`: a name of statsmodels, a key of `STATSMODELS`, `mid_p` or `blaker`.

    Jeffreys and mid-P are set to 0 for 0/n and to 1 for n/n, as `estimators.proportion` documents.
    """
    own = {"mid_p": _mid_p, "blaker": _blaker}
    if method in own:
        limits, package = own[method](events, n, 1 - level), "scipy"
    else:
        limits = proportion_confint(events, n, alpha=1 - level, method=STATSMODELS.get(method, method))
        package = "statsmodels"
    lower = 0.0 if events == 0 else float(limits[0])
    upper = 1.0 if events == n else float(limits[1])
    return Opinion(package, events / n, lower=lower, upper=upper)


def _mid_p(events: int, n: int, alpha: float) -> tuple[float, float]:
    """Rates at which P(X > x) + P(X = x) / 2 is alpha / 2 and 1 - alpha / 2."""

    def beyond(p: float) -> float:
        return float(stats.binom.sf(events, n, p) + stats.binom.pmf(events, n, p) / 2)

    def root(wanted: float) -> float:
        return float(optimize.brentq(lambda p: beyond(p) - wanted, 0.0, 1.0, xtol=1e-14))

    return 0.0 if events == 0 else root(alpha / 2), 1.0 if events == n else root(1 - alpha / 2)


def _blaker(events: int, n: int, alpha: float) -> tuple[float, float]:
    """Hull of the rates that Blaker's test does not reject (Blaker 2000, Can J Stat)."""

    def kept(p: float) -> bool:
        counts = _likely(events, n, p)
        smaller_tail = np.minimum(stats.binom.cdf(counts, n, p), stats.binom.sf(counts - 1, n, p))
        chance = stats.binom.pmf(counts, n, p)
        ours = smaller_tail[events - counts[0]]
        return bool(chance[smaller_tail <= ours * (1 + 1e-12)].sum() > alpha)

    exact = proportion_confint(events, n, alpha=alpha, method="beta")
    return _edge(kept, exact[0], events / n), _edge(kept, exact[1], events / n)


def _likely(events: int, n: int, p: float) -> np.ndarray:
    """The counts of 0 to n that have a chance worth summing, and those between them and `events`: beyond `FAR` standard
    deviations, and 200 counts for the long tails of rare events, all others together have less than 1e-30.
    """
    reach = FAR * np.sqrt(n * p * (1 - p)) + 200
    return np.arange(max(0, min(events, int(n * p - reach))), min(n, max(events, int(n * p + reach))) + 1)


def _edge(kept: Callable[[float], bool], outer: float, inner: float) -> float:
    """The outermost rate that is kept, sought from `outer` inwards."""
    grid = np.linspace(outer, inner, GRID)
    first = next(place for place, p in enumerate(grid) if kept(p))
    if first == 0:
        return float(grid[0])
    outside, inside = float(grid[first - 1]), float(grid[first])
    while abs(inside - outside) > 1e-12:
        middle = (inside + outside) / 2
        outside, inside = (outside, middle) if kept(middle) else (middle, inside)
    return inside


@lru_cache(maxsize=1024)
def rate_difference(events_1: int, n_1: int, events_2: int, n_2: int, level: float) -> Opinion:
    """First rate minus second, Newcombe's interval, by statsmodels."""
    lower, upper = confint_proportions_2indep(events_1, n_1, events_2, n_2, method="newcomb", alpha=1 - level)
    return Opinion("statsmodels", events_1 / n_1 - events_2 / n_2, lower=float(lower), upper=float(upper))


@lru_cache(maxsize=1024)
def fisher(events_1: int, n_1: int, events_2: int, n_2: int) -> Opinion:
    """Two-sided p-value of Fisher's test by scipy."""
    table = [[events_1, n_1 - events_1], [events_2, n_2 - events_2]]
    return Opinion("scipy", float(stats.fisher_exact(table).pvalue))


def gee(event: np.ndarray, person: np.ndarray, level: float) -> Opinion:
    """Rate over all episodes by statsmodels' GEE, independence, Mancl and DeRouen; limits by t on the logit scale.

    Of more than `MOST_FITTED` persons by `gee_of_many`: GEE takes them one after the other.
    """
    import statsmodels.api as sm

    if np.unique(person).size > MOST_FITTED:
        return gee_of_many(event, person, level)
    model = sm.GEE(event, np.ones((event.size, 1)), groups=person, family=sm.families.Binomial())
    # What must vanish is a sum over everybody, which rounding keeps from nought the more there are.
    found = model.fit(cov_type="bias_reduced", ctol=1e-12 * max(1.0, event.size / 100))
    return _by_t(float(found.params[0]), float(found.bse[0]), np.unique(person).size, level)


def gee_of_many(event: np.ndarray, person: np.ndarray, level: float) -> Opinion:
    """What `gee` is, by statsmodels' least squares on the rate of each person, weighted by the episodes, with HC3.

    The leverage of a person is the share of all episodes, so that HC3 divides what is left over by what Mancl and
    DeRouen divide it by; the delta method leads to the logit scale, on which both are one number.
    """
    import statsmodels.api as sm

    _, numbers, episodes = np.unique(person, return_inverse=True, return_counts=True)
    rates = np.bincount(numbers, weights=event) / episodes
    found = sm.WLS(rates, np.ones((rates.size, 1)), weights=episodes).fit(cov_type="HC3")
    mean = float(found.params[0])
    return _by_t(float(np.log(mean / (1 - mean))), float(found.bse[0]) / (mean * (1 - mean)), rates.size, level)


def _by_t(centre: float, error: float, persons: int, level: float) -> Opinion:
    """A rate and its limits from a logit and its standard error."""
    half = stats.t.ppf((1 + level) / 2, persons - 1) * error
    rate_, lower, upper = (1 / (1 + np.exp(-value)) for value in (centre, centre - half, centre + half))
    return Opinion("statsmodels", float(rate_), lower=float(lower), upper=float(upper))

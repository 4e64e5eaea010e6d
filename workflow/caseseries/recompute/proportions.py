"""Rates again: statsmodels and scipy on the same counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
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

FEW = 1000
"""Cases up to which the tails of all counts are computed, of many rates at once."""

MOST_TRIED = 64
"""Most points of the grid that are looked at together."""

ROUNDING = 1e-12
"""By how much, relative to ours, a tail may be heavier that is the same but for rounding."""


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

    def kept(rates: np.ndarray) -> np.ndarray:
        return np.array([_chance_beyond(events, n, rate) > alpha for rate in rates])

    def kept_of_few(rates: np.ndarray) -> np.ndarray:
        return _chances_beyond(events, n, rates) > alpha

    found = kept_of_few if n <= FEW else kept
    exact = proportion_confint(events, n, alpha=alpha, method="beta")
    return _edge(found, exact[0], events / n), _edge(found, exact[1], events / n)


def _chances_beyond(events: int, n: int, rates: np.ndarray) -> np.ndarray:
    """Chance, at each of some rates, of a count whose smaller tail is no heavier than that of `events`."""
    counts, p = np.arange(n + 1), rates[:, None]
    smaller_tail = np.minimum(stats.binom.cdf(counts, n, p), stats.binom.sf(counts - 1, n, p))
    ours = smaller_tail[:, [events]]
    return np.where(smaller_tail <= ours * (1 + ROUNDING), stats.binom.pmf(counts, n, p), 0.0).sum(axis=1)


def _chance_beyond(events: int, n: int, p: float) -> float:
    """What `_chances_beyond` gives for one rate and many counts: tails only grow lighter outwards, so that where they
    are no heavier than ours is found by trying few of them.
    """
    counts = _likely(events, n, p)
    tails = (lambda k: stats.binom.cdf(k, n, p), lambda k: stats.binom.sf(k - 1, n, p))
    limit = min(float(tail(events)) for tail in tails) * (1 + ROUNDING)
    below = _first_true(lambda k: tails[0](k) > limit, counts)
    above = _first_true(lambda k: tails[1](k) <= limit, counts)
    chance = stats.binom.pmf(counts, n, p)
    return float(chance.sum() if above <= below else np.concatenate([chance[:below], chance[above:]]).sum())


def _first_true(holds: Callable[[np.ndarray], np.ndarray], counts: np.ndarray) -> int:
    """Place of the first of rising counts at which something holds that holds for all after it; their number for none.

    Tried at evenly spaced places, then at those between two of them.
    """
    step = int(np.sqrt(len(counts))) + 1
    places = np.arange(0, len(counts), step)
    tried = holds(counts[places])
    end = int(places[np.argmax(tried)]) if tried.any() else len(counts)
    start = max(0, (end if tried.any() else int(places[-1]) + step) - step)
    between = holds(counts[start:end])
    return start + int(np.argmax(between)) if between.any() else end


def _likely(events: int, n: int, p: float) -> np.ndarray:
    """The counts of 0 to n that have a chance worth summing, and those between them and `events`: beyond `FAR` standard
    deviations, and 200 counts for the long tails of rare events, all others together have less than 1e-30.
    """
    reach = FAR * np.sqrt(n * p * (1 - p)) + 200
    return np.arange(max(0, min(events, int(n * p - reach))), min(n, max(events, int(n * p + reach))) + 1)


def _edge(kept: Callable[[np.ndarray], np.ndarray], outer: float, inner: float) -> float:
    """The outermost rate that is kept, sought from `outer` inwards on a grid, twice as many of it at a time."""
    grid = np.linspace(outer, inner, GRID)
    start, size = 0, 1
    while not (found := kept(grid[start : start + size])).any():
        start, size = start + size, min(2 * size, MOST_TRIED)
    first = start + int(np.argmax(found))
    if first == 0:
        return float(grid[0])
    outside, inside = float(grid[first - 1]), float(grid[first])
    while abs(inside - outside) > 1e-12:
        middle = (inside + outside) / 2
        outside, inside = (outside, middle) if kept(np.array([middle]))[0] else (middle, inside)
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

    persons = pd.unique(person).size
    if persons > MOST_FITTED:
        return gee_of_many(event, person, level)
    model = sm.GEE(event, np.ones((event.size, 1)), groups=person, family=sm.families.Binomial())
    # What must vanish is a sum over everybody, which rounding keeps from nought the more there are.
    found = model.fit(cov_type="bias_reduced", ctol=1e-12 * max(1.0, event.size / 100))
    return _by_t(float(found.params[0]), float(found.bse[0]), persons, level)


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

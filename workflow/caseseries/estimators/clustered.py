"""Rates over all episodes where one person may have several: GEE and the bootstrap by person.

Episodes of one person are alike, so that intervals which take them as independent are too short. The primary
analysis keeps the first episode of each person; these are the sensitivity analysis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import Arguments, check_level, counted, positions

FEWEST_PERSONS = 10
"""Neither interval is given for fewer persons: both lean on the number of persons being large."""

SAMPLES = 2000
ONE_BY_ONE = 1000
"""Most persons that are drawn one by one; of more, those with as many episodes and responses are drawn together, which
has the same distribution and a cost that does not grow."""

SEED = 20230901


@dataclass(frozen=True)
class ClusteredRate:
    """A rate over all episodes with an interval that allows for several episodes a person.

    `refused` is empty where the interval was made; otherwise it says why not, and the limits are nan.
    """

    events: int
    n: int
    persons: int
    estimate: float
    std_error: float
    lower: float
    upper: float
    level: float
    method: str
    refused: str = ""


def gee_rate(event: ArrayLike, person: ArrayLike, level: float = 0.95) -> ClusteredRate:
    """Rate by generalised estimating equations with the small-sample correction of Mancl and DeRouen.

    Liang and Zeger (1986, Biometrika) with independent working correlation, so that the rate is that of the
    episodes; variance by Mancl and DeRouen (2001, Biometrics); limits on the logit scale by t with persons - 1
    df. With an intercept only, it has a closed form, given here because importing statsmodels takes a quarter of
    a stage; it equals statsmodels' GEE with `cov_type="bias_reduced"`. `std_error` is on the logit scale.

    Parameters
    ----------
    event : 1 responded, 0 did not, one an episode.
    person : label of the person of each episode.

    Raises
    ------
    ValueError : codes other than 0 and 1, missing labels, unequal lengths, no episode.

    Examples
    --------
    >>> found = gee_rate([1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1], [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    >>> round(found.estimate, 3), round(found.lower, 3), round(found.upper, 3)
    (0.583, 0.276, 0.837)
    """
    events, cluster = _check(event, person, level)
    method = "GEE, independence, Mancl-DeRouen, t with persons - 1 df"
    refused = _refusal(events, cluster)
    total, n, persons = int(events.sum()), events.size, int(cluster.max()) + 1
    rate = total / n
    if refused:
        return ClusteredRate(total, n, persons, rate, *(float("nan"),) * 3, level, method, refused)
    size = np.bincount(cluster)
    residual = np.bincount(cluster, weights=events - rate)
    score = residual * n / (n - size)  # residuals freed of the pull that the person has on the fitted rate
    std_error = float(np.sqrt(np.sum(score**2)) / (n * rate * (1 - rate)))
    half = float(special.stdtrit(persons - 1, (1 + level) / 2)) * std_error
    centre = special.logit(rate)
    limits = float(special.expit(centre - half)), float(special.expit(centre + half))
    return ClusteredRate(total, n, persons, rate, std_error, *limits, level, method)


def bootstrap_rate(
    event: ArrayLike, person: ArrayLike, level: float = 0.95, *, samples: int = SAMPLES, seed: int = SEED
) -> ClusteredRate:
    """Rate over all episodes with a percentile interval from resampling persons with all their episodes.

    Davison and Hinkley (1997), section 3.8. Seeded, so that the same data always give the same interval.
    `std_error` is that of the resampled rates. Parameters and errors as `gee_rate`.

    Examples
    --------
    >>> found = bootstrap_rate([1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1], [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    >>> round(found.estimate, 3), round(found.lower, 3), round(found.upper, 3)
    (0.583, 0.333, 0.833)
    """
    events, cluster = _check(event, person, level)
    method = f"bootstrap by person, percentile, {samples} samples, seed {seed}"
    refused = _refusal(events, cluster)
    total, n, persons = int(events.sum()), events.size, int(cluster.max()) + 1
    if refused:
        return ClusteredRate(total, n, persons, total / n, *(float("nan"),) * 3, level, method, refused)
    responders, size = np.bincount(cluster, weights=events), np.bincount(cluster)
    if persons > ONE_BY_ONE:
        number = np.bincount(responders.astype(np.int64) * (size.max() + 1) + size)
        kinds = np.flatnonzero(number)
        alike, responders, size = number[kinds], *np.divmod(kinds, size.max() + 1)
        drawn = np.random.default_rng(seed).multinomial(persons, alike / persons, size=samples)
    else:
        drawn = _drawn(persons, samples, seed)
    rates = (drawn @ responders) / (drawn @ size)
    lower, upper = np.quantile(rates, [(1 - level) / 2, (1 + level) / 2])
    spread = float(rates.std(ddof=1))
    return ClusteredRate(total, n, persons, total / n, spread, float(lower), float(upper), level, method)


@lru_cache(maxsize=8)
def _drawn(persons: int, samples: int, seed: int) -> np.ndarray:
    """How often each person is drawn; the same for every definition that judges as many persons."""
    return np.random.default_rng(seed).multinomial(persons, np.full(persons, 1 / persons), size=samples)


def _check(event: ArrayLike, person: ArrayLike, level: float) -> tuple[np.ndarray, np.ndarray]:
    check_level(level)
    given = Arguments()
    events = given.codes("event", event, largest=1)
    cluster, _ = pd.factorize(pd.Series(person), sort=True)
    given.lengths["person"] = cluster.size
    given.require(not (cluster < 0).any(), f"person: {positions(cluster < 0)} missing (for example: P07)")
    given.done()
    return events, cluster


def _refusal(events: np.ndarray, cluster: np.ndarray) -> str:
    persons = int(cluster.max()) + 1
    if persons < FEWEST_PERSONS:
        return f"no interval: {counted(persons, 'person')}, fewer than {FEWEST_PERSONS}"
    if events.min() == events.max():
        return "no interval: all episodes ended alike"
    return ""

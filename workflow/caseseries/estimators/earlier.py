"""What earlier series say about the rate of a new one: a robust meta-analytic-predictive prior, by quadrature.

Model of Neuenschwander and others (2010, Clin Trials) and Schmidli and others (2014, Biometrics), as the R package
RBesT has it: counts of series j are binomial with logit p_j ~ normal(mu, tau), mu ~ normal(0, 2), tau ~ half-normal(1);
the prior of a new series is the distribution of its p given the earlier counts, mixed with a uniform one. RBesT draws
it by a sampler and fits a beta mixture; here it is integrated on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.proportion import check_counts

GRID = np.linspace(-10.0, 10.0, 1001)
"""Logits; a rate of 5 in 100,000 and its opposite are its ends."""
STEP = float(GRID[1] - GRID[0])
SPREADS = 40
"""Nodes of Gauss and Legendre by which tau is integrated, to five times its scale."""
NARROWEST = 1.5 * STEP
"""Smallest tau that the grid resolves; smaller ones are taken for it."""
RATES = special.expit(GRID)
SLOPE = RATES * (1 - RATES)


@dataclass(frozen=True)
class RatePrior:
    """A distribution of a rate, known by its density on the logit at `GRID`.

    Parameters
    ----------
    density : on the logit; integrates to 1.
    vague : share of the uniform part of the mixture.
    apart : density of the part that is not uniform.
    """

    density: np.ndarray
    vague: float
    apart: np.ndarray

    @property
    def mean(self) -> float:
        """Mean of the rate."""
        return float(np.sum(self.density * RATES) * STEP)

    @property
    def std_dev(self) -> float:
        """Standard deviation of the rate."""
        return float(np.sqrt(np.sum(self.density * (RATES - self.mean) ** 2) * STEP))

    def quantile(self, p: float) -> float:
        """Rate below which a share p of the distribution lies."""
        below = np.cumsum(self.density) * STEP
        return float(special.expit(np.interp(p, below / below[-1], GRID + STEP / 2)))

    @property
    def effective_size(self) -> float:
        """Cases that would tell as much: the expected local-information-ratio of Neuenschwander and others (2020,
        Biometrics), E[-(log f)'' p (1 - p)] over the density f of the rate; a + b for a beta(a, b) with a, b > 1."""
        known = self.density > 0
        log_density = np.log(np.where(known, self.density, 1.0)) - np.log(SLOPE)
        inside = slice(2, -2)
        first = np.convolve(log_density, FIRST, mode="valid") / STEP
        second = np.convolve(log_density, SECOND, mode="valid") / STEP**2
        information = (first * (1 - 2 * RATES[inside]) - second) / SLOPE[inside]
        return float(np.sum(information * self.density[inside]) * STEP)


FIRST = np.array([-1, 8, 0, -8, 1]) / 12
SECOND = np.array([-1, 16, -30, 16, -1]) / 12
"""Differences of five points, of fourth order, in the order in which a convolution takes them."""


def earlier_rates(
    events: ArrayLike, n: ArrayLike, *, vague: float = 0.2, spread: float = 1.0, location: float = 2.0
) -> RatePrior:
    """The robust meta-analytic-predictive prior of the rate of a new series.

    Parameters
    ----------
    events, n : cases with the event, and cases, one value a series.
    vague : share of the uniform part, which protects against a new series that is unlike the earlier ones.
    spread : scale of the half-normal prior of tau. location : standard deviation of the normal prior of mu.

    Raises
    ------
    ValueError : counts that are none, or a share, scale or deviation out of range.

    Examples
    --------
    >>> prior = earlier_rates([23, 12, 19, 9, 39, 6, 9, 10], [107, 44, 51, 39, 139, 20, 78, 35], vague=0)
    >>> round(prior.mean, 2), round(prior.effective_size)
    (0.26, 37)
    """
    x, size = check_counts(events, n)
    if not 0 <= vague < 1 or spread <= 0 or location <= 0:
        raise ValueError(
            "vague: must lie from 0 to below 1; spread, location: must be above 0 (for example: 0.2, 1, 2)"
        )
    logs = [a * GRID - b * np.logaddexp(0, GRID) for a, b in zip(x, size, strict=True)]
    likelihoods = [np.exp(log - log.max()) for log in logs]
    nodes, weights = np.polynomial.legendre.leggauss(SPREADS)
    spreads, weights = 2.5 * spread * (nodes + 1), 2.5 * spread * weights
    density = np.zeros_like(GRID)
    for tau, weight in zip(spreads, weights, strict=True):
        kernel = np.exp(-0.5 * (GRID / max(tau, NARROWEST)) ** 2)
        kernel /= kernel.sum()
        of_mean = np.exp(-0.5 * (GRID / location) ** 2)
        for likelihood in likelihoods:
            of_mean = of_mean * np.convolve(likelihood, kernel, mode="same")
        density += weight * np.exp(-0.5 * (tau / spread) ** 2) * np.convolve(of_mean, kernel, mode="same")
    return mixture(density / (density.sum() * STEP), vague)


def mixture(apart: np.ndarray, vague: float) -> RatePrior:
    """A density on the logit mixed with a uniform distribution of the rate."""
    return RatePrior((1 - vague) * apart + vague * SLOPE, vague, apart)


def update(prior: RatePrior, events: int, n: int) -> RatePrior:
    """The distribution of the rate after a new series of n cases with so many events."""
    check_counts([events], [n])
    log = events * GRID - n * np.logaddexp(0, GRID)
    likelihood = np.exp(log - log.max())
    after = prior.apart * likelihood
    of_apart, of_vague = float(after.sum() * STEP), float(np.sum(SLOPE * likelihood) * STEP)
    total = (1 - prior.vague) * of_apart + prior.vague * of_vague
    density = prior.density * likelihood
    return RatePrior(density / (density.sum() * STEP), prior.vague * of_vague / total, after / of_apart)


def surprise(prior: RatePrior, events: int, n: int) -> float:
    """How likely a result at least as far out was, given the part of the prior that earlier series make (two-sided).

    Box (1980, J R Stat Soc A): the tail of the prior predictive distribution, here doubled and at most 1.
    """
    check_counts([events], [n])
    counts = np.arange(n + 1)
    logs = special.gammaln(n + 1) - special.gammaln(counts + 1) - special.gammaln(n - counts + 1)
    logs = logs[:, None] + counts[:, None] * GRID - n * np.logaddexp(0, GRID)
    chances = np.sum(np.exp(logs) * prior.apart, axis=1) * STEP
    return float(min(1.0, 2 * min(chances[: events + 1].sum(), chances[events:].sum())))

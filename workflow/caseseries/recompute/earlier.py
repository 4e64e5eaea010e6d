"""A rate beside what earlier series say, again: sums over mu, tau and deviates with scipy, and no grid of the logit."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special, stats

from caseseries.recompute.opinion import Opinion

MEANS, SPREADS, DEVIATES = 641, 30, 32
"""Points of mu, nodes of tau (Gauss and Legendre) and of the deviate (Gauss and Hermite)."""
TOLERANCE = 3e-3
VAGUE = 0.2


class Mixed:
    """A weighted sample of rates mixed with a beta distribution, `share` of it."""

    def __init__(self, rates: np.ndarray, weights: np.ndarray, share: float, beta: tuple[float, float]) -> None:
        self.rates, self.weights, self.share = rates, weights / weights.sum(), share
        self.beta = stats.beta(*beta)
        self.below = np.cumsum(self.weights) - self.weights / 2

    def moment(self, power: int) -> float:
        """Mean of a power of the rate."""
        apart = float(np.sum(self.weights * self.rates**power))
        return (1 - self.share) * apart + self.share * float(self.beta.moment(power))

    def quantile(self, p: float) -> float:
        """Rate below which a share p lies."""

        def excess(rate: float) -> float:
            return float(
                (1 - self.share) * np.interp(rate, self.rates, self.below) + self.share * self.beta.cdf(rate) - p
            )

        return float(optimize.brentq(excess, 0.0, 1.0))

    def opinion(self, level: float) -> Opinion:
        """Mean, standard deviation and interval."""
        mean = self.moment(1)
        lower, upper = self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        return Opinion("scipy", mean, float(np.sqrt(self.moment(2) - mean**2)), lower, upper, tolerance=TOLERANCE)


def by_sums(events: np.ndarray, n: np.ndarray, new: int, size: int, level: float) -> dict[str, Opinion]:
    """Opinions by statistic on a new series of `size` cases, `new` of them with the event, given earlier series."""
    mu = np.linspace(-8, 8, MEANS)[:, None, None]
    nodes, weights = special.roots_legendre(SPREADS)
    tau, of_tau = 2.5 * (nodes + 1)[None, :, None], weights[None, :, None]
    deviates, of_deviate = special.roots_hermitenorm(DEVIATES)
    rates = special.expit(mu + tau * deviates)
    known = stats.norm.pdf(mu, 0, 2) * stats.norm.pdf(tau) * of_tau
    for x, cases in zip(events, n, strict=True):
        known = known * np.sum(of_deviate * stats.binom.pmf(x, cases, rates), axis=2, keepdims=True)
    order = np.argsort(rates, axis=None)
    flat, weight = rates.ravel()[order], (known * of_deviate).ravel()[order]
    weight = weight / weight.sum()
    likely = stats.binom.pmf(new, size, flat)
    apart, uniform = float(np.sum(weight * likely)), 1 / (size + 1)
    after = VAGUE * uniform / (VAGUE * uniform + (1 - VAGUE) * apart)
    seen = (1.0 + new, 1.0 + size - new)
    chances = np.array([np.sum(weight * stats.binom.pmf(count, size, flat)) for count in range(size + 1)])
    tail = min(1.0, 2 * float(min(chances[: new + 1].sum(), chances[new:].sum())))
    return {
        "prior_rate": Mixed(flat, weight, VAGUE, (1.0, 1.0)).opinion(level),
        "alone_rate": Mixed(flat, weight, 1.0, seen).opinion(level),
        "with_earlier_rate": Mixed(flat, weight * likely, after, seen).opinion(level),
        "vague_share": Opinion("scipy", after, tolerance=TOLERANCE),
        "prior_predictive_p": Opinion("scipy", tail, tolerance=TOLERANCE),
    }

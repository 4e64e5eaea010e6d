"""Firth regressions again: statsmodels' likelihoods with Jeffreys' penalty, maximised by scipy.

No other package on the index fits them: the likelihood, score and information are statsmodels', the penalty is half the
logarithm of the determinant of the information (Firth 1993, Biometrika), the search scipy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, stats

from caseseries.recompute.opinion import Opinion

if TYPE_CHECKING:
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.duration.hazard_regression import PHReg

Likelihood = Callable[[np.ndarray], float]
WIDEST = 60.0
"""Coefficients (per standard deviation) beyond which no limit is sought."""


def firth_logistic(event: np.ndarray, design: np.ndarray, level: float) -> list[Opinion]:
    """Odds ratios of the columns of a design without intercept, with profile limits."""
    import statsmodels.api as sm

    scaled, scale = _scaled(design)
    model = sm.Logit(event, np.column_stack([scaled, np.ones(len(event))]))
    return _ratios(_penalised(model), scale, scaled.shape[1] + 1, level)


def firth_cox(time: np.ndarray, event: np.ndarray, design: np.ndarray, level: float) -> list[Opinion]:
    """Hazard ratios of the columns of a design, Breslow's ties, with profile limits."""
    from statsmodels.duration.hazard_regression import PHReg

    scaled, scale = _scaled(design)
    model = PHReg(time, scaled, status=event, ties="breslow")
    return _ratios(_penalised(model), scale, scaled.shape[1], level)


def _scaled(design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = design.std(axis=0)
    return (design - design.mean(axis=0)) / scale, scale


def _penalised(model: Logit | PHReg) -> Likelihood:
    def value(beta: np.ndarray) -> float:
        sign, logarithm = np.linalg.slogdet(-np.atleast_2d(model.hessian(beta)))
        return float(model.loglike(beta) + logarithm / 2) if sign > 0 else -np.inf

    return value


def _ratios(value: Likelihood, scale: np.ndarray, width: int, level: float) -> list[Opinion]:
    """Ratio of each scaled column, and where the profile has fallen by half the chi-squared quantile."""
    best = _maximum(value, np.zeros(width), range(width))
    fall = stats.chi2.ppf(level, 1) / 2
    top = value(best)
    found = []
    for place in range(scale.size):
        others = [other for other in range(width) if other != place]

        def above(shift: float, place: int = place, others: list[int] = others) -> float:
            start = best.copy()
            start[place] += shift
            return value(_maximum(value, start, others)) - top + fall

        lower, upper = (best[place] + _crossing(above, side) for side in (-1.0, 1.0))
        estimate, lower, upper = np.exp(np.array([best[place], lower, upper]) / scale[place])
        found.append(Opinion("statsmodels", float(estimate), lower=float(lower), upper=float(upper), tolerance=1e-4))
    return found


def _crossing(above: Callable[[float], float], side: float) -> float:
    reach = 0.25
    while above(side * reach) > 0 and reach < WIDEST:
        reach *= 2
    return side * optimize.brentq(lambda step: above(side * step), 0.0, reach, xtol=1e-7)


def _maximum(value: Likelihood, start: np.ndarray, free: range | list[int]) -> np.ndarray:
    """The best coefficients, those not in `free` held."""
    held = start.copy()
    if not len(free):
        return held

    def minus(some: np.ndarray) -> float:
        full = held.copy()
        full[list(free)] = some
        found = value(full)
        return -found if np.isfinite(found) else 1e10

    found = optimize.minimize(minus, held[list(free)], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    held[list(free)] = found.x
    return held

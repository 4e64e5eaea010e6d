"""Agreement between two readings of the same cases: Cohen's kappa and Gwet's AC1, each with an interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import NOTHING_VARIED, Arguments, check_level, positions

ROUNDING = 1e-14
"""A spread below this is 0 but for rounding: true ones of up to 5,000 cases are a thousand times larger."""


@dataclass(frozen=True)
class Agreement:
    """A chance-corrected agreement; 1 is perfect, 0 that of chance.

    nan where it is not defined, limits nan where its standard error is 0 (all agree); `note` says so.
    """

    estimate: float
    std_error: float
    lower: float
    upper: float
    observed: float
    n: int
    level: float
    method: str
    note: str = ""


def cohen_kappa(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> Agreement:
    """Cohen's kappa of two readings, with the large-sample interval of Fleiss, Cohen and Everitt.

    Cohen (1960, Educ Psychol Meas); variance by Fleiss, Cohen and Everitt (1969, Psychol Bull). Not
    defined where both readings put every case in the same one category. Kappa falls where one category is rare even
    if readings agree: give `gwet_ac1` beside it (Feinstein and Cicchetti 1990, J Clin Epidemiol).

    Parameters
    ----------
    first, second : the category of each case in each reading; none missing.

    Examples
    --------
    >>> cohen_kappa(["R", "R", "NR", "NR"], ["R", "NR", "NR", "NR"]).estimate
    0.5
    """
    return kappa_of_table(_table(first, second, level), level)


def kappa_of_table(cells: np.ndarray, level: float = 0.95) -> Agreement:
    """`cohen_kappa` from the square table of counts: rows the first reading, columns the second."""
    p, n = _shares(cells)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float(np.trace(p)), float(rows @ columns)
    method = "Cohen's kappa, Fleiss-Cohen-Everitt"
    if chance == 1:
        return _undefined(observed, n, level, method)
    kappa = (observed - chance) / (1 - chance)
    pairs = columns[:, None] + rows[None, :]  # the term of cell (i, j): share of i in the second and of j in the first
    diagonal = np.sum(np.diag(p) * (1 - np.diag(pairs) * (1 - kappa)) ** 2)
    outside = (1 - kappa) ** 2 * np.sum((p - np.diag(np.diag(p))) * pairs**2)
    spread = diagonal + outside - (kappa - chance * (1 - kappa)) ** 2
    return _result(kappa, spread, chance, special.ndtri((1 + level) / 2), observed, n, level, method)


def gwet_ac1(first: ArrayLike, second: ArrayLike, level: float = 0.95) -> Agreement:
    """Gwet's AC1 of two readings, which stays stable where one category is rare; interval by t with n - 1 df.

    Gwet (2008, Br J Math Stat Psychol), variance of the linearised coefficient for cases drawn at random.
    Categories are those seen in either reading; where there is one only, agreement by chance is not defined.

    Examples
    --------
    >>> round(gwet_ac1(["R", "R", "NR", "NR"], ["R", "NR", "NR", "NR"]).estimate, 3)
    0.529
    """
    return ac1_of_table(_table(first, second, level), level)


def ac1_of_table(cells: np.ndarray, level: float = 0.95) -> Agreement:
    """`gwet_ac1` from the square table of counts: rows the first reading, columns the second."""
    p, n = _shares(cells)
    method = "Gwet's AC1, t with n - 1 df"
    observed, categories = float(np.trace(p)), p.shape[0]
    if categories < 2 or n < 2:
        return _undefined(observed, n, level, method)
    share = (p.sum(axis=1) + p.sum(axis=0)) / 2
    chance = float(np.sum(share * (1 - share)) / (categories - 1))
    ac1 = (observed - chance) / (1 - chance)
    mean_share = (share[:, None] + share[None, :]) / 2
    terms = np.eye(categories) - 2 * (1 - ac1) * (1 - mean_share) / (categories - 1)
    spread = np.sum(p * terms**2) - (observed - 2 * (1 - ac1) * chance) ** 2
    return _result(ac1, spread, chance, special.stdtrit(n - 1, (1 + level) / 2), observed, n, level, method)


def _table(first: ArrayLike, second: ArrayLike, level: float) -> np.ndarray:
    """Number of cases with each pair of categories."""
    check_level(level)
    given = Arguments()
    readings = {"first": np.asarray(first, dtype=object), "second": np.asarray(second, dtype=object)}
    for name, values in readings.items():
        given.lengths[name] = values.size
        missing = pd.isna(values)
        given.require(not missing.any(), f"{name}: {positions(missing)} missing (for example: CR)")
    given.done()
    codes, labels = pd.factorize(np.concatenate(list(readings.values())), sort=True)
    n, categories = len(codes) // 2, len(labels)
    cells = np.bincount(codes[:n] * categories + codes[n:], minlength=categories**2)
    return cells.reshape(categories, categories)


def _shares(cells: np.ndarray) -> tuple[np.ndarray, int]:
    """Shares of each pair of the categories that were seen in either reading, and the number of cases."""
    seen = cells.sum(axis=0) + cells.sum(axis=1) > 0
    n = int(cells.sum())
    return cells[np.ix_(seen, seen)] / n, n


def _result(
    estimate: float, spread: float, chance: float, quantile: float, observed: float, n: int, level: float, method: str
) -> Agreement:
    """The variance is spread / (n (1 - chance)^2)."""
    if spread < ROUNDING:
        return Agreement(float(estimate), 0.0, *(float("nan"),) * 2, observed, n, level, method, NOTHING_VARIED)
    std_error = float(np.sqrt(spread / n) / (1 - chance))
    lower, upper = max(-1.0, estimate - quantile * std_error), min(1.0, estimate + quantile * std_error)
    return Agreement(float(estimate), std_error, float(lower), float(upper), observed, n, level, method)


def _undefined(observed: float, n: int, level: float, method: str) -> Agreement:
    note = "not defined: every case is in one category"
    return Agreement(*(float("nan"),) * 4, observed, n, level, method, note)

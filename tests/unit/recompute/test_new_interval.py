"""An interval of a rate that is added stands in two places: its formula, and its name in the list of methods."""

import numpy as np
import pytest

from caseseries.estimate.rates import rate_rows
from caseseries.estimators.proportion import INTERVALS
from caseseries.model import methods
from caseseries.recompute import proportions


def agresti_coull(x, n, alpha):
    """Agresti and Coull (1998): Wald's interval about the centre of Wilson's."""
    from scipy.stats import norm

    z = norm.ppf(1 - alpha / 2)
    wider = n + z**2
    centre = (x + z**2 / 2) / wider
    half = z * np.sqrt(centre * (1 - centre) / wider)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


@pytest.fixture
def added(monkeypatch):
    monkeypatch.setitem(INTERVALS, "agresti_coull", agresti_coull)
    monkeypatch.setitem(methods.METHODS, "Agresti-Coull", "Agresti-Coull")
    monkeypatch.setitem(methods.RATE_INTERVALS, "Agresti-Coull", "agresti_coull")


def test_it_is_estimated_and_computed_again(added):
    rows = rate_rows("response_rate", 7, 10, 0, 0.95, methods=tuple(methods.RATE_INTERVALS))
    (row,) = [row for row in rows if row["method"] == "Agresti-Coull"]
    theirs = proportions.rate(7, 10, methods.RATE_INTERVALS[row["method"]], 0.95)
    assert theirs.package == "statsmodels"
    assert (row["lower"], row["upper"]) == pytest.approx((theirs.lower, theirs.upper), abs=1e-12)


def test_every_interval_has_its_formula_and_its_meaning():
    assert set(methods.RATE_INTERVALS.values()) == set(INTERVALS)
    assert set(methods.RATE_INTERVALS) <= set(methods.METHODS)

"""Rates and their difference against R."""

import numpy as np
import pytest

from caseseries.estimators import newcombe
from caseseries.estimators.proportion import interval
from reference.values import assert_close, data, numbers, of_room, value

METHODS = {
    "clopper_pearson": "clopper_pearson",
    "exact": "clopper_pearson",
    "exactci:central": "clopper_pearson",
    "BlakerCI": "blaker",
    "exactci:blaker": "blaker",
    "exactci:midp": "mid_p",
    "PropCIs:midPci": "mid_p",
    "midp_definition": "mid_p",
    "jeffreys_equal_tailed": "jeffreys",
    "binom.bayes:jeffreys_central": "jeffreys",
}
LOOSER = {"exactci:blaker": 1e-4, "exactci:midp": 1e-4, "PropCIs:midPci": 1e-3, "BlakerCI": 1e-9}
"""Roots of these packages are found to their own tolerance only."""


@pytest.mark.parametrize("name", [p for p in of_room("proportion") if "newcombe" not in p.id])
def test_interval(name):
    kind = name.split("/")[1].removeprefix("binom.confint:")
    level = int(name.split("/")[2]) / 100
    counts = data("binom_xn")
    x, n = counts["x"].to_numpy(), counts["n"].to_numpy()
    lower, upper = interval(x, n, METHODS.get(kind, "wilson"), level)
    compared = np.ones(x.size, dtype=bool)
    if "jeffreys" in kind:  # at the edges the limit is 0 or 1 here, and one-sided in binom.bayes
        compared = (x > 0) & (x < n)
        assert (lower[x == 0] == 0).all()
        assert (upper[x == n] == 1).all()
    if kind == "wilson" and "binom.confint" not in name:  # Hmisc changes Wilson's bound at 1 and n - 1
        compared = (x != 1) & (x != n - 1)
    tolerance = LOOSER.get(kind, 1e-10)
    assert_close(lower[compared], list(numbers(value(name)["lower"])[compared]), tolerance)
    assert_close(upper[compared], list(numbers(value(name)["upper"])[compared]), tolerance)


@pytest.mark.parametrize("name", [p for p in of_room("proportion") if "newcombe" in p.id])
def test_difference(name):
    table = data("tables_2x2").set_index("name").loc[name.split("/")[1]]
    ours = newcombe(table.a, table.a + table.b, table.c, table.c + table.d)
    theirs = value(name)
    assert_close([ours.estimate, ours.lower, ours.upper], [theirs["diff"], theirs["lower"], theirs["upper"]], 1e-10)

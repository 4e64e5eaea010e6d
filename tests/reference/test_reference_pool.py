"""Pooled rates against lme4, metafor and meta."""

import numpy as np
import pytest
from scipy import special
from scipy.optimize import minimize

from caseseries.estimators import clopper_pearson, inverse_variance, meta_analysis, pool_proportions
from caseseries.estimators.meta_analysis import random_effects
from reference.values import assert_close, data, of_room, value


@pytest.fixture
def cohorts():
    frame = data("itp_pool")
    return frame["x"].to_numpy(), frame["n"].to_numpy()


def model_with(points: int, counts: tuple[np.ndarray, np.ndarray], monkeypatch) -> meta_analysis.Pooled:
    """Our likelihood at R's number of points, maximised as it stands.

    With few points the likelihood is rough: its maximum is then not where the quadrature of its gradient is zero.
    """
    nodes, weights = np.polynomial.hermite.hermgauss(points)
    monkeypatch.setattr(meta_analysis, "NODES", nodes)
    monkeypatch.setattr(meta_analysis, "LOG_WEIGHTS", np.log(weights) + nodes**2)
    x, n = (np.asarray(c, dtype=float) for c in counts)

    def loss(at: np.ndarray) -> float:
        return -meta_analysis._likelihood(x, n, at[0], at[1])[0]

    best = minimize(loss, [0.0, 1.5], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13}).x
    steps = 1e-3 * np.eye(2)
    hessian = [
        [(loss(best + a + b) - loss(best + a - b) - loss(best - a + b) + loss(best - a - b)) / 4e-6 for a in steps]
        for b in steps
    ]
    std_error = float(np.sqrt(np.linalg.inv(hessian)[0, 0]))
    return meta_analysis._result(best[0], std_error, best[1] ** 2, meta_analysis.logits(x, n)[1], 0.95, "")


@pytest.mark.parametrize("name", [p for p in of_room("glmm") if "glmer" in p.id])
def test_random_intercept_model_as_glmer(name, cohorts, monkeypatch):
    points, theirs = int(name.split("=")[1]), value(name)
    # With one point glmer's default iteration stops early: with tolPwrss = 1e-12 it gives mu -.23753, se .70849.
    tolerance = {1: 2e-2, 7: 2e-5, 50: 1e-6}[points]
    ours = pool_proportions(*cohorts) if points == 50 else model_with(points, cohorts, monkeypatch)
    assert_close([ours.mu, ours.std_error], [theirs["mu"], theirs["se"]], tolerance)
    np.testing.assert_allclose(ours.tau2, theirs["tau2"], rtol=tolerance)
    if points < 50:
        x, n = (np.asarray(c, dtype=float) for c in cohorts)
        ways = np.sum(special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1))
        likelihood = meta_analysis._likelihood(x, n, ours.mu, np.sqrt(ours.tau2))[0]
        # glmer counts the saturated model's constant in with more than one point, the binomial's with one
        saturated = np.sum(special.xlogy(x, x / n) + special.xlogy(n - x, 1 - x / n))
        assert_close(likelihood + (ways if points == 1 else -saturated), theirs["loglik"], 5e-5)


@pytest.mark.parametrize("name", [p for p in of_room("glmm") if "rma.glmm" in p.id])
def test_random_intercept_model_as_rma_glmm(name, cohorts, monkeypatch):
    ours, theirs = model_with(7, cohorts, monkeypatch), value(name)
    assert_close([ours.estimate, ours.mu, ours.std_error], [theirs["prob"], theirs["mu"], theirs["se"]], 2e-5)
    assert_close([ours.tau2, ours.i2], [theirs["tau2"], theirs["I2"] / 100], 2e-5)
    exact = pool_proportions(*cohorts)  # a likelihood ratio of binomials alone: no quadrature
    assert_close(exact.q, theirs["Q_lrt"], 1e-9)
    assert exact.cohorts - 1 == theirs["Q_df"]
    if name.endswith("/t"):
        assert_close([ours.lower, ours.upper], theirs["prob_ci"], 2e-5)
    else:  # our interval is by t; the same model gives metafor's interval by z
        half = special.ndtri(0.975) * ours.std_error
        assert_close(special.expit([ours.mu - half, ours.mu + half]), theirs["prob_ci"], 2e-5)


@pytest.mark.parametrize("name", [p for p in of_room("glmm") if "metaprop" in p.id])
def test_random_intercept_model_as_metaprop(name, cohorts, monkeypatch):
    ours, theirs = model_with(7, cohorts, monkeypatch), value(name)
    assert_close([ours.mu, ours.std_error, ours.tau2], [theirs["TE.random"], theirs["se.random"], theirs["tau2"]], 2e-5)
    assert_close([ours.prediction_lower, ours.prediction_upper], theirs["pi"], 2e-5)
    if name.endswith("HK"):
        assert_close([ours.lower, ours.upper], theirs["ci_random"], 2e-5)
    exact = [clopper_pearson(x, n) for x, n in zip(*cohorts, strict=True)]
    assert_close([member.lower for member in exact], theirs["study_lower"], 1e-10)
    assert_close([member.upper for member in exact], theirs["study_upper"], 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("inverse_variance") if p.id.startswith("meta/")])
def test_random_effects_as_metafor(name):
    theirs = value(name)
    ours = random_effects(np.array(theirs["yi"]), np.array(theirs["vi"]))
    assert_close([ours.mu, ours.tau2], [theirs["mu"], theirs["tau2"]], 1e-6)
    if name.endswith("/z"):
        assert_close(ours.std_error, theirs["se"], 1e-6)
    elif theirs["se"] >= ours.std_error:
        assert_close(ours.hartung_knapp, theirs["se"], 1e-6)
    else:  # the safeguard: never below the plain standard error
        assert ours.hartung_knapp == ours.std_error


@pytest.mark.parametrize("name", [p for p in of_room("inverse_variance") if not p.id.startswith("meta/")])
def test_inverse_variance(name, cohorts):
    theirs = value(name)
    if name.startswith("adhoc"):
        ours = inverse_variance(theirs["x"], theirs["n"])
        assert_close([ours.mu, ours.std_error, ours.tau2], [theirs["mu"], theirs["se"], theirs["tau2"]], 1e-6)
        assert_close(special.logit([ours.lower, ours.upper]), theirs["ci"], 1e-6)
        assert_close(ours.i2, theirs["I2"] / 100, 1e-6)
        assert_close([ours.q, ours.q_p_value], [theirs["Q"], theirs["Q_p"]], 1e-9)
        assert_close(ours.weights, theirs["weights"], 1e-6)
        return
    ours = inverse_variance(*cohorts)
    assert_close([ours.mu, ours.tau2], [theirs["TE.random"], theirs["tau2"]], 1e-6)
    assert_close(ours.q, theirs["Q"], 1e-9)
    if name.endswith("HK"):
        assert_close(ours.std_error, theirs["se.random"], 1e-6)
        assert_close([ours.lower, ours.upper], theirs["ci_random"], 1e-6)
    else:
        found = random_effects(*meta_analysis.logits(*(np.asarray(c, dtype=float) for c in cohorts)))
        assert_close(found.std_error, theirs["se.random"], 1e-6)

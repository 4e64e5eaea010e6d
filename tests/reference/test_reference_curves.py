"""Curves, quantiles, restricted means and interval-censored curves against R."""

import numpy as np
import pytest

from caseseries.estimators import cumulative_incidence, kaplan_meier, quantile, restricted_mean, turnbull
from reference.values import apart, assert_close, cohorts, data, numbers, of_room, times, value


@pytest.mark.parametrize("name", [p for p in of_room("kaplan_meier") if not p.id.startswith("entry")])
def test_kaplan_meier(name):
    time, status = times(name)
    curve, theirs = kaplan_meier(time, (status == 1).astype(int)), value(name)
    assert_close(curve["time"], theirs["time"], 1e-10)
    for ours, key in (("at_risk", "n.risk"), ("events", "n.event"), ("censored", "n.censor"), ("survival", "surv")):
        assert_close(curve[ours], theirs[key], 1e-10)
    at_zero = (curve["survival"] == 0).to_numpy()
    relative = numbers(theirs["se_cumhaz_scale"])
    assert np.isinf(relative[at_zero]).all()
    expected = relative[~at_zero] * curve["survival"].to_numpy()[~at_zero]
    assert_close(curve["std_error"][~at_zero], list(expected), 1e-10)
    log_log = name.endswith("/log-log")  # the one band offered
    if log_log:
        assert_close(curve["lower"], theirs["lower"], 1e-10)
        assert_close(curve["upper"], theirs["upper"], 1e-10)
    if "quantiles" in theirs:
        q = {key: numbers(values) for key, values in theirs["quantiles"].items()}
        for i, p in enumerate(q["probs"]):
            ours = quantile(curve, p)
            assert_close([ours.estimate], [q["quantile"][i]], 1e-10)
            if log_log:
                assert_close([ours.lower, ours.upper], [q["lower"][i], q["upper"][i]], 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("kaplan_meier") if p.id.startswith("entry")])
def test_kaplan_meier_with_late_entry(name):
    frame, theirs = cohorts(name.split("/")[1]), value(name)
    curve = kaplan_meier(frame["time"], (frame["status"] == 1).astype(int), entry=theirs["entry"])
    for ours, key in (("time", "time"), ("at_risk", "n.risk"), ("survival", "surv")):
        assert_close(curve[ours], theirs[key], 1e-10)
    assert_close(curve["lower"], theirs["lower"], 1e-10)
    assert_close(curve["upper"], theirs["upper"], 1e-10)


@pytest.mark.parametrize("name", of_room("restricted_mean"))
def test_restricted_mean(name):
    theirs = value(name)
    if name.endswith("rmst2"):  # R's arms; the difference between groups is not offered
        frame = data("veteran")
        for trt, arm in ((2, "arm1"), (1, "arm0")):
            rows = frame[frame["trt"] == trt]
            ours = restricted_mean(rows["time"], rows["status"], 300)
            assert_close([ours.estimate, ours.std_error, ours.lower, ours.upper], theirs[arm], 1e-10)
        return
    time, status = times(name)
    ours = restricted_mean(time, (status == 1).astype(int), theirs["tau"])
    expected = theirs["rmst"] if "rmst" in theirs else [theirs["rmean"], theirs["se"]]
    assert_close([ours.estimate, ours.std_error], expected, 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("incidence") if "survfit" in p.id.split(" | ")[0]])
def test_incidence_as_survfit(name):
    """Estimate and standard error; survfit's three bands are on other scales than ours."""
    time, status = times(name)
    curve, theirs = cumulative_incidence(time, status), value(name)
    for cause in (1, 2):
        if f"cif{cause}" in theirs and cause in set(status) | {1}:
            ours = curve[curve["cause"] == cause]
            assert_close(ours["time"], theirs["time"], 1e-10)
            assert_close(ours["at_risk"], theirs["n.risk"], 1e-10)
            assert_close(ours["events"], theirs[f"n.event{cause}"], 1e-10)
            assert_close(ours["incidence"], theirs[f"cif{cause}"], 1e-10)
            assert_close(ours["std_error"], theirs[f"se{cause}"], 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("incidence") if p.id.split(" | ")[0].endswith(("etm", "/cif"))])
def test_incidence_as_etm(name):
    """Estimate, variance and the complementary log-log band of the first cause that occurs."""
    if name.startswith("entry"):
        theirs, frame, first = value(name), cohorts(name.split("/")[1]), 1
        curve = cumulative_incidence(frame["time"], frame["status"], entry=theirs["entry"])
        at = numbers(theirs["time"])
    else:
        time, status = times(name)
        theirs = value(name)["table"]
        first = status[status > 0].min()
        curve = cumulative_incidence(apart(time), status)
        at = np.searchsorted(np.unique(time), numbers(theirs["time"]))
    ours = curve[curve["cause"] == first].set_index("time").loc[at]
    assert_close(ours["incidence"], theirs["P"], 1e-10)
    assert_close(ours["std_error"] ** 2, theirs["var"], 1e-10)
    inside = ours["incidence"].between(0, 1, inclusive="neither").to_numpy()  # etm puts 0 and 1 outside, we nothing
    assert_close(ours["lower"][inside], list(numbers(theirs["lower"])[inside]), 1e-10)
    assert_close(ours["upper"][inside], list(numbers(theirs["upper"])[inside]), 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("incidence") if "prodlim" in p.id])
def test_incidence_as_prodlim(name):
    time, status = times(name)
    theirs, ranks = value(name), apart(time)
    ours = cumulative_incidence(ranks, status).query("cause == 1")
    assert_close(np.unique(time), theirs["time"], 1e-10)
    assert_close(ours["incidence"], theirs["cif1"], 1e-10)
    assert_close(ours["std_error"], theirs["se1"], 1e-10)


@pytest.mark.parametrize("name", [p for p in of_room("incidence") if "/cmprsk" in p.id])
def test_incidence_as_cmprsk(name):
    """The estimate; cmprsk's variance is of another kind (docs/numerics.md)."""
    time, status = times(name)
    theirs = value(name)
    curve = cumulative_incidence(apart(time), status)
    distinct = np.unique(time)
    for row, estimates in zip(theirs["rows"], theirs["est"], strict=True):
        ours = curve[curve["cause"] == int(row.split()[1])]["incidence"].to_numpy()
        for at, estimate in zip(theirs["at"], numbers(estimates), strict=True):
            if not np.isnan(estimate):
                place = np.searchsorted(distinct, at, "right") - 1
                assert_close(ours[place] if place >= 0 else 0.0, estimate, 1e-10)


@pytest.mark.parametrize("name", of_room("interval"))
def test_turnbull(name):
    source = name.split("/")[1]
    frame = data("itp_visits" if source == "itp_visits" else "bcos")
    if source in ("bcos_Rad", "bcos_RadChem"):
        frame = frame[frame["treatment"] == source.removeprefix("bcos_")]
    ours, theirs = turnbull(frame["left"], frame["right"]), value(name)
    if name.endswith("survfit"):  # stops early; read at the right end of each innermost interval
        left_over = 1 - ours["mass"].cumsum()
        for right, share in zip(ours["right"], left_over, strict=True):
            if np.isfinite(right):
                last = np.flatnonzero(numbers(theirs["time"]) <= right + 1e-9)[-1]
                assert_close(share, theirs["surv"][last], 2e-3)
    elif name.endswith("ic_np"):
        ends, survival = numbers(theirs["tb_right"]), numbers(theirs["surv"])
        for right, share in zip(ours["right"], 1 - ours["mass"].cumsum(), strict=True):
            if np.isfinite(right):
                assert_close(share, survival[np.flatnonzero(ends <= right + 1e-9)[-1]], 1e-6)
    else:
        assert_close(ours["left"], theirs.get("intmap_left", theirs.get("left")), 1e-10)
        assert_close(ours["right"], theirs.get("intmap_right", theirs.get("right")), 1e-10)
        assert_close(ours["mass"], theirs.get("pf", theirs.get("p")), 1e-6)

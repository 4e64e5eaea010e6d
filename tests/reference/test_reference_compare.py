"""Tests between groups, Firth regression and agreement against R."""

from functools import partial

import firthmodels
import numpy as np
import pandas as pd
import pytest

from caseseries.estimators import cohen_kappa
from caseseries.estimators.compare import boschloo_statistic, fisher_statistic, gray_statistic, log_rank_statistic
from caseseries.estimators.regression import cox_model, logistic_model, proportional_hazards
from reference.values import apart, assert_close, cohorts, data, numbers, of_room, value


def codes(values: pd.Series) -> np.ndarray:
    return pd.factorize(values, sort=True)[0]


@pytest.mark.parametrize("name", of_room("log_rank"))
def test_log_rank(name):
    source, rho = name.split("/")[1], int(name[-1])
    if source.startswith("veteran"):
        frame = data("veteran").rename(columns={"status": "event"})
        group = frame["celltype" if "cell" in source else "trt"]
        strata = frame["celltype"]
    elif source.startswith("bmt"):
        frame = data("bmt").rename(columns={"t2": "time", "d3": "event"})
        group, strata = frame["group"], frame["group"]
    else:
        frame = cohorts(source)
        frame = frame.assign(event=(frame["status"] == 1).astype(int))
        group, strata = frame["arm" if "arm" in source else "cohort"], frame["cohort"]
    stratum = codes(strata) if source.endswith("strat") else np.zeros(len(frame), dtype=int)
    ours = log_rank_statistic(frame["time"].to_numpy(float), frame["event"].to_numpy(), codes(group), stratum, rho)
    theirs = value(name)
    assert ours.df == theirs["df"]
    assert_close([ours.statistic, ours.p_value], [theirs["chisq"], theirs["p"]], 1e-10)


@pytest.mark.parametrize("name", of_room("gray"))
def test_gray(name):
    source, rho = name.split("/")[1], int("rho=1" in name)
    if source.startswith("bmt"):
        frame = data("bmt")
        frame = frame.assign(time=frame["t2"], status=np.where(frame["d3"] == 0, 0, np.where(frame["d2"] == 1, 1, 2)))
        group = frame["group"]
    elif source.startswith("cmprsk"):
        frame = data("cmprsk_example").rename(columns={"ftime": "time", "fstatus": "status"})
        group = frame["group"]
    else:
        chosen = {"itp_arm": "itp_all", "itp_E_arm": "itp_E", "itp_C_E_zero": "itp_CE"}.get(source, source)
        frame = cohorts(chosen)
        group = frame["arm" if "arm" in source else "cohort"]
    strata = codes(frame["strt"]) if source.endswith("strat") else np.zeros(len(frame), dtype=int)
    theirs = value(name)
    time = apart(frame["time"].to_numpy())  # cmprsk leaves times apart that differ by rounding
    for i, cause in enumerate(theirs["cause"]):
        ours = gray_statistic(time, frame["status"].to_numpy(), codes(group), strata, int(cause), rho)
        assert ours.df == theirs["df"][i]
        assert_close([ours.statistic, ours.p_value], [theirs["stat"][i], theirs["pv"][i]], 1e-10)


@pytest.mark.parametrize("name", of_room("tables"))
def test_tables(name):
    row = data("tables_2x2").set_index("name").loc[name.split("/")[1]]
    table, theirs = np.array([[row.a, row.b], [row.c, row.d]], dtype=int), value(name)
    if name.endswith("boschloo"):  # scipy searches the nuisance rate on a grid
        assert_close(boschloo_statistic(table).p_value, theirs["p_central"], 1e-4)
    else:
        ours = fisher_statistic(table)
        assert_close(ours.p_value, theirs["p"], 1e-10)
        if name.endswith("/fisher") and not np.isnan(ours.statistic):
            np.testing.assert_allclose(ours.statistic, float(theirs["or_cmle"]), rtol=1e-2)


@pytest.mark.parametrize("name", of_room("firth"))
def test_firth_logistic(name):
    source = name.split("/")[1]
    frame = data("endometrial" if source == "endometrial" else "itp_firth")
    columns = {"endometrial": ["NV", "PI", "EH"], "itp": ["tpo", "age"], "itp_1": ["tpo"]}[source]
    events = frame["HG" if source == "endometrial" else "y"].to_numpy()
    ours, theirs = logistic_model(events, frame[columns], 0.95, "").terms, value(name)
    assert list(ours["term"]) == columns
    assert_close(ours["coefficient"], theirs["coef"][1:], 1e-6)
    if name.endswith("logistf"):  # brglm2's standard error is that of the unpenalised likelihood
        assert_close(ours["std_error"], theirs["se"][1:], 1e-6)
        assert_close(ours["p_value"], theirs["p_plr"][1:], 1e-6)
        assert_close(np.log(ours["lower"]), theirs["ci_profile_lower"][1:], 1e-6)
        assert_close(np.log(ours["upper"]), theirs["ci_profile_upper"][1:], 1e-6)


@pytest.mark.parametrize("name", of_room("cox"))
def test_cox_without_the_penalty(name, monkeypatch):
    """No value of coxphf could be had; without its penalty the regression is R's, so that what is left to its own
    definition (test_firth_cox_maximises_its_penalised_likelihood) is the penalty alone.
    """
    monkeypatch.setattr(firthmodels, "FirthCoxPH", partial(firthmodels.FirthCoxPH, penalty_weight=0.0))
    source = name.split("/")[1]
    frame = data("itp" if source == "itp" else "veteran")
    columns = ["tpo", "age"] if source == "itp" else ["trt", "karno", "age"]
    design = frame.assign(tpo=(frame["arm"] == "tpo").astype(int)) if source == "itp" else frame
    event = (frame["status"] == 1).to_numpy(int)
    ours, theirs = cox_model(frame["time"].to_numpy(float), event, design[columns], 0.95, "").terms, value(name)
    assert_close(ours["coefficient"], theirs["coef"], 1e-6)
    assert_close(ours["std_error"], theirs["se"], 1e-6)


@pytest.mark.parametrize("name", of_room("proportional"))
def test_proportional_hazards(name):
    _, source, column = name.split("/")
    frame = data(source)
    frame = frame.assign(tpo=(frame["arm"] == "tpo").astype(int)) if source == "itp" else frame
    frame = frame.sample(frac=1, random_state=1)  # the order of rows within a tie tells nothing
    event = (frame["status"] == 1).to_numpy(int)
    (ours,) = proportional_hazards(frame["time"].to_numpy(float), event, frame[column]).terms.itertuples()
    theirs = value(name)
    assert_close([ours.statistic, ours.p_value], [theirs["chisq"], theirs["p"]], 1e-5)


@pytest.mark.parametrize("name", of_room("kappa"))
def test_kappa(name):
    theirs = value(name)
    table = np.array(theirs["table"])
    first, second = (np.repeat(axis.ravel(), table.ravel()) for axis in np.indices(table.shape))
    ours = cohen_kappa(first, second)
    assert_close([ours.estimate, ours.std_error], [theirs["kappa"], theirs["se"]], 1e-10)
    assert_close([ours.lower, ours.upper], list(numbers(theirs["ci"])), 1e-10)

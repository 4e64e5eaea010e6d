"""Random cohorts through R as it is installed here, and through this package, side by side.

Skipped where Rscript or its packages are missing. Debian: r-base-core r-cran-survival r-cran-cmprsk r-cran-metafor
r-cran-lme4. Run: ./test -m r
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.estimators import (
    clopper_pearson,
    cumulative_incidence,
    inverse_variance,
    kaplan_meier,
    pool_proportions,
    proportion,
    quantile,
    restricted_mean,
)
from caseseries.estimators.compare import fisher_statistic, gray_statistic, log_rank_statistic

pytestmark = [pytest.mark.r, pytest.mark.slow]

COHORTS = 40
POOLS = 12
IN_R = Path(__file__).with_name("live.R")


@pytest.fixture(scope="module")
def compared(tmp_path_factory) -> dict[str, pd.DataFrame]:
    """Random cohorts and pools, and what R says of them: one R process for all."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    folder = tmp_path_factory.mktemp("live")
    rng = np.random.default_rng(20230901)
    rows = []
    for cohort in range(COHORTS):
        n = int(rng.integers(6, 60))
        time = rng.integers(0, 40, n) if cohort % 2 else np.round(rng.exponential(12, n), 3)
        group = rng.permutation(np.resize([0, 1], n))
        rows.append(
            pd.DataFrame({"cohort": cohort, "time": time, "cause": rng.choice([0, 1, 1, 2], n), "group": group})
        )
    cohorts = pd.concat(rows, ignore_index=True)
    pools = pd.DataFrame({"pool": np.repeat(np.arange(POOLS), 6), "n": rng.integers(3, 40, 6 * POOLS)})
    rate = 1 / (1 + np.exp(-rng.normal(0.3, 1, len(pools))))
    pools["x"] = rng.binomial(pools["n"], rate)
    cohorts.to_csv(folder / "cohorts.csv", index=False)
    pools.to_csv(folder / "pools.csv", index=False)
    done = subprocess.run(["Rscript", IN_R, folder], capture_output=True, text=True, check=False)
    if done.returncode == 9:
        pytest.skip(f"R lacks packages: {done.stdout.strip()}")
    assert done.returncode == 0, done.stderr
    names = ("curves", "incidence", "summaries", "pooled")
    found = {name: pd.read_csv(folder / f"{name}.csv", float_precision="round_trip") for name in names}
    return found | {"cohorts": cohorts, "pools": pools}


def each(compared: dict[str, pd.DataFrame], table: str, key: str = "cohort"):
    """Each made-up cohort or pool with R's rows for it."""
    made = compared["cohorts" if key == "cohort" else "pools"]
    for number, rows in made.groupby(key):
        yield rows, compared[table][compared[table][key] == number]


def close(ours, theirs, tolerance=1e-10):
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=tolerance, atol=tolerance)


def test_kaplan_meier(compared):
    for rows, theirs in each(compared, "curves"):
        curve = kaplan_meier(rows["time"], (rows["cause"] == 1).astype(int))
        for name in ("time", "at_risk", "events", "survival", "lower", "upper"):
            close(curve[name], theirs[name])


def test_median_and_restricted_mean(compared):
    for rows, theirs in each(compared, "summaries"):
        event = (rows["cause"] == 1).astype(int)
        median = quantile(kaplan_meier(rows["time"], event), 0.5)
        close([median.estimate, median.lower, median.upper], theirs[["median", "median_lower", "median_upper"]].iloc[0])
        mean = restricted_mean(rows["time"], event, float(rows["time"].max()))
        close([mean.estimate, mean.std_error], theirs[["rmean", "rmean_se"]].iloc[0])


def test_cumulative_incidence(compared):
    for rows, theirs in each(compared, "incidence"):
        curve = cumulative_incidence(rows["time"], rows["cause"])
        for cause, of_cause in theirs.groupby("cause"):
            ours = curve[curve["cause"] == cause]
            if ours.empty:  # a competing cause that never occurred has no rows here
                assert cause == 2
                assert (of_cause["incidence"] == 0).all()
                continue
            for name in ("time", "at_risk", "incidence", "std_error"):
                close(ours[name], of_cause[name])


def test_comparisons(compared):
    for rows, theirs in each(compared, "summaries"):
        time, cause = rows["time"].to_numpy(float), rows["cause"].to_numpy()
        group, one = rows["group"].to_numpy(), np.zeros(len(rows), dtype=int)
        event = (cause == 1).astype(int)
        said = theirs.iloc[0]
        close(log_rank_statistic(time, event, group, one, 0).statistic, said["log_rank"])
        close(log_rank_statistic(time, event, group, one, 1).statistic, said["peto"])
        close(gray_statistic(time, cause, group, one, 1, 0).statistic, said["gray"])
        table = pd.crosstab(group, event).reindex(index=[0, 1], columns=[1, 0], fill_value=0).to_numpy()
        close(fisher_statistic(table).p_value, said["fisher"])


def test_rates(compared):
    for rows, theirs in each(compared, "summaries"):
        k, n = int((rows["cause"] == 1).sum()), len(rows)
        exact, score = clopper_pearson(k, n), proportion(k, n)
        close([exact.lower, exact.upper], theirs[["exact_lower", "exact_upper"]].iloc[0])
        close([score.lower, score.upper], theirs[["score_lower", "score_upper"]].iloc[0])


def test_pooled(compared):
    for rows, theirs in each(compared, "pooled", "pool"):
        ours, said = pool_proportions(rows["x"], rows["n"]), theirs.iloc[0]
        close([ours.mu, ours.std_error], said[["mu", "se"]], 2e-4)  # glmer's optimiser stops there
        close(np.sqrt(ours.tau2), np.sqrt(said["tau2"]), 1e-3)
        sensitivity = inverse_variance(rows["x"], rows["n"])
        close(
            [sensitivity.mu, sensitivity.std_error, sensitivity.tau2],
            said[["adhoc_mu", "adhoc_se", "adhoc_tau2"]],
            1e-6,
        )
        close([sensitivity.q, sensitivity.q_p_value], said[["adhoc_q", "adhoc_q_p"]], 1e-6)
        close(max(sensitivity.weights), said["heaviest"], 1e-6)

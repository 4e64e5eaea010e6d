"""How often intervals hold the truth: python tests/benchmarks/coverage.py (some minutes)

Writes docs/coverage/: for rates the exact coverage (every outcome of the binomial, no simulation), for the band of the
cumulative incidence and for the pooled rate a simulation with made-up cohorts, seeded cell by cell so that any cell
can be computed alone. A CSV and a figure each, the same bytes every time.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from caseseries.estimators import cumulative_incidence, inverse_variance, meta_analysis, pool_proportions
from caseseries.estimators.proportion import INTERVALS, interval
from caseseries.estimators.survival import log_log_limits

OUT = Path(__file__).parents[2] / "docs" / "coverage"
LEVEL = 0.95
SIZES = (4, 8, 15, 31)
RATES = tuple(round(0.1 * i, 1) for i in range(1, 10))
NAMES = {
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson",
    "jeffreys": "Jeffreys",
    "mid_p": "mid-P",
    "blaker": "Blaker",
}
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")  # Okabe and Ito

COHORTS = 1000
"""Simulated cohorts a cell of the incidence."""

POOLS = 300
"""Simulated sets of cohorts a cell of the pooled rate."""

HORIZON = 3.0
POOL_RATES = (0.1, 0.3, 0.5)
POOL_SPREADS = (0.0, 0.5, 1.0)
POOL_COHORTS = (3, 5, 9)


@cache
def limits(n: int, method: str) -> tuple[np.ndarray, np.ndarray]:
    """Limits of every outcome of n."""
    return interval(np.arange(n + 1), np.full(n + 1, n), method, LEVEL)


def rate_coverage(n: int, rate: float, method: str) -> tuple[float, float]:
    """Coverage and mean width of an interval of a rate, over all outcomes of n."""
    k = np.arange(n + 1)
    lower, upper = limits(n, method)
    chance = special.binom(n, k) * rate**k * (1 - rate) ** (n - k)
    held = (lower <= rate + 1e-12) & (rate - 1e-12 <= upper)
    return float(chance[held].sum()), float(chance @ (upper - lower))


def rates() -> pd.DataFrame:
    """Coverage of every interval of a rate."""
    rows = [(method, n, rate, *rate_coverage(n, rate, method)) for method in INTERVALS for n in SIZES for rate in RATES]
    return pd.DataFrame(rows, columns=["method", "n", "rate", "coverage", "mean_width"])


def incidence_cell(n: int, rate: float) -> dict[str, float]:
    """Coverage of the band at one time, where the incidence is `rate`, with n subjects.

    Exponential times; 95 % have had an event by the horizon, one of the cause of interest or a competing one; follow-up
    ends at random between 0 and twice the horizon. Where the estimate is 0 or 1 there is no band.
    """
    rng = np.random.default_rng([20230901, n, round(100 * rate)])
    reached = 1 - np.exp(-HORIZON)
    held, held_log, drawn, width = 0, 0, 0, 0.0
    for _ in range(COHORTS):
        event, end = rng.exponential(size=n), rng.uniform(0, 2 * HORIZON, n)
        cause = np.where(rng.random(n) < rate / reached, 1, 2)
        curve = cumulative_incidence(np.minimum(event, end), np.where(event <= end, cause, 0), LEVEL)
        before = curve[(curve["cause"] == 1) & (curve["time"] <= HORIZON)]
        if before.empty or np.isnan(before["lower"].iloc[-1]):
            continue
        last = before.iloc[-1]
        low, high = log_log_limits(np.array(last["incidence"]), np.array(last["std_error"] / last["incidence"]), LEVEL)
        drawn += 1
        held += last["lower"] <= rate <= last["upper"]
        held_log += low <= rate <= high
        width += last["upper"] - last["lower"]
    return {
        "n": n,
        "rate": rate,
        "drawn": drawn / COHORTS,
        "coverage": held / drawn,
        "coverage_log_log": held_log / drawn,
        "mean_width": width / drawn,
    }


def incidence() -> pd.DataFrame:
    """Coverage of the band of the cumulative incidence."""
    return _cells(incidence_cell, [(n, rate) for n in SIZES for rate in RATES])


def pooled_cell(cohorts: int, spread: float, rate: float) -> dict[str, float]:
    """Coverage of the intervals of a pooled rate: cohorts of 4 to 31, their logits normal around that of `rate`."""
    rng = np.random.default_rng([20230901, cohorts, round(100 * spread), round(100 * rate)])
    mu = float(special.logit(rate))
    held = {"coverage": 0, "coverage_z": 0, "coverage_profile": 0, "coverage_inverse_variance": 0}
    modelled, width = 0, 0.0
    for _ in range(POOLS):
        n = rng.integers(4, 32, cohorts)
        x = rng.binomial(n, special.expit(mu + spread * rng.normal(size=cohorts)))
        found, sensitivity = pool_proportions(x, n, LEVEL), inverse_variance(x, n, LEVEL)
        width += found.upper - found.lower
        inside = found.lower <= rate <= found.upper
        held["coverage"] += inside
        held["coverage_inverse_variance"] += sensitivity.lower <= rate <= sensitivity.upper
        if np.isnan(found.mu):  # not modelled: the exact interval stands for all
            held["coverage_z"] += inside
            held["coverage_profile"] += inside
            continue
        modelled += 1
        held["coverage_z"] += abs(found.mu - mu) <= special.ndtri(0.975) * found.std_error
        held["coverage_profile"] += profile_holds(x, n, mu, found)
    shares = {name: count / POOLS for name, count in held.items()}
    return {
        "cohorts": cohorts,
        "spread": spread,
        "rate": rate,
        "modelled": modelled / POOLS,
        **shares,
        "mean_width": width / POOLS,
    }


def profile_holds(x: np.ndarray, n: np.ndarray, mu: float, found: meta_analysis.Pooled) -> bool:
    """Whether the profile-likelihood interval holds mu."""
    x, n = x.astype(float), n.astype(float)
    best = meta_analysis._likelihood(x, n, found.mu, np.sqrt(found.tau2))[0]
    spreads = np.concatenate((meta_analysis.SPREADS, np.sqrt(found.tau2) * np.array([0.8, 0.9, 1, 1.1, 1.25, 1.5])))
    there = max(meta_analysis._likelihood(x, n, mu, float(tau))[0] for tau in spreads)
    return bool(2 * (best - there) <= special.chdtri(1, 1 - LEVEL))


def pooled() -> pd.DataFrame:
    """Coverage of the pooled rate; a rate and one minus it mirror each other."""
    return _cells(pooled_cell, [(k, s, r) for k in POOL_COHORTS for s in POOL_SPREADS for r in POOL_RATES])


def _cells(cell: Callable[..., dict[str, float]], arguments: list[tuple]) -> pd.DataFrame:
    """Every cell, on all processors; each has its own seed, so that their order does not matter."""
    with ProcessPoolExecutor() as processes:
        return pd.DataFrame(list(processes.map(cell, *zip(*arguments, strict=True))))


def draw(tables: dict[str, pd.DataFrame]) -> None:
    """The three figures."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update(
        {
            "svg.hashsalt": "caseseries",
            "font.size": 8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
        }
    )
    _draw_rates()
    _draw_incidence(tables["incidence"])
    _draw_pooled(tables["pooled"])


def _panels(rows: int, columns: int, height: float) -> tuple:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(
        rows, columns, figsize=(7.2, height), sharex=True, sharey=True, layout="constrained", squeeze=False
    )
    for axis in axes.ravel():
        axis.axhline(LEVEL, color="#555555", linewidth=0.8, linestyle=":")
    for axis in axes[-1]:
        axis.set_xlabel("true rate")
    for axis in axes[:, 0]:
        axis.set_ylabel("coverage")
    return figure, axes


def _save(figure: object, name: str) -> None:
    figure.savefig(OUT / f"{name}.svg", metadata={"Date": None, "Creator": None})
    figure.savefig(OUT / f"{name}.png", dpi=110, metadata={"Software": None})


def _draw_rates() -> None:
    figure, axes = _panels(len(NAMES), len(SIZES), 6.0)
    fine = np.linspace(0.01, 0.99, 197)
    for row, (method, name) in zip(axes, NAMES.items(), strict=True):
        for axis, n in zip(row, SIZES, strict=True):
            held = [rate_coverage(n, rate, method)[0] for rate in fine]
            axis.plot(fine, held, color=COLOURS[0], linewidth=0.8)
            axis.set(ylim=(0.82, 1.005))
            axis.set_title(f"{name}, n = {n}", fontsize=7)
    _save(figure, "rates")


def _draw_incidence(table: pd.DataFrame) -> None:
    figure, axes = _panels(1, len(SIZES), 2.6)
    for axis, n in zip(axes[0], SIZES, strict=True):
        rows = table[table["n"] == n]
        axis.plot(
            rows["rate"],
            rows["coverage"],
            color=COLOURS[0],
            marker="o",
            markersize=3,
            linewidth=0.9,
            label="complementary log-log (used)",
        )
        axis.plot(
            rows["rate"],
            rows["coverage_log_log"],
            color=COLOURS[1],
            marker="s",
            markersize=3,
            linewidth=0.9,
            label="log-log of the incidence",
        )
        axis.plot(rows["rate"], rows["drawn"], color="#999999", linewidth=0.9, label="share with a band")
        axis.set(title=f"n = {n}", ylim=(0.3, 1.01))
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    _save(figure, "incidence")


def _draw_pooled(table: pd.DataFrame) -> None:
    figure, axes = _panels(1, len(POOL_COHORTS), 2.9)
    kinds = {
        "coverage": "model, t (used)",
        "coverage_z": "model, normal",
        "coverage_profile": "model, profile",
        "coverage_inverse_variance": "inverse variance, Hartung-Knapp",
    }
    for axis, cohorts in zip(axes[0], POOL_COHORTS, strict=True):
        for colour, (kind, name) in zip(COLOURS, kinds.items(), strict=False):
            for spread, style in zip(POOL_SPREADS, (":", "--", "-"), strict=True):
                rows = table[(table["cohorts"] == cohorts) & (table["spread"] == spread)]
                label = name if spread == POOL_SPREADS[-1] else None
                axis.plot(rows["rate"], rows[kind], color=colour, linestyle=style, linewidth=0.9, label=label)
        axis.set(title=f"{cohorts} cohorts", ylim=(0.7, 1.005), xticks=POOL_RATES)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    _save(figure, "pooled")


def main() -> None:
    """Compute everything and write it."""
    OUT.mkdir(parents=True, exist_ok=True)
    tables = {"rates": rates(), "incidence": incidence(), "pooled": pooled()}
    for name, table in tables.items():
        table.to_csv(OUT / f"{name}.csv", index=False, float_format="%.6f", lineterminator="\n")
    draw(tables)


if __name__ == "__main__":
    main()

"""Speed of the curves beside R's, in one run: python tests/benchmarks/speed_estimate.py

Needs Rscript with survival and cmprsk (Debian: r-cran-survival r-cran-cmprsk). 100,000 made-up episodes with times in
whole weeks and as continuous times. Rounds alternate between Python and R on the same data; the medians and their
ratio are printed, and what importing a library adds to a stage that has pandas and scipy.special. Nothing is asserted:
a shared machine decides no test.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from caseseries.estimators import cumulative_incidence, kaplan_meier

EPISODES = 100_000
ROUNDS = 5

IN_R = """
suppressMessages({library(survival); library(cmprsk)})
d <- read.csv(commandArgs(TRUE)[1]); status <- factor(d$cause)
for (i in 1:2) {
  km <- system.time(survfit(Surv(time, cause == 1) ~ 1, data = d, conf.type = "log-log"))[["elapsed"]]
  ci <- system.time(cuminc(d$time, d$cause))[["elapsed"]]
}
cat(km, ci)
"""


def make(weeks: bool, episodes: int = EPISODES) -> tuple[np.ndarray, np.ndarray]:
    """Times to response (1), delivery (2) or censoring (0); made up."""
    rng = np.random.default_rng(7)
    arrival = rng.exponential([30, 50, 60], size=(episodes, 3))
    times = np.minimum(arrival.min(axis=1), 104)
    causes = np.where(times == 104, 0, np.array([1, 2, 0])[arrival.argmin(axis=1)])
    return (np.ceil(times) if weeks else times), causes


def seconds(action: Callable[[], object]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def in_r(table: Path) -> tuple[float, ...]:
    """Seconds of survfit and cuminc."""
    said = subprocess.run(["Rscript", "-e", IN_R, table], check=True, capture_output=True, text=True).stdout
    return tuple(map(float, said.split()))


def in_lifelines(times: np.ndarray, causes: np.ndarray) -> tuple[float, ...]:
    """Seconds of the two fitters; times that are tied it moves at random."""
    import warnings

    from lifelines import AalenJohansenFitter, KaplanMeierFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return (
            seconds(lambda: KaplanMeierFitter().fit(times, causes == 1)),
            seconds(lambda: AalenJohansenFitter(seed=1).fit(times, causes, event_of_interest=1)),
        )


def in_scikit_survival(times: np.ndarray, causes: np.ndarray) -> tuple[float, ...]:
    """Seconds of its two functions; incidence without limits, whose time grows with the square of the cases."""
    from sksurv.nonparametric import cumulative_incidence_competing_risks as incidence
    from sksurv.nonparametric import kaplan_meier_estimator

    return (
        seconds(lambda: kaplan_meier_estimator(causes == 1, times, conf_type="log-log")),
        seconds(lambda: incidence(causes, times)),
    )


def measure(weeks: bool, episodes: int = EPISODES, rounds: int = ROUNDS) -> dict[str, tuple[float, float]]:
    """Median seconds of Kaplan-Meier and Aalen-Johansen, by package that is here; rounds take turns."""
    times, causes = make(weeks, episodes)
    event = (causes == 1).astype(int)
    found: dict[str, list[tuple[float, ...]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "d.csv"
        rows = np.column_stack((times, causes))
        np.savetxt(table, rows, delimiter=",", header="time,cause", comments="", fmt="%.17g")
        peers: dict[str, Callable[[], tuple[float, ...]]] = {
            "R survival, cmprsk": lambda: in_r(table),
            "lifelines": lambda: in_lifelines(times, causes),
            "scikit-survival": lambda: in_scikit_survival(times, causes),
        }
        here = {"R survival, cmprsk": shutil.which("Rscript")}
        here |= {"lifelines": find_spec("lifelines"), "scikit-survival": find_spec("sksurv")}
        for _ in range(rounds):
            for _ in range(5):
                curves = (
                    seconds(lambda: kaplan_meier(times, event)),
                    seconds(lambda: cumulative_incidence(times, causes)),
                )
                found.setdefault("caseseries", []).append(curves)
            for name, curves in peers.items():
                if here[name]:
                    found.setdefault(name, []).append(curves())
    return {name: tuple(map(statistics.median, zip(*rows, strict=True))) for name, rows in found.items()}


def compare(weeks: bool) -> None:
    """Print one line a curve and peer: our median, its median, ratio."""
    found = measure(weeks)
    for place, curve in enumerate(("Kaplan-Meier", "Aalen-Johansen")):
        mine = found["caseseries"][place]
        for name, taken in found.items():
            print(
                f"{curve:15} {'weeks' if weeks else 'continuous':11} {EPISODES} episodes: {1000 * mine:8.2f} ms, "
                f"{name} {1000 * taken[place]:8.1f} ms, ratio {taken[place] / mine:6.1f}"
            )


LIBRARIES = ("statsmodels.stats.proportion", "scipy.stats", "scipy.optimize", "lifelines")
IMPORT = "import pandas, scipy.special, time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"


def imports() -> None:
    """Print what importing each library costs once pandas and scipy.special are there."""
    for library in LIBRARIES:
        command = [sys.executable, "-c", IMPORT.format(library)]
        spent = [float(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(ROUNDS)]
        print(f"import {library:30} {1000 * statistics.median(spent):8.0f} ms")


if __name__ == "__main__":
    imports()
    for in_weeks in (True, False):
        compare(in_weeks)

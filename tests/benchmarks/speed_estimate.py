"""Speed of the curves beside R's, in one run: python tests/benchmarks/speed_estimate.py

Needs Rscript with survival and cmprsk (Debian: r-cran-survival r-cran-cmprsk). 100,000 made-up episodes with times in
whole weeks and as continuous times. Rounds alternate between Python and R on the same data; the medians and their
ratio are printed, and what importing a library adds to a stage that has pandas and scipy.special. Nothing is asserted:
a shared machine decides no test.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
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


def make(weeks: bool) -> tuple[np.ndarray, np.ndarray]:
    """Times to response (1), delivery (2) or censoring (0); made up."""
    rng = np.random.default_rng(7)
    arrival = rng.exponential([30, 50, 60], size=(EPISODES, 3))
    times = np.minimum(arrival.min(axis=1), 104)
    causes = np.where(times == 104, 0, np.array([1, 2, 0])[arrival.argmin(axis=1)])
    return (np.ceil(times) if weeks else times), causes


def seconds(action: Callable[[], object]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(weeks: bool) -> None:
    """Print one line a curve: our median, R's median, ratio."""
    times, causes = make(weeks)
    event = (causes == 1).astype(int)
    ours: dict[str, list[float]] = {"Kaplan-Meier": [], "Aalen-Johansen": []}
    theirs: dict[str, list[float]] = {"Kaplan-Meier": [], "Aalen-Johansen": []}
    with tempfile.TemporaryDirectory() as folder:
        table, script = Path(folder) / "d.csv", Path(folder) / "speed.R"
        rows = np.column_stack((times, causes))
        np.savetxt(table, rows, delimiter=",", header="time,cause", comments="", fmt="%.17g")
        script.write_text(IN_R)
        for _ in range(ROUNDS):
            ours["Kaplan-Meier"] += [seconds(lambda: kaplan_meier(times, event)) for _ in range(5)]
            ours["Aalen-Johansen"] += [seconds(lambda: cumulative_incidence(times, causes)) for _ in range(5)]
            said = subprocess.run(["Rscript", script, table], check=True, capture_output=True, text=True).stdout
            for name, value in zip(theirs, said.split(), strict=True):
                theirs[name].append(float(value))
    for name, against in (("Kaplan-Meier", "survfit"), ("Aalen-Johansen", "cuminc")):
        mine, other = statistics.median(ours[name]), statistics.median(theirs[name])
        print(
            f"{name:15} {'weeks' if weeks else 'continuous':11} {EPISODES} episodes: "
            f"{1000 * mine:8.2f} ms, R {against} {1000 * other:8.1f} ms, ratio {other / mine:6.1f}"
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

"""One package deriving one response from the records of a study, in a process of its own: contender.py NAME FOLDER

The rule, the same for all: of the counts from day 1 on, the lowest of a day; two days at least 7 apart with counts of
at least 50 and no lower day between them. Prints as JSON the seconds from file to answer, how many episodes respond,
and the peak of memory that the operating system counted.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

LOWEST, GAP = 50, 7

DEFINITION = f"""\
source: {{citation: the rule of the benchmark, locator: none}}
condition: itp
definitions:
  - id: confirmed_50
    label: At least {LOWEST}, confirmed
    population: any
    admit:
      - {{window: [1, null], basis: {{C: counts after the first dose only}}}}
      - {{per_day: min, basis: {{C: the lowest of several counts on one day is used}}}}
    classes:
      - {{label: "yes", when: {{confirm: {{ge: {LOWEST}}}, gap: {GAP}, between: all}}, basis: {{C: confirmed}}}}
    else: "no"
    responses: ["yes"]
    ttr: {{of: [{{ge: {LOWEST}}}], gap: {GAP}, between: all, basis: {{C: dated by the first of the two}}}}
cases:
  - id: lasting
    title: a week apart
    baseline: 20
    counts: {{day: [7, 14], count: [50, 60]}}
    bleeding: []
    expect: {{confirmed_50: {{class: "yes", ttr: 7}}}}
  - id: short
    title: six days apart, then low
    baseline: 20
    counts: {{day: [7, 13, 20], count: [50, 60, 20]}}
    bleeding: []
    expect: {{confirmed_50: "no"}}
  - id: broken
    title: a lower count between
    baseline: 20
    counts: {{day: [7, 10, 14, 20], count: [60, 49, 60, 20]}}
    bleeding: []
    expect: {{confirmed_50: "no"}}
"""


def pyarrow(path: str) -> Callable[[], int]:
    """Reads the counts, row group by row group, and derives nothing."""
    from benchmarks.counts_study import counts_of
    from benchmarks.speed_response import read

    return lambda: 0 * int(read(counts_of(Path(path))))


def caseseries(path: str) -> Callable[[], int]:
    """`caseseries classify`, as its users call it: classes and times of every episode are written."""
    import caseseries.response  # noqa: F401 - imported before time is taken, like the other packages
    from benchmarks.counts_study import COHORT, layout_of
    from caseseries.cli import main as call
    from caseseries.model.results import read_table

    layout = layout_of(Path(path))
    folders = [word for name in ("data", "config", "results") for word in (f"--{name}", str(getattr(layout, name)))]

    def derive() -> int:
        if call(["classify", COHORT, "--definitions", "confirmed_50", "--settings", "{}", *folders]):
            raise SystemExit("caseseries classify did not end well")
        found = read_table(layout.responses(COHORT), ["response_class"], categories=True)
        return int((found["response_class"] == "yes").sum())

    return derive


def pandas(path: str) -> Callable[[], int]:
    """Idiomatic pandas."""
    import pandas as pd

    from benchmarks.counts_study import counts_of

    def derive() -> int:
        counts = pd.read_parquet(counts_of(Path(path)), columns=["episode_id", "day", "lo"])
        grouped = {"observed": True, "sort": False}
        days = counts[counts["day"] >= 1].groupby(["episode_id", "day"], observed=True, as_index=False)["lo"].min()
        days["run"] = (days["lo"] < LOWEST).groupby(days["episode_id"], **grouped).cumsum()
        good = days[days["lo"] >= LOWEST].groupby(["episode_id", "run"], **grouped)["day"].agg(["min", "max"])
        return good[good["max"] - good["min"] >= GAP].index.get_level_values("episode_id").nunique()

    return derive


def polars(path: str) -> Callable[[], int]:
    """Polars, lazy, its streaming engine."""
    import polars as pl

    from benchmarks.counts_study import counts_of

    days = (
        pl.scan_parquet(counts_of(Path(path)))
        .filter(pl.col("day") >= 1)
        .group_by("episode_id", "day")
        .agg(pl.col("lo").min())
        .sort("episode_id", "day")
        .with_columns((pl.col("lo") < LOWEST).cum_sum().over("episode_id").alias("run"))
        .filter(pl.col("lo") >= LOWEST)
        .group_by("episode_id", "run")
        .agg((pl.col("day").max() - pl.col("day").min()).alias("lasted"))
        .filter(pl.col("lasted") >= GAP)
        .select(pl.col("episode_id").n_unique())
    )
    return lambda: days.collect(engine="streaming").item()


def duckdb(path: str) -> Callable[[], int]:
    """DuckDB, one statement."""
    import duckdb as db

    from benchmarks.counts_study import counts_of

    statement = f"""
        WITH days AS (
            SELECT episode_id AS episode, day, min(lo) AS lo FROM read_parquet(?) WHERE day >= 1 GROUP BY 1, 2
        ), runs AS (
            SELECT episode, day, lo, sum((lo < {LOWEST})::INTEGER) OVER (PARTITION BY episode ORDER BY day) AS run
            FROM days
        ), lasting AS (
            SELECT episode FROM runs WHERE lo >= {LOWEST} GROUP BY episode, run HAVING max(day) - min(day) >= {GAP}
        )
        SELECT count(DISTINCT episode) FROM lasting
    """
    return lambda: db.execute(statement, [str(counts_of(Path(path)))]).fetchone()[0]


CONTENDERS = {function.__name__: function for function in (pyarrow, caseseries, pandas, polars, duckdb)}


def main(name: str, path: str) -> None:
    """Import the package, then measure."""
    derive = CONTENDERS[name](path)
    start, worked = time.perf_counter(), time.process_time()
    found = derive()
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "worked": worked, "found": int(found), "mebibytes": peak()}))


def peak() -> int:
    """Greatest memory of this process in MiB; getrusage would count that of the process that started it too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])

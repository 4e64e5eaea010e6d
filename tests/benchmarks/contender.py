"""One package deriving one response from one file, in a process of its own: python contender.py NAME FILE

The rule, the same for all: of the counts from day 1 on, the lowest of a day; two days at least 7 apart with counts of
at least 50 and no lower day between them. Prints as JSON the seconds from file to answer, how many episodes respond,
and the peak of memory that the operating system counted.
"""

import json
import resource
import sys
import tempfile
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
    """Reads the file and derives nothing."""
    from benchmarks.speed_response import read

    return lambda: 0 * int(read(Path(path)))


def caseseries(path: str) -> Callable[[], int]:
    """The engine of the project."""
    from benchmarks.speed_response import run
    from caseseries.response import load_definitions

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "rule.yaml").write_text(DEFINITION, encoding="utf-8")
        definitions = load_definitions(Path(folder))
    return lambda: run(Path(path), definitions, events=False)[1]


def pandas(path: str) -> Callable[[], int]:
    """Idiomatic pandas."""
    import pandas as pd

    def derive() -> int:
        counts = pd.read_parquet(path, columns=["episode", "day", "lo"])
        days = counts[counts["day"] >= 1].groupby(["episode", "day"], as_index=False)["lo"].min()
        days["run"] = (days["lo"] < LOWEST).groupby(days["episode"]).cumsum()
        good = days[days["lo"] >= LOWEST].groupby(["episode", "run"])["day"].agg(["min", "max"])
        return good[good["max"] - good["min"] >= GAP].index.get_level_values("episode").nunique()

    return derive


def polars(path: str) -> Callable[[], int]:
    """Polars, lazy, its streaming engine."""
    import polars as pl

    days = (
        pl.scan_parquet(path)
        .filter(pl.col("day") >= 1)
        .group_by("episode", "day")
        .agg(pl.col("lo").min())
        .sort("episode", "day")
        .with_columns((pl.col("lo") < LOWEST).cum_sum().over("episode").alias("run"))
        .filter(pl.col("lo") >= LOWEST)
        .group_by("episode", "run")
        .agg((pl.col("day").max() - pl.col("day").min()).alias("lasted"))
        .filter(pl.col("lasted") >= GAP)
        .select(pl.col("episode").n_unique())
    )
    return lambda: days.collect(engine="streaming").item()


def duckdb(path: str) -> Callable[[], int]:
    """DuckDB, one statement."""
    import duckdb as db

    statement = f"""
        WITH days AS (
            SELECT episode, day, min(lo) AS lo FROM read_parquet(?) WHERE day >= 1 GROUP BY episode, day
        ), runs AS (
            SELECT episode, day, lo, sum((lo < {LOWEST})::INTEGER) OVER (PARTITION BY episode ORDER BY day) AS run
            FROM days
        ), lasting AS (
            SELECT episode FROM runs WHERE lo >= {LOWEST} GROUP BY episode, run HAVING max(day) - min(day) >= {GAP}
        )
        SELECT count(DISTINCT episode) FROM lasting
    """
    return lambda: db.execute(statement, [path]).fetchone()[0]


CONTENDERS = {function.__name__: function for function in (pyarrow, caseseries, pandas, polars, duckdb)}


def main(name: str, path: str) -> None:
    """Import the package, then measure."""
    derive = CONTENDERS[name](path)
    start = time.perf_counter()
    found = derive()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "found": int(found), "mebibytes": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])

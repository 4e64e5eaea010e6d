"""What an analysis script without a pipeline makes of classified records: python plain_script.py RESTRICTED OUT

Of each cohort: Table 1, response rates with Wilson's interval under each definition, and a Kaplan-Meier figure of the
time to response under the first definition that has times. It is a peer of `./bench`, not a part of the project.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

DESCRIBED = ("age_years", "gestational_week", "prior_lines", "baseline", "weight_kg")


def timed(command, project) -> tuple[float, int]:
    """Seconds of the script in a copy of the project, and its number of files; 0 where a package is missing."""
    if not find_spec("tableone"):
        return 0.0, 0
    seconds = project.seconds(*command[1:])
    return seconds, len(list((project.folder / "plain").rglob("*.*")))


def rates(responses, target):
    """Response rates with intervals, one line a definition."""
    import pandas as pd
    from statsmodels.stats.proportion import proportion_confint

    rows = []
    for definition, group in responses.groupby("definition"):
        judged = group[group["response_class"] != "NE"]
        events, n = int((~judged["response_class"].isin(["NR", "no"])).sum()), len(judged)
        low, high = proportion_confint(events, n, method="wilson") if n else (float("nan"), float("nan"))
        rows.append((definition, events, n, events / n if n else float("nan"), low, high))
    pd.DataFrame(rows, columns=["definition", "events", "n", "rate", "lower", "upper"]).to_csv(target, index=False)


def curve(times, target):
    """Kaplan-Meier figure of the time to response under the first definition that has times."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    from lifelines import KaplanMeierFitter

    first = times[times["definition"] == times["definition"].iloc[0]].dropna(subset=["time"])
    if first.empty:
        return
    fitted = KaplanMeierFitter().fit(first["time"], first["cause"] == "response", label="no response")
    axis = fitted.plot_survival_function()
    axis.set(xlabel="days", ylabel="share without response")
    for ending in ("svg", "png", "pdf"):
        axis.figure.savefig(f"{target}.{ending}", dpi=300)
    plt.close(axis.figure)


def main(restricted: str, out: str) -> None:
    """All cohorts."""
    import pandas as pd
    from tableone import TableOne

    for folder in sorted(Path(restricted).iterdir()):
        records = folder / "records" / "episodes.parquet"
        if not records.exists():
            continue
        target = Path(out) / folder.name
        target.mkdir(parents=True, exist_ok=True)
        episodes = pd.read_parquet(records)
        numbers = episodes[list(DESCRIBED)].apply(pd.to_numeric, errors="coerce")
        known = [name for name in DESCRIBED if numbers[name].notna().any()]
        if known:
            TableOne(numbers, columns=known, continuous=known, categorical=[]).to_csv(target / "table1.csv")
        rates(pd.read_csv(folder / "responses.csv"), target / "rates.csv")
        if len(times := pd.read_csv(folder / "times.csv")):
            curve(times, target / "curve")


if __name__ == "__main__":
    main(*sys.argv[1:])

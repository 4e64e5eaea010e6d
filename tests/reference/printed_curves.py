"""The printed curves of tests/reference/curves, each with the history behind it."""

from functools import cache
from pathlib import Path

import pandas as pd

from caseseries.reconstruct.digitiser import Axes
from caseseries.reconstruct.files import read_curves

FOLDER = Path(__file__).parent / "curves"


@cache
def curves(folder):
    """(curve, group) -> the printed curve."""
    return {(one.curve, one.group): one for one in read_curves(FOLDER / folder, Axes())}


@cache
def table(folder, name):
    return pd.read_csv(FOLDER / folder / f"{name}.csv", dtype={"histories": str})


def summary(folder, key):
    """What is known of the truth behind a curve."""
    rows = table(folder, "truth_summary")
    return rows[(rows["curve"] == key[0]) & (rows["group"] == key[1])].iloc[0]


def truth(folder, key):
    """The history behind a curve: (at risk, events) of each step."""
    rows = table(folder, "truth_histories")
    rows = rows[(rows["curve"] == key[0]) & (rows["group"] == key[1]) & (rows["events"] > 0)]
    return tuple(zip(rows["at_risk"].tolist(), rows["events"].tolist(), strict=True))


KEYS = [(folder, key) for folder in ("simulated", "figures") for key in curves(folder)]

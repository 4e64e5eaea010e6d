"""What cohort.yaml declares of a cohort, held against its tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.cross import Tables, numbers
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding

SHARE = 0.5
"""Share of the cases with a count in one and the same week, from which visits look planned."""


def check_visits(cohort: Cohort, tables: Tables) -> list[Finding]:
    """`visits: planned` needs a schedule: dated counts after the first dose, and visits that the cases share."""
    if cohort.visits != "planned":
        return []
    shown = f"{cohort.id}/cohort.yaml"
    counts = tables.get("counts")
    day = numbers(counts, "day") if counts is not None else np.empty(0)
    after = day >= 1
    if not after.any():
        rule = "visits are said to be planned, but no count after the first dose has a day: there is no schedule"
        return [Finding(shown, column="visits", rule=rule, example="routine")]
    cases = counts.texts["episode_id"].to_numpy()[after]
    weeks = pd.DataFrame({"case": cases, "week": (day[after] + 3) // 7}).drop_duplicates()
    most = weeks[weeks["week"] >= 1].groupby("week").size().max()
    if most >= SHARE * len(set(cases)):
        return []
    rule = "visits are said to be planned, but in no week half of the cases have a count; were they routine care?"
    return [Finding(shown, column="visits", rule=rule, example="routine", severity="warning")]

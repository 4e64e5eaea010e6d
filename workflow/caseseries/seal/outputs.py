"""outputs.csv: for a human checker, each file of a release with the smallest number of people that it tells of."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caseseries.disclose.gate import counts_told
from caseseries.disclose.opened import texts
from caseseries.model.cohort import Cohort, Disclosure
from caseseries.model.results import OUTPUTS

FULL = {"published": "in full: the rows are in print", "synthetic": "in full: nobody stands behind a row"}
"""What was done with a cohort of a profile."""


def outputs_of(release: Path, files: list[str], cohorts: list[Cohort]) -> pd.DataFrame:
    """A row a file (`results.OUTPUTS`), in the order of `files`.

    `smallest` is the smallest number from 1 on that a table of results counts or a text tells as "x of y", the rest
    y - x included; empty where nobody is counted.
    """
    of_folder = {cohort.id: cohort for cohort in cohorts}
    rows = []
    for file in files:
        cohort = of_folder.get(file.partition("/")[0])
        opened = texts(file, (release / file).read_bytes())
        counts = {count for name, text in opened for count in counts_told(name, text) if count > 0}
        rows.append(
            {
                "file": file,
                "cohort": cohort.id if cohort else "",
                "smallest": min(counts, default=None),
                "rule": _rule([cohort] if cohort else cohorts),
            }
        )
    return pd.DataFrame(rows, columns=list(OUTPUTS))


def _rule(cohorts: list[Cohort]) -> str:
    """What was done so that a file may leave; of a file of several cohorts, the rule of each that is restricted."""
    kept = [cohort for cohort in cohorts if not cohort.releasable]
    if not kept:
        profiles = dict.fromkeys(cohort.disclosure.profile for cohort in cohorts)
        return "; ".join(FULL[profile] for profile in profiles)
    rules = [_limits(cohort.disclosure) for cohort in kept]
    if len(cohorts) == 1:
        return rules[0]
    return "; ".join(f"{cohort.id}: {rule}" for cohort, rule in zip(kept, rules, strict=True))


def _limits(said: Disclosure) -> str:
    rounding = f"; numbers to the nearest {said.rounding}" if said.rounding else ""
    return f"no number from 1 to {said.threshold - 1}, none that follows from others{rounding}"

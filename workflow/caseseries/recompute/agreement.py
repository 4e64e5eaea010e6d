"""Agreement again: Cohen's kappa by statsmodels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from caseseries.model.groups import ALL
from caseseries.recompute.opinion import Opinion
from caseseries.recompute.people import People
from caseseries.recompute.recount import NOT_EVALUABLE


def kappa(table: np.ndarray) -> Opinion:
    """Cohen's kappa of a square table of counts, with the 95 % limits of Fleiss, Cohen and Everitt cut to -1 and 1."""
    from statsmodels.stats.inter_rater import cohens_kappa

    seen = table.sum(axis=0) + table.sum(axis=1) > 0
    with np.errstate(all="ignore"):
        found = cohens_kappa(table[np.ix_(seen, seen)])
    return Opinion(
        "statsmodels",
        float(found.kappa),
        lower=max(-1.0, float(found.kappa_low)),
        upper=min(1.0, float(found.kappa_upp)),
    )


def kappas(agreement: pd.DataFrame, people: People) -> Iterator[tuple[dict, Opinion]]:
    """Rows of agreement.csv, each as a row of estimates with its second opinion. No package has Gwet's AC1."""
    members = people.members(ALL)

    @cache
    def side_of(name: str) -> np.ndarray:
        classes = people.classes(name, members)
        responded = classes.isin(people.definition(name).responses).astype(np.int8)
        return responded.where(classes != NOT_EVALUABLE, -1).to_numpy(np.int8)

    for row in agreement[agreement["kappa"].notna()].to_dict("records"):
        sides = side_of(row["first"]), side_of(row["second"])
        known = (sides[0] >= 0) & (sides[1] >= 0)
        table = np.bincount(2 * sides[0][known] + sides[1][known], minlength=4).reshape(2, 2).astype(float)
        found = {"definition": row["first"], "contrast": row["second"], "group": ALL, "statistic": "kappa"}
        limits = {"estimate": row["kappa"], "lower": row["kappa_lower"], "upper": row["kappa_upper"]}
        yield found | limits | {"method": "Cohen's kappa", "analysis": "primary"}, kappa(table)

"""Groups of a cohort, as results and messages name them."""

from __future__ import annotations

import pandas as pd

from caseseries.model.cohort import Cohort

NOT_RECORDED = "not recorded"
"""Group of those whose value of the grouping column is missing: described, never compared."""


def groups_of(cohort: Cohort, episodes: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """`all` and then each value of the grouping column, in the order of cohort.yaml's levels, else alphabetical."""
    groups = [("all", episodes)]
    if cohort.grouped_by:
        values = group_column(cohort, episodes)
        declared = next((list(c.levels.values()) for c in cohort.covariates if c.name == cohort.grouped_by), [])
        present = [value for value in declared if (values == value).any()]
        present += sorted(set(values) - set(present))
        groups += [(value, episodes[values == value]) for value in present]
    return groups


def group_column(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """Group of each episode as shown: the label of its level, `NOT_RECORDED` where the value is missing."""
    covariate = next((c for c in cohort.covariates if c.name == cohort.grouped_by), None)
    labels = covariate.levels if covariate else {}
    values = episodes[cohort.grouped_by]
    return values.map(lambda value: labels.get(value, value)).replace("", NOT_RECORDED)

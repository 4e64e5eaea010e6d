"""Groups of a cohort, as results and messages name them.

Everybody is `all` and those whose value of the grouping column is missing are `not recorded`; every other group is
keyed by the label of its level, so that two source words with one label are one group. A label that is one of these
two words is set in quotation marks: the word that the source wrote is neither everybody nor a missing value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.order import TELLS_ORDER, first_episodes
from caseseries.model.records import Records

ALL = "all"
"""Group of everybody in a cohort."""

NOT_RECORDED = "not recorded"
"""Group of those whose value of the grouping column is missing: described, never compared."""


NOT_A_START = "not a treatment start"
"""Group of the episodes that cohort.yaml holds apart (`not_a_start`) and that no other group is made of."""


def groups_of(cohort: Cohort, episodes: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """`ALL`, then each group in the order of cohort.yaml's levels, else alphabetical; `NOT_RECORDED` is the last.

    Episodes that are no treatment starts are no part of `ALL`. They are groups of their own, as are those groups that
    hold nobody else.
    """
    start = starts(cohort, episodes)
    groups = [(ALL, episodes[start])]
    apart = ~start
    if cohort.grouped_by:
        values = group_column(cohort, episodes)
        for key in _ordered_keys(cohort, values):
            own = values == key
            alone = not (own & start).any()
            groups.append((key, episodes[own if alone else own & start]))
            apart &= ~own if alone else True
    return groups + ([(NOT_A_START, episodes[apart])] if apart.any() else [])


def _ordered_keys(cohort: Cohort, values: pd.Series) -> list[str]:
    covariate = next((c for c in cohort.covariates if c.name == cohort.grouped_by), None)
    declared = [group_key(label) for label in covariate.levels.values()] if covariate else []
    present = [key for key in dict.fromkeys(declared) if (values == key).any()]
    present += sorted(set(values) - {*present, NOT_RECORDED}, key=lambda key: key.strip("“”"))
    return present + ([NOT_RECORDED] if (values == NOT_RECORDED).any() else [])


def starts(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """Mask of the episodes that are treatment starts: all of them, unless cohort.yaml holds some apart."""
    start = pd.Series(True, index=episodes.index)
    for column, values in cohort.not_a_start.items():
        if column in episodes:
            start &= ~episodes[column].isin(values)
    return start


def primary_episodes(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """Mask of the episode of each person that primary analyses keep: the first treatment start, else the first."""
    start = starts(cohort, episodes)
    started = episodes["patient_id"].isin(episodes.loc[start, "patient_id"])
    kept = pd.Series(False, index=episodes.index)
    for these in (episodes[start], episodes[~started]):
        kept[first_episodes(these).loc[lambda first: first].index] = True
    return kept


@dataclass(frozen=True)
class First:
    """The episodes that primary analyses keep: their mask, and each of their groups (`groups_of`) by the places of its
    episodes in episodes.csv.
    """

    mask: np.ndarray
    groups: dict[str, np.ndarray]

    @property
    def everybody(self) -> np.ndarray:
        """Places of the first episode of everybody."""
        return self.groups[ALL]


def first_of(cohort: Cohort, records: Records) -> First:
    """The first episodes of a cohort and their groups, found once."""
    episodes = records["episodes"]
    return records.remembered("first", (episodes, cohort), lambda: _first_of(cohort, episodes))


def _first_of(cohort: Cohort, episodes: pd.DataFrame) -> First:
    asked = ("patient_id", *TELLS_ORDER, cohort.grouped_by, *cohort.not_a_start)
    few = episodes[[name for name in dict.fromkeys(asked) if name in episodes]].reset_index(drop=True)
    mask = primary_episodes(cohort, few).to_numpy(bool)
    return First(mask, {key: members.index.to_numpy() for key, members in groups_of(cohort, few[mask])})


def compared_groups(cohort: Cohort, episodes: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The groups that are set against each other: of treatment starts, and neither everybody nor without a value."""
    named = [one for one in groups_of(cohort, episodes)[1:] if one[0] not in (NOT_RECORDED, NOT_A_START)]
    return [(key, members) for key, members in named if starts(cohort, members).any()]


def group_column(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """Key of the group of each episode."""
    covariate = next((c for c in cohort.covariates if c.name == cohort.grouped_by), None)
    labels = covariate.levels if covariate else {}
    values = episodes[cohort.grouped_by].fillna("")
    texts = values.map(lambda value: labels.get(value, f"{value:g}" if isinstance(value, float) else value))
    return texts.map(lambda text: group_key(text) if text else NOT_RECORDED)


def group_key(text: str) -> str:
    """The key of a group with a label: the label, in quotation marks where results use the word for themselves."""
    reserved = text.casefold() in (ALL, NOT_RECORDED, NOT_A_START) or (text.startswith("“") and text.endswith("”"))
    return f"“{text}”" if reserved else text


def contrast_of(groups: Iterable[str]) -> str:
    """What is compared, for the column `contrast`: "A against B". It is read whole, never taken apart."""
    return " against ".join(groups)

"""The people of a cohort as plain frames: what every second opinion is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from caseseries.estimate.exposure import Exposures, exposures_of
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.drug import Drug
from caseseries.model.groups import ALL, compared_groups, groups_of, primary_episodes
from caseseries.model.records import Records
from caseseries.model.safety import Vocabulary
from caseseries.recompute.harm import Harm, harms_on_record
from caseseries.recompute.harm_of_counts import harms_of_counts


@dataclass(frozen=True)
class People:
    """Records, classes and times of one cohort.

    Parameters
    ----------
    responses, times : `responses.csv` and `times.csv` of the cohort.
    definitions : the catalogue.
    drugs, vocabulary : profiles of drugs, and names of adverse events.
    """

    cohort: Cohort
    records: Records
    responses: pd.DataFrame
    times: pd.DataFrame
    definitions: list[Definition]
    level: float
    drugs: dict[str, Drug] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(source="none", events={}))
    made: dict[tuple, Any] = field(default_factory=dict, repr=False)
    """What has been computed of a group under a definition, for the further rows of the same curve."""

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """Episodes; a cohort without that table has one for each label among its times."""
        episodes = self.records["episodes"]
        if len(episodes):
            return episodes
        labels = pd.unique(self.times["episode_id"])
        return pd.DataFrame({"episode_id": labels, "patient_id": labels})

    @cached_property
    def exposures(self) -> Exposures:
        """What each episode got of its study drugs."""
        return exposures_of(self.cohort, self.records, self.drugs)

    @cached_property
    def harms(self) -> dict[tuple[str, str], Harm]:
        """What is on record of each episode under each harm, by statistic and cause."""
        told = harms_on_record(self.cohort, self.records, self.drugs, self.vocabulary)
        return dict(told) | dict(harms_of_counts(self.cohort, self.records, self.exposures))

    @cached_property
    def groups_of_first(self) -> dict[str, pd.DataFrame]:
        """Episodes of each group, one a person."""
        return dict(groups_of(self.cohort, self.episodes[primary_episodes(self.cohort, self.episodes)]))

    @cached_property
    def groups_of_all(self) -> dict[str, pd.DataFrame]:
        """Episodes of each group."""
        return dict(groups_of(self.cohort, self.episodes))

    def members(self, group: str, analysis: str = "primary") -> pd.DataFrame:
        """Episodes of a group: one a person in the primary analysis."""
        return (self.groups_of_all if analysis == "all_episodes" else self.groups_of_first)[group]

    def numbers(self, group: str) -> np.ndarray:
        """Numbers, in the order of episodes.csv, of the episodes of a group, one a person."""
        return self.episodes.index.get_indexer(self.members(group).index)

    def definition(self, identifier: str) -> Definition:
        """A definition of the catalogue."""
        return next(one for one in self.definitions if one.id == identifier)

    @cached_property
    def rows_under(self) -> dict[str, pd.DataFrame]:
        """Rows of responses.csv under each definition, by episode."""
        by_definition = self.responses.groupby("definition", sort=False, observed=True)
        return {name: rows.set_index("episode_id") for name, rows in by_definition}

    def classes(self, definition: str, members: pd.DataFrame) -> pd.Series:
        """Class of each member under a definition."""
        return self.rows_under[definition]["response_class"].reindex(members["episode_id"])

    @cached_property
    def times_under(self) -> dict[str, pd.DataFrame]:
        """Times of each episode under each definition."""
        return dict(list(self.times.groupby("definition", sort=False, observed=True)))

    def courses(self, definition: str, group: str) -> pd.DataFrame:
        """Times of the members of a group under a definition."""
        key = ("courses", definition, group)
        if key not in self.made:
            times = self.times_under.get(definition, self.times.iloc[:0])
            self.made[key] = times[times["episode_id"].isin(self.members(group)["episode_id"])]
        return self.made[key]

    def grouped(self, definition: str) -> pd.DataFrame:
        """Times under a definition of the members of the groups compared, with their `group`."""
        groups = compared_groups(self.cohort, self.members(ALL))
        of_episode = {episode: key for key, members in groups for episode in members["episode_id"]}
        times = self.times_under.get(definition, self.times.iloc[:0])
        times = times[times["episode_id"].isin(of_episode)]
        return times.assign(group=times["episode_id"].map(of_episode))


def coded(causes: pd.Series, event: str) -> tuple[np.ndarray, dict[str, int]]:
    """0 for censored, 1 for the event, 2 and more for the others, and the code of each cause."""
    others = sorted(set(causes.unique()) - {"censored", event})
    codes = {"censored": 0, event: 1} | {name: code for code, name in enumerate(others, start=2)}
    return causes.map(codes).to_numpy(int), codes

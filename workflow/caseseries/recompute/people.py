"""The people of a cohort as plain frames: what every second opinion is made from.

Episodes are numbers in the order of episodes.csv, groups are the numbers of their members: of a large cohort no text is
made for a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from caseseries.estimate.exposure import Exposures
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.drug import Drug
from caseseries.model.groups import ALL, compared_groups, groups_of, primary_episodes
from caseseries.model.order import TELLS_ORDER
from caseseries.model.records import Records
from caseseries.model.safety import Vocabulary
from caseseries.recompute.by_block import look_at_blocks
from caseseries.recompute.harm import Harm, adverse_events
from caseseries.recompute.of_definition import RowsByDefinition
from caseseries.recompute.recount import NOT_EVALUABLE, Recount, labelled

CLASSES = {"response_class": NOT_EVALUABLE, "provisional_class": "", "decided_class": NOT_EVALUABLE}
"""Columns of classes, and what stands for a missing one."""


@dataclass(frozen=True)
class People:
    """Records, classes and times of one cohort.

    Parameters
    ----------
    records : the episodes and adverse events; of a cohort that is not large all tables.
    responses, times : `responses.csv` and `times.csv` of the cohort.
    definitions : the catalogue.
    drugs, vocabulary : profiles of drugs, and names of adverse events.
    blocks : the records block by block, with all tables; the records themselves where they are whole.
    """

    cohort: Cohort
    records: Records
    responses: RowsByDefinition
    times: RowsByDefinition
    definitions: list[Definition]
    level: float
    drugs: dict[str, Drug] = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(source="none", events={}))
    blocks: Iterable[Records] | None = None
    made: dict[tuple, Any] = field(default_factory=dict, repr=False)
    """What has been computed of a group under a definition, for the further rows of the same curve."""
    last: dict[str, tuple[tuple, Any]] = field(default_factory=dict, repr=False)
    """The rows that were asked for last, by what they are: the next number is most often made of the same."""

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """Episodes; a cohort without that table has one for each label among its times."""
        episodes = self.records["episodes"]
        if len(episodes):
            return episodes
        labels = self.times.labels()
        return pd.DataFrame({"episode_id": labels, "patient_id": labels})

    @cached_property
    def ids(self) -> pd.Index:
        """Ids of the episodes."""
        return pd.Index(self.episodes["episode_id"].to_numpy(object))

    @cached_property
    def looked_at(self) -> tuple[Exposures, dict[tuple[str, str], Harm]]:
        """What each episode got of its study drugs, and its harms but for adverse events, from the blocks."""
        return look_at_blocks(self.cohort, self.blocks or [self.records], self.drugs)

    @property
    def exposures(self) -> Exposures:
        """What each episode got of its study drugs."""
        return self.looked_at[0]

    @cached_property
    def harms(self) -> dict[tuple[str, str], Harm]:
        """What is on record of each episode under each harm, by statistic and cause."""
        return dict(adverse_events(self.cohort, self.records, self.drugs, self.vocabulary)) | self.looked_at[1]

    def harmed(self, statistic: str, cause: str, group: str) -> Recount | None:
        """Counts of a harm among the members of a group; None where nothing of that name is a harm."""
        harm, key = self.harms.get((statistic, cause)), ("harmed", statistic, cause, group)
        if harm is not None and key not in self.made:
            self.made[key] = harm.among(self.members(group))
        found: Recount | None = self.made.get(key)
        return found

    @cached_property
    def told_apart(self) -> pd.DataFrame:
        """The columns of the episodes by which groups are made, by number."""
        asked = ("episode_id", "patient_id", *TELLS_ORDER, self.cohort.grouped_by, *self.cohort.not_a_start)
        return self.episodes[[name for name in dict.fromkeys(asked) if name in self.episodes]].reset_index(drop=True)

    @cached_property
    def groups_of_first(self) -> dict[str, np.ndarray]:
        """Episodes of each group, one a person."""
        return self._groups(self.told_apart[primary_episodes(self.cohort, self.told_apart)])

    @cached_property
    def groups_of_all(self) -> dict[str, np.ndarray]:
        """Episodes of each group."""
        return self._groups(self.told_apart)

    def _groups(self, episodes: pd.DataFrame) -> dict[str, np.ndarray]:
        return {key: members.index.to_numpy() for key, members in groups_of(self.cohort, episodes)}

    @cached_property
    def compared(self) -> list[str]:
        """The groups that are set against each other."""
        return [key for key, _ in compared_groups(self.cohort, self.told_apart.iloc[self.members(ALL)])]

    def members(self, group: str, analysis: str = "primary") -> np.ndarray:
        """Numbers of the episodes of a group: one a person in the primary analysis."""
        return (self.groups_of_all if analysis == "all_episodes" else self.groups_of_first)[group]

    @cached_property
    def persons(self) -> np.ndarray:
        """Number of the person of each episode."""
        return pd.factorize(self.episodes["patient_id"])[0]

    def definition(self, identifier: str) -> Definition:
        """A definition of the catalogue."""
        return next(one for one in self.definitions if one.id == identifier)

    def judged(self, definition: str) -> pd.DataFrame:
        """Classes (as categories) and value of every episode under a definition, in their order."""
        key = ("judged", definition)
        if key not in self.made:
            rows = self.in_order(self.responses.under(definition, self.ids))
            columns = {name: labelled(rows[name], missing) for name, missing in CLASSES.items()}
            if rows["value"].notna().any():
                columns["value"] = rows["value"]
            self.made[key] = pd.DataFrame(columns)
        found: pd.DataFrame = self.made[key]
        return found

    def in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The row of every episode in their order; missing values where there is none."""
        place = np.full(len(self.ids), -1)
        place[rows["number"].to_numpy()] = np.arange(len(rows))
        return rows.reset_index(drop=True).reindex(place).reset_index(drop=True)

    def classes(self, definition: str, members: np.ndarray) -> pd.Series:
        """Class of each member under a definition, as categories."""
        return self.judged(definition)["response_class"].iloc[members]

    def values(self, definition: str, members: np.ndarray) -> pd.Series:
        """Value of each member under a definition that measures."""
        judged = self.judged(definition)
        return judged["value"].iloc[members] if "value" in judged else pd.Series(dtype=float)

    def timed(self, definition: str) -> pd.DataFrame:
        """Times of the known episodes under a definition, with their `number`."""
        return self._last("timed", (definition,), lambda: self.times.under(definition, self.ids))

    def courses(self, definition: str, group: str) -> pd.DataFrame:
        """Times of the members of a group under a definition."""
        return self._last("courses", (definition, group), lambda: self._courses(definition, group))

    def _courses(self, definition: str, group: str) -> pd.DataFrame:
        times, among = self.timed(definition), np.zeros(len(self.episodes), bool)
        among[self.members(group)] = True
        return times[among[times["number"].to_numpy()]]

    def grouped(self, definition: str) -> pd.DataFrame:
        """Times under a definition of the members of the groups compared, with the number of their `group`."""
        group = np.full(len(self.episodes), -1)
        for number, key in enumerate(self.compared):
            group[self.members(key)] = number
        times = self.timed(definition)
        times = times.assign(group=group[times["number"].to_numpy()])
        return times[times["group"] >= 0]

    def _last(self, name: str, key: tuple, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What was made last under a name, where it is asked for again."""
        if self.last.get(name, (None, None))[0] != key:
            self.last.pop(name, None)
            self.last[name] = key, make()
        found: pd.DataFrame = self.last[name][1]
        return found


def coded(causes: pd.Series, event: str) -> tuple[np.ndarray, dict[str, int]]:
    """0 for censored, 1 for the event, 2 and more for the others, and the code of each cause."""
    causes = causes.astype("category").cat.remove_unused_categories()
    others = sorted(set(causes.cat.categories) - {"censored", event})
    codes = {"censored": 0, event: 1} | {name: code for code, name in enumerate(others, start=2)}
    return np.array([codes[name] for name in causes.cat.categories], int)[causes.cat.codes.to_numpy()], codes

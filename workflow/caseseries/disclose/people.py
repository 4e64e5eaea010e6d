"""The people of a restricted cohort as masks: who responded, who has a value, who belongs to a group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, groups_of, primary_episodes
from caseseries.model.records import Records
from caseseries.response.roles import Parts, complete_parts_of, parts_of


@dataclass(frozen=True)
class People:
    """One episode a person, in the order of the records.

    Parameters
    ----------
    responses, times : `responses.csv` and `times.csv`.
    """

    cohort: Cohort
    records: Records
    responses: pd.DataFrame
    times: pd.DataFrame

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """The episode of each person that the primary analysis keeps."""
        episodes = self.records["episodes"]
        if not len(episodes):
            labels = pd.unique(self.times["episode_id"])
            return pd.DataFrame({"episode_id": labels, "patient_id": labels})
        return episodes[primary_episodes(self.cohort, episodes)].reset_index(drop=True)

    @property
    def number(self) -> int:
        """Number of people."""
        return len(self.episodes)

    @cached_property
    def groups(self) -> dict[str, np.ndarray]:
        """Mask of each group but everybody; empty where the cohort has no groups."""
        return {key: self.mask(members["episode_id"]) for key, members in groups_of(self.cohort, self.episodes)[1:]}

    def group(self, key: str) -> np.ndarray:
        """Mask of a group."""
        return np.ones(self.number, dtype=bool) if key == ALL else self.groups[key]

    def mask(self, identifiers: pd.Series) -> np.ndarray:
        """Mask of the people whose episodes are named."""
        return self.episodes["episode_id"].isin(identifiers).to_numpy()

    def roles(self, definition: Definition) -> dict[str, np.ndarray]:
        """Masks of those who responded, did not, and are not evaluable, of the parts of the last that the bounds of
        the rate tell, and of their sums.
        """
        return _masks(parts_of(self._rows(definition), definition.responses))

    def complete(self, definition: Definition) -> dict[str, np.ndarray]:
        """`roles` for complete response; a response of unknown kind is not evaluable for it."""
        rows, complete = self._rows(definition), str(definition.complete)
        return _masks(complete_parts_of(rows, definition.responses, complete, definition.labels))

    def _rows(self, definition: Definition) -> pd.DataFrame:
        of_definition = self.responses[self.responses["definition"] == definition.id]
        return of_definition.set_index("episode_id").reindex(self.episodes["episode_id"])


def _masks(parts: Parts) -> dict[str, np.ndarray]:
    """Each part, and the sums that a rate and its bounds tell."""
    return {
        "event": parts.event,
        "non_event": parts.non_event,
        "not_evaluable": parts.unknown,
        "surely": parts.surely,
        "possibly": parts.possibly,
        "surely not": parts.unknown & ~parts.surely & ~parts.possibly,
        "in n": ~parts.unknown,
        "in the worst case": parts.event | parts.surely,
        "in the best case": parts.event | parts.surely | parts.possibly,
    }

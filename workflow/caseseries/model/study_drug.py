"""Which drug an episode is about, and which rows of exposures.csv give it."""

from __future__ import annotations

from typing import Any

from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.records import Records

STUDY = "study"


def drugs_of_episodes(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> dict[str, Drug | None]:
    """The profile of each episode's own drug: that of episodes.csv, else that of cohort.yaml; None without one."""
    own = drugs.get(cohort.drug)
    episodes = records["episodes"]
    return {
        episode: profile_of(written, drugs) if written else own
        for episode, written in zip(episodes["episode_id"], episodes["drug"], strict=True)
    }


def is_study_row(row: Any, own: Drug | None) -> bool:
    """Whether a row of exposures.csv (`drug`, `role`) is one of the study drug; one without a role is if it gives the
    drug of the episode."""
    return row.role == STUDY or (row.role == "" and own is not None and own.means(row.drug))

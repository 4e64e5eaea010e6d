"""Which drug an episode is about, and which rows of exposures.csv give it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.records import Records

STUDY = "study"


def drugs_of_episodes(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> dict[str, Drug | None]:
    """The profile of each episode's own drug: that of episodes.csv, else that of cohort.yaml; None without one."""
    own = drugs.get(cohort.drug)
    episodes = records["episodes"]
    profiles = {written: profile_of(written, drugs) if written else own for written in episodes["drug"].unique()}
    return {
        episode: profiles[written] for episode, written in zip(episodes["episode_id"], episodes["drug"], strict=True)
    }


def study_rows(exposures: pd.DataFrame, own: dict[str, Drug | None]) -> pd.DataFrame:
    """The rows of exposures.csv that give the study drug; one without a role is such if it gives the drug of the
    episode.

    Parameters
    ----------
    own : profile of the drug of each episode; rows of other episodes are left out.
    """
    known = exposures[exposures["episode_id"].isin(pd.Index(own))]
    study = (known["role"] == STUDY).to_numpy()
    meant: dict[tuple[str, str], bool] = {}
    untold = np.flatnonzero(known["role"] == "")
    for place, episode, written in zip(
        untold, known["episode_id"].iloc[untold], known["drug"].iloc[untold], strict=True
    ):
        drug = own[episode]
        if drug is not None:
            key = drug.id, written
            meant[key] = meant[key] if key in meant else drug.means(written)
            study[place] = meant[key]
    return known[study]

"""Who had which harm, counted a second time from the records by plain pandas, whose boolean type knows unknown.

The rules are those of the worked cases of tests/spec/audit_vectors.yaml (S01 to S04), and nothing of `estimate` is
used, so that no rule judges itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.numbering import numbering_of
from caseseries.model.records import Records
from caseseries.model.safety import Vocabulary
from caseseries.model.study_drug import drugs_of_episodes
from caseseries.recompute.recount import Recount

SEVERE = 3


@dataclass(frozen=True)
class Harm:
    """Of each episode, by its number: whether the harm is looked for in it, whether what it takes was recorded, and
    whether it happened (`boolean`, NA where that is unknown)."""

    looked_for: pd.Series
    recorded: pd.Series
    happened: pd.Series

    @property
    def evaluable(self) -> pd.Series:
        """Episodes in n of the rate."""
        return self.looked_for & self.recorded & self.happened.notna()

    def among(self, members: np.ndarray) -> Recount:
        """Counts among some episodes, by number."""
        here = self.happened.iloc[members][self.looked_for.iloc[members]]
        inside = here[self.evaluable.iloc[members]]
        had, unknown = int(here.fillna(False).sum()), int(here.isna().sum())
        return Recount(int(inside.sum()), len(inside), len(here), had, had + unknown)


Harms = Iterator[tuple[tuple[str, str], Harm]]
"""Statistic and cause as in estimates.csv, and the harm."""


def adverse_events(cohort: Cohort, records: Records, drugs: dict[str, Drug], vocabulary: Vocabulary) -> Harms:
    """Adverse events of each subject; what is written down of somebody who was not asked tells of no absence."""
    episodes, events = records["episodes"], records["adverse_events"]
    name_of = {term: vocabulary.name_of(term) for term in events["term"].unique()}
    events = events.assign(name=events["term"].map(name_of), number=numbers_of(events["episode_id"], records))
    listed = _listed(cohort, records, events, drugs)
    kinds = pd.DataFrame(
        {
            "any": True,
            "any serious": events["serious"].map({"yes": True, "no": False}),
            "any grade 3 or more": (events["grade"] >= SEVERE).where(events["grade"].notna()),
            "any not listed": [None if one is None else not one for one in listed],
        },
        index=events.index,
    ).astype("boolean")
    for cause, names in vocabulary.together.items():
        kinds[cause] = events["name"].isin(list(names)).astype("boolean")
    said = cohort.adverse_events_recorded
    for subject in ("mother", "neonate", "patient"):
        looked_for = (episodes["pregnant"] == "yes") == (subject != "patient")
        if said == "by_episode":
            recorded = episodes["adverse_events_recorded"] == "yes"
        else:
            recorded = pd.Series(said == "yes" or (not isinstance(said, str) and subject in said), episodes.index)
        of_subject = events["subject"] == subject
        counted = of_subject & ~(events["day"] < 0)
        causes = {name: kinds.loc[counted, name] for name in kinds}
        for name in events.loc[of_subject, "name"].unique():
            causes[name] = (events.loc[counted, "name"] == name).astype("boolean")
        for cause, truths in causes.items():
            happened = any_of(truths, events.loc[counted, "number"], recorded)
            yield ("adverse_event_rate", f"{subject}/{cause}"), Harm(looked_for, recorded, happened)


def numbers_of(column: pd.Series, records: Records) -> np.ndarray:
    """Number of the episode of each row, in the order of episodes.csv; -1 for none of them."""
    return numbering_of(records).of(column)


def _listed(cohort: Cohort, records: Records, events: pd.DataFrame, drugs: dict[str, Drug]) -> list[bool | None]:
    """Of each event whether the text of its episode's drug lists it, None where no such text was read."""
    episodes = records["episodes"]
    few = episodes.iloc[np.unique(events.loc[events["number"] >= 0, "number"])]
    own = drugs_of_episodes(cohort, Records(records.cohort, {"episodes": few}), drugs)

    @cache
    def listed(drug: str, name: str) -> bool:
        return drugs[drug].lists(name)

    told = {episode: drug.id for episode, drug in own.items() if drug is not None and drug.adverse_events}
    return [
        listed(told[episode], name) if episode in told else None
        for episode, name in zip(events["episode_id"], events["name"], strict=True)
    ]


def any_of(truths: pd.Series, numbers: pd.Series, recorded: pd.Series) -> pd.Series:
    """Of each episode whether any of its rows is true; one without a true row is unknown where nobody looked."""
    by_number = truths.groupby(numbers.to_numpy()).any(skipna=False).astype("boolean").drop(-1, errors="ignore")
    found = pd.array(np.zeros(len(recorded), bool), dtype="boolean")
    found[by_number.index.to_numpy()] = by_number.array
    return pd.Series(found, recorded.index) | pd.Series(False, recorded.index, dtype="boolean").mask(~recorded, pd.NA)


def bleeding(records: Records) -> Harms:
    """Bleeding of a grade or worse, still there on day 1 or later."""
    episodes, spells = records["episodes"], records["bleeding"]
    recorded = episodes["bleeding_recorded"] == "yes"
    for grade in (1, 2, 3, 4):
        had = spells.loc[(spells["last_day"] >= 1) & (spells["who_grade"] >= grade), "episode_id"]
        yield ("bleeding_rate", f"grade>={grade}"), _had(had, recorded, episodes)


def treatments(records: Records, drugs: dict[str, Drug]) -> Harms:
    """Rescue and platelet transfusion from the first dose on; nobody without an end of follow-up was free of them."""
    episodes, given, events = records["episodes"], records["exposures"], records["events"]
    recorded = episodes["follow_up_end_day"].notna()
    given, events = given[~(given["first_day"] < 0)], events[~(events["day"] < 0)]
    of_profile = {name: profile_of(name, drugs) for name in given["drug"].unique()}
    classes = {name: drug.drug_class if drug else "" for name, drug in of_profile.items()}
    transfused = given["class"].where(given["class"] != "", given["drug"].map(classes)) == "transfusion"
    kinds = {kind: records.conventions.kind_for(kind, PLATELETS) for kind in events["kind"].unique()}
    found = events["kind"].map(kinds)
    for statistic, kind, doses in (
        ("rescue_rate", "rescue", given["role"] == "rescue"),
        ("transfusion_rate", "platelet_transfusion", transfused),
    ):
        had = pd.concat([given.loc[doses, "episode_id"], events.loc[found == kind, "episode_id"]])
        yield (statistic, kind), _had(had, recorded, episodes)


def _had(had: pd.Series, recorded: pd.Series, episodes: pd.DataFrame) -> Harm:
    """The harm of episodes that are named as having it, are free of it on record, or are unknown."""
    named = episodes["episode_id"].isin(had)
    happened = named.astype("boolean").mask(~named & ~recorded, pd.NA)
    return Harm(pd.Series(True, episodes.index), recorded, happened)

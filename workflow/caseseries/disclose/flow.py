"""The flow of a restricted cohort, told where no step is of few people and none follows beside what else is told."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown

OF_EPISODES = ("recorded", "further_episodes")
"""Steps that count episodes: where somebody has several, they tell of the few people who have."""

JUDGED = ("within", "outside")
"""Steps that say something of whoever is counted there."""


def told_flow(
    flow: pd.DataFrame, steps: Sequence[tuple[str, str, pd.Series]], people: People, shown: Shown
) -> pd.DataFrame:
    """The rows of flow.csv that may be told, all or none; from first episodes on where there are further ones.

    Nor is it told that the label was kept, or was not, by everybody.

    Parameters
    ----------
    steps : the masks of the episodes behind it (`audit.counts.flow_steps`).
    """
    episodes = people.records["episodes"]["episode_id"]
    masks = {step: people.mask(episodes[mask]) for step, _, mask in steps if step not in OF_EPISODES}
    if any(masks[step].all() for step in JUDGED if step in masks):
        return flow.iloc[:0]
    if not len(flow) or not shown.tell(mask for mask in masks.values() if mask.any()):
        return flow.iloc[:0]
    if people.number == len(episodes):
        return flow
    rows = flow[flow["step"].isin(list(masks))]
    return rows.assign(of=rows["of"].where(rows["of"].isin(list(masks)), ""))

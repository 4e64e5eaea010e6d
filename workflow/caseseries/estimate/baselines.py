"""In how many cases the baseline already meets the count that a definition asks for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, groups_of, primary_episodes
from caseseries.model.records import BLOCK, Records, episode_ids
from caseseries.model.results import ALREADY_MET
from caseseries.response.baselines import already_met
from caseseries.response.evaluate import View
from caseseries.response.evidence import evidence_of


def count_already_met(cohort: Cohort, records: Records, run: set[str], definitions: list[Definition]) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`), one for each definition that was run (`run`) and is met by the baseline
    of anybody: `events` of the `n` first episodes of everybody. None where day 0 is not the first dose, or where the
    cases were selected by their outcome.
    """
    episodes = records["episodes"]
    if cohort.selected or not cohort.counts_from_dose or not len(episodes):
        return pd.DataFrame()
    members = dict(groups_of(cohort, episodes[primary_episodes(cohort, episodes)]))[ALL]["episode_id"]
    numbers = np.flatnonzero(episode_ids(records).isin(members))
    judging = [one for one in definitions if one.id in run and one.classes]
    found = dict.fromkeys((one.id for one in judging), 0)
    for analyte in dict.fromkeys(one.analyte for one in judging):
        evidence = evidence_of(records, analyte, cohort.visits)
        for start in range(0, len(numbers), BLOCK):  # what definitions share of a block is kept until the next
            block = evidence.take(numbers[start : start + BLOCK])
            for definition in (one for one in judging if one.analyte == analyte):
                found[definition.id] += int(np.count_nonzero(already_met(View(block, definition, trace=False))))
    common = {"group": ALL, "analysis": "primary", "statistic": ALREADY_MET, "n": len(numbers), "method": m.COUNT}
    return pd.DataFrame(
        [common | {"definition": name, "estimate": met, "events": met} for name, met in found.items() if met]
    )

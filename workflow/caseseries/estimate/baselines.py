"""In how many cases the baseline already meets the count that a definition asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, first_of
from caseseries.model.records import Records
from caseseries.model.results import ALREADY_MET
from caseseries.response.baselines import already_met
from caseseries.response.evaluate import View
from caseseries.response.series import Evidence


def asked_of(
    cohort: Cohort, records: Records, run: set[str], definitions: Sequence[Definition]
) -> tuple[list[Definition], np.ndarray]:
    """The definitions that were run (`run`) of which it is asked, and of whom (mask): the first episode of everybody.

    None where day 0 is not the first dose, or where the cases were selected by their outcome.
    """
    members = np.zeros(len(records["episodes"]), bool)
    if cohort.selected or not cohort.counts_from_dose:
        return [], members
    members[first_of(cohort, records).everybody] = True
    return [one for one in definitions if one.id in run and one.classes], members


def count_met(
    evidence_for: Callable[[str], Evidence], judging: Sequence[Definition], members: np.ndarray
) -> Counter[str]:
    """In how many episodes the baseline meets each definition.

    Parameters
    ----------
    evidence_for : the evidence for an analyte, whose first episodes are those of `members` (mask: which are counted).
    """
    found: Counter[str] = Counter()
    for definition in judging:
        met = already_met(View(evidence_for(definition.analyte), definition, trace=False))
        found[definition.id] = int(np.count_nonzero(met[: len(members)] & members))
    return found


def already_met_rows(judging: Sequence[Definition], met: Mapping[str, int], n: int) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`), one for each definition that is met by the baseline of anybody:
    `events` of the `n` episodes that were asked.
    """
    common = {"group": ALL, "analysis": "primary", "statistic": ALREADY_MET, "n": n, "method": m.COUNT}
    names = [one.id for one in judging if met[one.id]]
    return pd.DataFrame([common | {"definition": name, "estimate": met[name], "events": met[name]} for name in names])

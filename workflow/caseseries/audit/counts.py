"""How many episodes and doses were kept, departed or could not be told: the rows of audit.csv, and of flow.csv."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caseseries.audit.verdict import DEPARTED, KEPT, NOT_EVALUABLE, worst_by
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug
from caseseries.model.groups import primary_episodes, starts
from caseseries.model.results import AUDIT, FLOW

CAUTION = "caution"
ASKED = ["episode_id", "drug", "clause", "verdict"]
"""Columns of eligibility.csv from which the flow is counted."""


def audit_counts(cohort: str, dosing: pd.DataFrame, eligibility: pd.DataFrame) -> pd.DataFrame:
    """Rows of audit.csv (`results.AUDIT`), in the order of the rows that they count.

    An episode departs from a rule if one of its rows does; else it cannot be told if one of its rows cannot.
    """
    parts = [
        dosing.assign(part="dosing")[["part", "drug", "label", "rule", "episode_id", "verdict"]],
        eligibility.assign(part="eligibility", label="", rule=eligibility["clause"])[
            ["part", "drug", "label", "rule", "episode_id", "verdict"]
        ],
    ]
    rows = []
    for part in parts:
        for key, found in part.groupby(["part", "drug", "label", "rule"], sort=False):
            episodes = worst_by(found, ["episode_id"])
            counted = {"episodes": len(episodes), "rows": len(found)}
            for verdict in (KEPT, DEPARTED, NOT_EVALUABLE):
                counted[verdict] = int((episodes == verdict).sum())
                counted[f"rows_{verdict}"] = int((found["verdict"] == verdict).sum())
            rows.append(dict(zip(("part", "drug", "label", "rule"), key, strict=True)) | counted)
    return pd.DataFrame(rows, columns=list(AUDIT)).assign(cohort=cohort)


def joined_counts(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows of audit.csv of a cohort from those of its blocks, in the order of the rows that they count."""
    found = [part for part in parts if len(part)] or list(parts[:1])
    if len(found) == 1:
        return found[0]
    key = ["cohort", "part", "drug", "label", "rule"]
    counted = pd.concat(found).groupby(key, sort=False).sum().reset_index()
    return counted.sort_values("part", kind="stable", ignore_index=True)


def flow_counts(
    cohort: Cohort, episodes: pd.DataFrame, eligibility: pd.DataFrame, drugs: dict[str, Drug]
) -> pd.DataFrame:
    """Rows of flow.csv (`results.FLOW`): episodes on record, one of each person, those analysed as everybody, and whom
    the drug was meant for.

    Who was on the drug already (`not_a_start`) stands apart. Cautions keep nobody out, and nobody leaves the analysis
    for what the clauses come to; it is only shown.
    """
    rows = [(step, of, int(mask.sum())) for step, of, mask in flow_steps(cohort, episodes, eligibility, drugs)]
    return pd.DataFrame(rows, columns=list(FLOW[1:])).assign(cohort=cohort.id)[list(FLOW)]


def flow_steps(
    cohort: Cohort, episodes: pd.DataFrame, eligibility: pd.DataFrame, drugs: dict[str, Drug]
) -> list[tuple[str, str, pd.Series]]:
    """Each step of the flow, the step that it is a part of, and the mask of the episodes in it."""
    first = primary_episodes(cohort, episodes)
    steps = [("recorded", "", first | True)]
    if not first.all():
        steps.append(("further_episodes", "recorded", ~first))
    steps.append(("first_episodes", "recorded", first))
    analysed, whole = first & starts(cohort, episodes), "first_episodes"
    if (first & ~analysed).any():
        whole = "analysed"
        steps += [("no_start", "first_episodes", first & ~analysed), (whole, "first_episodes", analysed)]
    binding = {(drug.id, one.clause) for drug in drugs.values() for one in drug.eligibility if one.kind != CAUTION}
    pairs = zip(eligibility["drug"], eligibility["clause"], strict=True)
    asked = eligibility[np.fromiter((pair in binding for pair in pairs), bool, len(eligibility))]
    verdicts = episodes["episode_id"].map(worst_by(asked, ["episode_id"]))
    if (analysed & verdicts.notna()).any():
        steps += [(step, whole, analysed & (verdicts == verdict)) for step, verdict in STEPS]
        rest = analysed & verdicts.isna()
        steps += [("no_profile", whole, rest)] if rest.any() else []
    return steps


STEPS = (("within", KEPT), ("outside", DEPARTED), ("open", NOT_EVALUABLE))
"""Steps of the flow by what the clauses of an episode come to."""

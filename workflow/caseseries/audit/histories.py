"""The history of every episode with every study drug whose profile doses it, from the records of a cohort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from caseseries.audit.history import DoseRow, History
from caseseries.model.cohort import Cohort
from caseseries.model.dosing import Dosing
from caseseries.model.drug import Drug, profile_of
from caseseries.model.needed import needed
from caseseries.model.quantity import Interval
from caseseries.model.records import RecordRow, Records, episode_ids
from caseseries.model.study_drug import drugs_of_episodes, study_rows
from caseseries.response.day_counts import DayCount, baselines_of, daily_counts
from caseseries.response.evidence import evidence_of


@dataclass(frozen=True)
class Facts:
    """What of the records no profile changes: baselines by episode; counts by rule on transfusions and number of the
    episode; that number.
    """

    baselines: dict[str, Interval]
    counts: dict[str, dict[int, list[DayCount]]]
    numbers: dict[str, int]


def facts_of(records: Records, drugs: Iterable[Drug]) -> Facts:
    """Gather them once, however often the doses are judged; counts as the profiles of the drugs choose them."""
    evidence = evidence_of(records)
    rules = {drug.dosing.choices.transfused_counts.value for drug in drugs if drug.dosing is not None}
    return Facts(
        baselines_of(records, evidence),
        {rule: daily_counts(evidence, rule) for rule in rules},
        {episode: number for number, episode in enumerate(episode_ids(records))},
    )


def histories(
    cohort: Cohort, records: Records, drugs: dict[str, Drug], facts: Facts | None = None
) -> Iterator[tuple[Drug, History]]:
    """Drug and history of every episode, in the order of episodes.csv, then of the drug's id.

    An episode has one history for each study drug with a profile that doses it, and one for its own drug though no row
    of it is recorded.
    """
    own = drugs_of_episodes(cohort, records, drugs)
    facts = facts_of(records, drugs.values()) if facts is None else facts
    rows = rows_of_drugs(records, own, drugs)
    weights = weights_of(records)
    for line in records["episodes"].itertuples():
        episode = line.episode_id
        rows_of = rows.get(episode, {})
        used = set(rows_of)
        mine = own[episode]
        if mine is not None and mine.dosing is not None:
            used.add(mine.id)
        listed = weights.get(episode, [])
        history = History(
            episode,
            baseline=facts.baselines[episode],
            age=None if np.isnan(line.age_years) else float(line.age_years),
            weights=merged_weights(line.weight_kg, listed),
            weights_listed=bool(listed),
        )
        for drug in sorted(used):
            dosing = needed(drugs[drug].dosing)
            mine_rows = [dose_row(row, dosing) for row in rows_of.get(drug, [])]
            found = facts.counts[dosing.choices.transfused_counts.value].get(facts.numbers[episode], [])
            yield drugs[drug], replace(history, rows=mine_rows, counts=found)


def rows_of_drugs(
    records: Records, own: dict[str, Drug | None], drugs: dict[str, Drug]
) -> dict[str, dict[str, list[RecordRow]]]:
    """Rows of the study drugs that a profile doses, by episode, then by drug."""
    profiles = {written: profile_of(written, drugs) for written in records["exposures"]["drug"].unique()}
    found: dict[str, dict[str, list[RecordRow]]] = {}
    for row in study_rows(records["exposures"], own).itertuples():
        drug = profiles[row.drug]
        if drug is not None and drug.dosing is not None:
            found.setdefault(row.episode_id, {}).setdefault(drug.id, []).append(row)
    return found


def dose_row(row: RecordRow, dosing: Dosing) -> DoseRow:
    """One row of exposures.csv; a last day without a first is no day."""
    first, last = (None if np.isnan(day) else int(day) for day in (row.first_day, row.last_day))
    amount = None if np.isnan(row.dose) else float(row.dose)
    return DoseRow(first, None if first is None else last, amount, dosing.unit_of(row.dose_unit))


def weights_of(records: Records) -> dict[str, list[tuple[int, float]]]:
    """Day and weight of every row of weights.csv, by episode."""
    found: dict[str, list[tuple[int, float]]] = {}
    for row in records["weights"].itertuples():
        found.setdefault(row.episode_id, []).append((int(row.day), float(row.weight_kg)))
    return found


def merged_weights(start: float, listed: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Weights in order of days; that of episodes.csv is of day 0, unless weights.csv has one of that day."""
    weights = dict(listed)
    if not np.isnan(start):
        weights.setdefault(0, float(start))
    return sorted(weights.items())

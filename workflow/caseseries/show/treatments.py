"""Episodes with their doses, counts and departures from the label, made ready to draw."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caseseries.audit.courses import OF_A_COURSE
from caseseries.audit.histories import histories
from caseseries.audit.history import Given, doses_given
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug
from caseseries.model.records import Records
from caseseries.model.results import ResultRow
from caseseries.show.courses import drawn_counts, split_counts
from caseseries.show.drawing import Count, Treatment
from caseseries.words.audit import RULES
from caseseries.words.spelling import small
from caseseries.words.units import behind

MOST = 6
"""Episodes that are drawn; every departure stands in the table."""


@dataclass(frozen=True)
class Treated:
    """Episodes that are drawn with their doses.

    Parameters
    ----------
    treatments : those with most departures first, `number` of all `total` episodes; `departures` they have together.
    chosen : whether there are more than are drawn.
    """

    treatments: tuple[Treatment, ...]
    number: int
    total: int
    departures: int
    chosen: bool


def treated(cohort: Cohort, records: Records, dosing: pd.DataFrame, drugs: dict[str, Drug]) -> Treated:
    """The `MOST` episodes with most departures of those with known doses on several days (rows of dosing.csv)."""
    everybody = treatments(cohort, records, dosing, drugs)
    shown = tuple(everybody[:MOST])
    departures = sum(len(one.departures) for one in shown)
    return Treated(shown, len(shown), len(records["episodes"]), departures, len(everybody) > MOST)


def treatments(cohort: Cohort, records: Records, dosing: pd.DataFrame, drugs: dict[str, Drug]) -> list[Treatment]:
    """Episodes with known doses on more than one day, those with most departures first, then as they come.

    Parameters
    ----------
    dosing : rows of dosing.csv; a departure that several labels share is one.
    """
    by_day, _ = split_counts(drawn_counts(records))
    found = []
    for drug, history in histories(cohort, records, drugs):
        if drug.dosing is None:
            continue
        label = next(iter(drug.labels_for(cohort.label, cohort.condition).values()), None)
        unit = label.rules.dose.unit if label and label.rules.dose else drug.dosing.unit
        doses = doses_given(history, unit, drug.dosing)
        if len({dose.day for dose in doses if dose.dose}) < 2:
            continue
        mine = (dosing["episode_id"] == history.episode) & (dosing["drug"] == drug.id)
        departed = dosing.loc[mine & (dosing["verdict"] == "departed"), ["day", "rule"]].drop_duplicates()
        counted = by_day[by_day["episode_id"] == history.episode]
        found.append(treatment(history.episode, unit, drug.dosing.every_days, doses, counted, departed))
    return sorted(found, key=lambda one: -len(one.departures))


def treatment(
    episode: str, unit: str, every_days: int, doses: list[Given], counted: pd.DataFrame, departed: pd.DataFrame
) -> Treatment:
    """What is drawn of one episode."""
    drawn = tuple(
        Count(episode, "", float(one.day), float(one.value), bool(one.below or one.above))
        for one in counted.itertuples()
    )
    return Treatment(
        episode,
        behind(unit),
        every_days,
        drawn,
        tuple((float(dose.day), dose.dose) for dose in doses),
        tuple((day_departed(row), small(RULES[row.rule])) for row in departed.itertuples()),
    )


def day_departed(row: ResultRow) -> float | None:
    """The day on which a dose departs; None where the rule has none or judges a whole course."""
    return None if pd.isna(row.day) or row.rule in OF_A_COURSE else float(row.day)

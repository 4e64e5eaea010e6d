"""Dose and count of single episodes on one axis of days, with the departures from the label marked.

Episodes with most departures come first.
"""

from __future__ import annotations

import pandas as pd

from caseseries.audit.courses import OF_A_COURSE
from caseseries.audit.histories import histories
from caseseries.audit.history import Given, doses_given
from caseseries.model.cohort import Cohort
from caseseries.model.columns import COUNT_UNIT
from caseseries.model.drug import Drug
from caseseries.model.records import Records
from caseseries.model.results import ResultRow
from caseseries.show.courses import drawn_counts, split_counts
from caseseries.show.drawing import Count, Doses, Drawing, Treatment
from caseseries.words.audit import DIFFERENCE, RULES
from caseseries.words.labels import DAYS_FROM, cohort_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import counts
from caseseries.words.spelling import small
from caseseries.words.units import behind, signs

MOST = 6
"""Episodes that are drawn; every departure stands in the table."""


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


def doses_drawing(cohort: Cohort, records: Records, dosing: pd.DataFrame, drugs: dict[str, Drug]) -> Drawing | None:
    """Doses and counts of the episodes with most departures; None where nobody's doses are known on several days."""
    everybody = treatments(cohort, records, dosing, drugs)
    if not everybody:
        return None
    shown, number = everybody[:MOST], len(records["episodes"])
    which = "; those with most departures from the label" if len(everybody) > MOST else ""
    rules = dict.fromkeys(rule for one in shown for _, rule in one.departures)
    departed = plural(sum(len(one.departures) for one in shown), "departure")
    named = f": {listing(rules)}" if rules else ""
    return Drawing(
        "doses",
        "doses",
        f"{cohort_label(cohort.id)}: doses and counts",
        f"{counts(len(shown), number)} {EPISODES.of(number)}{which}.",
        Doses("doses", tuple(shown), DAYS_FROM[cohort.day_zero], signs(COUNT_UNIT)),
        f"Platelet counts ({signs(COUNT_UNIT)}, logarithmic) above, doses below, on one axis of days; "
        f"{departed} from the label{named}; a triangle marks its day, one of a whole course is named alone. "
        "Open marks: only a limit of a count is known, or a dose was withheld or its amount is not known. "
        f"{DIFFERENCE}",
        f"Counts and doses by day of {plural(len(shown), 'episode')}, with {departed} from the label.",
        60,
        individual=True,
        synthetic=cohort.synthetic,
    )

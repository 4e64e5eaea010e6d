"""Dose and count of single episodes on one axis of days, with the departures from the label marked.

Episodes with most departures come first.
"""

from __future__ import annotations

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.columns import COUNT_UNIT
from caseseries.model.drug import Drug
from caseseries.model.records import Records
from caseseries.show.drawing import Doses, Drawing
from caseseries.show.treatments import treated
from caseseries.words.audit import DIFFERENCE
from caseseries.words.labels import DAYS_FROM, cohort_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import counts
from caseseries.words.units import signs


def doses_drawing(cohort: Cohort, records: Records, dosing: pd.DataFrame, drugs: dict[str, Drug]) -> Drawing | None:
    """Doses and counts of the episodes with most departures; None where nobody's doses are known on several days."""
    found = treated(cohort, records, dosing, drugs)
    if not found.treatments:
        return None
    which = "; those with most departures from the label" if found.chosen else ""
    rules = dict.fromkeys(rule for one in found.treatments for _, rule in one.departures)
    departed = plural(found.departures, "departure")
    named = f": {listing(rules)}" if rules else ""
    return Drawing(
        "doses",
        "doses",
        f"{cohort_label(cohort.id)}: doses and counts",
        f"{counts(found.number, found.total)} {EPISODES.of(found.total)}{which}.",
        Doses("doses", found.treatments, DAYS_FROM[cohort.day_zero], signs(COUNT_UNIT)),
        f"Platelet counts ({signs(COUNT_UNIT)}, logarithmic) above, doses below, on one axis of days; "
        f"{departed} from the label{named}; a triangle marks its day, one of a whole course is named alone. "
        "Open marks: only a limit of a count is known, or a dose was withheld or its amount is not known. "
        f"{DIFFERENCE}",
        f"Counts and doses by day of {plural(found.number, 'episode')}, with {departed} from the label.",
        60,
        individual=True,
        synthetic=cohort.synthetic,
    )

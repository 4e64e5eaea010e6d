"""Bleeding by day: a strip an episode in which bleeding is on record, by its WHO grade."""

from __future__ import annotations

from caseseries.model.records import Records
from caseseries.show.drawing import Bleeding, Drawing
from caseseries.show.drawn import bled
from caseseries.words.labels import DAYS_FROM, cohort_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import counts, number


def bleeding_drawing(
    records: Records, *, cohort: str, synthetic: bool, days: str = DAYS_FROM["first_dose"]
) -> Drawing | None:
    """The figure of a cohort; None where no bleeding has a day and a grade above 0."""
    found = bled(records)
    if not found.bleeds:
        return None
    grades = listing([number(grade) for grade in sorted({one.grade for one in found.bleeds})])
    said = f"{counts(found.number, found.total)} {EPISODES.of(found.total)}"
    ends = (min(0.0, *(one.first for one in found.bleeds)), max(end for _, end in found.seen))
    return Drawing(
        "bleeding",
        "bleeding",
        f"{cohort_label(cohort)}: bleeding by day",
        f"{said}; bleeding was recorded in {number(found.looked)}.",
        Bleeding("bleeding", days, *ends, found.seen, found.bleeds),
        "A row for each episode with bleeding on record, coloured by WHO grade; the grey line goes on as long as "
        "bleeding was recorded. An episode without a row has none on record, or nobody recorded it.",
        f"Bleeding of WHO grade {grades} in {plural(found.number, 'episode')}.",
        62,
        individual=True,
        synthetic=synthetic,
    )

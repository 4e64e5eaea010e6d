"""Bleeding by day: a strip an episode in which bleeding is on record, by its WHO grade."""

from __future__ import annotations

from caseseries.model.records import Records
from caseseries.show.drawing import Bleed, Bleeding, Drawing
from caseseries.words.labels import DAYS_FROM, cohort_label
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, plural
from caseseries.words.numbers import counts, number


def bleeding_drawing(
    records: Records, *, cohort: str, synthetic: bool, days: str = DAYS_FROM["first_dose"]
) -> Drawing | None:
    """The figure of a cohort; None where no bleeding has a day and a grade above 0."""
    episodes, bleeding = records["episodes"], records["bleeding"]
    known = bleeding.dropna(subset=["first_day", "who_grade"])
    known = known[known["who_grade"] > 0]
    if known.empty:
        return None
    last = known["last_day"].fillna(known["first_day"]).astype(float)
    bleeds = tuple(
        Bleed(row.episode_id, float(row.first_day), end, int(row.who_grade))
        for row, end in zip(known.itertuples(), last, strict=True)
    )
    ends = episodes.set_index("episode_id")["bleeding_recorded_to"].fillna(
        episodes.set_index("episode_id")["follow_up_end_day"]
    )
    latest = known.assign(last=last).groupby("episode_id", sort=False)["last"].max()
    seen = tuple(
        (name, float(max(ends.get(name, end), end) if ends.notna().get(name) else end)) for name, end in latest.items()
    )
    looked = int((episodes["bleeding_recorded"] == "yes").sum())
    grades = listing([number(grade) for grade in sorted(set(known["who_grade"]))])
    return Drawing(
        "bleeding",
        "bleeding",
        f"{cohort_label(cohort)}: bleeding by day",
        f"{counts(len(seen), len(episodes))} {EPISODES.of(len(episodes))}; bleeding was recorded in {number(looked)}.",
        Bleeding("bleeding", days, min(0.0, *(one.first for one in bleeds)), max(end for _, end in seen), seen, bleeds),
        "A row for each episode with bleeding on record, coloured by WHO grade; the grey line goes on as long as "
        "bleeding was recorded. An episode without a row has none on record, or nobody recorded it.",
        f"Bleeding of WHO grade {grades} in {plural(len(seen), 'episode')}.",
        62,
        individual=True,
        synthetic=synthetic,
    )

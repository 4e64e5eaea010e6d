"""The specification curve: every definition and every choice of ours that moves the rate, by the rate they lead to.

Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4:1208; here a specification is a row.
"""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.results import ResultRow
from caseseries.sensitivity.moved import Moved, moved_by_choices, one_at_a_time
from caseseries.show.drawing import Drawing, Forest, ForestRow
from caseseries.show.rates import ANALYSES, forest_headers, forest_row, level_of, number_of_rates, rate_frame
from caseseries.words.choices import question, range_text, setting_words
from caseseries.words.labels import DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected, plural
from caseseries.words.numbers import fraction, number, percent
from caseseries.words.spelling import capital, sentence


def specification_drawing(
    estimates: pd.DataFrame, choices: pd.DataFrame, labels: dict[str, DefinitionLabel], *, cohort: str, synthetic: bool
) -> Drawing | None:
    """The figure of a cohort; None where no choice moves its rate."""
    moved = moved_by_choices(choices)
    alone = one_at_a_time(choices)
    if moved is None or alone is None:
        return None
    rates = rate_frame(estimates, analyses=ANALYSES[:1])
    rates = rates[(rates["group"] == ALL) & (rates["n"] > 0)]
    if alone.moving.empty or rates.empty:
        return None
    rows = [forest_row(rate, definition_label(rate.definition, labels).title) for rate in rates.itertuples()]
    rows += [choice_row(choice) for choice in alone.moving.itertuples()]
    rows.sort(key=lambda row: (row.estimate or 0.0, row.label))
    definitions = plural(number_of_rates(rates), "definition")
    level, rule = level_of(rates), definition_label(moved.definition, labels).title
    title = f"{cohort_label(cohort)}: what moves the response rate"
    subtitle = f"{most_words(moved)} Dashed: {rule} as we apply it, {percent(alone.default, alone.n)}."
    caption = (
        f"Rate under each of {definitions} with its {level} intervals, and under {rule} after one "
        f"choice of ours is changed, sorted by rate. {plural(alone.unmoved, 'further choice')} "
        f"{inflected(alone.unmoved, 'moves', 'move')} nothing. Every combination of our choices: "
        f"{range_text(moved.lowest, moved.highest, moved.n)}."
    )
    spoken = f"from {rows[0].label} ({rows[0].rate}) to {rows[-1].label} ({rows[-1].rate})"
    alt = f"Rates under {definitions} and after {plural(alone.settings, 'choice')}, {spoken}."
    plot = Forest("forest", tuple(rows), forest_headers(level, not_evaluable=True), level, alone.default)
    return Drawing("specification", "specification", title, subtitle, plot, caption, alt, 11, synthetic=synthetic)


def choice_row(choice: ResultRow) -> ForestRow:
    """The rate after one choice as a row."""
    return ForestRow(
        "choice",
        f"{capital(choice.choice)}: {setting_words(choice.setting)}",
        float(choice.estimate),
        counts=fraction(choice.events, choice.n),
        not_evaluable=number(choice.not_evaluable),
        rate=percent(choice.estimate, choice.n),
    )


def most_words(moved: Moved) -> str:
    """Which choice moves the rate most, over all settings of the others."""
    if not moved.most:
        return "No choice of the grid moves it."
    points = number(moved.points) if moved.points >= 1 else number(moved.points, 1)
    what = listing([question(choice) for choice in moved.most])
    moves = inflected(len(moved.most), "moves", "move")
    by = inflected(float(points), "percentage point")
    return sentence(f"of our choices, {what} {moves} it most: {points} {by} in the mean")

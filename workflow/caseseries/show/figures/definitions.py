"""The spread of a cohort's response rate over all definitions, grouped by the document they come from.

They stand in the order that tables and pages have too: the main definition first, with its source.
Definitions under which nobody can be evaluated have no rate: they are named in one line, not drawn as empty rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd

from caseseries.show.drawing import Drawing, Forest, ForestRow
from caseseries.show.rates import (
    already_met,
    base_groups,
    evaluated,
    forest_headers,
    forest_row,
    level_of,
    rate_frame,
    rates_in_order,
)
from caseseries.words.labels import (
    MET_BEFORE,
    MET_BEFORE_MEANING,
    DefinitionLabel,
    cohort_label,
    definition_label,
    marks_sentence,
)
from caseseries.words.lists import listing
from caseseries.words.numbers import number

FEWEST = 2
"""Rates from which there is something to compare."""

BRIEF_FROM = 7
"""Rates from which the few that matter most have a figure of their own besides."""


def definition_rows(
    rates: pd.DataFrame, labels: dict[str, DefinitionLabel], met: Collection[str] = ()
) -> list[ForestRow]:
    """Rows of the forest plot: a heading for each source, its definitions, and one line on those without a rate. Those
    of `met` have a sign.
    """
    rows: list[ForestRow] = []
    source = None
    ordered = rates_in_order(rates[rates["n"] > 0], labels)
    grouped = evaluated(rates).groups > 1
    for rate in ordered.itertuples():
        named = definition_label(rate.definition, labels)
        if named.source != source:
            rows.append(ForestRow("note", named.source))
            source = named.source
        sign = f"\u00a0{MET_BEFORE}" if rate.definition in met else ""
        label = f"{named.marked}{sign}, {rate.group}" if grouped else named.marked + sign
        rows.append(forest_row(rate, label))
    return rows


def unevaluable_sentence(rates: pd.DataFrame) -> str:
    """One sentence on the definitions under which nobody can be evaluated; "" where there are none."""
    without = evaluated(rates).without
    if not without:
        return ""
    subject = "Under 1 further definition" if without == 1 else f"Under {without} further definitions"
    return f"{subject} nobody can be evaluated."


def definitions_drawing(
    estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, cohort: str, synthetic: bool
) -> Drawing | None:
    """The figure of one cohort's rates by definition; None of fewer than `FEWEST`, which a sentence says as well."""
    rates = rate_frame(estimates)
    rates = rates[rates["group"].isin(base_groups(rates))]
    rows = definition_rows(rates, labels, already_met(estimates))
    shown = [row for row in rows if row.kind == "rate"]
    if len(shown) < FEWEST:
        return None
    level = level_of(rates)
    numbers = evaluated(rates)
    people = listing(
        [
            number(size) if len(numbers.sizes) == 1 else f"{number(size)} ({group})"
            for group, size in numbers.sizes.items()
        ]
    )
    several = numbers.definitions > 1
    note = unevaluable_sentence(rates)
    met = MET_BEFORE_MEANING if any(MET_BEFORE in row.label for row in shown) else ""
    notes = [text for text in (note, marks_sentence(row.label for row in shown), met) if text]
    title = f"{cohort_label(cohort)}: response rate" + (" by definition" if several else "")
    first = ", first episode of each person" if (estimates["analysis"] == "all_episodes").any() else ""
    subtitle = " ".join([f"n = {people}{first}.", *notes])
    plot = Forest("forest", tuple(rows), forest_headers(level, not_evaluable=numbers.some_not), level)
    caption = (
        f"Response rate, n = {people}{first}{', definitions grouped by source document' if several else ''}. "
        f"Thick bar: {level} interval (Wilson); thin bar: {level} interval (Clopper-Pearson)."
    )
    alt = f"Forest plot of response rates. {_spoken(shown)}"
    return Drawing("rates", "rates", title, subtitle, plot, caption, alt, 10, synthetic=synthetic)


def brief_drawing(
    estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, cohort: str, leads: Sequence[str], synthetic: bool
) -> Drawing | None:
    """The rates by the definitions that may lead, for a first look; None where the figure of all definitions is short
    enough.
    """
    rates = rate_frame(estimates)
    if evaluated(rates).definitions < BRIEF_FROM:
        return None
    chosen = estimates[estimates["definition"].isin(leads)]
    drawing = definitions_drawing(chosen, labels, cohort=cohort, synthetic=synthetic)
    if drawing is None:
        return None
    caption = f"{drawing.caption} The other definitions stand in the section of the cohort."
    return replace(drawing, id="rates_brief", kind="brief", caption=caption, order=9)


def _spoken(rows: list[ForestRow]) -> str:
    """The rates in words; of many, the highest and the lowest."""
    spoken = [f"{row.label}: {row.counts}, {row.rate}" for row in rows]
    if len(rows) <= 4:
        return "; ".join(spoken) + "."
    ranked = sorted(range(len(rows)), key=lambda position: rows[position].estimate or 0.0)
    return f"{number(len(rows))} rates, from {spoken[ranked[0]]} to {spoken[ranked[-1]]}."

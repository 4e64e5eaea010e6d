"""Definitions side by side, as table and figure across cohorts.

A synthetic cohort never stands in a figure beside patients; in tables its column says SYNTHETIC.
"""

from __future__ import annotations

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.drawing import Drawing, Forest, ForestRow
from caseseries.show.rates import base_groups, forest_headers, forest_row, level_of, rate_frame, rates_in_order
from caseseries.show.table import Cell, Row, Table, TableColumn, heading_row, line, remark
from caseseries.words.labels import (
    SYNTHETIC,
    DefinitionLabel,
    caution_notes,
    definition_label,
    marks_sentence,
    member_label,
)
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.numbers import fraction


def cohort_rates(estimates: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Response rates of every cohort as a whole, or of its groups where it was estimated by group alone."""
    parts = [rate_frame(table) for table in estimates.values()]
    parts = [part[part["group"].isin(base_groups(part))] for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else rate_frame(next(iter(estimates.values())).iloc[:0])


def side_by_side_table(
    rates: pd.DataFrame, cohorts: dict[str, Cohort], labels: dict[str, DefinitionLabel]
) -> Table | None:
    """Definitions down, cohorts across: responders of the evaluable with rate and interval, who is not evaluable.

    Definitions under which nobody can be evaluated, and cohorts of whom nobody can, stand in the last line. None where
    nothing can be evaluated.
    """
    known = rates[rates["n"] > 0]
    if known.empty:
        return None
    members = list(dict.fromkeys(zip(rates["cohort"], rates["group"], strict=True)))
    able = set(zip(known["cohort"], known["group"], strict=True))
    shown = [member for member in members if member in able]
    definitions = list(dict.fromkeys(rates_in_order(known, labels)["definition"]))
    found = {(rate.definition, rate.cohort, rate.group): rate for rate in rates.itertuples()}
    by_source: dict[str, list[Row]] = {}
    for definition in definitions:
        label = definition_label(definition, labels)
        row = line(label.marked, *(_cell(found.get((definition, *member))) for member in shown))
        by_source.setdefault(label.source, []).append(row)
    rows = [row for source, lines in by_source.items() for row in (heading_row(source), *lines)]
    rows += _left_out(rates, definitions, [member_label(*member) for member in members if member not in able], labels)
    level = level_of(rates)
    caption = (
        f"Responders of the evaluable, rate and {level} interval (Wilson). NE: not evaluable. “–”: the source "
        "gives nothing that the definition could be applied to."
    )
    notes = caution_notes(definitions, labels)
    if any(cohorts[cohort].synthetic for cohort, _ in shown):
        notes.append(f"{SYNTHETIC}: simulated data, no patients.")
    names = [member_label(*member) + (f" ({SYNTHETIC})" if cohorts[member[0]].synthetic else "") for member in shown]
    return Table(
        "responses_by_cohort",
        "responses",
        "Response under each definition in each cohort",
        caption,
        (TableColumn("Definition"), *(TableColumn(name, "summary") for name in names)),
        tuple(rows),
        10,
        tuple(notes),
    )


def _left_out(
    rates: pd.DataFrame, shown: list[str], without: list[str], labels: dict[str, DefinitionLabel]
) -> list[Row]:
    """The last line of the table: definitions and cohorts that have no row and no column, none where all have."""
    nobody = [definition_label(name, labels).title for name in dict.fromkeys(rates["definition"]) if name not in shown]
    said = (
        [
            f"Under {plural(len(nobody), 'further definition')} nobody in any cohort can be evaluated: "
            f"{'; '.join(nobody)}."
        ]
        if nobody
        else []
    )
    said += [f"Under no definition can anybody be evaluated of {listing(without)}."] if without else []
    return [remark(" ".join(said))] if said else []


def _cell(rate: ResultRow | None) -> Cell:
    if rate is None:
        return cells.EMPTY
    shown = cells.rate(rate.events, rate.n, rate.estimate, (rate.lower, rate.upper), rate.not_evaluable)
    return cells.of_cohort(cells.walked(shown, "response_rate", rate), rate.cohort)


def side_by_side_drawing(
    rates: pd.DataFrame, cohorts: dict[str, Cohort], labels: dict[str, DefinitionLabel]
) -> Drawing | None:
    """One forest plot of patients' cohorts: a heading for each definition, a row for each cohort it applies to."""
    patients = rates.loc[[not cohorts[cohort].synthetic for cohort in rates["cohort"]]]
    known = rates_in_order(patients[patients["n"] > 0], labels)
    if known.empty:
        return None
    rows: list[ForestRow] = []
    for definition in dict.fromkeys(known["definition"]):
        rows.append(ForestRow("heading", definition_label(definition, labels).marked))
        here = known[known["definition"] == definition]
        rows += [forest_row(rate, member_label(rate.cohort, rate.group)) for rate in here.itertuples()]
    level = level_of(known)
    title = "Response rate by definition and cohort"
    marks = marks_sentence(row.label for row in rows)
    subtitle = f"Cohorts of patients with at least one evaluable case under the definition. {marks}".strip()
    caption = (
        f"Response rate of each cohort under each definition that can be applied to it. Thick bar: {level} "
        "interval (Wilson); thin bar: Clopper-Pearson. The same records give different rates under different "
        "rules."
    )
    alt = (
        f"Forest plot of {len(known)} rates of {known['cohort'].nunique()} cohorts under "
        f"{plural(known['definition'].nunique(), 'definition')}, from {_extreme(known, smallest=True)} to "
        f"{_extreme(known, smallest=False)}."
    )
    plot = Forest("forest", tuple(rows), forest_headers(level, not_evaluable=True), level)
    return Drawing("definitions_by_cohort", "definitions", title, subtitle, plot, caption, alt, 20)


def _extreme(rates: pd.DataFrame, *, smallest: bool) -> str:
    rate = rates.loc[rates["estimate"].idxmin() if smallest else rates["estimate"].idxmax()]
    return f"{fraction(rate['events'], rate['n'])} ({member_label(rate['cohort'], rate['group'])})"

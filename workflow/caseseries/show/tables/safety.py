"""Outcomes other than response that were counted without cases, harm first, with groups side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.rates import level_of, rate_frame
from caseseries.show.table import Cell, Row, Table, TableColumn, full_columns, line
from caseseries.words.lists import listing
from caseseries.words.numbers import is_missing
from caseseries.words.outcomes import outcome_words
from caseseries.words.safety import NOT_RANDOMISED
from caseseries.words.spelling import capital

HARMS = ("adverse", "death", "thromb", "haemorrhage", "bleed", "impairment", " in newborns", " in mothers")
"""Words that mark an outcome as harm, the ones to be read first in front."""


def harm_rank(cause: str) -> int:
    """Place of an outcome in the order of reading; responses come last."""
    words = outcome_words(cause)
    place = next((place for place, mark in enumerate(HARMS) if mark in words), len(HARMS))
    return place + 1 if "response" in words else place


def outcome_table(estimates: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """Outcomes that were counted, harm first; a column a group where they were counted in several.

    None where nothing was counted.
    """
    rates = rate_frame(estimates, "outcome_rate")
    rates = rates[rates["n"] > 0]
    if rates.empty:
        return None
    causes = sorted(dict.fromkeys(rates["cause"]), key=harm_rank)
    groups = list(dict.fromkeys(rates["group"]))
    level = level_of(rates)
    columns: Sequence[TableColumn]
    if len(groups) == 1:
        columns = (
            TableColumn("Outcome"),
            TableColumn("Cases/n", "fraction"),
            TableColumn("Rate", "percent"),
            TableColumn(f"{level} interval, Wilson", "interval"),
            TableColumn(f"{level} interval, Clopper-Pearson", "interval"),
        )
        who = "" if groups == [ALL] else f" in {groups[0]}"
        caption = f"Outcomes other than response{who}, with the number observed."
    else:
        columns = (
            TableColumn("Outcome"),
            *(TableColumn("All" if group == ALL else group, "summary") for group in groups),
        )
        caption = (
            "Outcomes other than response: cases of those observed and percent, with the "
            f"{level} interval (Clopper-Pearson). “–”: not counted in this group."
        )
    if rates["estimate"].isna().all():
        caption = "Outcomes other than response: cases of those observed; no share, because the cases were selected."
    columns, rows = full_columns(columns, [_row(rates[rates["cause"] == cause], cause, groups) for cause in causes])
    compared = rates.groupby("cause")["group"].nunique().gt(1).any()
    notes = (NOT_RANDOMISED,) if compared else ()
    return Table("safety", "safety", "Outcomes and safety", caption, columns, rows, 40, notes, synthetic=synthetic)


def _row(rates: pd.DataFrame, cause: str, groups: list[str]) -> Row:
    name = capital(outcome_words(cause)) + _noted(rates, len(groups))
    if len(groups) == 1:
        rate = rates.iloc[0]
        return line(
            name,
            cells.walked(cells.fraction(rate["events"], rate["n"]), "outcome_rate", rate),
            cells.percent(rate["estimate"], rate["n"]),
            cells.percent_interval(rate["lower"], rate["upper"], rate["n"]),
            cells.percent_interval(rate["exact_lower"], rate["exact_upper"], rate["n"]),
        )
    by_group = {rate.group: rate for rate in rates.itertuples()}
    return line(name, *(_cell(by_group.get(group)) for group in groups))


def _noted(rates: pd.DataFrame, groups: int) -> str:
    """What is said of counts that no source prints, and of which groups: " (worked out from print: A and B)"."""
    noted = rates[(rates["analysis"] == "aggregate") & (rates["note"] != "")]
    if noted.empty:
        return ""
    whose = "" if groups == 1 or len(noted) == len(rates) else f": {listing(dict.fromkeys(noted['group']))}"
    return f" ({noted['note'].iloc[0]}{whose})"


def _cell(rate: ResultRow | None) -> Cell:
    if rate is None:
        return cells.EMPTY
    if is_missing(rate.estimate):
        return cells.walked(cells.fraction(rate.events, rate.n), "outcome_rate", rate)
    shown = cells.rate(rate.events, rate.n, rate.estimate, (rate.exact_lower, rate.exact_upper))
    return cells.walked(shown, "outcome_rate", rate)

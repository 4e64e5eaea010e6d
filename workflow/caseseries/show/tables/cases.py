"""Tables of one cohort, from results to texts: times, curves and cases.

Every row prints its denominator, missing values always have a row, and units stand in the header. Nothing is
calculated here but the counting of what stands in a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from caseseries.model.applicable import LEADS
from caseseries.model.columns import EPISODE_ID, Column
from caseseries.model.groups import ALL
from caseseries.model.methods import INCIDENCE_QUANTILE, KAPLAN_MEIER_QUANTILE
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.show import cells
from caseseries.show.courses import LeadingClasses, leading_classes
from caseseries.show.figures.curves import curve_definitions
from caseseries.show.steps import INCIDENCE, at_risk, curve_steps, day_ticks, events_by, last_day
from caseseries.show.table import Cell, ColumnType, Row, Table, TableColumn, full_columns, heading_row, known, line
from caseseries.show.tables.response import member_of
from caseseries.words.intervals import level_text
from caseseries.words.labels import DefinitionLabel, definition_label
from caseseries.words.lists import listing
from caseseries.words.numbers import NOTHING
from caseseries.words.units import signs
from caseseries.words.variables import noun_of

FOLLOWED_FROM = 2
"""Fewest people whose observation ended without an event, from whom a median follow-up is shown."""


def times_table(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Median time to each event, of everybody and of those who had it, and follow-up; None where nothing is timed."""
    primary = estimates[estimates["analysis"] == "primary"]
    rows_of = {name: primary[primary["statistic"] == name] for name in TIMED}
    found = {name: rows.set_index(["definition", "group"], drop=False) for name, rows in rows_of.items()}
    leading = found["median_time"] if len(found["median_time"]) else found["time_of_events"]
    if leading.empty:
        return None
    whole = {definition for definition, group in leading.index if group == ALL}
    listed = []
    for definition, group in leading.index:
        here = {
            name: frame.loc[(definition, group)] for name, frame in found.items() if (definition, group) in frame.index
        }
        label = definition_label(definition, labels).marked
        below = definition in whole and group != ALL
        listed.append(line(group if below else member_of(label, group), *_time_cells(here), indent=int(below)))
    level = level_text(leading["level"].dropna().iloc[0] if leading["level"].notna().any() else 0.95)
    columns, rows = full_columns(
        [
            TableColumn("Definition"),
            TableColumn("Events/n", "fraction"),
            TableColumn("Median", "number", "days", "Day by which half of everybody had the event"),
            TableColumn(f"{level} interval", "interval", "days"),
            TableColumn("Median of those with it", "number", "days"),
            TableColumn("Their range", "interval", "days"),
            TableColumn("Restricted mean", "number", "days", "Area under the curve up to the day in the next column"),
            TableColumn("up to day", "number"),
            TableColumn("Median follow-up", "number", "days"),
        ],
        listed,
    )
    methods = set(found["median_time"]["method"])
    notes = [said for method, said in MEDIAN_NOTES.items() if method in methods]
    caption = " ".join([*notes, "Follow-up: reverse Kaplan-Meier."]) if notes else "Times of those who had the event."
    return Table("times", "times", "Time to the event", caption, columns, rows, 30, synthetic=synthetic)


TIMED = ("median_time", "time_of_events", "restricted_mean_time", "median_follow_up")
MEDIAN_NOTES = {
    INCIDENCE_QUANTILE: "Median: where other events compete, the day on which the cumulative incidence reaches a half.",
    KAPLAN_MEIER_QUANTILE: "Where nothing competes: Kaplan-Meier (log-log limits) and the area under its curve.",
}


def _time_cells(here: dict[str, pd.Series]) -> list[Cell]:
    """Cells of one event in one group; empty where a time was not estimated."""
    median, own, mean, follow = (here.get(name) for name in TIMED)
    counted = next(row for row in (median, own) if row is not None)
    return [
        cells.fraction(counted["events"], counted["n"]),
        cells.EMPTY if median is None else _walked(cells.day_reached(median["estimate"]), median),
        cells.EMPTY if median is None else cells.day_interval(median["lower"], median["upper"]),
        cells.EMPTY if own is None else _walked(cells.day(own["estimate"]), own),
        cells.EMPTY if own is None else cells.day_interval(own["lower"], own["upper"]),
        cells.EMPTY if mean is None else cells.number(mean["estimate"], 1),
        cells.EMPTY if mean is None else cells.day(mean["time"]),
        cells.EMPTY if follow is None or follow["events"] < FOLLOWED_FROM else cells.day(follow["estimate"]),
    ]


def _walked(cell: Cell, row: pd.Series) -> Cell:
    return cells.walked(cell, row["statistic"], row)


def curve_table(
    estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool, leads: Sequence[str] = LEADS
) -> Table | None:
    """Cumulative incidence of every drawn event on chosen days with the numbers at risk; None without a curve."""
    rows: list[Row] = []
    curves = estimates[estimates["statistic"] == INCIDENCE]
    level = level_text(curves["level"].dropna().iloc[0]) if curves["level"].notna().any() else "95 %"
    for definition in curve_definitions(estimates, leads):
        event = event_of(definition)
        last = last_day(estimates, definition)
        for group in dict.fromkeys(curves.loc[curves["definition"] == definition, "group"]):
            steps = curve_steps(estimates, INCIDENCE, definition, group, event)
            if steps.empty or steps["events"].isna().any():
                continue
            rows.append(heading_row(f"{definition_label(definition, labels).title}, {group}"))
            days = day_ticks(last)
            totals = estimates[(estimates["statistic"] == "events_so_far") & (estimates["definition"] == definition)]
            by_day = events_by(totals[totals["group"] == group], days)
            counts = zip(days, at_risk(steps, days), by_day, strict=True)
            for day, risk, events in counts:
                at = steps[steps["time"] <= day].iloc[-1]
                n = steps["n"].max()
                rows.append(
                    line(
                        cells.day(day),
                        cells.number(risk),
                        cells.number(events),
                        cells.percent(at["estimate"], n),
                        cells.percent_interval(at["lower"], at["upper"], n),
                    )
                )
    if not rows:
        return None
    columns = (
        TableColumn("Day", "number"),
        TableColumn("At risk", "count", "n", "Without any event before the day"),
        TableColumn("With the event by then", "count", "n"),
        TableColumn("Cumulative incidence", "percent"),
        TableColumn(f"{level} interval", "interval"),
    )
    caption = (
        "Cumulative incidence (Aalen-Johansen, complementary log-log interval). At risk: without any event "
        "before the day. Every step stands in estimates.csv."
    )
    return Table("curve", "times", "Curve by day", caption, columns, tuple(rows), 31, synthetic=synthetic)


LISTED_TYPES: dict[str, ColumnType] = {
    "text": "text",
    "number": "number",
    "day": "number",
    "whole": "number",
    "quantity": "number",
}
"""What a column of the listing holds, by the kind of a variable."""


def case_table(
    records: Records,
    variables: Sequence[Column],
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    *,
    synthetic: bool,
    leads: Sequence[str] = LEADS,
) -> Table | None:
    """One row an episode with every column that anybody has a value in; the others are named in a note.

    Parameters
    ----------
    variables : columns of the cohort's episodes (`Cohort.variables`).
    """
    episodes = records["episodes"]
    if episodes.empty:
        return None
    shown = [(TableColumn(EPISODE_ID.label), [cells.case(name) for name in episodes["episode_id"]])]
    for variable in (variable for variable in variables if _is_listed(variable, episodes)):
        column = TableColumn(variable.label, LISTED_TYPES[variable.kind], signs(variable.unit), variable.about)
        shown.append((column, _values(variable, episodes)))
    missed = [variable for variable in variables if variable.missed and variable.role in ("variable", "outcome")]
    absent = [noun_of(variable) for variable in missed if not _known(variable, episodes)]
    counts = records["counts"].groupby("episode_id").size()
    if len(counts):
        number_of = [cells.number(counts.get(episode, 0)) for episode in episodes["episode_id"]]
        shown.append((TableColumn("Counts", "count", "n"), number_of))
    shown += _class_columns(episodes["episode_id"], responses, leading_classes(responses, times, leads), labels)
    return Table(
        "cases",
        "cases",
        "Cases",
        "One row an episode; “–” is not recorded or does not apply.",
        tuple(column for column, _ in shown),
        tuple(line(*row) for row in zip(*(values for _, values in shown), strict=True)),
        50,
        notes=(f"Not recorded for any case: {listing(absent)}.",) if absent else (),
        individual=True,
        synthetic=synthetic,
    )


def _known(variable: Column, episodes: pd.DataFrame) -> bool:
    return bool((episodes[variable.name].notna() & (episodes[variable.name] != "")).any())


def _is_listed(variable: Column, episodes: pd.DataFrame) -> bool:
    """Whether a column tells anything: somebody has a value, and a person is not named by the episode already."""
    if variable.name == "patient_id":
        return bool((episodes["patient_id"] != episodes["episode_id"]).any())
    return variable.role != "key" and _known(variable, episodes)


def _values(variable: Column, episodes: pd.DataFrame) -> list[Cell]:
    """The cells of a variable; of a quantity that is a limit, such as `<5`, the number is not known."""
    values = episodes[variable.name]
    if variable.kind == "quantity":
        ends = zip(values, episodes[f"{variable.name}_lo"], episodes[f"{variable.name}_hi"], strict=True)
        return [Cell(text or NOTHING, known(value=low if low == high else None)) for text, low, high in ends]
    if variable.numeric:
        numbers = pd.to_numeric(values, errors="coerce")
        return [replace(cells.words_or_number(v), values=known(value=n)) for v, n in zip(values, numbers, strict=True)]
    return [cells.words_or_number(variable.levels.get(value, value)) for value in values]


def _class_columns(
    episodes: pd.Series, responses: pd.DataFrame, classes: LeadingClasses, labels: dict[str, DefinitionLabel]
) -> list[tuple[TableColumn, list[Cell]]]:
    if not classes.definition or classes.definition == "as_reported":
        return []
    title = definition_label(classes.definition, labels).title
    rows = responses[responses["definition"] == classes.definition].set_index("episode_id").reindex(episodes)
    found = [
        (TableColumn(f"Class, {title}"), [cells.words_or_number(value) for value in rows["response_class"]]),
        (TableColumn("Time to response", "number", "days"), [cells.day(value) for value in rows["time_to_response"]]),
        (TableColumn("Loss of response", "number", "day"), [cells.day(value) for value in rows["loss_of_response"]]),
        (TableColumn("Reason"), [cells.words_or_number(value) for value in rows["reason"]]),
    ]
    return [(column, values) for column, values in found if values.count(cells.EMPTY) < len(values)]

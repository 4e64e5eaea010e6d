"""Tables of one cohort, from results to texts: times, curves and cases.

Every row prints its denominator, missing values always have a row, and units stand in the header. Nothing is
calculated here but the counting of what stands in a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from caseseries.model.columns import EPISODE_ID, Column
from caseseries.model.groups import ALL
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.show.courses import Classes, leading_classes
from caseseries.show.figures.curves import curve_definitions
from caseseries.show.save import INDENT, Table, without_empty_columns
from caseseries.show.steps import INCIDENCE, at_risk, curve_steps, day_ticks, events_by, last_day
from caseseries.show.tables.response import member_of
from caseseries.words import format as fmt
from caseseries.words.labels import DefinitionLabel, definition_label
from caseseries.words.variables import heading, noun_of

FOLLOWED_FROM = 2
"""Fewest people whose observation ended without an event, from whom a median follow-up is shown."""


def times_table(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Median and restricted mean time to each event, and median follow-up; None where no curve was estimated."""
    medians = estimates[estimates["statistic"] == "median_time"]
    if medians.empty:
        return None
    rows = []
    whole = set(medians.loc[medians["group"] == ALL, "definition"])
    for line in medians.itertuples():
        label = definition_label(line.definition, labels).marked
        below = line.definition in whole and line.group != ALL
        same = estimates[(estimates["definition"] == line.definition) & (estimates["group"] == line.group)]
        mean = same[same["statistic"] == "restricted_mean_time"]
        follow = same[(same["statistic"] == "median_follow_up") & (same["events"] >= FOLLOWED_FROM)]
        rows.append(
            [
                INDENT + line.group if below else member_of(label, line.group),
                fmt.fraction(line.events, line.n),
                _days_or_not_reached(line.estimate),
                _bare_interval(line.lower, line.upper),
                *(
                    [fmt.number(mean["estimate"].iloc[0], 1), fmt.day_number(mean["time"].iloc[0])]
                    if len(mean)
                    else [fmt.NOTHING, fmt.NOTHING]
                ),
                fmt.day_number(follow["estimate"].iloc[0]) if len(follow) else fmt.NOTHING,
            ]
        )
    level = fmt.level_text(medians["level"].dropna().iloc[0] if medians["level"].notna().any() else 0.95)
    header, rows = without_empty_columns(
        [
            "Definition",
            "Events/n",
            "Median (days)",
            f"{level} interval (days)",
            "Restricted mean (days)",
            "up to day",
            "Median follow-up (days)",
        ],
        rows,
    )
    caption = (
        "Kaplan-Meier with competing events censored (log-log limits); restricted mean: area under that curve; "
        "follow-up: reverse Kaplan-Meier."
    )
    return Table("times", "times", "Time to the event", caption, header, rows, 30, synthetic=synthetic)


def _days_or_not_reached(days: float) -> str:
    return "not reached" if fmt.is_missing(days) else fmt.day_number(days)


def _bare_interval(lower: float, upper: float) -> str:
    if fmt.is_missing(lower) and fmt.is_missing(upper):
        return fmt.NOTHING
    return f"{_days_or_not_reached(lower)} to {_days_or_not_reached(upper)}"


def curve_table(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Cumulative incidence of every drawn event on chosen days with the numbers at risk; None without a curve."""
    rows: list[list[str]] = []
    curves = estimates[estimates["statistic"] == INCIDENCE]
    level = fmt.level_text(curves["level"].dropna().iloc[0]) if curves["level"].notna().any() else "95 %"
    for definition in curve_definitions(estimates, labels):
        event = event_of(definition)
        last = last_day(estimates, definition)
        for group in dict.fromkeys(curves.loc[curves["definition"] == definition, "group"]):
            steps = curve_steps(estimates, INCIDENCE, definition, group, event)
            if steps.empty or steps["events"].isna().any():
                continue
            rows.append([f"{definition_label(definition, labels).title}, {group}"])
            days = day_ticks(last)
            counts = zip(days, at_risk(steps, days), events_by(steps, days), strict=True)
            for day, risk, events in counts:
                at = steps[steps["time"] <= day].iloc[-1]
                n = steps["n"].max()
                rows.append(
                    [
                        fmt.number(day),
                        fmt.number(risk),
                        fmt.number(events),
                        fmt.percent(at["estimate"], n),
                        fmt.percent_interval(at["lower"], at["upper"], n),
                    ]
                )
    if not rows:
        return None
    header = ["Day", "At risk (n)", "With the event by then (n)", "Cumulative incidence", f"{level} interval"]
    caption = (
        "Cumulative incidence (Aalen-Johansen, complementary log-log interval). At risk: without any event "
        "before the day. Every step stands in estimates.csv."
    )
    return Table("curve", "times", "Curve by day", caption, header, rows, 31, 1, synthetic=synthetic)


def case_table(
    records: Records,
    variables: Sequence[Column],
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    *,
    synthetic: bool,
) -> Table | None:
    """One row an episode with every column that anybody has a value in; the others are named in a note.

    Parameters
    ----------
    variables : columns of the cohort's episodes (`Cohort.variables`).
    """
    episodes = records["episodes"]
    if episodes.empty:
        return None
    columns: list[tuple[str, list[str]]] = [(EPISODE_ID.label, list(episodes["episode_id"]))]
    words = []
    for variable in (variable for variable in variables if _is_listed(variable, episodes)):
        words += [len(columns)] if variable.kind == "text" else []
        columns.append((heading(variable), _cells(variable, episodes[variable.name])))
    missed = [variable for variable in variables if variable.role in ("variable", "outcome")]
    absent = [noun_of(variable) for variable in missed if not _known(variable, episodes)]
    counts = records["counts"].groupby("episode_id").size()
    if len(counts):
        columns.append(("Counts (n)", [fmt.number(counts.get(episode, 0)) for episode in episodes["episode_id"]]))
    of_class = _class_columns(episodes["episode_id"], responses, leading_classes(responses, times, labels), labels)
    words += [len(columns) + place for place, name in enumerate(of_class) if name.startswith(("Class", "Reason"))]
    columns += of_class.items()
    header, rows = (
        [name for name, _ in columns],
        [list(row) for row in zip(*(cells for _, cells in columns), strict=True)],
    )
    notes = [f"Not recorded for any case: {fmt.listing(absent)}."] if absent else []
    return Table(
        "cases",
        "cases",
        "Cases",
        "One row an episode; “–” is not recorded or does not apply.",
        list(header),
        rows,
        50,
        1,
        notes,
        individual=True,
        synthetic=synthetic,
        word_columns=words,
    )


def _known(variable: Column, episodes: pd.DataFrame) -> bool:
    return bool((episodes[variable.name].notna() & (episodes[variable.name] != "")).any())


def _is_listed(variable: Column, episodes: pd.DataFrame) -> bool:
    """Whether a column tells anything: somebody has a value, and a person is not named by the episode already."""
    if variable.name == "patient_id":
        return bool((episodes["patient_id"] != episodes["episode_id"]).any())
    return variable.role != "key" and _known(variable, episodes)


def _cells(variable: Column, values: pd.Series) -> list[str]:
    return [_cell(variable.levels.get(value, value)) for value in values]


def _cell(value: object) -> str:
    if fmt.is_missing(value):
        return fmt.NOTHING
    return value if isinstance(value, str) else fmt.short_number(value)


def _class_columns(
    episodes: pd.Series, responses: pd.DataFrame, classes: Classes, labels: dict[str, DefinitionLabel]
) -> dict[str, list[str]]:
    if not classes.definition or classes.definition == "as_reported":
        return {}
    title = definition_label(classes.definition, labels).title
    rows = responses[responses["definition"] == classes.definition].set_index("episode_id").reindex(episodes)
    found = {
        f"Class, {title}": [_cell(value) for value in rows["response_class"]],
        "Time to response (days)": [fmt.day_number(value) for value in rows["time_to_response"]],
        "Loss of response (day)": [fmt.day_number(value) for value in rows["loss_of_response"]],
        "Reason": [_cell(value) for value in rows["reason"]],
    }
    return {header: cells for header, cells in found.items() if any(cell != fmt.NOTHING for cell in cells)}

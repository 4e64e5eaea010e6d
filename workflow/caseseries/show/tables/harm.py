"""Harm of a cohort, what matters most in front: how often, among how many of whom it is known; and exposure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import COUNT, EXACT, MEDIAN_AND_RANGE
from caseseries.model.results import HARM_RATES
from caseseries.show import cells
from caseseries.show.rates import level_of
from caseseries.show.table import Cell, Row, Table, TableColumn, full_columns, known, line
from caseseries.words.numbers import is_missing
from caseseries.words.safety import (
    ASSUMED,
    EXPOSURES,
    NOT_RANDOMISED,
    SELECTED_CASES,
    exposure_words,
    harm_words,
    harmed,
    say_by_time,
    say_not_known,
)
from caseseries.words.spelling import capital

LEADING = ("thrombosis", "arterial event", "thrombocytopenia", "platelets low", "haemorrhage")
"""Words of the events that are read first: clots, then low counts and bleeding, above all those of newborns."""


BY_TIME = ("per_100_weeks", "per_100_weeks_lower", "per_100_weeks_upper")
"""Columns of a rate by time on the drug."""


def harm_rank(statistic: str, cause: str) -> int:
    """Place of a harm in the order of reading."""
    term = cause.partition("/")[2]
    first = next((place for place, word in enumerate(LEADING) if word in term), None)
    if first is not None:
        return first
    if statistic == "neonatal_thrombocytopenia_rate":
        return LEADING.index("thrombocytopenia")
    if statistic == "adverse_event_rate" and not term.startswith("any"):
        return len(LEADING) + len(HARM_RATES)
    return len(LEADING) + HARM_RATES.index(statistic)


def harm_frame(estimates: pd.DataFrame) -> pd.DataFrame:
    """Rows on harm in the order of reading, with `on_record`, how many have it, in n or not, and `BY_TIME`, cases per
    100 weeks on the drug with their limits where every day on the drug is known.

    Columns are those of estimates.csv. Of events by name the frequent ones stand in front.
    """
    plain = estimates[estimates["statistic"].isin(HARM_RATES) & estimates["method"].isin([EXACT, COUNT])]
    fewest = estimates[estimates["statistic"].isin([f"{one}_best_case" for one in HARM_RATES])]
    key = ["statistic", "cause", "group"]
    fewest = fewest.assign(statistic=fewest["statistic"].str.removesuffix("_best_case"))
    plain = plain.merge(fewest[[*key, "events"]].rename(columns={"events": "on_record"}), on=key, how="left")
    plain["on_record"] = plain["on_record"].fillna(plain["events"])
    timed = estimates[estimates["statistic"].isin([f"{one}_per_100_weeks" for one in HARM_RATES])]
    timed = timed.assign(statistic=timed["statistic"].str.removesuffix("_per_100_weeks"))
    timed = timed[[*key, "estimate", "lower", "upper"]].set_axis([*key, *BY_TIME], axis=1)
    plain = plain.merge(timed, on=key, how="left")
    rank = [harm_rank(*pair) for pair in zip(plain["statistic"], plain["cause"], strict=True)]
    most = plain.groupby(["statistic", "cause"])["on_record"].transform("max")
    named = pd.Series(rank, index=plain.index) == len(LEADING) + len(HARM_RATES)
    plain = plain.assign(rank=rank, often=(-most).where(named, 0.0))
    return plain.sort_values(["rank", "often"], kind="stable")


def harm_table(estimates: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """How often each harm was seen, of those of whom it is known; None where nothing of harm is known.

    Groups stand side by side, with the warning that nobody was assigned to them by chance. What is known of nobody is
    named below.
    """
    rows = harm_frame(estimates)
    told = rows.groupby(["statistic", "cause"])[["n", "on_record"]].transform("max").gt(0).any(axis=1)
    shown, unknown = rows[told], rows[~told]
    if shown.empty:
        return None
    groups, level = list(dict.fromkeys(shown["group"])), level_of(shown)
    if shown["estimate"].isna().all() and (shown["method"] == COUNT).all():
        columns = (TableColumn("Cases", "count"),) if len(groups) == 1 else group_columns(groups)
        caption = SELECTED_CASES
    elif len(groups) == 1:
        columns = (
            TableColumn("Cases/n", "fraction"),
            TableColumn("Percent", "percent"),
            TableColumn(f"{level} interval, Clopper-Pearson", "interval"),
            TableColumn("Not evaluable", "count"),
            TableColumn("On record, in n or not", "count"),
            TableColumn(f"Per 100 weeks on the drug, {level} interval", "summary"),
        )
        caption = ASSUMED
    else:
        columns = group_columns(groups)
        caption = f"Cases and percent with the {level} interval (Clopper-Pearson). {ASSUMED}"
    found = [row_of(one, groups, len(columns)) for _, one in shown.groupby(["statistic", "cause"], sort=False)]
    columns, lines = full_columns((TableColumn("Harm"), TableColumn("In whom"), *columns), found)
    notes = [NOT_RANDOMISED] if len(groups) > 1 else []
    lacking = say_not_known(harm_words(row.statistic, row.cause) + in_whom(row) for row in unknown.itertuples())
    notes += [lacking] if lacking else []
    return Table("harm", "safety", "Harm", caption, columns, lines, 41, tuple(notes), synthetic=synthetic)


def in_whom(row: Any) -> str:
    """Whom an adverse event befell, behind its name."""
    return f" in the {harmed(row.statistic, row.cause)}" if row.statistic == "adverse_event_rate" else ""


def group_label(group: str) -> str:
    """Name of a group as a heading."""
    return "All" if group == ALL else group


def group_columns(groups: list[str]) -> tuple[TableColumn, ...]:
    """A column for each group."""
    return tuple(TableColumn(group_label(group), "summary") for group in groups)


def row_of(found: pd.DataFrame, groups: list[str], wide: int) -> Row:
    """One harm, in its groups."""
    first = next(found.itertuples())
    name = capital(harm_words(first.statistic, first.cause))
    whom = harmed(first.statistic, first.cause) or cells.EMPTY
    if len(groups) > 1:
        by_group = {row.group: row for row in found.itertuples()}
        return line(name, whom, *(group_cell(by_group.get(group)) for group in groups))
    if wide == 1:
        return line(name, whom, cells.walked(cells.number(first.events), first.statistic, first))
    return line(
        name,
        whom,
        cells.walked(cells.fraction(first.events, first.n), first.statistic, first) if first.n else cells.EMPTY,
        cells.percent(first.estimate, first.n),
        cells.percent_interval(first.lower, first.upper, first.n),
        cells.number(first.not_evaluable),
        on_record(first),
        by_time(first),
    )


def on_record(row: Any) -> Cell:
    """How many have it, in n or not; without a rate they lead to the best case, in which nobody else has it."""
    shown = cells.number(row.on_record)
    return shown if row.n or not row.on_record else cells.walked(shown, f"{row.statistic}_best_case", row)


def by_time(row: Any) -> Cell:
    """Cases per 100 weeks on the drug, exact Poisson limits behind them; a dash where the time is not known."""
    rate, lower, upper = (getattr(row, name) for name in BY_TIME)
    return cells.EMPTY if is_missing(rate) else Cell(say_by_time(rate, lower, upper), known(value=rate))


def group_cell(row: Any) -> Cell:
    """A harm in one group."""
    if row is None:
        return cells.EMPTY
    if row.method == COUNT:
        return cells.walked(cells.number(row.events), row.statistic, row)
    shown = cells.rate(row.events, row.n, row.estimate, (row.lower, row.upper), row.not_evaluable)
    if not row.n and row.on_record:
        had = on_record(row)
        return replace(had, text=f"{had.text} on record, {shown.text}")
    shown = cells.walked(shown, row.statistic, row)
    timed = by_time(row)
    return shown if timed is cells.EMPTY else replace(shown, text=f"{shown.text}\n{timed.text} per 100 weeks")


def exposure_table(estimates: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """Days on the drug, cumulative dose and follow-up: median and range; None where nobody's are known."""
    rows = estimates[estimates["statistic"].isin(EXPOSURES) & (estimates["method"] == MEDIAN_AND_RANGE)]
    rows = rows[rows["n"] > 0]
    if rows.empty:
        return None
    groups = list(dict.fromkeys(rows["group"]))
    rows = rows.assign(place=rows["group"].map({group: place for place, group in enumerate(groups)}))
    columns = (
        TableColumn("Measure"),
        *([TableColumn("Group")] if len(groups) > 1 else []),
        TableColumn("Median", "number"),
        TableColumn("Lowest", "number"),
        TableColumn("Highest", "number"),
        TableColumn("Known of", "count"),
        TableColumn("Not known of", "count"),
    )
    lines = [
        line(
            capital(exposure_words(row.statistic, row.cause)),
            *([group_label(row.group)] if len(groups) > 1 else []),
            cells.walked(cells.short_number(row.estimate), row.statistic, row),
            *(cells.short_number(value) for value in (row.lower, row.upper)),
            cells.number(row.n),
            cells.number(row.not_evaluable),
        )
        for row in rows.sort_values(["statistic", "cause", "place"], kind="stable").itertuples()
    ]
    caption = "A weekly dose serves for its week. Only doses with their days and amounts are summed."
    return Table(
        "exposure", "safety", "Exposure and follow-up", caption, columns, tuple(lines), 42, synthetic=synthetic
    )

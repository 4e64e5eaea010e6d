"""One rate over several cohorts: the forest plot of a pool with its members' weights, and its table."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.model.cohort import Cohort
from caseseries.model.config import Pool
from caseseries.model.methods import INVERSE_VARIANCE, METHODS
from caseseries.model.pooling import left_out_name
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.drawing import Drawing, Forest, ForestRow, values
from caseseries.show.rates import forest_headers, forest_row, level_of, rate_frame, rate_text
from caseseries.show.table import Cell, Row, Table, TableColumn, full_columns, heading_row, line
from caseseries.words.intervals import percent_interval
from caseseries.words.labels import DefinitionLabel, definition_label, left_out_label, member_label
from caseseries.words.nouns import plural
from caseseries.words.numbers import NOTHING, fraction, is_missing, percent
from caseseries.words.pools import PREDICTION_FROM, say_q, say_spread
from caseseries.words.spelling import words


def pool_rows(pooled: pd.DataFrame, pool: Pool) -> pd.DataFrame:
    """Rows of pooled/estimates.csv that belong to a pool: those of its members have its id as their case set."""
    own = pooled[(pooled["cohort"] == "pooled") & (pooled["group"] == pool.id)]
    members = pooled[(pooled["analysis"] == "member") & (pooled["case_set"] == pool.id)]
    wanted = {(member.cohort, member.group) for member in pool.members}
    keep = [pair in wanted for pair in zip(members["cohort"], members["group"], strict=True)]
    return pd.concat([members[keep], own], ignore_index=True)


def pool_drawing(
    pooled: pd.DataFrame, pool: Pool, cohorts: dict[str, Cohort], labels: dict[str, DefinitionLabel]
) -> Drawing | None:
    """Forest plot of a pool: members, weights, pooled rate and, where estimated, prediction interval."""
    here = pool_rows(pooled, pool)
    members = rate_frame(here, analyses=("member",))
    main = here[(here["statistic"] == "pooled_rate") & (here["analysis"] == "main")]
    if members.empty or main.empty:
        return None
    shares = weights_of(here)
    largest = max(shares.values(), default=1.0)
    rows = []
    for rate in members.itertuples():
        share = shares.get((rate.cohort, rate.group))
        side = None if share is None else math.sqrt(share / largest)
        row = forest_row(rate, member_label(rate.cohort, rate.group), side)
        rows.append(replace(row, share=percent(share)))
    rows += [*_pooled_rows(here, main.iloc[0], len(members)), *_notes(here)]
    rate, level, model = main.iloc[0], level_of(members), main["method"].iloc[0]
    title = f"{pool.title}: response rate"
    subtitle = f"{plural(len(members), 'cohort')}; pooled: {model}." if len(rows) > len(members) else ""
    plot = Forest("forest", tuple(rows), forest_headers(level, not_evaluable=False, weights=bool(shares)), level)
    name = words(REPORTED) if pool.definition == REPORTED else definition_label(pool.definition, labels).title
    weighed = f"; weights and squares by {INVERSE_VARIANCE}" if shares else ""
    caution = f" {pool.caution}" if pool.caution else ""
    caption = f"Response rate in each cohort ({name}) and pooled ({METHODS[model]}){weighed}.{caution}"
    alt = f"Forest plot. {'; '.join(_spoken(row) for row in rows if row.kind != 'note')}."
    synthetic = any(cohorts[cohort].synthetic for cohort in members["cohort"] if cohort in cohorts)
    return Drawing(f"forest_{pool.id}", "forest", title, subtitle, plot, caption, alt, 10, synthetic=synthetic)


def weights_of(pooled: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Weight of each member, by cohort and group, in the mean by inverse variance; {} where nothing was modelled."""
    found = pooled[pooled["statistic"] == "weight"]
    return dict(zip(zip(found["cohort"], found["group"], strict=True), found["estimate"], strict=True))


def _spoken(row: ForestRow) -> str:
    weight = f", weight {row.share}" if row.share not in ("", NOTHING) else ""
    return f"{row.label}: {row.counts} {row.rate}{weight}".replace("  ", " ")


def _pooled_rows(here: pd.DataFrame, rate: pd.Series, members: int) -> list[ForestRow]:
    """The pooled rate, and the prediction interval where enough members stand behind it."""
    rows = []
    if not is_missing(rate["estimate"]):
        estimate, low, high = values(rate[name] for name in ("estimate", "lower", "upper"))
        counted = fraction(rate["events"], rate["n"])
        rows.append(ForestRow("pooled", "Pooled", estimate, low, high, counts=counted, rate=rate_text(rate)))
    spread = here[(here["statistic"] == "prediction_interval") & (here["analysis"] == "main")]
    if len(spread) and members >= PREDICTION_FROM:
        lower, upper = spread["lower"].iloc[0], spread["upper"].iloc[0]
        said = percent_interval(lower, upper, rate["n"])
        low, high = values([lower, upper])
        rows.append(ForestRow("prediction", "Prediction interval", None, low, high, rate=said))
    return rows


def _notes(pooled: pd.DataFrame) -> list[ForestRow]:
    """How far the members differ, nothing where that was not estimated."""
    main = pooled[pooled["analysis"] == "main"]
    found = dict(zip(main["statistic"], main["estimate"], strict=True))
    if not {"tau2", "i2", "q", "q_df", "q_p_value"} <= set(found):
        return []
    number_of = main.loc[main["statistic"] == "q", "n"].iloc[0]
    said = say_spread(found["tau2"], found["i2"])
    test = say_q(found["q"], found["q_df"], found["q_p_value"], number_of)
    return [ForestRow("note", f"{said}; {test}")]


ANALYSES = {"main": "main analysis", "inverse_variance": "inverse variance on the logit, as a check"}
"""Analyses of a pool but for those that leave a member out, in words."""


def pool_table(pooled: pd.DataFrame, pool: Pool, cohorts: dict[str, Cohort]) -> Table | None:
    """Members, pooled rate and its sensitivity analyses; None where the pool was not estimated."""
    here = pool_rows(pooled, pool)
    members = rate_frame(here, analyses=("member",)).assign(statistic="response_rate", contrast="")
    pooled_rates = here[here["statistic"] == "pooled_rate"]
    if members.empty:
        return None
    level = level_of(members)
    rows = [heading_row("Cohorts")]
    shares = weights_of(here)
    for rate in members.itertuples():
        share = shares.get((rate.cohort, rate.group))
        rows.append(_rate_row(member_label(rate.cohort, rate.group), "Wilson", rate, cells.percent(share)))
    rows.append(heading_row("Pooled"))
    left_out = {left_out_name(pool, member): f"without {left_out_label(pool, member)}" for member in pool.members}
    for rate in pooled_rates.itertuples():
        name = left_out[rate.contrast] if rate.analysis == "leave_out" else ANALYSES[rate.analysis]
        rows.append(_rate_row(name, METHODS[rate.method] + (f"; {rate.note}" if rate.note else ""), rate))
    for row in here[here["statistic"].isin(SPREAD)].itertuples():
        if row.statistic == "prediction_interval" and (row.analysis != "main" or len(members) < PREDICTION_FROM):
            continue
        if row.analysis == "main" or row.statistic in ("q", "q_p_value"):
            rows.append(_spread_row(row))
    columns: tuple[TableColumn, ...] = (
        TableColumn("Cohort or analysis"),
        TableColumn("Method"),
        TableColumn("Responders/evaluable", "fraction"),
        TableColumn("Rate", "percent"),
        TableColumn(f"{level} interval", "interval"),
        TableColumn("Weight", "percent", meaning=f"share in the mean by {INVERSE_VARIANCE}"),
    )
    columns, lines = full_columns(columns, rows)
    synthetic = any(cohorts[cohort].synthetic for cohort in members["cohort"] if cohort in cohorts)
    caption = pool.caution or "Rates pooled over cohorts."
    return Table(f"pooled_{pool.id}", "pooled", pool.title, caption, columns, lines, 20, synthetic=synthetic)


def _rate_row(name: str, method: str, rate: ResultRow, weight: Cell = cells.EMPTY) -> Row:
    return line(
        name,
        method,
        cells.from_row(cells.fraction(rate.events, rate.n), "pooled", rate),
        cells.percent(rate.estimate, rate.n),
        cells.percent_interval(rate.lower, rate.upper, rate.n),
        weight,
    )


SPREAD = {
    "prediction_interval": "prediction interval for a further cohort",
    "tau2": "variance between cohorts (logit scale)",
    "i2": "share of variance between cohorts (I²)",
    "q": "whether cohorts differ by more than chance (Q)",
    "q_p_value": "p-value of Q",
}
"""Statistics of a pool beside its rates, in words."""


def _spread_row(row: ResultRow) -> Row:
    value, interval = cells.EMPTY, cells.EMPTY
    if row.statistic == "prediction_interval":
        interval = cells.percent_interval(row.lower, row.upper, row.n)
    elif row.statistic == "i2":
        value = cells.percent(row.estimate)
    else:
        value = cells.number(row.estimate, 2)
    if value is cells.EMPTY:
        interval = cells.from_row(interval, "pooled", row)
    else:
        value = cells.from_row(value, "pooled", row)
    return line(SPREAD[row.statistic], METHODS[row.method], cells.EMPTY, value, interval, cells.EMPTY)

"""Tables and figures across cohorts: definitions side by side, and each pool with its forest plot.

A synthetic cohort never stands in a figure beside patients; in tables its column says SYNTHETIC.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.model.cohort import Cohort
from caseseries.model.config import Pool
from caseseries.model.methods import METHODS
from caseseries.model.pooling import left_out_name
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.drawing import Drawing, Forest, ForestRow, values
from caseseries.show.rates import (
    base_groups,
    forest_headers,
    forest_row,
    level_of,
    rate_frame,
    rate_text,
    rates_in_order,
)
from caseseries.show.table import Cell, Row, Table, TableColumn, heading_row, line, remark
from caseseries.words.intervals import percent_interval
from caseseries.words.labels import (
    SYNTHETIC,
    DefinitionLabel,
    caution_notes,
    definition_label,
    left_out_label,
    marks_sentence,
    member_label,
)
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.numbers import fraction, is_missing, number, percent
from caseseries.words.pools import PREDICTION_FROM
from caseseries.words.spelling import words


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
    return cells.rate(rate.events, rate.n, rate.estimate, (rate.lower, rate.upper), rate.not_evaluable)


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
    """Forest plot of a pool: its members, the pooled rate and, where it was estimated, the prediction interval."""
    here = pool_rows(pooled, pool)
    members = rate_frame(here, analyses=("member",))
    main = here[(here["statistic"] == "pooled_rate") & (here["analysis"] == "main")]
    if members.empty or main.empty:
        return None
    weights = np.sqrt(members["n"] / members["n"].max())
    rows = [
        forest_row(rate, member_label(rate.cohort, rate.group), float(weight))
        for rate, weight in zip(members.itertuples(), weights, strict=True)
    ]
    rate = main.iloc[0]
    level, model = level_of(members), rate["method"]
    if not is_missing(rate["estimate"]):
        estimate, low, high = values(rate[name] for name in ("estimate", "lower", "upper"))
        counted = fraction(rate["events"], rate["n"])
        rows.append(ForestRow("pooled", "Pooled", estimate, low, high, counts=counted, rate=rate_text(rate)))
    spread = here[(here["statistic"] == "prediction_interval") & (here["analysis"] == "main")]
    if len(spread) and len(members) >= PREDICTION_FROM:
        lower, upper = spread["lower"].iloc[0], spread["upper"].iloc[0]
        said = percent_interval(lower, upper, rate["n"])
        low, high = values([lower, upper])
        rows.append(ForestRow("prediction", "Prediction interval", None, low, high, rate=said))
    rows += [ForestRow("note", said) for said in [differ_words(here)] if said]
    title = f"{pool.title}: response rate"
    subtitle = f"{plural(len(members), 'cohort')}; pooled: {model}." if len(rows) > len(members) else ""
    plot = Forest("forest", tuple(rows), forest_headers(level, not_evaluable=False), level)
    caution = f" {pool.caution}" if pool.caution else ""
    name = words(REPORTED) if pool.definition == REPORTED else definition_label(pool.definition, labels).title
    squares = f"squares by size of the cohort.{caution}"
    caption = f"Response rate in each cohort ({name}) and pooled ({METHODS[model]}); {squares}"
    spoken = [f"{row.label}: {row.counts} {row.rate}".replace("  ", " ") for row in rows if row.kind != "note"]
    synthetic = any(cohorts[cohort].synthetic for cohort in members["cohort"] if cohort in cohorts)
    alt = f"Forest plot. {'; '.join(spoken)}."
    return Drawing(f"forest_{pool.id}", "forest", title, subtitle, plot, caption, alt, 10, synthetic=synthetic)


def differ_words(pooled: pd.DataFrame) -> str:
    """How far the cohorts of a pool differ, "" where that was not estimated."""
    main = pooled[pooled["analysis"] == "main"]
    found = {name: main.loc[main["statistic"] == name, "estimate"] for name in ("tau2", "i2")}
    if any(values.empty for values in found.values()):
        return ""
    tau2, i2 = (values.iloc[0] for values in found.values())
    return f"Between cohorts: variance of the logits (τ²) {number(tau2, 2)}; share of the variance (I²) {percent(i2)}"


ANALYSES = {"main": "main analysis", "inverse_variance": "inverse variance on the logit, as a check"}
"""Analyses of a pool but for those that leave a member out, in words."""


def pool_table(pooled: pd.DataFrame, pool: Pool, cohorts: dict[str, Cohort]) -> Table | None:
    """Members, pooled rate and its sensitivity analyses; None where the pool was not estimated."""
    here = pool_rows(pooled, pool)
    members = rate_frame(here, analyses=("member",))
    pooled_rates = here[here["statistic"] == "pooled_rate"]
    if members.empty:
        return None
    level = level_of(members)
    rows = [heading_row("Cohorts")]
    rows += [_rate_row(member_label(rate.cohort, rate.group), "Wilson", rate) for rate in members.itertuples()]
    rows.append(heading_row("Pooled"))
    left_out = {left_out_name(pool, member): f"without {left_out_label(pool, member)}" for member in pool.members}
    for rate in pooled_rates.itertuples():
        name = left_out[rate.contrast] if rate.analysis == "leave_out" else ANALYSES[rate.analysis]
        rows.append(_rate_row(name, METHODS[rate.method] + (f"; {rate.note}" if rate.note else ""), rate))
    for row in here[here["statistic"].isin(["prediction_interval", "tau2", "i2"])].itertuples():
        if row.analysis == "main" and (row.statistic != "prediction_interval" or len(members) >= PREDICTION_FROM):
            rows.append(_spread_row(row))
    columns = (
        TableColumn("Cohort or analysis"),
        TableColumn("Method"),
        TableColumn("Responders/evaluable", "fraction"),
        TableColumn("Rate", "percent"),
        TableColumn(f"{level} interval", "interval"),
    )
    synthetic = any(cohorts[cohort].synthetic for cohort in members["cohort"] if cohort in cohorts)
    caption = pool.caution or "Rates pooled over cohorts."
    return Table(f"pooled_{pool.id}", "pooled", pool.title, caption, columns, tuple(rows), 20, synthetic=synthetic)


def _rate_row(name: str, method: str, rate: ResultRow) -> Row:
    return line(
        name,
        method,
        cells.fraction(rate.events, rate.n),
        cells.percent(rate.estimate, rate.n),
        cells.percent_interval(rate.lower, rate.upper, rate.n),
    )


def _spread_row(row: ResultRow) -> Row:
    if row.statistic == "prediction_interval":
        interval = cells.percent_interval(row.lower, row.upper, row.n)
        return line("prediction interval for a further cohort", METHODS[row.method], cells.EMPTY, cells.EMPTY, interval)
    if row.statistic == "tau2":
        name, value = "variance between cohorts (logit scale)", cells.number(row.estimate, 2)
    else:
        name, value = "share of variance between cohorts (I²)", cells.percent(row.estimate)
    return line(name, METHODS[row.method], cells.EMPTY, value, cells.EMPTY)

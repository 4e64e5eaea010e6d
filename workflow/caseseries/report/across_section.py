"""Across cohorts: definitions side by side, how far rates depend on them, the pooled rate and how far it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from caseseries.model.config import Pool
from caseseries.model.pooling import left_out_name
from caseseries.model.results import key_in
from caseseries.report.embed import picture, pictures, shown_tables
from caseseries.report.page import Block, Folded, Section, paragraphs
from caseseries.report.pool_origins import pool_origins
from caseseries.report.sources import ways_of, with_ways
from caseseries.report.spread_section import sensitivity
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.words.earlier import say_new_series
from caseseries.words.labels import cohort_label, left_out_label
from caseseries.words.nouns import people_of
from caseseries.words.pools import say_pooled, say_prediction, say_sensitivity


def across_section(study: Study, shown: Iterable[CohortResults]) -> Section:
    """Everything of several cohorts together; `shown` are those that have a section of their own on the page."""
    ways = {
        key_in(found.cohort.id, key): anchor
        for found in shown
        for key, anchor in (ways_of(found) | {"rates": f"table-{found.cohort.id}-responses"}).items()
    }
    children = [
        Section("across-definitions", "Definitions side by side", with_ways(side_by_side(study), ways)),
        Section(
            "across-sensitivity",
            "Sensitivity to the definition",
            with_ways(sensitivity(study), ways),
            name="Sensitivity",
        ),
    ]
    for pool in study.config.pools:
        places, told = pool_origins(pool, study, ways)
        blocks = [*with_ways(pooled(pool, study), ways | places), *told]
        children.append(Section(f"pool-{pool.id}", f"Pooled: {pool.title}", blocks, name="Pooled"))
    return Section("across", "Across cohorts", (), children)


def side_by_side(study: Study) -> list[Block]:
    """Every definition in every cohort."""
    blocks = paragraphs(
        "The same records give different rates under different rules. NE and a dash mean that nobody can be evaluated "
        "under the definition; neither means that nobody responded."
    )
    tables = shown_tables(study, {"responses", "definitions"})
    blocks = [*blocks, *pictures(study, {"definitions", "rates"})]
    return [*blocks, Folded("Every definition in every cohort in a table", tables)] if tables else blocks


def pooled(pool: Pool, study: Study) -> list[Block]:
    """The pooled rate in words, its caution, its forest plot, and its sensitivity analyses."""
    rows = chosen(study.pooled, cohort="pooled", group=pool.id)
    main = chosen(rows, statistic="pooled_rate", analysis="main")
    if not len(main):
        return paragraphs("Not evaluable: no pooled rate was estimated.")
    rate = main.iloc[0]
    blocks: list[Block] = [
        *paragraphs(
            say_pooled(
                pool.size,
                rate["events"],
                rate["n"],
                rate["estimate"],
                rate["lower"],
                rate["upper"],
                noun=people_of(study.cohorts[member.cohort].cohort for member in pool.members),
                level=rate["level"],
            )
        )
    ]
    blocks += paragraphs(pool.caution, tone="caution")
    forests = [picture(entry, study.folder) for entry in study.figures if entry["id"] == f"forest_{pool.id}"]
    blocks += [replace(forest, caption=forest.caption.replace(pool.caution, "").strip()) for forest in forests]
    spread = chosen(rows, statistic="prediction_interval", analysis="main")
    limits = (spread.iloc[0]["lower"], spread.iloc[0]["upper"]) if len(spread) else (None, None)
    blocks += paragraphs(
        say_prediction(pool.size, *limits, level=rate["level"]), sensitivity_sentence(pool, rows, rate["n"])
    )
    blocks += paragraphs(new_series_sentence(pool, rows))
    tables = {table.table.id: table for table in shown_tables(study, {"pooled"})}
    for names, summary in (
        ((f"literature_{pool.id}", f"literature_harm_{pool.id}"), "The sources side by side, with harm"),
        ((f"pooled_{pool.id}",), "The pooled rate and its sensitivity analyses in a table"),
    ):
        if shown := [tables[name] for name in names if name in tables]:
            blocks.append(Folded(summary, shown))
    return blocks


def new_series_sentence(pool: Pool, rows: pd.DataFrame) -> str:
    """The new series of the pool beside what its other cohorts say; "" where there is none."""
    found = chosen(rows, analysis="earlier_series").set_index("statistic")
    if pool.new_series is None or not len(found):
        return ""
    one, ends = found.iloc[0], ["estimate", "lower", "upper"]
    alone, both = (tuple(found.loc[f"{name}_rate", ends]) for name in ("alone", "with_earlier"))
    return say_new_series(
        cohort_label(pool.new_series.cohort),
        (one["events"], one["n"]),
        pool.others,
        found.loc["prior_effective_size", "estimate"],
        alone,
        both,
        found.loc["prior_predictive_p", "estimate"],
    )


def sensitivity_sentence(pool: Pool, rows: pd.DataFrame, n: float) -> str:
    """Leaving out one cohort at a time, and weighting otherwise."""
    rates = chosen(rows, statistic="pooled_rate")
    without = chosen(rates, analysis="leave_out").set_index("contrast")["estimate"]
    names = {left_out_name(pool, member): left_out_label(pool, member) for member in pool.members}
    left_out = [(label, without[name]) for name, label in names.items() if name in without.index]
    inverse = chosen(rates, analysis="inverse_variance")["estimate"]
    return say_sensitivity(n, left_out, inverse.iloc[0] if len(inverse) else None)

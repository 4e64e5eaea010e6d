"""Across cohorts: definitions side by side, the pooled rate with its caution, and how far it moves."""

from __future__ import annotations

import pandas as pd

from caseseries.model.config import Pool
from caseseries.render import format as fmt
from caseseries.render import sentences as say
from caseseries.render.embed import fragments, picture, pictures
from caseseries.render.evidence import Evidence, chosen
from caseseries.render.labels import cohort_label, member_label
from caseseries.render.page import Block, Folded, Grid, Section, paragraphs


def across_section(evidence: Evidence) -> Section:
    """Everything that is shown of several cohorts together."""
    children = [Section("across-definitions", "Definitions side by side", side_by_side(evidence))]
    for pool in evidence.config.pools:
        children.append(Section(f"pool-{pool.id}", f"Pooled: {pool.title}", pooled(pool, evidence), name="Pooled"))
    return Section("across", "Across cohorts", (), children)


def side_by_side(evidence: Evidence) -> list[Block]:
    """Every definition in every cohort."""
    blocks = paragraphs(
        "The same records give different rates under different rules. A dash means that nobody in the cohort can be "
        "evaluated under the definition; it never means that nobody responded."
    )
    return [*blocks, *pictures(evidence, {"definitions", "rates"}), *fragments(evidence, {"responses", "definitions"})]


def pooled(pool: Pool, evidence: Evidence) -> list[Block]:
    """The pooled rate in words, its caution, its forest plot, and its sensitivity analyses."""
    rows = chosen(evidence.pooled, cohort="pooled", group=pool.id)
    main = chosen(rows, statistic="pooled_rate", analysis="main")
    if not len(main):
        return paragraphs("Not evaluable: no pooled rate was estimated.")
    rate, cohorts = main.iloc[0], len({member.cohort for member in pool.members})
    populations = " ".join(evidence.cohorts[member.cohort].cohort.population for member in pool.members)
    blocks: list[Block] = [*paragraphs(say.pooled(
        cohorts, rate["events"], rate["n"], rate["estimate"], rate["lower"], rate["upper"],
        method=rate["method"].split(",")[0], noun=say.noun_of(populations), level=rate["level"],
    ))]  # fmt: skip
    blocks += paragraphs(pool.caution, tone="caution")
    blocks += [picture(entry, evidence.folder) for entry in evidence.figures
               if entry["kind"] == "forest" and pool.id in entry["id"]]  # fmt: skip
    spread = chosen(rows, statistic="prediction_interval", analysis="main")
    limits = (spread.iloc[0]["lower"], spread.iloc[0]["upper"]) if len(spread) else (None, None)
    blocks += paragraphs(say.prediction(cohorts, *limits, level=rate["level"]), sensitivity_sentence(rows, rate["n"]))
    tables = [entry for entry in fragments(evidence, {"pooled"})] or [sensitivity_grid(rows, pool)]
    return [*blocks, Folded("How far the pooled rate moves", tables)]


def sensitivity_sentence(rows: pd.DataFrame, n: float) -> str:
    """Leaving out one cohort at a time, and weighting otherwise."""
    rates = chosen(rows, statistic="pooled_rate")
    left_out = [(cohort_label(row.analysis.partition(":")[2]), row.estimate)
                for row in rates.itertuples() if row.analysis.startswith("leave_out:")]  # fmt: skip
    inverse = chosen(rates, analysis="inverse_variance")["estimate"]
    return say.sensitivity(n, left_out, inverse.iloc[0] if len(inverse) else None)


def sensitivity_grid(rows: pd.DataFrame, pool: Pool) -> Grid:
    """Every pooled rate that was estimated."""
    groups = {member.cohort: member.group for member in pool.members}
    cells = []
    for row in chosen(rows, statistic="pooled_rate").itertuples():
        left_out = row.analysis.partition(":")[2]
        name = f"without {member_label(left_out, groups.get(left_out, 'all'))}" if left_out else fmt.words(row.analysis)
        cells.append([name, row.method, fmt.fraction(row.events, row.n), fmt.percent(row.estimate, row.n),
                      fmt.percent_interval(row.lower, row.upper, row.n)])  # fmt: skip
    header = ["Analysis", "Method", "Responders/n", "Pooled rate", f"{fmt.level_text(row.level)} interval"]
    return Grid(f"Pooled rate: {pool.title}", header, cells, 2)

"""What is in print on one question: the sources of a pool beside each other, with what each counted."""

from __future__ import annotations

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.config import Member, Pool
from caseseries.model.groups import ALL
from caseseries.show import cells
from caseseries.show.rates import level_of, rate_frame
from caseseries.show.table import Row, Table, TableColumn, line
from caseseries.show.tables.safety import HARMS, harm_rank
from caseseries.words.labels import DefinitionLabel, cohort_label, definition_label, member_label
from caseseries.words.lists import listing
from caseseries.words.numbers import NOTHING, fraction
from caseseries.words.outcomes import outcome_words

NOT_STATED = "not_stated"
NO_HARM = "none counted in print"


def literature_table(
    pool: Pool, estimates: dict[str, pd.DataFrame], cohorts: dict[str, Cohort], labels: dict[str, DefinitionLabel]
) -> Table | None:
    """A row a source of a pool: design, who responded by its own rule, that rule, harm, and whom it may share.

    Parameters
    ----------
    estimates : estimates.csv of each cohort. A source whose rate is withheld has no row; None without any.
    """
    found = [row for member in pool.members if (row := source_row(member, pool, estimates, cohorts, labels))]
    if not found:
        return None
    level = level_of(pd.concat([rate_frame(estimates[member.cohort]) for member in pool.members]))
    columns = (
        TableColumn("Source"),
        TableColumn("Design"),
        TableColumn("Responded/n", "fraction"),
        TableColumn("Percent", "percent"),
        TableColumn(f"{level} interval, Wilson", "interval"),
        TableColumn("Response was"),
        TableColumn("Harm"),
        TableColumn("May share patients with"),
    )
    caption = f"Sources of the pooled rate, each by its own rule for response. {pool.caution}".strip()
    synthetic = any(cohorts[member.cohort].synthetic for member in pool.members)
    title = f"{pool.title}: what is in print"
    return Table(f"literature_{pool.id}", "pooled", title, caption, columns, tuple(found), 15, synthetic=synthetic)


def source_row(
    member: Member,
    pool: Pool,
    estimates: dict[str, pd.DataFrame],
    cohorts: dict[str, Cohort],
    labels: dict[str, DefinitionLabel],
) -> Row | None:
    """The row of one source; None where its rate is not there."""
    rows, cohort = estimates[member.cohort], cohorts[member.cohort]
    rates = rate_frame(rows)
    rates = rates[(rates["definition"] == pool.definition) & (rates["group"] == member.group) & (rates["n"] > 0)]
    if rates.empty:
        return None
    rate = rates.iloc[0]
    rule = cohort.source_definition
    return line(
        member_label(member.cohort, member.group),
        cohort.design,
        cells.fraction(rate["events"], rate["n"]),
        cells.percent(rate["estimate"], rate["n"]),
        cells.percent_interval(rate["lower"], rate["upper"], rate["n"]),
        "not stated" if rule == NOT_STATED else definition_label(rule, labels).title,
        harm_of(rows, member.group),
        listing([cohort_label(one) for one in cohort.overlaps]) or NOTHING,
    )


def harm_of(rows: pd.DataFrame, group: str) -> str:
    """Harms that a source counted in a group or in everybody, as "rash 1/31"."""
    counted = rate_frame(rows, "outcome_rate")
    counted = counted[counted["group"].isin([group, ALL]) & (counted["n"] > 0)]
    told = [one for one in counted.itertuples() if harm_rank(one.cause) < len(HARMS)]
    said = [f"{outcome_words(one.cause)} {fraction(one.events, one.n)}" for one in told]
    return listing(said) or NO_HARM

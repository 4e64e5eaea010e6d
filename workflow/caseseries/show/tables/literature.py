"""What is in print on one question: the sources of a pool beside each other, and those that are not pooled with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from caseseries.model.cohort import Cohort
from caseseries.model.config import Beside, Member, Pool
from caseseries.model.groups import ALL
from caseseries.model.methods import EXACT
from caseseries.model.pooling import NOT_STATED, same_rule
from caseseries.show import cells
from caseseries.show.rates import level_of, rate_frame
from caseseries.show.table import Cell, Row, Table, TableColumn, line
from caseseries.show.tables.safety import HARMS, harm_rank
from caseseries.words.labels import DefinitionLabel, cohort_label, definition_label, member_label
from caseseries.words.numbers import NOTHING, is_missing
from caseseries.words.outcomes import of_newborns_by_name, outcome_words, subject_of
from caseseries.words.pools import (
    NOT_KNOWN,
    say_harm_alone,
    say_harm_beside,
    say_one_rule,
    say_overlaps,
    say_printed_percent,
    say_rule_of_source,
    say_rules_differ,
    say_why_beside,
)
from caseseries.words.safety import harm_words

RESPONSE = "response"


@dataclass(frozen=True)
class Source:
    """One source: its cohort, and the results of it that may be seen.

    `member` of a pool, or what stands beside one; `aggregates` are its rows of aggregates.csv, `definition` is that of
    the pool.
    """

    member: Member
    cohort: Cohort
    estimates: pd.DataFrame
    aggregates: pd.DataFrame
    definition: str

    @property
    def name(self) -> str:
        """Cohort and group, in words."""
        return member_label(self.cohort.id, self.member.group)

    @property
    def outcome(self) -> str:
        """The outcome that stands for its response."""
        return self.member.outcome if isinstance(self.member, Beside) else RESPONSE

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The rate of that outcome, one row or none."""
        rates = rate_frame(self.estimates, "response_rate" if self.outcome == RESPONSE else "outcome_rate")
        named = rates["definition"] == self.definition if self.outcome == RESPONSE else rates["cause"] == self.outcome
        return rates[named & (rates["group"] == self.member.group) & (rates["n"] > 0)].head(1)

    @cached_property
    def responded(self) -> Cell | None:
        """How many of how many, with the interval; a percentage alone as it is printed; None without either."""
        for rate in self.rates.itertuples():
            shown = cells.rate(rate.events, rate.n, rate.estimate, (rate.lower, rate.upper))
            statistic = "response_rate" if self.outcome == RESPONSE else "outcome_rate"
            return cells.of_cohort(cells.walked(shown, statistic, rate), self.cohort.id)
        rows = self.aggregates
        rows = rows[(rows["group"] == self.member.group) & (rows["outcome"] == self.outcome)]
        printed = rows[rows["value"].notna() & (rows["unit"] == "%")]
        return Cell(say_printed_percent(printed["value"].iloc[0])) if len(printed) else None

    def rule(self, labels: dict[str, DefinitionLabel]) -> str:
        """By what the source judged response, and what was counted in its place."""
        stated = self.cohort.source_definition
        rule = "not stated" if stated == NOT_STATED else definition_label(stated, labels).title
        counted = "" if self.outcome == RESPONSE else outcome_words(self.outcome)
        return say_rule_of_source(rule, counted, next(iter(self.rates["note"]), ""))


def sources_of(
    pool: Pool,
    estimates: Mapping[str, pd.DataFrame],
    aggregates: Mapping[str, pd.DataFrame],
    cohorts: Mapping[str, Cohort],
) -> list[Source]:
    """The members of a pool, then what stands beside it; one whose response is withheld or not there is left out.

    `estimates` and `aggregates` are estimates.csv and aggregates.csv of each cohort, as far as they may be seen.
    """
    found = [
        Source(member, cohorts[member.cohort], estimates[member.cohort], aggregates[member.cohort], pool.definition)
        for member in (*pool.members, *pool.beside)
    ]
    return [source for source in found if source.responded is not None]


def literature_table(
    pool: Pool,
    sources: Sequence[Source],
    cohorts: Mapping[str, Cohort],
    labels: dict[str, DefinitionLabel],
    pooled: pd.DataFrame,
) -> Table | None:
    """A row a source: design, dose, its rule for response, and who responded; None without a source.

    The pooled rate (`pooled`, estimates of the pools) ends the table where all members used one rule that is known; a
    note says why it does or does not.
    """
    if not sources:
        return None
    rows = [
        line(source.name, source.cohort.design, source.cohort.regimen or NOT_KNOWN, source.rule(labels), responded)
        for source in sources
        if (responded := source.responded) is not None
    ]
    one_rule = same_rule(pool, cohorts)
    rows += pooled_row(pool, pooled) if one_rule else []
    level = level_of(pd.concat([rate_frame(source.estimates) for source in sources]))
    columns = (
        TableColumn("Source"),
        TableColumn("Design"),
        TableColumn("Dose"),
        TableColumn("Response was"),
        TableColumn("Responded", "summary"),
    )
    rule = say_one_rule(definition_label(one_rule, labels).title) if one_rule else say_rules_differ(len(pool.members))
    why = [say_why_beside(member_label(one.cohort, one.group), one.why) for one in pool.beside]
    caption = f"Each by its own rule for response, with the {level} interval (Wilson). {pool.caution}".strip()
    return Table(
        f"literature_{pool.id}",
        "pooled",
        f"{pool.title}: what is in print",
        caption,
        columns,
        tuple(rows),
        15,
        (rule, *why),
        synthetic=any(source.cohort.synthetic for source in sources),
    )


def literature_harm_table(pool: Pool, sources: Sequence[Source]) -> Table | None:
    """A row a source: harm to those treated and to newborns, what is not known, whom it may share patients with."""
    if not sources:
        return None
    rows = [
        line(
            source.name,
            "; ".join(harms_of(source, newborns=False)) or NOT_KNOWN,
            "; ".join(harms_of(source, newborns=True)) or NOT_KNOWN,
            "; ".join(source.cohort.not_known) or NOTHING,
            say_overlaps(
                map(cohort_label, source.cohort.overlaps), map(cohort_label, source.cohort.overlaps_not_known)
            ),
        )
        for source in sources
    ]
    columns = (
        TableColumn("Source"),
        TableColumn("Harm to the treated"),
        TableColumn("Harm to newborns"),
        TableColumn("Not known"),
        TableColumn("May share patients with"),
    )
    level = level_of(pd.concat([rate_frame(source.estimates) for source in sources]))
    caption = (
        f"Harm as each source counted it; where nobody had it, the upper end of the {level} interval (Clopper-Pearson)."
    )
    return Table(
        f"literature_harm_{pool.id}",
        "pooled",
        f"{pool.title}: harm, and what is not known",
        caption,
        columns,
        tuple(rows),
        16,
        synthetic=any(source.cohort.synthetic for source in sources),
    )


def harms_of(source: Source, *, newborns: bool) -> Iterator[str]:
    """Harms that a source counted in those treated or in their newborns: "rash 1/31"; none of them with its limit."""
    counted = rate_frame(source.estimates, "outcome_rate")
    for one in counted[counted["n"] > 0].itertuples():
        of_newborns = is_of_newborns(one.cause, one.group)
        if of_newborns == newborns and belongs(one.group, source.member) and is_harm(one.cause, one.group):
            yield say_harm_beside(outcome_words(one.cause), one.events, one.n, one.exact_upper, one.note)
    cases = source.estimates[
        (source.estimates["statistic"] == "adverse_event_rate")
        & (source.estimates["method"] == EXACT)
        & (source.estimates["group"] == source.member.group)
        & (source.estimates["n"] > 0)
    ]
    for one in cases.itertuples():
        subject, _, term = one.cause.partition("/")
        if term == "any" and (subject == "neonate") == newborns:
            yield say_harm_beside(harm_words(one.statistic, one.cause), one.events, one.n, one.upper)
    lone = source.aggregates[source.aggregates["events"].notna() & source.aggregates["n"].isna()]
    for one in lone[lone["origin"] != "derived"].itertuples():
        of_newborns = is_of_newborns(one.outcome, one.group)
        if of_newborns == newborns and belongs(one.group, source.member) and is_harm(one.outcome, one.group):
            yield say_harm_alone(outcome_words(one.outcome), one.events)


def is_of_newborns(cause: str, group: str) -> bool:
    """Whether an outcome is of newborns, by its name or its group's."""
    return subject_of(cause) == "neonate" or of_newborns_by_name(group)


def is_harm(cause: str, group: str) -> bool:
    """Whether an outcome is harm; whatever is counted in a group of newborns is told."""
    return harm_rank(cause) < len(HARMS) or of_newborns_by_name(group)


def belongs(group: str, member: Member) -> bool:
    """Whether a group of a source is that of the member, everybody, or the newborns."""
    return group in (member.group, ALL) or of_newborns_by_name(group)


def pooled_row(pool: Pool, pooled: pd.DataFrame) -> list[Row]:
    """The pooled rate; none where it was not estimated."""
    rows = pooled[
        (pooled["group"] == pool.id) & (pooled["statistic"] == "pooled_rate") & (pooled["analysis"] == "main")
    ]
    if rows.empty or is_missing(rows["estimate"].iloc[0]):
        return []
    rate = rows.iloc[0]
    cell = cells.rate(rate["events"], rate["n"], rate["estimate"], (rate["lower"], rate["upper"]))
    cell = cells.from_row(cell, "pooled", rate)
    return [line("Pooled", *[NOTHING] * 3, cell)]

"""Safety: adverse events and other outcomes that were counted, with the upper bound where none was seen."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import EXACT
from caseseries.model.results import ADVERSE_EVENT_RATES
from caseseries.report.embed import shown_tables
from caseseries.report.evidence import CohortEvidence
from caseseries.report.page import Block, in_reach, paragraphs
from caseseries.show.tables.safety import HARMS, harm_rank
from caseseries.words.lists import listing
from caseseries.words.outcomes import outcome_words, say_adverse_events, say_outcome, say_without_denominator
from caseseries.words.spelling import sentence


def safety_rows(found: CohortEvidence) -> pd.DataFrame:
    """Counted outcomes with their Clopper-Pearson interval: harm first, what happened before what did not."""
    rows = found.rows("outcome_rate", method=EXACT)
    rank = rows["cause"].map(harm_rank)
    first = rows["cause"].map({cause: place for place, cause in enumerate(dict.fromkeys(rows["cause"]))})
    rows = rows.assign(rank=rank, none=(rank > 0) & (rows["events"] == 0), first=first)
    return rows.sort_values(["rank", "none", "first"], kind="stable")


def safety_sentence(found: CohortEvidence) -> str:
    """The counted outcome that speaks first for safety, else what was recorded of the cases, "" without either."""
    rows = safety_rows(found)
    rows = rows[rows["rank"] < len(HARMS)]
    if not len(rows):
        return adverse_events_sentence(found)
    row = rows.iloc[0]
    group = "" if row["group"] == ALL or " in " in outcome_words(row["cause"]) else row["group"]
    return say_outcome(
        row["cause"], row["events"], row["n"], row["lower"], row["upper"], level=row["level"], group=group
    )


def adverse_events_sentence(found: CohortEvidence) -> str:
    """How many adverse events of single cases were recorded, and in how many; "" where none was."""
    number, cases = found.rows("adverse_events"), found.rows("adverse_event_rate", cause="")
    if not len(number):
        return ""
    by_subject = {
        subject: rows["events"].iloc[0]
        for subject, statistic in ADVERSE_EVENT_RATES.items()
        if subject and len(rows := found.rows(statistic, cause=""))
    }
    return say_adverse_events(number["events"].iloc[0], cases["events"].iloc[0], cases["n"].iloc[0], by_subject)


def safety(found: CohortEvidence) -> list[Block]:
    """Adverse events and other outcomes that were counted; nothing where none was."""
    sentences = paragraphs(safety_sentence(found), lone_counts(found))
    return [*sentences, *in_reach(shown_tables(found, {"safety"}))]


def lone_counts(found: CohortEvidence) -> str:
    """Counts whose source does not say among how many."""
    aggregates = found.records["aggregates"]
    lone = aggregates[aggregates["events"].notna() & aggregates["n"].isna()]
    said = [say_without_denominator(row.outcome, row.events) for row in lone.itertuples()]
    return sentence(f"printed without saying among how many: {listing(said)}") if said else ""

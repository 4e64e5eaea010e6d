"""Safety: adverse events and other outcomes that were counted, with the upper bound where none was seen."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import COUNT, EXACT
from caseseries.report.embed import shown_tables
from caseseries.report.page import Block, in_reach, paragraphs
from caseseries.report.study import CohortResults, chosen
from caseseries.show.tables.safety import HARMS, harm_rank
from caseseries.words.lists import listing
from caseseries.words.outcomes import SUBJECTS, say_adverse_events, say_outcome, say_without_denominator, subject_of
from caseseries.words.safety import WITHHELD, say_assumed, say_harm, say_on_record, say_source_looked, say_unrecorded
from caseseries.words.spelling import sentence

SEVERE = "<50"
"""Count of a newborn, 10^9/L, that is severe thrombocytopenia."""


def safety_rows(found: CohortResults) -> pd.DataFrame:
    """Counted outcomes with their Clopper-Pearson interval: harm first, what happened before what did not."""
    rows = found.rows("outcome_rate", method=EXACT)
    rank = rows["cause"].map(harm_rank)
    first = rows["cause"].map({cause: place for place, cause in enumerate(dict.fromkeys(rows["cause"]))})
    rows = rows.assign(rank=rank, none=(rank > 0) & (rows["events"] == 0), first=first)
    return rows.sort_values(["rank", "none", "first"], kind="stable")


def safety_sentence(found: CohortResults) -> str:
    """The counted outcome that speaks first for safety, else what is known of the cases, each with what it assumes;
    "" where nothing is known."""
    rows = safety_rows(found)
    rows = rows[rows["rank"] < len(HARMS)]
    if not len(rows):
        said = cases_sentence(found)
        return WITHHELD if not said and len(chosen(found.withheld, kind="safety")) else said
    row = rows.iloc[0]
    group = "" if row["group"] == ALL or subject_of(row["cause"]) else row["group"]
    limits = (row["events"], row["n"], row["lower"], row["upper"])
    said = say_outcome(row["cause"], *limits, level=row["level"], group=group, note=row["note"])
    covered = {subject_of(cause) for cause in rows["cause"]}
    assumed = "" if row["events"] else say_source_looked(row["n"])
    silent = say_unrecorded(subject for subject in unrecorded(found) if subject not in covered)
    return " ".join(text for text in (said, assumed, silent) if text)


def cases_sentence(found: CohortResults) -> str:
    """Adverse events of single cases: shares where absence was recorded, else what is on record."""
    every = {subject: rows.iloc[0] for subject in SUBJECTS if len(rows := any_of(found, subject))}
    listed = {subject: (row["events"], row["n"]) for subject, row in every.items() if row["method"] == COUNT}
    if listed:
        return say_adverse_events(number_of_events(found), listed)
    known = {subject: row for subject, row in every.items() if row["n"] > 0}
    parts = [say_newborns(found), *(say_harms(found, subject) for subject in known)]
    if known:
        parts.append(say_assumed(max(row["n"] for row in known.values()), [SUBJECTS[one] for one in known]))
    open_ = unrecorded(found)
    on_record = [
        row for subject in open_ for row in chosen(bounds_of(found), cause=f"{subject}/any").to_dict("records")
    ]
    parts += [say_on_record(row["events"], row["n"]) for row in on_record if row["events"]]
    if not known and not parts[0] and not any(row["events"] for row in on_record):
        return ""
    return " ".join(text for text in (*parts, say_unrecorded(open_)) if text)


def any_of(found: CohortResults, subject: str, which: str = "any") -> pd.DataFrame:
    """The row of everybody on any adverse event of a subject."""
    rows = found.rows("adverse_event_rate", cause=f"{subject}/{which}", group=ALL)
    return rows[rows["method"].isin([EXACT, COUNT])]


def bounds_of(found: CohortResults) -> pd.DataFrame:
    """Rows of everybody on how many have an adverse event on record, in n or not."""
    return found.rows("adverse_event_rate_best_case", group=ALL, method=EXACT)


def unrecorded(found: CohortResults) -> list[str]:
    """Subjects of whom nobody wrote whether adverse events were looked for."""
    return [subject for subject in SUBJECTS if (rows := any_of(found, subject))["n"].eq(0).any() and len(rows)]


def number_of_events(found: CohortResults) -> float:
    """How many adverse events are on record."""
    return found.events_of("adverse_events")


def say_newborns(found: CohortResults) -> str:
    """Severe thrombocytopenia of the newborn, which is what mother's disease and drug may do; "" where no count is
    known.
    """
    rows = found.rows("neonatal_thrombocytopenia_rate", cause=SEVERE, group=ALL, method=EXACT)
    return " ".join(sentence(say_row(row)) for _, row in rows[rows["n"] > 0].head(1).iterrows())


def say_row(row: pd.Series) -> str:
    """A rate of harm within a sentence."""
    return say_harm(row["statistic"], row["cause"], row["events"], row["n"], row["lower"], row["upper"], row["level"])


def say_harms(found: CohortResults, subject: str) -> str:
    """Clots first, serious adverse events where there are some or clots are not looked at, and any, of a subject."""
    known = {
        which: row
        for which in ("any thrombosis", "any serious", "any")
        if len(rows := any_of(found, subject, which)) and (row := rows.iloc[0])["n"] > 0
    }
    if "any thrombosis" in known and not known.get("any serious", {"events": 0})["events"]:
        known.pop("any serious", None)
    return sentence("; ".join(say_row(row) for row in known.values()))


def safety(found: CohortResults) -> list[Block]:
    """Adverse events and other outcomes that were counted; nothing where none was."""
    sentences = paragraphs(safety_sentence(found), lone_counts(found))
    return [*sentences, *in_reach(shown_tables(found, {"safety"}))]


def lone_counts(found: CohortResults) -> str:
    """Counts whose source does not say among how many."""
    aggregates = found.records["aggregates"]
    lone = aggregates[aggregates["events"].notna() & aggregates["n"].isna() & (aggregates["origin"] != "derived")]
    said = [say_without_denominator(row.outcome, row.events) for row in lone.itertuples()]
    return sentence(f"printed without saying among how many: {listing(said)}") if said else ""

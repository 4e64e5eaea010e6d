"""How fast: cumulative incidence, median time, follow-up, and what a small or selected cohort cannot say."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.report.embed import pictures, shown_tables
from caseseries.report.evidence import CohortEvidence, Evidence
from caseseries.report.page import Block, Folded, paragraphs
from caseseries.report.predictor_words import predictor_sentences
from caseseries.report.response_section import groups_compared
from caseseries.show.tables.cases import FOLLOWED_FROM
from caseseries.words import format as fmt
from caseseries.words import sentences as say
from caseseries.words.nouns import people_of


def speed(found: CohortEvidence, evidence: Evidence) -> list[Block]:
    """Time to response or to the outcome that the source times."""
    row = leading_median(found)
    if row is None:
        return paragraphs("Not evaluable: there is no time of a response or of another outcome.")
    blocks = paragraphs(" ".join(leading_times(found, evidence)), selected_times(found))
    if row["n"] > 1:
        blocks += paragraphs(say.small_curve(row["n"]), tone="note")
    blocks += pictures(found, {"incidence", "states"})
    supplement = pictures(found, {"survival"})
    if supplement:
        blocks.append(Folded("Kaplan-Meier with competing events censored, as a supplement", supplement))
    tables = shown_tables(found, {"times"})
    return [*blocks, Folded("Every time in a table", tables)] if tables else blocks


def leading_median(found: CohortEvidence) -> pd.Series | None:
    """The median time that speaks for the cohort: what the source times itself, else the first definition."""
    medians = found.rows("median_time", analysis="primary", group=ALL)
    own = medians[medians["definition"].str.startswith("as_reported")]
    rows = own if len(own) else medians
    return rows.iloc[0] if len(rows) else None


def leading_times(found: CohortEvidence, evidence: Evidence) -> list[str]:
    """Sentences on the time that speaks for the cohort, none where nothing is timed."""
    row = leading_median(found)
    return [] if row is None else time_sentences(found, evidence, row)


def selected_times(found: CohortEvidence) -> str:
    """What selection by outcome does to times, "" where cases were not selected."""
    if not found.cohort.selected_for:
        return ""
    return "The cases were selected by their outcome, so that no time can stand for other patients."


def time_sentences(found: CohortEvidence, evidence: Evidence, row: pd.Series) -> list[str]:
    """Who reached the outcome and what came first, the cumulative incidence, the median, and the follow-up.

    Where cases were selected by their outcome only the median is said: shares of them mean nothing.
    """
    same = {"definition": row["definition"], "analysis": "primary"}
    what = fmt.words(row["cause"])
    under = "" if row["definition"].startswith("as_reported") else f"Under {evidence.label(row['definition'])}: "
    if row["n"] == 1 and row["events"] == 1:
        return [under + say.only_time(what, row["estimate"])]
    median = say.median_time(what, row["estimate"], row["lower"], row["upper"], level=row["level"])
    if found.cohort.selected_for:
        return [under + median]
    watched = found.rows("median_follow_up", group=ALL, **same)
    if later_events(found, row):
        # Those who had it later were watched for longer than their curve says.
        watched = watched.iloc[:0]
    texts = [*course_sentences(found, row), median]
    texts += [say.follow_up(line.estimate, line.n) for line in watched.itertuples() if line.events >= FOLLOWED_FROM]
    texts += [
        say.test(line.estimate, line.n, method=line.method, groups=groups_compared(found, line))
        for line in found.rows("p_value", cause=row["cause"], **same).itertuples()
    ]
    texts.append(predictor_sentences(found, "hazard_ratio", row["definition"], what))
    return [under + texts[0], *(text for text in texts[1:] if text)]


def course_sentences(found: CohortEvidence, row: pd.Series) -> list[str]:
    """Who reached the outcome, what came first in the others, and the cumulative incidence."""
    same = {"definition": row["definition"], "group": ALL, "analysis": "primary"}
    curves, first = found.rows("cumulative_incidence", **same), found.rows("came_first", **same)
    event, what = row["cause"], fmt.words(row["cause"])
    competing = [(one.cause, one.events) for one in first.itertuples() if one.cause not in (event, "censored")]
    noun, later = people_of([found.cohort]), later_events(found, row)
    texts = [say.reached(what, row["events"], row["n"], noun, competing, later=later)]
    steps = curves[(curves["cause"] == event) & (curves["events"] > 0)]
    if len(steps):
        end = steps.loc[steps["time"].idxmax()]
        texts.append(
            say.incidence(what, end["estimate"], end["lower"], end["upper"], end["time"], row["n"], level=row["level"])
        )
    return texts


def later_events(found: CohortEvidence, row: pd.Series) -> float:
    """How many reached the outcome after the last day known to be before it, the day itself not known."""
    same = {"definition": row["definition"], "cause": row["cause"], "group": ALL, "analysis": "primary"}
    return found.rows("later_events", **same)["events"].sum()

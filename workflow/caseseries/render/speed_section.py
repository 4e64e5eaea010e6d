"""How fast: cumulative incidence, median time, follow-up, and what a small or selected cohort cannot say."""

from __future__ import annotations

import pandas as pd

from caseseries.render import format as fmt
from caseseries.render import sentences as say
from caseseries.render.embed import fragments, pictures
from caseseries.render.evidence import CohortEvidence, Evidence
from caseseries.render.page import Block, Folded, Grid, paragraphs


def speed(found: CohortEvidence, evidence: Evidence) -> list[Block]:
    """Time to response or to the outcome that the source times."""
    row = leading_median(found)
    if row is None:
        return paragraphs("Not evaluable: there is no time of a response or of another outcome.")
    blocks = paragraphs(leading_times(found, evidence), selected_times(found))
    blocks += paragraphs(say.small_curve(row["n"]), tone="note")
    blocks += pictures(found, {"incidence", "states", "survival"})
    tables = fragments(found, {"times"})
    if len(found.rows("median_time", analysis="primary")) > 1:
        tables = [*tables, median_grid(found, evidence)]
    return [*blocks, Folded("Every time in a table", tables)] if tables else blocks


def leading_median(found: CohortEvidence) -> pd.Series | None:
    """The median time that speaks for the cohort: what the source times itself, else the first definition."""
    medians = found.rows("median_time", analysis="primary", group="all")
    own = medians[medians["definition"].str.startswith("as_reported")]
    rows = own if len(own) else medians
    return rows.iloc[0] if len(rows) else None


def leading_times(found: CohortEvidence, evidence: Evidence) -> str:
    """The incidence and median of `leading_median` in words, "" where there is none."""
    row = leading_median(found)
    return "" if row is None else time_sentences(found, evidence, row)


def selected_times(found: CohortEvidence) -> str:
    """What selection by outcome does to times, "" where cases were not selected."""
    if not found.cohort.selected_for:
        return ""
    return say.sentence(f"the cases were selected by their outcome ({found.cohort.selected_for.rstrip('.')}), so that "
                        "no time can stand for other patients")  # fmt: skip


def time_sentences(found: CohortEvidence, evidence: Evidence, row: pd.Series) -> str:
    """Who reached the outcome and what came first, the cumulative incidence, the median, and the follow-up."""
    same = {"definition": row["definition"], "group": "all", "analysis": "primary"}
    curves = found.rows("cumulative_incidence", **same)
    event, what, texts = row["cause"], fmt.words(row["cause"]), []
    happened = curves.groupby("cause", sort=False)["events"].sum()
    competing = [(cause, number) for cause, number in happened.items() if cause != event]
    noun = say.noun_of(found.cohort.population)
    texts.append(say.reached(what, row["events"], row["n"], noun, competing))
    steps = curves[(curves["cause"] == event) & (curves["events"] > 0)]
    if len(steps):
        end = steps.loc[steps["time"].idxmax()]
        texts.append(say.incidence(what, end["estimate"], end["lower"], end["upper"], end["time"], row["n"],
                                   level=row["level"]))  # fmt: skip
    texts.append(say.median_time(what, row["estimate"], row["lower"], row["upper"], level=row["level"]))
    watched = found.rows("median_follow_up", **same)
    if len(watched):
        texts.append(say.follow_up(watched.iloc[0]["estimate"], watched.iloc[0]["n"]))
    under = "" if row["definition"].startswith("as_reported") else f"Under {evidence.label(row['definition'])}: "
    return under + " ".join(text for text in texts if text)


def median_grid(found: CohortEvidence, evidence: Evidence) -> Grid:
    """Median times of every definition and group."""
    rows = []
    for row in found.rows("median_time", analysis="primary").to_dict("records"):
        what = row["definition"].removeprefix("as_reported_") if row["definition"].startswith("as_reported_") else ""
        name = fmt.words(what) if what else evidence.label(row["definition"])
        rows.append([name, row["group"], fmt.counts(row["events"], row["n"]), fmt.day_number(row["estimate"]),
                     fmt.day_interval(row["lower"], row["upper"])])  # fmt: skip
    level = fmt.level_text(evidence.config.level)
    header = ["Definition or outcome", "Group", "With the event", "Median, days", f"{level} interval"]
    return Grid("Median time", header, rows, 2, "Kaplan-Meier, competing events censored; log-log interval.")

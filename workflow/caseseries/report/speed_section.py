"""How fast: cumulative incidence, median time, follow-up, and what a small or selected cohort cannot say."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pandas as pd

from caseseries.model.applicable import main_definition
from caseseries.model.groups import ALL
from caseseries.model.methods import WILSON
from caseseries.model.results import number_key
from caseseries.report.embed import pictures, shown_tables
from caseseries.report.page import Block, Folded, Paragraph, paragraphs
from caseseries.report.predictor_words import predictor_sentences
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.tables.cases import FOLLOWED_FROM
from caseseries.words.nouns import people_of
from caseseries.words.numbers import percent
from caseseries.words.response import say_test
from caseseries.words.spelling import words
from caseseries.words.times import (
    say_by_visits,
    say_follow_up,
    say_incidence,
    say_left_out,
    say_median_time,
    say_no_curve,
    say_only_time,
    say_rate_and_curve,
    say_reached,
    say_small_curve,
    say_times_of_events,
    say_total_and_curve,
)


def speed(found: CohortResults, study: Study) -> list[Block]:
    """Time to response or to the outcome that the source times; nothing where none is timed."""
    row = leading_median(found)
    if row is None:
        return []
    blocks = paragraphs(" ".join(leading_times(found, study)), selected_times(found))
    blocks[0] = replace(cast("Paragraph", blocks[0]), key=number_key(row.to_dict()))
    drawn = pictures(found, {"incidence", "states", "survival"})
    if drawn and row["n"] > 1:
        blocks += paragraphs(say_small_curve(row["n"]), tone="note")
    blocks += drawn[:1]
    further: list[Block] = [*drawn[1:], *pictures(found, {"supplement"}), *shown_tables(found, {"times"})]
    return [*blocks, Folded("Every time and curve", further, screen_only=True)] if further else blocks


def leading_median(found: CohortResults) -> pd.Series | None:
    """The time that speaks for the cohort: that under the definition that leads.

    It is the median of everybody, or of those with the event where cases were selected by their outcome, or where
    they alone have times.
    """
    medians, alone = (found.rows(name, analysis="primary", group=ALL) for name in ("median_time", "time_of_events"))
    medians = alone if found.cohort.selected or not len(medians) else medians
    rows = chosen(medians, definition=main_definition(found.leads, medians["definition"]))
    return rows.iloc[0] if len(rows) else None


def leading_times(found: CohortResults, study: Study) -> list[str]:
    """Sentences on the time that speaks for the cohort, none where nothing is timed."""
    row = leading_median(found)
    return [] if row is None else time_sentences(found, study, row)


def selected_times(found: CohortResults) -> str:
    """What selection by outcome does to times, "" where cases were not selected."""
    if not found.cohort.selected:
        return ""
    return (
        "No curve is drawn, because the cases were selected by their outcome: no time of theirs can stand for other "
        "patients."
    )


def time_sentences(found: CohortResults, study: Study, row: pd.Series) -> list[str]:
    """Who reached the outcome and what came first, the cumulative incidence, the medians, and the follow-up.

    Where cases were selected by their outcome only the times of those who reached it are said.
    """
    same = {"definition": row["definition"], "analysis": "primary"}
    what = words(row["cause"])
    under = "" if row["definition"].startswith("as_reported") else f"Under {study.label(row['definition'])}: "
    if row["n"] == 1 and row["events"] == 1:
        return [under + say_only_time(what, row["estimate"])]
    if found.cohort.selected:
        return [under + times_of_events(row)]
    left_out = failures_left_out(found, row)
    if row["statistic"] == "time_of_events":
        why = say_no_curve(what, left_out, people_of([found.cohort])) if left_out else ""
        return [under + times_of_events(row), *filter(None, [why])]
    watched = found.rows("median_follow_up", group=ALL, **same)
    if later_events(found, row):
        # Those who had it later were watched for longer than their curve says.
        watched = watched.iloc[:0]
    texts = [*course_sentences(found, row), rate_and_curve(found, row)]
    texts += [say_left_out(what, left_out), median_sentence(found, row)]
    texts.append(by_visits(found, row))
    texts += [times_of_events(line) for _, line in found.rows("time_of_events", group=ALL, **same).iterrows()]
    texts += [say_follow_up(line.estimate, line.n) for line in watched.itertuples() if line.events >= FOLLOWED_FROM]
    texts += [
        say_test(line.estimate, line.n, groups=found.groups_compared(line), test=line.method)
        for line in found.rows("p_value", cause=row["cause"], **same).itertuples()
    ]
    texts.append(predictor_sentences(found, "hazard_ratio", row["definition"], what))
    return [under + texts[0], *(text for text in texts[1:] if text)]


def median_sentence(found: CohortResults, row: pd.Series) -> str:
    """The median of everybody, with where the cumulative incidence ends if it is not reached."""
    end, what = last_step(found, row), words(row["cause"])
    ends = "" if end is None else percent(end["estimate"], row["n"])
    limits = row["lower"], row["upper"]
    return say_median_time(what, row["estimate"], *limits, level=row["level"], ends=ends)


def by_visits(found: CohortResults, row: pd.Series) -> str:
    """By which day half had reached the outcome as intervals between visits tell it; "" where that is no sooner."""
    same = {"definition": row["definition"], "group": ALL, "analysis": "sensitivity", "cause": row["cause"]}
    steps = found.rows("interval_incidence", **same)
    half = steps[steps["estimate"] >= 0.5].sort_values("time").head(1)
    return "".join(say_by_visits(words(row["cause"]), day) for day in half["time"] if not day >= row["estimate"])


def times_of_events(row: pd.Series) -> str:
    """Median and range of those who reached the outcome."""
    return say_times_of_events(words(row["cause"]), row["estimate"], row["lower"], row["upper"], row["events"])


def last_step(found: CohortResults, row: pd.Series) -> pd.Series | None:
    """The last step of the cumulative incidence of the outcome; None where it has none."""
    same = {"definition": row["definition"], "group": ALL, "analysis": "primary", "cause": row["cause"]}
    curve = found.rows("cumulative_incidence", **same)
    steps = curve[curve["events"] > 0]
    return steps.loc[steps["time"].idxmax()] if len(steps) else None


def course_sentences(found: CohortResults, row: pd.Series) -> list[str]:
    """Who reached the outcome, what came first in the others, and the cumulative incidence."""
    first = found.rows("came_first", definition=row["definition"], group=ALL, analysis="primary")
    event, what = row["cause"], words(row["cause"])
    competing = [(one.cause, one.events) for one in first.itertuples() if one.cause not in (event, "censored")]
    noun, later = people_of([found.cohort]), later_events(found, row)
    texts = [say_reached(what, row["events"], row["n"], noun, competing, later=later)]
    end = last_step(found, row)
    if end is not None:
        texts.append(
            say_incidence(what, end["estimate"], end["lower"], end["upper"], end["time"], row["n"], level=row["level"])
        )
    return texts


def rate_and_curve(found: CohortResults, row: pd.Series) -> str:
    """Why the rate of the same definition does not count the same responders as the curve; "" where it does."""
    same = {"definition": row["definition"], "group": ALL, "method": WILSON}
    on_curve = (row["events"], row["n"])
    rates = found.rows("response_rate", analysis="primary", **same)
    if row["cause"] != "response":
        return ""
    if not len(rates) or not rates["n"].iloc[0]:
        totals = found.rows("response_rate", analysis="aggregate", **same)
        return say_total_and_curve((totals["events"].iloc[0], totals["n"].iloc[0]), on_curve) if len(totals) else ""
    alone = [
        [(line.cause, line.events) for line in found.rows(name, definition=row["definition"]).itertuples()]
        for name in ("responders_by_class_alone", "responders_by_time_alone")
    ]
    return say_rate_and_curve((rates["events"].iloc[0], rates["n"].iloc[0]), on_curve, *alone)


def failures_left_out(found: CohortResults, row: pd.Series) -> float:
    """How many are known not to have responded and have no time."""
    return found.events_of("failures_without_time", definition=row["definition"], group=ALL)


def later_events(found: CohortResults, row: pd.Series) -> float:
    """How many reached the outcome after the last day known to be before it, the day itself not known."""
    same = {"definition": row["definition"], "cause": row["cause"], "group": ALL, "analysis": "primary"}
    return found.events_of("later_events", **same)

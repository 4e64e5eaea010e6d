"""How many responded: the headline rate, its intervals and bounds, the spread over definitions, what has no rate."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pandas as pd

from caseseries.model.applicable import main_definition
from caseseries.model.groups import ALL
from caseseries.model.results import number_key
from caseseries.report.definition_chooser import definition_chooser
from caseseries.report.dosing_section import doses_known
from caseseries.report.embed import opening_picture, pictures, shown_tables
from caseseries.report.page import Block, Folded, Paragraph, Tabular, paragraphs
from caseseries.report.predictor_words import predictor_sentences
from caseseries.report.speed_section import leading_median
from caseseries.report.spread_section import choices_sentence, spread_blocks
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.rates import already_met
from caseseries.words.labels import caution_notes
from caseseries.words.nouns import people_of
from caseseries.words.numbers import counts
from caseseries.words.response import (
    BECAUSE_WORDS,
    NO_REASON,
    say_already_met,
    say_bounds,
    say_difference,
    say_groups,
    say_not_evaluable,
    say_response,
    say_selected,
    say_spread,
    say_standard_definitions,
    say_test,
)
from caseseries.words.spelling import sentence
from caseseries.words.variables import noun_of

NONE_LEADS = (
    "No rate leads: nobody can be evaluated under the rule of the authors or the consensus, and cohort.yaml names no "
    "main definition."
)
"""Said where there are rates, and what was decided beforehand gives none of them the lead."""


def headline(found: CohortResults) -> pd.Series | None:
    """The rate that speaks for the cohort (a row of `rates.rate_frame`), None where there is none.

    It is the one under the definition that leads; of all cases, or of the first group where totals are given by group.
    """
    rates = found.rates
    rates = rates[rates["n"] > 0]
    rows = chosen(rates, definition=main_definition(found.leads, rates["definition"]))
    if not len(rows):
        return None
    group = ALL if (rows["group"] == ALL).any() else rows["group"].iloc[0]
    return chosen(rows, group=group).iloc[0]


def response_sentence(found: CohortResults, study: Study) -> str:
    """The headline rate in words, why none of several rates leads, "" where there is none."""
    rate = headline(found)
    if rate is None:
        rates = found.rates
        return NONE_LEADS if (rates["n"] > 0).any() else ""
    text = say_response(
        rate["events"],
        rate["n"],
        rate["lower"],
        rate["upper"],
        level=rate["level"],
        noun=people_of([found.cohort]),
        not_evaluable=rate["not_evaluable"],
    )
    if rate["analysis"] == "aggregate" and rate["note"]:
        text += " " + sentence("the count is " + rate["note"])
    if rate["definition"] == "as_reported":
        return text
    return f"Under {study.label(rate['definition'])}, {text[0].lower()}{text[1:]}"


def rule_sentence(found: CohortResults, study: Study) -> str:
    """The authors' rule and whether a standard definition can be evaluated; nothing where rates were withheld."""
    if len(found.withheld):
        return ""
    stated = found.cohort.source_definition
    rule = "" if stated == "not_stated" else study.label(stated)
    return say_standard_definitions(
        rule,
        evaluable=found.definitions_of("evaluable"),
        total=found.definitions_applied,
        lacking=lacks(found, study),
        published=found.published,
    )


def lacks(found: CohortResults, study: Study) -> list[str]:
    """What of a cohort is not there that a definition needs; nothing where it has counts."""
    if found.data != "cases":
        return ["single cases"] if found.data == "totals" else []
    doses, times = doses_known(found, study), leading_median(found) is not None
    return ["the counts", *["doses"] * (not doses), *["times"] * (not times)]


def standard_definitions(found: CohortResults, study: Study) -> list[str]:
    """Ids of the definitions that class episodes, the authors' own class and those that measure a number apart.

    Of a cohort that another centre sent as rates they are those of its rates.
    """
    sent = found.rows("response_rate", analysis=["primary", "aggregate"])
    names = dict.fromkeys([*found.responses["definition"], *sent["definition"]])
    return [name for name in names if not name.startswith("as_reported") and name not in study.measures]


def evaluable_definitions(found: CohortResults, study: Study) -> list[str]:
    """Ids of the standard definitions under which somebody can be evaluated."""
    rated = found.rows("response_rate", analysis=["primary", "aggregate"])
    known = {*found.facts.evaluable, *rated.loc[rated["n"] > 0, "definition"]}
    return [name for name in standard_definitions(found, study) if name in known]


def response(found: CohortResults, study: Study) -> list[Block]:
    """Response under each definition."""
    blocks = response_words(found, study)
    tables = [without_cautions(table, study) for table in shown_tables(found, {"responses", "rates", "definitions"})]
    first = opening_picture(found, study) if study.opens(found) else None
    every = pictures(found, {"brief", "rates", "definitions"})
    drawn = [picture for picture in every if first is None or picture.file != first.file]
    rate = headline(found)
    if rate is not None and not found.cohort.selected:
        blocks += definition_chooser(rate["definition"], found, study)
    shown = drawn[:1] if len(drawn) == len(every) else []
    blocks += shown
    if tables:
        blocks.append(Folded("Every definition", [*drawn[len(shown) :], *tables], screen_only=True))
    return [*blocks, *spread_blocks(found)]


def response_words(found: CohortResults, study: Study) -> list[Block]:
    """What is said of response before anything is drawn."""
    cohort = found.cohort
    if cohort.selected:
        blocks = paragraphs(say_selected(cohort.selected), tone="caution")
    else:
        said = "" if study.opens(found) else response_sentence(found, study)
        blocks = paragraphs(f"{said} {bounds_sentence(found)}".strip())
        rate = headline(found)
        if said and rate is not None:
            key = number_key({"statistic": "response_rate"} | rate.to_dict())
            blocks[0] = replace(cast("Paragraph", blocks[0]), key=key)
        blocks += paragraphs(met_sentence(found, study), tone="caution")
        blocks += paragraphs(apart_sentence(found), group_sentences(found))
        if rate is not None:
            blocks += paragraphs(predictor_sentences(found, "odds_ratio", rate["definition"], "response"))
    rule = "" if study.opens(found) else rule_sentence(found, study)
    if found.data == "counts":
        not_evaluable = say_not_evaluable(reasons(found), found.definitions_applied)
        ruled = f"{rule} {spread_sentence(found, study)}".strip()
        blocks += paragraphs(ruled, choices_sentence(found, study), not_evaluable)
    else:
        blocks += paragraphs(rule)
    return blocks


def without_cautions(shown: Tabular, study: Study) -> Tabular:
    """A table without the notes on single definitions, which stand once, with the definitions."""
    named = {note for name in study.definitions for note in caution_notes([name], study.definitions)[1:]}
    notes = tuple(note for note in shown.table.notes if note not in named)
    return replace(shown, table=replace(shown.table, notes=notes))


def bounds_sentence(found: CohortResults) -> str:
    """The bounds of the headline rate where some could not be evaluated."""
    rate = headline(found)
    if rate is None or not rate["not_evaluable"]:
        return ""
    everybody = rate["n"] + rate["not_evaluable"]
    return say_bounds(rate["worst"], rate["best"], everybody, rate["not_evaluable"])


def group_sentences(found: CohortResults) -> str:
    """Responders of each group under the headline's definition, with their difference and its test where there is one.

    Groups are those that cohort.yaml declares; "" where it declares none.
    """
    rate = headline(found)
    if rate is None or found.cohort.grouped_by is None:
        return ""
    same = {"definition": rate["definition"], "analysis": "primary"}
    rates = chosen(found.rates, **same)
    groups = [(row.group, row.events, row.n) for row in rates.itertuples() if row.group != ALL and row.n > 0]
    what = noun_of(found.cohort.variable(found.cohort.grouped_by))
    texts = [say_groups(groups, what)] if len(groups) > 1 else []
    for row in found.rows("rate_difference", **same).itertuples():
        contrast = row.contrast if len(groups) > 2 else ""
        texts.append(say_difference(row.estimate, row.lower, row.upper, level=row.level, contrast=contrast))
    for row in found.rows("p_value", cause="", **same).itertuples():
        texts.append(say_test(row.estimate, row.n, groups=found.groups_compared(row)))
    return " ".join(text for text in texts if text)


def met_sentence(found: CohortResults, study: Study) -> str:
    """Under which definitions somebody's baseline already met the count that is asked for; "" where under none."""
    met = already_met(found.estimates)
    if not met:
        return ""
    most, n = max(met.values())
    same = len(set(met.values())) == 1
    return say_already_met(most, n, [study.label(name) for name in met], same=same)


def apart_sentence(found: CohortResults) -> str:
    """How many episodes are no treatment starts and stand apart; "" where all are."""
    rows = found.rows("not_a_start")
    if not len(rows):
        return ""
    apart, n = rows["events"].iloc[0], rows["n"].iloc[0]
    return sentence(f"this is a rate of treatment starts: {counts(apart, n)} episodes are none and stand apart")


def spread_sentence(found: CohortResults, study: Study) -> str:
    """The range of the rate over the definitions that can be evaluated."""
    rates = chosen(found.rates, analysis="primary", group=ALL)
    rates = rates[(rates["n"] > 0) & rates["definition"].isin(standard_definitions(found, study))]
    if not len(rates):
        return ""
    ordered = rates.sort_values(["estimate", "definition"])
    lowest, highest = (
        (study.label(row["definition"]), row["events"], row["n"]) for row in (ordered.iloc[0], ordered.iloc[-1])
    )
    return say_spread(lowest, highest, found.definitions_of("rated"))


def reasons(found: CohortResults) -> list[tuple[str, int]]:
    """Why definitions cannot be evaluated in anybody, with how many, the commonest first.

    None where cases were selected by their outcome: nothing is estimated there, so that nothing gives a reason.
    """
    if found.cohort.selected:
        return []
    rows = chosen(found.definition_counts, standing="not evaluable")
    said = [(BECAUSE_WORDS.get(row.cause, NO_REASON), int(row.definitions)) for row in rows.itertuples()]
    return sorted(said, key=lambda one: (-one[1], one[0]))

"""The first screen of a page: the answer for its first cohort, its picture, one line each on dosing, safety, and
reproduction."""

from __future__ import annotations

import pandas as pd

from caseseries.model.results import number_key
from caseseries.report.cohort_section import verdict_counts
from caseseries.report.dosing_section import dosing_sentence
from caseseries.report.embed import opening_picture
from caseseries.report.made_section import recomputed_sentence
from caseseries.report.page import Opening
from caseseries.report.response_section import headline, response_sentence, rule_sentence
from caseseries.report.safety_section import safety_sentence
from caseseries.report.sources import ways_of
from caseseries.report.speed_section import leading_times
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.rates import rate_frame, rate_text
from caseseries.words.claims import say_reproduction
from caseseries.words.labels import member_label
from caseseries.words.numbers import fraction
from caseseries.words.response import WITHHELD, say_selected

NO_HARM_COUNTED = "No adverse event was counted; that none is written down does not mean that there was none."


def opening(found: CohortResults, study: Study) -> Opening:
    """What the reader sees of a cohort without scrolling."""
    cohort = found.cohort
    if cohort.selected:
        answer, context = say_selected(cohort.selected), ""
    else:
        answer, context = response_sentence(found, study), rule_sentence(found, study)
    if not answer:
        answer, *further = leading_times(found, study) or [nothing(found), context]
        context = " ".join(further)
    claimed = verdict_counts(found)
    checked = say_reproduction(claimed) if claimed else recomputed_sentence(study)
    lines = [
        ("Dosing", dosing_sentence(found, study)),
        ("Safety", safety_sentence(found) or NO_HARM_COUNTED),
        ("Reproduction" if claimed else "Computed a second time", checked),
    ]
    about = ", ".join(
        part for part in (cohort.citation.split(".")[0], cohort.design, cohort.setting, cohort.period) if part
    )
    told = [(term, text) for term, text in lines if text]
    return Opening(
        cohort.title,
        about,
        answer,
        context,
        told,
        opening_picture(found, study),
        cohort.synthetic,
        opening_numbers(found, study),
        answer_anchor(found),
    )


def answer_anchor(found: CohortResults) -> str:
    """The place in the page of the row of the rate that is the answer, "" where another number is."""
    rate = headline(found)
    if rate is None or found.cohort.selected:
        return ""
    return ways_of(found).get(number_key({"statistic": "response_rate"} | rate.to_dict()), "")


def nothing(found: CohortResults) -> str:
    """Why there is no answer: it is withheld, or nobody can be evaluated."""
    return WITHHELD if {"rates", "cohort"} & set(found.withheld["kind"]) else "Nothing of this cohort can be evaluated."


def opening_numbers(found: CohortResults, study: Study) -> list[tuple[str, str, str]]:
    """The numbers of the pool that the cohort belongs to, its members first; none where it belongs to none."""
    for pool in study.config.pools:
        main = chosen(study.pooled, group=pool.id, statistic="pooled_rate", analysis="main")
        if found.cohort.id not in [member.cohort for member in pool.members] or main.empty:
            continue
        rows = [
            (member_label(member.cohort, member.group), fraction(rate.events, rate.n), rate_text(rate))
            for member in pool.members
            if member.cohort in study.cohorts
            for rate in member_rates(study.cohorts[member.cohort], member.group, pool.definition).itertuples()
        ]
        return [*rows, *(("Pooled", fraction(rate.events, rate.n), rate_text(rate)) for rate in main.itertuples())]
    return []


def member_rates(found: CohortResults, group: str, definition: str) -> pd.DataFrame:
    """The rate with which a cohort's group enters a pool."""
    return chosen(rate_frame(found.estimates), group=group, definition=definition).head(1)

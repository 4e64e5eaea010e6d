"""The first screen of the report: the answer for the flagship, its picture, one line on dosing, one on
safety, one on reproduction."""

from __future__ import annotations

from caseseries.report.cohort_section import verdict_counts
from caseseries.report.dosing_section import dosing_sentence
from caseseries.report.embed import picture
from caseseries.report.evidence import Evidence
from caseseries.report.page import Opening, Picture
from caseseries.report.response_section import response_sentence, rule_sentence
from caseseries.report.safety_section import safety_sentence
from caseseries.report.speed_section import leading_times
from caseseries.words.claims import say_reproduction
from caseseries.words.response import say_selected


def opening(evidence: Evidence) -> Opening:
    """What the reader sees without scrolling."""
    found = evidence.flagship
    cohort = found.cohort
    if cohort.selected:
        answer, context = say_selected(cohort.selected), ""
    else:
        answer, context = response_sentence(found, evidence), rule_sentence(found, evidence)
    if not answer:
        answer, *further = leading_times(found, evidence) or ["Nothing of this cohort can be evaluated.", context]
        context = " ".join(further)
    safety = safety_sentence(found) or "Not evaluable: no adverse event was counted."
    lines = [
        ("Dosing", dosing_sentence(found, evidence)),
        ("Safety", safety),
        ("Reproduction", say_reproduction(verdict_counts(found))),
    ]
    about = ", ".join(
        part for part in (cohort.citation.split(".")[0], cohort.design, cohort.setting, cohort.period) if part
    )
    return Opening(cohort.title, about, answer, context, lines, opening_picture(evidence), cohort.synthetic)


def opening_picture(evidence: Evidence) -> Picture | None:
    """The flagship beside the cohorts it is pooled with, else its own rates in brief, else its first figure."""
    found = evidence.flagship
    pools = [pool.id for pool in evidence.config.pools if found.cohort.id in [m.cohort for m in pool.members]]
    for entry in evidence.figures:
        if entry["kind"] == "forest" and any(pool in entry["id"] for pool in pools):
            return picture(entry, evidence.folder)
    kinds = ["brief", "definitions", "rates"]
    own = sorted(found.figures, key=lambda entry: kinds.index(entry["kind"]) if entry["kind"] in kinds else len(kinds))
    return picture(own[0], found.folder) if own else None

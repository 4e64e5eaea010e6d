"""The first screen of a page: the answer for its first cohort, its picture, one line each on dosing, safety, and
reproduction."""

from __future__ import annotations

from caseseries.report.cohort_section import verdict_counts
from caseseries.report.dosing_section import dosing_sentence
from caseseries.report.embed import picture
from caseseries.report.evidence import CohortEvidence, Evidence
from caseseries.report.made_section import recomputed_sentence
from caseseries.report.page import Opening, Picture
from caseseries.report.response_section import response_sentence, rule_sentence
from caseseries.report.safety_section import safety_sentence
from caseseries.report.speed_section import leading_times
from caseseries.words.claims import say_reproduction
from caseseries.words.response import say_selected

NO_HARM_COUNTED = "No adverse event was counted; that none is written down does not mean that there was none."


def opening(found: CohortEvidence, evidence: Evidence) -> Opening:
    """What the reader sees of a cohort without scrolling."""
    cohort = found.cohort
    if cohort.selected:
        answer, context = say_selected(cohort.selected), ""
    else:
        answer, context = response_sentence(found, evidence), rule_sentence(found, evidence)
    if not answer:
        answer, *further = leading_times(found, evidence) or ["Nothing of this cohort can be evaluated.", context]
        context = " ".join(further)
    checked = say_reproduction(verdict_counts(found)) if len(found.claims) else recomputed_sentence(evidence)
    lines = [
        ("Dosing", dosing_sentence(found, evidence)),
        ("Safety", safety_sentence(found) or NO_HARM_COUNTED),
        ("Reproduction" if len(found.claims) else "Computed a second time", checked),
    ]
    about = ", ".join(
        part for part in (cohort.citation.split(".")[0], cohort.design, cohort.setting, cohort.period) if part
    )
    told = [(term, text) for term, text in lines if text]
    return Opening(cohort.title, about, answer, context, told, opening_picture(found, evidence), cohort.synthetic)


def opening_picture(found: CohortEvidence, evidence: Evidence) -> Picture | None:
    """The cohort beside those it is pooled with, else its own rates in brief, else its first figure."""
    pools = [pool.id for pool in evidence.config.pools if found.cohort.id in [m.cohort for m in pool.members]]
    for entry in evidence.figures:
        if entry["kind"] == "forest" and any(pool in entry["id"] for pool in pools):
            return picture(entry, evidence.folder)
    kinds = ["brief", "definitions", "rates"]
    own = sorted(found.figures, key=lambda entry: kinds.index(entry["kind"]) if entry["kind"] in kinds else len(kinds))
    return picture(own[0], found.folder) if own else None

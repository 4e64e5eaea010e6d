"""A methods section and a results section of a cohort, from its description, its configuration and its results."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import metadata

from caseseries.export.references import INTERVALS, PACKAGES, SENTENCES, WORKS, as_reference
from caseseries.model.applicable import REPORTED, main_definition
from caseseries.model.definition import Definition
from caseseries.report.cohort_section import who
from caseseries.report.page import Block, Paragraph, paragraphs
from caseseries.report.response_section import (
    evaluable_definitions,
    headline,
    response_sentence,
    response_words,
    rule_sentence,
)
from caseseries.report.safety_section import safety
from caseseries.report.speed_section import speed
from caseseries.report.spread_section import spread_blocks
from caseseries.report.study import CohortResults, Study
from caseseries.words.definitions import say_condition, say_step
from caseseries.words.intervals import level_text
from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.spelling import sentence, small
from caseseries.words.units import with_signs

SELDOM = ("note",)
"""Tones of paragraphs that explain how to read a page and belong in no manuscript."""

PROVENANCE = {
    "transcribed": "The rows were transcribed from the publication",
    "registry": "The rows come from a register",
    "synthetic": "The rows were simulated; no patient stands behind them",
}


@dataclass
class Manuscript:
    """Sentences of a text with what they cite, numbered in the order in which it is cited."""

    cited: list[str] = field(default_factory=list)

    def cite(self, text: str, *references: str) -> str:
        """A sentence with the numbers of its references behind it."""
        for reference in references:
            if reference not in self.cited:
                self.cited.append(reference)
        numbers = sorted({self.cited.index(reference) + 1 for reference in references})
        said = sentence(text).removesuffix(".")
        return f"{said} [{', '.join(map(str, numbers))}]." if numbers else f"{said}."


def methods_paragraphs(found: CohortResults, study: Study, text: Manuscript) -> list[str]:
    """Design and cases, response, statistics, software: a paragraph each."""
    parts = [
        design_sentences(found, text),
        response_sentences(found, study, text),
        statistics_sentences(found, study.config.level, text),
        [software_sentence(text)],
    ]
    return [" ".join(part) for part in parts if part]


def results_paragraphs(found: CohortResults, study: Study) -> list[str]:
    """What the report says of cases, response, time and safety, in its words."""
    responded = [*response_words(found, study), *spread_blocks(found)]
    parts = ([*who(found), *_answer(found, study), *responded], speed(found, study), safety(found))
    return [said for part in parts if (said := _said(part))]


def _answer(found: CohortResults, study: Study) -> list[Block]:
    """The rate and its rule, which a page says on its first screen and not again in its section on response."""
    if not study.opens(found):
        return []
    return paragraphs("" if found.cohort.selected else response_sentence(found, study), rule_sentence(found, study))


def _said(blocks: Iterable[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph) and block.tone not in SELDOM)


def design_sentences(found: CohortResults, text: Manuscript) -> list[str]:
    """What the series is, of whom, and where its rows come from."""
    cohort = found.cohort
    source = as_reference(cohort.citation, cohort.doi)
    said = [
        text.cite(", ".join(part for part in (cohort.design, cohort.setting, cohort.period) if part)),
        text.cite(f"cases: {small(with_signs(cohort.population))}"),
        text.cite(PROVENANCE[cohort.provenance], source),
    ]
    if cohort.selected_for:
        said.append(text.cite(f"cases were selected for {cohort.selected_for}, so that no rate is given"))
    return said


def response_sentences(found: CohortResults, study: Study, text: Manuscript) -> list[str]:
    """By which definitions response was judged, in full for the one that leads, and what is not evaluable."""
    able = evaluable_definitions(found, study)
    rate = headline(found)
    leading = rate["definition"] if rate is not None and not found.cohort.selected_for else ""
    said = [text.cite("response classes are those that the source reports")] if leading == "as_reported" else []
    if able:
        sources = (source_of(study.catalogue[name]) for name in able if name in study.catalogue)
        shown = f"{found.definitions_of('evaluable')} of {plural(found.definitions_applied, 'response definition')}"
        said.append(text.cite(f"{shown} could be applied", *dict.fromkeys(filter(None, sources))))
    spoken = study.catalogue.get(main_definition([name for name in found.leads if name != REPORTED], able))
    said += [definition_sentence(spoken, text)] if spoken is not None else []
    if leading:
        said.append(
            "A clause is met, not met or not evaluable; cases that the records cannot decide leave the denominator, "
            "and bounds show the rate if none or all of them had responded."
        )
    return said


def definition_sentence(definition: Definition, text: Manuscript) -> str:
    """A definition in words: what is admitted, then each class in the order in which it is tried."""
    steps = [small(say_step(step)) for step in definition.admit]
    classes = [f"{rule.label} was {say_condition(rule.when, definition)}" for rule in definition.classes]
    classes += [f"{definition.else_} was anything else"] if definition.else_ else []
    source = source_of(definition)
    return text.cite(f"under {definition.label}: {'; '.join([*classes, *steps])}", *([source] if source else []))


def source_of(definition: Definition) -> str:
    """The source of a definition as a reference, "" where it has none."""
    if definition.source is None or definition.reported:
        return ""
    return as_reference(definition.cited.citation, definition.cited.doi)


def statistics_sentences(found: CohortResults, level: float, text: Manuscript) -> list[str]:
    """A sentence for each method that stands behind a number of the cohort."""
    known = found.estimates[found.estimates["estimate"].notna()]
    used = set(zip(known["statistic"], known["method"], strict=True))
    said = []
    described = [INTERVALS[method] for method in INTERVALS if any(name == method for _, name in used)]
    if described:
        names = listing([name for name, _ in described])
        said.append(text.cite(f"rates have {level_text(level)} intervals by {names}", *(key for _, key in described)))
    said += [text.cite(words, *keys) for statistic, method, words, keys in SENTENCES if (statistic, method) in used]
    if any(entry["kind"] == "agreement" for entry in found.tables):
        said.append(
            text.cite("agreement of definitions was measured by Cohen's kappa and by Gwet's AC1", "kappa", "ac1")
        )
    return said


def software_sentence(text: Manuscript) -> str:
    """What computed, with versions."""
    python = ".".join(platform.python_version_tuple()[:2])
    packages = listing([f"{name} {metadata.version(name)}" for name in PACKAGES])
    made = f"analyses were made by caseseries {metadata.version('caseseries')} under Python {python}, with {packages}"
    return text.cite(made, *PACKAGES)


def reference_list(text: Manuscript) -> list[str]:
    """The references in the order of their numbers."""
    return [f"{number}. {WORKS.get(key, key)}" for number, key in enumerate(text.cited, start=1)]

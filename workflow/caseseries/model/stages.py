"""The stages: one row each. The command line, the paths, the rules, `verify` and the tests of the rules read it.

A row names what the stage reads and writes; what it reads is either a source (`SOURCES`) or a result of a stage above
it. A path with `{cohort}` in it exists once for every cohort; one that ends with a slash is a folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

ROOMS = {
    "model": "the nouns: cohort, records contract, definition algebra, configuration, findings, results, stages, paths",
    "words": "the only place where a number, unit, list, event or definition becomes text",
    "estimators": "pure functions on arrays; they import nothing of ours",
    "ingest": "source files become typed records; identifiers and faults are refused",
    "reconstruct": "printed curves become the case histories that fit them",
    "response": "records and definitions become response classes and times, each explained",
    "sensitivity": "what definitions and choices move",
    "estimate": "classes and times become rates, curves, pooled rates",
    "audit": "dosing and eligibility: rows with a verdict",
    "reconcile": "published claims beside our numbers",
    "recompute": "a second opinion: what other packages make of the same records",
    "disclose": "restricted results in, releasable results out",
    "show": "`tables/` and `figures/` of results",
    "report": "page, sections, `templates/`",
    "export": "Word and Excel files from tables, figures and sentences; checklists; data sets for other software",
    "seal": "manifest, crate, verify",
}
"""The rooms in the order in which data flow; a room imports only rooms above it."""

WHOLE = (".",)
"""All code of the package, for a stage that describes it."""

SOURCES = {
    "cohort": "data/{cohort}/cohort.yaml",
    "tables_given": "data/{cohort}/",
    "published": "data/{cohort}/claims.yaml",
    "definition_files": "config/definitions/**/*.yaml",
    "drug_files": "config/drugs/*.yaml",
    "safety_words": "config/safety.yaml",
    "checklist_files": "config/checklists/*.yaml",
    "configuration": "config/*.yaml",
}
"""What people write, by name. `tables_given` is the folder of a cohort but for its claims and its README, which change
no record; a cohort may lack `published`."""

SHIPPED = ("definition_files", "drug_files", "safety_words", "checklist_files")
"""Sources that come with the software; a study apart from it has definitions and drugs of its own beside them."""

NO_RECORDS = frozenset({"claims.yaml", "README.md"})
"""Files of a cohort folder that change no record."""


@dataclass(frozen=True)
class Verb:
    """A word of the command line.

    Parameters
    ----------
    verb : the word itself.
    module : where its `add_arguments` and `run` are.
    about : what it does, in a line.
    layout : whether data, config and results may be named one by one.
    """

    verb: str
    module: str
    about: str
    layout: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Stage(Verb):
    """A verb that the workflow calls: a rule of its name makes its outputs from its inputs.

    Parameters
    ----------
    inputs : names of sources and of results of stages above.
    outputs : name of each result -> its path.
    rooms : rooms whose code it runs; a change there runs it again.
    settings : keys of the configuration that it reads.
    rule : name of the rule; that of the verb if it has one rule alone.
    only_with : table of a cohort's folder without which the workflow does not call it for the cohort.
    """

    inputs: tuple[str, ...]
    outputs: dict[str, str] = field(hash=False)
    rooms: tuple[str, ...]
    settings: tuple[str, ...] = ()
    rule: str = ""
    only_with: str = ""

    def __post_init__(self) -> None:
        if not self.rule:
            object.__setattr__(self, "rule", self.verb)

    @property
    def of_a_cohort(self) -> bool:
        """Whether it runs once for every cohort."""
        return any("{cohort}" in path for path in self.outputs.values())


DISCLOSING = (
    "model",
    "words",
    "estimators",
    "ingest",
    "response",
    "sensitivity",
    "estimate",
    "audit",
    "reconcile",
    "disclose",
)
"""Rooms of the two rules of `disclose`."""

STAGES = (
    Stage(
        verb="definitions",
        module="caseseries.response.definitions",
        about="list the response definitions, show one, or check them",
        inputs=("definition_files",),
        outputs={"catalogue": "results/release/definitions.json"},
        rooms=("model", "words", "response"),
    ),
    Stage(
        verb="ingest",
        module="caseseries.ingest.ingest",
        about="turn a cohort's files into typed records",
        inputs=("tables_given", "drug_files", "safety_words"),
        outputs={
            "records": "results/restricted/{cohort}/records/",
            "queries": "results/restricted/{cohort}/queries.csv",
            "query_counts": "results/restricted/{cohort}/query_counts.csv",
        },
        rooms=("model", "words", "ingest"),
    ),
    Stage(
        verb="reconstruct",
        module="caseseries.reconstruct.reconstruct",
        about="turn printed curves into the case histories that fit them",
        inputs=("cohort", "records"),
        outputs={
            "reconstructed": "results/restricted/{cohort}/reconstructed.csv",
            "reconstructed_ranges": "results/restricted/{cohort}/reconstructed_ranges.csv",
        },
        rooms=("model", "words", "estimators", "ingest", "reconstruct"),
        only_with="curves.csv",
    ),
    Stage(
        verb="classify",
        module="caseseries.response.classify",
        about="response of every episode under every definition",
        inputs=("cohort", "records", "catalogue", "definition_files"),
        outputs={
            "responses": "results/restricted/{cohort}/responses.csv",
            "times": "results/restricted/{cohort}/times.csv",
            "explanations": "results/restricted/{cohort}/explanations.csv",
            "explained_counts": "results/restricted/{cohort}/explained_counts.csv",
        },
        rooms=("model", "words", "response"),
        settings=("definitions", "main_definition"),
    ),
    Stage(
        verb="estimate",
        module="caseseries.estimate.estimate",
        about="rates, curves and description of a cohort",
        inputs=(
            "cohort",
            "records",
            "responses",
            "times",
            "catalogue",
            "definition_files",
            "drug_files",
            "safety_words",
        ),
        outputs={
            "estimates": "results/restricted/{cohort}/estimates.csv",
            "description": "results/restricted/{cohort}/description.csv",
            "spread": "results/restricted/{cohort}/spread.csv",
            "definition_counts": "results/restricted/{cohort}/definition_counts.csv",
            "agreement": "results/restricted/{cohort}/agreement.csv",
            "choices": "results/restricted/{cohort}/choices.csv",
            "multiverse": "results/restricted/{cohort}/multiverse.csv",
            "case_sets": "results/restricted/{cohort}/case_sets.csv",
            "class_changes": "results/restricted/{cohort}/class_changes.csv",
        },
        rooms=("model", "words", "estimators", "response", "sensitivity", "estimate"),
        settings=("level", "main_definition", "incidence_day"),
    ),
    Stage(
        verb="audit",
        module="caseseries.audit.audit",
        about="doses and cases beside what the texts of the drug say",
        inputs=("cohort", "records", "drug_files", "safety_words"),
        outputs={
            "dosing": "results/restricted/{cohort}/dosing.csv",
            "eligibility": "results/restricted/{cohort}/eligibility.csv",
            "audit": "results/restricted/{cohort}/audit.csv",
            "audit_choices": "results/restricted/{cohort}/audit_choices.csv",
            "flow": "results/restricted/{cohort}/flow.csv",
        },
        rooms=("model", "words", "response", "audit"),
    ),
    Stage(
        verb="pool",
        module="caseseries.estimate.pool",
        about="rates pooled over cohorts, as configured",
        inputs=("cohort", "estimates"),
        outputs={"pooled": "results/restricted/pooled/estimates.csv"},
        rooms=("model", "words", "estimators", "response", "estimate"),
        settings=("level", "pools"),
    ),
    Stage(
        verb="reconcile",
        module="caseseries.reconcile.reconcile",
        about="published claims beside our numbers",
        inputs=("cohort", "published", "records", "times", "estimates", "description"),
        outputs={"claims": "results/restricted/claims.csv", "claim_counts": "results/restricted/claim_counts.csv"},
        rooms=("model", "words", "estimators", "ingest", "estimate", "reconcile"),
    ),
    Stage(
        verb="recompute",
        module="caseseries.recompute.recompute",
        about="compute every estimate again with packages made by others",
        inputs=(
            "cohort",
            "records",
            "responses",
            "times",
            "estimates",
            "agreement",
            "pooled",
            "catalogue",
            "drug_files",
            "safety_words",
        ),
        outputs={
            "recomputed": "results/restricted/recomputed.csv",
            "recomputed_counts": "results/restricted/recomputed_counts.csv",
        },
        rooms=("model", "words", "estimators", "response", "estimate", "recompute"),
        settings=("level", "pools"),
    ),
    Stage(
        verb="disclose",
        module="caseseries.disclose.disclose",
        about="release what may leave of a cohort, and of what stands across cohorts",
        inputs=(
            "cohort",
            "records",
            "responses",
            "times",
            "estimates",
            "description",
            "spread",
            "definition_counts",
            "agreement",
            "choices",
            "multiverse",
            "audit",
            "audit_choices",
            "flow",
            "eligibility",
            "catalogue",
            "drug_files",
            "safety_words",
        ),
        outputs={
            "told_estimates": "results/release/{cohort}/estimates.csv",
            "told_description": "results/release/{cohort}/description.csv",
            "told_spread": "results/release/{cohort}/spread.csv",
            "told_definition_counts": "results/release/{cohort}/definition_counts.csv",
            "told_agreement": "results/release/{cohort}/agreement.csv",
            "told_choices": "results/release/{cohort}/choices.csv",
            "told_multiverse": "results/release/{cohort}/multiverse.csv",
            "told_audit": "results/release/{cohort}/audit.csv",
            "told_audit_choices": "results/release/{cohort}/audit_choices.csv",
            "told_flow": "results/release/{cohort}/flow.csv",
            "withheld": "results/release/{cohort}/withheld.csv",
        },
        rooms=DISCLOSING,
        settings=("level", "main_definition"),
    ),
    Stage(
        rule="disclose_across",
        verb="disclose",
        module="caseseries.disclose.disclose",
        about="release what may leave of a cohort, and of what stands across cohorts",
        inputs=("cohort", "told_estimates", "told_description", "pooled", "claims", "recomputed", "published"),
        outputs={
            "told_pooled": "results/release/pooled/estimates.csv",
            "told_claims": "results/release/claims.csv",
            "told_claim_counts": "results/release/claim_counts.csv",
            "told_recomputed": "results/release/recomputed.csv",
            "told_recomputed_counts": "results/release/recomputed_counts.csv",
        },
        rooms=DISCLOSING,
        settings=("level", "pools"),
    ),
    Stage(
        verb="show",
        module="caseseries.show.show",
        about="tables and figures of a cohort, or across cohorts",
        inputs=(
            "cohort",
            "records",
            "responses",
            "times",
            "estimates",
            "description",
            "agreement",
            "choices",
            "multiverse",
            "told_estimates",
            "told_description",
            "told_agreement",
            "told_choices",
            "told_multiverse",
            "class_changes",
            "dosing",
            "audit",
            "audit_choices",
            "flow",
            "told_audit",
            "told_audit_choices",
            "told_flow",
            "catalogue",
            "definition_files",
            "drug_files",
            "safety_words",
        ),
        outputs={
            "tables": "results/release/{cohort}/tables/",
            "figures": "results/release/{cohort}/figures/",
            "shown_apart": "results/restricted/{cohort}/show/",
        },
        rooms=("model", "words", "response", "sensitivity", "audit", "show"),
        settings=("main_definition",),
    ),
    Stage(
        rule="show_pooled",
        verb="show",
        module="caseseries.show.show",
        about="tables and figures of a cohort, or across cohorts",
        inputs=(
            "cohort",
            "records",
            "estimates",
            "pooled",
            "told_estimates",
            "told_pooled",
            "catalogue",
            "definition_files",
        ),
        outputs={
            "tables_across": "results/release/tables/",
            "figures_across": "results/release/figures/",
            "across_apart": "results/restricted/across/",
        },
        rooms=("model", "words", "response", "sensitivity", "audit", "show"),
        settings=("pools",),
    ),
    Stage(
        verb="report",
        module="caseseries.report.report",
        about="write the report from results that are there",
        inputs=(
            "cohort",
            "records",
            "query_counts",
            "responses",
            "explanations",
            "explained_counts",
            "case_sets",
            "estimates",
            "description",
            "spread",
            "definition_counts",
            "choices",
            "told_estimates",
            "told_description",
            "told_spread",
            "told_definition_counts",
            "told_choices",
            "withheld",
            "audit",
            "told_audit",
            "dosing",
            "eligibility",
            "flow",
            "told_flow",
            "agreement",
            "told_agreement",
            "tables",
            "figures",
            "shown_apart",
            "pooled",
            "told_pooled",
            "tables_across",
            "figures_across",
            "across_apart",
            "claims",
            "told_claims",
            "claim_counts",
            "told_claim_counts",
            "published",
            "recomputed",
            "told_recomputed",
            "recomputed_counts",
            "told_recomputed_counts",
            "catalogue",
            "definition_files",
            "drug_files",
            "safety_words",
        ),
        outputs={
            "report": "results/release/report.html",
            "synthetic_report": "results/release/synthetic.html",
            "private_report": "results/restricted/report.html",
            "private_synthetic_report": "results/restricted/synthetic.html",
        },
        rooms=("model", "words", "response", "sensitivity", "audit", "reconcile", "show", "report"),
        settings=("flagship", "definitions", "level", "pools", "main_definition"),
    ),
    Stage(
        verb="export",
        module="caseseries.export.export",
        about="a cohort in Word and Excel, its methods as text, checklists, and data sets for other software",
        inputs=(
            "cohort",
            "records",
            "queries",
            "responses",
            "times",
            "explanations",
            "explained_counts",
            "told_estimates",
            "told_description",
            "told_spread",
            "told_definition_counts",
            "told_choices",
            "withheld",
            "told_flow",
            "tables",
            "figures",
            "catalogue",
            "definition_files",
            "checklist_files",
        ),
        outputs={
            "tables_document": "results/release/{cohort}/tables.docx",
            "methods_document": "results/release/{cohort}/methods.docx",
            "workbook": "results/release/{cohort}/tables.xlsx",
            "checklists_document": "results/release/{cohort}/checklists.docx",
            "checklists": "results/release/{cohort}/checklists/",
            "analysis_results": "results/release/{cohort}/analysis-results.json",
            "exchange": "results/release/{cohort}/exchange/",
            "exchange_apart": "results/restricted/{cohort}/exchange/",
        },
        rooms=("model", "words", "response", "sensitivity", "audit", "reconcile", "show", "report", "export"),
        settings=("definitions", "level", "main_definition"),
    ),
    Stage(
        rule="export_across",
        verb="export",
        module="caseseries.export.export",
        about="a cohort in Word and Excel, its methods as text, checklists, and data sets for other software",
        inputs=("tables_across", "figures_across"),
        outputs={
            "tables_document_across": "results/release/tables.docx",
            "workbook_across": "results/release/tables.xlsx",
        },
        rooms=("model", "words", "response", "sensitivity", "audit", "reconcile", "show", "report", "export"),
    ),
    Stage(
        verb="seal",
        module="caseseries.seal.seal",
        about="manifest and research object of the release",
        inputs=(
            "cohort",
            "tables_given",
            "published",
            "configuration",
            "definition_files",
            "drug_files",
            "safety_words",
            "checklist_files",
            "records",
            "catalogue",
            "told_estimates",
            "told_description",
            "told_spread",
            "told_definition_counts",
            "told_agreement",
            "told_choices",
            "told_multiverse",
            "withheld",
            "case_sets",
            "told_audit",
            "told_audit_choices",
            "told_flow",
            "tables",
            "figures",
            "told_pooled",
            "tables_across",
            "figures_across",
            "told_claims",
            "told_claim_counts",
            "told_recomputed",
            "told_recomputed_counts",
            "report",
            "synthetic_report",
            "tables_document",
            "methods_document",
            "workbook",
            "checklists_document",
            "checklists",
            "analysis_results",
            "exchange",
            "tables_document_across",
            "workbook_across",
            "queries",
            "query_counts",
            "responses",
            "times",
            "explanations",
            "explained_counts",
            "estimates",
            "description",
            "spread",
            "definition_counts",
            "agreement",
            "choices",
            "multiverse",
            "class_changes",
            "dosing",
            "eligibility",
            "audit",
            "audit_choices",
            "flow",
            "pooled",
            "claims",
            "claim_counts",
            "recomputed",
            "recomputed_counts",
            "shown_apart",
            "exchange_apart",
            "across_apart",
            "private_report",
            "private_synthetic_report",
        ),
        outputs={
            "manifest": "results/release/MANIFEST.sha256",
            "provenance": "results/release/provenance.json",
            "crate": "results/release/ro-crate-metadata.json",
            "values": "results/release/values.csv",
            "outputs": "results/release/outputs.csv",
            "provenance_in_full": "results/restricted/provenance.json",
        },
        rooms=WHOLE,
        settings=("flagship", "definitions", "level", "pools", "main_definition"),
    ),
)
"""In the order in which they run."""

POOLED = "pooled"
"""In place of a cohort, what stands across cohorts."""

BESIDE = (
    Verb("new", "caseseries.ingest.new", "make a cohort folder with commented templates"),
    Verb("init", "caseseries.ingest.init", "make a study folder, apart from the software", layout=False),
    Verb("check", "caseseries.check", "list everything that is wrong with cohort folders and configuration"),
    Verb("run", "caseseries.run", "check everything, make what is out of date and name the report", layout=False),
    Verb("claims", "caseseries.reconcile.claims", "check the numbers of a paper, without any case", layout=False),
    Verb("figures", "caseseries.show.journal", "draw the figures again for a journal: one column or the page, PDF"),
    Verb("earlier", "caseseries.estimate.earlier", "what earlier series say about the rate of a new one", layout=False),
    Verb("explain", "caseseries.response.explain", "why an episode has its response class"),
    Verb("simulate", "caseseries.ingest.simulate", "make a synthetic cohort"),
    Verb("verify", "caseseries.seal.verify", "compare the release with its manifest"),
)
"""Verbs that no rule calls."""

ORDER = (
    "init",
    "new",
    "check",
    "run",
    *dict.fromkeys(stage.verb for stage in STAGES),
    "claims",
    "earlier",
    "explain",
    "figures",
    "verify",
    "simulate",
)
VERBS = {verb: next(row for row in (*STAGES, *BESIDE) if row.verb == verb) for verb in ORDER}
"""Every verb in the order in which a person meets it."""

BY_CASE = ("responses", "times")
"""Results with many rows for every case: those of a large cohort are Parquet (`layout.Layout.large`)."""

FOR_LARGE = {"ingest": "ingest_large", "classify": "classify_gather"}
"""Rule -> the one that stands in its place where a cohort is large."""

PATHS = {name: path for stage in STAGES for name, path in stage.outputs.items()}
"""Name of every result -> its path."""


@cache
def stage_of_rule(rule: str) -> Stage:
    """The stage with this rule; `KeyError` where there is none."""
    for stage in STAGES:
        if stage.rule == rule:
            return stage
    raise KeyError(rule)


def stage_called(verb: str, cohort: str | None) -> Stage | None:
    """The stage that a verb runs, with a cohort or across cohorts; None for a verb beside the stages."""
    of_a_cohort = bool(cohort) and cohort != POOLED
    return next((stage for stage in STAGES if stage.verb == verb and stage.of_a_cohort == of_a_cohort), None)


@cache
def maker_of(name: str) -> Stage | None:
    """The stage that makes a result; None for a source."""
    return next((stage for stage in STAGES if name in stage.outputs), None)


@cache
def stage_that_made(path: str) -> Stage | None:
    """The stage that writes a file of results/, by its path from the study's folder; None where no stage does."""
    if path.endswith(tuple(f"/{name}.parquet" for name in BY_CASE)):
        path = path.removesuffix(".parquet") + ".csv"
    exact_first = sorted(STAGES, key=lambda stage: stage.of_a_cohort)
    return next((stage for stage in exact_first if any(matches(path, made) for made in stage.outputs.values())), None)


def source_of(path: str) -> str | None:
    """Name of the source that a file of data/ or config/ belongs to: the narrowest; None where it is none."""
    named = [name for name, pattern in SOURCES.items() if matches(path, pattern)]
    records = path.rpartition("/")[2] not in NO_RECORDS
    return next((name for name in named if records or name != "tables_given"), None)


def matches(path: str, pattern: str) -> bool:
    """Whether a path is the one of a row: that of any cohort, any file inside a folder, any name for a star."""
    text = re.escape(pattern).replace(re.escape("{cohort}"), "[^/]+").replace(r"\*\*/", "(.+/)?")
    text = text.replace(r"\*", "[^/]+") + (".+" if pattern.endswith("/") else "")
    return re.fullmatch(text, path) is not None


@cache
def stages_before(stage: Stage) -> tuple[Stage, ...]:
    """The stage and all whose results it builds on, in their order."""
    found, waiting = {stage}, [stage]
    while waiting:
        makers = {maker for name in waiting.pop().inputs if (maker := maker_of(name))}
        waiting += makers - found
        found |= makers
    return tuple(row for row in STAGES if row in found)

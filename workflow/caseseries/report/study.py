"""Everything that the report reads, gathered before a sentence is written.

A stage that has not run leaves an empty table here, so that the report can say what is missing instead of failing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from caseseries.model.applicable import LEADS, REPORTED, in_order, leads_of
from caseseries.model.claim import Claim, load_claims
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.columns import TABLES
from caseseries.model.config import Config
from caseseries.model.definition import Definition
from caseseries.model.drug import Drug, load_drugs
from caseseries.model.findings import BadInput, Finding
from caseseries.model.groups import ALL
from caseseries.model.layout import Layout
from caseseries.model.parquet import count_rows
from caseseries.model.records import Records, empty_table, read_episodes, read_record_table
from caseseries.model.results import (
    AGREEMENT,
    AUDIT,
    CASE_SETS,
    CHOICES,
    CLAIM_COUNTS,
    CLAIMS,
    DEFINITION_COUNTS,
    DESCRIPTION,
    DOSING,
    ELIGIBILITY,
    ESTIMATES,
    EXPLAINED_COUNTS,
    EXPLANATIONS,
    FLOW,
    QUERY_COUNTS,
    RECOMPUTED,
    RECOMPUTED_COUNTS,
    RESPONSES,
    SPREAD,
    WITHHELD,
    ResultRow,
    read_cases,
    read_table,
)
from caseseries.model.sample import sample
from caseseries.response.catalogue import read_catalogue
from caseseries.show.rates import rate_frame
from caseseries.show.saved import index_of
from caseseries.words.labels import DefinitionLabel, definition_label, labels_of


@dataclass(frozen=True)
class Facts:
    """What the page says of all rows of a cohort: whether there are counts, and doses that are known; under which
    definitions somebody has a class.
    """

    counts: bool
    doses: bool
    evaluable: frozenset[str]


@dataclass(frozen=True)
class CohortResults:
    """All results of one cohort.

    `tables` and `figures` are the entries of their index.json, `leads` the definitions that may lead, the best first;
    `folder` is the cohort's folder under release/. `stated` has the claims as they are written, by id.
    """

    cohort: Cohort
    folder: Path
    estimates: pd.DataFrame
    description: pd.DataFrame
    claims: pd.DataFrame
    responses: pd.DataFrame
    query_counts: pd.DataFrame
    records: Records
    tables: list[dict] = field(default_factory=list)
    figures: list[dict] = field(default_factory=list)
    spread: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SPREAD)))
    choices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CHOICES)))
    audit: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(AUDIT)))
    explanations: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EXPLANATIONS)))
    leads: tuple[str, ...] = LEADS
    explained_counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(EXPLAINED_COUNTS)))
    case_sets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CASE_SETS)))
    withheld: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(WITHHELD)))
    flow: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FLOW)))
    agreement: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(AGREEMENT)))
    dosing: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DOSING)))
    eligibility: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(ELIGIBILITY)))
    definition_counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DEFINITION_COUNTS)))
    claim_counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CLAIM_COUNTS)))
    stated: Mapping[str, Claim] = field(default_factory=dict)
    known_of_all: Facts | None = None

    @cached_property
    def facts(self) -> Facts:
        """What is known of all rows; of a large cohort those that are shown one by one are here alone."""
        return self.known_of_all or facts_of(
            not self.records["counts"].empty, self.records["exposures"]["dose"], self.responses
        )

    @cached_property
    def rates(self) -> pd.DataFrame:
        """Response rates, a row each (`rates.rate_frame`)."""
        return rate_frame(self.estimates)

    @property
    def episodes(self) -> int:
        """How many episodes are on record, as description.csv counts them."""
        rows = chosen(self.description, variable="episodes", statistic="count", group=ALL)
        return int(rows["value"].iloc[0]) if len(rows) else 0

    @property
    def definitions_applied(self) -> int:
        """How many standard definitions were applied."""
        return int(self.definition_counts["applied"].max()) if len(self.definition_counts) else 0

    def definitions_of(self, standing: str) -> int:
        """How many standard definitions have a standing (`result_columns.STANDINGS`) of no cause."""
        rows = chosen(self.definition_counts, standing=standing, cause="")
        return int(rows["definitions"].iloc[0]) if len(rows) else 0

    @property
    def told_by(self) -> dict[str, str]:
        """Of a claim that stands elsewhere than in the publication, who makes it."""
        return {name: claim.told_by for name, claim in self.stated.items() if claim.told_by}

    @property
    def data(self) -> str:
        """The finest data there are: `counts`, `cases` without counts, or `totals`."""
        if self.facts.counts:
            return "counts"
        return "cases" if len(self.records["episodes"]) or len(self.records["outcomes"]) else "totals"

    @property
    def published(self) -> bool:
        """Whether the data were transcribed from a publication; else they are a series of its authors' own."""
        return self.cohort.provenance == "transcribed"

    def rows(self, statistic: str, **conditions: object) -> pd.DataFrame:
        """Rows of estimates.csv with this statistic; a condition is a value or a list of allowed values."""
        return chosen(self.estimates, statistic=statistic, **conditions)

    def events_of(self, statistic: str, **conditions: object) -> float:
        """Events of a statistic that has one row; 0 where it has none."""
        rows = self.rows(statistic, **conditions)
        return float(rows["events"].iloc[0]) if len(rows) else 0.0

    def groups_compared(self, test: ResultRow) -> int:
        """How many groups a test (a row of `p_value`) set against each other."""
        same = {"definition": test.definition, "cause": test.cause, "contrast": test.contrast}
        return int(self.rows("groups_compared", **same)["estimate"].iloc[0])


@dataclass(frozen=True)
class Study:
    """All results that the report shows.

    `definitions` has the label of every response definition, `catalogue` the definitions themselves, both by id,
    `drugs` the drug profiles. `told`: only what may leave is there; else everything, for the owner's eyes.
    """

    config: Config
    cohorts: Mapping[str, CohortResults]
    pooled: pd.DataFrame
    definitions: Mapping[str, DefinitionLabel]
    catalogue: Mapping[str, Definition]
    release: Path
    tables: list[dict] = field(default_factory=list)
    figures: list[dict] = field(default_factory=list)
    told: bool = True
    drugs: Mapping[str, Drug] = field(default_factory=dict)
    recomputed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RECOMPUTED)))
    recomputed_counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RECOMPUTED_COUNTS)))

    @property
    def measures(self) -> frozenset[str]:
        """Ids of the definitions that give a number, no class."""
        return frozenset(name for name, definition in self.catalogue.items() if definition.measure is not None)

    @property
    def folder(self) -> Path:
        """Folder of what is shown of several cohorts."""
        return self.release

    @property
    def flagship(self) -> CohortResults:
        """The cohort that opens the report."""
        return self.cohorts[self.config.flagship or self.config.cohorts[0]]

    def opens(self, found: CohortResults) -> bool:
        """Whether a cohort's answer stands on the first screen of its page."""
        synthetic = (one for one in self.cohorts.values() if one.cohort.synthetic and one is not self.flagship)
        return found is self.flagship or found is next(synthetic, None)

    def label(self, definition: str) -> str:
        """Name of a definition as a reader sees it."""
        return definition_label(definition, dict(self.definitions)).title


def facts_of(counts: bool, doses: pd.Series, responses: pd.DataFrame) -> Facts:
    """From whether there are counts, the doses, and the classes (`definition`, `response_class`)."""
    classed = responses.loc[~responses["response_class"].isin(["", "NE"]), "definition"]
    return Facts(counts, bool(doses.notna().any()), frozenset(classed.unique()))


def chosen(frame: pd.DataFrame, **conditions: object) -> pd.DataFrame:
    """Rows of a table that meet every condition."""
    for name, wanted in conditions.items():
        values = wanted if isinstance(wanted, (list, tuple, set)) else [wanted]
        frame = frame[frame[name].isin(values)]
    return frame


def read_study(config: Config, layout: Layout) -> Study:
    """Read every result that the report shows.

    Raises
    ------
    BadInput : a cohort has no estimates.
    """
    missing = [cohort for cohort in config.cohorts if not layout.estimates(cohort).exists()]
    findings = [
        Finding(
            layout.estimates(cohort).relative_to(layout.results).as_posix(),
            rule=f"the file is missing: run the {'disclose' if layout.told else 'estimate'} stage first",
        )
        for cohort in missing
    ]
    if findings:
        raise BadInput(findings)
    claims, claim_counts = read_or_empty(layout.claims, CLAIMS), read_or_empty(layout.claim_counts, CLAIM_COUNTS)
    catalogued = any(any(folder.glob("*.yaml")) for folder in layout.definition_folders)
    known = in_order(read_catalogue(layout), (REPORTED, *config.main_definition)) if catalogued else []
    cohorts = {
        cohort: replace(
            read_cohort(cohort, layout, claims, config, known),
            claim_counts=chosen(claim_counts, cohort=cohort),
            stated={one.id: one for one in load_claims(layout.cohort(cohort))},
        )
        for cohort in config.cohorts
    }
    return Study(
        config=config,
        cohorts=cohorts,
        pooled=read_or_empty(layout.estimates("pooled"), ESTIMATES),
        definitions=labels_of(known),
        catalogue={definition.id: definition for definition in known},
        release=layout.shown_across,
        tables=index_of(layout.shown_across / "tables"),
        figures=index_of(layout.shown_across / "figures"),
        told=layout.told,
        drugs=load_drugs(*layout.drug_folders),
        recomputed=read_or_empty(layout.recomputed, RECOMPUTED),
        recomputed_counts=read_or_empty(layout.recomputed_counts, RECOMPUTED_COUNTS),
    )


def gather_alone(cohort: str, config: Config, layout: Layout) -> Study:
    """Read every result of one cohort and nothing of others."""
    known = in_order(read_catalogue(layout), (REPORTED, *config.main_definition))
    return Study(
        config=config.model_copy(update={"cohorts": [cohort], "flagship": cohort, "pools": []}),
        cohorts={cohort: read_cohort(cohort, layout, pd.DataFrame(columns=list(CLAIMS)), config, known)},
        pooled=pd.DataFrame(columns=list(ESTIMATES)),
        definitions=labels_of(known),
        catalogue={definition.id: definition for definition in known},
        release=layout.shown_across,
        told=layout.told,
    )


def read_cohort(
    cohort: str, layout: Layout, claims: pd.DataFrame, config: Config, catalogue: Iterable[Definition]
) -> CohortResults:
    """Read every result of one cohort; of a restricted one nothing of its rows, where what may leave is asked for."""
    about = load_cohort(layout.cohort(cohort))
    folder = (layout.as_told() if about.releasable else layout).shown(cohort)
    rows = about.releasable or not layout.told
    verdicts = not layout.told and not layout.large(cohort)
    records, responses, facts = rows_read(cohort, layout, rows)
    return CohortResults(
        cohort=about,
        known_of_all=facts,
        leads=leads_of(about, catalogue, config.main_definition),
        folder=folder,
        estimates=read_table(layout.estimates(cohort)),
        description=read_or_empty(layout.description(cohort), DESCRIPTION),
        claims=chosen(claims, cohort=cohort),
        responses=responses,
        query_counts=read_or_empty(layout.query_counts(cohort), QUERY_COUNTS, rows=rows),
        records=records,
        withheld=read_or_empty(layout.withheld(cohort), WITHHELD, rows=layout.told),
        tables=index_of(folder / "tables"),
        figures=index_of(folder / "figures"),
        definition_counts=read_or_empty(layout.definition_counts(cohort), DEFINITION_COUNTS),
        spread=read_or_empty(layout.spread(cohort), SPREAD),
        choices=read_or_empty(layout.choices(cohort), CHOICES),
        audit=read_or_empty(layout.audit(cohort), AUDIT),
        explanations=read_or_empty(layout.explanations(cohort), EXPLANATIONS, rows=rows),
        explained_counts=read_or_empty(layout.explained_counts(cohort), EXPLAINED_COUNTS, rows=rows),
        case_sets=read_or_empty(layout.case_sets(cohort), CASE_SETS, rows=not layout.told),
        flow=read_or_empty(layout.flow(cohort), FLOW),
        agreement=read_or_empty(layout.agreement(cohort), AGREEMENT),
        dosing=read_or_empty(layout.dosing(cohort), DOSING, rows=verdicts),
        eligibility=read_or_empty(layout.path("eligibility", cohort), ELIGIBILITY, rows=verdicts),
    )


def rows_read(cohort: str, layout: Layout, wanted: bool) -> tuple[Records, pd.DataFrame, Facts | None]:
    """Records and classes of a cohort; of a large one the episodes, all else of those that are shown one by one
    (`sample`), and what is known of all of its rows.
    """
    folder, classes = layout.records(cohort), layout.responses(cohort)
    if not (wanted and layout.large(cohort) and classes.exists()):
        return records_of(cohort, folder, rows=wanted), read_or_empty(classes, RESPONSES, rows=wanted), None
    episodes = read_record_table(folder / "episodes.parquet")
    shown = sample(episodes["episode_id"])
    records = read_episodes(folder, shown)
    facts = facts_of(
        count_rows(folder / "counts.parquet") > 0,
        read_record_table(folder / "exposures.parquet", ["dose"])["dose"],
        read_table(classes, ["definition", "response_class"], categories=True),
    )
    return replace(records, tables={**records.tables, "episodes": episodes}), read_cases(classes, shown), facts


def read_or_empty(path: Path, columns: tuple[str, ...], *, rows: bool = True, categories: bool = False) -> pd.DataFrame:
    """A table of results (`results.read_table`); without rows where the stage has not written it, or where they are not
    wanted.
    """
    return read_table(path, categories=categories) if rows and path.exists() else pd.DataFrame(columns=list(columns))


def records_of(cohort: str, folder: Path, *, rows: bool = True) -> Records:
    """The typed records; a table that was not written, or is not wanted, is empty."""
    tables = {}
    for name in TABLES:
        path = folder / f"{name}.parquet"
        tables[name] = read_record_table(path) if rows and path.exists() else empty_table(name)
    return Records(cohort, tables)

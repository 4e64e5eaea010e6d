"""Where everything lies: the paths of inputs and results, as the rows of the stages name them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from caseseries.model.software import SOFTWARE
from caseseries.model.stages import BY_CASE, NO_RECORDS, PATHS, SHIPPED, SOURCES

STUDY = "study.yaml"
"""A folder with this file is a study apart from the software, and takes the definitions and drugs that are shipped."""

LARGE = 8_000_000
"""Bytes of sources above which a cohort is large: about 20 000 episodes of 14 counts."""
SHARD = 16_000_000
"""Bytes of sources for each shard."""
PACKED = 8
"""How many bytes of text one of a packed file holds, about."""
PACKED_FILES = (".parquet", ".xlsx")


@dataclass(frozen=True)
class Layout:
    """Folders of one project; every path is made from these three.

    Parameters
    ----------
    data : folder of cohort folders.
    config : folder with config.yaml, definitions/ and drugs/.
    results : folder that is written: restricted/ (for its owner's eyes), release/ (what may leave), logs/.
    told : whether results are those that may leave, after disclosure, or those in full.
    """

    data: Path = Path("data")
    config: Path = Path("config")
    results: Path = Path("results")
    told: bool = False

    def as_told(self) -> Layout:
        """The same folders, results being those that may leave."""
        return replace(self, told=True)

    def path(self, name: str, cohort: str = "") -> Path:
        """Where a result lies, by its name in the row of the stage that makes it; that of the rows of a large cohort as
        Parquet.
        """
        place = self.place(PATHS[name].format(cohort=cohort))
        return place.with_suffix(".parquet") if name in BY_CASE and self.large(cohort) else place

    def large(self, cohort: str) -> bool:
        """Whether a cohort is classified in shards, and its classes and times are written as Parquet.

        What decides is the size of its sources: it is known before anything runs, to the rules as to the stages.
        """
        return self.size(cohort) > LARGE

    def size(self, cohort: str) -> int:
        """Bytes of the tables of a cohort, those of packed files as unpacked."""
        files = map(Path, self.sources("tables_given", cohort))
        return sum(
            file.stat().st_size * (PACKED if file.suffix in PACKED_FILES else 1) for file in files if file.exists()
        )

    def shards(self, cohort: str) -> int:
        """In how many shards a large cohort is classified."""
        return -(-self.size(cohort) // SHARD)

    def sources(self, name: str, cohort: str = "") -> list[str]:
        """Files of a source that are there, by its name (`stages.SOURCES`); cohort.yaml in any case."""
        pattern = SOURCES[name].format(cohort=cohort)
        if pattern.endswith("/"):
            found = [file for file in self.place(pattern).rglob("*") if file.is_file() and file.name not in NO_RECORDS]
            found = found or [self.cohort(cohort) / "cohort.yaml"]
        elif "*" in pattern:
            folder, _, inside = pattern.partition("/")
            folders = self.config_folders if name in SHIPPED else (self.place(folder),)
            found = [file for folder in folders for file in folder.glob(inside) if file.is_file()]
        else:
            file = self.safety_words if name == "safety_words" else self.place(pattern)
            found = [file] if file.exists() or name == "cohort" else []
        return sorted(str(file) for file in found)

    def place(self, path: str) -> Path:
        """A path of a row, in these folders."""
        first, _, inside = path.partition("/")
        return {"data": self.data, "config": self.config, "results": self.results}[first] / inside

    def cohort(self, cohort: str) -> Path:
        """Folder with cohort.yaml and its tables."""
        return self.data / cohort

    @property
    def config_folders(self) -> tuple[Path, ...]:
        """Folders of definitions/ and drugs/: in a study those of the software and its own, else its own alone."""
        if not (self.config.parent / STUDY).exists():
            return (self.config,)
        return (Path(os.path.relpath(SOFTWARE / "config")), self.config)

    @property
    def definitions(self) -> Path:
        """Folder of the study's own response definitions."""
        return self.config / "definitions"

    @property
    def definition_folders(self) -> tuple[Path, ...]:
        """Folders of response definitions, those that are shipped first."""
        return tuple(folder / "definitions" for folder in self.config_folders)

    @property
    def drug_folders(self) -> tuple[Path, ...]:
        """Folders of drug profiles, those that are shipped first."""
        return tuple(folder / "drugs" for folder in self.config_folders)

    @property
    def checklist_folders(self) -> tuple[Path, ...]:
        """Folders of reporting checklists, those that are shipped first."""
        return tuple(folder / "checklists" for folder in self.config_folders)

    @property
    def safety_words(self) -> Path:
        """Words for adverse events, which are shipped."""
        return self.config_folders[0] / "safety.yaml"

    @property
    def catalogue(self) -> Path:
        """Every response definition, checked, in one file."""
        return self.path("catalogue")

    @property
    def release(self) -> Path:
        """What may leave."""
        return self.results / "release"

    def restricted(self, cohort: str) -> Path:
        """Rows of people; never leaves."""
        return self.results / "restricted" / cohort

    def records(self, cohort: str) -> Path:
        """Typed records, one parquet file a table."""
        return self.path("records", cohort)

    def queries(self, cohort: str) -> Path:
        """Findings of ingest, to be sent back to the site."""
        return self.path("queries", cohort)

    def query_counts(self, cohort: str) -> Path:
        """How many cases each of them is asked of (`results.QUERY_COUNTS`)."""
        return self.path("query_counts", cohort)

    def responses(self, cohort: str) -> Path:
        """Response classes (`results.RESPONSES`)."""
        return self.path("responses", cohort)

    def times(self, cohort: str) -> Path:
        """Times and causes (`results.TIMES`)."""
        return self.path("times", cohort)

    def shards_apart(self, cohort: str) -> Path:
        """What the shards of a large cohort wrote, a folder each, until it is joined."""
        return self.restricted(cohort) / "shards"

    def explanations(self, cohort: str) -> Path:
        """Why cases have their class (`results.EXPLANATIONS`)."""
        return self.path("explanations", cohort)

    def explained_counts(self, cohort: str) -> Path:
        """Every count of the explained cases (`results.EXPLAINED_COUNTS`)."""
        return self.path("explained_counts", cohort)

    def case_sets(self, cohort: str) -> Path:
        """Cases behind each estimate (`results.CASE_SETS`)."""
        return self.path("case_sets", cohort)

    def estimates(self, cohort: str) -> Path:
        """Estimates of a cohort, or of `pooled` (`results.ESTIMATES`)."""
        return self.path("told_estimates" if self.told else "estimates", cohort)

    def description(self, cohort: str) -> Path:
        """Table 1 in long form (`results.DESCRIPTION`)."""
        return self.path("told_description" if self.told else "description", cohort)

    def spread(self, cohort: str) -> Path:
        """Rate under each definition (`results.SPREAD`)."""
        return self.path("told_spread" if self.told else "spread", cohort)

    def definition_counts(self, cohort: str) -> Path:
        """How many definitions can be evaluated, and why others cannot (`results.DEFINITION_COUNTS`)."""
        return self.path("told_definition_counts" if self.told else "definition_counts", cohort)

    def agreement(self, cohort: str) -> Path:
        """Agreement of each two definitions (`results.AGREEMENT`)."""
        return self.path("told_agreement" if self.told else "agreement", cohort)

    def choices(self, cohort: str) -> Path:
        """What our own choices move (`results.CHOICES`)."""
        return self.path("told_choices" if self.told else "choices", cohort)

    def dosing(self, cohort: str) -> Path:
        """A verdict on every dose (`results.DOSING`)."""
        return self.path("dosing", cohort)

    def audit(self, cohort: str) -> Path:
        """Verdicts on doses and cases, counted (`results.AUDIT`)."""
        return self.path("told_audit" if self.told else "audit", cohort)

    def multiverse(self, cohort: str) -> Path:
        """Outcomes under every combination of our choices (`results.MULTIVERSE`)."""
        return self.path("told_multiverse" if self.told else "multiverse", cohort)

    def audit_choices(self, cohort: str) -> Path:
        """Verdicts that our own choices move (`results.AUDIT_CHOICES`)."""
        return self.path("told_audit_choices" if self.told else "audit_choices", cohort)

    def flow(self, cohort: str) -> Path:
        """Episodes from the record to the analysis (`results.FLOW`)."""
        return self.path("told_flow" if self.told else "flow", cohort)

    def class_changes(self, cohort: str) -> Path:
        """Episodes whose class depends on the definition (`results.CLASS_CHANGES`)."""
        return self.path("class_changes", cohort)

    @property
    def claims(self) -> Path:
        """Published numbers beside ours (`results.CLAIMS`)."""
        return self.path("told_claims" if self.told else "claims")

    @property
    def claim_counts(self) -> Path:
        """How many published numbers have which verdict (`results.CLAIM_COUNTS`)."""
        return self.path("told_claim_counts" if self.told else "claim_counts")

    @property
    def report(self) -> Path:
        """The report; in full, for its owner's eyes."""
        return self.path("report" if self.told else "private_report")

    @property
    def synthetic_report(self) -> Path:
        """The page of the cohorts that a program made; in full, for its owner's eyes."""
        return self.path("synthetic_report" if self.told else "private_synthetic_report")

    @property
    def recomputed(self) -> Path:
        """Our numbers beside those of other packages (`results.RECOMPUTED`)."""
        return self.path("told_recomputed" if self.told else "recomputed")

    @property
    def recomputed_counts(self) -> Path:
        """How many of our numbers come out the same (`results.RECOMPUTED_COUNTS`)."""
        return self.path("told_recomputed_counts" if self.told else "recomputed_counts")

    def withheld(self, cohort: str) -> Path:
        """What of a cohort may not leave (`results.WITHHELD`)."""
        return self.path("withheld", cohort)

    def shown(self, cohort: str) -> Path:
        """Folder of the tables/ and figures/ of a cohort."""
        return self.release / cohort if self.told else self.path("shown_apart", cohort)

    @property
    def shown_across(self) -> Path:
        """Folder of the tables/ and figures/ that stand across cohorts."""
        return self.release if self.told else self.path("across_apart")

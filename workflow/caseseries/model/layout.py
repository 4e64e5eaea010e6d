"""Where everything lies: the one place that knows the paths of inputs and results."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """Folders of one project; every path is made from these three.

    Parameters
    ----------
    data : folder of cohort folders.
    config : folder with config.yaml, definitions/ and drugs/.
    results : folder that is written: restricted/ (rows of people), release/ (what may leave), logs/.
    """

    data: Path = Path("data")
    config: Path = Path("config")
    results: Path = Path("results")

    def cohort(self, cohort: str) -> Path:
        """Folder with cohort.yaml and its tables."""
        return self.data / cohort

    @property
    def definitions(self) -> Path:
        """Folder of response definitions."""
        return self.config / "definitions"

    @property
    def catalogue(self) -> Path:
        """Every response definition, checked, in one file."""
        return self.release / "definitions.json"

    @property
    def drugs(self) -> Path:
        """Folder of drug profiles."""
        return self.config / "drugs"

    @property
    def release(self) -> Path:
        """What may leave."""
        return self.results / "release"

    def restricted(self, cohort: str) -> Path:
        """Rows of people; never leaves."""
        return self.results / "restricted" / cohort

    def records(self, cohort: str) -> Path:
        """Typed records, one parquet file a table."""
        return self.restricted(cohort) / "records"

    def queries(self, cohort: str) -> Path:
        """Findings of ingest, to be sent back to the site."""
        return self.restricted(cohort) / "queries.csv"

    def responses(self, cohort: str) -> Path:
        """Response classes (`results.RESPONSES`)."""
        return self.restricted(cohort) / "responses.csv"

    def times(self, cohort: str) -> Path:
        """Times and causes (`results.TIMES`)."""
        return self.restricted(cohort) / "times.csv"

    def case_sets(self, cohort: str) -> Path:
        """Cases behind each estimate (`results.CASE_SETS`)."""
        return self.restricted(cohort) / "case_sets.csv"

    def estimates(self, cohort: str) -> Path:
        """Estimates of a cohort, or of `pooled` (`results.ESTIMATES`)."""
        return self.release / cohort / "estimates.csv"

    def description(self, cohort: str) -> Path:
        """Table 1 in long form (`results.DESCRIPTION`)."""
        return self.release / cohort / "description.csv"

    def spread(self, cohort: str) -> Path:
        """Rate under each definition (`results.SPREAD`)."""
        return self.release / cohort / "spread.csv"

    def agreement(self, cohort: str) -> Path:
        """Agreement of each two definitions (`results.AGREEMENT`)."""
        return self.release / cohort / "agreement.csv"

    def choices(self, cohort: str) -> Path:
        """What our own choices move (`results.CHOICES`)."""
        return self.release / cohort / "choices.csv"

    def class_changes(self, cohort: str) -> Path:
        """Episodes whose class depends on the definition (`results.CLASS_CHANGES`)."""
        return self.restricted(cohort) / "class_changes.csv"

    @property
    def claims(self) -> Path:
        """Published numbers beside ours (`results.CLAIMS`)."""
        return self.release / "claims.csv"

    @property
    def report(self) -> Path:
        """The report."""
        return self.release / "report.html"

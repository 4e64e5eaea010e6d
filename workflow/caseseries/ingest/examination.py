"""Every check of a cohort's tables, which come whole or, of a large cohort, in parts of whole episodes.

What a check can say of some episodes alone it says part by part; what it can say only of all of them it counts and says
at the end. Either way the findings are those of the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from caseseries.ingest.adverse_events import check_adverse_events
from caseseries.ingest.analytes import Analytes, check_depths
from caseseries.ingest.bleeding import Unrecorded, check_bleeding
from caseseries.ingest.completeness import Completeness
from caseseries.ingest.contract import check_table
from caseseries.ingest.contradictions import Totals, check_contradictions
from caseseries.ingest.cross import Listed, check_people_together, check_presence, check_rows
from caseseries.ingest.day_zero import FirstDays
from caseseries.ingest.declared import Levels, Visits, check_births, check_first_episodes, check_people
from caseseries.ingest.doses import Doses
from caseseries.ingest.identify import Gate
from caseseries.ingest.named import Named
from caseseries.ingest.printed import Printed
from caseseries.ingest.repeats import doubt_twice, drop_repeats
from caseseries.ingest.source import Gathered, SourceTable
from caseseries.ingest.tidy import Spellings
from caseseries.model.cohort import Cohort
from caseseries.model.conventions import Conventions
from caseseries.model.findings import Finding
from caseseries.model.layout import Layout


class Examination:
    """The checks of one cohort.

    Parameters
    ----------
    cohort : None where cohort.yaml itself is at fault.
    folder : name of the cohort's folder, for messages.
    layout : for the drug profiles.
    unreadable : tables that are there but could not be read.
    rows : number of rows of each table that could; `names` has how its file is named.
    per_microlitre : see `contract.check_table`.
    listed : the cases of the cohort, where it comes in parts.
    """

    def __init__(
        self,
        cohort: Cohort | None,
        folder: str,
        layout: Layout,
        unreadable: Collection[str],
        rows: Mapping[str, int],
        names: Mapping[str, str],
        per_microlitre: Collection[tuple[str, str]],
        listed: Listed | None = None,
    ) -> None:
        self.cohort, self.unreadable, self.listed = cohort, set(unreadable), listed
        self.covariates = cohort.covariates if cohort else None
        self.conventions = cohort.conventions if cohort else Conventions()
        self.per_microlitre = per_microlitre
        if cohort is None:
            self.unreadable.add("counts")
        self.completeness = Completeness()
        self._gathered, self._depths = Gathered(), Gathered()
        self._presence = [] if self.unreadable else check_presence(rows, names, folder)
        self._spellings = Spellings(self.covariates or ())
        self._first_days = FirstDays("day")
        self._gate = Gate(cohort)
        if cohort is not None:
            self._analytes = Analytes(self.conventions, f"{folder}/cohort.yaml")
            self._levels, self._visits, self._totals = Levels(cohort), Visits(cohort), Totals(cohort)
            self._doses, self._named = Doses(cohort, layout), Named(cohort)
            self._printed = Printed(cohort, layout)
            self._unrecorded = Unrecorded()

    def add(self, tidied: Mapping[str, SourceTable]) -> dict[str, SourceTable]:
        """Examine tables with plain signs and give them back without rows that repeat another."""
        tables = {name: self._add_table(table) for name, table in tidied.items()}
        if not self._presence and "episodes" not in self.unreadable:
            self._gathered.add(check_rows(tables, self.unreadable, self.listed))
        self._gathered.add(check_contradictions(tables))
        self.completeness.add(tables)
        if self.cohort is not None:
            self._add_declared(self.cohort, tables)
        if self.listed is None:
            self.add_people(tables)
        return tables

    def _add_table(self, tidied: SourceTable) -> SourceTable:
        table, repeats = drop_repeats(tidied)
        self._gathered.add([*repeats, *doubt_twice(table)])
        self._spellings.add(table)
        if table.name == "counts" and not table.headers:  # what is mapped was doubted with its own headers
            self._first_days.add(table)
        self._gathered.add(check_table(table, self.covariates, self.conventions, self.per_microlitre))
        self._gate.add(table)
        return table

    def _add_declared(self, cohort: Cohort, tables: dict[str, SourceTable]) -> None:
        """What cohort.yaml says, held against its tables."""
        if not self.unreadable.intersection(("counts", "episodes")):
            self._analytes.add(tables)
            self._depths.add(check_depths(tables))
        if "counts" not in self.unreadable:
            self._visits.add(tables)
            if cohort.counts_from_dose and not self.unreadable:
                self._gathered.add(check_bleeding(tables))
                self._unrecorded.add(tables)
        self._gathered.add(check_people(cohort, tables))
        self._gathered.add(check_births(cohort, tables))
        self._gathered.add(check_adverse_events(tables, cohort))
        self._levels.add(tables)
        self._totals.add(tables)
        self._doses.add(tables)
        self._named.add(tables)
        self._printed.add(tables)

    def add_people(self, tables: Mapping[str, SourceTable]) -> None:
        """Examine what the episodes of one person say together: every episode of those who have several."""
        if not self._presence and "episodes" not in self.unreadable:
            self._gathered.add(check_people_together(tables))
        if self.cohort is not None:
            self._gathered.add(check_first_episodes(self.cohort, tables))

    @property
    def is_clean(self) -> bool:
        """Whether no part so far has an error that keeps its cells from being typed."""
        return not self._gathered.errors

    def tell(self, read: Iterable[Finding] = ()) -> list[Finding]:
        """Every finding, when all is examined, after those of reading."""
        findings = [*read, *self._presence, *self._gathered.tell(), *self._spellings.tell()]
        findings += [*self._first_days.tell(), *self._gate.tell()]
        if self.cohort is None:
            return findings
        if not self.unreadable.intersection(("counts", "episodes")):
            findings += self._analytes.tell()
            if not any(one.severity == "error" and one.column.startswith("count") for one in findings):
                findings += self._depths.tell()  # what is in another unit has been told already
        if "counts" not in self.unreadable:
            findings += self._visits.tell() + self._unrecorded.tell()
        findings += self._levels.tell() + self._totals.tell() + self._doses.tell()
        return findings + self._named.tell() + self._printed.tell()

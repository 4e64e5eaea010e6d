"""What every cohort.yaml of the mapping tests begins with, and how such a cohort is made and read."""

from pathlib import Path

import openpyxl

from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.layout import Layout


def head(cohort: str) -> str:
    """Keys of a SYNTHETIC cohort, up to its covariates and mapping."""
    return f"""\
id: {cohort}
title: SYNTHETIC {cohort}
citation: SYNTHETIC; made for the tests.
design: simulation
population: SYNTHETIC adults
provenance: synthetic
licence: CC0-1.0
disclosure: {{profile: synthetic, basis: No person stands behind any row.}}
source_definition: not_stated
"""


def make_cohort(folder: Path, keys: str, **files: str | bytes | openpyxl.Workbook) -> Path:
    """A cohort named clinic; `keys` follow the head of its cohort.yaml, files are named with _ for their point."""
    cohort = folder / "clinic"
    cohort.mkdir(parents=True, exist_ok=True)
    (cohort / "cohort.yaml").write_text(head("clinic") + keys, encoding="utf-8")
    for name, content in files.items():
        path = cohort / ".".join(name.rsplit("_", 1))
        if isinstance(content, openpyxl.Workbook):
            content.save(path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    return cohort


def told(cohort: Path, severity: str = "error") -> list[str]:
    """Findings of a severity, as they are printed, without the name of the cohort's folder.

    These cohorts are about other things than bleeding, which they do not record.
    """
    found = [one for one in examine(cohort, Layout()).findings if one.column != "bleeding_recorded"]
    return [str(finding).removeprefix("clinic/") for finding in found if finding.severity == severity]


def rows(cohort: Path, table: str, *columns: str) -> list[list]:
    """Typed rows of a cohort that has no error; unknown numbers are None."""
    assert told(cohort) == []
    frame = type_records(examine(cohort, Layout()), "clinic")[table][list(columns)].astype(object)
    return frame.where(frame.notna(), None).to_numpy().tolist()

"""Source files of a mapping as plain text cells: each kind of file has its reader."""

from __future__ import annotations

import re
from pathlib import Path

from caseseries.ingest.dataset_json import read_dataset
from caseseries.ingest.fhir import read_bundle
from caseseries.ingest.phenopacket import read_phenopackets
from caseseries.ingest.read import MOST_BYTES, TOO_LARGE, check_cells, parse_csv, read_text
from caseseries.ingest.sheet import read_excel
from caseseries.ingest.source import SourceTable
from caseseries.ingest.statistics_file import READERS, read_statistics
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source

EXCEL = (".xlsx", ".xlsm")
DATASETS = (".json", ".ndjson")
"""Files of CDISC Dataset-JSON where no other format is named."""
OTHER_PROGRAMS = (".xls", ".xlsb", ".ods", ".numbers", ".rds", ".accdb", ".pdf", ".docx")


def read_source(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """Read one source file; the table carries the file's own headers.

    Parameters
    ----------
    path : file.
    source : its dialect, or its sheet.
    shown : how the file is named in messages.
    """
    if not path.is_file():
        return None, [Finding(shown, rule="the file named in the mapping of cohort.yaml is missing")]
    if path.stat().st_size > MOST_BYTES:
        return None, [Finding(shown, rule=TOO_LARGE)]
    table, findings = _read_kind(path, source, shown)
    long = check_cells(table) if table is not None else []
    return (None if long else table), [*findings, *long]


def _read_kind(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    ending = path.suffix.lower()
    if ending in EXCEL:
        return read_excel(path, source, shown)
    if ending in READERS:
        return read_statistics(path, source.table, shown)
    if ending in OTHER_PROGRAMS:
        rule = f"files that end in {ending} are not read; save it as .xlsx or as CSV UTF-8"
        return None, [Finding(shown, rule=rule)]
    return _read_written(path, source, shown)


def _read_written(path: Path, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    """A file of text: CSV, or the JSON of an exchange format."""
    text, fault = read_text(path, "utf-8-sig" if source.encoding == "utf-8" else source.encoding)
    if fault:
        return None, [Finding(shown, rule=fault)]
    if source.format != "table":
        read = {"fhir": read_bundle, "phenopackets": read_phenopackets}[source.format]
        return read(text, source, shown)
    if path.suffix.lower() in DATASETS:
        return read_dataset(text, source.table, shown)
    return _read_dialect(text, source, shown)


def _read_dialect(text: str, source: Source, shown: str) -> tuple[SourceTable | None, list[Finding]]:
    # Excel may write `sep=;` above the header, as a note to itself.
    noted = 1 if source.header_row == 1 and re.match(r"\"?sep=.\"?\s*[\r\n]", text, re.IGNORECASE) else 0
    delimiter = "\t" if source.delimiter == "tab" else source.delimiter
    if source.last_row:
        text = "".join(text.splitlines(keepends=True)[: source.last_row])
    return parse_csv(text, source.table, shown, delimiter, source.header_row - 1 + noted, source.header_rows)

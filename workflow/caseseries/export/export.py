"""The export stage: a cohort in Word and Excel, its methods as text, checklists, and data sets for other software; what
stands across cohorts in Word and Excel.

What is written for a reader stands in the release already, as tables, figures and sentences of the report, and nothing
is calculated. Data sets of single cases are released only where their rows may leave.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from caseseries.export.adam_rows import read_analysed
from caseseries.export.analysis_results import analysis_results
from caseseries.export.checklists import checklist_tables, write_checklist_tables
from caseseries.export.checklists_document import write_checklists
from caseseries.export.exchange import write_exchange
from caseseries.export.methods_document import write_methods
from caseseries.export.references import as_reference
from caseseries.export.tables_document import write_tables_document
from caseseries.export.workbook import write_workbook
from caseseries.model.checklist import Checklist, load_checklists
from caseseries.model.config import add_settings, load_settings
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.model.results import FLOW, require
from caseseries.model.stages import POOLED
from caseseries.report.study import Study, gather_alone, read_or_empty
from caseseries.show.saved import index_of, saved_table

ACROSS = "Across cohorts"
ACROSS_SOURCE = "Tables and figures that set cohorts side by side; each cohort has its own."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries export`."""
    parser.epilog = "example: caseseries export yu-2023"
    parser.add_argument("cohort", help=f"id of the cohort, or {POOLED} for what stands across cohorts")
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Write the documents, workbook, checklists and data sets of one cohort, or what stands across cohorts."""
    cohort, told = arguments.cohort, layout.as_told()
    if cohort == POOLED:
        export_across(layout)
        return
    require({"disclose": [told.estimates(cohort)], "show": indexes(told.shown(cohort))}, layout)
    checklists = load_checklists(*layout.checklist_folders)
    study = gather_alone(cohort, load_settings(arguments, layout), told)
    write_documents(study, checklists, layout)
    about, catalogue, labels = study.flagship.cohort, study.catalogue, study.definitions
    del study  # its episodes need not stay in memory while data sets are made of them
    places = (layout.path("exchange_apart", cohort), layout.path("exchange", cohort))
    write_exchange(read_analysed(about, layout, catalogue, labels), *places)


def write_documents(study: Study, checklists: Sequence[Checklist], layout: Layout) -> None:
    """Write what is made of the results of a cohort that may leave: documents, workbook, checklists and numbers."""
    about, told = study.flagship.cohort, layout.as_told()
    cohort, folder = about.id, told.shown(about.id)
    tables = [saved_table(folder / "tables", entry) for entry in index_of(folder / "tables")]
    document, source = layout.path("tables_document", cohort), as_reference(about.citation, about.doi)
    write_tables_document(document, about.title, source, tables, folder / "figures", synthetic=about.synthetic)
    write_workbook(layout.path("workbook", cohort), about.title, tables)
    write_methods(layout.path("methods_document", cohort), study)
    filled = checklist_tables(checklists, study.flagship, read_or_empty(told.flow(cohort), FLOW))
    write_checklist_tables(filled, layout.path("checklists", cohort))
    write_checklists(layout.path("checklists_document", cohort), about, filled)
    write_text(layout.path("analysis_results", cohort), analysis_results(about, study.flagship.estimates))


def export_across(layout: Layout) -> None:
    """Write what stands across cohorts."""
    folder = layout.as_told().shown_across
    require({"show": indexes(folder)}, layout)
    tables = [saved_table(folder / "tables", entry) for entry in index_of(folder / "tables")]
    document = layout.path("tables_document_across")
    write_tables_document(document, ACROSS, ACROSS_SOURCE, tables, folder / "figures", synthetic=False)
    write_workbook(layout.path("workbook_across"), ACROSS, tables)


def indexes(folder: Path) -> list[Path]:
    """The lists of tables and of figures of a folder of the show stage."""
    return [folder / name / "index.json" for name in ("tables", "figures")]

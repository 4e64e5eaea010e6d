"""The export stage: a cohort's tables and figures in Word, its tables in Excel, its methods and results as text.

What is written stands in the release already, as tables, figures and sentences of the report; nothing is calculated
and nothing of single persons is added.
"""

from __future__ import annotations

import argparse

from caseseries.export.methods_document import write_methods
from caseseries.export.tables_document import write_tables_document
from caseseries.export.workbook import write_workbook
from caseseries.model.config import add_settings, load_settings
from caseseries.model.layout import Layout
from caseseries.model.results import require
from caseseries.report.study import gather_alone
from caseseries.show.saved import index_of, saved_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries export`."""
    parser.epilog = "example: caseseries export yu-2023"
    parser.add_argument("cohort", help="id of the cohort")
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Write tables.docx, tables.xlsx and methods.docx of one cohort."""
    cohort, told = arguments.cohort, layout.as_told()
    folder = told.shown(cohort)
    shown = [folder / name / "index.json" for name in ("tables", "figures")]
    require({"disclose": [told.estimates(cohort)], "show": shown}, layout)
    study = gather_alone(cohort, load_settings(arguments, layout), told)
    about = study.flagship.cohort
    tables = [saved_table(folder / "tables", entry) for entry in index_of(folder / "tables")]
    write_tables_document(layout.path("tables_document", cohort), about, tables, folder / "figures")
    write_workbook(layout.path("workbook", cohort), about.title, tables)
    write_methods(layout.path("methods_document", cohort), study)

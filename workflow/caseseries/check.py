"""`caseseries check`: everything that is wrong or odd in configuration, cohort folders and the definitions that are run
on them, all at once, before any work is done.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from caseseries.ingest.check import check_folders, tell
from caseseries.model.config import add_configfile, configuration_files
from caseseries.model.layout import Layout
from caseseries.response.check_definitions import check_definitions
from caseseries.show.letters import check_letters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries check`."""
    parser.epilog = (
        "examples:\n  caseseries check\n  caseseries check --configfile config/further-series.yaml\n"
        "  caseseries check data/yu-2023 --queries queries.csv"
    )
    about = "cohort folders; absent: those of the configuration, and the configuration itself"
    parser.add_argument("path", nargs="*", type=Path, help=about)
    add_configfile(parser)
    parser.add_argument("--queries", type=Path, help="also write the findings to this CSV file")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Check, print the findings, and return 2 where there are errors, else 0."""
    checked = check_folders(arguments, layout)
    files = [] if arguments.path else configuration_files(layout, arguments.configfile)
    places = {folder.name: folder for folder in checked.folders}
    found = check_definitions(checked.cohorts, checked.records, places, checked.config, files, layout)
    found += check_letters(checked.cohorts, checked.records, places)
    return tell(replace(checked, findings=[*checked.findings, *found]), arguments)

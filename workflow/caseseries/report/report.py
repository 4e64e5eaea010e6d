"""The report stage: one self-contained HTML file that answers before it explains.

What is said is composed in Python (`sentences`, the `*_section` modules); the templates in templates/ only lay
it out. Style, script and figures stand inside the file, which asks for nothing from anywhere.
"""

from __future__ import annotations

import argparse
from importlib.resources import files

from markupsafe import Markup

from caseseries.model.config import add_settings, load_settings
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.report.across_section import across_section
from caseseries.report.cohort_section import cohort_section
from caseseries.report.evidence import Evidence, gather
from caseseries.report.made_section import made_section
from caseseries.report.opening import opening
from caseseries.show.markup import page_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries report`."""
    parser.epilog = "example: caseseries report"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Write the report of what may leave, and the one in full for the owner's eyes."""
    config = load_settings(arguments, layout)
    for seen in (layout.as_told(), layout):
        page = compose(gather(config, seen))
        write_text(seen.report, page)


def compose(evidence: Evidence) -> str:
    """The whole page as HTML."""
    order = [evidence.flagship, *(found for found in evidence.cohorts.values() if found is not evidence.flagship)]
    sections = [cohort_section(found, evidence) for found in order]
    sections += [across_section(evidence), made_section(evidence)]
    environment = page_environment("caseseries.report")
    folder = files("caseseries.report") / "templates"
    style, script = (Markup((folder / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    template = environment.get_template("report.html.j2")
    return template.render(told=evidence.told, opening=opening(evidence), sections=sections, style=style, script=script)

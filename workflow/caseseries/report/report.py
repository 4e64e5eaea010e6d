"""The report stage: self-contained HTML files that answer before they explain.

What is said is composed in Python (`words`, the `*_section` modules); the templates in templates/ only lay it out.
Style, script and figures stand inside a file, which asks for nothing from anywhere: its security policy lets it use
those and nothing else. The cohorts that a program made have a page of their own.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
from importlib.resources import files

from markupsafe import Markup

from caseseries.model.config import add_settings, load_settings
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.report.across_section import across_section
from caseseries.report.cohort_section import cohort_section
from caseseries.report.drug_section import drug_section
from caseseries.report.made_section import made_section
from caseseries.report.opening import opening
from caseseries.report.page import Opening
from caseseries.report.study import CohortResults, Study, read_study
from caseseries.show.markup import page_environment

NO_SYNTHETIC = Opening("Synthetic data", "", "This study has no synthetic cohort.", "", ())
"""What stands on the page of synthetic cohorts where there is none."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries report`."""
    parser.epilog = "example: caseseries report"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Write the report of what may leave, and the one in full for the owner's eyes; each with its synthetic page."""
    config = load_settings(arguments, layout)
    for seen in (layout.as_told(), layout):
        study = read_study(config, seen)
        write_text(seen.report, compose(study))
        write_text(seen.synthetic_report, compose_synthetic(study))


def compose(study: Study) -> str:
    """The report as HTML: the flagship first, then every cohort of people, what stands across them, how it was made."""
    others = [found for found in study.cohorts.values() if found is not study.flagship]
    shown = [study.flagship, *(found for found in others if not found.cohort.synthetic)]
    sections = [cohort_section(found, study) for found in shown]
    drugs = drug_section(shown, study)
    across = [across_section(study, shown)] if len(study.cohorts) > 1 else []
    sections += [*across, *([drugs] if drugs else []), made_section(study)]
    beside = [("synthetic.html", "Synthetic data")] if synthetic_cohorts(study) else []
    return laid_out(study, opening(study.flagship, study), sections, beside)


def compose_synthetic(study: Study) -> str:
    """The page of the cohorts that a program made, as HTML; a line where there is none."""
    shown = synthetic_cohorts(study)
    sections = [cohort_section(found, study) for found in shown]
    first = opening(shown[0], study) if shown else NO_SYNTHETIC
    return laid_out(study, first, sections, [("report.html", "The report")])


def synthetic_cohorts(study: Study) -> list[CohortResults]:
    """Cohorts without people; one that opens the report stands there."""
    return [found for found in study.cohorts.values() if found.cohort.synthetic and found is not study.flagship]


def laid_out(study: Study, first: Opening, sections: list, beside: list[tuple[str, str]]) -> str:
    """A page as HTML; `beside` are the files of other pages, with what they are called."""
    environment = page_environment("caseseries.report")
    folder = files("caseseries.report") / "templates"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("report.css", "report.js"))
    return environment.get_template("report.html.j2").render(
        told=study.told,
        opening=first,
        sections=sections,
        beside=beside,
        policy=policy(style, script),
        style=Markup(style),
        script=Markup(script),
    )


def policy(style: str, script: str) -> Markup:
    """The content security policy of a page: its own style and script, by their hashes, and pictures inside it."""
    allowed = (f"{kind}-src '{source_hash(text)}'" for kind, text in (("style", style), ("script", script)))
    return Markup("; ".join(["default-src 'none'", *allowed, "img-src data:", "base-uri 'none'", "form-action 'none'"]))


def source_hash(text: str) -> str:
    """The hash of an inline style or script (CSP level 2, section 4.2.3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

"""The seal stage: what was released, made from what.

Three files close a release. MANIFEST.sha256 has the checksum of every other file, as `sha256sum --check` reads it.
provenance.json has the checksums of data, configuration and code and the versions of the packages.
ro-crate-metadata.json describes the whole as a research object (RO-Crate 1.1, Process: no dates but the
software's own release date, so that the same inputs give the same bytes).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from importlib import metadata
from pathlib import Path

import yaml

import caseseries
from caseseries.disclose.gate import Secret, leaks, secret_of
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import add_settings, load_settings
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.model.records import read_records
from caseseries.model.results import require
from caseseries.model.software import SOFTWARE

MANIFEST, PROVENANCE, CRATE = "MANIFEST.sha256", "provenance.json", "ro-crate-metadata.json"
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries seal`."""
    parser.epilog = "example: caseseries seal"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Write provenance, crate and manifest of the release; 3, and none of them, where it tells of a person."""
    config = load_settings(arguments, layout)
    require({"report": [layout.as_told().report]}, layout)
    cohorts = [load_cohort(layout.cohort(cohort)) for cohort in config.cohorts]
    if found := leaks(layout.release, [_secret(cohort, layout) for cohort in cohorts if not cohort.releasable]):
        print(BadInput(found), file=sys.stderr)
        return 3
    files = released_files(layout.release, [*config.cohorts, "pooled", "tables", "figures"])
    write_json(layout.release / PROVENANCE, provenance(layout, [cohort.id for cohort in cohorts if cohort.releasable]))
    write_json(layout.release / CRATE, describe_crate(cohorts, [*files, PROVENANCE], layout.release))
    listed = sorted([*files, PROVENANCE, CRATE])
    lines = [f"{checksum(layout.release / file)}  {file}\n" for file in listed]
    (layout.release / MANIFEST).write_text("".join(lines), encoding="utf-8")
    open_to_others(layout.release)
    return 0


def _secret(cohort: Cohort, layout: Layout) -> Secret:
    return secret_of(cohort, read_records(layout.records(cohort.id)), layout.cohort(cohort.id))


def open_to_others(release: Path) -> None:
    """Let everybody read the release; all other results are their owner's alone."""
    for path in (release, *release.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def released_files(release: Path, folders: list[str]) -> list[str]:
    """Every file of the release that belongs to the configured cohorts, as sorted relative paths."""
    found = [file for file in release.iterdir() if file.is_file()]
    found += [file for folder in folders for file in (release / folder).rglob("*") if file.is_file()]
    names = {file.relative_to(release).as_posix() for file in found}
    hidden = {name for name in names if any(part.startswith(".") for part in Path(name).parts)}
    return sorted(names - hidden - {MANIFEST, PROVENANCE, CRATE})


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_json(path: Path, content: dict) -> None:
    """Write JSON with sorted keys, indented, with a closing newline."""
    path.write_text(json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def provenance(layout: Layout, cohorts: list[str]) -> dict:
    """Checksums of the data that may be known, configuration and code; versions of Python and packages."""
    package = Path(caseseries.__file__).parent
    code = {f"caseseries/{file.relative_to(package).as_posix()}": file for file in package.rglob("*.py")}
    data = {
        f"data/{file.relative_to(layout.data).as_posix()}": file
        for cohort in cohorts
        for file in layout.cohort(cohort).rglob("*")
        if file.is_file()
    }
    config = {f"config/{file.relative_to(layout.config).as_posix()}": file for file in layout.config.rglob("*.yaml")}
    requirements = [line for line in metadata.requires("caseseries") or [] if "extra ==" not in line]
    names = sorted({line.split(";")[0].split("[")[0].split("<")[0].split(">")[0].strip() for line in requirements})
    return {
        "caseseries": caseseries.__version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in names},
        "inputs": {name: checksum(file) for name, file in sorted((data | config | code).items())},
    }


def describe_crate(cohorts: list[Cohort], files: list[str], release: Path) -> dict:
    """RO-Crate metadata: the release, its files, the cohorts' sources and licences, the software."""
    citation = read_citation()
    sources = [
        {
            "@id": f"#{cohort.id}",
            "@type": "Dataset",
            "name": cohort.title,
            "citation": cohort.citation,
            "identifier": f"doi:{cohort.doi}" if cohort.doi else cohort.id,
            "license": cohort.licence,
            "description": "SYNTHETIC: made by simulation, no person stands behind a row."
            if cohort.synthetic
            else cohort.population,
        }
        for cohort in cohorts
    ]
    parts = [
        {
            "@id": file,
            "@type": "File",
            "encodingFormat": MEDIA_TYPES.get(Path(file).suffix, "text/plain"),
            "sha256": checksum(release / file),
        }
        for file in files
    ]
    licence = {
        "@id": f"https://spdx.org/licenses/{citation['license']}",
        "@type": "CreativeWork",
        "name": citation["license"],
    }
    software = {
        "@id": "#caseseries",
        "@type": "SoftwareApplication",
        "name": "caseseries",
        "version": caseseries.__version__,
        "license": {"@id": licence["@id"]},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": "Analysis of retrospective case series",
        "description": "Response rates, curves, tables, figures and report for "
        + f"{len(cohorts)} {'cohort' if len(cohorts) == 1 else 'cohorts'}.",
        "datePublished": str(citation["date-released"]),
        "license": {"@id": licence["@id"]},
        "hasPart": [{"@id": file} for file in files],
        "isBasedOn": [{"@id": source["@id"]} for source in sources],
        "mentions": [{"@id": "#caseseries"}],
    }
    head = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    # The context of 1.1 does not know checksums.
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
    return {"@context": context, "@graph": [head, root, *parts, *sources, licence, software]}


def read_citation() -> dict:
    """The CITATION.cff of the software."""
    path = SOFTWARE / "CITATION.cff"
    return yaml.safe_load(path.read_text(encoding="utf-8"))

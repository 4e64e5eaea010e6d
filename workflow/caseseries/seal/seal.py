"""The seal stage: what was released, made from what.

Four files close a release. outputs.csv has, for a human checker, the smallest number of people that each file tells
of. MANIFEST.sha256 has the checksum of every other file, as `sha256sum --check` reads it.
provenance.json has the checksums of data, configuration and code and the versions of the packages.
ro-crate-metadata.json describes the whole as a research object (RO-Crate 1.1, Process: no dates but the
software's own release date, so that the same inputs give the same bytes).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

import yaml

import caseseries
from caseseries.disclose.gate import NAMED, RENAME, Secret, leaks, secret_of
from caseseries.ingest.named import texts_in
from caseseries.model.checklist import load_checklists, words_of
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import add_configfile, add_settings, configuration_files, load_settings
from caseseries.model.drug import load_drugs
from caseseries.model.files import checksum, write_text
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.model.made import cohorts_there, not_as_made, recorded, runs
from caseseries.model.records import read_records
from caseseries.model.results import OUTPUTS, require, write_table
from caseseries.model.software import SOFTWARE
from caseseries.model.stages import STAGES
from caseseries.seal.outputs import outputs_of
from caseseries.seal.provenance import may_be_told, provenance
from caseseries.seal.values import COLUMNS, VALUES, values_of
from caseseries.words.nouns import plural

MANIFEST, PROVENANCE, CRATE = "MANIFEST.sha256", "provenance.json", "ro-crate-metadata.json"
RELEASE = "results/release/"
CHECK_FAILED = 3
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xpt": "application/x-sas-xport",
    ".parquet": "application/vnd.apache.parquet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries seal`."""
    parser.epilog = "example: caseseries seal"
    add_settings(parser)
    add_configfile(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Write values, provenance, crate and manifest of the release.

    3, and none of them, where a result is not what its stage wrote or the release tells of a person.
    """
    config = load_settings(arguments, layout)
    require({"report": [layout.as_told().report]}, layout)
    made = [(stage, cohort) for stage, cohort in runs(config.cohorts) if stage.verb != "seal"]
    if strange := [name for stage, cohort in made for name in not_as_made(stage, cohort, layout)]:
        print("Not sealed. Not as their stages wrote them, which ./run makes again:", *strange, sep="\n  ")
        return CHECK_FAILED
    remove_others(layout, config.cohorts)
    cohorts = [load_cohort(layout.cohort(cohort)) for cohort in config.cohorts]
    secrets = [_secret(cohort, layout) for cohort in cohorts if not cohort.releasable]
    checklists = words_of(load_checklists(*layout.checklist_folders))
    drugs = [drug.model_dump(mode="json") for drug in load_drugs(*layout.drug_folders).values()] if secrets else []
    if leaked := leaks(layout.release, secrets, checklists, " ".join(texts_in(drugs))):
        advice = [RENAME] if any(one.rule == NAMED for one in leaked) else []
        print(BadInput(leaked), *advice, sep="\n", file=sys.stderr)
        return CHECK_FAILED
    write_table(values_of(layout.release), layout.path("values"), COLUMNS)
    files = [arguments.configfile, configuration_files(layout, None)]
    found = provenance(layout, config.cohorts, [str(file) for file in next(filter(None, files))])
    write_json(layout.path("provenance_in_full"), found)
    kept = [cohort.id for cohort in cohorts if not cohort.releasable]
    write_json(layout.path("provenance"), may_be_told(found, kept))
    results = [name for stage, cohort in made for name in recorded(stage, cohort, layout)]
    results = [name.removeprefix(RELEASE) for name in results if name.startswith(RELEASE)]
    told = sorted([*results, VALUES, PROVENANCE])
    write_table(outputs_of(layout.release, told, cohorts), layout.path("outputs"), OUTPUTS)
    listed = sorted([*told, layout.path("outputs").name])
    write_json(layout.path("crate"), describe_crate(cohorts, listed, layout.release))
    lines = [f"{checksum(layout.release / file)}  {file}\n" for file in sorted([*listed, CRATE])]
    write_text(layout.path("manifest"), "".join(lines))
    open_to_others(layout.release)
    return 0


def _secret(cohort: Cohort, layout: Layout) -> Secret:
    return secret_of(cohort, read_records(layout.records(cohort.id)), layout.cohort(cohort.id))


def open_to_others(release: Path) -> None:
    """Let everybody read the release; all other results are their owner's alone."""
    for path in (release, *release.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def remove_others(layout: Layout, cohorts: list[str]) -> None:
    """Remove from the release what stages made of cohorts that are no longer in the list."""
    for cohort in set(cohorts_there(layout)) - set(cohorts):
        for stage in STAGES:
            for name, path in stage.outputs.items():
                if "{cohort}" in path and path.startswith(RELEASE):
                    place = layout.path(name, cohort)
                    shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        folder = layout.release / cohort
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()


def write_json(path: Path, content: dict) -> None:
    """Write JSON with sorted keys, indented, with a closing newline."""
    write_text(path, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


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
        "description": f"Response rates, curves, tables, figures and report for {plural(len(cohorts), 'cohort')}.",
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

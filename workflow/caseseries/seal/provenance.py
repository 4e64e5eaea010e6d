"""What a release was made from: checksums of data, configuration and code, versions of Python and packages."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from caseseries import __version__
from caseseries.model.files import checksum
from caseseries.model.layout import Layout
from caseseries.model.software import PACKAGE, SOFTWARE
from caseseries.model.stages import SHIPPED


def provenance(layout: Layout, cohorts: Iterable[str], configuration: Iterable[str]) -> dict:
    """What was there when it was called.

    `inputs` has the files of the cohorts, the files of the configuration, definitions and drugs, and the code;
    `configuration` names the files of the configuration, overlays last.
    """
    configuration = list(configuration)
    data = [file for cohort in cohorts for file in layout.cohort(cohort).rglob("*") if file.is_file()]
    rules = [Path(file) for name in SHIPPED for file in layout.sources(name)]
    named = [Path(name) for name in configuration if Path(name).exists()]
    files = {shown(file, layout): file for file in [*data, *rules, *named]}
    code = {f"caseseries/{file.relative_to(PACKAGE).as_posix()}": file for file in PACKAGE.rglob("*.py")}
    requirements = [line for line in metadata.requires("caseseries") or [] if "extra ==" not in line]
    names = sorted({line.split(";")[0].split("[")[0].split("<")[0].split(">")[0].strip() for line in requirements})
    return {
        "caseseries": __version__,
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in names},
        "configuration": configuration,
        "inputs": {name: checksum(file) for name, file in sorted((files | code).items())},
    }


def may_be_told(found: dict, kept: Iterable[str]) -> dict:
    """A provenance without the files of some cohorts, whose names and checksums must not leave."""
    hidden = tuple(f"data/{cohort}/" for cohort in kept)
    told = {name: digest for name, digest in found["inputs"].items() if not hidden or not name.startswith(hidden)}
    return found | {"inputs": told}


def cohorts_of(sealed: dict) -> list[str]:
    """Cohorts whose files a provenance names."""
    return sorted({name.split("/")[1] for name in sealed["inputs"] if name.startswith("data/")})


def compare_provenance(sealed: dict, present: dict) -> list[str]:
    """Inputs and code that differ between two runs, each named."""
    names = sorted(sealed["inputs"].keys() | present["inputs"].keys())
    return [name for name in names if sealed["inputs"].get(name) != present["inputs"].get(name)]


def compare_packages(sealed: dict, present: dict) -> list[str]:
    """Packages and Python that differ between two runs, each with both versions."""
    changes = []
    for name in sorted(sealed["packages"].keys() | present["packages"].keys()):
        before, now = sealed["packages"].get(name, "absent"), present["packages"].get(name, "absent")
        if before != now:
            changes.append(f"package {name} ({before} then, {now} now)")
    if sealed["python"] != present["python"]:
        changes.append(f"Python ({sealed['python']} then, {present['python']} now)")
    return changes


def shown(file: Path, layout: Layout) -> str:
    """How an input is named: by its place in the study, in the software, or as it was given."""
    places = ((layout.data, "data"), (layout.config, "config"), (SOFTWARE / "config", "software/config"))
    for folder, name in places:
        if file.resolve().is_relative_to(folder.resolve()):
            return f"{name}/{file.resolve().relative_to(folder.resolve()).as_posix()}"
    return file.as_posix()

import hashlib
import json
import os
from functools import cache
from pathlib import Path

from caseseries.model.layout import Layout
from caseseries.model.software import PACKAGE, SOFTWARE
from caseseries.model.stages import PATHS, STAGES, WHOLE, stage_of_rule

COHORTS = config["cohorts"]
LAYOUT = Layout()
CONFIGURATION = list(dict.fromkeys(os.path.relpath(file) for file in workflow.configfiles))


wildcard_constraints:
    cohort="[a-z][a-z0-9-]*",


def inputs(rule):
    """What a stage reads, by name, and its code: Snakemake sees no change inside an imported package otherwise."""
    stage = stage_of_rule(rule)
    return {name: _read(name, stage.of_a_cohort) for name in stage.inputs} | {"code": code(stage.rooms)}


def outputs(rule, **shown):
    """What a stage writes, by name; `shown` marks what Snakemake's own report shows."""
    written = {}
    for name, path in stage_of_rule(rule).outputs.items():
        written[name] = directory(path) if path.endswith("/") else path
        if name in shown:
            written[name] = shown[name](written[name])
    return written


def the_report(file):
    """The report, as Snakemake's own report shows it."""
    return report(file, category="Report", caption="../report/report.rst")


def figures_of_a_cohort(folder):
    """Figures, as Snakemake's own report shows them."""
    return report(
        folder, patterns=["{figure}.svg"], category="Figures", subcategory="{cohort}", caption="../report/figure.rst"
    )


def settings(rule):
    """What a stage reads of the configuration, as JSON: the keys of its row and, but for one cohort, the cohorts."""
    stage = stage_of_rule(rule)
    keys = stage.settings if stage.of_a_cohort else ("cohorts", *stage.settings)
    return json.dumps({key: config[key] for key in keys if key in config}, sort_keys=True)


def results():
    """Every result, so that one that was removed is made again."""
    return list(PATHS.values())


def code(rooms):
    """Files of the package that lie in some rooms, named from here: a project that is moved stays as it is."""
    files = [file for room in rooms for file in (PACKAGE / room).rglob("*") if file.is_file()]
    cited = [SOFTWARE / "CITATION.cff"] if rooms == WHOLE else []
    return sorted(os.path.relpath(file) for file in [*files, *cited] if file.suffix != ".pyc")


def of_cohorts(*patterns):
    """Paths for each configured cohort, of paths without a cohort; a stage is called only where its table is there."""
    return [
        path
        for pattern in patterns
        for path in expand(pattern, cohort=[cohort for cohort in COHORTS if _called(pattern, cohort)])
    ]


def _called(pattern, cohort):
    """Whether the stage that writes a path is called for a cohort."""
    table = next((stage.only_with for stage in STAGES if pattern in stage.outputs.values()), "")
    return not table or (LAYOUT.cohort(cohort) / table).is_file()


def _read(name, of_a_cohort):
    """Files of one input: of one cohort, found when that is known, or of all."""
    if name == "configuration":
        return CONFIGURATION
    if name in PATHS:
        return PATHS[name] if of_a_cohort else of_cohorts(PATHS[name])
    if of_a_cohort:
        return lambda wildcards: LAYOUT.sources(name, wildcards.cohort)
    return sorted({file for cohort in COHORTS for file in LAYOUT.sources(name, cohort)})


@cache
def checksum(file):
    """SHA-256 of a file; empty where there is none, which Snakemake reports."""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest() if Path(file).is_file() else ""


def sources(wildcards, **given):
    """Checksum of the inputs that no stage makes.

    Snakemake looks into a file only if it is newer than the results: one that was copied or unpacked with an older
    time it would take for unchanged. It compares no parameter whose function names `input`, since what follows from
    the inputs changes with them; that is why the inputs come as one of `given`.
    """
    made = [(file, checksum(file)) for file in sorted(set(given["input"])) if not file.startswith("results/")]
    return hashlib.sha256(json.dumps(made).encode()).hexdigest()

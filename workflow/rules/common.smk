import hashlib
import json
import os
from functools import cache
from pathlib import Path

from caseseries.model.layout import SHARD, Layout
from caseseries.model.software import PACKAGE, SOFTWARE
from caseseries.model.stages import BY_CASE, PATHS, STAGES, WHOLE, stage_of_rule

COHORTS = config["cohorts"]
LAYOUT = Layout()
# Large cohorts, configured or not: they are classified in shards, and their rows are Parquet.
LARGE = sorted(folder.name for folder in LAYOUT.data.glob("*/") if LAYOUT.large(folder.name))
PACKED = {PATHS[name]: PATHS[name].replace(".csv", ".parquet") for name in BY_CASE}
CONFIGURATION = list(dict.fromkeys(os.path.relpath(file) for file in workflow.configfiles))


wildcard_constraints:
    cohort="[a-z][a-z0-9-]*",


def inputs(rule):
    """What a stage reads, by name, and its code: Snakemake sees no change inside an imported package otherwise."""
    stage = stage_of_rule(rule)
    return {name: _read(name, stage.of_a_cohort) for name in stage.inputs} | {"code": code(stage.rooms)}


def outputs(rule, large=False, **shown):
    """What a stage writes, by name, of a large cohort if so; `shown` marks what Snakemake's own report shows."""
    written = {}
    for name, path in stage_of_rule(rule).outputs.items():
        path = PACKED.get(path, path) if large else path
        written[name] = directory(path) if path.endswith("/") else path
        if name in shown:
            written[name] = shown[name](written[name])
    return written


def small():
    """Names of the cohorts that are not large, as a pattern."""
    return f"(?!(?:{'|'.join(LARGE)})/)[a-z][a-z0-9-]*" if LARGE else "[a-z][a-z0-9-]*"


def large():
    """Names of the large cohorts, as a pattern; it matches nothing where there is none."""
    return f"(?:{'|'.join(LARGE)})" if LARGE else "(?!)"


def shards(pattern):
    """What the shards of a cohort write."""
    return lambda wildcards: [
        pattern.format(cohort=wildcards.cohort, shard=f"{place}-of-{number}")
        for number in [LAYOUT.shards(wildcards.cohort)]
        for place in range(1, number + 1)
    ]


def needs(name):
    """Memory (MB) and run time (minutes) of a rule, from the size of the sources of its cohort, or of all cohorts.

    `NEEDS` has what it takes for a small cohort, and for each further million bytes; a second try gets twice as much.
    """
    memory, memory_each, minutes, minutes_each = NEEDS[name]

    def million_bytes(wildcards):
        if name == "classify_shard":
            return min(LAYOUT.size(wildcards.cohort), SHARD) / 1e6
        cohorts = [wildcards.cohort] if hasattr(wildcards, "cohort") else COHORTS
        return sum(map(LAYOUT.size, cohorts)) / 1e6

    return {
        "mem_mb": lambda wildcards, attempt: round(attempt * (memory + memory_each * million_bytes(wildcards))),
        "runtime": lambda wildcards, attempt: round(attempt * (minutes + minutes_each * million_bytes(wildcards))),
    }


NEEDS = {
    "definitions": (500, 0, 5, 0),
    "ingest": (1000, 2, 10, 0.1),
    "reconstruct": (500, 0, 10, 0),
    "classify": (500, 25, 10, 0.1),
    "classify_shard": (1500, 0, 10, 0.2),
    "classify_gather": (700, 2, 10, 0.1),
    "estimate": (700, 50, 10, 0.3),
    "audit": (600, 5, 10, 0.3),
    "pool": (500, 0, 10, 0),
    "reconcile": (500, 40, 10, 0.1),
    "recompute": (1000, 5, 15, 0.5),
    "disclose": (500, 5, 10, 0.3),
    "disclose_across": (500, 0, 10, 0),
    "show": (700, 40, 10, 0.3),
    "show_pooled": (700, 0, 10, 0),
    "report": (1000, 40, 10, 0.3),
    "export": (700, 10, 10, 0.3),
    "export_across": (700, 0, 10, 0),
    "seal": (500, 40, 10, 0.1),
}
"""Rule -> MB, MB for each million bytes of sources, minutes, minutes for each million bytes. They follow from peaks of
simulated cohorts of up to 100 000 episodes (0.4 kB of sources an episode), that of ingest of up to 1 000 000, and are
rounded up."""


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
    found = [
        _place(pattern, cohort) for pattern in patterns for cohort in COHORTS if _called(pattern, cohort)
    ]
    return list(dict.fromkeys(found))


def _place(pattern, cohort):
    """The path of a cohort."""
    return (PACKED.get(pattern, pattern) if cohort in LARGE else pattern).format(cohort=cohort)


def _called(pattern, cohort):
    """Whether the stage that writes a path is called for a cohort."""
    table = next((stage.only_with for stage in STAGES if pattern in stage.outputs.values()), "")
    return not table or (LAYOUT.cohort(cohort) / table).is_file()


def _read(name, of_a_cohort):
    """Files of one input: of one cohort, found when that is known, or of all."""
    if name == "configuration":
        return CONFIGURATION
    if name in BY_CASE and of_a_cohort:
        return lambda wildcards: _place(PATHS[name], wildcards.cohort)
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

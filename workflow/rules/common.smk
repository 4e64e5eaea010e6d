import hashlib
import json
from functools import cache
from pathlib import Path

COHORTS = config["cohorts"]
PACKAGE = Path("workflow/caseseries")
SETTINGS = json.dumps(config, sort_keys=True)


wildcard_constraints:
    cohort="[a-z][a-z0-9-]*",


def code(*rooms):
    """Library files of a stage: Snakemake does not see changes inside an imported package otherwise."""
    return sorted(str(file) for room in rooms for file in (PACKAGE / room).rglob("*.py"))


def cohort_files(wildcards):
    """Source files of a cohort, but for its claims and its README, which change no record."""
    folder = Path("data") / wildcards.cohort
    kept = (file for file in folder.rglob("*") if file.is_file() and file.name not in ("claims.yaml", "README.md"))
    return sorted(str(file) for file in kept) or [str(folder / "cohort.yaml")]


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


def of_cohorts(pattern):
    """One path for each configured cohort."""
    return expand(pattern, cohort=COHORTS)

import json
from pathlib import Path

COHORTS = config["cohorts"]
PACKAGE = Path("workflow/caseseries")
SETTINGS = json.dumps(config, sort_keys=True)


wildcard_constraints:
    cohort="[a-z][a-z0-9-]*",


def code(*rooms):
    """Library files of a stage: Snakemake does not see changes inside an imported package otherwise."""
    return sorted(str(file) for room in rooms for file in PACKAGE.glob(f"{room}/*.py"))


def cohort_files(wildcards):
    """Source files of a cohort, but for its claims and its README, which change no record."""
    folder = Path("data") / wildcards.cohort
    kept = (file for file in folder.rglob("*") if file.is_file() and file.name not in ("claims.yaml", "README.md"))
    return sorted(str(file) for file in kept) or [str(folder / "cohort.yaml")]


def of_cohorts(pattern):
    """One path for each configured cohort."""
    return expand(pattern, cohort=COHORTS)

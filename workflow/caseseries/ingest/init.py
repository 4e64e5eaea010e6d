"""`caseseries init`: a study folder of its own, apart from the software, in which private records may lie."""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

from caseseries import __version__
from caseseries.model.files import whole
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import STUDY, Layout
from caseseries.model.software import SOFTWARE

FILES = {
    STUDY: """\
# Made by caseseries init. With this file the folder is a study: it takes the response definitions and drug profiles of
# the software, and its own beside them.
made_with: {version}
""",
    "config/config.yaml": """\
# What is analysed. Only `cohorts` is needed; every key is explained in config/README.md of the software.

# Folders of data/, in the order of the report: `caseseries new NAME` makes one.
cohorts: []

# The cohort that opens the report; the first if absent.
# flagship: NAME

# Response definitions: all, or a list of ids (`caseseries definitions` lists them).
definitions: all

# Confidence level of every interval.
level: 0.95
""",
    ".gitignore": """\
# Records of people, and results that show them, stay out of git; what may leave (results/release) may go in.
/data/
/results/restricted/
/results/logs/
/.snakemake/
""",
    "README.md": """\
# A case series

| Folder | What lies there |
|---|---|
| `config/` | `config.yaml`: what is analysed; `definitions/` and `drugs/`: your own, beside those of the software |
| `data/` | a folder for each cohort; kept out of git |
| `results/restricted/` | everything, for your eyes; kept out of git |
| `results/release/` | what may leave |

In this folder:

1. `caseseries new NAME` makes `data/NAME`; fill it in and write NAME under `cohorts` in `config/config.yaml`.
2. `caseseries check` lists everything that is wrong, at once.
3. `caseseries run` makes the report. It is the same as `./run --study` with this folder, called in the software's.

`study.yaml` says with which version of the software the study was made, `results/release/provenance.json` with which
it was run. Whoever is given the folder as it is can run it again.
""",
}
FOLDERS = ("config/definitions", "config/drugs", "data", "results")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries init`."""
    parser.epilog = "example: caseseries init ../my-itp"
    parser.add_argument("path", type=Path, help="folder to make, outside the software's own")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Make the folder; one that holds anything is left alone."""
    folder = arguments.path.resolve()
    if findings := check_place(folder):
        raise BadInput(findings)
    with nullcontext(folder) if folder.exists() else whole(folder) as place:
        for name in FOLDERS:
            (place / name).mkdir(parents=True)
        for name, text in FILES.items():
            (place / name).write_text(text.replace("{version}", __version__), encoding="utf-8")
    print(f"made {folder}: go there, then make a cohort: caseseries new NAME")


def check_place(folder: Path) -> list[Finding]:
    """What keeps a study from being made there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        return [Finding("init", column="path", rule="something is there already; name a new folder")]
    if (SOFTWARE / "pyproject.toml").exists() and folder.is_relative_to(SOFTWARE):
        rule = "private records must not lie in the folder of the software, from where they could be passed on"
        return [Finding("init", column="path", rule=rule, example=str(SOFTWARE.parent / "my-itp"))]
    return []

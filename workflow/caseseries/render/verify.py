"""`caseseries verify`: did anything move, and because of what.

Compares the release with its own manifest, or with that of another run, and names for each file that moved the
inputs, code or packages that differ.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.render.seal import MANIFEST, PROVENANCE, checksum, provenance

CHECK_FAILED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries verify`."""
    parser.epilog = "example: caseseries verify --against /media/reviewer/results/release"
    parser.add_argument("--against", type=Path, help="release folder of another run; this one's manifest if absent")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Print what moved and why; 0 where nothing did, 3 where something did."""
    other = arguments.against or layout.release
    expected = read_manifest(other / MANIFEST)
    moved = compare_release(layout.release, expected)
    if not moved:
        print(f"{len(expected)} files, nothing moved.")
        return 0
    sealed = json.loads((other / PROVENANCE).read_text(encoding="utf-8"))
    present = provenance(layout, sorted({name.split("/")[1] for name in sealed["inputs"] if name.startswith("data/")}))
    changes = compare_provenance(sealed, present)
    for file, what in moved.items():
        print(f"{file}: {what}" + explain_move(file, changes))
    print(f"{len(moved)} of {len(expected)} files moved.")
    return CHECK_FAILED


def read_manifest(path: Path) -> dict[str, str]:
    """File -> checksum.

    Raises
    ------
    BadInput : no manifest there, or a line that is none.
    """
    if not path.exists():
        rule = "there is no manifest; run the analysis first"
        raise BadInput([Finding(str(path), rule=rule, example="./run")])
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("  ", 1) for line in lines]
    faulty = [number for number, pair in enumerate(pairs, start=1) if len(pair) != 2 or len(pair[0]) != 64]
    if faulty:
        rule = "a line must be a SHA-256 checksum, two blanks and a file"
        raise BadInput(Finding(str(path), line=number, rule=rule) for number in faulty)
    return {file: digest for digest, file in pairs}


def compare_release(release: Path, expected: dict[str, str]) -> dict[str, str]:
    """What became of each file that is not as expected: missing, changed."""
    moved = {}
    for file, digest in expected.items():
        if not (release / file).exists():
            moved[file] = "missing"
        elif checksum(release / file) != digest:
            moved[file] = "changed"
    return moved


def compare_provenance(sealed: dict, present: dict) -> list[str]:
    """Inputs, code and packages that differ between two runs, each named."""
    changes = [
        name for name in sorted(sealed["inputs"].keys() | present["inputs"].keys())
        if sealed["inputs"].get(name) != present["inputs"].get(name)
    ]  # fmt: skip
    for name in sorted(sealed["packages"].keys() | present["packages"].keys()):
        before, now = sealed["packages"].get(name, "absent"), present["packages"].get(name, "absent")
        if before != now:
            changes.append(f"package {name} ({before} then, {now} now)")
    if sealed["python"] != present["python"]:
        changes.append(f"Python ({sealed['python']} then, {present['python']} now)")
    return changes


def explain_move(file: str, changes: list[str]) -> str:
    """The changes that can have moved a file: all but the data of other cohorts."""
    folder = file.split("/", maxsplit=1)[0]
    relevant = [
        change for change in changes
        if not change.startswith("data/") or "/" not in file or folder in (change.split("/")[1], "pooled")
    ]  # fmt: skip
    return ", because of " + ", ".join(relevant) if relevant else ", though no input, code or package differs"

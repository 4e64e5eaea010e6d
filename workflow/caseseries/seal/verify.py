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
from caseseries.model.stages import WHOLE, matches, source_of, stage_that_made, stages_before
from caseseries.seal.seal import MANIFEST, PROVENANCE, checksum, provenance

CHECK_FAILED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries verify`."""
    parser.epilog = "examples:\n  caseseries verify\n  caseseries verify --against /media/reviewer/results/release"
    parser.add_argument("--against", type=Path, help="release folder of another run; this one's manifest if absent")


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Print what moved and why; 0 where nothing did, 3 where something did.

    Where nothing did, it still says what differs from the run that is compared with, and what in the folder is no part
    of it.
    """
    other = arguments.against or layout.release
    expected = read_manifest(other / MANIFEST)
    moved = compare_release(layout.release, expected)
    sealed = json.loads((other / PROVENANCE).read_text(encoding="utf-8"))
    present = provenance(layout, sorted({name.split("/")[1] for name in sealed["inputs"] if name.startswith("data/")}))
    changes = compare_provenance(sealed, present)
    if not moved:
        print(f"{len(expected)} files, nothing moved.")
        if changes:
            print(f"Changed since that run, without a trace in these files: {', '.join(shorten(changes))}.")
        if others := other_files(layout.release, expected):
            print(f"No part of the run and not checked: {', '.join(others)}.")
        return 0
    print("\n".join(describe_moves(moved, changes)))
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


def other_files(release: Path, expected: dict[str, str]) -> list[str]:
    """What lies in the release folder and is not in the manifest, hidden files aside; a folder with nothing of the run
    as one.
    """
    found = [file.relative_to(release) for file in release.rglob("*") if file.is_file()]
    names = sorted(file.as_posix() for file in found if not any(part.startswith(".") for part in file.parts))
    known = {name.partition("/")[0] for name in expected}
    strange = [name for name in names if name not in expected and name != MANIFEST]
    return list(
        dict.fromkeys(
            name if name.partition("/")[0] in known or "/" not in name else f"{name.partition('/')[0]}/"
            for name in strange
        )
    )


def compare_provenance(sealed: dict, present: dict) -> list[str]:
    """Inputs, code and packages that differ between two runs, each named."""
    changes = [
        name
        for name in sorted(sealed["inputs"].keys() | present["inputs"].keys())
        if sealed["inputs"].get(name) != present["inputs"].get(name)
    ]
    for name in sorted(sealed["packages"].keys() | present["packages"].keys()):
        before, now = sealed["packages"].get(name, "absent"), present["packages"].get(name, "absent")
        if before != now:
            changes.append(f"package {name} ({before} then, {now} now)")
    if sealed["python"] != present["python"]:
        changes.append(f"Python ({sealed['python']} then, {present['python']} now)")
    return changes


def describe_moves(moved: dict[str, str], changes: list[str]) -> list[str]:
    """One line a file; files that moved for the same reasons stand together under these."""
    together: dict[str, list[str]] = {}
    for file in moved:
        together.setdefault(explain_move(file, changes), []).append(file)
    lines = []
    for reason, files in together.items():
        if len(files) == 1:
            lines.append(f"{files[0]}: {moved[files[0]]}, {reason}")
        else:
            lines += [f"{reason[0].upper()}{reason[1:]}:", *(f"  {file}: {moved[file]}" for file in files)]
    return lines


def explain_move(file: str, changes: list[str]) -> str:
    """The changes that can have moved a file: of the code that of its stage and the stages before it, of the data those
    of its cohort.
    """
    relevant = [change for change in changes if _bears_on(change, file)]
    return "because of " + ", ".join(shorten(relevant)) if relevant else "though no input, code or package differs"


def shorten(changes: list[str]) -> list[str]:
    """The changes, with more than three modules of a room or files of a folder as one."""
    folders = [change.rpartition("/")[0] for change in changes]
    many = {folder for folder in folders if folder and folders.count(folder) > 3}
    shown = (
        f"{folder}/ ({folders.count(folder)} files)" if folder in many else change
        for folder, change in zip(folders, changes, strict=True)
    )
    return list(dict.fromkeys(shown))


def _bears_on(change: str, file: str) -> bool:
    """Whether a changed input or module stands somewhere before a released file."""
    made = stage_that_made(f"results/release/{file}")
    if made is None or made.rooms == WHOLE:
        return True
    stages = stages_before(made)
    parts = change.split("/")
    if parts[0] == "caseseries":
        rooms = {room for stage in stages for room in stage.rooms}
        return len(parts) > 2 and parts[1] in rooms
    source = source_of(change)
    if source is None:
        return parts[0] not in ("data", "config")
    if parts[0] == "data" and made.of_a_cohort and not file.startswith(f"{parts[1]}/"):
        return False
    if matches(change, "config/*.yaml"):
        return any(stage.settings for stage in stages)
    read = {name for stage in stages for name in stage.inputs}
    return source in read or (source == "cohort" and "tables_given" in read)

"""`caseseries verify`: did anything move, and because of what.

Compares the results with what was sealed, or the release with another one by value, and names what moved and the
inputs, code or packages that differ.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from caseseries.model.files import checksum
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.made import not_as_made, runs
from caseseries.model.stages import WHOLE, source_of, stage_that_made, stages_before
from caseseries.seal.between import few_between
from caseseries.seal.kept import is_kept, kept_claims, kept_values, read_kept
from caseseries.seal.provenance import cohorts_of, compare_packages, compare_provenance, provenance
from caseseries.seal.seal import CHECK_FAILED, MANIFEST, PROVENANCE
from caseseries.seal.values import moved_claims, moved_values, sealed_claims, sealed_values, values_of
from caseseries.words.nouns import plural
from caseseries.words.spelling import capital

SHOWN = 12
"""Values and files of one cohort or reason that are named; the others are counted."""

DRAWN = (".svg", ".png", ".pdf", ".html", ".json", ".docx", ".xlsx", ".sha256")
"""Files in which another platform or version may write other bytes for the same numbers."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries verify`."""
    parser.epilog = "examples:\n  caseseries verify\n  caseseries verify --against /media/reviewer/results/release"
    parser.add_argument(
        "--against",
        type=Path,
        help="release folder of another run, or values that were kept of one (docs/released), compared by value",
    )


def run(arguments: argparse.Namespace, layout: Layout) -> int:
    """Print what moved and why; 0 where nothing did, 3 where a result, an input, code or configuration did."""
    if arguments.against:
        return compare_releases(layout, arguments.against)
    return check_results(layout)


def check_results(layout: Layout) -> int:
    """Hold the results to what was sealed, and inputs and code to what it was made from."""
    expected = read_manifest(layout.release / MANIFEST)
    full = layout.path("provenance_in_full")
    sealed = read_provenance(full if full.exists() else layout.release / PROVENANCE)
    present = provenance(layout, cohorts_of(sealed), sealed["configuration"])
    changes, packages = compare_provenance(sealed, present), compare_packages(sealed, present)
    moved = compare_release(layout.release, expected) | compare_restricted(layout, cohorts_of(sealed))
    values = moved_values(sealed_values(layout.release), values_of(layout.release)) if moved else {}
    for line in [*describe_values(values, [*changes, *packages]), *describe_moves(moved, [*changes, *packages])]:
        print(line)
    if moved:
        print(f"{len(moved)} of {len(expected)} files moved.")
    else:
        print(f"{len(expected)} files, nothing moved.")
        if changes or packages:
            print(f"Changed since that run: {', '.join(shorten([*changes, *packages]))}.")
        if changes:
            print("The results are those of before: ./run makes them anew.")
    if others := other_files(layout.release, expected):
        print(f"No part of the run and not checked: {', '.join(others)}.")
    return CHECK_FAILED if moved or changes else 0


def compare_releases(layout: Layout, other: Path) -> int:
    """Hold the release to another one: by value, then by file; other bytes of the same numbers are no failure."""
    if is_kept(other):
        return compare_kept(layout, other)
    expected = read_manifest(other / MANIFEST)
    there, here = read_provenance(other / PROVENANCE), read_provenance(layout.release / PROVENANCE)
    changes = [*compare_provenance(there, here), *compare_packages(there, here)]
    moved = compare_release(layout.release, expected)
    values = moved_values(sealed_values(other), values_of(layout.release))
    claims = moved_claims(sealed_claims(other), sealed_claims(layout.release))
    for cohort, lines in claims.items():
        values.setdefault(cohort, []).extend(lines)
    told = describe_values(values, changes)
    bytes_only = {file: what for file, what in moved.items() if what == "changed" and Path(file).suffix in DRAWN}
    failing = {file: what for file, what in moved.items() if file not in bytes_only}
    named = values if not claims else values | {"claims.csv": []}
    failing = {file: what for file, what in failing.items() if not is_of_moved_values(file, named)}
    told += describe_moves(failing, changes)
    if bytes_only:
        told += ["Same numbers, other bytes:" if not values else "Other bytes:", *listed(sorted(bytes_only))]
    told += few_between(layout, other)
    print("\n".join(told or [f"{len(expected)} files, nothing moved."]))
    count = sum(map(len, values.values()))
    print(f"{count} values moved." if count else f"{len(sealed_values(other))} values compared, none moved.")
    return CHECK_FAILED if values or failing else 0


def compare_kept(layout: Layout, folder: Path) -> int:
    """Hold the release to values that were kept of another one; the files of that one are not there."""
    values, claims = read_kept(folder)
    told, moved = moved_claims(claims, kept_claims(layout.release)), moved_values(values, kept_values(layout.release))
    lines = [f"{cohort}, {line}" for cohort, found in told.items() for line in found]
    for cohort, found in moved.items():
        lines += [f"{cohort}, {line}" for line in found[:SHOWN]]
        lines += [f"{cohort}: and {plural(len(found) - SHOWN, 'more value')}"] if len(found) > SHOWN else []
    print("".join(f"{line}\n" for line in lines), end="")
    count = sum(map(len, [*told.values(), *moved.values()]))
    print(
        f"{plural(count, 'value')} moved." if count else f"{len(values)} values and {len(claims)} claims, none moved."
    )
    return CHECK_FAILED if count else 0


def is_of_moved_values(file: str, values: dict[str, list[str]]) -> bool:
    """Whether a file moved because values in it, which are named, did."""
    return bool(values) and (file == "values.csv" or file.partition("/")[0] in values)


def read_provenance(path: Path) -> dict:
    """A provenance; one of an older version names no configuration.

    Raises
    ------
    BadInput : none there.
    """
    if not path.exists():
        raise BadInput([Finding(str(path), rule="there is no provenance; run the analysis first", example="./run")])
    return {"configuration": ["config/config.yaml"]} | json.loads(path.read_text(encoding="utf-8"))


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


def compare_restricted(layout: Layout, cohorts: list[str]) -> dict[str, str]:
    """The same of restricted results, by what their stages wrote; nothing where they are not there."""
    moved = {}
    for stage, cohort in runs(cohorts):
        for name in not_as_made(stage, cohort, layout):
            if name.startswith("results/restricted/"):
                there = layout.place(name).exists()
                moved[name.removeprefix("results/")] = "changed" if there else "missing"
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


def describe_values(values: dict[str, list[str]], changes: list[str]) -> list[str]:
    """One line a value that moved, with what moved it."""
    lines = []
    for cohort, moved in values.items():
        reason = explain_move(f"{cohort}/estimates.csv", changes)
        lines += [f"{cohort}, {line}, {reason}" for line in moved[:SHOWN]]
        lines += [f"{cohort}: and {len(moved) - SHOWN} more values"] if len(moved) > SHOWN else []
    return lines


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
            lines += [f"{capital(reason)}:", *listed([f"{file}: {moved[file]}" for file in files])]
    return lines


def listed(lines: list[str]) -> list[str]:
    """Lines set in, the first of them; the others are counted."""
    more = [f"  and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return [f"  {line}" for line in lines[:SHOWN]] + more


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
    inside = file.removeprefix("restricted/")
    made = stage_that_made(f"results/{file}" if inside != file else f"results/release/{file}")
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
    if parts[0] == "data" and made.of_a_cohort and not inside.startswith(f"{parts[1]}/"):
        return False
    if source == "configuration":
        return any(stage.settings for stage in stages)
    read = {name for stage in stages for name in stage.inputs}
    return source in read or (source == "cohort" and "tables_given" in read)

"""The house: a room imports only rooms above it, the estimators nothing of ours, the words the model alone."""

import ast
from pathlib import Path

import pytest

from caseseries.model.stages import ROOMS

PACKAGE = Path(__file__).parents[2] / "workflow" / "caseseries"
ORDER = list(ROOMS)
HERE = [room for room in ORDER if (PACKAGE / room).is_dir()]


def rooms_imported(file):
    """Rooms that a file imports from, at its head or inside a function, however the import is written."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: a relative import hides the room that it comes from"
            names = [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("caseseries."))


def allowed(room):
    if room == "estimators":
        return {"estimators"}
    if room == "words":
        return {"words", "model"}
    return set(ORDER[: ORDER.index(room) + 1])


def test_every_folder_of_the_package_is_a_room():
    folders = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and folder.name != "__pycache__"}
    assert sorted(folders - set(ORDER)) == []


def test_contributors_read_of_every_room_what_the_code_says():
    page = (PACKAGE.parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "".join(f"| `{room}/` | {about} |\n" for room, about in ROOMS.items()) in page


@pytest.mark.parametrize("room", HERE)
def test_a_room_imports_only_rooms_above_it(room):
    against = {
        (file.relative_to(PACKAGE).as_posix(), other)
        for file in (PACKAGE / room).rglob("*.py")
        for other in rooms_imported(file)
        if other in ORDER and other not in allowed(room)
    }
    assert sorted(against) == []


def test_no_room_imports_the_command_line_or_snakemake():
    """The package works without the workflow; the command line stands on top of all."""
    texts = {file.relative_to(PACKAGE).as_posix(): ast.parse(file.read_text("utf-8")) for file in PACKAGE.rglob("*.py")}
    named = {
        (file, name)
        for file, tree in texts.items()
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    wrong = [f"{file}: {name}" for file, name in named if name.split(".")[0] == "snakemake" or name == "caseseries.cli"]
    assert [line for line in sorted(wrong) if not line.startswith(("__main__.py", "forks.py"))] == []

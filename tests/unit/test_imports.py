"""Modules of the product stand below each other: no two import each other in a circle, not even inside a function."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import caseseries

PACKAGE = Path(caseseries.__file__).parent


def imports(package: Path) -> dict[str, set[str]]:
    """Module -> modules of the product that it imports anywhere, `if TYPE_CHECKING` alone left out."""
    files = {name_of(path, package): path for path in package.rglob("*.py")}
    return {name: {one for one in imported(path, files) if one != name} for name, path in files.items()}


def name_of(path: Path, package: Path) -> str:
    parts = (package.name, *path.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, known: dict[str, Path]) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports by dots"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in inner}
    return found & set(known)


def test_no_two_modules_import_each_other():
    graph = imports(PACKAGE)
    assert len(graph) > 100
    assert "caseseries.response.definition_files" in graph["caseseries.response.pages"]
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("how", ["from pack import a", "def f():\n    from pack.a import g", "import pack.a"])
def test_a_circle_is_seen_wherever_it_is_closed(tmp_path, how):
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("from pack import b\n")
    (package / "b.py").write_text(how + "\n")
    with pytest.raises(CycleError):
        TopologicalSorter(imports(package)).prepare()

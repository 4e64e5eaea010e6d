"""Code of a room with one figure, sign, comparison or condition changed: do the tests of the room notice?

    python tests/spec/code_mutants.py disclose 150        a sample of 150, and those of them that no test notices

The sample has a fixed seed. Each mutant is tried in a fork, which stops at the first test that fails; one that runs
without end counts as noticed. `code_survivors.yaml` says of each known survivor why it is left.
"""

from __future__ import annotations

import ast
import copy
import importlib
import importlib.abc
import importlib.util
import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "workflow" / "caseseries"
KNOWN = Path(__file__).parent / "code_survivors.yaml"

TESTS = {
    "disclose": ["tests/unit/disclose"],
    "estimators": ["tests/unit/estimators", "tests/reference"],
    "response": ["tests/property/test_response_operators.py", "tests/spec", "tests/unit/response"],
}
"""Room -> tests that are to notice."""

APART = "not workflow and not browser and not office and not r and not benchmark and not slow"
LOADED = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "pydantic", "statsmodels.api", "lifelines")
"""Loaded once and shared by all forks; nothing of ours, and nothing that pytest wants to load itself."""

SEED, SECONDS = 11, 400

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
}


class Change(ast.NodeTransformer):
    """Makes the change of some number; what it became, in words. Texts and types stay."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.at = wanted, -1
        self.inside: list[str] = []
        self.told = ""

    def visit(self, node: ast.AST) -> ast.AST:
        for other in others(node):
            self.at += 1
            if self.at == self.wanted:
                self.told = f"{'.'.join(self.inside)}: {ast.unparse(node)} -> {ast.unparse(other)}"
                return other
        return super().visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.inside.append(node.name)
        node.args.defaults = [self.visit(default) for default in node.args.defaults]
        node.body = [self.visit(part) for part in node.body]
        self.inside.pop()
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node


def others(node: ast.AST) -> Iterator[ast.AST]:
    """What a node may become by one step."""
    if isinstance(node, ast.Compare):
        yield from with_operator(node, "ops", [[OPERATORS[type(node.ops[0])](), *node.ops[1:]]])
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in OPERATORS:
        yield from with_operator(node, "op", [OPERATORS[type(node.op)]()])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)


def with_operator(node: ast.AST, field: str, values: list) -> Iterator[ast.AST]:
    for value in values:
        other = copy.deepcopy(node)
        setattr(other, field, value)
        yield other


def changed(path: Path, number: int) -> tuple[str, ast.AST]:
    """What the change of some number does to a module, and the module with it."""
    change = Change(number)
    tree = ast.fix_missing_locations(change.visit(ast.parse(path.read_text(encoding="utf-8"))))
    return f"{path.relative_to(PACKAGE).as_posix()}, {change.told}", tree


def sample(room: str, size: int) -> list[tuple[Path, int]]:
    """(module, number of the change) of some mutants of a room, or of all where they are fewer."""
    found = []
    for path in sorted((PACKAGE / room).rglob("*.py")):
        counted = Change(-2)
        counted.visit(ast.parse(path.read_text(encoding="utf-8")))
        found += [(path, number) for number in range(counted.at + 1)]
    return sorted(random.Random(SEED).sample(found, min(size, len(found))))


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Has a module imported with other code."""

    def __init__(self, path: Path, tree: ast.AST) -> None:
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        self.package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.package else parts)
        self.path, self.tree = path, tree

    def find_spec(self, name, path=None, target=None):
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def is_package(self, name):
        return self.package

    def get_source(self, name):
        return self.path.read_text(encoding="utf-8")

    def get_code(self, name):
        return compile(self.tree, str(self.path), "exec")


def tests_of(path: Path, room: str) -> list[str]:
    """The test files of a room that name a module or a function of it; all where none does."""
    defined = [node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    names = re.compile(rf"\b({'|'.join([path.stem, 'disclosed', *defined])})\b")  # the last runs a whole room
    files = [file for folder in TESTS[room] for file in sorted(Path(folder).rglob("test_*.py"))]
    return [str(file) for file in files if names.search(file.read_text("utf-8"))] or [str(file) for file in files]


def noticed(path: Path, tree: ast.AST, tests: list[str]) -> bool:
    """Whether a test fails with a module that is changed."""
    child = os.fork()
    if not child:
        signal.alarm(SECONDS)  # one that never ends is ended
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.meta_path.insert(0, InPlace(path, tree))
        import pytest

        os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", APART, *tests]) != 0))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def explained() -> dict[str, dict[str, str]]:
    """The committed list: room -> mutant -> why it is left."""
    return yaml.safe_load(KNOWN.read_text(encoding="utf-8")) or {}


def main(room: str, size: int) -> None:
    """Print the survivors of a sample."""
    os.chdir(ROOT)
    for name in LOADED:
        importlib.import_module(name)
    chosen, alive = sample(room, size), 0
    first = chosen[0][0]
    if noticed(first, ast.parse(first.read_text(encoding="utf-8")), tests_of(first, room)):
        sys.exit(f"the tests of {room} fail without a change")
    for path, number in chosen:
        what, tree = changed(path, number)
        if not noticed(path, tree, tests_of(path, room)):
            alive += 1
            reason = explained().get(room, {}).get(what)
            print(f"{what}" + (f"  ({reason})" if reason else ""), flush=True)
    print(f"{alive} of {len(chosen)} mutants of {room} are not noticed")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 150)

"""Figures and pages read numbers and count nothing: what they may count is how much room something takes."""

import ast
from pathlib import Path

import pytest

import caseseries

PACKAGE = Path(caseseries.__file__).parent
MODULES = sorted([*(PACKAGE / "show" / "figures").glob("*.py"), *(PACKAGE / "report").glob("*.py")])
FUNCTIONS = {"len", "sum", "Counter"}
METHODS = {"sum", "size", "nunique", "value_counts", "mean", "median", "quantile", "count", "cumsum"}

ROOM = {
    "show/figures/agreement.py": {"len(order)": "the matrix has as many rows and columns"},
    "show/figures/trajectories.py": {"len(labels)": "places on the axis", "len(order)": "places beside each other"},
    "show/figures/definitions.py": {"len(rows)": "of many, the ends alone are spoken"},
    "show/figures/specification.py": {"len(moved.most)": "singular or plural of names that stand there"},
    "report/case_picture.py": {"len(lanes)": "height of the picture"},
    "report/case_section.py": {
        "len(found.records['episodes'])": "whether figures are folded",
        "len(shown)": "those that are left to be folded",
    },
    "report/definition_chooser.py": {"len(ORDER)": "a place after all others"},
    "report/embed.py": {"len(kinds)": "a place after all others"},
    "report/made_section.py": {"len(order)": "a place after all others"},
    "report/response_section.py": {"len(shown)": "those that are left to be folded"},
    "report/row_origins.py": {"kind.count(row)": "what the row says, as text: nothing is counted"},
    "report/sources.py": {"len(first)": "an anchor a row"},
}
"""Uses outside a condition, each with its reason."""


def counted(tree: ast.AST) -> set[str]:
    """Every use of a counting function whose number goes further than a condition."""
    conditions = {id(node) for test in ast.walk(tree) for node in _condition(test)}
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and id(node) not in conditions and _counts(node.func)
    }


def _condition(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that decide and are not kept."""
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        return list(ast.walk(node.test))
    if isinstance(node, ast.comprehension):
        return [part for test in node.ifs for part in ast.walk(test)]
    true = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bool"
    return list(ast.walk(node)) if true or isinstance(node, ast.Compare) else []


def _counts(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in METHODS
    return isinstance(function, ast.Name) and function.id in FUNCTIONS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_number_that_is_told_was_counted_before(module):
    allowed = ROOM.get(module.relative_to(PACKAGE).as_posix(), {})
    assert counted(ast.parse(module.read_text(encoding="utf-8"))) == set(allowed)


@pytest.mark.parametrize("told", ["n = {len(x)}", "{x.nunique()}", "{sum(y for y in x)}", "{Counter(x)}"])
def test_a_count_within_a_text_is_seen(told):
    assert counted(ast.parse(f"text = f'{told}'"))


@pytest.mark.parametrize(
    "quiet", ["if len(x): pass", "y = 1 if len(x) > 3 else 2", "y = [z for z in x if len(z)]", "y = bool(len(x))"]
)
def test_what_decides_alone_may_be_counted(quiet):
    assert not counted(ast.parse(quiet))

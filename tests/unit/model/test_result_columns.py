"""No module outside model/ takes a result column apart: what a reader needs to know has a column of its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "workflow" / "caseseries"
COLUMNS = {"method", "case_set", "group", "analysis", "contrast", "note"}
"""Columns that are read whole."""

TAKES_APART = {
    *("split", "rsplit", "splitlines", "partition", "rpartition", "startswith", "endswith", "removeprefix"),
    *("removesuffix", "find", "rfind", "index", "rindex", "count", "replace", "strip", "lstrip", "rstrip", "translate"),
    *("contains", "match", "fullmatch", "extract", "extractall", "findall", "slice", "get"),
}
"""Methods of a text, or of `.str` of a column, that look inside it."""

REGEX = {"match", "search", "fullmatch", "split", "findall", "finditer", "sub", "subn"}


class Reader(ast.NodeVisitor):
    """Finds expressions that look inside a column. `names` are variables that hold one, function by function."""

    def __init__(self):
        self.found, self.names, self.many = [], set(), set()

    def is_column(self, node):
        """`row["method"]`, `row.method`, a variable that was given one, or `.str`, `.iloc[0]` of any of these."""
        match node:
            case ast.Subscript(slice=ast.Constant(value=str(name))) | ast.Attribute(attr=name) if name in COLUMNS:
                return True
            case ast.Name(id=name):
                return name in self.names
            case ast.Attribute(attr="str" | "iloc" | "values" | "array", value=inner) | ast.Subscript(value=inner):
                return self.is_column(inner)
            case ast.Call(func=ast.Name(id="str" | "set" | "list" | "sorted"), args=[inner, *_]):
                return self.is_column(inner)
            case ast.Call(func=ast.Attribute(attr="unique" | "dropna" | "astype" | "items", value=inner)):
                return self.is_column(inner)
        return False

    def in_function(self, node):
        """Visit a function: names given within it hold what they held outside, and more."""
        outside = set(self.names)
        self.generic_visit(node)
        self.names = outside

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = in_function

    def visit_Assign(self, node):
        self.generic_visit(node)
        for target in node.targets:
            if isinstance(target, ast.Name):
                (self.names.add if self.is_column(node.value) else self.names.discard)(target.id)
                (self.many.add if isinstance(node.value, ast.Call) else self.many.discard)(target.id)

    def loop(self, node):
        """A loop or comprehension over a column holds its texts one by one."""
        for part in getattr(node, "generators", [node]):
            if isinstance(part.target, ast.Name) and self.is_column(part.iter):
                self.names.add(part.target.id)
        self.generic_visit(node)

    visit_For = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = loop

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(attr=name, value=text) if name in TAKES_APART and self.is_column(text):
                self.found.append(node.lineno)
            case ast.Attribute(attr=name) if name in REGEX and any(map(self.is_column, node.args)):
                self.found.append(node.lineno)
            case ast.Attribute(attr="map" | "apply", value=text) if self.is_column(text):
                self.found += [node.lineno for part in node.args if isinstance(part, ast.Lambda)]
        self.generic_visit(node)

    def visit_Compare(self, node):
        sides = zip(node.ops, [node.left, *node.comparators], node.comparators, strict=False)
        for operator, left, right in sides:
            searched = isinstance(operator, ast.In | ast.NotIn) and self.is_text(right)
            if searched and isinstance(left, ast.Constant | ast.JoinedStr | ast.Name):
                self.found.append(node.lineno)
        self.generic_visit(node)

    def is_text(self, node):
        """One text of a column: a set or list of its texts may be searched for a whole one."""
        several = isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id in self.many)
        return self.is_column(node) and not several

    def visit_Subscript(self, node):
        if isinstance(node.slice, ast.Slice) and self.is_text(node.value) and not isinstance(node.value, ast.Call):
            self.found.append(node.lineno)
        self.generic_visit(node)


def taken_apart(source):
    """Lines of a source on which a result column is taken apart."""
    reader = Reader()
    reader.visit(ast.parse(source))
    return sorted(set(reader.found))


def test_columns_of_results_are_read_whole():
    modules = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
    readers = {name: path for name, path in modules.items() if not name.startswith(("model/", "estimators/"))}
    found = {name: taken_apart(path.read_text(encoding="utf-8")) for name, path in readers.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(readers) > 50


@pytest.mark.parametrize(
    "planted",
    [
        'row.method.split(",")[0]',
        'row["method"].rpartition("not fitted: ")[2]',
        'used = used[~used["analysis"].str.startswith("leave_out:")]',
        'used["method"].str.contains("not estimable|refused")',
        'line.group.count(" / ") + 1',
        'kind, _, left_out = rate.analysis.partition(":")',
        'names = dict.fromkeys(method.split(";")[0] for method in rows["method"])',
        'first, rest = key.split(":") if (key := row.case_set) else row.case_set.split(":")',
        'if "refused" in row.note:\n    pass',
        'found = "Turnbull" in rows["method"].iloc[0]',
        're.search(r"on (\\d+) df", row.note)',
        'def say(row):\n    text = row["contrast"]\n    return text.removeprefix("without ")',
        'for name in frame["group"]:\n    print(name.replace("non-", ""))',
        "row.case_set[:5]",
        'frame["method"].map(lambda text: text[:3])',
    ],
)
def test_a_column_taken_apart_is_found(planted):
    assert taken_apart(planted)


@pytest.mark.parametrize(
    "whole",
    [
        'rows[rows["method"] == WILSON]',
        'rows[rows["group"].isin(groups)]',
        'if "all" in set(rows["group"]):\n    pass',
        'methods = set(rows["method"])\nif WILSON in methods:\n    pass',
        "METHODS[row.method]",
        "names[row.contrast]",
        'rows["group"].iloc[0]',
    ],
)
def test_a_column_read_whole_is_not(whole):
    assert taken_apart(whole) == []

"""Words are made in one room: `words` stands on the model alone, and no other room makes a plural, list or capital."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3] / "workflow" / "caseseries"
WORDS = sorted((PACKAGE / "words").glob("*.py"))
BELOW = ("words", "model", "estimators")
"""`model` and `estimators` stand above `words` and cannot import it: what they say is for who calls them."""

OTHERS = sorted(
    file
    for file in PACKAGE.rglob("*.py")
    if file.relative_to(PACKAGE).parts[0] not in BELOW and file.stem != "__init__"
)


def name_of(file):
    return file.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("file", WORDS, ids=name_of)
def test_words_stand_on_the_model_alone(file):
    rooms = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        rooms |= {module.split(".")[1] for module in modules if module.startswith("caseseries.")}
    assert rooms <= {"words", "model"}


def is_one(node):
    return isinstance(node, ast.Constant) and node.value == 1


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_last(node):
    """`parts[-1]`, as it stands behind `and` in a list made by hand."""
    if isinstance(node, ast.FormattedValue):
        return is_last(node.value)
    return isinstance(node, ast.Subscript) and ast.unparse(node.slice) == "-1"


def made_by_hand(node):
    """What kind of words a piece of code makes that `words` has a function for; "" for none."""
    if (
        isinstance(node, ast.IfExp)
        and is_text(node.body)
        and is_text(node.orelse)
        and isinstance(node.test, ast.Compare)
    ):
        one_word = all(text and " " not in text for text in (node.body.value, node.orelse.value))
        if one_word and any(map(is_one, node.test.comparators)):
            return "plural"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        called, arguments = node.func.attr, [a.value for a in node.args if is_text(a)]
        if called == "capitalize" or (called == "upper" and isinstance(node.func.value, ast.Subscript)):
            return "capital"
        if called in ("removesuffix", "rstrip") and arguments == ["s"]:
            return "singular"
        if called == "join" and is_text(node.func.value) and node.func.value.value in (" and ", " or "):
            return "list"
        if called == "replace" and arguments == ["_", " "]:
            return "words of an id"
    if isinstance(node, ast.JoinedStr):
        texts = [part.value for part in node.values if is_text(part)]
        if any(text in (" and ", " or ") for text in texts) and any(map(is_last, node.values)):
            return "list"
    if is_text(node) and "10⁹" in node.value:
        return "unit"
    return ""


def documentation(tree):
    """Docstrings, which may hold examples."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and is_text(node.value)}


@pytest.mark.parametrize("file", OTHERS, ids=name_of)
def test_no_other_module_makes_words_by_hand(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = documentation(tree)
    nodes = [node for node in ast.walk(tree) if id(node) not in told]
    assert [f"line {node.lineno}: {made}" for node in nodes if (made := made_by_hand(node))] == []


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ("'case' if n == 1 else 'cases'", "plural"),
        ("'was' if n == 1 else 'were'", "plural"),
        ("text[0].upper() + text[1:]", "capital"),
        ("text[:1].upper()", "capital"),
        ("name.capitalize()", "capital"),
        ("unit.removesuffix('s')", "singular"),
        ("' and '.join(parts)", "list"),
        ("f\"{', '.join(parts[:-1])} and {parts[-1]}\"", "list"),
        ("name.replace('_', ' ')", "words of an id"),
        ("'30 × 10⁹/L'", "unit"),
        ("'a' if n == 2 else 'b'", ""),
        ("', '.join(parts)", ""),
        ("name.replace('_', '-')", ""),
    ],
)
def test_what_counts_as_made_by_hand(code, made):
    found = {made_by_hand(node) for node in ast.walk(ast.parse(code, mode="eval"))}
    assert found - {""} == ({made} if made else set())

"""A rule names the rooms of all code that its stage can reach: a change there must run the stage again."""

import ast
import re
from pathlib import Path

import pytest

from caseseries.cli import VERBS

WORKFLOW = Path(__file__).parents[2] / "workflow"
RULES = {
    match["verb"] + (" " + match["rest"] if match["rest"] else ""): match["rooms"]
    for file in sorted((WORKFLOW / "rules").glob("*.smk"))
    for match in re.finditer(
        r'code=code\((?P<rooms>[^)]*)\)(?:(?!\nrule ).)*?"python -m caseseries (?P<verb>\w+) ?(?P<rest>pooled|write)?',
        file.read_text(encoding="utf-8"),
        re.DOTALL,
    )
}


def imported(file):
    """Modules of the package that a file imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("caseseries."):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("caseseries."))


def reached(module):
    """Files of the package that a module reaches."""
    found, waiting = set(), [module]
    while waiting:
        path = WORKFLOW.joinpath(*waiting.pop().split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.exists() and file not in found:
                found.add(file)
                waiting += imported(file)
    return found


def test_every_rule_is_read():
    assert set(RULES) == {
        "definitions write",
        "ingest",
        "classify",
        "estimate",
        "pool",
        "reconcile",
        "show",
        "show pooled",
        "report",
        "seal",
    }


@pytest.mark.parametrize("rule", RULES)
def test_code_of_a_rule_holds_all_that_its_stage_reaches(rule):
    rooms = re.findall(r'"([^"]+)"', RULES[rule])
    declared = {file for room in rooms for file in (WORKFLOW / "caseseries").glob(f"{room}/**/*.py")}
    package = WORKFLOW / "caseseries" / "__init__.py"
    missing = reached(VERBS[rule.split()[0]][0]) - declared - {package}
    assert sorted(str(file.relative_to(WORKFLOW)) for file in missing) == []


def test_every_rule_compares_the_contents_of_its_sources():
    """Without it a changed file with an older time than the results would go unseen."""
    written = "\n".join(file.read_text(encoding="utf-8") for file in sorted((WORKFLOW / "rules").glob("*.smk")))
    blocks = re.split(r"^rule ", written, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(RULES)
    assert [block.split(":")[0] for block in blocks if "        sources=sources,\n" not in block] == []

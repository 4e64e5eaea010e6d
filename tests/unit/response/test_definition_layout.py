"""Definition files can be read as text: short lines, days over counts, one expectation a line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from caseseries.model.findings import BadInput
from caseseries.model.worked_case import CaseFile, DefinitionFile
from caseseries.response.cases import case_rows
from caseseries.response.definition_files import EDGES, definition_schema, load_definitions, load_file

FOLDER = Path(__file__).parents[3] / "config" / "definitions"
FILES = sorted(FOLDER.rglob("*.yaml"))
NAMES = [path.relative_to(FOLDER).as_posix() for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_line_is_long_and_counts_stand_in_columns(path):
    text = path.read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 120
    for case in yaml.safe_load(text)["cases"]:
        assert isinstance(case.get("counts", {}), dict), case["id"]
        lines = [f"      {name}:" for name in case["expect"]]
        assert all(any(line.startswith(start) for line in text.splitlines()) for start in lines)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == EDGES], ids=lambda path: path.stem)
def test_edge_cases_meet_their_schema_and_are_those_of_a_file(path):
    text = path.read_text("utf-8")
    jsonschema.Draft202012Validator(json.loads(definition_schema("cases"))).validate(yaml.safe_load(text))
    assert text.startswith("# yaml-language-server: $schema=../../schema/cases.schema.json\n")
    written = {case.id for case in CaseFile.model_validate(yaml.safe_load(text)).cases}
    assert written <= {case.id for case in load_file(FOLDER / path.name).cases}


def test_columns_and_rows_say_the_same():
    rows = [[7, 40], [7, 30, "pre_event"], [None, 90, "best"]]
    table = {"day": [7, 7, None], "count": [40, 30, 90], "flag": ["", "pre_event", ""], "timepoint": ["", "", "best"]}
    file = {"source": {"citation": "A", "locator": "a"}, "definitions": [definition()]}
    cases = [
        {"id": str(number), "title": "x", "counts": counts, "expect": {}} for number, counts in enumerate((rows, table))
    ]
    parsed = DefinitionFile.model_validate({**file, "cases": [*cases, cases[0]]})
    assert case_rows(parsed.cases[0]) == case_rows(parsed.cases[1])


def definition():
    rule = {"label": "R", "when": {"some": {"ge": 30}}, "basis": {"P": "30"}}
    return {"id": "d", "label": "D", "population": "all", "classes": [rule], "else": "NR", "responses": ["R"]}


@pytest.fixture
def written(tmp_path):
    """A definition file and its edge cases, as a function of the text of the latter."""

    def write(edges, name="a.yaml"):
        case = {"title": "x", "counts": {"day": [7], "count": [40]}, "expect": {"d": "R"}}
        cases = [{"id": letter, **case} for letter in "abc"]
        file = {"source": {"citation": "A", "locator": "a"}, "definitions": [definition()], "cases": cases}
        (tmp_path / "a.yaml").write_text(yaml.safe_dump(file))
        (tmp_path / EDGES).mkdir()
        (tmp_path / EDGES / name).write_text(edges)
        return tmp_path

    return write


EDGE = """cases:
  - id: {id}
    title: x
    counts:
      day: [7]
      count: [{count}]
    expect:
      {name}: R
"""


def test_edge_cases_follow_the_cases_of_their_file(written):
    folder = written(EDGE.format(id="edge", count=30, name="d"))
    assert [case.id for case in load_file(folder / "a.yaml").cases] == ["a", "b", "c", "edge"]


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (
            EDGE.format(id="edge", count=29, name="d"),
            "cases/a.yaml, line 8, case edge: d gives class NR, the case expects R",
        ),
        (
            EDGE.format(id="b", count=30, name="d"),
            "cases/a.yaml, line 2, cases.0.id: the id b stands twice in the file and its edge cases",
        ),
        (
            EDGE.format(id="e", count=30, name="e"),
            "cases/a.yaml, line 8, cases.0.expect.e: e is not a definition of this file",
        ),
        (
            EDGE.format(id="e", count="30, 40", name="d"),
            "cases/a.yaml, line 4, cases.0.counts: the columns of counts must be of one length",
        ),
        (
            EDGE.format(id="e", count=30, name="d").replace("title:", "tilte:"),
            "cases/a.yaml, line 2, cases.0.title: the key is required\n"
            "cases/a.yaml, line 3, cases.0.tilte: the key is unknown; did you mean title?",
        ),
        ("- a\n", "cases/a.yaml: the file must hold keys and values (for example: cases: ...)"),
    ],
)
def test_faults_of_edge_cases_are_named_where_they_stand(written, edges, message):
    with pytest.raises(BadInput) as caught:
        load_definitions(written(edges))
    assert str(caught.value) == message


def test_edge_cases_without_their_file_are_named(written):
    with pytest.raises(BadInput, match=r"^cases/b\.yaml: no definition file of this name stands beside the folder$"):
        load_definitions(written(EDGE.format(id="edge", count=30, name="d"), "b.yaml"))

"""What the parts of a configuration, claim, mapping or definition lack beside each other, in words."""

import pandas as pd
import pytest
import yaml
from pydantic import BaseModel, ValidationError

from caseseries.model import yaml_file
from caseseries.model.checklist import Checklist, Item, load_checklists
from caseseries.model.claim import Claim, Claims, check_claim
from caseseries.model.condition import NoneOf
from caseseries.model.definition import Definition
from caseseries.model.findings import BadInput
from caseseries.model.mapping import ColumnMap, Mapping, OfEach
from caseseries.model.predicate import In
from caseseries.model.printed_curve import curve_in_shares, days_from, is_traced, rises
from caseseries.model.safety import load_vocabulary
from caseseries.model.stages import stage_of_rule
from caseseries.model.yaml_file import parse_yaml, read_yaml

ITEM = {"item": "1", "section": "Methods", "asks": "How", "evidence": ["design"]}
CHECKLIST = {"id": "mine", "title": "t", "citation": "c", "doi": "d", "about": "a"}
CLAIM = {"id": "a", "says": {"events": 1}, "statistic": "response_rate", "where": "abstract"}
REPORTED = {"id": "mine", "label": "l", "population": "p", "reported": True}


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (Item, ITEM | {"evidence": ["desing"]}, "no run has such evidence; did you mean design?"),
        (Item, ITEM | {"evidence": ["zzzz"]}, "no run has such evidence; docs/exports.md lists what is known"),
        (Item, ITEM | {"evidence": []}, "an item needs evidence, or what is left to its author"),
        (Checklist, CHECKLIST | {"items": [ITEM, ITEM]}, "each item needs a number of its own"),
        (Claims, {"claims": [CLAIM, CLAIM]}, "every claim has an id of its own"),
        (Claim, CLAIM | {"time": "soon months"}, "a time is a number of days, or a number and its unit"),
        (Claim, CLAIM | {"time": "1/0 months"}, "a time is a number of days, or a number and its unit"),
        (NoneOf, {"none": ["rescue"], "after": "rescue"}, "after and days go together"),
        (
            NoneOf,
            {"none": ["rescue"], "after": "rescue", "days": 3, "window": [0, 7]},
            "give either window, or after and days",
        ),
        (
            Definition,
            REPORTED | {"analyte": "crp"},
            "the key unit is required with an analyte that has none of its own",
        ),
        (
            Definition,
            REPORTED | {"analyte": "haemoglobin", "unit": "mg/dL"},
            "haemoglobin is measured in g/dL, here and in counts.csv",
        ),
        (OfEach, {}, "one row of each case is taken by one rule"),
        (OfEach, {"first": "day", "best": "reported_response"}, "one row of each case is taken by one rule"),
        (Mapping, {}, "a mapping names at least one file, under sources or presets"),
        (ColumnMap, {"value": 1.5}, "a number with a point must be written in quotes"),
        (ColumnMap, {"value": "two\nlines"}, "the text must be printable and stand on one line"),
        (ColumnMap, {"number_as": "E", "value": "x"}, "neither value nor values can stand beside it"),
        (
            ColumnMap,
            {"from": "Day", "date": True, "first": 1},
            "a date has neither a unit, nor a value map, nor a first",
        ),
        (In, {"in": [100, 50]}, "the first end must not be above the second, or no count can qualify"),
    ],
)
def test_parts_that_do_not_go_together(model: type[BaseModel], given, words):
    with pytest.raises(ValidationError) as caught:
        model.model_validate(given)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("given", "column", "words"),
    [
        ({"statistic": "mean_value", "says": {"sd": 2}}, "says.mean", "a mean_value has a mean"),
        ({"statistic": "statement"}, "says.words", "words and the statistic statement go together"),
        ({"statistic": "statement", "says": {"words": "most"}}, "cause", "a statement names what it is about"),
        ({"statistic": "survival", "time": 30, "says": {"value": 3, "unit": "days"}}, "says.unit", "a share is a per"),
        ({"statistic": "survival", "time": 30, "says": {"value": 27}}, "says.value", "a share lies between 0 and 1"),
    ],
)
def test_a_claim_that_lacks_something(given, column, words):
    found = check_claim(Claim.model_validate(CLAIM | given), "x/claims.yaml")
    assert [(one.column, one.rule.startswith(words)) for one in found if one.column == column] == [(column, True)]


def test_a_definition_made_in_code_has_no_source():
    with pytest.raises(ValueError, match="mine was not read from a file"):
        _ = Definition.model_validate(REPORTED).cited


def test_checklists_tell_every_fault_of_every_file(tmp_path):
    (tmp_path / "care.yaml").write_text(yaml.safe_dump(CHECKLIST | {"items": [ITEM]}))
    (tmp_path / "other.yaml").write_text("id: other\n")
    with pytest.raises(BadInput) as caught:
        load_checklists(tmp_path)
    said = str(caught.value)
    assert "care.yaml, id: the id must be the name of the file (for example: care)" in said
    assert "other.yaml" in said and "items" in said


def test_events_that_stand_together_have_names(tmp_path):
    (tmp_path / "safety.yaml").write_text(
        "source: s\nevents: {headache: [cephalgia]}\ntogether: {any: [headache, nausea]}\n"
    )
    with pytest.raises(BadInput) as caught:
        load_vocabulary(tmp_path / "safety.yaml")
    assert "nausea is no name of events" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2020-13-45\n", "line 2: a value looks like a number or a date and is none"),
        ("[a, b]: 1\n", "line 1: a key must be a word"),
        (f"a: {'x' * 100_001}\n", "letters; shorten it"),
        ('a: "\\ud800"\n', "a value holds half of a letter (a surrogate)"),
    ],
)
def test_values_that_yaml_takes_for_something_else(text, words):
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "x.yaml")
    assert words in str(caught.value)


def test_files_that_are_not_read_as_yaml(tmp_path, monkeypatch):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "other.yaml").write_text("a: 1\n")
    (inside / "link.yaml").symlink_to(tmp_path / "other.yaml")
    (inside / "folder.yaml").mkdir()
    (inside / "bytes.yaml").write_bytes(b"a: \xff\xfe\n")
    (inside / "large.yaml").write_text("a: 1\n" * 2)
    monkeypatch.setattr(yaml_file, "MOST_BYTES", 9)
    for name, words in {
        "link.yaml": "the file must lie in its folder; links out of it are not read",
        "folder.yaml": "there must be a file of text here",
        "bytes.yaml": "the file must be UTF-8 text",
        "large.yaml": "shorten it",
        "none.yaml": "the file is missing",
    }.items():
        with pytest.raises(BadInput) as caught:
            read_yaml(inside / name, name)
        assert words in str(caught.value)


def readings(levels, days=None, **more):
    """Rows of a printed curve of survival in per cent, read to 1 per cent."""
    rows = {"day": days or [float(day) for day in range(len(levels))], "value": levels, "time_unit": ""}
    return pd.DataFrame(rows | {"value_unit": "percent", "kind": "survival", "error": 1.0} | more)


def test_a_printed_curve_becomes_shares_by_day():
    read = curve_in_shares(readings([40.0, 20.0, 0.0], [2.0, 1.0, 0.0], kind="incidence", time_unit="weeks"))
    assert read["day"].tolist() == [0, 7, 14]
    assert read["level"].tolist() == pytest.approx([1, 0.8, 0.6])
    assert read["error"].tolist() == pytest.approx([0.01] * 3)
    with pytest.raises(KeyError):
        days_from(readings([100.0], time_unit="moons"))


def test_a_curve_that_grows_is_told_by_its_rows():
    steps = curve_in_shares(readings([100.0, 90.0, 80.0, 83.0, 70.0]))
    assert not is_traced(steps)
    assert rises(steps).tolist() == [3]
    line = curve_in_shares(readings([100.0] * 8 + [60.0] + [90.0] * 111))  # one of 120 slips
    assert is_traced(line)
    assert rises(line).tolist() == []
    often = curve_in_shares(readings([100.0, 100.0, 60.0, 60.0] * 5))
    assert rises(often).tolist() == [4, 8, 12, 16]


def test_a_rule_that_no_stage_has():
    with pytest.raises(KeyError):
        stage_of_rule("no such rule")

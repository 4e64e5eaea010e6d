"""Checklists: an item is filled only by a file that is there, and what no data say is left to its author."""

import re
from typing import get_args

import docx
import pytest
import yaml

from caseseries.export.checklists import checklist_tables, write_checklist_tables
from caseseries.export.checklists_document import write_checklists
from caseseries.export.evidence import LOOK, evidence_of
from caseseries.model.checklist import AUTHOR, FILLED, NONE, STATES, Evidence, load_checklists, words_of
from caseseries.model.config import Config
from caseseries.model.findings import BadInput
from caseseries.model.results import FLOW
from caseseries.report.study import gather_alone, read_or_empty
from caseseries.show.table import TABLE
from report_project import CATALOGUE, make_project

FOLDER = CATALOGUE.parent / "checklists"
SHIPPED = load_checklists(FOLDER)
NUMBERS = {"care": 30, "jbi_case_series": 10, "process": 13, "record": 13, "strobe": 34}


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("checklists")).as_told()


def results(layout, cohort):
    return gather_alone(cohort, Config(cohorts=[cohort]), layout).flagship


def filled(layout, cohort):
    flow = read_or_empty(layout.flow(cohort), FLOW)
    return {table.id: table for table in checklist_tables(SHIPPED, results(layout, cohort), flow)}


def states(table):
    return {row.cells[0].text: row.cells[2].text for row in table.lines}


def test_the_shipped_checklists_have_their_items():
    assert {checklist.id: len(checklist.items) for checklist in SHIPPED} == NUMBERS
    assert all(checklist.citation and checklist.doi for checklist in SHIPPED)


def test_everything_that_an_item_can_ask_for_is_looked_for():
    assert {*LOOK, "flow"} == set(get_args(Evidence))
    asked = {name for checklist in SHIPPED for item in checklist.items for name in item.evidence}
    assert asked == set(get_args(Evidence))


def test_evidence_that_nobody_knows_is_named_with_its_line_and_a_suggestion(tmp_path):
    text = (FOLDER / "jbi_case_series.yaml").read_text(encoding="utf-8").replace("[flow]", "[flows]")
    (tmp_path / "jbi_case_series.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load_checklists(tmp_path)
    assert "line 11" in str(told.value) and "did you mean flow?" in str(told.value)


def test_an_item_that_nothing_answers_and_a_number_that_stands_twice_are_refused(tmp_path):
    checklist = yaml.safe_load((FOLDER / "jbi_case_series.yaml").read_text(encoding="utf-8"))
    checklist["items"] = [
        {"item": "1", "section": "s", "asks": "a"},
        {"item": "2", "section": "s", "asks": "a", "author": "b"},
    ] * 2
    (tmp_path / "jbi_case_series.yaml").write_text(yaml.safe_dump(checklist), encoding="utf-8")
    with pytest.raises(BadInput, match="left to its author"):
        load_checklists(tmp_path)
    checklist["items"] = checklist["items"][1::2]
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(checklist), encoding="utf-8")
    with pytest.raises(BadInput, match="a number of its own"):
        load_checklists(tmp_path)


@pytest.mark.parametrize("cohort", ["alpha-2020", "beta-2017", "gamma-2011", "delta-site", "simulated-a"])
def test_a_filled_item_names_a_file_and_any_other_says_why(layout, cohort):
    for table in filled(layout, cohort).values():
        for row in table.lines:
            _, _, state, files, remark = (cell.text for cell in row.cells)
            assert state in STATES and bool(remark) == (state != FILLED)
            assert files if state == FILLED else True
            assert not files if state == NONE else True


def test_what_a_cohort_lacks_is_left_to_the_author(layout):
    alpha, synthetic = filled(layout, "alpha-2020"), filled(layout, "simulated-a")
    assert states(alpha["strobe"])["12d"] == AUTHOR and states(synthetic["strobe"])["12d"] == FILLED
    assert states(alpha["strobe"])["16a"] == FILLED
    assert states(alpha["strobe"])["7"] == AUTHOR, "the authors' own classes are no definition"
    assert states(alpha["care"])["13"] == AUTHOR and states(synthetic["care"])["13"] == NONE


def test_conditions_decide_what_does_not_apply(layout):
    assert set(states(filled(layout, "alpha-2020")["record"]).values()) == {NONE}
    site = filled(layout, "delta-site")
    assert NONE not in states(site["record"]).values()
    assert states(site["strobe"])["12b"] == FILLED and states(filled(layout, "alpha-2020")["strobe"])["12b"] == NONE


def test_nothing_is_claimed_where_nothing_was_estimated(layout):
    found = evidence_of(results(layout, "gamma-2011"), read_or_empty(layout.flow("gamma-2011"), FLOW))
    assert not {"response_rate", "intervals", "bounds", "sensitivity", "flow"} & set(found)


def test_the_words_of_checklists_are_known_to_the_gate(layout):
    known = words_of(SHIPPED)
    for table in filled(layout, "delta-site").values():
        for row in table.rows:
            texts = [cell.text for cell in row.cells]
            said = texts if row.role == "heading" else [*texts[1:3], *texts[4:]]
            assert [word for text in said for word in re.findall(r"\w+", text) if word not in known] == []


def test_tables_and_document_are_the_same_in_every_run(layout, tmp_path):
    tables = list(filled(layout, "simulated-a").values())
    for name in ("one", "two"):
        write_checklist_tables(tables, tmp_path / name)
        write_checklists(tmp_path / f"{name}.docx", results(layout, "simulated-a").cohort, tables)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == sorted(
        f"{name}.{kind}" for name in NUMBERS for kind in ("csv", "json")
    )
    read = TABLE.validate_json((tmp_path / "two" / "care.json").read_bytes())
    assert states(read) == states(filled(layout, "simulated-a")["care"])
    document = docx.Document(str(tmp_path / "one.docx"))
    assert len(document.tables) == len(NUMBERS)
    assert "SYNTHETIC data, no patients" in document.sections[0].header.paragraphs[0].text

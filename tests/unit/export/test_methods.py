"""methods.docx: what was done and found, in sentences of the run itself, each method with its reference."""

import docx
import pytest

from caseseries.export.export import run
from caseseries.export.methods import (
    Manuscript,
    methods_paragraphs,
    reference_list,
    results_paragraphs,
    software_sentence,
)
from caseseries.export.references import INTERVALS, SENTENCES, WORKS
from caseseries.model.config import Config
from caseseries.model.methods import METHODS
from caseseries.report.study import gather_alone
from report_project import make_project


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("methods"))


def written(layout, cohort):
    study, text = gather_alone(cohort, Config(cohorts=[cohort]), layout), Manuscript()
    said = methods_paragraphs(study.flagship, study, text)
    return said, results_paragraphs(study.flagship, study), reference_list(text)


def test_methods_say_design_response_and_statistics_with_their_references(layout):
    said, _, references = written(layout, "alpha-2020")
    assert said[0] == (
        "Retrospective case series. Cases: pregnant women with refractory disease. The rows were transcribed from the "
        "publication [1]."
    )
    assert references[0] == "1. Nobody N. A made-up series."
    rates = "Rates have 95 % intervals by Wilson's score method and the exact method of Clopper and Pearson [2, 3]."
    assert rates in said
    assert references[1].startswith("2. Wilson EB.") and references[2].startswith("3. Clopper CJ")


def test_only_what_stands_behind_a_number_is_a_method(layout):
    said, _, references = written(layout, "simulated-a")
    text = " ".join(said)
    assert "Aalen-Johansen" in text and "Kaplan" in text and "no patient stands behind them" in text
    assert "Gray" not in text and "Newcombe" not in text
    grouped = " ".join(written(layout, "delta-site")[0])
    assert "Newcombe's hybrid score interval" in grouped and "Fisher's exact test" in grouped
    assert len(references) == len(set(references))


def test_the_definition_that_leads_is_told_in_full(layout):
    text = " ".join(written(layout, "alpha-2020")[0])
    assert "Response classes are those that the source reports" in text


def test_results_say_what_the_report_says(layout):
    _, results, _ = written(layout, "alpha-2020")
    assert results[0].startswith("4 women") and "2 of 4 women responded, 50 % (95 % interval 15 to 85 %" in results[0]


def test_cases_selected_by_outcome_have_no_rate(layout):
    said, results, _ = written(layout, "gamma-2011")
    assert "cases were selected for lasting remission" in " ".join(said).lower()
    assert not any("responded" in text for text in results)


def test_references_are_numbered_as_they_are_cited():
    text = Manuscript()
    assert text.cite("one", "gray", "exact") == "One [1, 2]."
    assert text.cite("two", "exact", "A source.") == "Two [2, 3]."
    assert text.cite("three") == "Three."
    assert reference_list(text)[2] == "3. A source."


def test_every_method_and_package_that_is_cited_exists():
    assert {method for _, method, *_ in SENTENCES} | set(INTERVALS) <= set(METHODS)
    keys = {key for *_, keys in SENTENCES for key in keys} | {key for _, key in INTERVALS.values()}
    assert keys <= set(WORKS)
    text = Manuscript()
    assert "caseseries 0." in software_sentence(text) and set(text.cited) <= set(WORKS)


def test_the_stage_writes_three_files_the_same_every_time(layout):
    class Arguments:
        cohort, settings = "alpha-2020", '{"level": 0.95}'

    files = [layout.path(name, "alpha-2020") for name in ("tables_document", "methods_document", "workbook")]
    found = []
    for _ in range(2):
        run(Arguments, layout)
        found.append([file.read_bytes() for file in files])
    assert found[0] == found[1]
    words = [paragraph.text for paragraph in docx.Document(str(files[1])).paragraphs]
    headings = ["Methods", "Results", "References"]
    assert [word for word in words if word in headings] == headings

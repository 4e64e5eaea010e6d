"""What the report says of the spread: the sentence, what is folded where, and the row of each cohort."""

import argparse
from dataclasses import replace
from html import unescape

import pytest

from caseseries.cli import main
from caseseries.model.config import load_settings
from caseseries.report.across_section import across_section
from caseseries.report.case_section import cases
from caseseries.report.page import Folded, Tabular
from caseseries.report.report import compose
from caseseries.report.response_section import response
from caseseries.report.study import read_study
from report_project import add_spread, make_project


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    layout = make_project(tmp_path_factory.mktemp("spread"))
    add_spread(layout, "rescue")
    return layout


@pytest.fixture(scope="module")
def study(layout):
    return read_study(load_settings(argparse.Namespace(settings=None), layout), layout.as_told())


def folded(blocks):
    return [block.summary for block in blocks if isinstance(block, Folded)]


def test_response_says_what_choices_move_and_folds_the_tables(study):
    blocks = response(study.cohorts["simulated-a"], study)
    texts = [block.text for block in blocks if block.kind == "paragraph"]
    said = [text for text in texts if "Our own choices" in text]
    assert len(said) == 1
    assert "between 40 and 50 %; the choice that moves it most is what rescue treatment does to the counts" in said[0]
    assert folded(blocks)[-2:] == ["Choices of ours, one by one", "How well the definitions agree, two by two"]
    agreement = blocks[-1].blocks
    assert [block.kind for block in agreement] == ["picture", "table"]


def test_a_cohort_without_choices_says_nothing_of_them(study):
    blocks = response(study.cohorts["alpha-2020"], study)
    assert not any("choice" in getattr(block, "text", "") for block in blocks)
    assert not any("hoices" in summary or "agree" in summary for summary in folded(blocks))


def test_changes_of_class_stand_with_the_cases_alone(study):
    assert "Who changes class, and by which clause" in folded(cases(study.cohorts["simulated-a"], study))
    assert folded(cases(study.cohorts["delta-site"], study)) == []


def test_sensitivity_has_a_row_for_each_cohort_with_a_rate(study):
    section = next(
        child for child in across_section(study, study.cohorts.values()).children if child.id == "across-sensitivity"
    )
    table = next(block.table for block in section.blocks if isinstance(block, Tabular))
    label = study.label("iwg2009_confirmed")
    assert table.texts == [
        ["Delta site", "2", "25 % (1/4) to 75 % (9/12)", "–", "–"],
        [
            "Simulated a (SYNTHETIC)",
            "2",
            "25 % (1/4) to 75 % (9/12)",
            f"40 to 50 % ({label})",
            "what rescue treatment does to the counts that follow",
        ],
    ]


def test_one_cohort_alone_has_nothing_across_cohorts(study):
    alone = replace(study, cohorts={study.flagship.cohort.id: study.flagship})
    assert "Across cohorts" in compose(study)
    assert "Across cohorts" not in compose(alone)


def test_the_page_holds_it(layout):
    folders = ["--data", str(layout.data), "--config", str(layout.config), "--results", str(layout.results)]
    assert main(["report", *folders]) == 0
    told = layout.as_told()
    page = unescape("".join(file.read_text(encoding="utf-8") for file in (told.report, told.synthetic_report)))
    for words in ("Choices of ours, one by one", "Who changes class, and by which clause", "Sensitivity to the def"):
        assert words in page

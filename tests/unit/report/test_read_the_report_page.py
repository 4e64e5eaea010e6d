"""docs/read-the-report.md says what the report says: its parts, its example sentences and its verdicts."""

import re
from pathlib import Path

import pytest

from caseseries.report.cohort_section import PARTS, VERDICT_WORDS
from caseseries.words.claims import say_reproduction
from caseseries.words.nouns import PEOPLE
from caseseries.words.outcomes import say_outcome
from caseseries.words.response import say_response, say_standard_definitions

PAGE = (Path(__file__).parents[3] / "docs" / "read-the-report.md").read_text(encoding="utf-8")


def test_the_parts_of_a_section_are_named_in_their_order():
    section = PAGE.split("## One section per cohort")[1].split("##")[0]
    assert re.findall(r"^- \*\*(.+?)\*\*", section, re.MULTILINE) == list(PARTS.values())


@pytest.mark.parametrize(
    "sentence",
    [
        say_response(2, 4, 0.15003899, 0.84996101, noun=PEOPLE["woman"]),
        say_standard_definitions("", evaluable=0, total=29, lacking=["the counts", "doses", "times"]),
        say_outcome("newborn_adverse_event", 0, 4, 0.0, 0.6023646),
        say_reproduction({"consistent": 1, "not_derivable": 2}),
    ],
)
def test_example_sentences_are_those_of_the_report(sentence):
    assert f"| {sentence} |" in PAGE


@pytest.mark.parametrize("words", VERDICT_WORDS.values())
def test_every_verdict_is_explained(words):
    assert f"| {words.partition(' ')[2]} |" in PAGE

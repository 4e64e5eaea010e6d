"""A text of cohort.yaml that names a case of a restricted cohort is an error before anything is run."""

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest.named import Named
from caseseries.ingest.source import SourceTable
from caseseries.model.cohort import Cohort
from unit.made_series import make

ABOUT = {
    "id": "mine",
    "title": "Mine",
    "citation": "None.",
    "design": "case series",
    "population": "adults",
    "provenance": "registry",
    "licence": "none",
    "source_definition": "not_stated",
}


def episodes(labels, people=None):
    texts = pd.DataFrame({"episode_id": labels, "patient_id": people or labels}, dtype=object)
    return {"episodes": SourceTable("episodes", texts, np.arange(2, len(labels) + 2), ((0, "mine/episodes.csv"),))}


def found(labels=("c17", "ward7-0042", "9"), people=None, profile="restricted", **more):
    disclosure = {"profile": profile, "basis": more.pop("basis", "Summaries alone may leave.")}
    named = Named(Cohort(**(ABOUT | more), disclosure=disclosure))
    for label, person in zip(labels, people or labels, strict=True):  # a part each, as a large cohort comes
        named.add(episodes([label], [person]))
    told = named.tell()
    assert not any(label in str(finding) for finding in told for label in ("c17", "C17", "0042"))
    return [finding.column for finding in told]


@pytest.mark.parametrize(
    "text",
    [
        "A series around c17",
        "All but c17.",
        "Of case-c17 and others",
        "Of C17, who relapsed",
        "See case_c17",
        "Women of WARD7-0042 to the end",
        "the ward7-0042s",
    ],
)
def test_a_title_that_names_a_case_is_found(text):
    assert found(title=text) == ["title"]


@pytest.mark.parametrize("text", ["Adults of c170", "9 adults of ward 7", "Rectic17 adults", "Adults, 2017 to 2042"])
def test_other_words_and_small_numbers_name_nobody(text):
    assert found(title=text) == []


def test_a_letter_alone_names_nobody():
    assert found(labels=["A", "B"], title="A series of adults, group B") == []


def test_every_text_is_looked_at_and_every_place_told_at_once():
    covariates = [{"name": "site", "label": "Site", "levels": {"a": "where c17 lay"}}]
    places = found(
        citation="By the doctor of c17.",
        not_known=["the dose", "when c17 began"],
        covariates=covariates,
        basis="The committee has seen c17.",
    )
    assert places == ["citation", "covariates", "disclosure", "not_known"]


def test_a_person_is_found_as_a_case_is():
    assert found(labels=["x1", "x2"], people=["person-c17", "p2"], population="adults beside person-c17") == [
        "population"
    ]


@pytest.mark.parametrize("profile", ["published", "synthetic"])
def test_cases_in_print_may_be_named(profile):
    assert found(title="A series around c17", profile=profile) == []


def test_check_refuses_it_at_once_without_the_label(tmp_path, monkeypatch, capsys):
    make(tmp_path, {"north": 9, "south": 9}, "restricted")
    about = tmp_path / "data" / "clinic-1" / "cohort.yaml"
    sound = about.read_text()
    about.write_text(sound.replace("title: Made up for a test", "title: Made up around c17."))
    monkeypatch.chdir(tmp_path)
    assert main(["check", "data/clinic-1"]) == 2
    said = capsys.readouterr()
    told = said.out + said.err
    assert "clinic-1/cohort.yaml, title: the text names a case or a person of a restricted cohort" in told
    assert "c17" not in told
    assert main(["ingest", "clinic-1"]) == 2
    about.write_text(sound)
    assert main(["check", "data/clinic-1"]) == 0

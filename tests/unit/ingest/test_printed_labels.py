"""A label of a restricted cohort that reports print as a word is refused before anything is run."""

import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest.printed import RULE, Printed, printed_labels
from caseseries.ingest.source import SourceTable
from caseseries.model.cohort import Cohort
from caseseries.model.layout import Layout
from caseseries.words.printed import texts_of
from unit.ingest.test_named import ABOUT
from unit.made_series import make

LAYOUT = Layout(config=Path(__file__).resolve().parents[3] / "config")
ORDINARY = ["c17", "P01", "case-3", "17", "1042", "A", "A4", "D8", "E2", "E01", "S001", "V23", "ward7-0042", "01-003"]
ORDINARY += ["Pat_12", "K-7", "R1", "Q3", "XQ", "case-XQ"]


@pytest.mark.parametrize("label", ["CR", "NR", "Day", "Among", "days", "Patient", "rhTPO", "ITP", "median", "response"])
def test_words_that_reports_print_are_found(label):
    assert printed_labels({label, "c17"}, LAYOUT) == {label}


def test_ordinary_labels_are_no_words():
    assert printed_labels(set(ORDINARY), LAYOUT) == set()


def test_a_letter_and_a_number_is_a_word_only_in_the_names_of_headings():
    numbers = [*map(str, range(200)), *(f"{number:03d}" for number in range(100))]
    heads = [*string.ascii_letters, "case", "Case", "Pat", "ID"]
    labels = {f"{head}{joint}{number}" for head in heads for joint in ("", "-", "_") for number in numbers}
    assert printed_labels(labels, LAYOUT) <= {"h1", "h2", "h3", "h4", "h5", "h6", "w3"}


def test_a_word_of_the_study_s_own_definition_is_found(tmp_path):
    (tmp_path / "config" / "definitions").mkdir(parents=True)
    (tmp_path / "config" / "definitions" / "own.yaml").write_text("label: Count of the Quillfeather rule\n")
    assert printed_labels({"Quillfeather"}, Layout(config=tmp_path / "config")) == {"Quillfeather"}
    assert printed_labels({"Quillfeather"}, LAYOUT) == set()


def test_what_explains_the_code_is_not_printed():
    source = '"""Explained."""\nKEY = 1\n"""Said."""\ndef f(n):\n    """Told."""\n    return f"{n} seen" + "shown"\n'
    assert list(texts_of(source.encode())) == ["shown", " seen"]


def episodes(*labels):
    texts = pd.DataFrame({"episode_id": labels}, dtype=object)
    return {"episodes": SourceTable("episodes", texts, np.arange(2, len(labels) + 2), ((0, "mine/episodes.csv"),))}


def told(profile, *parts):
    printed = Printed(Cohort(**ABOUT, disclosure={"profile": profile, "basis": "Summaries alone."}), LAYOUT)
    for labels in parts:
        printed.add(episodes(*labels))
    return printed.tell()


def test_rows_are_named_and_labels_are_not():
    found = told("restricted", ["c1", "CR"], ["NR", "c2"])
    assert sorted((one.line, one.case, one.column, one.rule) for one in found) == [
        (2, "", "episode_id", RULE),
        (3, "", "episode_id", RULE),
    ]


@pytest.mark.parametrize("profile", ["published", "synthetic"])
def test_cases_in_print_may_be_called_anything(profile):
    assert told(profile, ["CR", "NR"]) == []


def test_check_refuses_it_at_once_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    make(tmp_path, {"north": 9, "south": 9}, "restricted")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "data/clinic-1"]) == 0
    for table in ("episodes", "counts", "adverse_events"):
        path = tmp_path / "data" / "clinic-1" / f"{table}.csv"
        path.write_text(path.read_text().replace("c7,", "Day,"))
    capsys.readouterr()
    assert main(["check", "data/clinic-1"]) == 2
    said = capsys.readouterr()
    assert f"clinic-1/episodes.csv, line 9, episode_id: {RULE} (for example: P01)" in said.out
    assert "Day" not in said.out + said.err
    assert main(["ingest", "clinic-1"]) == 2

"""`check` tells which labels and words have a letter that no font here draws, and nothing of who has it."""

import pandas as pd

from caseseries.cli import main
from caseseries.model.cohort import Cohort
from caseseries.show import letters
from unit.ingest.mapped_cohorts import make_cohort

KEYS = 'covariates: [{name: kind, label: Kind, levels: {a: "ITP \U00013000", b: chronic}}]\n'


def test_a_label_and_a_word_that_would_be_boxes_are_told(tmp_path, capsys):
    cohort = make_cohort(tmp_path, KEYS, episodes_csv="episode_id,kind,drug\nE1,a,\U00013001\nE2,b,rhTPO\n")
    main(["check", str(cohort)])
    told = capsys.readouterr().out
    assert "clinic/cohort.yaml, covariates: no font of this machine has all letters" in told
    assert "clinic/episodes.csv, drug: no font of this machine has all letters" in told
    assert "\U00013001" not in told


def test_letters_that_every_figure_has_are_not_looked_up(monkeypatch):
    monkeypatch.setattr("caseseries.show.draw.fonts.undrawable", lambda text: 1 / 0)
    assert not letters.is_box("Frühgeborene, ≥ 2: Ελλάδα, Ёлка".replace("≥ ", ""))


def test_a_cohort_without_records_has_its_labels_checked():
    cohort = Cohort.model_validate(
        {"id": "x", "title": "\U00013000", "citation": "x", "design": "x", "population": "x", "provenance": "synthetic"}
        | {
            "licence": "x",
            "disclosure": {"profile": "synthetic", "basis": "nobody stands behind it"},
            "source_definition": "not_stated",
        }
    )
    (found,) = letters.check_letters({"x": cohort}, {}, {})
    assert (found.file, found.column, found.severity) == ("x/cohort.yaml", "title", "warning")
    frame = pd.DataFrame({"episode_id": ["\U00013000"], "age_years": [31.0]})
    assert list(letters.words_of({"episodes": frame})) == []

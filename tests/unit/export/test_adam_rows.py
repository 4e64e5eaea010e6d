"""The data sets of a large cohort, made block by block of what lies on disk, are those of the cohort at once."""

from __future__ import annotations

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.export import adam_rows
from caseseries.export.adam import Part, adam_blocks, adam_datasets
from caseseries.export.adam_files import write_parquet
from caseseries.export.adam_rows import read_analysed
from caseseries.export.adam_variables import DATASETS
from caseseries.model import layout as model_layout
from caseseries.model import records as model_records
from caseseries.model.cohort import load_cohort
from caseseries.model.layout import Layout
from caseseries.model.parquet import count_groups, read_frame
from caseseries.response.catalogue import read_catalogue
from caseseries.words.labels import labels_of
from unit.some_cohort import simulated_study

EPISODES, BLOCK = 50, 9
KEY = ["USUBJID", "APERIOD", "PARAMCD", "PARAM", "BASETYPE", "ADY", "SRCDOM", "SRCSEQ"]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with a synthetic cohort of fifty, of whom some have several courses."""
    return simulated_study(tmp_path_factory.mktemp("study"), EPISODES)


def analysed(study, results):
    """The cohort from its records, classes and times."""
    layout = Layout(study / "data", results=study / results)
    words = ["--data", str(layout.data), "--results", str(layout.results)]
    for verb in (["definitions"], ["ingest", "simulated"], ["classify", "simulated"]):
        assert main([*verb, *words]) == 0
    cohort, known = load_cohort(layout.cohort("simulated")), read_catalogue(layout)
    return read_analysed(cohort, layout, {one.id: one for one in known}, labels_of(known))


@pytest.fixture(scope="module")
def at_once(study):
    """The data sets from all rows."""
    return adam_datasets(analysed(study, "at-once"))


@pytest.mark.parametrize("packed", [True, False], ids=["of Parquet", "of text"])
def test_blocks_give_the_same_rows(study, at_once, monkeypatch, tmp_path, packed):
    monkeypatch.setattr(model_records, "BLOCK", BLOCK)
    monkeypatch.setattr(adam_rows, "MOST_SENT", BLOCK)
    monkeypatch.setattr(model_layout, "LARGE", 0 if packed else 10**9)
    found = analysed(study, "packed" if packed else "text")
    sizes = [len(part.records["episodes"]) for part in found.parts]
    assert sizes == [BLOCK] * 5 + [5]
    write_parquet(adam_blocks(found), tmp_path)
    for name, (_, variables) in DATASETS.items():
        path, wanted = tmp_path / f"{name.lower()}.parquet", at_once[name]
        assert count_groups(path) == (1 if name == "ADSL" else 6)
        made = (
            read_frame(path).sort_values(KEY, kind="stable", ignore_index=True) if name == "ADLB" else read_frame(path)
        )
        # Which rows decide is not named in blocks.
        compared = [one.name for one in variables if one.name != "SRCROWS"]
        pd.testing.assert_frame_equal(made[compared], wanted[compared], check_dtype=False, check_exact=True)
    subjects = at_once["ADSL"]
    assert (subjects["NCOURSES"] > 1).any() and len(at_once["ADLB"]) > EPISODES and len(at_once["ADTTE"]) > EPISODES


def test_no_more_than_a_block_is_read_at_a_time(study, monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", BLOCK)
    monkeypatch.setattr(adam_rows, "MOST_SENT", BLOCK)
    monkeypatch.setattr(model_layout, "LARGE", 0)
    found = analysed(study, "one-by-one")
    definitions = len(found.judged)
    for part in found.parts:
        assert isinstance(part, Part)
        assert len(part.responses) == len(part.records["episodes"]) * definitions
        assert set(part.times["episode_id"]) <= set(part.records["episodes"]["episode_id"])

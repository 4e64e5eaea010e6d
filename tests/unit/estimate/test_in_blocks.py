"""Estimates of a cohort that lies in blocks, whose counts are met block by block, are those of the cohort at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from caseseries.cli import main
from caseseries.estimate.by_block import MANY, read_apart
from caseseries.estimate.exposure import Exposures, joined_exposures
from caseseries.model import layout as model_layout
from caseseries.model import records as model_records
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.model.records import write_records
from caseseries.response.catalogue import write_catalogue
from caseseries.sensitivity import spread
from unit.response.response_records import write_cohort
from unit.response.test_blocks import FEW, cohort

ROOT = Path(__file__).parents[3]
CLASSIFIED = {"responses.csv", "times.csv", "explanations.csv", "explained_counts.csv"}


@cache
def catalogue():
    """The text of the catalogue, which takes a while to make."""
    with TemporaryDirectory() as folder:
        layout = Layout(config=ROOT / "config", results=Path(folder))
        write_catalogue(layout)
        return layout.catalogue.read_text(encoding="utf-8")


def estimates(folder, block, large):
    """Text of every file that `estimate` writes of a cohort in blocks of so many episodes; choices are run on 30."""
    layout = Layout(folder / "data", ROOT / "config", folder / "results")
    write_cohort(layout.data)
    where = ["--config", str(layout.config), "--data", str(layout.data), "--results", str(layout.results)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_records, "BLOCK", block)
        patch.setattr(model_layout, "LARGE", large)
        patch.setattr(spread, "MOST_TRIED", 30)
        write_records(cohort(), layout.records("synthetic"))
        write_text(layout.catalogue, catalogue())
        assert main(["classify", "synthetic", "--definitions", f"{FEW},romi_bussel2009,ash2019_early", *where]) == 0
        assert main(["estimate", "synthetic", *where]) == 0
    files = {path.name: path.read_text(encoding="utf-8") for path in layout.restricted("synthetic").glob("*.csv")}
    return {name: text for name, text in files.items() if name not in CLASSIFIED}


def test_every_file_is_that_of_the_whole(tmp_path):
    """The last block of four has no row of episodes: those that outcomes alone name stand there."""
    at_once = estimates(tmp_path / "whole", 1000, 10**9)
    in_blocks = estimates(tmp_path / "blocks", 4, 0)
    assert in_blocks.keys() == at_once.keys() and len(at_once) > 8
    for name, text in at_once.items():
        assert in_blocks[name] == text, name
    for statistic in ("baseline_already_met", "overshoot_rate", "rebound_rate", "delivery_count_rate"):
        assert f",{statistic}," in at_once["estimates.csv"]


def test_a_cohort_in_blocks_has_its_counts_there_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", 9)
    whole = cohort()
    write_records(whole, tmp_path / "records")
    records, blocks = read_apart(tmp_path / "records")
    assert len(records["episodes"]) == len(whole["episodes"])
    blocks = list(blocks)
    for table in MANY:
        assert not len(records[table]) and len(whole[table])
        assert sum(len(block[table]) for block in blocks) == len(whole[table])
    assert [one for block in blocks for one in block["episodes"]["baseline"]] == whole["episodes"]["baseline"].tolist()


def test_what_episodes_of_several_blocks_got_stands_in_their_order():
    none = np.empty(0, np.int64)
    parts = [
        Exposures(np.array([1.0, 2.0]), {"b/mg": np.array([10.0, np.nan])}, np.array([5.0, 6.0]), none, none),
        Exposures(np.array([3.0]), {"a/mg": np.array([7.0])}, np.array([np.nan]), none, none),
    ]
    whole = joined_exposures(parts)
    np.testing.assert_array_equal(whole.days, [1, 2, 3])
    np.testing.assert_array_equal(whole.last, [5, 6, np.nan])
    assert list(whole.doses) == ["a/mg", "b/mg"]
    np.testing.assert_array_equal(whole.doses["a/mg"], [np.nan, np.nan, 7])
    np.testing.assert_array_equal(whole.doses["b/mg"], [10, np.nan, np.nan])

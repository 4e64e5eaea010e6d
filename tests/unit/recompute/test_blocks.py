"""A large cohort is computed again from blocks and packed results as a small one is at once."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model import layout as model_layout
from caseseries.model import records as model_records
from caseseries.model.layout import Layout
from caseseries.model.parquet import GroupWriter
from caseseries.model.records import count_blocks
from caseseries.recompute.of_definition import RowsByDefinition, by_definition
from caseseries.recompute.people import coded
from unit.some_cohort import simulated_study

DEFINITIONS = ["as_reported", "iwg2009_confirmed", "plt50_any", "raise_visit"]
SETTINGS = json.dumps({"cohorts": ["simulated"], "pools": [], "definitions": DEFINITIONS})


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with a synthetic cohort of fifty."""
    return simulated_study(tmp_path_factory.mktemp("study"))


def computed_again(study, results):
    """Bytes of the results, in how many blocks the records lie, and how the name of the classes ends."""
    layout = Layout(study / "data", results=study / results)
    words = ["--data", str(layout.data), "--results", str(layout.results)]
    assert main(["definitions", "write", "--results", str(layout.results)]) == 0
    assert main(["ingest", "simulated", *words]) == 0
    for verb in ("classify", "estimate"):
        assert main([verb, "simulated", *words, "--settings", SETTINGS]) == 0
    assert main(["recompute", *words, "--settings", SETTINGS]) == 0
    found = [path.read_bytes() for path in (layout.recomputed, layout.recomputed_counts)]
    return found, count_blocks(layout.records("simulated")), layout.responses("simulated").suffix


def test_blocks_give_the_same_bytes(study, monkeypatch):
    at_once, *small = computed_again(study, "at-once")
    monkeypatch.setattr(model_records, "BLOCK", 9)
    monkeypatch.setattr(model_layout, "LARGE", 0)
    in_blocks, *large = computed_again(study, "in-blocks")
    assert (small, large) == ([1, ".csv"], [6, ".parquet"])
    assert at_once[0].count(b"\n") > 1000 and b"adverse_event_rate" in at_once[0] and b"rebound_rate" in at_once[0]
    assert in_blocks == at_once


IDS = pd.Index(["a", "b", "c", "d"], dtype=object)
ROWS = [
    [("a", "one", 1.0, "x"), ("b", "one", np.nan, "y")],
    [("d", "one", 3.0, "y"), ("c", "one", 2.0, "z")],
    [("nobody", "two", 9.0, "z"), ("b", "two", 4.0, "x")],
    [("c", "two", 5.0, "")],
]


def test_packed_rows_of_a_definition_are_those_in_memory(tmp_path):
    parts = [pd.DataFrame(rows, columns=["episode_id", "definition", "time", "cause"]) for rows in ROWS]
    with GroupWriter(tmp_path / "times.parquet", {"episode_id": 0, "definition": 0, "time": 1, "cause": 0}) as file:
        for part in parts:
            file.write(part)
    packed = by_definition(tmp_path / "times.parquet", ["episode_id", "definition", "time", "cause"])
    memory = RowsByDefinition(pd.concat(parts, ignore_index=True))
    for name, numbers in {"one": [0, 1, 3, 2], "two": [1, 2], "none": []}.items():
        found, wanted = packed.under(name, IDS), memory.under(name, IDS)
        assert found["number"].tolist() == wanted["number"].tolist() == numbers
        assert found["cause"].tolist() == wanted["cause"].tolist()
        np.testing.assert_array_equal(found["time"].to_numpy(float), wanted["time"].to_numpy(float))
    assert packed.labels().tolist() == memory.labels().tolist() == ["a", "b", "d", "c", "nobody"]


@pytest.mark.parametrize("kind", [object, "category"])
def test_causes_have_codes_by_what_occurs(kind):
    causes = pd.Series(["stop", "response", "censored", "death", "stop", "delivery"], dtype=kind)
    codes, names = coded(causes[:5], "response")
    assert codes.tolist() == [3, 1, 0, 2, 3]
    assert names == {"censored": 0, "response": 1, "death": 2, "stop": 3}

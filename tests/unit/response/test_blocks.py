"""A large cohort is classified block by block, alone or in shards, as it is at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model import layout as model_layout
from caseseries.model import records as model_records
from caseseries.model.abreast import GIVEN
from caseseries.model.cohort import load_cohort
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.model.parquet import count_groups
from caseseries.model.records import read_records, write_records
from caseseries.model.results import read_table
from caseseries.response import classify, load_definitions
from caseseries.response.catalogue import write_catalogue
from caseseries.response.classify import write_whole
from caseseries.response.explanations import evaluable
from caseseries.response.shards import Shard
from unit.response.response_records import records, write_cohort

ROOT = Path(__file__).parents[3]
ALL = load_definitions(ROOT / "config" / "definitions")
HAEMOGLOBIN = [
    one.model_copy(update={"id": f"{one.id}_hb", "analyte": "haemoglobin", "unit": "g/L"})
    for one in ALL
    if one.id in ("plt50_any", "iwg2009_confirmed", "romi_bussel2009")
]
FEW = "iwg2009_confirmed,plt50_any,as_reported,iwg2009_steroid_dependent_is_nr"
EPISODES = 40
"""So many, and three more that outcomes alone name."""


def cohort(seed=3):
    """Random rows in random order: persons with several episodes, two analytes, counts that are bounds or undated."""
    rng = np.random.default_rng(seed)

    def some(number, *choices):
        return rng.choice(np.array(choices, dtype=str), number)

    ids = np.array([f"E{number:02}" for number in rng.permutation(EPISODES)])
    owner = rng.choice(ids, 14 * EPISODES)
    counts = {
        "episode_id": owner,
        "day": some(len(owner), *range(-7, 60), ""),
        "timepoint": some(len(owner), "", "", "best", "baseline"),
        "count": some(len(owner), "<5", 12, 29, 30, 31, 50, 64, 99, 100, 140, ">400"),
        "flag": some(len(owner), "", "", "", "pre_event"),
        "analyte": some(len(owner), "", "", "haemoglobin"),
    }
    episodes = {
        "episode_id": ids,
        "patient_id": some(EPISODES, *range(EPISODES // 2)),
        "baseline": some(EPISODES, 4, 15, 25, "<10", 40, ""),
        "bleeding_recorded": some(EPISODES, "yes", "yes", "no", ""),
        "follow_up_end_day": some(EPISODES, 28, 60, 90, ""),
        "reported_response": some(EPISODES, "CR", "R", "NR", ""),
        "reported_time_to_response": some(EPISODES, 7, 14, ""),
    }
    bleeding = {"episode_id": some(9, *ids), "first_day": some(9, 1, 5), "last_day": some(9, 5, 9), "who_grade": "2"}
    kinds = ("rescue", "platelet_transfusion", "delivery", "death", "stop_drug")
    events = {"episode_id": some(30, *ids), "day": some(30, *range(60)), "kind": some(30, *kinds)}
    exposures = {
        "episode_id": some(30, *ids),
        "class": some(30, "corticosteroid", "ivig", "thrombopoietin"),
        "first_day": some(30, *range(20)),
        "last_day": some(30, *range(20, 60), ""),
    }
    late = ["E97", "E99", "E98"]
    outcomes = {
        "episode_id": [*late, *some(20, *ids), *late],
        "outcome": some(26, "response", "recovery"),
        "day": some(26, 7, 21, ""),
        "left_day": some(26, 0, 3),
        "right_day": some(26, 30, ""),
        "cause": some(26, "response", "recovery", "death"),
    }
    tables = {
        "episodes": episodes,
        "counts": counts,
        "bleeding": bleeding,
        "events": events,
        "exposures": exposures,
        "outcomes": outcomes,
    }
    return records(**{name: pd.DataFrame(rows).to_dict("records") for name, rows in tables.items()})


def in_order(frame):
    """Rows as in a classification at once, within an episode and a definition in the order in which they stand."""
    return frame.sort_values(["definition", "episode_id"], kind="stable", ignore_index=True)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", 9)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """The text of the catalogue, which takes a while to make."""
    layout = Layout(config=ROOT / "config", results=tmp_path_factory.mktemp("results"))
    write_catalogue(layout)
    return layout.catalogue.read_text(encoding="utf-8")


@pytest.fixture
def written(tmp_path, catalogue):
    """The layout of a cohort that lies in five blocks."""
    layout = Layout(tmp_path / "data", ROOT / "config", tmp_path / "results")
    write_cohort(layout.data)
    write_records(cohort(), layout.records("synthetic"))
    write_text(layout.catalogue, catalogue)
    return layout


def same(found, expected):
    """Two tables hold the same rows in the same order, but for the rows that decide."""
    one, two = (table.drop(columns="decided_by", errors="ignore") for table in (found, expected))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9, check_dtype=False)


@pytest.mark.parametrize("seed", [3, 4])
def test_classes_and_times_are_those_of_the_whole(written, seed):
    """In the order of the whole too; but the outcomes of a source stand by episode."""
    whole = cohort(seed)
    write_records(whole, written.records("synthetic"))
    about, definitions = load_cohort(written.cohort("synthetic")), [*ALL, *HAEMOGLOBIN]
    known = write_whole(written, about, definitions, None)
    at_once = classify(whole, definitions)
    responses, times = read_table(written.responses("synthetic")), read_table(written.times("synthetic"))
    assert set(responses["decided_by"]) == {""} < set(at_once.responses["decided_by"])
    same(responses, at_once.responses)
    assert list(times["definition"].unique()) == list(at_once.times["definition"].unique())
    same(in_order(times), in_order(at_once.times))
    assert known.sort_index().equals(evaluable(at_once.responses).rename(None).rename_axis(None).sort_index())
    assert len(set(at_once.responses["response_class"])) > 5 and "NE" in set(at_once.responses["response_class"])


def verb(layout, *words):
    where = ["--config", str(layout.config), "--data", str(layout.data), "--results", str(layout.results)]
    return main(["classify", "synthetic", "--definitions", FEW, *words, *where])


@pytest.mark.parametrize("number", [2, 7])
def test_shards_give_the_bytes_of_the_whole(written, monkeypatch, number):
    """Also where there are more shards than blocks."""
    monkeypatch.setattr(model_layout, "LARGE", 0)
    results = ("responses", "times", "explanations", "explained_counts")
    assert verb(written) == 0
    whole = {name: written.path(name, "synthetic").read_bytes() for name in results}
    assert written.responses("synthetic").suffix == ".parquet"
    for name in results:
        written.path(name, "synthetic").unlink()
    for place in range(1, number + 1):
        assert verb(written, "--shard", f"{place}-of-{number}") == 0
    assert verb(written, "--gather", str(number)) == 0
    assert {name: written.path(name, "synthetic").read_bytes() for name in results} == whole
    assert count_groups(written.responses("synthetic")) == 5 * 4
    assert len(read_table(written.explanations("synthetic"))) > 10


def test_csv_and_parquet_hold_the_same(written, monkeypatch):
    assert verb(written) == 0
    lines = {name: read_table(written.path(name, "synthetic")) for name in ("responses", "times")}
    monkeypatch.setattr(model_layout, "LARGE", 0)
    assert verb(written) == 0
    for name, table in lines.items():
        same(read_table(written.path(name, "synthetic")), table)
    assert not written.shards_apart("synthetic").exists()


def test_one_definition_alone_gives_the_bytes_of_its_shards(written, monkeypatch):
    """Its blocks are in their order as they come; but not where outcomes of the source have events of their own."""
    monkeypatch.setattr(model_layout, "LARGE", 0)
    where = ["--config", str(written.config), "--data", str(written.data), "--results", str(written.results)]
    for name in ("iwg2009_confirmed", "as_reported"):
        found = []
        for parts in ([[]], [["--shard", "1-of-2"], ["--shard", "2-of-2"], ["--gather", "2"]]):
            for words in parts:
                assert main(["classify", "synthetic", "--definitions", name, *words, *where]) == 0
            found.append([written.path(kind, "synthetic").read_bytes() for kind in ("responses", "times")])
            found[-1].append(written.explanations("synthetic").read_bytes())
        assert found[0] == found[1]


@pytest.mark.parametrize("name", ["iwg2009_confirmed", "as_reported", "iwg2009_confirmed,plt50_any"])
def test_threads_give_the_bytes_of_one(written, monkeypatch, name):
    monkeypatch.setattr(model_layout, "LARGE", 0)
    where = ["--config", str(written.config), "--data", str(written.data), "--results", str(written.results)]
    found = []
    for threads in (1, 3):
        monkeypatch.setenv(GIVEN, str(threads))
        assert main(["classify", "synthetic", "--definitions", name, *where]) == 0
        kinds = ("responses", "times", "explanations", "explained_counts")
        found.append([written.path(kind, "synthetic").read_bytes() for kind in kinds])
    assert found[0] == found[1]


def test_a_case_of_a_large_cohort_is_explained_as_one_of_a_small_one(written, capsys, monkeypatch):
    where = ["--config", str(written.config), "--data", str(written.data), "--results", str(written.results)]
    for episode, code in (("E07", 0), ("E98", 0), ("nobody", 2)):
        said = []
        for size in (9, 1000):
            monkeypatch.setattr(model_records, "BLOCK", size)
            write_records(cohort(), written.records("synthetic"))
            assert main(["explain", "synthetic", episode, "--definition", "iwg2009_confirmed", *where]) == code
            said.append(capsys.readouterr())
        assert said[0] == said[1]


@pytest.mark.parametrize("name", ["0-of-3", "4-of-3", "2", "of", "1-of-0", "1-of-3x"])
def test_a_shard_has_a_name(name):
    with pytest.raises(ValueError, match="not a shard"):
        Shard.named(name)


def test_shards_share_every_block_once():
    for blocks in (1, 2, 5, 50):
        for number in (1, 2, 7, 26):
            ends = [Shard.named(f"{place}-of-{number}").of_blocks(blocks) for place in range(1, number + 1)]
            assert [block for first, last in ends for block in range(first, last)] == list(range(blocks))


def test_records_of_a_large_cohort_are_read_as_they_were_written(written):
    whole, read = cohort(), read_records(written.records("synthetic"))
    for table in ("episodes", "counts", "outcomes"):
        rows = whole[table].sort_values("source_row", ignore_index=True)
        pd.testing.assert_frame_equal(read[table].sort_values("source_row", ignore_index=True), rows)

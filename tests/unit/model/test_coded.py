"""Text of a file of many row groups as categories: what Arrow makes of it, word by word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow.parquet import ParquetFile

from caseseries.model import coded
from caseseries.model.coded import Vocabulary
from caseseries.model.parquet import GroupWriter, read_frame, read_groups

KINDS = {"episode_id": False, "time": True, "cause": False}


def written(path, groups):
    """A file of row groups, each given by its ids."""
    with GroupWriter(path, KINDS) as file:
        for ids in groups:
            causes = [("response", "censored", "")[len(one) % 3] for one in ids]
            times = [np.nan if one.endswith("7") else float(place) for place, one in enumerate(ids)]
            file.write(pd.DataFrame({"episode_id": ids, "time": times, "cause": causes}))
    return path


def as_arrow_has_it(path):
    """The file as Arrow makes one list of words of those of all row groups."""
    with ParquetFile(path) as file:
        return file.read().unify_dictionaries().to_pandas()


BLOCKS = [[f"E{number}" for number in range(start, start + 60)] for start in (0, 60, 120)]
SHAPES = {
    "the same lists again": [*BLOCKS, *BLOCKS],
    "parts of lists": [*BLOCKS, *(block[5:50:3] for block in BLOCKS)],
    "parts first": [*(block[5:50:3] for block in BLOCKS), *BLOCKS],
    "another order": [BLOCKS[0], BLOCKS[0][::-1], BLOCKS[1]],
    "lists of several": [*BLOCKS, [BLOCKS[0][3], BLOCKS[2][4], "E5000", BLOCKS[1][0], ""], ["E5000", "E6000"]],
    "rows that repeat": [["A", "B", "A", "A"], ["B", "A"], ["C", "B"]],
    "a group without rows": [["A"], [], ["B", "A"]],
    "no row": [],
}


@pytest.mark.parametrize("few", [1, 100])
@pytest.mark.parametrize("shape", SHAPES)
def test_categories_are_those_that_arrow_makes(tmp_path, monkeypatch, shape, few):
    """Whether lists of words are compared with those that were met, or their words looked up one by one."""
    monkeypatch.setattr(coded, "FEW", few)
    path = written(tmp_path / "times.parquet", SHAPES[shape])
    found, expected = read_frame(path, categories=True), as_arrow_has_it(path)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    for name in ("episode_id", "cause"):
        assert found[name].tolist() == read_frame(path)[name].tolist()
        assert found[name].cat.codes.dtype == expected[name].cat.codes.dtype


def test_more_words_than_a_byte_can_number(tmp_path):
    groups = [[f"E{number:06}" for number in range(start, start + 20_000)] for start in (0, 20_000)]
    found = read_frame(written(tmp_path / "times.parquet", [["E000007"], *groups, *groups]), categories=True)
    assert found["episode_id"].tolist() == ["E000007", *groups[0], *groups[1], *groups[0], *groups[1]]
    assert found["episode_id"].cat.categories[:2].tolist() == ["E000007", "E000000"]


def test_columns_are_read_alone_and_in_the_order_asked_for(tmp_path):
    path = written(tmp_path / "times.parquet", BLOCKS)
    found = read_frame(path, ["time", "cause"], categories=True)
    assert list(found) == ["time", "cause"]
    pd.testing.assert_frame_equal(found, as_arrow_has_it(path)[["time", "cause"]])


def test_text_that_does_not_lie_there_as_codes_stays_text_and_missing_text_stays_missing(tmp_path):
    path = tmp_path / "plain.parquet"
    pd.DataFrame({"plain": ["x", "y"], "coded": pd.Categorical(["b", None])}).to_parquet(path, index=False)
    found = read_frame(path, categories=True)
    assert found["plain"].dtype == object and found["plain"].tolist() == ["x", "y"]
    assert found["coded"].cat.codes.tolist() == [0, -1]


def test_a_list_that_was_met_before_is_not_looked_up_word_by_word(monkeypatch):
    vocabulary = Vocabulary()
    words = pa.array([f"E{number}" for number in range(100)])
    first = vocabulary.places_of(words)
    monkeypatch.setattr(Vocabulary, "_looked_up", None)
    assert vocabulary.places_of(pa.array(words.to_pylist())) is first


def test_some_row_groups_are_read_alone(tmp_path):
    path = written(tmp_path / "times.parquet", [*BLOCKS, *BLOCKS])
    found, whole = read_groups(path, [1, 4], ["time", "episode_id"]), read_frame(path)
    expected = pd.concat([whole.iloc[60:120], whole.iloc[240:300]], ignore_index=True)
    assert list(found) == ["time", "episode_id"]
    assert found["episode_id"].tolist() == expected["episode_id"].tolist() == BLOCKS[1] * 2
    assert found["episode_id"].cat.categories.tolist() == BLOCKS[1]
    pd.testing.assert_series_equal(found["time"], expected["time"])
    none = read_groups(path, [])
    assert len(none) == 0 and list(none) == list(KINDS)

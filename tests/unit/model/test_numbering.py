"""Episodes as numbers: rows found and put in order, whether their ids are text or categories."""

import numpy as np
import pandas as pd
import pytest

from caseseries.model.numbering import Numbering, by_definition

ROWS = pd.DataFrame({"episode_id": ["c", "x", "a"], "definition": "d", "response_class": ["R", "NR", "CR"]})


@pytest.fixture(params=[str, "category"])
def rows(request):
    """The rows with text, and with categories."""
    return ROWS.astype(request.param)


def test_each_episode_has_its_place_and_a_stranger_none(rows):
    numbering = Numbering(pd.Series(["a", "b", "c"]))
    assert numbering.of(rows["episode_id"]).tolist() == [2, -1, 0]
    assert numbering.marked(rows["episode_id"]).tolist() == [True, False, True, False]


def test_rows_stand_in_the_order_of_the_episodes_with_gaps(rows):
    placed = Numbering(pd.Series(["a", "b", "c"])).in_order(rows)
    assert placed.index.tolist() == ["a", "b", "c"]
    assert placed["response_class"].astype(object).fillna("-").tolist() == ["CR", "-", "R"]


def test_rows_in_order_already_stay(rows):
    placed = Numbering(pd.Series(["c", "x", "a"])).in_order(rows)
    assert placed["response_class"].tolist() == ["R", "NR", "CR"]


def test_categories_of_another_table_are_looked_up_anew():
    numbering = Numbering(pd.Series(["a", "b", "c"]))
    one, other = pd.Series(["b", "c"], dtype="category"), pd.Series(["c", "a"], dtype="category")
    assert [numbering.of(ids).tolist() for ids in (one, other, one)] == [[1, 2], [2, 0], [1, 2]]


def test_definitions_come_in_the_order_in_which_they_occur_and_none_that_has_no_row():
    names = pd.Categorical(["two", "one", "two"], categories=["none", "one", "two"])
    parts = by_definition(pd.DataFrame({"definition": names, "value": np.arange(3)}))
    assert {name: part["value"].tolist() for name, part in parts.items()} == {"two": [0, 2], "one": [1]}


@pytest.mark.parametrize("kind", [str, "category"])
def test_rows_that_lie_together_are_a_part_and_no_rows_have_no_part(kind):
    rows = pd.DataFrame({"definition": ["e", "e", "d"]}).astype(kind)
    assert [(name, len(part)) for name, part in by_definition(rows).items()] == [("e", 2), ("d", 1)]
    assert by_definition(rows.iloc[:0]) == {}


def test_tables_that_are_asked_in_turn_are_looked_up_once_each(monkeypatch):
    asked = []
    look_up = pd.Index.get_indexer
    monkeypatch.setattr(pd.Index, "get_indexer", lambda index, words: asked.append(len(words)) or look_up(index, words))
    numbering = Numbering(pd.Series(["a", "b", "c"]))
    one, other = pd.Series(["b", "c"], dtype="category"), pd.Series(["c"], dtype="category")
    for ids in (one, other, one, other):
        numbering.of(ids)
    assert asked == [2, 1]


def test_categories_that_are_the_episodes_themselves_are_their_numbers():
    ids = pd.Series(pd.Categorical(["c", "a"], categories=["a", "b", "c"]))
    assert Numbering(pd.Series(["a", "b", "c"])).of(ids).tolist() == [2, 0]

"""Text as codes: the words that occur, in the order in which they do, each once."""

import numpy as np
import pandas as pd

from caseseries.model.codes import Codes


def test_texts_are_those_of_the_words_at_each_place():
    column = Codes.into(["CR", "R", "NE"], np.array([2, 0, 2, 1]))
    assert list(column.texts()) == ["NE", "CR", "NE", "R"]
    assert list(column[np.array([True, False, False, True])].texts()) == ["NE", "R"]


def test_equal_words_become_one():
    column = Codes.into(["yes", "no", "yes"], np.array([2, 1, 0]))
    assert list(column.texts()) == ["yes", "no", "yes"]
    assert len(column.words) == 2


def test_arrow_holds_the_words_that_occur_in_their_order_as_if_each_row_had_been_text():
    import pyarrow as pa

    column = Codes.into(["never", "b", "a", "c"], np.array([3, 1, 3, 2]))
    assert column.arrow().equals(pa.array(list(column.texts()), pa.string()).dictionary_encode())
    assert column[np.zeros(4, bool)].arrow().to_pylist() == []
    for places in ([0, 1, 2, 3, 1], [0, 2, 3], [2, 0, 3], [0, 1, 1], []):  # all, some and no word, in order or not
        some = Codes(np.array(places, np.int64), column.words)
        assert some.arrow().equals(pa.array(list(some.texts()), pa.string()).dictionary_encode())
    assert Codes.alike("one", 3).arrow().to_pylist() == ["one"] * 3


def test_codes_of_arrow_are_those_of_its_pieces_together():
    import pyarrow as pa

    pieces = pa.chunked_array([pa.array(["b", "a"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()])
    assert list(Codes.of_arrow(pieces).texts()) == ["b", "a", "c", "a"]


def test_a_column_of_a_frame_is_codes_with_empty_text_for_what_is_missing():
    texts = ["b", None, "a", "b", ""]
    for column in (pd.Series(texts, dtype=object), pd.Series(texts, dtype="category")):
        found = Codes.of(column)
        assert list(found.texts()) == ["b", "", "a", "b", ""]
        assert sorted(found.words.texts) == ["", "a", "b"]


def test_columns_below_one_another_have_each_word_once():
    one, other = Codes.into(["a", "b"], np.array([1, 0], np.int8)), Codes.into(["c", "a"], np.array([1, 0, 1], np.int8))
    found = Codes.joined([one, other])
    assert list(found.texts()) == ["b", "a", "a", "c", "a"]
    assert len(found.words) == 3
    assert Codes.joined([one]) is one


def test_words_are_said_valued_and_ranked_once_for_all_their_rows():
    column = Codes.into(["low", "High", "LOW"], np.array([2, 0, 1, 2]))
    assert list(column.said(str.lower).texts()) == ["low", "low", "high", "low"]
    assert len(column.said(str.lower).words) == 2
    assert column.valued(len).tolist() == [3, 3, 4, 3]
    assert column.ranks().tolist() == [1, 2, 0, 1], "High, LOW, low"
    none = Codes.into([], np.empty(0, np.int8))
    assert len(none.said(str.lower)) == len(none.valued(len)) == len(none.ranks()) == 0

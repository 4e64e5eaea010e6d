"""Text as codes: the words that occur, in the order in which they do, each once."""

import numpy as np

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

"""A row group is read as pyarrow reads it, but a column of one value is not decoded."""

import numpy as np
import pandas as pd
import pytest

from caseseries.model import row_groups as model_row_groups
from caseseries.model.parquet import GroupWriter, read_each, texts_at
from caseseries.model.row_groups import Lexicon, framed_codes, row_groups

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

TEXT = pa.dictionary(pa.int32(), pa.string())
GROUPS = (
    {
        "alike": ["b"] * 4,
        "varied": ["x", "y", "x", "x"],
        "holes": ["b", None, "b", "b"],
        "true": [True] * 4,
        "mixed": [True, False, True, True],
        "unsure": [True, None, True, True],
        "number": [1.0, 2.0, None, 4.0],
        "zero": [0.0, -0.0, 0.0, 0.0],
        "one": [5.0] * 4,
        "none": [None] * 4,
        "row": [2, 3, 4, 5],
    },
    {
        "alike": ["c"] * 2,
        "varied": ["z", "z"],
        "holes": [None, None],
        "true": [False] * 2,
        "mixed": [True, True],
        "unsure": [None, None],
        "number": [None, None],
        "zero": [-0.0, -0.0],
        "one": [6.0, 7.0],
        "none": [None, None],
        "row": [6, 6],
    },
)
KINDS = {"alike": TEXT, "varied": TEXT, "holes": TEXT, "row": pa.int64()} | dict.fromkeys(
    ("true", "mixed", "unsure"), pa.bool_()
)
SCHEMA = pa.schema([(name, KINDS.get(name, pa.float64())) for name in GROUPS[0]])


@pytest.fixture
def path(tmp_path):
    with pq.ParquetWriter(tmp_path / "table.parquet", SCHEMA) as file:
        for group in GROUPS:
            arrays = [
                pa.array(group[field.name], pa.string()).dictionary_encode().cast(TEXT)
                if field.type == TEXT
                else pa.array(group[field.name], field.type)
                for field in SCHEMA
            ]
            file.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
        file.write_table(SCHEMA.empty_table(), row_group_size=1)
    return tmp_path / "table.parquet"


@pytest.mark.parametrize("columns", [None, ["row", "true", "alike"], ["none"]])
def test_a_row_group_holds_what_pyarrow_reads(path, columns):
    with pq.ParquetFile(path) as file, row_groups(path, columns) as groups:
        for group in range(len(groups)):
            found, plain = groups.read(group), file.read_row_group(group, columns)
            assert groups.rows(group) == found.num_rows == plain.num_rows
            assert found.schema.equals(plain.schema)
            assert found.to_pylist() == plain.to_pylist()
            signs = [np.signbit(table["zero"].to_numpy()).tolist() for table in (found, plain) if columns is None]
            assert not signs or signs[0] == signs[1]


def test_columns_of_one_value_are_not_decoded(path, monkeypatch):
    asked, plain = [], pq.ParquetFile.read_row_group

    def spied(file, group, names, **more):
        asked.append(names)
        return plain(file, group, names, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spied)
    with row_groups(path) as groups:
        for group in range(2):
            groups.read(group)
    assert asked[0] == ["varied", "holes", "mixed", "unsure", "number", "zero", "one", "row"]
    assert asked[1] == ["zero", "one", "row"]


def test_the_ids_of_a_block_are_decoded_once(tmp_path, monkeypatch):
    """They stand under each definition anew; words of another order, or of the same length, are others."""
    monkeypatch.setattr(model_row_groups, "LONG", 1)
    blocks = [["E1", "E2", "E3"], ["E4", "E5", "E6"], ["E3", "E1", "E2"], ["E1", "E2", "E2"]]
    with GroupWriter(tmp_path / "table.parquet", {"episode_id": False, "definition": False}) as file:
        for definition in ("one", "two", "three"):
            for ids in blocks:
                file.write(pd.DataFrame({"episode_id": ids, "definition": definition}))
    asked, plain = [], pq.ParquetFile.read_row_group

    def spied(file, group, names, **more):
        asked.append((group, names))
        return plain(file, group, names, **more)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", spied)
    with row_groups(tmp_path / "table.parquet") as groups:
        read = [groups.read(group).to_pylist() for group in range(len(groups))]
    assert [[row["episode_id"] for row in rows] for rows in read] == blocks * 3
    assert [rows[0]["definition"] for rows in read] == ["one"] * 4 + ["two"] * 4 + ["three"] * 4
    decoded = [group for group, names in asked if names == ["episode_id"]]
    assert decoded == [0, 1, 2, 3]


def test_no_more_columns_are_kept_than_are_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(model_row_groups, "LONG", 1)
    monkeypatch.setattr(model_row_groups, "KEPT", 1)
    blocks = [["E1", "E2"], ["E3", "E4"]] * 2
    with GroupWriter(tmp_path / "table.parquet", {"episode_id": False}) as file:
        for ids in blocks:
            file.write(pd.DataFrame({"episode_id": ids}))
    with row_groups(tmp_path / "table.parquet") as groups:
        assert [groups.read(group).column("episode_id").to_pylist() for group in range(4)] == blocks
        assert len(groups._known) == 1


def test_a_frame_has_text_as_categories_and_what_is_missing(path):
    first, second, empty = read_each(path, range(3), categories=True)
    for frame, group in zip((first, second), GROUPS, strict=True):
        for name, kind in zip(SCHEMA.names, SCHEMA.types, strict=True):
            values = [None if pd.isna(value) else value for value in frame[name]]
            assert values == group[name]
            assert isinstance(frame[name].dtype, pd.CategoricalDtype) == (kind == TEXT)
    assert list(first["varied"].cat.categories) == ["x", "y"]
    assert (first["number"].dtype, first["true"].dtype, first["row"].dtype) == (float, bool, np.int64)
    assert list(empty.columns) == SCHEMA.names and not len(empty)


def test_the_words_of_the_last_row_group_are_kept_where_they_are_the_same():
    def table(*words):
        return pa.table({"episode_id": pa.array(words).dictionary_encode()})

    lexicon = Lexicon()
    one, same, other = (framed_codes(table(*words), lexicon) for words in (("a", "b"), ("a", "b", "a"), ("b", "a")))
    assert same["episode_id"].cat.categories is one["episode_id"].cat.categories
    assert list(same["episode_id"]) == ["a", "b", "a"]
    assert list(other["episode_id"]) == ["b", "a"]


def test_texts_are_had_by_their_places_in_the_file(tmp_path):
    with GroupWriter(tmp_path / "table.parquet") as file:
        for start in (0, 3, 6):
            file.write(pd.DataFrame({"episode_id": [f"E{number}" for number in range(start, start + 3)]}))
    assert texts_at(tmp_path / "table.parquet", "episode_id", [0, 2, 7]) == ["E0", "E2", "E7"]
    assert texts_at(tmp_path / "table.parquet", "episode_id", []) == []

"""Rows of a table parted by blocks of episodes, kept in a file of Arrow until their block is examined.

Rows may stand in any order: all of an episode come together in the block of its place in episodes.csv. In memory are
one piece of a table and, of each episode, the number that its label is hashed to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from caseseries.ingest.cells import are_whole, drop_point_zero, drop_point_zeros
from caseseries.ingest.identify import IDS
from caseseries.ingest.letters import looks_like
from caseseries.ingest.source import SourceTable

LINE = "\0line"
"""Column of the lines; no header can be called so."""


def hash_labels(labels: np.ndarray) -> np.ndarray:
    """A number for each label, the same for labels that may be taken for one another (1.0 and 1, letters alike)."""
    codes, texts = pd.factorize(labels)
    together = "".join(texts)
    if not together.isascii() or "." in together:
        texts = np.array([looks_like(drop_point_zero(text)) for text in texts], dtype=object)
    return pd.util.hash_array(texts, categorize=False)[codes] if len(texts) else np.zeros(0, dtype=np.uint64)


class Places:
    """The place of each episode in the order in which episodes.csv first names it, found by the hash of its label.

    Parameters
    ----------
    hashes : of the labels, in the order of their rows.
    size : episodes of a block.
    least : blocks that there are at the least, over which rows of unknown episodes are spread.
    """

    def __init__(self, hashes: np.ndarray, size: int, least: int = 1) -> None:
        self._hashes, first = np.unique(hashes, return_index=True)
        self._place = np.empty(len(first), dtype=np.int32)
        self._place[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
        self._size = size
        self.blocks = max(least, -(-len(first) // size))

    def block_of(self, hashes: np.ndarray) -> np.ndarray:
        """Block of each hash; those that are not known are spread over all of them."""
        spread = (hashes % np.uint64(self.blocks)).astype(np.int64)
        if not len(self._hashes):
            return spread
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._place[at] // self._size, spread)


class Shelf:
    """A table in a file of Arrow, to which pieces are added, each row for a block; once closed, its blocks are read."""

    def __init__(self, path: Path, table: SourceTable) -> None:
        import pyarrow as pa

        self._path, self._name, self._files = path, table.name, table.files
        self._header = list(table.texts.columns)
        fields = [*(pa.field(column, pa.string()) for column in self._header), pa.field(LINE, pa.int64())]
        self._schema = pa.schema(fields)
        self._file: Any = pa.ipc.new_file(path, self._schema, options=pa.ipc.IpcWriteOptions(compression="lz4"))
        self._batches: dict[int, list[int]] = {}
        self._written = 0
        self.rows = 0
        self._whole_labels = {column: True for column in IDS if column in self._header}

    def add(self, table: SourceTable, blocks: np.ndarray) -> None:
        """Put the rows of a piece into their blocks."""
        import pyarrow as pa

        for column, holds in self._whole_labels.items():
            self._whole_labels[column] = holds and are_whole(table.texts[column].unique())
        columns = [pa.array(table.texts[column].to_numpy(), pa.string()) for column in self._header]
        piece = pa.record_batch([*columns, pa.array(table.lines)], schema=self._schema)
        order = np.argsort(blocks, kind="stable")
        cuts = np.flatnonzero(np.diff(blocks[order])) + 1
        for rows in np.split(order, cuts) if len(order) else ():
            self._file.write_batch(piece.take(pa.array(rows)) if len(cuts) else piece)
            self._batches.setdefault(int(blocks[rows[0]]), []).append(self._written)
            self._written += 1
        self.rows += len(table)

    def close(self) -> None:
        """End writing."""
        self._file.close()

    def pieces(self) -> Iterator[SourceTable]:
        """What was added, in that order, as it was added; the file is gone afterwards."""
        for batches in [[number] for number in range(self._written)] or [[]]:
            yield self._read(batches)
        self._path.unlink()

    def read(self, block: int) -> SourceTable:
        """The rows of a block, in the order of their file; labels of cases as whole numbers where all of them are."""
        table = self._read(self._batches.get(block, []))
        whole = {name: drop_point_zeros(table.texts[name]) for name, holds in self._whole_labels.items() if holds}
        return SourceTable(table.name, table.texts.assign(**whole), table.lines, table.files) if whole else table

    def _read(self, batches: Sequence[int]) -> SourceTable:
        import pyarrow as pa

        with pa.OSFile(str(self._path)) as source, pa.ipc.open_file(source) as file:
            table = pa.Table.from_batches([file.get_batch(number) for number in batches], self._schema)
        cells = {column: as_texts(table[column]) for column in self._header}
        return SourceTable(self._name, pd.DataFrame(cells, dtype=object), table[LINE].to_numpy(), self._files)


def as_texts(column: Any) -> np.ndarray:
    """Cells of an Arrow column, equal ones sharing one text."""
    coded = column.combine_chunks().dictionary_encode()
    if not len(coded):
        return np.array([], dtype=object)
    return np.array(coded.dictionary.to_pylist(), dtype=object)[coded.indices.to_numpy()]

"""Columns kept on disk for the time of a run, to be had again in another order.

They lie as Arrow hands them from one process to another: to write and read them so takes a small part of the time that
Parquet takes, for a file that nobody else will read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from caseseries.model.files import passing
from caseseries.model.parquet import arrow_column, kinds_of
from caseseries.model.results import RESPONSES, TIMES, numbers_of
from caseseries.response.rows import Columns, by_definition, texts_of

if TYPE_CHECKING:
    import pyarrow as pa

COMPRESSION = "lz4"


class Spill:
    """Groups of rows in one file, each of one definition, whose name stands in `names`."""

    def __init__(self, path: Path, columns: tuple[str, ...]):
        self.names: list[str] = []
        self._ends = [0]
        self._kinds = kinds_of(numbers_of(columns))
        self._file = open(path, "w+b")  # noqa: SIM115 - closed by `close`

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def write(self, columns: Columns) -> None:
        """Write columns of equal length, which have rows, as the next group."""
        import pyarrow as pa
        from pyarrow import ipc

        arrays = [arrow_column(columns[field.name], field.type) for field in self._kinds]
        with ipc.new_stream(self._file, self._kinds, options=ipc.IpcWriteOptions(compression=COMPRESSION)) as stream:
            stream.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._kinds))
        self.names.append(str(texts_of(columns["definition"][np.arange(1)])[0]))
        self._ends.append(self._file.tell())

    def read(self, group: int) -> pa.Table:
        """A group."""
        from pyarrow import ipc

        self._file.seek(self._ends[group])
        return ipc.open_stream(self._file.read(self._ends[group + 1] - self._ends[group])).read_all()


@contextmanager
def spilled(parts: Iterable[tuple[Columns, list[Columns]]], folder: Path) -> Iterator[tuple[Spill, Spill]]:
    """Classes and times as they come, to be read in the order in which they are wanted; nothing of them is left in the
    folder afterwards.
    """
    with (
        passing(folder / "responses.arrow") as one,
        passing(folder / "times.arrow") as two,
        closing(Spill(one, RESPONSES)) as responses,
        closing(Spill(two, TIMES)) as times,
    ):
        for judged, timed in parts:
            if len(judged["episode_id"]):
                responses.write(judged)
            for rows in by_definition(timed):
                times.write(rows)
        yield responses, times

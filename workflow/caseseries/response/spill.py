"""Columns kept on disk for the time of a run, to be had again in another order.

They lie as Arrow hands them from one process to another: to write and read them so takes a small part of the time that
Parquet takes, for a file that nobody else will read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from caseseries.model.files import passing
from caseseries.response.rows import Judged

if TYPE_CHECKING:
    import pyarrow as pa

COMPRESSION = "lz4"


class Spill:
    """Groups of rows in one file, each of one definition, whose name stands in `names`."""

    def __init__(self, path: Path):
        self.names: list[str] = []
        self._ends = [0]
        self._file = open(path, "w+b")  # noqa: SIM115 - closed by `close`

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def write(self, table: pa.Table) -> None:
        """Write a table of one definition, which has rows, as the next group."""
        from pyarrow import ipc

        with ipc.new_stream(self._file, table.schema, options=ipc.IpcWriteOptions(compression=COMPRESSION)) as stream:
            stream.write_table(table)
        self.names.append(str(table.column("definition")[0]))
        self._ends.append(self._file.tell())

    def read(self, group: int) -> pa.Table:
        """A group."""
        from pyarrow import ipc

        self._file.seek(self._ends[group])
        return ipc.open_stream(self._file.read(self._ends[group + 1] - self._ends[group])).read_all()


@contextmanager
def spilled(parts: Iterable[Judged], folder: Path) -> Iterator[tuple[Spill, Spill]]:
    """Classes and times as they come, to be read in the order in which they are wanted; nothing of them is left in the
    folder afterwards.
    """
    with (
        passing(folder / "responses.arrow") as one,
        passing(folder / "times.arrow") as two,
        closing(Spill(one)) as responses,
        closing(Spill(two)) as times,
    ):
        for classes, timed in parts:
            for rows in classes:
                responses.write(rows)
            for rows in timed:
                times.write(rows)
        yield responses, times

"""A large cohort, parted by blocks of episodes and examined block by block, with memory that does not grow with it.

Each table is read once, piece by piece, and its rows are put into the block of their episode; then each block is
examined. Findings and tables are those of a cohort that is read whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.ingest import parquet
from caseseries.ingest.contract import check_columns
from caseseries.ingest.letters import simplify_label
from caseseries.ingest.magnitudes import Heights
from caseseries.ingest.pieces import CsvPieces, ParquetPieces, Pieces, Unreadable
from caseseries.ingest.shelf import Places, Shelf, hash_labels
from caseseries.ingest.source import SourceTable, join
from caseseries.ingest.tidy import tidy_table
from caseseries.model import records
from caseseries.model.cohort import Cohort
from caseseries.model.conventions import Conventions
from caseseries.model.files import PARTIAL
from caseseries.model.findings import Finding
from caseseries.model.layout import Layout

LARGE = 16_000_000
"""Bytes of the tables of a cohort, as CSV, beyond which it is not read whole."""
PART = 32_000_000
"""Bytes of the tables for which there is a block at the least."""
MOST_UNLABELLED = 1_000_000
"""Rows of a table without `episode_id`, which belong to no block."""
CASE, PERSON = "episode_id", "patient_id"


def total_size(paths: Sequence[Path]) -> int:
    """Bytes of tables as CSV, about."""
    return sum(map(_size_of, paths))


def _size_of(path: Path) -> int:
    if path.suffix != parquet.ENDING:
        return path.stat().st_size
    try:
        with parquet.opened(path) as file:
            return parquet.unpacked_bytes(file)
    except Exception:
        # Arrow fails in many ways on what is no such file; it is told where it is read.
        return 0


@contextmanager
def workspace(layout: Layout) -> Iterator[Path]:
    """A folder for its owner's eyes alone that is gone afterwards, beside the results where there are any."""
    if not layout.results.is_dir():
        with tempfile.TemporaryDirectory(prefix="caseseries-") as folder:
            yield Path(folder)
        return
    folder = tempfile.mkdtemp(prefix=f".parts.{os.getpid()}.", suffix=PARTIAL, dir=layout.results)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Parts:
    """The tables of cases of a cohort, parted by blocks of episodes, as long as the context lasts in which they are.

    Parameters
    ----------
    paths : files of the tables; where there is none, there is one block without tables.
    layout : parts are kept beside the results, where there are any.
    cohort : None where cohort.yaml is at fault.
    shown : folder of the cohort as it is named in messages.

    Attributes
    ----------
    findings, unreadable : of reading. heights : of the columns of counts.
    """

    def __init__(self, paths: Sequence[Path], layout: Layout, cohort: Cohort | None, shown: str) -> None:
        self._paths, self._layout, self._shown = paths, layout, shown
        self._covariates = cohort.covariates if cohort else ()
        self.heights = Heights((), cohort.conventions if cohort else Conventions())
        self.findings: list[Finding] = []
        self.unreadable: set[str] = set()
        self._shelves: dict[str, Shelf] = {}
        self._persons: list[np.ndarray] = []
        self._alike: np.ndarray | None = None
        self._places = Places(np.zeros(0, dtype=np.uint64), records.BLOCK)

    def __enter__(self) -> Parts:
        self._kept = ExitStack()
        if self._paths:
            self._folder = self._kept.enter_context(workspace(self._layout))
            try:
                self._take_all()
            except BaseException:
                self._kept.close()
                raise
        return self

    def __exit__(self, *error: object) -> None:
        self._kept.close()

    def _take_all(self) -> None:
        least = max(1, total_size(self._paths) // PART)
        self._places = Places(np.zeros(0, dtype=np.uint64), records.BLOCK, least)
        by_name = {path.stem: path for path in self._paths}
        lists = next((name for name in ("episodes", "outcomes") if name in by_name), "")
        for name in sorted(by_name, key=lambda name: (name != lists, name)):
            self._take(by_name[name], is_list=name == lists, least=least)

    def _take(self, path: Path, *, is_list: bool, least: int) -> None:
        kind = ParquetPieces if path.suffix == parquet.ENDING else CsvPieces
        pieces = kind(path, f"{self._shown}/{path.name}")
        try:
            tables = self._tidied(pieces)
            if is_list:  # the blocks are known when all labels are
                tables = self._number_episodes(tables, least)
            self._shelve(tables, path.stem)
        except Unreadable as error:
            self.findings += error.findings
            self.unreadable.add(path.stem)
            self._shelves.pop(path.stem, None)
            return
        self.findings += pieces.findings

    def _tidied(self, pieces: Pieces) -> Iterator[SourceTable]:
        """Pieces as tables with plain signs."""
        for columns, lines in pieces:
            named = {name: cells for name, cells in zip(pieces.header, columns, strict=True) if name}
            texts = pd.DataFrame(named, dtype=object)
            table = SourceTable(pieces.name, texts, lines, ((0, pieces.shown),))
            table = tidy_table(table, self._covariates, labels=False)
            self.heights.add(table)
            yield table

    def _number_episodes(self, tables: Iterator[SourceTable], least: int) -> Iterator[SourceTable]:
        """The tables again, after the places of their episodes are known."""
        hashes = [np.zeros(0, dtype=np.uint64)]
        waiting: Shelf | None = None
        for table in tables:
            waiting = waiting or Shelf(self._folder / "waiting.arrow", table)
            if CASE in table.texts:
                hashes.append(hash_labels(table.texts[CASE].to_numpy()))
            waiting.add(table, np.zeros(len(table), dtype=np.int64))
        self._places = Places(np.concatenate(hashes), records.BLOCK, least)
        if waiting is not None:
            waiting.close()
            yield from waiting.pieces()

    def _shelve(self, tables: Iterator[SourceTable], name: str) -> None:
        shelf: Shelf | None = None
        for table in tables:
            if shelf is None:
                shelf = self._shelves[name] = Shelf(self._folder / f"{name}.arrow", table)
            if CASE in table.texts:
                blocks = self._places.block_of(hash_labels(table.texts[CASE].to_numpy()))
            else:
                blocks = np.zeros(len(table), dtype=np.int64)
                if shelf.rows > MOST_UNLABELLED:
                    raise Unreadable([one for one in check_columns(table, None) if one.column == CASE])
            if name == "episodes" and PERSON in table.texts:
                self._persons.append(hash_labels(table.texts[PERSON][table.texts[PERSON] != ""].to_numpy()))
            shelf.add(table, blocks)
        if shelf is not None:
            shelf.close()

    @property
    def rows(self) -> Mapping[str, int]:
        """Number of rows of each table that could be read."""
        return {name: shelf.rows for name, shelf in self._shelves.items()}

    @property
    def names(self) -> Mapping[str, str]:
        """How the file of each of them is named."""
        return {path.stem: path.name for path in self._paths if path.stem in self._shelves}

    def blocks(self) -> Iterator[dict[str, SourceTable]]:
        """The tables of each block, with every row of its episodes, in the order of their files."""
        for block in range(self._places.blocks):
            tables = {name: shelf.read(block) for name, shelf in self._shelves.items()}
            if not block or any(map(len, tables.values())):
                yield tables

    def people(self) -> SourceTable | None:
        """The episodes of persons who have several; None where nobody has."""
        hashes, number = np.unique(np.concatenate([*self._persons, np.zeros(0, np.uint64)]), return_counts=True)
        several = hashes[number > 1]
        if not len(several):
            return None
        parts = []
        for block in range(self._places.blocks):
            table = self._shelves["episodes"].read(block)
            if len(table):
                parts.append(table.take(np.isin(hash_labels(table.texts[PERSON].to_numpy()), several)))
        people = join(parts)
        return people.take(np.argsort(people.lines, kind="stable"))

    def has_alike(self, labels: Sequence[str]) -> np.ndarray:
        """See `cross.Listed`."""
        if not labels:
            return np.zeros(0, dtype=bool)
        if self._alike is None:
            alike = [np.zeros(0, dtype=np.uint64)]
            for block in range(self._places.blocks if "episodes" in self._shelves else 0):
                alike.append(_hash_simplified(self._shelves["episodes"].read(block).texts[CASE]))
            self._alike = np.unique(np.concatenate(alike))
        return np.isin(_hash_simplified(labels), self._alike)


def _hash_simplified(labels: Sequence[str]) -> np.ndarray:
    plain = np.array([simplify_label(label) for label in labels], dtype=object)
    return pd.util.hash_array(plain, categorize=False) if len(plain) else np.zeros(0, dtype=np.uint64)

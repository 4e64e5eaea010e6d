"""The typed form of the records of a cohort (`columns` has their contract).

Typed form, as every stage after ingest sees it: text columns are str with "" for missing, numbers are float64 with
NaN for missing, every table carries `source_row` (line in the file it came from), and written quantities that may
be intervals (`count`, `baseline`) stand as `lo, hi, lo_open, hi_open` beside the text as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.columns import TABLES, quantities
from caseseries.model.conventions import Conventions
from caseseries.model.parquet import GroupWriter, count_groups, read_each, read_frame, read_rows
from caseseries.model.quantity import interval_columns
from caseseries.model.row_groups import Lexicon

Visits = Literal["planned", "routine"]
"""How the visits of a cohort came about; a week without a count means another thing in each."""
CONVENTIONS = "conventions.json"
"""What a cohort says of its tables, beside them."""

BLOCK = 20_000
"""Episodes of a block. Records of more episodes lie on disk in blocks: the rows of an episode together, in the order of
the episodes, block i in row group i of every table."""
BY_EPISODE = tuple(table for table, columns in TABLES.items() if columns[0].name == "episode_id")
"""Tables whose rows are those of episodes; the others are of the whole cohort."""

RecordRow: TypeAlias = Any
"""A row of a table of records as `itertuples` gives it: its columns are its attributes."""

Found = TypeVar("Found")


@dataclass
class Records:
    """The typed tables of one cohort; every table of `TABLES` is there, empty where the cohort has none.

    `memo` keeps what several estimates ask of the tables (`remembered`).
    """

    cohort: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    memo: dict[str, tuple[tuple[object, ...], Any]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def remembered(self, name: str, of: tuple[object, ...], find: Callable[[], Found]) -> Found:
        """What `find` gives; it is called again only where it was made of other things (`of`, by identity)."""
        known = self.memo.get(name)
        if known is None or any(one is not two for one, two in zip(known[0], of, strict=True)):
            known = self.memo[name] = of, find()
        found: Found = known[1]
        return found


def type_table(table: str, texts: pd.DataFrame) -> pd.DataFrame:
    """Typed form of a table whose cells are checked text.

    Parameters
    ----------
    table : a key of `TABLES`.
    texts : str cells, "" for missing; columns of the contract may be absent, further ones are covariates and stay
        text; `source_row` is made (first data row is line 2) where it is not there.
    """
    typed = pd.DataFrame(index=texts.index)
    for column in TABLES[table]:
        cells = texts[column.name] if column.name in texts else pd.Series("", index=texts.index, dtype=str)
        typed[column.name] = _read_numbers(cells) if column.numeric else cells
    for extra in texts.columns.difference(typed.columns, sort=False):
        typed[extra] = texts[extra]
    if "source_row" not in texts:
        typed["source_row"] = range(2, len(texts) + 2)
    typed["source_row"] = typed["source_row"].astype("int64")
    if table == "counts":
        typed["analyte"] = typed["analyte"].replace("", PLATELETS)
    if table == "outcomes":
        typed["outcome"] = typed["outcome"].replace("", "response")
    if table == "episodes":
        typed["patient_id"] = typed["patient_id"].where(typed["patient_id"] != "", typed["episode_id"])
    for name, prefix in quantities(table):
        typed = typed.join(interval_columns(typed[name], prefix))
    return typed.reset_index(drop=True)


def _read_numbers(cells: pd.Series) -> np.ndarray:
    """Written numbers as float, NaN for empty cells; each different text is read once."""
    codes, texts = pd.factorize(cells.to_numpy(object))
    values = pd.to_numeric(pd.Series(texts, dtype=object).replace("", None)).to_numpy(float)
    found: np.ndarray = np.append(values, np.nan)[codes]  # of what is missing the code is -1
    return found


def empty_table(table: str) -> pd.DataFrame:
    """The typed form of a table without rows."""
    return type_table(table, pd.DataFrame(columns=[column.name for column in TABLES[table]], dtype=str))


def episode_ids(records: Records) -> pd.Index:
    """Ids of the episodes in their order: those of the episodes table, then any that only outcomes names."""
    ids = pd.Index(records["episodes"]["episode_id"].to_numpy(object))
    further = pd.Index(np.asarray(records["outcomes"]["episode_id"].unique(), dtype=object))
    return ids.append(further[~further.isin(ids)]) if len(further) else ids


def blocks_of(records: Records, size: int | None = None) -> Iterator[Records]:
    """The records in blocks of `size` episodes (`BLOCK`), in their order.

    Rows of an episode keep their order; those of no known episode come with the last block, tables of the whole cohort
    with the first.
    """
    size = size or BLOCK
    ids = episode_ids(records)
    number = -(-len(ids) // size) or 1
    rows: dict[str, list[np.ndarray]] = {}
    for table in BY_EPISODE:
        place = ids.get_indexer(pd.Index(records[table]["episode_id"]))
        order = np.argsort(np.where(place < 0, len(ids), place), kind="stable")
        block = np.where(place < 0, number - 1, place // size)[order]
        rows[table] = np.split(order, np.searchsorted(block, np.arange(1, number)))
    for block_number in range(number):
        tables = {
            table: frame.iloc[rows[table][block_number]]
            if table in rows
            else frame.iloc[: len(frame) * (not block_number)]
            for table, frame in records.tables.items()
        }
        yield replace(records, tables={table: frame.reset_index(drop=True) for table, frame in tables.items()})


def write_records(records: Records, folder: Path) -> None:
    """Write each table as `<folder>/<table>.parquet`, and the conventions of the cohort beside them; in blocks where
    there are more than `BLOCK` episodes.
    """
    if len(episode_ids(records)) > BLOCK:
        write_blocks(blocks_of(records), folder)
        return
    _write_conventions(records, folder)
    for table in TABLES:
        records[table].to_parquet(folder / f"{table}.parquet", index=False)


def write_blocks(blocks: Iterable[Records], folder: Path) -> None:
    """Write records that come block by block; what is in memory is one block and the next.

    Parameters
    ----------
    blocks : at least one; the records of consecutive episodes, at most `BLOCK` in each, every row of an episode in the
        block of the episode. Tables of the whole cohort stand in the first. One block alone is written as
        `write_records` does.
    """
    waiting = iter(blocks)
    first = next(waiting)
    second = next(waiting, None)
    if second is None:
        write_records(first, folder)
        return
    _write_conventions(first, folder)
    with ExitStack() as stack:
        files = {table: stack.enter_context(GroupWriter(folder / f"{table}.parquet")) for table in TABLES}
        ahead = [second, first]
        del first, second  # a block is let go of when it is written
        for block in chain(_popped(ahead), waiting):
            for table, file in files.items():
                file.write(block[table])


def _popped(ahead: list[Records]) -> Iterator[Records]:
    while ahead:
        yield ahead.pop()


def _write_conventions(records: Records, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONVENTIONS).write_text(records.conventions.model_dump_json(indent=1) + "\n", encoding="utf-8")


def count_blocks(folder: Path) -> int:
    """In how many blocks the records of a folder lie: 1 where they are read whole."""
    return max(count_groups(folder / "episodes.parquet"), 1)


def read_blocks(
    folder: Path, columns: Mapping[str, Sequence[str]] | None = None, first: int = 0, last: int | None = None
) -> Iterator[Records]:
    """The records of consecutive episodes, block by block; the whole cohort at once where it does not lie in blocks.

    Parameters
    ----------
    columns : table -> columns that are read of it; every column of a table that it does not name.
    first, last : the blocks wanted, from `first` to the one before `last`.

    Yields
    ------
    Text is categories where the cohort lies in blocks, but in the outcomes. Tables of the whole cohort
    come with every block.
    """
    chosen = columns or {}
    number = count_blocks(folder)
    if number == 1:
        if first == 0 and last != 0:
            yield read_records(folder, columns=chosen)
        return
    conventions = _read_conventions(folder)
    whole = {
        table: read_record_table(folder / f"{table}.parquet", chosen.get(table))
        for table in TABLES
        if table not in BY_EPISODE
    }
    groups = range(first, number if last is None else min(last, number))
    lexicon = Lexicon()
    frames = [
        read_each(folder / f"{table}.parquet", groups, chosen.get(table), table != "outcomes", lexicon)
        for table in BY_EPISODE
    ]
    for block in zip(*frames, strict=True):
        yield Records(folder.parent.name, whole | dict(zip(BY_EPISODE, block, strict=True)), conventions)


def _read_conventions(folder: Path) -> Conventions:
    return Conventions.model_validate_json((folder / CONVENTIONS).read_bytes())


def read_records(
    folder: Path, tables: tuple[str, ...] = tuple(TABLES), columns: Mapping[str, Sequence[str]] | None = None
) -> Records:
    """Read tables written by `write_records`; the folder's parent is named after the cohort.

    Parameters
    ----------
    columns : table -> columns that are read of it; every column of a table that it does not name.
    """
    chosen = columns or {}
    read = {table: read_frame(folder / f"{table}.parquet", chosen.get(table)) for table in tables}
    return Records(folder.parent.name, read, _read_conventions(folder))


def read_episodes(folder: Path, episodes: Iterable[str], known: Mapping[str, pd.DataFrame] | None = None) -> Records:
    """The records of some episodes, and the tables of the whole cohort; in the memory of a block. Tables that are
    `known` already are not read.
    """
    wanted, tables = list(episodes), dict(known or {})
    for table in TABLES:
        path = folder / f"{table}.parquet"
        if table not in tables:
            tables[table] = read_rows(path, "episode_id", wanted) if table in BY_EPISODE else read_record_table(path)
    return Records(folder.parent.name, {table: tables[table] for table in TABLES}, _read_conventions(folder))


class Aside:
    """Rows of some episodes of one table, put aside while blocks of all pass: a long table need not be read again."""

    def __init__(self, table: str, episodes: Iterable[str]):
        self.table, self._episodes = table, list(episodes)
        self._rows: list[pd.DataFrame] = []

    def put(self, block: Records) -> None:
        """Put the rows of a block aside; text is str again."""
        table = block[self.table]
        named = table["episode_id"]
        if isinstance(named.dtype, pd.CategoricalDtype):
            words = named.cat.categories
            chosen = np.zeros(len(words) + 1, bool)  # the last is that of what is missing, and of a word not there
            chosen[words.get_indexer(self._episodes)] = True
            chosen[-1] = False
            wanted = chosen[named.cat.codes.to_numpy()]
        else:
            wanted = named.isin(self._episodes).to_numpy()
        place = np.flatnonzero(wanted)
        self._rows.append(pd.DataFrame({name: np.asarray(table[name].array.take(place)) for name in table}))

    @property
    def known(self) -> dict[str, pd.DataFrame]:
        """What was put aside, as `read_episodes` takes it; nothing where no block has passed."""
        return {self.table: pd.concat(self._rows, ignore_index=True)} if self._rows else {}


def read_record_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """One table written by `write_records`, or some of its columns."""
    return read_frame(path, columns)

"""Typed records on disk: what is written is read back, and reading leaves no thread behind."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.model import records as model_records
from caseseries.model.columns import TABLES
from caseseries.model.records import (
    BY_EPISODE,
    Aside,
    Records,
    blocks_of,
    count_blocks,
    empty_table,
    episode_ids,
    read_blocks,
    read_episodes,
    read_record_table,
    read_records,
    type_table,
    write_blocks,
    write_records,
)

THREADS = Path("/proc/self/task")


@pytest.fixture
def folder(tmp_path):
    tables = {table: empty_table(table) for table in TABLES}
    # Ids that look like a missing value or a number are text, and stay so.
    cells = {"episode_id": ["NA", "001", "1e5"], "day": ["0", "7", ""], "count": ["<5", "45", "120"]}
    tables["counts"] = type_table("counts", pd.DataFrame(cells, dtype=str))
    records = Records("toy-2020", tables)
    write_records(records, tmp_path / "toy-2020" / "records")
    return tmp_path / "toy-2020" / "records", records


def test_records_come_back_as_they_were_written(folder):
    path, written = folder
    read = read_records(path)
    assert read.cohort == "toy-2020"
    for table in TABLES:
        pd.testing.assert_frame_equal(read[table], written[table])
        assert read[table].dtypes.equals(pd.read_parquet(path / f"{table}.parquet").dtypes)


@pytest.mark.skipif(not THREADS.exists(), reason="threads are counted in /proc")
def test_reading_starts_no_thread(folder):
    """Threads of Arrow that outlive the reading can abort the process when it ends."""
    program = (
        "import os, sys, pathlib, pyarrow.parquet, pandas\n"
        "from caseseries.model.records import read_records\n"
        "before = len(os.listdir('/proc/self/task'))\n"
        "read_records(pathlib.Path(sys.argv[1]))\n"
        "print(len(os.listdir('/proc/self/task')) - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, folder[0]], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


def cohort(episodes, seed=1):
    """Records of some episodes in random order, a person with several; the last two only outcomes name."""
    rng = np.random.default_rng(seed)
    ids = [f"E{number}" for number in rng.permutation(episodes)]
    owner = rng.choice(ids, 5 * episodes)
    day = rng.integers(-7, 90, len(owner)).astype(str)
    cells = {
        "episodes": {"episode_id": ids[:-2], "patient_id": ids[: episodes // 2] * 2, "baseline": "12", "site": "A"},
        "counts": {"episode_id": owner, "day": day, "count": rng.choice(["<5", "45", "120"], len(owner))},
        "outcomes": {"episode_id": ids[-4:], "outcome": "response", "day": ["7", "", "9", "3"], "cause": "response"},
    }
    cells["episodes"]["patient_id"] = cells["episodes"]["patient_id"][: episodes - 2]
    tables = {table: empty_table(table) for table in TABLES}
    for table, columns in cells.items():
        tables[table] = type_table(table, pd.DataFrame(columns, dtype=str))
    curve = pd.DataFrame({"curve": ["a"], "group": ["all"], "day": ["1"]}, dtype=str)
    tables["at_risk"] = type_table("at_risk", curve)
    return Records("toy-2020", tables)


def as_text(frame):
    return frame.astype({name: object for name, kind in frame.dtypes.items() if kind == "category"})


def test_a_cohort_above_the_size_lies_in_blocks_of_whole_episodes(tmp_path, monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", 7)
    written, folder = cohort(38), tmp_path / "toy-2020" / "records"
    write_records(written, folder)
    ids = list(episode_ids(written))
    blocks = list(read_blocks(folder))
    assert count_blocks(folder) == len(blocks) == 6
    assert [list(episode_ids(block)) for block in blocks] == [ids[start : start + 7] for start in range(0, 38, 7)]
    for table in TABLES:
        expected = written[table]
        if table in BY_EPISODE:
            place = expected["episode_id"].map(ids.index)
            expected = expected.loc[place.sort_values(kind="stable").index].reset_index(drop=True)
            parts = [as_text(block[table]) for block in blocks]
            found = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
            pd.testing.assert_frame_equal(found, expected, check_dtype=False)
        for whole in (read_records(folder)[table], read_record_table(folder / f"{table}.parquet")):
            pd.testing.assert_frame_equal(whole, expected)
    pd.testing.assert_frame_equal(blocks[-1]["at_risk"], written["at_risk"])


def test_some_blocks_and_columns_are_read_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", 7)
    written, folder = cohort(38), tmp_path / "toy-2020" / "records"
    write_records(written, folder)
    (block,) = read_blocks(folder, {"counts": ["episode_id", "lo"]}, 2, 3)
    assert list(block["counts"].columns) == ["episode_id", "lo"]
    assert "site" in block["episodes"]
    assert set(block["counts"]["episode_id"]) <= set(episode_ids(written)[14:21])
    assert list(read_blocks(folder, first=5, last=5)) == []


def test_rows_put_aside_are_those_that_are_read_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(model_records, "BLOCK", 7)
    written, folder = cohort(38), tmp_path / "toy-2020" / "records"
    write_records(written, folder)
    ids = list(episode_ids(written))
    for few in (ids[3::9], [ids[0], "nobody"], []):
        aside, at_once = Aside("counts", few), read_episodes(folder, few)
        assert aside.known == {}
        for block in read_blocks(folder):
            aside.put(block)
        pd.testing.assert_frame_equal(aside.known["counts"], at_once["counts"], check_dtype=bool(few))
        for table, frame in read_episodes(folder, few, aside.known).tables.items():
            pd.testing.assert_frame_equal(frame, at_once[table], check_dtype=bool(few))


def test_blocks_written_as_they_come_are_those_of_the_whole(tmp_path, monkeypatch):
    """Byte for byte; one block alone is a cohort that is read whole."""
    monkeypatch.setattr(model_records, "BLOCK", 7)
    for number, (size, kind) in enumerate(((38, 6), (7, 1))):
        written, (one, two) = cohort(size), (tmp_path / f"{name}{number}" / "records" for name in "ab")
        blocks = list(blocks_of(written))
        write_records(written if kind > 1 else blocks[0], one)
        write_blocks(iter(blocks), two)
        assert count_blocks(two) == kind
        for file in sorted(one.iterdir()):
            assert file.read_bytes() == (two / file.name).read_bytes()


def test_a_block_with_other_columns_is_refused(tmp_path):
    first, second = blocks_of(cohort(10), 5)
    second.tables["episodes"] = second["episodes"].assign(further="x")
    with pytest.raises(ValueError, match="columns"):
        write_blocks([first, second], tmp_path / "records")

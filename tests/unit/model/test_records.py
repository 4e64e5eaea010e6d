"""Typed records on disk: what is written is read back, and reading leaves no thread behind."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from caseseries.model.columns import TABLES
from caseseries.model.records import Records, empty_table, read_records, type_table, write_records

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

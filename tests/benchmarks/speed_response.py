"""Response of a million patients, 20 counts each: time of the engine against the time that pyarrow takes to read the
same file in the same run.

    python tests/benchmarks/speed_response.py [million counts, default 20]

The counts are synthetic. They stand in the columns of the records contract, sorted by episode, zstd-compressed, a row
group for every 20 000 patients; both sides work row group by row group on all cores (pyarrow inside a row group, the
engine with a row group a thread), so that memory is bounded.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from caseseries.response import load_definitions
from caseseries.response.outcome import derive
from caseseries.response.series import Evidence, Values, sort_counts, sort_events, sort_spells

ROOT = Path(__file__).parents[2]
PER_PATIENT, GROUP = 20, 20_000
COLUMNS = ("episode", "day", "lo", "hi", "lo_open", "hi_open", "pre_event", "source_row")


def counts(patients: int) -> Iterator[pa.Table]:
    """Serial counts that wander, in blocks; two counts on one day now and then, one in a hundred below a bound."""
    rng = np.random.default_rng(20240501)
    for start in range(0, patients, GROUP):
        size = min(GROUP, patients - start)
        steps = rng.integers(0, 15, (size, PER_PATIENT), dtype=np.int32)
        steps[:, 0] -= 7
        day = np.cumsum(steps, axis=1).astype(np.int32).ravel()
        level = np.exp(rng.normal(3.4, 0.9, (size, 1)) + np.cumsum(rng.normal(0, 0.3, (size, PER_PATIENT)), axis=1))
        hi = np.clip(np.round(level), 1, 2000).ravel()
        bound = rng.random(hi.size) < 0.01
        lo = np.where(bound, 0.0, hi)
        episode = np.repeat(np.arange(start, start + size, dtype=np.int32), PER_PATIENT)
        row = np.arange(start * PER_PATIENT, (start + size) * PER_PATIENT, dtype=np.int64) + 2
        none = np.zeros(hi.size, bool)
        yield pa.table(dict(zip(COLUMNS, (episode, day, lo, hi, none, bound, none, row), strict=True)))


def write_counts(path: Path, patients: int) -> None:
    """Write the counts, a row group a block."""
    writer = None
    for table in counts(patients):
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=table.num_rows)
    writer.close()


def evidence_of_group(table: pa.Table, first: int, rng: np.random.Generator, events: bool = True) -> Evidence:
    """A row group as evidence; one patient in ten is transfused, one in twenty rescued, one in fifty bleeds.

    Without `events` nobody is or does.
    """
    columns = {name: table.column(name).to_numpy() for name in COLUMNS}
    size = table.num_rows // PER_PATIENT
    counts = sort_counts(
        size,
        columns["episode"] - first,
        columns["day"],
        columns["lo"],
        columns["hi"],
        columns["source_row"],
        columns["lo_open"],
        columns["hi_open"],
        columns["pre_event"],
    )
    empty = np.empty(0, np.int64)
    transfused = np.flatnonzero(rng.random(size) < 0.1 * events)
    rescued = np.flatnonzero(rng.random(size) < 0.05 * events)
    owner = np.concatenate([transfused, rescued])
    kind = np.repeat(np.array(["platelet_transfusion", "rescue"]), [len(transfused), len(rescued)])
    bled = np.flatnonzero(rng.random(size) < 0.02 * events)
    first_day = rng.integers(0, 100, len(bled))
    baseline = rng.integers(1, 30, size).astype(float)
    closed = np.zeros(size, bool)
    unknown = np.full(size, np.nan)
    return Evidence(
        size,
        counts,
        sort_counts(size, empty, empty, empty.astype(float), empty.astype(float), empty),
        Values(baseline, baseline, closed, closed),
        sort_spells(bled, first_day, first_day + 3, np.ones(len(bled)), np.arange(len(bled))),
        np.full(size, np.inf),
        sort_events(owner, rng.integers(0, 100, len(owner)), kind, np.arange(len(owner))),
        sort_spells(empty, empty.astype(float), empty.astype(float), np.empty(0, str), empty),
        unknown,
        np.full(size, ""),
        unknown,
        closed,
    )


def read(path: Path) -> float:
    """Seconds that pyarrow takes to read the file by row group."""
    start = time.perf_counter()
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        file.read_row_group(group)
    return time.perf_counter() - start


def run(path: Path, definitions: list, events: bool = True) -> tuple[float, int]:
    """Seconds to read the file and derive class and clocks under some definitions, and the responses found."""

    def of_group(group: int) -> int:
        table = pq.ParquetFile(path).read_row_group(group, use_threads=False)
        evidence, found = evidence_of_group(table, group * GROUP, np.random.default_rng(group), events), 0
        for definition in definitions:
            outcome = derive(evidence, definition, trace=False)
            responses = [outcome.labels.index(label) for label in definition.responses]
            found += int(np.isin(outcome.chosen, responses).sum())
        return found

    start = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = sum(pool.map(of_group, range(pq.ParquetFile(path).num_row_groups)))
    return time.perf_counter() - start, found


def main(million: float) -> None:
    """Print the times and their ratios."""
    catalogue = [d for d in load_definitions(ROOT / "config" / "definitions") if not d.reported]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counts.parquet"
        write_counts(path, int(million * 1e6) // PER_PATIENT)
        reading = min(read(path) for _ in range(3))
        one = [d for d in catalogue if d.id == "iwg2009_confirmed"]
        times = {"one definition": min(run(path, one) for _ in range(3)), "all definitions": run(path, catalogue)}
        size = path.stat().st_size / 2**20
    print(f"{million:g} million counts, {size:.0f} MiB; pyarrow reads them in {reading:.2f} s")
    for name, (seconds, found) in times.items():
        print(f"{name}: {seconds:.1f} s, {seconds / reading:.1f} times the reading; {found} responses")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"greatest memory of the process: {peak:.2f} GiB")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20)

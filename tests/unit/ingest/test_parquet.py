"""Tables of a cohort as Parquet: the records of the CSV files, the same checks, and words for what cannot be read."""

import csv
import datetime
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from caseseries.cli import main
from caseseries.ingest import parquet
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.parquet import write_cells
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout
from caseseries.model.text import tidy_text

MESSAGES = Path(__file__).resolve().parents[2] / "messages" / "ingest"
CONFIG = Path(__file__).resolve().parents[3] / "config"
BROKEN = (
    "identifier-name",
    "identifier-covariate-header",
    "unknown-column",
    "day-is-a-date",
    "day-not-whole",
    "count-is-a-word",
    "counts-per-microlitre",
    "count-row-twice",
    "count-of-an-unknown-case",
    "episode-twice",
    "count-after-death",
    "two-sexes-of-one-person",
    "text-on-two-lines",
    "formula",
)


def layout(folder):
    return Layout(data=folder.parent, config=CONFIG, results=folder.parents[1] / "results")


def as_text(path):
    """A CSV file as Parquet with a text in every cell."""
    csv.field_size_limit(1_000_000)
    with open(path, encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(header))]
    pq.write_table(pa.table(columns, names=header), path.with_suffix(".parquet"))
    path.unlink()


def as_typed(path):
    """A CSV file as Parquet with the types that pandas gives its columns, and None for what is missing."""
    pd.read_csv(path).convert_dtypes().to_parquet(path.with_suffix(".parquet"), index=False)
    path.unlink()


def write(folder, table, **columns):
    """Put a Parquet file of these columns beside the rows of the CSV file that it replaces."""
    path = folder / f"{table}.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame()
    made = pa.Table.from_pandas(rows, preserve_index=False)
    for name, cells in columns.items():
        place = made.schema.get_field_index(name)
        made = made.append_column(name, cells) if place < 0 else made.set_column(place, name, cells)
    pq.write_table(made, folder / f"{table}.parquet")
    path.unlink(missing_ok=True)


def told(folder):
    return [str(finding) for finding in examine(folder, layout(folder)).findings]


@pytest.mark.parametrize("convert", [as_text, as_typed])
def test_records_are_those_of_the_csv_files(good, convert):
    want = type_records(examine(good, layout(good)), "good-cohort")
    for path in sorted(good.glob("*.csv")):
        if path.stem in parquet.AS_PARQUET:
            convert(path)
    examined = examine(good, layout(good))
    assert examined.findings == []
    have = type_records(examined, "good-cohort")
    for table in TABLES:
        shift = 1 if table in parquet.AS_PARQUET and len(want[table]) else 0  # CSV counts the header
        expected = want[table].assign(source_row=want[table]["source_row"] - shift)
        pd.testing.assert_frame_equal(have[table], expected[have[table].columns])


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_refused_in_csv_is_refused_in_parquet(good, case):
    for path in (MESSAGES / "cohorts" / case).iterdir():
        shutil.copyfile(path, good / path.name)
    in_csv = examine(good, layout(good)).findings
    tables = [path for path in sorted(good.glob("*.csv")) if path.stem in parquet.AS_PARQUET]
    for path in tables:
        as_text(path)
    here = examine(good, layout(good)).findings
    assert in_csv
    named = re.compile(rf"\b({'|'.join(path.stem for path in tables)})\.csv\b")
    as_parquet = [
        replace(one, file=named.sub(r"\1.parquet", one.file), rule=named.sub(r"\1.parquet", one.rule)) for one in in_csv
    ]
    want = [
        replace(one, line=one.line - 1) if one.file.endswith(".parquet") and one.line > 1 else one  # of the CSV file
        for one in as_parquet
    ]
    assert here == sorted(want)


def test_a_huge_cell_is_refused(good):
    write(good, "events", detail=pa.array(["", "x" * 20_001, ""]))
    assert told(good) == ["good-cohort/events.parquet, row 2: a cell of column 4 is longer than 20000 characters"]


def test_a_row_is_named_by_its_place(good):
    write(good, "counts", day=pa.array([0.0, 7.5, *[None] * 7]))
    lines = told(good)
    assert "good-cohort/counts.parquet, row 2, case E01, day: the value must be a whole number of days" in lines[0]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (pa.array([[1]] * 9), "the column holds nested values"),
        (pa.array([{"a": 1}] * 9), "the column holds nested values"),
        (pa.array([b"x"] * 9), "the column holds binary values"),
        (pa.array([datetime.time(1)] * 9), "the column holds time64[us] values"),
        (pa.array([datetime.date(2020, 3, 4)] * 9), "the cell holds a date"),
        (pa.array([datetime.datetime(2020, 3, 4)] * 9), "the cell holds a date"),
        (pa.array([True] * 9), "the value must be a whole number of days"),
        (pa.array([float("inf")] * 9), "the value must be a whole number of days"),
        (pa.array(["one"] * 9).dictionary_encode(), "the value must be a whole number of days"),
    ],
)
def test_days_of_another_type_are_refused(good, cells, rule):
    write(good, "counts", day=cells)
    assert any(", day: " in line and rule in line for line in told(good))


def test_values_are_never_told(good):
    write(good, "counts", remark=pa.array(["Zqcanary Roe"] * 9))
    write(good, "events", detail=pa.array([["Zqcanary"]] * 3))
    assert told(good)
    assert not any("Zqcanary" in line for line in told(good))


@pytest.mark.parametrize(
    "content", [b"", b"PAR1", b"episode_id,day\nE1,0\n", b"PAR1" + bytes(200) + b"PAR1"], ids=range(4)
)
def test_what_is_no_parquet_file_is_said_so(good, content):
    (good / "counts.csv").unlink()
    (good / "counts.parquet").write_bytes(content)
    assert told(good) == [f"good-cohort/counts.parquet: {parquet.DAMAGED}"]


def test_a_file_cut_short_or_flipped_is_refused_in_words(good, capsys):
    write(good, "counts")
    whole = (good / "counts.parquet").read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        damaged = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        for content in (whole[:place], damaged):
            (good / "counts.parquet").write_bytes(content)
            parquet.read_parquet(good / "counts.parquet", "counts", "counts")  # whatever is found, nothing is raised
    (good / "counts.parquet").write_bytes(whole[:-20])
    places = ["--data", str(good.parent), "--config", str(CONFIG), "--results", str(good.parents[1] / "results")]
    assert main(["ingest", "good-cohort", *places]) == 2
    assert capsys.readouterr().err == f"good-cohort/counts.parquet: {parquet.DAMAGED}\n"


def test_a_small_file_of_many_rows_is_refused(good):
    (good / "counts.csv").unlink()
    many = pa.array([""], pa.string()).dictionary_encode()
    cells = pa.DictionaryArray.from_arrays(
        pa.array([0]).take(pa.array([0] * 3_000_000)).cast(pa.int32()), many.dictionary
    )
    pq.write_table(pa.table({"episode_id": cells, "day": cells}), good / "counts.parquet", compression="zstd")
    assert told(good) == [
        "good-cohort/counts.parquet: the file unpacks to far more rows than its size can hold of cases and days; "
        "write what is meant"
    ]


def test_what_unpacks_to_too_much_is_refused(good, monkeypatch):
    write(good, "counts")
    monkeypatch.setattr(parquet, "MOST_BYTES", 100)
    assert told(good)[0].startswith("good-cohort/counts.parquet: ")
    assert "unpacks to more than" in told(good)[0]


def test_a_table_stands_in_one_file(good):
    shutil.copyfile(good / "counts.csv", good / "kept.csv")
    write(good, "counts")
    shutil.move(good / "kept.csv", good / "counts.csv")
    assert told(good) == [
        "good-cohort/counts.parquet: the table stands here twice, as counts.csv too; leave one of them"
    ]


def test_what_is_printed_is_no_parquet(good):
    pd.read_csv(good / "aggregates.csv").to_parquet(good / "aggregates.parquet")
    assert told(good) == [
        "good-cohort/aggregates.parquet: the file is no table of the contract; did you mean aggregates.csv?"
    ]


def test_what_simulate_writes_is_read(tmp_path):
    folders = [tmp_path / "data" / name for name in ("made-csv", "made-parquet")]
    for folder, form in zip(folders, ("csv", "parquet"), strict=True):
        assert main(["simulate", "--episodes", "30", "--output", str(folder), "--format", form]) == 0
    in_csv, here = (type_records(examine(folder, layout(folder)), folder.name) for folder in folders)
    for table in TABLES:
        drop = ["source_row"]
        pd.testing.assert_frame_equal(here[table].drop(columns=drop), in_csv[table].drop(columns=drop))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_text_is_tidied_as_in_every_other_source(kind):
    ends = ["", " ", "\t", "\n", "\r", "\x0b", "\x1c", "\x1f", "\x00", "\u00a0", "\u200b", "\ufeff"]
    texts = [f"{left}a{between}b{right}" for left in ends for between in ("", " ", "  ", "\n") for right in ends]
    texts += ["", " ", "  ", "Å", "A\u030a", "<5", "nan", "None", "a\u00a0\u00a0b"]
    column = pa.array([*texts, None, *texts], kind)
    assert write_cells(column).tolist() == [*map(tidy_text, texts), "", *map(tidy_text, texts)]

"""A cohort that is examined block by block has the findings and the records of one that is read whole."""

import gc
import random
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.ingest import folder as folders
from caseseries.ingest import parted, pieces
from caseseries.ingest.cells import are_whole, drop_point_zero, drop_point_zeros
from caseseries.ingest.folder import examine, open_folder
from caseseries.ingest.ingest import type_parts, type_records
from caseseries.ingest.shelf import Places, hash_labels
from caseseries.ingest.source import SHOWN_AT_MOST
from caseseries.model import records
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout

MESSAGES = Path(__file__).resolve().parents[2] / "messages" / "ingest"
CONFIG = Path(__file__).resolve().parents[3] / "config"
BROKEN = (
    "count-of-a-case-written-otherwise",
    "count-row-twice",
    "counts-per-microlitre",
    "count-called-baseline-differs",
    "episode-twice",
    "header-missing",
    "header-name-empty",
    "huge-cell",
    "identifier-name",
    "letters-of-another-alphabet",
    "missing-episodes",
    "not-utf-8",
    "quote-not-closed",
    "table-header-only",
    "two-sexes-of-one-person",
    "text-on-two-lines",
    "utf-16",
)


@pytest.fixture
def small(monkeypatch):
    """Blocks of so many episodes for a cohort of any size."""

    def cut(episodes):
        monkeypatch.setattr(folders, "LARGE", 0)
        monkeypatch.setattr(records, "BLOCK", episodes)

    return cut


def layout(folder):
    return Layout(data=folder.parent, config=CONFIG, results=folder.parents[1] / "results")


def same_by_parts(folder, small, episodes=1):
    """Hold findings, notes and records by parts to those of the whole; give the findings."""
    whole = examine(folder, layout(folder))
    small(episodes)
    parts = open_folder(folder, layout(folder))
    typed = list(type_parts(parts, folder.name, layout(folder)))
    assert parts.large or not list(folder.glob("*.csv"))
    assert [*map(str, parts.findings)] == [*map(str, whole.findings)]
    if not any(finding.severity == "error" for finding in whole.findings):
        assert sorted(parts.notes) == sorted(whole.notes)
        everything = type_records(whole, folder.name)
        want = next(records.blocks_of(everything, max(1, len(records.episode_ids(everything)))))
        for table in TABLES:
            some = [part[table] for part in typed if len(part[table])] or [typed[0][table]]
            have = pd.concat(some, ignore_index=True)
            pd.testing.assert_frame_equal(have, want[table][have.columns], check_dtype=len(have) > 0)
    return whole.findings


@pytest.mark.parametrize("case", ["", *BROKEN])
def test_broken_cohorts(case, good, small):
    for path in sorted((MESSAGES / "cohorts" / case).iterdir()) if case else ():
        if path.suffix == ".removed":
            (good / path.stem).unlink()
        else:
            shutil.copyfile(path, good / path.name)
    assert bool(same_by_parts(good, small)) == bool(case)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_rows_in_any_order(form, tmp_path, small, monkeypatch):
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "60", "--output", str(folder), "--format", form]) == 0
    read, write = {
        "csv": (lambda path: pd.read_csv(path, dtype=str, keep_default_na=False), pd.DataFrame.to_csv),
        "parquet": (pd.read_parquet, pd.DataFrame.to_parquet),
    }[form]
    for number, path in enumerate(sorted(folder.glob(f"*.{form}"))):
        write(read(path).sample(frac=1, random_state=number), path, index=False)
    monkeypatch.setattr(pieces, "CHUNK", 2_000)
    assert same_by_parts(folder, small, 7)


@pytest.mark.parametrize("seed", range(6))
def test_cells_at_random(seed, tmp_path, small, monkeypatch):
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "40", "--seed", str(seed), "--output", str(folder)]) == 0
    draw = random.Random(seed)
    path = draw.choice(sorted(folder.glob("*.csv")))
    lines = path.read_text(encoding="utf-8").splitlines()
    bad = ["", "-7", "45000", "Roe, Jane", "2020-03-04", "S999", "s 01", "male", "NR", "#N/A", "<5", "1.0", "x" * 90]
    for row in draw.choices(range(1, len(lines)), k=4 + 30 * (seed % 2)):
        cells = lines[row].split(",")
        cells[draw.randrange(len(cells))] = '"' + draw.choice(bad) + '"'
        lines[row] = ",".join(cells)
    path.write_text("\n".join([*lines, *draw.choices(lines[1:], k=3), ""]), encoding="utf-8")
    monkeypatch.setattr(pieces, "CHUNK", 3_000)
    assert same_by_parts(folder, small, 9)


def test_of_each_fault_so_many_rows_are_told(tmp_path, small):
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "60", "--output", str(folder)]) == 0
    counts = pd.read_csv(folder / "counts.csv", dtype=str, keep_default_na=False)
    counts["day"] = "7.5"
    counts.to_csv(folder / "counts.csv", index=False)
    told = [one for one in same_by_parts(folder, small, 7) if "whole number of days" in one.rule]
    assert len(told) == SHOWN_AT_MOST + 1
    assert sum(one.more for one in told) == len(counts.drop_duplicates()) - SHOWN_AT_MOST


def test_baselines_of_another_analyte_are_told_together(good, small):
    episodes = pd.read_csv(good / "episodes.csv", dtype=str, keep_default_na=False)
    counts = pd.read_csv(good / "counts.csv", dtype=str, keep_default_na=False)
    other = pd.DataFrame({"episode_id": episodes["episode_id"], "day": "0", "count": episodes["baseline"]})
    kept = counts[(counts["day"] != "0") & (counts["timepoint"] != "baseline")]
    pd.concat([kept, other.assign(analyte="leucocytes")]).fillna("").to_csv(good / "counts.csv", index=False)
    assert any("of day 0" in one.rule and one.severity == "error" for one in same_by_parts(good, small))


def test_a_fault_in_the_last_block_leaves_nothing(tmp_path, small):
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "30", "--output", str(folder)]) == 0
    with open(folder / "events.csv", "a", encoding="utf-8") as opened:
        opened.write("S30,soon,rescue,\n")
    small(7)
    (tmp_path / "results").mkdir()
    places = ["--data", str(folder.parent), "--config", str(CONFIG), "--results", str(tmp_path / "results")]
    assert main(["ingest", "made", *places]) == 2
    assert [path for path in (tmp_path / "results").rglob("*") if path.is_file()] == []
    assert [path.name for path in (tmp_path / "results").iterdir() if path.name.startswith(".")] == []


def test_ingest_writes_the_same_blocks(tmp_path, small):
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "30", "--output", str(folder)]) == 0
    written = []
    for name, large in (("whole", parted.LARGE), ("parts", 0)):
        small(7)
        folders.LARGE = large
        places = ["--data", str(folder.parent), "--config", str(CONFIG), "--results", str(tmp_path / name)]
        assert main(["ingest", "made", *places]) == 0
        there = tmp_path / name / "restricted" / "made"
        written.append({path.name: path for path in there.rglob("*") if path.is_file()})
    assert written[0].keys() == written[1].keys()
    for name, path in written[0].items():
        if name.endswith(".parquet"):
            pd.testing.assert_frame_equal(pd.read_parquet(written[1][name]), pd.read_parquet(path))
        else:
            assert written[1][name].read_bytes() == path.read_bytes()
    assert records.count_blocks(written[1]["episodes.parquet"].parent) == 5


@pytest.mark.parametrize(
    ("labels", "whole"),
    [
        (["1.0", "2.00", ""], True),
        (["1", "12"], True),
        (["-1.0"], False),
        (["1.5"], False),
        (["1.0", "E2"], False),
        (["٣.0"], False),
    ],
)
def test_labels_that_are_whole_numbers(labels, whole):
    cells = pd.Series(labels, dtype=object)
    assert are_whole(labels) is whole
    assert drop_point_zeros(cells).tolist() == ([drop_point_zero(text) for text in labels] if whole else labels)


def test_labels_that_may_be_one_have_one_hash():
    first, second, third, other = hash_labels(np.array(["E1", "\u04151", "\uff251", "E2"], dtype=object))
    assert first == second == third == hash_labels(np.array(["E1"], dtype=object))[0]
    assert other != first
    one, also = hash_labels(np.array(["1", "1.0"], dtype=object))
    assert one == also == hash_labels(np.array(["1"], dtype=object))[0]


def test_a_block_is_let_go_of_when_the_next_but_one_is_made(tmp_path, small):
    """Also where Python is told to look for circles rarely, as it is in a stage."""
    folder = tmp_path / "data" / "made"
    assert main(["simulate", "--episodes", "30", "--output", str(folder)]) == 0
    small(7)
    examined = open_folder(folder, layout(folder))
    gc.collect()
    gc.disable()
    try:
        blocks, frames = 0, []
        for _ in type_parts(examined, "made", layout(folder)):
            frames.append(sum(isinstance(one, pd.DataFrame) for one in gc.get_objects()))
            blocks += 1
    finally:
        gc.enable()
    assert blocks == 5
    assert frames[4] <= frames[2]


def test_places_are_those_of_the_first_rows():
    hashes = np.array([5, 9, 5, 1, 7], dtype=np.uint64)
    places = Places(hashes, 2)
    assert places.blocks == 2
    assert places.block_of(hashes).tolist() == [0, 0, 0, 1, 1]
    assert places.block_of(np.array([8, 3], dtype=np.uint64)).tolist() == [0, 1]

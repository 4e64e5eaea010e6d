"""The one way in which results are written and read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caseseries.model import results
from caseseries.model.layout import LARGE, PACKED, Layout
from caseseries.model.results import TIMES, read_cases, read_table, write_table
from caseseries.model.stages import stage_that_made

COLUMNS = ("episode_id", "value", "reason")
IDS = ["NA", "nan", "None", "null", "1.0", "001", "1e5", "TRUE", "-1", "a,b", 'q"uote', "\u00fc-\u03a9", " x "]


def test_text_that_looks_like_something_else_stays_text(tmp_path):
    frame = pd.DataFrame({"episode_id": IDS, "value": 1.0, "reason": IDS})
    write_table(frame, tmp_path / "table.csv", COLUMNS)
    back = read_table(tmp_path / "table.csv")
    assert list(back["episode_id"]) == IDS
    assert list(back["reason"]) == IDS


def test_numbers_come_back_with_ten_digits_and_missing_ones_as_missing(tmp_path):
    values = [0.0, 1 / 3, 1e-12, 123456789012.0, np.nan, np.inf, -0.5]
    frame = pd.DataFrame({"episode_id": "A", "value": values, "reason": ["", None, np.nan, "x", "", "", ""]})
    write_table(frame, tmp_path / "table.csv", COLUMNS)
    back = read_table(tmp_path / "table.csv")
    assert back["value"].to_numpy() == pytest.approx(values, rel=1e-9, nan_ok=True)
    assert list(back["reason"]) == ["", "", "", "x", "", "", ""]
    again = tmp_path / "again.csv"
    write_table(back, again, COLUMNS)
    assert again.read_bytes() == (tmp_path / "table.csv").read_bytes()


class Unwritable:
    def __str__(self):
        raise KeyboardInterrupt


def test_a_table_broken_off_half_way_leaves_the_one_before(tmp_path):
    """A stage that is stopped while it writes must not leave half a table that the next stage takes for whole."""
    path = tmp_path / "table.csv"
    write_table(pd.DataFrame({"episode_id": ["A"], "value": 1.0, "reason": ""}), path, COLUMNS)
    before = path.read_bytes()
    rows = [*(["x" * 1000] * 5000), Unwritable()]
    with pytest.raises(KeyboardInterrupt):
        write_table(pd.DataFrame({"episode_id": rows, "value": 1.0, "reason": ""}), path, COLUMNS)
    assert path.read_bytes() == before
    write_table(pd.DataFrame({"episode_id": ["A"], "value": 1.0, "reason": ""}), path, COLUMNS)
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_rows_of_some_cases_are_those_of_the_whole(tmp_path, ending):
    path = tmp_path / f"times.{ending}"
    write_table(times_of(50), path, TIMES)
    wanted = ["0049", "003", "nobody"]
    whole = read_table(path)
    some = read_cases(path, iter(wanted)).reset_index(drop=True)
    assert some["episode_id"].tolist() == ["003", "0049"]
    pd.testing.assert_frame_equal(some, whole[whole["episode_id"].isin(wanted)].reset_index(drop=True))
    assert list(read_cases(path, []).columns) == list(TIMES) and read_cases(path, []).empty


def test_the_rows_of_some_cases_are_found_in_every_part_of_a_text_file(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "LINES_AT_ONCE", 7)
    path = tmp_path / "times.csv"
    write_table(times_of(50), path, TIMES)
    whole, wanted = read_table(path), ["003", "0049", "008"]
    pd.testing.assert_frame_equal(read_cases(path, wanted), whole[whole["episode_id"].isin(wanted)])


def times_of(rows):
    values = np.arange(float(rows))
    return pd.DataFrame(
        {
            "episode_id": [f"00{row}" for row in range(rows)],
            "definition": "d",
            "time": values,
            "cause": np.where(values % 2, "response", "censored"),
            "left": np.where(values % 3, values / 7, np.nan),
            "right": np.nan,
        }
    )


@pytest.mark.parametrize("rows", [5, 0])
def test_parquet_holds_what_csv_does_and_a_part_is_read_alone(tmp_path, rows):
    frame = times_of(rows)
    for name in ("times.csv", "times.parquet"):
        write_table(frame, tmp_path / name, TIMES)
    lines, packed = read_table(tmp_path / "times.csv"), read_table(tmp_path / "times.parquet")
    assert tuple(packed.columns) == TIMES
    pd.testing.assert_frame_equal(packed, lines, rtol=1e-9)
    packed = read_table(tmp_path / "times.parquet", categories=True)
    texts = ["episode_id", "definition", "cause"]
    assert [packed[name].dtype.name for name in texts] == ["category"] * 3
    pd.testing.assert_frame_equal(packed.astype(dict.fromkeys(texts, object)), lines, rtol=1e-9)
    for name in ("times.csv", "times.parquet"):
        assert list(read_table(tmp_path / name, ["cause", "time"]).columns) == ["cause", "time"]


def test_what_has_many_rows_for_every_case_of_a_large_cohort_is_parquet(tmp_path):
    layout = Layout(tmp_path / "data", results=tmp_path / "results")
    sizes = {"small/counts.csv": LARGE, "lines/counts.csv": LARGE + 1, "packed/c.parquet": LARGE // PACKED + 1}
    for place, size in sizes.items():
        cohort, _, table = place.partition("/")
        layout.cohort(cohort).mkdir(parents=True)
        with open(layout.cohort(cohort) / table, "wb") as file:
            file.truncate(size)
    assert [layout.large(cohort) for cohort in ("small", "lines", "packed", "absent")] == [False, True, True, False]
    assert layout.times("small").name == "times.csv"
    assert layout.times("lines") == tmp_path / "results" / "restricted" / "lines" / "times.parquet"
    assert layout.explanations("lines").name == "explanations.csv"
    assert stage_that_made("results/restricted/lines/times.parquet").rule == "classify"

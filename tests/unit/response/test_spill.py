"""What is laid aside comes back in another order, and nothing of it stays in the folder."""

import numpy as np
import pandas as pd
import pytest

from caseseries.model.codes import Codes, Words
from caseseries.model.results import RESPONSES, TIMES, numbers_of
from caseseries.response.rows import judged_rows
from caseseries.response.spill import spilled

IDS = Words(np.array(["E1", "E2", "E3"], object))


def columns(names, definition, rows, start):
    """Columns of a result: numbers from `start` on, the first of them missing, and text that is codes or not."""
    numbers = numbers_of(names)
    found = {name: np.arange(start, start + rows, dtype=float) for name in names if numbers[name]}
    found[next(iter(found))][:1] = np.nan
    texts = {name: np.array([f"{name} {row}" for row in range(rows)], object) for name in names if not numbers[name]}
    ids = {"episode_id": Codes(np.arange(3 - rows, 3), IDS), "definition": Codes.alike(definition, rows)}
    return found | texts | ids


def parts():
    for start, rows in ((0, 3), (10, 2)):
        for definition in ("one", "two"):
            yield columns(RESPONSES, definition, rows, start), [columns(TIMES, definition, rows - 1, start)]
    yield columns(RESPONSES, "three", 0, 0), [columns(TIMES, "three", 0, 0)]


def judged():
    return (judged_rows(*part) for part in parts())


def test_groups_come_back_in_any_order(tmp_path):
    written = list(parts())
    with spilled(judged(), tmp_path) as (responses, times):
        assert responses.names == times.names == ["one", "two", "one", "two"]
        for group in (3, 0, 2, 1):
            for spill, columns_written in ((responses, written[group][0]), (times, written[group][1][0])):
                found = spill.read(group).to_pandas()
                for name, column in columns_written.items():
                    expected = column.texts() if isinstance(column, Codes) else column
                    pd.testing.assert_series_equal(
                        found[name].astype(expected.dtype), pd.Series(expected), check_names=False
                    )
        assert len(list(tmp_path.iterdir())) == 2
    assert not list(tmp_path.iterdir())


def test_nothing_stays_where_a_block_cannot_be_read(tmp_path):
    def broken():
        yield from judged()
        raise ValueError("a block that cannot be read")

    with pytest.raises(ValueError, match="cannot be read"), spilled(broken(), tmp_path):
        raise AssertionError("not reached")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path):
    def full():
        yield from judged()
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left") as told, spilled(full(), tmp_path):
        raise AssertionError("not reached")
    assert told.value.filename in (str(tmp_path / "responses.arrow"), str(tmp_path / "times.arrow"))

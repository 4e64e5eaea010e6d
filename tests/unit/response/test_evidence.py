"""Evidence is the same whether text of the records is str or categories, and leaves out what it cannot place."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from caseseries.response.evidence import evidence_of
from unit.response.response_records import counts, records

EPISODES = [
    {"episode_id": "B", "baseline": "12", "bleeding_recorded": "yes", "bleeding_recorded_to": "30"},
    {"episode_id": "A", "baseline": "<5", "bleeding_recorded": "no", "reported_response": "CR"},
    {"episode_id": "C"},
]
TABLES = {
    "episodes": EPISODES,
    "counts": [
        *counts("A", (7, 60), (3, 40, "pre_event"), ("", 90)),
        {"episode_id": "A", "day": "", "count": "80", "timepoint": "best"},
        *counts("B", (1, 20), (1, "<5")),
        *counts("nobody", (1, 20)),
        {"episode_id": "B", "day": "9", "count": "110", "analyte": "haemoglobin"},
    ],
    "events": [
        {"episode_id": "A", "day": "5", "kind": "rescue"},
        {"episode_id": "B", "day": "", "kind": "death"},
        {"episode_id": "nobody", "day": "3", "kind": "death"},
    ],
    "bleeding": [{"episode_id": "B", "first_day": "2", "last_day": "4", "who_grade": "2"}],
    "exposures": [{"episode_id": "A", "drug": "x", "class": "steroid", "first_day": "0", "last_day": ""}],
    "outcomes": [{"episode_id": "D", "outcome": "response", "day": "7", "cause": "response"}],
}


def arrays_of(part):
    """Every array of evidence, in its order."""
    for one in fields(part):
        value = getattr(part, one.name)
        if is_dataclass(value):
            yield from arrays_of(value)
        elif one.name != "memo":
            yield np.asarray(value)


def as_categories(made):
    tables = {
        name: table.astype({column: "category" for column in table.select_dtypes(object)})
        for name, table in made.tables.items()
    }
    return replace(made, tables=tables | {"outcomes": made["outcomes"]})


@pytest.mark.parametrize("analyte", ["platelets", "haemoglobin"])
@pytest.mark.parametrize("left", [set(), {"outcomes"}, {"counts", "events", "bleeding", "exposures"}])
def test_text_and_categories_make_the_same_evidence(analyte, left):
    made = records(**{name: rows for name, rows in TABLES.items() if name not in left})
    plain, coded = (evidence_of(one, analyte) for one in (made, as_categories(made)))
    for one, other in zip(arrays_of(plain), arrays_of(coded), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype.kind == other.dtype.kind


def test_rows_that_cannot_be_placed_are_left_out():
    found = evidence_of(as_categories(records(**TABLES)))
    assert found.size == 4  # one that outcomes alone name
    placed = list(zip(found.counts.episode, found.counts.day, found.counts.hi, strict=True))
    assert placed == [(0, 1, 20), (0, 1, 5), (1, 3, 40), (1, 7, 60)]
    assert found.counts.pre_event.tolist() == [False, False, True, False]
    assert found.counts.hi_open.tolist() == [False, True, False, False]
    assert (found.undated.episode.tolist(), found.undated.lo.tolist()) == ([1], [80])
    assert (found.events.episode.tolist(), found.events.kind.tolist()) == ([1], ["rescue"])
    assert found.bleeding_to.tolist() == [30, -np.inf, -np.inf, -np.inf]
    assert found.reported.tolist() == ["", "CR", "", ""]


def test_without_rows_the_rest_stays():
    found = evidence_of(records(**TABLES))
    bare = found.without_rows()
    assert bare.counts.row is None and bare.undated.row is None
    assert bare.counts.rows_at(np.array([0, -1])).tolist() == [-1, -1]
    assert bare.counts.take(np.array([2])).lo.tolist() == [40]
    assert found.counts.row.tolist() == [6, 7, 3, 2]

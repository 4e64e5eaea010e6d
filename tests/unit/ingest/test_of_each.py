"""One of several: the earliest event with its cause, the first or best row of a case; marks that are flags."""

import re
from pathlib import Path

import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

ROOT = Path(__file__).resolve().parents[3]
CASES = """\
id,start,response_date,death_date,last_seen
A,2020-03-01,2020-03-08,,2020-05-01
B,2020-03-01,,2020-03-20,2020-03-20
C,2020-03-01,,,2020-04-01
D,2020-03-01,2020-03-09,2020-03-09,
E,2020-03-01,,,
"""
EPISODES = "    - {table: episodes, file: cases.csv, first_dose: start, columns: {episode_id: id}}\n"


def earliest() -> str:
    """The example of the page."""
    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"^```yaml\n(    - table: outcomes\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return f"mapping:\n  sources:\n{EPISODES}{source}"


def test_the_earliest_of_several_events_with_its_cause(tmp_path):
    cohort = make_cohort(tmp_path, earliest(), cases_csv=CASES)
    assert rows(cohort, "outcomes", "episode_id", "day", "cause", "source_row") == [
        ["A", 7, "response", 2],
        ["B", 19, "death", 3],
        ["C", 31, "censored", 4],
        ["D", 8, "response", 5],
    ]


def test_a_date_that_cannot_be_read_names_its_column(tmp_path):
    cohort = make_cohort(tmp_path, earliest(), cases_csv=CASES.replace("2020-03-20,2020-03-20", "soon,2020-03-20"))
    assert [one for one in told(cohort) if "death_date" in one] == [
        "cases.csv, line 3, case B, death_date: the cell holds no date that can be read (for example: 2020-03-04)"
    ]


VISITS = """\
id,day,response,plt
A,14,PR,45*
A,7,,↑120
A,21,CR,130
B,28,CR,150
B,7,NR,12#
B,21,CR,
"""


@pytest.mark.parametrize(
    ("source", "table", "columns", "expected"),
    [
        (
            "table: outcomes, where: {response: [CR]}, of_each: {first: day}, "
            "columns: {episode_id: id, day: day, cause: {value: response}}",
            "outcomes",
            ("episode_id", "day", "cause"),
            [["A", 21, "response"], ["B", 21, "response"]],
        ),
        (
            "table: episodes, of_each: {best: reported_response}, "
            "columns: {episode_id: id, reported_response: {from: response, values: {PR: R}}}",
            "episodes",
            ("episode_id", "reported_response", "source_row"),
            [["A", "CR", 4], ["B", "CR", 5]],
        ),
        (
            "table: counts, columns: {episode_id: id, day: day, "
            'count: {from: plt, strip: ["↑"], flags: {"*": pre_event}}}',
            "counts",
            ("episode_id", "day", "count", "flag"),
            [["A", 14, "45", "pre_event"], ["A", 7, "120", ""], ["A", 21, "130", ""], ["B", 28, "150", ""]],
        ),
        (
            "table: counts, columns: {episode_id: id, day: day}, "
            'wide: {into: count, strip: ["↑"], flags: {"*": pre_event}, columns: {plt: {}}}',
            "counts",
            ("episode_id", "day", "count", "flag"),
            [["A", 14, "45", "pre_event"], ["A", 7, "120", ""], ["A", 21, "130", ""], ["B", 28, "150", ""]],
        ),
    ],
    ids=["first", "best", "flags", "flags of wide"],
)
def test_rows_of_several(tmp_path, source, table, columns, expected):
    visits = VISITS.replace("12#", "") if table == "counts" else VISITS
    keys = f"mapping:\n  sources:\n    - {{file: visits.csv, {source}}}\n"
    if table != "episodes":
        keys += "    - {table: episodes, file: visits.csv, columns: {episode_id: id}}\n"
    assert rows(make_cohort(tmp_path, keys, visits_csv=visits), table, *columns) == expected


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("of_each: {first: cause}", "first takes the row with the smallest day; this column does not hold days"),
        ("of_each: {best: reported_response}", "of_each takes one row of each case by a column; the source must fill"),
        ("of_each: {}", "one row of each case is taken by one rule"),
        ("wide: {into: day, date: true, unit: weeks, columns: {plt: {}}}", "dates have neither a unit nor a value map"),
    ],
)
def test_refused(tmp_path, source, rule):
    columns = 'columns: {episode_id: id, day: day, cause: {from: response, flags: {"*": x}}}'
    keys = f"mapping:\n  sources:\n    - {{file: visits.csv, table: outcomes, {columns}, {source}}}\n"
    found = told(make_cohort(tmp_path, keys, visits_csv=VISITS))
    assert [one for one in found if rule in one], found


def test_a_mark_that_nobody_declared_is_refused(tmp_path):
    keys = "mapping:\n  sources:\n    - {table: episodes, file: visits.csv, columns: {episode_id: id}}\n"
    keys += "    - {table: counts, file: visits.csv, columns: {episode_id: id, day: day, "
    keys += 'count: {from: plt, flags: {"*": pre_event}}}}\n'
    assert [one.split(", ")[1:3] for one in told(make_cohort(tmp_path, keys, visits_csv=VISITS))] == [
        ["line 3", "case A"],
        ["line 6", "case B"],
    ]


def test_flags_are_of_counts(tmp_path):
    keys = "mapping:\n  sources:\n    - {table: episodes, file: visits.csv, columns: {episode_id: id, "
    keys += 'age_years: {from: day, flags: {"*": x}}}}\n'
    assert "this table has no column flag" in "".join(told(make_cohort(tmp_path, keys, visits_csv=VISITS)))

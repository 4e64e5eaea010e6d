"""docs/columns.md tells every column of every table, and every file of results has its table."""

from pathlib import Path

import pandas as pd
import pytest

from caseseries.audit.verdict import VERDICTS
from caseseries.model.columns import TABLES, Column
from caseseries.model.columns_page import PAGE, write_columns_page
from caseseries.model.result_columns import RESULTS, ResultTable
from caseseries.model.results import read_table
from caseseries.model.stages import PATHS
from caseseries.seal.values import COLUMNS

ROOT = Path(__file__).parents[3]


def test_the_page_is_in_step_with_the_columns():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == write_columns_page(), (
        "run: python -m caseseries.model.columns_page"
    )


def test_a_column_that_is_added_is_on_the_page(monkeypatch):
    added = Column("ferritin", "number", "Ferritin", "ferritin at first dose", "ug/L", minimum=0)
    monkeypatch.setitem(TABLES, "episodes", (*TABLES["episodes"], added))
    monkeypatch.setitem(RESULTS, "flow", ResultTable("a step", (*RESULTS["flow"].columns, added)))
    told = "| `ferritin` | Ferritin | ug/L | number, from 0 | ferritin at first dose |"
    assert write_columns_page().count(told) == 2


def test_every_file_of_results_has_its_columns():
    files = {Path(path).stem for path in PATHS.values() if path.endswith(".csv")}
    assert files == set(RESULTS)


@pytest.mark.parametrize("name", RESULTS)
def test_every_column_of_a_result_says_what_it_means(name):
    columns = RESULTS[name].columns
    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert column.label[:1].isupper() and column.about, column.name
        assert not column.about.endswith("."), column.name


def test_what_other_rooms_say_of_columns_is_the_same():
    assert RESULTS["values"].names == COLUMNS
    allowed = {column.name: column.allowed for column in RESULTS["dosing"].columns}
    assert allowed["verdict"] == VERDICTS


def test_a_name_may_hold_numbers_in_one_table_and_text_in_another(tmp_path):
    """`level` is a confidence level, but in description.csv the category counted; `ours` is text in claims.csv."""
    rows = {"description": {"level": "10", "n": "4"}, "claims": {"ours": "2"}, "agreement": {"level": "0.95"}}
    read = {}
    for name, cells in rows.items():
        frame = pd.DataFrame([{column: cells.get(column, "") for column in RESULTS[name].names}])
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        read[name] = read_table(tmp_path / f"{name}.csv").iloc[0]
    assert (read["description"]["level"], read["description"]["n"]) == ("10", 4.0)
    assert read["claims"]["ours"] == "2"
    assert read["agreement"]["level"] == 0.95

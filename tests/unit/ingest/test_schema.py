"""pandera holds typed records to the contract, and names what breaks it without a value."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from caseseries.cli import main
from caseseries.ingest import ingest
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records, type_tables
from caseseries.ingest.schema import ContractBroken, check_records, record_schema
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout
from caseseries.model.records import empty_table

GOOD = Path(__file__).resolve().parents[2] / "messages" / "ingest" / "good-cohort"


@pytest.fixture
def records():
    return type_records(examine(GOOD, Layout()), "good-cohort")


def test_good_records_pass(records):
    check_records(records)


def test_every_column_of_the_contract_has_a_schema():
    for table, columns in TABLES.items():
        assert {column.name for column in columns} <= set(record_schema(table, columns).columns)


@pytest.mark.parametrize(
    ("table", "column", "value", "check"),
    [
        ("episodes", "age_years", 91.0, "age_years: less_than_or_equal_to(89)"),
        ("episodes", "prior_lines", 2.5, "prior_lines: whole"),
        ("episodes", "sex", "F", "sex: isin"),
        ("counts", "day", 1.5, "day: whole"),
        ("counts", "lo", 9999.0, "lower end first"),
        ("counts", "lo", -1.0, "lo: greater_than_or_equal_to(0)"),
        ("counts", "episode_id", "", "episode_id: not_equal_to"),
        ("events", "kind", "salvage", "kind: isin"),
        ("events", "day", np.nan, "day: required"),
        ("outcomes", "cause", "", "cause: not_equal_to"),
    ],
)
def test_a_broken_record_is_our_fault_and_named_without_its_value(records, table, column, value, check):
    records.tables[table].loc[0, column] = value
    with pytest.raises(ContractBroken) as error:
        check_records(records)
    assert check in str(error.value)
    assert table in str(error.value)
    assert str(value) not in str(error.value) or value == ""


@pytest.mark.parametrize("value", [7, None, np.nan])
def test_what_is_no_text_in_a_column_of_text(records, value):
    records.tables["counts"].loc[0, "episode_id"] = value
    with pytest.raises(ContractBroken, match=r"counts\.episode_id"):
        check_records(records)


def test_a_repeated_key(records):
    records.tables["episodes"].loc[1, "episode_id"] = "E01"
    with pytest.raises(ContractBroken, match="key"):
        check_records(records)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_has_the_form_of_the_contract(table):
    record_schema(table, TABLES[table]).validate(empty_table(table), lazy=True)


def test_a_clean_check_promises_that_ingest_passes(monkeypatch, tmp_path):
    """A fault of our own in typing is met by `check` as by `ingest`, not only when records are written."""

    def type_wrongly(tables, about, cohort):
        made = type_tables(tables, about, cohort)
        made.tables["counts"].loc[0, "lo"] = 9999.0
        return made

    monkeypatch.setattr(ingest, "type_tables", type_wrongly)
    with pytest.raises(ContractBroken, match="lower end first"):
        main(["check", str(GOOD), "--config", str(tmp_path)])


def test_check_imports_pandera_only_for_what_is_without_error(tmp_path):
    code = "import sys; from caseseries.cli import main; main(sys.argv[1:]); sys.exit('pandera' in sys.modules)"
    broken = tmp_path / "good-cohort"
    shutil.copytree(GOOD, broken)
    (broken / "counts.csv").unlink()
    (broken / "episodes.csv").unlink()
    command = [sys.executable, "-c", code, "check"]
    runs = [subprocess.run([*command, str(one)], capture_output=True, check=False) for one in (broken, GOOD)]
    assert [run.returncode for run in runs] == [0, 1]

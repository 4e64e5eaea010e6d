"""Faults that few files have: each named once, in words, with its place."""

import json
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from caseseries.cli import main
from caseseries.ingest.branching import asked
from caseseries.ingest.dataset_json import read_dataset
from caseseries.ingest.parquet import read_parquet
from caseseries.ingest.pieces import CsvPieces, ParquetPieces, Unreadable
from unit.ingest.mapped_cohorts import make_cohort, told
from unit.ingest.test_draft import draft, study, write_csv

__all__ = ["study"]  # a fixture

EPISODES = "code,sex,start\nA,female,2020-03-01\nB,male,2020-04-01\n"


def mapped(columns, *keys):
    """A mapping of book.csv to episodes; `keys` are further lines of the source."""
    more = "".join(f"      {line}\n" for line in keys)
    return (
        "adverse_events_recorded: no\nmapping:\n  sources:\n    - table: episodes\n      file: book.csv\n"
        f"{more}      columns:\n        episode_id: code\n        {columns}\n"
    )


@pytest.mark.parametrize("logic", ["[treated] = and", "[treated] '1'", "[treated] = )", "[treated] ="])
def test_logic_that_breaks_off_is_not_guessed(logic):
    cells = pd.DataFrame({"treated": ["1", "0"]}, dtype=object)
    assert asked(logic, cells) is None


@pytest.mark.parametrize(
    ("columns", "keys", "rule"),
    [
        ("sex: {from: sex, number_as: E}", (), "number_as makes labels of cases; it is for episode_id and patient_id"),
        ("sex: {from: sex, first: 1}", (), "first says which day the first dose is; this column does not hold days"),
        ("sex: {from: sex, unit: kg}", (), "the column has no unit that could be converted"),
        ("weight_kg: {from: sex, unit: stone}", (), "the unit is not known; it must be one of "),
        ("sex: ''", (), "the mapping of cohort.yaml reads the column without a header"),
    ],
)
def test_what_a_mapping_cannot_mean_is_named(tmp_path, columns, keys, rule):
    found = told(make_cohort(tmp_path, mapped(columns, *keys), book_csv=EPISODES))
    assert any(rule in line for line in found), found


def test_a_link_out_of_the_folder_is_not_read(tmp_path):
    (tmp_path / "elsewhere.csv").write_text(EPISODES, encoding="utf-8")
    folder = make_cohort(tmp_path, mapped("sex: sex"))
    (folder / "book.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert any("links out of it are not read" in line for line in told(folder))


def test_a_source_of_the_first_dose_names_the_case(tmp_path):
    keys = mapped("sex: sex", "first_dose: start").replace("        episode_id: code\n", "")
    found = told(make_cohort(tmp_path, keys, book_csv=EPISODES))
    assert any("a source with first_dose must map episode_id" in line for line in found)


def test_rows_below_the_last_are_not_read(tmp_path):
    folder = make_cohort(tmp_path, mapped("sex: sex", "last_row: 3"), book_csv=EPISODES + "Total,two,\n")
    assert told(folder) == []
    assert told(make_cohort(tmp_path, mapped("sex: sex"), book_csv=EPISODES + "Total,two,\n")) != []


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        (
            "covariates: [{name: smoker, label: Smoker}, {name: smoker, label: Smoker}]",
            "the covariate is declared twice",
        ),
        ("overlaps: [clinic]", "a cohort does not overlap itself; name the others"),
    ],
)
def test_what_a_cohort_says_of_itself_must_hold(tmp_path, keys, rule):
    folder = make_cohort(tmp_path, keys + "\n", episodes_csv="episode_id,smoker\nA,yes\nB,no\n")
    assert any(rule in line for line in told(folder)), told(folder)


def dataset(columns, rows):
    return json.dumps({"datasetJSONVersion": "1.1.0", "columns": [{"name": name} for name in columns], "rows": rows})


def test_a_dataset_with_a_row_of_another_width_or_a_name_twice_is_refused():
    table, findings = read_dataset(dataset(["USUBJID", "AGE"], [["A", 1], ["B"]]), "episodes", "dm.json")
    assert table is None and [(one.line, "not as many values" in one.rule) for one in findings] == [(2, True)]
    table, findings = read_dataset(dataset(["AGE", "AGE"], [["A", 1]]), "episodes", "dm.json")
    assert table is None and len(findings) == 1


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"PK\x03\x04" + b"0" * 60, "the file is a workbook, not CSV"),
        (b"", "the file is empty; it needs a header row"),
        (b"episode_id;day;count\nA;1;5\n", "the cells are separated by semicolons; use commas"),
        (b"episode_id,day,day\nA,1,5\n", "stands twice"),
        (b"one,two\nA,1\n", "the first row has no column of the table"),
        (b"episode_id,,day\nA,5,1\n", "header"),
        (b"day,count\nA,1,5\nB,2,6\n", "header"),
    ],
)
def test_a_file_that_is_read_piece_by_piece_is_refused_like_one_that_is_read_at_once(tmp_path, content, rule):
    path = tmp_path / "counts.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        list(CsvPieces(path, "counts.csv"))
    assert any(rule in str(one) for one in refused.value.findings), refused.value.findings


def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_bytes(b"\xef\xbb\xbfepisode_id,day,count\nA,1,5\n")
    pieces = CsvPieces(path, "counts.csv")
    assert [columns[2].tolist() for columns, _ in pieces if len(columns[0])] == [["5"]]
    assert pieces.header == ["episode_id", "day", "count"]


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"one": ["1"], "two": ["2"]}, "no column of the file is one of the table"),
        ({"episode_id": ["A"], "": ["2"]}, "header"),
        ({"episode_id": ["A"], "count": ["5" * 50_000]}, "is longer than 20000 characters"),
    ],
)
def test_a_parquet_file_that_is_no_table_is_refused_in_both_ways(tmp_path, columns, rule):
    path = tmp_path / "counts.parquet"
    pd.DataFrame(columns).to_parquet(path)
    table, findings = read_parquet(path, "counts", "counts.parquet")
    assert table is None and any(rule in str(one) for one in findings), findings
    with pytest.raises(Unreadable) as refused:
        list(ParquetPieces(path, "counts.parquet"))
    assert any(rule in str(one) for one in refused.value.findings), refused.value.findings


@pytest.mark.parametrize(("whole", "rule"), [(True, "struck-out lines of the sheet"), (False, "part of the text")])
def test_texts_that_cells_share_may_be_struck_out(tmp_path, whole, rule):
    """Excel keeps the texts of all cells in one place, with their strokes."""
    folder = make_cohort(tmp_path, mapped("sex: sex").replace("book.csv", "book.xlsx"))
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        sheet, struck = book.add_worksheet(), book.add_format({"font_strikeout": True})
        for line, row in enumerate((("code", "sex"), ("A", "female"), ("B", "male"), ("C", "male"))):
            sheet.write_row(line, 0, row)
        sheet.write_rich_string(3, 1, struck, "ma", struck if whole else book.add_format({"bold": True}), "le")
    found = told(folder, "warning" if whole else "error")
    assert any(rule in line and "4" in line for line in found), found


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([["USUBJID", "ADY", "PLT"], ["1", "1", "12"], ["1", "8", "40"], ["2", "1", "9"]], "first: 1"),
        (
            [["Patient", "Date of birth", "Sex"], ["1", "1980-02-03", "f"], ["2", "1990-01-01", "m"]],
            "age_years: {from: ",
        ),
        (
            [["Patient", "Dose", "Unit", "Day"], ["1", "300", "U/kg", "0"], ["2", "150", "U/kg", "7"]],
            "table: exposures",
        ),
        ([["Patient", "PLT1", "PLT2"], ["1", "12", "30"], ["2", "9", "40"]], "on which day was it?"),
        ([["Patient", "Age", "PLT day 1", "PLT week 2"], ["1", "30", "12", "30"], ["2", "40", "9", "40"]], "day: 14"),
    ],
    ids=["CDISC", "birth", "doses", "visits", "days"],
)
def test_a_draft_says_what_a_header_means(study, rows, line):
    write_csv("labs.csv", rows)
    assert line in draft("labs.csv")


def test_tables_and_json_are_not_drafted_together(study, capsys):
    write_csv("labs.csv", [["Patient", "Age"], ["1", "31"]])
    Path("bundle.json").write_text('{"resourceType": "Bundle", "type": "collection", "entry": []}', encoding="utf-8")
    Path("nothing").mkdir()
    assert main(["new", "my-itp", "--from", "labs.csv", "bundle.json"]) == 2
    assert main(["new", "my-itp", "--from", "nothing"]) == 2
    assert main(["new", "my-itp", "--from", "labs.csv", "--dictionary", "none.csv"]) == 2
    said = capsys.readouterr().err
    assert "JSON and of tables cannot be drafted together" in said
    assert "holds no file of a kind that is read" in said and "there is no such file" in said

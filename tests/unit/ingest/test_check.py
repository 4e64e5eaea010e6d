"""`caseseries check`: what it lists, how it gathers, what it writes, how it ends."""

import csv
import shutil
from pathlib import Path

import pytest
import yaml

from caseseries.cli import main
from caseseries.ingest.contract import NUMBER, faulty_rows, judge_text
from caseseries.ingest.magnitudes import median_quantity
from caseseries.ingest.read import parse_csv
from caseseries.ingest.source import SHOWN_AT_MOST, shown_case, shown_name

GOOD = Path(__file__).resolve().parents[2] / "messages" / "ingest" / "good-cohort"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(GOOD, tmp_path / "data" / "good-cohort")
    return tmp_path / "data" / "good-cohort"


def places(folder):
    return ["--data", str(folder.parent), "--config", str(folder.parent), "--results", str(folder.parent / "out")]


def test_queries_hold_findings_and_completeness(folder, tmp_path):
    counts = (folder / "counts.csv").read_text(encoding="utf-8").replace("E01,7,,35", "E01,7,,abc")
    (folder / "counts.csv").write_text(counts, encoding="utf-8")
    queries = tmp_path / "queries.csv"
    assert main(["check", str(folder), "--queries", str(queries), *places(folder)]) == 2
    rows = list(csv.DictReader(queries.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["severity", "file", "case", "line", "column", "rule", "example"]
    errors = [row for row in rows if row["severity"] == "error"]
    assert [(row["case"], row["line"], row["column"]) for row in errors] == [("E01", "3", "count")]
    known = {row["column"]: row["rule"] for row in rows if row["severity"] == "completeness"}
    assert known["gestational_week"] == "known for 2 of 3"
    assert known["day"] == "known for 9 of 9"


def test_findings_are_sorted_by_file_and_case(folder, capsys):
    counts = (folder / "counts.csv").read_text(encoding="utf-8")
    counts = counts.replace("E03,7,,110", "E03,7,,x").replace("E01,7,,35", "E01,7,,x").replace("E02,7,,8", "E02,7.5,,8")
    (folder / "counts.csv").write_text(counts, encoding="utf-8")
    (folder / "bleeding.csv").write_text("episode_id,first_day,last_day,who_grade\nE02,1,4,7\n", encoding="utf-8")
    main(["check", str(folder), *places(folder)])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert [line.split(":")[0] for line in lines] == [
        "good-cohort/bleeding.csv, line 2, case E02, who_grade",
        "good-cohort/counts.csv, line 3, case E01, count",
        "good-cohort/counts.csv, line 6, case E02, day",
        "good-cohort/counts.csv, line 9, case E03, count",
    ]


def test_many_equal_faults_are_counted(folder, capsys):
    rows = "".join(f"E01,{day},,abc\n" for day in range(100))
    (folder / "counts.csv").write_text("episode_id,day,timepoint,count\n" + rows, encoding="utf-8")
    main(["check", str(folder), *places(folder)])
    printed = capsys.readouterr().out
    assert printed.count("case E01, count") == SHOWN_AT_MOST
    assert f"({100 - SHOWN_AT_MOST} more rows have the same fault)" in printed
    errors = printed.partition("Warnings:")[0].splitlines()
    told = [line for line in errors if line.startswith("  good-cohort/counts.csv")]
    assert ["more rows" in line for line in told] == [False] * (len(told) - 1) + [True]


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert main(["check", str(tmp_path / "nowhere")]) == 2
    assert "nowhere: there is no such cohort folder" in capsys.readouterr().out


def test_without_paths_the_configured_cohorts_are_checked(folder, tmp_path, capsys):
    (folder.parent / "config.yaml").write_text("cohorts: [good-cohort, missing-cohort]\n", encoding="utf-8")
    assert main(["check", *places(folder)]) == 2
    printed = capsys.readouterr().out
    assert "missing-cohort: there is no such cohort folder" in printed
    assert "2 cohorts checked: 1 error, 0 warnings" in printed


def pooled(folder, member, capsys, *more):
    """What is said of a pool with one member."""
    pool = {"id": "some", "title": "S", "members": [member]}
    config = {"cohorts": [folder.name], "pools": [pool]} | dict(more)
    (folder.parent / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    code = main(["check", *places(folder)])
    said = [line.split("pools.some: ")[1] for line in capsys.readouterr().out.splitlines() if "pools.some" in line]
    assert code == (2 if said else 0)
    return said


def test_a_pool_that_can_be_made_is_passed(folder, capsys):
    assert pooled(folder, {"cohort": folder.name}, capsys) == []


def test_a_group_that_nobody_is_in_is_told_before_any_work(folder, capsys):
    member = {"cohort": folder.name, "group": "placebo"}
    rule = "good-cohort has no group placebo with a response"
    assert pooled(folder, member, capsys) == [f"{rule} (for example: group: all, or one of Centre A, Centre B)"]


def test_those_whose_group_is_not_recorded_are_a_group(folder, capsys):
    episodes = (folder / "episodes.csv").read_text(encoding="utf-8").splitlines()
    (folder / "episodes.csv").write_text("\n".join([*episodes, "E09" + "," * episodes[0].count(",")]), "utf-8")
    assert pooled(folder, {"cohort": folder.name, "group": "not recorded"}, capsys) == []


def test_a_source_beside_a_pool_that_counts_nothing_is_told(folder, capsys):
    beside = {"cohort": folder.name, "group": "Centre A", "outcome": "count_of_30", "why": "it is another question"}
    pool = {"id": "some", "title": "S", "members": [{"cohort": folder.name}], "beside": [beside]}
    said = pooled(folder, {"cohort": folder.name}, capsys, ("pools", [pool]))
    rule = f"{folder.name} counts or prints no count_of_30 of a group Centre A"
    assert said == [f"{rule} (for example: outcome: response)"]
    pool["beside"][0].pop("outcome")
    assert pooled(folder, {"cohort": folder.name}, capsys, ("pools", [pool])) == []


def test_a_pool_under_a_definition_that_is_not_run_is_told_before_any_work(folder, capsys):
    rule = "the pool's definition as_reported must stand in the list of definitions (for example: definitions: all)"
    assert pooled(folder, {"cohort": folder.name}, capsys, ("definitions", ["plt50_any"])) == [rule]


def test_printed_counts_are_pooled_as_reported_alone(folder, capsys):
    for table in folder.glob("*.csv"):
        table.unlink()
    (folder / "claims.yaml").unlink(missing_ok=True)
    rows = "group,outcome,definition,events,n,value,lower,upper,unit,origin\nrhTPO,response,,3,5,,,,,printed\n"
    (folder / "aggregates.csv").write_text(rows, encoding="utf-8")
    member = {"cohort": folder.name, "group": "rhTPO"}
    assert pooled(folder, member, capsys, ("definitions", ["plt50_any"])) == []
    wrong = {"id": "some", "title": "S", "definition": "plt50_any", "members": [member]}
    rule = "good-cohort gives no response under plt50_any"
    assert pooled(folder, member, capsys, ("pools", [wrong])) == [rule]


def test_cases_chosen_by_outcome_are_refused_for_a_pool_before_any_work(folder, capsys):
    with (folder / "cohort.yaml").open("a", encoding="utf-8") as file:
        file.write("selected_for: success\n")
    rule = "the cases of good-cohort were selected by their outcome and must not be pooled"
    assert pooled(folder, {"cohort": folder.name}, capsys) == [rule]


def test_lines_are_those_of_the_file_with_quoted_newlines_and_blank_rows():
    text = 'episode_id,detail\nE1,"a\nb"\n\nE2,c\n'
    table, findings = parse_csv(text, "events", "events.csv", ",")
    assert findings == []
    assert table.lines.tolist() == [2, 5]
    assert table.texts["episode_id"].tolist() == ["E1", "E2"]


def test_labels_and_headers_that_may_be_shown():
    assert [shown_case(one) for one in ("E01", "1a", "P-12", "S000001", "michel-3", "case 7")] == [
        "E01",
        "1a",
        "P-12",
        "S000001",
        "michel-3",
        "case 7",
    ]
    for hidden in ("Roe", "roe", "jane.roe", "19840312", "1984-03-12", "4711234", "a@b.cd", "", "x" * 60):
        assert shown_case(hidden) == ""
    assert shown_name("age_years") == "age_years"
    assert shown_name("Thrombozyten (G/l)") == "Thrombozyten (G/l)"
    assert shown_name("2020-03-04", ["a", "2020-03-04"]) == "column 2"
    assert shown_name("Jane Roe", ["Jane Roe"]) == "column 1"


def test_small_judgements():
    assert judge_text("dizziness") == ""
    assert judge_text("x" * 81).startswith("the value must be a short coded word")
    assert NUMBER.match("-1.5")
    assert not NUMBER.match("1e5")
    assert not NUMBER.match("٣")
    table, _ = parse_csv("count\n<5\n12\n\n>1000\n", "counts", "counts.csv", ",")
    assert median_quantity(table.texts["count"]) == 12
    assert faulty_rows(table.texts["count"], lambda text: "odd" if text == "12" else "")["odd"].tolist() == [1]


def test_queries_that_cannot_be_written(folder, tmp_path, capsys):
    assert main(["check", str(folder), "--queries", str(tmp_path / "no" / "q.csv"), *places(folder)]) == 2
    assert "q.csv, --queries: the file cannot be written" in capsys.readouterr().err


def test_a_name_that_no_folder_can_have(capsys):
    assert main(["check", "x" * 5000]) == 2
    assert "there is no such cohort folder" in capsys.readouterr().out


def test_a_file_that_is_locked(folder, monkeypatch, capsys):
    read = Path.read_bytes

    def refuse(path):
        if path.name == "counts.csv":
            raise PermissionError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["check", str(folder), *places(folder)]) == 2
    assert "good-cohort/counts.csv: the file cannot be opened; is it open in another program" in capsys.readouterr().out


def test_a_workbook_that_is_open_beside_is_passed_over(folder, capsys):
    (folder / "~$cases.xlsx").write_bytes(b"x")
    assert main(["check", str(folder), *places(folder)]) == 0


def test_a_faulty_drug_profile_is_found_before_any_work(folder, capsys):
    (folder.parent / "drugs").mkdir()
    (folder.parent / "drugs" / "rhtpo.yaml").write_text("id: other\nname: rhTPO\nroute: subcutaneous\n")
    assert main(["check", str(folder), *places(folder)]) == 2
    printed = capsys.readouterr().out
    for part in ("config/drugs/rhtpo.yaml, line 1, drug_class: the key is required", "sources: the key is required"):
        assert part in printed

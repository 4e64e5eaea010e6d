"""Small files that stand for much, and files that lead elsewhere: refused in words before they are read."""

import json
import zipfile

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from caseseries.ingest import read, statistics_file, workbook
from caseseries.model.claim import load_claims
from caseseries.model.cohort import load_cohort
from caseseries.model.findings import BadInput
from caseseries.model.yaml_file import LONGEST_TEXT, MOST_BYTES, parse_yaml
from unit.ingest.mapped_cohorts import head, make_cohort, told

SHEET = "xl/worksheets/sheet1.xml"
MAPPING = """\
mapping:
  sources:
    - {{table: episodes, file: {file}, columns: {{episode_id: id}}}}
"""


def in_sheet(rows):
    """A change that adds rows at the end of the sheet."""

    def change(parts):
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", rows + b"</sheetData>")

    return change


def under_another_name(parts):
    """The sheet in a part whose name ends like no XML, as the workbook's own list of parts allows."""
    parts["xl/worksheets/sheet1.dat"] = parts.pop(SHEET).replace(b"</sheetData>", b"<row/>" * 2_000 + b"</sheetData>")
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"sheet1.xml", b"sheet1.dat")


def many_formats(parts):
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</cellXfs>", b"<xf/>" * 210_000 + b"</cellXfs>")


def merged(parts):
    in_sheet(b'<row r="199999"><c r="SF199999" t="inlineStr"><is><t>x</t></is></c></row>')(parts)
    block = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + block)


FAR = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
LONG = b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * 30_000 + b"</t></is></c></row>"
BOOKS = {
    "empty cells": (in_sheet(b'<row r="9">' + b"<c/>" * 4_100_000 + b"</row>"), "has more cells, texts or formats"),
    "formats": (many_formats, "has more cells, texts or formats"),
    "a cell far away": (in_sheet(FAR), "has something below line 200000"),
    "one block": (merged, "merged cells"),
    "a long cell": (in_sheet(LONG), "line 9: a cell of column 1 is longer than 20000 characters"),
}


def make_book(folder, change):
    book = openpyxl.Workbook()
    for row in (["id"], ["E1"]):
        book.active.append(row)
    cohort = make_cohort(folder, MAPPING.format(file="labs.xlsx"), labs_xlsx=book)
    with zipfile.ZipFile(cohort / "labs.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(cohort / "labs.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return cohort


@pytest.mark.parametrize(("change", "hint"), BOOKS.values(), ids=BOOKS)
def test_small_workbooks_that_hold_much(tmp_path, change, hint):
    cohort = make_book(tmp_path, change)
    assert (cohort / "labs.xlsx").stat().st_size < 100_000
    assert any(hint in line for line in told(cohort))


@pytest.mark.parametrize(
    "change", [in_sheet(b"<row/>" * 2_000), under_another_name], ids=["as usual", "under another name"]
)
def test_what_a_workbook_unpacks_to(tmp_path, monkeypatch, change):
    monkeypatch.setattr(workbook, "MOST_UNPACKED", 10_000)
    (line,) = told(make_book(tmp_path, change))
    assert "the workbook unpacks to more than" in line


def test_a_packed_file_of_a_statistics_package(tmp_path, monkeypatch):
    cohort = make_cohort(tmp_path, MAPPING.format(file="data.zsav"))
    rows = pd.DataFrame({"id": [f"E{row}" + "x" * 900 for row in range(300)]})
    pyreadstat.write_sav(rows, cohort / "data.zsav", compress=True)
    monkeypatch.setattr(statistics_file, "MOST_UNPACKED", 100_000)
    (line,) = told(cohort)
    assert "data.zsav: the file unpacks to more than" in line


@pytest.mark.parametrize("file", ["labs.csv", "labs.dta", "labs.json", "labs.xlsx"])
def test_a_large_file_of_any_kind(tmp_path, monkeypatch, file):
    monkeypatch.setattr("caseseries.ingest.files.MOST_BYTES", 1_000)
    cohort = make_cohort(tmp_path, MAPPING.format(file=file))
    (cohort / file).write_bytes(b"id\n" + b"E1\n" * 1_000)
    assert told(cohort) == [f"{file}: {read.TOO_LARGE}"]


def test_a_large_table_of_the_contract(tmp_path, monkeypatch):
    monkeypatch.setattr(read, "MOST_BYTES", 1_000)
    cohort = make_cohort(tmp_path, "", episodes_csv="episode_id\n" + "E1\n" * 1_000)
    assert f"episodes.csv: {read.TOO_LARGE}" in told(cohort)


@pytest.mark.parametrize("kind", ["fhir", "phenopackets"])
def test_a_number_of_thousands_of_digits_in_json(tmp_path, kind):
    mapping = MAPPING.replace("columns", f"format: {kind}, columns").format(file="all.json")
    cohort = make_cohort(tmp_path, mapping, all_json='{"resourceType": "Bundle", "total": ' + "9" * 5_000 + "}")
    assert told(cohort) == ["all.json: the file is no JSON that can be read"]


def test_a_long_text_in_json(tmp_path):
    mapping = MAPPING.replace("columns", "format: phenopackets, columns").replace("id}", "subject}")
    packet = {"id": "1", "subject": {"id": "x" * 30_000}}
    cohort = make_cohort(tmp_path, mapping.format(file="all.json"), all_json=json.dumps(packet))
    assert any("is longer than 20000 characters" in line for line in told(cohort))


@pytest.mark.parametrize("name", ["cohort.yaml", "claims.yaml", "episodes.csv", "notes.txt", "source/deep.csv", "all"])
def test_links_out_of_the_folder_are_refused_whatever_the_file(tmp_path, name):
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "secret.txt").write_text("canary-secret: 1\n")
    cohort = make_cohort(tmp_path, "", episodes_csv="episode_id\nE1\n")
    link = cohort / name
    link.parent.mkdir(exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(outside if name == "all" else outside / "secret.txt")
    assert told(cohort) == [f"{link.name}: the file must lie in the cohort's folder; links out of it are not read"]


def test_links_inside_the_folder_are_read(tmp_path):
    cohort = make_cohort(tmp_path, "", all_csv="episode_id\nE1\n")
    (cohort / "episodes.csv").symlink_to("all.csv")
    assert not any("links out of it" in line for line in told(cohort))


def test_no_yaml_of_a_cohort_is_read_through_a_link(tmp_path):
    (tmp_path / "secret.yaml").write_text("canary-secret: 1\n")
    for load, name in ((load_cohort, "cohort.yaml"), (load_claims, "claims.yaml")):
        folder = tmp_path / load.__name__
        folder.mkdir()
        (folder / name).symlink_to(tmp_path / "secret.yaml")
        with pytest.raises(BadInput, match="links out of it are not read"):
            load(folder)


def test_yaml_of_no_use(tmp_path):
    folder = tmp_path / "some-2020"
    folder.mkdir()
    (folder / "cohort.yaml").write_text("a: b\n" * (MOST_BYTES // 5 + 1))
    with pytest.raises(BadInput, match="larger than 1 MB"):
        load_cohort(folder)
    (folder / "cohort.yaml").unlink()
    (folder / "cohort.yaml").mkdir()
    with pytest.raises(BadInput, match="there must be a file of text here"):
        load_cohort(folder)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("9" * 5_000, f"a value is longer than {LONGEST_TEXT} letters"),
        ("x" * 5_000, f"a value is longer than {LONGEST_TEXT} letters"),
        ("2020-13-45", "looks like a number or a date and is none"),
        ("2001-12-14t21:59:43.10-95:00", "looks like a number or a date and is none"),
        ('"\\uD800"', "half of a letter"),
    ],
    ids=["digits", "letters", "date", "time", "surrogate"],
)
def test_values_of_yaml_that_cannot_be_had_name_their_line(value, hint):
    with pytest.raises(BadInput, match=f"f.yaml, line 2: .*{hint}"):
        parse_yaml(f"a: 1\nb: {value}\n", "f.yaml")


def test_labels_have_a_length(tmp_path):
    keys = f"covariates: [{{name: site, label: {'x' * 200}}}]\n"
    assert any("covariates.0.label" in line and "120" in line for line in told(make_cohort(tmp_path, keys)))
    folder = tmp_path / "clinic"
    (folder / "cohort.yaml").write_text(head("clinic").replace("SYNTHETIC clinic", "x" * 300, 1))
    assert any("title" in line and "200" in line for line in told(folder))


def test_labels_of_cases_that_look_alike_in_any_letters(tmp_path):
    ids = ["E1", "Е1", "Ｅ1", "𝐄1", "E１", "E2"]
    cohort = make_cohort(tmp_path, "", episodes_csv="episode_id\n" + "".join(f"{one}\n" for one in ids))
    found = [line for line in told(cohort, "warning") if "the label looks like another one" in line]
    assert [line.partition(", ")[2].partition(",")[0] for line in found] == ["line 3", "line 4", "line 5", "line 6"]

"""The last gate: each kind of leak, planted in each kind of file, is found; a clean release passes."""

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from PIL import Image, PngImagePlugin

from caseseries.disclose.gate import Secret, leaks, secret_of
from caseseries.model.columns import TABLES
from caseseries.model.records import Records, empty_table, type_table
from caseseries.model.result_columns import RESULTS
from unit.some_cohort import restricted_cohort

SECRET = Secret(
    "mine",
    10,
    frozenset({"ward7-0042"}),
    frozenset({"canaryword"}),
    frozenset({"61.237"}),
    frozenset({"chart list.xlsx"}),
)
CLEAN = "cohort,statistic,events,n\nmine,response_rate,20,40\n"


def png(text):
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", text)
    file = io.BytesIO()
    Image.new("L", (4, 4)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def pdf(text):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    file = io.BytesIO()
    Figure().savefig(file, format="pdf", metadata={"Title": text, "CreationDate": None})
    return file.getvalue()


def packed(text):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{text}</w:t>")
    return file.getvalue()


def transport(text):
    with tempfile.NamedTemporaryFile(suffix=".xpt") as file:
        rows = pd.DataFrame({"A": ["other", "x"], "B": ["a longer text than the planted one", text]})
        pyreadstat.write_xport(rows, file.name, file_format_version=5)
        return Path(file.name).read_bytes()


def columnar(text):
    file = io.BytesIO()
    pd.DataFrame({"A": ["other", text] * 40}).to_parquet(file, compression="zstd")
    return file.getvalue()


KINDS = {
    "estimates.csv": lambda text: f"{CLEAN}mine,{text},20,40\n".encode(),
    "index.json": lambda text: f'{{"title": "{text}"}}'.encode(),
    "curve.svg": lambda text: f"<svg><!-- {text} --></svg>".encode(),
    "page.html": lambda text: f"<p title='{text}'>words</p>".encode(),
    "curve.png": png,
    "curve.pdf": pdf,
    "tables.docx": packed,
    "tables.xlsx": packed,
    "adlb.xpt": transport,
    "adlb.parquet": columnar,
    "estimates.csv.gz": lambda text: gzip.compress(f"{CLEAN}mine,{text},20,40\n".encode(), mtime=0),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        ("ward7-0042", "it holds the label of a case or a person"),
        ("canaryword", "it holds a word that stands with fewer than 10 people"),
        ("weighs 61.237 kg", "it holds a value of one person"),
        ("seen 2021-03-04", "it holds a date"),
        ("from chart list.xlsx", "it holds the name of a source file of a restricted cohort"),
    ],
)
def test_a_planted_leak_is_found_in_every_kind_of_file(tmp_path, name, planted, rule):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_bytes(KINDS[name](planted))
    found = leaks(tmp_path, [SECRET])
    assert rule in [finding.rule for finding in found]
    assert planted not in " ".join(map(str, found))


@pytest.mark.parametrize(
    "text",
    ["cohort,events,n\nmine,3,40\n", "cohort,events,n,not_evaluable\nmine,20,40,1\n", "cohort,n,missing\nmine,38,2\n"],
)
def test_a_small_number_in_a_table_is_found(tmp_path, text):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "estimates.csv").write_text(text)
    assert [finding.rule for finding in leaks(tmp_path, [SECRET])] == ["it counts fewer than 10 people"]


@pytest.mark.parametrize(
    ("text", "found"), [("3 of 40", True), ("37/40", True), ("20 of 40", False), ("8 of 12 weeks", False)]
)
def test_a_small_share_in_words_is_found(tmp_path, text, found):
    (tmp_path / "mine").mkdir()
    both = {"table.html": f"<td>{text}</td>", "table.csv": f"Definition,Response\nfirst,{text}\n"}
    for name, written in both.items():
        (tmp_path / "mine" / name).write_text(written)
        assert bool(leaks(tmp_path, [SECRET])) is found, name
        (tmp_path / "mine" / name).unlink()


def test_the_title_of_a_definition_counts_nobody(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "table.html").write_text("<td>4 of 6 (registry)</td>")
    assert leaks(tmp_path, [SECRET])
    (tmp_path / "definitions.json").write_text('{"label": "4 of 6 (registry)"}')
    assert leaks(tmp_path, [SECRET]) == []


def test_a_clean_release_passes(tmp_path):
    for name, made in KINDS.items():
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / name).write_bytes(made("response rate"))
    assert leaks(tmp_path, [SECRET]) == []
    assert leaks(tmp_path, []) == []


def test_what_another_cohort_says_of_itself_is_no_leak(tmp_path):
    for cohort in ("mine", "other"):
        (tmp_path / cohort).mkdir()
    (tmp_path / "other" / "description.csv").write_text("cohort,level,n\nother,canaryword,3\n")
    (tmp_path / "report.html").write_text("<p>3 of 9: canaryword</p>")
    assert leaks(tmp_path, [SECRET]) == []
    (tmp_path / "other" / "description.csv").unlink()
    assert [finding.file for finding in leaks(tmp_path, [SECRET])] == ["release/report.html"]


def test_a_number_in_a_transport_file_is_found(tmp_path):
    (tmp_path / "mine").mkdir()
    numbers = pd.DataFrame({"AVAL": [61.237, 5.0]})
    pyreadstat.write_xport(numbers, tmp_path / "mine" / "adlb.xpt", file_format_version=5)
    assert [finding.rule for finding in leaks(tmp_path, [SECRET])] == ["it holds a value of one person"]


@pytest.mark.parametrize(("events", "found"), [(3, True), (20, False)])
def test_a_small_number_among_analysis_results_is_found(tmp_path, events, found):
    (tmp_path / "mine").mkdir()
    row = {"cohort": "mine", "stat_name": "events", "stat": events}
    (tmp_path / "mine" / "analysis-results.json").write_text(json.dumps({"results": [row]}))
    assert bool(leaks(tmp_path, [SECRET])) is found


def test_a_word_that_stands_in_every_checklist_tells_of_nobody_there(tmp_path):
    (tmp_path / "mine" / "checklists").mkdir(parents=True)
    (tmp_path / "mine" / "checklists" / "care.csv").write_text("Item,Asks for\n1,a canaryword\n")
    assert leaks(tmp_path, [SECRET], "what a canaryword asks") == []
    assert leaks(tmp_path, [SECRET], "other words")
    (tmp_path / "mine" / "table.csv").write_text("Item,Asks for\n1,a canaryword\n")
    assert leaks(tmp_path, [SECRET], "what a canaryword asks")


def test_a_word_of_a_drug_s_profile_tells_of_nobody_beside_the_cohorts(tmp_path):
    (tmp_path / "report.html").write_text("<td>one each of canaryword and fatigue among 31 women</td>")
    assert leaks(tmp_path, [SECRET])
    assert leaks(tmp_path, [SECRET], drugs="one each of canaryword and fatigue among 31 women") == []
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "table.csv").write_text("Event,Of\ncanaryword,31\n")
    found = leaks(tmp_path, [SECRET], drugs="one each of canaryword and fatigue among 31 women")
    assert [finding.file for finding in found] == ["release/mine/table.csv"]


@pytest.mark.parametrize(("row", "rules"), [("", []), ("mine,,,,,rescue,,,,,,12,40\n", ["a word"])])
def test_the_header_of_a_result_tells_nothing(tmp_path, row, rules):
    """`rescue` is a column of the contract whoever was rescued; in a row it is told of those who were."""
    secret = Secret("mine", 10, frozenset(), frozenset({"rescue"}), frozenset(), frozenset())
    path = tmp_path / "mine" / "multiverse.csv"
    path.parent.mkdir()
    path.write_text(",".join(RESULTS["multiverse"].names) + "\n" + row, encoding="utf-8")
    found = [finding.rule for finding in leaks(tmp_path, [secret])]
    assert len(found) == len(rules) and all("fewer than 10 people" in rule for rule in found)


@pytest.mark.parametrize("text", ["it was e17.", "case-e17", "see case_e17", "e17, alone", "e17-e18"])
def test_a_short_label_is_found_wherever_a_word_ends(tmp_path, text):
    secret = Secret("mine", 10, frozenset({"e17"}), frozenset(), frozenset(), frozenset())
    (tmp_path / "report.html").write_text(f"<p>{text}</p>")
    assert [finding.rule for finding in leaks(tmp_path, [secret])] == ["it holds the label of a case or a person"]
    (tmp_path / "report.html").write_text("<p>re17 e170 1e17</p>")
    assert leaks(tmp_path, [secret]) == []


@pytest.mark.parametrize(("label", "found"), [("c17", True), ("ward7-0042", True), ("E2", False), ("A0", False)])
def test_a_drawing_inside_a_page_is_read_as_it_is_seen(tmp_path, label, found):
    secret = Secret("mine", 10, frozenset({label}), frozenset(), frozenset(), frozenset())
    drawing = "data:image/svg+xml,%3Ctext%3Ec17%3C/text%3E%3Ctext%3E50%C2%A0%E2%80%A0 ward7%2D0042%3C/text%3E"
    (tmp_path / "report.html").write_text(f"<img src='{drawing}'>")
    assert bool(leaks(tmp_path, [secret])) is found


def test_the_paper_of_a_page_is_no_label(tmp_path):
    secret = Secret("mine", 10, frozenset({"A4"}), frozenset(), frozenset(), frozenset())
    (tmp_path / "report.html").write_text("<style>@page { size: A4; margin: 16mm; }</style>")
    assert leaks(tmp_path, [secret]) == []
    (tmp_path / "report.html").write_text("<p>of size: A4; and more</p>")
    assert leaks(tmp_path, [secret])


def test_a_shade_of_a_word_file_is_no_label(tmp_path):
    secret = Secret("mine", 10, frozenset({"D8"}), frozenset(), frozenset(), frozenset())
    for name, text, found in (("a.docx", '<w:shd w:themeFillShade="D8"/>', False), ("b.docx", "<w:t>D8</w:t>", True)):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("word/styles.xml", text)
        assert bool(leaks(tmp_path, [secret])) is found, name
        (tmp_path / name).unlink()


def test_a_file_that_is_named_by_a_case_is_found(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "course_ward7-0042.svg").write_text("<svg/>")
    assert [finding.rule for finding in leaks(tmp_path, [SECRET])] == ["it holds the label of a case or a person"]


def test_words_that_are_looked_for_have_letters_and_are_no_short_ones(tmp_path):
    """A word such as IgG stands in any text by chance, and a number in letters is no word."""
    tables = {name: empty_table(name) for name in TABLES}
    ids = ["E1", "E2", "E3"]
    tables["episodes"] = type_table("episodes", pd.DataFrame({"episode_id": ids}, dtype=str))
    terms = {"episode_id": ids, "subject": "patient", "term": ["IgG", "20240117", "haematuria"], "serious": "no"}
    tables["adverse_events"] = type_table("adverse_events", pd.DataFrame(terms, dtype=str))
    secret = secret_of(restricted_cohort(), Records("mine", tables), tmp_path)
    assert {"haematuria", "patient"} <= secret.words and not {"IgG", "20240117"} & secret.words

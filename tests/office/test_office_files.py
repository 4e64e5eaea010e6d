"""Word and Excel files opened by an office program: it reads every table, figure and page that was written."""

import re
import shutil
import subprocess

import pytest

from caseseries.export.export import run
from report_project import make_project

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.office,
    pytest.mark.slow,
    pytest.mark.xdist_group("office"),
    pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here (Debian: apt-get install libreoffice-writer)"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Function of a file's name: its text after LibreOffice has read it."""
    root = tmp_path_factory.mktemp("office")
    layout = make_project(root)

    class Arguments:
        cohort, settings = "simulated-a", '{"level": 0.95}'

    run(Arguments, layout)

    def convert(name, kind):
        source = layout.release / "simulated-a" / name
        words = [OFFICE, f"-env:UserInstallation={(root / 'profile').as_uri()}", "--headless", "--convert-to", kind]
        subprocess.run([*words, "--outdir", str(root), str(source)], check=True, capture_output=True, timeout=240)
        return (root / source.name).with_suffix("." + kind.partition(":")[0]).read_bytes()

    return convert


def test_the_tables_come_out_with_captions_notes_and_figures(opened):
    page = opened("tables.docx", "html").decode("utf-8", "replace")
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "Table 1 . Who. " in text and "Figure 1 . Rates of simulated-a." in text
    assert page.lower().count("<table") == 1 and page.lower().count("<img") == 1
    assert "SYNTHETIC data, no patients" in text


def test_methods_and_results_come_out_as_text(opened):
    text = opened("methods.docx", "txt:Text").decode("utf-8")
    assert "Methods" in text and "4 of 4 patients responded" in text and "Aalen OO, Johansen S." in text


def test_the_workbook_comes_out_with_its_numbers(opened):
    assert opened("tables.xlsx", "csv").decode("utf-8").startswith("Made by a program")


def test_every_document_is_at_least_a_page_of_print(opened):
    for name in ("tables.docx", "methods.docx", "tables.xlsx"):
        assert opened(name, "pdf").count(b"/Type/Page") >= 2

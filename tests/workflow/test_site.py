"""The documentation site: it builds without a warning, loads nothing from elsewhere, and shows what the run made."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("docs", "config", "data", "mkdocs.yml", "README.md", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md")
LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*?\bsrc=[\"']?([^\"'\s>]+)|<link\b[^>]*?\bhref=[\"']?([^\"'\s>]+)"
)

pytestmark = [pytest.mark.workflow, pytest.mark.slow, pytest.mark.xdist_group("workflow")]


def copy_parts(target):
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, target / name)


def build(folder):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(finished, tmp_path_factory):
    root = tmp_path_factory.mktemp("a site")
    copy_parts(root)
    (root / "results").symlink_to(finished.root / "results")
    done = build(root)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "site"


def test_no_page_loads_anything_from_elsewhere(site):
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 60
    for page in pages:
        loaded = [one or other for one, other in LOADED.findall(page.read_text(encoding="utf-8"))]
        strange = [name for name in loaded if re.match("(https?:)?//", name)]
        assert strange == [], page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_every_picture_of_the_gallery_is_there_with_its_command(site, finished):
    page = (site / "gallery.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img[^>]*src="(gallery/[^"]+)"', page)
    release = finished.root / "results" / "release"
    drawn = [entry for index in release.glob("*/figures/index.json") for entry in json.loads(index.read_text())]
    drawn += json.loads((release / "figures" / "index.json").read_text())
    assert len(shown) == len(drawn) and all((site / name).is_file() for name in shown)
    for cohort in {name.split("/")[1] for name in shown} - {"figures"}:
        assert f"caseseries show {cohort}" in page


def test_the_report_the_glossary_and_the_cohorts_stand_in_it(site, finished):
    report = (finished.root / "results" / "release" / "report.html").read_bytes()
    assert (site / "report" / "report.html").read_bytes() == report
    assert "not evaluable" in (site / "glossary.html").read_text(encoding="utf-8")
    cohorts = {folder.name for folder in (ROOT / "data").iterdir() if (folder / "README.md").exists()}
    assert {page.stem for page in (site / "cohorts").glob("*.html")} == cohorts | {"index"}


def test_it_says_what_is_missing_where_nothing_was_run(tmp_path):
    copy_parts(tmp_path)
    done = build(tmp_path)
    assert done.returncode != 0 and "run ./run first" in done.stdout + done.stderr

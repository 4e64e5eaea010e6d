"""A wheel holds all that the package needs: one is built, put into an empty folder, and makes a report from there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
STAGES = (
    "definitions write",
    *(f"{verb} yu-2023" for verb in ("ingest", "classify", "estimate", "audit", "disclose", "show")),
    "report",
)
CALLS = """
import sys
from caseseries.cli import main
for stage in sys.argv[2].split(";"):
    assert main([*stage.split(), *sys.argv[3:]]) == 0, stage
places = {module.__file__ for name, module in sys.modules.items() if name.startswith("caseseries.")}
assert all(place.startswith(sys.argv[1]) for place in places), sorted(places)
"""


def call(*words, **more):
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the package alone, from a wheel that was built of a copy of the source."""
    root = tmp_path_factory.mktemp("wheel")
    source = root / "source"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build")
    for name in ("workflow", "config"):
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "Snakefile", "CITATION.cff", "requirements.lock"):
        shutil.copy2(ROOT / name, source / name)
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    call(*pip, "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", root, source)
    (wheel,) = root.glob("*.whl")
    call(*pip, "install", "--no-deps", "--no-index", "--target", root / "installed", wheel)
    shutil.rmtree(source)
    return root / "installed"


def test_an_installed_wheel_says_that_it_is_typed(installed):
    assert (installed / "caseseries" / "py.typed").is_file()


def test_a_report_is_made_from_an_installed_wheel(installed, tmp_path):
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "config", tmp_path / "config")
    config |= {"cohorts": ["yu-2023"], "flagship": "yu-2023", "pools": []}
    (tmp_path / "config" / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.copytree(ROOT / "data" / "yu-2023", tmp_path / "data" / "yu-2023")
    environment = os.environ | {"PYTHONPATH": str(installed)}
    call("-P", "-c", CALLS, installed, ";".join(STAGES), cwd=tmp_path, env=environment)
    page = (tmp_path / "results" / "release" / "report.html").read_text(encoding="utf-8")
    assert "2 of 4 women responded" in page
    for file in (ROOT / "workflow" / "caseseries" / "report" / "templates").glob("report.*s"):
        assert file.read_text(encoding="utf-8").strip() in page, file.name


def test_a_study_is_planned_from_an_installed_wheel(installed, tmp_path):
    """`init` and `run` work without the clone: definitions and rules are those that the wheel brought."""
    study, environment = tmp_path / "my study", os.environ | {"PYTHONPATH": str(installed)}
    call("-P", "-m", "caseseries", "init", study, env=environment)
    config = study / "config" / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("cohorts: []", "cohorts: [yu-2023]"), "utf-8")
    shutil.copytree(ROOT / "data" / "yu-2023", study / "data" / "yu-2023")
    words = [sys.executable, "-P", "-m", "caseseries", "run", "--", "-n"]
    done = subprocess.run(words, cwd=study, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ingest +1$", done.stdout, re.MULTILINE)


def test_every_file_of_the_package_stands_in_the_wheel(installed):
    package = ROOT / "workflow" / "caseseries"
    source = {file.relative_to(package) for file in package.rglob("*") if file.is_file() and file.suffix != ".pyc"}
    whole = {file.relative_to(installed / "caseseries") for file in (installed / "caseseries").rglob("*")}
    assert source <= whole, sorted(source - whole)

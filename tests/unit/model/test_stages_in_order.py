"""A stage called by hand before those that it builds on says so in one line a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from caseseries.cli import main

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with one cohort, the configuration and no results."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "data" / "kong-2017", tmp_path / "data" / "kong-2017")
    (tmp_path / "config" / "config.yaml").write_text(
        "cohorts: [kong-2017]\npools: [{id: one, title: One, members: [{cohort: kong-2017, group: rhTPO}]}]\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "missing", "stage"),
    [
        ("estimate kong-2017", "restricted/kong-2017/records", "ingest"),
        ("estimate kong-2017", "restricted/kong-2017/responses.csv", "classify"),
        ("estimate kong-2017", "restricted/kong-2017/times.csv", "classify"),
        ("pool", "restricted/kong-2017/estimates.csv", "estimate"),
        ("reconcile", "restricted/kong-2017/estimates.csv", "estimate"),
        ("reconcile", "restricted/kong-2017/description.csv", "estimate"),
        ("disclose kong-2017", "restricted/kong-2017/estimates.csv", "estimate"),
        ("disclose pooled", "restricted/pooled/estimates.csv", "pool"),
        ("show kong-2017", "release/kong-2017/estimates.csv", "disclose"),
        ("show pooled", "release/kong-2017/estimates.csv", "disclose"),
        ("report", "release/kong-2017/estimates.csv", "disclose"),
        ("seal", "release/report.html", "report"),
    ],
)
def test_the_stage_that_is_missing_is_named(project, capsys, words, missing, stage):
    assert main(words.split()) == 2
    assert f"{missing}: the file is missing: run the {stage} stage first" in capsys.readouterr().err.splitlines()

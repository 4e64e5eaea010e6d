"""A cohort without a fault, for the tests that give it one."""

import shutil
from pathlib import Path

import pytest

MESSAGES = Path(__file__).resolve().parents[2] / "messages" / "ingest"


@pytest.fixture
def good(tmp_path):
    folder = tmp_path / "data" / "good-cohort"
    shutil.copytree(MESSAGES / "good-cohort", folder)
    return folder

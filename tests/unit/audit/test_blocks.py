"""A large cohort is audited block by block as it is at once."""

from __future__ import annotations

import pytest

from caseseries.audit import audit
from caseseries.audit import choices as audit_choices
from caseseries.cli import main
from caseseries.model import records as model_records
from caseseries.model.layout import Layout
from caseseries.model.records import count_blocks
from unit.some_cohort import simulated_study

FILES = ("dosing", "eligibility", "audit", "flow", "audit_choices")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with a synthetic cohort of fifty."""
    return simulated_study(tmp_path_factory.mktemp("study"))


def audited(study, results):
    """Bytes of each result, and in how many blocks the records lie."""
    layout = Layout(study / "data", results=study / results)
    words = ["--data", str(layout.data), "--results", str(layout.results)]
    for verb in ("ingest", "audit"):
        assert main([verb, "simulated", *words]) == 0
    return [layout.path(name, "simulated").read_bytes() for name in FILES], count_blocks(layout.records("simulated"))


@pytest.mark.parametrize("most", [5_000, 20], ids=["all are judged again", "a sample is judged again"])
def test_blocks_give_the_same_bytes(study, monkeypatch, most):
    for module in (audit, audit_choices):
        monkeypatch.setattr(module, "MOST_TRIED", most)
    at_once, one = audited(study, f"at-once-{most}")
    monkeypatch.setattr(model_records, "BLOCK", 9)
    in_blocks, several = audited(study, f"in-blocks-{most}")
    assert (one, several) == (1, 6)
    assert all(table.count(b"\n") > 3 for table in at_once)
    assert in_blocks == at_once

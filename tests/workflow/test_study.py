"""A study apart from the software: made, run with its own definition, and nothing of it written to the software."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.workflow


def test_a_study_is_run_with_its_own_definition_beside_the_shipped_ones(fresh, tmp_path):
    study = tmp_path / "my study"
    assert fresh.call("caseseries", "init", str(study)).returncode == 0
    config = study / "config" / "config.yaml"
    chosen = "definitions: [as_reported, example2024]"
    text = config.read_text(encoding="utf-8").replace("cohorts: []", "cohorts: [yu-2023]")
    config.write_text(text.replace("definitions: all", chosen), encoding="utf-8")
    shutil.copytree(fresh.root / "data" / "yu-2023", study / "data" / "yu-2023")
    before = fresh.release()

    done = fresh.call("caseseries", "run", "--study", str(study))
    assert done.returncode == 2
    assert "example2024: no such response definition" in done.stdout

    example = (ROOT / "docs" / "add-a-definition.md").read_text(encoding="utf-8")
    own = example.split("```yaml\n", 1)[1].split("```", 1)[0]
    (study / "config" / "definitions" / "example-2024.yaml").write_text(own, encoding="utf-8")
    done = fresh.call("caseseries", "run", "--study", str(study))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "example2024" in (study / "results" / "release" / "yu-2023" / "estimates.csv").read_text(encoding="utf-8")
    assert fresh.release() == before
    done = fresh.call("caseseries", "run", "--study", str(study))
    assert done.stdout.startswith("Nothing to be done")

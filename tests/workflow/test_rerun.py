"""Only what a change touches is done again; a new cohort is a folder and a name."""

import os
import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

ROOT = Path(__file__).parents[2]
ACROSS = {
    *((stage, "") for stage in ("pool", "reconcile", "recompute", "report", "seal")),
    *((stage, "pooled") for stage in ("disclose", "show", "export")),
}
OF_A_COHORT = ("ingest", "classify", "estimate", "audit", "disclose", "show", "export")


def test_changed_cohort_reruns_its_own_jobs_only(fresh):
    episodes = fresh.root / "data" / "michel-2020" / "episodes.csv"
    lines = episodes.read_text().splitlines()
    episodes.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    own = {(stage, "michel-2020") for stage in OF_A_COHORT}
    assert fresh.planned() == own | ACROSS


def test_touched_cohort_reruns_nothing(fresh):
    (fresh.root / "data" / "michel-2020" / "episodes.csv").touch()
    assert fresh.planned() == set()


def changes_told():
    """What docs/study-folder.md says that a change runs again: the file of each row, and its stages."""
    page = (ROOT / "docs" / "study-folder.md").read_text(encoding="utf-8")
    told = page.partition("## What a change runs again")[2].partition("\n## ")[0]
    rows = [re.findall("`([^`]+)`", line) for line in told.splitlines() if line.startswith("| ")]
    return [(name, set(verbs)) for name, *verbs in filter(None, rows)]


CHANGES = changes_told()


def test_the_page_tells_of_every_kind_of_change():
    assert len(CHANGES) == 7
    assert all(verbs and "seal" in verbs for _, verbs in CHANGES)


def older(path):
    """Give a file a time before all results: so it comes out of an archive, or of a copy that keeps times."""
    os.utime(path, (10**9, 10**9))


@pytest.mark.parametrize(("name", "verbs"), CHANGES, ids=[name for name, _ in CHANGES])
def test_a_change_that_looks_older_than_the_results_is_seen(fresh, name, verbs):
    path = fresh.root / name
    older(path)
    assert fresh.planned() == set()
    comment = "/* changed */" if path.suffix == ".css" else "# changed"
    text = path.read_text(encoding="utf-8").rstrip("\n").splitlines()
    changed = [text[0], *reversed(text[1:])] if path.suffix == ".csv" else [*text, comment]
    path.write_text("\n".join(changed) + "\n", encoding="utf-8")
    older(path)
    assert verbs <= {verb for verb, _ in fresh.planned()}


@pytest.mark.parametrize(
    ("changed", "expected", "spared"),
    [
        ("response/classify.py", "classify", "ingest"),
        ("estimate/rates.py", "estimate", "classify"),
        ("reconcile/reconcile.py", "reconcile", "estimate"),
        ("report/report.py", "report", "estimate"),
    ],
)
def test_changed_code_reruns_its_stage(fresh, changed, expected, spared):
    module = fresh.root / "workflow" / "caseseries" / changed
    module.write_text(module.read_text() + "\n# changed\n")
    verbs = {verb for verb, _ in fresh.planned()}
    assert expected in verbs
    assert spared not in verbs


def test_filled_in_flagship_changes_results_with_no_other_edit(fresh):
    """Made-up values in a copy: the shipped folder knows of no count."""
    folder = fresh.root / "data" / "yu-2023"
    header, *rows = (folder / "episodes.csv").read_text().splitlines()
    names = header.split(",")
    filled = []
    for row in rows:
        cells = dict(zip(names, row.split(","), strict=True)) | {"baseline": "10", "bleeding_recorded": "yes"}
        filled.append(",".join(cells[name] for name in names))
    (folder / "episodes.csv").write_text("\n".join([header, *filled]) + "\n")
    columns = (folder / "counts.csv").read_text().splitlines()[0].split(",")
    counts = [",".join(columns)]
    for row in rows:
        for day, count in (("7", "120"), ("14", "130")):
            cells = {"episode_id": row.split(",")[0], "day": day, "count": count}
            counts.append(",".join(cells.get(name, "") for name in columns))
    (folder / "counts.csv").write_text("\n".join(counts) + "\n")
    done = fresh.snakemake("results/release/yu-2023/estimates.csv", "--quiet")
    assert done.returncode == 0, done.stderr
    estimates = (fresh.root / "results" / "release" / "yu-2023" / "estimates.csv").read_text()
    assert any("iwg2009_confirmed" in line and ",4,4,0," in line for line in estimates.splitlines())


def test_new_cohort_is_a_folder_and_a_name(fresh):
    data = fresh.root / "data"
    shutil.copytree(data / "kong-2017", data / "kong-again")
    meta = data / "kong-again" / "cohort.yaml"
    meta.write_text(meta.read_text().replace("id: kong-2017", "id: kong-again", 1))
    config = fresh.root / "config" / "config.yaml"
    config.write_text(config.read_text().replace("  - kong-2017\n", "  - kong-2017\n  - kong-again\n"))
    own = {(stage, "kong-again") for stage in OF_A_COHORT}
    assert fresh.planned() == own | ACROSS


def test_overlay_replaces_the_list_of_cohorts(fresh):
    overlay = fresh.root / "mine.yaml"
    overlay.write_text("cohorts: [yu-2023]\npools: []\n")
    jobs = fresh.planned("--forceall", "--configfile", "config/config.yaml", "mine.yaml")
    assert {cohort for stage, cohort in jobs if cohort and stage != "definitions"} == {"yu-2023", "pooled"}


def test_new_definition_is_a_file_and_a_row_in_every_table(fresh):
    page = (ROOT / "docs" / "add-a-definition.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    (fresh.root / "config" / "definitions" / "example-2024.yaml").write_text(example, encoding="utf-8")
    done = fresh.snakemake("--quiet", "--show-failed-logs", "results/release/michel-2020/tables")
    assert done.returncode == 0, done.stderr
    release = fresh.root / "results" / "release" / "michel-2020"
    for table in ("estimates.csv", "spread.csv"):
        assert "example2024" in (release / table).read_text(encoding="utf-8")
    assert "Example 2024, 50 and doubled on two counts" in (release / "tables" / "responses.html").read_text("utf-8")


def test_further_series_join_the_report_and_keep_to_their_rules(fresh):
    overlay = ("--configfile", "config/config.yaml", "config/further-series.yaml")
    done = fresh.snakemake("--quiet", "--show-failed-logs", *overlay)
    assert done.returncode == 0, done.stderr
    release = fresh.root / "results" / "release"
    selected = (release / "sle-tpora" / "estimates.csv").read_text()
    assert "time_of_events" in selected
    assert "response_rate" not in selected
    newborns = (release / "dreyfus-1997" / "estimates.csv").read_text()
    assert "cumulative_incidence" in newborns
    assert "selected" in (release / "report.html").read_text()
    assert fresh.planned(*overlay) == set()

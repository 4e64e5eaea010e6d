"""The pipeline from nothing: what comes out, and what a second run does."""

import csv
import json
import shutil
import zipfile

import pytest

pytestmark = pytest.mark.workflow


def estimates(project, folder, **wanted):
    """Rows of a cohort's estimates.csv with the wanted values."""
    with open(project.root / "results" / "release" / folder / "estimates.csv", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in wanted.items())]


def test_flagship_rate_is_two_of_four_with_both_intervals(finished):
    wanted = {"statistic": "response_rate", "definition": "as_reported", "group": "all", "analysis": "primary"}
    rows = {row["method"]: row for row in estimates(finished, "yu-2023", **wanted)}
    for method, lower, upper in [("Wilson", 0.1500, 0.8500), ("Clopper-Pearson", 0.0676, 0.9324)]:
        row = rows[method]
        assert (row["events"], row["n"], row["not_evaluable"]) == ("2", "4", "0")
        assert float(row["lower"]) == pytest.approx(lower, abs=5e-5)
        assert float(row["upper"]) == pytest.approx(upper, abs=5e-5)


def test_flagship_has_no_standard_definition_evaluable(finished):
    rows = estimates(finished, "yu-2023", statistic="response_rate", group="all", analysis="primary")
    standard = [row for row in rows if row["definition"] != "as_reported"]
    assert len({row["definition"] for row in standard}) >= 29
    assert {(row["n"], row["not_evaluable"], row["estimate"]) for row in standard} == {("0", "4", "")}


def test_transplants_recover_in_a_median_of_19_days(finished):
    """R survival 3.5-3: survfit(Surv(tp, dp) ~ 1, conf.type = "log-log") on KMsurv's bmt."""
    (median,) = estimates(finished, "copelan-1991", statistic="median_time", group="all", cause="recovery")
    assert (median["events"], median["n"]) == ("120", "137")
    assert [float(median[name]) for name in ("estimate", "lower", "upper")] == [19, 17, 21]


def test_transplants_have_sixteen_competing_events(finished):
    rows = estimates(finished, "copelan-1991", statistic="cumulative_incidence", group="all")
    events = {}
    for row in rows:
        events[row["cause"]] = events.get(row["cause"], 0) + int(row["events"])
    assert events.pop("recovery") == 120
    assert sum(events.values()) == 16


def test_pooled_rate_over_the_rhtpo_pregnancies(finished):
    """23/31, 17/33 and 2/4 with 101 quadrature points: mu 0.48026, tau2 0.08940, pooled 0.6178."""
    rows = {row["statistic"]: row for row in estimates(finished, "pooled", cohort="pooled", analysis="main")}
    assert float(rows["pooled_rate"]["estimate"]) == pytest.approx(0.6178, abs=5e-5)
    assert float(rows["tau2"]["estimate"]) == pytest.approx(0.08940, abs=5e-5)


def test_claims_of_the_flagship_only_fit(finished):
    """Its rows of cases say no more than the printed total."""
    with open(finished.root / "results" / "release" / "claims.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    verdicts = {row["claim"]: row["verdict"] for row in rows if row["cohort"] == "yu-2023"}
    assert [verdict for claim, verdict in verdicts.items() if not claim.endswith("-in-the-news")] == [
        "consistent",
        "not_derivable",
        "not_derivable",
    ]
    assert "inconsistent" in [row["verdict"] for row in rows if row["cohort"] == "kong-2017"]


def test_second_run_has_nothing_to_do(finished):
    assert finished.planned() == set()


def test_everything_again_gives_the_same_bytes(fresh):
    before = fresh.release()
    done = fresh.snakemake("--forceall", "--quiet")
    assert done.returncode == 0, done.stderr
    after = fresh.release()
    moved = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    assert moved == []


def test_nothing_moved_says_verify(finished):
    done = finished.call("caseseries", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [f"{len(finished.release()) - 1} files, nothing moved."]


def test_verify_fails_where_an_input_changed_and_tells_of_what_is_not_of_the_run(fresh):
    source = fresh.root / "data" / "yu-2023" / "episodes.csv"
    source.write_text(source.read_text() + "\n")
    (fresh.root / "results" / "release" / "gone-2020").mkdir()
    (fresh.root / "results" / "release" / "gone-2020" / "estimates.csv").write_text("left by an earlier run")
    done = fresh.call("caseseries", "verify")
    assert done.returncode == 3, done.stdout + done.stderr
    assert done.stdout.splitlines()[1:] == [
        "Changed since that run: data/yu-2023/episodes.csv.",
        "The results are those of before: ./run makes them anew.",
        "No part of the run and not checked: gone-2020/.",
    ]


@pytest.mark.parametrize("folder", ["release", "restricted"])
def test_verify_names_the_file_and_the_input(fresh, folder):
    source = fresh.root / "data" / "yu-2023" / "episodes.csv"
    source.write_text(source.read_text() + "\n")
    table = fresh.root / "results" / folder / "yu-2023" / "estimates.csv"
    table.write_text(table.read_text().replace("Wilson", "wilson"))
    done = fresh.call("caseseries", "verify")
    assert done.returncode == 3
    shown = "yu-2023" if folder == "release" else "restricted/yu-2023"
    assert f"{shown}/estimates.csv: changed, because of data/yu-2023/episodes.csv" in done.stdout


def test_verify_names_values_between_two_releases(fresh, tmp_path):
    release = fresh.root / "results" / "release"
    shutil.copytree(release, tmp_path / "theirs")
    same = fresh.call("caseseries", "verify", "--against", str(tmp_path / "theirs"))
    assert same.returncode == 0, same.stdout + same.stderr
    for file in [*release.rglob("*.png")][:2]:
        file.write_bytes(file.read_bytes() + b"another platform")
    drawn = fresh.call("caseseries", "verify", "--against", str(tmp_path / "theirs"))
    assert drawn.returncode == 0
    assert drawn.stdout.startswith("Same numbers, other bytes:\n  ")
    table = release / "kong-2017" / "estimates.csv"
    table.write_text(table.read_text().replace(",23,31,", ",24,31,"))
    moved = fresh.call("caseseries", "verify", "--against", str(tmp_path / "theirs"))
    assert moved.returncode == 3
    assert "kong-2017, as reported, rhTPO: 23 of 31 -> 24 of 31" in moved.stdout


def test_an_edited_result_is_not_sealed(fresh):
    page = fresh.root / "results" / "release" / "report.html"
    page.write_text(page.read_text().replace("2 of 4", "4 of 4"))
    before = fresh.release()
    done = fresh.call("caseseries", "seal")
    assert done.returncode == 3
    assert "results/release/report.html" in done.stdout
    assert fresh.release() == before


def test_a_cohort_taken_off_the_list_leaves_nothing_in_the_release(fresh):
    done = fresh.call("caseseries", "seal", "--settings", '{"cohorts": ["yu-2023", "kong-2017"]}')
    assert done.returncode == 0, done.stdout + done.stderr
    left = {folder.name for folder in (fresh.root / "results" / "release").iterdir() if folder.is_dir()}
    assert left == {"yu-2023", "kong-2017", "pooled", "tables", "figures"}
    assert (fresh.root / "results" / "restricted" / "michel-2020").is_dir()


def test_crate_lists_every_released_file(finished):
    folder = finished.root / "results" / "release"
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    listed = {item["@id"] for item in crate["@graph"] if item["@type"] == "File"}
    assert listed == set(finished.release()) - {"MANIFEST.sha256", "ro-crate-metadata.json"}


def test_release_names_no_folder_of_this_machine(finished):
    machine = str(finished.root).encode()
    assert [name for name, content in finished.release().items() if machine in content] == []


def test_snakemake_report_is_made(finished, tmp_path):
    done = finished.snakemake("--report", str(tmp_path / "provenance.zip"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "provenance.zip").stat().st_size > 100_000


def test_workflow_passes_lint(finished):
    done = finished.snakemake("--lint")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_literature_is_in_the_page_in_word_and_in_excel(finished):
    release = finished.root / "results" / "release"
    with zipfile.ZipFile(release / "tables.docx") as document, zipfile.ZipFile(release / "tables.xlsx") as book:
        texts = [document.read("word/document.xml").decode(), book.read("xl/sharedStrings.xml").decode()]
    texts.append((release / "report.html").read_text(encoding="utf-8"))
    texts.append((release / "tables" / "literature_rhtpo-pregnancy.csv").read_text(encoding="utf-8"))
    for text in texts:
        for said in ("CEOG 2025", "Liu 2023, 15000 U daily", "63.2", "no count printed", "prednisone, rhTPO"):
            assert said in text
    for text in texts[:3]:
        assert "CEOG 2025 is not pooled: four treatments were given at once" in text

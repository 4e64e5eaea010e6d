"""A rule is its row of the stages: it reads, writes and runs what the row says, and the row says all of it."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from caseseries.model.stages import FOR_LARGE, PATHS, ROOMS, SOURCES, STAGES, VERBS, WHOLE, maker_of, stage_of_rule

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "workflow"
WRITTEN = {file.stem: file.read_text(encoding="utf-8") for file in sorted((WORKFLOW / "rules").glob("*.smk"))}
RULES = {
    block.partition(":")[0]: block
    for text in WRITTEN.values()
    for block in re.split(r"^rule ", text, flags=re.MULTILINE)[1:]
}
SHARDED = {"classify_shard": "classify", "classify_gather": "classify"}
"""Further rules of a stage, by which a large cohort takes it in shards."""
BY_RULE = pytest.mark.parametrize("stage", STAGES, ids=[stage.rule for stage in STAGES])


def imported(file):
    """Modules of the package that a file imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("caseseries"):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("caseseries"))


def reached(module):
    """Files of the package that a module reaches."""
    found, waiting = set(), [module]
    while waiting:
        path = WORKFLOW.joinpath(*waiting.pop().split("."))
        for file in (path.with_suffix(".py"), path / "__init__.py"):
            if file.exists() and file not in found:
                found.add(file)
                waiting += imported(file)
    return found


def test_every_stage_has_a_rule_and_every_rule_a_stage():
    assert list(RULES) and sorted(RULES) == sorted([*(stage.rule for stage in STAGES), *SHARDED])


def test_every_rule_of_small_cohorts_has_one_of_large_ones_in_its_place():
    """`run` hands that on too where the rule is named."""
    begun = re.compile(r"^(?:use rule \w+ as|rule) (\w+)(?: with)?:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
    written = {name: body for text in WRITTEN.values() for name, body in begun.findall(text)}
    assert {name for name, body in written.items() if "cohort=small()" in body} == set(FOR_LARGE)
    for name, instead in FOR_LARGE.items():
        assert "cohort=large()" in written[instead]
        assert (
            f'**outputs("{name}", large=True)' in written[instead] or f"use rule {name} as {instead} " in WRITTEN[name]
        )


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_asks_for_memory_and_time_by_the_size_of_what_it_reads(rule):
    assert f'    resources:\n        **needs("{rule}"),\n' in RULES[rule]
    assert f'    "{rule}": (' in WRITTEN["common"]


@pytest.mark.parametrize("rule", SHARDED)
def test_a_rule_of_shards_reads_what_its_stage_does(rule):
    stage = SHARDED[rule]
    assert f'"python -m caseseries {stage} ' in RULES[rule]
    assert f'**inputs("{stage}")' in RULES[rule]
    assert f'settings=settings("{stage}")' in RULES[rule]
    assert "        sources=sources,\n" in RULES[rule]


def test_the_snakefile_includes_the_rules_in_the_order_of_the_stages():
    included = re.findall(r'include: "workflow/rules/(\w+)\.smk"', (ROOT / "Snakefile").read_text(encoding="utf-8"))
    assert included == ["common", *dict.fromkeys(stage.verb for stage in STAGES)]
    assert sorted(included) == sorted(WRITTEN)


@BY_RULE
def test_a_rule_calls_its_verb_and_takes_all_from_its_row(stage):
    rule = RULES[stage.rule]
    assert f'"python -m caseseries {stage.verb} ' in rule
    assert f'**inputs("{stage.rule}")' in rule
    assert f'**outputs("{stage.rule}"' in rule
    assert ("{wildcards.cohort:q}" in rule) == stage.of_a_cohort
    assert (f'settings=settings("{stage.rule}")' in rule) == ("--settings {params.settings:q}" in rule)
    if stage.settings:
        assert "--settings" in rule


@BY_RULE
def test_a_rule_compares_the_contents_of_its_sources(stage):
    """Without it a changed file with an older time than the results would go unseen."""
    assert "        sources=sources,\n" in RULES[stage.rule]


@BY_RULE
def test_a_stage_reads_sources_and_what_stages_above_it_make(stage):
    above = {name for other in STAGES[: STAGES.index(stage)] for name in other.outputs}
    assert [name for name in stage.inputs if name not in above | set(SOURCES)] == []


def test_a_result_has_one_maker_and_one_place():
    names = [name for stage in STAGES for name in stage.outputs]
    assert len(names) == len(set(names)) == len(set(PATHS.values()))
    assert not set(names) & set(SOURCES)


@BY_RULE
def test_rooms_of_a_stage_hold_all_code_that_it_reaches(stage):
    declared = {file for room in stage.rooms for file in (WORKFLOW / "caseseries" / room).rglob("*.py")}
    package = WORKFLOW / "caseseries" / "__init__.py"
    missing = reached(stage.module) - declared - {package}
    assert sorted(str(file.relative_to(WORKFLOW)) for file in missing) == []


@BY_RULE
def test_rooms_of_a_stage_are_rooms(stage):
    assert stage.rooms == WHOLE or set(stage.rooms) <= set(ROOMS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_stands_in_a_room(verb):
    """But for `run` and `check`, which stand on top of them like the command line itself."""
    room = VERBS[verb].module.split(".")[1]
    assert room in ROOMS or verb in ("run", "check")


EVERYWHERE = [stage for stage in STAGES if not stage.only_with]


@pytest.mark.workflow
def test_a_stage_that_needs_a_table_is_called_for_the_cohorts_that_have_it(fresh):
    (fresh.root / "data" / "kong-2017" / "curves.csv").write_text(
        "curve,group,outcome,kind,day,value,error\n"
        "made-up,rhTPO,response,survival,5,0.968,0.005\nmade-up,rhTPO,response,survival,30,0.968,0.005\n",
        encoding="utf-8",
    )
    assert {cohort for verb, cohort in fresh.planned() if verb == "reconstruct"} == {"kong-2017"}
    places = [path.format(cohort="kong-2017") for path in stage_of_rule("reconstruct").outputs.values()]
    done = fresh.snakemake(*places)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all((fresh.root / place).is_file() for place in places)


@pytest.mark.workflow
@pytest.mark.parametrize("stage", EVERYWHERE, ids=[stage.rule for stage in EVERYWHERE])
def test_a_stage_needs_no_more_than_its_row_says_and_writes_all_of_it(stage, finished, tmp_path):
    """Called in a folder with its sources and inputs alone, it writes what the row says, with the same bytes."""
    cohort = "michel-2020"
    project = type(finished)(tmp_path / "a case series")
    given = ["config", *(f"data/{folder.name}" for folder in (finished.root / "data").iterdir())]
    given += [PATHS[name] for name in stage.inputs if maker_of(name)]
    given += ["workflow", "CITATION.cff", "results/restricted/.made"]
    for name in given:
        for source in finished.root.glob(name.format(cohort="*").rstrip("/")):
            target = project.root / source.relative_to(finished.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy2(source, target)
    places = [path.format(cohort=cohort) for path in stage.outputs.values()]
    for place in places:  # what a glob has taken with it
        shutil.rmtree(project.root / place, ignore_errors=True)
        (project.root / place.rstrip("/")).unlink(missing_ok=True)
    (call,) = re.findall(r'"python -m caseseries (.*?) > ', RULES[stage.rule])
    call = call.replace("{wildcards.cohort:q}", cohort).replace("{params.configuration:q}", "config/config.yaml")
    words = call.replace(" --settings {params.settings:q}", "").split()
    before = contents(project.root)
    done = project.call("caseseries", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    made = {name: text for name, text in contents(project.root).items() if before.get(name) != text}
    wanted = {
        name: text
        for name, text in contents(finished.root).items()
        if name in places or any(place.endswith("/") and name.startswith(place) for place in places)
    }
    assert wanted
    assert sorted(made) == sorted(wanted)
    assert [name for name in made if made[name] != wanted[name]] == []


@pytest.mark.workflow
def test_a_large_cohort_goes_through_shards_to_the_same_estimates(fresh):
    """With the sizes lowered: blocks of 9 episodes, two shards."""
    cohort, model = "simulated-rhtpo", fresh.root / "workflow" / "caseseries" / "model"
    lowered = {"layout.py": {"LARGE": 1_000, "SHARD": 12_000}, "records.py": {"BLOCK": 9}}
    for name, sizes in lowered.items():
        text = (model / name).read_text(encoding="utf-8")
        for size, value in sizes.items():
            text = re.sub(rf"^{size} = .*$", f"{size} = {value}", text, flags=re.MULTILINE)
        (model / name).write_text(text, encoding="utf-8")
    folder = fresh.root / "results" / "restricted" / cohort
    before = (folder / "estimates.csv").read_bytes()
    for name in ("responses.csv", "times.csv"):
        (folder / name).unlink()
    done = fresh.call("caseseries", "run", "--", "--dry-run", "--until", "classify")
    assert done.returncode == 0, done.stdout + done.stderr
    planned = set((done.stdout + done.stderr).split())
    assert {"classify", "classify_shard", "classify_gather"} <= planned and "estimate" not in planned
    done = fresh.snakemake("--show-failed-logs", "--printshellcmds", f"results/restricted/{cohort}/estimates.csv")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"--shard 1-of-2", "--shard 2-of-2", "--gather 2"} <= set(
        re.findall(r"--(?:shard|gather) \S+", done.stdout + done.stderr)
    )
    assert not (folder / "shards").exists() and (folder / "responses.parquet").exists()
    assert (folder / "estimates.csv").read_bytes() == before


def contents(root):
    """Every result with its bytes."""
    files = {file.relative_to(root).as_posix(): file for file in (root / "results").rglob("*") if file.is_file()}
    return {name: file.read_bytes() for name, file in files.items() if "/." not in name}

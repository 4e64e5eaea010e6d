"""The configuration: its page is in step, its faults are named by line, all at once."""

from argparse import Namespace
from pathlib import Path

import pytest

from caseseries.model.config import Config, configuration_files, contradictions, load_files, load_settings, merge
from caseseries.model.config_page import write_config_page
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout

ROOT = Path(__file__).parents[3]


def test_config_page_is_in_step_with_the_models():
    shipped = (ROOT / "config" / "README.md").read_text(encoding="utf-8")
    assert shipped == write_config_page(), "run: python -m caseseries.model.config_page"


def test_shipped_configuration_is_good():
    config = load_settings(Namespace(settings=None), Layout(config=ROOT / "config"))
    assert config.flagship in config.cohorts
    assert all((ROOT / "data" / cohort / "cohort.yaml").exists() for cohort in config.cohorts)


def test_cohorts_alone_are_enough(tmp_path):
    (tmp_path / "config.yaml").write_text("cohorts: [a-2020]\n")
    config = load_settings(Namespace(settings=None), Layout(config=tmp_path))
    assert (config.flagship, config.definitions, config.level, config.incidence_day) == (None, "all", 0.95, 28)
    assert (config.main_definition, config.pools) == (Config(cohorts=["b-2021"]).main_definition, [])
    assert config.main_definition


def faults_of(tmp_path, text):
    """Messages for a configuration."""
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(BadInput) as caught:
        load_settings(Namespace(settings=None), Layout(config=tmp_path))
    return str(caught.value).splitlines()


def test_every_fault_is_named_with_its_line(tmp_path):
    text = "cohorts: []\nlevle: 0.95\npools:\n  - id: a\n    titel: b\n    members: []\n"
    assert faults_of(tmp_path, text) == [
        "config/config.yaml, line 1, cohorts: the list must hold at least 1 item",
        "config/config.yaml, line 2, levle: the key is unknown; did you mean level?",
        "config/config.yaml, line 4, pools.0.title: the key is required",
        "config/config.yaml, line 5, pools.0.titel: the key is unknown; did you mean title?",
        "config/config.yaml, line 6, pools.0.members: the list must hold at least 1 item",
    ]


def test_level_outside_one_half_and_one_is_refused(tmp_path):
    assert faults_of(tmp_path, "cohorts: [a]\nlevel: 95\n") == [
        "config/config.yaml, line 2, level: the value must be less than 1"
    ]


def test_settings_of_the_workflow_take_the_place_of_the_file():
    settings = '{"cohorts": ["a"], "pools": []}'
    assert load_settings(Namespace(settings=settings), Layout(config=Path("nowhere"))).cohorts == ["a"]


def test_files_merge_as_the_workflow_merges_them(tmp_path):
    (tmp_path / "config.yaml").write_text("cohorts: [a-2020, b-2021]\nlevel: 0.9\npools: []\n")
    (tmp_path / "my.yaml").write_text("cohorts: [c-2022]\n")
    config, findings = load_files([tmp_path / "config.yaml", tmp_path / "my.yaml"])
    assert findings == []
    assert (config.cohorts, config.level) == (["c-2022"], 0.9)


def test_an_overlay_stands_on_config_yaml_named_or_not(tmp_path):
    mine, shipped = tmp_path / "my.yaml", tmp_path / "config.yaml"
    layout = Layout(config=tmp_path)
    assert configuration_files(layout, None) == []
    assert configuration_files(layout, [mine]) == [mine]
    shipped.write_text("cohorts: [a-2020]\n")
    assert configuration_files(layout, None) == [shipped]
    assert configuration_files(layout, [mine]) == [shipped, mine]
    assert configuration_files(layout, [shipped, mine]) == [shipped, mine]


def test_a_fault_of_an_overlay_names_its_files_and_line(tmp_path):
    (tmp_path / "config.yaml").write_text("cohorts: [a-2020]\n")
    (tmp_path / "my.yaml").write_text("cohorts: [c-2022]\nflagshop: c-2022\n")
    with pytest.raises(BadInput, match=r"my\.yaml, line 2, flagshop: the key is unknown; did you mean flagship\?"):
        load_files([tmp_path / "config.yaml", tmp_path / "my.yaml"])


def test_a_key_in_the_wrong_place_is_not_suggested_for_itself(tmp_path):
    assert faults_of(tmp_path, "cohort: [a]\ncohorts: [a]\n") == [
        "config/config.yaml, line 1, cohort: the key is unknown; did you mean cohorts?"
    ]


def test_what_does_not_fit_together_is_named_with_its_line(tmp_path):
    text = """cohorts: [alpha-2020, beta-2021, alpha-2020]
flagship: gamma-2022
definitions: []
pools:
  - {id: a, title: A, members: [{cohort: alpah-2020}, {cohort: gamma-2022}]}
  - {id: a, title: A, members: [{cohort: beta-2021}]}
"""
    assert faults_of(tmp_path, text) == [
        "config/config.yaml, line 1, cohorts: alpha-2020 must stand in the list once",
        "config/config.yaml, line 2, flagship: the flagship must stand in the list of cohorts"
        " (for example: alpha-2020)",
        "config/config.yaml, line 3, definitions: the list must name a response definition"
        " (for example: definitions: all)",
        "config/config.yaml, line 5, pools.a: alpah-2020 must stand in the list of cohorts (for example: alpha-2020)",
        "config/config.yaml, line 5, pools.a: gamma-2022 must stand in the list of cohorts (for example: pools: [])",
        "config/config.yaml, line 6, pools.a: each pool needs an id of its own (for example: a-2)",
    ]


def two_groups(*groups):
    """Rules for a pool of two groups of one cohort."""
    members = [{"cohort": "a", "group": group} for group in groups]
    config = Config.model_validate({"cohorts": ["a"], "pools": [{"id": "some", "title": "S", "members": members}]})
    return [rule for _, _, rule, _ in contradictions(config)]


@pytest.mark.parametrize("groups", [("rhTPO", "rhTPO"), ("all", "rhTPO"), ("rhTPO", "all")])
def test_the_same_people_must_not_be_counted_twice(groups):
    same = f"{groups[0]} and {groups[1]} of a are the same people and must not be pooled together"
    assert two_groups(*groups) == [same]


def test_two_groups_of_a_cohort_are_different_people():
    assert two_groups("rhTPO", "IVIg") == []


def test_what_an_overlay_leaves_behind_has_no_line_of_the_overlay(tmp_path):
    pool = "pools: [{id: some, title: S, members: [{cohort: a-2020}]}]\n"
    (tmp_path / "config.yaml").write_text("cohorts: [a-2020]\nflagship: a-2020\n" + pool)
    (tmp_path / "my.yaml").write_text("cohorts: [c-2022]\n")
    _, findings = load_files([tmp_path / "config.yaml", tmp_path / "my.yaml"])
    assert [(finding.column, finding.line) for finding in findings] == [("flagship", 0), ("pools.some", 0)]


def test_mappings_join_and_lists_are_replaced():
    below = {"a": {"x": 1, "y": [1, 2]}, "b": 1}
    assert merge(below, {"a": {"y": [3]}, "c": 2}) == {"a": {"x": 1, "y": [3]}, "b": 1, "c": 2}
    assert below == {"a": {"x": 1, "y": [1, 2]}, "b": 1}


def test_a_source_is_pooled_or_stands_beside(tmp_path):
    pool = "pools:\n  - id: a\n    title: b\n    members: [{cohort: yu-2023}]\n    beside:\n"
    text = f"cohorts: [yu-2023]\n{pool}      - {{cohort: yu-2023, why: it is small}}\n"
    rule = "all of yu-2023 is pooled already and cannot stand beside it too"
    assert faults_of(tmp_path, text) == [f"config/config.yaml, line 3, pools.a: {rule}"]
    other = text.replace("- {cohort: yu-2023,", "- {cohort: yu-2024,")
    assert "yu-2024 must stand in the list of cohorts" in faults_of(tmp_path, other)[0]


NEW = "cohorts: [a, b, c]\npools:\n  - {{id: p, title: P, members: [{members}], new_series: {new}}}\n"


@pytest.mark.parametrize(
    ("members", "new"),
    [
        ("{cohort: a}, {cohort: b}", "{cohort: c}"),
        ("{cohort: a}, {cohort: b}", "{cohort: a, group: other}"),
        ("{cohort: a}", "{cohort: a}"),
    ],
)
def test_a_new_series_is_a_member_beside_another_cohort(tmp_path, members, new):
    rule = "new_series must be one of the members, and another member must be of another cohort"
    assert rule in faults_of(tmp_path, NEW.format(members=members, new=new))[0]


def test_what_says_something_of_a_new_series_is_the_members_of_other_cohorts(tmp_path):
    members = "{cohort: a}, {cohort: b, group: x}, {cohort: b, group: y}"
    (tmp_path / "config.yaml").write_text(NEW.format(members=members, new="{cohort: b, group: x}"))
    pool = load_settings(Namespace(settings=None), Layout(config=tmp_path)).pools[0]
    assert [member.cohort for member in pool.earlier] == ["a"]


@pytest.mark.parametrize("day", ["0", "4000", "28.5", "soon"])
def test_the_day_of_the_incidence_is_a_whole_day(tmp_path, day):
    assert "incidence_day" in faults_of(tmp_path, f"cohorts: [a]\nincidence_day: {day}\n")[0]

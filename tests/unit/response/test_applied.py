"""Which definitions are run on a cohort. All values are made up."""

from __future__ import annotations

import pytest

from caseseries.model.applicable import LEADS, applicable, in_order, leads_of, main_definition
from caseseries.model.findings import BadInput
from caseseries.model.results import read_table
from caseseries.response.applied import condition_findings, definitions_of
from caseseries.response.definition_files import load_definitions
from unit.response.cohort_folders import CONFIG, Study
from unit.show.toy_cohorts import make_cohort

CATALOGUE = load_definitions(CONFIG / "definitions")
EPISODES = "episode_id,baseline,bleeding_recorded,follow_up_end_day\nA,8,yes,60\n"
COUNTS = "episode_id,day,count\nA,7,60\nA,14,90\n"


def run_on(**more):
    return {one.id for one in applicable(CATALOGUE, make_cohort(**more))}


def test_those_made_for_the_condition_and_what_the_source_reports():
    assert run_on(condition="fsgs") == {"as_reported", "fsgs_remission", "fsgs_remission_outcome_based"}
    itp = run_on(condition="itp")
    assert {"as_reported", "iwg2009_confirmed", "plt50_any", "delivery_level"} < itp
    assert not itp & {"platelet_recovery_20", "waiha2020_haemoglobin"}


def test_a_condition_decides_whatever_the_analyte():
    expected = {"as_reported", "neutrophil_recovery", "platelet_recovery_20"}
    assert run_on(condition="stem_cell_transplant") == expected
    assert run_on(condition="stem_cell_transplant", analyte="neutrophils") == expected


def test_without_a_condition_all_that_judge_the_analyte():
    assert run_on(analyte="haemoglobin") == {"as_reported", "waiha2020_haemoglobin"}
    assert {"platelet_recovery_20", "iwg2009_confirmed"} < run_on()
    assert "neutrophil_recovery" not in run_on()


def test_a_definition_without_a_condition_serves_any_in_its_analyte():
    own = [one.model_copy(update={"condition": None}) for one in CATALOGUE if one.id == "plt50_any"]
    assert applicable(own, make_cohort(condition="liver_disease")) == own
    assert applicable(own, make_cohort(condition="liver_disease", analyte="haemoglobin")) == []


def test_the_cohort_names_further_ones():
    assert "plt50_any" in run_on(condition="fsgs", definitions=["plt50_any"])


def test_what_may_lead_stands_first_then_the_list_of_the_configuration_and_the_cohort_adds_to_it():
    cohort = make_cohort(condition="itp", definitions=["platelet_recovery_20"])
    found = definitions_of(cohort, CATALOGUE, ["plt50_any", "fsgs_remission", "iwg2009_single"])
    assert [one.id for one in found] == ["iwg2009_single", "plt50_any", "platelet_recovery_20"]
    found = definitions_of(cohort, CATALOGUE, ["raise_visit", "fit_stable", "plt50_any"], ["fit_stable"])
    assert [one.id for one in found] == ["fit_stable", "raise_visit", "plt50_any", "platelet_recovery_20"]


def test_no_row_of_a_definition_that_does_not_apply(tmp_path):
    study = Study(tmp_path, "condition: warm_aiha\n", episodes=EPISODES, counts=COUNTS).run()
    results = [study.layout.responses(study.name), study.layout.times(study.name), study.layout.estimates(study.name)]
    named = {name for path in results for name in read_table(path)["definition"]} - {""}
    assert named == {"as_reported", "waiha2020_haemoglobin"}


def test_the_command_runs_what_it_names(tmp_path):
    study = Study(tmp_path, "condition: warm_aiha\n", episodes=EPISODES, counts=COUNTS)
    assert study.verb("ingest", study.name) == 0
    assert study.verb("classify", study.name, "--definitions", "plt50_any") == 0
    assert study.classes("plt50_any") == {"A": "yes"}


def test_an_unknown_definition_of_the_cohort_is_refused(tmp_path, capsys):
    study = Study(tmp_path, "definitions: [plt50_anny]\n", episodes=EPISODES, counts=COUNTS)
    assert study.verb("ingest", study.name) == 0
    capsys.readouterr()
    assert study.verb("classify", study.name) == 2
    said = capsys.readouterr().err
    assert "made-up/cohort.yaml, definitions: plt50_anny: no such response definition; did you mean plt50_any?" in said


MAIN = {
    "main_definition: plt50_anny": "plt50_anny: no such response definition; did you mean plt50_any?",
    "condition: fsgs\nmain_definition: plt50_any": "it was made for itp, and the condition of the cases is fsgs",
    "analyte: haemoglobin\nmain_definition: plt50_any": "and the analyte of the cohort is haemoglobin",
}


@pytest.mark.parametrize("lines", MAIN)
def test_a_main_definition_that_is_unknown_or_not_run_is_refused(tmp_path, capsys, lines):
    study = Study(tmp_path, lines + "\n", episodes=EPISODES, counts=COUNTS)
    assert study.verb("ingest", study.name) == 0
    capsys.readouterr()
    assert study.verb("classify", study.name) == 2
    said = capsys.readouterr().err
    assert "made-up/cohort.yaml, main_definition: " in said
    assert MAIN[lines] in said


def test_a_main_definition_that_the_configuration_does_not_list_is_refused_or_run_by_name():
    cohort = make_cohort(main_definition="plt50_any")
    with pytest.raises(BadInput, match=r"config\.yaml does not list it"):
        definitions_of(cohort, CATALOGUE, ["as_reported"])
    named = cohort.model_copy(update={"definitions": ["plt50_any"]})
    assert [one.id for one in definitions_of(named, CATALOGUE, ["as_reported"])] == ["plt50_any", "as_reported"]


def test_the_cohort_names_what_leads_then_the_authors_then_the_consensus():
    shown = ["advance_6of8", "iwg2009_single", "kong2017_abstract", "as_reported", "romi_bussel2009"]
    cohort = make_cohort(main_definition="romi_bussel2009", source_definition="kong2017_abstract")
    order = []
    while shown:
        order.append(main_definition(leads_of(cohort, CATALOGUE), shown))
        if not order[-1]:
            break
        shown.remove(order[-1])
    assert order == ["romi_bussel2009", "as_reported", "kong2017_abstract", "iwg2009_single", ""]
    assert main_definition(leads_of(cohort, CATALOGUE, ["advance_6of8"]), ["ash2019_early", "advance_6of8"]) == (
        "advance_6of8"
    )


def test_a_timed_outcome_stands_for_the_authors_and_the_only_rule_of_a_condition_leads():
    assert main_definition(LEADS, ["plt50_any", "as_reported_relapse"]) == "as_reported_relapse"
    alone = leads_of(make_cohort(condition="warm_aiha"), CATALOGUE)
    assert main_definition(alone, ["waiha2020_haemoglobin"]) == "waiha2020_haemoglobin"
    two = leads_of(make_cohort(condition="fsgs"), CATALOGUE)
    assert main_definition(two, ["fsgs_remission", "fsgs_remission_outcome_based"]) == ""


def test_the_grid_of_choices_is_that_of_the_main_definition_if_it_asks_for_confirmation(tmp_path):
    for number, (lines, base) in enumerate(
        {"": "iwg2009_confirmed", "main_definition: iwg2009_confirmed_pair\n": "iwg2009_confirmed_pair"}.items()
    ):
        study = Study(tmp_path / str(number), f"condition: itp\n{lines}", episodes=EPISODES, counts=COUNTS).run()
        choices = read_table(study.layout.choices(study.name))
        assert set(choices.loc[choices["analysis"] == "grid", "definition"]) == {base}
        assert "neutrophil_recovery" not in set(choices["definition"])


@pytest.mark.parametrize(("condition", "hint"), [("itpp", "did you mean itp?"), ("dengue", "only what the source")])
def test_a_condition_that_no_definition_was_made_for_is_asked_about(condition, hint):
    (found,) = condition_findings(make_cohort(condition=condition), CATALOGUE)
    assert (found.file, found.column, found.severity) == ("toy-2024/cohort.yaml", "condition", "warning")
    assert hint in found.rule
    assert not condition_findings(make_cohort(condition="itp"), CATALOGUE)
    assert not condition_findings(make_cohort(), CATALOGUE)


def test_the_main_definition_stands_first_with_its_source_and_the_others_keep_their_places():
    cohort = make_cohort(condition="itp", main_definition="fit_stable", source_definition="kong2017_registry")
    ordered = in_order(CATALOGUE, leads_of(cohort, CATALOGUE))
    names = [one.id for one in ordered]
    assert names[:4] == ["fit_stable", "fit_overall", "as_reported", "kong2017_registry"]
    assert names[4:6] == ["iwg2009_confirmed", "iwg2009_single"]
    sources = [one.cited.citation for one in ordered]
    assert len(list(dict.fromkeys(sources))) == sum(a != b for a, b in zip(["", *sources], sources, strict=False))
    rest = [name for name in names if name.startswith(("advance", "ash", "luna3"))]
    assert rest == [one.id for one in CATALOGUE if one.id in rest]
    assert sorted(names) == sorted(one.id for one in CATALOGUE)

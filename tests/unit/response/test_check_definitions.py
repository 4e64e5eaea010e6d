"""What `check` asks about running definitions on a cohort. All values are made up."""

from __future__ import annotations

from caseseries.model.results import read_table
from caseseries.words.response import say_already_met
from unit.response.cohort_folders import Study

LIVER = "episode_id,baseline,bleeding_recorded,follow_up_end_day\nA,258,yes,90\nB,142,yes,90\nC,,yes,90\n"
LIVER_COUNTS = "episode_id,day,count\nA,30,244\nB,30,150\nC,30,180\n"
LOW = "episode_id,baseline,bleeding_recorded,follow_up_end_day\nA,64,yes,90\nB,8,yes,90\n"
LOW_COUNTS = "episode_id,day,count\nA,7,66\nA,30,70\nB,7,44\nB,30,90\n"


def warnings(study, capsys):
    """Column and rule of each warning of `check`."""
    capsys.readouterr()
    assert study.verb("check", str(study.folder)) == 0
    lines = capsys.readouterr().out.partition("Warnings:")[2].splitlines()
    found = [line.strip().split(": ", 1) for line in lines if line.startswith("  ")]
    return [(where.rpartition(", ")[2], rule) for where, rule in found]


def rules_on(study, capsys, column):
    return [rule for where, rule in warnings(study, capsys) if where == column]


def test_who_never_had_low_counts_is_counted(tmp_path, capsys):
    said = rules_on(Study(tmp_path, episodes=LIVER, counts=LIVER_COUNTS), capsys, "baseline")
    (met,) = [rule for rule in said if "already meets" in rule]
    assert met.startswith("in 2 of 3 cases the baseline already meets the count that a definition asks for")
    assert "(2)" in met


def test_a_definition_that_was_made_for_nobody_here_is_named(tmp_path, capsys):
    said = rules_on(Study(tmp_path, episodes=LIVER, counts=LIVER_COUNTS), capsys, "baseline")
    (nobody,) = [rule for rule in said if "nobody is known to have one" in rule]
    assert nobody.startswith("kong2017_abstract was made for patients with a baseline below 30 × 10⁹/L")


def test_nothing_is_asked_where_the_rules_were_made_for_something_else(tmp_path, capsys):
    study = Study(tmp_path, "condition: warm_aiha\n", episodes=LIVER, counts=LIVER_COUNTS)
    assert not rules_on(study, capsys, "baseline")


def test_a_single_case_whose_baseline_meets_a_rule_of_fifty_but_none_of_doubling(tmp_path, capsys):
    study = Study(tmp_path, "condition: itp\n", episodes=LOW, counts=LOW_COUNTS)
    (said,) = rules_on(study, capsys, "baseline")
    assert said.startswith("in 1 of 2 cases")
    study.run()
    assert study.already_met("plt50_any") == (1, 2)
    assert study.already_met("raise_visit") == (1, 2)
    for doubling in ("iwg2009_single", "romi_bussel2009", "kong2017_registry", "as_reported"):
        assert study.already_met(doubling) is None, doubling


def test_outside_the_entry_nobody_is_a_responder_and_none_stands_in_the_bounds(tmp_path):
    study = Study(tmp_path, "condition: itp\n", episodes=LOW, counts=LOW_COUNTS).run()
    assert study.classes("kong2017_abstract") == {"A": "NE", "B": "R"}
    rates = study.rates("kong2017_abstract")
    assert rates["response_rate"] == (1, 1)
    assert rates["response_rate_best_case"] == rates["response_rate_worst_case"] == (1, 2)
    rows = read_table(study.layout.responses(study.name)).set_index(["definition", "episode_id"])
    assert rows.loc[("kong2017_abstract", "A"), "because"] == "baseline_outside"
    assert "whom the definition was made for" in rows.loc[("kong2017_abstract", "A"), "reason"]


def test_a_condition_that_no_definition_was_made_for_is_said(tmp_path, capsys):
    study = Study(tmp_path, "condition: itpp\n", episodes=LOW, counts=LOW_COUNTS)
    (said,) = rules_on(study, capsys, "condition")
    assert "did you mean itp?" in said


def test_a_main_definition_that_is_not_run_is_an_error(tmp_path, capsys):
    study = Study(tmp_path, "condition: fsgs\nmain_definition: plt50_any\n", episodes=LOW, counts=LOW_COUNTS)
    assert study.verb("check", str(study.folder)) == 2
    assert "main_definition: plt50_any is not run on this cohort: it was made for itp" in capsys.readouterr().out


def test_it_stands_beside_each_such_rate_in_table_figure_and_sentence(tmp_path):
    study = Study(tmp_path, episodes=LIVER, counts=LIVER_COUNTS).run()
    for verb in ("audit", "disclose", "show"):
        assert study.verb(verb, study.name) == 0
    folder = study.layout.as_told().shown(study.name)
    table = (folder / "tables" / "responses.csv").read_text(encoding="utf-8")
    assert "Baseline already meets it" in table.splitlines()[0]
    (row,) = [line for line in table.splitlines() if "Any count of 50 or more" in line]
    assert row.endswith("2/3")
    assert "§ the baseline of some already meets the count" in (folder / "figures" / "rates.svg").read_text("utf-8")
    assert say_already_met(2, 3, ["a", "b"], same=True) == (
        "In 2 of 3 cases the baseline already met the count that is asked for: a response under a and b says nothing "
        "of their treatment."
    )

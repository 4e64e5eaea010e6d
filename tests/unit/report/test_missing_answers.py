"""What the report says where an answer is withheld, worked out or missing."""

from dataclasses import replace

import pandas as pd

from caseseries.estimate.rates import rate_rows
from caseseries.model import methods as m
from caseseries.model.config import Pool
from caseseries.model.results import ALREADY_MET, ESTIMATES, WITHHELD
from caseseries.report.across_section import pooled
from caseseries.report.made_section import definitions, methods_table
from caseseries.report.page import Curve
from caseseries.report.response_section import met_sentence, response_sentence, rule_sentence
from caseseries.words.labels import DefinitionLabel
from unit.report.test_response_section import sent


def test_the_rule_is_not_told_where_rates_are_withheld(tmp_path):
    found, study = sent(tmp_path, [("as_reported", 9)])
    kept_back = pd.DataFrame([{"kind": "rates"}]).reindex(columns=list(WITHHELD))
    assert rule_sentence(found, study) != ""
    assert rule_sentence(replace(found, withheld=kept_back), study) == ""


def test_where_nothing_was_estimated_no_method_is_named(tmp_path):
    found, study = sent(tmp_path, [])
    assert methods_table(replace(study, cohorts={"other-centre": found})) == []
    (told,) = definitions(study)
    assert told.text == "Classes are as reported by the authors."


def test_a_pool_of_which_no_rate_was_estimated_says_so(tmp_path):
    _, study = sent(tmp_path, [("as_reported", 9)])
    members = [{"cohort": "other-centre"}, {"cohort": "another"}]
    pool = Pool.model_validate({"id": "both", "title": "Both", "members": members, "caution": "Read it as it is."})
    (told,) = pooled(pool, study)
    assert told.text == "Not evaluable: no pooled rate was estimated."


def test_a_count_that_was_worked_out_from_print_says_so(tmp_path):
    found, study = sent(tmp_path, [])
    about = {"group": "all", "definition": "as_reported", "analysis": "aggregate", "note": "worked out from print"}
    rows = pd.DataFrame([about | row for row in rate_rows("response_rate", 2, 4, 0, 0.95)])
    told = replace(found, estimates=rows.reindex(columns=list(ESTIMATES)).assign(cohort="other-centre"))
    text = response_sentence(told, study)
    assert text.startswith("2 of 4 patients responded") and text.endswith("The count is worked out from print.")


def test_definitions_that_baselines_already_meet_are_named_with_the_most(tmp_path):
    found, study = sent(tmp_path, [])
    assert met_sentence(found, study) == ""
    about = {"cohort": "other-centre", "group": "all", "statistic": ALREADY_MET, "method": m.COUNT, "n": 9}
    rows = pd.DataFrame([about | {"definition": name, "events": met} for name, met in (("low", 3), ("high", 1))])
    study = replace(study, definitions={name: DefinitionLabel(name, name.title(), "") for name in ("low", "high")})
    said = met_sentence(replace(found, estimates=rows.reindex(columns=list(ESTIMATES))), study)
    assert "3 of 9" in said and "Low" in said and "High" in said


def test_a_curve_without_limits_has_no_band():
    nan = float("nan")
    assert Curve([(5, 0.5, nan, nan), (9, 1.0, nan, nan)]).band == ""
    assert Curve([(5, 0.5, 0.2, 0.8)]).band != ""

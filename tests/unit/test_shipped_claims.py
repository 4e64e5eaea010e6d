"""The numbers that the shipped papers print: what is derived again, what is not, and what contradicts itself."""

import json
from pathlib import Path

import pandas as pd
import yaml
from scipy.stats import chi2_contingency

from caseseries.cli import main
from caseseries.estimators.compare import fisher
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.claim import load_claims
from caseseries.model.layout import Layout

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
COHORTS = sorted(path.name for path in DATA.iterdir() if path.is_dir())

REPRODUCED = {
    "copelan-1991": ["cases", "ages"],
    "rituximab-dexamethasone-2016": ["complete-responders"],
    "giardiello-1993": ["cases"],
    "moss-2012": ["median-survival", "median-survival-interval", "median-progression-free"],
    "sobecks-2011": ["cases"],
    "spain-romiplostim-2017": ["cases"],
    "dreyfus-1997": ["cases"],
    "sle-rituximab": ["cases", "complete-responders"],
    "sle-tpora": ["cases"],
    "zanubrutinib-itp": ["cases"],
}
CONSISTENT = {
    "yu-2023": ["responders", "patients-in-the-news", "responders-in-the-news", "newborn-adverse-events-in-the-news"],
    "kong-2017": ["responders", "complete-responders"],
    "lin-2023": [
        "responders",
        "bleeding-rhtpo",
        "bleeding-control",
        "bleeding-p",
        "transfusion-rhtpo",
        "transfusion-control",
        "transfusion-p",
        "caesarean-responders",
        "caesarean-non-responders",
        "preterm-responders",
        "preterm-non-responders",
        "caesarean-p",
        "preterm-p",
    ],
    "liu-2023": ["men", "women-in-the-news"],
    "michel-2020": [
        "women-on-eltrombopag",
        "women-on-romiplostim",
        "on-eltrombopag-at-conception",
        "thromboembolic-events",
    ],
    "rituximab-dexamethasone-2016": ["sustained"],
    "dreyfus-1997": ["thrombocytopenia", "immune-mechanism"],
}
WITHOUT_CLAIMS = {
    "simulated-rhtpo": "nothing is published of simulated cases",
    "tpora-pregnancy-case-reports": "eleven reports, and no number over them",
}
INCONSISTENT = {
    "kong-2017": ["responders-as-quoted-in-a-review"],
    "michel-2020": ["preparation-for-delivery", "responders-as-quoted-in-a-review"],
    "rituximab-dexamethasone-2016": ["partial-responders"],
}
DIFFERS = {
    "liu-2023": ["patients-in-the-news", "regimen-with-the-largest-rise-in-the-news"],
    "moss-2012": ["enrolled", "median-progression-free-interval", "one-year-survival"],
}
"""Claims by verdict; every other claim is not derivable. What differs is told by others, against the publication, or
comes from more people than the open file has (Moss 2012: 41 of the 44 enrolled).
"""


def records_of(cohort):
    return type_records(examine(DATA / cohort, Layout(DATA, ROOT / "config", ROOT / "results")), cohort)


def test_verdicts_on_the_shipped_claims(tmp_path):
    settings = yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8")) | {"pools": []}
    claimed = [cohort for cohort in COHORTS if (DATA / cohort / "claims.yaml").exists()]
    settings["cohorts"] = claimed
    folders = ["--data", str(DATA), "--config", str(ROOT / "config"), "--results", str(tmp_path)]
    for cohort in claimed:
        assert main(["ingest", cohort, *folders]) == 0
        assert main(["classify", cohort, "--definitions", "as_reported", *folders]) == 0
        assert main(["estimate", cohort, *folders]) == 0
    assert main(["reconcile", "--settings", json.dumps(settings), *folders]) == 0
    verdicts = pd.read_csv(tmp_path / "restricted" / "claims.csv", keep_default_na=False)
    assert verdicts["reason"].ne("").all()
    by_verdict = {
        verdict: rows.groupby("cohort", sort=False)["claim"].agg(list).to_dict()
        for verdict, rows in verdicts.groupby("verdict")
    }
    assert by_verdict["reproduced"] == REPRODUCED
    assert by_verdict["consistent"] == CONSISTENT
    assert by_verdict["inconsistent"] == INCONSISTENT
    assert by_verdict["differs"] == DIFFERS
    assert set(by_verdict) == {"reproduced", "consistent", "differs", "inconsistent", "not_derivable"}
    reasons = verdicts.set_index(["cohort", "claim"])["reason"]
    assert reasons["liu-2023", "patients-in-the-news"] == "the publication prints 282 patients"
    assert reasons["kong-2017", "responders-as-quoted-in-a-review"].endswith("the publication prints 23 of 31, 74.2 %")


def test_every_cohort_has_its_claims():
    assert {cohort for cohort in COHORTS if not (DATA / cohort / "claims.yaml").exists()} == set(WITHOUT_CLAIMS)


def test_kong_is_23_of_31_with_10_complete_and_the_review_contradicts_itself():
    totals = records_of("kong-2017")["aggregates"].set_index("outcome")
    assert totals.loc["response", ["events", "n"]].tolist() == [23, 31]
    assert totals.loc["complete_response", ["events", "n"]].tolist() == [10, 31]
    parts = totals.loc[["complete_response", "response_not_complete", "no_response"], "events"]
    assert parts.sum() == 31
    claims = {claim.id: claim for claim in load_claims(DATA / "kong-2017")}
    assert str(claims["responders"].says.percent) == "74.2"
    review = claims["responders-as-quoted-in-a-review"]
    assert (review.says.events, review.says.n, str(review.says.percent)) == (24, 31, "74.2")
    assert review.told_by == "a later review"


def test_lin_agrees_with_itself():
    totals = records_of("lin-2023")["aggregates"].set_index(["group", "outcome"])["events"]
    assert totals["rhTPO", "response"] == 17
    split = totals["rhTPO responders", "platelet_transfusion"] + totals["rhTPO non-responders", "platelet_transfusion"]
    assert split == totals["rhTPO", "platelet_transfusion"] == 19
    for group, n in (("rhTPO responders", 17), ("rhTPO non-responders", 16)):
        assert totals[group, "vaginal_delivery"] + totals[group, "caesarean"] == n


def test_counts_of_lin_give_the_printed_percentages_and_p_values():
    """Printed: bleeding 6.1 and 25 %, P = 0.027; transfusion 57.6 and 97.9 %, P < 0.001; Table 4 by Fisher's test:
    caesarean P < 0.001, preterm P = 0.085.
    """
    rows = records_of("lin-2023")["aggregates"].set_index(["group", "outcome"])[["events", "n"]].astype("Int64")

    def pair(outcome, *groups):
        return [int(number) for group in groups for number in rows.loc[(group, outcome)]]

    bleeding = pair("bleeding", "rhTPO", "control")
    transfusion = pair("platelet_transfusion", "rhTPO", "control")
    for (a, b, c, d), percents in ((bleeding, (6.1, 25.0)), (transfusion, (57.6, 97.9))):
        assert (round(100 * a / b, 1), round(100 * c / d, 1)) == percents
    a, b, c, d = bleeding
    assert round(chi2_contingency([[a, b - a], [c, d - c]], correction=False).pvalue, 3) == 0.027
    assert round(fisher(*bleeding).p_value, 3) == 0.036
    assert fisher(*transfusion).p_value < 0.001
    table_4 = ("rhTPO responders", "rhTPO non-responders")
    assert fisher(*pair("caesarean", *table_4)).p_value < 0.001
    assert round(fisher(*pair("preterm", *table_4)).p_value, 3) == 0.085


def test_michel_rows_say_what_the_claims_on_them_say():
    """4 of 9 readable responders with other treatment, 8 of 13 before delivery, median 5 (1 to 12) weeks on the drug,
    of 11 women with a readable response 4 with a complete one.
    """
    episodes = records_of("michel-2020")["episodes"]
    responders = episodes[episodes["reported_response"].isin(["CR", "R"])]
    assert (len(responders), (responders["concomitant_therapy"] == "yes").sum()) == (9, 4)
    assert (episodes["indication"] == "preparation for delivery").sum() == 8
    weeks = episodes["weeks_on_drug"].astype(float)
    assert (weeks.median(), weeks.min(), weeks.max()) == (5, 1, 12)
    women = episodes[episodes["reported_response"] != ""].groupby("patient_id")["reported_response"]
    assert (women.ngroups, sum("CR" in set(classes) for _, classes in women)) == (11, 4)
    deaths = records_of("michel-2020")["aggregates"].query("outcome.str.contains('death')")
    assert deaths["outcome"].tolist() == ["neonatal_death_with_trisomy_8"]

"""Across cohorts: nobody is mixed up, a synthetic cohort never stands beside patients, pools find their members."""

import pandas as pd

from caseseries.estimate.rates import rate_rows
from caseseries.estimators.meta_analysis import pool_proportions
from caseseries.model.config import Pool
from caseseries.model.methods import RANDOM_INTERCEPT
from caseseries.model.results import ESTIMATES
from caseseries.show.across import cohort_rates, pool_drawing, pool_table, side_by_side_drawing, side_by_side_table
from caseseries.show.draw.draw import draw
from caseseries.words.labels import DefinitionLabel
from unit.show.toy_cohorts import make_cohort, make_rates

COHORTS = {
    "yu-2023": make_cohort("yu-2023"),
    "kong-2017": make_cohort("kong-2017"),
    "simulated-rhtpo": make_cohort("simulated-rhtpo", provenance="synthetic", profile="synthetic"),
}
POOL = Pool.model_validate(
    {
        "id": "rhtpo",
        "title": "rhTPO",
        "caution": "Read it as arithmetic.",
        "members": [{"cohort": "yu-2023"}, {"cohort": "kong-2017", "group": "rhTPO"}],
    }
)


def rates_of():
    return cohort_rates(
        {
            "yu-2023": make_rates("yu-2023", [("as_reported", "all", 2, 4, 0), ("plt50_any", "all", 0, 0, 4)]),
            "kong-2017": make_rates("kong-2017", [("as_reported", "rhTPO", 23, 31, 0)]),
            "simulated-rhtpo": make_rates(
                "simulated-rhtpo", [("as_reported", "all", 30, 38, 0), ("plt50_any", "all", 20, 36, 2)]
            ),
        }
    )


def pooled_of(members, identifier):
    rows = []
    for cohort, group, events, n in members:
        found = rate_rows("response_rate", events, n, 0, 0.95)
        rows += [row | {"cohort": cohort, "group": group, "analysis": "member"} for row in found]
    pooled = pool_proportions([m[2] for m in members], [m[3] for m in members])
    total = {
        "cohort": "pooled",
        "group": identifier,
        "analysis": "main",
        "level": 0.95,
        "method": RANDOM_INTERCEPT,
        "events": sum(m[2] for m in members),
        "n": sum(m[3] for m in members),
    }
    limits = {"estimate": pooled.estimate, "lower": pooled.lower, "upper": pooled.upper}
    rows.append(total | limits | {"statistic": "pooled_rate"})
    spread = {"lower": pooled.prediction_lower, "upper": pooled.prediction_upper}
    rows.append(total | spread | {"statistic": "prediction_interval"})
    frame = pd.DataFrame(rows).assign(definition="as_reported", case_set=identifier, cause="")
    return frame.reindex(columns=list(ESTIMATES))


def test_definitions_side_by_side():
    table = side_by_side_table(rates_of(), COHORTS, {})
    assert table.headings == ["Definition", "Yu 2023", "Kong 2017, rhTPO", "Simulated rhTPO (SYNTHETIC)"]
    assert table.texts == [
        ["The authors' own classes"],
        ["as reported", "2/4, 50 %\n(15 to 85 %)", "23/31, 74 %\n(57 to 86 %)", "30/38, 79 %\n(64 to 89 %)"],
        ["Further definitions"],
        ["plt50 any", "4 NE", "–", "20/36, 56 %\n(40 to 70 %); 2 NE"],
    ]


def test_definitions_and_cohorts_without_anybody_evaluable_are_named_in_one_line():
    more = [
        make_rates("copelan-1991", [("plt50_any", "all", 0, 0, 9)]),
        make_rates("yu-2023", [("ash2019_early", "all", 0, 0, 4)]),
    ]
    rates = pd.concat([rates_of(), *(cohort_rates({"toy": table}) for table in more)], ignore_index=True)
    table = side_by_side_table(rates, COHORTS, {})
    assert "Copelan 1991" not in table.headings
    assert table.texts[-1] == [
        "Under 1 further definition nobody in any cohort can be evaluated: ash2019 early. Under "
        "no definition can anybody be evaluated of Copelan 1991."
    ]
    assert side_by_side_table(cohort_rates({"toy": more[0]}), COHORTS, {}) is None


def test_no_synthetic_cohort_in_a_figure_of_patients():
    drawing = side_by_side_drawing(rates_of(), COHORTS, {})
    assert "2 rates of 2 cohorts under 1 definition, from 2/4 (Yu 2023) to 23/31 (Kong 2017, rhTPO)" in drawing.alt
    assert not drawing.synthetic
    texts = [text.get_text() for axes in draw(drawing).axes for text in axes.texts]
    assert "Yu 2023" in texts and not any("Simulated" in text for text in texts)


def test_only_synthetic_cohorts_give_no_figure_across():
    rates = rates_of()
    assert side_by_side_drawing(rates[rates["cohort"] == "simulated-rhtpo"], COHORTS, {}) is None
    assert side_by_side_drawing(rates.iloc[:0], COHORTS, {}) is None  # all that there is was withheld


def test_a_pool_finds_its_members_among_others():
    own = pooled_of([("yu-2023", "all", 2, 4), ("kong-2017", "rhTPO", 23, 31)], "rhtpo")
    other = pooled_of([("yu-2023", "all", 1, 4), ("other-2020", "all", 5, 9), ("kong-2017", "rhTPO", 3, 31)], "more")
    drawing = pool_drawing(pd.concat([other, own]), POOL, COHORTS, {})
    assert drawing.id == "forest_rhtpo"
    assert "Yu 2023: 2/4 50 %" in drawing.alt and "Pooled: 25/35" in drawing.alt and "Other" not in drawing.alt
    assert drawing.caption.endswith("Read it as arithmetic.")
    rows = pool_table(pd.concat([other, own]), POOL, COHORTS).texts
    assert [row[0] for row in rows] == ["Cohorts", "Yu 2023", "Kong 2017, rhTPO", "Pooled", "main analysis"]


def test_a_pool_says_under_which_definition_by_its_name():
    pooled = pooled_of([("yu-2023", "all", 2, 4), ("kong-2017", "rhTPO", 23, 31)], "rhtpo")
    labels = {"plt50_any": DefinitionLabel("plt50_any", "Any count of 50 or more", "A paper")}
    counted = POOL.model_copy(update={"definition": "plt50_any"})
    assert "(Any count of 50 or more)" in pool_drawing(pooled, counted, COHORTS, labels).caption
    assert "(as reported)" in pool_drawing(pooled, POOL, COHORTS, labels).caption


def test_a_prediction_interval_needs_five_cohorts():
    few = [("yu-2023", "all", 2, 4), ("kong-2017", "all", 23, 31), ("c", "all", 3, 9)]
    for members, shown in ((few, False), ([*few, ("d", "all", 5, 9), ("e", "all", 1, 9)], True)):
        named = [{"cohort": cohort, "group": group} for cohort, group, *_ in members]
        pool = POOL.model_copy(update={"members": [POOL.members[0].model_copy(update=name) for name in named]})
        drawing = pool_drawing(pooled_of(members, "rhtpo"), pool, COHORTS, {})
        assert ("Prediction interval" in drawing.alt) is shown
        names = [row[0] for row in pool_table(pooled_of(members, "rhtpo"), pool, COHORTS).texts]
        assert ("prediction interval for a further cohort" in names) is shown


def test_a_pool_with_a_synthetic_member_is_marked():
    members = [("yu-2023", "all", 2, 4), ("simulated-rhtpo", "all", 30, 38)]
    pool = POOL.model_copy(
        update={"members": [POOL.members[0].model_copy(update={"cohort": cohort}) for cohort, *_ in members]}
    )
    assert pool_drawing(pooled_of(members, "rhtpo"), pool, COHORTS, {}).synthetic
    assert pool_table(pooled_of(members, "rhtpo"), pool, COHORTS).synthetic


def test_a_pool_that_was_not_estimated_is_not_shown():
    empty = pd.DataFrame(columns=list(ESTIMATES))
    assert pool_drawing(empty, POOL, COHORTS, {}) is None
    assert pool_table(empty, POOL, COHORTS) is None

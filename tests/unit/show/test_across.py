"""Across cohorts: nobody is mixed up, a synthetic cohort never stands beside patients."""

import pandas as pd

from caseseries.show.across import cohort_rates, side_by_side_drawing, side_by_side_table
from caseseries.show.draw.draw import draw
from unit.show.toy_cohorts import make_cohort, make_rates

COHORTS = {
    "yu-2023": make_cohort("yu-2023"),
    "kong-2017": make_cohort("kong-2017"),
    "simulated-rhtpo": make_cohort("simulated-rhtpo", provenance="synthetic", profile="synthetic"),
}


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

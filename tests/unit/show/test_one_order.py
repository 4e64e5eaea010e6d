"""Definitions stand in one order everywhere: the main one first, with its source. All values are made up."""

from __future__ import annotations

import pandas as pd
import pytest

from caseseries.estimate.rates import rate_rows
from caseseries.model.applicable import in_order, leads_of
from caseseries.model.results import AGREEMENT, ESTIMATES, RESPONSES
from caseseries.report.definition_chooser import definition_chooser
from caseseries.report.study import CohortResults, Study
from caseseries.response.applied import definitions_of
from caseseries.response.definition_files import load_definitions
from caseseries.sensitivity.spread import spread_table
from caseseries.show.across import side_by_side_drawing, side_by_side_table
from caseseries.show.figures.agreement import agreement_drawing
from caseseries.show.figures.definitions import definitions_drawing
from caseseries.show.rates import rate_frame
from caseseries.show.tables.response import response_table
from caseseries.show.tables.spread import agreement_table
from caseseries.words.labels import labels_of
from unit.response.cohort_folders import CONFIG
from unit.show.toy_cohorts import make_cohort, make_records

CATALOGUE = load_definitions(CONFIG / "definitions")
COHORT = make_cohort(condition="itp", main_definition="fit_overall")
RUN = ["iwg2009_confirmed", "raise_visit", "plt50_any", "fit_overall", "as_reported"]
EXPECTED = ["fit_overall", "as_reported", "iwg2009_confirmed", "plt50_any", "raise_visit"]


@pytest.fixture(scope="module")
def ordered():
    return in_order(CATALOGUE, leads_of(COHORT, CATALOGUE))


@pytest.fixture(scope="module")
def labels(ordered):
    return labels_of(ordered)


@pytest.fixture(scope="module")
def estimates():
    """Rates in an order of their own; what the authors print stands last, as counts in place of cases do."""
    common = {"cohort": COHORT.id, "group": "all", "analysis": "primary", "statistic": "response_rate"}
    rows = [
        common | {"definition": name} | row
        for number, name in enumerate(RUN)
        for row in rate_rows("response_rate", number + 5, 20, 0, 0.95)
    ]
    return pd.DataFrame(rows).reindex(columns=list(ESTIMATES))


def titles_of(names, labels):
    return [labels[name].title for name in names]


def shown_in(texts, labels):
    """Ids of the definitions that are named in some texts, in their order."""
    return [name for text in texts for name in RUN if text.startswith(labels[name].title)]


def test_rows_of_the_estimates_and_of_the_spread(ordered, estimates):
    assert [one.id for one in definitions_of(COHORT, CATALOGUE, RUN)] == EXPECTED
    assert spread_table(COHORT.id, estimates, ordered)["definition"].tolist() == EXPECTED


def test_table_and_figure_of_a_cohort(estimates, labels):
    table = response_table(estimates, labels, synthetic=False)
    assert shown_in([row.cells[0].text for row in table.lines], labels) == EXPECTED
    plot = definitions_drawing(estimates, labels, cohort=COHORT.id, synthetic=False).plot
    assert shown_in([row.label for row in plot.rows if row.kind == "rate"], labels) == EXPECTED


def test_table_and_figure_across_cohorts(estimates, labels):
    rates, cohorts = rate_frame(estimates), {COHORT.id: COHORT}
    table = side_by_side_table(rates, cohorts, labels)
    assert shown_in([row.cells[0].text for row in table.lines], labels) == EXPECTED
    plot = side_by_side_drawing(rates, cohorts, labels).plot
    assert shown_in([row.label for row in plot.rows if row.kind == "heading"], labels) == EXPECTED


def test_agreement(labels):
    pairs = [(RUN[first], RUN[second]) for first in range(5) for second in range(first + 1, 5)]
    agreement = pd.DataFrame(
        [{"first": a, "second": b, "n": 20, "observed": 0.9, "kappa": 0.8, "level": 0.95, "note": ""} for a, b in pairs]
    ).reindex(columns=list(AGREEMENT))
    table = agreement_table(agreement, labels, synthetic=False)
    headings = [row.cells[0].text for row in table.rows if row.role == "heading"]
    plot = agreement_drawing(agreement, labels, cohort=COHORT.id, synthetic=False).plot
    assert list(plot.names) == titles_of(EXPECTED, labels)
    assert headings == titles_of([name for name in EXPECTED if name in dict(pairs)], labels)


def test_choices_of_the_page(estimates, labels):
    none = pd.DataFrame()
    found = CohortResults(
        cohort=COHORT,
        folder=None,
        estimates=estimates,
        description=none,
        claims=none,
        responses=pd.DataFrame(columns=list(RESPONSES)),
        query_counts=none,
        records=make_records(),
        leads=leads_of(COHORT, CATALOGUE),
    )
    study = Study(
        config=None,
        cohorts={COHORT.id: found},
        pooled=estimates.iloc[:0],
        definitions=labels,
        catalogue={one.id: one for one in CATALOGUE},
        release=None,
    )
    [chooser] = definition_chooser("fit_overall", found, study)
    assert [option.title for option in chooser.options] == titles_of(EXPECTED, labels)

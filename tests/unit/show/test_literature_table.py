"""The sources of a pool side by side: what each counted by its own rule, and what nobody counted."""

import pandas as pd

from caseseries.estimate.rates import rate_rows
from caseseries.model.config import Pool
from caseseries.model.results import ESTIMATES
from caseseries.show.tables.literature import literature_table
from unit.show.toy_cohorts import make_cohort, make_rates

POOL = Pool(
    id="all-of-them",
    title="Both",
    members=[{"cohort": "first-2020", "group": "all"}, {"cohort": "other-2021", "group": "drug A"}],
    caution="They may share patients.",
)
COHORTS = {"first-2020": make_cohort("first-2020"), "other-2021": make_cohort("other-2021", overlaps=["first-2020"])}


def estimates(harm=True):
    found = {
        "first-2020": make_rates("first-2020", [("as_reported", "all", 2, 4, 0)]),
        "other-2021": make_rates("other-2021", [("as_reported", "drug A", 5, 9, 1)]),
    }
    if harm:
        about = {"cohort": "other-2021", "group": "drug A", "definition": "as_reported", "analysis": "aggregate"}
        rows = [about | {"cause": "thrombosis"} | row for row in rate_rows("outcome_rate", 0, 9, 0, 0.95)]
        rows += [about | {"cause": "caesarean"} | row for row in rate_rows("outcome_rate", 3, 9, 0, 0.95)]
        frame = pd.DataFrame(rows).reindex(columns=list(ESTIMATES))
        found["other-2021"] = pd.concat([found["other-2021"], frame], ignore_index=True)
    return found


def test_each_source_says_how_many_responded_by_what_and_who_was_harmed():
    table = literature_table(POOL, estimates(), COHORTS, {})
    assert [row[:4] for row in table.texts] == [
        ["First 2020", "made up for a test", "2/4", "50 %"],
        ["Other 2021, drug A", "made up for a test", "5/9", "56 %"],
    ]
    assert [row[5:] for row in table.texts] == [
        ["not stated", "none counted in print", "–"],
        ["not stated", "thrombosis 0/9", "First 2020"],
    ]
    assert table.caption.endswith("They may share patients.")


def test_a_source_whose_rate_is_withheld_has_no_row():
    told = estimates() | {"first-2020": estimates()["first-2020"].iloc[:0]}
    assert [row[0] for row in literature_table(POOL, told, COHORTS, {}).texts] == ["Other 2021, drug A"]
    none = {cohort: frame.iloc[:0] for cohort, frame in estimates().items()}
    assert literature_table(POOL, none, COHORTS, {}) is None

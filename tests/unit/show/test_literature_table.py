"""The sources of a question side by side: what each counted by its own rule, harm, and what nobody tells."""

import pandas as pd
import pytest

from caseseries.estimate.rates import rate_rows
from caseseries.model.config import Pool
from caseseries.model.results import ESTIMATES
from caseseries.show.tables.literature import literature_harm_table, literature_table, sources_of
from unit.show.toy_cohorts import make_cohort, make_rates

POOL = Pool(
    id="all-of-them",
    title="Both",
    members=[{"cohort": "first-2020", "group": "all"}, {"cohort": "other-2021", "group": "drug A"}],
    beside=[
        {"cohort": "third-2022", "outcome": "count_of_30", "why": "four drugs were given"},
        {"cohort": "trial-2023", "group": "low dose", "why": "nobody was pregnant"},
    ],
    caution="They may share patients.",
)
COHORTS = {
    "first-2020": make_cohort("first-2020", overlaps_not_known=["third-2022"]),
    "other-2021": make_cohort(
        "other-2021", overlaps=["first-2020"], regimen="3 a day", not_known=["the rule", "the days"]
    ),
    "third-2022": make_cohort("third-2022"),
    "trial-2023": make_cohort("trial-2023"),
}
COLUMNS = ["group", "outcome", "events", "n", "value", "unit", "origin"]
NONE = pd.DataFrame(columns=COLUMNS)
POOLED = pd.DataFrame(
    [{"group": "all-of-them", "statistic": "pooled_rate", "analysis": "main", "events": 7, "n": 13}]
).assign(estimate=0.5, lower=0.2, upper=0.8)


def counted(cohort, group, causes, note=""):
    about = {"cohort": cohort, "group": group, "definition": "as_reported", "analysis": "aggregate", "note": note}
    rows = [
        about | {"cause": cause} | row
        for cause, events, n in causes
        for row in rate_rows("outcome_rate", events, n, 0, 0.95)
    ]
    return pd.DataFrame(rows).reindex(columns=list(ESTIMATES))


def estimates():
    other = make_rates("other-2021", [("as_reported", "drug A", 5, 9, 1)])
    harm = counted("other-2021", "drug A", [("thrombosis", 0, 9), ("caesarean", 3, 9), ("maternal_rash", 2, 9)])
    others = counted("other-2021", "control", [("thrombosis", 8, 9)])
    born = counted("other-2021", "newborns", [("jaundice", 4, 8)])
    return {
        "first-2020": make_rates("first-2020", [("as_reported", "all", 2, 4, 0)]),
        "other-2021": pd.concat([other, harm, others, born], ignore_index=True),
        "third-2022": counted("third-2022", "all", [("count_of_30", 6, 6)], "worked out from print"),
        "trial-2023": counted("trial-2023", "all", [("men", 3, 8)]),
    }


def aggregates():
    lone = [["neonates (review)", "neonatal_thrombocytopenia", 9, None, None, "", "printed"]]
    percent = [["low dose", "response", None, None, 63.2, "%", "printed"]]
    return {
        "first-2020": pd.DataFrame(lone, columns=COLUMNS),
        "other-2021": NONE,
        "third-2022": NONE,
        "trial-2023": pd.DataFrame(percent, columns=COLUMNS),
    }


@pytest.fixture
def sources():
    return sources_of(POOL, estimates(), aggregates(), COHORTS)


def test_each_source_says_who_responded_by_which_rule_and_at_what_dose(sources):
    table = literature_table(POOL, sources, COHORTS, {}, POOLED)
    assert table.texts == [
        ["First 2020", "made up for a test", "not known", "not stated", "2/4, 50 %\n(15 to 85 %)"],
        ["Other 2021, drug A", "made up for a test", "3 a day", "not stated", "5/9, 56 %\n(27 to 81 %)"],
        [
            "Third 2022",
            "made up for a test",
            "not known",
            "not stated; counted here: count of 30; worked out from print",
            "6/6, 100 %\n(61 to 100 %)",
        ],
        ["Trial 2023, low dose", "made up for a test", "not known", "not stated", "63.2 %, no count printed"],
    ]
    assert table.caption.endswith("They may share patients.")


def test_harm_is_of_the_treated_or_of_newborns_of_no_other_group_and_none_has_its_limit(sources):
    table = literature_harm_table(POOL, sources)
    assert [row[1:3] for row in table.texts] == [
        ["not known", "thrombocytopenia in newborns 9, of how many not printed"],
        ["thrombosis 0/9, at most 34 %; rash in mothers 2/9", "jaundice 4/8"],
        ["not known", "not known"],
        ["not known", "not known"],
    ]
    assert [row[3:] for row in table.texts] == [
        ["–", "no source says: Third 2022"],
        ["the rule; the days", "First 2020"],
        ["–", "none known"],
        ["–", "none known"],
    ]


def test_the_pooled_row_stands_only_where_all_members_used_one_rule_that_is_known(sources):
    table = literature_table(POOL, sources, COHORTS, {}, POOLED)
    assert table.notes == (
        "No pooled row: the 2 sources judged response by different rules or do not state them, so that their sum has "
        "no meaning of its own; the pooled rate beside it is arithmetic over published counts.",
        "Third 2022 is not pooled: four drugs were given.",
        "Trial 2023, low dose is not pooled: nobody was pregnant.",
    )
    alike = {name: cohort.model_copy(update={"source_definition": "kong2017"}) for name, cohort in COHORTS.items()}
    table = literature_table(POOL, sources_of(POOL, estimates(), aggregates(), alike), alike, {}, POOLED)
    assert table.texts[-1] == ["Pooled", "–", "–", "–", "7/13, 50 %\n(20 to 80 %)"]
    assert table.notes[0] == "The pooled row stands because every source judged response by one rule, kong2017."
    mixed = alike | {"first-2020": COHORTS["first-2020"]}
    assert len(literature_table(POOL, sources, mixed, {}, POOLED).texts) == 4


def test_a_source_whose_rate_is_withheld_has_no_row():
    told = estimates() | {"first-2020": estimates()["first-2020"].iloc[:0]}
    shown = sources_of(POOL, told, aggregates(), COHORTS)
    assert [source.name for source in shown] == ["Other 2021, drug A", "Third 2022", "Trial 2023, low dose"]
    empty = {name: frame.iloc[:0] for name, frame in estimates().items()}
    nothing = sources_of(POOL, empty, dict.fromkeys(COHORTS, NONE), COHORTS)
    assert literature_table(POOL, nothing, COHORTS, {}, POOLED) is None
    assert literature_harm_table(POOL, nothing) is None

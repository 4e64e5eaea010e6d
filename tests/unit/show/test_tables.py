"""Tables of one cohort: denominators in every row, missing always said, nothing cautious left out."""

import pandas as pd

from caseseries.estimate.describe import describe
from caseseries.model.definition import Caution
from caseseries.model.results import TIMES
from caseseries.show.table import TABLE
from caseseries.show.tables.cases import case_table, curve_table, times_table
from caseseries.show.tables.description import description_table
from caseseries.show.tables.response import response_table
from caseseries.show.tables.safety import outcome_table
from caseseries.words.labels import DefinitionLabel
from unit.show.toy_cohorts import FOUR, make_cohort, make_curves, make_rates, make_records, make_responses, make_times

LABELS = {
    "plt50_any": DefinitionLabel("plt50_any", "Any count of 50", "Trials", (Caution("C", "drop 7 days"),)),
    "ash2019_early": DefinitionLabel(
        "ash2019_early", "ASH early", "ASH 2019", (Caution("M", "day 7"), Caution("C", "2 days"))
    ),
}
NO_TIMES = pd.DataFrame(columns=list(TIMES), dtype=object)


def respond(rates, labels=LABELS):
    return response_table(rates, labels, synthetic=False)


def test_the_response_table_gives_both_intervals_and_both_bounds():
    rates = make_rates("toy", [("as_reported", "all", 2, 4, 0), ("plt50_any", "all", 2, 3, 1)])
    table = respond(rates)
    assert table.headings == [
        "Definition",
        "Responders/evaluable",
        "Rate",
        "95 % interval, Wilson",
        "95 % interval, Clopper-Pearson",
        "Not evaluable (n)",
        "Worst case",
        "Best case",
    ]
    assert table.texts == [
        ["The authors' own classes"],
        ["as reported", "2/4", "50 %", "15 to 85 %", "7 to 93 %", "0", "–", "–"],
        ["Trials"],
        ["Any count of 50\u00a0†", "2/3", "67 %", "21 to 94 %", "9 to 99 %", "1", "50 %", "75 %"],
    ]


def test_groups_stand_below_the_cohort_or_are_named_where_there_is_no_whole():
    table = respond(make_rates("toy", [("as_reported", "all", 2, 4, 0), ("as_reported", "drug A", 0, 0, 1)]))
    assert [(row.cells[0].text, row.indent) for row in table.lines] == [("as reported", 0), ("drug A", 1)]
    table = respond(make_rates("toy", [("as_reported", "drug A", 2, 4, 0)]))
    assert table.texts[1][0] == "as reported, drug A"


def test_definitions_under_which_nobody_is_evaluable_are_named_with_the_reason():
    rates = make_rates(
        "toy", [("as_reported", "all", 2, 4, 0), ("plt50_any", "all", 0, 0, 4), ("ash2019_early", "all", 0, 0, 4)]
    )
    reasons = [("plt50_any", "no_dated_count", 3), ("plt50_any", "bleeding_not_recorded", 1)]
    reasons += [("ash2019_early", "no_dated_count", 4)]
    counted = pd.DataFrame(reasons, columns=["definition", "cause", "events"])
    table = respond(pd.concat([rates, counted.assign(statistic="not_evaluable_because")]))
    assert table.texts[-1] == [
        "Nobody can be evaluated under 2 further definitions. No dated count after the first "
        "dose: Any count of 50; ASH early."
    ]
    assert not any("0/0" in row for row in table.texts)


def test_where_nobody_is_evaluable_under_any_definition_there_is_no_table():
    assert respond(make_rates("toy", [("plt50_any", "all", 0, 0, 4)])) is None
    assert respond(make_rates("toy", [])) is None


def test_cautions_stand_below_the_table():
    rates = make_rates("toy", [("plt50_any", "all", 2, 4, 0), ("ash2019_early", "all", 1, 4, 0)])
    assert list(respond(rates).notes) == [
        "* a clause is not confirmed in print; † a clause is our choice where the source is silent.",
        "Any count of 50. Our choice: drop 7 days.",
        "ASH early. Unconfirmed: day 7. Our choice: 2 days.",
    ]


def test_complete_responses_of_unknown_kind_are_not_evaluable():
    rates = make_rates("toy", [("as_reported", "all", 2, 4, 0)])
    complete = rates.assign(statistic="complete_response_rate", events=0.0, n=2.0, not_evaluable=2.0)
    table = respond(pd.concat([rates, complete]))
    assert table.headings[-1] == "Complete responders/evaluable"
    assert table.texts[1][-1] == "0/2; 2 NE"


def test_further_episodes_of_a_person_have_a_row_of_their_own():
    rates = make_rates("toy", [("as_reported", "all", 2, 4, 0)])
    rows = rates.head(2).assign(
        analysis="all_episodes",
        events=3.0,
        n=5.0,
        estimate=0.6,
        lower=0.2,
        upper=0.9,
        method=["GEE", "bootstrap by person"],
        note="a remark",
    )
    table = respond(pd.concat([rates, rows]))
    assert table.texts[2] == ["all episodes", "3/5", "60 %", "20 to 90 % ‡", "–", "0"]
    assert table.rows[2].indent == 1
    assert len(table.texts) == 3
    assert table.notes[0].startswith("‡ All episodes") and "GEE, independence" in table.notes[0]
    assert "a remark" not in table.notes[0]
    same = rows.assign(n=4.0, not_evaluable=0.0)
    assert len(respond(pd.concat([rates, same])).texts) == 2


def test_what_a_definition_measures_stands_as_median_and_range():
    rates = make_rates("toy", [("as_reported", "all", 2, 4, 0)])
    measured = rates.head(1).assign(
        statistic="median_value",
        definition="ava_cum_weeks",
        n=3.0,
        not_evaluable=1.0,
        estimate=2.5,
        lower=0.0,
        upper=6.0,
    )
    table = respond(pd.concat([rates, measured]))
    assert table.texts[-1] == ["ava cum weeks", "n = 3", "2.5", "0 to 6", "–", "1"]


def table_1(records, **keys):
    return description_table(describe(cohort := make_cohort(**keys), records), cohort.variables, synthetic=False)


def with_episodes(records, **columns):
    records.tables["episodes"] = records["episodes"].assign(**columns)
    return records


def test_table_1_has_one_row_a_number_and_says_what_is_missing():
    records = with_episodes(
        make_records(5),
        sex=["female", "female", "", "male", "female"],
        age_years=[20.0, 30, 40, 28, None],
        pregnant=["yes", "yes", "no", "no", "yes"],
    )
    rows = table_1(records).texts
    assert rows[:3] == [["Patients", "5"], ["Age, years", "29 (20 to 40)"], ["missing", "1 of 5"]]
    at = rows.index(["Sex"])
    assert rows[at : at + 5] == [
        ["Sex"],
        ["female", "3 of 4 (75 %)"],
        ["male", "1 of 4 (25 %)"],
        ["missing", "1 of 5"],
        ["Pregnant", "3 of 5 (60 %)"],
    ]
    assert rows[at + 5] == ["Drug: rhTPO", "5 of 5 (100 %)"]
    assert rows[-1] == [
        "Not recorded for anybody: ITP phase, earlier lines of treatment, splenectomy, gestation, "
        "body weight, baseline count, bleeding and end of follow-up."
    ]


def test_table_1_says_that_it_is_rounded_where_no_range_may_be_told():
    cohort, records = make_cohort(), with_episodes(make_records(12), age_years=[20.0 + place for place in range(12)])
    described = describe(cohort, records)
    told = described[~described["statistic"].isin(["minimum", "maximum"])]
    whole, rounded = (
        description_table(frame, cohort.variables, synthetic=False).caption for frame in (described, told)
    )
    assert "numbers: median (quartiles; range)" in whole
    assert rounded.endswith("numbers: median (quartiles), rounded so that they tell of nobody.")


def test_table_1_prints_no_quartile_of_a_handful():
    ages = {
        1: "20",
        2: "20 and 30",
        3: "20, 30 and 40",
        4: "35 (20 to 50)",
        9: "60 (20 to 100)",
        10: "65 (42.5 to 87.5; 20 to 110)",
    }
    for n, text in ages.items():
        records = with_episodes(make_records(n), age_years=[20.0 + 10 * place for place in range(n)])
        assert ["Age, years", text] in table_1(records).texts


def test_table_1_does_not_repeat_the_groups_in_a_row():
    records = with_episodes(make_records(4), drug=["eltrombopag", "romiplostim"] * 2)
    table = table_1(records, covariates=[{"name": "drug", "label": "Drug", "kind": "category"}], grouped_by="drug")
    assert table.headings == ["Characteristic", "All", "eltrombopag", "romiplostim"]
    assert not any("drug" in row[0].lower() for row in table.texts)


def test_further_episodes_of_a_person_are_told_from_persons():
    records = with_episodes(make_records(3), patient_id=["P1", "P1", "P2"])
    assert table_1(records).texts[:2] == [["Episodes", "3"], ["Patients", "2"]]


def test_a_baseline_below_the_limit_leaves_the_figure_open():
    records = with_episodes(
        make_records(10),
        baseline=["<5", *"99999999", "9"],
        baseline_lo=[0.0, *[9.0] * 9],
        baseline_hi=[5.0, *[9.0] * 9],
        baseline_hi_open=[True, *[False] * 9],
    )
    table = table_1(records)
    assert ["Baseline count, 10⁹/L", "9 (9 to 9; ≤5 to 9)"] in table.texts
    assert table.notes == ()
    two = with_episodes(
        make_records(4),
        baseline=["<5", "<7", "9", "9"],
        baseline_lo=[0.0, 0, 9, 9],
        baseline_hi=[5.0, 7, 9, 9],
        baseline_hi_open=[True, True, False, False],
    )
    assert ["Baseline count, 10⁹/L", "[4.5 to 8] (≤5 to 9)"] in table_1(two).texts
    assert "square brackets" in table_1(two).notes[0]
    alike = with_episodes(make_records(4), baseline=["<30"] * 4, baseline_lo=[0.0] * 4, baseline_hi=[30.0] * 4)
    assert ["Baseline count, 10⁹/L", "≤30 in all"] in table_1(alike).texts


def test_a_baseline_below_the_limit_stands_in_the_table_of_a_series_whose_range_may_not_be_told():
    records = with_episodes(
        make_records(12),
        baseline=["2-5"] * 3 + ["2-7"] + ["9"] * 8,
        baseline_lo=[2.0] * 4 + [9.0] * 8,
        baseline_hi=[5.0] * 3 + [7.0] + [9.0] * 8,
    )
    described = describe(cohort := make_cohort(), records)
    told = described[~described["statistic"].str.startswith(("minimum", "maximum"))]
    assert "q1_from" in set(told["statistic"])
    table = description_table(told, cohort.variables, synthetic=False)
    (row,) = [row for row in table.rows if row.cells[0].text == "Baseline count, 10⁹/L"]
    assert row.cells[1].text == "9 ([2 to 6.5] to 9)"
    assert row.cells[1].values == {"value": 9, "q3": 9, "n": 12}
    assert "square brackets" in table.notes[0] and "rounded" in table.caption
    assert TABLE.validate_json(TABLE.dump_json(table)) == table


def test_groups_known_only_from_print_have_no_column_of_dashes():
    frame = describe(make_cohort(), make_records(2))
    printed = frame.iloc[[0]].assign(
        group="neonates",
        variable="weight",
        label="Weight at birth",
        unit="g",
        statistic="printed_value",
        value=1670.0,
        n=1,
    )
    table = description_table(pd.concat([frame, printed]), make_cohort().variables, synthetic=False)
    assert table.headings == ["Characteristic", "All"]
    assert table.texts[-3:-1] == [
        ["Printed by the source for other groups"],
        ["Weight at birth, g (neonates)", "1670, n = 1"],
    ]


def test_n_stands_behind_a_printed_value_only_where_it_is_not_that_of_the_column():
    frame = describe(make_cohort(), make_records(2))
    about = {"variable": "loss", "label": "Blood loss", "unit": "mL", "statistic": "printed_value", "value": 400.0}
    for n, text in ((2, "400"), (1, "400, n = 1")):
        printed = frame.iloc[[0]].assign(**about, n=n)
        table = description_table(pd.concat([frame, printed]), make_cohort().variables, synthetic=False)
        assert ["Blood loss, mL (printed)", text] in table.texts


def test_times_say_what_is_not_reached():
    records = make_records(4)
    times = make_times([5, 9, 9, 21], ["response", "response", "delivery", "censored"])
    table = times_table(make_curves(make_cohort(), records, times), {}, synthetic=False)
    assert table.texts[0][:4] == ["as reported", "2/4", "15", "5 to not reached"]
    never = times_table(
        make_curves(make_cohort(), records, make_times([5, 9, 9, 21], ["response", *["censored"] * 3])),
        {},
        synthetic=False,
    )
    assert never.texts[0][2] == "not reached"


def test_the_end_of_one_person_s_observation_is_no_median_follow_up():
    for last, shown in (("response", False), ("censored", True)):
        times = make_times([5, 9, 30, 30], ["response", "response", last, "censored"])
        table = times_table(make_curves(make_cohort(), make_records(4), times), {}, synthetic=False)
        assert ("Median follow-up (days)" in table.headings) == shown


def test_the_curve_table_stands_on_the_days_of_the_figure():
    times = make_times([5, 9, 9, 21], ["response", "response", "delivery", "censored"])
    rows = curve_table(make_curves(make_cohort(), make_records(4), times), {}, synthetic=False).texts
    assert rows[0] == ["as reported, all"]
    assert rows[1:4] == [
        ["0", "4", "0", "0 %", "–"],
        ["5", "4", "1", "25 %", "4 to 87 %"],
        ["10", "1", "2", "50 %", "16 to 94 %"],
    ]


def outcome_rates(given):
    """estimates.csv of outcomes: (outcome, group, cases, n)."""
    parts = [
        make_rates("toy", [("as_reported", group, cases, n, 0)]).assign(statistic="outcome_rate", cause=outcome)
        for outcome, group, cases, n in given
    ]
    return pd.concat(parts, ignore_index=True)


def test_outcomes_of_one_group_have_both_intervals_and_harm_first():
    table = outcome_table(
        outcome_rates([("caesarean", "all", 1, 4), ("newborn_adverse_event", "all", 0, 4)]), synthetic=False
    )
    assert table.headings[1:] == ["Cases/n", "Rate", "95 % interval, Wilson", "95 % interval, Clopper-Pearson"]
    assert [row[0] for row in table.texts] == ["Adverse event in newborns", "Caesarean"]
    assert table.texts[0][1:] == ["0/4", "0 %", "0 to 49 %", "0 to 60 %"]
    assert outcome_table(make_rates("toy", []), synthetic=False) is None


def test_a_count_that_no_source_prints_is_marked():
    derived = {"analysis": "aggregate", "note": "worked out from print"}
    one = outcome_rates([("newborn_adverse_event", "all", 0, 4)]).assign(**derived)
    assert outcome_table(one, synthetic=False).texts[0][0] == "Adverse event in newborns (worked out from print)"
    printed = outcome_rates([("bleeding", "rhTPO responders", 1, 17)]).assign(analysis="aggregate", note="")
    both = pd.concat([outcome_rates([("bleeding", "rhTPO", 2, 33)]).assign(**derived), printed], ignore_index=True)
    assert outcome_table(both, synthetic=False).texts[0][0] == "Bleeding (worked out from print: rhTPO)"


def test_groups_in_which_an_outcome_was_counted_stand_side_by_side():
    table = outcome_table(
        outcome_rates(
            [("preterm", "responders", 1, 17), ("preterm", "non-responders", 5, 16), ("bleeding", "all", 1, 33)]
        ),
        synthetic=False,
    )
    assert table.headings == ["Outcome", "responders", "non-responders", "All"]
    assert table.texts == [
        ["Bleeding", "–", "–", "1/33, 3 %\n(0.1 to 16 %)"],
        ["Preterm", "1/17, 6 %\n(0.1 to 29 %)", "5/16, 31 %\n(11 to 59 %)", "–"],
    ]


def test_the_case_listing_names_what_is_recorded_for_nobody():
    records = make_records(4, **FOUR)
    table = case_table(
        records, make_cohort().variables, make_responses(["CR", "R", "NR", "NE"]), NO_TIMES, {}, synthetic=False
    )
    assert table.individual
    assert table.headings == ["Episode", "Age (years)", "Drug", "Counts (n)"]
    assert table.texts[0] == ["E1", "25", "rhTPO", "3"]
    assert "sex" in table.notes[0] and "baseline" in table.notes[0]


def test_the_case_listing_gives_the_class_and_its_reason():
    responses = make_responses(["CR", "NE"], "plt50_any", days=[7, None])
    responses["reason"] = ["", "no count after day 0"]
    table = case_table(make_records(2), make_cohort().variables, responses, NO_TIMES, LABELS, synthetic=False)
    assert table.headings[-3:] == ["Class, Any count of 50", "Time to response (days)", "Reason"]
    assert [row[-3:] for row in table.texts] == [["CR", "7", "–"], ["NE", "–", "no count after day 0"]]


def test_what_another_condition_asks_for_is_not_missed():
    asked = table_1(make_records(2), condition="stem_cell_transplant").texts[-1][0]
    assert "splenectomy" in asked
    assert not any(word in asked for word in ("ITP phase", "gestation", "pregnan"))

"""What few series have: causes beside groups, courses beyond the axis, cells of which nothing is known."""

import numpy as np
import pandas as pd
import pytest

from caseseries.estimate.describe import describe
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import COLUMNS
from caseseries.show.figures.agreement import agreement_drawing
from caseseries.show.figures.curves import curve_drawings
from caseseries.show.figures.multiverse import multiverse_drawing
from caseseries.show.figures.specification import specification_drawing
from caseseries.show.figures.swimmer import swimmer_drawing
from caseseries.show.pooled import pool_drawing
from caseseries.show.tables.cases import case_table
from caseseries.show.tables.description import description_table
from caseseries.show.tables.literature import literature_harm_table, literature_table, sources_of
from caseseries.show.tables.safety import outcome_table
from unit.show.test_figures import ABOUT, NO_TIMES
from unit.show.test_literature_table import COHORTS, NONE, POOL, POOLED, aggregates, estimates
from unit.show.test_new_figures import BOTH, choices, multiverse
from unit.show.test_pooled import COHORTS as POOLED_COHORTS
from unit.show.test_pooled import FIVE, pool_of, pooled_of
from unit.show.test_spread_tables import LABELS, PAIRS, agreement
from unit.show.test_tables import outcome_rates, table_1, with_episodes
from unit.show.toy_cohorts import (
    make_cohort,
    make_curves,
    make_harms,
    make_rates,
    make_records,
    make_responses,
    make_times,
)


def texts_of(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_causes_that_came_first_stand_as_thin_lines_beside_the_groups():
    records = make_records(22)
    records.tables["episodes"] = records["episodes"].assign(drug=["A", "B"] * 11)
    times = make_times(
        range(1, 23), ["response", "response", "delivery", "response", "response"] * 4 + ["response"] * 2
    )
    drawings = curve_drawings(make_curves(make_cohort(grouped_by="drug"), records, times), {}, **ABOUT)
    by_group = next(one for one in drawings if one.id.endswith("by_group"))
    assert "Thin lines: delivery, which came first." in by_group.caption
    figure = draw(by_group)
    thin = [line for line in figure.axes[0].lines if line.get_linewidth() == 0.8]
    assert sorted(float(line.get_ydata()[-1]) for line in thin if len(line.get_ydata())) == pytest.approx([2 / 11] * 2)


def test_a_course_beyond_the_axis_ends_in_an_arrow_with_its_day():
    ends = [10] * 20 + [1167]
    records = make_records(21, events=[(f"E{i + 1}", str(day), "delivery") for i, day in enumerate(ends)])
    drawing = swimmer_drawing(records, make_responses(["NR"] * 21), NO_TIMES, {}, **ABOUT)
    figure = draw(drawing)
    assert texts_of(figure).count("to day 1167") == 1
    words = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    words += [text.get_text() for axes in figure.axes if axes.get_legend() for text in axes.get_legend().get_texts()]
    assert "observed beyond the axis" in words


def test_a_prediction_interval_is_drawn_with_its_ends_and_named_in_the_key(tmp_path):
    pool = pool_of(FIVE)
    drawing = pool_drawing(pooled_of(tmp_path, FIVE, pool), pool, POOLED_COHORTS, {})
    row = next(row for row in drawing.plot.rows if row.kind == "prediction")
    figure = draw(drawing, COLUMNS[178])
    ends = [list(line.get_xdata()) for axes in figure.axes for line in axes.lines]
    assert ends.count([row.lower, row.upper]) == 2
    assert any("prediction interval for a further cohort" in str(handle) for handle in texts_of_keys(figure))


def texts_of_keys(figure):
    keys = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return [text.get_text() for key in keys if key for text in key.get_texts()]


def test_without_a_pooled_rate_the_members_stand_alone(tmp_path):
    pool = pool_of(FIVE[:2])
    pooled = pooled_of(tmp_path, FIVE[:2], pool)
    pooled.loc[pooled["statistic"] == "pooled_rate", "estimate"] = np.nan
    assert {row.kind for row in pool_drawing(pooled, pool, POOLED_COHORTS, {}).plot.rows} & {"pooled"} == set()


def test_no_heat_map_where_no_pair_has_a_kappa():
    known = agreement(*PAIRS).assign(n=12)
    about = {"cohort": "toy-2024", "synthetic": False}
    assert agreement_drawing(known, LABELS, **about) is not None
    assert agreement_drawing(agreement(*PAIRS[1:]).assign(n=12), LABELS, **about) is None


def test_where_no_share_is_known_the_combinations_stand_without_bars():
    table = multiverse(0.6, 0.4, 0.4)
    drawing = multiverse_drawing(table[table["analysis"] != "share"], **ABOUT)
    assert drawing.plot.outcomes[0].shares == () and "Bars" not in drawing.caption


def test_choices_that_move_a_definition_but_not_the_grid_say_so():
    still = [(*row[:8], 0.0) if row[0] == "grid" and row[1] == "rescue" else row for row in BOTH]
    rates = make_rates("toy-2024", [("iwg", "all", 6, 10, 0)])
    drawing = specification_drawing(rates, choices(*still), {}, **ABOUT)
    assert drawing.subtitle.startswith("No choice of the grid moves it.")


def test_a_rate_that_is_not_told_leaves_its_count():
    unknown = outcome_rates([("caesarean", "responders", 1, 4), ("caesarean", "others", 2, 5)])
    unknown.loc[unknown["group"] == "others", "estimate"] = np.nan
    assert outcome_table(unknown, synthetic=False).texts == [["Caesarean", "1/4, 25 %\n(1 to 81 %)", "2/5"]]
    assert outcome_table(outcome_rates([("caesarean", "all", 2, 5)]).assign(estimate=np.nan), synthetic=False).texts


def test_a_number_of_which_an_end_is_not_told():
    """Of a median with one quartile the median alone stands; of a range without an end, a dash."""
    records = with_episodes(make_records(12), age_years=[float(n) for n in range(20, 32)])
    told = describe(make_cohort(), records)
    kept = told[~told["statistic"].isin(["minimum", "maximum", "q3"])]
    rows = description_table(kept, make_cohort().variables, synthetic=False).texts
    assert ["Age, years", "25.5"] in rows
    ends = told[told["statistic"] != "maximum"]
    rows = description_table(ends, make_cohort().variables, synthetic=False).texts
    assert ["Age, years", "25.5 (22.8 to 28.3; 20 to –)"] in rows


def test_a_cohort_without_a_description_has_no_table():
    nothing = describe(make_cohort(), make_records(2)).iloc[:0]
    assert description_table(nothing, make_cohort().variables, synthetic=False) is None


def test_a_group_of_which_nothing_is_recorded_has_dashes_beside_one_of_which_it_is():
    records = with_episodes(make_records(4), drug=["A", "A", "B", "B"], age_years=[30, 34, np.nan, np.nan])
    records = with_episodes(records, sex=["female", "male", "", ""])
    table = table_1(records, grouped_by="drug")
    rows = {row[0]: row[1:] for row in table.texts}
    assert table.headings[1:] == ["All", "A", "B"]
    assert rows["Age, years"] == ["30 and 34", "30 and 34", "–"]
    assert [row[3] for row in table.texts if "female" in row[0]] == ["–"]


def test_a_baseline_that_is_a_limit_has_no_number_behind_its_cell():
    records = with_episodes(
        make_records(2),
        baseline=["<5", "9"],
        baseline_lo=[0.0, 9.0],
        baseline_hi=[5.0, 9.0],
        baseline_hi_open=[True, False],
    )
    table = case_table(records, make_cohort().variables, make_responses(["R", "NR"]), NO_TIMES, {}, synthetic=False)
    place = next(i for i, name in enumerate(table.headings) if name.startswith("Baseline"))
    cells = [line.cells[place] for line in table.lines]
    assert [(cell.text, dict(cell.values)) for cell in cells] == [("<5", {}), ("9", {"value": 9.0})]


def test_any_adverse_event_of_the_cases_of_a_source_stands_in_the_literature():
    cohort = make_cohort("first-2020", adverse_events_recorded=True)
    records = make_records(4, adverse_events=[("E1", "patient", "dizziness")])
    harm = make_harms(cohort, records)
    told = estimates()
    told["first-2020"] = pd.concat([told["first-2020"], harm], ignore_index=True)
    table = literature_harm_table(POOL, sources_of(POOL, told, aggregates(), COHORTS))
    assert any("1/4" in cell for cell in table.texts[0])


def test_no_pooled_row_where_no_pooled_rate_was_estimated():
    alike = {name: cohort.model_copy(update={"source_definition": "kong2017"}) for name, cohort in COHORTS.items()}
    sources = sources_of(POOL, estimates(), dict.fromkeys(COHORTS, NONE), alike)
    assert literature_table(POOL, sources, alike, {}, POOLED).texts[-1][0] == "Pooled"
    unknown = literature_table(POOL, sources, alike, {}, POOLED.assign(estimate=np.nan))
    assert "Pooled" not in [row[0] for row in unknown.texts]

"""What the figures show: order, marks, bands, open marks; read from the drawn objects, not from pixels."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Annotation, Text

from caseseries.model.applicable import CONSENSUS, LEADS
from caseseries.model.definition import Caution
from caseseries.model.results import TIMES
from caseseries.response.definition_files import load_definitions
from caseseries.show.courses import course_marks, courses, drawn_counts, leading_classes, split_counts
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import COLUMNS, DOUBLE, group_sign, new_figure, text_width, wrap_inches
from caseseries.show.draw.swimmer import mark_signs
from caseseries.show.figures.curves import curve_definitions, curve_drawings
from caseseries.show.figures.definitions import brief_drawing, definitions_drawing
from caseseries.show.figures.swimmer import axis_end, swimmer_drawing
from caseseries.show.figures.trajectories import count_panels, lines_across, marks_of, trajectories_drawing
from caseseries.words.labels import DefinitionLabel, cohort_label, definition_label
from unit.show.toy_cohorts import LONG, make_cohort, make_curves, make_rates, make_records, make_responses, make_times

NO_TIMES = pd.DataFrame(columns=list(TIMES), dtype=object)
ABOUT = {"cohort": "toy-2024", "synthetic": False}
LABELS = {
    name: DefinitionLabel(name, name.upper(), source)
    for name, source in (("low", "Source A"), ("high", "Source B"), ("middle", "Source A"))
}


def texts_of(figure):
    found = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    found += [label for axes in figure.axes for label in axes.get_yticklabels()]
    return found


def inside(figure):
    """Texts that stick out of the figure to the left or right."""
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in texts_of(figure) if text.get_text().strip()}
    return [name for name, box in boxes.items() if box.x0 < -1 or box.x1 > figure.bbox.width + 1]


def test_definitions_without_a_rate_are_named_and_not_drawn():
    rows = [("as_reported", "all", 2, 4, 0), ("middle", "all", 3, 4, 0), ("low", "all", 0, 0, 4)]
    rates = make_rates("toy", [*rows, ("high", "all", 0, 0, 4)])
    drawing = definitions_drawing(rates, LABELS, **ABOUT)
    assert "Under 2 further definitions nobody can be evaluated." in drawing.subtitle
    assert not any("LOW" in text.get_text() for text in texts_of(draw(drawing)))
    assert definitions_drawing(make_rates("toy", [("low", "all", 0, 0, 4)]), LABELS, **ABOUT) is None
    assert definitions_drawing(make_rates("toy", rows[:1]), LABELS, **ABOUT) is None


def test_of_many_definitions_the_few_that_matter_have_a_figure_of_their_own():
    others = [(f"trial_{number}", "all", number, 9, 0) for number in range(4)]
    known = [("as_reported", "all", 2, 9, 0), ("iwg2009_confirmed", "all", 3, 8, 1), ("own_rule", "all", 4, 9, 0)]
    drawing = brief_drawing(make_rates("toy", others + known), {}, leads=("own_rule", *LEADS), **ABOUT)
    assert (drawing.id, drawing.kind) == ("rates_brief", "brief")
    assert "3 rates" in drawing.alt or drawing.alt.count("/") == 3
    assert "Trial" not in drawing.alt
    few = make_rates("toy", others[1:] + known)
    assert brief_drawing(few, {}, leads=("own_rule", *LEADS), **ABOUT) is None
    none = make_rates("toy", [(f"trial_{number}", "all", number, 9, 0) for number in range(8)])
    assert brief_drawing(none, {}, leads=LEADS, **ABOUT) is None


def test_long_names_stay_inside_the_figure():
    labels = {"long": DefinitionLabel("long", LONG, LONG + " " + LONG, (Caution("C", "x"),))}
    rates = make_rates("toy", [("long", "all", 99, 137, 20), ("as_reported", "all", 2, 4, 3)])
    assert inside(draw(definitions_drawing(rates, labels, **ABOUT))) == []


def test_numbers_at_risk_stand_exactly_below_their_days():
    times = make_times([5, 9, 9, 21], ["response", "response", "delivery", "censored"])
    drawings = curve_drawings(make_curves(make_cohort(), make_records(4), times), {}, **ABOUT)
    axes = draw(drawings[0]).axes[0]
    numbers = [text for text in axes.texts if text.get_text().isdigit()]
    days = axes.get_xticks()
    assert [text.get_position()[0] for text in numbers] == [*days, *days]
    assert all(text.get_ha() == "center" for text in numbers)
    assert [text.get_text() for text in numbers[: len(days)]] == ["4", "4", "1", "1", "1"]


def test_competing_causes_have_lines_and_areas_of_their_own():
    times = make_times([5, 9, 9, 21], ["response", "response", "delivery", "rescue"])
    incidence, states, supplement = curve_drawings(make_curves(make_cohort(), make_records(4), times), {}, **ABOUT)
    assert (incidence.kind, states.kind, supplement.kind) == ("incidence", "states", "supplement")
    lines = [line for line in draw(incidence).axes[0].lines if not line.get_label().startswith("_")]
    assert [line.get_label() for line in lines] == ["response (2 of 4)", "delivery (1 of 4)", "rescue (1 of 4)"]
    assert len({line.get_color() for line in lines}) == 3
    assert "response 50 %; delivery 25 %; rescue 25 %" in states.alt
    assert "supplement" in supplement.title and "competing events" in supplement.caption


def test_without_competing_causes_there_is_no_stack_and_without_people_no_curve():
    times = make_times([5, 9, 9, 21], ["response"] * 4)
    drawings = curve_drawings(make_curves(make_cohort(), make_records(4), times), {}, **ABOUT)
    assert [drawing.kind for drawing in drawings] == ["survival"]
    assert curve_drawings(make_curves(make_cohort(), make_records(1), times.head(1)), {}, **ABOUT) == []


def test_groups_share_the_axis_of_the_cohort_and_say_where_it_ends():
    records = make_records(22)
    drugs = ["A", "B"] * 11
    records.tables["episodes"] = records["episodes"].assign(drug=drugs)
    times = make_times([*range(1, 21), 20, 1000], [*["response"] * 20, "censored", "censored"])
    whole, by_group = curve_drawings(make_curves(make_cohort(grouped_by="drug"), records, times), {}, **ABOUT)
    assert by_group.id.endswith("by_group")
    assert draw(by_group).axes[0].get_xlim() == draw(whole).axes[0].get_xlim() == (0, pytest.approx(23 * 1.03))
    said = "The axis ends on day 23, when 1 is at risk; observation goes on to day 1000."
    assert whole.caption.endswith(said) and by_group.caption.endswith(said)


def test_the_band_ends_where_too_few_are_at_risk():
    times = make_times([*range(1, 21), *range(40, 60)], ["response"] * 20 + ["censored"] * 20)
    drawing = curve_drawings(make_curves(make_cohort(), make_records(40), times), {}, **ABOUT)[0]
    band = draw(drawing).axes[0].collections[0].get_paths()[0].vertices
    assert band[:, 0].max() == 53  # the first day with fewer than a fifth of 40 at risk: 7 on day 53


def test_a_curve_of_few_is_drawn_and_described_without_a_band():
    times = make_times([3, 5, 9, 21], ["response", "response", "delivery", "rescue"])
    drawings = curve_drawings(make_curves(make_cohort(), make_records(4), times), {}, **ABOUT)
    assert {drawing.kind for drawing in drawings} >= {"incidence", "supplement"}
    for drawing in drawings:
        assert not draw(drawing).axes[0].collections or drawing.kind == "states"
        assert "band" not in drawing.caption.lower()


def test_times_between_visits_have_no_numbers_at_risk():
    times = make_times([np.nan] * 4, ["response", "response", "response", "censored"])
    times = times.assign(left=[0.0, 7, 7, 14], right=[7.0, 14, 14, np.nan])
    drawing = curve_drawings(make_curves(make_cohort(), make_records(4), times), {}, **ABOUT)[0]
    assert "between visits" in drawing.caption
    assert not any(text.get_text().isdigit() for text in draw(drawing).axes[0].texts)


def test_the_authors_outcomes_and_one_definition_have_curves():
    records = make_records(4)
    parts = [make_times([5, 9, 9, 21], ["response"] * 4, name) for name in ("low", "iwg2009_confirmed", "as_reported")]
    estimates = make_curves(make_cohort(), records, pd.concat(parts))
    assert curve_definitions(estimates) == ["as_reported", "iwg2009_confirmed"]
    assert curve_definitions(estimates, ("low", *LEADS)) == ["low", "as_reported"]
    assert curve_definitions(estimates, ("as_reported", "low", "iwg2009_confirmed")) == ["as_reported", "low"]
    assert curve_definitions(estimates[estimates["definition"] == "low"]) == []


def test_groups_are_told_apart_by_more_than_colour():
    signs = [group_sign(place) for place in range(7)]
    for name in ("colour", "marker", "dash", "hatch"):
        assert len({str(getattr(sign, name)) for sign in signs}) == 7, name


def test_a_trial_definition_does_not_stand_for_all():
    responses = make_responses(["no", "NE"], "advance_6of8")
    assert leading_classes(responses, NO_TIMES).definition == ""
    agreed = pd.concat([responses, make_responses(["R", "NE"], "iwg2009_single")])
    assert leading_classes(agreed, NO_TIMES).definition == "iwg2009_single"
    reported = pd.concat([agreed, make_responses(["NR", "NE"])])
    assert leading_classes(reported, NO_TIMES).definition == "as_reported"
    assert leading_classes(reported, NO_TIMES, ("advance_6of8", *LEADS)).definition == "advance_6of8"


def test_courses_stand_from_the_longest_to_the_shortest():
    records = make_records(
        4,
        counts=[("E1", "0", "baseline", "5")],
        exposures=[("E3", "study", "0", "13")],
        events=[("E2", "30", "delivery"), ("E4", "8", "rescue")],
    )
    responses = make_responses(["NE", "R", "CR", "NR"], days=[None, 7, 10, None])
    classes = leading_classes(responses, NO_TIMES)
    marks = course_marks(records, NO_TIMES, classes)
    assert marks.to_dict("list") == {
        "episode_id": ["E2", "E2", "E3", "E4"],
        "day": [7, 30, 10, 8],
        "kind": ["response", "delivery", "response", "rescue"],
    }
    bars = courses(records, NO_TIMES, marks, classes)
    assert bars[["episode_id", "end", "response_class"]].to_numpy().tolist() == [
        ["E2", 30, "R"],
        ["E3", 13, "CR"],
        ["E4", 8, "NR"],
    ]
    drawing = swimmer_drawing(records, responses, NO_TIMES, {}, **ABOUT)
    assert drawing.individual and "1 episode without a dated course" in drawing.caption


def test_a_course_that_dwarfs_the_rest_is_cut_and_said():
    ends = pd.Series([10.0] * 20 + [1167])
    assert axis_end(ends) == 10
    assert axis_end(pd.Series([10.0, 20, 30])) == 30
    records = make_records(21, events=[(f"E{i + 1}", str(int(day)), "delivery") for i, day in enumerate(ends)])
    drawing = swimmer_drawing(records, make_responses(["NR"] * 21), NO_TIMES, {}, **ABOUT)
    assert "The axis ends on day 10; the longest course goes on to day 1167." in drawing.caption


def test_every_kind_of_mark_has_its_own_sign():
    signs = mark_signs(["response", "rescue", "delivery", "recovery", "relapse", "death", "platelet_transfusion"])
    assert len({(sign.marker, sign.colour) for sign in signs.values()}) == 7


def test_one_dated_course_of_many_is_no_swimmer_plot():
    records = make_records(4, events=[("E2", "30", "delivery")])
    assert swimmer_drawing(records, make_responses(["NR"] * 4), NO_TIMES, {}, **ABOUT) is None


def test_counts_below_and_above_a_limit_are_open_marks_at_the_limit():
    records = make_records(
        1, counts=[("E1", "0", "", "<5"), ("E1", "7", "", ">1000"), ("E1", "9", "", "0"), ("E1", "12", "", "45")]
    )
    counts = drawn_counts(records)
    assert counts["value"].tolist() == [5, 1000, 1, 45]
    assert counts["below"].tolist() == [True, False, False, False]
    assert counts["above"].tolist() == [False, True, False, False]
    drawing = trajectories_drawing(records, make_responses(["R"]), NO_TIMES, {}, **ABOUT)
    axes = draw(drawing).axes[0]
    open_marks = [line for line in axes.lines if line.get_markerfacecolor() == "white" and line.get_marker() == "s"]
    assert sorted(np.concatenate([line.get_ydata() for line in open_marks])) == [5, 1000]


def test_undated_counts_stand_apart_by_occasion():
    counts = [
        ("E1", "0", "baseline", "5"),
        ("E1", "", "nadir", "2"),
        ("E1", "", "delivery", "90"),
        ("E2", "0", "baseline", "7"),
        ("E2", "7", "", "45"),
        ("E2", "", "nadir", "3"),
    ]
    records = make_records(2, counts=counts)
    by_day, named = split_counts(drawn_counts(records))
    assert by_day["episode_id"].tolist() == ["E2", "E2"]
    assert named[["episode_id", "timepoint"]].to_numpy().tolist() == [
        ["E1", "nadir"],
        ["E1", "baseline"],
        ["E1", "delivery"],
        ["E2", "nadir"],
    ]
    panels = count_panels(by_day, named, leading_classes(make_responses(["R", "R"]), NO_TIMES))
    assert [panel.dotted for panel in panels] == [False, True]
    assert panels[1].tick_labels == ("nadir", "baseline", "delivery")


def test_many_episodes_are_split_by_class():
    counts = [(f"E{i + 1}", day, "", "20") for i in range(12) for day in ("0", "7")]
    responses = make_responses(["R", "NR", "NE"] * 4, days=[7, None, None] * 4)
    by_day, named = split_counts(drawn_counts(make_records(12, counts=counts)))
    panels = count_panels(by_day, named, leading_classes(responses, NO_TIMES))
    assert [panel.title for panel in panels] == ["R (n = 4)", "NR (n = 4)", "NE (n = 4)"]
    assert len(panels[0].responses) == 4 and not panels[1].responses


def test_names_of_few_episodes_do_not_touch():
    counts = [(f"E{i + 1}", day, "", count) for i in range(8) for day, count in (("0", "5"), ("7", "100"))]
    drawing = trajectories_drawing(make_records(8, counts=counts), make_responses(["R"] * 8), NO_TIMES, {}, **ABOUT)
    figure = draw(drawing)
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    names = [text for text in figure.axes[0].texts if text.get_text().startswith("E")]
    boxes = sorted(
        (Text.get_window_extent(name, renderer) for name in names), key=lambda box: box.y0
    )  # no lines to them
    assert len(boxes) == 8
    assert all(low.y1 <= high.y0 + 1 for low, high in pairwise(boxes))


def test_the_signs_behind_a_name_never_stand_on_a_line_of_their_own():
    label = DefinitionLabel("d", "Any count of 50 or more", "Trials", (Caution("C", "drop 7 days"),))
    for tenths in range(8, 20):
        assert "\n†" not in wrap_inches(label.marked, tenths / 10)


def test_a_line_leads_from_each_name_that_was_moved_to_its_count():
    """Counts that end far apart keep their names beside them, without a line."""
    for ends, led in ((["60", "61", "62", "63"], True), (["3", "30", "300", "900"], False)):
        counts = [
            (f"E{at}", day, "", value) for at, end in enumerate(ends, 1) for day, value in (("0", "9"), ("14", end))
        ]
        records = make_records(4, counts=counts)
        figure = draw(trajectories_drawing(records, make_responses(["R"] * 4), NO_TIMES, {}, **ABOUT))
        names = [text for text in figure.axes[0].texts if isinstance(text, Annotation)]
        assert len(names) == 4 and all(name.get_bbox_patch().get_facecolor()[:3] == (1, 1, 1) for name in names)
        assert any(name.arrow_patch is not None for name in names) is led


@pytest.mark.parametrize("column", COLUMNS.values(), ids=lambda column: f"{column.width:.1f}")
def test_no_name_stands_on_the_figure_of_a_threshold(column):
    ends = {"E1a": "96", "E1b": "100", "E1c": "105", "E2": "30"}
    counts = [(name, day, "", value) for name, end in ends.items() for day, value in (("0", "9"), ("14", end))]
    drawing = trajectories_drawing(make_records(4, counts=counts), make_responses(["CR"] * 4), NO_TIMES, {}, **ABOUT)
    plot = replace(drawing.plot, thresholds=(30.0, 100.0), thresholds_label="30 and 100")
    figure = draw(replace(drawing, plot=plot), column)
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    for axes in figure.axes:
        names = [Text.get_window_extent(text, renderer) for text in axes.texts if isinstance(text, Annotation)]
        figures = [text.get_window_extent(renderer) for text in axes.texts if not isinstance(text, Annotation)]
        assert len(names) == 4 and len(figures) == 2
        assert not any(name.overlaps(figure) for name in names for figure in figures)


def test_the_plot_has_a_third_of_the_width_whatever_the_names():
    labels = {"plt50_any": DefinitionLabel("plt50_any", LONG, LONG)}
    rates = make_rates("toy", [("plt50_any", "all", 2, 3, 1), ("as_reported", "all", 2, 3, 1)])
    drawing = definitions_drawing(rates, labels, cohort="toy", synthetic=False)
    for column in COLUMNS.values():
        assert draw(drawing, column).axes[0].get_position().width > (1 / 4 if column.narrow else 1 / 3)


def test_text_is_measured_in_inches():
    figure = new_figure(1)
    drawn = figure.text(0, 0.5, "Responders of the evaluable", size=7)
    width = drawn.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi
    assert text_width("Responders of the evaluable") == pytest.approx(width, abs=0.02)
    lines = wrap_inches(LONG, 2.0).split("\n")
    assert len(lines) > 2 and " ".join(lines) == LONG
    assert all(text_width(line) <= 2.05 for line in lines)
    assert text_width(LONG) < DOUBLE.width


def test_names():
    assert cohort_label("simulated-rhtpo") == "Simulated rhTPO"
    assert definition_label("as_reported_recovery", {}).title == "recovery, as reported"
    assert definition_label("iwg2009_single", {}).title == "iwg2009 single"


def test_the_axis_says_from_what_the_days_count():
    times = make_times([5, 9, 9, 21], ["response", "response", "delivery", "censored"])
    estimates = make_curves(make_cohort(), make_records(4), times)
    born = draw(curve_drawings(estimates, {}, **ABOUT, days="Days from birth")[0])
    assert born.axes[0].get_xlabel() == "Days from birth"
    dosed = draw(curve_drawings(estimates, {}, **ABOUT)[0])
    assert dosed.axes[0].get_xlabel() == "Days from the first dose"


def test_axis_words_unit_and_lines_follow_the_analyte():
    counts = [("E1", "0", "", "6.1"), ("E1", "14", "", "9.3"), ("E1", "42", "", "12.4")]
    records = make_records(1, counts=counts)
    records["counts"]["analyte"] = "haemoglobin"
    drawing = trajectories_drawing(
        records, make_responses(["NE"]), NO_TIMES, {}, **ABOUT, analyte="haemoglobin", lines=(12.0,)
    )
    plot = drawing.plot
    assert (plot.unit, plot.thresholds, plot.thresholds_label) == ("Haemoglobin (g/dL)", (12.0,), "12 g/dL")
    assert plot.marks == (5.0, 10.0, 20.0)
    assert "haemoglobin values" in drawing.title
    assert "latelet" not in drawing.caption + drawing.alt + drawing.title
    assert trajectories_drawing(records, make_responses(["NE"]), NO_TIMES, {}, **ABOUT) is None


def test_counts_of_cases_without_a_class_are_drawn_without_a_legend():
    """A series of an analyte for which no definition was made."""
    records = make_records(2, counts=[("E1", "0", "", "7"), ("E1", "91", "", "3"), ("E2", "0", "", "28")])
    records["counts"]["analyte"] = "polyps"
    drawing = trajectories_drawing(records, make_responses(["", ""]), NO_TIMES, {}, **ABOUT, analyte="polyps")
    assert draw(drawing).legends == []


def test_lines_are_those_of_the_definition_that_leads_on_the_analyte():
    catalogue = load_definitions(Path(__file__).parents[3] / "config" / "definitions")
    assert lines_across(catalogue, LEADS, "platelets") == (30, 100)
    assert lines_across(catalogue, ("as_reported", "plt50_any", *CONSENSUS), "platelets") == (50,)
    assert lines_across(catalogue, LEADS, "haemoglobin") == ()
    assert lines_across(catalogue, (*LEADS, "waiha2020_haemoglobin"), "haemoglobin") == (12,)


def test_marks_of_an_axis_span_the_values():
    assert marks_of([3, 900], "platelets") == (1, 10, 100, 1000)
    assert marks_of([0.1, 4.2], "neutrophils") == (0.1, 1, 10)
    assert marks_of([400, 5000], "ferritin") == (200, 500, 1000, 2000, 5000)

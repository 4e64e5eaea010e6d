"""Our choices, agreement and changes of class: what the tables and the heat map say, and whom they may be shown."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from caseseries.model.results import AGREEMENT, CHOICES, CLASS_CHANGES
from caseseries.sensitivity.moved import moved_by_choices
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import text_width
from caseseries.show.figures.agreement import agreement_drawing, bare, matrices
from caseseries.show.show import explained, show_cohort
from caseseries.show.tables.spread import agreement_table, changes_table, choices_table
from caseseries.words.choices import QUESTIONS, range_text, say_visits
from caseseries.words.labels import DefinitionLabel, signed
from unit.show.conftest import write_four
from unit.show.toy_cohorts import LONG, make_choice, make_grid, make_pair, write_spread

FOLLOW_UP = make_choice(
    "unconfirmed when follow-up ends",
    [("not evaluable", 5, 9, 1), ("accepted", 6, 10, 0), ("no response", 5, 10, 0)],
    0.1,
)
RESCUE = make_choice("rescue", [("28 days left out", 5, 9, 1), ("failure", 5, 9, 1)], 0.0)
UNFELT = make_choice("several counts on one day", [("min", 5, 9, 1)], note="nobody has several counts on one day")
DELIVERY = make_choice("counts after delivery", [("exclude", 5, 9, 1), ("include", 7, 9, 1)])
GRID = [make_grid(0.5, 0.6)]
LABELS = {
    name: DefinitionLabel(name, title, "Source")
    for name, title in (("iwg2009_confirmed", "IWG 2009, confirmed"), ("low", "Low"), ("high", "High"), ("long", LONG))
}
PAIRS = [
    make_pair("high", "low", 0.85),
    make_pair("as_reported", "high", np.nan, 0.88, note="read AC1"),
    make_pair("as_reported", "low", np.nan, np.nan, 3, "one class only"),
]
CHANGES = [
    {
        "episode_id": episode,
        "definition": "low",
        "response_class": given,
        "responds_under": under,
        "clause": clause,
        "reason": reason,
    }
    for episode, given, under, clause, reason in [
        ("E1", "NR", 2, "a", "b"),
        ("E3", "NR", 5, "a", "b"),
        ("E2", "NE", 1, "c", ""),
    ]
]


def choices(*rows):
    return pd.DataFrame([row for part in rows for row in part], columns=list(CHOICES))


def agreement(*rows):
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def test_choices_stand_setting_by_setting_and_then_together():
    table = choices_table(choices(FOLLOW_UP, RESCUE, UNFELT, DELIVERY, GRID), LABELS, synthetic=True)
    assert (table.id, table.kind, table.individual, table.synthetic) == ("choices", "choices", False, True)
    assert table.texts[1:4] == [
        ["Unconfirmed when follow-up ends", "not evaluable (ours)", "5/9", "56 %", "1", "10.0"],
        ["Unconfirmed when follow-up ends", "accepted", "6/10", "60 %", "0", "–"],
        ["Unconfirmed when follow-up ends", "no response", "5/10", "50 %", "0", "–"],
    ]
    assert ["Counts after delivery", "left out (ours)", "5/9", "56 %", "1", "–"] in table.texts
    assert table.texts[-1] == ["The grid", "6 combinations", "–", "50 to 60 %", "–", "–"]
    assert not any("Several counts on one day" in row for row in table.texts)
    assert list(table.notes) == [
        "Moves the rate most: unconfirmed when follow-up ends.",
        "Several counts on one day: nobody has several counts on one day.",
    ]
    assert "under IWG 2009, confirmed" in table.caption


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (UNFELT, [make_grid(0.5, 0.5)]),
        (
            make_choice("rescue", [("28 days left out", 0, 0, 4), ("failure", 0, 0, 4)], np.nan),
            [make_grid(np.nan, np.nan)],
        ),
    ],
)
def test_no_table_where_nothing_is_felt_or_nobody_is_evaluable(rows):
    assert choices_table(choices(*rows), LABELS, synthetic=False) is None


def visits(definition, own, other):
    """Both readings of weeks without a count: (setting, events, evaluable, not evaluable), the cohort's in front."""
    return [
        {
            "definition": definition,
            "analysis": "visits",
            "choice": "weeks without a count",
            "setting": setting,
            "default": default,
            "events": events,
            "n": n,
            "not_evaluable": unknown,
            "estimate": events / n if n else np.nan,
        }
        for default, (setting, events, n, unknown) in (("yes", own), ("no", other))
    ]


ON_VISITS = [
    visits("low", ("routine", 0, 0, 10), ("planned", 2, 10, 0)),
    visits("high", ("routine", 5, 10, 0), ("planned", 5, 10, 0)),
]


def test_weeks_without_a_count_stand_behind_the_choices_or_alone():
    table = choices_table(choices(FOLLOW_UP, RESCUE, DELIVERY, GRID, *ON_VISITS), LABELS, synthetic=True)
    assert table.texts[-4:] == [
        ["A week without a count, under each definition on visits"],
        ["Low", "unknown, as in routine care (ours)", "0/0", "–", "10", "–"],
        ["–", "a failure, as where visits were planned", "2/10", "20 %", "0", "–"],
        ["1 definition on visits gives the same either way."],
    ]
    assert choices_table(choices(*ON_VISITS), LABELS, synthetic=True).texts == table.texts[-4:]
    assert choices_table(choices(ON_VISITS[1]), LABELS, synthetic=True) is None


def test_weeks_without_a_count_in_a_sentence():
    assert say_visits("routine", 1, 2) == (
        "A week without a count is unknown, as in routine care; were it a failure, as where visits were planned, "
        "1 of 2 definitions on visits would give other numbers."
    )
    assert say_visits("planned", 0, 2) == ""


def test_what_moves_most_and_what_lies_beyond():
    moved = moved_by_choices(choices(FOLLOW_UP, RESCUE, DELIVERY, GRID))
    assert (moved.most, round(moved.points, 9)) == (("unconfirmed when follow-up ends",), 10)
    assert moved.beyond == (("counts after delivery", "include", 7, 9),)
    still = moved_by_choices(choices(RESCUE, [make_grid(5 / 9, 5 / 9)]))
    assert (still.most, still.points, range_text(still.lowest, still.highest, still.n)) == ((), 0, "56 %")


def test_choices_that_move_equally_are_all_named():
    other = make_choice("baseline", [("last7", 5, 9, 1), ("min14", 6, 9, 1)], 0.1)
    assert moved_by_choices(choices(FOLLOW_UP, other, GRID)).most == ("unconfirmed when follow-up ends", "baseline")


def test_every_choice_of_the_grid_has_words():
    from caseseries.sensitivity.choices import REGISTER

    assert [choice.name for choice in REGISTER if choice.in_grid] == list(QUESTIONS)


def test_agreement_table_groups_by_the_first_definition():
    table = agreement_table(agreement(*PAIRS), LABELS, synthetic=False)
    assert [row[0] for row in table.texts[:-1]] == ["as reported", "High", "High", "Low"]
    assert table.texts[1][1:] == ["10", "90 %", "–", "0.10 to 1.00", "0.88", "0.20 to 0.90", "read AC1"]
    assert table.texts[-1] == ["1 further pair has fewer than ten episodes in common, too few for a coefficient."]
    assert agreement_table(agreement(PAIRS[2]), LABELS, synthetic=False) is None
    assert agreement_table(agreement(), LABELS, synthetic=False) is None


def test_changes_of_class_share_a_row_where_clause_and_reason_are_the_same():
    table = changes_table(pd.DataFrame(CHANGES, columns=list(CLASS_CHANGES)), LABELS, synthetic=False)
    assert table.individual
    rows = [["E1, E3", "NR", "a", "b", "2 to 5"], ["E2", "NE", "c", "–", "1"]]
    assert table.texts == [["Low"], *rows]
    twice = CHANGES + [change | {"definition": "high"} for change in CHANGES]
    table = changes_table(pd.DataFrame(twice, columns=list(CLASS_CHANGES)), LABELS, synthetic=False)
    assert table.texts == [["Low; High"], *rows]
    assert changes_table(pd.DataFrame(columns=list(CLASS_CHANGES)), LABELS, synthetic=False) is None


@pytest.mark.parametrize(("value", "text"), [(0.85, ".85"), (1, "1"), (0.0, "0"), (-0.45, "−.45"), (0.5, ".50")])
def test_coefficients_without_their_zero(value, text):
    assert bare(value) == text


def test_heat_map_fills_the_lower_triangle_alone_and_marks_what_is_no_kappa():
    values, texts = matrices(agreement(*PAIRS), ["as_reported", "low", "high"])
    assert texts.tolist() == [["", "", ""], ["=", "", ""], ["°", ".85", ""]]
    assert np.isnan(values[np.triu_indices(3)]).all()
    assert np.isnan(values[2, 0]) and values[2, 1] == 0.85  # AC1 is another scale, which no shade tells


def test_heat_map_needs_three_definitions_and_ten_episodes():
    about = {"cohort": "toy-2024", "synthetic": False}
    assert agreement_drawing(agreement(PAIRS[0]), LABELS, **about) is None
    assert agreement_drawing(agreement(), LABELS, **about) is None
    assert agreement_drawing(agreement(*PAIRS).assign(n=9), LABELS, **about) is None
    drawing = agreement_drawing(agreement(*PAIRS).assign(n=12), LABELS, **about)
    cells, axes = draw(drawing).axes
    assert len(cells.collections) == 2
    shown = [text.get_text() for text in axes.texts if text.get_text()]
    assert sorted(shown) == sorted(["=", "°", ".85", "1", "2", "3"])
    assert [label.get_text().split()[-1] for label in axes.get_yticklabels()] == ["1", "2", "3"]
    assert axes.get_yticklabels()[0].get_text().startswith("as reported")
    assert "Least: High with Low (kappa 0.85); most: High with Low (kappa 0.85)." in drawing.alt
    assert "° too few of one class for kappa" in drawing.caption and "= one class" in drawing.caption


def test_names_and_numbers_of_many_definitions_stay_inside():
    names = [f"d{number}" for number in range(25)]
    labels = {name: DefinitionLabel(name, LONG, "Source") for name in names}
    pairs = [make_pair(first, second, -0.45) for place, first in enumerate(names) for second in names[:place]]
    figure = draw(agreement_drawing(agreement(*pairs), labels, cohort="toy-2024", synthetic=False))
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    axes = figure.axes[1]
    boxes = [label.get_window_extent(renderer) for label in axes.get_yticklabels()]
    assert min(box.x0 for box in boxes) >= 0
    assert all(above.y0 >= below.y1 - 1 for above, below in pairwise(boxes))
    cell = axes.bbox.width / 25 / figure.dpi
    assert all(text_width(text.get_text(), text.get_size()) <= cell for text in axes.texts)


def entries(folder):
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("profile", "provenance"), [("restricted", "transcribed"), ("synthetic", "synthetic")])
def test_changes_of_class_leave_only_with_the_rows_of_persons(tmp_path, profile, provenance):
    cohort, layout = write_four(tmp_path, profile=profile, provenance=provenance)
    write_spread(layout, cohort.id, PAIRS, choices(FOLLOW_UP, GRID).to_dict("records"), CHANGES)
    show_cohort(cohort, layout.as_told(), LABELS)
    if profile == "restricted":
        show_cohort(cohort, layout, LABELS)
    release, apart = layout.release / cohort.id, layout.restricted(cohort.id) / "show"
    kinds = {entry["kind"] for entry in entries(release / "tables")}
    assert {"choices", "agreement"} <= kinds
    assert "agreement" in {entry["kind"] for entry in entries(release / "figures")}
    assert ("class_changes" in kinds) == (profile == "synthetic")
    if profile == "restricted":
        assert "class_changes" in {entry["kind"] for entry in entries(apart / "tables")}
    if profile == "synthetic":
        for name in ("choices", "agreement", "class_changes"):
            for suffix in (".csv", ".html"):
                assert "SYNTHETIC" in (release / "tables" / f"{name}{suffix}").read_text(encoding="utf-8")
        assert "SYNTHETIC" in (release / "figures" / "agreement.svg").read_text(encoding="utf-8")
        with Image.open(release / "figures" / "agreement.png") as image:
            assert image.text["Description"].startswith("SYNTHETIC")


def test_the_heat_map_has_the_same_bytes_again(tmp_path):
    found = []
    for name in ("one", "two"):
        cohort, layout = write_four(tmp_path / name)
        write_spread(layout, cohort.id, PAIRS)
        show_cohort(cohort, layout.as_told(), LABELS)
        found.append((layout.release / cohort.id / "figures" / "agreement.svg").read_bytes())
    assert found[0] == found[1]


def test_definitions_that_the_baseline_already_meets_are_marked_in_tables_and_heat_map():
    labels = signed(LABELS, {"low"})
    table = explained(agreement_table(agreement(*PAIRS), labels, synthetic=False))
    assert any("Low\u00a0§" in text for row in table.texts for text in row)
    assert table.notes[-1] == "§ the baseline of some already meets the count that is asked for."
    drawing = agreement_drawing(agreement(*PAIRS).assign(n=12), labels, cohort="toy-2024", synthetic=False)
    assert "Low\u00a0§" in drawing.plot.names and drawing.subtitle.endswith("the count that is asked for.")
    plain = agreement_table(agreement(*PAIRS), LABELS, synthetic=False)
    assert explained(plain) == plain


def test_the_choices_of_a_definition_that_the_baseline_already_meets_say_so():
    rows = choices(FOLLOW_UP, RESCUE, UNFELT, DELIVERY, GRID)
    table = explained(choices_table(rows, signed(LABELS, {"iwg2009_confirmed"}), synthetic=False))
    assert "IWG 2009, confirmed\u00a0§" in table.caption
    assert table.notes[-1].startswith("§ the baseline")

"""Ends of what is reconstructed: flat lines, last steps, too few or too many of anything."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.model.findings import BadInput
from caseseries.model.records import empty_table, type_table
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.guyot import guyot
from caseseries.reconstruct.log_rank import PAIRS, log_rank_range, sizes, spread
from caseseries.reconstruct.printed import impossible, printed_curves, total_of
from caseseries.reconstruct.reconstructed import reconstruct
from caseseries.reconstruct.search import LARGEST, LISTED, Found, search
from caseseries.reconstruct.traced import steps_of_line

HEAD = "curve,group,outcome,kind,day,value,error\n"


def flat(group="a", rows=((0, 5), (10, 3))):
    """Five cases of whom nobody has the event."""
    return PrintedCurve("c", group, "o", 5, None, (), (), 0.01, 20, 1.0, rows)


def write_curve(folder, rows, cases):
    lines = [f"f1,all,response,survival,{day},{level},0.01" for day, level in rows]
    (folder / "curves.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    totals = f"group,outcome,events,n,origin\nall,response,,{cases},printed\n"
    (folder / "aggregates.csv").write_text(totals, encoding="utf-8")


def test_a_line_that_never_falls_has_one_history_without_events():
    found = reconstruct(flat(), [15])
    assert found.histories == ((),)
    assert {(one.statistic, one.best) for one in found.ranges if one.statistic in ("events", "survival")} == {
        ("events", 0),
        ("survival", 1),
    }


def test_two_groups_without_an_event_have_no_p_value():
    one, other = flat(), flat("b")
    found = log_rank_range(one, search(one).histories, other, search(other).histories, complete=True)
    assert np.isnan([found.best, found.lower, found.upper]).all()


@pytest.mark.parametrize(
    ("counts", "paired"),
    [((3, 4), (3, 4)), ((PAIRS, PAIRS), (316, 316)), ((10, PAIRS), (10, PAIRS // 10)), ((PAIRS, 4), (PAIRS // 4, 4))],
)
def test_as_many_histories_are_paired_as_may_be(counts, paired):
    assert PAIRS == 100_000
    assert sizes(*counts) == paired


def test_histories_are_taken_evenly_from_the_best_to_the_last():
    histories = [((n, 1),) for n in range(9)]
    assert spread(histories, 3) == [histories[0], histories[4], histories[8]]
    assert spread(histories, 9) == histories


def test_of_more_histories_than_are_listed_the_first_and_the_last_are():
    many = tuple(((n + 1, 1),) for n in range(3 * LISTED))
    listed = Found(many, True, len(many), None).listed
    assert len(listed) == LISTED and (listed[0], listed[-1]) == (many[0], many[-1])


@pytest.mark.parametrize(
    ("n", "events", "marks", "where"),
    [
        (0, None, [], ("aggregates", "n")),
        (5, 6, [], ("aggregates", "events")),
        (5, 2, [(0, 6)], ("at_risk", "at_risk")),
    ],
)
def test_totals_that_no_curve_can_have_name_their_table_and_column(n, events, marks, where):
    table, _, column = impossible(n, events, marks)
    assert (table, column) == where
    assert impossible(5, 5, [(0, 5)]) is None


def test_a_curve_whose_last_reading_is_a_step_ends_there(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_curve(tmp_path, [(5, 0.75), (9, 0.5)], 4)
    assert main(["reconstruct", "."]) == 0
    assert "f1, all: 4 cases; 1 history fits\n" in capsys.readouterr().out


def test_more_cases_than_can_be_searched_are_told_as_one_history_of_guyot(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_curve(tmp_path, [(5, 0.75), (9, 0.5), (30, 0.5)], LARGEST + 1)
    assert main(["reconstruct", ".", "--at", "6"]) == 0
    assert "Guyot" in capsys.readouterr().out


def test_an_export_without_points_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("all.csv").write_text("x,y\n", encoding="utf-8")
    options = "--kind survival --time-unit days --value-unit percent --error 0.5 --outcome response"
    assert main(["reconstruct", "all.csv", *options.split()]) == 2
    assert "the file holds no point" in capsys.readouterr().err


def test_guyot_puts_no_event_after_the_printed_total_is_reached():
    """Ten of 100 by day 10 are all that is printed: the fall that was read after it is none."""
    curve = PrintedCurve("c", "g", "o", 100, 10, (5, 15), (0.9, 0.8), 0.01, 20, 0.8, ((0, 100), (10, 90)))
    found = guyot(curve)
    assert found.events[:10].sum() == 10 and found.events[10:].sum() == 0


def test_a_line_that_was_followed_and_never_falls_has_no_step():
    assert steps_of_line(list(range(12)), [1.0] * 12, 5) == ([], [])


def totals(*rows):
    names = ["group", "outcome", "events", "n", "origin"]
    return type_table("aggregates", pd.DataFrame(rows, columns=names, dtype=object))


def test_the_number_of_cases_is_that_of_the_outcome_else_the_one_that_all_rows_of_the_group_share():
    rows = totals(("all", "relapse", "3", "8", "printed"), ("all", "death", "", "8", "printed"))
    assert total_of(rows, "all", "relapse") == {"n": 8, "events": 3}
    assert total_of(rows, "all", "response") == {"n": 8}
    apart = totals(("all", "relapse", "3", "8", "printed"), ("all", "death", "", "9", "printed"))
    assert total_of(apart, "all", "response") == {}


def test_totals_that_no_curve_can_have_are_refused():
    readings = [("f1", "all", "response", "survival", day, "0.75", "0.01") for day in ("5", "30")]
    curves = type_table("curves", pd.DataFrame(readings, columns=HEAD.strip().split(","), dtype=object))
    with pytest.raises(BadInput, match=r"aggregates\.csv, events: events must not exceed n"):
        printed_curves(curves, empty_table("at_risk"), totals(("all", "response", "9", "8", "printed")))

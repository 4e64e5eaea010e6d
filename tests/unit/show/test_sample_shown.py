"""What shows single episodes of a large cohort says that it shows a sample; what counts all of them does not."""

from dataclasses import replace

from caseseries.show.drawing import Drawing, Swimmer
from caseseries.show.show import with_sample
from caseseries.show.table import Table, TableColumn

SAID = "Shown: 200 of 1000 episodes, evenly spaced in the order of the records."
CASES = Table("cases", "cases", "Cases", "One row an episode.", (TableColumn("Episode"),), (), 50, individual=True)
COURSES = Drawing(
    *("swimmer", "swimmer", "Courses", "200 of 200 episodes.", Swimmer("swimmer", "Days", 1.0, (), ())),
    *("One bar an episode.", "A plot.", 60),
    individual=True,
)


def test_tables_and_figures_of_single_episodes_say_whom_they_show():
    (table,), (drawing,) = with_sample([CASES], SAID), with_sample([COURSES], SAID)
    assert table.caption == f"{SAID} One row an episode."
    assert drawing.caption == f"{SAID} One bar an episode."
    assert drawing.subtitle == f"{SAID} Of these: 200 of 200 episodes."


def test_others_stay_as_they_are():
    counted = replace(CASES, individual=False)
    assert with_sample([counted], SAID) == [counted]
    assert with_sample([CASES], "") == [CASES]

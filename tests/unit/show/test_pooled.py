"""Pools find their members, say what each weighs and how far they differ."""

import pandas as pd
import pytest

from caseseries.estimate.pool import pool_cohorts
from caseseries.model.config import Config, Pool
from caseseries.model.results import ESTIMATES, read_table, write_table
from caseseries.show.draw.draw import draw
from caseseries.show.draw.style import DOUBLE, SINGLE
from caseseries.show.pooled import pool_drawing, pool_table
from caseseries.words.labels import DefinitionLabel
from unit.estimate.test_pool import write_rates
from unit.show.toy_cohorts import make_cohort

COHORTS = {
    "yu-2023": make_cohort("yu-2023"),
    "simulated-rhtpo": make_cohort("simulated-rhtpo", provenance="synthetic", profile="synthetic"),
}
POOL = Pool.model_validate(
    {
        "id": "rhtpo",
        "title": "rhTPO",
        "caution": "Read it as arithmetic.",
        "members": [{"cohort": "yu-2023"}, {"cohort": "kong-2017", "group": "rhTPO"}],
    }
)

FIVE = [("yu-2023", 2, 4), ("kong-2017", 23, 31), ("c", 3, 9), ("d", 5, 9), ("e", 1, 9)]


def pool_of(members):
    """The pool, with these members and their whole groups."""
    return POOL.model_copy(update={"members": [POOL.members[0].model_copy(update={"cohort": m[0]}) for m in members]})


def pooled_of(folder, members, pool):
    """What the pool stage makes of members' counts, as it is read again."""
    layout = write_rates(folder, {name: (events, n) for name, events, n in members}, groups=("all", "rhTPO"))
    frame = pool_cohorts(pool, layout, Config(cohorts=[name for name, *_ in members]))
    write_table(frame.reindex(columns=list(ESTIMATES)), folder / "pooled.csv", ESTIMATES)
    return read_table(folder / "pooled.csv")


def test_a_pool_finds_its_members_among_others(tmp_path):
    own = pooled_of(tmp_path / "own", FIVE[:2], POOL)
    more = pool_of([("yu-2023",), ("other-2020",)]).model_copy(update={"id": "more"})
    other = pooled_of(tmp_path / "other", [("yu-2023", 1, 4), ("other-2020", 5, 9)], more)
    drawing = pool_drawing(pd.concat([other, own]), POOL, COHORTS, {})
    assert drawing.id == "forest_rhtpo"
    assert "Yu 2023: 2/4 50 %" in drawing.alt and "Pooled: 25/35" in drawing.alt and "Other" not in drawing.alt
    assert drawing.caption.endswith("Read it as arithmetic.")
    rows = pool_table(pd.concat([other, own]), POOL, COHORTS).texts
    assert [row[0] for row in rows][:5] == ["Cohorts", "Yu 2023", "Kong 2017, rhTPO", "Pooled", "main analysis"]


def test_weights_stand_beside_their_squares_and_below_them_how_far_cohorts_differ(tmp_path):
    """metafor 3.8, rma.glmm and rma of 23/31, 17/33 and 2/4: QE.LRT 3.802, p 0.149; weights 41, 46 and 13 %."""
    members = [("kong-2017", 23, 31), ("lin-2023", 17, 33), ("yu-2023", 2, 4)]
    pool = pool_of(members)
    drawing = pool_drawing(pooled_of(tmp_path, members, pool), pool, COHORTS, {})
    rows = drawing.plot.rows
    assert [row.share for row in rows if row.kind == "rate"] == ["41 %", "46 %", "13 %"]
    sides = {row.label: row.weight for row in rows if row.kind == "rate"}
    assert sides["Lin 2023"] == 1 and sides["Yu 2023"] ** 2 == pytest.approx(0.13065871 / 0.46239478)
    assert rows[-1].label.endswith("(I²) 27 %; Q 3.80 on 2 degrees of freedom, p = 0.15")
    for column in (SINGLE, DOUBLE):
        assert {"Weight", "41 %"} <= {text.get_text() for text in texts_of(draw(drawing, column))}
    table = pool_table(pooled_of(tmp_path, members, pool), pool, COHORTS)
    assert table.headings[-1] == "Weight" and table.texts[1][-1] == "41 %"
    told = [row[3] for row in table.texts if row[0] == "whether cohorts differ by more than chance (Q)"]
    assert told == ["3.80", "3.63"]  # of the model, and Cochran's of the check


def texts_of(figure):
    """Every text of a figure."""
    return [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]


def test_a_pool_that_is_not_modelled_has_no_column_of_weights(tmp_path):
    members = [("kong-2017", 5, 5), ("lin-2023", 7, 7)]
    pool = pool_of(members)
    drawing = pool_drawing(pooled_of(tmp_path, members, pool), pool, COHORTS, {})
    assert "share" not in dict(drawing.plot.headers) and "weights" not in drawing.caption
    assert "Weight" not in pool_table(pooled_of(tmp_path, members, pool), pool, COHORTS).headings


def test_a_pool_says_under_which_definition_by_its_name(tmp_path):
    pooled = pooled_of(tmp_path, FIVE[:2], POOL)
    labels = {"plt50_any": DefinitionLabel("plt50_any", "Any count of 50 or more", "A paper")}
    counted = POOL.model_copy(update={"definition": "plt50_any"})
    assert "(Any count of 50 or more)" in pool_drawing(pooled, counted, COHORTS, labels).caption
    assert "(as reported)" in pool_drawing(pooled, POOL, COHORTS, labels).caption


@pytest.mark.parametrize(("members", "shown"), [(FIVE[:4], False), (FIVE, True)])
def test_a_prediction_interval_needs_five_cohorts(members, shown, tmp_path):
    pool = pool_of(members)
    pooled = pooled_of(tmp_path, members, pool)
    assert ("Prediction interval" in pool_drawing(pooled, pool, COHORTS, {}).alt) is shown
    names = [row[0] for row in pool_table(pooled, pool, COHORTS).texts]
    assert ("prediction interval for a further cohort" in names) is shown


def test_a_pool_with_a_synthetic_member_is_marked(tmp_path):
    members = [("yu-2023", 2, 4), ("simulated-rhtpo", 30, 38)]
    pool = pool_of(members)
    pooled = pooled_of(tmp_path, members, pool)
    assert pool_drawing(pooled, pool, COHORTS, {}).synthetic
    assert pool_table(pooled, pool, COHORTS).synthetic


def test_a_pool_that_was_not_estimated_is_not_shown():
    empty = pd.DataFrame(columns=list(ESTIMATES))
    assert pool_drawing(empty, POOL, COHORTS, {}) is None
    assert pool_table(empty, POOL, COHORTS) is None

"""The committed scores are what the simulation gives, the page says what they say, and the example fits its rows."""

import pandas as pd
import pytest

from benchmarks import reconstruction
from caseseries.estimators import log_rank
from caseseries.reconstruct.digitiser import Axes
from caseseries.reconstruct.files import read_curves
from caseseries.reconstruct.reconstructed import pairs, reconstruct

SCORES = pd.read_csv(reconstruction.OUT / "scores.csv")
RATIOS = pd.read_csv(reconstruction.OUT / "hazard_ratios.csv")


@pytest.mark.parametrize("printed", reconstruction.INFORMATION)
def test_a_cell_is_what_the_simulation_gives(printed):
    cell = SCORES[(SCORES["n"] == 10) & (SCORES["error"] == 0.005) & (SCORES["printed"] == printed)].iloc[0]
    made = reconstruction.score(10, 0.005, printed)
    for name, value in made.items():
        assert cell[name] == (pytest.approx(value, rel=1e-3, nan_ok=True) if name != "printed" else value), name


def test_the_page_says_what_the_scores_say():
    page = (reconstruction.OUT / "README.md").read_text(encoding="utf-8")
    assert page == reconstruction.write_page(SCORES, RATIOS)


def test_a_published_figure_gives_its_hazard_ratios():
    row = RATIOS[RATIOS["figure"] == "act2-2a"].iloc[0]
    made = reconstruction.ratio("act2-2a", ("act2-2a-wt-b", "act2-2a-wt-be"))
    assert {name: row[name] for name in made} == pytest.approx(made, rel=1e-3)
    assert (RATIOS["best"] - RATIOS["rows"]).abs().max() < 0.05


def test_the_truth_is_in_every_complete_list():
    assert len(SCORES) == len(reconstruction.SIZES) * len(reconstruction.ERRORS) * len(reconstruction.INFORMATION)
    assert (SCORES["truth_listed"].dropna() == 1).all()
    assert SCORES["complete"].max() == 1


def test_the_figure_of_real_patients_gives_its_rows_back():
    rows = pd.read_csv(reconstruction.OUT / "pancreatic2" / "rows.csv")
    found = [reconstruct(curve, [365]) for curve in read_curves(reconstruction.OUT / "pancreatic2", Axes())]
    for one, stage in zip(found, reconstruction.NAMES, strict=True):
        days = sorted(rows.loc[rows["stage"] == stage, "os"])
        (lines,) = one.solutions
        drawn = [line.day for line in lines for _ in range(line.events)]
        assert len(drawn) == len(days)
        assert max(abs(a - b) for a, b in zip(drawn, days, strict=True)) <= 2
        level = next(number for number in one.ranges if number.statistic == "survival")
        assert level.best == pytest.approx(sum(day > 365 for day in days) / len(days))
    (pair,) = pairs(found)
    truth = log_rank(rows["os"], rows["status"], (rows["stage"] == "M").astype(int)).p_value
    assert pair.log_rank.best == pytest.approx(truth, abs=0.02)

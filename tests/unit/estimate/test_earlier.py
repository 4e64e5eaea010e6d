"""`caseseries earlier`: a series with and without what earlier ones say."""

import pandas as pd
import pytest

from caseseries.cli import main
from caseseries.estimators.earlier import earlier_rates, update


def test_the_rates_are_told_with_and_without(capsys):
    assert main(["earlier", "2/4", "--given", "23/31", "25/34"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("2 of 4 (50 %) beside 2 earlier series of 65.\n")
    for line in ("earlier series alone", "this series alone       50 %  (15 to 85 %)", "both together"):
        assert line in told
    assert "This series does not contradict them" in told


def test_a_series_unlike_the_earlier_ones_is_said_to_contradict_them(capsys):
    assert main(["earlier", "0/9", "--given", "23/31", "25/34"]) == 0
    assert "This series contradicts them: so far out a result was to be expected in 1.5 % of series." in (
        capsys.readouterr().out
    )


def test_what_is_written_has_an_analysis_of_its_own(tmp_path):
    path = tmp_path / "earlier.csv"
    assert main(["earlier", "2/4", "--given", "23/31", "25/34", "--write", str(path)]) == 0
    rows = pd.read_csv(path).set_index("statistic")
    assert set(rows["analysis"]) == {"earlier_series"}
    after = update(earlier_rates([23, 25], [31, 34]), 2, 4)
    assert rows.loc["with_earlier_rate", "estimate"] == pytest.approx(after.mean)
    assert rows.loc["vague_share", "estimate"] == pytest.approx(after.vague)
    assert rows.loc["alone_rate", "estimate"] == pytest.approx(3 / 6, abs=1e-6)


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["5/4", "--given", "1/2"], "a series is written as cases with the event of all cases"),
        (["half", "--given", "1/2"], "a series is written as cases with the event of all cases"),
        (["2/4", "--given", "1/2", "0/0"], "--given: a series is written"),
        (["2/4", "--given", "1/2", "--vague", "1"], "the share must lie from 0 to below 1"),
        (["2/4", "--given", "1/2", "--level", "95"], "the level must lie between 0.5 and 1"),
    ],
)
def test_what_is_no_series_is_refused(words, rule, capsys):
    assert main(["earlier", *words]) == 2
    assert rule in capsys.readouterr().err

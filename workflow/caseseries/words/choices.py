"""What our choices and their settings are called, and which of them move a rate: choices.csv made ready to be said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caseseries.words import format as fmt

QUESTIONS = {
    "counts between the two that confirm": "whether a count between the two that confirm may fail",
    "unconfirmed when follow-up ends": "what becomes of an unconfirmed response when follow-up ends",
    "counts after a platelet transfusion": "how long counts after a platelet transfusion are left out",
    "rescue": "what rescue treatment does to the counts that follow",
    "several counts on one day": "which of several counts on one day stands",
    "bleeding that was not recorded": "what bleeding that was not recorded means",
    "baseline": "which count is the baseline",
}
"""Each choice of the grid as what is chosen; a choice that is not here is called by its name."""

SETTINGS = {
    "min": "the lowest",
    "last": "the last",
    "last7": "as recorded, else latest count of days −7 to 0",
    "mean_screen": "mean of days −14 to 0",
    "min14": "lowest of days −14 to 0",
    "exclude": "left out",
    "include": "used",
}
"""Settings whose name is not yet words."""

SAME = 1e-9
"""Rates closer than this are the same."""


@dataclass(frozen=True)
class Moved:
    """What the choices move in one cohort.

    Parameters
    ----------
    definition : whose clauses are chosen.
    lowest, highest : ends of the rate over every combination in the grid; `n` is evaluable under the defaults.
    runs : combinations in the grid.
    most, points : choices of the grid that move the rate most, and by how many percentage points in the mean over all
        other settings; nothing where none moves it.
    beyond : choices outside the grid that, alone, lead to a rate outside its ends: name, setting, events, evaluable.
    """

    definition: str
    lowest: float
    highest: float
    n: float
    runs: int
    most: tuple[str, ...]
    points: float
    beyond: tuple[tuple[str, str, float, float], ...]


def setting_words(setting: str) -> str:
    """A setting as words."""
    return SETTINGS.get(setting, setting)


def moved_by_choices(choices: pd.DataFrame) -> Moved | None:
    """What moves the rate of a cohort (rows of choices.csv); None where no choice is felt or nobody is evaluable."""
    alone = choices[choices["analysis"] == "one_at_a_time"]
    grid = choices[choices["analysis"] == "grid"]
    whole = grid[grid["lowest"].notna()]
    if whole.empty or not (alone["default"] == "no").any():
        return None
    ends, moves = whole.iloc[0], grid[grid["lowest"].isna()]
    most = moves["moves"].max()
    leading = moves[moves["moves"] > most - SAME] if most > SAME else moves.iloc[:0]
    outside = (alone["estimate"] < ends["lowest"] - SAME) | (alone["estimate"] > ends["highest"] + SAME)
    beyond = tuple(
        (row.choice, setting_words(row.setting), row.events, row.n)
        for row in alone[outside & (alone["default"] == "no")].itertuples()
    )
    return Moved(
        ends["definition"],
        ends["lowest"],
        ends["highest"],
        alone["n"].max(),
        int(ends["runs"]),
        tuple(leading["choice"]),
        100 * most if len(leading) else 0.0,
        beyond,
    )


def range_text(moved: Moved) -> str:
    """The range of the rate over the grid: "63 to 66 %", or one rate where nothing moves."""
    if moved.highest - moved.lowest < SAME:
        return fmt.percent(moved.lowest, moved.n)
    return fmt.percent_interval(moved.lowest, moved.highest, moved.n)

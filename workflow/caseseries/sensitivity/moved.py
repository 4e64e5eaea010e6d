"""Which of our choices move the rate of a cohort: choices.csv made ready to be said."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caseseries.model.results import ResultRow

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
        (row.choice, row.setting, row.events, row.n) for row in alone[outside & (alone["default"] == "no")].itertuples()
    )
    return Moved(
        ends["definition"],
        ends["lowest"],
        ends["highest"] if ends["highest"] - ends["lowest"] >= SAME else ends["lowest"],
        alone["n"].max(),
        int(ends["runs"]),
        tuple(leading["choice"]),
        100 * most if len(leading) else 0.0,
        beyond,
    )


def tried_on(choices: pd.DataFrame) -> tuple[float, float] | None:
    """On how many of how many first episodes the choices of a large cohort were run; None where on all of them."""
    said = choices[choices["analysis"] == "sample"]
    return None if said.empty else (said["events"].iloc[0], said["n"].iloc[0])


@dataclass(frozen=True)
class Reading:
    """A definition on visits, and its rate as the cohort's weeks without a count are read and as they are not.

    own, other : rows of choices.csv; the rate is NaN where nobody is evaluable.
    """

    definition: str
    own: ResultRow
    other: ResultRow

    @property
    def moves(self) -> bool:
        """Whether the other reading gives other numbers."""
        return any(getattr(self.own, name) != getattr(self.other, name) for name in ("events", "n", "not_evaluable"))


def readings_of_visits(choices: pd.DataFrame) -> list[Reading]:
    """Both readings of weeks without a count under each definition on visits (rows of choices.csv, in their order)."""
    found = []
    for definition, rows in choices[choices["analysis"] == "visits"].groupby("definition", sort=False):
        own, other = (next(rows[rows["default"] == default].itertuples()) for default in ("yes", "no"))
        found.append(Reading(definition, own, other))
    return found


def read_otherwise(readings: list[Reading]) -> tuple[int, int]:
    """Under how many definitions on visits the other reading gives other numbers, and of how many."""
    return sum(reading.moves for reading in readings), len(readings)


@dataclass(frozen=True)
class Alone:
    """Choices changed one at a time.

    Parameters
    ----------
    default : the rate as we apply the definition, `n` evaluable.
    moving : rows of choices.csv that lead to another rate, of which there are `settings`.
    unmoved : choices that have no such row.
    """

    default: float
    n: float
    moving: pd.DataFrame
    settings: int
    unmoved: int


def one_at_a_time(choices: pd.DataFrame) -> Alone | None:
    """What each choice of a cohort moves alone (rows of choices.csv); None where none was tried."""
    alone = choices[choices["analysis"] == "one_at_a_time"]
    main = alone[alone["default"] == "yes"]
    if main.empty:
        return None
    default = main.iloc[0]
    changed = alone[(alone["default"] == "no") & (alone["n"] > 0)]
    moving = changed[(changed["estimate"] - default["estimate"]).abs() > SAME]
    unmoved = changed["choice"].nunique() - moving["choice"].nunique()
    return Alone(default["estimate"], default["n"], moving, len(moving), unmoved)


def combinations(table: pd.DataFrame) -> tuple[int, int]:
    """How many combinations multiverse.csv has, and of how many definitions."""
    run = table[table["analysis"] == "specification"]
    return len(run), run["definition"].nunique()


@dataclass(frozen=True)
class Combined:
    """An outcome over the combinations of multiverse.csv that give it.

    Parameters
    ----------
    values : each distinct value with how many combinations lead to it, the lowest first.
    own : distinct values of definitions as they stand.
    shares : what moves it with its share of the variance, in the order of the file; what moves nothing is left out.
    definitions : those whose variance is shared out.
    """

    values: tuple[tuple[float, int], ...]
    own: tuple[float, ...]
    shares: tuple[tuple[str, float], ...]
    definitions: int


def combined(table: pd.DataFrame, outcome: str) -> Combined | None:
    """An outcome of a cohort (rows of multiverse.csv); None where fewer than two values are led to."""
    run = table[(table["analysis"] == "specification") & table[outcome].notna()]
    counted = run[outcome].round(9).value_counts().sort_index()
    if len(counted) < 2:
        return None
    parts = table[(table["analysis"] == "share") & (table["outcome"] == outcome)]
    return Combined(
        tuple(zip(counted.index.tolist(), counted.tolist(), strict=True)),
        tuple(sorted(run.loc[run["default"] == "yes", outcome].round(9).unique().tolist())),
        tuple((row.choice, row.share) for row in parts[parts["share"] > 0].itertuples()),
        int(parts["definitions"].iloc[0]) if len(parts) else 0,
    )


@dataclass(frozen=True)
class Compared:
    """Definitions that were set against each other, and the episodes of the smallest and the largest pair."""

    definitions: int
    least: float
    most: float


def compared(agreement: pd.DataFrame) -> Compared:
    """How much was compared with how much (rows of agreement.csv, one at least)."""
    definitions = {*agreement["first"], *agreement["second"]}
    return Compared(len(definitions), agreement["n"].min(), agreement["n"].max())

"""Who has a response, counted a second time from responses.csv by plain pandas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from caseseries.recompute.people import People


NOT_EVALUABLE, UNKNOWN_KIND = "NE", "responded"


@dataclass(frozen=True)
class Recount:
    """How many have an event among the `n` evaluable, and how many of `everybody` have it at least and at most."""

    events: int
    n: int
    everybody: int
    least: int
    most: int


def labelled(column: pd.Series, missing: str = NOT_EVALUABLE) -> pd.Series:
    """A column of classes as categories, with a class for what is missing."""
    found = column.astype("category")
    if missing not in found.cat.categories:
        found = found.cat.add_categories([missing])
    return found.fillna(missing)


def responders(people: People, definition: str, members: np.ndarray) -> Recount:
    """Responders by class; among everybody by the class that what is recorded decides."""
    rows = people.judged(definition).iloc[members]
    responses = people.definition(definition).responses
    classes, decided = rows["response_class"], rows["decided_class"]
    known = classes[classes != NOT_EVALUABLE]
    least, unknown = int(decided.isin(responses).sum()), int((decided == NOT_EVALUABLE).sum())
    return Recount(int(known.isin(responses).sum()), len(known), len(rows), least, least + unknown)


def complete_responders(people: People, definition: str, members: np.ndarray) -> Recount:
    """Complete responders likewise; a response of unknown kind may be one, a class below what is open may not."""
    rows, rule = people.judged(definition).iloc[members], people.definition(definition)
    classes, decided = rows["response_class"], rows["decided_class"]
    known = classes[~classes.isin([NOT_EVALUABLE, UNKNOWN_KIND])]
    up_to = rule.labels[: rule.labels.index(rule.complete) + 1] if rule.complete else []
    may_be = decided.isin([NOT_EVALUABLE, UNKNOWN_KIND]) & rows["provisional_class"].isin(["", *up_to])
    least = int((decided == rule.complete).sum())
    return Recount(int((known == rule.complete).sum()), len(known), len(rows), least, least + int(may_be.sum()))

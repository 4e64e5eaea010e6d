"""The part that each episode plays in a rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.result_columns import DECIDABLE
from caseseries.model.results import NOT_EVALUABLE


def roles_of(rows: pd.DataFrame, responses: list[str]) -> pd.Series:
    """Part that each case plays in a rate: event, non_event or not_evaluable; indexed as the rows.

    Where some cases are not evaluable and the records of most others could have decided one outcome alone, whatever
    their counts, nobody is evaluable: a rate that failures (or responses) alone can enter says nothing.

    Parameters
    ----------
    rows : rows of responses.csv under one definition, or their columns `response_class` and `decidable`.
    responses : classes that count as a response.
    """
    event, unknown = judged(rows, responses)
    names = np.array(["non_event", "event", "not_evaluable"], dtype=object)
    return pd.Series(names[np.where(unknown, 2, event)], index=rows.index)


def judged(rows: pd.DataFrame, responses: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Masks of those with a response, and of the not evaluable (parameters of `roles_of`)."""
    classes = rows["response_class"]
    unknown = without_class(classes)
    if unknown.any() and one_sided(unknown, *could_be(rows["decidable"])):
        unknown = np.ones(len(rows), bool)
    return classes.isin(responses).to_numpy() & ~unknown, unknown


def without_class(classes: pd.Series) -> np.ndarray:
    """Where there is no class, or the one that says so."""
    return (classes.isna() | (classes == NOT_EVALUABLE)).to_numpy()


def could_be(words: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Where the record could have decided a response, and where it could have decided that there was none."""
    both, response, failure = ((words == word).to_numpy() for word in DECIDABLE)
    return both | response, both | failure


def one_sided(unknown: np.ndarray, response: np.ndarray, failure: np.ndarray) -> bool:
    """Whether some episodes are not evaluable, and the records of most of the others could show one outcome alone.

    Then it is the outcome that decides who is evaluable: in routine care two good weeks show a response, but weeks
    that nobody saw keep a failure open.
    """
    known = ~unknown
    both = np.count_nonzero(known & response & failure)
    return bool(unknown.any() and 2 * both < np.count_nonzero(known))


@dataclass(frozen=True)
class Parts:
    """What each case is to a rate and to its bounds: masks in the order of the rows.

    event, non_event : the evaluable. surely, possibly : of the others those whose counts show the event though the
    record lacks a fact, and those of whom nothing is known that rules it out.
    """

    event: np.ndarray
    non_event: np.ndarray
    surely: np.ndarray
    possibly: np.ndarray

    @property
    def unknown(self) -> np.ndarray:
        """The cases that are not evaluable."""
        return ~(self.event | self.non_event)


def parts_of(rows: pd.DataFrame, responses: list[str]) -> Parts:
    """Parts of the response rate (rows as in `roles_of`, with `decided_class`)."""
    event, unknown = judged(rows, responses)
    decided = rows["decided_class"]
    surely, possibly = decided.isin(responses).to_numpy(), without_class(decided)
    return Parts(event, ~unknown & ~event, unknown & surely, unknown & possibly)


def complete_parts_of(rows: pd.DataFrame, responses: list[str], complete: str, labels: list[str]) -> Parts:
    """Parts of the rate of complete response (rows also with `provisional_class`); a response of unknown kind
    (`responded`) is not evaluable for it, nor is anybody where that is so of most responses: who is evaluable would
    follow from who failed. `labels` are the classes of the definition in order.
    """
    classes, decided = rows["response_class"], rows["decided_class"]
    known = ~judged(rows, responses)[1]
    told, untold = (known & mask.to_numpy() for mask in (classes.isin(responses), classes == "responded"))
    known = known & ~untold
    if 2 * np.count_nonzero(untold) > np.count_nonzero(told):
        known = np.zeros(len(rows), bool)
    event = known & (classes == complete).to_numpy()
    provisional = rows["provisional_class"]
    not_above = provisional.isna() | provisional.isin(["", *labels[: labels.index(complete) + 1]])
    possibly = ~known & (without_class(decided) | (decided == "responded").to_numpy()) & not_above.to_numpy()
    return Parts(event, known & ~event, ~known & (decided == complete).to_numpy(), possibly)

"""The class of every episode from the conditions of a definition (definition algebra, primitive 19)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.response import truth
from caseseries.response.evaluate import Verdict, View, evaluate

OUTSIDE = 10
"""Cause of a class that is not evaluable because the baseline is outside the definition's entry; continues the causes
of `evaluate` and `outcome`.
"""


@dataclass
class Classes:
    """Class of every episode: position in `labels` (-1: not evaluable), provisional class likewise (-1: none), the
    cause of the first UNKNOWN condition, the rows that decide, where no condition is met (`otherwise`), and which have
    a class if what only the end of follow-up leaves open counts as not met (`ended`).
    """

    labels: list[str]
    chosen: np.ndarray
    provisional: np.ndarray
    cause: np.ndarray
    rows: np.ndarray
    otherwise: np.ndarray
    ended: np.ndarray


def classify_evidence(view: View) -> Classes:
    """The first class that is TRUE; else NE if any is UNKNOWN; else the `else` class (primitive 19). NE where the
    baseline is outside the definition's entry.
    """
    definition, size = view.definition, view.evidence.size
    labels = definition.labels
    chosen = np.full(size, -1, np.int64)
    provisional = np.full(size, -1, np.int64)
    cause = np.zeros(size, np.int8)
    decided = np.zeros(size, bool)
    verdicts = [evaluate(rule.when, view) for rule in definition.classes]
    for rule, verdict in zip(definition.classes, verdicts, strict=True):
        position = labels.index(rule.label)
        wins = ~decided & (verdict.truth == truth.TRUE)
        chosen[wins] = position
        decided |= wins
        unknown = ~decided & (verdict.truth == truth.UNKNOWN) & (provisional < 0)
        provisional[unknown] = position
        cause[unknown] = verdict.cause[unknown]
    otherwise = ~decided & (provisional < 0)
    if definition.else_ is not None:  # as in every definition with classes
        chosen[otherwise] = labels.index(definition.else_)
    ended = np.stack([verdict.ended for verdict in verdicts])
    settled = (ended == truth.TRUE).any(axis=0) | (ended == truth.FALSE).all(axis=0)
    if view.outside.any():
        chosen[view.outside] = provisional[view.outside] = -1
        cause[view.outside] = OUTSIDE
        otherwise, settled = otherwise & ~view.outside, settled & ~view.outside
    return Classes(labels, chosen, provisional, cause, deciding_rows(verdicts, size, view), otherwise, settled)


def deciding_rows(verdicts: list[Verdict], size: int, view: View) -> np.ndarray:
    """Rows of the first TRUE verdict; else of the first UNKNOWN one; else of the last."""
    if not view.trace:
        return np.empty((size, 0), np.int64)
    stacked = np.stack([verdict.truth for verdict in verdicts])
    best = stacked.max(axis=0)
    speaker = np.argmax(stacked == best, axis=0)
    speaker = np.where(best == truth.FALSE, len(verdicts) - 1, speaker)
    parts = [np.where((speaker == i)[:, None], verdict.rows, -1) for i, verdict in enumerate(verdicts)]
    return np.concatenate(parts, axis=1)

"""Gray's test: are the cumulative incidences of one event equal between groups?

Gray (1988, Ann Stat). Written here since no Python package under a free licence has the stratified test; held
to R's `cmprsk::cuminc`, including its correction of the variance for ties.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NOTHING_LEFT = 1e-12
"""Less than this is left of the common incidence but for rounding."""


@dataclass(frozen=True)
class Score:
    """Gray's score of each group and its variance; they sum to 0 over the groups.

    The variance is nan where the common incidence reaches 1 while groups are still at risk beside each other.
    """

    score: np.ndarray
    variance: np.ndarray


def gray_score(time: np.ndarray, status: np.ndarray, group: np.ndarray, groups: int, rho: float) -> Score:
    """Score and variance in one stratum.

    Parameters
    ----------
    time : times, ties already merged.
    status : 0 censored, 1 the event of interest, 2 any competing event.
    group : group number from 0 to `groups` - 1.
    rho : weight (1 - F)^rho, F the common incidence just before each time.
    """
    risk, own, other = _count(time, status, group, groups)
    before, after, incidence = _group_curves(risk, own, other)
    scale = np.where(risk > 0, risk / np.where(before > 0, before, 1), 0.0)  # at risk had nobody had an event
    whole, events = scale.sum(axis=0), own.sum(axis=0)
    common = np.cumsum(events / whole)
    common_before = np.concatenate(([0.0], common[:-1]))
    weight = (1 - common_before) ** rho
    at_risk = scale * (1 - incidence)
    score = np.sum(weight * (own - events * at_risk / at_risk.sum(axis=0)), axis=1)

    identity = np.eye(groups)[:, :, None]
    d = weight * (identity * scale[:, None, :] - scale[:, None, :] * scale[None, :, :] / whole)
    # A group alone at risk is compared with none, however far the common incidence has come: groups that do not
    # overlap in time take it beyond 1.
    d = np.where((scale > 0).sum(axis=0) > 1, d, 0.0)
    left = np.where(np.abs(1 - common_before) < NOTHING_LEFT, np.nan, whole * (1 - common_before))
    c = np.cumsum(np.where(d == 0, 0.0, d * events / left), axis=2)
    ahead = c[:, :, -1:] - c
    # Variance of the events of interest, pooled under the hypothesis, in each group k ...
    alive = np.where(after > 0, after, 1.0)
    free = np.where(after > 0, (1 - common) / alive, 0.0)
    ties = np.where(events > 1, 1 - (events - 1) / np.where(events > 1, whole * before - 1, 1), 1.0)
    per_event = np.where(risk > 0, ties * before * events / (whole * np.maximum(risk, 1)), 0.0)
    first = d + (1 - free) * ahead
    # ... and of the competing events.
    ties = np.where(other > 1, 1 - (other - 1) / np.maximum(risk - 1, 1), 1.0)
    per_other = np.where(after > 0, ties * before**2 * other / np.maximum(risk, 1) ** 2, 0.0)
    second = free * ahead
    variance = np.einsum("ikt,jkt,kt->ij", first, first, per_event) + np.einsum(
        "ikt,jkt,kt->ij", second, second, per_other
    )
    return Score(score, variance)


def _count(
    time: np.ndarray, status: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """At risk, events of interest and competing events, each by group and by distinct time with an event."""
    distinct, place = np.unique(time, return_inverse=True)
    shape = (groups, distinct.size)
    cells = group * distinct.size + place
    left, own, other = (
        np.bincount(cells[mask], minlength=groups * distinct.size).reshape(shape)
        for mask in (slice(None), status == 1, status == 2)
    )
    risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    any_event = (own + other).sum(axis=0) > 0
    return risk[:, any_event], own[:, any_event], other[:, any_event]


def _group_curves(risk: np.ndarray, own: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Event-free probability of each group just before and after each time, and its incidence just before."""
    present = np.maximum(risk, 1)
    after = np.cumprod(1 - (own + other) / present, axis=1)
    before = np.concatenate((np.ones((risk.shape[0], 1)), after[:, :-1]), axis=1)
    incidence = np.cumsum(before * own / present, axis=1)
    return before, after, np.concatenate((np.zeros((risk.shape[0], 1)), incidence[:, :-1]), axis=1)

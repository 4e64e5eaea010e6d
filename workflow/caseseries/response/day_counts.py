"""The count of each day and the baseline, as doses and harms are judged by them: plain values, episode by episode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from caseseries.model.quantity import Interval
from caseseries.model.records import Records, episode_ids
from caseseries.response.admit import TRANSFUSION_DAYS, derive_baseline, dropped_after, one_a_day
from caseseries.response.evidence import evidence_of
from caseseries.response.series import Counts, Evidence


@dataclass(frozen=True)
class DayCount:
    """The count of one day: the lowest, those after a platelet transfusion left out."""

    day: int
    value: Interval


def lowest_of_days(evidence: Evidence, transfused: Literal["dropped", "kept"]) -> Counts:
    """The lowest platelet count of each day of each episode, with or without those that show a transfusion."""
    counts = evidence.counts
    if transfused == "dropped":
        keep = np.ones(len(counts), bool)
        keep[dropped_after(counts, evidence, "platelet_transfusion", TRANSFUSION_DAYS)] = False
        counts = counts.take(keep)
    return one_a_day(counts, "min")


def daily_counts(evidence: Evidence, transfused: Literal["dropped", "kept"]) -> dict[int, list[DayCount]]:
    """`lowest_of_days` by the episode's number."""
    counts = lowest_of_days(evidence, transfused)
    lo_open = np.zeros(len(counts), bool) if counts.lo_open is None else counts.lo_open
    hi_open = np.zeros(len(counts), bool) if counts.hi_open is None else counts.hi_open
    found: dict[int, list[DayCount]] = {}
    for episode, day, *ends in zip(counts.episode, counts.day, counts.lo, counts.hi, lo_open, hi_open, strict=True):
        found.setdefault(int(episode), []).append(DayCount(int(day), interval(*ends)))
    return found


def baselines_of(records: Records, evidence: Evidence | None = None) -> dict[str, Interval]:
    """Baseline of each episode: as recorded, else the latest count of the week before the first dose."""
    values = derive_baseline(evidence or evidence_of(records), "last7")
    ends = zip(values.lo, values.hi, values.lo_open, values.hi_open, strict=True)
    return {episode: interval(*of) for episode, of in zip(episode_ids(records), ends, strict=True)}


def interval(lo: float, hi: float, lo_open: bool, hi_open: bool) -> Interval:
    """An interval of plain numbers."""
    return Interval(float(lo), float(hi), bool(lo_open), bool(hi_open))

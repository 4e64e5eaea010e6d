"""What a figure draws and of how many, counted before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.records import Records
from caseseries.show.courses import NAMED_UP_TO, class_order, drawn_counts, split_counts
from caseseries.show.drawing import Bleed


@dataclass(frozen=True)
class Counted:
    """Counts that can be placed.

    Parameters
    ----------
    values : the height of each count of the analyte.
    by_day, named : counts by day and by occasion (`courses.split_counts`), of which there are `dated` and `undated`,
        `counts` in all.
    shown, total : episodes with such a count, and all.
    """

    values: tuple[float, ...]
    by_day: pd.DataFrame
    named: pd.DataFrame
    dated: int
    undated: int
    counts: int
    shown: int
    total: int


def counted_courses(records: Records, analyte: str = PLATELETS) -> Counted:
    """The counts of an analyte that can be placed by day or by occasion."""
    counts = drawn_counts(records, analyte)
    by_day, named = split_counts(counts)
    shown = set(by_day["episode_id"]) | set(named["episode_id"])
    total = max(len(records["episodes"]), len(shown))
    dated, undated = len(by_day), len(named)
    return Counted(tuple(counts["value"]), by_day, named, dated, undated, dated + undated, len(shown), total)


@dataclass(frozen=True)
class Part:
    """Counts that share a panel: those of `number` episodes of a class, or of all ("")."""

    response_class: str
    counts: pd.DataFrame
    number: int

    @property
    def few(self) -> bool:
        """Whether each episode can carry its name."""
        return self.number <= NAMED_UP_TO


def parts_of(counts: pd.DataFrame) -> list[Part]:
    """Counts (with `response_class`) of few episodes together, those of many a class each."""
    number = counts["episode_id"].nunique()
    if number <= NAMED_UP_TO or counts["response_class"].nunique() < 2:
        return [Part("", counts, number)]
    parts = {name: counts[counts["response_class"] == name] for name in class_order(counts["response_class"]) if name}
    return [Part(name, here, here["episode_id"].nunique()) for name, here in parts.items()]


@dataclass(frozen=True)
class Bled:
    """Bleeding with a day and a grade above 0.

    Parameters
    ----------
    bleeds : each of them.
    seen : episodes with one, with the last day on which bleeding was recorded.
    number, total : how many they are, and all episodes; `looked` of these had bleeding recorded.
    """

    bleeds: tuple[Bleed, ...]
    seen: tuple[tuple[str, float], ...]
    number: int
    total: int
    looked: int


def bled(records: Records) -> Bled:
    """Who bled when, and of how many it was recorded."""
    episodes, bleeding = records["episodes"], records["bleeding"]
    known = bleeding.dropna(subset=["first_day", "who_grade"])
    known = known[known["who_grade"] > 0]
    last = known["last_day"].fillna(known["first_day"]).astype(float)
    bleeds = tuple(
        Bleed(row.episode_id, float(row.first_day), end, int(row.who_grade))
        for row, end in zip(known.itertuples(), last, strict=True)
    )
    of_episode = episodes.set_index("episode_id")
    ends = of_episode["bleeding_recorded_to"].fillna(of_episode["follow_up_end_day"])
    latest = known.assign(last=last).groupby("episode_id", sort=False)["last"].max()
    seen = tuple(
        (name, float(max(ends.get(name, end), end) if ends.notna().get(name) else end)) for name, end in latest.items()
    )
    looked = int((episodes["bleeding_recorded"] == "yes").sum())
    return Bled(bleeds, seen, len(seen), len(episodes), looked)

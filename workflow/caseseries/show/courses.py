"""The course of each episode made ready to draw: how long it was seen, what happened when, what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.analytes import PLATELETS
from caseseries.model.applicable import LEADS, REPORTED, main_definition
from caseseries.model.columns import TIMEPOINTS
from caseseries.model.records import Records

EVENT_MARKS = ("rescue", "platelet_transfusion", "itp_therapy", "stop_drug", "delivery", "death", "lost")
LIMIT_BELOW = 1.0
"""Smallest platelet count on the logarithmic axis; counts below it are drawn there."""

TIMEPOINT_ORDER = (
    "onset",
    "nadir",
    "before_treatment",
    "baseline",
    "first_response",
    "best",
    "maintenance",
    "delivery",
    "birth",
)


NAMED_UP_TO = 8
"""Most episodes whose counts carry their names; more are split into one panel a response class."""

CLASS_ORDER = ("CR", "durable", "yes", "R", "responded", "transient", "NR", "no", "none", "NE", "")


def class_order(found: Iterable[str]) -> list[str]:
    """The response classes that occur, the best first."""
    present = set(found)
    return [name for name in CLASS_ORDER if name in present] + sorted(present - set(CLASS_ORDER))


@dataclass(frozen=True)
class LeadingClasses:
    """The classes by which episodes are told apart, and the definition that gives them."""

    definition: str
    by_episode: dict[str, str]
    day: dict[str, float]
    loss_day: dict[str, float]


def leading_classes(responses: pd.DataFrame, times: pd.DataFrame, leads: Sequence[str] = LEADS) -> LeadingClasses:
    """The classes of the definition that leads of those under which somebody can be evaluated.

    Response days come from responses.csv, and where it has none from times.csv. `leads` are the definitions that may
    lead, the best first.
    """
    evaluable = responses[~responses["response_class"].isin(["", "NE"])]
    leading = main_definition(leads, evaluable["definition"])
    if not leading:
        return LeadingClasses("", {}, {}, {})
    rows = responses[responses["definition"] == leading].set_index("episode_id")
    day = rows["time_to_response"].dropna().to_dict()
    timed = times[(times["definition"] == leading) & (times["cause"] == "response")].dropna(subset=["time"])
    day = timed.set_index("episode_id")["time"].to_dict() | day
    loss = rows["loss_of_response"].dropna().to_dict()
    return LeadingClasses(leading, rows["response_class"].to_dict(), day, loss)


def course_marks(records: Records, times: pd.DataFrame, classes: LeadingClasses) -> pd.DataFrame:
    """What happened when: columns `episode_id, day, kind`, one row an event, response or timed outcome."""
    events = records["events"][["episode_id", "day", "kind"]].dropna(subset=["day"])
    parts = [events[events["kind"].isin(EVENT_MARKS)]]
    for kind, days in (("response", classes.day), ("loss_of_response", classes.loss_day)):
        parts.append(pd.DataFrame({"episode_id": list(days), "day": list(days.values()), "kind": kind}))
    outcomes = times[times["definition"].str.startswith(f"{REPORTED}_") & (times["cause"] != "censored")]
    outcomes = outcomes.dropna(subset=["time"]).rename(columns={"time": "day", "cause": "kind"})
    parts.append(outcomes[["episode_id", "day", "kind"]])
    marks = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    marks["day"] = marks["day"].astype(float)
    return marks.drop_duplicates().sort_values(["episode_id", "day", "kind"], kind="stable").reset_index(drop=True)


def courses(records: Records, times: pd.DataFrame, marks: pd.DataFrame, classes: LeadingClasses) -> pd.DataFrame:
    """One row an episode with a dated course, the longest first; none where nobody was followed beyond day 0.

    An episode of which day 0 alone is known has a course only if something happened on it.

    Returns
    -------
    `episode_id, end` (last day on which anything is known), `drug_first, drug_last` (study drug, NaN unknown),
    `response_class` ("" unknown).
    """
    episodes = list(dict.fromkeys([*records["episodes"]["episode_id"], *times["episode_id"]]))
    last = pd.Series(np.nan, index=pd.Index(episodes, name="episode_id", dtype=object))
    exposures = records["exposures"]
    sources = [
        records["episodes"].set_index("episode_id")["follow_up_end_day"],
        _last_day(records["counts"], "day"),
        _last_day(records["events"], "day"),
        _last_day(exposures, "last_day"),
        _last_day(marks, "day"),
        _last_day(times[times["definition"].str.startswith(REPORTED)], "time"),
    ]
    for days in sources:
        last = np.fmax(last, days.reindex(last.index).astype(float))
    study = exposures[exposures["role"].isin(["study", ""])]
    frame = pd.DataFrame(
        {
            "episode_id": last.index,
            "end": last.to_numpy(),
            "drug_first": study.groupby("episode_id")["first_day"].min().reindex(last.index).to_numpy(dtype=float),
            "drug_last": study.groupby("episode_id")["last_day"].max().reindex(last.index).to_numpy(dtype=float),
            "response_class": [classes.by_episode.get(episode, "") for episode in last.index],
        }
    )
    if not (frame["end"] > 0).any():
        return frame.iloc[:0]
    frame = frame[(frame["end"] > 0) | frame["episode_id"].isin(marks["episode_id"])]
    return frame.sort_values(["end", "episode_id"], ascending=[False, True], kind="stable").reset_index(drop=True)


def axis_end(ends: pd.Series) -> float:
    """Last day on the axis: the longest course, or where that dwarfs nine tenths of them the longest that does not."""
    most = float(np.quantile(ends, 0.9))
    return float(ends.max()) if ends.max() <= 3 * most else float(ends[ends <= 2 * most].max())


@dataclass(frozen=True)
class Numbered:
    """Numbers of episodes: with a course (as `courses` gives them), without one, and all."""

    drawn: int
    left_out: int
    total: int


def number_courses(records: Records, times: pd.DataFrame, drawn: pd.DataFrame) -> Numbered:
    """How many episodes have a course."""
    total = len(set(records["episodes"]["episode_id"]) | set(times["episode_id"]))
    return Numbered(len(drawn), total - len(drawn), total)


def episodes_with(marks: pd.DataFrame) -> dict[str, int]:
    """Number of episodes in which each kind of happening is marked, in the order of the marks (`course_marks`)."""
    return marks.groupby("kind", sort=False)["episode_id"].nunique().to_dict()


def by_day(days: pd.Series) -> tuple[tuple[float, int], ...]:
    """Each day with how often it occurs."""
    counted = days.value_counts().sort_index()
    return tuple((float(day), int(count)) for day, count in counted.items())


def _last_day(table: pd.DataFrame, column: str) -> pd.Series:
    return table.groupby("episode_id")[column].max()


def drawn_counts(records: Records, analyte: str = PLATELETS) -> pd.DataFrame:
    """Counts of one analyte with the value at which each is drawn.

    Returns
    -------
    `episode_id, day` (NaN undated), `timepoint, value, below` (true value lies below), `above` (lies above); a range
    is drawn at its middle. Unknown counts are left out.
    """
    counts = records["counts"]
    counts = counts[(counts["analyte"] == analyte) & counts["lo"].notna()]
    lo, hi = counts["lo"].to_numpy(), counts["hi"].to_numpy()
    below, above = (lo == 0) & (hi > 0) & np.isfinite(hi), np.isinf(hi)
    middle = np.where(above, lo, (lo + np.where(above, lo, hi)) / 2)
    value = np.where(below, hi, middle)
    least = LIMIT_BELOW if analyte == PLATELETS else value[value > 0].min(initial=np.inf)
    frame = counts[["episode_id", "day", "timepoint"]].assign(value=np.maximum(value, least), below=below, above=above)
    return frame.sort_values(["episode_id", "day"], kind="stable").reset_index(drop=True)


def split_counts(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts that make a course by day, and counts known by what the source calls them.

    An episode has a course by day if it has counts on two days at least. Undated counts of any episode, and the dated
    ones of an episode without a course, stand by timepoint, in the order of `TIMEPOINT_ORDER`.
    """
    days = counts.dropna(subset=["day"]).groupby("episode_id")["day"].nunique()
    by_day = counts["day"].notna() & counts["episode_id"].isin(days.index[days > 1])
    named = counts[~by_day & (counts["timepoint"] != "")].copy()
    order = [*TIMEPOINT_ORDER, *(name for name in TIMEPOINTS if name not in TIMEPOINT_ORDER)]
    order += sorted(set(named["timepoint"]) - set(order))
    present = [name for name in order if (named["timepoint"] == name).any()]
    named["place"] = named["timepoint"].map({name: place for place, name in enumerate(present)}).astype(float)
    named = named.sort_values(["episode_id", "place"], kind="stable").reset_index(drop=True)
    return counts[by_day].reset_index(drop=True), named

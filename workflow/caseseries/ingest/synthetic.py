"""A made-up cohort with the shape of a real one: rhTPO in pregnancy, serial counts, rescue, delivery, gaps.

No person stands behind a row. Every parameter is either taken from a publication, which is named, or a choice, which is
said to be one. All draws come from one seed; episodes are made in blocks of fixed size so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

BLOCK = 50_000
GRID = np.array([*range(15), 17, *range(21, 85, 7)])
"""Days on which a count may be taken: daily while rhTPO is given, then weekly (choice)."""


@dataclass(frozen=True)
class Course:
    """Parameters of the simulated course, with the basis of each."""

    response_share: float = 42 / 68
    """Responders: 2 of 4 (Yu 2023), 23 of 31 (Kong 2017) and 17 of 33 (Lin 2023) together."""
    complete_share: float = 10 / 23
    """Complete responders among responders (Kong 2017)."""
    baseline_low: float = 2.0
    baseline_high: float = 20.0
    """Range of the count at first dose, 10^9/L (choice; Kong 2017 and Lin 2023 took women below 30)."""
    peak_complete: float = 194.0
    """Median peak of complete responders, 10^9/L (92 adults on rhTPO, abstract; printed interval 132 to 274)."""
    peak_partial: float = 65.0
    """Median peak of the other responders (choice: the middle of 30 to 100)."""
    peak_none: float = 6.0
    """Median rise of non-responders (choice)."""
    spread: float = 0.27
    """Log standard deviation of peaks: the interval 132 to 274 read as the middle half of a lognormal."""
    half_day: float = 8.0
    """Day of half the rise (choice): it puts days 4, 7 and 14 at 13, 48 and 100 % of the rise; the medians of the 92
    adults, 27, 65 and 133, stand at 20, 49 and 100 %."""
    decay_days: float = 10.0
    """Decay after the last dose (choice): half is left 7 days later, as in the medians of the 92 adults, 133 and 67."""
    kept_share: float = 0.5
    """Responders who keep a third of their rise for good (choice)."""
    noise: float = 0.12
    """Log standard deviation of a single count (choice)."""
    delivery_week: float = 37.6
    delivery_spread: float = 1.04
    """Gestation at delivery (Lin 2023: median 37.6, quartiles 37 and 38.4)."""
    transfused_responders: float = 3 / 17
    transfused_others: float = 16 / 16
    """Platelet transfusion before delivery (Lin 2023, Table 4)."""
    rescue_others: float = 0.4
    """Immunoglobulin as rescue among non-responders (choice)."""
    complaint: float = 1 / 31
    """Each of dizziness, fatigue and pain at the injection site (Kong 2017)."""
    neonatal_thrombocytopenia: float = 9 / 31
    """Neonatal thrombocytopenia (9 in Kong 2017, taken over 31 pregnancies)."""
    twice_share: float = 0.075
    """Episodes that are a person's second (choice)."""
    taken: float = 0.65
    """Chance that a count on a day of the grid was taken (choice); day 0 always."""
    limit_share: float = 0.3
    """Episodes whose laboratory reports counts below 5 as <5 (choice)."""
    unrecorded: float = 0.15
    """Chance that a background item, or the bleeding record, is missing (choice)."""
    lost: float = 0.05
    """Lost to follow-up (choice)."""


def make_blocks(episodes: int, seed: int, course: Course) -> Iterator[dict[str, pd.DataFrame]]:
    """Tables of the cohort in blocks of episodes, cells as they are written to CSV.

    Parameters
    ----------
    episodes : number of episodes in all.
    seed : seed of all draws; the same seed gives the same tables.
    course : parameters.
    """
    seeds = np.random.SeedSequence(seed).spawn(-(-episodes // BLOCK))
    for block, source in enumerate(seeds):
        first = block * BLOCK
        number = np.arange(first, min(first + BLOCK, episodes)) + 1
        yield make_block(number, len(str(episodes)), np.random.default_rng(source), course)


def make_block(number: np.ndarray, width: int, random: np.random.Generator, course: Course) -> dict[str, pd.DataFrame]:
    """Tables of the episodes with these numbers, and the `truth` behind them: what was drawn of each episode."""
    people = _draw_people(number, width, random, course)
    ends = _draw_ends(people, random, course)
    cases = pd.CategoricalDtype(people["episode_id"])
    counts = _draw_counts(people, cases, ends, random, course)
    hidden = people[["episode_id", "responds", "baseline", "rise", "half", "kept"]]
    return {
        "truth": hidden.join(ends),
        "episodes": _write_episodes(people, ends, counts, random, course),
        "counts": counts.drop(columns=["value", "row"]),
        "events": _write_events(cases, ends),
        "bleeding": _draw_bleeding(people, cases, ends, random),
        "exposures": _write_exposures(cases, ends, random),
        "adverse_events": _draw_adverse_events(cases, ends, random, course),
    }


def _draw_people(number: np.ndarray, width: int, random: np.random.Generator, course: Course) -> pd.DataFrame:
    size = len(number)
    second = np.zeros(size, dtype=bool)
    second[1:] = np.diff(np.floor(np.arange(size) * course.twice_share)) > 0
    person = np.where(second, number - 1, number)
    responds = random.random(size) < course.response_share
    complete = responds & (random.random(size) < course.complete_share)
    middle = np.where(complete, course.peak_complete, np.where(responds, course.peak_partial, course.peak_none))
    age = np.clip(np.round(random.normal(30, 4.5, size)), 19, 43)
    lines = random.integers(1, 5, size)
    written = [f"{n:0{width}d}" for n in number.tolist()]
    return pd.DataFrame(
        {
            "episode_id": [f"S{n}" for n in written],
            "patient_id": [f"P{written[place]}" for place in (person - number[0]).tolist()],
            "age": np.where(second, np.minimum(np.roll(age, 1) + 2, 45), age),
            "week": np.round(random.uniform(24, 37, size), 1),
            "baseline": np.exp(random.uniform(np.log(course.baseline_low), np.log(course.baseline_high), size)),
            "responds": responds,
            "rise": middle * np.exp(random.normal(0, course.spread, size)),
            "half": course.half_day * np.exp(random.normal(0, 0.2, size)),
            "kept": np.where(random.random(size) < course.kept_share, 1 / 3, 0.0),
            "lines": np.where(second, np.minimum(np.roll(lines, 1) + 1, 9), lines),
        }
    )


def _draw_ends(people: pd.DataFrame, random: np.random.Generator, course: Course) -> pd.DataFrame:
    size = len(people)
    week = random.normal(course.delivery_week, course.delivery_spread, size)
    delivery = np.maximum(np.round((week - people["week"]) * 7), 3)
    lost = np.where(random.random(size) < course.lost, random.integers(10, 60, size), np.inf)
    end = np.minimum(np.minimum(delivery + 7, lost), GRID[-1])
    rescue = (random.random(size) < course.rescue_others) & ~people["responds"]
    rescue_day = np.where(rescue, random.integers(7, 21, size), np.inf)
    transfused = random.random(size) < np.where(
        people["responds"], course.transfused_responders, course.transfused_others
    )
    return pd.DataFrame(
        {
            "end": end,
            "delivery": np.where(delivery <= end, delivery, np.inf),
            "lost": np.where(lost <= end, lost, np.inf),
            "rescue": np.where(rescue_day < np.minimum(delivery, end), rescue_day, np.inf),
            "transfusion": np.where(transfused & (delivery - 1 <= end), delivery - 1, np.inf),
        }
    )


def _draw_counts(
    people: pd.DataFrame, cases: pd.CategoricalDtype, ends: pd.DataFrame, random: np.random.Generator, course: Course
) -> pd.DataFrame:
    day = GRID[None, :].astype(float)
    column = {name: people[name].to_numpy()[:, None] for name in ("baseline", "rise", "half", "kept")}
    end, rescue, transfusion, delivery = (
        ends[name].to_numpy()[:, None] for name in ("end", "rescue", "transfusion", "delivery")
    )
    shape = _rise(np.minimum(day, 14), column["half"]) / _rise(np.array(14.0), column["half"])
    later = column["kept"] + (1 - column["kept"]) * np.exp(-np.maximum(day - 14, 0) / course.decay_days)
    value = column["baseline"] + column["rise"] * shape * later
    own = np.flatnonzero(np.isfinite(ends["rescue"]))  # of the others the rescue adds nothing
    since = day - rescue[own]
    value[own] += 60 * np.exp(-np.maximum(since - 4, 0) / 6) * np.clip(since / 4, 0, 1)
    value[(day >= transfusion) & (day <= transfusion + 2)] += 25
    noise = random.normal(0, course.noise, value.shape)
    value *= np.exp(noise, out=noise)
    value[:, 0] = people["baseline"]
    taken = (random.random(value.shape) < course.taken) & (day <= end)
    taken[:, 0] = True
    limited = random.random(len(people)) < course.limit_share
    row, at = np.nonzero(taken)
    value, days = np.maximum(np.round(value[taken]), 1), GRID[at]
    numbers = value.astype(np.int32)
    written = ["<5", *map(str, range(1, numbers.max() + 1))]
    occasion = np.where(days == 0, 2, days == delivery[row, 0])
    return pd.DataFrame(
        {
            "episode_id": _of(cases, row),
            "day": days,
            "timepoint": _named(occasion, ["", "delivery", "baseline"]),
            "count": _named(np.where(limited[row] & (value < 5), 0, numbers), written),
            "flag": _named(days == rescue[row, 0], ["", "pre_event"]),
            "value": value,
            "row": row,
        }
    )


def _named(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """Cells by the number of their word, so that millions of them take little room and time."""
    return pd.Categorical.from_codes(codes.astype(np.int32), names)


def _of(cases: pd.CategoricalDtype, row: np.ndarray) -> pd.Categorical:
    """The ids of the episodes in these rows."""
    return pd.Categorical.from_codes(row.astype(np.int32), dtype=cases)


def _rise(day: np.ndarray, half: np.ndarray) -> np.ndarray:
    return day**3 / (day**3 + half**3)


def _write_episodes(
    people: pd.DataFrame, ends: pd.DataFrame, counts: pd.DataFrame, random: np.random.Generator, course: Course
) -> pd.DataFrame:
    size = len(people)
    reported = counts[(counts["day"] >= 1) & (counts["day"] <= 14)]
    best = reported.groupby("row")["value"].max().reindex(range(size)).fillna(0)
    time = reported[reported["value"] >= 30].groupby("row")["day"].min().reindex(range(size))
    first = counts.loc[counts["day"] == 0, "count"].to_numpy()
    tenths = np.round(np.round(random.normal(68, 9, size).clip(45, 110), 1) * 10).astype(int)
    phase = random.integers(0, 3, size)

    def sometimes(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
        missing = random.random(size) < course.unrecorded
        return _named(np.where(missing, 0, codes + 1), ["", *names])

    return pd.DataFrame(
        {
            "episode_id": people["episode_id"],
            "patient_id": people["patient_id"],
            "age_years": people["age"].astype(int),
            "sex": "female",
            "pregnant": "yes",
            "itp_phase": sometimes(phase, ["newly diagnosed", "persistent", "chronic"]),
            "prior_lines": sometimes(people["lines"].to_numpy(), [*map(str, range(10))]),
            "splenectomy": _named(random.random(size) < 0.05, ["no", "yes"]),
            "drug": "rhTPO",
            "gestational_week": people["week"],
            "weight_kg": sometimes(tenths - 450, [f"{tenth / 10}" for tenth in range(450, 1101)]),
            "baseline": first,
            "bleeding_recorded": sometimes(np.zeros(size, dtype=int), ["yes"]),
            "follow_up_end_day": ends["end"].astype(int),
            "reported_response": _named(np.where(best > 100, 2, best >= 30), ["NR", "R", "CR"]),
            "reported_time_to_response": _named(time.fillna(0).to_numpy(), ["", *map(str, range(1, 15))]),
        }
    )


def _write_events(cases: pd.CategoricalDtype, ends: pd.DataFrame) -> pd.DataFrame:
    kinds = {
        "rescue": ("rescue", "IVIG"),
        "transfusion": ("platelet_transfusion", ""),
        "delivery": ("delivery", ""),
        "lost": ("lost", ""),
    }
    parts = []
    for name, (kind, detail) in kinds.items():
        row = np.flatnonzero(np.isfinite(ends[name]))
        day = ends[name].to_numpy()[row].astype(int)
        parts.append(pd.DataFrame({"row": row, "day": day, "kind": kind, "detail": detail}))
    events = pd.concat(parts).sort_values(["row", "day", "kind"], kind="stable")
    events.insert(0, "episode_id", _of(cases, events["row"].to_numpy()))
    return events.drop(columns="row")


def _draw_bleeding(
    people: pd.DataFrame, cases: pd.CategoricalDtype, ends: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    size = len(people)
    bleeds = random.random(size) < np.where(people["responds"], 0.3, 0.6)
    first = np.where(people["responds"], random.integers(-2, 4, size), random.integers(-2, 15, size))
    last = np.minimum(first + random.integers(1, 6, size), ends["end"])
    grade = 1 + (random.random(size) < 0.2)
    row = np.flatnonzero(bleeds & (last >= first))
    return pd.DataFrame(
        {
            "episode_id": _of(cases, row),
            "first_day": first[row],
            "last_day": last[row].astype(int),
            "who_grade": grade[row],
        }
    )


def _write_exposures(cases: pd.CategoricalDtype, ends: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    size = len(ends)
    last = np.minimum(13, ends["end"]).astype(int)
    study = pd.DataFrame(
        {
            "row": np.arange(size),
            "drug": "rhTPO",
            "class": "thrombopoietin",
            "role": "study",
            "first_day": 0,
            "last_day": last,
            "dose": "300",
            "dose_unit": "U/kg",
        }
    )
    row = np.flatnonzero(random.random(size) < 0.6)
    steroid = pd.DataFrame(
        {
            "row": row,
            "drug": "prednisone",
            "class": "corticosteroid",
            "role": "concomitant",
            "first_day": 0,
            "last_day": ends["end"].to_numpy()[row].astype(int),
            "dose": "",
            "dose_unit": "",
        }
    )
    rows = pd.concat([study, steroid]).sort_values(["row", "drug"], kind="stable")
    rows.insert(0, "episode_id", _of(cases, rows["row"].to_numpy()))
    return rows.drop(columns="row")


def _draw_adverse_events(
    cases: pd.CategoricalDtype, ends: pd.DataFrame, random: np.random.Generator, course: Course
) -> pd.DataFrame:
    size = len(ends)
    parts = []
    for term in ("dizziness", "fatigue", "injection site pain"):
        row = np.flatnonzero(random.random(size) < course.complaint)
        day = random.integers(0, 14, size)[row]
        parts.append(pd.DataFrame({"row": row, "day": day, "subject": "mother", "term": term, "grade": 1}))
    born = np.isfinite(ends["delivery"]).to_numpy()
    row = np.flatnonzero(born & (random.random(size) < course.neonatal_thrombocytopenia))
    day = ends["delivery"].to_numpy()[row].astype(int)
    term = "neonatal thrombocytopenia"
    parts.append(pd.DataFrame({"row": row, "day": day, "subject": "neonate", "term": term, "grade": 2}))
    rows = pd.concat(parts).sort_values(["row", "day", "term"], kind="stable").assign(serious="no")
    rows.insert(0, "episode_id", _of(cases, rows["row"].to_numpy()))
    return rows.drop(columns="row")

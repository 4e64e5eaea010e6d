"""How long and how much of the study drug each episode got, as far as it is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.groups import groups_of, primary_episodes
from caseseries.model.records import Records
from caseseries.model.study_drug import drugs_of_episodes, is_study_row

NOTHING_KNOWN = "known of nobody"


@dataclass(frozen=True)
class Exposure:
    """What one episode got of its study drugs.

    Parameters
    ----------
    days : days on the drug, each once; a weekly dose serves for its week. None unless every dose is known and dated.
    doses : sum of the doses by "drug/unit", a drug in two units left out; empty where `days` is None.
    given : days on which a dose was given, or may have been, in order.
    last : the last day of the last row, None unless that of every row is known.
    """

    days: int | None = None
    doses: dict[str, float] = field(default_factory=dict)
    given: tuple[int, ...] = ()
    last: int | None = None


def exposures_of(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> dict[str, Exposure]:
    """The exposure of every episode, in their order."""
    own = drugs_of_episodes(cohort, records, drugs)
    rows: dict[str, list[Any]] = {episode: [] for episode in own}
    for row in records["exposures"].itertuples():
        if row.episode_id in own and is_study_row(row, own[row.episode_id]):
            rows[row.episode_id].append(row)
    return {episode: exposure_of(mine, drugs) for episode, mine in rows.items()}


def exposure_of(rows: list[Any], drugs: dict[str, Drug]) -> Exposure:
    """The exposure behind the study drug's rows of one episode (exposures.csv, typed)."""
    taken = [row for row in rows if row.dose != 0]
    given = sorted({day for row in taken if not np.isnan(row.first_day) for day in days_of(row, drugs)})
    ends = [row.last_day for row in taken if not np.isnan(row.first_day)]
    ended = bool(taken) and len(ends) == len(taken) and not np.isnan(ends).any()
    last = int(max(ends)) if ended else None
    whole = all(not np.isnan([row.first_day, row.last_day, row.dose]).any() for row in rows)
    if not taken or not whole:
        return Exposure(given=tuple(given), last=last)
    covered: set[int] = set()
    doses: dict[tuple[str, str], float] = {}
    for name in dict.fromkeys(row.drug for row in taken):
        mine = [row for row in taken if row.drug == name]
        days = sorted({day for row in mine for day in days_of(row, drugs)})
        every = every_days(name, drugs)
        covered |= set(days) if every == 1 else set(range(days[0], days[-1] + every))
        for row in mine:
            key = (drug_key(name, drugs), unit_of(row, drugs))
            doses[key] = doses.get(key, 0.0) + row.dose * len(days_of(row, drugs))
    units = [drug for drug, _ in doses]
    summed = {f"{drug}/{unit}": dose for (drug, unit), dose in doses.items() if unit and units.count(drug) == 1}
    return Exposure(len(covered), summed, tuple(given), last)


def days_of(row: Any, drugs: dict[str, Drug]) -> range:
    """Days of the doses of a dated row; of an open one the first is known."""
    first = int(row.first_day)
    last = first if np.isnan(row.last_day) else int(row.last_day)
    return range(first, last + 1, every_days(row.drug, drugs))


def every_days(written: str, drugs: dict[str, Drug]) -> int:
    """Days between the doses of one row: as the profile says, else one."""
    drug = profile_of(written, drugs)
    return drug.dosing.every_days if drug and drug.dosing else 1


def drug_key(written: str, drugs: dict[str, Drug]) -> str:
    """The id of a drug's profile, else the drug as written, in lower case."""
    drug = profile_of(written, drugs)
    return drug.id if drug else written.strip().lower()


def unit_of(row: Any, drugs: dict[str, Drug]) -> str:
    """The unit of a row's dose as the profile has it, else as written."""
    drug = profile_of(row.drug, drugs)
    declared = drug.dosing.unit_of(row.dose_unit) if drug and drug.dosing else ""
    return declared or row.dose_unit


def exposure_rows(cohort: Cohort, records: Records, exposures: dict[str, Exposure]) -> list[dict]:
    """Rows of estimates.csv (without `cohort`): median and range of days on the drug, cumulative dose, days followed.

    `cause` of a cumulative dose is "drug/unit". Of the first episode of each person, by group.
    """
    episodes = records["episodes"]
    rows = []
    for group, members in groups_of(cohort, episodes[primary_episodes(cohort, episodes)]):
        if not len(members):
            continue
        common = {"group": group, "definition": "", "analysis": "primary"}
        mine = [exposures[episode] for episode in members["episode_id"]]
        days = pd.Series([one.days for one in mine], dtype=float)
        rows.append(common | middle_row("days_on_drug", "", days))
        for cause in sorted({key for one in mine for key in one.doses}) or [""]:
            doses = pd.Series(
                [one.doses.get(cause) for one in mine if cause in one.doses or not one.doses], dtype=float
            )
            rows.append(common | middle_row("cumulative_dose", cause, doses))
        rows.append(common | middle_row("days_followed", "", members["follow_up_end_day"].astype(float)))
    return rows


def middle_row(statistic: str, cause: str, values: pd.Series) -> dict:
    """Median and range of the values that are known."""
    known = values.dropna().to_numpy()
    row = {"statistic": statistic, "cause": cause, "n": len(known), "not_evaluable": len(values) - len(known)}
    row |= {"method": m.MEDIAN_AND_RANGE}
    if not len(known):
        return row | {"note": NOTHING_KNOWN}
    return row | {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}

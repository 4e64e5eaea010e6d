"""How long and how much of the study drug each episode got, as far as it is on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, profile_of
from caseseries.model.groups import first_of
from caseseries.model.records import Records
from caseseries.model.study_drug import drugs_of_episodes, study_rows
from caseseries.response.series import expand

NOTHING_KNOWN = "known of nobody"


@dataclass(frozen=True)
class Exposures:
    """What each episode got of its study drugs; arrays are float, one value an episode in the order of episodes.csv.

    Parameters
    ----------
    days : days on the drug, each once; a weekly dose serves for its week. NaN unless every dose is known and dated.
    doses : sum of the doses by "drug/unit", NaN where there are none, a drug is in two units, or `days` is unknown.
    last : the last day of the last row, NaN unless that of every row is known.
    given_to, given_on : number of the episode, and day on which a dose was given, or may have been, each once.
    """

    days: np.ndarray
    doses: dict[str, np.ndarray]
    last: np.ndarray
    given_to: np.ndarray
    given_on: np.ndarray

    @cached_property
    def dosed(self) -> np.ndarray:
        """Episodes of which some sum is known."""
        known = [~np.isnan(sums) for sums in self.doses.values()]
        return np.any([np.zeros(len(self.days), bool), *known], axis=0)

    def without_days(self) -> Exposures:
        """The same without the days of the doses."""
        none = np.empty(0, np.int64)
        return replace(self, given_to=none, given_on=none)


@dataclass(frozen=True)
class DoseRows:
    """Rows of the study drugs: number of the episode, drug as written (by number), days, dose, days between its doses,
    drug and unit as they are summed (by number).
    """

    episode: np.ndarray
    written: np.ndarray
    first: np.ndarray
    last: np.ndarray
    dose: np.ndarray
    every: np.ndarray
    drug: np.ndarray
    unit: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """How many doses a dated row gives; of an open one the first is known."""
        end = np.where(np.isnan(self.last), self.first, self.last)
        return np.where(np.isnan(end - self.first), 0, (end - self.first) // self.every + 1).astype(np.int64)

    def take(self, rows: np.ndarray) -> DoseRows:
        """Some of the rows."""
        return DoseRows(**{name: column[rows] for name, column in vars(self).items()})


def exposures_of(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> Exposures:
    """The exposure of every episode."""
    ids = pd.Index(records["episodes"]["episode_id"])
    table = study_rows(records["exposures"], drugs_of_episodes(cohort, records, drugs))
    written, names = pd.factorize(table["drug"])
    unit, units = pd.factorize(table["dose_unit"])
    pairs, pair = np.unique(written * len(units) + unit, return_inverse=True)
    unit, units = numbered([unit_of(names[one // len(units)], units[one % len(units)], drugs) for one in pairs])
    drug, keys = numbered([drug_key(name, drugs) for name in names])
    first, last, dose = (table[name].to_numpy(float) for name in ("first_day", "last_day", "dose"))
    rows = DoseRows(
        episode=ids.get_indexer(table["episode_id"]),
        written=written,
        first=first,
        last=last,
        dose=dose,
        every=np.array([every_days(name, drugs) for name in names], dtype=np.int64)[written],
        drug=drug[written],
        unit=unit[pair],
    )
    taken = rows.take(rows.dose != 0)
    has = marked(taken.episode, len(ids))
    unknown = np.isnan(rows.first) | np.isnan(rows.last) | np.isnan(rows.dose)
    whole = has & ~marked(rows.episode[unknown], len(ids))
    counted = taken.take(whole[taken.episode])
    given_to, given_on = days_given(taken)
    return Exposures(
        days=np.where(whole, days_covered(counted, len(ids)), np.nan),
        doses=sums_of(counted, keys, units, len(ids)),
        last=last_days(taken, len(ids)),
        given_to=given_to,
        given_on=given_on,
    )


def joined_exposures(parts: Sequence[Exposures]) -> Exposures:
    """The exposure of the episodes of consecutive blocks, without the days of the doses."""
    names = sorted({name for part in parts for name in part.doses})
    none = np.empty(0, np.int64)
    return Exposures(
        days=np.concatenate([part.days for part in parts]),
        doses={
            name: np.concatenate([part.doses.get(name, np.full(len(part.days), np.nan)) for part in parts])
            for name in names
        },
        last=np.concatenate([part.last for part in parts]),
        given_to=none,
        given_on=none,
    )


def numbered(names: list[str]) -> tuple[np.ndarray, list[str]]:
    """Number of each name among the names that there are, and these."""
    once_each = sorted(set(names))
    return np.array([once_each.index(name) for name in names], dtype=np.int64), once_each


def marked(episode: np.ndarray, size: int) -> np.ndarray:
    """Mask of the episodes named by number."""
    mask = np.zeros(size, bool)
    mask[episode] = True
    return mask


def days_given(rows: DoseRows) -> tuple[np.ndarray, np.ndarray]:
    """Episode and day of every dose that is dated, in order, each once."""
    source, place = expand(np.zeros(len(rows.episode), np.int64), rows.times)
    return once(rows.episode[source], rows.first[source].astype(np.int64) + rows.every[source] * place)


def once(episode: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of episode and day in order, each once."""
    if not len(day):
        return episode, day
    least, span = day.min(), day.max() - day.min() + 1
    pairs = episode * span + (day - least)
    if (pairs[1:] < pairs[:-1]).any():
        pairs.sort()
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]
    return pairs // span, pairs % span + least


def days_covered(rows: DoseRows, size: int) -> np.ndarray:
    """Days on the drug, each once; of one that is not given daily from the first dose to the end of the last."""
    daily = rows.every == 1
    parts = [days_given(rows.take(daily))]
    spaced = rows.take(~daily)
    last_dose = spaced.first + spaced.every * (spaced.times - 1)
    frame = pd.DataFrame({"episode": spaced.episode, "written": spaced.written, "every": spaced.every})
    spans = frame.assign(first=spaced.first, stop=last_dose + spaced.every).groupby(["episode", "written"])
    spans = spans.agg({"first": "min", "stop": "max"}).reset_index()
    source, day = expand(spans["first"].to_numpy(np.int64), spans["stop"].to_numpy(np.int64))
    parts.append((spans["episode"].to_numpy(np.int64)[source], day))
    episode, _ = once(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
    return np.bincount(episode, minlength=size)


def sums_of(rows: DoseRows, drugs: list[str], units: list[str], size: int) -> dict[str, np.ndarray]:
    """Sum of the doses of each episode by "drug/unit", in the order of the names; a drug in two units has none.

    Doses are summed drug as written by drug as written, row by row.
    """
    if not len(rows.episode):
        return {}
    place = np.arange(len(rows.episode))
    begun = pd.Series(place).groupby([rows.episode, rows.written]).transform("min").to_numpy()
    rows = rows.take(np.lexsort((place, begun, rows.episode)))
    keys, number = np.unique((rows.episode * len(drugs) + rows.drug) * len(units) + rows.unit, return_inverse=True)
    drug, unit = keys // len(units), keys % len(units)
    table = pd.DataFrame({"episode": drug // len(drugs), "drug": drug % len(drugs), "unit": unit})
    table["dose"] = np.bincount(number, weights=rows.dose * rows.times)
    table = table[~table.duplicated(["episode", "drug"], keep=False)]
    doses = {}
    for (drug, unit), mine in table.groupby(["drug", "unit"]):
        if units[unit]:
            doses[f"{drugs[drug]}/{units[unit]}"] = known = np.full(size, np.nan)
            known[mine["episode"]] = mine["dose"]
    return dict(sorted(doses.items()))


def last_days(rows: DoseRows, size: int) -> np.ndarray:
    """The last day of each episode's last row, NaN unless first and last day of every row are known."""
    last = np.full(size, -np.inf)
    unknown = np.isnan(rows.first) | np.isnan(rows.last)
    np.maximum.at(last, rows.episode[~unknown], rows.last[~unknown])
    last[rows.episode[unknown]] = np.nan
    return np.where(np.isneginf(last), np.nan, last)


def every_days(written: str, drugs: dict[str, Drug]) -> int:
    """Days between the doses of one row: as the profile says, else one."""
    drug = profile_of(written, drugs)
    return drug.dosing.every_days if drug and drug.dosing else 1


def drug_key(written: str, drugs: dict[str, Drug]) -> str:
    """The id of a drug's profile, else the drug as written, in lower case."""
    drug = profile_of(written, drugs)
    return drug.id if drug else written.strip().lower()


def unit_of(written: str, unit: str, drugs: dict[str, Drug]) -> str:
    """The unit of a drug's dose as its profile has it, else as written."""
    drug = profile_of(written, drugs)
    declared = drug.dosing.unit_of(unit) if drug and drug.dosing else ""
    return declared or unit


def exposure_rows(groups: list[tuple[str, np.ndarray]], records: Records, exposures: Exposures) -> list[dict]:
    """Rows of estimates.csv (without `cohort`): median and range of days on the drug, cumulative dose, days followed.

    `cause` of a cumulative dose is "drug/unit". `groups` as of `first_by_group`.
    """
    followed = records["episodes"]["follow_up_end_day"].to_numpy(float)
    rows = []
    for group, members in groups:
        if not len(members):
            continue
        common = {"group": group, "definition": "", "analysis": "primary"}
        rows.append(common | middle_row("days_on_drug", "", exposures.days[members]))
        dosed = exposures.dosed[members]
        sums = {cause: doses[members] for cause, doses in exposures.doses.items()}
        causes = [cause for cause, doses in sums.items() if not np.isnan(doses).all()]
        for cause in causes or [""]:
            doses = sums.get(cause, np.full(len(members), np.nan))
            rows.append(common | middle_row("cumulative_dose", cause, doses[~np.isnan(doses) | ~dosed]))
        rows.append(common | middle_row("days_followed", "", followed[members]))
    return rows


def first_by_group(cohort: Cohort, records: Records) -> list[tuple[str, np.ndarray]]:
    """Each group with the numbers of the first episode of each of its people."""
    return list(first_of(cohort, records).groups.items())


def middle_row(statistic: str, cause: str, values: np.ndarray) -> dict:
    """Median and range of the values that are known."""
    known = values[~np.isnan(values)]
    row = {"statistic": statistic, "cause": cause, "n": len(known), "not_evaluable": len(values) - len(known)}
    row |= {"method": m.MEDIAN_AND_RANGE}
    if not len(known):
        return row | {"note": NOTHING_KNOWN}
    return row | {"estimate": float(np.median(known)), "lower": known.min(), "upper": known.max()}

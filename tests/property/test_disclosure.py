"""No number of few people follows from all that a release tells of a restricted cohort together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest

from caseseries.audit.counts import flow_steps
from caseseries.model.results import HARM_RATES
from caseseries.response import truth
from property.outsider import Outsider, small_cells
from property.planted import DEFINITIONS, DRUGS, Planted, plant

OF_DEFINITION = {definition.id: definition for definition in DEFINITIONS}
QUANTILES = ("median", "q1", "q3")


class Behind:
    """Who stands behind the numbers of a planted cohort, worked out from its rows."""

    def __init__(self, made: Planted):
        episodes = made.people.records["episodes"]
        self.first = episodes[~episodes["patient_id"].duplicated()].reset_index(drop=True)
        self.number, self.made = len(self.first), made
        self.everybody = np.ones(self.number, dtype=bool)
        grouped = made.people.cohort.grouped_by
        self.groups = {place: self.has("place", place) for place in sorted(set(self.first["place"]))} if grouped else {}

    def has(self, variable: str, value: str) -> np.ndarray:
        return (self.first[variable] == value).to_numpy()

    def group(self, key: str) -> np.ndarray:
        return self.everybody if key == "all" else self.groups[key]

    def known(self, variable: str) -> np.ndarray:
        return (self.first[variable].notna() & (self.first[variable] != "")).to_numpy()

    def of(self, frame: pd.DataFrame, definition: str) -> pd.DataFrame:
        mine = frame[frame["definition"] == definition].set_index("episode_id")
        return mine.reindex(self.first["episode_id"])

    def rate(self, statistic: str, definition: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those with the event, those in n, and those that are not evaluable."""
        rows, about = self.of(self.made.people.responses, definition), OF_DEFINITION[definition]
        wanted = [about.complete] if statistic.startswith("complete") else about.responses
        unknown = (rows["response_class"] == "NE").to_numpy()
        event = rows["response_class"].isin(wanted).to_numpy()
        surely = unknown & rows["decided_class"].isin(wanted).to_numpy()
        possibly = unknown & (rows["decided_class"] == "NE").to_numpy()
        nobody = ~self.everybody
        if statistic.endswith("worst_case"):
            return event | surely, self.everybody, nobody
        if statistic.endswith("best_case"):
            return event | surely | possibly, self.everybody, nobody
        return event, ~unknown, unknown

    def harm(self, statistic: str, cause: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        plain = statistic.removesuffix("_best_case").removesuffix("_worst_case")
        outcome = next(one for one in self.made.outcomes if (one.statistic, one.cause) == (plain, cause))
        numbers = pd.Index(self.made.people.records["episodes"]["episode_id"]).get_indexer(self.first["episode_id"])
        there, counted = outcome.looked_at[numbers], outcome.in_rate[numbers]
        had, maybe = (there & (outcome.happened[numbers] == found) for found in (truth.TRUE, truth.UNKNOWN))
        nobody = ~self.everybody
        if statistic.endswith("worst_case"):  # of harm the worst case has most events
            return had | maybe, there, nobody
        if statistic.endswith("best_case"):
            return had, there, nobody
        return had & counted, counted, there & ~counted

    def description(self) -> Iterator[tuple[str, float, np.ndarray]]:
        for row in self.made.told.description.itertuples():
            group = self.group(row.group)
            if row.variable in ("episodes", "patients"):
                yield f"{row.variable} {row.group}", row.value, group
                yield f"n of {row.variable} {row.group}", row.n, group
                continue
            known = self.known(row.variable)
            if row.statistic == "count":
                yield f"{row.variable} {row.level} {row.group}", row.value, self.has(row.variable, row.level) & group
            else:
                assert row.statistic in QUANTILES
            yield f"n of {row.variable} {row.group}", row.n, known & group
            yield f"missing of {row.variable} {row.group}", row.missing, ~known & group

    def estimates(self) -> Iterator[tuple[str, float, np.ndarray]]:
        told = self.made.told.estimates
        for row in told.itertuples():
            name = f"{row.statistic} {row.definition} {row.cause} {row.group} {row.time}"
            group = self.group(row.group)
            base = row.statistic.removesuffix("_best_case").removesuffix("_worst_case")
            if row.statistic == "groups_compared":
                continue
            if base in ("response_rate", "complete_response_rate"):
                parts = self.rate(row.statistic, row.definition)
            elif base in HARM_RATES:
                parts = self.harm(row.statistic, row.cause)
            elif row.cause == "" and row.statistic in ("rate_difference", "p_value"):
                parts = self.rate("response_rate", row.definition)
            else:
                parts = (*self.timed(row, told[told["definition"] == row.definition]), ~self.everybody)
            for which, mask in zip(("events", "n", "not_evaluable"), parts, strict=True):
                yield f"{which} of {name}", getattr(row, which), mask & group

    def timed(self, row: pd.Series, told: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Those with the event, and those in n, of a row that is read from a curve told in blocks of time."""
        times = self.of(self.made.people.times, row.definition)
        day, cause = times["time"].to_numpy(float), times["cause"].to_numpy()
        drawn = told["statistic"].isin(["survival", "cumulative_incidence", "observation_ended", "events_so_far"])
        ends = np.unique(told.loc[drawn & (told["time"] > 0), "time"])
        moved = ends[np.minimum(np.searchsorted(ends, day), ends.size - 1)]
        mine = cause == row.cause
        if row.statistic in ("survival", "cumulative_incidence"):
            return mine & (moved == row.time), moved >= row.time
        if row.statistic in ("events_so_far", "observation_ended"):
            return mine & (
                (moved <= row.time) if row.statistic == "events_so_far" else moved == row.time
            ), self.everybody
        if row.statistic == "last_day_drawn":
            return mine, moved >= row.estimate
        if row.statistic == "time_of_events":
            return mine, mine
        return mine, self.everybody

    def flow(self) -> Iterator[tuple[str, float, np.ndarray]]:
        records = self.made.people.records["episodes"]
        steps = {
            step: records.loc[mask, "episode_id"]
            for step, _, mask in flow_steps(self.made.people.cohort, records, self.made.eligibility, DRUGS)
        }
        for row in self.made.told.flow.itertuples():
            yield f"flow {row.step}", row.n, self.first["episode_id"].isin(steps[row.step]).to_numpy()

    def told(self) -> dict[str, tuple[float, np.ndarray]]:
        """Every number of people that the released tables tell, by what it is."""
        found = {"everybody": (self.number, self.everybody)}
        for name, number, mask in (*self.description(), *self.estimates(), *self.flow()):
            if not np.isnan(number):
                found[name] = number, mask
        for row in self.made.told.spread.itertuples():
            assert found[f"events of response_rate {row.definition}  all nan"][0] == row.events
        return found

    def secrets(self) -> dict[str, np.ndarray]:
        """Groups of few people that the full results know of, whether they were told or not."""
        whole = {"all": self.everybody} | self.groups
        found = {}
        for variable in ("sex", "splenectomy", "place", "gene", "bleeding_recorded", "adverse_events_recorded"):
            found |= {f"{variable} {level}": self.has(variable, level) for level in sorted(set(self.first[variable]))}
        rates = {}
        for definition in DEFINITIONS:
            event, known, unknown = self.rate("response_rate", definition.id)
            rates[definition.id] = event
            found |= {
                f"{definition.id} event": event,
                f"{definition.id} no": known & ~event,
                f"{definition.id} ?": unknown,
            }
            if definition.complete:
                found[f"{definition.id} complete"] = self.rate("complete_response_rate", definition.id)[0]
        for one, mask in rates.items():
            found |= {f"{one} and not {other}": mask & ~rates[other] for other in rates if other != one}
        for outcome in self.made.outcomes:
            found[f"{outcome.statistic} {outcome.cause}"] = self.harm(outcome.statistic, outcome.cause)[0]
        for definition in sorted(set(self.made.people.times["definition"])):
            times = self.of(self.made.people.times, definition)
            for cause in sorted(set(times["cause"])):
                mine = (times["cause"] == cause).to_numpy()
                for day in np.unique(times.loc[mine, "time"])[:12]:
                    found[f"{definition} {cause} by {day}"] = mine & (times["time"] <= day).to_numpy()
        records = self.made.people.records["episodes"]
        several = set(records.loc[records["patient_id"].duplicated(), "patient_id"])
        found["several episodes"] = self.first["patient_id"].isin(several).to_numpy()
        return {f"{name}, {key}": mask & group for name, mask in found.items() for key, group in whole.items()}


pytestmark = pytest.mark.xdist_group("disclosure")
THRESHOLDS = dict(enumerate((3, 5, 8, 10, 3, 5, 8, 10)))
"""Of each seed."""


@cache
def made(seed: int) -> Planted:
    return plant(seed, THRESHOLDS[seed])


@pytest.mark.parametrize(("seed", "threshold"), THRESHOLDS.items())
def test_no_number_of_few_people_follows_from_a_release(seed, threshold):
    behind = Behind(made(seed))
    told = behind.told()
    for name, (number, mask) in told.items():
        assert number == mask.sum(), f"the outsider reads {name} otherwise"
        assert number == 0 or number >= threshold, name
    outsider = Outsider([mask for _, mask in told.values()])
    cells = small_cells(outsider.told, threshold)
    follow = [outsider.range_of(cell) for cell in cells[outsider.follow(cells)]]
    assert not [ends for ends in follow if ends[0] == ends[1]]
    wanted = {name: mask for name, mask in behind.secrets().items() if 0 < mask.sum() < threshold}
    for name, mask in wanted.items():
        low, high = outsider.range_of(mask)
        assert low <= mask.sum() <= high
        assert low < high, f"{name} follows"


def test_something_is_told():
    """A stage that withholds everything would pass the test above."""
    told = [made(seed).told for seed in THRESHOLDS]
    for name in ("response_rate", "complete_response_rate", "cumulative_incidence", "bleeding_rate"):
        assert any((one.estimates["statistic"] == name).any() for one in told), name
    assert all((one.description["level"] != "").any() for one in told)
    assert any((one.estimates["group"] != "all").any() for one in told)
    assert any(len(one.flow) for one in told)


def test_events_after_the_end_of_a_curve_are_not_told():
    """They are few, and stand in the records themselves: time in blocks hides nothing of them."""
    everything, told = ([getattr(made(seed), name).estimates for seed in THRESHOLDS] for name in ("full", "told"))
    counts = pd.concat([one.loc[one["statistic"] == "later_events", "events"] for one in everything])
    assert len(counts) >= len(THRESHOLDS) and counts.min() < min(THRESHOLDS.values())
    assert any((one["definition"] == "as_reported_relapse").any() for one in told)
    assert not any((one["statistic"] == "later_events").any() for one in told)

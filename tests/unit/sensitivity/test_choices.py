"""The grid of choices runs no setting twice that the records cannot tell apart, and finds the same range."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from caseseries.response import load_definitions
from caseseries.response.evidence import evidence_of
from caseseries.sensitivity import choices
from unit.response.response_records import counts, records

DEFINITIONS = {one.id: one for one in load_definitions(Path(__file__).parents[3] / "config" / "definitions")}


def cohort(seed, last=80):
    """A made-up cohort of 12: unknown bleeding, same-day and vague counts, events up to a last day."""
    rng = np.random.default_rng(seed)
    episodes, rows, events = [], [], []
    for number in range(12):
        name = f"E{number}"
        bleeding = "yes" if rng.random() < 0.7 else "no"
        baseline = "" if rng.random() < 0.3 else str(rng.integers(0, 30))
        episodes.append({"episode_id": name, "baseline": baseline, "bleeding_recorded": bleeding})
        days = np.sort(rng.choice(np.arange(-10, 90, 4), 9, replace=False))
        values = [(int(day), "<20" if rng.random() < 0.1 else int(rng.integers(5, 130))) for day in days]
        values += [(values[4][0], int(rng.integers(5, 130)))] * int(rng.random() < 0.5)
        rows += counts(name, *values)
        for kind, share in (("platelet_transfusion", 0.4), ("rescue", 0.4), ("delivery", 0.3)):
            if rng.random() < share:
                events.append({"episode_id": name, "day": str(rng.integers(last - 79, last)), "kind": kind})
    return evidence_of(records(episodes=episodes, counts=rows, events=events))


@pytest.mark.parametrize(("seed", "last"), [(0, 80), (1, 130), (2, 150), (3, 300)])
def test_settings_left_out_would_have_changed_nothing(monkeypatch, seed, last):
    base = DEFINITIONS["iwg2009_confirmed"]
    short = choices.run_choices(cohort(seed, last), base)
    number = iter(range(10_000))
    monkeypatch.setattr(choices, "what_decides", lambda evidence, definition: (next(number),))
    in_full = choices.run_choices(cohort(seed, last), base)
    assert next(number) >= 324
    assert short.equals(in_full)
    assert short["moves"].max() > 0


def test_a_setting_that_admits_the_same_counts_is_not_run_again(monkeypatch):
    evidence = cohort(0, last=300)  # events after the last count
    runs = Counter()
    rate = choices.rate
    monkeypatch.setattr(choices, "rate", lambda e, d: runs.update(["run"]) or rate(e, d))
    whole = list(choices.grid(evidence, DEFINITIONS["iwg2009_confirmed"]))[-1]
    # No window moves a count; as a failure rescue ends follow-up; the last count of each day is also the lowest.
    assert runs["run"] == whole["runs"] / 3 * 2 / 3 / 2

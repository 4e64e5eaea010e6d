"""Of a large cohort the choices are run on a sample, which is said, as if it were a cohort of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caseseries.model.layout import Layout
from caseseries.model.results import CHOICES, CLASS_CHANGES, ESTIMATES, read_table
from caseseries.model.sample import MOST_SHOWN, MOST_TRIED, records_of, rows_of, sample
from caseseries.response import classify
from caseseries.sensitivity import spread
from caseseries.sensitivity.moved import tried_on
from caseseries.show.drawing import Drawing, Swimmer
from caseseries.show.show import with_tried
from unit.response.response_records import counts, records
from unit.sensitivity.test_spread import BY_ID
from unit.some_cohort import some_cohort

NAMES = [f"E{number:02}" for number in range(30)]
DEFINITIONS = [BY_ID["iwg2009_confirmed"], BY_ID["iwg2009_single"]]
COHORT = some_cohort(
    id="toy", provenance="synthetic", disclosure={"profile": "synthetic", "basis": "drawn at random"}, condition="itp"
)


@pytest.fixture(scope="module")
def many():
    random = np.random.default_rng(7)
    days, values = (7, 10, 14, 21, 28), random.choice([10, 20, 35, 60, 120], (len(NAMES), 5))
    return records(
        episodes=[{"episode_id": name, "baseline": "10", "bleeding_recorded": "yes"} for name in NAMES],
        counts=[
            row
            for name, mine in zip(NAMES, values.tolist(), strict=True)
            for row in counts(name, *zip(days, mine, strict=True))
        ],
        events=[{"episode_id": "E03", "day": "5", "kind": "platelet_transfusion"}],
    )


def written(found, folder):
    responses = classify(found, DEFINITIONS).responses
    layout = Layout(results=folder)
    layout.choices("toy").parent.mkdir(parents=True)
    spread.write_spread(COHORT, found, DEFINITIONS, responses, pd.DataFrame(columns=list(ESTIMATES)), layout)
    return {
        name: read_table(getattr(layout, name)("toy"))
        for name in ("choices", "multiverse", "class_changes", "agreement")
    }


def test_the_choices_of_a_large_cohort_are_those_of_its_sample(many, tmp_path, monkeypatch):
    few = sample(NAMES, 10)
    everybody, alone = written(many, tmp_path / "all"), written(records_of(many, few), tmp_path / "few")
    monkeypatch.setattr(spread, "MOST_TRIED", 10)
    sampled = written(many, tmp_path / "sampled")
    assert tried_on(everybody["choices"]) is None
    assert tried_on(sampled["choices"]) == (10, 30)
    pd.testing.assert_frame_equal(sampled["choices"].iloc[1:].reset_index(drop=True), alone["choices"])
    pd.testing.assert_frame_equal(sampled["multiverse"], alone["multiverse"])
    assert len(alone["multiverse"]) and set(alone["choices"]["analysis"]) >= {"one_at_a_time", "grid"}
    changes = rows_of(everybody["class_changes"], few).reset_index(drop=True)
    columns = [name for name in CLASS_CHANGES if name != "reason"]
    assert len(changes)
    pd.testing.assert_frame_equal(sampled["class_changes"][columns], changes[columns])
    pd.testing.assert_frame_equal(sampled["agreement"], everybody["agreement"])


def test_those_shown_are_among_those_tried():
    names = [f"E{number}" for number in range(12_345)]
    assert len(sample(names, MOST_TRIED)) == MOST_TRIED
    assert set(sample(names)) <= set(sample(names, MOST_TRIED)) and len(sample(names)) == MOST_SHOWN


def test_a_caption_says_on_whom_the_choices_were_run():
    plot = Swimmer("swimmer", "Days", 1.0, (), ())
    drawing = Drawing("multiverse", "multiverse", "All", "Sorted.", plot, "Rates.", "A plot.", 11)
    none = pd.DataFrame(columns=list(CHOICES))
    row = none.reindex([0]).assign(analysis="sample", events=5000.0, n=100000.0)
    assert with_tried(drawing, none) == drawing
    assert with_tried(None, row) is None
    said = with_tried(drawing, row)
    assert said is not None and said.caption.startswith("Run on 5000 of 100000 first episodes, evenly spaced")

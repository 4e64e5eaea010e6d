"""Table 1 of a restricted cohort, from its records on."""

import yaml

from caseseries.disclose.description import told_description
from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.model.cohort import load_cohort
from caseseries.model.records import read_records
from caseseries.model.results import read_table
from unit.response.cohort_folders import Study


def test_a_baseline_of_which_only_a_limit_is_known_is_told_by_both_its_ends(tmp_path):
    baselines = ["<5"] * 9 + ["12"] * 3 + [">1000"] * 9 + [""] * 5
    rows = "".join(f"E{place},{baseline}\n" for place, baseline in enumerate(baselines))
    study = Study(tmp_path, episodes="episode_id,baseline\n" + rows).run()
    path = study.folder / "cohort.yaml"
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    about |= {"provenance": "registry", "disclosure": {"profile": "restricted", "basis": "As agreed.", "threshold": 5}}
    path.write_text(yaml.safe_dump(about), encoding="utf-8")
    layout = study.layout
    people = People(
        load_cohort(study.folder),
        read_records(layout.records(study.name)),
        read_table(layout.responses(study.name)),
        read_table(layout.times(study.name)),
    )
    described = read_table(layout.description(study.name))
    told = told_description(described, [], people, Shown(people.number, 5))
    told = told[told["variable"] == "baseline"].set_index("statistic")["value"]
    # A median of 12 is the value of three; rounded to tens, from 0 up, it is that of no five either.
    assert set(told.index) <= {"median", "q1_from", "q1_to", "q3", "q3_from"}
    assert told["q1_from"] == 0 and told["q1_to"] == 5
    assert told.get("q3", told.get("q3_from")) == 1000

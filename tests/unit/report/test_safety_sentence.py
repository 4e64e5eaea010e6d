"""What is said first of harm: clots, and the counts of newborns; made-up cases."""

import pandas as pd

from caseseries.model.config import Config
from caseseries.model.results import CLAIMS
from caseseries.report.safety_section import safety_sentence
from caseseries.report.study import read_cohort
from caseseries.response.catalogue import read_catalogue
from unit.response.cohort_folders import Study

MORE = "covariates: [{name: neonatal_platelets, label: Newborn, kind: number, unit: 10^9/L}]\n"
EPISODES = "episode_id,pregnant,reported_response,neonatal_platelets\n"


def said(folder, more, rows, **tables):
    study = Study(folder, more, episodes=EPISODES + rows, **tables).run()
    claims, config = pd.DataFrame(columns=list(CLAIMS)), Config(cohorts=[study.name])
    return safety_sentence(read_cohort(study.name, study.layout, claims, config, read_catalogue(study.layout)))


def test_low_counts_of_newborns_come_first_whether_or_not_harm_was_written_down(tmp_path):
    text = said(tmp_path, MORE, "A,yes,NR,48\nB,yes,NR,210\nC,yes,NR,90\nD,yes,NR,\n")
    first = "Count of the newborn below 50 × 10⁹/L in 1 of 3, 33 % (95 % interval 1 to 91 %). "
    assert text == (
        first + "Whether harm of the mother and the newborn was looked for is not recorded; none written does not mean "
        "none."
    )


def test_none_is_told_with_its_upper_bound(tmp_path):
    harm = "episode_id,day,subject,term,grade,serious\nA,9,mother,Headache,1,no\n"
    more = MORE + "adverse_events_recorded: [mother]\n"
    text = said(tmp_path, more, "A,yes,NR,148\nB,yes,NR,210\n", adverse_events=harm)
    assert text.startswith("Count of the newborn below 50 × 10⁹/L in 0 of 2, upper bound 84 % (95 % interval).")
    assert "Any thrombosis in the mother in 0 of 2" in text

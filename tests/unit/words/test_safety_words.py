"""What each row on harm counts, in words, and what it assumes."""

import pytest

from caseseries.model.results import HARM_RATES
from caseseries.words.safety import (
    exposure_words,
    harm_words,
    harmed,
    say_assumed,
    say_harm,
    say_not_known,
    say_on_record,
    say_unrecorded,
)

CAUSES = {
    "adverse_event_rate": "patient/any",
    "neonatal_thrombocytopenia_rate": "<50",
    "bleeding_rate": "grade>=2",
    "rebound_rate": "<10",
    "overshoot_rate": ">400",
    "rescue_rate": "rescue",
    "transfusion_rate": "platelet_transfusion",
    "delivery_count_rate": ">=70",
}


@pytest.mark.parametrize("statistic", HARM_RATES)
def test_every_statistic_has_words(statistic):
    assert harm_words(statistic, CAUSES[statistic])


@pytest.mark.parametrize(
    ("statistic", "cause", "said", "whom"),
    [
        ("adverse_event_rate", "mother/any serious", "any serious adverse event", "mother"),
        ("adverse_event_rate", "neonate/rash", "rash", "newborn"),
        ("rebound_rate", "<10", "count after stopping, and below baseline, below 10 × 10⁹/L", ""),
        ("delivery_count_rate", ">=70", "last count before delivery of at least 70 × 10⁹/L", ""),
        ("overshoot_rate", ">400", "count after the first dose above 400 × 10⁹/L", ""),
        ("neonatal_thrombocytopenia_rate", "<50", "count of the newborn below 50 × 10⁹/L", "newborn"),
        ("bleeding_rate", "grade>=3", "bleeding of WHO grade 3 or more", ""),
    ],
)
def test_a_row_says_what_it_counts_and_in_whom(statistic, cause, said, whom):
    assert (harm_words(statistic, cause), harmed(statistic, cause)) == (said, whom)


def test_none_has_its_upper_bound():
    assert say_harm("adverse_event_rate", "patient/any", 0, 4, 0, 0.6024, 0.95) == (
        "any adverse event in the patient in 0 of 4, upper bound 60 % (95 % interval)"
    )


def test_what_is_assumed_and_what_is_not_recorded_is_said():
    assert say_assumed(4, ["the mother", "the newborn"]) == (
        "This takes the record at its word that harm of the mother and the newborn was looked for in all 4."
    )
    assert say_unrecorded(["mother"]) == (
        "Whether harm of the mother was looked for is not recorded; none written does not mean none."
    )
    assert say_unrecorded([]) == ""
    assert say_on_record(2, 4) == "An adverse event is on record in 2 of 4 episodes."
    assert say_not_known([]) == ""


def test_exposure_names_drug_and_unit():
    assert exposure_words("cumulative_dose", "romiplostim/mcg/kg") == "cumulative dose of romiplostim (mcg/kg)"
    assert exposure_words("days_on_drug", "") == "days on the drug"

"""A dose that no text of its drug comes near stands in another unit; all values are made up."""

import pytest

from unit.ingest.mapped_cohorts import make_cohort, told

EPISODES = "episode_id,weight_kg\nE1,60\nE2,\n"
HEADER = "episode_id,drug,role,first_day,last_day,dose,dose_unit\n"


def found(folder, *lines, severity="error"):
    doses = HEADER + "".join(
        f"E1,{drug},study,{7 * place},{7 * place},{dose}\n" for place, (drug, dose) in enumerate(lines)
    )
    cohort = make_cohort(folder, "condition: itp\n", episodes_csv=EPISODES, exposures_csv=doses)
    return [line for line in told(cohort, severity) if " names" in line]


@pytest.mark.parametrize(
    ("drug", "dose", "unit"),
    [
        ("romiplostim", "1000", "mcg/kg"),
        ("romiplostim", "60000", "mcg"),
        ("eltrombopag", "25000", "mg"),
        ("avatrombopag", "20000", "mg"),
        ("rhTPO", "300000", "U/kg"),
        ("rhTPO", "18000000", "U"),
    ],
)
def test_a_thousand_times_too_high_is_an_error_that_names_the_unit(tmp_path, drug, dose, unit):
    (line,) = found(tmp_path, (drug, f"{dose},{unit}"))
    assert line.startswith("exposures.csv, line 2, case E1, dose: no dose is 100 times the highest that the profile of")
    assert f"a thousandth of {unit}, and not in {unit}?" in line
    assert dose not in line.replace("100 times", "")


@pytest.mark.parametrize(
    ("drug", "dose", "asked"),
    [
        ("romiplostim", "10,mcg/kg", ""),
        ("romiplostim", "180,mcg/kg", "is it in mcg or a thousandth of mcg/kg, and not in mcg/kg?"),
        ("romiplostim", "30,mcg", ""),
        ("romiplostim", "0.003,mcg/kg", "is it in mcg or a larger unit, and not in mcg/kg?"),
        ("romiplostim", "0,mcg/kg", ""),
        ("rhTPO", "15000,U", ""),
        ("rhTPO", "15000,U/kg", "is it in U or a thousandth of U/kg, and not in U/kg?"),
        ("rhTPO", "300,U", "is it in U/kg or a larger unit, and not in U?"),
        ("eltrombopag", "100,mg", ""),
        ("eltrombopag", "0.05,mg", "is it in a larger unit, and not in mg?"),
        ("prednisone", "60000,mg", ""),
    ],
)
def test_what_may_have_been_given_is_at_most_a_question(tmp_path, drug, dose, asked):
    assert found(tmp_path, (drug, dose)) == []
    lines = found(tmp_path, (drug, dose), severity="warning")
    assert [asked in line for line in lines] == ([True] if asked else [])

"""What a label asks, in words, and what departed from it."""

from pathlib import Path

from caseseries.model.drug import load_drugs
from caseseries.words.audit import RULES, label_names, say_departures, say_rule

DRUGS = load_drugs(Path(__file__).resolve().parents[3] / "config" / "drugs")


def test_every_rule_of_every_profile_has_a_name_and_words():
    for drug in DRUGS.values():
        for label in drug.dosing.labels.values() if drug.dosing else ():
            for name, rule in label.rules.given.items():
                assert RULES[name]
                assert say_rule(name, rule, drug.dosing), (drug.id, name)


def test_the_figures_of_a_rule_are_said():
    romiplostim = DRUGS["romiplostim"].dosing
    rules = romiplostim.labels["us"].rules.given
    said = {name: say_rule(name, rule, romiplostim) for name, rule in rules.items()}
    assert said["raise"] == "count below 50: 1 mcg/kg more"
    assert said["reduce"] == "count above 200 in 2 weeks running: 1 mcg/kg less, not below 1"
    eltrombopag = DRUGS["eltrombopag"].dosing
    assert say_rule("start", eltrombopag.labels["us"].rules.start, eltrombopag) == "25 or 50 mg"


def test_departures_are_counted_among_those_judged():
    by = label_names(DRUGS["romiplostim"], ["eu_old", "us"])
    found = [("start", 4, 4), ("maximum", 0, 4), ("hold", 1, 3)]
    assert say_departures("romiplostim", by, found) == (
        "Romiplostim, by the EU label (older text) and US label: first dose in 4 of 4 and withheld on a very high "
        "count in 1 of 3 not as asked."
    )
    assert say_departures("romiplostim", by, [("start", 0, 4)]) == ""
